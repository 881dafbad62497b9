/* SPDX-License-Identifier: MIT */
#include "golden.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool golden_read(const char *path, struct strbuf *out)
{
	char buffer[8192];
	FILE *f = fopen(path, "r");
	size_t n;

	if (!f)
		return false;
	while ((n = fread(buffer, 1, sizeof(buffer), f)) > 0)
		strbuf_add(out, (struct str){ buffer, n });
	fclose(f);
	return true;
}

static bool write_file(const char *path, struct str text)
{
	FILE *f = fopen(path, "w");
	bool good;

	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	good = fwrite(text.p, 1, text.n, f) == text.n;
	good &= fclose(f) == 0;
	return good;
}

/* Characters, each of which is taken to be a column. */
static size_t columns(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static size_t widest_line(struct str text)
{
	size_t most = 0;
	struct str line;

	while (str_next(&text, '\n', &line))
		if (columns(line) > most)
			most = columns(line);
	return most;
}

static void print_side_by_side(struct str expected, struct str actual)
{
	size_t width = widest_line(expected);
	struct str left, right;
	bool more_left, more_right;

	if (width < 8)
		width = 8;
	fprintf(stderr, "  %-*s   %s\n", (int)width, "expected", "actual");
	for (;;) {
		left = right = STR_NULL;
		more_left = str_next(&expected, '\n', &left);
		more_right = str_next(&actual, '\n', &right);
		if (!more_left && !more_right)
			return;
		fprintf(stderr, "%c %.*s%*s   %.*s\n",
			str_eq(left, right) ? ' ' : '!', STR_ARG(left),
			(int)(width - columns(left)), "", STR_ARG(right));
	}
}

bool golden_check(const char *path, const char *actual_path, struct str actual,
		  bool update)
{
	struct strbuf expected;
	bool same;

	if (update)
		return write_file(path, actual);
	strbuf_init(&expected);
	if (!golden_read(path, &expected))
		fprintf(stderr, "%s: %s; UPDATE=1 makes it\n", path,
			strerror(errno));
	same = str_eq(strbuf_str(&expected), actual);
	if (!same) {
		print_side_by_side(strbuf_str(&expected), actual);
		if (write_file(actual_path, actual))
			fprintf(stderr, "kept as %s\n", actual_path);
	}
	strbuf_release(&expected);
	return same;
}
