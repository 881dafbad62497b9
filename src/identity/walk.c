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

/* What comes of a node: a principal's keys and sessions, a machine's, a key's
 * and a session's sessions; a session's own keys are part of it. */
static void add_offspring(struct walk *w, size_t *cap, uint8_t *seen,
			  const struct lineage *l, node_id node)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		if (e->kind == EDGE_OWNS || e->kind == EDGE_ISSUED ||
		    e->kind == EDGE_HAS_KEY || e->kind == EDGE_RUNS_AS)
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
	uint32_t *order = mem_alloc((w->cell_n + 1) * sizeof(*order));
	struct walk_cell *sorted = mem_alloc((w->cell_n + 1) * sizeof(*sorted));

	for (size_t i = 0; i < w->cell_n; i++)
		order[i] = (uint32_t)i;
	sort_u32(order, w->cell_n, compare_cells, &context);
	for (size_t i = 0; i < w->cell_n; i++)
		sorted[i] = w->cell[order[i]];
	free(w->cell);
	free(order);
	w->cell = sorted;
}

static void count_cells(struct walk *w, const struct store *s)
{
	uint32_t *slots = NULL, mask = 0;
	size_t cap = 0;

	for (size_t i = 0; i < w->rows.n; i++) {
		row_id row = w->rows.row[i];
		struct walk_cell *c = find_cell(w, &cap, &slots, &mask,
						s->column[EVENT_ACCOUNT][row],
						s->column[EVENT_SOURCE][row]);

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

/* Places and accounts act in nothing: to walk one is to walk what came from
 * it, or what happened there, whoever it was. By value of a column. */
struct walked_values {
	uint8_t *ip, *account; /* NULL: none is walked */
};

static void walk_value(uint8_t **set, const struct lineage *l,
		       enum event_column c, node_id node)
{
	uint32_t v = store_find_value(l->store, c, lineage_text(l, node));

	if (!*set)
		*set = mem_zero((size_t)l->store->values[c] + 1, 1);
	if (v && v <= l->store->values[c])
		(*set)[v] = 1;
}

static void find_values(struct walked_values *x, const struct lineage *l,
			const node_id *node, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (l->node[node[i]].kind == NODE_IP)
			walk_value(&x->ip, l, EVENT_IP, node[i]);
		else if (l->node[node[i]].kind == NODE_ACCOUNT)
			walk_value(&x->account, l, EVENT_ACCOUNT, node[i]);
}

static bool is_walked(const struct walked_values *x, const struct store *s,
		      row_id row)
{
	return (x->ip && x->ip[s->column[EVENT_IP][row]]) ||
	       (x->account && x->account[s->column[EVENT_ACCOUNT][row]]);
}

void walk_identity(struct walk *out, const struct lineage *l,
		   const node_id *node, size_t n, const struct rowset *within)
{
	uint8_t *seen = mem_zero(l->node_n, 1);
	struct walked_values values = { NULL, NULL };
	size_t cap = 0;

	*out = (struct walk){ .rows = ROWSET_INIT };
	find_values(&values, l, node, n);
	for (size_t i = 0; i < n; i++)
		add_member(out, &cap, seen, node[i]);
	for (size_t i = 0; i < out->member_n; i++)
		add_offspring(out, &cap, seen, l, out->member[i]);
	for (row_id i = 0; i < (within ? within->n : l->store->n); i++) {
		row_id r = within ? within->row[i] : i;

		if (seen[l->acting[r]] || is_walked(&values, l->store, r))
			rowset_add(&out->rows, r);
	}
	free(seen);
	free(values.ip);
	free(values.account);
	count_cells(out, l->store);
}

void walk_release(struct walk *w)
{
	free(w->member);
	free(w->cell);
	rowset_release(&w->rows);
}

void walk_node_rows(const struct lineage *l, node_id node, struct rowset *out)
{
	rowset_clear(out);
	for (row_id r = 0; r < l->store->n; r++)
		if (l->acting[r] == node)
			rowset_add(out, r);
}

void walk_cell_rows(const struct walk *w, const struct lineage *l,
		    const struct walk_cell *cell, struct rowset *out)
{
	const struct store *s = l->store;

	rowset_clear(out);
	for (size_t i = 0; i < w->rows.n; i++) {
		row_id r = w->rows.row[i];

		if (s->column[EVENT_ACCOUNT][r] == cell->account &&
		    s->column[EVENT_SOURCE][r] == cell->source)
			rowset_add(out, r);
	}
}
