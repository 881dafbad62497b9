/* SPDX-License-Identifier: MIT */
#include "casework/watch.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helpers.h"

enum { EVERY_MS = 20, LONG_MS = 10000, QUIET_MS = 400 };

struct folder {
	char path[64], file[96], other[96];
	const char *paths[1];
};

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void folder_make(struct folder *f)
{
	snprintf(f->path, sizeof(f->path), "/tmp/test_watch.XXXXXX");
	assert_non_null(mkdtemp(f->path));
	snprintf(f->file, sizeof(f->file), "%s/a.json", f->path);
	snprintf(f->other, sizeof(f->other), "%s/b.json", f->path);
	f->paths[0] = f->path;
	write_file(f->file, "one");
}

static void folder_remove_all(struct folder *f)
{
	unlink(f->file);
	unlink(f->other);
	rmdir(f->path);
}

static struct watch *watch_of(struct folder *f)
{
	const struct watch_terms terms = { .path = f->paths,
					   .path_n = 1,
					   .every_ms = EVERY_MS };
	struct watch *w;
	struct err err;

	assert_int_equal(watch_new(&w, &terms, &err), ERR_OK);
	return w;
}

static bool told(struct watch *w, int ms)
{
	struct pollfd fd = { watch_fd(w), POLLIN, 0 };

	poll(&fd, 1, ms);
	return watch_take(w);
}

static void tells_of_changes(void **state)
{
	struct folder f;
	struct watch *w;

	(void)state;
	folder_make(&f);
	w = watch_of(&f);
	/* Once for what came before, and then not. */
	assert_true(told(w, LONG_MS));
	assert_false(told(w, QUIET_MS));
	/* A new file, another size, the same size again, and one less. */
	write_file(f.other, "two");
	assert_true(told(w, LONG_MS));
	assert_false(told(w, QUIET_MS));
	write_file(f.other, "three");
	assert_true(told(w, LONG_MS));
	write_file(f.other, "sixth");
	assert_true(told(w, LONG_MS));
	unlink(f.other);
	assert_true(told(w, LONG_MS));
	assert_false(told(w, QUIET_MS));
	watch_free(w);
	folder_remove_all(&f);
}

/* A folder that goes and comes back is news both times. */
static void tells_of_a_folder_that_goes(void **state)
{
	char away[80];
	struct folder f;
	struct watch *w;

	(void)state;
	folder_make(&f);
	snprintf(away, sizeof(away), "%s.away", f.path);
	w = watch_of(&f);
	assert_true(told(w, LONG_MS));
	assert_int_equal(rename(f.path, away), 0);
	assert_true(told(w, LONG_MS));
	assert_int_equal(rename(away, f.path), 0);
	assert_true(told(w, LONG_MS));
	watch_free(w);
	folder_remove_all(&f);
}

/* What changed and was changed back while it rested is no news. */
static void rests(void **state)
{
	struct folder f;
	struct watch *w;

	(void)state;
	folder_make(&f);
	w = watch_of(&f);
	assert_true(told(w, LONG_MS));
	watch_rest(w, 3600 * 1000);
	write_file(f.other, "two");
	assert_false(told(w, QUIET_MS));
	unlink(f.other);
	assert_false(told(w, QUIET_MS));
	write_file(f.other, "two");
	assert_false(told(w, QUIET_MS));
	watch_rest(w, 0);
	assert_true(told(w, LONG_MS));
	watch_free(w);
	folder_remove_all(&f);
}

static void refuses_pipes(void **state)
{
	static const char *const dash[] = { "/tmp", "-" };
	const struct watch_terms terms = { .path = dash, .path_n = 2 };
	struct watch *w;
	struct err err;

	(void)state;
	assert_int_equal(watch_new(&w, &terms, &err), ERR_UNSUPPORTED);
	assert_non_null(strstr(err.msg, "standard input"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_of_changes),
		cmocka_unit_test(tells_of_a_folder_that_goes),
		cmocka_unit_test(rests),
		cmocka_unit_test(refuses_pipes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
