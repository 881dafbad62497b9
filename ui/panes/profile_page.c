/* SPDX-License-Identifier: MIT */
/* What is to be said of one identity. */
#include "ui/panes/profile_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "identity/tree.h"

/* Calls by what tells them apart. */
struct calls {
	struct page_call *call;
	size_t n, cap;
	uint32_t *slots; /* number + 1; 0: free */
	uint32_t mask;
};

static uint32_t slot_of(const struct calls *c, uint32_t name, uint32_t source,
			node_id by)
{
	uint64_t h = hash_u64((uint64_t)name << 32 | source);
	uint32_t at = (uint32_t)hash_u64(h ^ by) & c->mask;

	for (; c->slots[at]; at = (at + 1) & c->mask) {
		const struct page_call *k = &c->call[c->slots[at] - 1];

		if (k->name == name && k->source == source && k->by == by)
			break;
	}
	return at;
}

static struct page_call *call_of(struct calls *c, uint32_t name,
				 uint32_t source, node_id by, row_id row)
{
	uint32_t at;

	if ((c->n + 1) * 2 > c->mask) {
		c->mask = c->mask ? c->mask * 2 + 1 : 63;
		free(c->slots);
		c->slots = mem_zero((size_t)c->mask + 1, sizeof(*c->slots));
		for (size_t i = 0; i < c->n; i++)
			c->slots[slot_of(c, c->call[i].name, c->call[i].source,
					 c->call[i].by)] = (uint32_t)i + 1;
	}
	at = slot_of(c, name, source, by);
	if (!c->slots[at]) {
		c->call = mem_grow(c->call, &c->cap, c->n + 1,
				   sizeof(*c->call));
		c->call[c->n] = (struct page_call){ .name = name,
						    .source = source,
						    .by = by,
						    .level = -1,
						    .first = row,
						    .rows = ROWSET_INIT };
		c->slots[at] = (uint32_t)++c->n;
	}
	return &c->call[c->slots[at] - 1];
}

static struct page_call *count_row(struct calls *c, const struct snapshot *snap,
				   row_id row, node_id by)
{
	const struct store *s = snap->store;
	struct page_call *k = call_of(c, s->column[EVENT_NAME][row],
				      s->column[EVENT_SOURCE][row], by, row);

	k->events++;
	k->denied += store_outcome(s, row) == OUTCOME_DENIED;
	k->failed += store_outcome(s, row) == OUTCOME_FAILED;
	return k;
}

/* Alerts are few beside rows: each looks up its call. */
static void note_levels(struct calls *c, const struct snapshot *snap,
			const struct rowset *rows)
{
	const struct store *s = snap->store;

	for (size_t i = 0; c->n && i < snap->marks.n; i++) {
		const struct mark *m = &snap->marks.mark[i];
		struct page_call *k;

		if (!rowset_has(rows, m->row))
			continue;
		k = call_of(c, s->column[EVENT_NAME][m->row],
			    s->column[EVENT_SOURCE][m->row], NODE_NONE, m->row);
		if ((int)m->level > k->level)
			k->level = (int)m->level;
	}
}

static int compare_did(const void *x, const void *y)
{
	const struct page_call *a = x, *b = y;

	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->events != b->events)
		return a->events > b->events ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

static int compare_on(const void *x, const void *y)
{
	const struct page_call *a = x, *b = y;

	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->by < b->by ? -1 : a->by > b->by;
}

static void note_did(struct page *p, const struct snapshot *snap)
{
	struct calls c = { NULL, 0, 0, NULL, 0 };

	for (size_t i = 0; i < p->rows.n; i++) {
		row_id row = p->rows.row[i];

		p->denied += store_outcome(snap->store, row) == OUTCOME_DENIED;
		p->failed += store_outcome(snap->store, row) == OUTCOME_FAILED;
		count_row(&c, snap, row, NODE_NONE);
	}
	note_levels(&c, snap, &p->rows);
	free(c.slots);
	if (c.n)
		qsort(c.call, c.n, sizeof(*c.call), compare_did);
	p->did = c.call;
	p->did_n = c.n;
}

/* The rows that name it, or one of its keys and sessions, in their
 * parameters; what it did to itself stands under what it did. */
static void note_on(struct page *p, const struct snapshot *snap)
{
	const struct lineage *l = snap->lineage;
	struct calls c = { NULL, 0, 0, NULL, 0 };
	struct tree_nodes members = { NULL, 0, 0 };
	struct rowset rows = ROWSET_INIT, more = ROWSET_INIT;
	row_id *all = NULL;
	size_t n = 0, cap = 0;

	tree_members(l, p->node, &members);
	for (size_t i = 0; i < members.n; i++) {
		const row_id *row;
		uint32_t count;

		row = lineage_on(l, members.node[i], &count);
		if (!count)
			continue;
		all = mem_grow(all, &cap, n + count, sizeof(*all));
		memcpy(all + n, row, count * sizeof(*all));
		n += count;
	}
	rowset_of(&rows, all, n);
	free(all);
	rowset_subtract(&more, &rows, &p->rows);
	for (size_t i = 0; i < more.n; i++) {
		struct page_call *k =
			count_row(&c, snap, more.row[i],
				  tree_stand_in(l, l->acting[more.row[i]]));
		int level = marks_level(&snap->marks, more.row[i]);

		rowset_add(&k->rows, more.row[i]);
		if (level > k->level)
			k->level = level;
	}
	rowset_release(&rows);
	rowset_release(&more);
	free(members.node);
	free(c.slots);
	if (c.n)
		qsort(c.call, c.n, sizeof(*c.call), compare_on);
	p->on = c.call;
	p->on_n = c.n;
}

void page_make(struct page *p, const struct snapshot *snap, node_id node)
{
	const struct question q = { .marks = &snap->marks, .at = TIME_NONE };

	*p = (struct page){ .node = node, .rows = ROWSET_INIT };
	tree_node_rows(snap->lineage, node, TREE_ANYWHERE, 0, &p->rows);
	note_did(p, snap);
	note_on(p, snap);
	origin_of(&p->origin, snap->lineage, node);
	suspects_of(&p->suspects, snap->lineage, node, &q);
	revocation_of(&p->revocation, snap->lineage, &node, 1, &q);
}

void page_release(struct page *p)
{
	for (size_t i = 0; i < p->on_n; i++)
		rowset_release(&p->on[i].rows);
	rowset_release(&p->rows);
	free(p->did);
	free(p->on);
	if (p->node) {
		origin_release(&p->origin);
		suspects_release(&p->suspects);
		revocation_release(&p->revocation);
	}
	*p = (struct page){ .node = NODE_NONE };
}
