/* SPDX-License-Identifier: MIT */
#include "casework/lasting.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* What is asked: whose edges, which rows. */
struct asked {
	const struct lineage *l;
	const struct rowset *rows;
	const node_id *member;
	size_t n;
	node_id *node; /* by row: what it made, or that it is listed */
};

static bool is_lasting(enum edge_kind kind)
{
	return kind == EDGE_CREATED || kind == EDGE_MODIFIED_AUTH ||
	       kind == EDGE_PASSED_ROLE;
}

static node_id member_at(const struct asked *q, size_t i)
{
	return q->member ? q->member[i] : (node_id)i + 1;
}

static int compare_lasting(const void *x, const void *y)
{
	const struct lasting *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return str_cmp(a->name, b->name);
}

/* Which node each row made. A new key changes its user too; what was made is
 * what is left. */
static void find_nodes(const struct asked *q)
{
	const struct lineage_edge *e;

	for (size_t i = 0; i < q->n; i++)
		for (uint32_t k = 0;
		     (e = lineage_out(q->l, member_at(q, i), k)); k++)
			for (unsigned j = 0;
			     is_lasting(e->kind) && j < e->evidence_n; j++) {
				row_id row = lineage_evidence(q->l, e, j);

				if (!q->node[row] || e->kind == EDGE_CREATED)
					q->node[row] = e->to;
			}
}

/* What the table of calls does not know but the graph does: a workload of a
 * service of its own that was given a role, say. */
static void add_edges(const struct asked *q, struct lasting_list *list)
{
	const struct lineage *l = q->l;
	const struct lineage_edge *e;
	struct lineage_end end;
	size_t cap = list->n;
	int64_t first, last = TIME_NONE - 1;

	(void)store_span(l->store, &first, &last);
	for (size_t i = 0; i < q->n; i++)
		for (uint32_t k = 0; (e = lineage_out(l, member_at(q, i), k));
		     k++) {
			row_id row;

			if (!is_lasting(e->kind))
				continue;
			row = lineage_evidence(l, e, 0);
			if (q->node[row] || !rowset_has(q->rows, row))
				continue;
			q->node[row] = e->to;
			list->lasting = mem_grow(list->lasting, &cap,
						 list->n + 1,
						 sizeof(*list->lasting));
			list->lasting[list->n++] = (struct lasting){
				.row = row,
				.gone = lineage_ended(l, e->to, last, &end) ?
						end.row :
						ROW_NONE,
				.what = edge_kind_verb(e->kind),
				.name = lineage_text(l, e->to),
				.node = e->to,
			};
		}
}

void lasting_of(struct lasting_list *out, const struct lineage *l,
		const struct rowset *rows, const node_id *member, size_t n,
		const struct scan_options *options, const atomic_bool *stop)
{
	struct asked q = { .l = l, .rows = rows, .member = member, .n = n };
	size_t cells = (size_t)l->store->n + 1;

	if (!member)
		q.n = l->node_n ? l->node_n - 1 : 0;
	q.node = mem_zero(cells, sizeof(*q.node));
	kept_of(&out->kept, l->store, rows, options, stop);
	out->n = out->kept.n;
	out->lasting = mem_zero(out->n + 1, sizeof(*out->lasting));
	find_nodes(&q);
	for (size_t i = 0; i < out->n; i++) {
		const struct kept *k = &out->kept.kept[i];

		out->lasting[i] = (struct lasting){ k->row, k->gone, k->what,
						    k->name, q.node[k->row] };
	}
	/* From here on: rows that are listed. */
	memset(q.node, 0, cells * sizeof(*q.node));
	for (size_t i = 0; i < out->n; i++)
		q.node[out->lasting[i].row] = 1;
	add_edges(&q, out);
	if (out->n)
		qsort(out->lasting, out->n, sizeof(*out->lasting),
		      compare_lasting);
	free(q.node);
}

void lasting_release(struct lasting_list *list)
{
	kept_release(&list->kept);
	free(list->lasting);
	*list = (struct lasting_list){ .n = 0 };
}
