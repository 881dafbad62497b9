/* SPDX-License-Identifier: MIT */
/* What the bottom line asks for: commands, filters, searches, times. */
#include "ui/app_private.h"

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
	strbuf_clear(&a->message);
	strbuf_clear(&a->prompt_label);
	if (labels[kind])
		strbuf_adds(&a->prompt_label, labels[kind]);
	app_prompt_judge(a);
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
	if (a->prompt_wrong || a->prompt_unfinished)
		return false;
	app_prompt_forget(a);
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
	if (result == PROMPT_EDITED)
		app_prompt_judge(a);
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
