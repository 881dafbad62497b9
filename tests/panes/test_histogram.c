/* SPDX-License-Identifier: MIT */
/* Buckets of the histogram beside a naive count. */
#include "../unit/helpers.h"

#include "ui/histogram.h"

enum { ROWS = 3000, MARKS = 400 };

static void beside_a_naive_count(void **state)
{
	static int64_t time[ROWS];
	static struct mark mark[MARKS];
	struct rng r = { 9 };

	(void)state;
	for (int round = 0; round < 40; round++) {
		struct store s = { .n = ROWS, .timed = ROWS, .time = time };
		struct marks marks = { .mark = mark };
		struct rowset rows = ROWSET_INIT;
		struct histogram h;
		int64_t t = (int64_t)rng_below(&r, 100000) - 50000;
		uint32_t most = 0;

		for (row_id i = 0; i < ROWS; i++) {
			t += rng_below(&r, round % 2 ? 5000 : 900000);
			time[i] = t;
			if (!rng_one_in(&r, 3))
				rowset_add(&rows, i);
			if (rng_one_in(&r, 9) && marks.n < MARKS)
				mark[marks.n++] = (struct mark){
					.row = i,
					.level = rng_below(&r, LEVEL_COUNT) &
						 0xff
				};
		}
		histogram_make(&h, &s, &marks, &rows, time[0], t + 1000,
			       20 + rng_below(&r, 150));
		assert_true(h.n > 0);
		for (size_t b = 0; b < h.n; b++) {
			int64_t from = h.start + (int64_t)b * h.length;
			uint32_t events = 0;
			int level = -1;

			for (size_t i = 0; i < rows.n; i++) {
				row_id row = rows.row[i];

				if (time[row] < from ||
				    time[row] >= from + h.length)
					continue;
				events++;
				for (size_t m = 0; m < marks.n; m++)
					if (mark[m].row == row &&
					    (int)mark[m].level > level)
						level = (int)mark[m].level;
			}
			assert_int_equal(h.bucket[b].events, events);
			assert_int_equal(h.bucket[b].level, level);
			if (events > most)
				most = events;
		}
		assert_int_equal(h.most, most);
		histogram_release(&h);
		rowset_release(&rows);
	}
}

/* What is no row is counted with them; what is outside is not. */
static void what_was_added(void **state)
{
	struct bucket bucket[] = { { 3, 2, false }, { 0, -1, false } };
	struct histogram h = { .start = 5000,
			       .length = 1000,
			       .bucket = bucket,
			       .n = 2,
			       .most = 3 };

	(void)state;
	histogram_add(&h, 6999);
	histogram_add(&h, 7000);
	histogram_add(&h, 4999);
	assert_int_equal(h.bucket[1].events, 1);
	assert_true(h.bucket[1].noted);
	assert_int_equal(h.bucket[1].level, -1);
	assert_int_equal(h.bucket[0].events, 3);
	assert_false(h.bucket[0].noted);
	assert_int_equal(h.most, 3);
	histogram_add(&h, 5000);
	assert_int_equal(h.bucket[0].events, 4);
	assert_int_equal(h.bucket[0].level, 2);
	assert_int_equal(h.most, 4);
}

static void scales(void **state)
{
	struct bucket bucket[] = {
		{ 0, -1, false },
		{ 1, -1, false },
		{ 25, -1, false },
		{ 100, -1, false },
	};
	const struct histogram h = {
		.length = 1000, .bucket = bucket, .n = 4, .most = 100
	};
	enum histogram_scale scale = HISTOGRAM_SQRT;

	(void)state;
	for (int s = HISTOGRAM_SQRT; s <= HISTOGRAM_LOG; s++) {
		scale = (enum histogram_scale)s;
		assert_int_equal(histogram_height(&h, 0, scale), 0);
		assert_true(histogram_height(&h, 1, scale) >= 1);
		assert_int_equal(histogram_height(&h, 3, scale), 8);
	}
	/* A quarter: half of it by the square root. */
	assert_int_equal(histogram_height(&h, 2, HISTOGRAM_SQRT), 1 + 3);
	assert_int_equal(histogram_height(&h, 2, HISTOGRAM_LIN), 1 + 1);
	assert_int_equal(histogram_height(&h, 2, HISTOGRAM_LOG), 1 + 4);
	assert_true(histogram_scale_parse(STR("LIN"), &scale));
	assert_int_equal(scale, HISTOGRAM_LIN);
	assert_false(histogram_scale_parse(STR("linear"), &scale));
	assert_int_equal(scale, HISTOGRAM_LIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(beside_a_naive_count),
		cmocka_unit_test(what_was_added),
		cmocka_unit_test(scales),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
