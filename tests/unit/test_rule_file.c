/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "detect/rule.h"

static enum err_code read_text(struct arena *a, const char *text,
			       struct rule_documents *d, struct err *err)
{
	return rule_file_read(a, str_of(text), "f.yml", d, err);
}

#define assert_text(node, text) \
	assert_true(str_eq(node_text(node), str_of(text)))

static void tree(void **state)
{
	const char *text = "b: 1\na: [x, 'null', null, ~, \"\"]\n"
			   "m:\n  k: true\n  k: again\n"
			   "t: |\n  two\n  lines\nn:\n";
	struct err err = ERR_INIT;
	struct rule_documents d;
	const struct node *list;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_int_equal(read_text(&a, text, &d, &err), ERR_OK);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.root[0]->kind, NODE_MAP);
	assert_int_equal(d.root[0]->n, 5);
	assert_true(str_eq(d.root[0]->item[0].key, STR("b")));
	assert_text(node_member(d.root[0], "b"), "1");
	list = node_member(d.root[0], "a");
	assert_int_equal(list->kind, NODE_LIST);
	assert_int_equal(list->n, 5);
	/* A quoted null is a text. */
	assert_int_equal(list->item[1].value->kind, NODE_TEXT);
	assert_int_equal(list->item[2].value->kind, NODE_NULL);
	assert_int_equal(list->item[3].value->kind, NODE_NULL);
	assert_int_equal(list->item[4].value->kind, NODE_TEXT);
	/* Duplicate keys stay; the last is found. */
	assert_int_equal(node_member(d.root[0], "m")->n, 2);
	assert_text(node_member(node_member(d.root[0], "m"), "k"), "again");
	assert_int_equal(node_find(d.root[0], "m")->line, 3);
	assert_int_equal(node_member(d.root[0], "m")->item[1].line, 5);
	assert_text(node_member(d.root[0], "t"), "two\nlines\n");
	assert_int_equal(node_member(d.root[0], "n")->kind, NODE_NULL);
	assert_null(node_member(d.root[0], "zzz"));
	assert_null(node_member(NULL, "zzz"));
	arena_release(&a);
}

static void bools(void **state)
{
	struct node n = { .kind = NODE_TEXT };
	bool v = false;

	(void)state;
	n.text = STR("Yes");
	assert_true(node_bool(&n, &v) && v);
	n.text = STR("off");
	assert_true(node_bool(&n, &v) && !v);
	n.text = STR("1");
	assert_false(node_bool(&n, &v));
	assert_false(node_bool(NULL, &v));
}

static void documents(void **state)
{
	struct err err = ERR_INIT;
	struct rule_documents d;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_int_equal(read_text(&a, "", &d, &err), ERR_OK);
	assert_int_equal(d.n, 0);
	assert_int_equal(read_text(&a, "---\n---\na: 1\n---\n# none\n---\nb: 2",
				   &d, &err),
			 ERR_OK);
	assert_int_equal(d.n, 2);
	assert_int_equal(d.root[1]->line, 7);
	/* What stands before the trouble is there. */
	assert_int_equal(read_text(&a, "a: 1\n---\nb: [1\nc: 2\n", &d, &err),
			 ERR_SYNTAX);
	assert_int_equal(d.n, 1);
	assert_string_equal(err.msg, "f.yml:4: while parsing a flow sequence, "
				     "did not find expected ',' or ']'");
	arena_release(&a);
}

static void aliases(void **state)
{
	struct err err = ERR_INIT;
	struct rule_documents d;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_int_equal(read_text(&a,
				   "x: &one {k: v}\ny: *one\nz: &one 2\n"
				   "w: *one\n",
				   &d, &err),
			 ERR_OK);
	assert_text(node_member(node_member(d.root[0], "y"), "k"), "v");
	assert_text(node_member(d.root[0], "w"), "2");
	assert_int_equal(read_text(&a, "x: &me\n  - *me\n", &d, &err),
			 ERR_SYNTAX);
	assert_string_equal(err.msg,
			    "f.yml:2: an alias inside what it stands for");
	assert_int_equal(read_text(&a, "x: *none\n", &d, &err), ERR_SYNTAX);
	assert_string_equal(err.msg, "f.yml:1: an alias without its anchor");
	/* Anchors end with their document. */
	assert_int_equal(read_text(&a, "x: &one 1\n---\ny: *one\n", &d, &err),
			 ERR_SYNTAX);
	arena_release(&a);
}

/* A few lines that would be a billion values. */
static void laughs(void **state)
{
	struct err err = ERR_INIT;
	struct rule_documents d;
	struct strbuf text;
	struct arena a;

	(void)state;
	arena_init(&a);
	strbuf_init(&text);
	strbuf_adds(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (int i = 1; i < 10; i++) {
		strbuf_addf(&text, "a%d: &a%d [", i, i);
		for (int k = 0; k < 10; k++)
			strbuf_addf(&text, "%s*a%d", k ? "," : "", i - 1);
		strbuf_adds(&text, "]\n");
	}
	assert_int_equal(read_text(&a, text.p, &d, &err), ERR_LIMIT);
	assert_string_equal(err.msg, "f.yml:6: too many values");
	strbuf_release(&text);
	arena_release(&a);
}

static void depth(void **state)
{
	struct err err = ERR_INIT;
	struct rule_documents d;
	struct strbuf text;
	struct arena a;

	(void)state;
	arena_init(&a);
	strbuf_init(&text);
	strbuf_addn(&text, '[', 30);
	strbuf_addn(&text, ']', 30);
	assert_int_equal(read_text(&a, text.p, &d, &err), ERR_OK);
	strbuf_clear(&text);
	strbuf_addn(&text, '[', 100000);
	assert_int_equal(read_text(&a, text.p, &d, &err), ERR_LIMIT);
	/* Also when it is an alias that is deep. */
	strbuf_clear(&text);
	strbuf_adds(&text, "- &a [[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]"
			   "]]]]]\n- [[[[[[[[[[[[[[[[[[[[*a]]]]]]]]]]]]]]]]]]]"
			   "]\n");
	assert_int_equal(read_text(&a, text.p, &d, &err), ERR_LIMIT);
	strbuf_release(&text);
	arena_release(&a);
}

static void refused(void **state)
{
	struct err err = ERR_INIT;
	struct rule_documents d;
	struct arena a;
	char *large;

	(void)state;
	arena_init(&a);
	assert_int_equal(read_text(&a, "? [a]\n: b\n", &d, &err), ERR_SYNTAX);
	assert_int_equal(read_text(&a, "a:\tb\n\t- c\n", &d, &err), ERR_SYNTAX);
	assert_int_equal(read_text(&a, "a: \xff\n", &d, &err), ERR_SYNTAX);
	assert_int_equal(rule_file_read(&a, STR("a: \0b\n"), "f.yml", &d, &err),
			 ERR_SYNTAX);
	large = test_calloc(RULE_FILE_MAX + 1, 1);
	memset(large, '\n', RULE_FILE_MAX + 1);
	assert_int_equal(
		rule_file_read(&a, (struct str){ large, RULE_FILE_MAX + 1 },
			       "f.yml", &d, &err),
		ERR_LIMIT);
	test_free(large);
	arena_release(&a);
}

static struct rule rule_of(struct arena *a, const char *text)
{
	struct err err = ERR_INIT;
	struct rule_documents d;
	struct rule r;

	assert_int_equal(read_text(a, text, &d, &err), ERR_OK);
	assert_int_equal(rule_read(a, d.root[0], "f.yml", &r, &err), ERR_OK);
	return r;
}

static void rules(void **state)
{
	const char *text =
		"title: Trail stopped\nid: 11111111-2222-4333-8444-555555555555"
		"\nname: stopped\nstatus: test\nlevel: High\n"
		"date: 2026-01-09\nauthor: somebody\n"
		"references: [one, two]\nfalsepositives: none\n"
		"fields:\n    - userAgent\n"
		"tags: [attack.defense_impairment, attack.t1562.008, cve.2020]\n"
		"logsource: {product: aws, service: cloudtrail}\n"
		"detection: {s: {eventName: StopLogging}, condition: s}\n"
		"investigate:\n"
		"    - ask: Who?\n      pivot: identity\n"
		"    - ask: What else?\n      filter: event:*\n"
		"    - ask: Why?\n"
		"samples:\n    fire: [a, b]\n    quiet: c\n"
		"trawl: {fixed-level: true, outcome: [ok, denied]}\n"
		"something: else\n";
	struct technique_id *t;
	struct arena a;
	struct rule r;

	(void)state;
	arena_init(&a);
	r = rule_of(&a, text);
	assert_true(str_eq(r.title, STR("Trail stopped")));
	assert_true(str_eq(r.name, STR("stopped")));
	assert_true(r.has_level);
	assert_int_equal(r.level, LEVEL_HIGH);
	assert_int_equal(r.references.n, 2);
	assert_int_equal(r.falsepositives.n, 1);
	assert_int_equal(r.fields.n, 1);
	assert_int_equal(r.tags.n, 3);
	assert_int_equal(r.tactics, TACTIC_BIT(TACTIC_DEFENSE_IMPAIRMENT));
	t = r.technique;
	assert_int_equal(r.technique_n, 1);
	assert_string_equal(t->text, "T1685.002");
	assert_int_equal(r.step_n, 3);
	assert_int_equal(r.step[0].kind, STEP_PIVOT);
	assert_true(str_eq(r.step[0].argument, STR("identity")));
	assert_int_equal(r.step[1].kind, STEP_FILTER);
	assert_int_equal(r.step[2].kind, STEP_NONE);
	assert_int_equal(r.fire.n, 2);
	assert_int_equal(r.quiet.n, 1);
	assert_true(r.fixed_level);
	assert_int_equal(r.outcomes, 1u << OUTCOME_OK | 1u << OUTCOME_DENIED);
	assert_true(r.cloudtrail);
	assert_int_equal(rule_level_for(&r, OUTCOME_DENIED), LEVEL_HIGH);
	r.fixed_level = false;
	assert_int_equal(rule_level_for(&r, OUTCOME_DENIED), LEVEL_HIGH);
	r.builtin = true;
	assert_int_equal(rule_level_for(&r, OUTCOME_DENIED), LEVEL_MEDIUM);
	assert_int_equal(rule_level_for(&r, OUTCOME_FAILED), LEVEL_LOW);
	arena_release(&a);
}

/* Defense Evasion became two; a technique says which one is meant. */
static void split_tactic(void **state)
{
	static const struct {
		const char *tags;
		tactic_set tactics;
	} cases[] = {
		{ "[attack.defense-evasion, attack.t1562.008]",
		  TACTIC_BIT(TACTIC_DEFENSE_IMPAIRMENT) },
		{ "[attack.t1535, attack.defense-evasion]",
		  TACTIC_BIT(TACTIC_STEALTH) },
		{ "[attack.defense_evasion]",
		  TACTIC_BIT(TACTIC_STEALTH) |
			  TACTIC_BIT(TACTIC_DEFENSE_IMPAIRMENT) },
		{ "[attack.defense-evasion, attack.t1485]",
		  TACTIC_BIT(TACTIC_STEALTH) |
			  TACTIC_BIT(TACTIC_DEFENSE_IMPAIRMENT) },
		{ "[attack.Initial_Access, attack.TA0040]",
		  TACTIC_BIT(TACTIC_INITIAL_ACCESS) |
			  TACTIC_BIT(TACTIC_IMPACT) },
		{ "[persistence, tlp.red]", 0 },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strbuf text;
		struct rule r;

		strbuf_init(&text);
		strbuf_addf(&text, "detection: {}\ntags: %s\n", cases[i].tags);
		r = rule_of(&a, text.p);
		assert_int_equal(r.tactics, cases[i].tactics);
		strbuf_release(&text);
	}
	arena_release(&a);
}

static void logsources(void **state)
{
	enum {
		calls = 1 << KIND_CLOUDTRAIL | 1 << KIND_NETWORK |
			1 << KIND_INSIGHT,
		requests = 1 << KIND_WEB | 1 << KIND_ELB |
			   1 << KIND_CLOUDFRONT | 1 << KIND_WAF
	};
	static const struct {
		const char *logsource;
		unsigned kinds;
	} cases[] = {
		{ "{}", calls },
		{ "{product: aws}", calls },
		{ "{service: cloudtrail}", calls },
		{ "{product: AWS, service: CloudTrail}", calls },
		{ "{product: aws, service: guardduty}", 1 << KIND_GUARDDUTY },
		{ "{product: AWS, service: VPCFlow}", 1 << KIND_FLOW },
		{ "{product: aws, service: s3access}", 1 << KIND_S3_ACCESS },
		{ "{product: aws, service: route53}", 0 },
		{ "{product: gcp, service: guardduty}", 0 },
		{ "{product: windows, service: security}", 0 },
		{ "{category: process_creation, product: windows}", 0 },
		{ "{product: aws, service: cloudfront}", 1 << KIND_CLOUDFRONT },
		{ "{product: aws, service: waf}", 1 << KIND_WAF },
		{ "{product: aws, service: config}", 1 << KIND_CONFIG },
		{ "{category: database}", 1 << KIND_MYSQL },
		{ "{category: webserver}", requests },
		{ "{category: webserver, product: nginx}", requests },
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strbuf text;
		struct rule r;

		strbuf_init(&text);
		strbuf_addf(&text, "detection: {}\nlogsource: %s\n",
			    cases[i].logsource);
		r = rule_of(&a, text.p);
		assert_int_equal(rule_kinds(&r), cases[i].kinds);
		assert_int_equal(r.cloudtrail, cases[i].kinds == calls);
		strbuf_release(&text);
	}
	arena_release(&a);
}

/* What is wrong with other keys does not stop a rule. */
static void odd_rules(void **state)
{
	struct err err = ERR_INIT;
	struct rule_documents d;
	struct arena a;
	struct rule r;

	(void)state;
	arena_init(&a);
	r = rule_of(&a, "detection: {}\nlevel: [high]\ntags: {a: b}\n"
			"investigate: no\nsamples: 3\ntrawl: x\ntitle: [x]\n"
			"logsource: aws\nreferences:\n    - [x]\n    - y\n");
	assert_false(r.has_level);
	assert_int_equal(r.level, LEVEL_MEDIUM);
	assert_int_equal(r.step_n, 0);
	assert_int_equal(r.references.n, 1);
	assert_int_equal(r.outcomes, 7);
	assert_int_equal(read_text(&a, "\n- a\n- b\n", &d, &err), ERR_OK);
	assert_int_equal(rule_read(&a, d.root[0], "f.yml", &r, &err),
			 ERR_FORMAT);
	assert_string_equal(err.msg, "f.yml:2: a rule is a mapping");
	assert_int_equal(read_text(&a, "title: x\n", &d, &err), ERR_OK);
	assert_int_equal(rule_read(&a, d.root[0], "f.yml", &r, &err),
			 ERR_FORMAT);
	assert_string_equal(err.msg, "f.yml:1: a rule needs \"detection\", "
				     "\"correlation\", \"lineage\", "
				     "\"baseline\" or \"filter\"");
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree),         cmocka_unit_test(bools),
		cmocka_unit_test(documents),    cmocka_unit_test(aliases),
		cmocka_unit_test(laughs),       cmocka_unit_test(depth),
		cmocka_unit_test(refused),      cmocka_unit_test(rules),
		cmocka_unit_test(split_tactic), cmocka_unit_test(logsources),
		cmocka_unit_test(odd_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
