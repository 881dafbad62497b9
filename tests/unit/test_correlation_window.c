/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/mem.h"

#include "naive_window.h"

static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static const char *const rule_names[] = { "a", "b", "c", "d", "e" };
static struct str rule_texts[ARRAY_SIZE(rule_names)];

static struct correlation correlation(enum correlation_type type,
				      unsigned rules, int64_t timespan,
				      enum limit_op op, double than)
{
	struct correlation c = { .type = type, .timespan = timespan };

	for (size_t i = 0; i < ARRAY_SIZE(rule_names); i++)
		rule_texts[i] = str_of(rule_names[i]);
	c.rules = (struct rule_texts){ rule_texts, rules };
	c.limits.limit[0].op = op;
	c.limits.limit[0].than = than;
	c.limits.n = 1;
	return c;
}

/* By hand ----------------------------------------------------------------- */

/* Items at times, of the positions that a text says: "a0 b10 a10". Each is an
 * event and a unit of its own. */
static unsigned read_items(const char *text, struct window_item *item)
{
	unsigned n = 0;

	for (const char *p = text; *p;) {
		int used = 0, at = 0;
		char position;

		assert_int_equal(sscanf(p, " %c%d%n", &position, &at, &used),
				 2);
		item[n] = (struct window_item){
			.time = at,
			.row = n,
			.unit = n,
			.position = (unsigned)(position - 'a'),
			.number = NAN
		};
		n++;
		p += used;
	}
	return n;
}

/* Episodes as the numbers of their items: "0 1 2; 4 5". */
static void told(const struct correlation *c, const char *items,
		 const char *wanted)
{
	struct window_item item[32];
	unsigned n = read_items(items, item);
	struct window_group g = { .item = item, .n = n, .units = n };
	struct window_result r;
	char text[300] = "";
	size_t used = 0;

	windows_find(c, &g, &r);
	for (size_t e = 0; e < r.episode_n; e++) {
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s",
					 e ? ";" : "");
		for (size_t i = r.episode[e].from; i < r.episode[e].to; i++)
			if (r.in[i])
				used += (size_t)snprintf(text + used,
							 sizeof(text) - used,
							 "%s%zu",
							 used ? " " : "", i);
	}
	assert_string_equal(text, wanted);
	window_result_release(&r);
}

/* A window slides: it is not cut at multiples of the timespan, and both its
 * ends are in it. */
static void sliding(void **state)
{
	struct correlation c = correlation(CORRELATION_EVENT_COUNT, 1, 10,
					   LIMIT_GTE, 3);

	(void)state;
	told(&c, "a8 a9 a11", "0 1 2");
	told(&c, "a0 a5 a10", "0 1 2");
	told(&c, "a0 a5 a11", "");
	/* Windows that share an event are one episode. */
	told(&c, "a0 a5 a10 a15 a20", "0 1 2 3 4");
	told(&c, "a0 a5 a10 a30 a31 a32", "0 1 2; 3 4 5");
	told(&c, "a0 a1 a2 a13 a23", "0 1 2");
	told(&c, "", "");
}

static void bounds(void **state)
{
	struct correlation c = correlation(CORRELATION_EVENT_COUNT, 1, 10,
					   LIMIT_LTE, 2);

	(void)state;
	/* A burst is no quiet time because its edge could be cut off. */
	told(&c, "a0 a1 a2 a3", "");
	told(&c, "a0 a1 a20 a21 a22", "0 1");
	c = correlation(CORRELATION_EVENT_COUNT, 1, 10, LIMIT_EQ, 2);
	told(&c, "a0 a1 a20 a40 a41 a42", "0 1");
	c = correlation(CORRELATION_EVENT_COUNT, 1, 10, LIMIT_GT, 1);
	c.limits.limit[1].op = LIMIT_LT;
	c.limits.limit[1].than = 4;
	c.limits.n = 2;
	told(&c, "a0 a20 a21 a40 a41 a42 a60 a61 a62 a63", "1 2; 3 4 5");
}

static void rules_together(void **state)
{
	struct correlation c = correlation(CORRELATION_TEMPORAL, 3, 10,
					   LIMIT_GTE, 3);

	(void)state;
	told(&c, "c0 a4 b9", "0 1 2");
	told(&c, "c0 a4 b11", "");
	told(&c, "c0 a4 a5 b9 a30", "0 1 2 3");
	c.limits.limit[0].than = 2;
	told(&c, "c0 a4 b20 b21", "0 1");
}

/* User, user, key, policy is user, key, policy. */
static void in_order(void **state)
{
	struct correlation c = correlation(CORRELATION_TEMPORAL_ORDERED, 3, 10,
					   LIMIT_GTE, 3);

	(void)state;
	told(&c, "a0 a1 b2 c3", "0 1 2 3");
	told(&c, "c0 b1 a2", "");
	/* What comes out of order is not part of it. */
	told(&c, "c0 a1 b2 a3 c4 b5", "1 2 4");
	told(&c, "b0 a1 c2 b3 c4", "1 3 4");
	told(&c, "a0 b5 c10", "0 1 2");
	told(&c, "a0 b5 c11", "");
	/* The nearest begin is what counts. */
	told(&c, "a0 a8 b9 c15", "1 2 3");
	/* A second is the finest that there is. */
	told(&c, "c5 b5 a5", "0 1 2");
	told(&c, "a0 b5 c9 a12 b13 c14", "0 1 2 3 4 5");
	c.limits.limit[0].than = 2;
	told(&c, "a0 c3 b20", "0 1");
	told(&c, "b0 a3 c5 a6", "0 1 2");
}

/* One event that two rules match does not follow itself. */
static void one_event(void **state)
{
	struct correlation c = correlation(CORRELATION_TEMPORAL_ORDERED, 2, 10,
					   LIMIT_GTE, 2);
	struct window_item item[3] = {
		{ .time = 0, .row = 7, .position = 0, .number = NAN },
		{ .time = 0, .row = 7, .position = 1, .number = NAN },
		{ .time = 5, .row = 8, .position = 1, .number = NAN },
	};
	struct window_group g = { .item = item, .n = 2, .units = 1 };
	struct window_result r;

	(void)state;
	windows_find(&c, &g, &r);
	assert_int_equal(r.episode_n, 0);
	window_result_release(&r);
	g.n = 3;
	windows_find(&c, &g, &r);
	assert_int_equal(r.episode_n, 1);
	assert_true(r.in[0] && !r.in[1] && r.in[2]);
	window_result_release(&r);
	/* Where the order does not matter it stands for both. */
	c.type = CORRELATION_TEMPORAL;
	g.n = 2;
	windows_find(&c, &g, &r);
	assert_int_equal(r.episode_n, 1);
	window_result_release(&r);
}

/* When the condition first holds with each. */
static void moments(void **state)
{
	struct correlation c = correlation(CORRELATION_EVENT_COUNT, 1, 10,
					   LIMIT_GTE, 3);
	static const int64_t wanted[] = { 9, 9, 9, 12 };
	struct window_item item[8];
	unsigned n = read_items("a0 a5 a9 a12", item);
	struct window_group g = { .item = item, .n = n, .units = n };
	struct window_result r;

	(void)state;
	windows_find(&c, &g, &r);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(r.moment[i], wanted[i]);
	window_result_release(&r);
}

/* Against every window ---------------------------------------------------- */

struct random_group {
	struct window_item item[NAIVE_ITEMS];
	uint32_t value[NAIVE_ITEMS * 3];
	struct window_group g;
};

static void random_items(struct random_group *r, unsigned rules, bool shares)
{
	unsigned n = below(15), values = 0, units = 0;
	unsigned distinct = 1 + below(5), rows = 1 + below(20);
	int64_t at = below(3);

	for (unsigned i = 0; i < n; i++) {
		struct window_item *x = &r->item[i];

		at += below(3) ? below(5) : 0;
		*x = (struct window_item){ .time = at,
					   .row = below(rows),
					   .position = below(rules),
					   .value = values,
					   .number = NAN };
		/* Units are dense. */
		x->unit = units && below(3) == 0 ? below(units) : units++;
		x->value_n = below(8) ? below(4) : 0;
		for (unsigned k = 0; k < x->value_n; k++) {
			uint32_t v = below(distinct);

			/* Each once. */
			for (unsigned j = 0; j < k; j++)
				if (r->value[x->value + j] == v) {
					x->value_n = k;
					break;
				}
			if (k < x->value_n)
				r->value[values++] = v;
		}
		if (shares)
			x->number = x->value_n ? 1 : (double)NAN;
		else if (below(4))
			x->number = (double)below(9) - 2;
	}
	r->g = (struct window_group){ .item = r->item,
				      .n = n,
				      .value = r->value,
				      .units = units,
				      .values = distinct };
}

static struct correlation random_correlation(void)
{
	enum correlation_type type =
		(enum correlation_type)below(CORRELATION_TYPE_COUNT);
	unsigned rules = 1 + below(ARRAY_SIZE(rule_names));
	struct correlation c = correlation(type, rules, below(12),
					   (enum limit_op)below(LIMIT_OP_COUNT),
					   below(6));

	if (below(4) == 0) {
		c.limits.limit[1].op = (enum limit_op)below(LIMIT_OP_COUNT);
		c.limits.limit[1].than = below(8);
		c.limits.n = 2;
	}
	/* As a rule without a condition has it. */
	if ((type == CORRELATION_TEMPORAL ||
	     type == CORRELATION_TEMPORAL_ORDERED) &&
	    below(2)) {
		c.limits.n = 1;
		c.limits.limit[0].op = LIMIT_GTE;
		c.limits.limit[0].than = rules;
	}
	if (type == CORRELATION_VALUE_PERCENTILE && below(2)) {
		c.has_percentile = true;
		c.percentile = below(5) * 25;
	} else if (type == CORRELATION_VALUE_PERCENTILE) {
		for (size_t i = 0; i < c.limits.n; i++)
			c.limits.limit[i].than *= 15;
	}
	return c;
}

static void compare(const struct correlation *c, const struct random_group *r,
		    unsigned round)
{
	struct naive_group g = { c, r->item, r->value, (unsigned)r->g.n };
	struct naive_result naive;
	struct window_result got;

	naive_find(&g, &naive);
	windows_find(c, &r->g, &got);
	if (got.episode_n != naive.n)
		fail_msg("round %u, %s: %zu episodes and not %u", round,
			 naive_types[c->type], got.episode_n, naive.n);
	for (unsigned e = 0; e < naive.n; e++) {
		item_set set = 0;

		for (size_t i = got.episode[e].from; i < got.episode[e].to; i++)
			if (got.in[i])
				set |= 1u << i;
		if (set != naive.episode[e])
			fail_msg("round %u, %s: episode %u is %x and not %x",
				 round, naive_types[c->type], e, set,
				 naive.episode[e]);
		for (unsigned i = 0; i < g.n; i++)
			if ((set >> i & 1) && got.moment[i] != naive.moment[i])
				fail_msg("round %u, %s: moment of %u", round,
					 naive_types[c->type], i);
	}
	window_result_release(&got);
}

static void against_every_window(void **state)
{
	unsigned episodes[CORRELATION_TYPE_COUNT] = { 0 };

	(void)state;
	for (unsigned round = 0; round < 60000; round++) {
		struct correlation c = random_correlation();
		struct random_group r;
		struct window_result once;

		random_items(&r, (unsigned)c.rules.n,
			     c.type == CORRELATION_VALUE_PERCENTILE &&
				     !c.has_percentile);
		compare(&c, &r, round);
		windows_find(&c, &r.g, &once);
		episodes[c.type] += (unsigned)once.episode_n;
		window_result_release(&once);
	}
	/* The rounds were worth it. */
	for (unsigned t = 0; t < CORRELATION_TYPE_COUNT; t++)
		assert_true(episodes[t] > 1000);
}

/* Time grows with the number of events, not with that of pairs. */
static void many(void **state)
{
	enum { N = 200000 };
	struct window_item *item = mem_alloc(N * sizeof(*item));
	uint32_t *value = mem_alloc(N * sizeof(*value));
	struct window_group g = {
		.item = item, .n = N, .value = value, .units = N, .values = 1000
	};

	(void)state;
	for (unsigned i = 0; i < N; i++) {
		value[i] = below(1000);
		item[i] = (struct window_item){ .time = i / 3,
						.row = i,
						.unit = i,
						.position = i % 5,
						.value = i,
						.value_n = 1,
						.number = below(100) };
	}
	for (unsigned t = 0; t < CORRELATION_TYPE_COUNT; t++) {
		struct correlation c =
			correlation((enum correlation_type)t, 5, N, LIMIT_GTE,
				    t == CORRELATION_VALUE_PERCENTILE ? 50 : 4);
		struct window_result r;

		c.has_percentile = t == CORRELATION_VALUE_PERCENTILE;
		c.percentile = 90;
		windows_find(&c, &g, &r);
		assert_int_equal(r.episode_n, 1);
		window_result_release(&r);
	}
	free(item);
	free(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sliding),
		cmocka_unit_test(bounds),
		cmocka_unit_test(in_order),
		cmocka_unit_test(rules_together),
		cmocka_unit_test(one_event),
		cmocka_unit_test(moments),
		cmocka_unit_test(many),
		cmocka_unit_test(against_every_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
