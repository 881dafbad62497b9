/* SPDX-License-Identifier: MIT */
/* What toggles keep is a filter that the store alone answers. */
#include "../unit/helpers.h"

#include "base/json.h"
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

static struct snapshot *load(struct investigation **inv)
{
	static const char *path;
	static struct strbuf text;
	struct investigation_options options = { .path = &path,
						 .path_n = 1,
						 .threads = 1,
						 .limits = LIMITS_DEFAULT };
	struct err err = ERR_INIT;

	strbuf_init(&text);
	strbuf_addf(&text, "%s/secutter", getenv("SAMPLES"));
	path = text.p;
	assert_int_equal(investigation_new(inv, &options, &err), ERR_OK);
	assert_int_equal(investigation_find(*inv, NULL, NULL, &err), ERR_OK);
	strbuf_release(&text);
	return investigation_load(*inv, NULL, NULL);
}

/* What was asked beforehand, one toggle at a time, is what is asked when it is
 * wanted. */
static void beforehand(void **state)
{
	struct toggles early = { .known = 0 }, late = { .known = 0 };
	struct investigation *inv;
	struct snapshot *snap = load(&inv);

	(void)state;
	for (int i = 0; i < TOGGLE_COUNT; i++) {
		assert_false(toggles_known(&early, snap));
		assert_true(toggles_step(&early, snap));
	}
	assert_true(toggles_known(&early, snap));
	assert_false(toggles_step(&early, snap));
	for (unsigned on = 0; on < 1u << TOGGLE_COUNT; on++) {
		struct rowset a = ROWSET_INIT, b = ROWSET_INIT;

		rowset_add_range(&a, 0, snap->store->n);
		rowset_add_range(&b, 0, snap->store->n);
		toggles_apply(&early, on, snap, &a);
		toggles_apply(&late, on, snap, &b);
		assert_int_equal(a.n, b.n);
		assert_memory_equal(a.row, b.row, a.n * sizeof(*a.row));
		assert_memory_equal(early.hidden, late.hidden,
				    sizeof(early.hidden));
		assert_true(!on || a.n < snap->store->n);
		rowset_release(&a);
		rowset_release(&b);
	}
	toggles_release(&early);
	toggles_release(&late);
	snapshot_release(snap);
	investigation_free(inv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_are_right),
		cmocka_unit_test(beforehand),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
