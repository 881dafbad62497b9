/* SPDX-License-Identifier: MIT */
/*
 * wander SEED N COMMAND: what a cat does on a keyboard, in sessions of some
 * hundred actions: keys, text, pastes, sizes, keys cut in two. Each action is
 * a step as a script has it, and is noted in SCRIPT.wander.scr in the folder
 * for work, which can be run again. Terminals, locales and the ways in which
 * sessions end take turns.
 */
#include "wander_private.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attr.h"

enum {
	SESSION_ACTIONS = 250,
	PATIENCE_MS = 60000, /* for one action */
	SLOW_MS = 2000,      /* worth a note */
};

void wander_act(struct wanderer *w)
{
	struct session *s = w->s;
	bool was_running = s->pty.running;
	uint64_t begun;

	fprintf(w->way, "%.*s\n", STR_ARG(strbuf_str(&w->line)));
	fflush(w->way);
	begun = pty_now();
	s->deadline = begun + PATIENCE_MS;
	if (!session_step(s, strbuf_str(&w->line)) &&
	    (s->pty.running || !was_running))
		w->failed = true;
	if (pty_now() - begun >= SLOW_MS)
		fprintf(w->way, "# took %zu ms\n", (size_t)(pty_now() - begun));
	strbuf_clear(&w->line);
}

void wander_act_as(struct wanderer *w, const char *line)
{
	strbuf_clear(&w->line);
	strbuf_adds(&w->line, line);
	wander_act(w);
}

/* Sessions ----------------------------------------------------------------- */

static bool has_case(const struct wanderer *w)
{
	struct strbuf path;
	bool has;

	strbuf_init(&path);
	strbuf_addf(&path, "%s/w.case", w->s->work);
	has = access(path.p, F_OK) == 0;
	strbuf_release(&path);
	return has;
}

/* $HOW is for the command: what a session may begin with. */
static void choose_options(struct wanderer *w)
{
	static const char *const ways[] = {
		"",
		"",
		"",
		"",
		"--no-save",
		"--read-only",
		"--no-cache",
		"--color=always",
		"--ascii",
		"--threads=1",
		"--clipboard=off",
	};
	const char *how = ways[chance(w, ARRAY_SIZE(ways))];

	/* What reads alone needs a case to read. */
	if (str_eq(str_of(how), STR("--read-only")) && !has_case(w))
		how = "";
	strbuf_addf(&w->line, "env HOW=%s", how);
	wander_act(w);
}

static void begin(struct wanderer *w, struct str command)
{
	static const char *const terms[] = { "xterm-256color", "vt100",
					     "tmux-256color",  "linux",
					     "xterm-mono",     "screen" };
	const char *logs = session_env(w->s, STR("LOGS"));

	w->ascii = chance(w, 4) == 0;
	w->has_logs = logs && *logs;
	strbuf_addf(&w->line, "env TERM=%s",
		    terms[chance(w, ARRAY_SIZE(terms))]);
	wander_act(w);
	wander_act_as(w, w->ascii ? "env LC_ALL=C" : "env LC_ALL=C.UTF-8");
	wander_act_as(w, chance(w, 4) ? "unset NO_COLOR" : "env NO_COLOR=1");
	choose_options(w);
	if (w->has_logs)
		wander_act_as(w, "shell cd $WORK && rm -rf logs logs-away && "
				 "cp -r kept logs");
	strbuf_addf(&w->line, "size %zux%zu", 1 + chance(w, 250),
		    1 + chance(w, 80));
	wander_act(w);
	strbuf_addf(&w->line, "run %.*s", STR_ARG(command));
	wander_act(w);
	w->marks_pastes = w->s->term && raw_capability(w->s->term, "BE").n;
}

/* In any state whatever. */
static void end(struct wanderer *w)
{
	static const struct {
		const char *how, *status;
		bool gives_back;
	} ways[] = {
		{ "signal TERM", "exit 143", true },
		{ "signal HUP", "exit 129", true },
		{ "signal QUIT", "killed QUIT", true },
		{ "hangup", "exit 129", false },
		{ "signal KILL", "killed KILL", false },
	};
	size_t way = chance(w, ARRAY_SIZE(ways));

	session_take(w->s, 0);
	if (!w->s->pty.running) {
		wander_act_as(w, "exit 0");
		way = 0;
	} else {
		wander_act_as(w, ways[way].how);
		if (!w->failed)
			wander_act_as(w, ways[way].status);
	}
	if (!w->failed && ways[way].gives_back)
		wander_act_as(w, "restored");
	if (!w->failed)
		wander_act_as(w, w->ascii ? "raw-clean ascii" : "raw-clean");
}

bool step_wander(struct session *s, struct str args)
{
	struct wanderer w = { .s = s };
	struct str seed, count;
	struct strbuf path;
	const char *asked = getenv("SCREEN_WANDER");
	uint64_t n = 0, done = 0;

	args = str_trim(args);
	if (!str_next(&args, ' ', &seed) || !str_to_u64(seed, &w.state) ||
	    !str_next(&args, ' ', &count) || !str_to_u64(count, &n))
		return session_fail(s, "wander takes SEED N COMMAND");
	if (asked)
		str_to_u64(str_of(asked), &n);
	asked = getenv("SCREEN_WANDER_SEED");
	if (asked)
		str_to_u64(str_of(asked), &w.state);
	strbuf_init(&path);
	strbuf_init(&w.line);
	/* Another way for each value of a matrix. */
	for (const char *p = s->work; *p; p++)
		w.state = w.state * 31 + (unsigned char)*p;
	strbuf_addf(&path, "%s.wander.scr", s->work);
	w.way = fopen(path.p, "w");
	if (!w.way)
		w.failed = true;
	while (done < n && !w.failed) {
		begin(&w, args);
		for (int i = 0; i < SESSION_ACTIONS && done < n && !w.failed &&
				s->pty.running;
		     i++, done++)
			wander_do_something(&w);
		if (!w.failed)
			end(&w);
	}
	printf("  %zu actions: %s\n", (size_t)done, path.p);
	if (w.way)
		fclose(w.way);
	strbuf_release(&w.line);
	strbuf_release(&path);
	return !w.failed;
}
