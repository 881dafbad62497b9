/* SPDX-License-Identifier: MIT */
#include "query/matcher_private.h"
#include "query/raw.h"

/* A test of the record's bytes. */
struct raw_test {
	struct values vs;
	struct match_scratch *s;
	bool found; /* the path led somewhere */
};

/* What match_record.c's node_meets says, where the bytes tell. */
static enum answer leaf_meets(void *context, const struct raw_value *v)
{
	struct raw_test *x = context;
	bool inside = looks_inside(x->vs.t->op);

	switch (v->kind) {
	case JSON_NULL:
		return ANSWER_NO;
	case JSON_OBJECT:
		if (any_present(x->vs))
			return ANSWER_YES;
		return inside ? ANSWER_UNSURE : ANSWER_NO;
	case JSON_ARRAY:
		if (inside)
			return ANSWER_UNSURE;
		return raw_members(v->text, leaf_meets, x);
	default:
		break;
	}
	if (any_present(x->vs))
		return ANSWER_YES;
	if (v->escaped)
		return ANSWER_UNSURE;
	if (text_meets(x->vs, v->text, x->s))
		return ANSWER_YES;
	return inside && raw_is_embedded(v) ? ANSWER_UNSURE : ANSWER_NO;
}

static enum answer leaf_exists(void *context, const struct raw_value *v)
{
	(void)context;
	(void)v;
	return ANSWER_YES;
}

static enum answer leaf_is_null(void *context, const struct raw_value *v)
{
	struct raw_test *x = context;

	x->found = true;
	if (v->kind == JSON_ARRAY)
		return raw_members(v->text, leaf_is_null, x);
	return v->kind == JSON_NULL ? ANSWER_YES : ANSWER_NO;
}

static enum answer values_meet(struct values vs, struct str raw,
			       struct match_scratch *s)
{
	struct raw_test x = { .vs = vs, .s = s };

	return vs.t->field.kind == FIELD_ANY ?
		       raw_scalars(raw, leaf_meets, &x) :
		       raw_walk(raw, vs.t->field.path, leaf_meets, &x);
}

static enum answer presence_meets(const struct mtest *t, struct str raw)
{
	struct raw_test x = { .found = false };
	enum answer r;

	if (t->op == TEST_EXISTS)
		return raw_walk(raw, t->field.path, leaf_exists, &x);
	r = raw_walk(raw, t->field.path, leaf_is_null, &x);
	return r == ANSWER_NO && !x.found ? ANSWER_YES : r;
}

static enum answer test_meets(const struct mtest *t, struct str raw,
			      const struct match_row *row,
			      struct match_scratch *s)
{
	enum answer all = ANSWER_YES;

	if (row->known && row->known[t->number].word)
		return bits_has(&row->known[t->number], row->row) ? ANSWER_YES :
								    ANSWER_NO;
	if (t->from != CLASS_RECORD || t->field.kind == FIELD_RESOURCE ||
	    t->op == TEST_FIELD)
		return ANSWER_UNSURE;
	if (t->op == TEST_EXISTS || t->op == TEST_NULL)
		return t->field.kind == FIELD_PATH ? presence_meets(t, raw) :
						     ANSWER_UNSURE;
	if (!t->all)
		return values_meet((struct values){ t, t->value, t->n }, raw,
				   s);
	for (size_t i = 0; i < t->n && all != ANSWER_NO; i++) {
		enum answer one = values_meet(
			(struct values){ t, &t->value[i], 1 }, raw, s);

		if (one != ANSWER_YES)
			all = one;
	}
	return all;
}

struct raw_record {
	struct str raw;
	const struct match_row *row;
	struct match_scratch *s;
};

static enum answer leaf_test(const void *context, const struct mtest *t)
{
	const struct raw_record *x = context;

	return test_meets(t, x->raw, x->row, x->s);
}

enum answer matcher_raw(const struct matcher *m, struct str raw, uint32_t flags,
			const struct match_row *row, struct match_scratch *s)
{
	struct raw_record x = { raw, row, s };

	/* What is there beside plain ASCII has been decoded another way. */
	if (flags &
	    (EVENT_HAS_CONTROL | EVENT_HAS_NONASCII | EVENT_HAS_TRUNCATED))
		return ANSWER_UNSURE;
	return node_partly(m->root, leaf_test, &x);
}
