/* SPDX-License-Identifier: MIT */
/* Small files, whole. */
#include "helpers.h"

#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

static void files_are_read_whole_or_not(void **state)
{
	char path[] = "/tmp/trawl-file-XXXXXX";
	int fd = mkstemp(path);
	struct err err = ERR_INIT;
	struct strbuf b;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a\0b\n", 4), 4);
	close(fd);
	strbuf_init(&b);
	strbuf_adds(&b, "before ");
	assert_int_equal(file_read(&b, path, 4, &err), ERR_OK);
	assert_int_equal(b.n, 11);
	assert_memory_equal(b.p, "before a\0b\n", 11);
	assert_int_equal(file_read(&b, path, 3, &err), ERR_LIMIT);
	unlink(path);
	assert_int_equal(file_read(&b, path, 4, &err), ERR_IO);
	check(str_starts(str_of(err.msg), str_of(path)), "%s", err.msg);
	assert_int_equal(file_read(&b, "/", 4, &err), ERR_IO);
	strbuf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read_whole_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
