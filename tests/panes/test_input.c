/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "ui/term/input.h"

/* What has come out so far, as names with blanks between. */
struct fixture {
	struct input in;
	uint64_t now;
	struct strbuf out;
};

static int set_up(void **state)
{
	static struct fixture f;

	input_init(&f.in);
	input_bind_paste(&f.in, "\x1b[200~", "\x1b[201~");
	f.now = 1000;
	strbuf_init(&f.out);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	input_release(&f->in);
	strbuf_release(&f->out);
	return 0;
}

static void collect(struct fixture *f)
{
	char name[KEY_NAME_MAX];
	struct str text;
	key_code key;

	while (input_next(&f->in, f->now, &key, &text)) {
		if (f->out.n)
			strbuf_addc(&f->out, ' ');
		if (key == KEYC_PASTE)
			strbuf_addf(&f->out, "{%.*s}", STR_ARG(text));
		else if (key == KEYC_MOUSE)
			strbuf_addf(&f->out, "<%d %d %d>",
				    (int)f->in.clicked.act, f->in.clicked.row,
				    f->in.clicked.col);
		else
			strbuf_adds(&f->out, key_print(key, name));
	}
}

static void sends(struct fixture *f, const char *bytes)
{
	input_feed(&f->in, bytes, strlen(bytes), f->now);
	collect(f);
}

static void passes(struct fixture *f, uint64_t ms)
{
	f->now += ms;
	collect(f);
}

/* As long as time alone makes a difference. */
static void settles(struct fixture *f)
{
	int ms;

	while ((ms = input_wait(&f->in, f->now)) >= 0)
		passes(f, (uint64_t)ms);
}

static void gives(struct fixture *f, const char *expected)
{
	assert_string_equal(f->out.p, expected);
	strbuf_clear(&f->out);
}

static void characters(void **state)
{
	struct fixture *f = *state;

	sends(f, "aZ< ~");
	gives(f, "a Z < Space ~");
	sends(f, "\x04\x1d\x1f\t\r\n\b\x7f");
	gives(f, "^D ^] ^_ Tab Enter Enter Backspace Backspace");
	sends(f, "\xc3\xa9\xe8\xa8\x98\xf0\x9f\x98\x80");
	gives(f, "\xc3\xa9 \xe8\xa8\x98 \xf0\x9f\x98\x80");
}

static void a_mouse(void **state)
{
	struct fixture *f = *state;

	/* Nobody asked: a sequence that stands for no key. */
	sends(f, "\x1b[<0;10;8Ma");
	gives(f, "a");
	input_set_mouse(&f->in, true);
	sends(f, "\x1b[<0;10;8M\x1b[<0;10;8m\x1b[<64;1;1M\x1b[<65;250;80Mb");
	gives(f, "<0 7 9> <1 0 0> <2 79 249> b");
	/* With Control; another button; a move; what is no place. */
	sends(f, "\x1b[<16;3;2M\x1b[<2;3;2M\x1b[<35;3;2M\x1b[<0;0;0Mc");
	gives(f, "<0 1 2> c");
	/* In pieces, and as older terminals tell it: bytes that are keys
	 * otherwise. */
	sends(f, "\x1b[<0;1");
	gives(f, "");
	sends(f, "2;3M\x1b[M *(\x1b[M#*(\x1b[Ma!!d");
	gives(f, "<0 2 11> <0 7 9> <2 0 0> d");
	/* What is no report is what it was without a mouse. */
	sends(f, "\x1b[<1;2xe");
	gives(f, "e");
	sends(f, "\x1b[<99999999999999999999999;1;1Mf");
	settles(f);
	gives(f, "f");
}

static void a_character_in_pieces(void **state)
{
	struct fixture *f = *state;

	sends(f, "\xe8");
	assert_int_equal(input_wait(&f->in, f->now), 100);
	sends(f, "\xa8");
	gives(f, "");
	sends(f, "\x98x");
	gives(f, "\xe8\xa8\x98 x");
	assert_int_equal(input_wait(&f->in, f->now), -1);
}

static void broken_characters(void **state)
{
	struct fixture *f = *state;

	sends(f, "a\xff\x80"
		 "b\xc3"
		 "c");
	gives(f, "a b c");
	sends(f, "\xc2\x9b"
		 "2"); /* C1 is no text and no sequence */
	gives(f, "2");
	sends(f, "\xe8\xa8");
	passes(f, 100); /* the rest never comes */
	gives(f, "");
	sends(f, "x");
	gives(f, "x");
	input_feed(&f->in, "\0y", 2, f->now);
	collect(f);
	gives(f, "y");
}

static void known_sequences(void **state)
{
	struct fixture *f = *state;

	sends(f, "\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[Z\x1bOP\x1b[[C\x1b[24~j");
	gives(f, "Up Down PgUp PgDn S-Tab F1 F3 F12 j");
	assert_int_equal(input_wait(&f->in, f->now), -1);
}

static void the_description_comes_first(void **state)
{
	struct fixture *f = *state;

	input_bind(&f->in, "\x1bOA", KEYC_F20);
	input_bind(&f->in, "\x1bOA", KEYC_HOME); /* the first one counts */
	input_bind(&f->in, "\x1b[88Q", KEYC_END);
	input_bind(&f->in, NULL, KEYC_END);
	input_bind(&f->in, "\x0b", KEYC_UP); /* would take ^K away */
	sends(f, "\x1bOA\x1b[88Q\x0b\x1b[A");
	gives(f, "F20 End ^K Up");
}

static void unknown_sequences_are_dropped(void **state)
{
	struct fixture *f = *state;

	sends(f, "\x1b[1;5A"
		 "a"
		 "\x1b[<0;3;4M"
		 "b"
		 "\x1b[?62;c"
		 "c"
		 "\x1bO5D"
		 "d");
	gives(f, "a b c d");
	/* Longer than any: no key, and no endless wait. */
	sends(f, "\x1b[111111111111111111111111111111111111111");
	gives(f, "1 1 1 1 1 1 1 1 1");
}

static void answers_that_nobody_asked_for(void **state)
{
	struct fixture *f = *state;

	sends(f, "a\x1b]11;rgb:0000/0000/0000\x1b\\b\x1b]0;x\x07"
		 "c\x1bP>|xterm(370)\x1b\\d");
	gives(f, "a b c d");
	sends(f, "\x1b]11;rgb:00");
	gives(f, "");
	passes(f, 100);
	gives(f, "");
	/* Forward in history, right behind an Esc. */
	sends(f, "\x1b]");
	passes(f, 100);
	gives(f, "Esc ]");
	sends(f, "\x1b]j\x1bPj");
	gives(f, "Esc ] j Esc P j");
}

static void escape_alone(void **state)
{
	struct fixture *f = *state;

	sends(f, "\x1b");
	assert_int_equal(input_wait(&f->in, f->now), 100);
	passes(f, 99);
	gives(f, "");
	assert_int_equal(input_wait(&f->in, f->now), 1);
	passes(f, 1);
	gives(f, "Esc");
	assert_int_equal(input_wait(&f->in, f->now), -1);
	passes(f, 1000);
	gives(f, "");
}

static void escape_and_a_key(void **state)
{
	struct fixture *f = *state;

	sends(f, "\x1bj");
	gives(f, "Esc j");
	sends(f, "\x1b\x1d");
	gives(f, "Esc ^]");
	sends(f, "\x1b\x1b[A");
	gives(f, "Esc Up");
	sends(f, "\x1b[\r");
	gives(f, "Esc [ Enter");
}

/* The gaps of a jittery line, terminal.md 6.7. */
static void arrows_in_two_halves(void **state)
{
	static const unsigned gaps[] = { 2, 30, 80, 99 };
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_SIZE(gaps); i++) {
		sends(f, "\x1b");
		passes(f, gaps[i]);
		sends(f, "OA");
		gives(f, "Up");
		sends(f, "\x1b[");
		passes(f, gaps[i]);
		sends(f, "A");
		gives(f, "Up");
		passes(f, 1000);
		gives(f, "");
	}
}

/* When the gap was longer, the Esc has gone out; its tail still makes one
 * key and not two others. */
static void tails_are_put_together(void **state)
{
	struct fixture *f = *state;

	sends(f, "\x1b");
	passes(f, 150);
	gives(f, "Esc");
	sends(f, "OA");
	gives(f, "Up");
	passes(f, 1000);

	sends(f, "\x1b");
	passes(f, 150);
	sends(f, "[");
	passes(f, 80);
	sends(f, "6");
	passes(f, 80);
	sends(f, "~j");
	gives(f, "Esc PgDn j");
	passes(f, 1000);

	/* The head came in two, so that "[" is pending when Esc goes out. */
	sends(f, "\x1b[");
	passes(f, 150);
	gives(f, "Esc");
	sends(f, "B");
	gives(f, "Down");
	passes(f, 1000);

	/* Of a sequence that is no key: dropped whole. */
	sends(f, "\x1b");
	passes(f, 150);
	sends(f, "[1;5A");
	gives(f, "Esc");
	/* Broken off: dropped too. */
	sends(f, "\x1b");
	passes(f, 150);
	sends(f, "[1;");
	passes(f, 400);
	sends(f, "x");
	gives(f, "Esc x");
}

static void keys_that_look_like_a_tail(void **state)
{
	struct fixture *f = *state;

	/* One character and then nothing: it was typed. */
	sends(f, "\x1b");
	passes(f, 200);
	sends(f, "[");
	gives(f, "Esc");
	passes(f, 400);
	gives(f, "[");
	sends(f, "[");
	gives(f, "[");

	sends(f, "\x1b");
	passes(f, 200);
	sends(f, "O");
	passes(f, 400);
	gives(f, "Esc O");

	/* Too late to be a tail. */
	sends(f, "\x1b");
	passes(f, 100);
	passes(f, 301);
	sends(f, "[A");
	gives(f, "Esc [ A");

	/* Another key came between. */
	sends(f, "\x1b");
	passes(f, 100);
	sends(f, "j[");
	gives(f, "Esc j [");

	/* A control key behind it: both were typed. */
	sends(f, "\x1b");
	passes(f, 100);
	sends(f, "[\x1d");
	gives(f, "Esc [ ^]");
}

static void another_delay(void **state)
{
	struct fixture *f = *state;

	input_set_esc_delay(&f->in, 0);
	sends(f, "\x1b");
	gives(f, "Esc");
	input_set_esc_delay(&f->in, 1000);
	passes(f, 1000);
	sends(f, "\x1b");
	passes(f, 999);
	gives(f, "");
	passes(f, 1);
	gives(f, "Esc");
}

static void paste(void **state)
{
	struct fixture *f = *state;

	sends(f, "a\x1b[200~q\rQ\x1b[A\x03\x1b[201~b");
	gives(f, "a {q\rQ\x1b[A\x03} b");
	sends(f, "\x1b[200~\x1b[201~");
	gives(f, "{}");
}

static void paste_in_pieces(void **state)
{
	static const char text[] = "\x1b[200~one \x1b[20 two\x1b[201~j";
	struct fixture *f = *state;

	for (size_t i = 0; i + 1 < sizeof(text); i++) {
		char one[] = { text[i], '\0' };

		sends(f, one);
		passes(f, 50);
	}
	gives(f, "{one \x1b[20 two} j");
}

/* The mark came late, behind its Esc. */
static void paste_with_a_late_start(void **state)
{
	struct fixture *f = *state;

	sends(f, "\x1b");
	passes(f, 150);
	sends(f, "[200~quit\r\x1b[201~");
	gives(f, "Esc {quit\r}");
}

static void paste_without_end(void **state)
{
	struct fixture *f = *state;

	sends(f, "\x1b[200~abc");
	assert_int_equal(input_wait(&f->in, f->now), INPUT_PASTE_MS);
	passes(f, INPUT_PASTE_MS - 1);
	gives(f, "");
	passes(f, 1);
	gives(f, "{abc}");
	sends(f, "j");
	gives(f, "j");
}

static void a_large_paste_is_cut(void **state)
{
	struct fixture *f = *state;
	struct strbuf b;
	struct str text;
	key_code key;

	strbuf_init(&b);
	strbuf_adds(&b, "\x1b[200~");
	strbuf_addn(&b, 'x', INPUT_PASTE_MAX + 1000);
	strbuf_adds(&b, "\x1b[201~j");
	for (size_t i = 0; i < b.n; i += 4096)
		input_feed(&f->in, b.p + i, b.n - i < 4096 ? b.n - i : 4096,
			   f->now);
	assert_true(input_next(&f->in, f->now, &key, &text));
	assert_int_equal(key, KEYC_PASTE);
	assert_int_equal(text.n, INPUT_PASTE_MAX);
	assert_true(input_next(&f->in, f->now, &key, &text));
	assert_int_equal(key, 'j');
	strbuf_release(&b);
}

/* Without the terminal's marks nothing is a paste. */
static void no_paste(void **state)
{
	struct fixture *f = *state;

	input_release(&f->in);
	input_init(&f->in);
	input_bind_paste(&f->in, NULL, NULL);
	sends(f, "\x1b[200~x\x1b[201~");
	gives(f, "x");
}

static unsigned next_random(uint64_t *seed, unsigned below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % below;
}

/* However bytes are cut up, as long as they come without a pause, the same
 * keys come out; and any bytes are consumed in the end. */
static void pieces_do_not_matter(void **state)
{
	static const char alphabet[] = "\x1b\x1b\x1b\x1b[O[O]P0123~;ABZ<>\r\x1d"
				       "aj\xc3\xa9\xff\\\a";
	struct fixture *f = *state;
	struct strbuf whole;
	uint64_t seed = 11;

	strbuf_init(&whole);
	for (int round = 0; round < 20000; round++) {
		char bytes[24];
		size_t n = next_random(&seed, sizeof(bytes)) + 1;

		for (size_t i = 0; i < n; i++)
			bytes[i] = alphabet[next_random(&seed,
							sizeof(alphabet) - 1)];
		input_feed(&f->in, bytes, n, f->now);
		collect(f);
		settles(f);
		f->now += 1000;
		strbuf_clear(&whole);
		strbuf_add(&whole, strbuf_str(&f->out));
		strbuf_clear(&f->out);
		for (size_t i = 0; i < n;) {
			size_t part = next_random(&seed, 3) + 1;

			if (part > n - i)
				part = n - i;
			input_feed(&f->in, bytes + i, part, f->now);
			collect(f);
			i += part;
		}
		settles(f);
		f->now += 1000;
		assert_string_equal(f->out.p, whole.p);
		strbuf_clear(&f->out);
	}
	strbuf_release(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		TEST(characters),
		TEST(a_mouse),
		TEST(a_character_in_pieces),
		TEST(broken_characters),
		TEST(known_sequences),
		TEST(the_description_comes_first),
		TEST(unknown_sequences_are_dropped),
		TEST(answers_that_nobody_asked_for),
		TEST(escape_alone),
		TEST(escape_and_a_key),
		TEST(arrows_in_two_halves),
		TEST(tails_are_put_together),
		TEST(keys_that_look_like_a_tail),
		TEST(another_delay),
		TEST(paste),
		TEST(paste_in_pieces),
		TEST(paste_with_a_late_start),
		TEST(paste_without_end),
		TEST(a_large_paste_is_cut),
		TEST(no_paste),
		TEST(pieces_do_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
