/* SPDX-License-Identifier: MIT */
/*
 * walk.h - one identity, walked over sessions, services and accounts
 *
 * What belongs to a node is itself and everything that came of it: the keys
 * that a principal owns, its sessions, those that ran on a machine or acted
 * for a person, the sessions that these issued, and so on. The rows in which
 * any of them acted, counted by account and service, are the matrix; the same
 * in order of who came of whom is the tree.
 *
 * An address, an account and the key of a session do not act: they are used.
 * Their rows are those that came from the address, were delivered to the
 * account or called from it, or were made with the key; beside those, the
 * sessions that were issued with the key, or by callers of the account, belong
 * to them. What was issued from an address does not: who sits there is not
 * known of other rows than its own.
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
	/* What belongs to it, itself first; from `whole_n` on, of an address,
	 * account or session's key, who acted in its rows and maybe in
	 * others. */
	node_id *member;
	size_t member_n, whole_n;
	struct rowset rows;     /* its own, and in which a member acted */
	struct walk_cell *cell; /* by account text, then service text */
	size_t cell_n;
};

/* Of `n` nodes together, at least one; only rows in `within`, or all when
 * that is NULL. */
void walk_identity(struct walk *out, const struct lineage *l,
		   const node_id *node, size_t n, const struct rowset *within);
void walk_release(struct walk *w);

/* Is one of the walk's rows among those that prove an edge? */
bool walk_proves(const struct walk *w, const struct lineage *l,
		 const struct lineage_edge *e);

/* Is it an address, an account or the key of a session? */
bool walk_is_used(const struct lineage *l, node_id node);
/* The rows of one node alone: in which it acted, or was used. `out` is
 * overwritten. O(rows), of an address O(its rows). */
void walk_node_rows(const struct lineage *l, node_id node, struct rowset *out);

struct walk_count {
	uint32_t events, denied, failed;
	row_id first, last; /* ROW_NONE: there are none */
};

/* How many rows each node has, by node, as walk_node_rows has them; the caller
 * frees it. O(nodes + rows). */
struct walk_count *walk_counts(const struct lineage *l);

/* The rows of a cell's account and source among a walk's. */
void walk_cell_rows(const struct walk *w, const struct lineage *l,
		    const struct walk_cell *cell, struct rowset *out);

#endif /* TRAWL_WALK_IDENTITY_H */
