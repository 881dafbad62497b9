/* SPDX-License-Identifier: MIT */
/*
 * The cases of tests/data/query/: a filter, then what its tree looks like
 * printed, or %%FAIL or %%MORE and the message. What prints has to parse into
 * an equal tree.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"
#include "query/parse.h"
#include "query/print.h"

static char *read_file(const char *name)
{
	const char *root = getenv("TRAWL_SOURCE_DIR");
	char path[1024], *text;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/data/query/%s.test",
		 root ? root : ".", name);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("cannot open %s", path);
	text = calloc(1, 1 << 20);
	n = fread(text, 1, (1 << 20) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

/* What a filter gives, in the form of the second line of a block. */
static void answer(struct str filter, struct strbuf *out)
{
	struct query_error error;
	const struct expr *e = NULL, *again = NULL;
	struct arena a;

	arena_init(&a);
	switch (query_parse(filter, NULL, &a, &e, &error)) {
	case QUERY_OK:
		query_print(out, e);
		assert_int_equal(query_parse(strbuf_str(out), NULL, &a, &again,
					     &error),
				 QUERY_OK);
		assert_true(expr_equal(e, again));
		break;
	case QUERY_INCOMPLETE:
		strbuf_addf(out, "%%%%MORE column %zu: %s", error.column,
			    error.text);
		break;
	case QUERY_WRONG:
		strbuf_addf(out, "%%%%FAIL column %zu: %s", error.column,
			    error.text);
		break;
	}
	arena_release(&a);
}

static void run(const char *name)
{
	char *text = read_file(name);
	struct str rest = str_of(text), line, filter = STR_NULL;
	unsigned number = 0, cases = 0, wrong = 0;
	struct strbuf got;

	strbuf_init(&got);
	while (str_next(&rest, '\n', &line)) {
		number++;
		if (line.n == 0 || line.p[0] == '#') {
			filter = STR_NULL;
			continue;
		}
		if (!filter.p) {
			filter = line;
			continue;
		}
		cases++;
		strbuf_clear(&got);
		answer(filter, &got);
		if (!str_eq(strbuf_str(&got), line)) {
			wrong++;
			print_error("%s.test:%u\n filter   %.*s\n expected %.*s"
				    "\n got      %.*s\n",
				    name, number, STR_ARG(filter),
				    STR_ARG(line), STR_ARG(strbuf_str(&got)));
		}
	}
	strbuf_release(&got);
	free(text);
	assert_true(cases > 10);
	assert_int_equal(wrong, 0);
}

static void terms(void **state)
{
	(void)state;
	run("terms");
}

static void values(void **state)
{
	(void)state;
	run("values");
}

static void errors(void **state)
{
	(void)state;
	run("errors");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms),
		cmocka_unit_test(values),
		cmocka_unit_test(errors),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
