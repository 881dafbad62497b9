/* SPDX-License-Identifier: MIT */
/* What toggles keep is a filter that the store alone answers. */
#include "../unit/helpers.h"

#include "base/timefmt.h"
#include "query/parse.h"
#include "query/plan.h"
#include "ui/toggles.h"

static void filters_are_right(void **state)
{
	static const struct time_zone zone = TIME_ZONE_UTC;

	(void)state;
	for (int t = 0; t < TOGGLE_COUNT; t++) {
		const struct expr *expr;
		struct arena arena;
		struct plan *plan;
		struct err err;

		arena_init(&arena);
		assert_int_equal(
			query_read(str_of(toggle_keeps((enum toggle)t)), &zone,
				   &arena, &expr, &err),
			ERR_OK);
		assert_int_equal(plan_new(&plan, expr, &err), ERR_OK);
		assert_false(plan_needs_records(plan));
		plan_free(plan);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_are_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
