/* SPDX-License-Identifier: MIT */
/*
 * climb.h - origins of many nodes of one graph, each climbed once
 *
 * lineage_origin climbs for one node; a question that asks for the origins of
 * many would climb the same chains again and again. Where parents go in a
 * circle (a key that issued the session that it is a key of), the climb ends
 * at the member of the circle whose id is least, whoever asks.
 *
 * Cost: all origins together O(nodes + edges); 13 bytes a node.
 *
 * Layer: identity. Threads: one at a time.
 */
#ifndef TRAWL_CLIMB_H
#define TRAWL_CLIMB_H

#include "identity/lineage.h"

struct climb {
	const struct lineage *l;
	uint32_t *parent;   /* edge number + 1; 0 not asked yet */
	node_id *origin;    /* NODE_NONE: not known yet */
	uint8_t *certainty; /* to the origin */
	uint8_t *met;       /* on the climb of now */
	node_id *path;
	size_t path_cap;
};

void climb_init(struct climb *c, const struct lineage *l);
void climb_release(struct climb *c);

/* The edge by which the climb leaves a node; NULL at the origin. */
const struct lineage_edge *climb_parent(struct climb *c, node_id node);
/* Where the climb from a node ends. */
node_id climb_origin(struct climb *c, node_id node);
/* The least certainty on the way there. */
enum certainty climb_certainty(struct climb *c, node_id node);

#endif /* TRAWL_CLIMB_H */
