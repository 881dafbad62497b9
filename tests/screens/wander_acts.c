/* SPDX-License-Identifier: MIT */
/* What is pressed, typed, pasted and done to files by chance. */
#include <string.h>

#include "base/attr.h"
#include "command/screen_command.h"
#include "model/field.h"
#include "wander_private.h"

static void add_word(struct wanderer *w, const char *const *words, size_t n)
{
	strbuf_adds(&w->line, words[chance(w, n)]);
}

#define ADD_WORD(w, words) add_word((w), (words), ARRAY_SIZE(words))

/* Keys ---------------------------------------------------------------------- */

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

		/* What closes also ends: seldom, for a walk should get on. */
		if (!may_be_pressed(cmd) || (cmd == DO_CLOSE && chance(w, 4)))
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

static void press(struct wanderer *w)
{
	/* What follows in other panes is waited for now and then. */
	strbuf_adds(&w->line, chance(w, 8) ? "press " : "keys ");
	for (size_t n = 1 + chance(w, 4); n; n--)
		add_any_key(w);
	wander_act(w);
}

static void press_slowly(struct wanderer *w)
{
	static const char *const keys[] = { "<Up>", "<PgDn>", "<Esc>",
					    "<S-Tab>" };

	strbuf_addf(&w->line, "keys-slow %zu ", 2 + chance(w, 60));
	ADD_WORD(w, keys);
	wander_act(w);
}

/* Text ---------------------------------------------------------------------- */

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
		"\\x15",
		"\\x17",
		"\\x0b",
		"\\t",
		"; ",
		"=",
		"label:x",
		"star:yes",
		"-1",
		"\\xf0\\x9f\\x91\\xa9\\xe2\\x80\\x8d\\xf0\\x9f\\x92\\xbb",
		"\\x1b[A",
	};

	for (size_t n = 1 + chance(w, 3); n; n--)
		ADD_WORD(w, words);
}

/* A filter that may well be one. */
static void add_filter(struct wanderer *w)
{
	static const char *const values[] = {
		":*",           ":AssumeRole", ":null",    ":Get*",
		":203.0.113.*", ":high",       ":ok",      ">=2026-10-03",
		":/A.*s/i",     ":yes",        ":\"a b\"", ":111122223333",
	};
	static const char *const joins[] = { " and ", " or ", " and not ",
					     " " };
	size_t n = 0;

	while (fields[n].name)
		n++;
	for (size_t terms = 1 + chance(w, 3); terms; terms--) {
		strbuf_adds(&w->line, fields[chance(w, n)].name);
		ADD_WORD(w, values);
		if (terms > 1)
			ADD_WORD(w, joins);
	}
}

static void add_file(struct wanderer *w)
{
	static const char *const suffixes[] = { "",      ".md",  ".html",
						".json", ".csv", ".jsonl" };
	static const char *const folders[] = { "",   "",      "new/",
					       "./", "no/d/", "/dev/full/" };

	ADD_WORD(w, folders);
	strbuf_addf(&w->line, "out%zu", chance(w, 4));
	ADD_WORD(w, suffixes);
}

/* What an argument of this description takes, as far as it can be told. */
static void add_argument(struct wanderer *w, const char *what)
{
	static const char *const forms[] = {
		"markdown ", "html ",       "json ",      "csv ", "jsonl ",
		"records ",  "timesketch ", "navigator ", "",
	};
	static const char *const times[] = {
		"06:22", "+5m", "-1d", "2026-10-03", "2026-10-03 06:22:01",
		"99:99"
	};
	static const char *const options[] = {
		"tz UTC",     "tz local",
		"tz +09:00",  "tz relative",
		"hist lin",   "hist log",
		"hist sqrt",  "text unicode",
		"text ascii", "columns time event ip",
		"columns",    "theme mono",
	};
	static const char *const maps[] = { "w down", "e filter",
					    "e",      "F9 only user:*",
					    "Q",      "q down" };
	static const char *const whom[] = { "incident", "all", "admin", "1",
					    "AKIA*",    "i-*", "*",     "" };
	static const char *const labels[] = {
		"x", "-x", "to-do", "\\xe2\\x80\\xae", "a b", "=cmd|x", "",
	};
	static const char *const decisions[] = { "true",   "false positive",
						 "benign", "ack",
						 "new",    "t" };
	static const char *const files[] = { "value", "arn",   "event", "json",
					     "line",  "file ", "f " };
	struct str text = str_of(what);

	if (strstr(what, "FORMAT") || str_eq(text, STR("[WHAT [FILE]]"))) {
		if (strstr(what, "FORMAT")) {
			if (chance(w, 2))
				strbuf_adds(&w->line, "! ");
			ADD_WORD(w, forms);
			if (strstr(what, "N|all") && chance(w, 2))
				strbuf_adds(&w->line,
					    chance(w, 2) ? "all " : "2 ");
		} else
			ADD_WORD(w, files);
		add_file(w);
	} else if (strstr(what, "EXPR"))
		add_filter(w);
	else if (strstr(what, "WHAT; WHERE")) {
		ADD_WORD(w, times);
		strbuf_adds(&w->line, "; ");
		add_text(w);
		strbuf_adds(&w->line, "; .bash_history");
	} else if (strstr(what, "TIME") || strstr(what, "SPAN"))
		ADD_WORD(w, times);
	else if (strstr(what, "OPTION"))
		ADD_WORD(w, options);
	else if (strstr(what, "KEY"))
		ADD_WORD(w, maps);
	else if (strstr(what, "ID"))
		ADD_WORD(w, whom);
	else if (strstr(what, "FIELD") || strstr(what, "TOPIC"))
		strbuf_adds(&w->line, fields[chance(w, 20)].name);
	else if (strstr(what, "LABEL") || strstr(what, "NAME"))
		ADD_WORD(w, labels);
	else if (strstr(what, "WORD"))
		ADD_WORD(w, decisions);
	else if (strstr(what, "N]"))
		strbuf_addf(&w->line, "%zu", chance(w, 5));
	else
		add_text(w);
}

/* Without waiting for what came of it. */
static void type(struct wanderer *w)
{
	static const char *const prompts[] = {
		"", "", "f", "/", "@", "c", "t"
	};

	strbuf_adds(&w->line, "send ");
	ADD_WORD(w, prompts);
	if (chance(w, 3))
		add_text(w);
	else
		add_filter(w);
	if (chance(w, 2))
		strbuf_adds(&w->line, "\\r");
	wander_act(w);
}

static void run_command(struct wanderer *w)
{
	enum screen_command cmd =
		(enum screen_command)chance(w, SCREEN_COMMAND_COUNT);
	const struct screen_command_info *info = &screen_commands[cmd];

	if (cmd == DO_SUSPEND || cmd == DO_QUIT || cmd == DO_CLOSE)
		return;
	/* Out of a prompt that may be open. */
	strbuf_addf(&w->line, "send %s:%s ", chance(w, 2) ? "\\x07" : "",
		    info->name);
	switch (chance(w, 4)) {
	case 0:
		break;
	case 1:
		add_text(w);
		break;
	default:
		if (info->argument[0])
			add_argument(w, info->argument);
	}
	strbuf_adds(&w->line, "\\r");
	wander_act(w);
	if (chance(w, 2))
		wander_act_as(w, "sync");
}

static void paste(struct wanderer *w)
{
	static const char *const words[] = {
		"a line\\n",
		"\\e[31m",
		"\\x9b",
		"event:x",
		"\\e]52;c;x\\e",
		"\\x00",
		"\\t",
		"\\xc2\\x9b",
		"\\xf0\\x9f\\x98\\x80",
		"\\e[200~",
		"\\e[A",
		"\\xf4\\x90\\x80\\x80",
		"\\xed\\xa0\\x80",
		"\\xcc\\x81\\xcc\\x81\\xcc\\x81",
		"\\e]2;x\\x07",
		/* Where pastes are not marked these are keys that leave. */
		":q\\r",
		"Q",
		"\\e[201~:q\\r",
	};
	size_t most = ARRAY_SIZE(words) - (w->marks_pastes ? 1 : 3);

	/* Once in a while what ends a paste is in it. */
	if (w->marks_pastes && !chance(w, 40))
		most++;
	strbuf_adds(&w->line, "paste ");
	for (size_t n = 1 + chance(w, 6); n; n--)
		add_word(w, words, most);
	if (!chance(w, 30))
		for (size_t n = 400; n; n--)
			add_word(w, words, most);
	wander_act(w);
}

static void resize(struct wanderer *w)
{
	size_t most = chance(w, 3) ? 1 : 6;

	strbuf_addf(&w->line, "resize %zux%zu", 1 + chance(w, 250 / most),
		    1 + chance(w, 80 / most));
	wander_act(w);
}

/* Files ---------------------------------------------------------------------- */

/* What a sync, a colleague or an attacker does to the evidence meanwhile. */
static void disturb(struct wanderer *w)
{
	/* @ is a file by chance; a script knows no variables of the shell. */
	static const char *const ways[] = {
		"cp @ logs/new-$(date +%N).json.gz",
		"cp @ logs/torn.json.gz; truncate -s 700 logs/torn.json.gz",
		"rm -f @",
		"mv @ logs/moved.gz",
		"truncate -s 99 @",
		"truncate -s 0 @",
		"head -c 300 /dev/urandom >>@",
		"mkdir -p logs/deep/er; cp @ logs/deep/er/",
		"ln -sf @ logs/link",
		"ln -sfn .. logs/loop",
		"rm -rf logs/deep",
		"mv logs logs-away",
		"rm -f logs/pipe; mkfifo logs/pipe",
		"chmod 0 @",
		"touch @",
		"rm -rf logs/*",
	};

	/* One file by chance, and all are there again now and then. */
	strbuf_addf(&w->line,
		    "shell cd $WORK; find logs -type f 2>&- | sort | "
		    "sed -n %zup | xargs -I@ sh -c '%s' 2>&-; :",
		    1 + chance(w, 40), ways[chance(w, ARRAY_SIZE(ways))]);
	wander_act(w);
	if (!w->failed && chance(w, 3) == 0)
		wander_act_as(w, "shell cd $WORK && rm -rf logs-away && "
				 "mkdir -p logs && cp -r kept/. logs/");
	/* As long as following takes to see it, now and then. */
	if (!w->failed && w->s->pty.running && chance(w, 3) == 0) {
		wander_act_as(w, "send \\x07:follow on\\r");
		wander_act_as(w, "nap 2500");
	}
}

void wander_do_something(struct wanderer *w)
{
	size_t kind = chance(w, 100);

	if (kind < 54)
		press(w);
	else if (kind < 66)
		type(w);
	else if (kind < 83)
		run_command(w);
	else if (kind < 90)
		paste(w);
	else if (kind < 97)
		resize(w);
	else if (kind < 98)
		wander_act_as(w, "signal INT");
	else if (kind < 99 && w->has_logs)
		disturb(w);
	else
		press_slowly(w);
}
