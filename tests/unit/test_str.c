/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include <math.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Random text over a small alphabet, so that matches happen. */
static struct str random_text(struct rng *r, const char *alphabet,
			      uint32_t longest)
{
	struct str s = { malloc(longest + 1), rng_below(r, longest + 1) };
	uint32_t n = (uint32_t)strlen(alphabet);
	char *p = (char *)(uintptr_t)s.p;
	struct str exact;

	for (size_t i = 0; i < s.n; i++)
		p[i] = alphabet[rng_below(r, n)];
	exact = exact_copy(s);
	exact_free(s);
	return exact;
}

/* Comparing --------------------------------------------------------------- */

static int naive_cmp(struct str a, struct str b, bool fold)
{
	for (size_t i = 0; i < a.n && i < b.n; i++) {
		unsigned char x = (unsigned char)(fold ? lower(a.p[i]) :
							 a.p[i]);
		unsigned char y = (unsigned char)(fold ? lower(b.p[i]) :
							 b.p[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.n == b.n ? 0 : a.n < b.n ? -1 : 1;
}

static int sign(int d)
{
	return (d > 0) - (d < 0);
}

static void comparing_random_texts(void **state)
{
	struct rng r = { 2 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct str a = random_text(&r, "aAbB\xe9\x01", 4);
		struct str b = random_text(&r, "aAbB\xe9\x01", 4);
		int exact = naive_cmp(a, b, false);
		int fold = naive_cmp(a, b, true);
		struct str head = str_sub(a, 0, b.n);
		struct str tail = str_from(a, a.n < b.n ? 0 : a.n - b.n);

		assert_int_equal(sign(str_cmp(a, b)), exact);
		assert_int_equal(sign(str_cmp_fold(a, b)), fold);
		assert_int_equal(str_eq(a, b), exact == 0);
		assert_int_equal(str_eq_fold(a, b), fold == 0);
		assert_int_equal(str_starts(a, b),
				 naive_cmp(head, b, false) == 0);
		assert_int_equal(str_starts_fold(a, b),
				 naive_cmp(head, b, true) == 0);
		assert_int_equal(str_ends(a, b),
				 naive_cmp(tail, b, false) == 0);
		assert_int_equal(str_ends_fold(a, b),
				 naive_cmp(tail, b, true) == 0);
		exact_free(a);
		exact_free(b);
	}
}

static void null_is_the_empty_text(void **state)
{
	struct str empty = STR(""), field, rest = STR_NULL;

	(void)state;
	assert_int_equal(str_of(NULL).n, 0);
	assert_true(str_eq(STR_NULL, empty));
	assert_true(str_eq_fold(STR_NULL, empty));
	assert_int_equal(str_cmp(STR_NULL, empty), 0);
	assert_int_equal(str_cmp_fold(STR_NULL, empty), 0);
	assert_true(str_cmp(STR_NULL, STR("a")) < 0);
	assert_true(str_starts(STR_NULL, STR_NULL));
	assert_true(str_starts_fold(STR_NULL, STR_NULL));
	assert_true(str_ends(STR_NULL, STR_NULL));
	assert_true(str_ends_fold(STR_NULL, STR_NULL));
	assert_true(str_ends_fold(STR("a"), STR_NULL));
	assert_int_equal(str_find(STR_NULL, STR_NULL, 0), 0);
	assert_int_equal(str_find_fold(STR_NULL, STR("a"), 0), SIZE_MAX);
	assert_int_equal(str_find_char(STR_NULL, 'a', 0), SIZE_MAX);
	assert_int_equal(str_find_last(STR_NULL, 'a'), SIZE_MAX);
	assert_int_equal(str_trim(STR_NULL).n, 0);
	assert_int_equal(str_sub(STR_NULL, 3, 5).n, 0);
	assert_false(str_next(&rest, ',', &field));
	assert_true(str_glob(STR_NULL, STR_NULL, false));
	assert_true(str_glob(STR_NULL, STR("*"), false));
	assert_false(str_all_digits(STR_NULL));
	assert_true(str_all_hex(STR("0123456789abcdef")));
	assert_false(str_all_hex(STR("0123456789ABCDEF")));
	assert_false(str_all_hex(STR("12g4")));
	assert_false(str_all_hex(STR_NULL));
	assert_int_equal(str_hex('0'), 0);
	assert_int_equal(str_hex('9'), 9);
	assert_int_equal(str_hex('a'), 10);
	assert_int_equal(str_hex('F'), 15);
	assert_int_equal(str_hex('g'), -1);
	assert_int_equal(str_hex('G'), -1);
	assert_int_equal(str_hex('/'), -1);
	assert_int_equal(str_hex(':'), -1);
	assert_int_equal(str_hex('`'), -1);
	assert_int_equal(str_hex('@'), -1);
	assert_true(str_is_uuid(STR("0e6921bc-7de8-4aa9-E9AB-0123456789af")));
	assert_false(str_is_uuid(STR("0e6921bc-7de8-4aa9-e9ab-0123456789a")));
	assert_false(str_is_uuid(STR("0e6921bc-7de8-4aa9-e9ab-0123456789afa")));
	assert_false(str_is_uuid(STR("0e6921bc07de8-4aa9-e9ab-0123456789af")));
	assert_false(str_is_uuid(STR("-e6921bc-7de8-4aa9-e9ab-0123456789af")));
	assert_false(str_is_uuid(STR("ge6921bc-7de8-4aa9-e9ab-0123456789af")));
	assert_int_equal(str_distance(STR_NULL, STR_NULL), 0);
}

static void only_ascii_folds(void **state)
{
	(void)state;
	assert_true(str_eq_fold(STR("AccessDENIED"), STR("accessdenied")));
	/* "É" and "é"; '@' and '`', '[' and '{' differ by the case bit. */
	assert_false(str_eq_fold(STR("\xc3\x89"), STR("\xc3\xa9")));
	assert_false(str_eq_fold(STR("@"), STR("`")));
	assert_false(str_eq_fold(STR("["), STR("{")));
	assert_true(str_eq_fold(STR("a\0B"), STR("A\0b")));
	assert_false(str_eq(STR("a\0b"), STR("a\0c")));
}

/* Finding ----------------------------------------------------------------- */

static size_t naive_find(struct str s, struct str needle, size_t from,
			 bool fold)
{
	for (size_t i = from; i <= s.n && needle.n <= s.n - i; i++)
		if (naive_cmp(str_sub(s, i, i + needle.n), needle, fold) == 0)
			return i;
	return SIZE_MAX;
}

static void finding_in_random_texts(void **state)
{
	struct rng r = { 3 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct str s = random_text(&r, "aAbB", 12);
		struct str needle = random_text(&r, "aAbB", 3);
		size_t from = rng_below(&r, 15);
		size_t last = SIZE_MAX;

		assert_int_equal(str_find(s, needle, from),
				 naive_find(s, needle, from, false));
		assert_int_equal(str_find_fold(s, needle, from),
				 naive_find(s, needle, from, true));
		assert_int_equal(str_find_char(s, 'a', from),
				 naive_find(s, STR("a"), from, false));
		for (size_t k = 0; k < s.n; k++)
			if (s.p[k] == 'a')
				last = k;
		assert_int_equal(str_find_last(s, 'a'), last);
		exact_free(s);
		exact_free(needle);
	}
}

/* SIZE_MAX is what a search in vain returned. */
static void finding_far_behind_the_end(void **state)
{
	struct str s = exact_copy(STR("abc")), a = STR("a");

	(void)state;
	for (size_t from = SIZE_MAX - 4; from; from++) {
		assert_int_equal(str_find(s, a, from), SIZE_MAX);
		assert_int_equal(str_find(s, STR_NULL, from), SIZE_MAX);
		assert_int_equal(str_find_fold(s, a, from), SIZE_MAX);
		assert_int_equal(str_find_fold(s, STR_NULL, from), SIZE_MAX);
		assert_int_equal(str_find_char(s, 'a', from), SIZE_MAX);
	}
	exact_free(s);
}

/* Parts ------------------------------------------------------------------- */

static void parts_are_clamped(void **state)
{
	struct str s = STR("abcdef");

	(void)state;
	assert_str(str_from(s, 0), "abcdef");
	assert_str(str_from(s, 4), "ef");
	assert_str(str_from(s, 6), "");
	assert_str(str_from(s, SIZE_MAX), "");
	assert_str(str_sub(s, 1, 3), "bc");
	assert_str(str_sub(s, 1, SIZE_MAX), "bcdef");
	assert_str(str_sub(s, 3, 1), "");
	assert_str(str_sub(s, 9, 12), "");
	assert_str(str_trim(STR(" \t\r\n a b \n")), "a b");
	assert_str(str_trim(STR(" \n ")), "");
	/* Vertical tab, form feed and NUL are no blanks. */
	assert_str(str_trim(STR("\va\f")), "\va\f");
	assert_str(str_trim(STR("\0 ")), "\0");
}

static void fields(void **state)
{
	struct str rest = STR("a,,b"), field;

	(void)state;
	assert_true(str_next(&rest, ',', &field));
	assert_str(field, "a");
	assert_true(str_next(&rest, ',', &field));
	assert_str(field, "");
	assert_true(str_next(&rest, ',', &field));
	assert_str(field, "b");
	assert_false(str_next(&rest, ',', &field));
	rest = STR("");
	assert_false(str_next(&rest, ',', &field));
	rest = STR(",");
	assert_true(str_next(&rest, ',', &field));
	assert_str(field, "");
	assert_false(str_next(&rest, ',', &field));
}

/* Numbers ----------------------------------------------------------------- */

static void whole_numbers(void **state)
{
	static const char *const bad[] = { "",
					   "-1",
					   "+1",
					   " 1",
					   "1 ",
					   "0x1",
					   "1.",
					   "12a",
					   "１",
					   "18446744073709551616",
					   "99999999999999999999999" };
	uint64_t v = 0;

	(void)state;
	assert_true(str_to_u64(STR("0"), &v));
	assert_int_equal(v, 0);
	assert_true(str_to_u64(STR("00042"), &v));
	assert_int_equal(v, 42);
	assert_true(str_to_u64(STR("18446744073709551615"), &v));
	assert_true(v == UINT64_MAX);
	assert_true(str_to_u64(STR("18446744073709551610"), &v));
	assert_true(v == UINT64_MAX - 5);
	v = 7;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(str_to_u64(str_of(bad[i]), &v));
	assert_false(str_to_u64(STR("1\0"), &v));
	assert_int_equal(v, 7);
}

static void fractions(void **state)
{
	static const char *const bad[] = {
		"",   "nan", "inf",   "0x10", "1e",  "e5", "-",  "1 ",
		" 1", "1,5", "1.2.3", "--1",  "1e+", ".",  "+-1"
	};
	double v = 0;

	(void)state;
	assert_true(str_to_double(STR("89.0"), &v));
	assert_true(v == 89);
	assert_true(str_to_double(STR("-0.5e2"), &v));
	assert_true(v == -50);
	assert_true(str_to_double(STR("9007199254740993"), &v));
	assert_true(v == 9007199254740992.0);
	assert_true(str_to_double(STR("1e999"), &v));
	assert_true(isinf(v));
	assert_false(str_to_double(STR("1\0"), &v));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		check(!str_to_double(str_of(bad[i]), &v), "%s", bad[i]);
}

/* Wildcards --------------------------------------------------------------- */

/* The end of the character that begins at `at`, as glob counts them. */
static size_t after_character(struct str s, size_t at)
{
	at++;
	while (at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static bool naive_glob(struct str s, struct str p, bool fold)
{
	size_t step = 1;
	char c;

	if (p.n == 0)
		return s.n == 0;
	if (p.p[0] == '*') {
		for (size_t i = 0; i <= s.n; i++)
			if (naive_glob(str_from(s, i), str_from(p, 1), fold))
				return true;
		return false;
	}
	if (s.n == 0)
		return false;
	if (p.p[0] == '?')
		return naive_glob(str_from(s, after_character(s, 0)),
				  str_from(p, 1), fold);
	c = p.p[0];
	if (c == '\\' && p.n > 1) {
		c = p.p[1];
		step = 2;
	}
	if (s.p[0] != c && !(fold && lower(s.p[0]) == lower(c)))
		return false;
	return naive_glob(str_from(s, 1), str_from(p, step), fold);
}

static void glob_like_a_naive_matcher(void **state)
{
	struct rng r = { 4 };
	int hits = 0;

	(void)state;
	for (int i = 0; i < 100000; i++) {
		/* "é" is C3 A9: its parts come alone, too. */
		struct str s = random_text(&r, "aaB*\\\xc3\xa9", 9);
		struct str p = random_text(&r, "aaB**??\\\xc3\xa9", 7);
		bool fold = rng_one_in(&r, 2);
		bool want = naive_glob(s, p, fold);

		if (str_glob(s, p, fold) != want) {
			print_bytes("text", s);
			print_bytes("glob", p);
			fail();
		}
		hits += want;
		exact_free(s);
		exact_free(p);
	}
	assert_true(hits > 3000);
}

static void glob_cases(void **state)
{
	static const struct {
		const char *text, *pattern;
		bool plain, fold;
	} cases[] = {
		{ "", "", true, true },
		{ "", "?", false, false },
		{ "AccessDenied", "access*", false, true },
		{ "AccessDenied", "*Denied*", true, true },
		{ "caf\xc3\xa9", "caf?", true, true },
		{ "\xf0\x9f\x98\x80", "?", true, true },
		{ "\xf0\x9f\x98\x80", "??", false, false },
		{ "a*b", "a\\*b", true, true },
		{ "axb", "a\\*b", false, false },
		{ "a?b", "a\\?b", true, true },
		{ "a\\b", "a\\\\b", true, true },
		{ "a\\", "a\\", true, true },
		{ "arn:aws:iam::aws:policy/AdministratorAccess",
		  "*administratoraccess", false, true },
		{ "aXbXc", "a*X*c", true, true },
		{ "abcabd", "*abd", true, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str s = str_of(cases[i].text);
		struct str p = str_of(cases[i].pattern);

		check(str_glob(s, p, false) == cases[i].plain, "%s %s",
		      cases[i].text, cases[i].pattern);
		check(str_glob(s, p, true) == cases[i].fold, "fold %s %s",
		      cases[i].text, cases[i].pattern);
	}
	assert_true(str_glob(STR("a\0b"), STR("a?b"), false));
	assert_false(str_glob(STR("a\0b"), STR("a"), false));
}

/* "a*a*a*...b" against "aaaa...": exponential when done by recursion. */
static void glob_takes_no_forever(void **state)
{
	enum { N = 20000 };
	char *text = malloc(N), pattern[100];
	double start = cpu_seconds();

	(void)state;
	memset(text, 'a', N);
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % 2 ? '*' : 'a';
	pattern[98] = 'b';
	assert_false(str_glob((struct str){ text, N },
			      (struct str){ pattern, sizeof(pattern) }, true));
	assert_true(cpu_seconds() - start < 2);
	free(text);
}

/* Distance ---------------------------------------------------------------- */

static size_t naive_distance(struct str a, struct str b)
{
	size_t best, d;

	if (a.n == 0 || b.n == 0)
		return a.n + b.n;
	best = naive_distance(str_from(a, 1), str_from(b, 1)) +
	       (lower(a.p[0]) != lower(b.p[0]));
	d = naive_distance(str_from(a, 1), b) + 1;
	if (d < best)
		best = d;
	d = naive_distance(a, str_from(b, 1)) + 1;
	return d < best ? d : best;
}

static void distances(void **state)
{
	static const char forty_one[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	struct rng r = { 5 };

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct str a = random_text(&r, "abcA", 6);
		struct str b = random_text(&r, "abcA", 6);

		assert_int_equal(str_distance(a, b), naive_distance(a, b));
		exact_free(a);
		exact_free(b);
	}
	assert_int_equal(str_distance(STR("evntname"), STR("eventName")), 1);
	assert_int_equal(sizeof(forty_one) - 1, 41);
	assert_int_equal(str_distance(STR(forty_one), STR("a")), SIZE_MAX);
	assert_int_equal(str_distance(STR("a"), STR(forty_one)), SIZE_MAX);
	assert_int_equal(str_distance((struct str){ forty_one, 40 }, STR("")),
			 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comparing_random_texts),
		cmocka_unit_test(null_is_the_empty_text),
		cmocka_unit_test(only_ascii_folds),
		cmocka_unit_test(finding_in_random_texts),
		cmocka_unit_test(finding_far_behind_the_end),
		cmocka_unit_test(parts_are_clamped),
		cmocka_unit_test(fields),
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(fractions),
		cmocka_unit_test(glob_like_a_naive_matcher),
		cmocka_unit_test(glob_cases),
		cmocka_unit_test(glob_takes_no_forever),
		cmocka_unit_test(distances),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
