/* SPDX-License-Identifier: MIT */
/* Tables: their widths on a terminal, and off one. Cells of CSV. */
#include "helpers.h"

#include <stdio.h>

#include "cli/rows.h"

static const struct column columns[] = {
	{ .name = "n", .right = true },
	{ .name = "first", .whole = true },
	{ .name = "alert" },
	{ .name = "actor", .middle = true },
};

/* A table of one row as it is written for a terminal of so many columns. */
static char *table(size_t wide)
{
	struct options options = { .color = WHEN_NEVER };
	struct cell cell[] = {
		cell_number(12),
		cell_time(1767992527000),
		cell_text(STR("Administrator rights attached")),
		cell_text(STR("role/name-of-a-long-session")),
	};
	char *text = test_calloc(4096, 1);
	FILE *f = tmpfile();
	struct output out;
	struct rows rows;
	struct err err;

	assert_non_null(f);
	assert_int_equal(output_open(&out, &options, f, &err), ERR_OK);
	out.terminal = wide > 0;
	out.columns = wide ? wide : SIZE_MAX;
	rows_begin(&rows, &out, FORMAT_TABLE, columns, ARRAY_SIZE(columns),
		   NULL);
	rows_add(&rows, cell);
	rows_end(&rows);
	assert_int_equal(output_close(&out, &err), ERR_OK);
	rewind(f);
	assert_true(fread(text, 1, 4095, f) > 0);
	fclose(f);
	return text;
}

static void tables_fit_the_terminal(void **state)
{
	static const char whole[] =
		" n  first                alert                          actor\n"
		"12  2026-01-09 21:02:07  Administrator rights attached  "
		"role/name-of-a-long-session\n";
	char *text;

	(void)state;
	text = table(0);
	assert_string_equal(text, whole);
	test_free(text);
	text = table(200);
	assert_string_equal(text, whole);
	test_free(text);
	/* Two numbers, a time, and what is left for the two texts: 60 - 27. */
	text = table(60);
	assert_string_equal(
		text,
		" n  first                alert             actor\n"
		"12  2026-01-09 21:02:07  Administrator r~  role/nam~-session\n");
	test_free(text);
	/* Not even the least widths fit: nothing is cut. */
	text = table(40);
	assert_string_equal(text, whole);
	test_free(text);
}

/* One text as the cell of a CSV file, without the header. */
static char *csv(struct str text, bool raw)
{
	static const struct column column[] = { { .name = "value" } };
	struct options options = { .color = WHEN_NEVER, .csv_raw = raw };
	struct cell cell[] = { cell_text(text) };
	char *got = test_calloc(256, 1);
	FILE *f = tmpfile();
	struct output out;
	struct rows rows;
	struct err err;

	assert_non_null(f);
	assert_int_equal(output_open(&out, &options, f, &err), ERR_OK);
	rows_begin(&rows, &out, FORMAT_CSV, column, 1, NULL);
	rows_add(&rows, cell);
	rows_end(&rows);
	assert_int_equal(output_close(&out, &err), ERR_OK);
	rewind(f);
	assert_non_null(fgets(got, 256, f));
	assert_string_equal(got, "value\n");
	memset(got, 0, 256);
	assert_true(fread(got, 1, 255, f) > 0);
	fclose(f);
	return got;
}

/* RFC 4180 for what has to be in quotes; what a spreadsheet takes for a
 * formula, after OWASP's "CSV injection", has an apostrophe before it. */
static void cells_of_csv(void **state)
{
	static const struct {
		const char *text, *written, *raw;
	} cases[] = {
		{ "plain", "plain\n", "plain\n" },
		{ "a,b", "\"a,b\"\n", "\"a,b\"\n" },
		{ "a\"b", "\"a\"\"b\"\n", "\"a\"\"b\"\n" },
		{ "a\nb", "\"a\nb\"\n", "\"a\nb\"\n" },
		{ "a\rb", "\"a\rb\"\n", "\"a\rb\"\n" },
		{ "=1+1", "'=1+1\n", "=1+1\n" },
		{ "+1", "'+1\n", "+1\n" },
		{ "-1", "'-1\n", "-1\n" },
		{ "@SUM(A1)", "'@SUM(A1)\n", "@SUM(A1)\n" },
		{ "\t=1", "'\t=1\n", "\t=1\n" },
		{ "\r=1", "\"'\r=1\"\n", "\"\r=1\"\n" },
		{ "\n=1", "\"'\n=1\"\n", "\"\n=1\"\n" },
		{ "\xef\xbc\x9d"
		  "1",
		  "'\xef\xbc\x9d"
		  "1\n",
		  "\xef\xbc\x9d"
		  "1\n" },
		/* In the middle of a text they mean nothing. */
		{ "a@b=c+d-e", "a@b=c+d-e\n", "a@b=c+d-e\n" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *got = csv(str_of(cases[i].text), false);

		assert_string_equal(got, cases[i].written);
		test_free(got);
		got = csv(str_of(cases[i].text), true);
		assert_string_equal(got, cases[i].raw);
		test_free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_fit_the_terminal),
		cmocka_unit_test(cells_of_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
