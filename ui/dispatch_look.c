/* SPDX-License-Identifier: MIT */
#include "ui/dispatch_private.h"

enum { WIDEN_STEP = 4, SCROLL = 8 /* columns at a time */ };

static int columns_of(const struct app *a)
{
	return a->overlay_n ? a->layout.body.cols :
			      layout_inner(&a->layout, a->focus).cols;
}

/* A list that is not the timeline, which has columns to choose from. */
static void toggle_wide_list(struct app *a, struct pane *p)
{
	p->left = 0;
	if (!p->wide && columns_of(a) >= PANE_WIDE) {
		app_say(a, "there is room for all of it already");
		return;
	}
	p->wide = !p->wide;
	app_say(a, p->wide ? "as wide as it needs; h and l scroll, w goes "
			     "back" :
			     "as wide as the pane");
}

bool app_scroll_wide(struct app *a, struct pane *p, enum screen_command cmd)
{
	int most = PANE_WIDE - columns_of(a);

	if (!p->wide || most <= 0)
		return false;
	if (cmd == DO_LEFT || cmd == DO_FOLD)
		p->left -= SCROLL;
	else if (cmd == DO_RIGHT || cmd == DO_UNFOLD)
		p->left += SCROLL;
	else
		return false;
	p->left = p->left < 0 ? 0 : p->left > most ? most : p->left;
	return true;
}

static void toggle_wide(struct app *a)
{
	struct column_choice *c = &a->desk->columns;
	struct pane *p = app_active(a);

	if (p->class->context != IN_TIMELINE) {
		toggle_wide_list(a, p);
		return;
	}
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

/* The left side of the screen gets columns, or gives them; a step that changes
 * nothing is none. */
static void widen(struct app *a, int by)
{
	struct rect before = a->layout.pane[a->focus];
	bool left = a->focus == PANE_ALERTS || a->focus == PANE_ATTACK;
	int was = a->widen;

	a->widen = by ? was + (left ? by : -by) : 0;
	app_layout(a);
	if (!by || before.cols != a->layout.pane[a->focus].cols)
		return;
	a->widen = was;
	app_layout(a);
	app_say(a, "%s",
		a->layout.boxes ? "this pane gets no other width here" :
				  "no panes stand side by side here");
}

static void resize(struct app *a, struct str columns)
{
	uint64_t n = 0;

	if (!str_to_u64(columns, &n) || !n || n > 1000)
		app_say(a, "a number of columns was expected, not %.*s",
			STR_ARG(columns));
	else if ((int)n != a->layout.pane[a->focus].cols)
		widen(a, (int)n - a->layout.pane[a->focus].cols);
}

bool dispatch_look(struct app *a, enum screen_command cmd, struct str argument)
{
	switch (cmd) {
	case DO_WIDE:
		toggle_wide(a);
		return true;
	case DO_NARROWER:
	case DO_WIDER:
		widen(a, cmd == DO_WIDER ? WIDEN_STEP : -WIDEN_STEP);
		return true;
	case DO_EQUAL:
		if (!a->widen)
			app_say(a, "panes are as wide as in the beginning");
		widen(a, 0);
		return true;
	case DO_RESIZE:
		resize(a, argument);
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
