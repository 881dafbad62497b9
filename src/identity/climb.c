/* SPDX-License-Identifier: MIT */
#include "identity/climb.h"

#include <stdlib.h>

#include "base/mem.h"

enum { NOT_ASKED = 0, NO_PARENT = UINT32_MAX };

void climb_init(struct climb *c, const struct lineage *l)
{
	*c = (struct climb){ .l = l };
	if (!l)
		return;
	c->parent = mem_zero(l->node_n, sizeof(*c->parent));
	c->origin = mem_zero(l->node_n, sizeof(*c->origin));
	c->certainty = mem_zero(l->node_n, 1);
	c->met = mem_zero(l->node_n, 1);
}

void climb_release(struct climb *c)
{
	free(c->parent);
	free(c->origin);
	free(c->certainty);
	free(c->met);
	free(c->path);
}

static const struct lineage_edge *ask_parent(struct climb *c, node_id node)
{
	if (c->parent[node] == NOT_ASKED) {
		const struct lineage_edge *e = lineage_parent(c->l, node);

		c->parent[node] = e ? (uint32_t)(e - c->l->edge) + 1 :
				      NO_PARENT;
	}
	return c->parent[node] == NO_PARENT ? NULL :
					      &c->l->edge[c->parent[node] - 1];
}

/* The path ends in a circle that begins at path[from]: it is cut above the
 * member whose id is least. */
static void cut_circle(struct climb *c, size_t from, size_t n)
{
	node_id least = c->path[from];

	for (size_t i = from + 1; i < n; i++)
		if (str_cmp(lineage_id(c->l, c->path[i]),
			    lineage_id(c->l, least)) < 0)
			least = c->path[i];
	c->parent[least] = NO_PARENT;
}

/* Climbs to the first node whose origin is known, or that has no parent, and
 * writes what it learns to all on the way. */
static void climb(struct climb *c, node_id node)
{
	const struct lineage_edge *e;
	node_id at = node;
	size_t n = 0;

	for (;;) {
		c->path = mem_grow(c->path, &c->path_cap, n + 1,
				   sizeof(*c->path));
		c->path[n++] = at;
		c->met[at] = 1;
		e = ask_parent(c, at);
		if (c->origin[at] || !e)
			break;
		at = lineage_other_end(e, at);
		if (c->met[at]) {
			size_t from = n;

			while (c->path[--from] != at)
				;
			cut_circle(c, from, n);
			/* What was below the cut hangs the other way now. */
			for (size_t i = 0; i < n; i++)
				c->met[c->path[i]] = 0;
			n = 0;
			at = node;
		}
	}
	if (!c->origin[at]) {
		c->origin[at] = at;
		c->certainty[at] = CERTAIN;
	}
	c->met[at] = 0;
	for (size_t i = n - 1; i-- > 0;) {
		node_id below = c->path[i], above = c->path[i + 1];

		e = ask_parent(c, below);
		c->met[below] = 0;
		c->origin[below] = c->origin[above];
		c->certainty[below] = e->certainty > c->certainty[above] ?
					      (uint8_t)e->certainty :
					      c->certainty[above];
	}
}

const struct lineage_edge *climb_parent(struct climb *c, node_id node)
{
	climb_origin(c, node);
	return ask_parent(c, node);
}

node_id climb_origin(struct climb *c, node_id node)
{
	if (!c->origin[node])
		climb(c, node);
	return c->origin[node];
}

enum certainty climb_certainty(struct climb *c, node_id node)
{
	climb_origin(c, node);
	return (enum certainty)c->certainty[node];
}
