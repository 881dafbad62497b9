/* SPDX-License-Identifier: MIT */
#include "ui/dispatch_private.h"

#include "ui/panes/lineage.h"
#include "ui/panes/profile.h"

static void go_to_pane(struct app *a, enum pane_id pane)
{
	if (a->focus == pane && !a->overlay_n)
		return;
	app_remember(a);
	app_focus(a, pane);
}

static void cycle_pane(struct app *a, int by)
{
	int id = (int)a->focus;

	do {
		id = (id + by + PANE_COUNT) % PANE_COUNT;
	} while (!a->pane[id].class);
	app_focus(a, (enum pane_id)id);
}

/* Goes to what is around an event within a span that was typed, "5m"; empty:
 * what is usual. */
static void look_within(struct app *a, row_id row, struct str span)
{
	struct str same = STR_NULL, word, rest = span;
	struct desk *d = a->desk;
	int64_t ms = SCOPE_AROUND_MS;
	struct strbuf id;

	if (!d->snap || row == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	strbuf_init(&id);
	store_id_text(d->snap->store, row, &id);
	/* Again around the same event: less of it each time, then all. */
	if (!span.n && d->scope.kind == SCOPE_AROUND &&
	    str_eq(d->scope.text[0], strbuf_str(&id))) {
		ms = scope_around_ms(&d->scope);
		same = scope_around_next(d->snap->store, row, d->scope.text[2]);
	}
	while (str_next(&rest, ' ', &word)) {
		if (scope_around_has(word)) {
			same = word;
		} else if (!time_parse_span(word, &ms) || ms < 1000 ||
			   ms > (int64_t)SCOPE_WIDEST_MS) {
			app_say(a,
				"%.*s: a span (90s, 15m, 2h), session, address "
				"or actor was expected",
				STR_ARG(word));
			strbuf_release(&id);
			return;
		}
	}
	app_drill(a, scope_around(strbuf_str(&id), ms, same,
				  store_text(d->snap->store, EVENT_NAME, row)));
	desk_select(d, row);
	d->version++;
	strbuf_release(&id);
}

void app_look_around(struct app *a, row_id row)
{
	look_within(a, row, STR_NULL);
}

/* The lineage of whoever is behind the selected event. */
static void show_identity(struct app *a)
{
	if (a->desk->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	go_to_pane(a, PANE_LINEAGE);
}

/* The lineage is that of the selected event: of somebody else his first one is
 * selected, among his own. */
static bool select_identity(struct app *a, node_id node)
{
	const struct lineage *l = a->desk->snap->lineage;
	struct strbuf label;
	node_id now = a->desk->selected == ROW_NONE ?
			      NODE_NONE :
			      lineage_subject(l, a->desk->selected);

	if (now && (now == node || profile_subject(l, now) == node))
		return true;
	strbuf_init(&label);
	node_describe(l, node, &label);
	app_drill(a, scope_make(SCOPE_NODE, lineage_id(l, node), STR_NULL,
				STR_NULL, strbuf_str(&label)));
	strbuf_release(&label);
	if (a->desk->rows.n)
		return true;
	app_say(a, "no event of it is left by the filter");
	return false;
}

static void show_identity_of(struct app *a, struct str words)
{
	node_id node = app_find_identity(a, words);

	if (node && select_identity(a, node))
		go_to_pane(a, PANE_LINEAGE);
}

/* From anywhere: the lineage first, which turns to the matrix itself. */
static void show_matrix(struct app *a)
{
	struct pane *p;

	show_identity(a);
	p = app_active(a);
	if (a->focus == PANE_LINEAGE &&
	    !p->class->command(p->state, a, DO_MATRIX, STR_NULL))
		app_say(a, "no identity is known for this event");
}

static void show_matrix_of(struct app *a, struct str words)
{
	node_id node = app_find_identity(a, words);

	if (!node || !select_identity(a, node))
		return;
	go_to_pane(a, PANE_LINEAGE);
	lineage_show_matrix(a, node);
}

/* This pane alone, or all again. Where it is alone anyway that is told, and
 * holds when the screen gets larger. */
static void show_only(struct app *a)
{
	const struct layout before = a->layout;

	a->zoomed = !a->zoomed;
	app_layout(a);
	if (memcmp(before.pane, a->layout.pane, sizeof(before.pane)) == 0)
		app_say(a, "at this size it has the screen for itself");
}

bool dispatch_go(struct app *a, enum screen_command cmd, struct str argument)
{
	switch (cmd) {
	case DO_PANE_ALERTS:
	case DO_PANE_TIMELINE:
	case DO_PANE_ATTACK:
	case DO_PANE_LINEAGE:
	case DO_PANE_DETAIL:
		go_to_pane(a, (enum pane_id)((int)cmd - DO_PANE_ALERTS));
		return true;
	case DO_TRIAGE:
		a->zoomed = false;
		go_to_pane(a, PANE_ALERTS);
		app_layout(a);
		return true;
	case DO_NEXT_PANE:
	case DO_PREV_PANE:
		cycle_pane(a, cmd == DO_NEXT_PANE ? 1 : -1);
		return true;
	case DO_ONLY:
		show_only(a);
		return true;
	case DO_PIVOT:
		if (!argument.n)
			app_open_pivots(a);
		else if (!app_pivot(a, argument))
			app_say(a, "no pivot %.*s; p lists them",
				STR_ARG(argument));
		return true;
	case DO_IDENTITY:
		if (argument.n)
			show_identity_of(a, argument);
		else
			show_identity(a);
		return true;
	case DO_INCIDENTS:
		/* From another pane: they are in that one. */
		if (a->focus == PANE_ALERTS && !a->overlay_n)
			return false;
		go_to_pane(a, PANE_ALERTS);
		app_command(a, DO_INCIDENTS, STR_NULL);
		return true;
	case DO_MATRIX:
		if (argument.n)
			show_matrix_of(a, argument);
		else
			show_matrix(a);
		return true;
	case DO_GUIDE:
		app_open_guide(a, GUIDE_WORST);
		return true;
	case DO_WHY:
		app_open_why(a, argument);
		return true;
	case DO_CONTEXT:
		look_within(a, a->desk->selected, argument);
		return true;
	case DO_VALUES:
		app_open_values(a, argument);
		return true;
	case DO_LANES:
		app_open_lanes(a, argument);
		return true;
	case DO_COVERAGE:
		app_open_coverage(a);
		if (argument.n)
			app_search(a, argument);
		return true;
	case DO_HISTORY:
		app_open_places(a);
		return true;
	case DO_BACK:
		app_go_back(a);
		return true;
	case DO_FORWARD:
		app_go_forward(a);
		return true;
	default:
		return false;
	}
}
