/* SPDX-License-Identifier: MIT */
/* The columns of the timeline at every width. */
#include "../unit/helpers.h"

#include "ui/panes/timeline_columns.h"

static int width_of(const struct column_layout *l, enum timeline_column col)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->at[i].col == col)
			return l->at[i].width;
	return 0;
}

/* Whatever the room: nothing beyond it, and the call and who made it from the
 * narrowest pane on that is drawn at all. */
static void every_width(void **state)
{
	const struct column_choice by_width = { .n = 0 };
	struct column_layout l, before = { .n = 0 };

	(void)state;
	for (int room = 20; room <= 260; room++) {
		columns_lay_out(&l, &by_width, room, 15);
		assert_true(l.total <= room);
		assert_true(width_of(&l, COL_EVENT) >= 6);
		assert_true(width_of(&l, COL_WHO) >= 6);
		/* What a narrower pane shows, a wider one shows as well. */
		for (size_t i = 0; i < before.n; i++)
			assert_true(width_of(&l, before.at[i].col) > 0);
		before = l;
	}
	for (int room = -20; room < 20; room++)
		columns_lay_out(&l, &by_width, room, 39);
}

/* At 80 columns, time and marks off: as terminal.md 3.3 has them. */
static void sets(void **state)
{
	const struct column_choice by_width = { .n = 0 };
	struct column_layout l;

	(void)state;
	columns_lay_out(&l, &by_width, 66, 15);
	assert_int_equal(l.n, 4);
	assert_int_equal(width_of(&l, COL_SERVICE), 6);
	assert_int_equal(width_of(&l, COL_IP), 15);
	assert_int_equal(width_of(&l, COL_REGION), 0);
	columns_lay_out(&l, &by_width, 186, 15);
	assert_int_equal(width_of(&l, COL_REGION), 14);
	assert_int_equal(width_of(&l, COL_ACCOUNT), 12);
	assert_int_equal(width_of(&l, COL_KEY), 20);
	/* Whole IPv6 addresses where there is room for them. */
	columns_lay_out(&l, &by_width, 186, 39);
	assert_int_equal(width_of(&l, COL_IP), 39);
	columns_lay_out(&l, &by_width, 66, 39);
	assert_int_equal(width_of(&l, COL_IP), 15);
}

static void chosen(void **state)
{
	struct column_choice c = { .n = 0 };
	struct column_layout l;
	struct strbuf text;
	struct err err;

	(void)state;
	assert_int_equal(columns_parse(&c, STR("event, who key"), &err),
			 ERR_OK);
	assert_int_equal(c.n, 3);
	columns_lay_out(&l, &c, 66, 15);
	assert_int_equal(l.n, 3);
	assert_int_equal(l.at[2].col, COL_KEY);
	assert_int_equal(l.at[2].width, 20);
	assert_true(l.total <= 66);
	/* What has no room is left out from the right. */
	columns_lay_out(&l, &c, 30, 15);
	assert_int_equal(l.n, 2);
	/* Wide: all of them, whatever the room. */
	c.wide = true;
	columns_lay_out(&l, &c, 30, 15);
	assert_int_equal(l.n, 3);
	assert_true(l.total > 30);

	strbuf_init(&text);
	columns_text(&c, &text);
	assert_true(str_eq(strbuf_str(&text), STR("event,who,key")));
	/* Nothing changes by what cannot be read. */
	assert_int_equal(columns_parse(&c, STR("event,wo"), &err), ERR_SYNTAX);
	assert_non_null(strstr(err.msg, "wo is no column"));
	assert_int_equal(columns_parse(&c, STR("ip,ip"), &err), ERR_SYNTAX);
	assert_int_equal(c.n, 3);
	assert_int_equal(columns_parse(&c, STR("auto"), &err), ERR_OK);
	assert_int_equal(c.n, 0);
	assert_true(c.wide);
	strbuf_clear(&text);
	columns_text(&c, &text);
	assert_true(str_eq(strbuf_str(&text), STR("auto")));
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_width),
		cmocka_unit_test(sets),
		cmocka_unit_test(chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
