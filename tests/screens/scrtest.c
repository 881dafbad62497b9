/* SPDX-License-Identifier: MIT */
/*
 * scrtest - runs a program on a pseudo-terminal as a script says
 *
 *	scrtest [-w FOLDER] SCRIPT...
 *
 * FOLDER is where the programs' home folders and the screens that differ go.
 * UPDATE=1 writes the goldens anew. SCREEN_TIMEOUT is the most seconds that a
 * script may take, 60 unless set. README.md tells what a script can say.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "golden.h"
#include "session.h"

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* What every program finds, whoever runs the tests. */
static void set_environment(struct session *s)
{
	static const char *const kept[] = { "PATH", "ASAN_OPTIONS",
					    "UBSAN_OPTIONS", "LSAN_OPTIONS",
					    "TRAWL_SOURCE_DIR" };
	struct strbuf b;

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (getenv(kept[i]))
			session_set_env(s, kept[i], getenv(kept[i]));
	session_set_env(s, "TERM", "xterm-256color");
	session_set_env(s, "LC_ALL", "C.UTF-8");
	session_set_env(s, "TZ", "UTC");
	session_set_env(s, "TRAWL_SYNC", "1");
	session_set_env(s, "TRAWL_NOW", "1767985200");
	session_set_env(s, "HOME", s->work);
	session_set_env(s, "WORK", s->work);
	session_set_env(s, "USER", "analyst");
	session_set_env(s, "SHELL", "/bin/sh");
	strbuf_init(&b);
	for (int i = 0; i < 4; i++) {
		static const char *const names[] = { "XDG_CONFIG_HOME",
						     "XDG_DATA_HOME",
						     "XDG_STATE_HOME",
						     "XDG_CACHE_HOME" };

		strbuf_clear(&b);
		strbuf_addf(&b, "%s/%s", s->work, names[i]);
		session_set_env(s, names[i], b.p);
	}
	strbuf_release(&b);
}

static void report(struct session *s, const char *script, size_t line,
		   struct str text)
{
	struct strbuf b;

	fprintf(stderr, "%s:%zu: %.*s\n  %s\n", script, line, STR_ARG(text),
		s->why.p);
	if (!s->started)
		return;
	strbuf_init(&b);
	screen_dump(s->screen, true, &b);
	fprintf(stderr, "-- the screen:\n%s", b.p);
	strbuf_clear(&b);
	raw_escape_tail(strbuf_str(&s->pty.raw), 2048, &b);
	fprintf(stderr, "-- the last output:\n%s\n", b.p);
	strbuf_release(&b);
}

static bool run_lines(struct session *s, const char *script, struct str text)
{
	struct str line;
	size_t number = 0;

	while (str_next(&text, '\n', &line)) {
		number++;
		if (str_starts(line, STR("matrix ")))
			continue;
		if (!session_step(s, line)) {
			report(s, script, number, line);
			return false;
		}
	}
	if (!session_finish(s)) {
		report(s, script, number, STR("(end)"));
		return false;
	}
	return true;
}

static uint64_t most_seconds(void)
{
	const char *text = getenv("SCREEN_TIMEOUT");
	uint64_t seconds;

	return text && str_to_u64(str_of(text), &seconds) ? seconds : 60;
}

/* The script's name without folder and ".scr". */
static struct str base_name(const char *script)
{
	struct str s = str_of(script);
	size_t slash = str_find_last(s, '/'), dot;

	if (slash != SIZE_MAX)
		s = str_from(s, slash + 1);
	dot = str_find_last(s, '.');
	return dot == SIZE_MAX ? s : str_sub(s, 0, dot);
}

/* Once, with NAME=VALUE in the program's environment if there is a name. */
static bool run_once(const char *script, struct str text, const char *folder,
		     const char *name, const char *value)
{
	const char *update = getenv("UPDATE");
	struct str script_name = str_of(script);
	size_t slash = str_find_last(script_name, '/');
	struct strbuf work, dir;
	struct session s;
	bool good;

	strbuf_init(&work);
	strbuf_init(&dir);
	strbuf_addf(&work, "%s/%.*s", folder, STR_ARG(base_name(script)));
	if (name)
		strbuf_addf(&work, ".%s", value);
	strbuf_add(&dir, slash == SIZE_MAX ? STR(".") :
					     str_sub(script_name, 0, slash));
	nftw(work.p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mkdir(folder, 0777);
	if (mkdir(work.p, 0777) < 0)
		fprintf(stderr, "%s: %s\n", work.p, strerror(errno));

	session_init(&s, dir.p, work.p);
	s.update = update && strcmp(update, "1") == 0;
	s.deadline = pty_now() + most_seconds() * 1000;
	set_environment(&s);
	if (name)
		session_set_env(&s, name, value);
	printf("%s%s%s%s%s\n", script, name ? " " : "", name ? name : "",
	       name ? "=" : "", name ? value : "");
	fflush(stdout);
	good = run_lines(&s, script, text);
	session_release(&s);
	strbuf_release(&work);
	strbuf_release(&dir);
	return good;
}

/* "matrix NAME value..." anywhere in it: once for each value. */
static bool run_all(const char *script, struct str text, const char *folder)
{
	struct str rest = text, line = STR_NULL, name, value;
	char name_copy[64], value_copy[128];
	bool good = true;

	while (str_next(&rest, '\n', &line))
		if (str_starts(line, STR("matrix ")))
			break;
	if (!str_starts(line, STR("matrix ")))
		return run_once(script, text, folder, NULL, NULL);
	line = str_trim(str_from(line, 7));
	str_next(&line, ' ', &name);
	snprintf(name_copy, sizeof(name_copy), "%.*s", STR_ARG(name));
	while (str_next(&line, ' ', &value)) {
		if (!value.n)
			continue;
		snprintf(value_copy, sizeof(value_copy), "%.*s",
			 STR_ARG(value));
		good &= run_once(script, text, folder, name_copy, value_copy);
	}
	return good;
}

int main(int argc, char **argv)
{
	const char *folder = "screens-work";
	bool good = true;
	int option;

	while ((option = getopt(argc, argv, "w:")) != -1) {
		if (option != 'w')
			return 2;
		folder = optarg;
	}
	for (int i = optind; i < argc; i++) {
		struct strbuf text;

		strbuf_init(&text);
		if (golden_read(argv[i], &text)) {
			good &= run_all(argv[i], strbuf_str(&text), folder);
		} else {
			fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
			good = false;
		}
		strbuf_release(&text);
	}
	return good ? 0 : 1;
}
