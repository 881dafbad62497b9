/* SPDX-License-Identifier: MIT */
/*
 * walk.h - one identity, walked over sessions, services and accounts
 *
 * What belongs to a node is itself and everything that came of it: the keys
 * that a principal owns, its sessions, those that ran on a machine or acted for
 * a person, the sessions that these issued, and so on. The rows in which any
 * of them acted, counted by account and service, are the matrix; the same in
 * order of who came of whom is the tree. Of an address they are the rows that
 * came from it, of an account those that it received, whoever acted.
 *
 * Cost: O(nodes + rows). Layer: identity. Threads: any number may read.
 */
#ifndef TRAWL_WALK_IDENTITY_H
#define TRAWL_WALK_IDENTITY_H

#include "identity/lineage.h"
#include "store/rowset.h"

struct walk_cell {
	uint32_t account; /* value of EVENT_ACCOUNT; 0: not said */
	uint32_t source;  /* value of EVENT_SOURCE */
	uint32_t events, denied, failed;
	int64_t first, last; /* TIME_NONE when no row has a time */
};

struct walk {
	node_id *member; /* what belongs to it, itself first */
	size_t member_n;
	struct rowset rows;     /* in which a member acted, or see above */
	struct walk_cell *cell; /* by account text, then service text */
	size_t cell_n;
};

/* Of `n` nodes together, at least one; only rows in `within`, or all when
 * that is NULL. */
void walk_identity(struct walk *out, const struct lineage *l,
		   const node_id *node, size_t n, const struct rowset *within);
void walk_release(struct walk *w);

/* The rows in which one node acted. `out` is overwritten. O(rows). */
void walk_node_rows(const struct lineage *l, node_id node, struct rowset *out);

/* The rows of a cell's account and source among a walk's. */
void walk_cell_rows(const struct walk *w, const struct lineage *l,
		    const struct walk_cell *cell, struct rowset *out);

#endif /* TRAWL_WALK_IDENTITY_H */
