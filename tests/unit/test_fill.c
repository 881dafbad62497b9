/* SPDX-License-Identifier: MIT */
/*
 * Lines that words are put into: what a page of the manual needs of them, by
 * hand, and any words by chance against a plain way to fill lines.
 */
#include "helpers.h"

#include "command/fill.h"

static struct strbuf out;

static void words_of(struct fill *f, const char *text)
{
	struct str rest = str_of(text), word;

	while (str_next(&rest, ' ', &word))
		fill_word(f, word);
}

static int set_up(void **state)
{
	(void)state;
	strbuf_init(&out);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	strbuf_release(&out);
	return 0;
}

static void lines_are_filled(void **state)
{
	struct fill f;

	(void)state;
	fill_init(&f, &out, 12);
	f.indent = 2;
	/* Ten bytes beside the indentation, which "three four" has. */
	words_of(&f, "one two three four longer-than-that x");
	fill_flush(&f);
	assert_str(strbuf_str(&out), "  one two\n"
				     "  three four\n"
				     "  longer-than-that\n"
				     "  x\n");
	fill_release(&f);
}

/* Marks belong to words before and behind them, wherever a line ends. */
static void parts_of_a_word(void **state)
{
	struct fill f;

	(void)state;
	fill_init(&f, &out, 9);
	words_of(&f, "a (");
	fill_glue(&f);
	words_of(&f, "bcd efg");
	fill_attach(&f, STR("),"));
	words_of(&f, "h");
	fill_flush(&f);
	assert_str(strbuf_str(&out), "a (bcd\nefg), h\n");
	fill_release(&f);
}

static void escapes_are_undone(void **state)
{
	struct fill f;

	(void)state;
	fill_init(&f, &out, 40);
	fill_word(&f, STR("a\\ b\\(em\\&.\\e"));
	fill_literal(&f, STR("  \\(dqas it is\\(dq, however wide that is \\-"));
	assert_str(strbuf_str(&out),
		   "a b--.\\\n"
		   "  \"as it is\", however wide that is -\n");
	fill_release(&f);
}

/* Of several that are asked for one stands there, and none at the beginning or
 * behind what says so. */
static void blank_lines(void **state)
{
	struct fill f;

	(void)state;
	fill_init(&f, &out, 40);
	fill_blank(&f);
	words_of(&f, "a");
	fill_blank(&f);
	fill_blank(&f);
	words_of(&f, "b");
	fill_flush(&f);
	fill_no_blank(&f);
	fill_blank(&f);
	words_of(&f, "c");
	fill_flush(&f);
	assert_str(strbuf_str(&out), "a\n\nb\nc\n");
	fill_release(&f);
}

static void beside_a_tag(void **state)
{
	struct fill f;

	(void)state;
	fill_init(&f, &out, 12);
	words_of(&f, "-a");
	fill_beside(&f, 5);
	words_of(&f, "text that goes");
	fill_flush(&f);
	f.indent = 0;
	words_of(&f, "--longer");
	fill_beside(&f, 5);
	words_of(&f, "text");
	fill_flush(&f);
	assert_str(strbuf_str(&out), "-a   text\n"
				     "     that\n"
				     "     goes\n"
				     "--longer\n"
				     "     text\n");
	fill_release(&f);
}

static void any_words(void **state)
{
	struct rng r = { 20261123 };

	(void)state;
	for (unsigned i = 0; i < 500; i++) {
		size_t width = 1 + rng_below(&r, 30), column = 0;
		struct strbuf want;
		struct fill f;

		strbuf_clear(&out);
		strbuf_init(&want);
		fill_init(&f, &out, width);
		for (unsigned n = rng_below(&r, 40); n; n--) {
			static const char letters[] = "abcdefghijklmnopqrst";
			struct str word = { letters, 1 + rng_below(&r, 12) };

			fill_word(&f, word);
			if (column && column + 1 + word.n > width) {
				strbuf_addc(&want, '\n');
				column = 0;
			}
			if (column)
				strbuf_addc(&want, ' ');
			column += (column > 0) + word.n;
			strbuf_add(&want, word);
		}
		if (column)
			strbuf_addc(&want, '\n');
		fill_flush(&f);
		assert_str_eq(strbuf_str(&out), strbuf_str(&want));
		fill_release(&f);
		strbuf_release(&want);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(lines_are_filled),   TEST(parts_of_a_word),
		TEST(escapes_are_undone), TEST(blank_lines),
		TEST(beside_a_tag),       TEST(any_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
