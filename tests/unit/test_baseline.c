/* SPDX-License-Identifier: MIT */
/* Rules with a `baseline` section: what is new of whom, and what is more than
 * usual. */
#include "lineage_rules_help.h"

#include "detect/alert.h"

#define CLI    "aws-cli/2.17.0 os/linux#6.8"
#define HERE   "198.51.100.30"
#define NEARBY "198.51.7.7"
#define ABROAD "203.0.113.66"
#define ANN    USER("ann", "AKIAANN0000000000001")
#define BOB    USER("bob", "AKIABOB0000000000001")
#define EVE    USER("eve", "AKIAEVE0000000000001")
#define HEAD                                                   \
	"title: B\nid: 00000000-0000-4000-8000-000000000001\n" \
	"level: medium\n"
#define FIRST(of, by, more)                                                  \
	HEAD "baseline: {detect: first-seen, of: " of ", by: " by            \
	     ", baseline-hours: 2, baseline-events: 4, least-events: 2" more \
	     "}\n"

/* A rule in a text finds these events of a world. */
static void check_rule(struct small_world *w, const char *text,
		       const char *expected, const char *file, int line)
{
	struct ruleset *rs = ruleset_new();
	struct strbuf found;
	size_t problems;

	ruleset_add_text(rs, "b.yml", str_of(text), false);
	ruleset_seal(rs);
	ruleset_problems(rs, &problems);
	assert_int_equal(problems, 0);
	strbuf_init(&found);
	find_with(w, rs, "B", &found);
	if (!str_eq(strbuf_str(&found), str_of(expected))) {
		fprintf(stderr, "%sfound \"%.*s\", not \"%s\"\n", text,
			STR_ARG(strbuf_str(&found)), expected);
		_fail(file, line);
	}
	strbuf_release(&found);
	ruleset_free(rs);
}

#define assert_rule(w, text, expected) \
	check_rule((w), (text), (expected), __FILE__, __LINE__)

static void calls(struct small_world *w, unsigned number, unsigned n,
		  const char *hour, const char *who, const char *call,
		  const char *ip, const char *more)
{
	char clock[16];

	for (unsigned i = 0; i < n; i++) {
		snprintf(clock, sizeof(clock), "%s:%02u:00", hour, i);
		add_event(w, number + i, clock, who, call, ip, CLI, more);
	}
}

/* First uses --------------------------------------------------------------- */

static void first_addresses(void **state)
{
	struct small_world w;
	struct err err = ERR_INIT;

	(void)state;
	small_begin(&w);
	/* The second call is one of too few to compare with. */
	calls(&w, 1, 1, "01", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 2, 1, "02", ANN, "s3:ListBuckets", NEARBY, "");
	calls(&w, 3, 2, "03", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 5, 2, "04", ANN, "s3:ListBuckets", ABROAD, "");
	/* Nobody knows Bob, and services are nobody's habit. */
	calls(&w, 7, 1, "05", BOB, "s3:ListBuckets", ABROAD, "");
	calls(&w, 8, 1, "05", ANN, "s3:ListBuckets", "athena.amazonaws.com",
	      "");
	assert_rule(&w, FIRST("ip", "actor", ""), "5");
	assert_true(note_says(&w, "first ip " ABROAD " of "));
	assert_true(note_says(&w, "in 3h 0m and 4 events before"));
	assert_false(note_says(&w, "little"));
	assert_rule(&w, FIRST("network", "actor", ""), "5");
	assert_true(note_says(&w, "first network 203.0.0.0/16 of "));
	assert_rule(&w, FIRST("ip", "actor", ", seen-at-most: 1"), "3 5 6");
	assert_true(note_says(&w, "use 2 of ip " ABROAD));
	assert_rule(&w, FIRST("ip", "key", ""), "5");
	assert_rule(&w, FIRST("event", "actor", ""), "");
	/* Networks of one's own are expected. */
	assert_int_equal(site_read(&w.site, STR("network 203.0.113.0/24 vpn\n"),
				   "site", &err),
			 ERR_OK);
	assert_rule(&w, FIRST("ip", "actor", ""), "");
	small_end(&w);
}

static void what_others_know(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	calls(&w, 1, 4, "01", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 5, 1, "02", BOB, "s3:ListBuckets", ABROAD, "");
	calls(&w, 6, 1, "03", EVE, "s3:ListBuckets", ABROAD, "");
	calls(&w, 7, 1, "04", ANN, "s3:ListBuckets", ABROAD, "");
	assert_rule(&w, FIRST("ip", "actor", ", known-to: 3"), "7");
	assert_rule(&w, FIRST("ip", "actor", ", known-to: 2"), "");
	small_end(&w);
	/* Who comes later does not make it common. */
	small_begin(&w);
	calls(&w, 1, 4, "01", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 5, 1, "03", BOB, "s3:ListBuckets", ABROAD, "");
	calls(&w, 6, 1, "05", EVE, "s3:ListBuckets", ABROAD, "");
	calls(&w, 7, 1, "04", ANN, "s3:ListBuckets", ABROAD, "");
	assert_rule(&w, FIRST("ip", "actor", ", known-to: 2"), "7");
	small_end(&w);
}

static void first_calls(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	calls(&w, 1, 4, "01", ANN, "s3:ListBuckets", HERE,
	      ",\"readOnly\":true");
	calls(&w, 5, 1, "04", ANN, "iam:ListUsers", HERE, ",\"readOnly\":true");
	calls(&w, 6, 1, "05", ANN, "iam:CreateUser", HERE,
	      ",\"readOnly\":false");
	calls(&w, 7, 1, "06", ANN, "lambda:Invoke20150331", HERE,
	      ",\"readOnly\":false");
	calls(&w, 8, 1, "07", ANN, "lambda:Invoke", HERE,
	      ",\"readOnly\":false");
	assert_rule(&w, FIRST("event", "actor", ""), "5 6 7");
	assert_rule(&w, FIRST("event", "actor", ", calls: write"), "6 7");
	assert_rule(&w, FIRST("service", "actor", ""), "5 7");
	assert_rule(&w, FIRST("service", "account", ", ignore-services: [iam]"),
		    "7");
	/* What the rule's own detection selects, measured against all. */
	assert_rule(
		&w,
		FIRST("event", "actor",
		      "") "detection:\n  s: {eventSource: lambda.amazonaws.com}\n"
			  "  condition: s\n",
		"7");
	small_end(&w);
}

/* Little before: a level lower, and said. */
static void little_before(void **state)
{
	struct ruleset *rs = ruleset_new();
	struct small_world w;
	struct alerts alerts;
	struct marks marks;
	struct folder f;
	struct run run;

	(void)state;
	small_begin(&w);
	calls(&w, 1, 3, "01", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 4, 1, "04", ANN, "s3:ListBuckets", NEARBY, "");
	calls(&w, 5, 1, "05", ANN, "s3:ListBuckets", ABROAD, "");
	ruleset_add_text(rs, "b.yml", str_of(FIRST("ip", "actor", "")), false);
	ruleset_seal(rs);
	folder_make(&f);
	put_world(&w, &f, IN_ORDER);
	run_begin(&run, rs, &w.site, f.path);
	assert_int_equal(run.matches.n, 2);
	assert_int_equal(run.matches.match[0].lower, 1);
	assert_int_equal(run.matches.match[1].lower, 0);
	alerts_fold(&alerts, rs, run.graph.load.store, &run.matches, NULL, 1);
	assert_int_equal(alerts.n, 1);
	assert_int_equal(alerts.alert[0].level, LEVEL_MEDIUM);
	assert_true(str_find(alerts.alert[0].notes.note[0],
			     STR("little to compare with"), 0) != SIZE_MAX);
	assert_true(str_find(alerts.alert[0].notes.note[1],
			     STR("little to compare with"), 0) == SIZE_MAX);
	alerts_mark(&marks, rs, run.graph.load.store, &run.matches, NULL);
	assert_int_equal(marks.mark[0].level, LEVEL_LOW);
	assert_int_equal(marks.mark[1].level, LEVEL_MEDIUM);
	marks_release(&marks);
	alerts_release(&alerts);
	run_end(&run);
	folder_remove(&f);
	ruleset_free(rs);
	small_end(&w);
}

/* Rates -------------------------------------------------------------------- */

#define DENIED ",\"errorCode\":\"AccessDenied\""
#define RATIO                                                          \
	HEAD "baseline: {detect: outcome-ratio, outcome: denied, by: " \
	     "actor, within-minutes: 5, at-least: 3, percent: 50}\n"

static void ratios(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	/* Three of six in five minutes, then two of one's own. */
	calls(&w, 1, 3, "01", ANN, "s3:ListBuckets", HERE, "");
	add_event(&w, 4, "01:03:00", ANN, "iam:ListUsers", HERE, CLI, DENIED);
	add_event(&w, 5, "01:04:00", ANN, "iam:ListRoles", HERE, CLI, DENIED);
	add_event(&w, 6, "01:05:00", ANN, "iam:ListRoles", HERE, CLI, DENIED);
	add_event(&w, 7, "01:30:00", ANN, "iam:ListRoles", HERE, CLI, DENIED);
	calls(&w, 8, 2, "02", BOB, "iam:ListUsers", HERE, DENIED);
	assert_rule(&w, RATIO, "4 5 6");
	assert_true(note_says(&w, "3 of 3 calls of "));
	assert_true(note_says(&w, "in 2m: denied"));
	/* One more that is allowed, and it is less than half. */
	add_event(&w, 10, "01:02:30", ANN, "s3:ListBuckets", HERE, CLI, "");
	assert_rule(&w, RATIO, "");
	small_end(&w);
}

#define BURST                                                            \
	HEAD "detection:\n  s: {eventName: GetObject}\n  condition: s\n" \
	     "baseline: {detect: burst, by: actor, within-minutes: 10, " \
	     "at-least: 4, times-usual: 3, baseline-hours: 1, "          \
	     "baseline-events: 4}\n"

static void bursts(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	/* Six in the hour before are one in ten minutes. */
	for (unsigned i = 0; i < 6; i++) {
		char clock[16];

		snprintf(clock, sizeof(clock), "01:%02u:00", i * 10);
		add_event(&w, 1 + i, clock, ANN, "s3:GetObject", HERE, CLI, "");
	}
	calls(&w, 10, 4, "02", ANN, "s3:GetObject", HERE, "");
	calls(&w, 20, 3, "02", BOB, "s3:GetObject", HERE, "");
	assert_rule(&w, BURST, "10 11 12 13");
	assert_true(note_says(&w, "4 of "));
	assert_true(note_says(&w, "usual are 1.0 in 10m"));
	small_end(&w);
	/* Four where two are usual. */
	small_begin(&w);
	for (unsigned i = 0; i < 12; i++) {
		char clock[16];

		snprintf(clock, sizeof(clock), "01:%02u:00", i * 5);
		add_event(&w, 1 + i, clock, ANN, "s3:GetObject", HERE, CLI, "");
	}
	calls(&w, 20, 3, "02", ANN, "s3:GetObject", HERE, "");
	assert_rule(&w, BURST, "");
	small_end(&w);
}

#define UNUSUAL                                                           \
	HEAD "baseline: {detect: unusual-hour, by: actor, at-least: 10, " \
	     "robust-z: 6, baseline-hours: 3}\n"

static void hours(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	calls(&w, 1, 2, "01", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 3, 4, "02", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 7, 3, "03", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 20, 12, "04", ANN, "s3:ListBuckets", HERE, "");
	/* Median 3, deviations 1 1 0: (12 - 3) / 1.4826 = 6.07. */
	assert_rule(&w, UNUSUAL, "20");
	assert_true(note_says(&w, "12 calls of "));
	assert_true(note_says(&w, "6.1 deviations above the median of 3.0"));
	small_end(&w);
	small_begin(&w);
	calls(&w, 1, 2, "01", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 3, 4, "02", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 7, 3, "03", ANN, "s3:ListBuckets", HERE, "");
	calls(&w, 20, 11, "04", ANN, "s3:ListBuckets", HERE, "");
	assert_rule(&w, UNUSUAL, "");
	small_end(&w);
}

/* Sections ----------------------------------------------------------------- */

static void sections(void **state)
{
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{ HEAD "baseline: {detect: key-exposed, score: 4}\n",
		  "baseline needs \"detect\"" },
		{ HEAD "lineage: {detect: first-seen, of: ip, by: actor}\n",
		  "lineage needs \"detect\"" },
		{ HEAD "baseline: {detect: first-seen, of: ip, by: actor}\n",
		  "first-seen needs \"baseline-hours\"" },
		{ FIRST("weather", "actor", ""), "\"weather\" is not known" },
		{ FIRST("ip", "nobody", ""), "\"nobody\" is not known" },
		{ FIRST("[ip, agent]", "actor", ""), "of is one text" },
		{ FIRST("ip", "actor", ", percent: 5"), "has no setting" },
		{ HEAD "baseline: {detect: burst, by: actor, within-minutes: "
		       "1, at-least: 1, times-usual: 2, baseline-hours: 1, "
		       "baseline-events: 1}\n",
		  "burst needs \"detection\"" },
		{ FIRST("ip", "actor",
			"") "lineage: {detect: own-origin-changed}\n",
		  "not both" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ruleset *rs = ruleset_new();
		const struct rule_problem *p;
		size_t n;

		ruleset_add_text(rs, "b.yml", str_of(cases[i].text), false);
		ruleset_seal(rs);
		p = ruleset_problems(rs, &n);
		assert_int_equal(n, 1);
		assert_int_equal(ruleset_at(rs, 0)->state, RULE_BROKEN);
		check(str_find(p->text, str_of(cases[i].problem), 0) !=
			      SIZE_MAX,
		      "%s: %.*s", cases[i].problem, STR_ARG(p->text));
		ruleset_free(rs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_addresses),
		cmocka_unit_test(what_others_know),
		cmocka_unit_test(first_calls),
		cmocka_unit_test(little_before),
		cmocka_unit_test(ratios),
		cmocka_unit_test(bursts),
		cmocka_unit_test(hours),
		cmocka_unit_test(sections),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
