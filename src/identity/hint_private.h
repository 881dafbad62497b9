/* SPDX-License-Identifier: MIT */
/*
 * hint_private.h - hints while they are looked for
 *
 * The graph is finished but for them. Places are addresses that can be met
 * again: public ones, and private ones that no endpoint of a VPC explains.
 *
 * Layer: identity, inside.
 */
#ifndef TRAWL_HINT_PRIVATE_H
#define TRAWL_HINT_PRIVATE_H

#include "identity/climb.h"
#include "identity/lineage_hints.h"
#include "ingest/reader.h"

/* Numbers by two numbers; NULL slots: empty. */
struct pair_map {
	struct pair_slot {
		uint64_t key; /* 0: free */
		uint32_t value;
	} * slot;
	size_t mask, n;
};

/* The value of a pair that is not (0, 0), 0 when it is new. */
uint32_t *pair_map_at(struct pair_map *m, uint32_t a, uint32_t b);
void pair_map_release(struct pair_map *m);

struct found_hint {
	struct lineage_hint hint;
	row_id row[2]; /* the events that speak for it, ascending */
};

struct hints {
	const struct lineage *l;
	const struct store *s;
	struct climb climb;
	node_id *root;    /* of each node: see hints_root */
	uint8_t *place;   /* by address: may it be met again? */
	uint64_t *placed; /* a bit a row: see hints_is_placed */
	uint8_t *sharers; /* by address: principals, as far as counted */
	uint32_t *agent;  /* by user agent: number of its normal form */
	struct intern agents;
	node_id *principal; /* by value of EVENT_PRINCIPAL */
	struct reader *reader;
	unsigned reads; /* records read so far */
	struct found_hint *found;
	size_t n, cap;
};

/* Does the row come from a place, and from somebody who is no service? */
bool hints_is_placed(const struct hints *h, row_id row);
/* The first such row from here on, or the number of rows. */
row_id hints_placed(const struct hints *h, row_id from);
/*
 * Who a node is as a person counts: its origin, and where that is a session
 * or key, the principal that it is of. One who takes five roles is one.
 */
node_id hints_root(struct hints *h, node_id node);
/* Number of a row's user agent without what changes; 0 for none. */
uint32_t hints_agent(struct hints *h, row_id row);
void hints_add(struct hints *h, enum edge_kind kind, node_id from, node_id to,
	       unsigned terms, unsigned sharers, row_id a, row_id b);

/* hint_exposed.c, hint_sources.c */
void hints_find_exposed(struct hints *h);
void hints_find_sources(struct hints *h);

#endif /* TRAWL_HINT_PRIVATE_H */
