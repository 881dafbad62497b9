/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "detect/rule_never.h"

#include "naive_query.h"
#include "sigma_help.h"

/* Detections and trees ---------------------------------------------------- */

static const struct {
	const char *detection; /* without its four blanks */
	const char *printed;
} trees[] = {
	{ "s: {eventName: StopLogging}\ncondition: s",
	  "\"eventName\":StopLogging" },
	{ "s: {eventName: [A, B], awsRegion: x}\ncondition: s",
	  "\"eventName\":(A or B) and \"awsRegion\":x" },
	{ "s: [{eventName: A}, {eventName: B}]\ncondition: s",
	  "\"eventName\":(A or B)" },
	{ "s: [{eventName: A}, {awsRegion: B}]\ncondition: s",
	  "\"eventName\":A or \"awsRegion\":B" },
	{ "s: [kali, parrot]\ncondition: s", "any:(\"kali\" or \"parrot\")" },
	{ "s: {'|all': [kali, parrot]}\ncondition: s",
	  "any:(\"kali\" and \"parrot\")" },
	{ "s: {errorCode: null}\ncondition: s", "\"errorCode\":null()" },
	{ "s: {errorCode: [A, null]}\ncondition: s",
	  "\"errorCode\":A or \"errorCode\":null()" },
	{ "s: {userAgent|contains: [a, b]}\ncondition: s",
	  "\"userAgent\":(*a* or *b*)" },
	{ "s: {userAgent|contains|all: [a, b]}\ncondition: s",
	  "\"userAgent\":(*a* and *b*)" },
	{ "s: {userAgent|startswith: a}\ncondition: s", "\"userAgent\":a*" },
	{ "s: {userAgent|endswith: a}\ncondition: s", "\"userAgent\":*a" },
	{ "s: {userAgent: 'a*'}\ncondition: s", "\"userAgent\":a*" },
	{ "s: {userAgent|contains: '*a*'}\ncondition: s", "\"userAgent\":*a*" },
	{ "s: {userAgent|contains: '*'}\ncondition: s", "\"userAgent\":*" },
	{ "s: {userAgent|cased: Aa}\ncondition: s", "\"userAgent\":cased(Aa)" },
	{ "s: {userAgent|cased|contains: Aa}\ncondition: s",
	  "\"userAgent\":cased(*Aa*)" },
	{ "s: {userAgent|re: 'a.b/c'}\ncondition: s",
	  "\"userAgent\":/a.b\\/c/" },
	{ "s: {userAgent|re|i|m|s: 'a'}\ncondition: s",
	  "\"userAgent\":/a/ims" },
	{ "s: {userAgent|re|startswith: 'a|b'}\ncondition: s",
	  "\"userAgent\":/\\A(?:a|b)/" },
	{ "s: {userAgent|re|endswith|i: 'a|b'}\ncondition: s",
	  "\"userAgent\":/(?:a|b)\\z/i" },
	{ "s: {userAgent|re|contains: 'a|b'}\ncondition: s",
	  "\"userAgent\":/a|b/" },
	{ "s: {userAgent|exists: true}\ncondition: s",
	  "\"userAgent\":exists()" },
	{ "s: {userAgent|exists: no}\ncondition: s",
	  "not \"userAgent\":exists()" },
	{ "s: {sourceIPAddress|cidr: [10.0.0.0/8, '2001:db8::/32']}\n"
	  "condition: s",
	  "\"sourceIPAddress\":cidr(10.0.0.0/8 or 2001:db8::/32)" },
	{ "s: {userIdentity.arn|fieldref: requestParameters.userName}\n"
	  "condition: s",
	  "userIdentity.arn:field(\"requestParameters.userName\")" },
	{ "s: {userIdentity.arn|endswith|fieldref: "
	  "requestParameters.userName}\ncondition: s",
	  "userIdentity.arn:ends_with_field(\"requestParameters.userName\")" },
	{ "s: {userIdentity.arn|fieldref|contains: "
	  "requestParameters.userName}\ncondition: s",
	  "userIdentity.arn:contains_field(\"requestParameters.userName\")" },
	{ "s: {userIdentity.arn|fieldref|startswith|neq: "
	  "requestParameters.userName}\ncondition: s",
	  "not userIdentity.arn:starts_with_field("
	  "\"requestParameters.userName\")" },
	{ "s: {eventTime|hour: [1, 2]}\ncondition: s",
	  "\"eventTime\":part(hour=1 or hour=2)" },
	{ "s: {eventTime|gte|minute: 30, eventTime|week|lt: 5}\ncondition: s",
	  "\"eventTime\":part(\"minute>=30\") and "
	  "\"eventTime\":part(\"week<5\")" },
	{ "s: {requestParameters.n|gte: 5, requestParameters.m|lt: 1e3}\n"
	  "condition: s",
	  "requestParameters.n>=5 and requestParameters.m<1e3" },
	{ "s: {eventName|neq: A}\ncondition: s", "not \"eventName\":A" },
	{ "s: {eventName|contains|neq: [A, B]}\ncondition: s",
	  "not \"eventName\":(*A* or *B*)" },
	/* Backslashes escape wildcards and themselves alone. */
	{ "s: {userAgent: 'a\\*b'}\ncondition: s", "\"userAgent\":\"a\\*b\"" },
	{ "s: {userAgent: 'C:\\Users\\x'}\ncondition: s",
	  "\"userAgent\":\"C:\\\\Users\\\\x\"" },
	{ "s: {userAgent: 'a\\\\*'}\ncondition: s",
	  "\"userAgent\":\"a\\\\*\"" },
	{ "s: {userAgent: 'a\\'}\ncondition: s", "\"userAgent\":\"a\\\\\"" },
	{ "s: {userAgent: 'a\\\\b'}\ncondition: s",
	  "\"userAgent\":\"a\\\\b\"" },
	/* Encodings. */
	{ "s: {userAgent|base64|contains: foob}\ncondition: s",
	  "\"userAgent\":*Zm9vYg==*" },
	{ "s: {userAgent|base64offset|contains: foobar}\ncondition: s",
	  "\"userAgent\":(*Zm9vYmFy* or *Zvb2Jhc* or *mb29iYX*)" },
	{ "s: {userAgent|wide|base64offset|contains: hi}\ncondition: s",
	  "\"userAgent\":(*aABpA* or *gAaQ* or *oAGkA*)" },
	{ "s: {userAgent|utf16|base64: hi}\ncondition: s",
	  "\"userAgent\":\"//5oAGkA\"" },
	{ "s: {userAgent|utf16be|base64: hi}\ncondition: s",
	  "\"userAgent\":AGgAaQ==" },
	/* What is escaped is encoded as what it stands for; wildcards stay. */
	{ "s: {userAgent|base64: 'a\\*b\\\\c'}\ncondition: s",
	  "\"userAgent\":YSpiXGM=" },
	{ "s: {userAgent|windash|contains: ' \xe2\x80\x94x'}\ncondition: s",
	  "\"userAgent\":(\"* -x*\" or \"* /x*\" or \"* \xe2\x80\x93x*\" or "
	  "\"* \xe2\x80\x94x*\" or \"* \xe2\x80\x95x*\")" },
	{ "s: {userAgent|windash|contains: ' -x'}\ncondition: s",
	  "\"userAgent\":(\"* -x*\" or \"* /x*\" or \"* \xe2\x80\x93x*\" or "
	  "\"* \xe2\x80\x94x*\" or \"* \xe2\x80\x95x*\")" },
	/* What filters call otherwise. */
	{ "s: {trawl.outcome: denied, trawl.user: bob}\ncondition: s",
	  "outcome:denied and user:bob" },
	/* Conditions. */
	{ "a: [x]\nb: [y]\nc: [z]\ncondition: a and b or not c",
	  "\"x\" and \"y\" or not \"z\"" },
	{ "a: [x]\nb: [y]\nc: [z]\ncondition: a AND (b OR NOT c)",
	  "\"x\" and (\"y\" or not \"z\")" },
	{ "s_a: [x]\ns_b: [y]\nc: [z]\ncondition: c and 1 of s_*",
	  "\"z\" and (\"x\" or \"y\")" },
	{ "s_a: [x]\ns_b: [y]\nc: [z]\ncondition: all of s_* and c",
	  "(\"x\" and \"y\") and \"z\"" },
	{ "s_a: [x]\ns_b: [y]\ncondition: any of them", "\"x\" or \"y\"" },
	{ "s: [x]\n_t: [y]\ncondition: all of them", "\"x\"" },
	{ "a: [x]\nb: [y]\nc: [z]\ncondition: 2 of them",
	  "\"x\" and \"y\" or \"x\" and \"z\" or \"y\" and \"z\"" },
	{ "a: [x]\nb: [y]\ncondition: 3 of them", "not *" },
	{ "a: [x]\nb: [y]\ncondition: 1 of a", "\"x\"" },
	{ "a: [x]\nb: [y]\ncondition: [a, b]", "\"x\" or \"y\"" },
	{ "all: [x]\ntimeframe: 5m\ncondition: all", "\"x\"" },
};

static void indent(struct strbuf *out, const char *detection)
{
	struct str rest = str_of(detection), line;

	while (str_next(&rest, '\n', &line))
		strbuf_addf(out, "    %.*s\n", STR_ARG(line));
}

static void compiled(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(trees); i++) {
		struct strbuf text, printed;
		struct ruleset *rs;
		const struct rule_problem *p;
		size_t n;

		strbuf_init(&text);
		strbuf_init(&printed);
		indent(&text, trees[i].detection);
		rs = rules_of_detection(text.p);
		p = ruleset_problems(rs, &n);
		if (n)
			fail_msg("%s\n%u: %.*s", text.p, p->line,
				 STR_ARG(p->text));
		query_print(&printed, ruleset_at(rs, 0)->sigma.condition);
		assert_string_equal(printed.p, trees[i].printed);
		ruleset_free(rs);
		strbuf_release(&text);
		strbuf_release(&printed);
	}
}

/* What is refused --------------------------------------------------------- */

static const struct {
	const char *detection;
	unsigned line; /* the detection begins at 7 */
	const char *reason;
} errors[] = {
	{ "s: {a|foo: b}\ncondition: s", 8, "unknown modifier \"foo\"" },
	{ "s:\n  a: b\n  a|expand: '%b%'\ncondition: s", 10,
	  "%b% has no value: see --placeholders" },
	{ "s: {a|hour: late}\ncondition: s", 8,
	  "\"late\" is no number of a part of a time" },
	{ "s: {a|hour|day: 3}\ncondition: s", 8,
	  "modifier \"day\" cannot be combined with another one that "
	  "compares" },
	{ "s: {a|hour|re: 3}\ncondition: s", 8,
	  "modifier \"hour\" cannot be combined with another one that "
	  "compares" },
	{ "s: {a|hour|contains: 3}\ncondition: s", 8,
	  "modifier \"contains\" cannot be combined with another one that "
	  "compares" },
	{ "s: {a|base64|re: 3}\ncondition: s", 8,
	  "modifier \"base64\" cannot be combined with another one that "
	  "compares" },
	{ "s: {a|startswith|endswith: b}\ncondition: s", 8,
	  "modifier \"endswith\" cannot be combined with another one that "
	  "compares" },
	{ "s: {'|hour': 3}\ncondition: s", 8,
	  "keywords take texts and regular expressions" },
	{ "s: {a|base64: 'b*'}\ncondition: s", 8,
	  "a value with wildcards cannot be encoded" },
	{ "s: {a|i: b}\ncondition: s", 8, "unknown modifier \"i\"" },
	{ "s: {a|contains|cidr: b}\ncondition: s", 8,
	  "modifier \"contains\" cannot be combined with another one that "
	  "compares" },
	{ "s: {a|re: '('}\ncondition: s", 8,
	  "regular expression: missing closing parenthesis at offset 1" },
	{ "s: {a|exists: b}\ncondition: s", 8, "exists takes true or false" },
	{ "s: {a|cidr: b}\ncondition: s", 8, "\"b\" is no network" },
	{ "s: {a|gt: b}\ncondition: s", 8, "\"b\" is no number" },
	{ "s: {a: {b: c}}\ncondition: s", 8, "a value is a text or a number" },
	{ "s: {a: []}\ncondition: s", 8, "an empty list of values" },
	{ "s: {}\ncondition: s", 8, "an empty selection" },
	{ "s: []\ncondition: s", 8, "an empty selection" },
	{ "s:\ncondition: s", 8, "an empty selection" },
	{ "s: [[a]]\ncondition: s", 8, "a list in a list" },
	{ "s: [null]\ncondition: s", 8, "a keyword is a text" },
	{ "s: {trawl.level: high}\ncondition: s", 8,
	  "rules cannot test \"trawl.level\"" },
	{ "s: {trawl.nonsense: high}\ncondition: s", 8,
	  "rules cannot test \"trawl.nonsense\"" },
	{ "s: {a|windash: '-a -b -c -d'}\ncondition: s", 8,
	  "too many forms of one value" },
	{ "s: [a]", 8, "a condition is needed" },
	{ "s: [a]\ncondition:", 8, "a condition is needed" },
	{ "s: [a]\ncondition: [[s]]", 9, "a condition is a text" },
	{ "s: [a]\ncondition: t", 9, "condition: there is no selection \"t\"" },
	{ "s: [a]\ncondition: 1 of t*", 9,
	  "condition: no selection is called \"t*\"" },
	{ "s: [a]\ncondition: s and", 9,
	  "condition: a selection is expected at the end" },
	{ "s: [a]\ncondition: s s", 9,
	  "condition: \"and\" or \"or\" is expected before \"s\"" },
	{ "s: [a]\ncondition: (s", 9,
	  "condition: \")\" is expected at the end" },
	{ "s: [a]\ncondition: s)", 9,
	  "condition: \"and\" or \"or\" is expected before \")\"" },
	{ "s: [a]\ncondition: s | count() > 5", 9,
	  "condition: aggregations after \"|\" are not supported; write a "
	  "correlation" },
	{ "s: [a]\ncondition: 1 of", 9,
	  "condition: a selection or \"them\" is expected at the end" },
	{ "s: [a]\ncondition: not", 9,
	  "condition: a selection is expected at the end" },
};

static void refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct ruleset *rs;
		const struct rule_problem *p;
		struct strbuf text;
		size_t n;

		strbuf_init(&text);
		indent(&text, errors[i].detection);
		rs = rules_of_detection(text.p);
		p = ruleset_problems(rs, &n);
		if (n != 1 || p->line != errors[i].line ||
		    !str_eq(p->text, str_of(errors[i].reason)))
			fail_msg("%s: %zu problems, %u: %.*s", text.p, n,
				 n ? p->line : 0,
				 STR_ARG(n ? p->text : STR_NULL));
		assert_string_equal(p->file, "rule.yml");
		assert_int_equal(ruleset_at(rs, 0)->state, RULE_BROKEN);
		/* A broken rule never matches. */
		assert_int_equal(hits_of(rs, STR("{\"a\":\"a\"}")), 0);
		ruleset_free(rs);
		strbuf_release(&text);
	}
}

/* Conditions that would grow without end. */
static void bounded(void **state)
{
	struct strbuf text;
	struct ruleset *rs;
	const struct rule_problem *p;
	size_t n;

	(void)state;
	strbuf_init(&text);
	for (int i = 0; i < 40; i++)
		strbuf_addf(&text, "    s%d: [a%d]\n", i, i);
	strbuf_adds(&text, "    condition: 20 of them\n");
	rs = rules_of_detection(text.p);
	p = ruleset_problems(rs, &n);
	assert_int_equal(n, 1);
	assert_true(str_starts(p->text, STR("condition: too")));
	ruleset_free(rs);

	strbuf_clear(&text);
	strbuf_adds(&text, "    s: {eventName: [a");
	for (int i = 0; i < 1000; i++)
		strbuf_adds(&text, ",b");
	strbuf_adds(&text, "]}\n    condition: s");
	for (int i = 0; i < 1000; i++)
		strbuf_adds(&text, " or s");
	strbuf_addc(&text, '\n');
	rs = rules_of_detection(text.p);
	p = ruleset_problems(rs, &n);
	assert_int_equal(n, 1);
	assert_true(str_eq(p->text, STR("condition: too large")));
	ruleset_free(rs);

	strbuf_clear(&text);
	strbuf_adds(&text, "    s: [a]\n    condition: ");
	for (int i = 0; i < 5000; i++)
		strbuf_adds(&text, "not (");
	strbuf_adds(&text, "s\n");
	rs = rules_of_detection(text.p);
	p = ruleset_problems(rs, &n);
	assert_int_equal(n, 1);
	assert_true(str_eq(p->text, STR("condition: nested too deep")));
	ruleset_free(rs);
	strbuf_release(&text);
}

/* Random rules ------------------------------------------------------------ */

/* Items whose values are no patterns. Those that `neq` turns around. */
static const struct {
	const char *field, *modifiers, *value;
	struct expr_test test; /* but for field and value */
	const char *meant;     /* its value */
} specials[] = {
	{ "sourceIPAddress",
	  "|cidr",
	  "10.0.0.0/8",
	  { .op = TEST_CIDR },
	  "10.0.0.0/8" },
	{ "requestParameters.a", "|gt", "21", { .op = TEST_GT }, "21" },
	{ "requestParameters.a", "|gte", "22", { .op = TEST_GE }, "22" },
	{ "requestParameters.b", "|lt", "1e2", { .op = TEST_LT }, "1e2" },
	{ "requestParameters.b", "|lte", "-1", { .op = TEST_LE }, "-1" },
	{ "userIdentity.arn",
	  "|fieldref",
	  "requestParameters.a",
	  { .op = TEST_FIELD },
	  "requestParameters.a" },
	{ "userIdentity.arn",
	  "|fieldref|endswith",
	  "requestParameters.a",
	  { .op = TEST_FIELD, .refers = TEST_ENDS },
	  "requestParameters.a" },
	{ "userIdentity.arn",
	  "|contains|fieldref",
	  "requestParameters.a",
	  { .op = TEST_FIELD, .refers = TEST_CONTAINS },
	  "requestParameters.a" },
	{ "eventTime", "|hour", "21", { .op = TEST_PART }, "hour=21" },
	{ "eventTime", "|day|lte", "9", { .op = TEST_PART }, "day<=9" },
	{ "eventTime", "|gt|week", "52", { .op = TEST_PART }, "week>52" },
	{ "userAgent", "|re", "abc", { .op = TEST_RE }, "abc" },
	{ "eventName",
	  "|re|i",
	  "abc",
	  { .op = TEST_RE, .re_flags = RE_FOLD },
	  "abc" },
	{ "eventName",
	  "|cased",
	  "ABD",
	  { .op = TEST_EQUALS, .cased = true },
	  "ABD" },
	{ "userIdentity.userName",
	  "|contains|cased",
	  "b",
	  { .op = TEST_CONTAINS, .cased = true },
	  "b" },
	{ "eventName", "|expand", "%name%c", { .op = TEST_EQUALS }, "abc" },
	{ "eventName",
	  "|base64|contains",
	  "abc",
	  { .op = TEST_CONTAINS },
	  "YWJj" },
};

static const struct expr *random_special(struct strbuf *yaml, struct arena *a)
{
	unsigned i = naive_random(ARRAY_SIZE(specials));
	struct expr_test t = specials[i].test;
	struct str value = str_of(specials[i].meant);
	bool neq = naive_random(3) == 0;

	t.field = (struct expr_field){ FIELD_PATH, EVENT_NAME,
				       str_of(specials[i].field) };
	t.value = &value;
	t.value_n = 1;
	strbuf_addf(yaml, "'%s%s%s': '%s'", specials[i].field,
		    specials[i].modifiers, neq ? "|neq" : "",
		    specials[i].value);
	return neq ? expr_not(a, expr_test(a, &t)) : expr_test(a, &t);
}

/* Writes one item and gives the tree that it has to mean. */
static const struct expr *random_item(struct strbuf *yaml, struct arena *a)
{
	static const char *const values[] = { "abc",   "AB",  "22", "true",
					      "a?c",   "b*c", "",   "x",
					      "a\\*b", "ABD", "ab" };
	static const struct {
		const char *name;
		enum test_op op;
	} modifiers[] = {
		{ "", TEST_EQUALS },
		{ "", TEST_EQUALS },
		{ "|contains", TEST_CONTAINS },
		{ "|startswith", TEST_STARTS },
		{ "|endswith", TEST_ENDS },
		{ "|contains|all", TEST_CONTAINS },
		{ "|exists", TEST_EXISTS },
	};
	unsigned m = naive_random(ARRAY_SIZE(modifiers));
	unsigned n = 1 + naive_random(3);
	struct str value[3];
	struct expr_test t = { .field = { FIELD_PATH, EVENT_NAME,
					  str_of(NAIVE_PICK(naive_paths)) },
			       .op = modifiers[m].op,
			       .all = m == 5,
			       .value = value,
			       .value_n = n };
	const struct expr *member[2];

	if (naive_random(4) == 0)
		return random_special(yaml, a);
	if (naive_random(3) == 0)
		t.field.path = STR("eventName");
	strbuf_addf(yaml, "'%.*s%s': ", STR_ARG(t.field.path),
		    modifiers[m].name);
	if (t.op == TEST_EXISTS) {
		bool yes = naive_random(2);

		t.value_n = 0;
		strbuf_adds(yaml, yes ? "true" : "false");
		member[0] = expr_test(a, &t);
		return yes ? member[0] : expr_not(a, member[0]);
	}
	strbuf_addc(yaml, '[');
	for (unsigned i = 0; i < n; i++) {
		value[i] = str_of(NAIVE_PICK(values));
		/* contains '' is what contains '*' is. */
		if (value[i].n == 0 && t.op != TEST_EQUALS)
			value[i] = STR("x");
		strbuf_addf(yaml, "%s'%.*s'", i ? "," : "", STR_ARG(value[i]));
	}
	member[0] = expr_test(a, &t);
	if (naive_random(5) || t.all) {
		strbuf_addc(yaml, ']');
		return member[0];
	}
	strbuf_adds(yaml, ",null]");
	t.op = TEST_NULL;
	t.value_n = 0;
	member[1] = expr_test(a, &t);
	return expr_join(a, EXPR_OR, member, 2);
}

/* Texts that are looked for in the whole record. */
static const struct expr *random_keywords(struct strbuf *yaml, struct arena *a)
{
	static const char *const words[] = { "abc", "b*c", "x", "22", "ab?d" };
	struct expr_test t = { .field = { FIELD_ANY, EVENT_NAME, STR("any") },
			       .op = TEST_CONTAINS,
			       .value_n = 1 };
	struct expr_list all = { NULL, 0, 0 };

	for (unsigned i = 0, n = 1 + naive_random(2); i < n; i++) {
		struct str word = str_of(NAIVE_PICK(words));

		t.value = &word;
		strbuf_addf(yaml, "        - '%.*s'\n", STR_ARG(word));
		expr_list_add(a, &all, expr_test(a, &t));
	}
	return expr_join(a, EXPR_OR, all.member, all.n);
}

static const struct expr *random_selection(struct strbuf *yaml, struct arena *a,
					   const char *name)
{
	struct expr_list maps = { NULL, 0, 0 };
	unsigned n = 1 + (naive_random(3) == 0);

	strbuf_addf(yaml, "    %s:\n", name);
	if (naive_random(8) == 0)
		return random_keywords(yaml, a);
	for (unsigned i = 0; i < n; i++) {
		struct expr_list items = { NULL, 0, 0 };
		unsigned k = 1 + naive_random(3);

		for (unsigned j = 0; j < k; j++) {
			strbuf_adds(yaml, n > 1 && j == 0 ? "        - " :
					  n > 1           ? "          " :
							    "        ");
			expr_list_add(a, &items, random_item(yaml, a));
			strbuf_addc(yaml, '\n');
		}
		expr_list_add(a, &maps,
			      expr_join(a, EXPR_AND, items.member, items.n));
	}
	return expr_join(a, EXPR_OR, maps.member, maps.n);
}

static const struct expr *random_rule(struct strbuf *yaml, struct arena *a)
{
	const struct expr *s[3], *e[3];

	s[0] = random_selection(yaml, a, "s_a");
	s[1] = random_selection(yaml, a, "s_b");
	s[2] = random_selection(yaml, a, "t");
	switch (naive_random(6)) {
	case 0:
		strbuf_adds(yaml, "    condition: s_a\n");
		return s[0];
	case 1:
		strbuf_adds(yaml, "    condition: t and not 1 of s_*\n");
		e[0] = s[2];
		e[1] = expr_not(a, expr_join(a, EXPR_OR, s, 2));
		return expr_join(a, EXPR_AND, e, 2);
	case 2:
		strbuf_adds(yaml, "    condition: 2 of them\n");
		for (int i = 0; i < 3; i++) {
			const struct expr *pair[2] = { s[i], s[(i + 1) % 3] };

			e[i] = expr_join(a, EXPR_AND, pair, 2);
		}
		return expr_join(a, EXPR_OR, e, 3);
	case 3:
		strbuf_adds(yaml, "    condition: s_a and (s_b or not t)\n");
		e[0] = s[1];
		e[1] = expr_not(a, s[2]);
		e[1] = expr_join(a, EXPR_OR, e, 2);
		e[0] = s[0];
		return expr_join(a, EXPR_AND, e, 2);
	case 4:
		strbuf_adds(yaml, "    condition: all of s_*\n");
		return expr_join(a, EXPR_AND, s, 2);
	default:
		strbuf_adds(yaml, "    condition:\n        - s_a and t\n"
				  "        - s_b\n");
		e[0] = s[0];
		e[1] = s[2];
		e[0] = expr_join(a, EXPR_AND, e, 2);
		e[1] = s[1];
		return expr_join(a, EXPR_OR, e, 2);
	}
}

/* %name% stands for a value. */
static struct ruleset *ruleset_with_name(const char *value)
{
	const char *work = getenv("TRAWL_WORK_DIR");
	struct ruleset *rs = ruleset_new();
	struct err err = ERR_INIT;
	char path[300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/names-%ld.yml", work ? work : "/tmp",
		 (long)getpid());
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "vars:\n    name: %s\n", value);
	fclose(f);
	assert_int_equal(ruleset_placeholders(rs, path, &err), ERR_OK);
	unlink(path);
	return rs;
}

/* Adds a filter of the rules with the title y. */
static void filter_every_other(struct ruleset *rs, struct arena *a,
			       const struct expr **meant, unsigned n)
{
	const struct expr *both[2];
	struct strbuf text;

	strbuf_init(&text);
	strbuf_adds(&text, "title: f\nfilter:\n    rules: [y]\n");
	both[1] = random_rule(&text, a);
	ruleset_add_text(rs, "f.yml", strbuf_str(&text), false);
	strbuf_release(&text);
	for (unsigned i = 0; i < n; i += 2) {
		both[0] = meant[i];
		meant[i] = expr_join(a, EXPR_AND, both, 2);
	}
}

/* Random rules in a set, by way of its index, against what they mean. */
static void against_naive(void **state)
{
	enum { EVENTS = 60, RULES = 30, ROUNDS = 60 };
	struct str source[EVENTS];
	struct event event[EVENTS];
	struct arena events, a;
	struct rule_scratch s;
	struct strbuf text;
	size_t hits = 0, tried = 0, nevers = 0;

	(void)state;
	arena_init(&events);
	arena_init(&a);
	strbuf_init(&text);
	for (unsigned i = 0; i < EVENTS; i++) {
		struct err err = ERR_INIT;

		strbuf_clear(&text);
		naive_record(&text, i);
		source[i] = arena_dup(&events, strbuf_str(&text));
		event_extract(&event[i], json_read(&events, source[i], &err), 0,
			      &events);
	}
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct ruleset *rs = ruleset_with_name("ab");
		const struct expr *meant[RULES];
		struct str yaml[RULES];
		bool never[RULES];
		size_t n;

		for (unsigned i = 0; i < RULES; i++) {
			strbuf_clear(&text);
			strbuf_addf(&text, "title: %c\ndetection:\n",
				    i % 2 ? 'x' : 'y');
			meant[i] = random_rule(&text, &a);
			yaml[i] = arena_dup(&a, strbuf_str(&text));
			ruleset_add_text(rs, "x.yml", yaml[i], false);
		}
		if (round % 2)
			filter_every_other(rs, &a, meant, RULES);
		ruleset_seal(rs);
		ruleset_problems(rs, &n);
		assert_int_equal(n, 0);
		rule_scratch_init(&s, rs);
		for (unsigned r = 0; r < RULES; r++) {
			never[r] =
				rule_never(ruleset_at(rs, r)->sigma.condition);
			nevers += never[r];
		}
		/* Twice: what looks alike is remembered. */
		for (unsigned k = 0; k < 2 * EVENTS; k++) {
			unsigned i = k % EVENTS;
			struct naive x = { &a, &event[i], NULL, 0, STR_NULL };
			size_t at = 0;

			ruleset_match(rs, &event[i], &s);
			for (unsigned r = 0; r < RULES; r++) {
				bool hit = at < s.hit_n && s.hit[at] == r;

				at += hit;
				hits += hit;
				if (hit && never[r])
					fail_msg("never: %.*s\n%.*s",
						 STR_ARG(yaml[r]),
						 STR_ARG(source[i]));
				if (naive_holds(&x, meant[r]) == hit)
					continue;
				fail_msg("%.*s\n%.*s\nhit %d", STR_ARG(yaml[r]),
					 STR_ARG(source[i]), hit);
			}
			assert_int_equal(at, s.hit_n);
		}
		tried += s.tried;
		rule_scratch_release(&s);
		ruleset_free(rs);
		arena_reset(&a);
	}
	assert_true(hits > (size_t)ROUNDS * RULES);
	/* Conditions that are said to be met by nothing have been tried. */
	assert_true(nevers > 10);
	/* Few of all have to be tested. */
	assert_true(tried < (size_t)ROUNDS * RULES * EVENTS);
	strbuf_release(&text);
	arena_release(&a);
	arena_release(&events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compiled),
		cmocka_unit_test(refused),
		cmocka_unit_test(bounded),
		cmocka_unit_test(against_naive),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
