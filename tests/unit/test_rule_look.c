/* SPDX-License-Identifier: MIT */
/*
 * Looks: what rules said of events that look alike is said again, and what is
 * no single text is looked at each time. Whether rules are found at all,
 * random rules show in test_compile.
 */
#include "helpers.h"

#include "sigma_help.h"

/* The rules of one scratch, so that memories serve event after event. */
struct session {
	struct ruleset *rs;
	struct rule_scratch s;
	struct arena a;
};

static void session_start(struct session *x, const char *detection)
{
	x->rs = rules_of_detection(detection);
	rule_scratch_init(&x->s, x->rs);
	arena_init(&x->a);
}

static void session_end(struct session *x)
{
	rule_scratch_release(&x->s);
	ruleset_free(x->rs);
	arena_release(&x->a);
}

static size_t hits(struct session *x, const char *json)
{
	struct err err = ERR_INIT;
	struct event e;

	arena_reset(&x->a);
	event_extract(&e, json_read(&x->a, str_of(json), &err), 0, &x->a);
	ruleset_match(x->rs, &e, &x->s);
	return x->s.hit_n;
}

static void one_text(void **state)
{
	struct session x;

	(void)state;
	session_start(&x, "    a: {userAgent|contains: [kali, parrot]}\n"
			  "    n: {errorCode: AccessDenied}\n"
			  "    condition: a and not n\n");
	for (int round = 0; round < 3; round++) {
		assert_int_equal(hits(&x, "{\"userAgent\":\"x Kali y\"}"), 1);
		assert_int_equal(hits(&x, "{\"userAgent\":\"x Kala y\"}"), 0);
		assert_int_equal(hits(&x, "{\"userAgent\":\"x Kali y\","
					  "\"errorCode\":\"AccessDenied\"}"),
				 0);
		assert_int_equal(hits(&x, "{\"userAgent\":null}"), 0);
		assert_int_equal(hits(&x, "{\"userAgent\":\"\"}"), 0);
		assert_int_equal(hits(&x, "{}"), 0);
	}
	/* Brackets alone are no JSON. */
	assert_int_equal(hits(&x, "{\"userAgent\":\"[x Kala y]\"}"), 0);
	assert_int_equal(hits(&x, "{\"userAgent\":\"[x Kali y]\"}"), 1);
	/* The look said it all. */
	assert_int_equal(x.s.tried, 0);
	/* What a list says is no look. */
	assert_int_equal(hits(&x, "{\"userAgent\":[\"x Kali y\"]}"), 1);
	assert_int_equal(hits(&x, "{\"userAgent\":[\"x Kala y\"]}"), 0);
	assert_int_equal(x.s.tried, 2);
	session_end(&x);
}

/* Lists, objects, duplicates and JSON in strings; a text that is remembered
 * as harmless stands beside one that is not. */
static void more_than_one(void **state)
{
	static const char *const yes[] = {
		"{\"a\":{\"b\":[\"no\",\"bad\"]}}",
		"{\"a\":{\"b\":\"no\",\"b\":\"bad\"}}",
		"{\"a\":{\"b\":\"no\"},\"a\":{\"b\":\"bad\"}}",
		"{\"a\":{\"b\":\"no\"},\"a.b\":\"bad\"}",
		"{\"a\":[{\"b\":\"no\"},{\"b\":\"bad\"}]}",
		"{\"a\":{\"b\":{\"c\":\"bad\"}}}",
		"{\"a\":\"{\\\"b\\\":\\\"bad\\\"}\"}",
		"{\"a\":{\"b\":\" {\\\"c\\\":\\\"b\\\\u0061d\\\"}\"}}",
		"{\"a\":{\"b\":[null,[[\"bad\"]]]}}",
		"{\"a\":{\"b\":null,\"b\":\"bad\"}}",
	};
	struct session x;

	(void)state;
	session_start(&x, "    a: {a.b|contains: bad}\n    condition: a\n");
	for (int round = 0; round < 2; round++) {
		assert_int_equal(hits(&x, "{\"a\":{\"b\":\"no\"}}"), 0);
		for (size_t i = 0; i < ARRAY_SIZE(yes); i++)
			check(hits(&x, yes[i]) == 1, "%s", yes[i]);
		assert_int_equal(hits(&x, "{\"a\":{\"b\":[\"no\"]}}"), 0);
		assert_int_equal(hits(&x, "{\"a\":\"{\\\"b\\\":\\\"n\\\"}\"}"),
				 0);
	}
	session_end(&x);
}

/* Parts of an OR must all ask the same path; of an AND one is enough. */
static void parts(void **state)
{
	struct session x;

	(void)state;
	session_start(&x, "    a: {x: '1'}\n    b: {x|startswith: '2'}\n"
			  "    c: {y: '3'}\n"
			  "    condition: (a or b) and (a or c)\n");
	assert_int_equal(hits(&x, "{\"x\":1}"), 1);
	assert_int_equal(hits(&x, "{\"x\":\"21\",\"y\":3}"), 1);
	assert_int_equal(hits(&x, "{\"x\":\"21\",\"y\":4}"), 0);
	assert_int_equal(hits(&x, "{\"x\":\"3\",\"y\":3}"), 0);
	assert_int_equal(hits(&x, "{\"y\":3}"), 0);
	session_end(&x);
}

/* More texts than are remembered, and texts too long for it. */
static void bounded(void **state)
{
	struct strbuf text;
	struct session x;

	(void)state;
	strbuf_init(&text);
	session_start(&x, "    a: {userAgent|endswith: '77'}\n"
			  "    condition: a\n");
	for (unsigned i = 0; i < 20000; i++) {
		strbuf_clear(&text);
		strbuf_addf(&text, "{\"userAgent\":\"%0*u\"}",
			    i % 10 == 7 ? 1200 : 60, i);
		check(hits(&x, text.p) == (i % 100 == 77), "%u", i);
	}
	strbuf_release(&text);
	session_end(&x);
}

/* How often a regex gave up is the same, remembered or not. */
static void gave_up(void **state)
{
	struct strbuf text;
	struct session x;
	uint64_t once;

	(void)state;
	strbuf_init(&text);
	session_start(&x, "    a: {userAgent|re: '^(a+)+(b|c+)+$'}\n"
			  "    condition: a\n");
	strbuf_adds(&text, "{\"userAgent\":\"");
	for (int i = 0; i < 60; i++)
		strbuf_adds(&text, "ac");
	strbuf_adds(&text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}");
	hits(&x, text.p);
	once = match_scratch_gave_up(x.s.match);
	hits(&x, text.p);
	hits(&x, text.p);
	assert_int_equal(match_scratch_gave_up(x.s.match), 3 * once);
	strbuf_release(&text);
	session_end(&x);
}

/* Events that differ in one thing, each of which some rule asks of. */
static void alike_but_for(void **state)
{
	static const struct {
		const char *event;
		const char *hits; /* numbers of rules, in order */
	} cases[] = {
		{ "{\"eventName\":\"A\"}", "3" },
		{ "{\"eventName\":\"a\"}", "" },
		{ "{\"eventName\":\"A\",\"eventSource\":\"s\"}", "03" },
		{ "{\"eventName\":\"A\",\"eventSource\":\"S\"}", "03" },
		{ "{\"eventName\":\"A\",\"eventSource\":\"t\"}", "3" },
		{ "{\"eventName\":\"A\",\"errorMessage\":\"x\"}", "13" },
		{ "{\"eventName\":\"A\",\"errorMessage\":\"\"}", "13" },
		{ "{\"eventName\":\"A\",\"errorMessage\":null}", "13" },
		{ "{\"eventName\":\"A\",\"errorMessage\":{}}", "13" },
		{ "{\"eventName\":\"A\",\"errorMessage\":[]}", "13" },
		{ "{\"eventName\":\"A\",\"errorCode\":\"AccessDenied\"}",
		  "23" },
		{ "{\"eventName\":\"A\",\"errorCode\":\"Other\"}", "3" },
		{ "{\"eventName\":\"A\",\"awsRegion\":\"1\"}", "35" },
		{ "{\"eventName\":\"A\",\"awsRegion\":1}", "35" },
		{ "{\"eventName\":\"A\",\"awsRegion\":null}", "34" },
		{ "{\"eventName\":\"A\",\"awsRegion\":[null]}", "34" },
		{ "{\"eventName\":\"A\",\"awsRegion\":[null,1]}", "345" },
		{ "{\"eventName\":\"A\",\"awsRegion\":\"\"}", "3" },
		{ "{\"eventName\":\"A\",\"awsRegion\":\"2\"}", "3" },
		{ "{\"eventName\":\"A\",\"requestParameters\":{\"k\":\"v\"}}",
		  "36" },
		{ "{\"eventName\":\"A\",\"requestParameters\":{\"k\":\"w\"}}",
		  "3" },
		{ "{\"eventName\":\"A\",\"eventName\":\"B\"}", "37" },
		{ "{\"eventName\":\"B\"}", "7" },
		{ "{\"eventName\":[\"B\",\"A\"]}", "37" },
		{ "{}", "" },
	};
	static const char *const detection[] = {
		"a: {eventName: A, eventSource: s}",
		"a: {eventName: A, errorMessage|exists: true}",
		"a: {eventName: A, trawl.outcome: denied}",
		"a: {eventName|cased: A}",
		/* Null, but not because there is none. */
		"a: {eventName: A, awsRegion: null, awsRegion|exists: true}",
		"a: {awsRegion: 1}",
		"a: {eventName: A, requestParameters.k: v}",
		"a: {eventName: B}",
	};
	struct session x = { .rs = ruleset_new() };
	char text[200], got[16];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(detection); i++) {
		snprintf(text, sizeof(text),
			 "title: t\ndetection:\n    %s\n    condition: a\n",
			 detection[i]);
		ruleset_add_text(x.rs, "x.yml", str_of(text), false);
	}
	ruleset_seal(x.rs);
	rule_scratch_init(&x.s, x.rs);
	arena_init(&x.a);
	for (size_t k = 0; k < 3 * ARRAY_SIZE(cases); k++) {
		/* Forwards, backwards, forwards. */
		size_t n = ARRAY_SIZE(cases), i = k % n;

		i = k / n == 1 ? n - 1 - i : i;
		hits(&x, cases[i].event);
		for (size_t h = 0; h < x.s.hit_n; h++)
			got[h] = (char)('0' + x.s.hit[h]);
		got[x.s.hit_n] = '\0';
		check(strcmp(got, cases[i].hits) == 0, "%s: %s", cases[i].event,
		      got);
	}
	session_end(&x);
}

/* More names than are remembered. */
static void many_names(void **state)
{
	char text[100];
	struct session x;

	(void)state;
	session_start(&x, "    a: {eventName|endswith: '77'}\n"
			  "    b: {eventName: Call123}\n"
			  "    c: {errorCode: x}\n"
			  "    condition: a or b or c\n");
	for (unsigned i = 0; i < 60000; i++) {
		unsigned name = i % 3 ? i : 123;

		snprintf(text, sizeof(text),
			 "{\"eventName\":\"Call%u\",\"errorCode\":\"%c\"}",
			 name, i % 7 ? 'y' : 'x');
		check(hits(&x, text) ==
			      (name % 100 == 77 || name == 123 || i % 7 == 0),
		      "%s", text);
	}
	session_end(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_text),   cmocka_unit_test(more_than_one),
		cmocka_unit_test(parts),      cmocka_unit_test(bounded),
		cmocka_unit_test(gave_up),    cmocka_unit_test(alike_but_for),
		cmocka_unit_test(many_names),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
