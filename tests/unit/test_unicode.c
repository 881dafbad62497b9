/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/unicode.h"

struct range {
	uint32_t first, last;
};

static void check_ranges(const struct range *ranges, size_t n,
			 enum unicode_class want)
{
	for (size_t i = 0; i < n; i++)
		for (uint32_t cp = ranges[i].first; cp <= ranges[i].last; cp++)
			check(unicode_class(cp) == want,
			      "U+%04X is class %d, not %d", (unsigned)cp,
			      (int)unicode_class(cp), (int)want);
}

static void ascii(void **state)
{
	static const struct range plain[] = { { 0x20, 0x7e } };
	static const struct range control[] = { { 0x00, 0x1f },
						{ 0x7f, 0x9f } };

	(void)state;
	check_ranges(plain, ARRAY_SIZE(plain), UNICODE_PLAIN);
	check_ranges(control, ARRAY_SIZE(control), UNICODE_CONTROL);
}

static void bidirectional_controls(void **state)
{
	static const struct range bidi[] = { { 0x061c, 0x061c },
					     { 0x200e, 0x200f },
					     { 0x202a, 0x202e },
					     { 0x2066, 0x2069 } };

	(void)state;
	check_ranges(bidi, ARRAY_SIZE(bidi), UNICODE_BIDI);
}

static void what_cannot_be_seen_is_hidden(void **state)
{
	static const struct range hidden[] = {
		/* Format and filler characters, line separators. */
		{ 0x00ad, 0x00ad },
		{ 0x034f, 0x034f },
		{ 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f },
		{ 0x200b, 0x200d },
		{ 0x2028, 0x2029 },
		{ 0x2060, 0x2065 },
		{ 0x206a, 0x206f },
		{ 0x2800, 0x2800 },
		{ 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },
		{ 0xfff9, 0xfffb },
		{ 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
		/* Blanks that are not ' '. */
		{ 0x00a0, 0x00a0 },
		{ 0x1680, 0x1680 },
		{ 0x2000, 0x200a },
		{ 0x202f, 0x202f },
		{ 0x205f, 0x205f },
		{ 0x3000, 0x3000 },
		/* Surrogates, private use. */
		{ 0xd800, 0xdfff },
		{ 0xe000, 0xf8ff },
		{ 0xf0000, 0xf00ff },
		{ 0x10ff00, 0x10ffff },
		/* Noncharacters and what is beyond Unicode. */
		{ 0xfdd0, 0xfdef },
		{ 0x110000, 0x110010 },
		{ 0xfffffff0, 0xfffffffe },
		/* Never assigned: holes in Greek and in Thai. */
		{ 0x0378, 0x0379 },
		{ 0x0e3b, 0x0e3e },
	};

	(void)state;
	check_ranges(hidden, ARRAY_SIZE(hidden), UNICODE_HIDDEN);
	for (uint32_t plane = 0; plane <= 0x10; plane++) {
		struct range last = { plane << 16 | 0xfffe,
				      plane << 16 | 0xffff };

		check_ranges(&last, 1, UNICODE_HIDDEN);
	}
}

#ifdef HAVE_UTF8PROC
static void visible_characters(void **state)
{
	static const struct range plain[] = {
		{ 0x00a1, 0x00ac }, /* Latin-1 signs */
		{ 0x00ae, 0x02ff }, /* Latin */
		{ 0x0391, 0x03a1 }, /* Greek */
		{ 0x0410, 0x044f }, /* Cyrillic */
		{ 0x0e01, 0x0e30 }, /* Thai consonants */
		{ 0x2010, 0x2027 }, /* dashes, quotes, ellipsis */
		{ 0x20ac, 0x20ac }, /* euro */
		{ 0x2500, 0x25fc }, /* box drawing, blocks, shapes */
		{ 0xfffd, 0xfffd }, /* the replacement character */
	};
	static const struct range wide[] = {
		{ 0x1100, 0x115e },   /* hangul initials */
		{ 0x3041, 0x3096 },   /* hiragana */
		{ 0x4e00, 0x9fff },   /* han */
		{ 0xac00, 0xd7a3 },   /* hangul syllables */
		{ 0xff01, 0xff60 },   /* fullwidth forms */
		{ 0x1f600, 0x1f64f }, /* emoticons */
		{ 0x20000, 0x2a6d6 }, /* han, extension B */
	};
	static const struct range rtl[] = {
		{ 0x05d0, 0x05ea },   /* Hebrew */
		{ 0x0627, 0x063a },   /* Arabic */
		{ 0x0710, 0x0710 },   /* Syriac */
		{ 0xfb1d, 0xfb1d },   /* Hebrew presentation forms */
		{ 0x10800, 0x10805 }, /* Cypriot */
	};
	static const struct range combining[] = {
		{ 0x0300, 0x034e }, { 0x0350, 0x036f },
		{ 0x0591, 0x05bd }, /* Hebrew points */
		{ 0x064b, 0x065f }, /* Arabic marks */
		{ 0x0e34, 0x0e3a }, /* Thai vowels above */
		{ 0x20d0, 0x20f0 }, /* for symbols */
	};

	(void)state;
	check_ranges(plain, ARRAY_SIZE(plain), UNICODE_PLAIN);
	check_ranges(wide, ARRAY_SIZE(wide), UNICODE_WIDE);
	check_ranges(combining, ARRAY_SIZE(combining), UNICODE_COMBINING);
	for (size_t i = 0; i < ARRAY_SIZE(rtl); i++)
		for (uint32_t cp = rtl[i].first; cp <= rtl[i].last; cp++)
			check(unicode_class(cp) == UNICODE_RTL ||
				      /* U+FB1D is followed by a point. */
				      cp == 0xfb1e,
			      "U+%04X", (unsigned)cp);
	assert_string_not_equal(unicode_source(), "");
}

/*
 * Where terminals and C libraries disagree on the number of columns nothing
 * may be shown, and a mark that takes a column of its own is no combining
 * one: a wrong width would shift the rest of the row.
 */
static void widths_that_nobody_agrees_on(void **state)
{
	static const struct range no_column[] = {
		{ 0x1161, 0x11ff },   /* hangul medials and finals */
		{ 0xd7b0, 0xd7fb },   /* more of them */
		{ 0x3248, 0x324f },   /* circled numbers on black squares */
		{ 0x4dc0, 0x4dff },   /* hexagrams */
		{ 0x1f1e6, 0x1f1ff }, /* halves of flags */
		{ 0x1f3fb, 0x1f3ff }, /* skin tones */
	};
	static const uint32_t spacing[] = { 0x0903, 0x093e, 0x0940, 0x0982,
					    0x0bbe, 0x0cbe, 0x0d3e, 0x302e,
					    0x302f, 0x16ff0 };

	(void)state;
	check_ranges(no_column, ARRAY_SIZE(no_column), UNICODE_HIDDEN);
	for (size_t i = 0; i < ARRAY_SIZE(spacing); i++)
		check(unicode_class(spacing[i]) != UNICODE_COMBINING, "U+%04X",
		      (unsigned)spacing[i]);
}
#else
static void ascii_alone(void **state)
{
	(void)state;
	for (uint32_t cp = 0xa0; cp < 0x20000; cp++)
		assert_true(unicode_class(cp) == UNICODE_HIDDEN ||
			    unicode_class(cp) == UNICODE_BIDI);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii),
		cmocka_unit_test(bidirectional_controls),
		cmocka_unit_test(what_cannot_be_seen_is_hidden),
#ifdef HAVE_UTF8PROC
		cmocka_unit_test(visible_characters),
		cmocka_unit_test(widths_that_nobody_agrees_on),
#else
		cmocka_unit_test(ascii_alone),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
