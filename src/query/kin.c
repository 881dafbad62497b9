/* SPDX-License-Identifier: MIT */
/* Fields of what came of what: origin and incident. */
#include <stdlib.h>

#include "base/mem.h"
#include "query/plan_private.h"

/* A node's id, with and without its letter, and the names in it. */
static bool name_meets(const struct mtest *t, struct str name,
		       struct match_scratch *s)
{
	struct str text[FIELD_TEXTS + 1];
	size_t letter = str_find_char(name, ':', 0), n;

	if (letter == SIZE_MAX)
		return texts_meet(t, &name, 1, s);
	text[0] = name;
	n = user_texts(str_from(name, letter + 1), text + 1) + 1;
	return texts_meet(t, text, n, s);
}

static bool asks_presence(const struct mtest *t)
{
	return t->op == TEST_EXISTS || t->op == TEST_NULL;
}

static bool group_meets(const struct kin *k, const struct mtest *t, uint32_t g,
			struct match_scratch *s)
{
	for (; g; g = k->alias[g])
		if (name_meets(t, k->name[g], s))
			return true;
	return false;
}

/* An event's id stands for its origin, or its incident. */
static uint32_t by_event(const struct kin *k, const struct store *store,
			 const struct mtest *t, size_t i)
{
	row_id row;

	if (t->op != TEST_EQUALS || t->value[i].how != VALUE_LITERAL)
		return 0;
	row = store_find_id(store, t->value[i].text, ROW_NONE);
	if (row == ROW_NONE)
		return 0;
	return t->field.kind == FIELD_ORIGIN ? kin_origin(k, row) :
					       kin_incident(k, row);
}

static bool event_meets(const struct kin *k, const struct store *store,
			const struct mtest *t, uint32_t of)
{
	for (size_t i = 0; of && i < t->n; i++)
		if (by_event(k, store, t, i) == of)
			return true;
	return false;
}

static bool incident_meets(const struct kin *k, const struct mtest *t,
			   uint32_t incident, struct match_scratch *s)
{
	return incident && texts_meet(t, &k->incident_name[incident], 1, s);
}

/* One row. A field has all names on the way up: one that meets is enough. */
bool kin_meets(const struct mtest *t, const struct match_row *row,
	       struct match_scratch *s)
{
	const struct kin *k = row && row->marks ? kin_know(row->marks->kin) :
						  NULL;
	bool origin = t->field.kind == FIELD_ORIGIN;
	uint32_t of;

	if (!k || row->row >= k->rows)
		return texts_meet(t, NULL, 0, s);
	of = origin ? kin_origin(k, row->row) : kin_incident(k, row->row);
	if (asks_presence(t))
		return (of != 0) == (t->op == TEST_EXISTS);
	if (event_meets(k, row->store, t, of))
		return true;
	if (!origin)
		return incident_meets(k, t, of, s);
	for (uint32_t g = k->group[row->row]; g; g = k->up[g])
		if (group_meets(k, t, g, s))
			return true;
	return false;
}

/* By group whether it meets, or what it came of does. */
static uint8_t *origin_hits(const struct kin *k, const struct store *store,
			    const struct mtest *t, struct match_scratch *s)
{
	enum { UNKNOWN, NO, YES };
	uint8_t *hit = mem_zero((size_t)k->groups + 1, 1);

	for (uint32_t g = 1; g < k->groups; g++)
		if (group_meets(k, t, g, s))
			hit[g] = YES;
	for (size_t i = 0; i < t->n; i++)
		hit[by_event(k, store, t, i)] = YES;
	hit[0] = NO;
	for (uint32_t g = 1; g < k->groups; g++) {
		uint32_t at = g;
		uint8_t found;

		while (hit[at] == UNKNOWN)
			at = k->up[at];
		found = hit[at];
		for (at = g; hit[at] == UNKNOWN; at = k->up[at])
			hit[at] = found;
	}
	for (uint32_t g = 0; g < k->groups; g++)
		hit[g] = hit[g] == YES;
	return hit;
}

static uint8_t *incident_hits(const struct kin *k, const struct store *store,
			      const struct mtest *t, struct match_scratch *s)
{
	uint8_t *hit = mem_zero((size_t)k->incidents + 1, 1);

	for (uint32_t i = 1; i < k->incidents; i++)
		hit[i] = incident_meets(k, t, i, s);
	for (size_t i = 0; i < t->n; i++)
		hit[by_event(k, store, t, i)] = 1;
	hit[0] = 0;
	return hit;
}

struct bits kin_leaf(const struct plan_subject *x, const struct mtest *t)
{
	const struct kin *k = x->marks ? kin_know(x->marks->kin) : NULL;
	bool origin = t->field.kind == FIELD_ORIGIN;
	const struct store *store = x->store;
	struct bits out = bits_new(store->n, false);
	uint8_t *hit;

	if (!k || k->rows < store->n || asks_presence(t)) {
		struct match_row row = { .store = store, .marks = x->marks };

		for (; row.row < store->n; row.row++)
			if (kin_meets(t, &row, x->s))
				bits_set(&out, row.row);
		return out;
	}
	hit = origin ? origin_hits(k, store, t, x->s) :
		       incident_hits(k, store, t, x->s);
	for (row_id r = 0; r < store->n; r++)
		if (hit[origin ? k->group[r] : k->incident[r]])
			bits_set(&out, r);
	free(hit);
	return out;
}
