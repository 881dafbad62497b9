/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include <fcntl.h>

#include "store/files.h"

static void ids_count_up(void **state)
{
	char path[40] = "logs/a.json.gz";
	struct files f;

	(void)state;
	files_init(&f);
	assert_int_equal(files_add(&f, path, 17), 0);
	/* The path is a copy. */
	strcpy(path, "x");
	for (uint32_t i = 1; i < 1000; i++) {
		snprintf(path, sizeof(path), "logs/%u", i);
		assert_int_equal(files_add(&f, path, i), i);
	}
	assert_int_equal(f.n, 1000);
	assert_string_equal(f.entry[0].path, "logs/a.json.gz");
	assert_int_equal(f.entry[0].bytes, 17);
	assert_int_equal(f.entry[0].fd, -1);
	assert_int_equal(f.entry[0].format, FILE_UNREAD);
	assert_int_equal(f.entry[0].points.n, 0);
	assert_string_equal(f.entry[999].path, "logs/999");
	files_release(&f);
	assert_int_equal(f.n, 0);
	files_release(&f);
}

static void what_is_held_open_is_closed(void **state)
{
	struct files f;
	int fd = open("/dev/null", O_RDONLY);

	(void)state;
	assert_true(fd >= 0);
	files_init(&f);
	files_add(&f, "-", 0);
	f.entry[0].fd = fd;
	files_release(&f);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void base_names(void **state)
{
	(void)state;
	assert_string_equal(file_base_name("a/b/c.json"), "c.json");
	assert_string_equal(file_base_name("c.json"), "c.json");
	assert_string_equal(file_base_name("/c"), "c");
	assert_string_equal(file_base_name("a/"), "");
	assert_string_equal(file_base_name(""), "");
}

static void formats_have_names(void **state)
{
	(void)state;
	for (int i = FILE_UNREAD; i <= FILE_EMPTY; i++)
		for (int k = FILE_UNREAD; k < i; k++)
			assert_string_not_equal(
				file_format_name((enum file_format)i),
				file_format_name((enum file_format)k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_count_up),
		cmocka_unit_test(what_is_held_open_is_closed),
		cmocka_unit_test(base_names),
		cmocka_unit_test(formats_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
