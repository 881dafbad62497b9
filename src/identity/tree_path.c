/* SPDX-License-Identifier: MIT */
/* From the node that is asked for up to where its tree begins, and down again
 * along the lines. */
#include "identity/tree_private.h"

#include "base/mem.h"

/* Up and down ---------------------------------------------------- */

static void add_step(struct tree_parts *p, node_id node)
{
	p->path = mem_grow(p->path, &p->path_cap, (size_t)p->path_n + 1,
			   sizeof(*p->path));
	p->path[p->path_n++] = node;
}

/* From the focus up; turned round afterwards. */
static void climb(struct tree *t, node_id focus)
{
	const struct lineage *l = t->l;
	struct tree_parts *p = t->parts;
	int64_t at = lineage_first(l, focus);
	const struct lineage_edge *e;
	node_id node = focus;

	add_step(p, node);
	while (p->path_n < DEEPEST && (e = tree_climb(l, node, at))) {
		node = lineage_other_end(e, node);
		if (tree_on_path(t, node))
			break; /* a cycle */
		add_step(p, node);
		/* From here on what counts is what it did for that. */
		if (e->kind != EDGE_OWNS)
			at = lineage_edge_time(l, e);
	}
}

/* With hints the way goes on from a key to whoever may have read it: that
 * stands above the key in place of its owner. */
static bool climb_hint(struct tree *t)
{
	const struct lineage *l = t->l;
	struct tree_parts *p = t->parts;
	const struct lineage_edge *e;

	for (uint32_t i = p->path_n; i-- > 0;) {
		for (uint32_t k = 0; (e = lineage_in(l, p->path[i], k)); k++) {
			if (e->kind != EDGE_EXPOSED_BY ||
			    tree_on_path(t, e->from))
				continue;
			p->path_n = i + 1;
			climb(t, e->from);
			return true;
		}
	}
	return false;
}

void tree_find_path(struct tree *t, node_id focus)
{
	struct tree_parts *p = t->parts;

	if (t->options.below)
		add_step(p, focus);
	else
		climb(t, focus);
	while (t->options.hints && !t->options.below && p->path_n < DEEPEST &&
	       climb_hint(t))
		;
	for (uint32_t i = 0; i < p->path_n / 2; i++) {
		node_id swapped = p->path[i];

		p->path[i] = p->path[p->path_n - 1 - i];
		p->path[p->path_n - 1 - i] = swapped;
	}
}

/* Is the node among a group's members? */
static bool has_member(const struct tree *t, const struct tree_line *line,
		       node_id node)
{
	const struct tree_group *g = &t->parts->group[line->extra];

	for (uint32_t i = 0; i < g->n; i++)
		if (t->parts->member[g->from + i].node == node)
			return true;
	return false;
}

/* The edge from one step of the path to the next says from which address. */
static uint32_t ip_of_step(const struct tree *t, node_id from, node_id to)
{
	const struct lineage *l = t->l;
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_in(l, to, i)); i++)
		if (e->from == from)
			return tree_edge_ip(l, e);
	return TREE_ANYWHERE;
}

/*
 * The line of a node below `line`, which is unfolded on the way; of a
 * credential's addresses the one that is asked for.
 */
static uint32_t find_below(struct tree *t, uint32_t line, node_id node,
			   uint32_t from_ip, uint32_t ip)
{
	uint32_t found = TREE_NO_LINE;

	tree_unfold(t, line);
	for (uint32_t i = 0; i < t->line[line].child_n; i++) {
		uint32_t child = t->line[line].child + i;
		const struct tree_line *c = &t->line[child];

		if (c->kind == TREE_SOURCE && c->node == t->line[line].node &&
		    c->value == from_ip)
			return find_below(t, child, node, from_ip, ip);
		if (c->kind == TREE_GROUP && has_member(t, c, node))
			return find_below(t, child, node, from_ip, ip);
		if (c->node != node ||
		    (c->kind != TREE_NODE && c->kind != TREE_SOURCE))
			continue;
		if (found == TREE_NO_LINE || c->value == ip)
			found = child;
	}
	return found;
}

static uint32_t row_ip(const struct tree *t)
{
	const struct store *s = t->l->store;
	uint32_t value;

	if (t->options.row == ROW_NONE)
		return TREE_ANYWHERE;
	value = store_value_at(s, EVENT_IP, t->options.row);
	return tree_is_address(s, value) ? value : TREE_ELSEWHERE;
}

bool tree_reveal(struct tree *t)
{
	struct tree_parts *p = t->parts;
	uint32_t at = 0, i;

	for (i = 1; i < p->path_n; i++) {
		uint32_t from_ip = ip_of_step(t, p->path[i - 1], p->path[i]);
		uint32_t ip = i + 1 < p->path_n ? ip_of_step(t, p->path[i],
							     p->path[i + 1]) :
						  row_ip(t);
		uint32_t next = find_below(t, at, p->path[i], from_ip, ip);

		if (next == TREE_NO_LINE)
			break;
		at = next;
	}
	t->focus = at;
	/* The focus may itself be split by address. */
	if (t->line[at].kind == TREE_NODE && t->line[at].node &&
	    tree_unfold(t, at))
		for (uint32_t k = 0; k < t->line[at].child_n; k++) {
			const struct tree_line *c =
				&t->line[t->line[at].child + k];

			if (c->kind == TREE_SOURCE &&
			    c->node == t->line[at].node &&
			    c->value == row_ip(t))
				t->focus = t->line[at].child + k;
		}
	if (t->line[t->focus].kind == TREE_SOURCE)
		tree_unfold(t, t->focus);
	return i == p->path_n;
}

/* Another focus ----------------------------------------------------------- */

node_id tree_root(const struct tree *t)
{
	return t->parts->path[0];
}

bool tree_refocus(struct tree *t, node_id focus, row_id row)
{
	node_id root = tree_root(t);

	t->options.row = row;
	t->parts->path_n = 0;
	tree_find_path(t, tree_stand_in(t->l, focus));
	if (tree_root(t) != root || t->options.form != TREE_BY_PERSON ||
	    tree_is_service(t->l, root))
		return false;
	if (!tree_reveal(t))
		return false;
	tree_show(t);
	return true;
}
