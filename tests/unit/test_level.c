/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "model/level.h"

static const char *const names[] = { "informational", "low", "medium", "high",
				     "critical" };

static void names_and_letters(void **state)
{
	(void)state;
	assert_int_equal(ARRAY_SIZE(names), LEVEL_COUNT);
	for (int i = 0; i < LEVEL_COUNT; i++) {
		enum level level = (enum level)i, back;

		assert_string_equal(level_name(level), names[i]);
		assert_int_equal(level_letter(level), "ILMHC"[i]);
		/* Any beginning of a name. */
		for (size_t n = 1; n <= strlen(names[i]); n++) {
			struct str s = { names[i], n };

			assert_true(level_parse(s, &back));
			assert_int_equal(back, level);
		}
	}
}

static void reading(void **state)
{
	static const char *const bad[] = { "",      "x",       "higher",
					   "infos", "mediumm", " low" };
	enum level level = LEVEL_LOW;

	(void)state;
	assert_true(level_parse(STR("HIGH"), &level));
	assert_int_equal(level, LEVEL_HIGH);
	assert_true(level_parse(STR("Info"), &level));
	assert_int_equal(level, LEVEL_INFORMATIONAL);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(level_parse(str_of(bad[i]), &level));
	assert_false(level_parse(STR_NULL, &level));
	assert_false(level_parse(STR("low\0"), &level));
	assert_int_equal(level, LEVEL_INFORMATIONAL);
}

static void outcomes_lower_it(void **state)
{
	(void)state;
	for (int i = 0; i < LEVEL_COUNT; i++) {
		enum level level = (enum level)i;

		assert_int_equal(level_for_outcome(level, OUTCOME_OK), i);
		assert_int_equal(level_for_outcome(level, OUTCOME_DENIED),
				 i < 1 ? 0 : i - 1);
		assert_int_equal(level_for_outcome(level, OUTCOME_FAILED),
				 i < 2 ? 0 : i - 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_letters),
		cmocka_unit_test(reading),
		cmocka_unit_test(outcomes_lower_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
