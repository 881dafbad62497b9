/* SPDX-License-Identifier: MIT */
/* What to ask next: the steps of the rules that alerted on the selected event,
 * and the questions of any investigation. */
#include "casework/guide.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "command/guide_questions.h"
#include "ingest/reader.h"
#include "ui/app_private.h"
#include "ui/panes/text.h"

/* One thing that can be asked. Of a rule, or of any investigation. */
struct guide_item {
	struct str ask; /* the rule's, or constant */
	enum step_kind kind;
	struct str line; /* the guide's: a filter, a pivot, a screen's line */
	bool several;    /* the line is of several, none with a value */
	struct case_item step; /* as the case has it; texts not ours */
};

struct guide {
	struct guide_item *item;
	size_t n, cap;
	struct arena arena;
};

/* What the questions of any investigation are kept under. */
static const char questions_title[] = "questions";

void guide_free(struct guide *g)
{
	if (!g)
		return;
	free(g->item);
	arena_release(&g->arena);
	free(g);
}

/* Ticks -------------------------------------------------------------------- */

static bool is_done(struct app *a, const struct guide_item *item)
{
	const struct case_item *s = &item->step;

	return case_book_step_done(&a->desk->book, s->rule_id, s->title,
				   s->actor, s->text) ||
	       case_book_step_done(&a->steps, s->rule_id, s->title, s->actor,
				   s->text);
}

/* In the case, where there is one that can be written; else as long as the
 * program runs. */
static void tick(struct app *a, const struct guide_item *item)
{
	struct strbuf line;
	struct err err;

	if (is_done(a, item))
		return;
	if (a->desk->case_file &&
	    desk_tick(a->desk, &item->step, &err) == ERR_OK)
		return;
	strbuf_init(&line);
	case_item_write(&item->step, false, &line);
	case_book_take(&a->steps, strbuf_str(&line));
	strbuf_release(&line);
}

/* Running ------------------------------------------------------------------ */

static void run_filter(struct app *a, struct str filter)
{
	struct err err;

	desk_set_scope(a->desk, (struct scope)SCOPE_INIT);
	if (desk_set_filter(a->desk, filter, &err))
		app_say(a, "%s", err.msg);
	app_focus(a, PANE_TIMELINE);
}

/* Names out of logs may have semicolons: a line that has some is one line. */
static void run_lines(struct app *a, const struct guide_item *item)
{
	struct str lines = item->line, line;

	if (!item->several)
		app_run_line(a, lines);
	else
		while (str_next(&lines, ';', &line))
			app_run_line(a, line);
}

static void run_step(struct app *a, const struct guide_item *item)
{
	switch (item->kind) {
	case STEP_NONE:
		app_say(a, "ticked: the logs do not answer it");
		break;
	case STEP_FILTER:
		run_filter(a, item->line);
		break;
	case STEP_PIVOT:
		if (!app_pivot(a, item->line))
			app_say(a, "no pivot %.*s", STR_ARG(item->line));
		break;
	case STEP_VIEW:
	case STEP_SECTION:
		run_lines(a, item);
		break;
	}
}

/* The place is kept once, whatever the way to the answer is; what is shown
 * then is named by the question. */
static void run_item(struct app *a, struct str argument)
{
	const struct guide_item *item;
	uint64_t number = 0, version = a->desk->version;
	enum pane_id focus = a->focus;

	str_to_u64(argument, &number);
	if (!a->guide || number >= a->guide->n)
		return;
	item = &a->guide->item[number];
	app_remember(a);
	a->asking_question = true;
	run_step(a, item);
	a->asking_question = false;
	a->asked_overlays = a->overlay_n;
	a->question = item->ask;
	tick(a, item);
	if (!a->overlay_n && a->focus == focus && a->desk->version == version &&
	    a->message.n)
		app_forget_question(a);
}

/* The menu ----------------------------------------------------------------- */

static const struct guide_item *add_item(struct guide *g,
					 const struct guide_item *item)
{
	g->item = mem_grow(g->item, &g->cap, g->n + 1, sizeof(*g->item));
	g->item[g->n] = *item;
	return &g->item[g->n++];
}

/* `label` is shown; `beside` tells how else it is answered. Without `can` it
 * is there to be read. */
static void add_line(struct app *a, struct menu *m,
		     const struct guide_item *item, char key, struct str label,
		     struct str beside, bool can)
{
	struct guide *g = a->guide;
	char number[24];

	snprintf(number, sizeof(number), "%zu", g->n);
	add_item(g, item);
	menu_add(m, can ? key : '\0', label, can ? run_item : NULL,
		 str_of(number));
	menu_tell(m, beside, is_done(a, item));
}

/* A filter step shows, and runs, what it becomes for the event. A section is
 * the screen's view of that name. */
static void add_step(struct app *a, struct menu *m, const struct rule *rule,
		     const struct rule_step *step, const struct event *e,
		     struct str actor, char digit)
{
	struct guide_item item = {
		.ask = step->ask,
		.kind = step->kind,
		.line = step->argument,
		.step = { .kind = CASE_STEP,
			  .rule_id = rule->id,
			  .title = rule->title,
			  .actor = actor,
			  .text = step->ask },
	};
	struct strbuf line;
	struct err err;
	bool can = true;

	strbuf_init(&line);
	if (step->kind == STEP_SECTION && str_eq(step->argument, STR("on")))
		item.line = STR("done-to");
	else if (step->kind == STEP_SECTION &&
		 str_eq(step->argument, STR("did")))
		item.line = STR("matrix");
	if (step->kind == STEP_FILTER) {
		can = e && !guide_filter(&line, step->argument, e, &err);
		if (!can) {
			strbuf_clear(&line);
			strbuf_adds(&line,
				    e ? err.msg : "the event is not there");
		}
		item.line = arena_dup(&a->guide->arena, strbuf_str(&line));
	}
	strbuf_clear(&line);
	strbuf_adds(&line, step->kind == STEP_FILTER ? "" : ":");
	if (step->kind == STEP_PIVOT)
		strbuf_adds(&line, "pivot ");
	strbuf_add(&line, item.line);
	add_line(a, m, &item, digit, step->ask,
		 step->kind == STEP_NONE ? STR("(for you to find out)") :
					   strbuf_str(&line),
		 can);
	strbuf_release(&line);
}

/* The rules that alerted on the selected event, and its record. */
struct alerted {
	const struct mark *mark;
	size_t n, first; /* the one whose steps come first */
	struct reader *reader;
	const struct event *e; /* or NULL */
	struct str actor;
	char digit;
};

static void alerted_init(struct alerted *x, struct app *a, uint32_t rule)
{
	const struct desk *d = a->desk;
	const struct store *s = d->snap->store;
	struct str actor = store_text(s, EVENT_ACTOR, d->selected);
	struct err err;

	*x = (struct alerted){ .digit = '1' };
	x->mark = marks_of(&d->snap->marks, d->selected, &x->n);
	for (size_t i = 1; i < x->n; i++) {
		bool is = x->mark[i].label == rule;

		if (is || (x->mark[x->first].label != rule &&
			   x->mark[i].level > x->mark[x->first].level))
			x->first = i;
	}
	if (!actor.n)
		actor = store_text(s, EVENT_IP, d->selected);
	x->actor = arena_dup(&a->guide->arena, actor);
	x->reader = reader_new(s, investigation_limits(d->inv));
	if (reader_event(x->reader, d->selected, &x->e, &err))
		x->e = NULL;
}

static void add_steps(struct app *a, struct menu *m, struct alerted *x,
		      size_t i)
{
	const struct rule *rule = &ruleset_at(investigation_rules(a->desk->inv),
					      x->mark[i].label)
					   ->rule;

	if (rule->step_n)
		menu_heading(m, rule->title);
	for (size_t k = 0; k < rule->step_n; k++)
		add_step(a, m, rule, &rule->step[k], x->e, x->actor,
			 x->digit <= '9' ? x->digit++ : '\0');
}

static void add_question(struct app *a, struct menu *m,
			 const struct guide_question_info *q,
			 const struct guide_about *about)
{
	struct guide_item item = {
		.ask = str_of(q->ask),
		.kind = STEP_VIEW,
		.several = !strchr(q->screen, '{'),
		.step = { .kind = CASE_STEP,
			  .title = str_of(questions_title),
			  .actor = about->id,
			  .text = str_of(q->ask) },
	};
	struct strbuf line, batch;
	const char *missing = "";
	bool can;

	strbuf_init(&line);
	strbuf_init(&batch);
	can = guide_fill(&line, q->screen, about, GUIDE_SCREEN, &missing) &&
	      guide_fill(&batch, q->batch, about, GUIDE_SHELL, &missing);
	if (!can) {
		strbuf_clear(&batch);
		strbuf_adds(&batch, missing);
	}
	item.line = arena_dup(&a->guide->arena, strbuf_str(&line));
	add_line(a, m, &item, q->letter, str_of(q->ask), strbuf_str(&batch),
		 can);
	strbuf_release(&line);
	strbuf_release(&batch);
}

static void add_questions(struct app *a, struct menu *m)
{
	const struct desk *d = a->desk;
	struct guide_about about = { .id = STR_NULL };
	node_id node = app_identity(a);
	struct strbuf event;

	strbuf_init(&event);
	if (node)
		about.id = arena_dup(&a->guide->arena,
				     lineage_id(d->snap->lineage, node));
	if (d->selected != ROW_NONE) {
		store_id_text(d->snap->store, d->selected, &event);
		about.event = arena_dup(&a->guide->arena, strbuf_str(&event));
		about.address = arena_dup(&a->guide->arena,
					  store_text(d->snap->store, EVENT_IP,
						     d->selected));
	}
	menu_heading(m, STR("Any investigation, in this order"));
	for (int i = 0; i < GUIDE_QUESTION_COUNT; i++)
		add_question(a, m, &guide_questions[i], &about);
	strbuf_release(&event);
}

void app_open_guide(struct app *a, uint32_t rule)
{
	node_id node = app_identity(a);
	struct alerted alerted = { .n = 0 };
	struct strbuf title;
	struct menu *m;

	if (!a->desk->snap) {
		app_say(a, "nothing is loaded yet");
		return;
	}
	guide_free(a->guide);
	a->guide = mem_zero(1, sizeof(*a->guide));
	arena_init(&a->guide->arena);
	strbuf_init(&title);
	strbuf_adds(&title, "a] ask next");
	if (node) {
		strbuf_adds(&title, ": ");
		node_describe(a->desk->snap->lineage, node, &title);
	}
	m = menu_new(title.p);
	strbuf_release(&title);
	if (a->desk->selected != ROW_NONE)
		alerted_init(&alerted, a, rule);
	if (alerted.n)
		add_steps(a, m, &alerted, alerted.first);
	add_questions(a, m);
	for (size_t i = 0; i < alerted.n; i++)
		if (i != alerted.first)
			add_steps(a, m, &alerted, i);
	reader_free(alerted.reader);
	app_open(a, &overlay_menu, m);
}
