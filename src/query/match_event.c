/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "query/matcher_private.h"

/* What one test may ask. */
struct subject {
	const struct event *e;
	const struct match_row *row; /* or NULL */
	struct match_scratch *s;
};

static struct str column_of(const struct subject *x, enum event_column c)
{
	if (x->row && x->row->store)
		return store_text(x->row->store, c, x->row->row);
	return x->e->column[c];
}

/* The store's id of a row names records that have none of their own. */
static size_t id_texts(const struct subject *x, struct str *out)
{
	if (x->row && x->row->store) {
		strbuf_clear(&x->s->text);
		store_id_text(x->row->store, x->row->row, &x->s->text);
		out[0] = strbuf_str(&x->s->text);
	} else {
		out[0] = x->e->id;
	}
	return out[0].n ? 1 : 0;
}

static size_t key_texts(const struct subject *x, struct str *out)
{
	size_t n = column_texts(FIELD_KEY, column_of(x, EVENT_KEY), out);

	for (unsigned i = 0; i < x->e->more_key_count; i++)
		out[n++] = x->e->more_keys[i];
	return n;
}

/* The texts of a field that the store could answer. */
static size_t field_texts(const struct subject *x, const struct mtest *t,
			  struct str *out)
{
	const struct match_row *row = x->row;
	enum field_kind kind = t->field.kind;
	size_t n;

	switch (t->from) {
	case CLASS_COLUMN:
		if (row && row->store)
			return stored_texts(row->store, kind, t->field.column,
					    store_value_at(row->store,
							   t->field.column,
							   row->row),
					    out);
		return column_texts(kind, column_of(x, t->field.column), out);
	case CLASS_ACCOUNT:
		n = column_texts(kind, column_of(x, EVENT_ACCOUNT), out);
		return n +
		       column_texts(kind, column_of(x, EVENT_CALLER), out + n);
	case CLASS_KEY:
		return key_texts(x, out);
	case CLASS_ID:
		return id_texts(x, out);
	case CLASS_FLAGS:
		if (row && row->store)
			return flag_texts(
				kind, row->store->flags[row->row],
				(enum event_kind)row->store->kind[row->row],
				out);
		return flag_texts(kind, x->e->flags, x->e->kind, out);
	case CLASS_TIME:
	case CLASS_MARKS:
	case CLASS_SAID:
	case CLASS_KIN:
	case CLASS_RECORD:
		break;
	}
	return 0;
}

static bool some_mark_meets(const struct subject *x, struct values vs)
{
	const struct marks *marks = x->row ? x->row->marks : NULL;
	const struct mark *mark;
	size_t n = 0;

	mark = marks ? marks_of(marks, x->row->row, &n) : NULL;
	for (size_t i = 0; i < n; i++)
		if (mark_meets(vs, (enum level)mark[i].level,
			       &marks->label[mark[i].label], x->s))
			return true;
	return false;
}

static bool has_marks(const struct subject *x)
{
	size_t n = 0;

	return x->row && x->row->marks &&
	       marks_of(x->row->marks, x->row->row, &n);
}

/* Is one of these values met? Of the record, of alerts, or of another field. */
static bool some_value_meets(const struct subject *x, struct values vs)
{
	struct str text[FIELD_TEXTS];
	size_t n;

	if (vs.t->from == CLASS_RECORD)
		return record_meets(vs, x->e->record, x->s);
	if (vs.t->op != TEST_FIELD)
		return some_mark_meets(x, vs);
	n = field_texts(x, vs.t, text);
	return record_refers(vs, text, n, x->e->record, x->s);
}

static bool presence_meets(const struct subject *x, const struct mtest *t)
{
	if (t->from == CLASS_RECORD)
		return record_has(t, x->e->record, x->s);
	return has_marks(x) == (t->op == TEST_EXISTS);
}

static int64_t time_of(const struct subject *x)
{
	return x->row && x->row->store ? x->row->store->time[x->row->row] :
					 x->e->time;
}

static bool test_meets(const struct subject *x, const struct mtest *t)
{
	struct str text[FIELD_TEXTS];
	size_t n;

	if (x->row && x->row->known && x->row->known[t->number].word)
		return bits_has(&x->row->known[t->number], x->row->row);
	if (t->from == CLASS_TIME)
		return time_meets(t, time_of(x), x->s);
	if (t->from == CLASS_SAID)
		return said_meets(t, x->row ? x->row->marks : NULL,
				  x->row ? x->row->row : 0, x->s);
	if (t->from == CLASS_KIN)
		return kin_meets(t, x->row, x->s);
	if (!t->needs_record && t->from != CLASS_MARKS) {
		n = field_texts(x, t, text);
		return texts_meet(t, text, n, x->s);
	}
	if (t->op == TEST_EXISTS || t->op == TEST_NULL)
		return presence_meets(x, t);
	if (!t->all)
		return some_value_meets(x,
					(struct values){ t, t->value, t->n });
	for (size_t i = 0; i < t->n; i++)
		if (!some_value_meets(x, (struct values){ t, &t->value[i], 1 }))
			return false;
	return true;
}

/* Bounded by the depth of the tree, which its makers bound. */
static bool node_holds(const struct subject *x, const struct mnode *node)
{
	switch (node->kind) {
	case EXPR_TRUE:
		return true;
	case EXPR_FALSE:
		return false;
	case EXPR_NOT:
		return !node_holds(x, node->member[0]);
	case EXPR_TEST:
		return test_meets(x, node->test);
	case EXPR_AND:
		for (size_t i = 0; i < node->n; i++)
			if (!node_holds(x, node->member[i]))
				return false;
		return true;
	case EXPR_OR:
		for (size_t i = 0; i < node->n; i++)
			if (node_holds(x, node->member[i]))
				return true;
		return false;
	}
	return false;
}

bool matcher_test(const struct matcher *m, const struct event *e,
		  const struct match_row *row, struct match_scratch *s)
{
	struct subject x = { e, row, s };

	match_begin(s, e);
	return node_holds(&x, m->root);
}

/* In part ----------------------------------------------------------------- */

enum answer node_partly(const struct mnode *node, answer_test test,
			const void *context)
{
	enum answer end, all;

	switch (node->kind) {
	case EXPR_TRUE:
		return ANSWER_YES;
	case EXPR_FALSE:
		return ANSWER_NO;
	case EXPR_TEST:
		return test(context, node->test);
	case EXPR_NOT:
		all = node_partly(node->member[0], test, context);
		return all == ANSWER_UNSURE ? all :
		       all == ANSWER_YES    ? ANSWER_NO :
					      ANSWER_YES;
	case EXPR_AND:
	case EXPR_OR:
		break;
	}
	/* One NO decides an AND, one YES an OR. */
	end = node->kind == EXPR_AND ? ANSWER_NO : ANSWER_YES;
	all = node->kind == EXPR_AND ? ANSWER_YES : ANSWER_NO;
	for (size_t i = 0; i < node->n && all != end; i++) {
		enum answer one = node_partly(node->member[i], test, context);

		if (one == end || one == ANSWER_UNSURE)
			all = one;
	}
	return all;
}

struct partly {
	struct subject x;
	match_known known;
	const void *context;
};

static enum answer known_test(const void *context, const struct mtest *t)
{
	const struct partly *p = context;

	if (!p->known(p->context, &t->field, t->op))
		return ANSWER_UNSURE;
	return test_meets(&p->x, t) ? ANSWER_YES : ANSWER_NO;
}

enum answer matcher_partly(const struct matcher *m, const struct event *e,
			   match_known known, const void *context,
			   struct match_scratch *s)
{
	struct partly p = { { e, NULL, s }, known, context };

	match_begin(s, e);
	return node_partly(m->root, known_test, &p);
}

bool match_asks_flags(enum field_kind kind)
{
	return field_class(kind) == CLASS_FLAGS;
}

/* Scratch ----------------------------------------------------------------- */

struct match_scratch *match_scratch_new(void)
{
	struct match_scratch *s = mem_zero(1, sizeof(*s));

	s->re = re_scratch_new();
	strbuf_init(&s->json);
	strbuf_init(&s->text);
	embedded_init(&s->embedded);
	return s;
}

void match_scratch_free(struct match_scratch *s)
{
	if (!s)
		return;
	re_scratch_free(s->re);
	strbuf_release(&s->json);
	strbuf_release(&s->text);
	free(s->said);
	embedded_release(&s->embedded);
	free(s);
}

uint64_t match_scratch_gave_up(const struct match_scratch *s)
{
	return s->gave_up;
}
