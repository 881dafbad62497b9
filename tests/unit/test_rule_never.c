/* SPDX-License-Identifier: MIT */
/* Conditions that nothing can meet, and such as look like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "detect/rule_never.h"

#include "sigma_help.h"

static const struct {
	const char *detection; /* in one line */
	bool never;
} cases[] = {
	{ "{s: {eventName: A}, condition: s}", false },
	{ "{s: {eventName: A}, condition: s and not s}", true },
	{ "{s: {eventName: A}, condition: s or not s}", false },
	/* One value has to be among those that are left. */
	{ "{s: {eventName: A}, t: {eventName: B}, condition: s and t}", true },
	{ "{s: {eventName: A}, t: {eventName: B}, condition: s or t}", false },
	{ "{s: {eventName: [A, B]}, t: {eventName: [b, C]}, condition: s and "
	  "t}",
	  false },
	{ "{s: {eventName: [A, B]}, t: {eventName: a}, u: {eventName: b}, "
	  "condition: s and not t and not u}",
	  true },
	{ "{s: {eventName: [A, B]}, t: {eventName: a}, condition: s and not t}",
	  false },
	{ "{s: {eventName: [A, B]}, t: {eventName: [A, B, C]}, condition: s "
	  "and not t}",
	  true },
	{ "{s: {eventName|all: [A, B]}, condition: s}", true },
	{ "{s: {eventName: DeleteTrail, eventName|startswith: Create}, "
	  "condition: s}",
	  true },
	{ "{s: {eventName: DeleteTrail, eventName|endswith: TRAIL}, condition: "
	  "s}",
	  false },
	{ "{s: {eventName: DeleteTrail, eventName|re: '^delete'}, condition: "
	  "s}",
	  false }, /* it may be spelled so */
	{ "{s: {eventName: DeleteTrail, eventName|re|i: '^create'}, condition: "
	  "s}",
	  true },
	{ "{s: {userIdentity.type: Root, userIdentity.type|contains: User}, "
	  "condition: s}",
	  true },
	{ "{s: {sourceIPAddress: 192.0.2.1, sourceIPAddress|cidr: 10.0.0.0/8}, "
	  "condition: s}",
	  true },
	{ "{s: {sourceIPAddress: [192.0.2.1, 10.1.1.1], sourceIPAddress|cidr: "
	  "10.0.0.0/8}, condition: s}",
	  false },
	/* A list may have both. */
	{ "{s: {requestParameters.a: A}, t: {requestParameters.a: B}, "
	  "condition: s and t}",
	  false },
	{ "{s: {requestParameters.a: A}, t: {requestParameters.a: [B, A]}, "
	  "condition: s and not t}",
	  true },
	{ "{s: {requestParameters.a: [A, B]}, t: {requestParameters.a: A}, "
	  "condition: s and not t}",
	  false },
	{ "{s: {requestParameters.a|contains|all: [x, y]}, t: "
	  "{requestParameters.a|contains|all: [x, y, z]}, condition: s and not "
	  "t}",
	  false },
	{ "{s: {requestParameters.a: A}, t: {requestParameters.a: null}, "
	  "condition: s and t}",
	  false },
	/* There, null, missing. */
	{ "{s: {errorCode: A}, t: {errorCode: null}, condition: s and t}",
	  true },
	{ "{s: {errorCode: Success}, t: {errorCode: null}, condition: s or t}",
	  false },
	{ "{s: {errorCode: null}, t: {errorCode|exists: true}, condition: s "
	  "and t}",
	  false },
	{ "{s: {errorCode: A}, t: {errorCode|exists: true}, condition: s and "
	  "not t}",
	  true },
	{ "{s: {requestParameters.a|gt: 3, requestParameters.a|exists: false}, "
	  "condition: s}",
	  true },
	{ "{s: {requestParameters.a|contains: x}, t: "
	  "{requestParameters.a|contains: '*'}, condition: s and not t}",
	  true },
	{ "{s: {errorCode: null}, t: {errorCode|exists: true}, condition: not "
	  "s and not t}",
	  true },
	{ "{s: {errorCode: null}, t: {errorCode|exists: true}, condition: not "
	  "s and t}",
	  false },
	/* What is not found out. */
	{ "{s: {eventName|startswith: A}, t: {eventName|startswith: B}, "
	  "condition: s and t}",
	  false },
};

static void conditions(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ruleset *rs;
		struct strbuf text;

		strbuf_init(&text);
		strbuf_addf(&text, "title: x\ndetection: %s\n",
			    cases[i].detection);
		rs = rules_of(text.p);
		if (!ruleset_at(rs, 0)->matcher)
			fail_msg("%s", text.p);
		if (rule_never(ruleset_at(rs, 0)->sigma.condition) !=
		    cases[i].never)
			fail_msg("%s", text.p);
		ruleset_free(rs);
		strbuf_release(&text);
	}
}

static const struct {
	const char *type, *condition;
	bool never;
} limits[] = {
	{ "event_count", "{gte: 3}", false },
	{ "event_count", "{gt: 3, lt: 5}", false },
	{ "event_count", "{gt: 3, lt: 4}", true },
	{ "event_count", "{lt: 1}", true },
	{ "event_count", "{eq: 2.5}", true },
	{ "event_count", "{neq: 1}", false },
	{ "event_count", "{gte: 5, lte: 4}", true },
	{ "value_count", "{field: eventName, eq: 0}", true },
	{ "value_sum", "{field: requestParameters.n, gt: 3, lt: 4}", false },
	{ "value_sum", "{field: requestParameters.n, lt: -3}", false },
	{ "value_avg", "{field: requestParameters.n, gt: 4, lt: 4}", true },
	{ "temporal", "{gte: 2}", false },
	{ "temporal", "{gte: 3}", true },
	{ "temporal_ordered", "{gt: 2}", true },
	{ "value_percentile", "{field: eventName, gt: 100}", true },
	{ "value_percentile", "{field: eventName, lt: 0.5}", false },
	{ "value_percentile", "{field: eventName, lte: 0}", true },
	{ "value_percentile",
	  "{field: requestParameters.n, percentile: 95, gt: 1000}", false },
};

static void measures(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		const struct correlation *c;
		struct ruleset *rs;
		struct strbuf text;

		strbuf_init(&text);
		strbuf_addf(&text,
			    "title: x\ncorrelation:\n    type: %s\n"
			    "    rules: [a, b]\n    timespan: 1m\n"
			    "    condition: %s\n",
			    limits[i].type, limits[i].condition);
		strbuf_adds(&text, "---\ntitle: a\ndetection: {s: {eventName: "
				   "A}, condition: s}\n---\ntitle: b\n"
				   "detection: {s: {eventName: B}, condition: "
				   "s}\n");
		rs = rules_of(text.p);
		c = ruleset_at(rs, 0)->correlation;
		if (!c || correlation_never(c) != limits[i].never)
			fail_msg("%s", text.p);
		ruleset_free(rs);
		strbuf_release(&text);
	}
}

/* What would take too long is given up: 2^40 ways. */
static void bounded(void **state)
{
	struct ruleset *rs;
	struct strbuf text;

	(void)state;
	strbuf_init(&text);
	strbuf_adds(&text, "title: x\ndetection:\n    n: {eventName: A}\n"
			   "    m: {eventName: B}\n");
	for (int i = 0; i < 40; i++)
		strbuf_addf(&text, "    s%d: [{a%d: x}, {b%d: y}]\n", i, i, i);
	strbuf_adds(&text, "    condition: all of them\n");
	rs = rules_of(text.p);
	assert_non_null(ruleset_at(rs, 0)->matcher);
	rule_never(ruleset_at(rs, 0)->sigma.condition);
	ruleset_free(rs);
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions),
		cmocka_unit_test(measures),
		cmocka_unit_test(bounded),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
