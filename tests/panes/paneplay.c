/* SPDX-License-Identifier: MIT */
/*
 * paneplay.c - the workbench without a terminal: keys in, canvases out
 *
 * usage: paneplay -w WORK SCRIPT.pane
 *
 * A script says what to load and which keys to press, and compares what is
 * drawn with goldens (NAME.canvas beside it). One step a line:
 *
 *	rules NAME	the folder or file beside the script that has the rules,
 *			for loads that follow; `rules` to begin with
 *	ioc NAME	a list of indicators beside the script, for loads that
 *			follow
 *	history NAME	typed lines are kept in a file in the folder for work,
 *			which is not there to begin with, for loads that follow
 *	config LINE	a line of the configuration, before the first load
 *	case NAME	a new case in the folder for work, for loads that follow
 *	again		the analyst leaves, and comes back: the case is saved and
 *			opened again
 *	late N		from here on: of more than N rows what takes its time
 *			comes behind the frame that answers a key
 *	load PATH...	evidence, $SAMPLES is replaced
 *	size 80x24	columns and rows
 *	glyphs ascii	or unicode, which is what it begins with
 *	keys j<Enter>	as in tests/screens
 *	paste TEXT
 *	expect TEXT	some row has it
 *	refuse TEXT	no row has it
 *	said TEXT	some line of the case has it
 *	same NAME	the canvas is what it was at `keep NAME`
 *	keep NAME
 *	snap NAME	the canvas is NAME.canvas; UPDATE=1 writes it
 *	part NAME N TEXT	N rows from the first one that has TEXT, or from
 *			the top, are NAME.part: as wide as a page of the
 *			manual has room, without blanks at their ends
 *	name NAME	of the evidence, for loads that follow
 *	questions FILE	a table beside the script, tabs between its columns: a
 *			letter of the guide, keys that lead to where it is
 *			asked, the keys that ask, three at most, texts that the
 *			screen must have, a bar between them, and the batch
 *			command that the guide must name beside the question;
 *			what follows is not for the screen. Each in a workbench
 *			of its own; every question of the table has to be there
 *	steps N		of each rule that has steps, on the first event that it
 *			alerted on: each step that has a digit is run, goes
 *			somewhere and says nothing; what no digit runs has no
 *			answer in logs. N rules at least, and the others are
 *			named in the folder for work, as steps.left
 *	sizes		what is on the screen, drawn at sizes of all kinds from
 *			1x1 to 250x78
 *	wander SEED N	N keys of the table of commands, lines and pastes by
 *			chance, drawn after each, now and then at another size
 *			from 1x1 to 250x80, and nothing may contradict itself;
 *			WORK/wander.keys is the way that was taken
 *	ended		the analyst has left
 */
#include "paneplay.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../screens/golden.h"
#include "base/file.h"
#include "base/json.h"
#include "casework/case_inputs.h"
#include "command/screen_command.h"
#include "state.h"
#include "walk.h"

enum { MOST_PATHS = 8, PART_COLUMNS = 73 };

void play_fail(struct player *p, const char *what, struct str detail)
{
	fprintf(stderr, "%s:%u: %s: %.*s\n", p->script, p->line, what,
		STR_ARG(detail));
	p->failed = true;
}

void play_settle(struct player *p)
{
	state_settle(p->app, &p->canvas);
}

void play_dump(struct player *p, struct strbuf *out)
{
	play_settle(p);
	canvas_dump(&p->canvas, out);
}

void play_open(struct player *p)
{
	static const struct time_zone zone = TIME_ZONE_UTC;
	const struct app_options options = { .zone = &zone,
					     .unicode = p->unicode,
					     .name = p->name,
					     .case_file = p->case_file,
					     .config = &p->config,
					     .history = p->history[0] ?
								p->history :
								NULL };

	p->app = app_new(p->inv, &options);
	canvas_init(&p->canvas, p->rows, p->cols, glyphs_of(p->unicode));
	app_resize(p->app, p->rows, p->cols);
}

static void open_case(struct player *p, struct str name)
{
	char path[1200], journal[1220];
	struct err err;

	snprintf(path, sizeof(path), "%s/%.*s", p->work, STR_ARG(name));
	snprintf(journal, sizeof(journal), "%s.journal", path);
	unlink(path);
	unlink(journal);
	if (file_make_folders(path, &err))
		play_fail(p, "case", str_of(err.msg));
	if (case_open(&p->case_file, path, CASE_WRITE, "js", &err))
		play_fail(p, "case", str_of(err.msg));
}

static void configure(struct player *p, struct str line)
{
	struct err err;

	if (config_read(&p->config, line, "config", &err))
		play_fail(p, "config", str_of(err.msg));
}

/* The evidence is there already, as when it was taken from the cache. */
static void again(struct player *p)
{
	char path[1200];
	struct err err;

	snprintf(path, sizeof(path), "%s", case_path(p->case_file));
	if (case_inputs_keep(p->case_file, app_desk(p->app)->snap->store->files,
			     &err))
		play_fail(p, "again", str_of(err.msg));
	app_free(p->app);
	canvas_release(&p->canvas);
	if (case_save(p->case_file, &err))
		play_fail(p, "again", str_of(err.msg));
	case_close(p->case_file);
	p->case_file = NULL;
	if (case_open(&p->case_file, path, CASE_WRITE, "js", &err))
		play_fail(p, "again", str_of(err.msg));
	play_open(p);
	play_settle(p);
}

static void load(struct player *p, struct str words)
{
	static char paths[MOST_PATHS][1024], rules[1024], list[1024];
	/* A load may look at its paths again. */
	static const char *path[MOST_PATHS];
	const char *rule = rules, *ioc = list;
	bool builtin = strcmp(p->rules, "builtin") == 0;
	struct investigation_options options = {
		.path = path,
		.rules = &rule,
		.rules_n = builtin ? 0 : 1,
		.no_builtin_rules = !builtin,
		.ioc = &ioc,
		.ioc_n = p->ioc[0] ? 1 : 0,
		.limits = LIMITS_DEFAULT,
		.threads = 2,
	};
	const char *samples = getenv("SAMPLES");
	struct str word;
	struct err err;

	if (p->app) {
		app_free(p->app);
		canvas_release(&p->canvas);
		investigation_free(p->inv);
		p->app = NULL;
		p->inv = NULL;
	}
	snprintf(rules, sizeof(rules), "%s/%s", p->folder, p->rules);
	snprintf(list, sizeof(list), "%s/%s", p->folder, p->ioc);
	while (options.path_n < MOST_PATHS && str_next(&words, ' ', &word)) {
		bool ours = str_starts(word, STR("$SAMPLES"));

		if (ours)
			word = str_from(word, 8);
		snprintf(paths[options.path_n], sizeof(paths[0]), "%s%.*s",
			 ours ? samples : "", STR_ARG(word));
		path[options.path_n] = paths[options.path_n];
		options.path_n++;
	}
	if (investigation_new(&p->inv, &options, &err)) {
		play_fail(p, "load", str_of(err.msg));
		return;
	}
	play_open(p);
	if (investigation_start(p->inv, &err)) {
		play_fail(p, "load", str_of(err.msg));
		return;
	}
	play_settle(p);
}

void play_press(struct player *p, struct str keys)
{
	while (keys.n) {
		struct str name = str_sub(keys, 0, 1);
		size_t close = str_find_char(keys, '>', 1), used = 1, star;
		uint64_t times = 1;
		key_code key;

		if (keys.p[0] == '<' && close != SIZE_MAX) {
			name = str_sub(keys, 1, close);
			used = close + 1;
			star = str_find_char(name, '*', 1);
			if (star != SIZE_MAX &&
			    str_to_u64(str_from(name, star + 1), &times))
				name = str_sub(name, 0, star);
		} else if (keys.p[0] == '^' && keys.n > 1) {
			name = str_sub(keys, 0, 2);
			used = 2;
		} else if (keys.p[0] == ' ') {
			name = STR("Space");
		}
		if (!key_parse(name, &key)) {
			play_fail(p, "no such key", name);
			return;
		}
		for (; times; times--)
			app_key(p->app, key);
		keys = str_from(keys, used);
	}
	play_settle(p);
}

void play_resize(struct player *p, struct str size)
{
	uint64_t cols = 80, rows = 24;
	size_t x = str_find_char(size, 'x', 0);

	str_to_u64(str_sub(size, 0, x), &cols);
	str_to_u64(str_from(size, x + 1), &rows);
	p->cols = (int)cols;
	p->rows = (int)rows;
	if (!p->app)
		return;
	canvas_resize(&p->canvas, p->rows, p->cols);
	app_resize(p->app, p->rows, p->cols);
	play_settle(p);
}

void play_look_for(struct player *p, struct str text, bool wanted)
{
	struct strbuf all;

	strbuf_init(&all);
	play_dump(p, &all);
	if ((str_find(strbuf_str(&all), text, 0) != SIZE_MAX) != wanted) {
		play_fail(p, wanted ? "not on the screen" : "on the screen",
			  text);
		fwrite(all.p, 1, all.n, stderr);
	}
	strbuf_release(&all);
}

static void look_in_case(struct player *p, struct str text)
{
	size_t n = p->case_file ? case_lines(p->case_file) : 0;

	for (size_t i = 0; i < n; i++)
		if (str_find(case_line(p->case_file, i), text, 0) != SIZE_MAX)
			return;
	play_fail(p, "not in the case", text);
}

static void snap(struct player *p, struct str name)
{
	char golden[1200], actual[1200];
	struct strbuf all;

	strbuf_init(&all);
	play_dump(p, &all);
	snprintf(golden, sizeof(golden), "%s/%.*s.canvas", p->folder,
		 STR_ARG(name));
	snprintf(actual, sizeof(actual), "%s/%.*s.actual", p->work,
		 STR_ARG(name));
	if (!golden_check(golden, actual, strbuf_str(&all), p->update))
		play_fail(p, "differs", name);
	strbuf_release(&all);
}

/* The rows of a dump, which stand between bars. */
static void add_rows(struct str all, struct str text, uint64_t n,
		     struct strbuf *out)
{
	struct str line;
	bool found = !text.n;

	while (n && str_next(&all, '\n', &line)) {
		if (!str_starts(line, STR("|")) || line.n < 2)
			continue;
		line = str_sub(line, 1, line.n - 1);
		found |= str_find(line, text, 0) != SIZE_MAX;
		if (!found)
			continue;
		line = str_sub(line, 0, PART_COLUMNS);
		while (line.n && line.p[line.n - 1] == ' ')
			line.n--;
		strbuf_add(out, line);
		strbuf_addc(out, '\n');
		n--;
	}
}

static void part(struct player *p, struct str args)
{
	struct str name, count;
	char golden[1200], actual[1200];
	struct strbuf all, rows;
	uint64_t n;

	if (!str_next(&args, ' ', &name) || !str_next(&args, ' ', &count) ||
	    !str_to_u64(count, &n)) {
		play_fail(p, "part NAME N TEXT", args);
		return;
	}
	strbuf_init(&all);
	strbuf_init(&rows);
	play_dump(p, &all);
	add_rows(strbuf_str(&all), args, n, &rows);
	if (!rows.n)
		play_fail(p, "not on the screen", args);
	snprintf(golden, sizeof(golden), "%s/%.*s.part", p->folder,
		 STR_ARG(name));
	snprintf(actual, sizeof(actual), "%s/%.*s.actual", p->work,
		 STR_ARG(name));
	if (!golden_check(golden, actual, strbuf_str(&rows), p->update))
		play_fail(p, "differs", name);
	if (p->failed)
		fwrite(all.p, 1, all.n, stderr);
	strbuf_release(&all);
	strbuf_release(&rows);
}

static void keep(struct player *p, struct str name)
{
	if (p->kept_n == MOST_KEPT) {
		play_fail(p, "too many are kept", name);
		return;
	}
	snprintf(p->kept[p->kept_n].name, sizeof(p->kept[0].name), "%.*s",
		 STR_ARG(name));
	strbuf_init(&p->kept[p->kept_n].dump);
	play_dump(p, &p->kept[p->kept_n++].dump);
}

static void same(struct player *p, struct str name)
{
	struct strbuf all;
	bool found = false;

	strbuf_init(&all);
	play_dump(p, &all);
	for (size_t i = 0; i < p->kept_n; i++)
		found |= str_eq(name, str_of(p->kept[i].name));
	if (!found)
		play_fail(p, "was not kept", name);
	for (size_t i = 0; i < p->kept_n; i++)
		if (str_eq(name, str_of(p->kept[i].name)) &&
		    !str_eq(strbuf_str(&p->kept[i].dump), strbuf_str(&all))) {
			play_fail(p, "is not as it was", name);
			fprintf(stderr, "was:\n%s\nis:\n%s\n",
				p->kept[i].dump.p, all.p);
		}
	strbuf_release(&all);
}

static void wander(struct player *p, struct str args)
{
	uint64_t seed = 0, n = 0;
	size_t space = str_find_char(args, ' ', 0);
	char path[1200];
	struct strbuf why;
	FILE *way;

	str_to_u64(str_sub(args, 0, space), &seed);
	str_to_u64(str_from(args, space + 1), &n);
	snprintf(path, sizeof(path), "%s/wander.keys", p->work);
	way = fopen(path, "w");
	if (!way || !n) {
		play_fail(p, "wander SEED N", args);
		return;
	}
	strbuf_init(&why);
	if (!walk(p->app, &p->canvas, seed, n, way, &why))
		play_fail(p, "wander", strbuf_str(&why));
	p->rows = p->canvas.rows;
	p->cols = p->canvas.cols;
	strbuf_release(&why);
	fclose(way);
}

/* What is on the screen, at sizes of all kinds, and back. */
static void all_sizes(struct player *p)
{
	char before[32], size[32];

	snprintf(before, sizeof(before), "%dx%d", p->cols, p->rows);
	for (int cols = 1; cols <= 250; cols += cols < 12 ? 1 : 7)
		for (int rows = 1; rows <= 80; rows += rows < 10 ? 1 : 6) {
			snprintf(size, sizeof(size), "%dx%d", cols, rows);
			play_resize(p, str_of(size));
		}
	play_resize(p, str_of(before));
}

static void put_off(struct player *p, struct str rows)
{
	uint64_t n = 0;

	str_to_u64(rows, &n);
	app_desk(p->app)->at_once = (size_t)n;
}

static void step(struct player *p, struct str line)
{
	size_t space = str_find_char(line, ' ', 0);
	struct str what = str_sub(line, 0, space);
	struct str rest = space == SIZE_MAX ? STR_NULL :
					      str_from(line, space + 1);

	if (str_eq(what, STR("load")))
		load(p, rest);
	else if (str_eq(what, STR("ioc")))
		snprintf(p->ioc, sizeof(p->ioc), "%.*s", STR_ARG(rest));
	else if (str_eq(what, STR("history"))) {
		snprintf(p->history, sizeof(p->history), "%s/%.*s", p->work,
			 STR_ARG(rest));
		unlink(p->history);
	} else if (str_eq(what, STR("config")))
		configure(p, rest);
	else if (str_eq(what, STR("case")))
		open_case(p, rest);
	else if (str_eq(what, STR("again")))
		again(p);
	else if (str_eq(what, STR("name")))
		snprintf(p->name, sizeof(p->name), "%.*s", STR_ARG(rest));
	else if (str_eq(what, STR("rules")))
		snprintf(p->rules, sizeof(p->rules), "%.*s", STR_ARG(rest));
	else if (str_eq(what, STR("size")))
		play_resize(p, rest);
	else if (str_eq(what, STR("glyphs")))
		p->unicode = str_eq(rest, STR("unicode"));
	else if (!p->app)
		play_fail(p, "nothing is loaded", what);
	else if (str_eq(what, STR("late")))
		put_off(p, rest);
	else if (str_eq(what, STR("keys")))
		play_press(p, rest);
	else if (str_eq(what, STR("paste"))) {
		app_paste(p->app, rest);
		play_settle(p);
	} else if (str_eq(what, STR("expect")))
		play_look_for(p, rest, true);
	else if (str_eq(what, STR("said")))
		look_in_case(p, rest);
	else if (str_eq(what, STR("refuse")))
		play_look_for(p, rest, false);
	else if (str_eq(what, STR("snap")))
		snap(p, rest);
	else if (str_eq(what, STR("part")))
		part(p, rest);
	else if (str_eq(what, STR("questions")))
		play_questions(p, rest);
	else if (str_eq(what, STR("steps")))
		play_steps(p, rest);
	else if (str_eq(what, STR("sizes")))
		all_sizes(p);
	else if (str_eq(what, STR("wander")))
		wander(p, rest);
	else if (str_eq(what, STR("keep")))
		keep(p, rest);
	else if (str_eq(what, STR("same")))
		same(p, rest);
	else if (str_eq(what, STR("ended"))) {
		if (!app_ended(p->app))
			play_fail(p, "the analyst is still there", rest);
	} else
		play_fail(p, "no such step", what);
}

static void play(struct player *p)
{
	char line[2048];
	FILE *f = fopen(p->script, "r");

	if (!f) {
		play_fail(p, "cannot be read", STR(""));
		return;
	}
	while (!p->failed && fgets(line, sizeof(line), f)) {
		struct str s = str_of(line);

		p->line++;
		while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
			s.n--;
		if (s.n && s.p[0] != '#')
			step(p, s);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	struct player p = { .rules = "rules",
			    .name = "evidence",
			    .rows = 24,
			    .cols = 80,
			    .unicode = true };
	char folder[1024];
	char *slash;

	if (argc != 4 || strcmp(argv[1], "-w") != 0) {
		fprintf(stderr, "usage: paneplay -w WORK SCRIPT.pane\n");
		return 2;
	}
	json_init();
	config_init(&p.config);
	p.work = argv[2];
	p.script = argv[3];
	p.update = getenv("UPDATE") != NULL;
	mkdir(p.work, 0700);
	snprintf(folder, sizeof(folder), "%s", p.script);
	slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
	p.folder = slash ? folder : ".";
	play(&p);
	for (size_t i = 0; i < p.kept_n; i++)
		strbuf_release(&p.kept[i].dump);
	if (p.app) {
		app_free(p.app);
		canvas_release(&p.canvas);
	}
	investigation_free(p.inv);
	case_close(p.case_file);
	config_release(&p.config);
	return p.failed;
}
