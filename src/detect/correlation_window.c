/* SPDX-License-Identifier: MIT */
#include "detect/correlation_window.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "detect/correlation_order.h"

/* Numbers by rank, or by how often something occurs: how many there are up to
 * one, and which is the k-th. */
struct tree {
	uint32_t *at; /* from 1 */
	size_t n;     /* a power of two, less one */
};

struct finding {
	const struct correlation *c;
	const struct window_group *g;
	struct window_result *out;
	size_t from, to; /* of the window: all of the timespan up to a time */
	/* How often each unit, position or value is in the window. */
	uint32_t *count;
	uint32_t distinct; /* of them; for shares items with a value */
	/* Of the numbers before each item: their sum, and how many. */
	double *sum;
	uint32_t *numbers;
	/* For a percentile: each item's rank, and the numbers by rank. */
	uint32_t *rank;
	double *ranked;
	struct tree tree;
	struct order *order;
	unsigned wanted; /* rules of a sequence; 0: none will do */
};

/* Counting trees ---------------------------------------------------------- */

static void tree_init(struct tree *t, size_t n)
{
	t->n = 1;
	while (t->n <= n)
		t->n *= 2;
	t->at = mem_zero(t->n + 1, sizeof(*t->at));
	t->n--;
}

static void tree_add(struct tree *t, size_t i, int by)
{
	for (i++; i <= t->n; i += i & -i)
		t->at[i] = (uint32_t)((int64_t)t->at[i] + by);
}

/* The number at place k, from 0, of all that are in it. */
static size_t tree_find(const struct tree *t, uint32_t k)
{
	size_t at = 0;

	for (size_t step = (t->n + 1) / 2; step; step /= 2)
		if (t->at[at + step] <= k) {
			at += step;
			k -= t->at[at];
		}
	return at;
}

/* Measures ---------------------------------------------------------------- */

static bool counts_shares(const struct correlation *c)
{
	return c->type == CORRELATION_VALUE_PERCENTILE && !c->has_percentile;
}

static void count_up(struct finding *f, uint32_t what)
{
	if (f->count[what]++ == 0)
		f->distinct++;
}

static void count_down(struct finding *f, uint32_t what)
{
	if (--f->count[what] == 0)
		f->distinct--;
}

static void each_value(struct finding *f, const struct window_item *x,
		       void (*count)(struct finding *, uint32_t))
{
	for (uint32_t i = 0; i < x->value_n; i++)
		count(f, f->g->value[x->value + i]);
}

static void take(struct finding *f, size_t i, bool in)
{
	const struct window_item *x = &f->g->item[i];
	void (*count)(struct finding *, uint32_t) = in ? count_up : count_down;

	switch (f->c->type) {
	case CORRELATION_EVENT_COUNT:
		count(f, x->unit);
		break;
	case CORRELATION_TEMPORAL:
		count(f, x->position);
		break;
	case CORRELATION_VALUE_COUNT:
		each_value(f, x, count);
		break;
	case CORRELATION_VALUE_PERCENTILE:
		if (f->c->has_percentile && !isnan(x->number))
			tree_add(&f->tree, f->rank[i], in ? 1 : -1);
		else if (!f->c->has_percentile)
			each_value(f, x, count);
		break;
	case CORRELATION_TEMPORAL_ORDERED:
	case CORRELATION_VALUE_SUM:
	case CORRELATION_VALUE_AVG:
	default:
		break;
	}
}

/* The number of which so many percent are not above it. */
static double percentile(const struct finding *f, uint32_t n)
{
	double place = ceil(f->c->percentile / 100 * n);
	uint32_t k = place < 1 ? 0 : (uint32_t)place - 1;

	return f->ranked[tree_find(&f->tree, k < n ? k : n - 1)];
}

/* What the window measures; NAN when there is nothing to measure. */
static double measure(const struct finding *f)
{
	uint32_t numbers = f->numbers[f->to] - f->numbers[f->from];
	double sum = f->sum[f->to] - f->sum[f->from];
	int64_t now = f->g->item[f->to - 1].time;
	unsigned longest;

	switch (f->c->type) {
	case CORRELATION_EVENT_COUNT:
	case CORRELATION_TEMPORAL:
	case CORRELATION_VALUE_COUNT:
		return f->distinct ? (double)f->distinct : (double)NAN;
	case CORRELATION_TEMPORAL_ORDERED:
		longest = order_longest(f->order, now - f->c->timespan);
		return longest ? longest : (double)NAN;
	case CORRELATION_VALUE_SUM:
		return numbers ? sum : (double)NAN;
	case CORRELATION_VALUE_AVG:
		return numbers ? sum / numbers : (double)NAN;
	case CORRELATION_VALUE_PERCENTILE:
		return numbers ? percentile(f, numbers) : (double)NAN;
	default:
		return NAN;
	}
}

static bool holds(const struct finding *f, double m)
{
	return !isnan(m) && correlation_limits_hold(&f->c->limits, m);
}

/* Making ------------------------------------------------------------------ */

static void make_sums(struct finding *f)
{
	size_t n = f->g->n;

	f->sum = mem_alloc((n + 1) * sizeof(*f->sum));
	f->numbers = mem_alloc((n + 1) * sizeof(*f->numbers));
	f->sum[0] = 0;
	f->numbers[0] = 0;
	for (size_t i = 0; i < n; i++) {
		double number = f->g->item[i].number;
		bool is = !isnan(number);

		f->sum[i + 1] = f->sum[i] + (is ? number : 0);
		f->numbers[i + 1] = f->numbers[i] + is;
	}
}

/* A double as a number in the same order. */
static int64_t in_order(double d)
{
	int64_t bits;

	d += 0.0; /* of -0 and 0 one */
	memcpy(&bits, &d, sizeof(bits));
	return bits < 0 ? INT64_MIN - bits : bits;
}

static void make_ranks(struct finding *f)
{
	size_t n = f->g->n;
	int64_t *key = mem_alloc((n + 1) * sizeof(*key));
	uint32_t *order = mem_alloc((n + 1) * sizeof(*order));

	for (size_t i = 0; i < n; i++) {
		double number = f->g->item[i].number;

		key[i] = isnan(number) ? INT64_MAX : in_order(number);
	}
	sort_by_key(order, key, n);
	f->rank = mem_alloc((n + 1) * sizeof(*f->rank));
	f->ranked = mem_alloc((n + 1) * sizeof(*f->ranked));
	for (size_t i = 0; i < n; i++) {
		f->rank[order[i]] = (uint32_t)i;
		f->ranked[i] = f->g->item[order[i]].number;
	}
	tree_init(&f->tree, n);
	free(key);
	free(order);
}

/* The fewest rules in order for which the condition holds. */
static unsigned fewest(const struct correlation *c)
{
	for (unsigned n = 1; n <= c->rules.n; n++)
		if (correlation_limits_hold(&c->limits, n))
			return n;
	return 0;
}

static void make(struct finding *f)
{
	const struct window_group *g = f->g;
	size_t most = f->c->rules.n;

	most = g->units > most ? g->units : most;
	most = g->values > most ? g->values : most;
	f->count = mem_zero(most + 1, sizeof(*f->count));
	make_sums(f);
	if (f->c->has_percentile)
		make_ranks(f);
	if (f->c->type != CORRELATION_TEMPORAL_ORDERED)
		return;
	f->wanted = fewest(f->c);
	f->order = mem_alloc(sizeof(*f->order));
	order_init(f->order, (unsigned)f->c->rules.n,
		   f->wanted ? f->wanted : (unsigned)f->c->rules.n);
}

static void unmake(struct finding *f)
{
	free(f->count);
	free(f->sum);
	free(f->numbers);
	free(f->rank);
	free(f->ranked);
	free(f->tree.at);
	free(f->order);
}

/* Episodes ---------------------------------------------------------------- */

static bool wants_least(const struct correlation *c)
{
	return c->limits.limit[0].op == LIMIT_LT ||
	       c->limits.limit[0].op == LIMIT_LTE;
}

static void add_window(struct finding *f, size_t from, size_t to, double m)
{
	struct window_result *r = f->out;
	struct window_episode *last = r->episode_n ?
					      &r->episode[r->episode_n - 1] :
					      NULL;

	if (last && from < last->to) {
		last->to = to;
		if (wants_least(f->c) ? m < last->measure : m > last->measure)
			last->measure = m;
		return;
	}
	r->episode = mem_grow(r->episode, &r->episode_cap, r->episode_n + 1,
			      sizeof(*r->episode));
	r->episode[r->episode_n++] = (struct window_episode){ from, to, m };
}

/* The share of the item's value for which the condition holds, or NAN. */
static double fitting_share(const struct finding *f,
			    const struct window_item *x, uint32_t items)
{
	for (uint32_t i = 0; i < x->value_n; i++) {
		double share = 100.0 * f->count[f->g->value[x->value + i]] /
			       items;

		if (holds(f, share))
			return share;
	}
	return NAN;
}

/* Items with a value in the window, the numbers of which are 1 or none. */
static void mark_shares(struct finding *f, size_t since)
{
	uint32_t items = f->numbers[f->to] - f->numbers[f->from];

	for (size_t i = since; i < f->to; i++) {
		double share = fitting_share(f, &f->g->item[i], items);

		if (isnan(share))
			continue;
		f->out->in[i] = true;
		f->out->moment[i] = f->g->item[i].time;
		add_window(f, f->from, i + 1, share);
	}
}

/* Trims a share's episode to the items that are in it. */
static void trim(struct finding *f, struct window_episode *e)
{
	while (e->from < e->to && !f->out->in[e->from])
		e->from++;
	while (e->to > e->from && !f->out->in[e->to - 1])
		e->to--;
}

static void mark_items(struct finding *f, const struct window_episode *e)
{
	size_t n = e->to - e->from;

	if (f->c->type == CORRELATION_TEMPORAL_ORDERED && f->wanted)
		order_mark((unsigned)f->c->rules.n, f->wanted, f->c->timespan,
			   f->g->item + e->from, n, f->out->in + e->from);
	else
		memset(f->out->in + e->from, true, n * sizeof(*f->out->in));
}

/* When the condition first holds with each item, going back in time. */
static void find_moments(struct finding *f, const bool *holding)
{
	const struct window_item *item = f->g->item;
	int64_t next = INT64_MAX;

	for (size_t i = f->g->n; i-- > 0;) {
		/* `holding` is said of the last item of each time. */
		if (holding[i])
			next = item[i].time;
		if (f->out->in[i])
			f->out->moment[i] = next;
	}
}

/* Takes in the items of the next time, leaves behind those too old. */
static void slide(struct finding *f)
{
	const struct window_item *item = f->g->item;
	size_t since = f->to;
	int64_t now = item[since].time;

	while (f->to < f->g->n && item[f->to].time == now)
		take(f, f->to++, true);
	if (f->order)
		order_add(f->order, item + since, f->to - since);
	for (; item[f->from].time < now - f->c->timespan; f->from++)
		take(f, f->from, false);
}

/* Could no later item be added to the window? */
static bool is_maximal(const struct finding *f)
{
	return f->to == f->g->n ||
	       f->g->item[f->to].time - f->g->item[f->from].time >
		       f->c->timespan;
}

static void find_windows(struct finding *f)
{
	bool *holding = mem_zero(f->g->n + 1, sizeof(*holding));

	while (f->to < f->g->n) {
		size_t since = f->to;
		double m;

		slide(f);
		if (counts_shares(f->c)) {
			mark_shares(f, since);
			continue;
		}
		m = measure(f);
		holding[f->to - 1] = holds(f, m);
		if (holding[f->to - 1] && is_maximal(f))
			add_window(f, f->from, f->to, m);
	}
	for (size_t i = 0; i < f->out->episode_n; i++) {
		if (counts_shares(f->c))
			trim(f, &f->out->episode[i]);
		else
			mark_items(f, &f->out->episode[i]);
	}
	if (!counts_shares(f->c))
		find_moments(f, holding);
	free(holding);
}

/* What no window of the group measures more than. */
static double most_of(const struct correlation *c, const struct window_group *g)
{
	switch (c->type) {
	case CORRELATION_EVENT_COUNT:
		return g->units;
	case CORRELATION_VALUE_COUNT:
		return g->values;
	case CORRELATION_TEMPORAL:
	case CORRELATION_TEMPORAL_ORDERED:
		return (double)g->n;
	default:
		return INFINITY;
	}
}

/* Most groups are small, and most conditions ask for more. */
static bool is_within_reach(const struct correlation *c,
			    const struct window_group *g)
{
	double most = most_of(c, g);

	for (size_t i = 0; i < c->limits.n; i++) {
		double than = c->limits.limit[i].than;

		switch (c->limits.limit[i].op) {
		case LIMIT_GT:
			if (most <= than)
				return false;
			break;
		case LIMIT_GTE:
		case LIMIT_EQ:
			if (most < than)
				return false;
			break;
		default:
			break;
		}
	}
	return true;
}

void windows_find(const struct correlation *c, const struct window_group *g,
		  struct window_result *out)
{
	struct finding f = { .c = c, .g = g, .out = out };

	*out = (struct window_result){ .episode_n = 0 };
	if (!is_within_reach(c, g))
		return;
	out->in = mem_zero(g->n + 1, sizeof(*out->in));
	out->moment = mem_zero(g->n + 1, sizeof(*out->moment));
	make(&f);
	find_windows(&f);
	unmake(&f);
}

void window_result_release(struct window_result *r)
{
	free(r->episode);
	free(r->in);
	free(r->moment);
}
