/* SPDX-License-Identifier: MIT */
/*
 * correlation_window.h - windows of time in which a correlation's condition
 * holds
 *
 * A window is a set of items of one group that lie at most the timespan apart
 * and to which no other item could be added: windows slide, they are not cut
 * at multiples of the timespan. Windows in which the condition holds and that
 * share an item are one episode. All items of its windows are in an episode,
 * with two exceptions:
 *
 * - temporal_ordered: those that are part of a sequence of as many rules as
 *   the condition asks for, in the rules' order, that lasts no longer than
 *   the timespan. Items of one second are in any order, since CloudTrail
 *   knows no finer one; an event does not follow itself.
 * - value_percentile without a percentile: those whose value had, of the
 *   timespan that ends with them, a share for which the condition holds.
 *
 * What is measured: units (event_count); different values, or combinations of
 * values, at least one (value_count); rules of which there is an item, an
 * event may stand for several (temporal); rules in the longest sequence
 * (temporal_ordered); sum, mean or percentile (by nearest rank) of numbers, at
 * least one.
 *
 * Cost: O(n log n) at most, for any timespan; 16 rules in order: times 256.
 * Layer: detect. Threads: any.
 */
#ifndef TRAWL_CORRELATION_WINDOW_H
#define TRAWL_CORRELATION_WINDOW_H

#include "detect/correlation_rule.h"

struct window_item {
	int64_t time;            /* ms */
	uint32_t row;            /* the event */
	uint32_t unit;           /* what counts once: from 0 on */
	uint32_t position;       /* of the rule in the correlation's */
	uint32_t value, value_n; /* its values, in window_group.value */
	double number;           /* NAN: none */
};

/* One group, by time. */
struct window_group {
	const struct window_item *item;
	size_t n;
	const uint32_t *value;  /* from 0 on */
	uint32_t units, values; /* how many different ones there are */
};

struct window_episode {
	size_t from, to; /* of the items; those within that are `in` it */
	double measure;  /* the highest of its windows; the lowest where the
			    condition begins with an upper bound */
};

struct window_result {
	struct window_episode *episode; /* in order of time */
	size_t episode_n, episode_cap;
	bool *in;        /* for each item, where there are episodes */
	int64_t *moment; /* of each that is: when the condition first holds
			    with it */
};

/* Fills *out, which the caller releases. */
void windows_find(const struct correlation *c, const struct window_group *g,
		  struct window_result *out);
void window_result_release(struct window_result *r);

#endif /* TRAWL_CORRELATION_WINDOW_H */
