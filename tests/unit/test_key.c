/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/unicode.h"
#include "command/key.h"

static void parses(const char *name, key_code expected)
{
	key_code key = 1;

	if (!key_parse(str_of(name), &key))
		fail_msg("\"%s\" is not read", name);
	if (key != expected)
		fail_msg("\"%s\" is read as %x, not %x", name, key, expected);
}

static void refuses(const char *name)
{
	key_code key = 12345;

	if (key_parse(str_of(name), &key))
		fail_msg("\"%s\" is read as %x", name, key);
	assert_int_equal(key, 12345);
}

static void is_no_key(key_code key)
{
	char name[KEY_NAME_MAX];

	assert_string_equal(key_print(key, name), "");
}

static void names_are_read(void **state)
{
	(void)state;
	parses("g", 'g');
	parses("G", 'G');
	parses("<", '<');
	parses("-", '-');
	parses("^", '^');
	parses("\\", '\\');
	parses("\xc3\xa9", 0xe9);
	parses("Space", ' ');
	parses(" ", ' ');
	parses("PgDn", KEYC_PGDN);
	parses("pgdn", KEYC_PGDN);
	parses("PageDown", KEYC_PGDN);
	parses("S-Tab", KEYC_BACKTAB);
	parses("Enter", KEYC_ENTER);
	parses("^D", 4);
	parses("^d", 4);
	parses("^]", 0x1d);
	parses("F1", KEYC_F1);
	parses("f10", KEYC_F1 + 9);
	parses("F20", KEYC_F20);
}

/* What a terminal sends for ^I, ^M, ^J, ^[, ^H are keys of another name. */
static void control_keys_with_a_name(void **state)
{
	(void)state;
	parses("^I", KEYC_TAB);
	parses("^M", KEYC_ENTER);
	parses("^J", KEYC_ENTER);
	parses("^[", KEYC_ESC);
	parses("^H", KEYC_BACKSPACE);
	parses("^?", KEYC_BACKSPACE);
	is_no_key(KEYC_CTRL('i'));
	is_no_key(0x1b);
}

static void others_are_refused(void **state)
{
	(void)state;
	refuses("");
	refuses("gg");
	refuses("F0");
	refuses("F21");
	refuses("F01");
	refuses("F1x");
	refuses("^1");
	refuses("^@");
	refuses("Resize");
	refuses("M-x");
	refuses("\t");
	refuses("\x1b");
	refuses("\x7f");
	refuses("\xc2\x9b");     /* a C1 control */
	refuses("\xe2\x80\xae"); /* a bidirectional control */
	refuses("\xe2\x80\x8b"); /* invisible */
	refuses("\xcc\x81");     /* a combining mark alone */
	refuses("\xff");
	refuses("a\xcc\x81");
}

static void check_round_trip(key_code key)
{
	char name[KEY_NAME_MAX];
	key_code back = 0;

	key_print(key, name);
	/* What can be typed and seen by itself has a name. */
	if (!name[0] &&
	    (!key_text(key) || unicode_class(key) == UNICODE_COMBINING))
		return;
	if (!name[0] || strlen(name) >= KEY_NAME_MAX)
		fail_msg("%x has no proper name", key);
	if (!key_parse(str_of(name), &back) || back != key)
		fail_msg("%x is called %s, which is read as %x", key, name,
			 back);
}

static void names_and_keys_are_inverse(void **state)
{
	(void)state;
	for (key_code key = 0; key < 0x110400; key++)
		check_round_trip(key);
	check_round_trip(UINT32_MAX);
}

static void events_are_no_keys(void **state)
{
	(void)state;
	is_no_key(KEYC_NONE);
	is_no_key(KEYC_RESIZE);
	is_no_key(KEYC_PASTE);
	is_no_key(KEYC_HANGUP);
	assert_int_equal(key_text(KEYC_UP), 0);
	assert_int_equal(key_text(4), 0);
	assert_int_equal(key_text('x'), 'x');
	assert_int_equal(key_text(0x301), 0x301);
	assert_int_equal(key_text(0x202e), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(control_keys_with_a_name),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(names_and_keys_are_inverse),
		cmocka_unit_test(events_are_no_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
