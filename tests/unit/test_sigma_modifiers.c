/* SPDX-License-Identifier: MIT */
/*
 * Modifiers, placeholders and filters, each with records that tell it from
 * what it is not.
 */
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

#include "sigma_help.h"

#define ITEM(text) "    s:\n        " text "\n    condition: s\n"

static void networks(void **state)
{
	const char *v4 = ITEM("sourceIPAddress|cidr: 198.51.100.0/25");
	const char *v6 = ITEM("sourceIPAddress|cidr: '2001:db8:1::/48'");
	const char *list = ITEM("requestParameters.c|cidr: [10.0.0.0/8, "
				"'::/0']");

	(void)state;
	fires(v4, "{\"sourceIPAddress\":\"198.51.100.127\"}");
	quiet(v4, "{\"sourceIPAddress\":\"198.51.100.128\"}");
	quiet(v4, "{\"sourceIPAddress\":\"ec2.amazonaws.com\"}");
	quiet(v4, "{\"sourceIPAddress\":\"198.51.100\"}");
	fires(v6, "{\"sourceIPAddress\":\"2001:DB8:1:0:0::7\"}");
	quiet(v6, "{\"sourceIPAddress\":\"2001:db8:2::7\"}");
	fires(list, "{\"requestParameters\":{\"c\":[\"x\",\"10.9.8.7\"]}}");
	fires(list, "{\"requestParameters\":{\"c\":\"2001:db8::1\"}}");
	quiet(list, "{\"requestParameters\":{\"c\":\"192.0.2.1\"}}");
}

static void numbers(void **state)
{
	const char *gte = ITEM("requestParameters.n|gte: 5");
	const char *lt = ITEM("requestParameters.n|lt: 9007199254740993");

	(void)state;
	fires(gte, "{\"requestParameters\":{\"n\":5}}");
	fires(gte, "{\"requestParameters\":{\"n\":\"5.0\"}}");
	fires(gte, "{\"requestParameters\":{\"n\":[1,60]}}");
	quiet(gte, "{\"requestParameters\":{\"n\":4.99}}");
	quiet(gte, "{\"requestParameters\":{\"n\":\"many\"}}");
	quiet(gte, "{\"requestParameters\":{\"n\":true}}");
	quiet(gte, "{\"requestParameters\":{}}");
	fires(lt, "{\"requestParameters\":{\"n\":9007199254740992}}");
	quiet(lt, "{\"requestParameters\":{\"n\":9007199254740993}}");
}

static void letter_case(void **state)
{
	const char *cased = ITEM("userAgent|cased|startswith: Kali");
	const char *re = ITEM("userAgent|re|i|m|s: '^kali.x$'");

	(void)state;
	fires(cased, "{\"userAgent\":\"Kali Linux\"}");
	quiet(cased, "{\"userAgent\":\"kali Linux\"}");
	fires(re, "{\"userAgent\":\"a\\nKALI\\nX\"}");
	quiet(re, "{\"userAgent\":\"a KALI\\nX\"}");
	/* Without m and s. */
	quiet(ITEM("userAgent|re|i: '^kali.x$'"),
	      "{\"userAgent\":\"a\\nKALI\\nX\"}");
}

/* Where in the text a regular expression has to be. */
static void regex_places(void **state)
{
	const char *starts = ITEM("userAgent|re|startswith: 'a|b'");
	const char *ends = ITEM("userAgent|re|endswith: 'a|b'");

	(void)state;
	fires(starts, "{\"userAgent\":\"bx\"}");
	quiet(starts, "{\"userAgent\":\"xb\"}");
	fires(ends, "{\"userAgent\":\"xb\"}");
	quiet(ends, "{\"userAgent\":\"bx\"}");
	fires(ITEM("userAgent|re|contains: 'a|b'"), "{\"userAgent\":\"xbx\"}");
}

static void different(void **state)
{
	const char *neq = ITEM("eventName|neq: [A, B]");
	const char *contains = ITEM("eventName|contains|neq: A");
	const char *null = ITEM("errorCode|neq: null");
	const char *field = ITEM("userIdentity.arn|fieldref|neq: "
				 "requestParameters.u");

	(void)state;
	quiet(neq, "{\"eventName\":\"a\"}");
	quiet(neq, "{\"eventName\":\"B\"}");
	fires(neq, "{\"eventName\":\"C\"}");
	fires(neq, "{}");
	quiet(contains, "{\"eventName\":\"xax\"}");
	fires(contains, "{\"eventName\":\"x\"}");
	fires(null, "{\"errorCode\":\"x\"}");
	quiet(null, "{\"errorCode\":null}");
	quiet(null, "{}");
	fires(field, "{\"userIdentity\":{\"arn\":\"x\"},\"requestParameters\":"
		     "{\"u\":\"y\"}}");
	quiet(field, "{\"userIdentity\":{\"arn\":\"x\"},\"requestParameters\":"
		     "{\"u\":\"X\"}}");
}

#define ARN_OF(user, target)                                     \
	"{\"userIdentity\":{\"arn\":\"arn:aws:iam::1:user/" user \
	"\"},\"requestParameters\":{\"u\":" target "}}"

/* Does a user change itself? */
static void field_places(void **state)
{
	const char *ends = ITEM("userIdentity.arn|endswith|fieldref: "
				"requestParameters.u");
	const char *contains = ITEM("userIdentity.arn|fieldref|contains: "
				    "requestParameters.u");
	const char *starts = ITEM("userIdentity.arn|fieldref|startswith|cased: "
				  "requestParameters.u");

	(void)state;
	fires(ends, ARN_OF("bob", "\"BOB\""));
	fires(ends, ARN_OF("bob", "[\"x\",\"bob\"]"));
	quiet(ends, ARN_OF("bob2", "\"bob\""));
	fires(contains, ARN_OF("bob2", "\"bob\""));
	/* Nothing is in everything: that would be no answer. */
	quiet(ends, ARN_OF("bob", "\"\""));
	quiet(contains, ARN_OF("bob", "null"));
	quiet(contains, "{\"userIdentity\":{\"arn\":\"bob\"}}");
	fires(starts, ARN_OF("bob", "\"arn:aws\""));
	quiet(starts, ARN_OF("bob", "\"ARN:aws\""));
}

/* 2027-01-03 is a Sunday, and of the 53rd week of 2026. */
static void time_parts(void **state)
{
	static const struct {
		const char *item;
		bool met;
	} cases[] = {
		{ "eventTime|minute: 7", true },
		{ "eventTime|minute: 8", false },
		{ "eventTime|hour: [22, 23]", true },
		{ "eventTime|hour|gte: 24", false },
		{ "eventTime|hour|lt: 24", true },
		{ "eventTime|day: 3", true },
		{ "eventTime|week: 53", true },
		{ "eventTime|week: 1", false },
		{ "eventTime|month: 1", true },
		{ "eventTime|year: 2027", true },
		{ "eventTime|year|gt: 2027", false },
		{ "eventTime|hour|neq: 23", false },
		{ "errorCode|hour: 23", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char detection[200];

		snprintf(detection, sizeof(detection), ITEM("%s"),
			 cases[i].item);
		if (fires_on(detection,
			     STR("{\"eventTime\":\"2027-01-03T23:07:59Z\"}")) !=
		    cases[i].met)
			fail_msg("%s", cases[i].item);
	}
	/* An offset is taken into account: 23:07 in UTC. */
	fires(ITEM("requestParameters.t|hour: 23"),
	      "{\"requestParameters\":{\"t\":\"2027-01-04T08:07:00+09:00\"}}");
	fires(ITEM("trawl.eventTime|hour: 23"),
	      "{\"eventTime\":\"2027-01-03T23:07:59Z\"}");
}

/* Encoded as what the value stands for, not as it is written. */
static void encodings(void **state)
{
	const char *base64 = ITEM("userAgent|base64|contains: 'a\\*b\\\\c'");
	const char *offset = ITEM("userAgent|base64offset|contains: secret");
	const char *wide = ITEM("userAgent|wide: 'a*\\*b'");
	const char *dash = ITEM("userAgent|windash|contains|all: [' -a', "
				"' /b']");

	(void)state;
	fires(base64, "{\"userAgent\":\"x YSpiXGM= y\"}"); /* a*b\c */
	quiet(base64, "{\"userAgent\":\"x YVwqYlxcYw== y\"}");
	fires(offset, "{\"userAgent\":\"c2VjcmV0\"}");
	fires(offset, "{\"userAgent\":\"IHNlY3JldCA=\"}");     /* " secret " */
	fires(offset, "{\"userAgent\":\"ICBzZWNyZXQgIA==\"}"); /* two blanks */
	quiet(offset, "{\"userAgent\":\"c2VjcmV1\"}");
	fires(wide, "{\"userAgent\":\"a\\u0000xyz*\\u0000b\\u0000\"}");
	quiet(wide, "{\"userAgent\":\"a\\u0000xyzb\\u0000\"}");
	fires(dash, "{\"userAgent\":\"x /a \xe2\x80\x95"
		    "b\"}");
	quiet(dash, "{\"userAgent\":\"x /a b\"}");
}

/* Backslashes, as the specification counts them. */
static void escapes(void **state)
{
	static const struct {
		const char *value, *text; /* as JSON */
		bool met;
	} cases[] = {
		{ "a\\b", "a\\\\b", true },
		{ "a\\\\b", "a\\\\b", true },
		{ "a\\\\\\b", "a\\\\\\\\b", true },
		{ "a\\\\\\\\b", "a\\\\\\\\b", true },
		{ "a\\*b", "a*b", true },
		{ "a\\*b", "axb", false },
		{ "a\\\\*b", "a\\\\xb", true },
		{ "a\\\\*b", "axb", false },
		{ "a\\\\\\*b", "a\\\\*b", true },
		{ "a\\\\\\*b", "a\\\\xb", false },
		{ "a\\?b", "a?b", true },
		{ "a\\?b", "axb", false },
		{ "a?b", "axb", true },
		{ "a?b", "ab", false },
		{ "%a%", "%a%", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char detection[200], record[200];

		snprintf(detection, sizeof(detection), ITEM("userAgent: '%s'"),
			 cases[i].value);
		snprintf(record, sizeof(record), "{\"userAgent\":\"%s\"}",
			 cases[i].text);
		if (fires_on(detection, str_of(record)) != cases[i].met)
			fail_msg("%s and %s", cases[i].value, cases[i].text);
	}
}

static void keywords(void **state)
{
	const char *any = "    k:\n        - 'evil*one'\n        - x\n"
			  "    condition: k\n";
	const char *all = "    k:\n        '|all': [aa, bb]\n"
			  "    condition: k\n";
	const char *mixed = "    k:\n        - kali\n        - eventName: A\n"
			    "          awsRegion: b\n    condition: k\n";

	(void)state;
	fires(any, "{\"requestParameters\":{\"a\":[{\"b\":\"my EVIL big one "
		   "here\"}]}}");
	quiet(any, "{\"evilone\":\"evil\"}");
	fires(all, "{\"a\":\"xaax\",\"b\":{\"c\":\"bb\"}}");
	quiet(all, "{\"a\":\"xaax\"}");
	fires(mixed, "{\"userAgent\":\"kali\"}");
	fires(mixed, "{\"eventName\":\"a\",\"awsRegion\":\"B\"}");
	quiet(mixed, "{\"eventName\":\"a\"}");
}

/* Placeholders ------------------------------------------------------------ */

/* A set whose placeholders a text defines; NULL when it does not. */
static struct ruleset *with_placeholders(const char *text, struct err *err)
{
	const char *work = getenv("TRAWL_WORK_DIR");
	struct ruleset *rs = ruleset_new();
	char path[300];
	enum err_code rc;
	FILE *f;

	if (work)
		mkdir(work, 0777);
	snprintf(path, sizeof(path), "%s/placeholders-%ld.yml",
		 work ? work : "/tmp", (long)getpid());
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	rc = ruleset_placeholders(rs, path, err);
	unlink(path);
	if (rc == ERR_OK)
		return rs;
	ruleset_free(rs);
	return NULL;
}

static bool expands_to(const char *item, const char *record)
{
	struct err err = ERR_INIT;
	struct ruleset *rs = with_placeholders(
		"vars:\n    admins: [ann, 'b*b']\n    net: 10.0.0.0/8\n"
		"    host: [x, y]\n    other: requestParameters.u\n",
		&err);
	const struct rule_problem *p;
	struct strbuf text;
	char detection[300];
	size_t n;
	bool hit;

	assert_non_null(rs);
	snprintf(detection, sizeof(detection), ITEM("%s"), item);
	strbuf_init(&text);
	rule_text(&text, detection);
	ruleset_add_text(rs, "rule.yml", strbuf_str(&text), false);
	ruleset_seal(rs);
	p = ruleset_problems(rs, &n);
	if (n)
		fail_msg("%s: %.*s", item, STR_ARG(p->text));
	hit = hits_of(rs, str_of(record)) == 1;
	ruleset_free(rs);
	strbuf_release(&text);
	return hit;
}

static void placeholders(void **state)
{
	const char *user = "userIdentity.userName|expand: '%admins%'";
	const char *both = "userAgent|expand|contains: '%admins%@%host%'";
	const char *all = "userAgent|contains|all|expand: ['%host%', 'z']";

	(void)state;
	assert_true(
		expands_to(user, "{\"userIdentity\":{\"userName\":\"Ann\"}}"));
	assert_true(
		expands_to(user, "{\"userIdentity\":{\"userName\":\"bob\"}}"));
	assert_false(expands_to(
		user, "{\"userIdentity\":{\"userName\":\"%admins%\"}}"));
	assert_true(expands_to(both, "{\"userAgent\":\"a bxb@y b\"}"));
	assert_false(expands_to(both, "{\"userAgent\":\"ann@z\"}"));
	/* One of the values, and z. */
	assert_true(expands_to(all, "{\"userAgent\":\"yz\"}"));
	assert_false(expands_to(all, "{\"userAgent\":\"xy\"}"));
	assert_true(expands_to("sourceIPAddress|cidr|expand: '%net%'",
			       "{\"sourceIPAddress\":\"10.1.1.1\"}"));
	assert_true(expands_to("userAgent|re|expand: '^%host%$'",
			       "{\"userAgent\":\"y\"}"));
	assert_true(expands_to("userAgent|fieldref|expand: '%other%'",
			       "{\"userAgent\":\"y\",\"requestParameters\":"
			       "{\"u\":\"y\"}}"));
	/* A plain percent sign, with and without a backslash. */
	assert_true(expands_to("userAgent|expand: '\\%net%host%'",
			       "{\"userAgent\":\"%netx\"}"));
	assert_true(expands_to("userAgent|expand: '100%'",
			       "{\"userAgent\":\"100%\"}"));
	/* Only where it is asked for. */
	assert_true(
		expands_to("userAgent: '%net%'", "{\"userAgent\":\"%net%\"}"));
}

static void bad_placeholders(void **state)
{
	static const char *const texts[] = { "[a]", "a: {b: c}", "a: []",
					     "a: [[b]]", "a: [" };
	struct err err = ERR_INIT;
	struct ruleset *rs;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_null(with_placeholders(texts[i], &err));
	rs = with_placeholders("# nothing\n", &err);
	assert_non_null(rs);
	ruleset_free(rs);
}

/* Filters ----------------------------------------------------------------- */

#define RULE(title, id, source)                                        \
	"title: " title "\nid: " id "\nlevel: low\nlogsource: " source \
	"\ndetection: {s: {eventName: A}, condition: s}\n---\n"
#define AWS "{product: aws, service: cloudtrail}"
#define FILTER(source, rules)                                         \
	"title: F\nlogsource: " source "\nfilter:\n    rules: " rules \
	"\n    selection: {userAgent|startswith: trusted}\n"          \
	"    condition: not selection\n"

/* How many of the rules of a text match a trusted call. */
static size_t trusted_hits(const char *text, const char *wanted)
{
	struct ruleset *rs = rules_of(text);
	const struct rule_problem *p;
	size_t n, hits;

	p = ruleset_problems(rs, &n);
	if (n != (wanted != NULL) ||
	    (wanted && !str_eq(p->text, str_of(wanted))))
		fail_msg("%s\n%.*s", text, STR_ARG(n ? p->text : STR_NULL));
	/* Others are met by all that ask for it. */
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\"}")),
			 ruleset_count(rs) - 1);
	hits = hits_of(rs, STR("{\"eventName\":\"a\",\"userAgent\":"
			       "\"Trusted tool\"}"));
	ruleset_free(rs);
	return hits;
}

static void filters(void **state)
{
#define TWO RULE("One", "1", AWS) RULE("Two", "2", AWS)
	(void)state;
	assert_int_equal(trusted_hits(TWO FILTER(AWS, "[One]"), NULL), 1);
	assert_int_equal(trusted_hits(TWO FILTER(AWS, "[2, one]"), NULL), 0);
	assert_int_equal(trusted_hits(TWO FILTER(AWS, "'2'"), NULL), 1);
	assert_int_equal(trusted_hits(TWO FILTER(AWS, "any"), NULL), 0);
	/* A wider log source holds a narrower one, not the other way round. */
	assert_int_equal(
		trusted_hits(TWO FILTER("{product: aws}", "any"), NULL), 0);
	assert_int_equal(trusted_hits(RULE("One", "1", "{product: aws}")
					      FILTER(AWS, "[One]"),
				      "\"One\" is for another log source"),
			 1);
	assert_int_equal(trusted_hits(TWO FILTER(AWS, "[Three, One]"),
				      "there is no rule \"Three\""),
			 1);
	assert_int_equal(trusted_hits(TWO FILTER(AWS, "[]"),
				      "a filter needs \"rules\": their ids, "
				      "names or titles, or any"),
			 2);
}

/* What is said of a rule and a trusted call begins so. */
static void explained(const struct ruleset_rule *r, const char *wanted)
{
	const struct str json = STR("{\"eventName\":\"A\",\"userAgent\":"
				    "\"trusted\"}");
	struct explanation x;
	struct err err = ERR_INIT;
	struct strbuf text;
	struct event e;
	struct arena a;
	const struct json *record;

	arena_init(&a);
	strbuf_init(&text);
	record = json_read(&a, json, &err);
	assert_non_null(record);
	event_extract(&e, record, 0, &a);
	explain_rule(&x, r, &e, NULL);
	assert_false(x.met);
	explanation_describe(&x, &text);
	if (!str_starts(strbuf_str(&text), str_of(wanted)))
		fail_msg("%s", text.p);
	explanation_release(&x);
	strbuf_release(&text);
	arena_release(&a);
}

/* A rule that has a key of that name for itself is a rule. */
static void no_filter(void **state)
{
	struct ruleset *rs = rules_of("title: T\nlevel: low\nfilter: mine\n"
				      "detection: {s: {eventName: A}, "
				      "condition: s}\n");

	(void)state;
	assert_int_equal(ruleset_at(rs, 0)->state, RULE_ACTIVE);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\"}")), 1);
	ruleset_free(rs);
}

/* All filters of a rule hold together; its selections tell of them. */
static void several_filters(void **state)
{
	const char *text = RULE("One", "1", AWS)
		FILTER(AWS,
		       "[One]") "---\n"
				"title: G\nlogsource: " AWS
				"\nfilter:\n    rules: [One]\n"
				"    a: {awsRegion: x}\n    b: {errorCode: y}\n"
				"    condition: not (a or b)\n";
	struct ruleset *rs = rules_of(text);
	const struct ruleset_rule *r = ruleset_at(rs, 0);

	(void)state;
	assert_int_equal(r->filter_n, 2);
	assert_int_equal(r->sigma.selection_n, 4);
	assert_true(str_eq(r->sigma.selection[3].name, STR("G: b")));
	assert_int_equal(ruleset_at(rs, 1)->state, RULE_FILTER);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\"}")), 1);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\",\"errorCode\":"
					 "\"y\"}")),
			 0);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\",\"userAgent\":"
					 "\"trusted\"}")),
			 0);
	explained(r, "One: the event does not meet the "
		     "condition\n"
		     "condition: s\n"
		     "and, by the filter F, condition: not selection\n"
		     "and, by the filter G, condition: not (a or b)\n");
	/* Two without an id, one whose id is no UUID. */
	assert_int_equal(rules_check(rs), 3);
	ruleset_free(rs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks),
		cmocka_unit_test(numbers),
		cmocka_unit_test(letter_case),
		cmocka_unit_test(regex_places),
		cmocka_unit_test(different),
		cmocka_unit_test(field_places),
		cmocka_unit_test(time_parts),
		cmocka_unit_test(encodings),
		cmocka_unit_test(escapes),
		cmocka_unit_test(keywords),
		cmocka_unit_test(placeholders),
		cmocka_unit_test(bad_placeholders),
		cmocka_unit_test(filters),
		cmocka_unit_test(several_filters),
		cmocka_unit_test(no_filter),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
