/* SPDX-License-Identifier: MIT */
/*
 * toggles.h - what is often in the way, hidden by one key
 *
 * A toggle is a filter with a name: what it keeps is written in the filter
 * language, so that a batch command keeps the same. It is answered by the
 * store alone, once for each snapshot, and narrows beside filter, window and
 * tactics. How many rows each hides is always known.
 *
 * Layer: ui, no terminal. Threads: one.
 */
#ifndef TRAWL_TOGGLES_H
#define TRAWL_TOGGLES_H

#include "casework/investigation.h"
#include "store/rowset.h"

/*
 * Toggle; what it keeps; what it hides, for people.
 *
 * Writes: what changes something or does not say that it does not; rows that
 * are no calls change nothing. Noise: what AWS services did, by themselves or
 * on somebody's behalf, as long as no rule has an alert on it, and the
 * requests of load balancers' and Route 53's health checks.
 */
#define TOGGLES(X)                                                             \
	X(TOGGLE_WRITES, "kind:(cloudtrail or network) and not readOnly:true", \
	  "reads")                                                             \
	X(TOGGLE_ERRORS, "not outcome:ok", "ok")                               \
	X(TOGGLE_NOISE,                                                        \
	  "(not has:service or alert:*) and not ua:(ELB-HealthChecker* or "    \
	  "Amazon-Route53-Health-Check-Service*)",                             \
	  "services")

enum toggle {
#define X(id, keeps, hides) id,
	TOGGLES(X)
#undef X
		TOGGLE_COUNT
};

const char *toggle_keeps(enum toggle t);
const char *toggle_hides(enum toggle t);

struct toggles {
	uint8_t *hides; /* bits of toggles, by row of the snapshot */
	unsigned known; /* toggles whose bits are there */
	uint64_t of;    /* the snapshot's version */
	size_t hidden[TOGGLE_COUNT]; /* rows, each toggle by itself */
};

void toggles_release(struct toggles *t);
/* Takes what the toggles `on` (bits) hide out of the rows, and counts it. */
void toggles_apply(struct toggles *t, unsigned on, const struct snapshot *snap,
		   struct rowset *rows);
/* Asks beforehand which rows one of those hides that nobody asked about yet;
 * false when all is known. */
bool toggles_step(struct toggles *t, const struct snapshot *snap);
bool toggles_known(const struct toggles *t, const struct snapshot *snap);
/* Is an event that is in no store kept by those that are on? */
bool toggles_keep(unsigned on, const struct event *e);
/* The same without counting, for other rows of that snapshot. */
void toggles_hide(const struct toggles *t, unsigned on, struct rowset *rows);

#endif /* TRAWL_TOGGLES_H */
