/* SPDX-License-Identifier: MIT */
/* trawl lineage: who became whom. */
#include "cli/behind.h"
#include "cli/cli.h"
#include "cli/graph.h"
#include "cli/subject.h"

#include <stdlib.h>

#include "base/mem.h"

/* What a node is in or was used from belongs to its picture. */
static void add_surroundings(const struct lineage *l, uint8_t *wanted)
{
	for (uint32_t i = 0; i < l->edge_n; i++) {
		const struct lineage_edge *e = &l->edge[i];

		/* 2: added here, what that touches is not wanted. */
		if (wanted[e->from] == 1 && !wanted[e->to] &&
		    (e->kind == EDGE_USED_FROM || e->kind == EDGE_IN_ACCOUNT ||
		     e->kind == EDGE_SESSION_OF ||
		     e->kind == EDGE_ON_BEHALF_OF))
			wanted[e->to] = 2;
	}
}

static void add_down(const struct lineage *l, uint8_t *wanted, node_id node,
		     const struct question *q)
{
	struct reach reach;

	reach_of(&reach, l, node, q);
	for (uint32_t i = 0; i < reach.n; i++)
		wanted[reach.at[i].node] = 1;
	reach_release(&reach);
}

static void add_tree(const struct session *s, const struct tree_index *x,
		     uint8_t *wanted, node_id node)
{
	struct tree *t = graph_tree(s, x, node, false, GRAPH_LINES,
				    TREE_UNFOLD_WHOLE);

	wanted[node] = 1;
	for (uint32_t i = 0; i < t->shown_n; i++)
		if (t->line[t->shown[i]].node)
			wanted[t->line[t->shown[i]].node] = 1;
	tree_free(t);
}

/* The nodes around some, as --up and --down say. */
static uint8_t *part_around(const struct session *s,
			    const struct subject *subject)
{
	const struct lineage *l = s->snap->lineage;
	bool both = s->o->up == s->o->down;
	struct question q = { .marks = &s->snap->marks,
			      .hints = s->o->hints,
			      .at = TIME_NONE };
	uint8_t *wanted = mem_zero(l->node_n, 1);
	struct tree_index *x = tree_index_new(l, NULL, NULL);

	for (size_t i = 0; i < subject->n; i++) {
		if (both || s->o->up)
			suspects_mark(wanted, l, subject->node[i], &q);
		if (both || s->o->down)
			add_down(l, wanted, subject->node[i], &q);
		if (both)
			add_tree(s, x, wanted, subject->node[i]);
	}
	tree_index_free(x);
	add_surroundings(l, wanted);
	return wanted;
}

/* What it came from, and who may be behind it. */
static void write_up(struct session *s, node_id node, int64_t at)
{
	const struct question q = { .marks = &s->snap->marks,
				    .hints = s->o->hints,
				    .at = at };
	struct suspects behind;

	suspects_of(&behind, s->snap->lineage, node, &q);
	graph_write_chain(s, node);
	behind_write(s, &behind);
	suspects_release(&behind);
}

static enum tree_unfolding unfolding(const struct session *s)
{
	return s->o->unfold ? TREE_UNFOLD_WHOLE : TREE_UNFOLD_TELLING;
}

static void write_trees(struct session *s, const struct subject *subject)
{
	struct tree_index *x = tree_index_new(s->snap->lineage, &s->snap->marks,
					      NULL);
	bool folded = false;
	bool both = s->o->up == s->o->down;

	for (size_t i = 0; i < subject->n; i++) {
		struct tree *t;

		if (s->o->up && !both) {
			write_up(s, subject->node[i], subject->at);
			continue;
		}
		t = graph_tree(s, x, subject->node[i], !both, GRAPH_LINES,
			       unfolding(s));
		folded |= graph_write_tree(s, t);
		tree_free(t);
	}
	if (folded)
		graph_write_folded(s);
	tree_index_free(x);
}

/* Everything: one tree an origin. */
static void write_forest(struct session *s)
{
	const struct lineage *l = s->snap->lineage;
	struct tree_index *x = tree_index_new(l, &s->snap->marks, NULL);
	bool folded = false;
	size_t n;
	node_id *node = graph_nodes(l, NULL, &n);
	enum certainty certainty;

	for (size_t i = 0; i < n; i++) {
		struct tree *t;

		if (l->node[node[i]].kind != NODE_PRINCIPAL ||
		    lineage_origin(l, node[i], &certainty) != node[i])
			continue;
		t = graph_tree(s, x, node[i], true, GRAPH_LINES, unfolding(s));
		if (l->node[node[i]].events || t->shown_n > 1)
			folded |= graph_write_tree(s, t);
		tree_free(t);
	}
	if (folded)
		graph_write_folded(s);
	tree_index_free(x);
	free(node);
}

int cli_lineage(const struct options *o, FILE *out, FILE *err_file)
{
	struct subject subject = { .n = 0 };
	struct graph_part part = { .hints = o->hints };
	uint8_t *wanted = NULL;
	struct session s;
	struct err err;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if ((o->up || o->down) && !o->of) {
		err_set(&err, ERR_USAGE, "--%s needs --of ID",
			o->up ? "up" : "down");
		return session_fail(&s, &err);
	}
	if (o->of && subject_find(&subject, &s, o->of, true, &err))
		return session_fail(&s, &err);
	if (subject.n && o->format != FORMAT_TABLE)
		part.wanted = wanted = part_around(&s, &subject);
	if (o->format == FORMAT_JSON)
		graph_write_json(&s, &part);
	else if (o->format == FORMAT_DOT)
		graph_write_dot(&s, &part);
	else if (subject.n)
		write_trees(&s, &subject);
	else
		write_forest(&s);
	free(wanted);
	subject_release(&subject);
	return session_close(&s);
}
