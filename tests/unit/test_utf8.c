/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/utf8.h"

/*
 * Table 3-7 of the Unicode Standard, well-formed UTF-8 byte sequences, row by
 * row: the naive model of the decoder.
 */
static const struct {
	unsigned char low[4], high[4];
	size_t n;
} rows[] = {
	{ { 0x00 }, { 0x7f }, 1 },
	{ { 0xc2, 0x80 }, { 0xdf, 0xbf }, 2 },
	{ { 0xe0, 0xa0, 0x80 }, { 0xe0, 0xbf, 0xbf }, 3 },
	{ { 0xe1, 0x80, 0x80 }, { 0xec, 0xbf, 0xbf }, 3 },
	{ { 0xed, 0x80, 0x80 }, { 0xed, 0x9f, 0xbf }, 3 },
	{ { 0xee, 0x80, 0x80 }, { 0xef, 0xbf, 0xbf }, 3 },
	{ { 0xf0, 0x90, 0x80, 0x80 }, { 0xf0, 0xbf, 0xbf, 0xbf }, 4 },
	{ { 0xf1, 0x80, 0x80, 0x80 }, { 0xf3, 0xbf, 0xbf, 0xbf }, 4 },
	{ { 0xf4, 0x80, 0x80, 0x80 }, { 0xf4, 0x8f, 0xbf, 0xbf }, 4 },
};

/* Bytes of the well-formed sequence at the start of s, or 0. */
static size_t well_formed(struct str s)
{
	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		size_t i = 0;

		if (rows[r].n > s.n)
			continue;
		while (i < rows[r].n &&
		       (unsigned char)s.p[i] >= rows[r].low[i] &&
		       (unsigned char)s.p[i] <= rows[r].high[i])
			i++;
		if (i == rows[r].n)
			return i;
	}
	return 0;
}

static uint32_t value_of(struct str s)
{
	static const unsigned char lead_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t v = (unsigned char)s.p[0] & lead_bits[s.n];

	for (size_t i = 1; i < s.n; i++)
		v = v * 64 + ((unsigned char)s.p[i] - 0x80u);
	return v;
}

static void check_decode(struct str s)
{
	struct str exact = exact_copy(s);
	size_t want = well_formed(s);
	uint32_t cp = 0;
	size_t n = utf8_decode(exact, 0, &cp);

	if (want) {
		assert_int_equal(n, want);
		assert_int_equal(cp, value_of(str_sub(s, 0, want)));
	} else {
		assert_int_equal(n, 1);
		assert_true(cp == UTF8_INVALID);
	}
	exact_free(exact);
}

/* Every first two bytes, followed by bytes at each border, at every length. */
static void decoding_every_sequence(void **state)
{
	static const unsigned char border[] = { 0x00, 0x7f, 0x80, 0x9f,
						0xa0, 0xbf, 0xc0, 0xff };

	(void)state;
	for (unsigned a = 0; a < 256; a++) {
		char one = (char)(unsigned char)a;

		check_decode((struct str){ &one, 1 });
		for (unsigned b = 0; b < 256; b++) {
			unsigned char s[4] = { (unsigned char)a,
					       (unsigned char)b, 0, 0 };

			check_decode((struct str){ (char *)s, 2 });
			if (a < 0xe0)
				continue;
			for (size_t k = 0; k < 64; k++) {
				s[2] = border[k / 8];
				s[3] = border[k % 8];
				check_decode((struct str){ (char *)s, 3 });
				check_decode((struct str){ (char *)s, 4 });
			}
		}
	}
}

static void every_character_comes_back(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		char buf[4];
		struct str s = { buf, utf8_encode(cp, buf) };
		size_t want = cp < 0x80    ? 1 :
			      cp < 0x800   ? 2 :
			      cp < 0x10000 ? 3 :
					     4;
		bool surrogate = cp >= 0xd800 && cp <= 0xdfff;
		uint32_t back = 0;

		assert_int_equal(s.n, want);
		assert_int_equal(utf8_valid(s), !surrogate);
		if (surrogate) {
			assert_int_equal(utf8_decode(s, 0, &back), 1);
			assert_true(back == UTF8_INVALID);
		} else {
			assert_int_equal(utf8_decode(s, 0, &back), s.n);
			assert_int_equal(back, cp);
		}
		back = 0;
		assert_int_equal(utf8_surrogate(s, 0, &back), surrogate);
		assert_int_equal(back, surrogate ? cp : 0);
	}
}

static void surrogates_need_three_bytes(void **state)
{
	struct str s = exact_copy(STR("a\xed\xa0\x80\xed\xbf"));
	uint32_t cp = 0;

	(void)state;
	assert_false(utf8_surrogate(s, 0, &cp));
	assert_true(utf8_surrogate(s, 1, &cp));
	assert_int_equal(cp, 0xd800);
	for (size_t at = 2; at <= s.n; at++)
		assert_false(utf8_surrogate(s, at, &cp));
	exact_free(s);
	assert_false(utf8_surrogate(STR("\xed\x9f\xbf"), 0, &cp));
	assert_false(utf8_surrogate(STR("\xed\xa0\x7f"), 0, &cp));
	assert_false(utf8_surrogate(STR("\xed\xa0\xc0"), 0, &cp));
	assert_false(utf8_surrogate(STR_NULL, 0, &cp));
}

/* Each bad byte is one step, and what follows is read as it stands. */
static void bad_bytes_hide_nothing(void **state)
{
	struct str s = STR("a\xe2\x82"
			   "b\xf0\x9f\x98\xe2\x82\xac\xff");
	static const uint32_t want[] = { 'a',          UTF8_INVALID,
					 UTF8_INVALID, 'b',
					 UTF8_INVALID, UTF8_INVALID,
					 UTF8_INVALID, 0x20ac,
					 UTF8_INVALID };
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		uint32_t cp;

		assert_true(at < s.n);
		at += utf8_decode(s, at, &cp);
		assert_true(cp == want[i]);
	}
	assert_int_equal(at, s.n);
}

static void valid_texts(void **state)
{
	struct rng r = { 7 };

	(void)state;
	assert_true(utf8_valid(STR_NULL));
	assert_true(utf8_valid(STR("a\0b\x7f")));
	assert_false(utf8_valid(STR("\xc0\x80")));
	assert_false(utf8_valid(STR("abc\xc3")));
	for (int i = 0; i < 50000; i++) {
		static const unsigned char pool[] = { 'a',  0x80, 0xbf, 0xc3,
						      0xe2, 0xed, 0xf0, 0xf4,
						      0x90, 0xa0 };
		char buf[8];
		struct str s = { buf, rng_below(&r, sizeof(buf) + 1) }, exact;
		bool valid = true;

		for (size_t k = 0; k < s.n; k++)
			buf[k] = (char)pool[rng_below(&r, sizeof(pool))];
		for (size_t at = 0; at < s.n;) {
			size_t n = well_formed(str_from(s, at));

			valid &= n > 0;
			at += n ? n : 1;
		}
		exact = exact_copy(s);
		assert_int_equal(utf8_valid(exact), valid);
		exact_free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decoding_every_sequence),
		cmocka_unit_test(every_character_comes_back),
		cmocka_unit_test(surrogates_need_three_bytes),
		cmocka_unit_test(bad_bytes_hide_nothing),
		cmocka_unit_test(valid_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
