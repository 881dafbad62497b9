/* SPDX-License-Identifier: MIT */
/*
 * kills SEED N COMMAND: N sessions that say things in $WORK/w.case, each
 * ended in some way at some moment, mostly amid keys that were typed ahead.
 * The sync key stands behind each; it is answered when the saying has been
 * dealt with and painted, so what was answered was confirmed on the screen.
 * After each session all that was confirmed, in any session so far,
 * must be in the case or its journal, and no line may be torn but the last one
 * of the journal, which nobody was told of.
 *
 * With FULL_AFTER in its environment the program runs with full.so, which
 * lets it write so many bytes (a number by chance below that); then a saying is
 * confirmed when the screen says so, and refused when it does not.
 */
#include "session_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/json.h"
#include "chance.h"
#include "golden.h"

enum {
	MOST_SAYINGS = 12, /* in a session */
	PATIENCE_MS = 60000,
	END_CPU_MS = 20000, /* of a session: what spins takes more */
};

struct said {
	const struct kind *kind;
	bool confirmed;
};

struct killer {
	struct session *s;
	uint64_t state;
	struct said *said; /* by number */
	size_t n;
	uint64_t first_sync; /* number of the sync behind number `first` */
	size_t first;
	uint64_t full_after; /* 0: no full disk */
	bool failed;
};

static size_t chance(struct killer *k, size_t n)
{
	return chance_below(&k->state, n);
}

static bool act(struct killer *k, const char *line)
{
	k->s->deadline = pty_now() + PATIENCE_MS;
	if (!k->failed && !session_step(k->s, str_of(line)))
		k->failed = true;
	return !k->failed;
}

/* Sayings ------------------------------------------------------------------ */

/*
 * All that a case takes. What says it has its number in it, with a point behind
 * it so that 1 is not found in 17; or, where nothing of the analyst's is in it,
 * its lines are counted, which only ever become more.
 */
static const struct kind {
	const char *keys;    /* that say it: # is the number */
	const char *told;    /* what the screen says then */
	const char *counted; /* NULL: the number is looked for */
} kinds[] = {
	{ "2X:note said-#.\r", "takes it back", NULL },
	{ "2X:tag said-#.\r", "takes it back", NULL },
	{ "1X:note said-#.\r", "takes it back", NULL },
	{ "1X:mute said-#.\r", "takes it back", NULL },
	{ "X:evidence 2026-10-07 10:33; said-#.; bash\r", "takes it back",
	  NULL },
	{ "X:filter event:A*#*\r:save said-#.\r", "brings it back", NULL },
	/* Of this pair one at least changes something. */
	{ "1X:disposition t\r:disposition b\r", "takes it back",
	  "\"entry\":\"disposition\"" },
	{ "2Xm", "star", "star\",\"time" },
	/* Said, and taken back. */
	{ "2X:note said-#.\ru", NULL, NULL },
};

static void add_keys(const struct kind *kind, size_t n, struct strbuf *out)
{
	for (const char *p = kind->keys; *p; p++)
		if (*p == '#')
			strbuf_addf(out, "%zu", n);
		else
			strbuf_addc(out, *p);
}

static const struct kind *choose(struct killer *k)
{
	const struct kind *kind = &kinds[chance(k, ARRAY_SIZE(kinds))];

	while (k->full_after && !kind->told)
		kind = &kinds[chance(k, ARRAY_SIZE(kinds))];
	k->said[k->n++] = (struct said){ .kind = kind };
	return kind;
}

static void say(struct killer *k)
{
	const struct kind *kind;
	struct session *s = k->s;
	struct strbuf text;

	strbuf_init(&text);
	kind = choose(k);
	add_keys(kind, k->n - 1, &text);
	strbuf_adds(&text, chance(k, 3) ? "\x1d" : "j\x1d");
	if (!pty_send(&s->pty, strbuf_str(&text), s->deadline))
		k->failed = !session_fail(s, "it does not read its keys") &&
			    s->pty.running;
	s->wanted++;
	strbuf_release(&text);
}

/* One at a time, told as kept or as refused. */
static void say_watching(struct killer *k)
{
	const struct kind *kind = choose(k);
	struct session *s = k->s;
	struct strbuf text;

	strbuf_init(&text);
	add_keys(kind, k->n - 1, &text);
	s->deadline = pty_now() + PATIENCE_MS;
	s->wanted++;
	strbuf_addc(&text, '\x1d');
	if (!pty_send(&s->pty, strbuf_str(&text), s->deadline))
		k->failed = !session_fail(s, "it does not read its keys");
	while (!k->failed && s->synced < s->wanted && s->pty.running) {
		if (session_out_of_time(s, "a saying"))
			k->failed = true;
		session_take(s, 20);
	}
	strbuf_release(&text);
	if (k->failed)
		return;
	if (step_expect(s, str_of(kind->told)))
		k->said[k->n - 1].confirmed = true;
	else if (!step_expect(s, STR("No space left on device")))
		k->failed = true;
	if (!k->failed)
		strbuf_clear(&s->why);
}

static void note_answers(struct killer *k)
{
	for (size_t i = k->first; i < k->n && !k->full_after; i++)
		k->said[i].confirmed = k->s->synced >=
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

static size_t count(struct str text, const char *what)
{
	size_t n = 0;

	for (size_t at = 0; (at = str_find(text, str_of(what), at)) != SIZE_MAX;
	     at++)
		n++;
	return n;
}

/* All that was confirmed is there. */
static void check_said(struct killer *k)
{
	struct strbuf all;
	size_t kept = 0, wanted[ARRAY_SIZE(kinds)] = { 0 };

	strbuf_init(&all);
	if (!read_lines(k, "w.case", false, &all) ||
	    !read_lines(k, "w.case.journal", true, &all))
		k->failed = true;
	for (size_t i = 0; i < k->n && !k->failed; i++) {
		const struct kind *kind = k->said[i].kind;
		char text[48];

		kept += k->said[i].confirmed;
		snprintf(text, sizeof(text), "\"said-%zu.\"", i);
		if (!k->said[i].confirmed)
			continue;
		if (kind->counted)
			wanted[kind - kinds]++;
		else if (!count(strbuf_str(&all), text))
			k->failed = !session_fail(
				k->s, "%zu was confirmed and is lost: %s", i,
				kind->keys);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds) && !k->failed; i++)
		if (wanted[i] > count(strbuf_str(&all),
				      kinds[i].counted ? kinds[i].counted : ""))
			k->failed = !session_fail(
				k->s, "%zu were confirmed, some are lost: %s",
				wanted[i], kinds[i].keys);
	if (!k->failed)
		printf("  %zu of %zu sayings were confirmed, none is lost\n",
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
	size_t sayings = 1 + chance(k, MOST_SAYINGS);
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
	while (sayings-- && !k->failed) {
		if (k->full_after)
			say_watching(k);
		else
			say(k);
		/* Typed ahead, or one after the other. */
		while (chance(k, 3) && !k->full_after && !k->failed &&
		       s->synced < s->wanted && s->pty.running &&
		       !session_out_of_time(s, "a saying"))
			session_take(s, 20);
	}
	if (!k->failed)
		end(k, way);
	if (!k->failed)
		check_said(k);
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
	k.said = calloc((size_t)n + 1, MOST_SAYINGS * sizeof(*k.said));
	json_init();
	while (n-- && !k.failed)
		one_session(&k, args);
	free(k.said);
	return !k.failed;
}
