/* SPDX-License-Identifier: MIT */
/* The table of what can be done on the screen, held against its own rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "command/key.h"
#include "command/screen_command.h"

enum { MOST_KEYS = 4 };

struct keys {
	key_code key[MOST_KEYS];
	int n;
};

static struct keys keys_of(const struct screen_command_info *c)
{
	struct str rest = str_of(c->keys), name;
	struct keys keys = { { 0 }, 0 };

	while (str_next(&rest, ' ', &name)) {
		char spelled[KEY_NAME_MAX];
		key_code key = KEYC_NONE;

		if (!key_parse(name, &key))
			fail_msg("%s: no key is called %.*s", c->name,
				 (int)name.n, name.p);
		assert_true(keys.n < MOST_KEYS);
		/* The table writes a key as help will show it. */
		assert_true(str_eq(str_of(key_print(key, spelled)), name));
		keys.key[keys.n++] = key;
	}
	return keys;
}

static void test_rows_are_whole(void **state)
{
	(void)state;
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		const struct screen_command_info *c = &screen_commands[i];

		assert_non_null(c->name);
		assert_true(c->name[0] && c->group[0] && c->help[0]);
		assert_int_not_equal(c->context, 0);
		assert_int_equal(c->context & ~(uint32_t)IN_ALL, 0);
		assert_null(strchr(c->name, ' '));
		keys_of(c);
	}
}

static void test_a_key_does_one_thing_in_one_place(void **state)
{
	(void)state;
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++) {
		struct keys a = keys_of(&screen_commands[i]);

		for (int j = i + 1; j < SCREEN_COMMAND_COUNT; j++) {
			struct keys b = keys_of(&screen_commands[j]);

			if (!(screen_commands[i].context &
			      screen_commands[j].context))
				continue;
			for (int x = 0; x < a.n; x++)
				for (int y = 0; y < b.n; y++)
					if (a.key[x] == b.key[y])
						fail_msg(
							"%s and %s share a key",
							screen_commands[i].name,
							screen_commands[j]
								.name);
		}
	}
}

static void test_names_find_their_row(void **state)
{
	(void)state;
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++)
		assert_int_equal(
			screen_command_find(str_of(screen_commands[i].name)),
			i);
}

static void test_beginnings(void **state)
{
	(void)state;
	assert_int_equal(screen_command_find(str_of("piv")), DO_PIVOT);
	assert_int_equal(screen_command_find(str_of("zon")), DO_ZONE);
	/* zoom-in and zoom-out */
	assert_int_equal(screen_command_find(str_of("zoom")),
			 SCREEN_COMMAND_COUNT);
	/* search, and two that begin with it */
	assert_int_equal(screen_command_find(str_of("search")), DO_SEARCH);
	assert_int_equal(screen_command_find(str_of("sea")),
			 SCREEN_COMMAND_COUNT);
	assert_int_equal(screen_command_find(str_of("")), SCREEN_COMMAND_COUNT);
	assert_int_equal(screen_command_find(str_of("nosuch")),
			 SCREEN_COMMAND_COUNT);
	assert_string_equal(screen_command_nearest(str_of("lineag")),
			    "lineage");
	assert_null(screen_command_nearest(str_of("qwertyuiop")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows_are_whole),
		cmocka_unit_test(test_a_key_does_one_thing_in_one_place),
		cmocka_unit_test(test_names_find_their_row),
		cmocka_unit_test(test_beginnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
