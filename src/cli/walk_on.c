/* SPDX-License-Identifier: MIT */
/* What was done to an identity: events whose parameters name it. */
#include "cli/walk_view.h"
#include "cli/rows.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/sort.h"
#include "model/identity.h"

/* An event and which of the identity's nodes it names. */
struct named {
	row_id row;
	node_id node;
};

struct named_list {
	struct named *named; /* by row */
	size_t n, cap;
};

static int compare_named(const void *x, const void *y)
{
	const struct named *a = x, *b = y;

	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return 0;
}

static void add_named(struct walk_view *v, struct named_list *out,
		      uint8_t *seen, row_id row, node_id node)
{
	if (seen[row] || !rowset_has(&v->s->rows, row))
		return;
	seen[row] = 1;
	out->named = mem_grow(out->named, &out->cap, out->n + 1,
			      sizeof(*out->named));
	out->named[out->n++] = (struct named){ row, node };
}

/* Each row once, for the first of the nodes that it names, or ends without
 * naming it; members come with the identity itself before its keys and
 * sessions. */
static void gather(struct walk_view *v, struct named_list *out)
{
	const struct lineage *l = v->s->snap->lineage;
	uint8_t *seen = mem_zero((size_t)l->store->n + 1, 1);

	*out = (struct named_list){ .n = 0 };
	for (size_t i = 0; i < v->walk->whole_n; i++) {
		node_id node = v->walk->member[i];
		row_id ended = lineage_ended_by(l, node);
		uint32_t n;
		const row_id *on = lineage_on(l, node, &n);

		for (uint32_t k = 0; k < n; k++)
			add_named(v, out, seen, on[k], node);
		if (ended != ROW_NONE)
			add_named(v, out, seen, ended, node);
	}
	if (out->n)
		qsort(out->named, out->n, sizeof(*out->named), compare_named);
	free(seen);
}

/* A row's actor as its own account knows it, also in the copy that another
 * account received; of what is no call, the address. */
static struct str actor_of(const struct lineage *l, row_id row)
{
	const struct store *s = l->store;

	if (!kind_is_call(s->kind[row]))
		return store_text(s, EVENT_IP, row);
	return store_text(s, EVENT_ACTOR, lineage_own_row(l, row));
}

void walk_on_json(struct walk_view *v, struct json_writer *w)
{
	const struct lineage *l = v->s->snap->lineage;
	const struct store *s = l->store;
	struct named_list list;
	struct arena arena;

	arena_init(&arena);
	gather(v, &list);
	json_key(w, "on");
	json_begin_array(w);
	for (size_t i = 0; i < list.n; i++) {
		row_id row = list.named[i].row;
		int level = marks_level(&v->s->snap->marks, row);

		json_begin_object(w);
		graph_json_event(w, "eventID", l, row);
		json_pair_time(w, "eventTime", s->time[row]);
		json_pair(w, "eventSource", store_text(s, EVENT_SOURCE, row));
		json_pair(w, "eventName", store_text(s, EVENT_NAME, row));
		json_pair(w, "node", lineage_id(l, list.named[i].node));
		json_pair(w, "by", lineage_id(l, l->acting[row]));
		json_pair(w, "actor", actor_label(actor_of(l, row), &arena));
		json_pair(w, "outcome",
			  str_of(event_outcome_name(store_outcome(s, row))));
		json_pair(w, "errorCode", store_text(s, EVENT_ERROR, row));
		json_key(w, "readOnly");
		json_bool(w, s->flags[row] & EVENT_READ);
		json_key(w, "own");
		json_bool(w, v->member[l->acting[row]]);
		if (level >= 0)
			json_pair(w, "level",
				  str_of(level_name((enum level)level)));
		json_end_object(w);
		arena_reset(&arena);
	}
	json_end_array(w);
	free(list.named);
	arena_release(&arena);
}

/* Tables fold what one actor did again and again; of requests, flows and the
 * like all from one address that came to one end. */
struct deed {
	row_id first, last;
	node_id node;
	uint32_t events;
	int level;
	bool apart; /* see is_told_apart */
};

struct fold_context {
	const struct lineage *l;
	const struct named *named;
};

/* Is every name worth a line? Ports and pages are not. */
static bool is_told_apart(const struct store *s, row_id row)
{
	return kind_is_call(s->kind[row]) || kind_tells_whom(s->kind[row]);
}

static int compare_deed(const struct lineage *l, const struct named *a,
			const struct named *b)
{
	static const enum event_column columns[] = { EVENT_SOURCE, EVENT_NAME,
						     EVENT_ERROR };
	const struct store *s = l->store;
	int actor = str_cmp(actor_of(l, a->row), actor_of(l, b->row));

	if (actor)
		return actor;
	for (size_t i = 0;
	     i < ARRAY_SIZE(columns) &&
	     (i == 0 || is_told_apart(s, a->row) || is_told_apart(s, b->row));
	     i++) {
		uint32_t x = store_value_at(s, columns[i], a->row);
		uint32_t y = store_value_at(s, columns[i], b->row);

		if (x != y)
			return x < y ? -1 : 1;
	}
	if (store_outcome(s, a->row) != store_outcome(s, b->row))
		return store_outcome(s, a->row) < store_outcome(s, b->row) ?
			       -1 :
			       1;
	if (a->node != b->node)
		return a->node < b->node ? -1 : 1;
	return 0;
}

static int compare_folded(uint32_t x, uint32_t y, const void *context)
{
	const struct fold_context *c = context;

	return compare_deed(c->l, &c->named[x], &c->named[y]);
}

static int compare_first(const void *x, const void *y)
{
	const struct deed *a = x, *b = y;

	/* A server has many visitors: they come after what tells of somebody. */
	if (a->apart != b->apart)
		return a->apart ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

static struct deed *fold(struct walk_view *v, const struct named_list *list,
			 size_t *n)
{
	const struct lineage *l = v->s->snap->lineage;
	struct fold_context context = { l, list->named };
	uint32_t *order = mem_alloc((list->n + 1) * sizeof(*order));
	struct deed *deed = mem_alloc((list->n + 1) * sizeof(*deed));
	size_t others = 0;

	*n = 0;
	for (size_t i = 0; i < list->n; i++)
		if (!v->member[l->acting[list->named[i].row]])
			order[others++] = (uint32_t)i;
	/* Stable: the rows of one deed stay in order. */
	sort_u32(order, others, compare_folded, &context);
	for (size_t i = 0; i < others; i++) {
		const struct named *x = &list->named[order[i]];
		int level = marks_level(&v->s->snap->marks, x->row);
		struct deed *d = *n ? &deed[*n - 1] : NULL;

		if (!i || compare_folded(order[i - 1], order[i], &context)) {
			d = &deed[(*n)++];
			*d = (struct deed){ .first = x->row,
					    .node = x->node,
					    .level = -1,
					    .apart = is_told_apart(l->store,
								   x->row) };
		}
		d->last = x->row;
		d->events++;
		if (level > d->level)
			d->level = level;
	}
	qsort(deed, *n, sizeof(*deed), compare_first);
	free(order);
	return deed;
}

/* "RunInstances"; "GET /login.php +39", where that many more went by. */
static struct str call_of(const struct store *s, const struct deed *d,
			  struct arena *arena)
{
	struct str name = store_text(s, EVENT_NAME, d->first);
	struct strbuf more;

	if (d->events == 1 || is_told_apart(s, d->first))
		return name;
	strbuf_init(&more);
	strbuf_addf(&more, " +%u", d->events - 1);
	name = arena_join(arena, name, strbuf_str(&more));
	strbuf_release(&more);
	return name;
}

static struct cell deed_level(const struct deed *d)
{
	if (d->level < 0)
		return cell_text(STR_NULL);
	return cell_level(str_of(level_name((enum level)d->level)),
			  (enum level)d->level);
}

static void write_deeds(struct walk_view *v, const struct deed *deed, size_t n)
{
	static const struct column columns[] = {
		{ .name = "first", .whole = true },
		{ .name = "last", .whole = true },
		{ .name = "events", .right = true },
		{ .name = "by", .width = 44, .middle = true },
		{ .name = "call" },
		{ .name = "outcome" },
		{ .name = "alert" },
		{ .name = "to" },
	};
	const struct lineage *l = v->s->snap->lineage;
	const struct store *s = l->store;
	struct arena arena;
	struct rows rows;
	size_t i;

	arena_init(&arena);
	rows_begin(&rows, &v->s->out, FORMAT_TABLE, columns,
		   ARRAY_SIZE(columns), &v->s->o->zone);
	for (i = 0; i < n && (v->whole || i < PAGE_LINES); i++) {
		const struct deed *d = &deed[i];
		struct strbuf node;

		strbuf_init(&node);
		node_describe(l, d->node, &node);
		{
			const struct cell cell[] = {
				cell_time(s->time[d->first]),
				cell_time(s->time[d->last]),
				cell_number(d->events),
				cell_text(actor_label(actor_of(l, d->first),
						      &arena)),
				cell_text(call_of(s, d, &arena)),
				cell_text(str_of(event_outcome_name(
					store_outcome(s, d->first)))),
				deed_level(d),
				cell_text(strbuf_str(&node)),
			};

			rows_add(&rows, cell);
		}
		strbuf_release(&node);
		arena_reset(&arena);
	}
	rows_end(&rows);
	if (i < n)
		walk_line(v, "on", i, n);
	arena_release(&arena);
}

void walk_on_table(struct walk_view *v)
{
	const struct lineage *l = v->s->snap->lineage;
	struct named_list list;
	struct deed *deed;
	size_t n, own = 0;

	gather(v, &list);
	deed = fold(v, &list, &n);
	walk_title(v, "done to it");
	if (n)
		write_deeds(v, deed, n);
	else
		walk_none(v, "nothing by others", false);
	for (size_t i = 0; i < list.n; i++)
		own += v->member[l->acting[list.named[i].row]];
	if (own)
		output_format(&v->s->out,
			      "  and %zu events of its own about itself\n",
			      own);
	free(deed);
	free(list.named);
}
