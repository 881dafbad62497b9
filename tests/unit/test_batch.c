/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/hash.h"
#include "store/batch.h"

static void rows_and_texts(void **state)
{
	struct string_tables t;
	struct batch b;
	struct event e = { .id = STR("5e2d8a14-0000-4000-8000-000000000001"),
			   .time = 1000,
			   .flags = OUTCOME_DENIED | EVENT_READ,
			   .kind = KIND_NETWORK };
	struct record_place place = { 3, 7, (uint64_t)1 << 40, 99 };

	(void)state;
	string_tables_init(&t);
	batch_init(&b, 2);
	e.column[EVENT_NAME] = STR("GetObject");
	e.column[EVENT_KEY] = STR("AKIARTX3GSDSREXAMPLE");
	e.more_keys[0] = STR("ASIARTX3GSDSREXAMPLE");
	e.more_key_count = 1;
	assert_int_equal(batch_add(&b, &t, &e, place, STR("raw")), 0);
	e.column[EVENT_NAME] = STR("PutObject");
	e.more_keys[0] = STR("AKIARTX3GSDSREXAMPLE");
	e.more_keys[1] = STR("AKIARTX3GSDSREXAMPL2");
	e.more_key_count = 2;
	assert_int_equal(batch_add(&b, &t, &e, place, STR("raw")), 1);
	assert_int_equal(b.n, 2);
	assert_int_equal(b.worker, 2);

	assert_true(b.row[0].time == 1000);
	assert_true(b.row[0].id.hi == 0x5e2d8a1400004000u);
	assert_true(b.row[0].id.lo == 0x8000000000000001u);
	assert_true(b.row[0].offset == (uint64_t)1 << 40);
	assert_int_equal(b.row[0].length, 99);
	assert_int_equal(b.row[0].record, 7);
	assert_int_equal(b.row[0].file, 3);
	assert_int_equal(b.row[0].kind, KIND_NETWORK);
	assert_int_equal(b.row[0].flags, OUTCOME_DENIED | EVENT_READ);
	assert_str(intern_text(&t.column[EVENT_NAME],
			       b.row[0].column[EVENT_NAME]),
		   "GetObject");
	assert_int_equal(b.row[0].column[EVENT_ERROR], 0);
	assert_int_equal(b.row[0].column[EVENT_KEY],
			 b.row[1].column[EVENT_KEY]);

	assert_int_equal(b.more_n, 3);
	assert_int_equal(b.more[0].row, 0);
	assert_int_equal(b.more[1].row, 1);
	assert_int_equal(b.more[1].key, b.row[0].column[EVENT_KEY]);
	assert_str(intern_text(&t.column[EVENT_KEY], b.more[2].key),
		   "AKIARTX3GSDSREXAMPL2");

	batch_seal(&b, &t);
	assert_int_equal(b.strings[EVENT_NAME], 3);
	assert_int_equal(b.strings[EVENT_KEY], 4);
	assert_int_equal(b.strings[EVENT_ERROR], 1);
	assert_int_equal(b.id_strings, 1);
	batch_release(&b);
	string_tables_release(&t);
}

static void ids_of_three_kinds(void **state)
{
	static const char *const texts[] = {
		"event-1",
		"event-2",
		"event-1",
		"5E2D8A14-0000-4000-8000-000000000001",
		"ffffffff-ffff-ffff-8000-000000000001",
	};
	struct string_tables t;
	struct batch b;
	struct event e = { .flags = EVENT_NO_ID };
	struct hash128 h = hash_content(STR("{\"a\":1}"));
	struct record_place place = { 0, 1, 0, 7 };

	(void)state;
	string_tables_init(&t);
	batch_init(&b, 0);
	batch_add(&b, &t, &e, place, STR("{\"a\":1}"));
	batch_add(&b, &t, &e, place, STR("{\"a\":2}"));
	assert_true(b.row[0].id.hi == h.hi && b.row[0].id.lo == h.lo);
	assert_true(b.row[1].id.lo != h.lo);
	e.flags = 0;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const struct batch_row *row;

		e.id = str_of(texts[i]);
		batch_add(&b, &t, &e, place, STR("x"));
		row = &b.row[b.n - 1];
		assert_true(row->id.hi == EVENT_ID_TEXT);
		assert_str_eq(intern_text(&t.ids, (uint32_t)row->id.lo), e.id);
	}
	assert_true(b.row[2].id.lo == b.row[4].id.lo);
	batch_seal(&b, &t);
	assert_int_equal(b.id_strings, 5);
	batch_release(&b);
	string_tables_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_texts),
		cmocka_unit_test(ids_of_three_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
