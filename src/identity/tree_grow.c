/* SPDX-License-Identifier: MIT */
/* The lines below a line: identities, and many of them in one. */
#include "identity/tree_private.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

/* Lines ------------------------------------------------------------------- */

/* The worst alert on the events that prove a link: the call by which
 * something was made belongs to what was made. */
int tree_edge_level(const struct tree_index *x, const struct lineage_edge *e)
{
	int level = -1;

	for (unsigned i = 0; x->marks && i < e->evidence_n; i++)
		level = tree_worse(level,
				   marks_level(x->marks,
					       lineage_evidence(x->l, e, i)));
	return level;
}

/* The same from the row on that the line counts from. */
static void count_rows_since(const struct tree_index *x, node_id node,
			     struct tree_line *line)
{
	struct rowset rows = index_rows_since(x, node, line->since);
	const struct store *s = x->l->store;
	size_t mark = 0;

	if (!rows.n)
		return;
	line->events += (uint32_t)rows.n;
	for (size_t i = 0; i < rows.n; i++)
		line->denied += store_outcome(s, rows.row[i]) == OUTCOME_DENIED;
	for (size_t i = 0; x->level[node] >= 0 && i < rows.n; i++)
		line->level = tree_worse(line->level,
					 tree_row_level(x, rows.row[i], &mark));
	/* What came of it is told as a whole. */
	if (rows.n == x->l->node[node].events ||
	    x->below[node] > x->level[node])
		line->below = tree_worse(line->below, x->below[node]);
	line->below = tree_worse(line->below, line->level);
	if (line->first == ROW_NONE || rows.row[0] < line->first)
		line->first = rows.row[0];
	if (line->last == ROW_NONE || rows.row[rows.n - 1] > line->last)
		line->last = rows.row[rows.n - 1];
}

static void count_rows(const struct tree_index *x, node_id node,
		       struct tree_line *line)
{
	struct rowset rows = index_rows(x, node);

	if (line->since) {
		count_rows_since(x, node, line);
		return;
	}
	line->events += x->l->node[node].events;
	line->denied += x->l->node[node].denied;
	line->level = tree_worse(line->level, x->level[node]);
	line->below = tree_worse(line->below, x->below[node]);
	if (!rows.n)
		return;
	if (line->first == ROW_NONE || rows.row[0] < line->first)
		line->first = rows.row[0];
	if (line->last == ROW_NONE || rows.row[rows.n - 1] > line->last)
		line->last = rows.row[rows.n - 1];
}

/* What a node's line counts: its own rows, of a principal and a machine with
 * those of its keys and sessions. */
void tree_count_node(const struct tree *t, struct tree_line *line)
{
	const struct tree_index *x = t->index;
	enum lineage_kind kind = (enum lineage_kind)x->l->node[line->node].kind;
	struct tree_nodes members = { NULL, 0, 0 };

	if (kind != NODE_PRINCIPAL && kind != NODE_COMPUTE) {
		count_rows(x, line->node, line);
		return;
	}
	tree_members(x->l, line->node, &members);
	for (size_t i = 0; i < members.n; i++)
		count_rows(x, members.node[i], line);
	free(members.node);
}

struct tree_line tree_node_line(const struct tree *t, node_id node,
				const struct lineage_edge *edge,
				enum tree_verb verb, row_id since)
{
	const struct tree_index *x = t->index;
	struct tree_line line = {
		.kind = TREE_NODE,
		.verb = verb,
		.certainty = edge ? (enum certainty)edge->certainty : CERTAIN,
		.level = -1,
		.below = -1,
		.node = node,
		.edge = edge,
		.first = ROW_NONE,
		.last = ROW_NONE,
		.since = tree_since(t->l, verb, edge, since),
	};

	tree_count_node(t, &line);
	if (edge && verb != VERB_NONE)
		line.level = tree_worse(line.level, tree_edge_level(x, edge));
	line.below = tree_worse(line.below, line.level);
	line.opens = (t->options.deeds && x->notable[node]) ||
		     tree_may_gather(x, node, t->options.hints);
	return line;
}

/* Rows that prove what has a line of its own. */
static void evidence_of(const struct tree *t, const struct tree_seeds *seeds,
			struct rowset *out)
{
	const struct lineage *l = t->l;
	row_id *row = NULL;
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < seeds->n; i++) {
		const struct tree_seed *s = &seeds->seed[i];

		/* Ownership, sessions and hints are shown by ordinary calls
		 * and by reads, which count as such. */
		if (s->verb == VERB_NONE || s->verb == VERB_RUNS_AS ||
		    s->edge->certainty == HINT)
			continue;
		for (unsigned k = 0; k < s->edge->evidence_n; k++) {
			row = mem_grow(row, &cap, n + 1, sizeof(*row));
			row[n++] = lineage_evidence(l, s->edge, k);
		}
	}
	rowset_of(out, row, n);
	free(row);
}

/* Of a service only the way to the focus: it issues to everybody. */
static void keep_path(const struct tree *t, uint32_t line,
		      struct tree_seeds *seeds)
{
	size_t kept = 0;

	for (size_t i = 0; i < seeds->n; i++)
		if (tree_on_path(t, seeds->seed[i].node))
			seeds->seed[kept++] = seeds->seed[i];
	t->line[line].count = (uint32_t)(seeds->n - kept);
	seeds->n = kept;
}

/* The node that the line hangs below; a credential's addresses hang below the
 * credential. */
static node_id node_above(const struct tree *t, uint32_t number)
{
	uint32_t up = t->line[number].parent;

	while (up != TREE_NO_LINE && t->line[up].node == t->line[number].node)
		up = t->line[up].parent;
	return up == TREE_NO_LINE ? NODE_NONE : t->line[up].node;
}

static uint32_t ip_of_line(const struct tree_line *line)
{
	return line->kind == TREE_SOURCE ? line->value : TREE_ANYWHERE;
}

static void gather(struct tree *t, uint32_t number, struct tree_seeds *seeds)
{
	const struct tree_line *line = &t->line[number];

	const struct tree_wish wish = {
		.ip = ip_of_line(line),
		.since = line->since,
		.hints = t->options.hints,
		.users = t->options.users && line->parent == TREE_NO_LINE,
		.above = node_above(t, number),
	};

	*seeds = (struct tree_seeds){ NULL, 0, 0 };
	tree_gather(t->l, line->node, &wish, seeds);
}

/* Is a credential, on this line, as many lines as addresses? */
static bool is_split(struct tree *t, const struct tree_line *line)
{
	enum lineage_kind kind = (enum lineage_kind)t->l->node[line->node].kind;

	if (line->kind == TREE_SOURCE ||
	    (kind != NODE_KEY && kind != NODE_SESSION))
		return false;
	return (line->verb == VERB_MADE && t->l->node[line->node].events) ||
	       tree_add_sources(t, line->node, VERB_USED, NULL, line->since,
				NULL) > 1;
}

static void grow_deeds(struct tree *t, uint32_t number,
		       const struct tree_seeds *seeds)
{
	struct tree_line at = t->line[number];
	struct tree_lines lines = { NULL, 0, 0 };
	struct rowset except = ROWSET_INIT;
	struct tree_parts *p = t->parts;
	bool unread = false;

	evidence_of(t, seeds, &except);
	tree_add_deeds(t, at.node, ip_of_line(&at), at.since, &except, &lines);
	for (size_t i = 0; i < lines.n; i++)
		unread |= p->deed[lines.line[i].extra].unread;
	rowset_release(&except);
	tree_commit(t, number, &lines, true);
	if (!unread)
		return;
	p->pending = mem_grow(p->pending, &p->pending_cap,
			      (size_t)p->pending_n + 1, sizeof(*p->pending));
	p->pending[p->pending_n++] = number;
}

void tree_grow_deeds(struct tree *t, uint32_t number)
{
	struct tree_seeds seeds;

	gather(t, number, &seeds);
	grow_deeds(t, number, &seeds);
	free(seeds.seed);
}

/* Below a node, or a credential from one address. */
static void grow_node(struct tree *t, uint32_t number)
{
	struct tree_line at = t->line[number];
	struct tree_lines lines = { NULL, 0, 0 };
	struct tree_seeds seeds;

	if (is_split(t, &at)) {
		tree_add_sources(t, at.node, VERB_USED, at.edge, at.since,
				 &lines);
		tree_commit(t, number, &lines, false);
		return;
	}
	gather(t, number, &seeds);
	/* A machine itself does nothing: its sessions do. */
	if (t->options.deeds && t->l->node[at.node].kind != NODE_COMPUTE)
		grow_deeds(t, number, &seeds);
	if (tree_is_service(t->l, at.node))
		keep_path(t, number, &seeds);
	tree_add_seeds(t, &seeds, at.since, &lines);
	free(seeds.seed);
	tree_commit(t, number, &lines, false);
}

void tree_grow(struct tree *t, uint32_t number)
{
	const struct tree_line *line = &t->line[number];

	if (line->grown)
		return;
	t->line[number].grown = true;
	if (line->depth >= DEEPEST)
		return;
	switch (line->kind) {
	case TREE_NODE:
		if (line->parent == TREE_NO_LINE ||
		    !tree_is_above(t, line->parent, line->node))
			grow_node(t, number);
		break;
	case TREE_SOURCE:
		grow_node(t, number);
		break;
	case TREE_GROUP:
	case TREE_MORE:
		tree_grow_group(t, number);
		break;
	case TREE_VALUE:
		tree_grow_value(t, number);
		break;
	case TREE_LINK:
	case TREE_DEED:
		break;
	}
	if (!t->line[number].child_n && !t->line[number].deed_n)
		t->line[number].opens = false;
}
