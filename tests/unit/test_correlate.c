/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "correlate_help.h"

/* A rule for calls of one name; the file's other documents may name it. */
#define BASE_AT(level, name)                                            \
	"---\ntitle: Base " name "\nname: base_" name "\nlevel: " level \
	"\ndetection: {s: {eventName: " name "}, condition: s}\n"
#define BASE(name) BASE_AT("low", name)
#define CORRELATION(title, members) \
	"title: " title "\nlevel: high\ncorrelation:\n" members

static void by_address(struct events *w)
{
	events_begin(w);
	event_at(w, 0, "A", "192.0.2.1", "");
	event_at(w, 10, "A", "192.0.2.2", "");
	event_at(w, 20, "A", "192.0.2.1", "");
	event_at(w, 30, "A", "192.0.2.1", "");
	event_at(w, 31, "B", "192.0.2.1", "");
	event_at(w, 300, "A", "192.0.2.1", "");
	event_at(w, 310, "A", "192.0.2.1", "");
	event_at(w, 320, "A", "192.0.2.1", "");
}

static void counting(void **state)
{
	struct events w;

	(void)state;
	by_address(&w);
	check_world(&w,
		    CORRELATION("C", "    type: event_count\n"
				     "    rules: [base_A]\n"
				     "    group-by: [sourceIPAddress]\n"
				     "    timespan: 1m\n"
				     "    condition: {gte: 3}\n") BASE("A"),
		    episodes_text,
		    "C [sourceIPAddress 192.0.2.1] 0 2 3\n"
		    "C [sourceIPAddress 192.0.2.1] 5 6 7\n");
	/* Without a group all are one. */
	check_world(&w,
		    CORRELATION("C", "    type: event_count\n"
				     "    rules: [base_A]\n"
				     "    timespan: 1m\n"
				     "    condition: {gte: 4}\n") BASE("A"),
		    episodes_text, "C 0 1 2 3\n");
	/* An event that two of its rules match counts once. */
	check_world(
		&w,
		CORRELATION("C", "    type: event_count\n"
				 "    rules: [base_A, base_any]\n"
				 "    timespan: 1m\n"
				 "    condition: {gte: 6}\n")
			BASE("A") "---\ntitle: Any\nname: base_any\n"
				  "detection: {s: {eventName: '*'}, condition: s}\n",
		episodes_text, "");
	check_world(&w,
		    CORRELATION("C", "    type: temporal\n"
				     "    rules: [base_A, base_B]\n"
				     "    group-by: [sourceIPAddress]\n"
				     "    timespan: 5s\n") BASE("A") BASE("B"),
		    episodes_text, "C [sourceIPAddress 192.0.2.1] 3 4\n");
	check_world(&w,
		    CORRELATION("C", "    type: temporal_ordered\n"
				     "    rules: [base_B, base_A]\n"
				     "    group-by: [sourceIPAddress]\n"
				     "    timespan: 5m\n") BASE("A") BASE("B"),
		    episodes_text, "C [sourceIPAddress 192.0.2.1] 4 5 6 7\n");
	events_end(&w);
}

/* What lacks a field is in the group in which it is missing; so is what has
 * nothing in it. Several values: several groups. */
static void groups(void **state)
{
	const char *rules = CORRELATION("C",
					"    type: event_count\n"
					"    rules: [base_A]\n"
					"    group-by: [requestParameters.f, "
					"requestParameters.g]\n"
					"    timespan: 1m\n"
					"    condition: {gte: 2}\n") BASE("A");
	struct events w;

	(void)state;
	events_begin(&w);
	event_at(&w, 0, "A", "192.0.2.1", "");
	event_at(&w, 1, "A", "192.0.2.2",
		 ",\"requestParameters\":{\"f\":null,\"g\":[]}");
	event_at(&w, 2, "A", "192.0.2.2",
		 ",\"requestParameters\":{\"f\":\"\"}");
	event_at(&w, 3, "A", "192.0.2.2",
		 ",\"requestParameters\":{\"f\":[\"x\",\"y\",\"x\"]}");
	event_at(&w, 4, "A", "192.0.2.2",
		 ",\"requestParameters\":{\"f\":[[\"y\"],\"X\"]}");
	event_at(&w, 5, "A", "192.0.2.2",
		 ",\"requestParameters\":{\"f\":{\"x\":1},\"g\":true}");
	event_at(&w, 6, "A", "192.0.2.2",
		 ",\"requestParameters\":\"{\\\"f\\\":{\\\"x\\\":1},"
		 "\\\"g\\\":\\\"true\\\"}\"");
	check_world(&w, rules, episodes_text,
		    "C [requestParameters.f missing, requestParameters.g "
		    "missing] 0 1 2\n"
		    "C [requestParameters.f y, requestParameters.g missing] 3 "
		    "4\n"
		    "C [requestParameters.f {\"x\":1}, requestParameters.g "
		    "true] 5 6\n");
	events_end(&w);
}

#define PRINCIPAL(user, key)                                                  \
	",\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDA" user \
	"\",\"arn\":\"arn:aws:iam::111122223333:user/" user "\","             \
	"\"accountId\":\"111122223333\",\"accessKeyId\":\"" key               \
	"\",\"userName\":\"" user "\"}"
#define ERROR(code) ",\"errorCode\":\"" code "\""

/* What is derived from an event, and by the names that filters have. */
static void derived(void **state)
{
	static const char *const names[][2] = {
		{ "principal", "arn:aws:iam::111122223333:user/ann" },
		{ "trawl.actor", "arn:aws:iam::111122223333:user/ann" },
		{ "userIdentity.arn", "arn:aws:iam::111122223333:user/ann" },
		{ "userIdentity.userName", "ann" },
		{ "origin", "P:arn:aws:iam::111122223333:user/ann" },
	};
	struct events w;

	(void)state;
	events_begin(&w);
	event_at(&w, 0, "A", "192.0.2.1",
		 PRINCIPAL("ann", "AKIAAAAAAAAAAAAAAAA1"));
	event_at(&w, 1, "A", "192.0.2.2",
		 PRINCIPAL("ann", "AKIAAAAAAAAAAAAAAAA2")
			 ERROR("AccessDenied"));
	event_at(&w, 2, "A", "192.0.2.1",
		 PRINCIPAL("bob", "AKIAAAAAAAAAAAAAAAA3")
			 ERROR("AccessDenied"));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char rules[600], wanted[200];

		snprintf(rules, sizeof(rules),
			 CORRELATION("C", "    type: event_count\n"
					  "    rules: [base_A]\n"
					  "    group-by: %s\n"
					  "    timespan: 1m\n"
					  "    condition: {gte: 2}\n")
				 BASE("A"),
			 names[i][0]);
		snprintf(wanted, sizeof(wanted), "C [%s %s] 0 1\n", names[i][0],
			 names[i][1]);
		check_world(&w, rules, episodes_text, wanted);
	}
	check_world(&w,
		    CORRELATION("C", "    type: value_count\n"
				     "    rules: [base_A]\n"
				     "    group-by: [ip, outcome]\n"
				     "    timespan: 1m\n"
				     "    condition: {field: key, eq: 1}\n")
			    BASE("A"),
		    episodes_text,
		    "C [ip 192.0.2.1, outcome denied] 2\n"
		    "C [ip 192.0.2.1, outcome ok] 0\n"
		    "C [ip 192.0.2.2, outcome denied] 1\n");
	events_end(&w);
}

static void values(void **state)
{
	struct events w;

	(void)state;
	events_begin(&w);
	event_at(&w, 0, "A", "192.0.2.1",
		 ",\"requestParameters\":{\"s\":\"x\",\"n\":2,\"m\":[1,2]}");
	event_at(&w, 10, "A", "192.0.2.1",
		 ",\"requestParameters\":{\"s\":\"X\",\"n\":\"3.5\",\"m\":1}");
	event_at(&w, 20, "A", "192.0.2.1",
		 ",\"requestParameters\":{\"s\":\"x\",\"n\":\"many\",\"m\":2}");
	event_at(&w, 30, "A", "192.0.2.1",
		 ",\"requestParameters\":{\"n\":-1e0}");
#define VALUES(type, condition)                                            \
	CORRELATION("C",                                                   \
		    "    type: " type "\n    rules: [base_A]\n"            \
		    "    timespan: 15s\n    condition: {field: " condition \
		    "}\n")                                                 \
	BASE("A")
	check_world(&w, VALUES("value_count", "requestParameters.s, gte: 2"),
		    episodes_text, "C 0 1 2\n");
	check_world(&w, VALUES("value_count", "requestParameters.m, gt: 2"),
		    episodes_text, "");
	/* Combinations: x1 x2 X1 in the first window, X1 x2 in the second. */
	check_world(&w,
		    VALUES("value_count", "[requestParameters.s, "
					  "requestParameters.m], gte: 3"),
		    episodes_text, "C 0 1\n");
	check_world(&w, VALUES("value_sum", "requestParameters.n, gte: 5.5"),
		    episodes_text, "C 0 1\n");
	check_world(&w, VALUES("value_sum", "requestParameters.n, lt: 0"),
		    episodes_text, "C 2 3\n");
	check_world(&w, VALUES("value_avg", "requestParameters.n, eq: 3.5"),
		    episodes_text, "C 1 2\n");
	check_world(&w,
		    VALUES("value_percentile",
			   "requestParameters.n, percentile: 50, lte: 2"),
		    episodes_text, "C 0 1\nC 2 3\n");
	check_world(&w, VALUES("value_median", "requestParameters.n, gt: 3"),
		    episodes_text, "C 1 2\n");
	/* Of two values each is half of what there is. */
	check_world(&w,
		    VALUES("value_percentile", "requestParameters.s, lte: 50"),
		    episodes_text, "C 1 2\n");
	events_end(&w);
}

/* One field here, another one there. */
static void aliases(void **state)
{
	struct events w;

	(void)state;
	events_begin(&w);
	event_at(&w, 0, "A", "192.0.2.1", "");
	event_at(&w, 5, "B", "192.0.2.7",
		 ",\"requestParameters\":{\"from\":\"192.0.2.1\"}");
	event_at(&w, 6, "B", "192.0.2.1",
		 ",\"requestParameters\":{\"from\":\"192.0.2.7\"}");
	event_at(&w, 7, "D", "192.0.2.1", "");
	check_world(&w,
		    CORRELATION("C",
				"    type: temporal\n"
				"    rules: [base_A, base_B, base_D]\n"
				"    group-by: [who]\n    timespan: 1m\n"
				"    condition: {gte: 2}\n"
				"    aliases: {who: {base_A: sourceIPAddress, "
				"base_B: requestParameters.from}}\n") BASE("A")
			    BASE("B") BASE("D"),
		    episodes_text, "C [who 192.0.2.1] 0 1\n");
	events_end(&w);
}

/* Failures, then a success: the failures may go on after it, and a later
 * success counts as well. */
static void chained(void **state)
{
	const char *rules = CORRELATION(
		"Then",
		"    type: temporal_ordered\n"
		"    rules: [burst, base_B]\n"
		"    group-by: [awsRegion]\n"
		"    timespan: 1m\n") "---\n" CORRELATION("Burst",
							  "    type: event_count\n"
							  "    rules: [base_A]\n"
							  "    group-by: [sourceIPAddress]\n"
							  "    timespan: 10s\n"
							  "    condition: {gte: 3}\n") "name: burst\n" BASE("A")
		BASE("B");
	struct events w;

	(void)state;
	events_begin(&w);
	event_at(&w, 0, "B", "192.0.2.9", "");
	event_at(&w, 1, "A", "192.0.2.1", "");
	event_at(&w, 2, "A", "192.0.2.2", "");
	event_at(&w, 3, "A", "192.0.2.1", "");
	event_at(&w, 4, "B", "192.0.2.9", ""); /* too early */
	event_at(&w, 5, "A", "192.0.2.1", "");
	event_at(&w, 6, "B", "192.0.2.9", "");
	event_at(&w, 7, "A", "192.0.2.1", "");
	event_at(&w, 67, "B", "192.0.2.9", "");
	event_at(&w, 68, "B", "192.0.2.9", ""); /* too late */
	check_world(&w, rules, episodes_text,
		    "Then [awsRegion us-east-1] 1 3 5 6 7 8\n");
	events_end(&w);
}

/* Bursts are counted, not their events. */
static void counted_bursts(void **state)
{
	const char *rules = CORRELATION(
		"Twice",
		"    type: event_count\n"
		"    rules: [burst]\n"
		"    timespan: 5m\n"
		"    condition: {gte: 2}\n") "---\n" CORRELATION("Burst",
								 "    type: event_count\n"
								 "    rules: [base_A]\n"
								 "    timespan: 10s\n"
								 "    generate: true\n"
								 "    condition: {gte: 2}\n") "name: burst\n" BASE("A");
	struct events w;

	(void)state;
	events_begin(&w);
	for (unsigned i = 0; i < 5; i++)
		event_at(&w, i, "A", "192.0.2.1", "");
	check_world(&w, rules, episodes_text, "");
	event_at(&w, 100, "A", "192.0.2.1", "");
	event_at(&w, 101, "A", "192.0.2.1", "");
	check_world(&w, rules, episodes_text, "Twice 0 1 2 3 4 5 6\n");
	events_end(&w);
}

/* Whose matches are alerts of their own. */
static void silence(void **state)
{
#define SILENT(generate)                                                    \
	CORRELATION("C",                                                    \
		    "    type: event_count\n    rules: [base_A]\n"          \
		    "    timespan: 1m\n    condition: {gte: 5}\n" generate) \
	BASE("A")
	struct events w;

	(void)state;
	events_begin(&w);
	event_at(&w, 0, "A", "192.0.2.1", "");
	check_world(&w, SILENT(""), matches_text, "");
	check_world(&w, SILENT("    generate: false\n"), matches_text, "");
	check_world(&w, SILENT("    generate: true\n"), matches_text,
		    "Base A 0\n");
	check_world(&w, SILENT("generate: true\n"), matches_text, "Base A 0\n");
	/* One that asks for them is enough. */
	check_world(&w,
		    CORRELATION("C", "    type: event_count\n"
				     "    rules: [base_A]\n"
				     "    timespan: 1m\n"
				     "    generate: true\n"
				     "    condition: {gte: 5}\n---\n")
			    SILENT("    generate: false\n"),
		    matches_text, "Base A 0\n");
	events_end(&w);
}

/* Alerts fold by group; `--each` has one an episode. */
static bool told_each(void *context, const struct alert *one)
{
	strbuf_addf(context, "each %zu of %zu: %.*s\n", one->count, one->rows.n,
		    STR_ARG(one->notes.note[0]));
	return true;
}

static void alerts_text(struct strbuf *out, const struct correlated *x)
{
	for (size_t i = 0; i < x->alerts.n; i++) {
		const struct alert *a = &x->alerts.alert[i];

		strbuf_addf(out, "%.*s [%.*s] %s %zu of %zu, notes %zu\n",
			    STR_ARG(a->rule->title), STR_ARG(a->group),
			    level_name(a->level), a->count, a->rows.n,
			    a->notes.n);
	}
	alerts_each(&x->alerts, x->graph.load.store, told_each, out);
	strbuf_adds(out, "");
}

static void folding(void **state)
{
	struct events w;

	(void)state;
	by_address(&w);
	check_world(
		&w,
		CORRELATION("C", "    type: event_count\n"
				 "    rules: [base_A]\n"
				 "    group-by: [sourceIPAddress]\n"
				 "    timespan: 1m\n"
				 "    condition: {gte: 3}\n") BASE("A"),
		alerts_text,
		"C [sourceIPAddress 192.0.2.1] high 2 of 6, notes 2\n"
		"each 1 of 3: 3 events in 30s; sourceIPAddress 192.0.2.1\n"
		"each 1 of 3: 3 events in 20s; sourceIPAddress 192.0.2.1\n");
	events_end(&w);
}

/* One event tells an episode: the one with which its condition holds. */
static void marks_text(struct strbuf *out, const struct correlated *x)
{
	const struct store *store = x->graph.load.store;
	struct marks marks;

	alerts_mark(&marks, x->rules, store, &x->matches, NULL);
	for (size_t i = 0; i < marks.n; i++)
		strbuf_addf(out, "%.*s %u %s\n",
			    STR_ARG(marks.label[marks.mark[i].label].title),
			    event_number(store, marks.mark[i].row),
			    level_name((enum level)marks.mark[i].level));
	marks_release(&marks);
	for (size_t i = 0; i < x->alerts.n; i++)
		strbuf_addf(out, "%.*s first %u\n",
			    STR_ARG(x->alerts.alert[i].rule->title),
			    event_number(store, x->alerts.alert[i].told));
	sort_lines(out);
}

static void telling(void **state)
{
	struct events w;

	(void)state;
	by_address(&w);
	check_world(&w,
		    CORRELATION("C", "    type: event_count\n"
				     "    rules: [base_A]\n"
				     "    group-by: [sourceIPAddress]\n"
				     "    timespan: 1m\n"
				     "    condition: {gte: 3}\n") BASE("A"),
		    marks_text,
		    "C 0 informational\n"
		    "C 2 informational\n"
		    "C 3 high\n"
		    "C 5 informational\n"
		    "C 6 informational\n"
		    "C 7 high\n"
		    "C first 3\n");
	/* Windows end with the first B; who was alerted before has no part. */
	check_world(&w,
		    CORRELATION("C", "    type: temporal_ordered\n"
				     "    rules: ['level>=low', base_B]\n"
				     "    group-by: [sourceIPAddress]\n"
				     "    timespan: 1m\n")
			    BASE_AT("informational", "B") "\f" BASE("A"),
		    marks_text,
		    "Base A 0 low\n"
		    "Base A 1 low\n"
		    "Base A 2 low\n"
		    "Base A 3 low\n"
		    "Base A 5 low\n"
		    "Base A 6 low\n"
		    "Base A 7 low\n"
		    "Base A first 0\n"
		    "C 4 high\n"
		    "C first 4\n");
	events_end(&w);
}

/* Rules that do not hold together --------------------------------------------- */

static void check_broken(const char *text, const char *wanted)
{
	struct ruleset *rs = ruleset_new();
	const struct rule_problem *p;
	size_t n;

	ruleset_add_text(rs, "rule.yml", str_of(text), false);
	ruleset_seal(rs);
	p = ruleset_problems(rs, &n);
	if (n == 0)
		fail_msg("nothing is wrong with\n%s", text);
	if (!str_eq(p->text, str_of(wanted)))
		fail_msg("%s\n%.*s", text, STR_ARG(p->text));
	assert_int_equal(p->kind, PROBLEM_BROKEN);
	ruleset_free(rs);
}

static void broken(void **state)
{
	static const char *const cases[][2] = {
		{ "type: event_count, rules: [x], timespan: 1m, condition: "
		  "{gte: 1}",
		  "there is no rule \"x\"" },
		{ "type: event_count, rules: [C], timespan: 1m, condition: "
		  "{gte: 1}",
		  "correlations that name each other, or too many in a row" },
		{ "type: event_count, rules: [bad], timespan: 1m, condition: "
		  "{gte: 1}",
		  "the rule \"bad\" does not run" },
		{ "type: event_count, rules: [a], timespan: 1m, condition: "
		  "{gte: many}",
		  "gte takes a number" },
		{ "type: event_count, rules: [a], timespan: 1m, condition: "
		  "{gte: 1, field: x}",
		  "event_count has no field" },
		{ "type: event_count, rules: [a], timespan: 1m, condition: "
		  "{about: 1}",
		  "condition: \"about\" is not known" },
		{ "type: event_count, rules: [a], timespan: 1m",
		  "event_count needs a condition such as {gte: 10}" },
		{ "type: value_count, rules: [a], timespan: 1m, condition: "
		  "{gte: 1}",
		  "value_count needs a field in its condition" },
		{ "type: value_sum, rules: [a], timespan: 1m, condition: "
		  "{gte: 1, field: [x, y]}",
		  "value_sum takes one field" },
		{ "type: value_sum, rules: [a], timespan: 1m, condition: "
		  "{gte: 1, field: tactic}",
		  "\"tactic\" is no value of an event" },
		{ "type: temporal, rules: [a], timespan: soon",
		  "timespan: \"soon\" is no span such as 90s, 15m, 24h, 7d" },
		{ "type: temporal, rules: [a]",
		  "a correlation needs a \"timespan\"" },
		{ "type: temporal, timespan: 1m",
		  "a correlation needs \"rules\"" },
		{ "rules: [a], timespan: 1m",
		  "a correlation needs a \"type\"" },
		{ "type: near, rules: [a], timespan: 1m",
		  "correlation type \"near\" is not known" },
		{ "type: temporal, rules: [a, a], timespan: 1m",
		  "rules has \"a\" twice" },
		{ "type: temporal, rules: [a], timespan: 1m, window: 2",
		  "correlation: \"window\" is not known" },
		{ "type: temporal, rules: [a], timespan: 1m, condition: a",
		  "condition: rules joined by and, or, not are not supported; "
		  "it is a mapping such as {gte: 10}" },
		{ "type: temporal, rules: [a], timespan: 1m, aliases: {x: y}",
		  "aliases are mappings of an alias to {rule: field}" },
		{ "type: temporal, rules: [a], timespan: 1m, condition: {gte: "
		  "1, percentile: 4}",
		  "percentile is from 0 to 100, of value_percentile" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[800];

		snprintf(text, sizeof(text),
			 "title: C\nname: C\ncorrelation: {%s}\n"
			 "---\ntitle: a\n"
			 "detection: {s: {eventName: A}, condition: s}\n",
			 cases[i][0]);
		if (!strstr(cases[i][0], "bad")) {
			check_broken(text, cases[i][1]);
			continue;
		}
		/* The broken rule is told of first. */
		snprintf(text, sizeof(text),
			 "title: C\nname: C\ncorrelation: {%s}\n"
			 "---\ntitle: bad\nlogsource: {product: windows}\n"
			 "detection: {s: {eventName: A}, condition: s}\n",
			 cases[i][0]);
		check_broken(text, cases[i][1]);
	}
}

/* Namesakes in other files stand back: they alert as before. */
static void own_file_first(void **state)
{
	static const char one[] =
		"title: Same\nid: one\nlevel: low\ndetection: "
		"{s: {eventName: A}, condition: s}\n";
	static const char two[] =
		"title: C\ncorrelation: {type: event_count, rules: [Same], "
		"timespan: 1m, condition: {gte: 1}, generate: false}\n---\n"
		"title: Same\nid: two\nlevel: low\ndetection: {s: {eventName: "
		"A}, condition: s}\n";
	struct ruleset *rs = ruleset_new();
	const struct correlation *c;

	(void)state;
	ruleset_add_text(rs, "one.yml", str_of(one), false);
	ruleset_add_text(rs, "two.yml", str_of(two), false);
	ruleset_seal(rs);
	c = ruleset_at(rs, 1)->correlation;
	assert_int_equal(c->ref_n, 1);
	assert_int_equal(c->ref[0].rule, 2);
	assert_int_equal(ruleset_at(rs, 0)->state, RULE_ACTIVE);
	assert_int_equal(ruleset_at(rs, 2)->state, RULE_SILENT);
	ruleset_free(rs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counting), cmocka_unit_test(groups),
		cmocka_unit_test(derived),  cmocka_unit_test(values),
		cmocka_unit_test(aliases),  cmocka_unit_test(chained),
		cmocka_unit_test(silence),  cmocka_unit_test(counted_bursts),
		cmocka_unit_test(folding),  cmocka_unit_test(telling),
		cmocka_unit_test(broken),   cmocka_unit_test(own_file_first),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
