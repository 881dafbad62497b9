/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/attr.h"
#include "ui/term/list.h"

static struct list make(size_t n, size_t height)
{
	struct list l = LIST_INIT;

	list_set_height(&l, height);
	list_set_count(&l, n);
	return l;
}

static void is(const struct list *l, size_t cursor, size_t top)
{
	if (l->cursor != cursor || l->top != top)
		fail_msg("cursor %zu, top %zu instead of %zu, %zu", l->cursor,
			 l->top, cursor, top);
}

static void lines(void **state)
{
	struct list l = make(10, 4);

	(void)state;
	assert_true(list_down(&l, 1));
	is(&l, 1, 0);
	assert_true(list_down(&l, 2));
	is(&l, 3, 0);
	assert_true(list_down(&l, 1));
	is(&l, 4, 1);
	assert_true(list_up(&l, 3));
	is(&l, 1, 1);
	assert_true(list_up(&l, 1));
	is(&l, 0, 0);
	assert_false(list_up(&l, 1));
	assert_true(list_down(&l, 1000));
	is(&l, 9, 6);
	assert_false(list_down(&l, 1));
	assert_int_equal(list_line(&l), 3);
}

static void pages(void **state)
{
	struct list l = make(100, 10);

	(void)state;
	list_down(&l, 4);
	assert_true(list_page_down(&l));
	is(&l, 13, 9); /* the cursor keeps its line, one row overlaps */
	assert_true(list_page_up(&l));
	is(&l, 4, 0);
	assert_true(list_page_up(&l));
	is(&l, 0, 0);
	assert_true(list_half_down(&l));
	is(&l, 5, 5);
	assert_true(list_last(&l));
	is(&l, 99, 90);
	assert_false(list_page_down(&l));
	assert_true(list_half_up(&l));
	is(&l, 94, 85);
	assert_true(list_first(&l));
	is(&l, 0, 0);
}

/* A page of one row, or none, still moves. */
static void pages_of_small_panes(void **state)
{
	struct list l = make(5, 1);

	(void)state;
	assert_true(list_page_down(&l));
	is(&l, 1, 1);
	assert_true(list_half_down(&l));
	is(&l, 2, 2);
	list_set_height(&l, 0);
	assert_true(list_page_down(&l));
	assert_int_equal(l.cursor, 3);
	assert_int_equal(list_shown(&l), 0);
}

static void empty(void **state)
{
	struct list l = make(0, 5);
	size_t row;

	(void)state;
	assert_false(list_down(&l, 1));
	assert_false(list_up(&l, 1));
	assert_false(list_last(&l));
	assert_false(list_page_down(&l));
	assert_false(list_goto(&l, 7));
	assert_false(list_row_at(&l, 0, &row));
	is(&l, 0, 0);
}

static void going_to_a_row(void **state)
{
	struct list l = make(100, 10);
	size_t row;

	(void)state;
	list_goto(&l, 5);
	is(&l, 5, 0); /* visible: nothing scrolls */
	list_goto(&l, 50);
	is(&l, 50, 45); /* not visible: in the middle */
	assert_true(list_row_at(&l, 5, &row));
	assert_int_equal(row, 50);
	assert_false(list_row_at(&l, 10, &row));
	list_goto(&l, 3);
	is(&l, 3, 0);
	list_goto(&l, 1000);
	is(&l, 99, 90);
	list_jump(&l, 40, 20); /* other rows */
	is(&l, 20, 15);
	list_jump(&l, 30, 16);
	is(&l, 16, 15);
	list_jump(&l, 0, 3);
	is(&l, 0, 0);
}

/* Coming back to a place that was left, exactly. */
static void showing_from_a_row(void **state)
{
	struct list l = make(100, 10);

	(void)state;
	list_goto(&l, 50);
	list_show_from(&l, 50);
	is(&l, 50, 50);
	list_show_from(&l, 41);
	is(&l, 50, 41);
	list_show_from(&l, 40); /* the cursor would be out of sight */
	is(&l, 50, 41);
	list_show_from(&l, 51);
	is(&l, 50, 41);
	list_last(&l);
	list_show_from(&l, 95); /* blank rows */
	is(&l, 99, 90);
}

static void rows_come_and_go(void **state)
{
	struct list l = make(100, 10);

	(void)state;
	list_goto(&l, 50);
	list_set_count(&l, 200);
	is(&l, 50, 45);
	list_set_count(&l, 52);
	is(&l, 50, 42); /* no blank rows at the end */
	list_set_count(&l, 20);
	is(&l, 19, 10);
	list_set_count(&l, 0);
	is(&l, 0, 0);
	list_set_count(&l, 3);
	is(&l, 0, 0);
}

/* A filter changes all the rows; the chosen one keeps its place on the
 * screen where it can. */
static void rows_are_replaced(void **state)
{
	struct list l = make(100, 10);

	(void)state;
	list_goto(&l, 50);
	list_replace(&l, 1000, 700);
	is(&l, 700, 695);
	list_replace(&l, 1000, 2);
	is(&l, 2, 0);
	list_replace(&l, 5, 9);
	is(&l, 4, 0);
}

static void a_new_height(void **state)
{
	struct list l = make(100, 10);

	(void)state;
	list_goto(&l, 50);
	list_set_height(&l, 3);
	is(&l, 50, 48);
	list_set_height(&l, 60);
	is(&l, 50, 40);
	list_set_height(&l, 200);
	is(&l, 50, 0);
}

static void check(const struct list *l)
{
	if (l->n ? l->cursor >= l->n : l->cursor != 0)
		fail_msg("cursor %zu of %zu", l->cursor, l->n);
	if (l->top > l->cursor)
		fail_msg("top %zu below the cursor %zu", l->top, l->cursor);
	if (!l->height)
		return;
	if (l->cursor - l->top >= l->height)
		fail_msg("cursor %zu not visible from %zu", l->cursor, l->top);
	if (l->top && l->n - l->top < l->height)
		fail_msg("blank rows: %zu rows, %zu from %zu on", l->n,
			 l->height, l->top);
}

static size_t next_random(uint64_t *seed, size_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(*seed >> 33) % below;
}

static void anything_goes(void **state)
{
	struct list l = LIST_INIT;
	uint64_t seed = 7;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		size_t n = next_random(&seed, 40);

		switch (next_random(&seed, 14)) {
		case 0:
			list_set_height(&l, next_random(&seed, 12));
			break;
		case 1:
			list_set_count(&l, n);
			break;
		case 2:
			list_replace(&l, n, next_random(&seed, 40));
			break;
		case 3:
			list_down(&l, n);
			break;
		case 4:
			list_up(&l, n);
			break;
		case 5:
			list_page_down(&l);
			break;
		case 6:
			list_page_up(&l);
			break;
		case 7:
			list_half_down(&l);
			break;
		case 8:
			list_half_up(&l);
			break;
		case 9:
			list_first(&l);
			break;
		case 10:
			list_last(&l);
			break;
		case 11:
			list_show_from(&l, n);
			break;
		default:
			list_goto(&l, next_random(&seed, 60));
			break;
		}
		check(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(pages),
		cmocka_unit_test(pages_of_small_panes),
		cmocka_unit_test(empty),
		cmocka_unit_test(going_to_a_row),
		cmocka_unit_test(showing_from_a_row),
		cmocka_unit_test(rows_come_and_go),
		cmocka_unit_test(rows_are_replaced),
		cmocka_unit_test(a_new_height),
		cmocka_unit_test(anything_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
