/* SPDX-License-Identifier: MIT */
/*
 * kills SEED N COMMAND: N sessions that write notes into $WORK/w.case, each
 * ended in some way at some moment, mostly amid keys that were typed ahead.
 * The sync key stands behind each note; it is answered when the note has been
 * dealt with and painted, so what was answered was confirmed on the screen.
 * After each session every note that was confirmed, in any session so far,
 * must be in the case or its journal, and no line may be torn but the last one
 * of the journal, which nobody was told of.
 *
 * With FULL_AFTER in its environment the program runs with full.so, which
 * lets it write so many bytes (a number by chance below that); then a note is
 * confirmed when the screen says so, and refused when it does not.
 */
#include "session_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/json.h"
#include "golden.h"

enum {
	MOST_NOTES = 12, /* in a session */
	PATIENCE_MS = 60000,
	END_CPU_MS = 20000, /* of a session: what spins takes more */
};

struct killer {
	struct session *s;
	uint64_t state;
	bool *confirmed; /* by number of the note */
	size_t n;
	uint64_t first_sync; /* number of the sync behind note `first` */
	size_t first;
	uint64_t full_after; /* 0: no full disk */
	bool failed;
};

static size_t chance(struct killer *k, size_t n)
{
	k->state = k->state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(k->state >> 33) % n;
}

static bool act(struct killer *k, const char *line)
{
	k->s->deadline = pty_now() + PATIENCE_MS;
	if (!k->failed && !session_step(k->s, str_of(line)))
		k->failed = true;
	return !k->failed;
}

/* Notes -------------------------------------------------------------------- */

/* ":note note-17.", where the number ends, so that 1 is not found in 17. */
static void write_note(struct killer *k)
{
	struct session *s = k->s;
	char text[96];
	int n = snprintf(text, sizeof(text), ":note note-%zu.\r%s\x1d", k->n,
			 chance(k, 3) ? "" : "j");

	if (!pty_send(&s->pty, (struct str){ text, (size_t)n }, s->deadline))
		k->failed = !session_fail(s, "it does not read its keys") &&
			    s->pty.running;
	s->wanted++;
	k->confirmed[k->n++] = false;
}

/* One at a time, told as kept or as refused. */
static void write_note_watching(struct killer *k)
{
	char line[96];

	snprintf(line, sizeof(line), "keys :note note-%zu.<Enter>", k->n);
	k->confirmed[k->n++] = false;
	if (!act(k, line))
		return;
	if (step_expect(k->s, STR("noted: ")))
		k->confirmed[k->n - 1] = true;
	else if (!step_expect(k->s, STR("No space left on device")))
		k->failed = true;
	strbuf_clear(&k->s->why);
}

static void note_answers(struct killer *k)
{
	for (size_t i = k->first; i < k->n && !k->full_after; i++)
		k->confirmed[i] = k->s->synced >=
				  k->first_sync + (i - k->first);
}

/* What is on the disk ------------------------------------------------------ */

static bool is_object(struct str line)
{
	struct arena arena;
	struct err err;
	bool good;

	arena_init(&arena);
	good = json_read(&arena, line, &err) != NULL;
	arena_release(&arena);
	return good;
}

/* Adds the lines to `all`; `may_tear`: the last line may be cut short. */
static bool read_lines(struct killer *k, const char *name, bool may_tear,
		       struct strbuf *all)
{
	struct strbuf path, text;
	struct str rest, line;
	bool good = true;

	strbuf_init(&path);
	strbuf_init(&text);
	strbuf_addf(&path, "%s/%s", k->s->work, name);
	if (golden_read(path.p, &text)) {
		rest = strbuf_str(&text);
		if (!may_tear && !str_ends(rest, STR("\n")))
			good = session_fail(k->s, "%s is torn", path.p);
		while (good && str_next(&rest, '\n', &line))
			if (line.n && !is_object(line) && (!may_tear || rest.n))
				good = session_fail(k->s,
						    "%s: a torn line: %.*s",
						    path.p, STR_ARG(line));
		strbuf_add(all, strbuf_str(&text));
	} else if (errno != ENOENT) {
		good = session_fail(k->s, "%s: %s", path.p, strerror(errno));
	}
	strbuf_release(&path);
	strbuf_release(&text);
	return good;
}

static void check_notes(struct killer *k)
{
	struct strbuf all;
	size_t kept = 0;

	strbuf_init(&all);
	if (!read_lines(k, "w.case", false, &all) ||
	    !read_lines(k, "w.case.journal", true, &all))
		k->failed = true;
	for (size_t i = 0; i < k->n && !k->failed; i++) {
		char text[48];

		snprintf(text, sizeof(text), "\"note-%zu.\"", i);
		kept += k->confirmed[i];
		if (!k->confirmed[i] ||
		    str_find(strbuf_str(&all), str_of(text), 0) != SIZE_MAX)
			continue;
		k->failed = true;
		session_fail(k->s, "note %zu was confirmed and is lost", i);
	}
	if (!k->failed)
		printf("  %zu of %zu notes were confirmed, none is lost\n",
		       kept, k->n);
	strbuf_release(&all);
}

/* Sessions ----------------------------------------------------------------- */

static const struct {
	const char *before, *how, *status;
	bool gives_back;
} ways[] = {
	{ NULL, "signal KILL", "killed KILL", false },
	{ NULL, "signal TERM", "exit 143", true },
	{ NULL, "signal HUP", "exit 129", true },
	{ NULL, "hangup", "exit 129", false },
	{ "ignore-hup", "hangup", "exit 129", false },
	{ NULL, "signal KILL", "killed KILL", false },
};

/* A disk that is full: what cannot be saved is told by the status. */
static bool check_end(struct killer *k, const char *status)
{
	if (!k->full_after)
		return act(k, status);
	if (!session_wait_for_end(k->s)) {
		k->failed = true;
		return false;
	}
	if (WIFEXITED(k->s->pty.status) && WEXITSTATUS(k->s->pty.status) == 5)
		return act(k, "exit 5");
	return act(k, status);
}

static void end(struct killer *k, size_t way)
{
	char line[48];

	/* A nap of chance: not for the clock's sake, but to be anywhere. */
	if (chance(k, 2))
		session_take(k->s, (int)chance(k, 60));
	session_take(k->s, 0);
	if (!act(k, ways[way].how))
		return;
	if (!check_end(k, ways[way].status))
		return;
	note_answers(k);
	if (ways[way].gives_back)
		act(k, "restored");
	snprintf(line, sizeof(line), "cpu <= %d", END_CPU_MS);
	act(k, line);
}

static void one_session(struct killer *k, struct str command)
{
	struct session *s = k->s;
	size_t way = chance(k, ARRAY_SIZE(ways));
	size_t notes = 1 + chance(k, MOST_NOTES);
	char line[1024];

	if (k->full_after) {
		snprintf(line, sizeof(line), "env FULL_AFTER=%zu",
			 chance(k, k->full_after));
		act(k, line);
	}
	if (ways[way].before)
		act(k, ways[way].before);
	snprintf(line, sizeof(line), "run %.*s", STR_ARG(command));
	if (!act(k, line) || !act(k, "keys 2g"))
		return;
	k->first = k->n;
	k->first_sync = s->wanted + 1;
	while (notes-- && !k->failed) {
		if (k->full_after)
			write_note_watching(k);
		else
			write_note(k);
		/* Typed ahead, or one after the other. */
		while (chance(k, 3) && !k->full_after && !k->failed &&
		       s->synced < s->wanted && s->pty.running &&
		       !session_out_of_time(s, "a note"))
			session_take(s, 20);
	}
	if (!k->failed)
		end(k, way);
	if (!k->failed)
		check_notes(k);
}

bool step_kills(struct session *s, struct str args)
{
	struct killer k = { .s = s };
	const char *full;
	struct str seed, count;
	uint64_t n = 0;

	args = str_trim(args);
	if (!str_next(&args, ' ', &seed) || !str_to_u64(seed, &k.state) ||
	    !str_next(&args, ' ', &count) || !str_to_u64(count, &n))
		return session_fail(s, "kills takes SEED N COMMAND");
	full = session_env(s, STR("FULL_AFTER"));
	if (full)
		str_to_u64(str_of(full), &k.full_after);
	k.confirmed = calloc((size_t)n + 1, MOST_NOTES * sizeof(bool));
	json_init();
	while (n-- && !k.failed)
		one_session(&k, args);
	free(k.confirmed);
	return !k.failed;
}
