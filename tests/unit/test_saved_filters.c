/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "casework/saved_filters.h"
#include "query/parse.h"

/* The terms of a filter, as they are split at the outermost "and". */
static const struct {
	const char *filter;
	const char *terms; /* "|" between them; NULL: no whole filter */
	bool either;
} splits[] = {
	{ "", "", false },
	{ "  ", "", false },
	{ "a", "a", false },
	{ "event:A and not ip:10.0.0.0/8", "event:A|not ip:10.0.0.0/8", false },
	/* Side by side is "and" as well. */
	{ "event:A level>=high \"b c\"", "event:A|level>=high|\"b c\"", false },
	/* An "and" in parentheses, in values, in quotes, in a regex. */
	{ "(a and b) and c", "(a and b)|c", false },
	{ "event:(a and b) c", "event:(a and b)|c", false },
	{ "x:\"a and b\" /c and d/", NULL, false },
	{ "ua:\"a and b\" and /c and d/", "ua:\"a and b\"|/c and d/", false },
	{ "not (a and b)", "not (a and b)", false },
	{ "not not a AND b", "not not a|b", false },
	/* With "or" outside it is one. */
	{ "a or b", "a or b", true },
	{ " a and b or c and d ", "a and b or c and d", true },
	{ "(a or b) and c", "(a or b)|c", false },
	{ "a and", NULL, false },
	{ "a or b)", NULL, false },
};

static void test_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(splits); i++) {
		struct query_terms terms;
		struct strbuf got;
		struct arena a;

		arena_init(&a);
		strbuf_init(&got);
		if (query_split(str_of(splits[i].filter), &a, &terms)) {
			for (size_t k = 0; k < terms.n; k++) {
				strbuf_adds(&got, k ? "|" : "");
				strbuf_add(&got, terms.term[k]);
			}
			if (!splits[i].terms)
				fail_msg("%s is whole", splits[i].filter);
			assert_string_equal(got.p, splits[i].terms);
			assert_int_equal(terms.either, splits[i].either);
		} else if (splits[i].terms) {
			fail_msg("%s is not whole", splits[i].filter);
		}
		strbuf_release(&got);
		arena_release(&a);
	}
}

/* A filter of very many terms keeps them all. */
static void test_many(void **state)
{
	struct query_terms terms;
	struct strbuf text;
	struct arena a;

	(void)state;
	arena_init(&a);
	strbuf_init(&text);
	for (int i = 0; i < 1000; i++)
		strbuf_addf(&text, "w%d ", i);
	assert_true(query_split(strbuf_str(&text), &a, &terms));
	assert_int_equal(terms.n, 1000);
	assert_true(str_eq(terms.term[999], STR("w999")));
	strbuf_release(&text);
	arena_release(&a);
}

static struct case_file *open_case(const char *path)
{
	struct case_file *c;
	struct err err;

	assert_int_equal(case_open(&c, path, CASE_WRITE, NULL, &err), ERR_OK);
	return c;
}

static void test_saved(void **state)
{
	char path[] = "/tmp/trawl-saved-XXXXXX", journal[64];
	struct saved_filters s;
	struct case_file *c;
	struct err err;

	(void)state;
	assert_int_not_equal(close(mkstemp(path)), -1);
	unlink(path);
	c = open_case(path);
	saved_filters_init(&s);
	saved_filters_read(&s, c);
	assert_int_equal(s.n, 0);
	assert_int_equal(saved_filters_set(&s, c, STR("one"), STR("event:A"),
					   &err),
			 ERR_OK);
	assert_int_equal(saved_filters_set(&s, c, STR("two"), STR("event:B"),
					   &err),
			 ERR_OK);
	assert_int_equal(saved_filters_set(&s, c, STR("ONE"), STR("event:C"),
					   &err),
			 ERR_OK);
	assert_int_equal(saved_filters_set(&s, c, STR("a b"), STR("event:D"),
					   &err),
			 ERR_SYNTAX);
	assert_int_equal(saved_filters_set(&s, c, STR(""), STR("event:D"),
					   &err),
			 ERR_SYNTAX);
	assert_int_equal(case_save(c, &err), ERR_OK);
	case_close(c);

	/* As it is found again: the last word on each name. */
	c = open_case(path);
	saved_filters_read(&s, c);
	assert_int_equal(s.n, 2);
	assert_true(str_eq(s.item[0].filter, STR("event:C")));
	assert_true(str_eq(saved_filters_find(&s, STR("Two"))->filter,
			   STR("event:B")));
	/* What the user's configuration has comes after the case's. */
	saved_filters_offer(&s, STR("one"), STR("event:Z"));
	saved_filters_offer(&s, STR("three"), STR("event:E"));
	assert_int_equal(s.n, 3);
	assert_true(str_eq(s.item[0].filter, STR("event:C")));
	assert_int_equal(s.item[2].author.n, 0);
	/* Without a filter it is forgotten. */
	assert_int_equal(saved_filters_set(&s, c, STR("one"), STR(""), &err),
			 ERR_OK);
	assert_null(saved_filters_find(&s, STR("one")));
	saved_filters_read(&s, c);
	assert_int_equal(s.n, 1);
	case_close(c);
	saved_filters_release(&s);
	unlink(path);
	snprintf(journal, sizeof(journal), "%s.journal", path);
	unlink(journal);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_saved),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
