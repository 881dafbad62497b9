/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "model/identity.h"
#include "query/bits.h"
#include "query/matcher_private.h"
#include "query/said.h"
#include "query/stats_private.h"
#include "store/whereabouts.h"

/* Pairs ------------------------------------------------------------------- */

void tally_init(struct tally *t)
{
	*t = (struct tally){ .n = 0 };
	intern_init(&t->values);
}

void tally_release(struct tally *t)
{
	intern_release(&t->values);
	free(t->pair);
}

static void add_id(struct tally *t, uint32_t value, row_id row)
{
	t->pair = mem_grow(t->pair, &t->cap, t->n + 1, sizeof(*t->pair));
	t->pair[t->n++] = (struct stat_pair){ value, row };
}

void tally_add(struct tally *t, struct str text, row_id row)
{
	add_id(t, intern_add(&t->values, text), row);
}

/* From the store ---------------------------------------------------------- */

/* What a value of a column is counted as. */
static struct str shown_as(const struct store *s, enum field_kind kind,
			   enum event_column c, uint32_t value, struct arena *a)
{
	struct str text = store_value(s, c, value);

	if (kind == FIELD_COUNTRY || kind == FIELD_ASN || kind == FIELD_AWS)
		return store_whereabouts_shown(s, kind, value);
	if (kind == FIELD_SERVICE)
		return event_service(text);
	if (kind == FIELD_USER)
		return actor_label(text, a);
	return text;
}

static void from_column(struct tally *t, const struct store *s,
			enum field_kind kind, enum event_column c,
			const struct rowset *rows)
{
	uint32_t *map = mem_zero((size_t)s->values[c] + 1, sizeof(*map));
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < rows->n; i++) {
		uint32_t v = store_value_at(s, c, rows->row[i]);

		if (v == 0)
			continue;
		if (map[v] == 0)
			map[v] = intern_add(&t->values,
					    shown_as(s, kind, c, v, &a));
		if (map[v])
			add_id(t, map[v], rows->row[i]);
	}
	arena_release(&a);
	free(map);
}

/* Keys that a record issues or names are in the postings alone. */
static void from_keys(struct tally *t, const struct store *s,
		      const struct rowset *rows)
{
	struct bits wanted = bits_new(s->n, false);

	bits_set_rows(&wanted, rows);
	for (uint32_t v = 1; v < s->values[EVENT_KEY]; v++) {
		struct rowset with = store_rows(s, EVENT_KEY, v);
		struct str text = store_value(s, EVENT_KEY, v);
		uint32_t id = 0;

		for (size_t i = 0; i < with.n; i++) {
			if (!bits_has(&wanted, with.row[i]))
				continue;
			if (!id)
				id = intern_add(&t->values, text);
			add_id(t, id, with.row[i]);
		}
	}
	bits_release(&wanted);
}

static void from_flags(struct tally *t, const struct store *s,
		       enum field_kind kind, const struct rowset *rows)
{
	struct str text[FIELD_TEXTS];

	for (size_t i = 0; i < rows->n; i++) {
		row_id r = rows->row[i];
		size_t n = flag_texts(kind, s->flags[r],
				      (enum event_kind)s->kind[r], text);

		for (size_t j = 0; j < n; j++)
			tally_add(t, text[j], r);
	}
}

static void add_mark(struct tally *t, enum field_kind kind,
		     const struct mark *m, const struct mark_label *label)
{
	switch (kind) {
	case FIELD_LEVEL:
		tally_add(t, str_of(level_name((enum level)m->level)), m->row);
		break;
	case FIELD_TACTIC:
		for (int i = 0; i < TACTIC_COUNT; i++)
			if (label->tactics & TACTIC_BIT(i))
				tally_add(t,
					  str_of(attack_tactic_name(
						  (enum attack_tactic)i)),
					  m->row);
		break;
	case FIELD_TECHNIQUE:
		for (size_t i = 0; i < label->technique_n; i++)
			tally_add(t, str_of(label->technique[i].text), m->row);
		break;
	default:
		tally_add(t, label->title.n ? label->title : label->id, m->row);
	}
}

static void from_marks(struct tally *t, const struct marks *marks,
		       enum field_kind kind, const struct rowset *rows)
{
	size_t at = 0;

	for (size_t i = 0; marks && i < marks->n; i++) {
		const struct mark *m = &marks->mark[i];

		while (at < rows->n && rows->row[at] < m->row)
			at++;
		if (at < rows->n && rows->row[at] == m->row)
			add_mark(t, kind, m, &marks->label[m->label]);
	}
}

static void from_said(struct tally *t, const struct marks *marks,
		      enum field_kind kind, const struct rowset *rows)
{
	struct str *text = NULL;
	size_t cap = 0;

	for (size_t i = 0; marks && i < rows->n; i++) {
		size_t n = said_texts(kind, marks, rows->row[i], &text, &cap);

		for (size_t k = 0; k < n; k++)
			tally_add(t, text[k], rows->row[i]);
	}
	free(text);
}

/* Where each began, and its incident's own name: not all that a filter would
 * take. */
static void from_kin(struct tally *t, const struct marks *marks,
		     enum field_kind kind, const struct rowset *rows)
{
	const struct kin *k = marks ? kin_know(marks->kin) : NULL;

	for (size_t i = 0; k && i < rows->n; i++) {
		struct str name = kind == FIELD_ORIGIN ?
					  kin_origin_name(k, rows->row[i]) :
					  kin_incident_name(k, rows->row[i]);

		if (name.n)
			tally_add(t, name, rows->row[i]);
	}
}

static void from_ids(struct tally *t, const struct store *s,
		     enum field_kind kind, const struct rowset *rows)
{
	const struct time_zone utc = TIME_ZONE_UTC;
	struct strbuf text;

	strbuf_init(&text);
	for (size_t i = 0; i < rows->n; i++) {
		row_id r = rows->row[i];

		strbuf_clear(&text);
		if (kind == FIELD_ID)
			store_id_text(s, r, &text);
		else if (s->time[r] != TIME_NONE)
			time_format(&text, s->time[r], TIME_ISO, &utc);
		if (text.n)
			tally_add(t, strbuf_str(&text), r);
	}
	strbuf_release(&text);
}

bool tally_takes_parts(const struct expr_field *f)
{
	enum field_class class = field_class(f->kind);

	return class != CLASS_KEY && class != CLASS_MARKS;
}

void tally_from_store(struct tally *t, const struct store *s,
		      const struct marks *marks, const struct expr_field *f,
		      const struct rowset *rows)
{
	switch (field_class(f->kind)) {
	case CLASS_COLUMN:
		from_column(t, s, f->kind, f->column, rows);
		break;
	case CLASS_ACCOUNT:
		from_column(t, s, f->kind, EVENT_ACCOUNT, rows);
		from_column(t, s, f->kind, EVENT_CALLER, rows);
		break;
	case CLASS_KEY:
		from_keys(t, s, rows);
		break;
	case CLASS_ID:
	case CLASS_TIME:
		from_ids(t, s, f->kind, rows);
		break;
	case CLASS_FLAGS:
		from_flags(t, s, f->kind, rows);
		break;
	case CLASS_MARKS:
		from_marks(t, marks, f->kind, rows);
		break;
	case CLASS_SAID:
		from_said(t, marks, f->kind, rows);
		break;
	case CLASS_KIN:
		from_kin(t, marks, f->kind, rows);
		break;
	case CLASS_RECORD: /* nobody asks */
		break;
	}
}

/* Counting ---------------------------------------------------------------- */

/* Rows by value: those of value v are row[start[v]] to row[start[v + 1]]. */
struct grouped {
	size_t *start;
	row_id *row;
};

static struct grouped group(const struct tally *t)
{
	size_t values = t->values.count;
	struct grouped g = { mem_zero(values + 2, sizeof(*g.start)),
			     mem_alloc((t->n + 1) * sizeof(*g.row)) };

	/* start[v + 1] is where the next row of value v goes. */
	for (size_t i = 0; i < t->n; i++)
		g.start[t->pair[i].value + 2]++;
	for (size_t v = 2; v < values + 2; v++)
		g.start[v] += g.start[v - 1];
	for (size_t i = 0; i < t->n; i++)
		g.row[g.start[t->pair[i].value + 1]++] = t->pair[i].row;
	return g;
}

static int compare_rows(const void *x, const void *y)
{
	const row_id *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

/* Ascending and each once; most groups are that already. */
static size_t tidy(row_id *row, size_t n)
{
	bool ascending = true;
	size_t kept = 0;

	for (size_t i = 1; i < n; i++)
		ascending &= row[i - 1] < row[i];
	if (ascending)
		return n;
	qsort(row, n, sizeof(*row), compare_rows);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || row[kept - 1] != row[i])
			row[kept++] = row[i];
	return kept;
}

void tally_count(const struct tally *t, const struct store *s, size_t looked,
		 struct stats *out, const atomic_bool *stop)
{
	const struct uints *who = &s->column[EVENT_PRINCIPAL];
	uint32_t *seen = mem_zero((size_t)s->values[EVENT_PRINCIPAL] + 1,
				  sizeof(*seen));
	struct bits has = bits_new(s->n, false);
	struct grouped g = group(t);
	size_t with;

	*out = (struct stats){ .rows = looked };
	arena_init(&out->arena);
	out->value = mem_zero((size_t)t->values.count + 1, sizeof(*out->value));
	for (uint32_t v = 0; v < t->values.count; v++) {
		row_id *row = g.row + g.start[v];
		size_t n = tidy(row, g.start[v + 1] - g.start[v]);
		struct stat_value *value = &out->value[out->n];

		if (stop && atomic_load(stop))
			break;
		if (n == 0)
			continue;
		value->text = arena_dup(&out->arena,
					intern_text(&t->values, v));
		value->count = (uint32_t)n;
		value->first = row[0];
		value->last = row[n - 1];
		for (size_t i = 0; i < n; i++) {
			uint32_t one = uints_get_u32(who, row[i]);

			bits_set(&has, row[i]);
			/* 0: nobody acts in what is no call. */
			value->principals += one && seen[one] != v + 1;
			seen[one] = v + 1;
		}
		out->n++;
	}
	/* Rows may have been added since `looked` was counted. */
	with = bits_count(&has);
	out->without = looked > with ? looked - with : 0;
	bits_release(&has);
	free(seen);
	free(g.start);
	free(g.row);
}
