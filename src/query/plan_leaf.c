/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "query/plan_private.h"

/* Columns ----------------------------------------------------------------- */

/* For each value of a column whether it meets the test; value 0 is absent. */
static uint8_t *value_hits(const struct plan_subject *x, const struct mtest *t,
			   enum event_column c)
{
	const struct store *s = x->store;
	uint8_t *hit = mem_alloc((size_t)s->values[c] + 1);
	struct str text[FIELD_TEXTS];

	hit[0] = texts_meet(t, NULL, 0, x->s);
	for (uint32_t v = 1; v < s->values[c]; v++) {
		size_t n = stored_texts(s, t->field.kind, c, v, text);

		hit[v] = texts_meet(t, text, n, x->s);
	}
	return hit;
}

/* Rows that the postings of the values hit would name. */
static size_t posted_rows(const struct store *s, enum event_column c,
			  const uint8_t *hit)
{
	const uint32_t *start = s->postings[c].start;
	size_t n = 0;

	for (uint32_t v = 1; v < s->values[c]; v++)
		if (hit[v])
			n += start[v + 1] - start[v];
	return n;
}

static void set_posted(struct bits *out, const struct store *s,
		       enum event_column c, const uint8_t *hit)
{
	for (uint32_t v = 1; v < s->values[c]; v++) {
		struct rowset rows;

		if (!hit[v])
			continue;
		rows = store_rows(s, c, v);
		bits_set_rows(out, &rows);
	}
}

/* One word of bits at a time. */
static void walk_column(struct bits *out, const struct store *s,
			enum event_column c, const uint8_t *hit)
{
	const struct uints *value = &s->column[c];

	for (row_id from = 0; from < s->n; from += 64) {
		row_id to = s->n - from < 64 ? s->n : from + 64;
		uint64_t w = 0;

		for (row_id r = from; r < to; r++)
			w |= (uint64_t)hit[uints_get_u32(value, r)]
			     << (r - from);
		out->word[from / 64] = w;
	}
}

static struct bits column_leaf(const struct plan_subject *x,
			       const struct mtest *t, enum event_column c)
{
	const struct store *s = x->store;
	uint8_t *hit = value_hits(x, t, c);
	struct bits out = bits_new(s->n, false);

	/* The postings of a key name rows that do not use it; see key_leaf. */
	if (!hit[0] && c != EVENT_KEY && store_is_indexed(s, c) &&
	    posted_rows(s, c, hit) < s->n / 4)
		set_posted(&out, s, c, hit);
	else
		walk_column(&out, s, c, hit);
	free(hit);
	return out;
}

/* One of a test's values, as a test. */
static struct mtest single(const struct mtest *t, size_t i)
{
	struct mtest one = *t;

	one.value = &t->value[i];
	one.n = 1;
	one.all = false;
	return one;
}

/* Either account; for "absent" both. */
static struct bits account_leaf(const struct plan_subject *x,
				const struct mtest *t)
{
	struct bits out = column_leaf(x, t, EVENT_ACCOUNT);
	struct bits other = column_leaf(x, t, EVENT_CALLER);

	if (t->op == TEST_NULL)
		bits_and(&out, &other);
	else
		bits_or(&out, &other);
	bits_release(&other);
	return out;
}

/* The keys of a row are those whose postings name it. */
static struct bits key_leaf(const struct plan_subject *x, const struct mtest *t)
{
	const struct store *s = x->store;
	struct bits out = bits_new(s->n, false);
	struct mtest any = *t;
	uint8_t *hit;

	if (t->op == TEST_NULL)
		any.op = TEST_EXISTS;
	hit = value_hits(x, &any, EVENT_KEY);
	if (s->n)
		set_posted(&out, s, EVENT_KEY, hit);
	free(hit);
	if (t->op == TEST_NULL)
		bits_invert(&out);
	return out;
}

/* Ids --------------------------------------------------------------------- */

static struct bits id_walk(const struct plan_subject *x, const struct mtest *t)
{
	const struct store *s = x->store;
	struct bits out = bits_new(s->n, false);
	struct strbuf text;

	strbuf_init(&text);
	for (row_id r = 0; r < s->n; r++) {
		struct str id;

		strbuf_clear(&text);
		store_id_text(s, r, &text);
		id = strbuf_str(&text);
		if (texts_meet(t, &id, id.n ? 1 : 0, x->s))
			bits_set(&out, r);
	}
	strbuf_release(&text);
	return out;
}

/*
 * A literal: an id in AWS's form finds its rows at once, odd ones are few
 * distinct texts, and only "h:..." can name a record without one.
 */
static struct bits id_literal(const struct plan_subject *x,
			      const struct mtest *t)
{
	const struct store *s = x->store;
	struct str text = t->value[0].text;
	bool odd = s->odd_ids > 1;
	struct bits out = bits_new(s->n, false);
	struct event_id id;

	if (event_id_pack(text, &id))
		for (row_id r = store_find_id(s, text, ROW_NONE); r != ROW_NONE;
		     r = store_find_id(s, text, r))
			bits_set(&out, r);
	for (row_id r = 0; odd && r < s->n; r++) {
		struct str own;

		if (s->id[r].hi != EVENT_ID_TEXT || s->flags[r] & EVENT_NO_ID)
			continue;
		own = intern_text(&s->strings->ids, (uint32_t)s->id[r].lo);
		if (texts_meet(t, &own, own.n ? 1 : 0, x->s))
			bits_set(&out, r);
	}
	return out;
}

static struct bits id_leaf(const struct plan_subject *x, const struct mtest *t)
{
	if (t->op != TEST_EQUALS || t->n != 1 ||
	    t->value[0].how != VALUE_LITERAL ||
	    str_starts_fold(t->value[0].text, STR("h:")))
		return id_walk(x, t);
	return id_literal(x, t);
}

/* Times and flags --------------------------------------------------------- */

static struct bits time_leaf(const struct plan_subject *x,
			     const struct mtest *t)
{
	const struct store *s = x->store;
	struct bits out = bits_new(s->n, false);
	row_id from = 0, to = s->timed;

	if (t->n == 0 || t->value[0].how != VALUE_TIME) {
		/* Many rows have the time of the one before. */
		int64_t last = TIME_NONE;
		bool hit = time_meets(t, last, x->s);

		for (row_id r = 0; r < s->n; r++) {
			if (s->time[r] != last) {
				last = s->time[r];
				hit = time_meets(t, last, x->s);
			}
			if (hit)
				bits_set(&out, r);
		}
		return out;
	}
	switch (t->op) {
	case TEST_LT:
		to = store_seek_time(s, t->value[0].time);
		break;
	case TEST_LE:
		to = store_seek_time(s, t->value[0].time + 1);
		break;
	case TEST_GT:
		from = store_seek_time(s, t->value[0].time + 1);
		break;
	default:
		from = store_seek_time(s, t->value[0].time);
		break;
	}
	if (to > s->timed)
		to = s->timed;
	bits_set_range(&out, from, to);
	return out;
}

/* What a field sees of a row's flags and kind, as a small number. */
static unsigned flag_code(enum field_kind kind, uint32_t flags, uint8_t event)
{
	switch (kind) {
	case FIELD_OUTCOME:
		return flags & EVENT_OUTCOME_MASK;
	case FIELD_READ_ONLY:
		return (flags & EVENT_READ ? 1u : 0) |
		       (flags & EVENT_WRITE ? 2u : 0);
	case FIELD_HAS:
		return (flags & EVENT_HAS_CONTROL ? 1u : 0) |
		       (flags & EVENT_HAS_BIDI ? 2u : 0) |
		       (flags & EVENT_HAS_NONASCII ? 4u : 0) |
		       (flags & EVENT_HAS_TRUNCATED ? 8u : 0) |
		       (flags & EVENT_PARTIAL ? 16u : 0) |
		       (flags & EVENT_BY_SERVICE ? 32u : 0) |
		       (flags & EVENT_AMENDED ? 64u : 0);
	default:
		return event;
	}
}

static struct bits flag_leaf(const struct plan_subject *x,
			     const struct mtest *t)
{
	enum { ASKED = 2, YES = 1 };
	const struct store *s = x->store;
	struct bits out = bits_new(s->n, false);
	uint8_t hit[UINT8_MAX + 1] = { 0 };

	for (row_id r = 0; r < s->n; r++) {
		unsigned code = flag_code(t->field.kind, s->flags[r],
					  s->kind[r]);

		if (!hit[code]) {
			struct str text[FIELD_TEXTS];
			size_t n = flag_texts(t->field.kind, s->flags[r],
					      (enum event_kind)s->kind[r],
					      text);

			hit[code] = ASKED;
			if (texts_meet(t, text, n, x->s))
				hit[code] |= YES;
		}
		if (hit[code] & YES)
			bits_set(&out, r);
	}
	return out;
}

/* Marks ------------------------------------------------------------------- */

static struct bits mark_leaf(const struct plan_subject *x,
			     const struct mtest *t)
{
	const struct marks *m = x->marks;
	struct bits out = bits_new(x->store->n, false);
	bool presence = t->op == TEST_EXISTS || t->op == TEST_NULL;
	struct values vs = { t, t->value, t->n };
	int8_t *hit; /* by label and level: 0 not asked yet, 1 yes, -1 no */

	if (m) {
		hit = mem_zero(m->label_n * LEVEL_COUNT + 1, sizeof(*hit));
		for (size_t i = 0; i < m->n; i++) {
			const struct mark *k = &m->mark[i];
			enum level level = (enum level)k->level;
			int8_t *h = &hit[k->label * LEVEL_COUNT + level];

			if (*h == 0)
				*h = presence || mark_meets(vs, level,
							    &m->label[k->label],
							    x->s) ?
					     1 :
					     -1;
			if (*h > 0)
				bits_set(&out, k->row);
		}
		free(hit);
	}
	if (t->op == TEST_NULL)
		bits_invert(&out);
	return out;
}

/* What an analyst said ----------------------------------------------------- */

/* Of rows of which nothing is said all have the same answer. */
static struct bits said_leaf(const struct plan_subject *x,
			     const struct mtest *t)
{
	const struct marks *m = x->marks;
	bool silent = said_meets(t, NULL, 0, x->s);
	struct bits out = bits_new(x->store->n, silent);
	row_id row = ROW_NONE;
	size_t n = 0;

	if (t->field.kind == FIELD_DISPOSITION)
		n = m ? m->n : 0;
	else if (m && m->said)
		n = m->said->n;
	for (size_t i = 0; i < n; i++) {
		row_id next = t->field.kind == FIELD_DISPOSITION ?
				      m->mark[i].row :
				      m->said->item[i].row;

		if (next == row)
			continue;
		row = next;
		if (said_meets(t, m, row, x->s))
			bits_set(&out, row);
		else
			bits_clear(&out, row);
	}
	return out;
}

/* Leaves ------------------------------------------------------------------ */

static struct bits leaf(const struct plan_subject *x, const struct mtest *t)
{
	switch (t->from) {
	case CLASS_COLUMN:
		return column_leaf(x, t, t->field.column);
	case CLASS_ACCOUNT:
		return account_leaf(x, t);
	case CLASS_KEY:
		return key_leaf(x, t);
	case CLASS_ID:
		return id_leaf(x, t);
	case CLASS_TIME:
		return time_leaf(x, t);
	case CLASS_FLAGS:
		return flag_leaf(x, t);
	case CLASS_MARKS:
		return mark_leaf(x, t);
	case CLASS_SAID:
		return said_leaf(x, t);
	case CLASS_KIN:
		return kin_leaf(x, t);
	case CLASS_RECORD: /* the plan never asks here */
		break;
	}
	assert(t->from != CLASS_RECORD);
	return bits_new(x->store->n, false);
}

struct bits plan_leaf(const struct plan_subject *x, const struct mtest *t)
{
	struct bits all, next;
	struct mtest one;

	if (!t->all)
		return leaf(x, t);
	/* Each value may be met by another of a field's texts. */
	one = single(t, 0);
	all = leaf(x, &one);
	for (size_t i = 1; i < t->n; i++) {
		one = single(t, i);
		next = leaf(x, &one);
		bits_and(&all, &next);
		bits_release(&next);
	}
	return all;
}
