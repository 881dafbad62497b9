/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "query/need.h"
#include "query/need_regex.h"
#include "query/parse.h"

#include "naive_query.h"

static void regexes(void **state)
{
	static const struct {
		const char *pattern;
		const char *parts; /* joined by | */
	} cases[] = {
		{ "kali", "kali" },
		{ "kali|parrot", "kali|parrot" },
		{ "^aws-cli/1\\.", "aws-cli/1" },
		{ "abcd?e", "abc" },
		{ "abcd*", "abc" },
		{ "abcd{2}efghi", "efghi" },
		{ "ab+cdef", "cdef" },
		{ "(x|y)abc", "abc" },
		{ "[abc]defg", "defg" },
		{ "[]abc]de", "de" },
		{ "(?:longer than)ab", "ab" },
		{ "(?!longer than)ab", "ab" },
		{ "a.bc\\dd", "bc" },
		{ ".+:assumed-role/aws:.+", ":assumed-role/aws:" },
		{ "", "" },
		{ "a|", "" },
		{ ".*", "" },
		{ "(?i)abc", "" },
		{ "(?x)a b c", "" },
		{ "(?#abc", "" },
		{ "abc(*ACCEPT)def", "" },
		{ "\\Qa|b\\E", "" },
		{ "\\x61bcd", "" },
		{ "\\p{L}abc", "" },
		{ "abc\\", "" },
		{ "[[:alpha:]]abc", "" },
		{ "abc)def", "" },
		{ "(abc", "" },
		{ "[abc", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str part[REGEX_PARTS];
		struct strbuf got;
		size_t n = regex_parts(str_of(cases[i].pattern), part);

		strbuf_init(&got);
		for (size_t k = 0; k < n; k++)
			strbuf_addf(&got, "%s%.*s", k ? "|" : "",
				    STR_ARG(part[k]));
		if (strcmp(got.p, cases[i].parts))
			fail_msg("%s: %s, expected %s", cases[i].pattern, got.p,
				 cases[i].parts);
		strbuf_release(&got);
	}
}

/* Random patterns on random texts: what matches holds one of the parts. */
static void random_regexes(void **state)
{
	static const char *const pieces[] = {
		"a", "b",   "ab",  "ba",  "aab",   ".",  "?", "*",  "+",
		"|", "(",   ")",   "[",   "]",     "^",  "$", "\\", "{",
		"}", "1",   ",",   "(?",  ":",     "!",  "=", "<",  "(?:",
		"-", "\\d", "\\w", "{1}", "{0,2}", "[^", "i",
	};
	struct re_scratch *s = re_scratch_new();
	unsigned valid = 0, matched = 0, known = 0;

	(void)state;
	for (unsigned round = 0; round < 60000; round++) {
		struct str part[REGEX_PARTS];
		struct err err = ERR_INIT;
		struct strbuf pattern;
		struct re *re;
		size_t n;

		strbuf_init(&pattern);
		for (unsigned k = 1 + naive_random(7); k; k--)
			strbuf_adds(&pattern, NAIVE_PICK(pieces));
		if (re_compile(&re, strbuf_str(&pattern),
			       naive_random(2) ? RE_FOLD : 0, &err) != ERR_OK) {
			strbuf_release(&pattern);
			continue;
		}
		valid++;
		n = regex_parts(strbuf_str(&pattern), part);
		known += n > 0;
		for (unsigned k = 0; k < 20 && n; k++) {
			char text[8];
			struct str t = { text, naive_random(sizeof(text)) };
			bool found = false;

			for (size_t i = 0; i < t.n; i++)
				text[i] = "abAB1-:"[naive_random(7)];
			if (re_match(re, t, s) != RE_YES)
				continue;
			matched++;
			for (size_t i = 0; i < n; i++)
				found |= str_find_fold(t, part[i], 0) !=
					 SIZE_MAX;
			if (!found)
				fail_msg("%s matches %.*s", pattern.p,
					 STR_ARG(t));
		}
		re_free(re);
		strbuf_release(&pattern);
	}
	assert_true(valid > 5000 && known > 1000 && matched > 2000);
	re_scratch_free(s);
}

static struct need_bytes *need_of(const char *filter, struct matcher **m)
{
	struct err err = ERR_INIT;
	const struct expr *e;
	struct arena a;

	arena_init(&a);
	if (query_read(str_of(filter), NULL, &a, &e, &err) != ERR_OK)
		fail_msg("%s: %s", filter, err.msg);
	assert_int_equal(matcher_new(m, e, &err), ERR_OK);
	arena_release(&a);
	return need_bytes_new(*m);
}

/* What a filter needs of a record's bytes. */
static void filters(void **state)
{
	static const char raw[] = "{\"requestParameters\":{\"bucketName\":"
				  "\"My-Bucket\",\"n\":22}}";
	static const struct {
		const char *filter;
		int wanted; /* -1: nothing is known */
	} cases[] = {
		{ "bucket", 1 },
		{ "nothing", 0 },
		{ "not nothing", -1 },
		{ "my-bucket or nothing", 1 },
		{ "my-bucket and nothing", 0 },
		{ "*ab*", -1 }, /* too short to look for */
		{ "requestParameters.bucketName:*", 1 },
		{ "requestParameters.keyName:*", 0 },
		{ "requestParameters.keyName:null()", -1 },
		{ "requestParameters.bucketName:other", 0 },
		{ "requestParameters.bucketName:(other or my-*)", 1 },
		{ "requestParameters.bucketName:(*other* and *my-*)", 0 },
		{ "requestParameters.keyName:my-*", 0 },
		{ "/my-b.*et/i", 1 },
		{ "/my-x.*et/", 0 },
		/* The store has said no to the first already. */
		{ "event:StopLogging or nothing", 0 },
		{ "event:StopLogging or my-bucket", 1 },
		{ "(event:A or nothing) and nobody", 0 },
		{ "(event:A or nothing) and my-bucket", 1 },
		{ "(event:A or nothing) and not my-bucket", -1 },
		{ "event:A", -1 },
		{ "resource:my-bucket", 1 },
		{ "resource:other", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct matcher *m;
		struct need_bytes *n = need_of(cases[i].filter, &m);
		int wanted = n ? need_bytes_in(n, STR(raw), 0) : -1;

		if (wanted != cases[i].wanted)
			fail_msg("%s: %d, expected %d", cases[i].filter, wanted,
				 cases[i].wanted);
		/* Where anything may be hidden, all is wanted. */
		if (n) {
			assert_true(
				need_bytes_in(n, STR("{\"\\u0061\":1}"), 0));
			assert_true(need_bytes_in(n, STR("{}"),
						  EVENT_HAS_NONASCII));
		}
		need_bytes_free(n);
		matcher_free(m);
	}
}

static void paths(void **state)
{
	struct need_bytes *n = need_bytes_of_path(STR("a.b.bucketName"));

	(void)state;
	assert_true(need_bytes_in(n, STR("{\"bucketName\":1}"), 0));
	assert_false(need_bytes_in(n, STR("{\"bucket\":1}"), 0));
	need_bytes_free(n);
	assert_null(need_bytes_of_path(STR("a.b")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regexes),
		cmocka_unit_test(random_regexes),
		cmocka_unit_test(filters),
		cmocka_unit_test(paths),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
