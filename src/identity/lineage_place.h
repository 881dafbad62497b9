/* SPDX-License-Identifier: MIT */
/*
 * lineage_place.h - whom a row beside the calls names
 *
 * The machine that had an address inside or a network interface, by what
 * LINK_PLACE says; the session that had an assumed role's ARN at a time. Both
 * are probable: addresses and session names are given again.
 *
 * Cost: places sorted once, a search each. Layer: identity, inside.
 */
#ifndef TRAWL_LINEAGE_PLACE_H
#define TRAWL_LINEAGE_PLACE_H

#include "identity/lineage_private.h"

/* Who had which place, by place and time. */
struct machine_places {
	struct lineage_maker *m;
	const struct fact_link **held;
	size_t n;
};

void places_make(struct machine_places *p, struct lineage_maker *m);
void places_release(struct machine_places *p);

/* "@ACCOUNT/ADDRESS", "@/ADDRESS" or "eni-...", as fact_beside.c notes them,
 * at the time of a row. NODE_NONE when nobody is known to have had it, or
 * several are. */
node_id places_machine(const struct machine_places *p, struct str text,
		       row_id row);

/* The last session of that ARN that had begun by then, and not expired. */
node_id places_session(struct lineage_maker *m, struct str text, row_id row);

#endif /* TRAWL_LINEAGE_PLACE_H */
