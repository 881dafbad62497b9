/* SPDX-License-Identifier: MIT */
#include "arena_help.h"

#include "base/safetext.h"
#include "base/unicode.h"
#include "base/utf8.h"

static const enum safe_mode modes[] = { SAFE_LIST, SAFE_ASCII, SAFE_UNICODE,
					SAFE_WIDE };

/* What must hold of all safe text ----------------------------------------- */

/* Code points that may never reach a terminal, beside the controls. */
static bool is_forbidden(uint32_t cp)
{
	static const uint32_t range[][2] = {
		{ 0x00, 0x1f },          { 0x7f, 0x9f },
		{ 0xad, 0xad },          { 0x34f, 0x34f },
		{ 0x61c, 0x61c },        { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },      { 0x180b, 0x180f },
		{ 0x200b, 0x200f },      { 0x2028, 0x202e },
		{ 0x2060, 0x2064 },      { 0x2066, 0x206f },
		{ 0x3164, 0x3164 },      { 0xd800, 0xf8ff },
		{ 0xfe00, 0xfe0f },      { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },      { 0xfff9, 0xfffb },
		{ 0xfffe, 0xffff },      { 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a },    { 0xe0000, 0xe0fff },
		{ 0xf0000, UINT32_MAX },
	};

	for (size_t i = 0; i < ARRAY_SIZE(range); i++)
		if (cp >= range[i][0] && cp <= range[i][1])
			return true;
	return (cp & 0xfffe) == 0xfffe;
}

static void check_safe(struct safetext t, enum safe_mode mode)
{
	struct str s = { t.p, t.n };
	size_t width = 0, marks_on_base = 2;

	for (size_t i = 0; i < s.n;) {
		uint32_t cp;

		i += utf8_decode(s, i, &cp);
		assert_true(cp != UTF8_INVALID);
		assert_false(is_forbidden(cp));
		if (cp < 0x7f) {
			/* Letters can take two marks, other ASCII none. */
			width++;
			cp |= 0x20;
			marks_on_base = cp >= 'a' && cp <= 'z' ? 0 : 2;
			continue;
		}
		assert_true(mode >= SAFE_UNICODE);
		switch (unicode_class(cp)) {
		case UNICODE_PLAIN:
			width++;
			marks_on_base = 0;
			break;
		case UNICODE_WIDE:
			assert_int_equal(mode, SAFE_WIDE);
			width += 2;
			marks_on_base = 0;
			break;
		case UNICODE_RTL:
			assert_int_equal(mode, SAFE_WIDE);
			width++;
			marks_on_base = 0;
			break;
		case UNICODE_COMBINING:
			assert_true(width > 0);
			assert_true(++marks_on_base <= 2);
			break;
		default:
			fail();
		}
	}
	assert_int_equal(t.width, width);
}

/* Reads escapes back: what the text was if the spelling is unambiguous. */
static size_t unescape_one(struct str s, size_t at, char out[4], size_t *n)
{
	static const char letters[] = "btnfr\\", values[] = "\b\t\n\f\r\\";
	const char *hit;
	unsigned v = 0, low = 0;
	char kind = at + 1 < s.n ? s.p[at + 1] : '\0';

	*n = 1;
	hit = kind ? strchr(letters, kind) : NULL;
	if (hit) {
		out[0] = values[hit - letters];
		return 2;
	}
	if (kind == 'x' && sscanf(s.p + at + 2, "%2x", &v) == 1) {
		out[0] = (char)(unsigned char)v;
		return 4;
	}
	if (kind == 'u' && sscanf(s.p + at + 2, "%4x", &v) == 1) {
		if (v >= 0xd800 && v < 0xdc00 &&
		    str_starts(str_from(s, at + 6), STR("\\u")) &&
		    sscanf(s.p + at + 8, "%4x", &low) == 1 && low >= 0xdc00 &&
		    low <= 0xdfff) {
			v = 0x10000 + (v - 0xd800) * 0x400 + (low - 0xdc00);
			*n = utf8_encode(v, out);
			return 12;
		}
		*n = utf8_encode(v, out);
		return 6;
	}
	out[0] = '\\';
	return 1;
}

static void check_unambiguous(struct safetext t, struct str raw)
{
	struct str s = { t.p, t.n };
	char *back = mem_alloc(s.n + 4);
	size_t n = 0;

	for (size_t i = 0; i < s.n;) {
		size_t made = 1, took = 1;

		if (s.p[i] == '\\')
			took = unescape_one(s, i, back + n, &made);
		else
			back[n] = s.p[i];
		n += made;
		i += took;
	}
	if (!str_eq((struct str){ back, n }, raw)) {
		print_bytes("raw ", raw);
		print_bytes("safe", s);
		print_bytes("back", (struct str){ back, n });
		fail();
	}
	free(back);
}

/* Pieces that texts are made of: every class, and what looks like escapes. */
static const char *const pieces[] = {
	"a",
	"Z",
	"7",
	" ",
	"[",
	"\\",
	"\\u",
	"\\x",
	"\\n",
	"u001b",
	"x41",
	"n",
	"\x1b",
	"\n",
	"\t",
	"\b",
	"\x7f",
	"\xc2\x85",
	"\xc2\x9b",
	"\xff",
	"\x80",
	"\xed\xa0\x80",
	"\xed\xbf\xbf",
	"\xed\xb0\x80",
	"\xe2\x80\xae",
	"\xe2\x81\xa6",
	"\xe2\x80\x8b",
	"\xef\xbb\xbf",
	"\xc2\xad",
	"\xee\x80\x80",
	"\xf3\xb0\x80\x80",
	"\xef\xbf\xbf",
	"\xcc\x81",
	"\xe2\x83\x9d",
	"\xd7\x90",
	"\xd8\xa7",
	"\xe4\xb8\xad",
	"\xf0\x9f\x98\x80",
	"\xc3\xa9",
	"\xe2\x82\xac",
	"\xe1\x85\xa1",
	"\xe0\xa4\xbe",
	"\xf3\xa0\x81\x81",
	"\xe2\x80\xa8",
};

static struct str random_raw(struct rng *r, char *buf, size_t room)
{
	size_t n = 0, want = rng_below(r, 30);

	for (size_t i = 0; i < want; i++) {
		const char *piece = pieces[rng_below(r, ARRAY_SIZE(pieces))];
		size_t len = strlen(piece);

		if (n + len > room)
			break;
		if (rng_one_in(r, 10)) {
			buf[n++] = rng_byte(r);
		} else {
			memcpy(buf + n, piece, len);
			n += len;
		}
	}
	return (struct str){ buf, n };
}

static void random_texts_are_safe(void **state)
{
	struct rng r = { 8 };
	char buf[200];

	(void)state;
	for (int i = 0; i < 6000; i++) {
		struct str raw = random_raw(&r, buf, sizeof(buf));

		for (size_t m = 0; m < ARRAY_SIZE(modes); m++) {
			struct str exact = exact_copy(raw);
			struct safetext t = safe_text(&arena, exact, modes[m]);

			exact_free(exact);
			check_safe(t, modes[m]);
			assert_int_equal(t.p[t.n], '\0');
			if (modes[m] != SAFE_LIST)
				check_unambiguous(t, raw);
		}
		arena_reset(&arena);
	}
}

static void random_bytes_are_safe(void **state)
{
	struct rng r = { 9 };
	char buf[64];

	(void)state;
	for (int i = 0; i < 6000; i++) {
		struct str raw = { buf, rng_below(&r, sizeof(buf)) };

		for (size_t k = 0; k < raw.n; k++)
			buf[k] = rng_byte(&r);
		for (size_t m = 0; m < ARRAY_SIZE(modes); m++) {
			struct safetext t = safe_text(&arena, raw, modes[m]);

			check_safe(t, modes[m]);
			if (modes[m] != SAFE_LIST)
				check_unambiguous(t, raw);
		}
		arena_reset(&arena);
	}
}

static void every_character_alone(void **state)
{
	uint32_t step = 1;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp += step) {
		char buf[5] = "a";
		struct str raw = { buf, 1 + utf8_encode(cp, buf + 1) };

		for (size_t m = 0; m < ARRAY_SIZE(modes); m++) {
			struct safetext t = safe_text(&arena, raw, modes[m]);

			check_safe(t, modes[m]);
			if (modes[m] != SAFE_LIST)
				check_unambiguous(t, raw);
			else
				assert_int_equal(t.n, 2);
		}
		arena_reset(&arena);
		step = cp < 0x3000 ? 1 : cp < 0x20000 ? 7 : 61;
	}
}

/* One by one -------------------------------------------------------------- */

struct spelled {
	const char *raw, *list, *ascii, *unicode, *wide;
};

static const struct spelled spelled[] = {
	/* C0, DEL, C1. */
	{ "a\x1b[31mb", "a?[31mb", "a\\u001b[31mb", "a\\u001b[31mb",
	  "a\\u001b[31mb" },
	{ "\t\n\r\b\f\v", "??????", "\\t\\n\\r\\b\\f\\u000b",
	  "\\t\\n\\r\\b\\f\\u000b", "\\t\\n\\r\\b\\f\\u000b" },
	{ "\x7f", "?", "\\u007f", "\\u007f", "\\u007f" },
	{ "\xc2\x9b", "?", "\\u009b", "\\u009b", "\\u009b" },
	/* Bytes that are not UTF-8: overlong, cut short, FF, too large. */
	{ "\xc0\xaf", "??", "\\xc0\\xaf", "\\xc0\\xaf", "\\xc0\\xaf" },
	{ "\xe2\x82z", "??z", "\\xe2\\x82z", "\\xe2\\x82z", "\\xe2\\x82z" },
	{ "\xff", "?", "\\xff", "\\xff", "\\xff" },
	{ "\xf4\x90\x80\x80", "????", "\\xf4\\x90\\x80\\x80",
	  "\\xf4\\x90\\x80\\x80", "\\xf4\\x90\\x80\\x80" },
	/* A lone surrogate, as json.c hands it out. */
	{ "\xed\xa0\x80", "?", "\\ud800", "\\ud800", "\\ud800" },
	{ "\xed\xbf\xbfx", "?x", "\\udfffx", "\\udfffx", "\\udfffx" },
	/* Bidirectional, invisible, private, beyond the first plane. */
	{ "\xe2\x80\xae"
	  "exe",
	  "?exe", "\\u202eexe", "\\u202eexe", "\\u202eexe" },
	{ "a\xe2\x80\x8b"
	  "b",
	  "a?b", "a\\u200bb", "a\\u200bb", "a\\u200bb" },
	{ "\xc2\xad", "?", "\\u00ad", "\\u00ad", "\\u00ad" },
	{ "\xee\x80\x80", "?", "\\ue000", "\\ue000", "\\ue000" },
	{ "\xf3\xa0\x80\x81", "?", "\\udb40\\udc01", "\\udb40\\udc01",
	  "\\udb40\\udc01" },
	/* A backslash that could be read as an escape's is doubled. */
	{ "C:\\dir", "C:\\dir", "C:\\dir", "C:\\dir", "C:\\dir" },
	{ "C:\\users", "C:\\users", "C:\\\\users", "C:\\\\users",
	  "C:\\\\users" },
	{ "\\u001b", "\\u001b", "\\\\u001b", "\\\\u001b", "\\\\u001b" },
	{ "\\\x1b", "\\?", "\\\\\\u001b", "\\\\\\u001b", "\\\\\\u001b" },
	{ "\\\\", "\\\\", "\\\\\\", "\\\\\\", "\\\\\\" },
#ifdef HAVE_UTF8PROC
	/* Visible: Latin, a combining mark, Hebrew, Han, an emoji. */
	{ "caf\xc3\xa9", "caf?", "caf\\u00e9", "caf\xc3\xa9", "caf\xc3\xa9" },
	{ "e\xcc\x81", "e?", "e\\u0301", "e\xcc\x81", "e\xcc\x81" },
	{ "\xd7\x90", "?", "\\u05d0", "\\u05d0", "\xd7\x90" },
	{ "\xe4\xb8\xad", "?", "\\u4e2d", "\\u4e2d", "\xe4\xb8\xad" },
	{ "\xf0\x9f\x98\x80", "?", "\\ud83d\\ude00", "\\ud83d\\ude00",
	  "\xf0\x9f\x98\x80" },
	/* At most two marks on a letter; none on a digit, none at the start,
	 * none behind an escape. */
	{ "e\xcc\x81\xcc\x82\xcc\x83", "e???", "e\\u0301\\u0302\\u0303",
	  "e\xcc\x81\xcc\x82\\u0303", "e\xcc\x81\xcc\x82\\u0303" },
	{ "\xcc\x81", "?", "\\u0301", "\\u0301", "\\u0301" },
	{ "1\xcc\x81", "1?", "1\\u0301", "1\\u0301", "1\\u0301" },
	{ "|\xcc\xb8", "|?", "|\\u0338", "|\\u0338", "|\\u0338" },
	{ "\xff\xcc\x81", "??", "\\xff\\u0301", "\\xff\\u0301",
	  "\\xff\\u0301" },
#endif
	{ "", "", "", "", "" },
};

static void check_spelling(struct str raw, enum safe_mode mode,
			   const char *want)
{
	struct safetext t = safe_text(&arena, raw, mode);

	assert_str_eq(((struct str){ t.p, t.n }), str_of(want));
	check_safe(t, mode);
}

static void each_class_in_each_mode(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spelled); i++) {
		struct str raw = str_of(spelled[i].raw);

		check_spelling(raw, SAFE_LIST, spelled[i].list);
		check_spelling(raw, SAFE_ASCII, spelled[i].ascii);
		check_spelling(raw, SAFE_UNICODE, spelled[i].unicode);
		check_spelling(raw, SAFE_WIDE, spelled[i].wide);
	}
	check_spelling(STR("a\0b"), SAFE_LIST, "a?b");
	check_spelling(STR("a\0b"), SAFE_ASCII, "a\\u0000b");
	check_spelling(STR("\\\0"), SAFE_ASCII, "\\\\\\u0000");
	check_spelling(STR_NULL, SAFE_WIDE, "");
}

/*
 * A pair of surrogates that the file holds as raw bytes is no character: the
 * JSON spelling of that pair means another text.
 */
static void raw_surrogate_pairs(void **state)
{
	struct str raw = STR("\xed\xa0\xbd\xed\xb8\x80");

	(void)state;
	check_spelling(raw, SAFE_ASCII, "\\xed\\xa0\\xbd\\ude00");
	check_spelling(raw, SAFE_LIST, "????");
	check_spelling(STR("\xed\xb8\x80\xed\xa0\xbd"), SAFE_ASCII,
		       "\\ude00\\ud83d");
}

static void marks_show_what_was_replaced(void **state)
{
	struct safetext t = safe_text(&arena, STR("ab\x1bz\xff"), SAFE_ASCII);
	static const char where[] = "..######.####";

	(void)state;
	assert_null(safe_text(&arena, STR("plain"), SAFE_ASCII).mark);
	assert_null(safe_text(&arena, STR("\\n"), SAFE_ASCII).mark);
	assert_str(((struct str){ t.p, t.n }), "ab\\u001bz\\xff");
	for (size_t i = 0; i < t.n; i++)
		assert_int_equal(t.mark[i], where[i] == '#');
	t = safe_text(&arena, STR("a\nb"), SAFE_LIST);
	assert_memory_equal(t.mark, "\0\1\0", 3);
}

static void long_hostile_texts(void **state)
{
	enum { N = 300000 };
	char *p = malloc(N);
	struct safetext t;

	(void)state;
	memset(p, 0x1b, N);
	t = safe_text(&arena, (struct str){ p, N }, SAFE_ASCII);
	assert_int_equal(t.n, 6 * N);
	assert_int_equal(t.width, 6 * N);
	check_safe(t, SAFE_ASCII);
	free(p);
	arena_reset(&arena);
}

/* Making, joining --------------------------------------------------------- */

static void literals_and_formats(void **state)
{
	char longer[600];
	struct safetext t = safe_literal("Enter: open");

	(void)state;
	assert_int_equal(t.width, 11);
	assert_null(t.mark);
	t = safe_format(&arena, "%d of %s", 3, "9");
	assert_str(((struct str){ t.p, t.n }), "3 of 9");
	/* Should data slip in all the same, it is still harmless. */
	t = safe_format(&arena, "%s",
			"a\x1b"
			"b");
	assert_str(((struct str){ t.p, t.n }), "a?b");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	t = safe_format(&arena, "<%s>", longer);
	assert_int_equal(t.width, sizeof(longer) + 1);
	assert_int_equal(t.p[t.n - 1], '>');
}

#ifndef NDEBUG
static void bad_literal(void *arg)
{
	(void)safe_literal(arg);
}

static void literals_are_checked(void **state)
{
	char escape[] = "a\x1b", latin[] = "caf\xc3\xa9", del[] = "\x7f";

	(void)state;
	assert_true(does_abort(bad_literal, escape));
	assert_true(does_abort(bad_literal, latin));
	assert_true(does_abort(bad_literal, del));
}
#endif

static void joining(void **state)
{
	struct safetext plain = safe_literal("ip ");
	struct safetext hostile = safe_text(&arena, STR("\x07x"), SAFE_ASCII);
	struct safetext t = safe_join(&arena, plain, hostile);

	(void)state;
	assert_str(((struct str){ t.p, t.n }), "ip \\u0007x");
	assert_int_equal(t.width, 10);
	assert_memory_equal(t.mark, "\0\0\0\1\1\1\1\1\1\0", 10);
	t = safe_join(&arena, hostile, plain);
	assert_memory_equal(t.mark, "\1\1\1\1\1\1\0\0\0\0", 10);
	t = safe_join(&arena, plain, plain);
	assert_null(t.mark);
	assert_int_equal(t.width, 6);
}

/* Fitting ----------------------------------------------------------------- */

static void fitting(void **state)
{
	static const struct {
		const char *text;
		size_t width;
		enum safe_elide how;
		const char *want;
	} cases[] = {
		{ "long name", 9, SAFE_CUT_END, "long name" },
		{ "long name", 8, SAFE_CUT_END, "long na~" },
		{ "long name", 1, SAFE_CUT_END, "~" },
		{ "long name", 0, SAFE_CUT_END, "" },
		{ "longer name", 8, SAFE_CUT_MIDDLE, "lon~name" },
		{ "longer name", 7, SAFE_CUT_MIDDLE, "lon~ame" },
		{ "longer name", 2, SAFE_CUT_MIDDLE, "~e" },
		{ "longer name", 1, SAFE_CUT_MIDDLE, "~" },
		{ "longer name", 0, SAFE_CUT_MIDDLE, "" },
		{ "", 0, SAFE_CUT_END, "" },
#ifdef HAVE_UTF8PROC
		/* Two columns each: half of one is never drawn. */
		{ "\xe4\xb8\xad\xe6\x96\x87", 4, SAFE_CUT_END,
		  "\xe4\xb8\xad\xe6\x96\x87" },
		{ "\xe4\xb8\xad\xe6\x96\x87", 3, SAFE_CUT_END,
		  "\xe4\xb8\xad~" },
		{ "\xe4\xb8\xad\xe6\x96\x87", 2, SAFE_CUT_END, "~" },
		{ "\xe4\xb8\xad\xe6\x96\x87", 2, SAFE_CUT_MIDDLE, "~" },
		/* Marks stay with their letter. */
		{ "e\xcc\x81xyz", 2, SAFE_CUT_END, "e\xcc\x81~" },
		{ "abce\xcc\x81", 2, SAFE_CUT_MIDDLE, "~e\xcc\x81" },
		{ "abcde\xcc\x81"
		  "fgh",
		  7, SAFE_CUT_MIDDLE, "abc~fgh" },
#endif
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct safetext t = safe_text(&arena, str_of(cases[i].text),
					      SAFE_WIDE);

		t = safe_fit(&arena, t, cases[i].width, cases[i].how, "~");
		assert_str_eq(((struct str){ t.p, t.n }),
			      str_of(cases[i].want));
	}
}

static void fitting_random_texts(void **state)
{
	struct rng r = { 10 };
	char buf[100];

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct str raw = random_raw(&r, buf, sizeof(buf));
		enum safe_mode mode = modes[rng_below(&r, ARRAY_SIZE(modes))];
		struct safetext t = safe_text(&arena, raw, mode);
		/* A build without utf8proc knows no U+2026. */
		bool dots = unicode_class(0x2026) == UNICODE_PLAIN &&
			    mode >= SAFE_UNICODE && rng_one_in(&r, 2);

		for (size_t width = 0; width <= t.width + 1; width++)
			for (int how = 0; how < 2; how++) {
				struct safetext f = safe_fit(
					&arena, t, width, (enum safe_elide)how,
					dots ? "\xe2\x80\xa6" : "~");

				check_safe(f, mode);
				assert_true(f.width <= width);
				/* Only half a wide character may be missing
				 * at each cut. */
				assert_true(f.width + 2 >= width ||
					    f.width == t.width);
				if (width >= t.width)
					assert_ptr_equal(f.p, t.p);
			}
		arena_reset(&arena);
	}
}

static void fitting_keeps_marks(void **state)
{
	struct safetext t = safe_text(&arena,
				      STR("ab\x1b"
					  "cd\nef"),
				      SAFE_LIST);
	struct safetext f = safe_fit(&arena, t, 5, SAFE_CUT_MIDDLE, "~");

	(void)state;
	assert_str(((struct str){ t.p, t.n }), "ab?cd?ef");
	assert_str(((struct str){ f.p, f.n }), "ab~ef");
	assert_null(f.mark);
	f = safe_fit(&arena, t, 7, SAFE_CUT_MIDDLE, "~");
	assert_str(((struct str){ f.p, f.n }), "ab?~?ef");
	assert_memory_equal(f.mark, "\0\0\1\0\1\0\0", 7);
}

/* Findings ---------------------------------------------------------------- */

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_texts_are_safe),
		cmocka_unit_test(random_bytes_are_safe),
		cmocka_unit_test(every_character_alone),
		cmocka_unit_test(each_class_in_each_mode),
		cmocka_unit_test(raw_surrogate_pairs),
		cmocka_unit_test(marks_show_what_was_replaced),
		cmocka_unit_test(long_hostile_texts),
		cmocka_unit_test(literals_and_formats),
#ifndef NDEBUG
		cmocka_unit_test(literals_are_checked),
#endif
		cmocka_unit_test(joining),
		cmocka_unit_test(fitting),
		cmocka_unit_test(fitting_random_texts),
		cmocka_unit_test(fitting_keeps_marks),
	};

	return run_arena_tests(tests);
}
