/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include "../screens/chance.h"
#include "base/attr.h"
#include "command/screen_command.h"
#include "state.h"

/* Keys that end the program or stop it are left out; every fourth key is
 * Enter, so that the way leads into things. */
static void random_key(uint64_t *state, char out[KEY_NAME_MAX])
{
	snprintf(out, KEY_NAME_MAX, "Enter");
	while (chance_below(state, 4)) {
		size_t cmd = chance_below(state, SCREEN_COMMAND_COUNT);
		struct str keys = str_of(screen_commands[cmd].keys), name;

		if (cmd == DO_CLOSE || cmd == DO_QUIT || cmd == DO_SUSPEND ||
		    cmd == DO_INTERRUPT || !str_next(&keys, ' ', &name))
			continue;
		snprintf(out, KEY_NAME_MAX, "%.*s", STR_ARG(name));
		return;
	}
}

/* A line that is typed behind a colon, of commands that leave nothing behind
 * but in the case. */
static void random_line(uint64_t *state, struct strbuf *out)
{
	static const char *const lines[] = {
		"filter event:*Role*",
		"filter origin:*",
		"filter outcome:denied or level>=high",
		"filter",
		"only user:*",
		"hide service:sts",
		"filter star:* or note:*",
		"save some",
		"load some",
		"note a \xe2\x80\xae text",
		"tag \xc3\xa9",
		"tag -\xc3\xa9",
		"disposition b",
		"disposition n",
		"mute everywhere",
		"evidence 2026-10-03; x; y",
		"goto 06:22",
		"goto -1h",
		"zone relative",
		"zone utc",
		"set columns time event ip",
		"set columns",
		"set hist log",
		"values ip",
		"values nothing",
		"lanes session",
		"reach incident",
		"persist all",
		"data all",
		"help ip",
		"pivot address",
		"context 2m",
		"sort time",
		"tactic persistence",
		"select-filter event:*",
		"filters off",
		"filters 1",
		"filter-drop 1",
		"search o",
		"identity *",
		"why",
	};

	strbuf_clear(out);
	strbuf_adds(out, lines[chance_below(state, ARRAY_SIZE(lines))]);
}

/* One key, line or paste, noted; false when that was the end. */
static bool do_something(struct app *a, uint64_t *state, FILE *way)
{
	char name[KEY_NAME_MAX];
	struct strbuf line;
	key_code key;

	strbuf_init(&line);
	if (!chance_below(state, 20)) {
		fprintf(way, "paste\n");
		app_paste(a, STR("a:b or\n\x1b[31m\xff\xe2\x80\xae\t"));
	} else if (!chance_below(state, 8)) {
		random_line(state, &line);
		fprintf(way, ":%s\n", line.p);
		fflush(way);
		app_key(a, KEYC_ESC);
		app_key(a, ':');
		app_paste(a, strbuf_str(&line));
		app_key(a, KEYC_ENTER);
	} else {
		random_key(state, name);
		fprintf(way, "%s\n", name);
		fflush(way);
		key_parse(str_of(name), &key);
		app_key(a, key);
	}
	strbuf_release(&line);
	return !app_ended(a);
}

static void resize(struct app *a, struct canvas *c, uint64_t *state, FILE *way)
{
	int cols = (int)chance_below(state, 250) + 1;
	int rows = (int)chance_below(state, 80) + 1;

	fprintf(way, "size %dx%d\n", cols, rows);
	fflush(way);
	canvas_resize(c, rows, cols);
	app_resize(a, rows, cols);
	state_settle(a, c);
}

static bool is_sound(struct app *a, struct canvas *c, bool whole,
		     struct strbuf *why)
{
	if (!state_is_sound(a, why))
		return false;
	if (!whole)
		return true;
	if (!state_comes_back(a, why))
		return false;
	state_settle(a, c);
	return state_is_sound(a, why);
}

bool walk(struct app *a, struct canvas *c, uint64_t seed, uint64_t n, FILE *way,
	  struct strbuf *why)
{
	/* Actions between two pauses, and between looks at the whole. */
	enum { SETTLED = 5, ALL_OF_IT = 25 };

	while (n--) {
		if (!chance_below(&seed, 6))
			resize(a, c, &seed, way);
		if (!do_something(a, &seed, way)) {
			strbuf_adds(why, "that ended it");
			return false;
		}
		/* Keys mostly come before all panes have followed. */
		if (n % SETTLED == 0) {
			state_settle(a, c);
		} else {
			app_poll(a);
			app_draw(a, c);
		}
		if (!is_sound(a, c, n % ALL_OF_IT == 0, why))
			return false;
	}
	return true;
}
