/* SPDX-License-Identifier: MIT */
#include "helpers.h"

static void nothing_is_something(void **state)
{
	void *p = mem_alloc(0), *z = mem_zero(0, 8), *d = mem_dup(NULL, 0);

	(void)state;
	assert_non_null(p);
	assert_non_null(z);
	assert_non_null(d);
	p = mem_resize(p, 0, 16);
	assert_non_null(p);
	free(p);
	free(z);
	free(d);
}

static void zero_and_copies(void **state)
{
	unsigned char *z = mem_zero(100, 7);
	char *s = mem_strdup("role/Admin");
	char *d = mem_dup("a\0b", 3);

	(void)state;
	for (size_t i = 0; i < 700; i++)
		assert_int_equal(z[i], 0);
	assert_string_equal(s, "role/Admin");
	assert_memory_equal(d, "a\0b", 3);
	free(z);
	free(s);
	free(d);
}

static void grow_keeps_what_is_there(void **state)
{
	uint32_t *v = NULL;
	size_t cap = 0, moves = 0;

	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		size_t before = cap;

		v = mem_grow(v, &cap, (size_t)i + 1, sizeof(*v));
		v[i] = i * 7;
		assert_true(cap > i);
		if (cap != before) {
			moves++;
			assert_true(before == 0 || cap >= 2 * before);
		}
	}
	for (uint32_t i = 0; i < 100000; i++)
		assert_int_equal(v[i], i * 7);
	/* Doubling from 16: 14 times reaches 131,072. */
	assert_true(moves <= 14);
	v = mem_grow(v, &cap, 10, sizeof(*v));
	assert_true(cap >= 100000);
	free(v);
}

static void resize_too_much(void *arg)
{
	(void)arg;
	free(mem_resize(NULL, SIZE_MAX / 2, 4));
}

static void grow_too_much(void *arg)
{
	size_t cap = 0;

	(void)arg;
	free(mem_grow(NULL, &cap, SIZE_MAX, 1));
}

static void products_are_checked(void **state)
{
	(void)state;
	assert_true(does_abort(resize_too_much, NULL));
	assert_true(does_abort(grow_too_much, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_something),
		cmocka_unit_test(zero_and_copies),
		cmocka_unit_test(grow_keeps_what_is_there),
		cmocka_unit_test(products_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
