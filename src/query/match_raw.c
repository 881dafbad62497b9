/* SPDX-License-Identifier: MIT */
#include "query/matcher_private.h"

/* A test of the record's bytes. */
struct raw_test {
	struct values vs;
	struct match_scratch *s;
	bool found; /* the path led somewhere */
};

static bool looks_inside(enum test_op op)
{
	return op == TEST_CONTAINS || op == TEST_STARTS || op == TEST_ENDS ||
	       op == TEST_RE;
}

static bool any_present(struct values vs)
{
	for (size_t i = 0; i < vs.n; i++)
		if (vs.v[i].how == VALUE_PRESENT)
			return true;
	return false;
}

/* What match_record.c's node_meets says, where the bytes tell. */
static enum raw_result leaf_meets(void *context, const struct raw_value *v)
{
	struct raw_test *x = context;
	bool inside = looks_inside(x->vs.t->op);

	switch (v->kind) {
	case JSON_NULL:
		return RAW_NO;
	case JSON_OBJECT:
		if (any_present(x->vs))
			return RAW_YES;
		return inside ? RAW_UNSURE : RAW_NO;
	case JSON_ARRAY:
		if (inside)
			return RAW_UNSURE;
		return raw_members(v->text, leaf_meets, x);
	default:
		break;
	}
	if (any_present(x->vs))
		return RAW_YES;
	if (v->escaped)
		return RAW_UNSURE;
	if (text_meets(x->vs, v->text, x->s))
		return RAW_YES;
	return inside && raw_is_embedded(v) ? RAW_UNSURE : RAW_NO;
}

static enum raw_result leaf_exists(void *context, const struct raw_value *v)
{
	(void)context;
	(void)v;
	return RAW_YES;
}

static enum raw_result leaf_is_null(void *context, const struct raw_value *v)
{
	struct raw_test *x = context;

	x->found = true;
	if (v->kind == JSON_ARRAY)
		return raw_members(v->text, leaf_is_null, x);
	return v->kind == JSON_NULL ? RAW_YES : RAW_NO;
}

static enum raw_result values_meet(struct values vs, struct str raw,
				   struct match_scratch *s)
{
	struct raw_test x = { .vs = vs, .s = s };

	return vs.t->field.kind == FIELD_ANY ?
		       raw_scalars(raw, leaf_meets, &x) :
		       raw_walk(raw, vs.t->field.path, leaf_meets, &x);
}

static enum raw_result presence_meets(const struct mtest *t, struct str raw)
{
	struct raw_test x = { .found = false };
	enum raw_result r;

	if (t->op == TEST_EXISTS)
		return raw_walk(raw, t->field.path, leaf_exists, &x);
	r = raw_walk(raw, t->field.path, leaf_is_null, &x);
	return r == RAW_NO && !x.found ? RAW_YES : r;
}

static enum raw_result test_meets(const struct mtest *t, struct str raw,
				  const struct match_row *row,
				  struct match_scratch *s)
{
	enum raw_result all = RAW_YES;

	if (row->known && row->known[t->number].word)
		return bits_has(&row->known[t->number], row->row) ? RAW_YES :
								    RAW_NO;
	if (t->from != CLASS_RECORD || t->field.kind == FIELD_RESOURCE ||
	    t->op == TEST_FIELD)
		return RAW_UNSURE;
	if (t->op == TEST_EXISTS || t->op == TEST_NULL)
		return t->field.kind == FIELD_PATH ? presence_meets(t, raw) :
						     RAW_UNSURE;
	if (!t->all)
		return values_meet((struct values){ t, t->value, t->n }, raw,
				   s);
	for (size_t i = 0; i < t->n && all != RAW_NO; i++) {
		enum raw_result one = values_meet(
			(struct values){ t, &t->value[i], 1 }, raw, s);

		if (one != RAW_YES)
			all = one;
	}
	return all;
}

static enum raw_result node_holds(const struct mnode *node, struct str raw,
				  const struct match_row *row,
				  struct match_scratch *s)
{
	enum raw_result end, all;

	switch (node->kind) {
	case EXPR_TRUE:
		return RAW_YES;
	case EXPR_FALSE:
		return RAW_NO;
	case EXPR_TEST:
		return test_meets(node->test, raw, row, s);
	case EXPR_NOT:
		all = node_holds(node->member[0], raw, row, s);
		return all == RAW_UNSURE ? all :
		       all == RAW_YES    ? RAW_NO :
					   RAW_YES;
	case EXPR_AND:
	case EXPR_OR:
		break;
	}
	/* One NO decides an AND, one YES an OR. */
	end = node->kind == EXPR_AND ? RAW_NO : RAW_YES;
	all = node->kind == EXPR_AND ? RAW_YES : RAW_NO;
	for (size_t i = 0; i < node->n && all != end; i++) {
		enum raw_result one = node_holds(node->member[i], raw, row, s);

		if (one == end || one == RAW_UNSURE)
			all = one;
	}
	return all;
}

enum raw_result matcher_raw(const struct matcher *m, struct str raw,
			    uint32_t flags, const struct match_row *row,
			    struct match_scratch *s)
{
	/* What is there beside plain ASCII has been decoded another way. */
	if (flags &
	    (EVENT_HAS_CONTROL | EVENT_HAS_NONASCII | EVENT_HAS_TRUNCATED))
		return RAW_UNSURE;
	return node_holds(m->root, raw, row, s);
}
