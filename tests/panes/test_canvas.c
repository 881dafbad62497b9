/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "ui/term/canvas.h"

#define WIDE   "\xe8\xa8\x98" /* two columns */
#define ACUTE  "\xcc\x81"     /* combines */
#define DOT    "\xcc\xa3"     /* combines */
#define E_GRAV "\xc3\xa8"

struct fixture {
	struct canvas c;
	struct arena a;
};

static int set_up(void **state)
{
	static struct fixture f;

	canvas_init(&f.c, 3, 10, glyphs_of(true));
	arena_init(&f.a);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	canvas_release(&f->c);
	arena_release(&f->a);
	return 0;
}

static struct safetext text(struct fixture *f, const char *s)
{
	return safe_text(&f->a, str_of(s), SAFE_WIDE);
}

static void shows(const struct canvas *c, const char *expected)
{
	struct strbuf b;

	strbuf_init(&b);
	canvas_dump(c, &b);
	if (strcmp(b.p, expected) != 0)
		print_error("-- drawn:\n%s-- expected:\n%s", b.p, expected);
	assert_string_equal(b.p, expected);
	strbuf_release(&b);
}

static void blank(void **state)
{
	struct fixture *f = *state;

	shows(&f->c, "|          |\n"
		     "|          |\n"
		     "|          |\n");
}

static void text_and_styles(void **state)
{
	struct fixture *f = *state;
	int col = canvas_text(&f->c, 0, 1, safe_literal("ab"), STYLE_TITLE);

	assert_int_equal(col, 3);
	canvas_text(&f->c, 0, col, safe_literal("cd "), STYLE_KEY);
	canvas_text(&f->c, 2, 8, safe_literal("xyz"), STYLE_ERROR);
	shows(&f->c, "| abcd     |\n"
		     "|          |\n"
		     "|        xy|\n"
		     "@0 1-2 title\n"
		     "@0 3-5 key\n"
		     "@2 8-9 error\n");
}

static void text_is_clipped(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(canvas_text(&f->c, 0, -2, safe_literal("abcdef"),
				     STYLE_NORMAL),
			 4);
	assert_int_equal(canvas_text(&f->c, 0, 8, safe_literal("1234"),
				     STYLE_NORMAL),
			 12);
	canvas_text(&f->c, -1, 0, safe_literal("no"), STYLE_ERROR);
	canvas_text(&f->c, 3, 0, safe_literal("no"), STYLE_ERROR);
	canvas_text(&f->c, 1, 10, safe_literal("no"), STYLE_ERROR);
	canvas_text(&f->c, 1, -2, safe_literal("no"), STYLE_ERROR);
	shows(&f->c, "|cdef    12|\n"
		     "|          |\n"
		     "|          |\n");
}

static void text_at_the_end(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(canvas_text_end(&f->c, 0, 10, safe_literal("[1/31]"),
					 STYLE_NORMAL),
			 4);
	assert_int_equal(canvas_text_end(&f->c, 1, 3, safe_literal("abcde"),
					 STYLE_NORMAL),
			 -2);
	shows(&f->c, "|    [1/31]|\n"
		     "|cde       |\n"
		     "|          |\n");
}

static void a_wide_character_takes_two_cells(void **state)
{
	struct fixture *f = *state;
	const struct cell *cell;

	canvas_text(&f->c, 0, 0, text(f, "a" WIDE "b"), STYLE_OK);
	shows(&f->c, "|a" WIDE "b      |\n"
		     "|          |\n"
		     "|          |\n"
		     "@0 0-3 ok\n");
	cell = canvas_cell(&f->c, 0, 1);
	assert_int_equal(cell->width, 2);
	assert_int_equal(cell->n, 3);
	assert_int_equal(canvas_cell(&f->c, 0, 2)->width, 0);
	assert_int_equal(canvas_cell(&f->c, 0, 2)->n, 0);
}

static void a_wide_character_is_never_split(void **state)
{
	struct fixture *f = *state;

	canvas_text(&f->c, 0, -1, text(f, WIDE WIDE), STYLE_NORMAL);
	canvas_text(&f->c, 0, 7, text(f, WIDE WIDE), STYLE_NORMAL);
	canvas_text(&f->c, 1, -3, text(f, WIDE "a" WIDE), STYLE_NORMAL);
	shows(&f->c, "| " WIDE "    " WIDE " |\n"
		     "|" WIDE "        |\n"
		     "|          |\n");
}

/* Whatever lands on one half blanks the other. */
static void half_a_wide_character_is_overwritten(void **state)
{
	struct fixture *f = *state;

	canvas_text(&f->c, 0, 0, text(f, WIDE WIDE WIDE), STYLE_NORMAL);
	canvas_text(&f->c, 0, 1, safe_literal("x"), STYLE_NORMAL);
	canvas_text(&f->c, 0, 4, safe_literal("y"), STYLE_NORMAL);
	canvas_text(&f->c, 1, 0, text(f, WIDE WIDE WIDE), STYLE_NORMAL);
	canvas_text(&f->c, 1, 1, text(f, WIDE), STYLE_NORMAL);
	canvas_text(&f->c, 2, 0, text(f, WIDE WIDE WIDE), STYLE_NORMAL);
	canvas_fill(&f->c, (struct rect){ 2, 3, 1, 2 }, STYLE_NORMAL);
	shows(&f->c, "| x" WIDE "y     |\n"
		     "| " WIDE " " WIDE "    |\n"
		     "|" WIDE "        |\n");
}

static void combining_marks(void **state)
{
	struct fixture *f = *state;

	canvas_text(&f->c, 0, 0, text(f, "e" ACUTE DOT "x"), STYLE_NORMAL);
	assert_int_equal(canvas_cell(&f->c, 0, 0)->n, 5);
	assert_int_equal(canvas_cell(&f->c, 0, 1)->n, 1);
	/* In the last column, and out of sight on either side. */
	canvas_text(&f->c, 0, 9, text(f, "o" ACUTE "z" ACUTE), STYLE_NORMAL);
	canvas_text(&f->c, 1, -1, text(f, "o" ACUTE "z"), STYLE_NORMAL);
	canvas_text(&f->c, 2, 0, text(f, WIDE ACUTE), STYLE_NORMAL);
	shows(&f->c, "|e" ACUTE DOT "x       o" ACUTE "|\n"
		     "|z         |\n"
		     "|" WIDE ACUTE "        |\n");
}

static void escapes_are_marked(void **state)
{
	struct fixture *f = *state;

	canvas_text(&f->c, 0, 0,
		    text(f, "a\x1b"
			    "b"),
		    STYLE_NORMAL);
	canvas_text(&f->c, 1, 0,
		    safe_text(&f->a,
			      str_of("a\xe2\x80\xae"
				     "b"),
			      SAFE_LIST),
		    STYLE_SELECTED);
	shows(&f->c, "|a\\u001bb  |\n"
		     "|a?b       |\n"
		     "|          |\n"
		     "@0 1-6 hidden\n"
		     "@1 0-0 selected\n"
		     "@1 1-1 hidden-selected\n"
		     "@1 2-2 selected\n");
}

static void a_selected_row_keeps_its_marks(void **state)
{
	struct fixture *f = *state;
	struct rect row = { 0, 0, 1, 10 };

	canvas_text(&f->c, 0, 0, text(f, "C \x07 x"), STYLE_CRITICAL);
	canvas_restyle(&f->c, row, STYLE_SELECTED);
	shows(&f->c, "|C \\u0007 x|\n"
		     "|          |\n"
		     "|          |\n"
		     "@0 0-1 selected\n"
		     "@0 2-7 hidden-selected\n"
		     "@0 8-9 selected\n");
	canvas_restyle(&f->c, row, STYLE_MUTED);
	shows(&f->c, "|C \\u0007 x|\n"
		     "|          |\n"
		     "|          |\n"
		     "@0 0-1 muted\n"
		     "@0 2-7 hidden\n"
		     "@0 8-9 muted\n");
}

static void a_line_fills_its_row(void **state)
{
	struct fixture *f = *state;

	canvas_text(&f->c, 0, 0, safe_literal("0123456789"), STYLE_ERROR);
	canvas_line(&f->c, 0, safe_literal("ab"), STYLE_SELECTED);
	canvas_line(&f->c, 1, safe_literal("0123456789abc"), STYLE_TITLE);
	shows(&f->c, "|ab        |\n"
		     "|0123456789|\n"
		     "|          |\n"
		     "@0 0-9 selected\n"
		     "@1 0-9 title\n");
	canvas_blank(&f->c);
	blank(state);
}

static void bars(void **state)
{
	struct fixture *f = *state;
	struct safetext none = safe_literal("");
	struct canvas c;

	canvas_init(&c, 6, 20, glyphs_of(false));
	canvas_bar(&c, 0, safe_literal("[1 Alerts] 31"), safe_literal("[1]"),
		   STYLE_BAR);
	canvas_bar(&c, 1, safe_literal("[1 Alerts] 31"), safe_literal("[1/31]"),
		   STYLE_BAR);
	canvas_bar(&c, 2, safe_literal("[1 Alerts] 31, 4 new events"),
		   safe_literal("[1/31]"), STYLE_BAR);
	canvas_bar(&c, 3, none, safe_literal("[1/31]"), STYLE_BAR);
	canvas_bar(&c, 4, none, none, STYLE_BAR);
	canvas_bar(&c, 5, safe_literal("x"), none, STYLE_BAR_FOCUS);
	shows(&c, "|[1 Alerts] 31 -- [1]|\n"
		  "|[1 Alerts] 31 [1/31]|\n"
		  "|[1 Alerts] 31, 4 new|\n"
		  "|------------- [1/31]|\n"
		  "|--------------------|\n"
		  "|x ------------------|\n"
		  "@0 0-19 bar\n"
		  "@1 0-19 bar\n"
		  "@2 0-19 bar\n"
		  "@3 0-19 bar\n"
		  "@4 0-19 bar\n"
		  "@5 0-19 bar-focus\n");
	canvas_release(&c);
	(void)f;
}

static void frames(void **state)
{
	struct fixture *f = *state;

	canvas_frame(&f->c, (struct rect){ 0, 0, 3, 10 }, safe_literal("1"),
		     safe_literal("9"), STYLE_BAR);
	/* Too small for a frame. */
	canvas_frame(&f->c, (struct rect){ 1, 1, 1, 5 }, safe_literal("1"),
		     safe_literal("9"), STYLE_BAR);
	shows(&f->c, "|\xe2\x94\x8c"
		     "1 "
		     "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80"
		     " 9\xe2\x94\x90|\n"
		     "|\xe2\x94\x82        \xe2\x94\x82|\n"
		     "|\xe2\x94\x94\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80"
		     "\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80\xe2\x94\x80"
		     "\xe2\x94\x80\xe2\x94\x98|\n"
		     "@0 0-9 bar\n"
		     "@1 0-0 bar\n"
		     "@1 9-9 bar\n"
		     "@2 0-9 bar\n");
}

static void a_part_of_a_canvas(void **state)
{
	struct fixture *f = *state;
	struct canvas part = canvas_sub(&f->c, (struct rect){ 1, 2, 5, 4 });
	struct canvas inner = canvas_sub(&part, (struct rect){ 0, -1, 1, 3 });

	assert_int_equal(part.rows, 2);
	assert_int_equal(part.cols, 4);
	canvas_text(&part, 0, -1, safe_literal("abcdefgh"), STYLE_NORMAL);
	canvas_text(&part, -1, 0, safe_literal("no"), STYLE_NORMAL);
	canvas_line(&part, 1, safe_literal("z"), STYLE_KEY);
	assert_int_equal(inner.cols, 2);
	canvas_text(&inner, 0, 0, safe_literal("XYZ"), STYLE_NORMAL);
	shows(&f->c, "|          |\n"
		     "|  XYde    |\n"
		     "|  z       |\n"
		     "@2 2-5 key\n");
	shows(&part, "|XYde|\n"
		     "|z   |\n"
		     "@1 0-3 key\n");
	assert_null(canvas_cell(&part, 0, 4));
	part = canvas_sub(&f->c, (struct rect){ 7, 2, 5, 4 });
	assert_int_equal(part.rows, 0);
	canvas_text(&part, 0, 0, safe_literal("no"), STYLE_NORMAL);
}

/* Drawing in a part cuts a wide character that reaches into it. */
static void a_wide_character_across_an_edge(void **state)
{
	struct fixture *f = *state;
	struct canvas part = canvas_sub(&f->c, (struct rect){ 0, 1, 1, 2 });

	canvas_text(&f->c, 0, 0, text(f, WIDE WIDE), STYLE_NORMAL);
	canvas_text(&part, 0, 0, safe_literal("ab"), STYLE_NORMAL);
	shows(&f->c, "| ab       |\n"
		     "|          |\n"
		     "|          |\n");
}

static void cursor(void **state)
{
	struct fixture *f = *state;
	struct canvas part = canvas_sub(&f->c, (struct rect){ 1, 2, 2, 4 });
	struct cursor at = canvas_cursor_at(&f->c);

	assert_int_equal(at.row, 2);
	assert_int_equal(at.col, 9);
	assert_false(at.visible);
	canvas_cursor(&part, 1, 99, true);
	at = canvas_cursor_at(&f->c);
	assert_int_equal(at.row, 2);
	assert_int_equal(at.col, 5);
	shows(&f->c, "|          |\n"
		     "|          |\n"
		     "|          |\n"
		     "@2 5 cursor\n");
	canvas_blank(&part); /* a part has no say about the cursor */
	assert_true(canvas_cursor_at(&f->c).visible);
	canvas_blank(&f->c);
	blank(state);
	canvas_cursor(&f->c, 0, 0, true);
	canvas_resize(&f->c, 1, 4);
	shows(&f->c, "|    |\n");
	canvas_resize(&f->c, 0, 4);
	assert_int_equal(f->c.cols, 0);
	canvas_cursor(&f->c, 1, 1, true);
	canvas_line(&f->c, 0, safe_literal("x"), STYLE_NORMAL);
	shows(&f->c, "");
}

/* A glyph is as wide as the table says, and of narrow characters. */
static void glyphs_have_their_width(void **state)
{
	(void)state;
	for (int set = 0; set < 2; set++) {
		for (int i = 0; i < GLYPH_COUNT; i++) {
			struct safetext t = glyphs_of(set)->text[i];
			struct str s = { t.p, t.n };
			size_t columns = 0;
			uint32_t cp;

			for (size_t at = 0; at < s.n; columns++) {
				at += utf8_decode(s, at, &cp);
				if (unicode_class(cp) != UNICODE_PLAIN)
					fail_msg("glyph %d of set %d", i, set);
				if (!set && cp > 0x7e)
					fail_msg("glyph %d is not ASCII", i);
			}
			assert_int_equal(columns, t.width);
		}
	}
	assert_int_equal(glyph_spark(0), GLYPH_BLANK);
	assert_int_equal(glyph_spark(1), GLYPH_SPARK_1);
	assert_int_equal(glyph_spark(8), GLYPH_SPARK_8);
	assert_int_equal(glyph_spark(99), GLYPH_SPARK_8);
	assert_int_equal(glyph_density(1), GLYPH_DENSITY_1);
	assert_int_equal(glyph_density(9), GLYPH_DENSITY_4);
}

static void roles_have_names(void **state)
{
	(void)state;
	for (int i = 0; i < STYLE_COUNT; i++) {
		assert_true(style_name((enum style_role)i)[0] != '\0');
		for (int j = 0; j < i; j++)
			assert_string_not_equal(style_name((enum style_role)i),
						style_name((enum style_role)j));
	}
}

/* Random drawing --------------------------------------------------------- */

static unsigned next_random(uint64_t *seed, unsigned below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % below;
}

/* Every row is as wide as the canvas, and no half is without the other. */
static void check(const struct canvas *c)
{
	for (int row = 0; row < c->rows; row++) {
		int width = 0;

		for (int col = 0; col < c->cols; col++) {
			const struct cell *cell = canvas_cell(c, row, col);
			const struct cell *next = canvas_cell(c, row, col + 1);

			width += cell->width;
			if (cell->width == 2)
				assert_true(next && next->width == 0);
			if (next && next->width == 0)
				assert_int_equal(cell->width, 2);
			assert_int_equal(cell->n == 0, cell->width == 0);
			assert_true(cell->style < STYLE_COUNT);
			assert_int_equal(cell->unused, 0);
			for (int i = cell->n; i < CELL_TEXT_MAX; i++)
				assert_int_equal(cell->text[i], 0);
		}
		assert_int_equal(width, c->cols);
	}
}

static void anything_goes(void **state)
{
	static const char *const words[] = { "a",           WIDE,
					     ACUTE,         "\x1b",
					     "\xff",        "\xe2\x80\xae",
					     E_GRAV,        " ",
					     "\xd7\x90",    "\xf0\x9f\x98\x80",
					     "\xed\xa0\x80" };
	struct fixture *f = *state;
	uint64_t seed = 3;

	for (int i = 0; i < 20000; i++) {
		enum safe_mode mode = (enum safe_mode)next_random(&seed, 4);
		int row = (int)next_random(&seed, 5) - 1;
		int col = (int)next_random(&seed, 20) - 5;
		struct canvas part = canvas_sub(
			&f->c, (struct rect){ (int)next_random(&seed, 4) - 1,
					      (int)next_random(&seed, 8) - 2, 2,
					      (int)next_random(&seed, 9) });
		struct strbuf b;

		strbuf_init(&b);
		for (unsigned n = next_random(&seed, 6); n; n--)
			strbuf_adds(
				&b,
				words[next_random(&seed, ARRAY_SIZE(words))]);
		canvas_text(next_random(&seed, 2) ? &part : &f->c, row, col,
			    safe_text(&f->a, strbuf_str(&b), mode),
			    (enum style_role)next_random(&seed, STYLE_COUNT));
		if (next_random(&seed, 20) == 0)
			canvas_fill(&part, (struct rect){ row, col, 2, 3 },
				    STYLE_NORMAL);
		if (next_random(&seed, 20) == 0)
			canvas_frame(&part, (struct rect){ row, col, 3, 5 },
				     safe_literal("a"), safe_literal("b"),
				     STYLE_BAR);
		strbuf_release(&b);
		arena_reset(&f->a);
		check(&f->c);
	}
}

/* A part of a wider one; half a character is none. */
static void a_part_of_another(void **state)
{
	struct fixture *f = *state;
	struct canvas whole, part;

	canvas_init(&whole, 2, 14, glyphs_of(true));
	canvas_text(&whole, 0, 0, text(f, "ab" WIDE "cdefgh" WIDE "ij"),
		    STYLE_KEY);
	canvas_cursor(&whole, 1, 6, true);
	canvas_blank(&f->c);
	part = canvas_sub(&f->c, (struct rect){ 1, 1, 2, 8 });
	canvas_copy(&part, &whole, 3);
	shows(&f->c, "|          |\n"
		     "|  cdefgh  |\n"
		     "|          |\n"
		     "@1 1-8 key\n"
		     "@2 4 cursor\n");
	/* Behind its end there is nothing. */
	canvas_copy(&part, &whole, 12);
	shows(&f->c, "|          |\n"
		     "| ijdefgh  |\n"
		     "|          |\n"
		     "@1 1-8 key\n"
		     "@2 1 cursor\n");
	canvas_release(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		TEST(blank),
		TEST(text_and_styles),
		TEST(text_is_clipped),
		TEST(text_at_the_end),
		TEST(a_wide_character_takes_two_cells),
		TEST(a_wide_character_is_never_split),
		TEST(half_a_wide_character_is_overwritten),
		TEST(combining_marks),
		TEST(escapes_are_marked),
		TEST(a_selected_row_keeps_its_marks),
		TEST(a_line_fills_its_row),
		TEST(bars),
		TEST(frames),
		TEST(a_part_of_a_canvas),
		TEST(a_wide_character_across_an_edge),
		TEST(cursor),
		TEST(glyphs_have_their_width),
		TEST(roles_have_names),
		TEST(anything_goes),
		TEST(a_part_of_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
