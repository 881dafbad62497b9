/* SPDX-License-Identifier: MIT */
/*
 * indicator_watch.h - indicators found while events are loaded
 *
 * A watch is an ingest visitor: in each loading thread it looks every text of
 * an event up. After the load what it noted becomes matches of the rules that
 * are about indicators, one a kind, which then fold, filter and mark like any
 * other; each match has a note: which line of which list, and where in the
 * record.
 *
 * Layer: detect. Threads: the visitor's functions as ingest.h says; the
 * others in the appending thread.
 */
#ifndef TRAWL_INDICATOR_WATCH_H
#define TRAWL_INDICATOR_WATCH_H

#include "detect/detector.h"
#include "detect/indicator.h"

/* Adds the rules about indicators: before the seal. */
void indicator_rules_add(struct ruleset *rs);

struct indicator_watch;

/* Lists and sealed rules outlive it. */
struct indicator_watch *indicator_watch_new(const struct indicators *x,
					    const struct ruleset *rs);
void indicator_watch_free(struct indicator_watch *w);
struct ingest_visitor indicator_watch_visitor(struct indicator_watch *w);

/* Adds what was noted to the matches of a store, after everything else:
 * `row_of` is what builder_publish gave, for `arrivals` rows. */
void indicator_watch_matches(const struct indicator_watch *w,
			     const row_id *row_of, uint32_t arrivals,
			     struct rule_matches *matches);

#endif /* TRAWL_INDICATOR_WATCH_H */
