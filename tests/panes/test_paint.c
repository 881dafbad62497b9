/* SPDX-License-Identifier: MIT */
/*
 * Whatever was shown and whatever is wanted: a terminal that is written here
 * shows what is wanted, and where the shortest way is known the bytes are
 * those. The terminal does what ECMA-48 says of the few sequences used.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/utf8.h"
#include "ui/term/paint.h"

enum { ROWS = 6, COLS = 30 };

/* A terminal -------------------------------------------------------------- */

struct seen {
	char text[8];
	int width; /* 0: right half */
	unsigned attrs, color;
};

static struct {
	struct seen cell[ROWS][COLS];
	int row, col; /* col == COLS: the next letter would wrap */
	unsigned attrs, color;
	bool moved_with_attrs;
} screen;

static void screen_clear(void)
{
	memset(&screen, 0, sizeof(screen));
	for (int r = 0; r < ROWS; r++)
		for (int c = 0; c < COLS; c++)
			screen.cell[r][c] = (struct seen){ " ", 1, 0, 0 };
}

static void set_blank(int row, int col)
{
	assert_in_range(col, 0, COLS - 1);
	screen.cell[row][col] = (struct seen){ " ", 1, screen.attrs,
					       screen.color };
}

/* What is left of a wide character of which one half is overwritten. */
static void break_wide(int row, int col)
{
	const struct seen gone = { " ", 1, 0, 0 };

	if (!screen.cell[row][col].width && col)
		screen.cell[row][col - 1] = gone;
	if (screen.cell[row][col].width == 2)
		screen.cell[row][col + 1] = gone;
}

static void screen_put(struct str bytes, int width)
{
	struct seen *s;

	assert_in_range(screen.col, 0, COLS - width);
	assert_in_range(screen.row, 0, ROWS - 1);
	break_wide(screen.row, screen.col);
	if (width == 2)
		break_wide(screen.row, screen.col + 1);
	s = &screen.cell[screen.row][screen.col];
	*s = (struct seen){ "", width, screen.attrs, screen.color };
	memcpy(s->text, bytes.p, bytes.n);
	if (width == 2)
		s[1] = (struct seen){ "", 0, screen.attrs, screen.color };
	screen.col += width;
}

static void screen_sgr(int n)
{
	static const unsigned attr[] = { [1] = PAINT_BOLD,
					 [2] = PAINT_DIM,
					 [4] = PAINT_UNDERLINE,
					 [7] = PAINT_REVERSE };

	if (n == 0)
		screen.attrs = screen.color = 0;
	else if (n >= 30)
		screen.color = (unsigned)n - 30;
	else
		screen.attrs |= attr[n];
}

static void screen_csi(const int *n, size_t count, char last)
{
	int first = n[0] ? n[0] : 1;

	if (last != 'm' && last != 'X' && last != 'K' && screen.attrs)
		screen.moved_with_attrs = true;
	switch (last) {
	case 'H':
		screen.row = first - 1;
		screen.col = n[1] ? n[1] - 1 : 0;
		break;
	case 'd':
		assert_in_range(screen.col, 0, COLS - 1);
		screen.row = first - 1;
		break;
	case 'G':
		assert_in_range(screen.col, 0, COLS - 1);
		screen.col = first - 1;
		break;
	case 'C':
		screen.col += first;
		break;
	case 'D':
		screen.col -= first;
		break;
	case 'X':
		for (int i = 0; i < first; i++)
			set_blank(screen.row, screen.col + i);
		break;
	case 'K':
		for (int c = screen.col; c < COLS; c++)
			set_blank(screen.row, c);
		break;
	case 'm':
		for (size_t i = 0; i <= count; i++)
			screen_sgr(n[i]);
		break;
	default:
		fail_msg("a sequence that ends in %c", last);
	}
}

static size_t screen_escape(struct str s)
{
	int n[8] = { 0 };
	size_t count = 0, i = 2;

	assert_true(s.n > 2 && s.p[1] == '[');
	for (; s.p[i] == ';' || (s.p[i] >= '0' && s.p[i] <= '9'); i++)
		if (s.p[i] == ';')
			assert_true(++count < ARRAY_SIZE(n));
		else
			n[count] = n[count] * 10 + (s.p[i] - '0');
	screen_csi(n, count, s.p[i]);
	return i + 1;
}

static void screen_take(struct str s)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t cp;
		size_t n;

		switch (s.p[i]) {
		case '\x1b':
			i += screen_escape(str_from(s, i));
			continue;
		case '\n':
			assert_in_range(screen.row, 0, ROWS - 2);
			screen.row++, i++;
			continue;
		case '\r':
			screen.col = 0, i++;
			continue;
		case '\b':
			screen.col--, i++;
			continue;
		default:
			n = utf8_decode(s, i, &cp);
			screen_put(str_sub(s, i, i + n), cp > 0x2fff ? 2 : 1);
			i += n;
		}
	}
}

/* What the painter knows of it -------------------------------------------- */

static unsigned missing; /* steps that it cannot make, as bits */

static bool add_step(struct strbuf *out, enum paint_step step, int a, int b)
{
	if (missing & 1u << step)
		return false;
	switch (step) {
	case PAINT_PLACE:
		strbuf_addf(out, "\x1b[%d;%dH", a + 1, b + 1);
		return true;
	case PAINT_ROW:
		strbuf_addf(out, "\x1b[%dd", a + 1);
		return true;
	case PAINT_COL:
		strbuf_addf(out, "\x1b[%dG", a + 1);
		return true;
	case PAINT_RIGHT:
		strbuf_addf(out, "\x1b[%dC", a);
		return true;
	case PAINT_LEFT:
		strbuf_addf(out, "\x1b[%dD", a);
		return true;
	case PAINT_BACK:
		strbuf_addc(out, '\b');
		return true;
	case PAINT_DOWN:
		strbuf_addc(out, '\n');
		return true;
	case PAINT_FIRST:
		strbuf_addc(out, '\r');
		return true;
	case PAINT_ERASE:
		strbuf_addf(out, "\x1b[%dX", a);
		return true;
	case PAINT_ERASE_ALL:
		strbuf_adds(out, "\x1b[K");
		return true;
	case PAINT_STEPS:
		break;
	}
	return false;
}

static void make_term(struct paint_term *t)
{
	static const char *const attr[PAINT_ATTRS] = { "\x1b[1m", "\x1b[2m",
						       "\x1b[4m", "\x1b[7m" };

	*t = (struct paint_term){ .step = add_step };
	memcpy(t->plain, "\x1b[m", 4);
	for (int i = 0; i < PAINT_ATTRS; i++)
		memcpy(t->attr[i], attr[i], 5);
	for (int i = 0; i < PAINT_COLORS; i++)
		snprintf(t->color[i], PAINT_CODE_MAX, "\x1b[3%dm", i);
	t->look[STYLE_TITLE] = (struct paint_look){ PAINT_BOLD, 0 };
	t->look[STYLE_KEY] = (struct paint_look){ PAINT_BOLD, 0 };
	t->look[STYLE_SELECTED] = (struct paint_look){ PAINT_REVERSE, 0 };
	t->look[STYLE_MUTED] = (struct paint_look){ PAINT_DIM, 0 };
	t->look[STYLE_LOW] = (struct paint_look){ 0, 6 };
	t->look[STYLE_HIGH] = (struct paint_look){ PAINT_BOLD, 1 };
	t->look[STYLE_HEADING] = (struct paint_look){ PAINT_UNDERLINE, 0 };
}

/* Pictures ---------------------------------------------------------------- */

static struct cell letter(const char *text, int width, enum style_role style)
{
	struct cell c;

	memset(&c, 0, sizeof(c));
	c.n = (uint8_t)strlen(text);
	memcpy(c.text, text, c.n);
	c.width = (uint8_t)width;
	c.style = (uint8_t)style;
	return c;
}

/* A row of ASCII in one style, blanks behind it. */
static void want(struct paint *p, int row, const char *text,
		 enum style_role style)
{
	struct cell cells[COLS];
	int n = (int)strlen(text);

	for (int i = 0; i < COLS; i++) {
		char one[2] = { i < n ? text[i] : ' ', '\0' };

		cells[i] = letter(one, 1, i < n ? style : STYLE_NORMAL);
	}
	paint_want(p, row, cells);
}

/* Of a blank nobody sees its colour, nor whether it is bold or dim. */
static void assert_shows(const struct seen *s, const struct cell *c,
			 const struct paint_term *t)
{
	struct paint_look look = t->look[c->style];
	unsigned seen = PAINT_UNDERLINE | PAINT_REVERSE;

	assert_memory_equal(s->text, c->text, c->n);
	assert_int_equal(s->width, c->width);
	if (c->n == 1 && c->text[0] == ' ') {
		assert_int_equal(s->attrs & seen, look.attrs & seen);
		return;
	}
	assert_int_equal(s->attrs, look.attrs);
	assert_int_equal(s->color, look.color);
}

static void assert_all_shown(const struct paint *p)
{
	for (int r = 0; r < p->rows; r++)
		for (int c = 0; c < p->cols; c++)
			if (p->wanted[r * p->cols + c].width)
				assert_shows(&screen.cell[r][c],
					     &p->wanted[r * p->cols + c],
					     p->term);
}

struct fixture {
	struct paint_term term;
	struct paint paint;
	struct strbuf out;
};

static int set_up(void **state)
{
	static struct fixture f;

	missing = 0;
	make_term(&f.term);
	paint_init(&f.paint, &f.term);
	paint_resize(&f.paint, ROWS, COLS);
	strbuf_init(&f.out);
	screen_clear();
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	paint_release(&f->paint);
	strbuf_release(&f->out);
	return 0;
}

static const char *send(struct fixture *f)
{
	strbuf_clear(&f->out);
	assert_true(paint_send(&f->paint, 0, 0, &f->out));
	screen_take(strbuf_str(&f->out));
	assert_all_shown(&f->paint);
	return f->out.n ? f->out.p : "";
}

/* Cases ------------------------------------------------------------------- */

static void test_what_is_shown_costs_nothing(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(send(f), "");
	want(&f->paint, 0, "one", STYLE_NORMAL);
	assert_string_equal(send(f), "\x1b[1;1Hone");
	want(&f->paint, 0, "one", STYLE_NORMAL);
	assert_string_equal(send(f), "");
	assert_true(paint_done(&f->paint));
}

static void test_attributes_are_switched_in_one_sequence(void **state)
{
	struct fixture *f = *state;

	want(&f->paint, 1, "ab", STYLE_HIGH);
	assert_string_equal(send(f), "\x1b[2;1H\x1b[1;31mab\x1b[m");
	want(&f->paint, 1, "ab", STYLE_SELECTED);
	want(&f->paint, 2, "cd", STYLE_LOW);
	assert_string_equal(send(f), "\r\x1b[7mab\n\r\x1b[0;36mcd\x1b[m");
}

static void test_roles_that_look_alike_are_one(void **state)
{
	struct fixture *f = *state;

	want(&f->paint, 0, "ab", STYLE_TITLE);
	send(f);
	want(&f->paint, 0, "ab", STYLE_KEY);
	assert_string_equal(send(f), "");
	/* Nobody sees that a blank is dim. */
	want(&f->paint, 0, "  ", STYLE_NORMAL);
	send(f);
	want(&f->paint, 0, "  ", STYLE_MUTED);
	assert_string_equal(send(f), "");
	want(&f->paint, 0, "  ", STYLE_HEADING);
	assert_string_equal(send(f), "\r\x1b[4m  \x1b[m");
}

static void test_short_gaps_are_written_again(void **state)
{
	struct fixture *f = *state;

	want(&f->paint, 0, "a234b67890123c", STYLE_NORMAL);
	send(f);
	want(&f->paint, 0, "x234y67890123z", STYLE_NORMAL);
	/* Three letters are fewer than "\e[3C", eight more than "\e[8C". */
	assert_string_equal(send(f), "\rx234y\x1b[8Cz");
}

static void test_blanks_are_erased(void **state)
{
	struct fixture *f = *state;

	want(&f->paint, 0, "0123456789abcdefghij", STYLE_NORMAL);
	send(f);
	want(&f->paint, 0, "0               ghij", STYLE_NORMAL);
	assert_string_equal(send(f), "\x1b[2G\x1b[15X");
	want(&f->paint, 0, "0", STYLE_NORMAL);
	assert_string_equal(send(f), "\x1b[17G\x1b[K");
	missing = 1u << PAINT_ERASE | 1u << PAINT_ERASE_ALL;
	want(&f->paint, 0, "012345678", STYLE_NORMAL);
	send(f);
	want(&f->paint, 0, "0", STYLE_NORMAL);
	assert_string_equal(send(f), "\x1b[2G        ");
}

/* Where a terminal erases nothing but the end of a row, what stands there is
 * written again. */
static void test_the_end_is_erased_and_written_again(void **state)
{
	struct fixture *f = *state;

	missing = 1u << PAINT_ERASE;
	want(&f->paint, 0, "0123456789abcdefghijkl|", STYLE_NORMAL);
	want(&f->paint, 1, "01234567|", STYLE_NORMAL);
	send(f);
	want(&f->paint, 0, "0                     |", STYLE_NORMAL);
	assert_string_equal(send(f), "\x1b[1;2H\x1b[K\x1b[23G|");
	/* Fewer blanks than that takes. */
	want(&f->paint, 1, "0       |", STYLE_NORMAL);
	assert_string_equal(send(f), "\n\x1b[2G       ");
	/* A terminal that erases nothing. */
	missing |= 1u << PAINT_ERASE_ALL;
	want(&f->paint, 0, "0123456789abcdefghijkl|", STYLE_NORMAL);
	send(f);
	want(&f->paint, 0, "0                     |", STYLE_NORMAL);
	assert_string_equal(send(f), "\x1b[2G                     ");
}

static void test_nothing_is_known_behind_the_last_column(void **state)
{
	struct fixture *f = *state;

	want(&f->paint, 0, "012345678901234567890123456789", STYLE_NORMAL);
	want(&f->paint, 1, "a", STYLE_NORMAL);
	assert_string_equal(send(f), "\x1b[1;1H012345678901234567890123456789"
				     "\x1b[2;1Ha");
}

static void test_a_corner_that_scrolls_is_left_alone(void **state)
{
	struct fixture *f = *state;

	f->term.no_corner = true;
	want(&f->paint, ROWS - 1, "012345678901234567890123456789",
	     STYLE_NORMAL);
	assert_string_equal(send(f), "\x1b[6;1H01234567890123456789012345678");
}

/* The rows next to where the eye is come first; the rest by the next call. */
static void test_a_part_is_what_is_nearest(void **state)
{
	struct fixture *f = *state;
	static const char text[] = "twenty letters long.";

	for (int r = 0; r < ROWS; r++)
		want(&f->paint, r, text, STYLE_NORMAL);
	assert_false(paint_send(&f->paint, 60, 3, &f->out));
	assert_in_range(f->out.n, 40, 60);
	screen_take(strbuf_str(&f->out));
	assert_string_equal(screen.cell[3][0].text, "t");
	assert_string_equal(screen.cell[2][0].text, "t");
	assert_string_equal(screen.cell[4][0].text, " ");
	assert_false(paint_done(&f->paint));
	/* One row at least, however little there may be sent. */
	strbuf_clear(&f->out);
	assert_false(paint_send(&f->paint, 1, 0, &f->out));
	screen_take(strbuf_str(&f->out));
	assert_string_equal(screen.cell[0][0].text, "t");
	assert_string_equal(screen.cell[1][0].text, " ");
	send(f);
	assert_true(paint_done(&f->paint));
}

static void test_a_screen_that_was_cleared_is_painted_anew(void **state)
{
	struct fixture *f = *state;

	want(&f->paint, 2, "abc", STYLE_NORMAL);
	send(f);
	screen_clear();
	paint_cleared(&f->paint);
	assert_string_equal(send(f), "\x1b[3;1Habc");
}

/* By chance --------------------------------------------------------------- */

static unsigned long seed;

static int chance(int n)
{
	seed = seed * 6364136223846793005ul + 1442695040888963407ul;
	return (int)(seed >> 33) % n;
}

static void want_by_chance(struct paint *p, int row)
{
	static const enum style_role styles[] = {
		STYLE_NORMAL, STYLE_NORMAL, STYLE_TITLE,   STYLE_SELECTED,
		STYLE_MUTED,  STYLE_LOW,    STYLE_HEADING, STYLE_HIGH,
	};
	enum style_role style = STYLE_NORMAL;
	struct cell cells[COLS];

	for (int i = 0; i < COLS; i++) {
		char one[2] = { (char)('a' + chance(3)), '\0' };

		if (!chance(4))
			style = styles[chance((int)ARRAY_SIZE(styles))];
		cells[i] = letter(chance(2) ? one : " ", 1, style);
		if (!chance(9)) {
			int n = chance(COLS);

			for (; n && i < COLS - 1; n--)
				cells[i++] = letter(" ", 1, style);
			cells[i] = letter(" ", 1, style);
		} else if (!chance(7) && i + 1 < COLS) {
			cells[i] = letter("\xe8\xa8\x98", 2, style);
			cells[++i] = letter("", 0, style);
		} else if (!chance(9)) {
			cells[i] = letter("\xe2\x94\x80", 1, style);
		}
	}
	paint_want(p, row, cells);
}

static void test_by_chance(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 4000; i++) {
		seed = (unsigned long)i + 1;
		if (!chance(50)) {
			missing = (unsigned)chance(1 << PAINT_STEPS) &
				  ~(1u << PAINT_PLACE);
			f->term.moves_plain = chance(2);
			screen.moved_with_attrs = false;
		}
		for (int r = 0; r < ROWS; r++)
			if (chance(2))
				want_by_chance(&f->paint, r);
		strbuf_clear(&f->out);
		if (!chance(3)) {
			paint_send(&f->paint, 50, chance(ROWS), &f->out);
			screen_take(strbuf_str(&f->out));
			strbuf_clear(&f->out);
		}
		if (!chance(5))
			paint_lost(&f->paint);
		if (!chance(5))
			paint_cursor(&f->paint, chance(ROWS), chance(COLS),
				     &f->out);
		screen_take(strbuf_str(&f->out));
		send(f);
		assert_int_equal(screen.attrs, 0);
		assert_int_equal(screen.color, 0);
		if (f->term.moves_plain)
			assert_false(screen.moved_with_attrs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_what_is_shown_costs_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_attributes_are_switched_in_one_sequence, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_roles_that_look_alike_are_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_short_gaps_are_written_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_blanks_are_erased, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			test_the_end_is_erased_and_written_again, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_nothing_is_known_behind_the_last_column, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			test_a_corner_that_scrolls_is_left_alone, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_a_part_is_what_is_nearest,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			test_a_screen_that_was_cleared_is_painted_anew, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(test_by_chance, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
