/* SPDX-License-Identifier: MIT */
/*
 * Sets of rows against arrays of bool.
 */
#include "helpers.h"

#include "store/rowset.h"

enum { ROWS = 3000 };

static void check_rows(const struct rowset *s, const bool *want, row_id count)
{
	size_t k = 0;

	for (row_id r = 0; r < count; r++) {
		assert_int_equal(rowset_seek(s, r), k);
		assert_int_equal(rowset_has(s, r), want[r]);
		if (!want[r])
			continue;
		assert_true(k < s->n);
		assert_int_equal(s->row[k++], r);
	}
	assert_int_equal(s->n, k);
	assert_int_equal(rowset_seek(s, count), k);
	assert_false(rowset_has(s, count));
}

/* One row in `of`, sometimes in runs. */
static void fill(struct rng *r, struct rowset *s, bool *b, row_id count,
		 uint32_t of)
{
	rowset_clear(s);
	memset(b, 0, ROWS);
	for (row_id row = 0; row < count;) {
		row_id run = 1;

		if (!rng_one_in(r, of)) {
			row++;
			continue;
		}
		if (rng_one_in(r, 8))
			run = 1 + rng_below(r, 20);
		if (run > count - row)
			run = count - row;
		if (run == 1)
			rowset_add(s, row);
		else
			rowset_add_range(s, row, row + run);
		memset(b + row, 1, run);
		row += run;
	}
}

static void like_arrays_of_bool(void **state)
{
	static bool in_a[ROWS], in_b[ROWS], want[ROWS];
	static const uint32_t density[] = { 1, 2, 5, 40, 900 };
	struct rowset a = ROWSET_INIT, b = ROWSET_INIT, out = ROWSET_INIT;
	struct rng r = { 30 };

	(void)state;
	for (int round = 0; round < 150; round++) {
		row_id count = rng_below(&r, ROWS);

		fill(&r, &a, in_a, count, density[rng_below(&r, 5)]);
		fill(&r, &b, in_b, count, density[rng_below(&r, 5)]);
		check_rows(&a, in_a, count);
		for (row_id i = 0; i < count; i++)
			want[i] = in_a[i] && in_b[i];
		rowset_intersect(&out, &a, &b);
		check_rows(&out, want, count);
		for (row_id i = 0; i < count; i++)
			want[i] = in_a[i] || in_b[i];
		rowset_union(&out, &a, &b);
		check_rows(&out, want, count);
		for (row_id i = 0; i < count; i++)
			want[i] = in_a[i] && !in_b[i];
		rowset_subtract(&out, &a, &b);
		check_rows(&out, want, count);
		rowset_copy(&out, &a);
		check_rows(&out, in_a, count);
	}
	rowset_release(&a);
	rowset_release(&b);
	rowset_release(&out);
}

/* Sets that differ so much in size that the small one is looked up. */
static void small_and_big(void **state)
{
	struct rowset small = ROWSET_INIT, big = ROWSET_INIT;
	struct rowset out = ROWSET_INIT;

	(void)state;
	for (row_id r = 0; r < 30000; r += 3)
		rowset_add(&big, r);
	rowset_add(&small, 0);
	rowset_add(&small, 1);
	rowset_add(&small, 14997);
	rowset_add(&small, 29997);
	rowset_add(&small, 40000);
	for (int swap = 0; swap < 2; swap++) {
		rowset_intersect(&out, swap ? &big : &small,
				 swap ? &small : &big);
		assert_int_equal(out.n, 3);
		assert_int_equal(out.row[0], 0);
		assert_int_equal(out.row[1], 14997);
		assert_int_equal(out.row[2], 29997);
	}
	rowset_release(&small);
	rowset_release(&big);
	rowset_release(&out);
}

static void empty_sets(void **state)
{
	struct rowset none = ROWSET_INIT, out = ROWSET_INIT;

	(void)state;
	assert_int_equal(rowset_seek(&none, 0), 0);
	assert_false(rowset_has(&none, 0));
	rowset_intersect(&out, &none, &none);
	assert_int_equal(out.n, 0);
	rowset_union(&out, &none, &none);
	assert_int_equal(out.n, 0);
	rowset_subtract(&out, &none, &none);
	assert_int_equal(out.n, 0);
	rowset_add_range(&out, 5, 5);
	rowset_add_range(&out, 9, 3);
	assert_int_equal(out.n, 0);
	rowset_copy(&out, &none);
	assert_int_equal(out.n, 0);
	rowset_release(&none);
	rowset_release(&out);
	/* Twice does no harm. */
	rowset_release(&out);
}

static void views_own_nothing(void **state)
{
	static const row_id rows[] = { 2, 4, 8, ROW_NONE - 1 };
	struct rowset view = rowset_view(rows, 4), out = ROWSET_INIT;

	(void)state;
	assert_true(rowset_has(&view, ROW_NONE - 1));
	assert_int_equal(rowset_seek(&view, 5), 2);
	rowset_union(&out, &view, &view);
	assert_int_equal(out.n, 4);
	rowset_release(&view);
	assert_int_equal(view.n, 0);
	rowset_release(&out);
}

static void clearing_keeps_the_memory(void **state)
{
	struct rowset s = ROWSET_INIT;
	row_id *before;

	(void)state;
	rowset_add_range(&s, 0, 1000);
	before = s.row;
	rowset_clear(&s);
	assert_int_equal(s.n, 0);
	rowset_add(&s, 0);
	assert_ptr_equal(s.row, before);
	rowset_release(&s);
}

#ifndef NDEBUG
static void add_backwards(void *arg)
{
	rowset_add(arg, 4);
}

static void add_again(void *arg)
{
	rowset_add(arg, 5);
}

static void add_range_over(void *arg)
{
	rowset_add_range(arg, 5, 9);
}

static void other_orders_assert(void **state)
{
	struct rowset s = ROWSET_INIT;

	(void)state;
	rowset_add(&s, 5);
	assert_true(does_abort(add_backwards, &s));
	assert_true(does_abort(add_again, &s));
	assert_true(does_abort(add_range_over, &s));
	rowset_release(&s);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_arrays_of_bool),
		cmocka_unit_test(small_and_big),
		cmocka_unit_test(empty_sets),
		cmocka_unit_test(views_own_nothing),
		cmocka_unit_test(clearing_keeps_the_memory),
#ifndef NDEBUG
		cmocka_unit_test(other_orders_assert),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
