/* SPDX-License-Identifier: MIT */
/* What Tab offers: filters, commands and what they take, labels. */
#include "model/field.h"
#include "query/complete.h"
#include "ui/app_private.h"
#include "ui/complete_path.h"
#include "ui/panes/attack_cells.h"

static void complete_filter(void *user, struct str text, size_t cursor,
			    size_t *from, struct prompt_candidates *out)
{
	struct app *a = user;
	const struct snapshot *snap = a->desk->snap;
	const struct store *s = snap ? snap->store : NULL;
	struct completions found;
	struct arena arena;

	arena_init(&arena);
	query_complete(text, cursor, s, snap ? &snap->marks : NULL, &arena,
		       &found);
	*from = found.from;
	for (size_t i = 0; i < found.n; i++)
		prompt_offer_counted(out, found.item[i].text,
				     found.item[i].rows == COMPLETE_UNCOUNTED ?
					     PROMPT_UNCOUNTED :
					     found.item[i].rows);
	arena_release(&arena);
}

/* The labels that the case has, once each. */
static void complete_label(void *user, struct str text, size_t cursor,
			   size_t *from, struct prompt_candidates *out)
{
	const struct app *a = user;
	const struct case_list *l = case_book_list(&a->desk->book, CASE_LABEL);
	struct str typed = str_sub(text, 0, cursor);

	*from = str_starts(typed, STR("-")) ? 1 : 0;
	typed = str_from(typed, *from);
	for (size_t i = 0; i < l->n; i++) {
		bool seen = false;

		for (size_t k = 0; k < out->n; k++)
			seen |= str_eq(str_of(out->text[k]), l->item[i].text);
		if (!seen && str_starts(l->item[i].text, typed))
			prompt_offer(out, l->item[i].text);
	}
}

/* Those of several words that go on from what was typed. */
static void offer_word(struct prompt_candidates *out, struct str word,
		       struct str typed)
{
	if (str_starts_fold(word, typed))
		prompt_offer(out, word);
}

static void offer_commands(struct prompt_candidates *out, struct str typed)
{
	for (int i = 0; i < SCREEN_COMMAND_COUNT; i++)
		offer_word(out, str_of(screen_commands[i].name), typed);
}

/* "[on|off|N]": the words in lower case are what may be typed. */
static void offer_alternatives(struct prompt_candidates *out,
			       struct str argument, struct str typed)
{
	struct str one;

	if (str_starts(argument, STR("[")))
		argument = str_sub(argument, 1, argument.n - 1);
	while (str_next(&argument, '|', &one))
		if (one.n && one.p[0] >= 'a' && one.p[0] <= 'z')
			offer_word(out, one, typed);
}

static void offer_options(struct prompt_candidates *out, struct str typed,
			  size_t *from)
{
	size_t space = str_find_char(typed, ' ', 0);
	enum screen_option option;

	if (space == SIZE_MAX) {
		for (int i = 0; i < SCREEN_OPTION_COUNT; i++)
			offer_word(out, str_of(screen_options[i].name), typed);
		return;
	}
	option = screen_option_find(str_sub(typed, 0, space));
	if (option == SCREEN_OPTION_COUNT)
		return;
	*from += space + 1;
	offer_alternatives(out, str_of(screen_options[option].values),
			   str_from(typed, space + 1));
}

static void offer_fields(struct prompt_candidates *out, struct str typed)
{
	for (const struct field *f = fields; f->name; f++)
		offer_word(out, str_of(f->name), typed);
}

static void offer_tactics(struct prompt_candidates *out, enum attack_version v,
			  struct str typed)
{
	enum attack_tactic order[TACTIC_COUNT];
	size_t n = attack_order(v, order);

	for (size_t i = 0; i < n; i++)
		offer_word(out, str_of(attack_tactic_as(v, order[i]).name),
			   typed);
}

/* What a command takes, by what the table says of it. */
static void offer_argument(struct app *a, enum screen_command cmd,
			   struct str typed, size_t *from,
			   struct prompt_candidates *out)
{
	size_t space = str_find_char(typed, ' ', 0);

	switch (cmd) {
	case DO_SET:
		offer_options(out, typed, from);
		break;
	case DO_MAP:
		if (space == SIZE_MAX)
			break;
		*from += space + 1;
		offer_commands(out, str_from(typed, space + 1));
		break;
	case DO_LOAD:
	case DO_SAVE:
		for (size_t i = 0; i < a->desk->saved.n; i++)
			offer_word(out, a->desk->saved.item[i].name, typed);
		break;
	case DO_TACTIC:
		offer_tactics(out, a->desk->attack, typed);
		break;
	case DO_OPEN:
		complete_path(typed, from, out);
		break;
	case DO_ZONE:
		offer_alternatives(out, STR("local|relative"), typed);
		offer_word(out, STR("UTC"), typed);
		break;
	case DO_VALUES:
	case DO_PIVOT:
		offer_fields(out, typed);
		break;
	case DO_HELP:
		app_complete_help(typed, out);
		break;
	default:
		offer_alternatives(out, str_of(screen_commands[cmd].argument),
				   typed);
	}
}

static void complete_command(void *user, struct str text, size_t cursor,
			     size_t *from, struct prompt_candidates *out)
{
	struct str typed = str_sub(text, 0, cursor);
	size_t space = str_find_char(typed, ' ', 0);
	enum screen_command cmd;

	*from = 0;
	if (space == SIZE_MAX) {
		offer_commands(out, typed);
		return;
	}
	cmd = screen_command_find(str_sub(typed, 0, space));
	*from = space + 1;
	if (cmd == DO_FILTER || cmd == DO_KEEP || cmd == DO_HIDE) {
		complete_filter(user, str_from(text, space + 1),
				cursor - space - 1, from, out);
		*from += space + 1;
	} else if (cmd == DO_TAG) {
		complete_label(user, str_from(text, space + 1),
			       cursor - space - 1, from, out);
		*from += space + 1;
	} else if (cmd != SCREEN_COMMAND_COUNT) {
		offer_argument(user, cmd, str_from(typed, space + 1), from,
			       out);
	}
}

void prompt_completers(struct app *a)
{
	prompt_completer(&a->prompt[ASK_FILTER], complete_filter, a);
	prompt_completer(&a->prompt[ASK_CHOOSE], complete_filter, a);
	prompt_completer(&a->prompt[ASK_LABEL], complete_label, a);
	prompt_completer(&a->prompt[ASK_COMMAND], complete_command, a);
}
