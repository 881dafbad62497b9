/* SPDX-License-Identifier: MIT */
/*
 * told_twice.h - calls that CloudTrail tells of twice
 *
 * A call through an endpoint of a VPC is recorded by the service that was
 * called, and, where network activity is recorded, by the endpoint as well: two
 * events with ids of their own. They are two rows, but one call: whoever counts
 * calls leaves the endpoint's out when the other is there. One that the endpoint
 * refused never came to the service, and is no second one.
 *
 * The two are known by what the columns say of both: API, caller, and a time
 * that differs by two seconds at most; of several each has one other.
 *
 * Layer: detect. Cost: a look at the kinds; O(rows) where there is a row of an
 * endpoint. Threads: any.
 */
#ifndef TRAWL_TOLD_TWICE_H
#define TRAWL_TOLD_TWICE_H

#include "detect/detector.h"
#include "query/bits.h"
#include "store/store.h"

/* Sets the rows that tell once more of a call that another row tells of; the
 * caller releases it. False, with nothing in it, when there is none. */
bool told_twice(const struct store *s, struct bits *rows);

/* What rules matched in such rows goes: it matched the call. */
void told_twice_drop(const struct store *s, struct rule_matches *matches);

#endif /* TRAWL_TOLD_TWICE_H */
