/* SPDX-License-Identifier: MIT */
/* Rows of nodes, and of what came of them. */
#include "identity/tree_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "identity/walk.h"

/* The index --------------------------------------------------------------- */

static void sort_rows(struct tree_index *x)
{
	const struct lineage *l = x->l;
	row_id n = l->store->n;
	uint32_t *at;

	x->start = mem_zero((size_t)l->node_n + 1, sizeof(*x->start));
	x->row = mem_alloc(((size_t)n + 1) * sizeof(*x->row));
	for (row_id r = 0; r < n; r++)
		x->start[l->acting[r] + 1]++;
	for (node_id i = 0; i < l->node_n; i++)
		x->start[i + 1] += x->start[i];
	at = mem_dup(x->start, (size_t)l->node_n * sizeof(*at));
	for (row_id r = 0; r < n; r++)
		x->row[at[l->acting[r]]++] = r;
	free(at);
}

/* An alert counts for all that the node came of: the line that it is folded
 * into shows it. A level climbs as long as it is news, so cycles end. */
static void raise_above(struct tree_index *x, node_id node, int8_t level)
{
	const struct lineage_edge *e;

	while (x->below[node] < level) {
		x->below[node] = level;
		e = tree_climb(x->l, node, TIME_NONE);
		if (!e)
			break;
		node = lineage_other_end(e, node);
	}
}

static void note_alerts(struct tree_index *x)
{
	const struct marks *m = x->marks;

	for (node_id n = 0; n < x->l->node_n; n++)
		x->level[n] = x->below[n] = -1;
	for (size_t i = 0; m && i < m->n; i++) {
		node_id n = x->l->acting[m->mark[i].row];
		int8_t level = (int8_t)m->mark[i].level;

		x->notable[n] = 1;
		if (level > x->level[n])
			x->level[n] = level;
		raise_above(x, n, level);
	}
}

static void note_rows(struct tree_index *x, const struct rowset *reads)
{
	const struct store *s = x->l->store;
	uint8_t *seen = mem_zero(s->values[EVENT_PRINCIPAL], 1);

	for (row_id r = 0; r < s->n; r++) {
		uint32_t principal = store_value_at(s, EVENT_PRINCIPAL, r);

		if (store_outcome(s, r) == OUTCOME_DENIED)
			x->notable[x->l->acting[r]] = 1;
		x->principals += principal && !seen[principal];
		seen[principal] = 1;
	}
	free(seen);
	for (size_t i = 0; reads && i < reads->n; i++) {
		row_id r = reads->row[i];

		x->notable[x->l->acting[r]] = 1;
		x->reads[r / 8] = (uint8_t)(x->reads[r / 8] | 1u << r % 8);
	}
}

/* Who was the first to come from an address that was not there from the
 * beginning. */
static void note_strangers(struct tree_index *x)
{
	const struct store *s = x->l->store;

	for (uint32_t v = 1; v < s->values[EVENT_IP]; v++) {
		struct rowset rows = store_rows(s, EVENT_IP, v);

		if (!rows.n || tree_first_seen(s, &rows) == TIME_NONE ||
		    !tree_is_address(s, v))
			continue;
		/* What is no call has nobody who acts. */
		for (size_t i = 0; i < rows.n; i++)
			if (kind_is_call(s->kind[rows.row[i]])) {
				x->strange[x->l->acting[rows.row[i]]] = 1;
				break;
			}
	}
}

struct tree_index *tree_index_new(const struct lineage *l,
				  const struct marks *marks,
				  const struct rowset *reads)
{
	struct tree_index *x = mem_zero(1, sizeof(*x));

	x->l = l;
	x->marks = marks;
	x->level = mem_zero(l->node_n, 1);
	x->below = mem_zero(l->node_n, 1);
	x->notable = mem_zero(l->node_n, 1);
	x->strange = mem_zero(l->node_n, 1);
	x->reads = mem_zero((size_t)l->store->n / 8 + 1, 1);
	sort_rows(x);
	note_alerts(x);
	note_rows(x, reads);
	note_strangers(x);
	return x;
}

void tree_index_free(struct tree_index *x)
{
	if (!x)
		return;
	free(x->start);
	free(x->row);
	free(x->level);
	free(x->below);
	free(x->notable);
	free(x->strange);
	free(x->reads);
	free(x);
}

/* Leaps ahead, since a node's rows may be few and alerts many, or the other
 * way round. */
int tree_row_level(const struct tree_index *x, row_id row, size_t *at)
{
	const struct marks *m = x->marks;
	size_t low = *at, step = 1;
	int level = -1;

	if (!m)
		return -1;
	while (low + step < m->n && m->mark[low + step].row < row) {
		low += step;
		step *= 2;
	}
	for (; step; step /= 2)
		if (low + step < m->n && m->mark[low + step].row < row)
			low += step;
	if (low < m->n && m->mark[low].row < row)
		low++;
	*at = low;
	for (; low < m->n && m->mark[low].row == row; low++)
		if ((int)m->mark[low].level > level)
			level = (int)m->mark[low].level;
	return level;
}

/* Rows of nodes ----------------------------------------------------------- */

/* Nodes whose rows are wanted: all of them, or only those from an address. */
struct wanted {
	const struct lineage *l;
	row_id *from;      /* by node: its first row wanted, or ROW_NONE */
	node_id from_node; /* of this one only those from `ip` */
	uint32_t ip;
	row_id since;
	/* Whose offspring is to be added, as a heap: first row, node. */
	uint64_t *queue;
	size_t n, cap;
};

static void want(struct wanted *w, node_id node, row_id since)
{
	struct tree_nodes members = { NULL, 0, 0 };

	tree_members(w->l, node, &members);
	for (size_t i = 0; i < members.n; i++)
		if (since < w->from[members.node[i]])
			w->from[members.node[i]] = since;
	free(members.node);
}

bool tree_is_from(const struct store *s, row_id row, uint32_t ip)
{
	uint32_t value = store_value_at(s, EVENT_IP, row);

	if (ip == TREE_ANYWHERE)
		return true;
	return ip == TREE_ELSEWHERE ? !tree_is_address(s, value) : value == ip;
}

static void collect(const struct wanted *w, struct rowset *out)
{
	const struct lineage *l = w->l;

	rowset_clear(out);
	for (row_id r = 0; r < l->store->n; r++)
		if (r >= w->from[l->acting[r]] ||
		    (w->from_node && l->acting[r] == w->from_node &&
		     r >= w->since && tree_is_from(l->store, r, w->ip)))
			rowset_add(out, r);
}

/* A node from an address, or all of it. */
static void want_from(struct wanted *w, node_id node, uint32_t ip)
{
	if (ip == TREE_ANYWHERE) {
		want(w, node, w->since);
	} else {
		w->from_node = node;
		w->ip = ip;
	}
}

static struct wanted begin(const struct lineage *l, row_id since)
{
	struct wanted w = { .l = l, .since = since };

	w.from = mem_alloc((size_t)l->node_n * sizeof(*w.from));
	for (node_id i = 0; i < l->node_n; i++)
		w.from[i] = ROW_NONE;
	return w;
}

/* Gives the rows out and the memory back. */
static void finish(struct wanted *w, struct rowset *out)
{
	collect(w, out);
	free(w->from);
	free(w->queue);
}

/* What does not act itself but is used has its rows by them. */
static bool is_only_used(const struct lineage *l, node_id node)
{
	return walk_is_used(l, node) && !l->node[node].events;
}

static void keep_from(const struct store *s, uint32_t ip, row_id since,
		      struct rowset *rows)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++)
		if (rows->row[i] >= since && tree_is_from(s, rows->row[i], ip))
			rows->row[kept++] = rows->row[i];
	rows->n = kept;
}

void tree_node_rows(const struct lineage *l, node_id node, uint32_t ip,
		    row_id since, struct rowset *out)
{
	struct wanted w;

	if (is_only_used(l, node)) {
		walk_node_rows(l, node, out);
		keep_from(l->store, ip, since, out);
		return;
	}
	w = begin(l, since);
	want_from(&w, node, ip);
	finish(&w, out);
}

static void push(struct wanted *w, node_id node, row_id since)
{
	uint64_t item = (uint64_t)since << 32 | node;
	size_t at = w->n++;

	w->queue = mem_grow(w->queue, &w->cap, w->n, sizeof(*w->queue));
	for (; at && item < w->queue[(at - 1) / 2]; at = (at - 1) / 2)
		w->queue[at] = w->queue[(at - 1) / 2];
	w->queue[at] = item;
}

static uint64_t pop(struct wanted *w)
{
	uint64_t top = w->queue[0], last = w->queue[--w->n];
	size_t at = 0, child;

	while ((child = at * 2 + 1) < w->n) {
		child += child + 1 < w->n &&
			 w->queue[child + 1] < w->queue[child];
		if (last <= w->queue[child])
			break;
		w->queue[at] = w->queue[child];
		at = child;
	}
	w->queue[at] = last;
	return top;
}

/* What came of the queued nodes, and of that. A node is taken up once, from
 * the earliest row on that it can be reached by. */
static void want_below(struct wanted *w)
{
	uint8_t *seen = mem_zero(w->l->node_n, 1);
	struct tree_seeds seeds = { NULL, 0, 0 };

	while (w->n) {
		uint64_t item = pop(w);
		node_id above = (node_id)item;
		struct tree_wish wish = { .above = above,
					  .since = (row_id)(item >> 32) };

		if (seen[above])
			continue;
		seen[above] = 1;
		if (above == w->from_node)
			wish.ip = w->ip;
		else
			want(w, above, wish.since);
		if (tree_is_service(w->l, above))
			continue;
		seeds.n = 0;
		tree_gather(w->l, above, &wish, &seeds);
		for (size_t k = 0; k < seeds.n; k++) {
			const struct tree_seed *s = &seeds.seed[k];

			if (!s->leaf && !seen[s->node])
				push(w, s->node,
				     tree_since(w->l, s->verb, s->edge,
						wish.since));
		}
	}
	free(seeds.seed);
	free(seen);
}

void tree_below_rows(const struct lineage *l, node_id node, uint32_t ip,
		     row_id since, struct rowset *out)
{
	struct wanted w;
	struct walk walk;

	if (is_only_used(l, node)) {
		walk_identity(&walk, l, &node, 1, NULL);
		rowset_copy(out, &walk.rows);
		walk_release(&walk);
		keep_from(l->store, ip, since, out);
		return;
	}
	w = begin(l, since);
	want_from(&w, node, ip);
	push(&w, node, since);
	want_below(&w);
	finish(&w, out);
}

void tree_group_rows(const struct lineage *l, node_id node, uint32_t ip,
		     row_id since, node_id of, row_id row, bool below,
		     struct rowset *out)
{
	struct wanted w = begin(l, since);
	const struct tree_wish wish = { .ip = ip,
					.since = since,
					.users = true };
	struct tree_seeds seeds = { NULL, 0, 0 };

	tree_gather(l, node, &wish, &seeds);
	for (size_t i = 0; i < seeds.n; i++) {
		const struct tree_seed *s = &seeds.seed[i];

		if (s->leaf || (of ? tree_principal(l, s->node) != of :
				     lineage_evidence(l, s->edge, 0) != row))
			continue;
		want(&w, s->node, since);
		push(&w, s->node, since);
	}
	if (below)
		want_below(&w);
	finish(&w, out);
	free(seeds.seed);
}
