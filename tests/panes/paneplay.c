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
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../screens/golden.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "casework/case_inputs.h"
#include "command/guide_questions.h"
#include "command/screen_command.h"
#include "detect/ruleset.h"
#include "state.h"
#include "walk.h"
#include "ui/app.h"

enum { MOST_PATHS = 8, MOST_KEPT = 8, PART_COLUMNS = 73 };

struct player {
	const char *script, *folder, *work;
	char rules[64], ioc[64], name[64];
	unsigned line;
	bool failed, update;
	struct investigation *inv;
	struct case_file *case_file;
	struct config config;
	char history[1024];
	struct app *app;
	struct canvas canvas;
	int rows, cols;
	bool unicode;
	struct {
		char name[64];
		struct strbuf dump;
	} kept[MOST_KEPT];
	size_t kept_n;
};

static void fail(struct player *p, const char *what, struct str detail)
{
	fprintf(stderr, "%s:%u: %s: %.*s\n", p->script, p->line, what,
		STR_ARG(detail));
	p->failed = true;
}

static void settle(struct player *p)
{
	state_settle(p->app, &p->canvas);
}

static void dump(struct player *p, struct strbuf *out)
{
	settle(p);
	canvas_dump(&p->canvas, out);
}

static void open_app(struct player *p)
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
		fail(p, "case", str_of(err.msg));
	if (case_open(&p->case_file, path, CASE_WRITE, "js", &err))
		fail(p, "case", str_of(err.msg));
}

static void configure(struct player *p, struct str line)
{
	struct err err;

	if (config_read(&p->config, line, "config", &err))
		fail(p, "config", str_of(err.msg));
}

/* The evidence is there already, as when it was taken from the cache. */
static void again(struct player *p)
{
	char path[1200];
	struct err err;

	snprintf(path, sizeof(path), "%s", case_path(p->case_file));
	if (case_inputs_keep(p->case_file, app_desk(p->app)->snap->store->files,
			     &err))
		fail(p, "again", str_of(err.msg));
	app_free(p->app);
	canvas_release(&p->canvas);
	if (case_save(p->case_file, &err))
		fail(p, "again", str_of(err.msg));
	case_close(p->case_file);
	p->case_file = NULL;
	if (case_open(&p->case_file, path, CASE_WRITE, "js", &err))
		fail(p, "again", str_of(err.msg));
	open_app(p);
	settle(p);
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
		fail(p, "load", str_of(err.msg));
		return;
	}
	open_app(p);
	if (investigation_start(p->inv, &err)) {
		fail(p, "load", str_of(err.msg));
		return;
	}
	settle(p);
}

/* "j<Enter>^D<Down*3>": names and counts in angle brackets. */
static void press(struct player *p, struct str keys)
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
			fail(p, "no such key", name);
			return;
		}
		for (; times; times--)
			app_key(p->app, key);
		keys = str_from(keys, used);
	}
	settle(p);
}

static void resize(struct player *p, struct str size)
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
	settle(p);
}

static void look_for(struct player *p, struct str text, bool wanted)
{
	struct strbuf all;

	strbuf_init(&all);
	dump(p, &all);
	if ((str_find(strbuf_str(&all), text, 0) != SIZE_MAX) != wanted) {
		fail(p, wanted ? "not on the screen" : "on the screen", text);
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
	fail(p, "not in the case", text);
}

static void snap(struct player *p, struct str name)
{
	char golden[1200], actual[1200];
	struct strbuf all;

	strbuf_init(&all);
	dump(p, &all);
	snprintf(golden, sizeof(golden), "%s/%.*s.canvas", p->folder,
		 STR_ARG(name));
	snprintf(actual, sizeof(actual), "%s/%.*s.actual", p->work,
		 STR_ARG(name));
	if (!golden_check(golden, actual, strbuf_str(&all), p->update))
		fail(p, "differs", name);
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
		fail(p, "part NAME N TEXT", args);
		return;
	}
	strbuf_init(&all);
	strbuf_init(&rows);
	dump(p, &all);
	add_rows(strbuf_str(&all), args, n, &rows);
	if (!rows.n)
		fail(p, "not on the screen", args);
	snprintf(golden, sizeof(golden), "%s/%.*s.part", p->folder,
		 STR_ARG(name));
	snprintf(actual, sizeof(actual), "%s/%.*s.actual", p->work,
		 STR_ARG(name));
	if (!golden_check(golden, actual, strbuf_str(&rows), p->update))
		fail(p, "differs", name);
	if (p->failed)
		fwrite(all.p, 1, all.n, stderr);
	strbuf_release(&all);
	strbuf_release(&rows);
}

static void keep(struct player *p, struct str name)
{
	if (p->kept_n == MOST_KEPT)
		return;
	snprintf(p->kept[p->kept_n].name, sizeof(p->kept[0].name), "%.*s",
		 STR_ARG(name));
	strbuf_init(&p->kept[p->kept_n].dump);
	dump(p, &p->kept[p->kept_n++].dump);
}

static void same(struct player *p, struct str name)
{
	struct strbuf all;

	strbuf_init(&all);
	dump(p, &all);
	for (size_t i = 0; i < p->kept_n; i++)
		if (str_eq(name, str_of(p->kept[i].name)) &&
		    !str_eq(strbuf_str(&p->kept[i].dump), strbuf_str(&all))) {
			fail(p, "is not as it was", name);
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
		fail(p, "wander SEED N", args);
		return;
	}
	strbuf_init(&why);
	if (!walk(p->app, &p->canvas, seed, n, way, &why))
		fail(p, "wander", strbuf_str(&why));
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
			resize(p, str_of(size));
		}
	resize(p, str_of(before));
}

static void put_off(struct player *p, struct str rows)
{
	uint64_t n = 0;

	str_to_u64(rows, &n);
	app_desk(p->app)->at_once = (size_t)n;
}

static unsigned count_keys(struct str keys)
{
	unsigned n = 0;

	for (; keys.n; n++) {
		size_t close = keys.p[0] == '<' ? str_find_char(keys, '>', 1) :
						  SIZE_MAX;

		keys = str_from(keys, close == SIZE_MAX ? 1 : close + 1);
	}
	return n;
}

/* The guide is open: beside its question stands the batch command. */
static void look_for_batch(struct player *p, struct str batch)
{
	char before[32];
	struct strbuf line;

	snprintf(before, sizeof(before), "%dx%d", p->cols, p->rows);
	strbuf_init(&line);
	strbuf_adds(&line, "trawl ");
	strbuf_add(&line, batch);
	resize(p, STR("250x60"));
	look_for(p, strbuf_str(&line), true);
	resize(p, str_of(before));
	strbuf_release(&line);
}

/* One row of a table of questions. */
static void ask(struct player *p, struct str row, bool asked[256])
{
	struct str letter, start, keys, texts, text, batch;

	if (!str_next(&row, '\t', &letter) || !str_next(&row, '\t', &start) ||
	    !str_next(&row, '\t', &keys) || !str_next(&row, '\t', &texts) ||
	    !str_next(&row, '\t', &batch) || letter.n != 1) {
		fail(p, "a row of five columns was expected", row);
		return;
	}
	asked[(unsigned char)letter.p[0]] = true;
	app_free(p->app);
	canvas_release(&p->canvas);
	open_app(p);
	settle(p);
	press(p, start);
	if (count_keys(keys) > 3 || !str_ends(keys, letter))
		fail(p, "three keys at most, the last one is the letter", keys);
	press(p, str_sub(keys, 0, keys.n - 1));
	look_for_batch(p, batch);
	press(p, letter);
	while (str_next(&texts, '|', &text)) {
		bool failed = p->failed;

		look_for(p, text, true);
		if (p->failed && !failed)
			fail(p, "question", letter);
	}
}

static void ask_all(struct player *p, struct str name)
{
	char path[1200], line[2048];
	bool asked[256] = { false };
	unsigned here = p->line;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%.*s", p->folder, STR_ARG(name));
	f = fopen(path, "r");
	if (!f) {
		fail(p, "cannot be read", name);
		return;
	}
	p->line = 0;
	while (fgets(line, sizeof(line), f)) {
		struct str s = str_of(line);

		p->line++;
		if (s.n && s.p[s.n - 1] == '\n')
			s.n--;
		if (s.n && s.p[0] != '#')
			ask(p, s, asked);
	}
	p->line = here;
	fclose(f);
	for (int i = 0; i < GUIDE_QUESTION_COUNT; i++)
		if (!asked[(unsigned char)guide_questions[i].letter])
			fail(p, "is not asked", str_of(guide_questions[i].ask));
}

/* What the bottom line says, beside the question that was asked. */
static void bottom_line(struct player *p, struct strbuf *out)
{
	for (int col = 0; col < p->canvas.cols; col++) {
		const struct cell *c = canvas_cell(&p->canvas,
						   p->canvas.rows - 1, col);

		strbuf_add(out, (struct str){ c->text, c->n });
	}
}

static void run_step(struct player *p, rule_index rule, row_id row, size_t i)
{
	const struct ruleset_rule *r = ruleset_at(investigation_rules(p->inv),
						  rule);
	const struct rule_step *s = &r->rule.step[i];
	char key = (char)('1' + i);
	struct strbuf what, all, bottom;
	struct str said;

	strbuf_init(&what);
	strbuf_init(&all);
	strbuf_init(&bottom);
	strbuf_add(&what, r->rule.title);
	strbuf_adds(&what, ": ");
	strbuf_add(&what, s->ask);
	app_free(p->app);
	canvas_release(&p->canvas);
	open_app(p);
	settle(p);
	desk_select(app_desk(p->app), row);
	app_open_guide(p->app, rule);
	settle(p);
	app_key(p->app, (key_code)key);
	dump(p, &all);
	if (str_find(strbuf_str(&all), STR("] ask next"), 0) != SIZE_MAX)
		fail(p, "cannot be run", strbuf_str(&what));
	bottom_line(p, &bottom);
	said = str_trim(strbuf_str(&bottom));
	if (s->kind != STEP_NONE && said.n && !str_starts(s->ask, said)) {
		fail(p, "says something", strbuf_str(&what));
		fail(p, "it says", said);
	}
	strbuf_release(&bottom);
	strbuf_release(&all);
	strbuf_release(&what);
}

/* By rule: the first row that it alerted on, or ROW_NONE. */
static row_id *first_rows(const struct snapshot *snap, size_t rules)
{
	row_id *first = mem_zero(rules, sizeof(*first));

	for (size_t i = 0; i < rules; i++)
		first[i] = ROW_NONE;
	for (row_id row = 0; row < snap->store->n; row++) {
		size_t n;
		const struct mark *m = marks_of(&snap->marks, row, &n);

		for (size_t i = 0; i < n; i++)
			if (first[m[i].label] == ROW_NONE)
				first[m[i].label] = row;
	}
	return first;
}

static void all_steps(struct player *p, struct str least)
{
	const struct ruleset *rs = investigation_rules(p->inv);
	size_t rules = ruleset_count(rs);
	row_id *first = first_rows(app_desk(p->app)->snap, rules);
	uint64_t wanted = 0, run = 0;
	char path[1200];
	FILE *left;

	snprintf(path, sizeof(path), "%s/steps.left", p->work);
	left = fopen(path, "w");
	for (size_t i = 0; i < rules && left; i++) {
		const struct rule *r = &ruleset_at(rs, (rule_index)i)->rule;

		if (!r->step_n)
			continue;
		if (first[i] == ROW_NONE) {
			fprintf(left, "%.*s\n", STR_ARG(r->title));
			continue;
		}
		run++;
		for (size_t k = 0; k < r->step_n && k < 9; k++)
			run_step(p, (rule_index)i, first[i], k);
	}
	if (left)
		fclose(left);
	free(first);
	str_to_u64(least, &wanted);
	if (!left || run < wanted) {
		fprintf(stderr, "%u rules have been asked\n", (unsigned)run);
		fail(p, "too few rules have alerted", least);
	}
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
		resize(p, rest);
	else if (str_eq(what, STR("glyphs")))
		p->unicode = str_eq(rest, STR("unicode"));
	else if (!p->app)
		fail(p, "nothing is loaded", what);
	else if (str_eq(what, STR("late")))
		put_off(p, rest);
	else if (str_eq(what, STR("keys")))
		press(p, rest);
	else if (str_eq(what, STR("paste"))) {
		app_paste(p->app, rest);
		settle(p);
	} else if (str_eq(what, STR("expect")))
		look_for(p, rest, true);
	else if (str_eq(what, STR("said")))
		look_in_case(p, rest);
	else if (str_eq(what, STR("refuse")))
		look_for(p, rest, false);
	else if (str_eq(what, STR("snap")))
		snap(p, rest);
	else if (str_eq(what, STR("part")))
		part(p, rest);
	else if (str_eq(what, STR("questions")))
		ask_all(p, rest);
	else if (str_eq(what, STR("steps")))
		all_steps(p, rest);
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
			fail(p, "the analyst is still there", rest);
	} else
		fail(p, "no such step", what);
}

static void play(struct player *p)
{
	char line[2048];
	FILE *f = fopen(p->script, "r");

	if (!f) {
		fail(p, "cannot be read", STR(""));
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
