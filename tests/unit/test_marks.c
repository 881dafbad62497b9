/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "store/marks.h"

static void marks_of_rows(void **state)
{
	enum { N = 2000, ROWS = 300, LABELS = 9 };
	static bool there[ROWS][LABELS];
	static uint32_t level_of[ROWS][LABELS];
	struct mark *mark = mem_alloc(N * sizeof(*mark));
	struct mark_label *label = mem_zero(LABELS, sizeof(*label));
	struct rng r = { 32 };
	struct marks m;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < N; i++) {
		row_id row = rng_below(&r, ROWS);
		uint32_t k = rng_below(&r, LABELS);

		if (there[row][k] || row % 7 == 3)
			continue;
		there[row][k] = true;
		level_of[row][k] = rng_below(&r, LEVEL_COUNT);
		mark[n++] = (struct mark){ .row = row,
					   .label = k & 0xffffff,
					   .level = level_of[row][k] & 0xff };
	}
	marks_init(&m, label, LABELS, mark, n);
	assert_int_equal(m.n, n);
	for (row_id row = 0; row < ROWS + 5; row++) {
		size_t found = 99, k = 0;
		const struct mark *of = marks_of(&m, row, &found);
		int highest = -1;

		for (uint32_t l = 0; row < ROWS && l < LABELS; l++) {
			if (!there[row][l])
				continue;
			assert_true(k < found);
			assert_int_equal(of[k].row, row);
			assert_int_equal(of[k].label, l);
			assert_int_equal(of[k].level, level_of[row][l]);
			if ((int)level_of[row][l] > highest)
				highest = (int)level_of[row][l];
			k++;
		}
		assert_int_equal(found, k);
		assert_int_equal(of == NULL, k == 0);
		assert_int_equal(marks_level(&m, row), highest);
	}
	marks_release(&m);
	assert_int_equal(m.n, 0);
}

static void no_marks(void **state)
{
	struct marks m;
	size_t n = 99;

	(void)state;
	marks_init(&m, NULL, 0, NULL, 0);
	assert_null(marks_of(&m, 0, &n));
	assert_int_equal(n, 0);
	assert_int_equal(marks_level(&m, 0), -1);
	marks_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_of_rows),
		cmocka_unit_test(no_marks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
