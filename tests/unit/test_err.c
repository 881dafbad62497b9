/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include <errno.h>

#include "base/err.h"

static void codes_have_words(void **state)
{
	static const char *const words[] = {
#define X(code, text) text,
		ERR_CODES(X)
#undef X
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		assert_string_equal(err_text((enum err_code)i), words[i]);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(words[i], words[j]);
	}
	assert_string_equal(err_text((enum err_code)999), "unknown error");
}

static void set_fills_code_and_message(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(err.code, ERR_OK);
	assert_string_equal(err.msg, "");
	assert_int_equal(err_set(&err, ERR_SYNTAX, "%s at %d", "comma", 7),
			 ERR_SYNTAX);
	assert_int_equal(err.code, ERR_SYNTAX);
	assert_string_equal(err.msg, "comma at 7");
}

static void long_messages_are_cut(void **state)
{
	char text[3 * ERR_MSG_MAX];
	struct err err = ERR_INIT;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_set(&err, ERR_IO, "%s", text);
	assert_int_equal(strlen(err.msg), ERR_MSG_MAX - 1);
	errno = ENOENT;
	err_errno(&err, "%s", text);
	assert_int_equal(strlen(err.msg), ERR_MSG_MAX - 1);
	err_wrap(&err, "%s", text);
	assert_int_equal(strlen(err.msg), ERR_MSG_MAX - 1);
}

static void errno_adds_its_text(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	errno = ENOENT;
	assert_int_equal(err_errno(&err, "open %s", "a.json"), ERR_IO);
	assert_int_equal(err.code, ERR_IO);
	assert_string_equal(err.msg, "open a.json: No such file or directory");
}

static void wrap_puts_words_before(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	err_set(&err, ERR_LIMIT, "inner");
	assert_int_equal(err_wrap(&err, "line %d", 3), ERR_LIMIT);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.msg, "line 3: inner");
	err_wrap(&err, "file");
	assert_string_equal(err.msg, "file: line 3: inner");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_have_words),
		cmocka_unit_test(set_fills_code_and_message),
		cmocka_unit_test(long_messages_are_cut),
		cmocka_unit_test(errno_adds_its_text),
		cmocka_unit_test(wrap_puts_words_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
