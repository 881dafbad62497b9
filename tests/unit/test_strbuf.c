/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/strbuf.h"

static void an_empty_buffer_is_a_string(void **state)
{
	struct strbuf b;

	(void)state;
	strbuf_init(&b);
	assert_non_null(b.p);
	assert_string_equal(b.p, "");
	strbuf_add(&b, STR_NULL);
	strbuf_adds(&b, "");
	strbuf_adds(&b, NULL);
	assert_int_equal(b.n, 0);
	strbuf_release(&b);
}

static void additions_follow_one_another(void **state)
{
	struct strbuf b;

	(void)state;
	strbuf_init(&b);
	strbuf_adds(&b, "key=");
	strbuf_add(&b, STR("A\0B"));
	strbuf_addc(&b, '\0');
	strbuf_addn(&b, '-', 3);
	strbuf_addn(&b, '-', 0);
	strbuf_addf(&b, "%d%s%5.1f", 12, "x", 2.25);
	assert_str(strbuf_str(&b), "key=A\0B\0---12x  2.2");
	assert_int_equal(b.p[b.n], '\0');
	strbuf_truncate(&b, 100);
	assert_int_equal(b.n, 19);
	strbuf_truncate(&b, 3);
	assert_str(strbuf_str(&b), "key");
	assert_string_equal(b.p, "key");
	strbuf_clear(&b);
	assert_string_equal(b.p, "");
	strbuf_release(&b);
}

/* Random additions against a plain array. */
static void like_an_array(void **state)
{
	static char model[400000];
	struct rng r = { 6 };
	struct strbuf b;
	size_t n = 0;

	(void)state;
	strbuf_init(&b);
	while (n < sizeof(model) - 1000) {
		size_t take = rng_below(&r, 200);
		char bytes[200];

		for (size_t i = 0; i < take; i++)
			bytes[i] = rng_byte(&r);
		strbuf_add(&b, (struct str){ bytes, take });
		memcpy(model + n, bytes, take);
		n += take;
		if (rng_one_in(&r, 10)) {
			n -= n < 50 ? n : 50;
			strbuf_truncate(&b, n);
		}
		assert_int_equal(b.n, n);
		assert_int_equal(b.p[n], '\0');
	}
	assert_memory_equal(b.p, model, n);
	assert_false(b.full);
	strbuf_release(&b);
}

static void long_formats(void **state)
{
	char text[5000];
	struct strbuf b;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	strbuf_init(&b);
	strbuf_addf(&b, "<%s>", text);
	assert_int_equal(b.n, 5001);
	assert_int_equal(b.p[0], '<');
	assert_int_equal(b.p[5000], '>');
	assert_int_equal(strlen(b.p), 5001);
	strbuf_release(&b);
}

static void past_the_limit_things_are_dropped(void **state)
{
	struct strbuf b;

	(void)state;
	strbuf_init_max(&b, 10);
	strbuf_adds(&b, "0123456789");
	assert_false(b.full);
	strbuf_addc(&b, 'x');
	assert_true(b.full);
	assert_str(strbuf_str(&b), "0123456789");
	strbuf_clear(&b);
	assert_false(b.full);
	strbuf_adds(&b, "01234567890");
	assert_true(b.full);
	assert_str(strbuf_str(&b), "0123456789");
	strbuf_clear(&b);
	strbuf_adds(&b, "01234567");
	strbuf_addf(&b, "%d", 100);
	assert_true(b.full);
	assert_true(b.n <= 10);
	strbuf_clear(&b);
	strbuf_addn(&b, 'x', 11);
	assert_true(b.full);
	assert_true(b.n <= 10);
	strbuf_clear(&b);
	assert_true(strbuf_reserve(&b, 10));
	assert_false(strbuf_reserve(&b, 11));
	assert_false(strbuf_reserve(&b, SIZE_MAX));
	assert_true(b.full);
	strbuf_release(&b);
}

static void a_limit_of_nothing(void **state)
{
	struct strbuf b;

	(void)state;
	strbuf_init_max(&b, 0);
	strbuf_add(&b, STR_NULL);
	assert_false(b.full);
	strbuf_addc(&b, 'x');
	strbuf_adds(&b, "abc");
	strbuf_addf(&b, "%d", 1);
	strbuf_addn(&b, 'x', 1);
	assert_true(b.full);
	assert_string_equal(b.p, "");
	strbuf_release(&b);
}

static void counts_have_commas(void **state)
{
	static const struct {
		uint64_t value;
		const char *text;
	} cases[] = {
		{ 0, "0" },
		{ 7, "7" },
		{ 999, "999" },
		{ 1000, "1,000" },
		{ 99999, "99,999" },
		{ 100000, "100,000" },
		{ 1243019, "1,243,019" },
		{ UINT64_MAX, "18,446,744,073,709,551,615" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strbuf b;

		strbuf_init(&b);
		strbuf_add_count(&b, cases[i].value);
		assert_string_equal(b.p, cases[i].text);
		strbuf_release(&b);
	}
}

static void bad_bytes_become_the_replacement_character(void **state)
{
	struct strbuf b;

	(void)state;
	strbuf_init(&b);
	strbuf_add_valid(&b, STR("a\xff\xc3\xa9\xed\xa0\x80z\xe2\x82"));
	assert_string_equal(b.p, "a\xef\xbf\xbd\xc3\xa9\xef\xbf\xbdz"
				 "\xef\xbf\xbd\xef\xbf\xbd");
	strbuf_release(&b);
}

static void detaching_empties_it(void **state)
{
	struct strbuf b;
	char *p;

	(void)state;
	strbuf_init_max(&b, 20);
	strbuf_adds(&b, "detached");
	p = strbuf_detach(&b);
	assert_string_equal(p, "detached");
	assert_int_equal(b.n, 0);
	assert_int_equal(b.max, 20);
	strbuf_adds(&b, "again");
	assert_string_equal(b.p, "again");
	assert_string_equal(p, "detached");
	free(p);
	strbuf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buffer_is_a_string),
		cmocka_unit_test(additions_follow_one_another),
		cmocka_unit_test(like_an_array),
		cmocka_unit_test(long_formats),
		cmocka_unit_test(past_the_limit_things_are_dropped),
		cmocka_unit_test(a_limit_of_nothing),
		cmocka_unit_test(counts_have_commas),
		cmocka_unit_test(bad_bytes_become_the_replacement_character),
		cmocka_unit_test(detaching_empties_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
