/* SPDX-License-Identifier: MIT */
/* What is said of a filter while it is typed: whether it can be read, where
 * not, and how many events it leaves. */
#include "ui/app_private.h"

#include "query/parse.h"
#include "query/print.h"

/* For the count of a filter that is being typed: at once, and in all. */
enum { COUNT_MS = 50 };

/* A filter in the line that is typed. */
struct typed {
	const char *word; /* in the label before its state */
	bool command;     /* it stands behind a command's name */
	struct str expr;
	size_t at;        /* bytes of the line before it */
	bool adds, hides; /* to the filter that there is: it, or its contrary */
	/* It is the name of one of these, which stands for a filter. */
	bool tactic, saved;
};

static bool after_command(struct str line, struct typed *t)
{
	size_t space = str_find_char(line, ' ', 0);

	if (space == SIZE_MAX)
		return false;
	switch (screen_command_find(str_sub(line, 0, space))) {
	case DO_FILTER:
	case DO_CHOOSE_MATCHING:
		break;
	case DO_KEEP:
		t->adds = true;
		break;
	case DO_HIDE:
		t->adds = t->hides = true;
		break;
	case DO_TACTIC:
		t->tactic = true;
		break;
	case DO_LOAD:
		t->saved = true;
		break;
	default:
		return false;
	}
	t->command = true;
	t->word = "";
	t->expr = str_from(line, space);
	while (t->expr.n && *t->expr.p == ' ')
		t->expr = str_from(t->expr, 1);
	t->at = line.n - t->expr.n;
	/* Without one the command asks for it, or for a value. */
	return t->expr.n > 0;
}

static bool find_typed(const struct app *a, struct typed *t)
{
	struct str line = prompt_text(&a->prompt[a->asking]);

	*t = (struct typed){ .expr = line };
	switch (a->asking) {
	case ASK_FILTER:
		t->word = "filter";
		return true;
	case ASK_CHOOSE:
		t->word = "select";
		return true;
	case ASK_COMMAND:
		return after_command(line, t);
	default:
		return false;
	}
}

/* "filter[ok >=1,204]: ", "[incomplete]:" */
static void label(struct app *a, const struct typed *t, struct str state)
{
	strbuf_clear(&a->prompt_label);
	strbuf_adds(&a->prompt_label, t->word);
	strbuf_addc(&a->prompt_label, '[');
	strbuf_add(&a->prompt_label, state);
	strbuf_adds(&a->prompt_label, t->command ? "]:" : "]: ");
}

static void label_count(struct app *a, size_t n, bool all)
{
	struct strbuf state;
	struct typed t;

	if (!find_typed(a, &t))
		return;
	strbuf_init(&state);
	strbuf_adds(&state, all ? "ok " : "ok >=");
	strbuf_add_count(&state, n);
	label(a, &t, strbuf_str(&state));
	strbuf_release(&state);
}

/* Counting ---------------------------------------------------------------- */

void app_prompt_forget(struct app *a)
{
	query_run_free(a->typed_run);
	plan_free(a->typed_plan);
	a->typed_run = NULL;
	a->typed_plan = NULL;
}

bool app_prompt_busy(const struct app *a)
{
	return a->typed_run && a->typed_ms;
}

void app_prompt_step(struct app *a, unsigned ms)
{
	bool finished;

	if (!app_prompt_busy(a))
		return;
	if (ms > a->typed_ms)
		ms = a->typed_ms;
	a->typed_ms -= ms;
	finished = query_run_step(a->typed_run, ms);
	label_count(a, query_run_rows(a->typed_run)->n, finished);
	if (finished || !a->typed_ms)
		app_prompt_forget(a);
}

/* Counts what a filter would leave: what the indexes know at once, the rest
 * when no key came for a while. False when it cannot work. */
static bool begin_count(struct app *a, const struct expr *expr, struct err *err)
{
	/* On a thread: where records lie is asked of all rows at once. */
	const struct scan_options options = { 1, investigation_limits(
							 a->desk->inv) };

	app_prompt_forget(a);
	if (plan_new(&a->typed_plan, expr, err)) {
		a->typed_plan = NULL;
		return false;
	}
	label_count(a, 0, false);
	if (!a->desk->snap)
		return true;
	a->typed_run = query_run_new(a->typed_plan, a->desk->snap->store,
				     &a->desk->snap->marks, &options);
	a->typed_ms = COUNT_MS;
	if (query_run_finished(a->typed_run))
		app_prompt_step(a, COUNT_MS);
	return true;
}

/* What is typed joined to the filter that there is, if that is what its
 * command does; else `expr`. */
static const struct expr *joined(const struct app *a, const struct typed *t,
				 const struct expr *expr, struct arena *arena)
{
	struct str now = a->desk->now.filter;
	const struct expr *both = expr;
	struct query_error error;
	struct strbuf text;

	if (!t->adds)
		return expr;
	strbuf_init(&text);
	if (now.n) {
		strbuf_addc(&text, '(');
		strbuf_add(&text, now);
		strbuf_adds(&text, ") and ");
	}
	strbuf_adds(&text, t->hides ? "not (" : "(");
	strbuf_add(&text, t->expr);
	strbuf_addc(&text, ')');
	if (query_parse(arena_dup(arena, strbuf_str(&text)), &a->desk->zone,
			arena, &both, &error) != QUERY_OK)
		both = expr;
	strbuf_release(&text);
	return both;
}

/* Judging ----------------------------------------------------------------- */

/* Does a name go on from what is typed? */
static bool is_begun(const struct app *a, const struct typed *t)
{
	const struct saved_filters *s = &a->desk->saved;

	for (int i = 0; t->tactic && i < TACTIC_COUNT; i++)
		if (str_starts_fold(
			    str_of(attack_tactic_as(a->desk->attack,
						    (enum attack_tactic)i)
					   .name),
			    t->expr))
			return true;
	for (size_t i = 0; t->saved && i < s->n; i++)
		if (str_starts_fold(s->item[i].name, t->expr))
			return true;
	return false;
}

/* The filter that a name stands for, in the arena; false when it is none. */
static bool find_named(const struct app *a, const struct typed *t,
		       struct arena *arena, struct str *filter)
{
	const struct saved_filter *s;
	struct strbuf text;

	if (t->tactic && attack_tactics_named(str_trim(t->expr))) {
		strbuf_init(&text);
		query_term(&text, STR("tactic"), str_trim(t->expr));
		*filter = arena_dup(arena, strbuf_str(&text));
		strbuf_release(&text);
		return true;
	}
	s = t->saved ? saved_filters_find(&a->desk->saved, str_trim(t->expr)) :
		       NULL;
	if (s)
		*filter = s->filter;
	return s != NULL;
}

static void judge_name(struct app *a, const struct typed *t)
{
	const struct expr *expr;
	struct query_error error;
	struct str filter;
	struct arena arena;
	struct err err;

	arena_init(&arena);
	if (!find_named(a, t, &arena, &filter)) {
		bool begun = is_begun(a, t);

		a->prompt_wrong = !begun;
		a->prompt_unfinished = begun;
		a->wrong_at = t->at;
		a->wrong_n = begun ? 0 : t->expr.n;
		label(a, t, begun ? STR("incomplete") : STR("error"));
		strbuf_adds(&a->prompt_hint,
			    begun     ? "Tab:complete" :
			    t->tactic ? "no such tactic" :
					"no filter is saved so; & lists them");
	} else if (query_parse(filter, &a->desk->zone, &arena, &expr, &error) !=
			   QUERY_OK ||
		   !begin_count(a, expr, &err)) {
		/* The command says what is wrong with it. */
		label(a, t, STR("error"));
	}
	arena_release(&arena);
}

static void judge(struct app *a, const struct typed *t)
{
	struct query_error error;
	const struct expr *expr;
	struct strbuf state;
	struct arena arena;
	struct err err;

	arena_init(&arena);
	strbuf_init(&state);
	switch (query_parse(t->expr, &a->desk->zone, &arena, &expr, &error)) {
	case QUERY_OK:
		if (begin_count(a, joined(a, t, expr, &arena), &err))
			break;
		a->prompt_wrong = true;
		label(a, t, STR("error"));
		strbuf_adds(&a->prompt_hint, err.msg);
		break;
	case QUERY_INCOMPLETE:
		a->wrong_at = t->at + error.offset;
		a->wrong_n = 0;
		a->prompt_unfinished = true;
		label(a, t, STR("incomplete"));
		strbuf_adds(&a->prompt_hint, error.text);
		strbuf_adds(&a->prompt_hint, "   Tab:complete");
		break;
	case QUERY_WRONG:
		a->prompt_wrong = true;
		a->wrong_at = t->at + error.offset;
		a->wrong_n = error.length;
		strbuf_addf(&state, "error col %zu", error.column);
		label(a, t, strbuf_str(&state));
		strbuf_adds(&a->prompt_hint, error.text);
		break;
	}
	strbuf_release(&state);
	arena_release(&arena);
}

void app_prompt_judge(struct app *a)
{
	struct typed t;

	app_prompt_forget(a);
	strbuf_clear(&a->prompt_hint);
	a->prompt_wrong = a->prompt_unfinished = false;
	if (find_typed(a, &t) && (t.tactic || t.saved)) {
		judge_name(a, &t);
	} else if (find_typed(a, &t)) {
		judge(a, &t);
	} else if (a->asking == ASK_COMMAND) {
		strbuf_clear(&a->prompt_label);
		strbuf_adds(&a->prompt_label, ":");
	}
}
