/* SPDX-License-Identifier: MIT */
/* The guide: its questions, and the steps of the rules. */
#include "paneplay.h"

#include <stdlib.h>

#include "base/mem.h"
#include "command/guide_questions.h"
#include "detect/ruleset.h"

/* Each question has a workbench of its own. */
static void open_anew(struct player *p)
{
	app_free(p->app);
	canvas_release(&p->canvas);
	play_open(p);
	play_settle(p);
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
	play_resize(p, STR("250x60"));
	play_look_for(p, strbuf_str(&line), true);
	play_resize(p, str_of(before));
	strbuf_release(&line);
}

/* One row of a table of questions. */
static void ask(struct player *p, struct str row, bool asked[256])
{
	struct str letter, start, keys, texts, text, batch;

	if (!str_next(&row, '\t', &letter) || !str_next(&row, '\t', &start) ||
	    !str_next(&row, '\t', &keys) || !str_next(&row, '\t', &texts) ||
	    !str_next(&row, '\t', &batch) || letter.n != 1) {
		play_fail(p, "a row of five columns was expected", row);
		return;
	}
	asked[(unsigned char)letter.p[0]] = true;
	open_anew(p);
	play_press(p, start);
	if (count_keys(keys) > 3 || !str_ends(keys, letter))
		play_fail(p, "three keys at most, the last one is the letter",
			  keys);
	play_press(p, str_sub(keys, 0, keys.n - 1));
	look_for_batch(p, batch);
	play_press(p, letter);
	while (str_next(&texts, '|', &text)) {
		bool failed = p->failed;

		play_look_for(p, text, true);
		if (p->failed && !failed)
			play_fail(p, "question", letter);
	}
}

void play_questions(struct player *p, struct str name)
{
	char path[1200], line[2048];
	bool asked[256] = { false };
	unsigned here = p->line;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%.*s", p->folder, STR_ARG(name));
	f = fopen(path, "r");
	if (!f) {
		play_fail(p, "cannot be read", name);
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
			play_fail(p, "is not asked",
				  str_of(guide_questions[i].ask));
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
	open_anew(p);
	desk_select(app_desk(p->app), row);
	app_open_guide(p->app, rule);
	app_key(p->app, (key_code)key);
	play_dump(p, &all);
	if (str_find(strbuf_str(&all), STR("] ask next"), 0) != SIZE_MAX)
		play_fail(p, "cannot be run", strbuf_str(&what));
	bottom_line(p, &bottom);
	said = str_trim(strbuf_str(&bottom));
	if (s->kind != STEP_NONE && said.n && !str_starts(s->ask, said)) {
		play_fail(p, "says something", strbuf_str(&what));
		play_fail(p, "it says", said);
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

void play_steps(struct player *p, struct str least)
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
		play_fail(p, "too few rules have alerted", least);
	}
}
