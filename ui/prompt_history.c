/* SPDX-License-Identifier: MIT */
/*
 * Lines that were typed, for the next session: a file of lines "KIND TEXT",
 * added to as they are typed, so that a lost connection costs none.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "ui/app_private.h"

enum {
	HISTORY_FILE_MAX = 1024 * 1024, /* more than that is not read */
	HISTORY_TRIM = 256 * 1024,      /* then older lines go */
	HISTORY_LINE_MAX = 4096,
};

/* Notes and labels are the case's. */
static const char *const kinds[ASK_KINDS] = {
	[ASK_COMMAND] = "command", [ASK_FILTER] = "filter",
	[ASK_SEARCH] = "search",   [ASK_GOTO] = "goto",
	[ASK_CHOOSE] = "choose",
};

static void remember(struct app *a, struct str line)
{
	size_t space = str_find_char(line, ' ', 0);

	for (int i = 0; i < ASK_KINDS; i++)
		if (kinds[i] &&
		    str_eq(str_sub(line, 0, space), str_of(kinds[i])))
			prompt_remember(&a->prompt[i],
					str_from(line, space + 1));
}

/* Of a file that has become long the later half stays. */
static void trim(const char *path, struct str text)
{
	size_t cut = str_find_char(text, '\n', text.n / 2);
	struct err err;

	if (text.n < HISTORY_TRIM || cut == SIZE_MAX)
		return;
	/* What cannot be written stays long. */
	if (file_replace(path, str_from(text, cut + 1), &err))
		return;
}

void prompt_history_load(struct app *a)
{
	const char *path = a->options.history;
	struct strbuf text;
	struct str rest, line;
	struct err err;

	strbuf_init(&text);
	if (path && file_read(&text, path, HISTORY_FILE_MAX, &err) == ERR_OK) {
		rest = strbuf_str(&text);
		while (str_next(&rest, '\n', &line))
			remember(a, line);
		trim(path, strbuf_str(&text));
	}
	strbuf_release(&text);
}

/* The folders that lead to a file. */
static void make_folders(const char *path)
{
	struct strbuf folder;

	strbuf_init(&folder);
	for (const char *slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		strbuf_clear(&folder);
		strbuf_add(&folder,
			   (struct str){ path, (size_t)(slash - path) });
		if (mkdir(folder.p, 0700) != 0 && errno != EEXIST)
			break;
	}
	strbuf_release(&folder);
}

static int open_to_add(const char *path)
{
	const int how = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(path, how, 0600);

	if (fd < 0 && errno == ENOENT) {
		make_folders(path);
		fd = open(path, how, 0600);
	}
	return fd;
}

void prompt_history_add(struct app *a, enum prompt_kind kind, struct str line)
{
	struct strbuf text;
	int fd;

	if (!a->options.history || !kinds[kind] || !line.n ||
	    line.n > HISTORY_LINE_MAX || memchr(line.p, '\n', line.n))
		return;
	fd = open_to_add(a->options.history);
	if (fd < 0)
		return;
	strbuf_init(&text);
	strbuf_addf(&text, "%s ", kinds[kind]);
	strbuf_add(&text, line);
	strbuf_addc(&text, '\n');
	/* A line that is lost is no loss to an investigation. */
	if (write(fd, text.p, text.n) < 0)
		errno = 0;
	close(fd);
	strbuf_release(&text);
}
