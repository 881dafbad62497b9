/* SPDX-License-Identifier: MIT */
/* What the bottom line asks for: commands, filters, searches, times. */
#include "ui/app_private.h"

#include <inttypes.h>

#include "query/parse.h"

/* For the count of a filter that is being typed: at once, and in all. */
enum { COUNT_MS = 50 };

/* Life cycle -------------------------------------------------------------- */

void prompts_init(struct app *a)
{
	for (int i = 0; i < ASK_KINDS; i++)
		prompt_init(&a->prompt[i]);
	prompt_completers(a);
	prompt_history_load(a);
	strbuf_init(&a->prompt_label);
	strbuf_init(&a->prompt_hint);
}

void prompts_release(struct app *a)
{
	app_prompt_forget(a);
	for (int i = 0; i < ASK_KINDS; i++)
		prompt_release(&a->prompt[i]);
	strbuf_release(&a->prompt_label);
	strbuf_release(&a->prompt_hint);
}

/* The state of a filter --------------------------------------------------- */

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

static bool is_filter(enum prompt_kind kind)
{
	return kind == ASK_FILTER || kind == ASK_CHOOSE;
}

/* What comes before the state in the label: of a filter that narrows, or of
 * one that selects. */
static const char *filter_word(const struct app *a)
{
	return a->asking == ASK_CHOOSE ? "select" : "filter";
}

/* "filter[ok >=1,204]: " */
static void label_count(struct app *a, size_t n, bool all)
{
	strbuf_clear(&a->prompt_label);
	strbuf_adds(&a->prompt_label, filter_word(a));
	strbuf_adds(&a->prompt_label, all ? "[ok " : "[ok >=");
	strbuf_add_count(&a->prompt_label, n);
	strbuf_adds(&a->prompt_label, "]: ");
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
	const struct scan_options options = { 0, investigation_limits(
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

static void judge_filter(struct app *a)
{
	struct str text = prompt_text(&a->prompt[a->asking]);
	struct query_error error;
	const struct expr *expr;
	struct arena arena;
	struct err err;

	app_prompt_forget(a);
	arena_init(&arena);
	strbuf_clear(&a->prompt_label);
	strbuf_clear(&a->prompt_hint);
	a->prompt_wrong = a->prompt_unfinished = false;
	switch (query_parse(text, &a->desk->zone, &arena, &expr, &error)) {
	case QUERY_OK:
		if (begin_count(a, expr, &err))
			break;
		a->prompt_wrong = true;
		strbuf_addf(&a->prompt_label, "%s[error]: ", filter_word(a));
		strbuf_adds(&a->prompt_hint, err.msg);
		break;
	case QUERY_INCOMPLETE:
		a->wrong_at = error.offset;
		a->wrong_n = 0;
		a->prompt_unfinished = true;
		strbuf_addf(&a->prompt_label,
			    "%s[incomplete]: ", filter_word(a));
		strbuf_adds(&a->prompt_hint, error.text);
		strbuf_adds(&a->prompt_hint, "   Tab:complete");
		break;
	case QUERY_WRONG:
		a->prompt_wrong = true;
		a->wrong_at = error.offset;
		a->wrong_n = error.length;
		strbuf_addf(&a->prompt_label,
			    "%s[error col %zu]: ", filter_word(a),
			    error.column);
		strbuf_adds(&a->prompt_hint, error.text);
		break;
	}
	arena_release(&arena);
}

/* Asking ------------------------------------------------------------------ */

void app_ask(struct app *a, enum prompt_kind kind, struct str text)
{
	static const char *const labels[ASK_KINDS] = {
		[ASK_COMMAND] = ":",         [ASK_SEARCH] = "/",
		[ASK_GOTO] = "go to time: ", [ASK_LABEL] = "label: ",
		[ASK_NOTE] = "note: ",
	};

	a->asking = kind;
	prompt_open(&a->prompt[kind], text);
	strbuf_clear(&a->prompt_hint);
	strbuf_clear(&a->message);
	a->prompt_wrong = a->prompt_unfinished = false;
	if (is_filter(kind)) {
		judge_filter(a);
	} else {
		strbuf_clear(&a->prompt_label);
		strbuf_adds(&a->prompt_label, labels[kind]);
	}
}

void app_ask_about(struct app *a, enum prompt_kind kind, const char *label)
{
	app_ask(a, kind, STR_NULL);
	strbuf_clear(&a->prompt_label);
	strbuf_adds(&a->prompt_label, label);
}

/* "!" overwrites what is there: it comes before the argument. */
static void run_forced(struct app *a, enum screen_command cmd,
		       struct str argument)
{
	struct strbuf forced;

	strbuf_init(&forced);
	strbuf_adds(&forced, "! ");
	strbuf_add(&forced, argument);
	app_command(a, cmd, strbuf_str(&forced));
	strbuf_release(&forced);
}

/* "412" goes to a row; else a command's name and its argument. */
void app_run_line(struct app *a, struct str line)
{
	struct pane *p = app_active(a);
	enum screen_command cmd;
	bool bang;
	struct str name, argument;
	size_t space;
	uint64_t row;

	line = str_trim(line);
	if (!line.n)
		return;
	if (str_to_u64(line, &row)) {
		list_goto(p->class->list(p->state), row ? row - 1 : 0);
		if (p->class->moved)
			p->class->moved(p->state, a->desk);
		a->stale = true;
		return;
	}
	space = str_find_char(line, ' ', 0);
	name = str_sub(line, 0, space);
	argument = space == SIZE_MAX ? STR_NULL :
				       str_trim(str_from(line, space + 1));
	bang = str_ends(name, STR("!"));
	cmd = screen_command_find(str_sub(name, 0, name.n - bang));
	if (bang && (cmd == DO_REPORT || cmd == DO_EXPORT)) {
		run_forced(a, cmd, argument);
		return;
	}
	if (bang || cmd == SCREEN_COMMAND_COUNT) {
		const char *near = screen_command_nearest(name);

		app_say(a, "no command %.*s%s%s%s", STR_ARG(name),
			near ? "; did you mean " : "", near ? near : "",
			near ? "?" : "");
		return;
	}
	app_command(a, cmd, argument);
}

/* The command that takes what was typed. */
static enum screen_command answered_by(enum prompt_kind kind)
{
	return kind == ASK_CHOOSE ? DO_CHOOSE_MATCHING :
	       kind == ASK_LABEL  ? DO_TAG :
				    DO_NOTE;
}

/* True when the prompt is done with. */
static bool accept(struct app *a, enum prompt_kind kind, struct str text)
{
	if (is_filter(kind)) {
		if (a->prompt_wrong || a->prompt_unfinished)
			return false;
		app_prompt_forget(a);
	}
	switch (kind) {
	case ASK_COMMAND:
		a->asking = ASK_NOTHING;
		app_run_line(a, text);
		/* A command may have asked for more. */
		return a->asking == ASK_NOTHING;
	case ASK_FILTER:
		a->asking = ASK_NOTHING;
		app_command(a, DO_FILTER, text.n ? text : STR(" "));
		return true;
	case ASK_SEARCH:
		a->asking = ASK_NOTHING;
		app_search(a, text);
		return true;
	case ASK_GOTO:
		a->asking = ASK_NOTHING;
		app_command(a, DO_GOTO, text);
		return true;
	case ASK_CHOOSE:
	case ASK_LABEL:
	case ASK_NOTE:
		a->asking = ASK_NOTHING;
		if (text.n)
			app_command(a, answered_by(kind), text);
		return true;
	case ASK_NOTHING:
	case ASK_KINDS:
		break;
	}
	return true;
}

static void after_edit(struct app *a, enum prompt_result result)
{
	if (result == PROMPT_EDITED && is_filter(a->asking))
		judge_filter(a);
}

void app_prompt_key(struct app *a, key_code key)
{
	enum prompt_kind kind = a->asking;
	enum prompt_result result = prompt_key(&a->prompt[kind], key);
	struct strbuf text;

	if (result == PROMPT_CANCELLED) {
		app_prompt_forget(a);
		a->asking = ASK_NOTHING;
		return;
	}
	if (result != PROMPT_ACCEPTED) {
		after_edit(a, result);
		return;
	}
	/* What is run may open another prompt: keep the text. */
	strbuf_init(&text);
	strbuf_add(&text, prompt_text(&a->prompt[kind]));
	prompt_history_add(a, kind, strbuf_str(&text));
	if (accept(a, kind, strbuf_str(&text)) && a->asking == kind)
		a->asking = ASK_NOTHING;
	strbuf_release(&text);
}

void app_prompt_paste(struct app *a, struct str text)
{
	after_edit(a, prompt_paste(&a->prompt[a->asking], text));
}
