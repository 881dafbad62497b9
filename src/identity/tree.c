/* SPDX-License-Identifier: MIT */
/* Trees of identities, as walk.h declares them. */
#include "identity/walk.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "model/identity.h"

/* A child waiting to be shown. */
struct child {
	node_id node;
	const struct lineage_edge *edge;
};

struct planter {
	struct tree *tree;
	const struct lineage *l;
	size_t cap;
	uint8_t *seen;    /* nodes that have a line, or will have one */
	uint8_t *on_path; /* nodes between the origin and the focus */
};

/* Deeper than any real chain; a hostile one is cut here. */
enum { DEEPEST = 500 };

static bool hangs_below(const struct lineage_edge *e)
{
	return e->kind == EDGE_OWNS || e->kind == EDGE_ISSUED ||
	       e->kind == EDGE_CREATED;
}

static bool has_issuer(const struct lineage *l, node_id session)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_in(l, session, i)); i++)
		if (e->kind == EDGE_ISSUED)
			return true;
	return false;
}

struct child_order {
	const struct lineage *l;
	const struct child *child;
};

static int compare_children(uint32_t x, uint32_t y, const void *context)
{
	const struct child_order *o = context;
	const struct child *a = &o->child[x], *b = &o->child[y];

	int64_t x_time = lineage_edge_time(o->l, a->edge);
	int64_t y_time = lineage_edge_time(o->l, b->edge);

	if (x_time != y_time)
		return x_time < y_time ? -1 : 1;
	if (a->edge->kind != b->edge->kind)
		return a->edge->kind < b->edge->kind ? -1 : 1;
	return str_cmp(lineage_id(o->l, a->node), lineage_id(o->l, b->node));
}

static void sort_children(const struct lineage *l, struct child *child,
			  size_t n)
{
	struct child_order context = { l, child };
	uint32_t *order = mem_alloc((n + 1) * sizeof(*order));
	struct child *sorted = mem_alloc((n + 1) * sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	sort_u32(order, n, compare_children, &context);
	for (size_t i = 0; i < n; i++)
		sorted[i] = child[order[i]];
	memcpy(child, sorted, n * sizeof(*child));
	free(order);
	free(sorted);
}

/* Was the key's owner made by that node too? Then it shows below its owner. */
static bool owner_came_along(const struct lineage *l, node_id key, node_id by)
{
	const struct lineage_edge *owns, *made;

	for (uint32_t i = 0; (owns = lineage_in(l, key, i)); i++) {
		if (owns->kind != EDGE_OWNS)
			continue;
		for (uint32_t j = 0; (made = lineage_in(l, owns->from, j)); j++)
			if (made->kind == EDGE_CREATED && made->from == by)
				return true;
	}
	return false;
}

static void add_child(struct planter *p, struct child **child, size_t *n,
		      size_t *cap, node_id node, const struct lineage_edge *e)
{
	if (p->seen[node])
		return;
	p->seen[node] = 1;
	*child = mem_grow(*child, cap, *n + 1, sizeof(**child));
	(*child)[(*n)++] = (struct child){ node, e };
}

/* What hangs below a node, in order of time. Sessions of a principal that
 * something issued hang below that instead. */
static struct child *children_of(struct planter *p, node_id node, size_t *n)
{
	const struct lineage *l = p->l;
	const struct lineage_edge *e;
	struct child *child = NULL;
	size_t cap = 0;

	*n = 0;
	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		if (hangs_below(e) && !(e->kind == EDGE_CREATED &&
					l->node[e->to].kind == NODE_KEY &&
					owner_came_along(l, e->to, node)))
			add_child(p, &child, n, &cap, e->to, e);
	if (l->node[node].kind == NODE_PRINCIPAL)
		for (uint32_t i = 0; (e = lineage_in(l, node, i)); i++)
			if (e->kind == EDGE_SESSION_OF &&
			    !has_issuer(l, e->from))
				add_child(p, &child, n, &cap, e->from, e);
	if (*n)
		sort_children(l, child, *n);
	return child;
}

static bool is_service(const struct lineage *l, node_id node)
{
	return l->node[node].kind == NODE_PRINCIPAL &&
	       strcmp(principal_kind(lineage_text(l, node)), "service") == 0;
}

static uint32_t add_line(struct planter *p, node_id node,
			 const struct lineage_edge *edge, uint32_t parent,
			 uint16_t depth, bool last)
{
	struct tree *t = p->tree;

	t->line = mem_grow(t->line, &p->cap, (size_t)t->n + 1,
			   sizeof(*t->line));
	t->line[t->n] = (struct tree_line){ .node = node,
					    .edge = edge,
					    .parent = parent,
					    .depth = depth,
					    .last = last,
					    .events = p->l->node[node].events,
					    .denied = p->l->node[node].denied };
	return t->n++;
}

/* Recursion is bounded by DEEPEST. */
static void plant(struct planter *p, node_id node,
		  const struct lineage_edge *edge, uint32_t parent,
		  uint16_t depth, bool last)
{
	uint32_t at = add_line(p, node, edge, parent, depth, last);
	bool choosy = is_service(p->l, node);
	uint32_t left_out = 0;
	struct child *child;
	size_t n, shown = 0;

	child = depth < DEEPEST ? children_of(p, node, &n) : NULL;
	if (!child)
		n = 0;
	for (size_t i = 0; i < n; i++) {
		if (choosy && !p->on_path[child[i].node])
			left_out++;
		else
			child[shown++] = child[i];
	}
	for (size_t i = 0; i < shown; i++) {
		uint32_t line = p->tree->n;

		plant(p, child[i].node, child[i].edge, at,
		      (uint16_t)(depth + 1), i + 1 == shown);
		p->tree->line[at].events += p->tree->line[line].events;
		p->tree->line[at].denied += p->tree->line[line].denied;
	}
	free(child);
	p->tree->line[at].left_out = left_out;
	p->tree->line[at].end = p->tree->n;
}

static void plant_from(struct tree *out, const struct lineage *l, node_id root,
		       node_id focus, uint8_t *on_path)
{
	struct planter p = { .tree = out, .l = l, .on_path = on_path };

	*out = (struct tree){ NULL, 0, 0 };
	p.seen = mem_zero(l->node_n, 1);
	p.seen[root] = 1;
	plant(&p, root, NULL, UINT32_MAX, 0, true);
	for (uint32_t i = 0; i < out->n; i++)
		if (out->line[i].node == focus)
			out->focus = i;
	free(p.seen);
	free(on_path);
}

/* Who made a principal that nothing in the evidence came before. */
static const struct lineage_edge *maker(const struct lineage *l, node_id node)
{
	const struct lineage_edge *e, *first = NULL;

	for (uint32_t i = 0; (e = lineage_in(l, node, i)); i++)
		if (e->kind == EDGE_CREATED &&
		    (!first ||
		     lineage_edge_time(l, e) < lineage_edge_time(l, first)))
			first = e;
	return first;
}

void tree_around(struct tree *out, const struct lineage *l, node_id focus)
{
	uint8_t *on_path = mem_zero(l->node_n, 1);
	const struct lineage_edge *up_edge = lineage_parent(l, focus);
	node_id root;

	/* A session's own key has no line: the session stands for it. */
	if (up_edge && up_edge->kind == EDGE_HAS_KEY)
		focus = up_edge->from;
	root = focus;
	on_path[focus] = 1;
	for (;;) {
		const struct lineage_edge *e = lineage_parent(l, root);
		node_id up;

		if (!e)
			e = maker(l, root);
		if (!e)
			break;
		up = lineage_other_end(e, root);
		if (on_path[up])
			break; /* a cycle */
		on_path[up] = 1;
		root = up;
	}
	plant_from(out, l, root, focus, on_path);
}

void tree_below(struct tree *out, const struct lineage *l, node_id root)
{
	plant_from(out, l, root, root, mem_zero(l->node_n, 1));
}

void tree_release(struct tree *t)
{
	free(t->line);
	*t = (struct tree){ NULL, 0, 0 };
}
