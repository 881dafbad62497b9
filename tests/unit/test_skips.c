/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "store/skips.h"

static bool before(const struct skip *a, const struct skip *b)
{
	if (a->file != b->file)
		return a->file < b->file;
	if (a->record != b->record)
		return a->record < b->record;
	return a->offset <= b->offset;
}

static void sorted_by_place(void **state)
{
	enum { N = 5000 };
	static const char *const reasons[] = { "a", "b", "c" };
	struct rng r = { 31 };
	struct skips s;
	uint64_t sum = 0, after = 0;

	(void)state;
	skips_init(&s);
	for (uint32_t i = 0; i < N; i++) {
		struct skip one = { .file = rng_below(&r, 20),
				    .record = rng_below(&r, 50),
				    .offset = rng_next(&r) >> 20,
				    .reason = reasons[i % 3] };

		sum += one.file + one.record * 3 + one.offset * 7;
		skips_add(&s, one);
		assert_int_equal(s.n, i + 1);
		assert_true(s.skip[i].offset == one.offset);
	}
	skips_sort(&s);
	assert_int_equal(s.n, N);
	for (size_t i = 0; i < N; i++) {
		assert_true(i == 0 || before(&s.skip[i - 1], &s.skip[i]));
		after += s.skip[i].file + s.skip[i].record * 3 +
			 s.skip[i].offset * 7;
	}
	assert_true(after == sum);
	skips_release(&s);
	assert_int_equal(s.n, 0);
}

static void what_was_lost(void **state)
{
	struct skips s;

	(void)state;
	skips_init(&s);
	assert_true(skips_lost(&s) == 0);
	skips_add(&s, (struct skip){ .file = 1, .reason = "a" });
	skips_add(&s, (struct skip){ .file = 2, .foreign = true });
	skips_add(&s, (struct skip){ .file = 3, .record = 1 });
	s.unlisted = 40;
	assert_true(skips_lost(&s) == 42);
	skips_release(&s);
}

static void nothing_to_sort(void **state)
{
	struct skips s;

	(void)state;
	skips_init(&s);
	skips_sort(&s);
	assert_int_equal(s.n, 0);
	assert_true(s.unlisted == 0);
	skips_release(&s);
	skips_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted_by_place),
		cmocka_unit_test(what_was_lost),
		cmocka_unit_test(nothing_to_sort),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
