/* SPDX-License-Identifier: MIT */
#include "ui/scope.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
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
			       .label = keep(label) };
}

struct scope scope_of_alert(const struct alert *a)
{
	char number[16];

	snprintf(number, sizeof(number), "%" PRIu32, a->rule_number);
	return scope_make(SCOPE_ALERT, str_of(number), a->actor_text, STR_NULL,
			  a->rule->title);
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
}

bool scope_equal(const struct scope *a, const struct scope *b)
{
	for (int i = 0; i < SCOPE_TEXTS; i++)
		if (!str_eq(a->text[i], b->text[i]))
			return false;
	return a->kind == b->kind;
}

/* Rows ---------------------------------------------------------------- */

/* Matches of a rule by an actor; the matches are by row. */
static void alert_rows(const struct scope *s, const struct snapshot *snap,
		       struct rowset *out)
{
	const struct store *store = snap->store;
	uint32_t actor = store_find_value(store, EVENT_ACTOR, s->text[1]);
	uint64_t rule = UINT64_MAX;

	str_to_u64(s->text[0], &rule);
	for (size_t i = 0; actor && i < snap->alerts.n; i++) {
		const struct alert *a = &snap->alerts.alert[i];

		if (a->actor == actor && a->rule_number == rule) {
			rowset_copy(out, &a->rows);
			return;
		}
	}
}

/* The rows of a node and of all that hangs below it in its tree: what the
 * tree's line counts. */
static void subtree_rows(const struct snapshot *snap, node_id node,
			 struct rowset *out)
{
	const struct lineage *l = snap->lineage;
	uint8_t *member = mem_zero(l->node_n, 1);
	struct tree tree;

	tree_below(&tree, l, node);
	for (uint32_t i = 0; i < tree.n; i++)
		member[tree.line[i].node] = 1;
	for (row_id r = 0; r < snap->store->n; r++)
		if (member[l->acting[r]])
			rowset_add(out, r);
	tree_release(&tree);
	free(member);
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
			out, store_seek_time(store, t - SCOPE_AROUND_MS),
			store_seek_time(store, t + SCOPE_AROUND_MS + 1));
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
	case SCOPE_CELL:
		node = lineage_node(snap->lineage, s->text[0]);
		if (node && s->kind == SCOPE_NODE)
			walk_node_rows(snap->lineage, node, out);
		else if (node && s->kind == SCOPE_SUBTREE)
			subtree_rows(snap, node, out);
		else if (node)
			cell_rows(s, snap, node, out);
		break;
	case SCOPE_AROUND:
		rows_around(s, snap, out);
		break;
	}
}
