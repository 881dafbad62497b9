/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/re.h"

static struct re_scratch *scratch;

static enum re_result match(const char *pattern, unsigned flags,
			    struct str subject)
{
	struct err err = ERR_INIT;
	struct str exact = exact_copy(subject);
	enum re_result result;
	struct re *re = NULL;

	check(re_compile(&re, str_of(pattern), flags, &err) == ERR_OK, "%s",
	      err.msg);
	result = re_match(re, exact, scratch);
	re_free(re);
	exact_free(exact);
	return result;
}

static void matching(void **state)
{
#define CASE(pattern, flags, text, want)        \
	{                                       \
		pattern, flags, STR(text), want \
	}
	const struct {
		const char *pattern;
		unsigned flags;
		struct str text;
		enum re_result want;
	} cases[] = {
		CASE("kali|parrot", 0, "boto3/1 kali/2026", RE_YES),
		CASE("kali|parrot", 0, "boto3/1 KALI/2026", RE_NO),
		CASE("kali|parrot", RE_FOLD, "boto3/1 KALI/2026", RE_YES),
		CASE("(?i)kali", 0, "KALI", RE_YES),
		CASE("^b", 0, "a\nb", RE_NO),
		CASE("^b", RE_MULTILINE, "a\nb", RE_YES),
		CASE("^a$", 0, "a", RE_YES),
		CASE("a.b", 0, "a\nb", RE_NO),
		CASE("a.b", RE_DOTALL, "a\nb", RE_YES),
		CASE("", 0, "", RE_YES),
		CASE("^$", 0, "", RE_YES),
		CASE("x", 0, "", RE_NO),
		/* A character is a character, however many bytes. */
		CASE("^.$", 0, "\xf0\x9f\x98\x80", RE_YES),
		CASE("^\xc3\xa9$", RE_FOLD, "\xc3\x89", RE_YES),
		/* NUL ends nothing. */
		CASE("^a.b$", 0, "a\0b", RE_YES),
		CASE("secret", 0, "\0\0secret", RE_YES),
		CASE("a\\x00b", 0, "a\0b", RE_YES),
		/* Bytes that are not UTF-8 do not evade. */
		CASE("mimikatz", 0, "\xffmimikatz\x80", RE_YES),
		CASE("^a.b$", 0,
		     "a\xff"
		     "b",
		     RE_YES),
		CASE("^a..b$", 0,
		     "a\xe2\x82"
		     "b",
		     RE_YES),
		CASE("^a.b$", 0,
		     "a\xed\xa0\x80"
		     "b",
		     RE_YES),
		CASE("a\\x{fffd}b", 0,
		     "a\xff"
		     "b",
		     RE_YES),
		CASE("tail$", 0, "\xc3tail", RE_YES),
		CASE("b", 0, "a\xff", RE_NO),
	};
#undef CASE

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(match(cases[i].pattern, cases[i].flags, cases[i].text) ==
			      cases[i].want,
		      "case %zu: %s", i, cases[i].pattern);
	assert_int_equal(match("x*", 0, STR_NULL), RE_YES);
}

static void bad_patterns(void **state)
{
	static const char *const bad[] = {
		"(", "a{2",  "[",   "(?<n", "\\",
		"*", "(?z)", "\\C", "\xff", "a\xc3"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err err = ERR_INIT;
		struct re *re = NULL;
		enum err_code code = re_compile(&re, str_of(bad[i]), 0, &err);

		/* "a{2" is a text in PCRE2. */
		if (strcmp(bad[i], "a{2") == 0) {
			assert_int_equal(code, ERR_OK);
			re_free(re);
			continue;
		}
		check(code == ERR_SYNTAX, "%s", bad[i]);
		assert_int_equal(err.code, ERR_SYNTAX);
		assert_non_null(strstr(err.msg, "offset"));
		assert_null(re);
	}
	re_free(NULL);
	re_scratch_free(NULL);
}

/* Given up, and soon: neither yes nor no. */
static void patterns_that_explode(void **state)
{
	static const struct {
		const char *pattern;
		char fill;
		const char *tail;
	} cases[] = {
		{ "^(a+)+$", 'a', "b" },
		{ "(a|aa)+$", 'a', "b" },
		{ "^(([a-z])+.)+[A-Z]([a-z])+$", 'a', "" },
		{ "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x$", 'a', "xy" },
		{ "^(?:a?){30}a{30}$", 'a', "b" },
	};
	static char subject[30000];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t n = strlen(cases[i].tail);
		double start = cpu_seconds();
		enum re_result result;

		memset(subject, cases[i].fill, sizeof(subject));
		memcpy(subject + sizeof(subject) - n, cases[i].tail, n);
		result = match(cases[i].pattern, 0,
			       (struct str){ subject, sizeof(subject) });
		check(result != RE_YES, "%s", cases[i].pattern);
		check(cpu_seconds() - start < 1.5, "%s took %.1f s",
		      cases[i].pattern, cpu_seconds() - start);
		if (i < 3)
			assert_int_equal(result, RE_GAVE_UP);
	}
}

/*
 * What an attacker can do to a harmless pattern is to make the value long. A
 * CloudTrail event has at most 256 KB.
 */
static void long_values_are_searched(void **state)
{
	enum { N = 256 * 1024 };
	static const char *const patterns[] = {
		"needle",         "nee.*dle",     "^.*needle$",
		"(?:a|b)*needle", "(a|b)*needle", "^(\\w|\\s)+needle$",
		"a.*?needle",
	};
	char *subject = mem_alloc(N);

	(void)state;
	memset(subject, 'a', N);
	memcpy(subject + N - 6, "needle", 6);
	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++)
		check(match(patterns[i], RE_DOTALL,
			    (struct str){ subject, N }) == RE_YES,
		      "%s", patterns[i]);
	free(subject);
}

static void needles_anywhere(void **state)
{
	static const char *const patterns[] = { "needle", "(?<=\xc3\xa9)needle",
						"needle(?=\xc3\xa9)" };
	struct rng r = { 33 };
	struct err err = ERR_INIT;
	char *text = mem_alloc(200000);
	struct re *re[3] = { NULL, NULL, NULL };

	(void)state;
	for (size_t p = 0; p < 3; p++)
		assert_int_equal(re_compile(&re[p], str_of(patterns[p]), 0,
					    &err),
				 ERR_OK);
	for (int i = 0; i < 60; i++) {
		/* Two-byte characters all over, at even or odd places. */
		size_t n = 30000 + rng_below(&r, 100000);
		size_t odd = rng_below(&r, 2);
		size_t at;

		n = n / 2 * 2 + odd;
		for (size_t k = odd; k < n; k += 2)
			memcpy(text + k, "\xc3\xa9", 2);
		text[0] = odd ? 'x' : text[0];
		at = odd + rng_below(&r, (uint32_t)(n / 2 - 5)) * 2 + 2;
		memcpy(text + at, "needle", 6);
		for (size_t p = 0; p < 3; p++) {
			struct str s = { text, n };

			assert_int_equal(re_match(re[p], s, scratch), RE_YES);
		}
		/* All but a letter of it. */
		text[at + rng_below(&r, 6)] = 'x';
		for (size_t p = 0; p < 3; p++) {
			struct str s = { text, n };

			assert_int_equal(re_match(re[p], s, scratch), RE_NO);
		}
	}
	for (size_t p = 0; p < 3; p++)
		re_free(re[p]);
	free(text);
}

static void a_shared_pattern_and_a_used_scratch(void **state)
{
	struct re_scratch *other = re_scratch_new();
	struct err err = ERR_INIT;
	struct re *re = NULL;

	(void)state;
	assert_int_equal(re_compile(&re, STR("b+"), 0, &err), ERR_OK);
	for (int i = 0; i < 100; i++) {
		assert_int_equal(re_match(re,
					  STR("\xff"
					      "abb"),
					  scratch),
				 RE_YES);
		assert_int_equal(re_match(re, STR("aaa"), other), RE_NO);
		assert_int_equal(re_match(re, STR("\xff"), scratch), RE_NO);
		assert_int_equal(re_match(re, STR("b"), other), RE_YES);
	}
	re_free(re);
	re_scratch_free(other);
}

static void version(void **state)
{
	char buf[80];

	(void)state;
	assert_ptr_equal(re_version(buf, sizeof(buf)), buf);
	assert_true(strlen(buf) >= 5);
}

static int set_up(void **state)
{
	(void)state;
	scratch = re_scratch_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	re_scratch_free(scratch);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matching),
		cmocka_unit_test(bad_patterns),
		cmocka_unit_test(patterns_that_explode),
		cmocka_unit_test(long_values_are_searched),
		cmocka_unit_test(needles_anywhere),
		cmocka_unit_test(a_shared_pattern_and_a_used_scratch),
		cmocka_unit_test(version),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
