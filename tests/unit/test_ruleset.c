/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "detect/explain.h"
#include "detect/rule_check.h"
#include "detect/rule_sample.h"

#include "sigma_help.h"

#include "detect/ruleset_private.h"

#define GOOD                                                       \
	"title: Good\nid: 00000000-0000-4000-8000-00000000000%d\n" \
	"level: low\ndetection:\n    s:\n        eventName: %s\n"  \
	"    condition: s\n"

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[600];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void remove_file(const char *dir, const char *name)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(remove(path), 0);
}

static void make_dir(char *out, size_t size, const char *in, const char *name)
{
	snprintf(out, size, "%s/%s", in, name);
	assert_int_equal(mkdir(out, 0777), 0);
}

static void work_dir(char *out, size_t size)
{
	const char *work = getenv("TRAWL_WORK_DIR");
	char name[64];

	if (work)
		mkdir(work, 0777);
	snprintf(name, sizeof(name), "ruleset-%ld", (long)getpid());
	make_dir(out, size, work ? work : "/tmp", name);
}

/* A folder: in order of the paths, broken files listed, the rest run. */
static void folders(void **state)
{
	struct ruleset *rs = ruleset_new();
	char dir[300], sub[400], text[400], path[500];
	struct err err = ERR_INIT;
	const struct rule_problem *p;
	size_t n;

	(void)state;
	work_dir(dir, sizeof(dir));
	make_dir(sub, sizeof(sub), dir, "sub");
	snprintf(text, sizeof(text), GOOD, 1, "A");
	write_file(dir, "b.yml", text);
	snprintf(text, sizeof(text), GOOD, 2, "B");
	write_file(sub, "z.yaml", text);
	write_file(dir, "a.yml", "title: [broken\n");
	write_file(dir, "c.YML", "title: no detection\n");
	write_file(dir, "readme.txt", "not a rule");
	write_file(dir, ".hidden.yml", "[");
	snprintf(path, sizeof(path), "%s/fifo.yml", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	snprintf(path, sizeof(path), "%s/", dir);
	assert_int_equal(ruleset_add_path(rs, path, &err), ERR_OK);
	ruleset_seal(rs);
	assert_int_equal(ruleset_count(rs), 3);
	assert_true(str_eq(ruleset_at(rs, 0)->rule.title, STR("Good")));
	assert_int_equal(ruleset_at(rs, 1)->state, RULE_BROKEN);
	assert_int_equal(ruleset_at(rs, 2)->state, RULE_ACTIVE);
	p = ruleset_problems(rs, &n);
	assert_int_equal(n, 2);
	snprintf(path, sizeof(path), "%s/a.yml", dir);
	assert_string_equal(p[0].file, path);
	assert_int_equal(p[0].line, 2);
	assert_false(p[0].has_rule);
	snprintf(path, sizeof(path), "%s/c.YML", dir);
	assert_string_equal(p[1].file, path);
	assert_true(p[1].has_rule && p[1].rule == 1);
	assert_true(str_eq(p[1].text, STR("a rule needs \"detection\", "
					  "\"correlation\", \"lineage\", "
					  "\"baseline\" or \"filter\"")));
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"a\"}")), 1);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"B\"}")), 1);
	ruleset_free(rs);

	rs = ruleset_new();
	snprintf(path, sizeof(path), "%s/sub/z.yaml", dir);
	assert_int_equal(ruleset_add_path(rs, path, &err), ERR_OK);
	assert_int_equal(ruleset_count(rs), 1);
	snprintf(path, sizeof(path), "%s/none", dir);
	assert_int_equal(ruleset_add_path(rs, path, &err), ERR_IO);
	ruleset_free(rs);

	remove_file(dir, "a.yml");
	remove_file(dir, "b.yml");
	remove_file(dir, "c.YML");
	remove_file(dir, "readme.txt");
	remove_file(dir, ".hidden.yml");
	remove_file(dir, "fifo.yml");
	remove_file(sub, "z.yaml");
	rmdir(sub);
	rmdir(dir);
}

/* Rules for other logs are there, and do not run. */
static void other_sources(void **state)
{
	struct ruleset *rs = rules_of(
		"title: x\nlogsource: {product: windows}\n"
		"detection:\n    s: {eventName|foo: A}\n"
		"    condition: s\n");
	size_t n;

	(void)state;
	ruleset_problems(rs, &n);
	assert_int_equal(n, 0);
	assert_int_equal(ruleset_at(rs, 0)->state, RULE_OTHER);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\"}")), 0);
	ruleset_free(rs);
}

/* How the one rule of a set is found. */
struct found {
	uint32_t names, sources; /* by so many of them */
	size_t always;
};

static struct found index_of(const char *detection)
{
	struct ruleset *rs = rules_of_detection(detection);
	const struct rule_lookup *l = &rs->lookup;
	struct found found = { l->by_name.text.count - 1,
			       l->by_source.text.count - 1, l->always.n };
	size_t n;

	ruleset_problems(rs, &n);
	assert_int_equal(n, 0);
	ruleset_free(rs);
	return found;
}

/* What a rule needs is found through its condition, and only what it needs. */
static void indexing(void **state)
{
	struct found x;

	(void)state;
	x = index_of("    a: {eventName: [A, B]}\n    b: {eventName: c}\n"
		     "    n: {eventName: D}\n"
		     "    condition: (a or b) and not n\n");
	assert_int_equal(x.names, 3);
	/* The smaller of two sets will do. */
	x = index_of("    a: {eventName: [A, B]}\n    b: {eventName: a}\n"
		     "    condition: a and b\n");
	assert_int_equal(x.names, 1);
	x = index_of("    a: {eventSource: A}\n    b: {eventName: c*}\n"
		     "    condition: a and b\n");
	assert_int_equal(x.sources, 1);
	x = index_of("    a: {eventName: A}\n    b: {userAgent: x}\n"
		     "    condition: a or b\n");
	assert_int_equal(x.always, 1);
	x = index_of("    a: {eventName: A}\n    condition: not a\n");
	assert_int_equal(x.always, 1);
	x = index_of("    a: {eventName: [A, 'B*']}\n    condition: a\n");
	assert_int_equal(x.always, 1);
	x = index_of("    a: {eventName: [A, null]}\n    condition: a\n");
	assert_int_equal(x.always, 1);
	x = index_of("    a: {eventName|contains: A}\n    condition: a\n");
	assert_int_equal(x.always, 1);
	x = index_of("    a: {eventName: ''}\n    condition: a\n");
	assert_int_equal(x.always, 1);
}

/* A name behind a duplicate key, in a list or in other case is still found. */
static void odd_names(void **state)
{
	struct ruleset *rs = rules_of_detection(
		"    s: {eventName: StopLogging}\n    condition: s\n");

	(void)state;
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"x\",\"eventName\":"
					 "\"STOPLOGGING\"}")),
			 1);
	assert_int_equal(
		hits_of(rs, STR("{\"eventName\":[[\"StopLogging\"]]}")), 1);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"StopLogging\","
					 "\"eventName\":\"StopLogging\"}")),
			 1);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":{\"a\":"
					 "\"StopLogging\"}}")),
			 0);
	assert_int_equal(hits_of(rs, STR("{}")), 0);
	ruleset_free(rs);
}

static void outcomes(void **state)
{
	struct ruleset *rs = rules_of(
		"title: x\ndetection:\n    s: {eventName: A}\n"
		"    condition: s\ntrawl: {outcome: [ok, failed]}\n");

	(void)state;
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\"}")), 1);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\",\"errorCode\":"
					 "\"NoSuchBucket\"}")),
			 1);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\",\"errorCode\":"
					 "\"AccessDenied\"}")),
			 0);
	ruleset_free(rs);
}

/* The rules in the binary, however many, have nothing wrong with them. */
static void builtin(void **state)
{
	struct ruleset *rs = ruleset_new();
	const struct rule_problem *p;
	size_t n;

	(void)state;
	ruleset_add_builtin(rs);
	ruleset_seal(rs);
	p = ruleset_problems(rs, &n);
	for (size_t i = 0; i < n; i++)
		if (p[i].kind != PROBLEM_NOTE)
			fail_msg("%s:%u: %.*s", p[i].file, p[i].line,
				 STR_ARG(p[i].text));
	for (rule_index i = 0; i < ruleset_count(rs); i++)
		assert_true(ruleset_at(rs, i)->rule.builtin);
	ruleset_free(rs);
}

static void checks(void **state)
{
	static const char *const told[] = {
		"6: no title",
		"6: the id is no UUID: 12",
		"7: \"urgent\" is no level; taken as medium",
		("9: ATT&CK has no \"nonsense\": a tactic, a technique, a group "
		 "or software is expected"),
		"10: technique T9999 is not in the table for the cloud",
		"15: tag \"mine.x\" is of no namespace that Sigma knows",
		"18: CloudTrail has no field \"status\"",
		"24: investigate is a list of mappings, each with \"ask\"",
		("26: filter: column 1: unknown field \"usr\"; did you mean "
		 "\"user\"?"),
		"36: no event can meet the condition",
		"44: no number can meet the condition",
		("49: \"stabel\" is no status: stable, test, experimental, "
		 "deprecated or unsupported is expected"),
		"53: the condition does not use the selection \"t\"",
	};
	struct ruleset *rs = rules_of(
		"title: A\nid: 00000000-0000-4000-8000-000000000001\n"
		"level: low\ndetection: {s: {eventName: A}, condition: s}\n"
		"---\n"
		"id: 12\nlevel: urgent\ntags:\n    - attack.nonsense\n"
		"    - attack.t9999\n    - attack.t1078.004\n"
		"    - attack.g0016\n    - attack.Defense_Evasion\n"
		"    - cve.2021-44228\n    - mine.x\n"
		"detection:\n    s:\n        status|contains: A\n"
		"        errorCode: B\n    condition: s\n---\n"
		"title: C\nid: 00000000-0000-4000-8000-000000000003\n"
		"investigate:\n    - ask: x\n"
		"    - {ask: y, filter: 'usr:x'}\n    - z\nlevel: low\n"
		"detection: {s: {eventName: A}, condition: s}\n---\n"
		"title: D\nid: 00000000-0000-4000-8000-000000000004\n"
		"level: low\ndetection:\n    s: {eventName: A}\n"
		"    condition: s and not s\n---\n"
		"title: E\nid: 00000000-0000-4000-8000-000000000005\n"
		"level: low\ncorrelation:\n    type: event_count\n"
		"    rules: [A]\n    condition: {gt: 2, lt: 3}\n"
		"    timespan: 1m\n---\n"
		"title: F\nid: 00000000-0000-4000-8000-000000000006\n"
		"status: stabel\nlevel: low\ndetection:\n"
		"    s: {eventName: A}\n    t: {eventName: B}\n"
		"    sel_a: {eventName: C}\n"
		"    condition: s or 1 of sel_*\n");
	const struct rule_problem *p;
	size_t n;

	(void)state;
	ruleset_problems(rs, &n);
	assert_int_equal(n, 0);
	assert_int_equal(rules_check(rs), ARRAY_SIZE(told));
	p = ruleset_problems(rs, &n);
	for (size_t i = 0; i < n; i++) {
		char text[600];

		snprintf(text, sizeof(text), "%u: %.*s", p[i].line,
			 STR_ARG(p[i].text));
		assert_string_equal(text, told[i]);
		assert_true(p[i].has_rule);
	}
	ruleset_free(rs);
}

/* Samples ----------------------------------------------------------------- */

struct samples {
	struct arena arena;
	struct event event;
	const struct event *list[1];
};

static bool find_sample(void *context, struct str name, struct rule_sample *out)
{
	struct samples *s = context;
	struct err err = ERR_INIT;
	struct strbuf text;

	if (str_eq(name, STR("unknown")))
		return false;
	strbuf_init(&text);
	strbuf_addf(&text, "{\"eventName\":\"%.*s\"}", STR_ARG(name));
	event_extract(&s->event, json_read(&s->arena, strbuf_str(&text), &err),
		      0, &s->arena);
	strbuf_release(&text);
	s->list[0] = &s->event;
	*out = (struct rule_sample){ .event = s->list, .n = 1 };
	return true;
}

static void told(void *context, rule_index rule, struct str sample,
		 bool should_fire, enum sample_result result)
{
	strbuf_addf(context, "%u %.*s %d %d\n", rule, STR_ARG(sample),
		    should_fire, result);
}

static void samples(void **state)
{
	struct ruleset *rs = rules_of(
		"title: x\ndetection: {s: {eventName: [A, B]}, condition: s}\n"
		"samples: {fire: [A, C, unknown], quiet: [D, B]}\n"
		"---\n"
		"title: y\ndetection: {s: {eventName: A}, condition: s}\n");
	struct sample_counts counts;
	struct samples s;
	struct strbuf text;

	(void)state;
	arena_init(&s.arena);
	strbuf_init(&text);
	counts = rules_test(rs, find_sample, &s, told, &text);
	assert_int_equal(counts.rules, 1);
	assert_int_equal(counts.right, 2);
	assert_int_equal(counts.wrong, 2);
	assert_int_equal(counts.unknown, 1);
	assert_string_equal(text.p, "0 A 1 0\n0 C 1 1\n0 unknown 1 3\n"
				    "0 D 0 0\n0 B 0 2\n");
	strbuf_release(&text);
	arena_release(&s.arena);
	ruleset_free(rs);
}

static void explain(void **state)
{
	struct ruleset *rs = rules_of_detection(
		"    a: {eventName: A}\n    b: {awsRegion: x}\n"
		"    condition: a and not b\n");
	const struct ruleset_rule *r = ruleset_at(rs, 0);
	struct rule_sample sample;
	struct explanation x;
	struct strbuf text;
	struct samples s;

	(void)state;
	arena_init(&s.arena);
	strbuf_init(&text);
	assert_true(find_sample(&s, STR("A"), &sample));
	explain_rule(&x, r, sample.event[0], NULL);
	assert_true(x.met);
	assert_int_equal(x.selection_n, 2);
	assert_true(x.selection[0].met);
	assert_false(x.selection[1].met);
	explanation_release(&x);

	assert_true(find_sample(&s, STR("B"), &sample));
	explain_rule(&x, r, sample.event[0], NULL);
	assert_false(x.met);
	explanation_describe(&x, &text);
	assert_string_equal(text.p, "T: the event does not meet the condition\n"
				    "condition: a and not b\n"
				    "- a\n"
				    "  - \"eventName\":A   has B\n"
				    "- b\n"
				    "  - \"awsRegion\":x   has nothing\n");
	explanation_release(&x);
	strbuf_release(&text);
	arena_release(&s.arena);
	ruleset_free(rs);
}

static void finding(void **state)
{
	struct ruleset *rs = rules_of(
		"title: One\nid: x\nname: n\ndetection: {s: [a], condition: s}"
		"\n---\ntitle: x\ndetection: {s: [a], condition: s}\n---\n"
		"title: ONE\ndetection: {s: [a], condition: s}\n");

	(void)state;
	assert_int_equal(ruleset_find(rs, STR("X"), UINT32_MAX), 0);
	assert_int_equal(ruleset_find(rs, STR("x"), 0), UINT32_MAX);
	assert_int_equal(ruleset_find(rs, STR("n"), UINT32_MAX), 0);
	assert_int_equal(ruleset_find(rs, STR("one"), UINT32_MAX), 0);
	assert_int_equal(ruleset_find(rs, STR("one"), 0), 2);
	assert_int_equal(ruleset_find(rs, STR("one"), 2), UINT32_MAX);
	assert_int_equal(ruleset_find(rs, STR("two"), UINT32_MAX), UINT32_MAX);
	assert_int_equal(ruleset_find(rs, STR_NULL, UINT32_MAX), UINT32_MAX);
	ruleset_free(rs);
}

/* A match has two bytes for the number of its rule. */
static void too_many(void **state)
{
	enum { FILE_RULES = 5000 };
	static const char one[] = "a: b\n---\n";
	struct ruleset *rs = ruleset_new();
	const struct rule_problem *last;
	struct strbuf text;
	size_t problems;

	(void)state;
	strbuf_init(&text);
	for (size_t i = 0; i < FILE_RULES; i++)
		strbuf_adds(&text, one);
	for (size_t n = 0; n <= RULES_MOST; n += FILE_RULES)
		ruleset_add_text(rs, "many.yml", strbuf_str(&text), false);
	assert_int_equal(ruleset_count(rs), RULES_MOST);
	/* A problem for each that is read, and one for those that are not. */
	last = ruleset_problems(rs, &problems);
	assert_int_equal(problems, RULES_MOST + 1);
	last += RULES_MOST;
	assert_string_equal(last->text.p,
			    "more than 65536 rules: the rest is left out");
	assert_int_equal(last->kind, PROBLEM_BROKEN);
	strbuf_release(&text);
	ruleset_free(rs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folders),  cmocka_unit_test(other_sources),
		cmocka_unit_test(indexing), cmocka_unit_test(odd_names),
		cmocka_unit_test(outcomes), cmocka_unit_test(builtin),
		cmocka_unit_test(checks),   cmocka_unit_test(samples),
		cmocka_unit_test(explain),  cmocka_unit_test(finding),
		cmocka_unit_test(too_many),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
