/* SPDX-License-Identifier: MIT */
/*
 * Lists of indicators: what a line is, where it is found, and that a long
 * list is as quick as a short one.
 */
#include "correlate_help.h"

#include "base/clock.h"
#include "detect/indicator_watch.h"
#include "detect/rule_check.h"

static struct indicators *list_of(const char *text)
{
	struct indicators *x = indicators_new();
	struct err err = ERR_INIT;

	check(indicators_read(x, str_of(text), "l.txt", &err) == ERR_OK, "%s",
	      err.msg);
	return x;
}

/* "2@11-23 5@0-4": lines of the list, and where. */
static bool add_found(void *context, uint32_t indicator, size_t from, size_t to)
{
	struct strbuf *out = ((void **)context)[0];
	const struct indicators *x = ((void **)context)[1];

	strbuf_addf(out, "%s%u@%zu-%zu", out->n ? " " : "",
		    indicators_at(x, indicator)->number, from, to);
	return true;
}

static void check_in(struct indicators *x, struct str text,
		     const char *expected, int line)
{
	struct strbuf out;
	void *context[] = { &out, x };

	strbuf_init(&out);
	indicators_in(x, text, add_found, context);
	if (strcmp(out.p, expected) != 0) {
		fprintf(stderr, "%.*s: found \"%s\", not \"%s\"\n",
			STR_ARG(text), out.p, expected);
		_fail(__FILE__, line);
	}
	strbuf_release(&out);
}

#define assert_in(x, text, expected) \
	check_in((x), str_of(text), (expected), __LINE__)

static void kinds(void **state)
{
	static const struct {
		const char *line;
		enum indicator_kind kind;
	} cases[] = {
		{ "203.0.113.66", INDICATOR_ADDRESS },
		{ "203.0.113.66 seen at Acme", INDICATOR_ADDRESS },
		{ "203.0.113.66,seen at Acme", INDICATOR_ADDRESS },
		{ "203[.]0[.]113[.]66", INDICATOR_ADDRESS },
		{ "198.51.100.0/24", INDICATOR_ADDRESS },
		{ "2001:db8::1", INDICATOR_ADDRESS },
		{ "2001:db8::/32", INDICATOR_ADDRESS },
		{ "AKIAIOSFODNN7EXAMPLE", INDICATOR_KEY },
		{ "ASIAIOSFODNN7EXAMPLE", INDICATOR_KEY },
		{ "AIDACKCEVSQ6C2EXAMPLE", INDICATOR_IDENTITY },
		{ "arn:aws:iam::999988887777:user/x", INDICATOR_IDENTITY },
		{ "999988887777", INDICATOR_IDENTITY },
		{ "evil.example", INDICATOR_NAME },
		{ "c2.Evil.example bad", INDICATOR_NAME },
		{ "0f343b0931126a20f133d67c2b018a3b", INDICATOR_HASH },
		{ "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495"
		  "991b7852b855",
		  INDICATOR_HASH },
		{ "Kali", INDICATOR_AGENT },
		{ "aws-cli/1.16* Kali", INDICATOR_AGENT },
		{ "agent:evil.example", INDICATOR_AGENT },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct indicators *x = list_of(cases[i].line);

		check(indicators_at(x, 0)->kind == cases[i].kind, "%s is a %s",
		      cases[i].line,
		      indicator_kind_name(indicators_at(x, 0)->kind));
		assert_str_eq(indicators_at(x, 0)->line, str_of(cases[i].line));
		indicators_free(x);
	}
}

/* Comments and blanks count as lines; what is wrong says where. */
static void wrong_lines(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "# ok\n\n203.0.113.300\n", "l.txt:3: 203.0.113.300: no" },
		{ "203.0.113.0/33", "l.txt:1: " },
		{ "1.2.3", "l.txt:1: " },
		{ "2001:db8::/129", "l.txt:1: " },
		{ "0.0.0.0/0", "all addresses would match" },
		{ "::/0", "all addresses would match" },
		{ "https://evil.example/x", "give the name of the host" },
		{ "Kali\n**", "l.txt:2: **: any user agent" },
		{ "agent:", "a user agent was expected" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct indicators *x = indicators_new();
		struct err err = ERR_INIT;

		assert_int_equal(indicators_read(x, str_of(cases[i].text),
						 "l.txt", &err),
				 ERR_SYNTAX);
		check(strstr(err.msg, cases[i].says) != NULL,
		      "\"%s\" does not say \"%s\"", err.msg, cases[i].says);
		indicators_free(x);
	}
}

static void found(void **state)
{
	struct indicators *x = list_of(
		"203.0.113.66\n"                     /* 1 */
		"198.51.100.0/24\n"                  /* 2 */
		"2001:db8::/32\n"                    /* 3 */
		"AKIAIOSFODNN7EXAMPLE\n"             /* 4 */
		"arn:aws:iam::999988887777:user/x\n" /* 5 */
		"999988887777\n"                     /* 6 */
		"evil.example\n"                     /* 7 */
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		"7852b855\n"       /* 8 */
		"198.51.100.7\n"); /* 9 */

	(void)state;
	assert_in(x, "203.0.113.66", "1@0-12");
	assert_in(x, "203.0.113.67", "");
	assert_in(x, "203.0.113.660", "");
	assert_in(x, "203.0.113.66/32", "1@0-12");
	assert_in(x, "203.0.113.66:443", "1@0-12");
	/* Of two networks the narrower one. */
	assert_in(x, "198.51.100.8", "2@0-12");
	assert_in(x, "198.51.100.7", "9@0-12");
	assert_in(x, "198.51.101.8", "");
	assert_in(x, "2001:DB8:0:0::1", "3@0-15");
	assert_in(x, "2001:db8::/64", "3@0-10");
	assert_in(x, "2001:db9::1", "");
	assert_in(x, "akiaiosfodnn7example", "4@0-20");
	assert_in(x, "AKIAIOSFODNN7EXAMPLE2", "");
	assert_in(x, "arn:aws:iam::999988887777:user/x", "5@0-32 6@13-25");
	assert_in(x, "arn:aws:iam::999988887777:role/y", "6@13-25");
	assert_in(x, "evil.example", "7@0-12");
	assert_in(x, "https://a.EVIL.example/p?q=1", "7@8-22");
	assert_in(x, "mail js@evil.example.", "7@8-20");
	assert_in(x, "notevil.example", "");
	assert_in(x, "evil.example.org", "");
	/* As Lambda writes it. */
	assert_in(x, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "8@0-44");
	assert_in(x,
		  "img@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c"
		  "a495991b7852b855",
		  "8@11-75");
	/* A policy inside a string. */
	assert_in(x,
		  "{\"AWS\":\"arn:aws:iam::999988887777:user/x\",\"aws:SourceIp"
		  "\":[\"203.0.113.66\"]}",
		  "5@8-40 6@21-33 1@59-71");
	check_in(x, STR("a\0evil.example\xff"), "7@2-14", __LINE__);
	assert_in(x, "", "");
	assert_in(x, ":::::::::", "");
	assert_in(x, "....", "");
	indicators_free(x);
}

static void agents(void **state)
{
	struct indicators *x = list_of("aws-cli/1.16.61 Python/2.7\n"
				       "*kali*\n"
				       "S?.Browser*\n"
				       "agent:evil.example\n");

	(void)state;
	assert_int_equal(indicators_agent(x, STR("AWS-cli/1.16.61 python/2.7")),
			 0);
	assert_int_equal(indicators_agent(x, STR("aws-cli/1.16.61")),
			 INDICATOR_NONE);
	assert_int_equal(indicators_agent(x, STR("curl/7 (Kali Linux)")), 1);
	assert_int_equal(indicators_agent(x, STR("S3.Browser/9")), 2);
	assert_int_equal(indicators_agent(x, STR("evil.example")), 3);
	/* It is no name: it stands nowhere else. */
	assert_in(x, "evil.example", "");
	assert_int_equal(indicators_agent(x, STR("")), INDICATOR_NONE);
	indicators_free(x);
}

/* Random addresses against every network of a list. */
static void networks(void **state)
{
	struct rng r = { 7 };
	size_t hits = 0;

	(void)state;
	for (unsigned round = 0; round < 200; round++) {
		struct network net[12];
		struct strbuf text;
		struct indicators *x;

		strbuf_init(&text);
		for (unsigned i = 0; i < 12; i++) {
			char line[64];

			if (i % 3)
				snprintf(line, sizeof(line), "10.%u.%u.0/%u",
					 rng_below(&r, 4), rng_below(&r, 256),
					 14 + rng_below(&r, 19));
			else
				snprintf(line, sizeof(line),
					 "2001:db8:%x::%x/%u", rng_below(&r, 4),
					 rng_below(&r, 4),
					 46 + rng_below(&r, 83));
			assert_true(network_parse(str_of(line), &net[i]));
			strbuf_addf(&text, "%s\n", line);
		}
		x = list_of(text.p);
		for (unsigned k = 0; k < 50; k++) {
			char ip[64];
			struct addr a;
			unsigned best = 0;
			uint32_t at;

			if (k % 2)
				snprintf(ip, sizeof(ip), "10.%u.%u.%u",
					 rng_below(&r, 4), rng_below(&r, 256),
					 rng_below(&r, 4));
			else
				snprintf(ip, sizeof(ip), "2001:db8:%x::%x",
					 rng_below(&r, 4), rng_below(&r, 4));
			assert_true(addr_parse(str_of(ip), &a));
			for (unsigned i = 0; i < 12; i++)
				if (network_has(&net[i], &a) &&
				    net[i].bits > best)
					best = net[i].bits;
			at = indicators_address(x, &a);
			assert_int_equal(at != INDICATOR_NONE, best != 0);
			if (at != INDICATOR_NONE)
				assert_int_equal(net[at].bits, best);
			hits += best != 0;
		}
		indicators_free(x);
		strbuf_release(&text);
	}
	assert_true(hits > 500 && hits < 9500);
}

/* The rules are right, and have a kind each. */
static void rules(void **state)
{
	struct ruleset *rs = ruleset_new();
	const struct rule_problem *p;
	size_t n;

	(void)state;
	indicator_rules_add(rs);
	ruleset_seal(rs);
	rules_check(rs);
	p = ruleset_problems(rs, &n);
	for (size_t i = 0; i < n; i++)
		check(p[i].kind == PROBLEM_NOTE, "%u: %.*s", p[i].line,
		      STR_ARG(p[i].text));
	assert_int_equal(ruleset_count(rs), INDICATOR_KIND_COUNT);
	for (rule_index i = 0; i < ruleset_count(rs); i++)
		assert_str_eq(
			ruleset_at(rs, i)->rule.indicator,
			str_of(indicator_kind_name((enum indicator_kind)i)));
	ruleset_free(rs);
}

/* A list of a hundred thousand costs no more for an event than a short one:
 * if it were tried one by one this would take minutes. */
static void long_list(void **state)
{
	struct indicators *x = indicators_new();
	struct err err = ERR_INIT;
	struct strbuf text;
	int64_t begun;
	size_t n = 0;

	(void)state;
	strbuf_init(&text);
	for (unsigned i = 0; i < 100000; i++)
		switch (i % 5) {
		case 0:
			strbuf_addf(&text, "203.%u.%u.%u\n", i >> 16,
				    i >> 8 & 255, i & 255);
			break;
		case 1:
			strbuf_addf(&text, "2001:%x:%x::/%u\n", i >> 8, i & 255,
				    48 + i % 16);
			break;
		case 2:
			strbuf_addf(&text, "AKIA%016X\n", i);
			break;
		case 3:
			strbuf_addf(&text, "a%u.evil%u.example\n", i, i);
			break;
		default:
			strbuf_addf(&text, "agent/%u (linux)\n", i);
		}
	assert_int_equal(indicators_read(x, strbuf_str(&text), "l", &err),
			 ERR_OK);
	begun = clock_ms();
	for (unsigned i = 0; i < 100000; i++) {
		char agent[64];

		snprintf(agent, sizeof(agent), "agent/%u (linux)", i);
		n += indicators_agent(x, str_of(agent)) != INDICATOR_NONE;
	}
	assert_int_equal(n, 20000);
	for (unsigned i = 0; i < 20000; i++) {
		assert_in(x, "arn:aws:s3:::bucket/a.b.c.d 10.0.0.1 2001:db9::1",
			  "");
		assert_in(x, "x.a99998.evil99998.example", "99999@0-26");
	}
	assert_true(clock_ms() - begun < 20000);
	indicators_free(x);
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),     cmocka_unit_test(wrong_lines),
		cmocka_unit_test(found),     cmocka_unit_test(agents),
		cmocka_unit_test(networks),  cmocka_unit_test(rules),
		cmocka_unit_test(long_list),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
