/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "query/matcher.h"
#include "query/number.h"
#include "query/parse.h"
#include "query/print.h"

#include "naive_query.h"

/* Does a filter match a record? `json` may hold any bytes but NUL. */
static bool matches(const char *filter, const char *json)
{
	const struct json *record;
	struct match_scratch *s = match_scratch_new();
	struct err err = ERR_INIT;
	const struct expr *e;
	struct matcher *m;
	struct event event;
	struct arena a;
	bool hit;

	arena_init(&a);
	if (query_read(str_of(filter), NULL, &a, &e, &err) != ERR_OK)
		fail_msg("%s: %s", filter, err.msg);
	assert_int_equal(matcher_new(&m, e, &err), ERR_OK);
	record = json_read(&a, str_of(json), &err);
	if (!record)
		fail_msg("%s: %s", json, err.msg);
	event_extract(&event, record, 0, &a);
	hit = matcher_test(m, &event, NULL, s);
	matcher_free(m);
	match_scratch_free(s);
	arena_release(&a);
	return hit;
}

#define yes(filter, json) assert_true(matches(filter, json))
#define no(filter, json)  assert_false(matches(filter, json))

static void text(void **state)
{
	const char *e = "{\"eventName\":\"StopLogging\",\"requestParameters\":"
			"{\"enable\":false,\"port\":22,\"s\":\"22\","
			"\"f\":89.0,\"empty\":\"\"}}";

	(void)state;
	yes("eventName:stoplogging", e);
	yes("\"eventName\":STOPLOGGING", e);
	no("eventName:cased(stoplogging)", e);
	yes("eventName:cased(StopLogging)", e);
	no("eventName:/stoplogging/", e);
	yes("eventName:/stoplogging/i", e);
	yes("eventName:/^Stop/", e);
	/* Booleans and numbers are their text, whatever the type. */
	yes("requestParameters.enable:false", e);
	yes("requestParameters.port:22", e);
	yes("requestParameters.s:22", e);
	yes("requestParameters.f:89.0", e);
	no("requestParameters.f:89", e);
	yes("requestParameters.f<=89", e);
	yes("requestParameters.s>21.5", e);
	no("requestParameters.enable>0", e);
	yes("requestParameters.empty:\"\"", e);
	no("requestParameters.missing:\"\"", e);
	no("requestParameters.missing<1", e);
}

static void wildcards(void **state)
{
	const char *e = "{\"eventName\":\"a*b?c\\\\d\"}";

	(void)state;
	yes("\"eventName\":a*d", e);
	yes("\"eventName\":a?b?c*", e);
	yes("\"eventName\":a\\*b\\?c\\\\d", e);
	no("\"eventName\":a\\?b*", e);
	yes("\"eventName\":*\\*b*", e);
	yes("\"eventName\":*b\\?c*", e);
	no("\"eventName\":*b\\*c*", e);
	yes("\"eventName\":???????", e);
	no("\"eventName\":??????", e);
	yes("\"eventName\":?", "{\"eventName\":\"\\u00e9\"}");
}

static void presence(void **state)
{
	const char *null = "{\"errorCode\":null}",
		   *empty = "{\"errorCode\":\"\"}";
	const char *none = "{}", *list = "{\"errorCode\":[]}";

	(void)state;
	/* exists asks for presence only; null is absent or null. */
	yes("\"errorCode\":exists()", null);
	yes("\"errorCode\":exists()", empty);
	yes("\"errorCode\":exists()", list);
	no("\"errorCode\":exists()", none);
	yes("\"errorCode\":null()", null);
	yes("\"errorCode\":null()", none);
	no("\"errorCode\":null()", empty);
	no("\"errorCode\":null()", list);
	/* A lone star: there, and not null; of a list, some member. */
	no("\"errorCode\":*", null);
	no("\"errorCode\":*", none);
	yes("\"errorCode\":*", empty);
	no("\"errorCode\":*", list);
	no("\"errorCode\":*", "{\"errorCode\":[null]}");
	yes("\"errorCode\":*", "{\"errorCode\":[null,0]}");
	yes("\"errorCode\":*", "{\"errorCode\":{}}");
	/* The column knows a text or nothing. */
	no("errorCode:*", empty);
	yes("errorCode:*", "{\"errorCode\":\"x\"}");
	yes("errorCode:null()", null);
}

static void paths(void **state)
{
	const char *e =
		"{\"requestParameters\":{\"containerDefinitions\":"
		"[{\"command\":[\"sh\",\"-c\",\"curl\"]},{\"command\":null}],"
		"\"a.b\":{\"c\":1},\"a\":{\"b\":{\"d\":2}},"
		"\"x\":[[{\"y\":3}]],\"k\":1,\"k\":2}}";

	(void)state;
	yes("requestParameters.containerDefinitions.command:curl", e);
	yes("requestParameters.containerDefinitions.command:*url*", e);
	yes("requestParameters.containerDefinitions.command:null()", e);
	/* Keys may hold dots; both ways of reading are tried. */
	yes("requestParameters.a.b.c:1", e);
	yes("requestParameters.a.b.d:2", e);
	yes("requestParameters.x.y:3", e);
	/* Of duplicate keys any. */
	yes("requestParameters.k:1", e);
	yes("requestParameters.k:2", e);
	no("requestParameters.k:3", e);
	no("requestParameters.K:1", e);
	no("requestParameters.a.b:2", e);
	no("requestParameters.a:1", e);
}

static void objects(void **state)
{
	const char *e = "{\"requestParameters\":{\"VersioningConfiguration\":"
			"{\"Status\":\"Suspended\"},\"n\":[1,{\"z\":null}]}}";

	(void)state;
	yes("requestParameters:*Suspended*", e);
	yes("requestParameters:\"*\\\"Status\\\":\\\"Susp*\"", e);
	yes("requestParameters:/\"Status\":\"Susp/", e);
	yes("requestParameters:*versioningconf*", e);
	yes("requestParameters:Susp*", e);
	yes("requestParameters:\"{\\\"Versioning*\"", e);
	no("requestParameters:Suspended", e);
	yes("requestParameters:(*suspended* and *status*)", e);
	no("requestParameters:(*suspended* and *enabled*)", e);
	yes("requestParameters.n:\"[1,*\"", e);
}

/* What the text of an object has, without printing it where that tells. */
static void parts_of_objects(void **state)
{
	const char *e = "{\"requestParameters\":{\"key\":[{\"in\":null},true],"
			"\"other\":{\"n\":12,\"s\":\"text\"}}}";

	(void)state;
	yes("requestParameters:*ull*", e);
	yes("requestParameters:*othe*", e);
	yes("requestParameters:*ru*", e);
	yes("requestParameters:*12*", e);
	no("requestParameters:*ntext*", e);
	no("requestParameters:*keyin*", e);
	yes("requestParameters:\"*:12,*\"", e);
	yes("requestParameters:\"*},*\"", e);
	/* Printed with an escape, whose letters are in the text, too. */
	yes("requestParameters:*u0001*",
	    "{\"requestParameters\":{\"a\":\"x\\u0001y\"}}");
	no("requestParameters:*xu*",
	   "{\"requestParameters\":{\"a\":\"x\\u0001y\"}}");
	yes("requestParameters:*u0001*",
	    "{\"requestParameters\":{\"a\":1,\"x\\u0001y\":[]}}");
	yes("requestParameters:*\xc3\xa9y*",
	    "{\"requestParameters\":{\"k\xc3\xa9y\":[]}}");
	yes("requestParameters:*y*",
	    "{\"requestParameters\":{\"k\xc3\xa9y\":[]}}");
	/* A key of any length: 1 to 20 bytes, the last one loud. */
	for (int n = 1; n <= 20; n++) {
		char record[80];

		snprintf(record, sizeof(record),
			 "{\"requestParameters\":{\"%.*s\\\"\":1}}", n,
			 "abcdefghijklmnopqrst");
		yes("requestParameters:\"*\\\\\\\"\\\":1*\"", record);
		no("requestParameters:*z*", record);
	}
}

static void embedded(void **state)
{
	/* A policy document arrives as JSON in a string. */
	const char *e =
		"{\"requestParameters\":{\"policyDocument\":"
		"\"{\\\"Statement\\\": [{\\\"Action\\\": \\\"\\\\u0069am:*\\\","
		"\\\"Effect\\\": \\\"Allow\\\"}]}\"}}";

	(void)state;
	yes("requestParameters:\"*\\\"Allow\\\"*\"", e);
	yes("requestParameters.policyDocument:\"*\\\"Effect\\\": \\\"Allow*\"",
	    e);
	yes("requestParameters.policyDocument:\"*\\\"Effect\\\":\\\"Allow*\"",
	    e);
	/* Spelled with an escape inside; found all the same. */
	yes("requestParameters:*iam:\\**", e);
	yes("\"iam:\\*\"", e);
	yes("requestParameters.policyDocument.Statement.Effect:allow", e);
	yes("requestParameters.policyDocument.Statement.Action:iam:\\*", e);
	no("requestParameters.policyDocument.Statement.Action:iam", e);
	no("requestParameters.policyDocument:Allow", e);
	no("requestParameters.policyDocument.Statement:exists() ",
	   "{\"requestParameters\":{\"policyDocument\":\"{\\\"Statement\"}}");
}

static void hostile(void **state)
{
	(void)state;
	/* NUL, a lone surrogate, a bad byte: the rest is matched as ever. */
	yes("userAgent:*kali*", "{\"userAgent\":\"a\\u0000kali\"}");
	yes("userAgent:/kali$/", "{\"userAgent\":\"a\\u0000kali\"}");
	yes("userAgent:*kali*", "{\"userAgent\":\"\\ud800kali\"}");
	yes("userAgent:/kali/", "{\"userAgent\":\"\\ud800kali\"}");
	yes("userAgent:/^.kali/", "{\"userAgent\":\"\\ud800kali\"}");
	yes("userAgent:*kali*", "{\"userAgent\":\"\xffkali\"}");
	yes("userAgent:/^.kali/", "{\"userAgent\":\"\xffkali\"}");
	yes("kali", "{\"userAgent\":\"\xff\\u0000kali\\udfff\"}");
	yes("userAgent:?kali", "{\"userAgent\":\"\\u0000kali\"}");
	no("userAgent:kali", "{\"userAgent\":\"kali\\u0000\"}");
}

static void references(void **state)
{
	const char *filter = "userIdentity.arn:field(requestParameters.user)";

	(void)state;
	yes(filter, "{\"userIdentity\":{\"arn\":\"X\"},"
		    "\"requestParameters\":{\"user\":\"x\"}}");
	yes(filter, "{\"userIdentity\":{\"arn\":\"X\"},"
		    "\"requestParameters\":{\"user\":[1,\"x\"]}}");
	no(filter, "{\"userIdentity\":{\"arn\":\"X\"},"
		   "\"requestParameters\":{\"user\":\"y\"}}");
	/* Missing on either side, or on both: no match. */
	no(filter, "{\"userIdentity\":{\"arn\":\"X\"}}");
	no(filter, "{\"requestParameters\":{\"user\":\"x\"}}");
	no(filter, "{}");
	no(filter, "{\"userIdentity\":{\"arn\":null},"
		   "\"requestParameters\":{\"user\":null}}");
}

static void networks(void **state)
{
	const char *v4 = "{\"sourceIPAddress\":\"10.1.2.3\"}";
	const char *v6 = "{\"sourceIPAddress\":\"2001:db8::1\"}";

	(void)state;
	yes("ip:10.0.0.0/8", v4);
	no("ip:11.0.0.0/8", v4);
	no("ip:10.0.0.0/8", v6);
	yes("ip:2001:db8::/32", v6);
	yes("ip:2001:0db8:0:0::1", v6);
	yes("ip:10.1.*", v4);
	yes("ip:\"aws internal\"", "{\"sourceIPAddress\":\"AWS Internal\"}");
	yes("\"sourceIPAddress\":cidr(192.168.0.0/16 or 10.0.0.0/8)", v4);
	yes("requestParameters.cidrIp:cidr(0.0.0.0/0)",
	    "{\"requestParameters\":{\"cidrIp\":\"1.2.3.4\"}}");
	no("requestParameters.cidrIp:cidr(0.0.0.0/0)",
	   "{\"requestParameters\":{\"cidrIp\":\"1.2.3.4/8\"}}");
}

static void aliases(void **state)
{
	const char *e =
		"{\"eventSource\":\"iam.amazonaws.com\",\"readOnly\":false,"
		"\"recipientAccountId\":\"999988887777\",\"errorCode\":"
		"\"AccessDenied\",\"userIdentity\":{\"type\":\"AssumedRole\","
		"\"arn\":\"arn:aws:sts::111122223333:assumed-role/Adm/bob\","
		"\"accountId\":\"111122223333\"},\"requestParameters\":"
		"{\"policyArn\":\"arn:aws:iam::aws:policy/AdministratorAccess\""
		"},\"resources\":[{\"ARN\":\"arn:aws:s3:::bucket/key\"}],"
		"\"responseElements\":{\"accessKey\":{\"accessKeyId\":"
		"\"AKIAIOSFODNN7EXAMPLE\"}}}";

	(void)state;
	yes("service:iam", e);
	yes("service:iam.amazonaws.com", e);
	yes("account:111122223333", e);
	yes("account:999988887777", e);
	yes("user:bob user:adm user:Adm/bob", e);
	yes("user:*assumed-role/Adm/bob", e);
	no("user:alice", e);
	yes("key:AKIAIOSFODNN7EXAMPLE", e);
	yes("resource:*AdministratorAccess", e);
	yes("resource:AdministratorAccess", e);
	yes("resource:bucket/key", e);
	no("resource:bucket", e);
	yes("outcome:denied readOnly:false kind:cloudtrail", e);
	no("level>=low or alert:* or tactic:*", e);
	yes("not level:* and alert:null()", e);
	no("requestParameters.policyArn:field(requestParameters.x)", e);
}

static void whole_record(void **state)
{
	const char *e = "{\"eventName\":\"X\",\"a\":{\"key\":[\"va*lue\",22,"
			"true,null]}}";

	(void)state;
	yes("va\\*lue", e);
	yes("VA*UE", e);
	yes("22", e);
	yes("true", e);
	/* Values, not keys; and null is no text. */
	no("key", e);
	no("null", e);
	yes("/^va/", e);
	yes("any:(nothing or lue)", e);
}

static void numbers(void **state)
{
	static const char *const ascending[] = {
		"-1e999",
		"-10",
		"-9.5",
		"-0.001",
		"0",
		"1e-400",
		"0.5",
		"1",
		"2.5",
		"10",
		"1e2",
		"9007199254740992",
		"9007199254740993",
		"1e400",
	};
	struct number a, b;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ascending); i++)
		for (size_t j = 0; j < ARRAY_SIZE(ascending); j++) {
			int order;

			assert_true(number_parse(str_of(ascending[i]), &a));
			assert_true(number_parse(str_of(ascending[j]), &b));
			order = number_compare(&a, &b);
			assert_int_equal(order < 0, i < j);
			assert_int_equal(order > 0, i > j);
		}
	assert_true(number_parse(STR("+1.50"), &a));
	assert_true(number_parse(STR("0150e-2"), &b));
	assert_int_equal(number_compare(&a, &b), 0);
	assert_true(number_parse(STR("1e99999999999999999999"), &a));
	assert_true(number_parse(STR("-0.0e5"), &b));
	assert_int_equal(b.sign, 0);
	assert_false(number_parse(STR(""), &a));
	assert_false(number_parse(STR("-"), &a));
	assert_false(number_parse(STR("1e"), &a));
	assert_false(number_parse(STR("1.2.3"), &a));
	assert_false(number_parse(STR("0x10"), &a));
	assert_false(number_parse(STR("inf"), &a));
	assert_false(number_parse(STR("1 "), &a));
	assert_false(number_parse(STR("."), &a));
}

static void gave_up(void **state)
{
	struct match_scratch *s = match_scratch_new();
	struct err err = ERR_INIT;
	const struct expr *e;
	struct matcher *m;
	struct event event;
	struct strbuf json;
	struct arena a;

	(void)state;
	arena_init(&a);
	strbuf_init(&json);
	strbuf_adds(&json, "{\"userAgent\":\"");
	strbuf_addn(&json, 'a', 5000);
	strbuf_adds(&json, "!\"}");
	assert_int_equal(query_read(STR("userAgent:/^(a+)+(a+)+$/"), NULL, &a,
				    &e, &err),
			 ERR_OK);
	assert_int_equal(matcher_new(&m, e, &err), ERR_OK);
	event_extract(&event, json_read(&a, strbuf_str(&json), &err), 0, &a);
	assert_false(matcher_test(m, &event, NULL, s));
	assert_true(match_scratch_gave_up(s) > 0);
	matcher_free(m);
	match_scratch_free(s);
	strbuf_release(&json);
	arena_release(&a);
}

/* Literals of all lengths in texts of all lengths, against str_find. */
static void needles(void **state)
{
	char text[40], what[6];

	(void)state;
	for (int i = 0; i < 200000; i++) {
		struct str s = { text, naive_random(sizeof(text)) };
		struct str w = { what, naive_random(sizeof(what)) };
		bool cased = naive_random(2);
		struct needle n;

		for (size_t k = 0; k < s.n; k++)
			text[k] = "abAB-"[naive_random(5)];
		for (size_t k = 0; k < w.n; k++)
			what[k] = cased ? "abAB-"[naive_random(5)] :
					  "ab-"[naive_random(3)];
		needle_init(&n, w, cased);
		assert_int_equal(needle_in(&n, s),
				 (cased ? str_find(s, w, 0) :
					  str_find_fold(s, w, 0)) != SIZE_MAX);
	}
}

static void tell(const struct expr *e, struct str json, bool expected)
{
	struct strbuf out;

	strbuf_init(&out);
	query_print(&out, e);
	print_error("%s\n%.*s\nexpected %d\n", out.p, STR_ARG(json), expected);
	strbuf_release(&out);
}

/* Random conditions on random events, against the naive reading; and every
 * condition printed and read again is the same. */
static void against_naive(void **state)
{
	struct match_scratch *s = match_scratch_new();
	struct arena events, a;
	struct event event[60];
	struct strbuf json, text;
	struct str source[ARRAY_SIZE(event)];
	struct err err = ERR_INIT;
	size_t hits = 0, tests = 0, printed = 0;

	(void)state;
	arena_init(&events);
	arena_init(&a);
	strbuf_init(&json);
	strbuf_init(&text);
	for (unsigned i = 0; i < ARRAY_SIZE(event); i++) {
		const struct json *record;

		strbuf_clear(&json);
		naive_record(&json, i);
		source[i] = arena_dup(&events, strbuf_str(&json));
		record = json_read(&events, source[i], &err);
		assert_non_null(record);
		event_extract(&event[i], record, naive_random(16), &events);
	}
	for (int round = 0; round < 6000; round++) {
		const struct expr *e = naive_expr(&a, 3), *again;
		struct query_error error;
		struct matcher *m;

		strbuf_clear(&text);
		query_print(&text, e);
		if (query_parse(strbuf_str(&text), NULL, &a, &again, &error) ==
		    QUERY_OK) {
			printed += expr_equal(e, again);
			if (!expr_equal(e, again))
				tell(again, strbuf_str(&text), true);
			assert_true(expr_equal(e, again));
		} else if (!strstr(error.text, " is no ") &&
			   !strstr(error.text, "text is expected")) {
			/* The parser knows which levels and outcomes there
			 * are; the generator does not. */
			fail_msg("%s\n%s", text.p, error.text);
		}
		assert_int_equal(matcher_new(&m, e, &err), ERR_OK);
		for (unsigned i = 0; i < ARRAY_SIZE(event); i++) {
			struct naive x = { &a, &event[i], NULL, 0,
					   event[i].id };
			bool expected = naive_holds(&x, e);

			tests++;
			hits += expected;
			if (matcher_test(m, &event[i], NULL, s) != expected) {
				tell(e, source[i], expected);
				fail();
			}
		}
		matcher_free(m);
		arena_reset(&a);
	}
	/* The generator must not have become one that never matches. */
	assert_in_range(hits * 100 / tests, 10, 90);
	assert_true(printed > 2000);
	strbuf_release(&json);
	strbuf_release(&text);
	arena_release(&a);
	arena_release(&events);
	match_scratch_free(s);
}

/* What a record's bytes say without being parsed is what the tree says. */
static void from_bytes(void **state)
{
	struct match_scratch *s = match_scratch_new();
	struct arena events, a;
	struct event event[60];
	struct str source[ARRAY_SIZE(event)];
	struct json_scan scan;
	struct strbuf json;
	size_t sure = 0, tests = 0;

	(void)state;
	arena_init(&events);
	arena_init(&a);
	strbuf_init(&json);
	json_scan_init(&scan, SIZE_MAX, 100);
	for (unsigned i = 0; i < ARRAY_SIZE(event); i++) {
		struct err err = ERR_INIT;

		strbuf_clear(&json);
		naive_record(&json, i);
		source[i] = arena_dup(&events, strbuf_str(&json));
		assert_int_equal(json_scan(&scan, source[i], true, NULL),
				 JSON_OK);
		event_extract(&event[i], json_read(&events, source[i], &err),
			      scan.notes, &events);
	}
	for (int round = 0; round < 4000; round++) {
		const struct expr *e = naive_expr(&a, 2);
		struct match_row row = { NULL, NULL, 0, NULL };
		struct err err = ERR_INIT;
		struct matcher *m;

		assert_int_equal(matcher_new(&m, e, &err), ERR_OK);
		for (unsigned i = 0; i < ARRAY_SIZE(event); i++) {
			bool expected = matcher_test(m, &event[i], NULL, s);
			enum answer got = matcher_raw(m, source[i],
						      event[i].flags, &row, s);

			tests++;
			sure += got != ANSWER_UNSURE;
			if (got == ANSWER_UNSURE ||
			    (got == ANSWER_YES) == expected)
				continue;
			tell(e, source[i], expected);
			fail();
		}
		matcher_free(m);
		arena_reset(&a);
	}
	assert_true(sure > tests / 10);
	json_scan_release(&scan);
	strbuf_release(&json);
	arena_release(&a);
	arena_release(&events);
	match_scratch_free(s);
}

/* Bytes that are no record any more are left to the parser to refuse. */
static void broken_bytes(void **state)
{
	static const char *const texts[] = {
		"",
		"x",
		"{",
		"{\"a\"",
		"{\"a\":",
		"{\"a\":1",
		"{\"a\":1,",
		"{\"a\":\"x",
		"{\"a\":[1",
		"{\"a\" 1}",
		"[1]",
		"{\"a\":}",
		"{\"a\":{\"b\":[}}",
		"{\"a\":1 2}",
		"{\"a\\",
		"{a:1}",
	};
	struct match_scratch *s = match_scratch_new();
	struct match_row row = { NULL, NULL, 0, NULL };
	struct err err = ERR_INIT;
	const struct expr *e;
	struct matcher *m;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_int_equal(query_read(STR("\"a.b\":zzz or any:zzz"), NULL, &a, &e,
				    &err),
			 ERR_OK);
	assert_int_equal(matcher_new(&m, e, &err), ERR_OK);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		/* Exactly as large as the text, so that a step beyond shows. */
		size_t n = strlen(texts[i]);
		char *copy = test_malloc(n + 1);

		memcpy(copy, texts[i], n);
		assert_int_not_equal(matcher_raw(m, (struct str){ copy, n }, 0,
						 &row, s),
				     ANSWER_YES);
		test_free(copy);
	}
	matcher_free(m);
	match_scratch_free(s);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text),
		cmocka_unit_test(wildcards),
		cmocka_unit_test(presence),
		cmocka_unit_test(paths),
		cmocka_unit_test(objects),
		cmocka_unit_test(embedded),
		cmocka_unit_test(parts_of_objects),
		cmocka_unit_test(hostile),
		cmocka_unit_test(references),
		cmocka_unit_test(networks),
		cmocka_unit_test(aliases),
		cmocka_unit_test(numbers),
		cmocka_unit_test(whole_record),
		cmocka_unit_test(gave_up),
		cmocka_unit_test(needles),
		cmocka_unit_test(against_naive),
		cmocka_unit_test(from_bytes),
		cmocka_unit_test(broken_bytes),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
