/* SPDX-License-Identifier: MIT */
/*
 * Windows of correlations: what is found in one group, held against every
 * window that there is (tests/unit/naive_window.h). The bytes say what kind of
 * correlation it is, and then a few items.
 */
#include "fuzz_help.h"

#include "base/attr.h"

#include "../unit/naive_window.h"

/* As many as the oracle can try every sequence of. */
enum { RULES = 5, ITEMS = 14, ITEM_VALUES = 4, ITEM_BYTES = 5 };

struct bytes {
	const uint8_t *p;
	size_t n;
};

static unsigned below(struct bytes *b, unsigned n)
{
	if (!b->n)
		return 0;
	b->n--;
	return *b->p++ % n;
}

static struct correlation read_correlation(struct bytes *b,
					   struct str names[RULES])
{
	struct correlation c = {
		.type = (enum correlation_type)below(b, CORRELATION_TYPE_COUNT),
		.timespan = below(b, 40),
	};
	unsigned rules = 1 + below(b, RULES);

	for (unsigned i = 0; i < RULES; i++)
		names[i] = STR("rule");
	c.rules = (struct rule_texts){ names, rules };
	c.limits.n = 1 + below(b, 2);
	c.has_percentile = c.type == CORRELATION_VALUE_PERCENTILE &&
			   below(b, 2);
	c.percentile = c.has_percentile ? below(b, 101) : 0;
	for (size_t i = 0; i < c.limits.n; i++) {
		c.limits.limit[i].op = (enum limit_op)below(b, LIMIT_OP_COUNT);
		c.limits.limit[i].than = (double)below(b, 120) - 4;
	}
	return c;
}

struct items {
	struct window_item item[ITEMS];
	uint32_t value[ITEMS * ITEM_VALUES];
	struct window_group group;
};

/* Units and values are dense, and a value stands once in an item. */
static void read_items(struct bytes *b, unsigned rules, bool shares,
		       struct items *out)
{
	uint32_t units = 0, values = 0;
	int64_t at = 0;
	unsigned n = 0;

	for (; n < ITEMS && b->n >= ITEM_BYTES; n++) {
		struct window_item *x = &out->item[n];
		unsigned has, number;

		at += below(b, 16);
		*x = (struct window_item){ .time = at,
					   .row = below(b, ITEMS),
					   .position = below(b, rules),
					   .value = values };
		x->unit = below(b, units + 1);
		units += x->unit == units;
		has = below(b, 1 << ITEM_VALUES);
		for (unsigned v = 0; v < ITEM_VALUES; v++)
			if (has >> v & 1)
				out->value[values++] = v;
		x->value_n = values - x->value;
		number = below(b, 20);
		x->number = shares ? (x->value_n ? 1 : (double)NAN) :
			    number ? (double)number - 5 :
				     (double)NAN;
	}
	out->group = (struct window_group){ .item = out->item,
					    .n = n,
					    .value = out->value,
					    .units = units,
					    .values = ITEM_VALUES };
}

static void compare(const struct correlation *c, const struct items *x)
{
	struct naive_group g = { c, x->item, x->value, (unsigned)x->group.n };
	struct naive_result naive;
	struct window_result got;

	naive_find(&g, &naive);
	windows_find(c, &x->group, &got);
	check(got.episode_n == naive.n);
	for (unsigned e = 0; e < naive.n; e++) {
		item_set set = 0;

		for (size_t i = got.episode[e].from; i < got.episode[e].to; i++)
			if (got.in[i])
				set |= 1u << i;
		check(set == naive.episode[e]);
		for (unsigned i = 0; i < g.n; i++)
			check(!(set >> i & 1) ||
			      got.moment[i] == naive.moment[i]);
	}
	window_result_release(&got);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes b = { data, size };
	struct str names[RULES];
	struct correlation c = read_correlation(&b, names);
	struct items x;

	read_items(&b, (unsigned)c.rules.n,
		   c.type == CORRELATION_VALUE_PERCENTILE && !c.has_percentile,
		   &x);
	compare(&c, &x);
	return 0;
}
