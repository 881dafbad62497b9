/* SPDX-License-Identifier: MIT */
#include "ui/dispatch_private.h"

static void toggle_wide(struct app *a)
{
	struct column_choice *c = &a->desk->columns;

	c->wide = !c->wide;
	c->left = 0;
	a->desk->version++;
	app_say(a, c->wide ? "all columns; h and l scroll, w goes back" :
			     "columns by width");
}

static void choose_columns(struct app *a, struct str names)
{
	struct strbuf text;
	struct err err;

	strbuf_init(&text);
	if (names.n && columns_parse(&a->desk->columns, names, &err)) {
		app_say(a, "%s", err.msg);
	} else {
		columns_text(&a->desk->columns, &text);
		app_say(a, "columns: %.*s", STR_ARG(strbuf_str(&text)));
		a->desk->version++;
	}
	strbuf_release(&text);
}

/* What is hidden is counted in the row of crumbs for as long as it is. */
static void toggle(struct app *a, enum toggle t)
{
	struct desk *d = a->desk;

	if (!d->snap)
		return;
	app_remember(a);
	desk_toggle(d, t);
	app_say(a,
		d->now.toggles & 1u << t ? "%s hidden, as -f '%s'" :
					   "%s shown again",
		toggle_hides(t), toggle_keeps(t));
}

bool dispatch_look(struct app *a, enum screen_command cmd, struct str argument)
{
	switch (cmd) {
	case DO_WIDE:
		toggle_wide(a);
		return true;
	case DO_WRITES:
		toggle(a, TOGGLE_WRITES);
		return true;
	case DO_FAILURES:
		toggle(a, TOGGLE_ERRORS);
		return true;
	case DO_NOISE:
		toggle(a, TOGGLE_NOISE);
		return true;
	case DO_COLUMNS:
		choose_columns(a, argument);
		return true;
	default:
		return false;
	}
}
