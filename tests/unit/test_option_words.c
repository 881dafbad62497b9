/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/option_words.h"
#include "cli/options.h"

static void test_words(void **state)
{
	struct option_line l;
	struct err err;

	(void)state;
	assert_int_equal(option_line_read(&l,
					  STR("  html 'a b' \"c'\\\" d\" e\\ f "
					      "g\"\"h '' "),
					  &err),
			 ERR_OK);
	assert_int_equal(l.argc, 7);
	assert_string_equal(l.argv[0], "");
	assert_string_equal(l.argv[1], "html");
	assert_string_equal(l.argv[2], "a b");
	assert_string_equal(l.argv[3], "c'\" d");
	assert_string_equal(l.argv[4], "e f");
	assert_string_equal(l.argv[5], "gh");
	assert_string_equal(l.argv[6], "");
	option_line_release(&l);
	assert_int_equal(option_line_read(&l, STR(""), &err), ERR_OK);
	assert_int_equal(l.argc, 1);
	option_line_release(&l);
	assert_int_equal(option_line_read(&l, STR("a 'b"), &err), ERR_USAGE);
	option_line_release(&l);
	assert_int_equal(option_line_read(&l, STR("a\\"), &err), ERR_OK);
	assert_string_equal(l.argv[1], "a\\");
	option_line_release(&l);
	/* A byte 0 ends a word, and what is behind it is another one: there
	 * are no more of them than are counted. */
	assert_int_equal(option_line_read(&l, STR("a\0b c"), &err), ERR_OK);
	assert_int_equal(l.argc, 3);
	assert_string_equal(l.argv[1], "a");
	assert_string_equal(l.argv[2], "b");
	option_line_release(&l);
}

static enum err_code parse(struct options *o, struct option_line *l,
			   enum subcommand command, const char *line,
			   struct err *err)
{
	enum err_code rc = option_line_read(l, str_of(line), err);

	assert_int_equal(rc, ERR_OK);
	return options_parse_screen(o, command, l->argc, l->argv, err);
}

static void test_screen(void **state)
{
	static const char *const wrong[] = {
		"--rules x",           "--filter a", "--since 2020",
		"--no-cache",          "--nothing",  "-n 3",
		"--format timesketch", "--csv-raw",  "--incident x"
	};
	struct option_line l;
	struct options o;
	struct err err;

	(void)state;
	assert_int_equal(parse(&o, &l, SUB_REPORT,
			       "html --redact 2 --public-keys=k1 "
			       "--public-keys k2 --incident all out.html "
			       "--format json --force",
			       &err),
			 ERR_OK);
	assert_true(o.redact);
	assert_false(o.defang);
	assert_true(o.force);
	assert_int_equal(o.format, FORMAT_JSON);
	assert_int_equal(o.incident, 0);
	assert_int_equal(o.public_keys_n, 2);
	assert_string_equal(o.public_keys[1], "k2");
	assert_int_equal(o.path_n, 3);
	assert_string_equal(o.path[0], "html");
	assert_string_equal(o.path[2], "out.html");
	options_release(&o);
	option_line_release(&l);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(parse(&o, &l, SUB_REPORT, wrong[i], &err),
				 ERR_USAGE);
		options_release(&o);
		option_line_release(&l);
	}
	/* What goes with the command that writes them. */
	assert_int_equal(parse(&o, &l, SUB_EVENTS, "-n 3 --csv-raw -o -", &err),
			 ERR_OK);
	assert_int_equal(o.limit, 3);
	assert_true(o.csv_raw);
	assert_string_equal(o.output, "-");
	options_release(&o);
	option_line_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
