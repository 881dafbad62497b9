/* SPDX-License-Identifier: MIT */
#include "ui/scope.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "identity/tree.h"
#include "identity/walk.h"

static struct str keep(struct str s)
{
	if (!s.n)
		return STR_NULL;
	return (struct str){ mem_dup(s.p, s.n), s.n };
}

/* Owned texts are the only ones whose memory may be given back. */
static void drop(struct str *s)
{
	free((char *)(uintptr_t)s->p);
	*s = STR_NULL;
}

struct scope scope_make(enum scope_kind kind, struct str a, struct str b,
			struct str c, struct str label)
{
	return (struct scope){ .kind = kind,
			       .text = { keep(a), keep(b), keep(c) },
			       .label = keep(label),
			       .since = TIME_NONE };
}

struct scope scope_of_alert(const struct alert *a)
{
	char number[16];

	snprintf(number, sizeof(number), "%" PRIu32, a->rule_number);
	return scope_make(SCOPE_ALERT, str_of(number), alert_fold_text(a),
			  STR_NULL, a->rule->title);
}

void scope_release(struct scope *s)
{
	for (int i = 0; i < SCOPE_TEXTS; i++)
		drop(&s->text[i]);
	drop(&s->label);
	s->kind = SCOPE_ALL;
}

void scope_copy(struct scope *to, const struct scope *from)
{
	*to = scope_make(from->kind, from->text[0], from->text[1],
			 from->text[2], from->label);
	to->since = from->since;
}

bool scope_equal(const struct scope *a, const struct scope *b)
{
	for (int i = 0; i < SCOPE_TEXTS; i++)
		if (!str_eq(a->text[i], b->text[i]))
			return false;
	return a->kind == b->kind && a->since == b->since;
}

/* Rows ---------------------------------------------------------------- */

/* Matches of a rule by an actor, or in a group; the matches are by row. */
static void alert_rows(const struct scope *s, const struct snapshot *snap,
		       struct rowset *out)
{
	uint64_t rule = UINT64_MAX;

	str_to_u64(s->text[0], &rule);
	for (size_t i = 0; i < snap->alerts.n; i++) {
		const struct alert *a = &snap->alerts.alert[i];

		if (a->rule_number == rule &&
		    str_eq(alert_fold_text(a), s->text[1])) {
			rowset_copy(out, &a->rows);
			return;
		}
	}
}

/* The address of a scope; false when the snapshot has no such address. */
static bool address_of(const struct scope *s, const struct snapshot *snap,
		       uint32_t *ip)
{
	if (!s->text[1].n)
		*ip = TREE_ANYWHERE;
	else if (str_eq(s->text[1], STR(SCOPE_BY_SERVICES)))
		*ip = TREE_ELSEWHERE;
	else
		*ip = store_find_value(snap->store, EVENT_IP, s->text[1]);
	return *ip != TREE_ANYWHERE || !s->text[1].n;
}

static void node_rows(const struct scope *s, const struct snapshot *snap,
		      node_id node, struct rowset *out)
{
	const struct lineage *l = snap->lineage;
	node_id of;
	row_id row = ROW_NONE, since = 0;
	uint32_t ip;

	if (!address_of(s, snap, &ip))
		return;
	if (s->since != TIME_NONE)
		since = store_seek_time(snap->store, s->since);
	if (s->kind == SCOPE_NODE) {
		tree_node_rows(l, node, ip, since, out);
	} else if (s->kind == SCOPE_SUBTREE) {
		tree_below_rows(l, node, ip, since, out);
	} else {
		of = lineage_node(l, s->text[2]);
		if (!of)
			row = store_find_id(snap->store, s->text[2], ROW_NONE);
		if (of || row != ROW_NONE)
			tree_group_rows(l, node, ip, since, of, row,
					s->kind == SCOPE_GROUP_BELOW, out);
	}
}

static void event_rows(const struct scope *s, const struct snapshot *snap,
		       struct rowset *out)
{
	struct str rest = s->text[0], id;
	row_id *row = NULL, at;
	size_t n = 0, cap = 0;

	while (str_next(&rest, ' ', &id))
		for (at = store_find_id(snap->store, id, ROW_NONE);
		     at != ROW_NONE; at = store_find_id(snap->store, id, at)) {
			row = mem_grow(row, &cap, n + 1, sizeof(*row));
			row[n++] = at;
		}
	rowset_of(out, row, n);
	free(row);
}

/* Rows of somebody, or of anybody, with these values. */
static void call_rows(const struct scope *s, const struct snapshot *snap,
		      struct rowset *out)
{
	static const enum event_column columns[] = { EVENT_IP, EVENT_NAME };
	const struct store *store = snap->store;
	node_id node = lineage_node(snap->lineage, s->text[0]);
	size_t kept = 0;

	if (s->text[0].n && !node)
		return;
	if (!s->text[0].n)
		rowset_add_range(out, 0, store->n);
	else if (s->kind == SCOPE_CALLS)
		tree_node_rows(snap->lineage, node, TREE_ANYWHERE, 0, out);
	else
		tree_below_rows(snap->lineage, node, TREE_ANYWHERE, 0, out);
	for (int c = 0; c < 2; c++) {
		uint32_t value = store_find_value(store, columns[c],
						  s->text[c + 1]);

		if (!s->text[c + 1].n)
			continue;
		kept = 0;
		for (size_t i = 0; value && i < out->n; i++)
			if (store_value_at(store, columns[c], out->row[i]) ==
			    value)
				out->row[kept++] = out->row[i];
		out->n = kept;
	}
}

static void cell_rows(const struct scope *s, const struct snapshot *snap,
		      node_id node, struct rowset *out)
{
	const struct store *store = snap->store;
	struct walk walk;

	walk_identity(&walk, snap->lineage, &node, 1, NULL);
	for (size_t i = 0; i < walk.cell_n; i++) {
		const struct walk_cell *c = &walk.cell[i];

		if (str_eq(store_value(store, EVENT_ACCOUNT, c->account),
			   s->text[1]) &&
		    str_eq(store_value(store, EVENT_SOURCE, c->source),
			   s->text[2])) {
			walk_cell_rows(&walk, snap->lineage, c, out);
			break;
		}
	}
	walk_release(&walk);
}

static const struct {
	const char *name;
	enum event_column column;
} shared[] = {
	{ "session", EVENT_SESSION },
	{ "address", EVENT_IP },
	{ "actor", EVENT_ACTOR },
};

/* Its place among these; how many there are for any other text. */
static size_t shared_at(struct str same)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(shared) && !str_eq(same, str_of(shared[i].name)))
		i++;
	return i;
}

bool scope_around_has(struct str same)
{
	return shared_at(same) < ARRAY_SIZE(shared);
}

struct str scope_around_next(const struct store *s, row_id row, struct str same)
{
	size_t i = same.n ? shared_at(same) + 1 : 0;

	for (; i < ARRAY_SIZE(shared); i++)
		if (store_text(s, shared[i].column, row).n)
			return str_of(shared[i].name);
	return STR_NULL;
}

struct scope scope_around(struct str event_id, int64_t ms, struct str same,
			  struct str label)
{
	char span[24];

	snprintf(span, sizeof(span), "%" PRId64, ms);
	return scope_make(SCOPE_AROUND, event_id, str_of(span), same, label);
}

int64_t scope_around_ms(const struct scope *s)
{
	uint64_t ms;

	return str_to_u64(s->text[1], &ms) && ms <= SCOPE_WIDEST_MS ?
		       (int64_t)ms :
		       SCOPE_AROUND_MS;
}

static void keep_shared(const struct scope *s, const struct store *store,
			row_id anchor, struct rowset *out)
{
	size_t i = shared_at(s->text[2]), kept = 0;
	uint32_t value;

	if (i == ARRAY_SIZE(shared))
		return;
	value = store_value_at(store, shared[i].column, anchor);
	for (size_t k = 0; k < out->n; k++)
		if (store_value_at(store, shared[i].column, out->row[k]) ==
		    value)
			out->row[kept++] = out->row[k];
	out->n = kept;
}

static void rows_around(const struct scope *s, const struct snapshot *snap,
			struct rowset *out)
{
	const struct store *store = snap->store;
	row_id anchor = store_find_id(store, s->text[0], ROW_NONE);
	int64_t t;

	if (anchor == ROW_NONE)
		return;
	t = store->time[anchor];
	if (t == TIME_NONE)
		rowset_add(out, anchor);
	else
		rowset_add_range(
			out, store_seek_time(store, t - scope_around_ms(s)),
			store_seek_time(store, t + scope_around_ms(s) + 1));
	keep_shared(s, store, anchor, out);
}

void scope_rows(const struct scope *s, const struct snapshot *snap,
		struct rowset *out)
{
	node_id node;

	rowset_clear(out);
	switch (s->kind) {
	case SCOPE_ALL:
		rowset_add_range(out, 0, snap->store->n);
		break;
	case SCOPE_ALERT:
		alert_rows(s, snap, out);
		break;
	case SCOPE_NODE:
	case SCOPE_SUBTREE:
	case SCOPE_GROUP:
	case SCOPE_GROUP_BELOW:
	case SCOPE_CELL:
		node = lineage_node(snap->lineage, s->text[0]);
		if (node && s->kind == SCOPE_CELL)
			cell_rows(s, snap, node, out);
		else if (node)
			node_rows(s, snap, node, out);
		break;
	case SCOPE_EVENTS:
		event_rows(s, snap, out);
		break;
	case SCOPE_CALLS:
	case SCOPE_CALLS_BELOW:
		call_rows(s, snap, out);
		break;
	case SCOPE_AROUND:
		rows_around(s, snap, out);
		break;
	}
}
