/* SPDX-License-Identifier: MIT */
/* What was left behind: what users were given to sign in with, and by which
 * event a policy last let somebody in. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "identity/lineage_private.h"

void maker_gift(struct lineage_maker *m, node_id user, struct str id,
		row_id row, bool taken)
{
	m->gift = mem_grow(m->gift, &m->gift_cap, m->gift_n + 1,
			   sizeof(*m->gift));
	m->gift[m->gift_n++] = (struct lineage_gift){
		.user = user,
		.id = intern_add(&m->l->texts, id),
		.row = row,
		.taken = taken ? row : ROW_NONE,
	};
}

void maker_opening(struct lineage_maker *m, node_id from, node_id to,
		   row_id row)
{
	if (!from)
		return;
	m->opening = mem_grow(m->opening, &m->opening_cap, m->opening_n + 1,
			      sizeof(*m->opening));
	m->opening[m->opening_n++] = (struct lineage_opening){ from, to, row };
}

/* Gifts -------------------------------------------------------------------- */

static int compare_rows(row_id a, row_id b)
{
	return a < b ? -1 : a > b;
}

/* Of one user and id together. */
static int compare_by_id(uint32_t x, uint32_t y, const void *context)
{
	const struct lineage_gift *gift = context, *a = &gift[x], *b = &gift[y];

	if (a->user != b->user)
		return a->user < b->user ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	return compare_rows(a->row, b->row);
}

static int compare_gifts(const void *x, const void *y)
{
	const struct lineage_gift *a = x, *b = y;

	if (a->user != b->user)
		return a->user < b->user ? -1 : 1;
	return compare_rows(a->row, b->row);
}

/* Each that was given, with the next event that took it away. What is given
 * again, or made active, is the same one: the last time counts. */
static void keep_gifts(struct lineage_maker *m)
{
	struct lineage *l = m->l;
	uint32_t *order = sort_order(m->gift_n, compare_by_id, m->gift);
	const struct lineage_gift *next = NULL;
	row_id taken = ROW_NONE;

	l->gift = mem_alloc((m->gift_n + 1) * sizeof(*l->gift));
	for (size_t i = m->gift_n; i-- > 0;) {
		const struct lineage_gift *g = &m->gift[order[i]];
		bool same = next && next->user == g->user &&
			    next->id == g->id &&
			    intern_text(&l->texts, g->id).n;

		if (!same)
			taken = ROW_NONE;
		if (g->taken != ROW_NONE)
			taken = g->row;
		else if (!same || next->taken != ROW_NONE)
			l->gift[l->gift_n++] = (struct lineage_gift){
				g->user, g->id, g->row, taken
			};
		next = g;
	}
	if (l->gift_n)
		qsort(l->gift, l->gift_n, sizeof(*l->gift), compare_gifts);
	free(order);
}

const struct lineage_gift *lineage_gifts(const struct lineage *l, node_id user,
					 uint32_t *n)
{
	uint32_t low = 0, high = l->gift_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (l->gift[mid].user < user)
			low = mid + 1;
		else
			high = mid;
	}
	for (*n = 0; low + *n < l->gift_n && l->gift[low + *n].user == user;)
		++*n;
	return *n ? &l->gift[low] : NULL;
}

/* Openings ----------------------------------------------------------------- */

static int compare_openings(const void *x, const void *y)
{
	const struct lineage_opening *a = x, *b = y;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return compare_rows(a->last, b->last);
}

static void keep_openings(struct lineage_maker *m)
{
	struct lineage *l = m->l;
	const struct lineage_opening *o = m->opening;

	if (m->opening_n)
		qsort(m->opening, m->opening_n, sizeof(*o), compare_openings);
	l->opening = mem_alloc((m->opening_n + 1) * sizeof(*l->opening));
	for (size_t i = 0; i < m->opening_n; i++)
		if (i + 1 == m->opening_n || o[i].from != o[i + 1].from ||
		    o[i].to != o[i + 1].to)
			l->opening[l->opening_n++] = o[i];
}

/* The last event for which a policy lets somebody in, or, for NODE_NONE, that
 * was read at all; ROW_NONE. */
static row_id last_of(const struct lineage *l, node_id from, node_id to)
{
	uint32_t low = 0, high = l->opening_n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct lineage_opening *o = &l->opening[mid];

		if (o->from < from || (o->from == from && o->to < to))
			low = mid + 1;
		else
			high = mid;
	}
	return low < l->opening_n && l->opening[low].from == from &&
			       l->opening[low].to == to ?
		       l->opening[low].last :
		       ROW_NONE;
}

row_id lineage_opened(const struct lineage *l, const struct lineage_edge *e,
		      bool *closed)
{
	row_id last = last_of(l, e->from, e->to);
	row_id written = last_of(l, e->from, NODE_NONE);

	if (last == ROW_NONE)
		last = lineage_evidence(l, e, 0);
	*closed = written != ROW_NONE && written > last;
	return last;
}

void maker_keep_left(struct lineage_maker *m)
{
	keep_gifts(m);
	keep_openings(m);
}
