/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include <stdalign.h>

#include "base/arena.h"

static void pieces_are_aligned_and_apart(void **state)
{
	enum { N = 4000 };
	static unsigned char *piece[N];
	static uint32_t size[N];
	static char text[9000];
	struct rng r = { 1 };
	struct arena a;

	(void)state;
	arena_init(&a);
	for (int round = 0; round < 3; round++) {
		for (uint32_t i = 0; i < N; i++) {
			size[i] = rng_below(&r,
					    rng_one_in(&r, 100) ? 9000 : 80);
			if (rng_one_in(&r, 2)) {
				/* A text may begin anywhere. */
				struct str s = { text, size[i] };

				memset(text, (int)(i % 251), size[i]);
				s = arena_text(&a, s);
				assert_int_equal(s.n, size[i]);
				assert_int_equal(s.p[s.n], '\0');
				piece[i] = (unsigned char *)(uintptr_t)s.p;
				continue;
			}
			piece[i] = arena_alloc(&a, size[i]);
			assert_int_equal(
				(uintptr_t)piece[i] % alignof(max_align_t), 0);
			memset(piece[i], (int)(i % 251), size[i]);
		}
		/* A neighbour that overlaps would have been overwritten. */
		for (uint32_t i = 0; i < N; i++)
			for (uint32_t k = 0; k < size[i]; k++)
				assert_int_equal(piece[i][k], i % 251);
		arena_reset(&a);
		assert_int_equal(a.used, 0);
	}
	arena_release(&a);
}

static void a_loop_allocates_once(void **state)
{
	struct arena a;
	size_t held;
	void *first;

	(void)state;
	arena_init(&a);
	first = arena_alloc(&a, 100);
	for (int i = 0; i < 1000; i++)
		arena_alloc(&a, 100);
	held = arena_memory(&a);
	for (int round = 0; round < 10; round++) {
		arena_reset(&a);
		assert_ptr_equal(arena_alloc(&a, 100), first);
		for (int i = 0; i < 1000; i++)
			arena_alloc(&a, 100);
		assert_int_equal(arena_memory(&a), held);
	}
	arena_release(&a);
	assert_int_equal(arena_memory(&a), 0);
	/* A released arena can be used again, and reset when empty. */
	arena_reset(&a);
	assert_non_null(arena_alloc(&a, 1));
	arena_release(&a);
}

/* One hostile record must not decide what a thread holds from then on. */
static void a_reset_gives_back_what_is_huge(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	arena_alloc(&a, (size_t)40 << 20);
	arena_reset(&a);
	assert_true(arena_memory(&a) <= (size_t)8 << 20);
	for (int i = 0; i < 400000; i++)
		arena_alloc(&a, 100);
	assert_true(arena_memory(&a) >= (size_t)40 << 20);
	arena_reset(&a);
	assert_true(arena_memory(&a) <= (size_t)8 << 20);
	assert_non_null(arena_alloc(&a, (size_t)40 << 20));
	assert_non_null(arena_alloc(&a, 10));
	arena_release(&a);
}

/* What one handed out stays where it is, and both can go on. */
static void an_arena_takes_what_another_has(void **state)
{
	enum { N = 3000 };
	struct arena a, b;
	struct str of_a[N], of_b[N];
	size_t held;

	(void)state;
	for (int had = 0; had < 2; had++) {
		arena_init(&a);
		arena_init(&b);
		arena_take(&a, &b);
		for (int i = 0; i < N; i++) {
			char text[16];

			snprintf(text, sizeof(text), "%d", i);
			if (had)
				of_a[i] = arena_dup(&a, str_of(text));
			of_b[i] = arena_dup(&b, str_of(text));
		}
		held = arena_memory(&a) + arena_memory(&b);
		arena_take(&a, &b);
		assert_int_equal(arena_memory(&a), held);
		assert_int_equal(arena_memory(&b), 0);
		arena_dup(&b, STR("anew"));
		arena_release(&b);
		for (int i = 0; i < N; i++) {
			char text[16];

			snprintf(text, sizeof(text), "%d", i);
			arena_dup(&a, STR("written over"));
			assert_string_equal(of_b[i].p, text);
			if (had)
				assert_string_equal(of_a[i].p, text);
		}
		arena_release(&a);
	}
}

static void copies_end_with_nul(void **state)
{
	struct arena a;
	struct str s, joined, empty;

	(void)state;
	arena_init(&a);
	s = arena_dup(&a, STR("a\0b"));
	assert_str(s, "a\0b");
	assert_int_equal(s.p[3], '\0');
	joined = arena_join(&a, STR("user/"), STR("alice"));
	assert_str(joined, "user/alice");
	assert_int_equal(joined.p[joined.n], '\0');
	empty = arena_join(&a, STR_NULL, STR_NULL);
	assert_int_equal(empty.n, 0);
	assert_non_null(empty.p);
	assert_int_equal(empty.p[0], '\0');
	arena_release(&a);
}

static void zeroed_memory_is_zero(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	memset(arena_alloc(&a, 3000), 0xaa, 3000);
	arena_reset(&a);
	for (int i = 0; i < 10; i++) {
		unsigned char *p = arena_zero(&a, 500);

		for (size_t k = 0; k < 500; k++)
			assert_int_equal(p[k], 0);
	}
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_aligned_and_apart),
		cmocka_unit_test(a_loop_allocates_once),
		cmocka_unit_test(a_reset_gives_back_what_is_huge),
		cmocka_unit_test(an_arena_takes_what_another_has),
		cmocka_unit_test(copies_end_with_nul),
		cmocka_unit_test(zeroed_memory_is_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
