/* SPDX-License-Identifier: MIT */
#include "identity/walk.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "model/identity.h"

/* Belongings -------------------------------------------------------------- */

static void add_member(struct walk *w, size_t *cap, uint8_t *seen, node_id node)
{
	if (seen[node])
		return;
	seen[node] = 1;
	w->member = mem_grow(w->member, cap, w->member_n + 1,
			     sizeof(*w->member));
	w->member[w->member_n++] = node;
}

/* Did a service hand a machine its credentials? What the machine does with
 * them is not the service's. */
static bool handed_to_machine(const struct lineage *l,
			      const struct lineage_edge *e)
{
	const struct lineage_edge *up = lineage_parent(l, e->to);

	return e->kind == EDGE_ISSUED && up && up->kind == EDGE_RUNS_AS &&
	       l->node[e->from].kind == NODE_PRINCIPAL &&
	       strcmp(principal_kind(lineage_text(l, e->from)), "service") == 0;
}

/* What comes of a node: a principal's keys and sessions, a machine's, a key's
 * and a session's sessions; a session's own keys are part of it. */
static void add_offspring(struct walk *w, size_t *cap, uint8_t *seen,
			  const struct lineage *l, node_id node)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		if ((e->kind == EDGE_OWNS || e->kind == EDGE_ISSUED ||
		     e->kind == EDGE_HAS_KEY || e->kind == EDGE_RUNS_AS) &&
		    !handed_to_machine(l, e))
			add_member(w, cap, seen, e->to);
	if (l->node[node].kind != NODE_PRINCIPAL)
		return;
	for (uint32_t i = 0; (e = lineage_in(l, node, i)); i++)
		if (e->kind == EDGE_SESSION_OF || e->kind == EDGE_ON_BEHALF_OF)
			add_member(w, cap, seen, e->from);
}

/* The matrix -------------------------------------------------------------- */

struct cell_context {
	const struct walk *w;
	const struct store *s;
};

static int compare_cells(uint32_t x, uint32_t y, const void *context)
{
	const struct cell_context *c = context;
	const struct walk_cell *a = &c->w->cell[x], *b = &c->w->cell[y];
	int d = str_cmp(store_value(c->s, EVENT_ACCOUNT, a->account),
			store_value(c->s, EVENT_ACCOUNT, b->account));

	if (d)
		return d;
	return str_cmp(store_value(c->s, EVENT_SOURCE, a->source),
		       store_value(c->s, EVENT_SOURCE, b->source));
}

static struct walk_cell *find_cell(struct walk *w, size_t *cap,
				   uint32_t **slots, uint32_t *mask,
				   uint32_t account, uint32_t source)
{
	uint32_t at;

	if (w->cell_n * 3 >= (size_t)*mask * 2) {
		*mask = *mask ? *mask * 2 + 1 : 63;
		free(*slots);
		*slots = mem_zero((size_t)*mask + 1, sizeof(**slots));
		for (size_t i = 0; i < w->cell_n; i++) {
			at = (uint32_t)hash_u64((uint64_t)w->cell[i].account
							<< 32 |
						w->cell[i].source) &
			     *mask;
			while ((*slots)[at])
				at = (at + 1) & *mask;
			(*slots)[at] = (uint32_t)i + 1;
		}
	}
	at = (uint32_t)hash_u64((uint64_t)account << 32 | source) & *mask;
	for (; (*slots)[at]; at = (at + 1) & *mask) {
		struct walk_cell *c = &w->cell[(*slots)[at] - 1];

		if (c->account == account && c->source == source)
			return c;
	}
	w->cell = mem_grow(w->cell, cap, w->cell_n + 1, sizeof(*w->cell));
	(*slots)[at] = (uint32_t)w->cell_n + 1;
	w->cell[w->cell_n] = (struct walk_cell){ .account = account,
						 .source = source,
						 .first = TIME_NONE,
						 .last = TIME_NONE };
	return &w->cell[w->cell_n++];
}

static void sort_cells(struct walk *w, const struct store *s)
{
	struct cell_context context = { w, s };

	sort_items(w->cell, w->cell_n, sizeof(*w->cell), compare_cells,
		   &context);
}

static void count_cells(struct walk *w, const struct store *s)
{
	uint32_t *slots = NULL, mask = 0;
	size_t cap = 0;

	for (size_t i = 0; i < w->rows.n; i++) {
		row_id row = w->rows.row[i];
		struct walk_cell *c =
			find_cell(w, &cap, &slots, &mask,
				  store_value_at(s, EVENT_ACCOUNT, row),
				  store_value_at(s, EVENT_SOURCE, row));

		c->events++;
		c->denied += store_outcome(s, row) == OUTCOME_DENIED;
		c->failed += store_outcome(s, row) == OUTCOME_FAILED;
		if (s->time[row] == TIME_NONE)
			continue;
		if (c->first == TIME_NONE)
			c->first = s->time[row];
		c->last = s->time[row];
	}
	free(slots);
	sort_cells(w, s);
}

static bool is_proven_in(const struct lineage *l, const struct lineage_edge *e,
			 const struct rowset *rows)
{
	for (unsigned i = 0; i < e->evidence_n; i++)
		if (rowset_has(rows, lineage_evidence(l, e, i)))
			return true;
	return false;
}

/* Adds the sessions that were issued in some rows by those who acted there. */
static void add_issued(struct walk *w, size_t *cap, uint8_t *seen,
		       const struct lineage *l, const struct rowset *rows)
{
	uint8_t *asked = mem_zero(l->node_n, 1);
	const struct lineage_edge *e;

	for (size_t i = 0; i < rows->n; i++) {
		node_id by = l->acting[rows->row[i]];

		if (asked[by])
			continue;
		asked[by] = 1;
		for (uint32_t k = 0; (e = lineage_out(l, by, k)); k++)
			if (e->kind == EDGE_ISSUED && is_proven_in(l, e, rows))
				add_member(w, cap, seen, e->to);
	}
	free(asked);
}

/* The rows of those nodes asked for that do not act themselves; what was
 * issued in them belongs to these. */
static void add_used(struct walk *w, size_t *cap, uint8_t *seen,
		     const struct lineage *l, const node_id *node, size_t n,
		     struct rowset *used)
{
	struct rowset rows = ROWSET_INIT, sum = ROWSET_INIT;

	for (size_t i = 0; i < n; i++) {
		if (!walk_is_used(l, node[i]))
			continue;
		walk_node_rows(l, node[i], &rows);
		if (l->node[node[i]].kind != NODE_IP)
			add_issued(w, cap, seen, l, &rows);
		rowset_union(&sum, used, &rows);
		rowset_copy(used, &sum);
	}
	rowset_release(&rows);
	rowset_release(&sum);
}

/* The rows of members and those that are `used`; who acted in these alone is
 * listed behind the members. */
static void collect(struct walk *w, size_t *cap, uint8_t *seen,
		    const struct lineage *l, const struct rowset *used,
		    const struct rowset *within)
{
	size_t at = 0;

	for (row_id i = 0; i < (within ? within->n : l->store->n); i++) {
		row_id r = within ? within->row[i] : i;
		bool is_used;

		while (at < used->n && used->row[at] < r)
			at++;
		is_used = at < used->n && used->row[at] == r;
		if (seen[l->acting[r]] != 1 && !is_used)
			continue;
		rowset_add(&w->rows, r);
		if (is_used && l->acting[r] && !seen[l->acting[r]]) {
			add_member(w, cap, seen, l->acting[r]);
			seen[l->acting[r]] = 2;
		}
	}
}

void walk_identity(struct walk *out, const struct lineage *l,
		   const node_id *node, size_t n, const struct rowset *within)
{
	uint8_t *seen = mem_zero(l->node_n, 1);
	struct rowset used = ROWSET_INIT;
	size_t cap = 0;

	*out = (struct walk){ .rows = ROWSET_INIT };
	for (size_t i = 0; i < n; i++)
		add_member(out, &cap, seen, node[i]);
	add_used(out, &cap, seen, l, node, n, &used);
	for (size_t i = 0; i < out->member_n; i++)
		add_offspring(out, &cap, seen, l, out->member[i]);
	out->whole_n = out->member_n;
	collect(out, &cap, seen, l, &used, within);
	rowset_release(&used);
	free(seen);
	count_cells(out, l->store);
}

bool walk_proves(const struct walk *w, const struct lineage *l,
		 const struct lineage_edge *e)
{
	return is_proven_in(l, e, &w->rows);
}

void walk_release(struct walk *w)
{
	free(w->member);
	free(w->cell);
	rowset_release(&w->rows);
}

void walk_cell_rows(const struct walk *w, const struct lineage *l,
		    const struct walk_cell *cell, struct rowset *out)
{
	const struct store *s = l->store;

	rowset_clear(out);
	for (size_t i = 0; i < w->rows.n; i++) {
		row_id r = w->rows.row[i];

		if (store_value_at(s, EVENT_ACCOUNT, r) == cell->account &&
		    store_value_at(s, EVENT_SOURCE, r) == cell->source)
			rowset_add(out, r);
	}
}
