/* SPDX-License-Identifier: MIT */
/*
 * break_glass.h - emergency identities that the site file names
 *
 * A user, role or root that nobody uses but in an emergency, and whatever came
 * of it: its keys, its sessions, the roles that those took.
 *
 * Layer: identity. Cost: a few edges a node on the way up. Threads: one climb
 * each.
 */
#ifndef TRAWL_BREAK_GLASS_H
#define TRAWL_BREAK_GLASS_H

#include "identity/climb.h"
#include "model/site.h"

/* The line of the site file that names a node, or the nearest above it on the
 * way to its origin; NULL when none does. `who` (may be NULL) is the one that
 * is named. */
const struct site_entry *break_glass_behind(struct climb *c,
					    const struct site *site,
					    node_id node, node_id *who);
/* The same, of one node. O(nodes). */
const struct site_entry *break_glass_of(const struct lineage *l,
					const struct site *site, node_id node,
					node_id *who);
/* Adds "break-glass (for fires)". */
void break_glass_describe(const struct site_entry *named, struct strbuf *out);

#endif /* TRAWL_BREAK_GLASS_H */
