/* SPDX-License-Identifier: MIT */
/*
 * alert_private.h - what folding matches and telling each have in common
 *
 * Layer: detect, inside.
 */
#ifndef TRAWL_ALERT_PRIVATE_H
#define TRAWL_ALERT_PRIVATE_H

#include "base/arena.h"
#include "detect/alert.h"
#include "detect/episode.h"

/* The distinct values of some rows, in their order. */
struct alert_distinct {
	uint32_t *seen; /* by value: the last mark that it was seen with */
	uint32_t *value;
	size_t n, cap;
};

/* Where the rows of one alert after the other are, and from where: a thread
 * has one of its own. Takes four bytes for each distinct value. */
struct alert_seen {
	struct row_accounts accounts;
	struct alert_distinct account, region, address;
	uint32_t mark;
};

void alert_seen_init(struct alert_seen *x, const struct store *s);
void alert_seen_release(struct alert_seen *x);

/* Fills in an alert whose rule, rows and episodes are known. O(rows). */
void alert_describe(struct alert *a, const struct store *s, struct arena *arena,
		    struct alert_seen *seen);

/* The rows of an episode, or those of its own. */
static inline struct rowset alert_episode_rows(const struct episode *e,
					       bool own)
{
	return own ? rowset_view(e->own, e->own_n) : rowset_view(e->row, e->n);
}

#endif /* TRAWL_ALERT_PRIVATE_H */
