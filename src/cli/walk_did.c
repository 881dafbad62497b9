/* SPDX-License-Identifier: MIT */
/* What an identity did: services and accounts, calls, what it made. */
#include "cli/walk_view.h"
#include "cli/rows.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/sort.h"

enum { TREE_LINES = 60 }; /* on a page of all sections */

/* Calls of one name. */
struct call {
	uint32_t source, name; /* values */
	uint32_t events, denied, failed;
	row_id first, last;
};

struct call_list {
	const struct store *s;
	struct call *call;
	size_t n;
};

static int compare_rows(uint32_t x, uint32_t y, const void *context)
{
	const struct store *s = context;

	if (store_value_at(s, EVENT_SOURCE, x) !=
	    store_value_at(s, EVENT_SOURCE, y))
		return store_value_at(s, EVENT_SOURCE, x) <
				       store_value_at(s, EVENT_SOURCE, y) ?
			       -1 :
			       1;
	if (store_value_at(s, EVENT_NAME, x) !=
	    store_value_at(s, EVENT_NAME, y))
		return store_value_at(s, EVENT_NAME, x) <
				       store_value_at(s, EVENT_NAME, y) ?
			       -1 :
			       1;
	return x < y ? -1 : x > y;
}

/* Most frequent first. */
static int compare_calls(uint32_t x, uint32_t y, const void *context)
{
	const struct call_list *list = context;
	const struct call *a = &list->call[x], *b = &list->call[y];
	int d = (a->events < b->events) - (a->events > b->events);

	if (!d)
		d = str_cmp(store_value(list->s, EVENT_SOURCE, a->source),
			    store_value(list->s, EVENT_SOURCE, b->source));
	return d ? d :
		   str_cmp(store_value(list->s, EVENT_NAME, a->name),
			   store_value(list->s, EVENT_NAME, b->name));
}

static void count_calls(struct call_list *list, const struct rowset *rows)
{
	const struct store *s = list->s;
	uint32_t *row = mem_alloc((rows->n + 1) * sizeof(*row));
	size_t cap = 0;

	memcpy(row, rows->row, rows->n * sizeof(*row));
	sort_u32(row, rows->n, compare_rows, s);
	for (size_t i = 0; i < rows->n; i++) {
		struct call *c = list->n ? &list->call[list->n - 1] : NULL;

		if (!c ||
		    c->source != store_value_at(s, EVENT_SOURCE, row[i]) ||
		    c->name != store_value_at(s, EVENT_NAME, row[i])) {
			list->call = mem_grow(list->call, &cap, list->n + 1,
					      sizeof(*list->call));
			c = &list->call[list->n++];
			*c = (struct call){
				.source = store_value_at(s, EVENT_SOURCE,
							 row[i]),
				.name = store_value_at(s, EVENT_NAME, row[i]),
				.first = row[i],
			};
		}
		c->last = row[i];
		c->events++;
		c->denied += store_outcome(s, row[i]) == OUTCOME_DENIED;
		c->failed += store_outcome(s, row[i]) == OUTCOME_FAILED;
	}
	free(row);
}

void walk_matrix_json(struct walk_view *v, struct json_writer *w)
{
	const struct store *store = v->s->snap->store;

	json_key(w, "matrix");
	json_begin_array(w);
	for (size_t i = 0; i < v->walk->cell_n; i++) {
		const struct walk_cell *c = &v->walk->cell[i];

		json_begin_object(w);
		json_pair(w, "recipientAccountId",
			  store_value(store, EVENT_ACCOUNT, c->account));
		json_pair(w, "eventSource",
			  store_value(store, EVENT_SOURCE, c->source));
		json_pair_uint(w, "events", c->events);
		json_pair_uint(w, "denied", c->denied);
		json_pair_uint(w, "failed", c->failed);
		json_pair_time(w, "first", c->first);
		json_pair_time(w, "last", c->last);
		json_end_object(w);
	}
	json_end_array(w);
}

void walk_created_json(struct walk_view *v, struct json_writer *w)
{
	const struct lineage *l = v->s->snap->lineage;
	const struct lineage_edge *e;

	json_key(w, "created");
	json_begin_array(w);
	for (size_t i = 0; i < v->walk->member_n; i++)
		for (uint32_t k = 0;
		     (e = lineage_out(l, v->walk->member[i], k)); k++)
			if (e->kind == EDGE_CREATED &&
			    walk_proves(v->walk, l, e))
				graph_json_edge(w, l, e);
	json_end_array(w);
}

void walk_did_json(struct walk_view *v, struct json_writer *w)
{
	struct call_list list = { .s = v->s->snap->store };
	uint32_t *order;

	count_calls(&list, &v->walk->rows);
	order = sort_order(list.n, compare_calls, &list);
	json_key(w, "did");
	json_begin_array(w);
	for (size_t i = 0; i < list.n; i++) {
		const struct call *c = &list.call[order[i]];

		json_begin_object(w);
		json_pair(w, "eventSource",
			  store_value(list.s, EVENT_SOURCE, c->source));
		json_pair(w, "eventName",
			  store_value(list.s, EVENT_NAME, c->name));
		json_pair_uint(w, "events", c->events);
		json_pair_uint(w, "denied", c->denied);
		json_pair_uint(w, "failed", c->failed);
		json_pair_time(w, "first", list.s->time[c->first]);
		json_pair_time(w, "last", list.s->time[c->last]);
		json_end_object(w);
	}
	json_end_array(w);
	free(order);
	free(list.call);
}

static void write_matrix(struct walk_view *v)
{
	static const struct column columns[] = {
		{ .name = "account" },
		{ .name = "service" },
		{ .name = "events", .right = true },
		{ .name = "denied", .right = true },
		{ .name = "failed", .right = true },
		{ .name = "first", .whole = true },
		{ .name = "last", .whole = true },
	};
	const struct store *store = v->s->snap->store;
	struct rows rows;

	output_format(&v->s->out, "\n");
	rows_begin(&rows, &v->s->out, FORMAT_TABLE, columns,
		   ARRAY_SIZE(columns), &v->s->o->zone);
	for (size_t i = 0; i < v->walk->cell_n; i++) {
		const struct walk_cell *c = &v->walk->cell[i];
		struct str account = store_value(store, EVENT_ACCOUNT,
						 c->account);
		const struct cell cell[] = {
			cell_text(account.n ? account : STR("-")),
			cell_text(event_service(
				store_value(store, EVENT_SOURCE, c->source))),
			cell_number(c->events),
			cell_number(c->denied),
			cell_number(c->failed),
			cell_time(c->first),
			cell_time(c->last),
		};

		rows_add(&rows, cell);
	}
	rows_end(&rows);
}

static void write_trees(struct walk_view *v)
{
	struct tree_index *x = tree_index_new(v->s->snap->lineage,
					      &v->s->snap->marks, NULL);
	uint32_t lines = v->whole ? GRAPH_LINES : TREE_LINES;
	bool folded = false;

	output_format(&v->s->out, "\n");
	for (size_t i = 0; i < v->subject->n; i++) {
		struct tree *t;

		if (!walk_line(v, "did", i, v->subject->n))
			break;
		t = graph_tree(v->s, x, v->subject->node[i], false, lines,
			       v->s->o->unfold ? TREE_UNFOLD_WHOLE :
						 TREE_UNFOLD_TELLING);
		folded |= graph_write_tree(v->s, t);
		tree_free(t);
	}
	if (folded)
		graph_write_folded(v->s);
	tree_index_free(x);
}

static void write_calls(struct walk_view *v)
{
	static const struct column columns[] = {
		{ .name = "service" },
		{ .name = "call" },
		{ .name = "events", .right = true },
		{ .name = "denied", .right = true },
		{ .name = "failed", .right = true },
		{ .name = "first", .whole = true },
		{ .name = "last", .whole = true },
	};
	struct call_list list = { .s = v->s->snap->store };
	uint32_t *order;
	struct rows rows;
	size_t i;

	count_calls(&list, &v->walk->rows);
	order = sort_order(list.n, compare_calls, &list);
	walk_title(v, "calls");
	rows_begin(&rows, &v->s->out, FORMAT_TABLE, columns,
		   ARRAY_SIZE(columns), &v->s->o->zone);
	for (i = 0; i < list.n && (v->whole || i < PAGE_LINES); i++) {
		const struct call *c = &list.call[order[i]];
		const struct cell cell[] = {
			cell_text(event_service(
				store_value(list.s, EVENT_SOURCE, c->source))),
			cell_text(store_value(list.s, EVENT_NAME, c->name)),
			cell_number(c->events),
			cell_number(c->denied),
			cell_number(c->failed),
			cell_time(list.s->time[c->first]),
			cell_time(list.s->time[c->last]),
		};

		rows_add(&rows, cell);
	}
	rows_end(&rows);
	if (i < list.n)
		walk_line(v, "did", i, list.n);
	free(order);
	free(list.call);
}

void walk_did_table(struct walk_view *v)
{
	write_matrix(v);
	write_trees(v);
	write_calls(v);
}
