/* SPDX-License-Identifier: MIT */
#include "query/print.h"
#include "ui/dispatch_private.h"

static void filter(struct app *a, struct str text)
{
	struct err err;

	if (!text.n) {
		app_ask(a, ASK_FILTER, a->desk->now.filter);
		return;
	}
	app_remember(a);
	if (desk_set_filter(a->desk, text, &err))
		app_say(a, "%s", err.msg);
}

/* ":only EXPR" adds what was typed; without, a value under the cursor. */
static void narrow(struct app *a, struct str text, bool keep)
{
	struct err err;

	if (!text.n) {
		app_pick(a, keep);
		return;
	}
	app_remember(a);
	if (desk_add_filter(a->desk, text, keep, &err))
		app_say(a, "%s", err.msg);
}

static void only_tactic(struct app *a, struct str name)
{
	struct strbuf text;
	struct err err;

	if (!attack_tactics_named(name)) {
		app_say(a, "%.*s is no tactic", STR_ARG(name));
		return;
	}
	strbuf_init(&text);
	query_term(&text, STR("tactic"), name);
	app_remember(a);
	if (desk_set_filter(a->desk, strbuf_str(&text), &err))
		app_say(a, "%s", err.msg);
	strbuf_release(&text);
}

bool dispatch_narrow(struct app *a, enum screen_command cmd,
		     struct str argument)
{
	struct err err;

	switch (cmd) {
	case DO_FILTER:
		filter(a, argument);
		return true;
	case DO_KEEP:
	case DO_HIDE:
		narrow(a, argument, cmd == DO_KEEP);
		return true;
	case DO_UNDO:
		if (desk_undo(a->desk, &err))
			app_say(a, "%s", err.msg);
		return true;
	case DO_REDO:
		if (desk_redo(a->desk, &err))
			app_say(a, "%s", err.msg);
		return true;
	case DO_CLEAR:
		if (!app_narrows(a)) {
			app_say(a, "nothing narrows what is shown");
			return true;
		}
		app_remember(a);
		desk_clear(a->desk);
		desk_set_scope(a->desk, (struct scope)SCOPE_INIT);
		return true;
	case DO_TACTIC:
		only_tactic(a, argument);
		return true;
	case DO_MUTED:
		desk_show_muted(a->desk, !a->desk->show_muted);
		return true;
	default:
		return false;
	}
}
