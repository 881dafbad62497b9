/* SPDX-License-Identifier: MIT */
/* The `lineage` section of a rule, and how its matches join the others. */
#include "lineage_rules_help.h"

#include "sigma_help.h"

#include "detect/alert.h"

#define HEAD                                                   \
	"title: L\nid: 00000000-0000-4000-8000-000000000001\n" \
	"level: high\nlogsource: {product: aws, service: cloudtrail}\n"

/* The one problem of a rule with this section, or NULL. */
static const struct rule_problem *problem_of(struct ruleset **rs,
					     const char *section)
{
	const struct rule_problem *p;
	struct strbuf text;
	size_t n;

	strbuf_init(&text);
	strbuf_adds(&text, HEAD);
	strbuf_adds(&text, section);
	*rs = rules_of(text.p);
	strbuf_release(&text);
	p = ruleset_problems(*rs, &n);
	assert_in_range(n, 0, 1);
	assert_int_equal(ruleset_at(*rs, 0)->state,
			 n ? RULE_BROKEN : RULE_ACTIVE);
	return n ? p : NULL;
}

static void sections_that_are_whole(void **state)
{
	const struct lineage_rule *r;
	struct ruleset *rs;

	(void)state;
	assert_null(problem_of(&rs, "lineage:\n"
				    "  detect: credentials-on-two-networks\n"
				    "  within-minutes: 20\n"));
	r = ruleset_at(rs, 0)->lineage;
	assert_int_equal(r->number[SET_WITHIN_MINUTES], 20);
	assert_null(ruleset_at(rs, 0)->matcher);
	ruleset_free(rs);
	assert_null(problem_of(&rs, "lineage:\n"
				    "  detect: instance-credentials-elsewhere\n"
				    "  evidence: weak\n  shared-by: 3\n"
				    "  agents: [One, two]\n"));
	r = ruleset_at(rs, 0)->lineage;
	assert_true(lineage_rule_says(r, SET_EVIDENCE, STR("weak")));
	assert_true(lineage_rule_says(r, SET_AGENTS, STR("ONE")));
	assert_false(lineage_rule_says(r, SET_AGENTS, STR("one more")));
	assert_true(lineage_rule_finds(r, SET_AGENTS, STR("has two of it")));
	assert_false(lineage_rule_finds(r, SET_AGENTS, STR("on")));
	ruleset_free(rs);
}

static void sections_that_are_not(void **state)
{
	static const struct {
		const char *section, *problem;
		unsigned line;
	} cases[] = {
		{ "lineage: yes\n", "needs \"detect\"", 5 },
		{ "lineage: []\n", "needs \"detect\"", 5 },
		{ "lineage: {detect: nothing}\n", "\"nothing\" is none", 5 },
		{ "lineage: {detect: credentials-on-two-networks}\n",
		  "needs \"within-minutes\"", 5 },
		{ "lineage:\n  detect: credentials-on-two-networks\n"
		  "  within-minutes: 0\n",
		  "is a number from 1 to 10080", 7 },
		{ "lineage:\n  detect: credentials-on-two-networks\n"
		  "  within-minutes: soon\n",
		  "is a number from", 7 },
		{ "lineage:\n  detect: credentials-on-two-networks\n"
		  "  within-minutes: [1]\n",
		  "is a number from", 7 },
		{ "lineage:\n  detect: credentials-on-two-networks\n"
		  "  within-minutes: 1\n  score: 4\n",
		  "has no setting \"score\"", 8 },
		{ "lineage:\n  detect: instance-credentials-elsewhere\n"
		  "  agents: []\n",
		  "a text or a list of texts", 7 },
		{ "lineage:\n  detect: instance-credentials-elsewhere\n"
		  "  agents: [a, [b]]\n",
		  "a text or a list of texts", 7 },
		{ "lineage:\n  detect: instance-credentials-elsewhere\n"
		  "  evidence: some\n",
		  "\"some\" is not known", 7 },
		{ "lineage: {detect: credentials-on-two-networks, "
		  "within-minutes: 1}\n"
		  "detection: {s: {eventName: a}, condition: s}\n",
		  "starts from no events", 5 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct rule_problem *p;
		struct ruleset *rs;

		p = problem_of(&rs, cases[i].section);
		check(p && str_find(p->text, str_of(cases[i].problem), 0) !=
				      SIZE_MAX,
		      "%s: %.*s", cases[i].section,
		      STR_ARG(p ? p->text : STR("no problem")));
		assert_int_equal(p->line, cases[i].line);
		ruleset_free(rs);
	}
}

#define DAN USER("dan", "AKIADAN0000000000001")

/* Matches of all rules in one order, by row and rule, and folded together. */
static void matches_join(void **state)
{
	static const char rules[] =
		"title: Sigma\nid: 00000000-0000-4000-8000-000000000002\n"
		"level: low\ndetection: {s: {eventName: ListBuckets}, "
		"condition: s}\n---\n" HEAD
		"lineage: {detect: credentials-on-two-networks, "
		"within-minutes: 15}\n"
		"trawl: {outcome: ok}\n---\n"
		"title: Sigma too\nid: 00000000-0000-4000-8000-000000000003\n"
		"level: low\ndetection: {s: {eventName: ListBuckets}, "
		"condition: s}\n";
	struct ruleset *rs = rules_of(rules);
	struct small_world w;
	struct folder f;
	struct run run;
	struct alerts alerts;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", DAN, "s3:ListBuckets", "198.51.100.1", "x",
		  "");
	add_event(&w, 2, "06:01:00", DAN, "s3:ListBuckets", "203.0.113.1", "x",
		  "");
	/* The rule is about calls that succeeded. */
	add_event(&w, 3, "06:02:00", DAN, "s3:ListBuckets", "203.0.113.1", "x",
		  ",\"errorCode\":\"AccessDenied\"");
	add_event(&w, 4, "06:03:00", DAN, "s3:ListBuckets", "192.0.2.1", "x",
		  "");
	folder_make(&f);
	put_world(&w, &f, IN_ORDER);
	run_begin(&run, rs, &w.site, f.path);
	assert_int_equal(run.matches.n, 10);
	for (size_t i = 0; i < run.matches.n; i++) {
		static const struct {
			row_id row;
			rule_index rule;
			bool noted;
		} expected[] = {
			{ 0, 0, false }, { 0, 2, false }, { 1, 0, false },
			{ 1, 1, true },  { 1, 2, false }, { 2, 0, false },
			{ 2, 2, false }, { 3, 0, false }, { 3, 1, true },
			{ 3, 2, false },
		};

		assert_int_equal(run.matches.match[i].row, expected[i].row);
		assert_int_equal(run.matches.match[i].rule, expected[i].rule);
		assert_int_equal(run.matches.match[i].note != 0,
				 expected[i].noted);
	}
	/* Without scores they are in the order of the rules. */
	alerts_fold(&alerts, rs, run.graph.load.store, &run.matches, NULL, 1);
	assert_int_equal(alerts.n, 3);
	assert_str(alerts.alert[1].rule->title, "L");
	assert_int_equal(alerts.alert[1].rows.n, 2);
	assert_int_equal(alerts.alert[1].notes.n, 2);
	assert_int_equal(alerts.alert[1].notes.more, 0);
	assert_str_eq(alerts.alert[1].notes.of_row[1],
		      alerts.alert[1].notes.note[1]);
	assert_int_equal(alerts.alert[0].notes.n, 0);
	assert_null(alerts.alert[0].notes.of_row);
	alerts_release(&alerts);
	run_end(&run);
	folder_remove(&f);
	small_end(&w);
	ruleset_free(rs);
}

/* An actor with more to tell than fits is told in part, and that is told. */
static void notes_have_an_end(void **state)
{
	static const char rules[] = HEAD
		"lineage: {detect: credentials-on-two-networks, "
		"within-minutes: 15}\n";
	struct ruleset *rs = rules_of(rules);
	struct small_world w;
	struct folder f;
	struct run run;
	struct alerts alerts;

	(void)state;
	small_begin(&w);
	for (unsigned i = 0; i < ALERT_NOTES + 4; i++) {
		char clock[16], ip[32];

		snprintf(clock, sizeof(clock), "06:00:%02u", i);
		snprintf(ip, sizeof(ip), "198.%u.100.1", i + 1);
		add_event(&w, i + 1, clock, DAN, "s3:ListBuckets", ip, "x", "");
	}
	folder_make(&f);
	put_world(&w, &f, IN_ORDER);
	run_begin(&run, rs, &w.site, f.path);
	alerts_fold(&alerts, rs, run.graph.load.store, &run.matches, NULL, 1);
	assert_int_equal(alerts.n, 1);
	assert_int_equal(alerts.alert[0].rows.n, ALERT_NOTES + 3);
	assert_int_equal(alerts.alert[0].notes.n, ALERT_NOTES);
	assert_int_equal(alerts.alert[0].notes.more, 3);
	alerts_release(&alerts);
	run_end(&run);
	folder_remove(&f);
	small_end(&w);
	ruleset_free(rs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_that_are_whole),
		cmocka_unit_test(sections_that_are_not),
		cmocka_unit_test(matches_join),
		cmocka_unit_test(notes_have_an_end),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
