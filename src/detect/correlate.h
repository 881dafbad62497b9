/* SPDX-License-Identifier: MIT */
/*
 * correlate.h - correlations, run over the matches of a snapshot
 *
 * Rules that a correlation names have matched while events were loaded, and
 * the values of the fields that it groups or counts by were noted with them.
 * Here their matches are put into groups by those values, and windows are
 * looked for in each group.
 *
 * An event that lacks a group-by field belongs to the group in which that
 * field is missing; an empty text is a missing one. One that has several
 * values belongs to the group of each. Rows without a time are in no window.
 *
 * A correlation of correlations sees each event of an episode at the moment at
 * which the condition first held with it, and counts episodes.
 *
 * Nothing of what comes out depends on the order of the files or on the number
 * of threads. Memory: one correlation's events for each thread, bounded.
 *
 * Layer: detect. Threads: any; nothing is written but *matches. It starts
 * some of its own.
 */
#ifndef TRAWL_CORRELATE_H
#define TRAWL_CORRELATE_H

#include "detect/detector.h"
#include "identity/lineage.h"

enum {
	CORRELATE_EVENTS = 16 * 1024 * 1024, /* of one correlation */
	CORRELATE_GROUPS = 64,               /* that one event may belong to */
};

/*
 * Adds what the correlations of a sealed set find, drops the matches of rules
 * that are silent, and makes matches->episodes. Every snapshot's matches come
 * through here, before they are folded. Returns how many events were left out
 * for want of room. `threads` run at a time; 0 is 1.
 */
uint64_t correlations_apply(const struct ruleset *rs, const struct store *s,
			    const struct lineage *l,
			    const struct captures *captures, unsigned threads,
			    struct rule_matches *matches);

#endif /* TRAWL_CORRELATE_H */
