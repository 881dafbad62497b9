/* SPDX-License-Identifier: MIT */
/*
 * alert_order.h - the order in which the list shows its alerts
 *
 * Alerts come in the order of their score; an order is a permutation of them.
 * What is equal keeps the order of the scores.
 *
 * Layer: ui, no terminal. Cost: O(n log n) when it is made.
 */
#ifndef TRAWL_ALERT_ORDER_H
#define TRAWL_ALERT_ORDER_H

#include "detect/alert.h"

/* Name: by what. `rule` puts the alerts of one rule together, where the first
 * of them is. */
#define ALERT_ORDERS(X)             \
	X(ALERTS_BY_SCORE, "score") \
	X(ALERTS_BY_LEVEL, "level") \
	X(ALERTS_BY_TIME, "time")   \
	X(ALERTS_BY_ACTOR, "actor") \
	X(ALERTS_BY_RULE, "rule")

enum alert_by {
#define X(by, name) by,
	ALERT_ORDERS(X)
#undef X
		ALERT_ORDER_COUNT
};

struct alert_order {
	enum alert_by by;
	bool reversed;
	uint32_t *at; /* which alert is at a place of the list */
	size_t n, cap;
};

const char *alert_by_name(enum alert_by by);
/* False, and nothing changed, for what is no order. */
bool alert_by_parse(struct str name, enum alert_by *by);

void alert_order_release(struct alert_order *o);
/* Puts alerts of a store into the order. */
void alert_order_make(struct alert_order *o, const struct alerts *a,
		      const struct store *s);

#endif /* TRAWL_ALERT_ORDER_H */
