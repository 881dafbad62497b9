/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/uints.h"

static void width_is_what_the_largest_needs(void **state)
{
	(void)state;
	assert_int_equal(uints_width(0), 1);
	assert_int_equal(uints_width(255), 1);
	assert_int_equal(uints_width(256), 2);
	assert_int_equal(uints_width(65535), 2);
	assert_int_equal(uints_width(65536), 4);
	assert_int_equal(uints_width(UINT32_MAX), 4);
	assert_int_equal(uints_width((uint64_t)UINT32_MAX + 1), 8);
	assert_int_equal(uints_width(UINT64_MAX), 8);
}

/* What was put stays what it is, however wide the others become. */
static void widening_keeps_all(void **state)
{
	static const uint64_t put[] = {
		0,   255,        1, 256,        65535, 7,
		8,   65536,      9, UINT32_MAX, 3,     (uint64_t)UINT32_MAX + 1,
		254, UINT64_MAX, 0,
	};
	static const unsigned width[] = { 1, 1, 1, 2, 2, 2, 2, 4,
					  4, 4, 4, 8, 8, 8, 8 };
	struct uints u = { NULL, 0 };
	uint64_t most = 0;
	size_t cap = 0;

	(void)state;
	for (size_t n = 0; n < ARRAY_SIZE(put); n++) {
		if (n == cap)
			uints_resize(&u, cap = cap * 2 + 1);
		uints_fit(&u, cap, n, put[n]);
		assert_int_equal(u.width, width[n]);
		uints_put(&u, n, put[n]);
		most = put[n] > most ? put[n] : most;
		for (size_t i = 0; i <= n; i++)
			assert_true(uints_get(&u, i) == put[i]);
		assert_true(uints_most(&u, n + 1) == most);
	}
	uints_free(&u);
	assert_null(u.at);
}

static void nothing_is_fine(void **state)
{
	struct uints u = { NULL, 0 };

	(void)state;
	uints_resize(&u, 0);
	assert_int_equal(u.width, 1);
	assert_true(uints_most(&u, 0) == 0);
	uints_free(&u);
	uints_free(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(width_is_what_the_largest_needs),
		cmocka_unit_test(widening_keeps_all),
		cmocka_unit_test(nothing_is_fine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
