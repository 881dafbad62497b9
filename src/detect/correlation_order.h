/* SPDX-License-Identifier: MIT */
/*
 * correlation_order.h - sequences of items in the order of their rules
 *
 * A sequence has items of ascending positions, in order of time, of which no
 * two that follow each other are the same event. Items of one time are in any
 * order.
 *
 * Cost: O(positions) an item when all rules are asked for, else O(positions^2).
 * Layer: detect, inside. Threads: any.
 */
#ifndef TRAWL_CORRELATION_ORDER_H
#define TRAWL_CORRELATION_ORDER_H

#include "detect/correlation_window.h"

/* How far a sequence reaches: back to its begin, or on to its end. Two, of
 * different events, so that the next item always finds one that is not its
 * own. */
struct reach {
	int64_t time[2];
	uint32_t row[2];
	unsigned n;
};

struct order {
	unsigned positions;
	unsigned wanted; /* items of a sequence; of all positions: the same */
	/* By position of its last item, and by length. */
	struct reach reach[CORRELATION_ORDERED][CORRELATION_ORDERED + 1];
};

void order_init(struct order *o, unsigned positions, unsigned wanted);
/* The items of one time; times come in ascending order. */
void order_add(struct order *o, const struct window_item *item, size_t n);
/* The longest sequence that begins at `since` or later; lengths below
 * `wanted` may be told as 0. */
unsigned order_longest(const struct order *o, int64_t since);

/* Sets in[i] for the items that are in a sequence of `wanted` items lasting
 * no longer than the timespan. */
void order_mark(unsigned positions, unsigned wanted, int64_t timespan,
		const struct window_item *item, size_t n, bool *in);

#endif /* TRAWL_CORRELATION_ORDER_H */
