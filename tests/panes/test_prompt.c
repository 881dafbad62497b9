/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "ui/term/prompt.h"

#define WIDE  "\xe8\xa8\x98"
#define ACUTE "\xcc\x81"

struct fixture {
	struct prompt p;
	struct canvas c;
	struct arena a;
};

static int set_up(void **state)
{
	static struct fixture f;

	prompt_init(&f.p);
	canvas_init(&f.c, 2, 20, glyphs_of(false));
	arena_init(&f.a);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	prompt_release(&f->p);
	canvas_release(&f->c);
	arena_release(&f->a);
	return 0;
}

/* Types a text of keys, named ones in angle brackets. */
static enum prompt_result type(struct fixture *f, const char *keys)
{
	enum prompt_result result = PROMPT_IGNORED;
	struct str s = str_of(keys);

	for (size_t i = 0; i < s.n; i++) {
		size_t end = i;
		key_code key;

		if (s.p[i] == '<') {
			end = str_find_char(s, '>', i + 1);
			i++;
		} else {
			while (end + 1 < s.n &&
			       ((unsigned char)s.p[end + 1] & 0xc0) == 0x80)
				end++;
			end++;
		}
		/* A mark alone has no name but can be typed. */
		if (str_eq(str_sub(s, i, end), str_of(ACUTE)))
			key = 0x301;
		else if (!key_parse(str_sub(s, i, end), &key))
			fail_msg("no key %.*s", STR_ARG(str_sub(s, i, end)));
		result = prompt_key(&f->p, key);
		i = s.p[end] == '>' ? end : end - 1;
	}
	return result;
}

/* The text with a bar where the cursor is. */
static void is(struct fixture *f, const char *expected)
{
	struct str s = prompt_text(&f->p);
	struct strbuf b;

	strbuf_init(&b);
	strbuf_add(&b, str_sub(s, 0, f->p.cursor));
	strbuf_addc(&b, '|');
	strbuf_add(&b, str_from(s, f->p.cursor));
	assert_string_equal(b.p, expected);
	strbuf_release(&b);
}

static void shows(struct fixture *f, const char *expected)
{
	struct strbuf b;

	strbuf_init(&b);
	canvas_dump(&f->c, &b);
	if (strcmp(b.p, expected) != 0)
		print_error("-- drawn:\n%s-- expected:\n%s", b.p, expected);
	assert_string_equal(b.p, expected);
	strbuf_release(&b);
}

static void draw(struct fixture *f, const char *label, enum safe_mode mode)
{
	canvas_blank(&f->c);
	prompt_draw(&f->p, &f->c, 0, safe_literal(label), mode, &f->a);
}

static void typing(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(type(f, "user:ci"), PROMPT_EDITED);
	is(f, "user:ci|");
	type(f, "<Left><Left>x");
	is(f, "user:x|ci");
	assert_int_equal(type(f, "<^A>"), PROMPT_MOVED);
	is(f, "|user:xci");
	type(f, "<Left>");
	is(f, "|user:xci");
	type(f, "<Right><Right>");
	is(f, "us|er:xci");
	type(f, "<End><Right>");
	is(f, "user:xci|");
	type(f, "<Home><Delete>");
	is(f, "|ser:xci");
	type(f, "<^E><Backspace>");
	is(f, "ser:xc|");
	assert_int_equal(type(f, "<^A><Backspace>"), PROMPT_MOVED);
	assert_int_equal(type(f, "<^E><Delete>"), PROMPT_MOVED);
	is(f, "ser:xc|");
	assert_int_equal(type(f, "<F5>"), PROMPT_IGNORED);
	assert_int_equal(type(f, "<PgDn>"), PROMPT_IGNORED);
	assert_int_equal(prompt_key(&f->p, KEYC_RESIZE), PROMPT_IGNORED);
	is(f, "ser:xc|");
}

static void killing(void **state)
{
	struct fixture *f = *state;

	type(f, "one two  three");
	assert_int_equal(type(f, "<^W>"), PROMPT_EDITED);
	is(f, "one two  |");
	type(f, "<^W>");
	is(f, "one |");
	type(f, "x y z<Left><Left><^K>");
	is(f, "one x y|");
	type(f, "<Left><^U>");
	is(f, "|y");
	assert_int_equal(type(f, "<^U>"), PROMPT_MOVED);
	type(f, "<^K>");
	is(f, "|");
	assert_int_equal(type(f, "<^W>"), PROMPT_MOVED);
}

static void characters_of_several_bytes(void **state)
{
	struct fixture *f = *state;

	type(f, "a" WIDE "e" ACUTE "b");
	is(f, "a" WIDE "e" ACUTE "b|");
	type(f, "<Left><Left>");
	is(f, "a" WIDE "|e" ACUTE "b");
	type(f, "<Left>");
	is(f, "a|" WIDE "e" ACUTE "b");
	type(f, "<Right><Right><Backspace>");
	is(f, "a" WIDE "|b");
	type(f, "<Backspace>");
	is(f, "a|b");
	/* Not text: nobody types these. */
	prompt_key(&f->p, 0x202e);
	prompt_key(&f->p, 0x9b);
	is(f, "a|b");
}

static void accepting_and_cancelling(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(type(f, "x<Enter>"), PROMPT_ACCEPTED);
	is(f, "x|");
	prompt_open(&f->p, STR("y"));
	is(f, "y|");
	assert_int_equal(type(f, "<Esc>"), PROMPT_CANCELLED);
	assert_int_equal(type(f, "<^G>"), PROMPT_CANCELLED);
	assert_int_equal(type(f, "<^C>"), PROMPT_CANCELLED);
	assert_int_equal(f->p.history_n, 1);
}

static void history(void **state)
{
	struct fixture *f = *state;

	prompt_remember(&f->p, STR("first"));
	prompt_remember(&f->p, STR("second"));
	prompt_remember(&f->p, STR("second"));
	prompt_remember(&f->p, STR(""));
	assert_int_equal(f->p.history_n, 2);
	prompt_open(&f->p, STR_NULL);
	type(f, "dra");
	assert_int_equal(type(f, "<Up>"), PROMPT_EDITED);
	is(f, "second|");
	type(f, "<Up>");
	is(f, "first|");
	assert_int_equal(type(f, "<Up>"), PROMPT_MOVED);
	is(f, "first|");
	type(f, "<Down><Down>");
	is(f, "dra|");
	assert_int_equal(type(f, "<Down>"), PROMPT_MOVED);
	is(f, "dra|");
	type(f, "<Up><Up>!<Enter>");
	is(f, "first!|");
	prompt_open(&f->p, STR_NULL);
	type(f, "<Up>");
	is(f, "first!|");
	type(f, "<Up>");
	is(f, "second|");
}

static void old_history_goes(void **state)
{
	struct fixture *f = *state;
	struct strbuf b;

	strbuf_init(&b);
	for (int i = 0; i < PROMPT_HISTORY_MAX + 5; i++) {
		strbuf_clear(&b);
		strbuf_addf(&b, "line %d", i);
		prompt_remember(&f->p, strbuf_str(&b));
	}
	strbuf_release(&b);
	assert_int_equal(f->p.history_n, PROMPT_HISTORY_MAX);
	assert_string_equal(f->p.history[0], "line 5");
	type(f, "<Up>");
	is(f, "line 204|");
}

static void pasting(void **state)
{
	struct fixture *f = *state;

	type(f, "ab<Left>");
	assert_int_equal(prompt_paste(&f->p, STR("1\r2\t3\r\n4\x1b[A\x03\n\n")),
			 PROMPT_EDITED);
	is(f, "a1 2 3 4[A|b");
	assert_int_equal(prompt_paste(&f->p, STR("\r\n")), PROMPT_MOVED);
	is(f, "a1 2 3 4[A|b");
}

static void a_line_has_a_limit(void **state)
{
	struct fixture *f = *state;
	struct strbuf b;

	strbuf_init(&b);
	strbuf_addn(&b, 'x', PROMPT_TEXT_MAX - 2);
	prompt_paste(&f->p, strbuf_str(&b));
	assert_int_equal(prompt_text(&f->p).n, PROMPT_TEXT_MAX - 2);
	assert_int_equal(type(f, "ab"), PROMPT_EDITED);
	assert_int_equal(type(f, "c"), PROMPT_MOVED);
	assert_int_equal(prompt_paste(&f->p, STR("no room")), PROMPT_MOVED);
	assert_int_equal(prompt_text(&f->p).n, PROMPT_TEXT_MAX);
	type(f, "<Backspace>d");
	assert_int_equal(prompt_text(&f->p).p[PROMPT_TEXT_MAX - 1], 'd');
	strbuf_release(&b);
}

/* Completion ------------------------------------------------------------ */

static void fields(void *user, struct str text, size_t cursor, size_t *from,
		   struct prompt_candidates *out)
{
	static const char *const names[] = { "user",         "userAgent",
					     "userAgents",   "event",
					     "na\xc3\xafve", "na\xc3\xa9" };
	struct str word = str_sub(text, *from, cursor);

	(*(int *)user)++;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_starts(str_of(names[i]), word))
			prompt_offer(out, str_of(names[i]));
}

static void completion(void **state)
{
	struct fixture *f = *state;
	int calls = 0;

	assert_int_equal(type(f, "ev<Tab>"), PROMPT_MOVED);
	is(f, "ev|");
	prompt_completer(&f->p, fields, &calls);
	assert_int_equal(type(f, "<Tab>"), PROMPT_EDITED);
	is(f, "event|");
	/* The only one: nothing to go on with. */
	type(f, " us<Tab>");
	is(f, "event user|");
	assert_int_equal(f->p.found.n, 3);
	type(f, "<Tab>");
	is(f, "event user|");
	type(f, "<Tab>");
	is(f, "event userAgent|");
	type(f, "<Tab>");
	is(f, "event userAgents|");
	type(f, "<Tab>");
	is(f, "event user|");
	type(f, "<S-Tab>");
	is(f, "event userAgents|");
	assert_int_equal(calls, 2);
	/* Typing ends it; the next Tab asks anew. */
	type(f, "x");
	assert_int_equal(f->p.found.n, 0);
	assert_int_equal(type(f, "<Tab>"), PROMPT_MOVED);
	is(f, "event userAgentsx|");
	assert_int_equal(calls, 3);
	/* In the middle of a line. */
	prompt_open(&f->p, STR("e not"));
	type(f, "<Home><Right><Tab>");
	is(f, "event| not");
	/* Prefixes end between characters. */
	prompt_open(&f->p, STR("n"));
	type(f, "<Tab>");
	is(f, "na|");
}

/* Drawing --------------------------------------------------------------- */

static void drawing(void **state)
{
	struct fixture *f = *state;

	type(f, "user:ci<Left>");
	draw(f, "filter: ", SAFE_ASCII);
	shows(f, "|filter: user:ci     |\n"
		 "|                    |\n"
		 "@0 0-7 prompt\n"
		 "@0 14 cursor\n");
}

static void what_cannot_be_seen_is_spelled_out(void **state)
{
	struct fixture *f = *state;

	prompt_paste(&f->p, STR("a\xe2\x80\xae"
				"b\\n\\"));
	draw(f, ":", SAFE_UNICODE);
	shows(f, "|:a\\u202eb\\n\\        |\n"
		 "|                    |\n"
		 "@0 0-0 prompt\n"
		 "@0 2-7 hidden\n"
		 "@0 12 cursor\n");
	type(f, "<Left>");
	draw(f, ":", SAFE_UNICODE);
	assert_int_equal(canvas_cursor_at(&f->c).col, 11);
	type(f, "<Home><Right><Right>");
	draw(f, ":", SAFE_UNICODE);
	assert_int_equal(canvas_cursor_at(&f->c).col, 8);
}

static void a_long_line_scrolls(void **state)
{
	struct fixture *f = *state;

	type(f, "abcdefghijklmnopqrstuvwxyz");
	draw(f, ":", SAFE_ASCII);
	shows(f, "|:~nopqrstuvwxyz     |\n"
		 "|                    |\n"
		 "@0 0-0 prompt\n"
		 "@0 1-1 muted\n"
		 "@0 15 cursor\n");
	type(f, "<Left><Left>");
	draw(f, ":", SAFE_ASCII);
	assert_int_equal(canvas_cursor_at(&f->c).col, 13);
	type(f, "<Home>");
	draw(f, ":", SAFE_ASCII);
	shows(f, "|:abcdefghijklmnopqr~|\n"
		 "|                    |\n"
		 "@0 0-0 prompt\n"
		 "@0 19-19 muted\n"
		 "@0 1 cursor\n");
	type(f, "<Right><Right><Right>");
	draw(f, ":", SAFE_ASCII);
	assert_int_equal(canvas_cursor_at(&f->c).col, 4);
	type(f, "<^K>");
	draw(f, ":", SAFE_ASCII);
	shows(f, "|:abc                |\n"
		 "|                    |\n"
		 "@0 0-0 prompt\n"
		 "@0 4 cursor\n");
}

static void a_wide_line_scrolls(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 12; i++)
		type(f, WIDE);
	draw(f, ":", SAFE_WIDE);
	/* A half of a character at the left edge is a blank, or the mark. */
	assert_int_equal(canvas_cell(&f->c, 0, 1)->text[0], '~');
	assert_true(canvas_cursor_at(&f->c).col < 20);
	for (int i = 0; i < 12; i++) {
		type(f, "<Left>");
		draw(f, ":", SAFE_WIDE);
		assert_true(canvas_cursor_at(&f->c).col >= 1);
	}
	assert_int_equal(canvas_cursor_at(&f->c).col, 1);
}

static void a_label_gives_way(void **state)
{
	struct fixture *f = *state;

	type(f, "abc");
	draw(f, "filter[error col 16, unknown field]: ", SAFE_ASCII);
	shows(f, "|filter[errabc       |\n"
		 "|                    |\n"
		 "@0 0-9 prompt\n"
		 "@0 13 cursor\n");
	for (int cols = 0; cols < 20; cols++) {
		canvas_resize(&f->c, 1, cols);
		draw(f, "filter: ", SAFE_ASCII);
	}
}

static void candidates(void **state)
{
	struct fixture *f = *state;
	int calls = 0;

	prompt_completer(&f->p, fields, &calls);
	assert_false(
		prompt_draw_candidates(&f->p, &f->c, 1, SAFE_ASCII, &f->a));
	type(f, "user<Tab>");
	assert_true(prompt_draw_candidates(&f->p, &f->c, 1, SAFE_ASCII, &f->a));
	shows(f, "|                    |\n"
		 "| user  userAgent  us|\n");
	type(f, "<Tab><Tab>");
	prompt_draw_candidates(&f->p, &f->c, 1, SAFE_ASCII, &f->a);
	shows(f, "|                    |\n"
		 "| user  userAgent  us|\n"
		 "@1 7-15 selected\n");
	type(f, "<Tab>");
	prompt_draw_candidates(&f->p, &f->c, 1, SAFE_ASCII, &f->a);
	shows(f, "|                    |\n"
		 "| userAgents         |\n"
		 "@1 1-10 selected\n");
}

/* A line of backslashes, each of which goes through by itself. */
static void many_backslashes(void **state)
{
	struct fixture *f = *state;
	struct strbuf b;

	strbuf_init(&b);
	strbuf_addn(&b, '\\', PROMPT_TEXT_MAX);
	prompt_paste(&f->p, strbuf_str(&b));
	draw(f, ":", SAFE_ASCII);
	assert_true(f->a.used < (size_t)64 << 20);
	assert_int_equal(canvas_cursor_at(&f->c).col, 15);
	strbuf_release(&b);
}

static unsigned next_random(uint64_t *seed, unsigned below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % below;
}

/* Keys in any order keep the cursor in the text and on the screen. */
static void anything_goes(void **state)
{
	static const key_code keys[] = {
		'a',
		' ',
		'\\',
		0x301,
		0x8a18,
		KEYC_LEFT,
		KEYC_RIGHT,
		KEYC_HOME,
		KEYC_END,
		KEYC_BACKSPACE,
		KEYC_DELETE,
		KEYC_UP,
		KEYC_DOWN,
		KEYC_TAB,
		KEYC_BACKTAB,
		KEYC_ENTER,
		KEYC_CTRL('w'),
		KEYC_CTRL('k'),
		'u',
		'n',
		KEYC_CTRL('u'),
		KEYC_PGUP,
		KEYC_RESIZE,
		'e',
	};
	struct fixture *f = *state;
	uint64_t seed = 5;
	int calls = 0;

	prompt_completer(&f->p, fields, &calls);
	for (int i = 0; i < 30000; i++) {
		unsigned which = next_random(&seed, ARRAY_SIZE(keys) + 1);

		if (which == ARRAY_SIZE(keys))
			prompt_paste(&f->p, STR("\xff\xe8\xa8\xed\xa0\x80q"));
		else
			prompt_key(&f->p, keys[which]);
		assert_true(f->p.cursor <= f->p.text.n);
		assert_int_equal(f->p.text.p[f->p.text.n], '\0');
		draw(f, "x: ", (enum safe_mode)next_random(&seed, 4));
		prompt_draw_candidates(&f->p, &f->c, 1, SAFE_WIDE, &f->a);
		assert_true(canvas_cursor_at(&f->c).visible);
		assert_true(canvas_cursor_at(&f->c).col >= 3);
		arena_reset(&f->a);
	}
	assert_true(calls > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		TEST(typing),
		TEST(killing),
		TEST(characters_of_several_bytes),
		TEST(accepting_and_cancelling),
		TEST(history),
		TEST(old_history_goes),
		TEST(pasting),
		TEST(a_line_has_a_limit),
		TEST(completion),
		TEST(drawing),
		TEST(what_cannot_be_seen_is_spelled_out),
		TEST(a_long_line_scrolls),
		TEST(a_wide_line_scrolls),
		TEST(a_label_gives_way),
		TEST(candidates),
		TEST(many_backslashes),
		TEST(anything_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
