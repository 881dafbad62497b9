/* SPDX-License-Identifier: MIT */
/*
 * wander SEED N COMMAND: what a cat does on a keyboard, in sessions of some
 * hundred actions: keys, text, pastes, sizes, keys cut in two. Each action is
 * a step as a script has it, and is noted in SCRIPT.wander.scr in the folder
 * for work, which can be run again. Terminals, locales and the ways in which
 * sessions end take turns.
 */
#include "session_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "command/screen_command.h"

enum {
	SESSION_ACTIONS = 250,
	PATIENCE_MS = 60000, /* for one action */
	SLOW_MS = 2000,      /* worth a note */
};

struct wanderer {
	struct session *s;
	uint64_t state;
	FILE *way;
	struct strbuf line;
	bool ascii;  /* the session's locale */
	bool failed; /* why is in s->why */
};

static size_t chance(struct wanderer *w, size_t n)
{
	w->state = w->state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(w->state >> 33) % n;
}

/* Does the step that is written in w->line. A program that ends on the way is
 * no failure of the step. */
static void act(struct wanderer *w)
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

static void act_as(struct wanderer *w, const char *line)
{
	strbuf_clear(&w->line);
	strbuf_adds(&w->line, line);
	act(w);
}

/* What is pressed and typed ------------------------------------------------ */

static bool may_be_pressed(enum screen_command cmd)
{
	return cmd != DO_SUSPEND && cmd != DO_QUIT &&
	       screen_commands[cmd].keys[0];
}

/* "<" and "^" are written by name. */
static void add_key(struct strbuf *out, struct str name)
{
	if (name.n == 1 && name.p[0] != '<' && name.p[0] != '^')
		strbuf_add(out, name);
	else
		strbuf_addf(out, "<%.*s>", STR_ARG(name));
}

static void add_command_key(struct wanderer *w)
{
	for (;;) {
		enum screen_command cmd =
			(enum screen_command)chance(w, SCREEN_COMMAND_COUNT);
		struct str keys = str_of(screen_commands[cmd].keys), name;
		size_t skip = chance(w, 2);

		if (!may_be_pressed(cmd))
			continue;
		while (str_next(&keys, ' ', &name) && skip && keys.n)
			skip--;
		add_key(&w->line, name);
		return;
	}
}

static void add_any_key(struct wanderer *w)
{
	static const char *const others[] = {
		"Enter", "Enter", "Enter",  "Esc",   "Tab",  "S-Tab",
		"Up",    "Down",  "Left",   "Right", "Home", "End",
		"PgUp",  "PgDn",  "Delete", "F5",    "F1",   "Backspace",
	};
	size_t kind = chance(w, 10);

	if (kind < 5)
		add_command_key(w);
	else if (kind < 8)
		add_key(&w->line,
			str_of(others[chance(w, ARRAY_SIZE(others))]));
	else
		add_key(&w->line,
			(struct str){
				&"abcdefghijklmnopqrstuvwxyz"
				 "0123456789:/+-*!'@()[]{}"[chance(w, 50)],
				1 });
}

static void add_word(struct wanderer *w, const char *const *words, size_t n)
{
	strbuf_adds(&w->line, words[chance(w, n)]);
}

/* What is typed into prompts; no step's syntax is in it. */
static void add_text(struct wanderer *w)
{
	static const char *const words[] = {
		"event:",
		"user:*",
		"ip:203.0.113.0/24",
		"not ",
		" and ",
		" or ",
		"(",
		")",
		"level>=high",
		"\"",
		"*",
		"/a|b/i",
		"eventTime>=",
		"2026-10-03",
		"06:22",
		"+5m",
		"errorCode:*",
		"tactic:",
		"values ",
		"region",
		"help ",
		"goto ",
		"only ",
		"9999999999",
		"\\xc3\\xa9",
		"\\xff",
		"\\xe2\\x80\\xae",
		"requestParameters.",
	};

	for (size_t n = 1 + chance(w, 3); n; n--)
		add_word(w, words, ARRAY_SIZE(words));
}

static void press(struct wanderer *w)
{
	/* What follows in other panes is waited for now and then. */
	strbuf_adds(&w->line, chance(w, 8) ? "press " : "keys ");
	for (size_t n = 1 + chance(w, 4); n; n--)
		add_any_key(w);
	act(w);
}

/* Without waiting for what came of it. */
static void type(struct wanderer *w)
{
	strbuf_adds(&w->line, "send ");
	add_text(w);
	if (chance(w, 2))
		strbuf_adds(&w->line, "\\r");
	act(w);
}

static void run_command(struct wanderer *w)
{
	enum screen_command cmd =
		(enum screen_command)chance(w, SCREEN_COMMAND_COUNT);

	if (cmd == DO_SUSPEND || cmd == DO_QUIT)
		return;
	strbuf_addf(&w->line, "send :%s ", screen_commands[cmd].name);
	if (chance(w, 2))
		add_text(w);
	strbuf_adds(&w->line, "\\r");
	act(w);
	act_as(w, "sync");
}

static void paste(struct wanderer *w)
{
	static const char *const words[] = {
		"a line\\n",
		"\\e[31m",
		"\\x9b",
		":q\\r",
		"Q",
		"event:x",
		"\\e]52;c;x\\e",
		"\\x00",
		"\\t",
		"\\xc2\\x9b",
		"\\xf0\\x9f\\x98\\x80",
		"\\e[200~",
		"\\e[A",
	};

	strbuf_adds(&w->line, "paste ");
	for (size_t n = 1 + chance(w, 6); n; n--)
		add_word(w, words, ARRAY_SIZE(words));
	act(w);
}

static void resize(struct wanderer *w)
{
	size_t most = chance(w, 3) ? 1 : 6;

	strbuf_addf(&w->line, "resize %zux%zu", 1 + chance(w, 250 / most),
		    1 + chance(w, 80 / most));
	act(w);
}

static void press_slowly(struct wanderer *w)
{
	static const char *const keys[] = { "<Up>", "<PgDn>", "<Esc>",
					    "<S-Tab>" };

	strbuf_addf(&w->line, "keys-slow %zu %s", 2 + chance(w, 60),
		    keys[chance(w, ARRAY_SIZE(keys))]);
	act(w);
}

static void do_something(struct wanderer *w)
{
	size_t kind = chance(w, 100);

	if (kind < 62)
		press(w);
	else if (kind < 74)
		type(w);
	else if (kind < 84)
		run_command(w);
	else if (kind < 90)
		paste(w);
	else if (kind < 98)
		resize(w);
	else if (kind < 99)
		act_as(w, "signal INT");
	else
		press_slowly(w);
}

/* Sessions ----------------------------------------------------------------- */

static void begin(struct wanderer *w, struct str command)
{
	static const char *const terms[] = { "xterm-256color", "vt100",
					     "tmux-256color",  "linux",
					     "xterm-mono",     "screen" };

	w->ascii = chance(w, 4) == 0;
	strbuf_addf(&w->line, "env TERM=%s",
		    terms[chance(w, ARRAY_SIZE(terms))]);
	act(w);
	act_as(w, w->ascii ? "env LC_ALL=C" : "env LC_ALL=C.UTF-8");
	act_as(w, chance(w, 4) ? "unset NO_COLOR" : "env NO_COLOR=1");
	strbuf_addf(&w->line, "size %zux%zu", 1 + chance(w, 250),
		    1 + chance(w, 80));
	act(w);
	strbuf_addf(&w->line, "run %.*s", STR_ARG(command));
	act(w);
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
		act_as(w, "exit 0");
		way = 0;
	} else {
		act_as(w, ways[way].how);
		if (!w->failed)
			act_as(w, ways[way].status);
	}
	if (!w->failed && ways[way].gives_back)
		act_as(w, "restored");
	if (!w->failed)
		act_as(w, w->ascii ? "raw-clean ascii" : "raw-clean");
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
			do_something(&w);
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
