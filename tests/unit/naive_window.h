/* SPDX-License-Identifier: MIT */
/*
 * naive_window.h - correlations by trying every window there is
 *
 * The oracle for correlation_window: it puts a span of time at every place,
 * takes the sets of items that this gives, throws out those that are part of
 * another, and says from the definition alone which of them hold. Sequences
 * are found by trying all of them. Nothing of src/detect is used but the types
 * that say what a correlation is.
 */
#ifndef NAIVE_WINDOW_H
#define NAIVE_WINDOW_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "detect/correlation_window.h"

enum { NAIVE_ITEMS = 24 }; /* at most: a set is the bits of a number */

typedef uint32_t item_set;

/* As rule files call them. */
static const char *const naive_types[] = {
#define X(code, name) name,
	CORRELATION_TYPES(X)
#undef X
};
static const char *const naive_ops[] = {
#define X(code, name) name,
	LIMIT_OPS(X)
#undef X
};

struct naive_group {
	const struct correlation *c;
	const struct window_item *item;
	const uint32_t *value;
	unsigned n;
};

/* Items between two times, both taken in. */
static inline item_set naive_between(const struct naive_group *g, int64_t from,
				     int64_t to)
{
	item_set set = 0;

	for (unsigned i = 0; i < g->n; i++)
		if (g->item[i].time >= from && g->item[i].time <= to)
			set |= 1u << i;
	return set;
}

static inline bool naive_limits(const struct correlation *c, double x)
{
	for (size_t i = 0; i < c->limits.n; i++) {
		double y = c->limits.limit[i].than;
		const char *op = naive_ops[c->limits.limit[i].op];

		if ((strcmp(op, "gt") == 0 && !(x > y)) ||
		    (strcmp(op, "gte") == 0 && !(x >= y)) ||
		    (strcmp(op, "lt") == 0 && !(x < y)) ||
		    (strcmp(op, "lte") == 0 && !(x <= y)) ||
		    (strcmp(op, "eq") == 0 && x != y) ||
		    (strcmp(op, "neq") == 0 && x == y))
			return false;
	}
	return true;
}

/* How many different numbers `of` gives for the items of a set. */
static inline unsigned naive_distinct(const struct naive_group *g, item_set set,
				      unsigned (*of)(const struct naive_group *,
						     unsigned, unsigned *))
{
	unsigned seen[NAIVE_ITEMS * 8], n = 0;

	for (unsigned i = 0; i < g->n; i++) {
		unsigned list[8], m;

		if (!(set >> i & 1))
			continue;
		m = of(g, i, list);
		for (unsigned k = 0; k < m; k++) {
			bool known = false;

			for (unsigned j = 0; j < n; j++)
				known |= seen[j] == list[k];
			if (!known)
				seen[n++] = list[k];
		}
	}
	return n;
}

static inline unsigned naive_unit(const struct naive_group *g, unsigned i,
				  unsigned *list)
{
	list[0] = g->item[i].unit;
	return 1;
}

static inline unsigned naive_position(const struct naive_group *g, unsigned i,
				      unsigned *list)
{
	list[0] = g->item[i].position;
	return 1;
}

static inline unsigned naive_values(const struct naive_group *g, unsigned i,
				    unsigned *list)
{
	for (unsigned k = 0; k < g->item[i].value_n; k++)
		list[k] = g->value[g->item[i].value + k];
	return g->item[i].value_n;
}

/* Calls for every sequence in a set: of items of ascending positions, in order
 * of time, no two neighbours of which are the same event. */
struct naive_chains {
	const struct naive_group *g;
	item_set set;
	unsigned chain[NAIVE_ITEMS], n;
	unsigned longest;
	/* Those of this length that last no longer than the timespan. */
	unsigned wanted;
	item_set marked;
};

static inline void naive_extend(struct naive_chains *x)
{
	const struct window_item *item = x->g->item;
	const struct window_item *last = x->n ? &item[x->chain[x->n - 1]] :
						NULL;

	if (x->n > x->longest)
		x->longest = x->n;
	if (x->n == x->wanted && x->n &&
	    last->time - item[x->chain[0]].time <= x->g->c->timespan)
		for (unsigned i = 0; i < x->n; i++)
			x->marked |= 1u << x->chain[i];
	for (unsigned i = 0; i < x->g->n; i++) {
		if (!(x->set >> i & 1) ||
		    (last &&
		     (item[i].position <= last->position ||
		      item[i].time < last->time || item[i].row == last->row)))
			continue;
		x->chain[x->n++] = i;
		naive_extend(x);
		x->n--;
	}
}

static inline int naive_compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* What a set measures; NAN for nothing. */
static inline double naive_measure(const struct naive_group *g, item_set set)
{
	const struct correlation *c = g->c;
	double number[NAIVE_ITEMS], sum = 0;
	unsigned n = 0, distinct = 0;
	struct naive_chains x = { .g = g, .set = set };

	for (unsigned i = 0; i < g->n; i++)
		if ((set >> i & 1) && !isnan(g->item[i].number)) {
			number[n++] = g->item[i].number;
			sum += g->item[i].number;
		}
	switch (c->type) {
	case CORRELATION_EVENT_COUNT:
		distinct = naive_distinct(g, set, naive_unit);
		break;
	case CORRELATION_TEMPORAL:
		distinct = naive_distinct(g, set, naive_position);
		break;
	case CORRELATION_VALUE_COUNT:
		distinct = naive_distinct(g, set, naive_values);
		break;
	case CORRELATION_TEMPORAL_ORDERED:
		naive_extend(&x);
		return x.longest;
	case CORRELATION_VALUE_SUM:
		return n ? sum : (double)NAN;
	case CORRELATION_VALUE_AVG:
		return n ? sum / n : (double)NAN;
	case CORRELATION_VALUE_PERCENTILE:
	default:
		qsort(number, n, sizeof(*number), naive_compare);
		/* The first of which at least so many percent are no more. */
		for (unsigned k = 0; k < n; k++)
			if (100.0 * (k + 1) >= c->percentile * n)
				return number[k];
		return n ? number[n - 1] : (double)NAN;
	}
	return distinct ? distinct : (double)NAN;
}

static inline bool naive_holds(const struct naive_group *g, item_set set)
{
	double m = naive_measure(g, set);

	return set && !isnan(m) && naive_limits(g->c, m);
}

/* Of the items that have a value, the percentage that has this one of item i's
 * for which the condition holds, in what the timespan up to it holds. */
static inline bool naive_share(const struct naive_group *g, unsigned i)
{
	int64_t at = g->item[i].time;
	item_set set = naive_between(g, at - g->c->timespan, at);
	unsigned list[8], other[8], n = naive_values(g, i, list), all = 0;

	for (unsigned k = 0; k < g->n; k++)
		all += (set >> k & 1) && g->item[k].value_n;
	for (unsigned v = 0; v < n; v++) {
		unsigned same = 0;

		for (unsigned k = 0; k < g->n; k++) {
			unsigned m = naive_values(g, k, other);

			for (unsigned j = 0; (set >> k & 1) && j < m; j++)
				same += other[j] == list[v];
		}
		if (naive_limits(g->c, 100.0 * same / all))
			return true;
	}
	return false;
}

struct naive_result {
	item_set episode[NAIVE_ITEMS];
	unsigned n;
	int64_t moment[NAIVE_ITEMS];
};

static inline void naive_shares(const struct naive_group *g,
				struct naive_result *out)
{
	int64_t last = INT64_MIN;

	for (unsigned i = 0; i < g->n; i++) {
		int64_t at = g->item[i].time;

		if (!naive_share(g, i))
			continue;
		if (last == INT64_MIN || at - last > g->c->timespan)
			out->episode[out->n++] = 0;
		out->episode[out->n - 1] |= 1u << i;
		out->moment[i] = last = at;
	}
}

/* The windows: sets that the timespan can cover and that are part of no
 * other. */
static inline unsigned naive_windows(const struct naive_group *g,
				     item_set *window)
{
	unsigned n = 0, kept = 0;
	int64_t first = g->item[0].time, last = g->item[g->n - 1].time;

	for (int64_t at = first - g->c->timespan; at <= last; at++) {
		item_set set = naive_between(g, at, at + g->c->timespan);

		if (set && (n == 0 || window[n - 1] != set))
			window[n++] = set;
	}
	for (unsigned i = 0; i < n; i++) {
		bool part = false;

		for (unsigned k = 0; k < n; k++)
			part |= k != i && (window[i] & ~window[k]) == 0 &&
				window[i] != window[k];
		if (!part)
			window[kept++] = window[i];
	}
	return kept;
}

static inline void naive_find(const struct naive_group *g,
			      struct naive_result *out)
{
	item_set window[256], covered = 0, in = 0;
	unsigned n;

	memset(out, 0, sizeof(*out));
	if (g->n == 0)
		return;
	if (g->c->type == CORRELATION_VALUE_PERCENTILE &&
	    !g->c->has_percentile) {
		naive_shares(g, out);
		return;
	}
	n = naive_windows(g, window);
	for (unsigned i = 0; i < n; i++) {
		if (!naive_holds(g, window[i]))
			continue;
		if (covered & window[i])
			out->episode[out->n - 1] |= window[i];
		else
			out->episode[out->n++] = window[i];
		covered |= window[i];
	}
	for (unsigned i = 0; i < out->n; i++) {
		struct naive_chains x = { .g = g, .set = out->episode[i] };

		if (g->c->type == CORRELATION_TEMPORAL_ORDERED) {
			while (!naive_limits(g->c, ++x.wanted))
				;
			naive_extend(&x);
			out->episode[i] = x.marked;
		}
		in |= out->episode[i];
	}
	for (unsigned i = 0; i < g->n; i++)
		for (unsigned k = g->n; k-- > i && (in >> i & 1);) {
			int64_t at = g->item[k].time;

			if (at - g->c->timespan <= g->item[i].time &&
			    naive_holds(g, naive_between(g, at - g->c->timespan,
							 at)))
				out->moment[i] = at;
		}
}

#endif /* NAIVE_WINDOW_H */
