/* SPDX-License-Identifier: MIT */
#include "ui/dispatch.h"

#include <inttypes.h>
#include <stdlib.h>

#include "ui/app_private.h"
#include "ui/panes/profile.h"
#include "ui/panes/text.h"

/* Moving ------------------------------------------------------------------ */

static bool move(struct app *a, enum screen_command cmd)
{
	struct pane *p = app_active(a);
	struct list *l = p->class->list(p->state);

	switch (cmd) {
	case DO_DOWN:
		list_down(l, 1);
		break;
	case DO_UP:
		list_up(l, 1);
		break;
	case DO_TOP:
		list_first(l);
		break;
	case DO_BOTTOM:
		list_last(l);
		break;
	case DO_HALF_DOWN:
		list_half_down(l);
		break;
	case DO_HALF_UP:
		list_half_up(l);
		break;
	case DO_PAGE_DOWN:
		list_page_down(l);
		break;
	case DO_PAGE_UP:
		list_page_up(l);
		break;
	default:
		return false;
	}
	if (p->class->moved)
		p->class->moved(p->state, a->desk);
	return true;
}

/* Another row of the timeline, from whatever pane. */
static void step_row(struct app *a, int by)
{
	struct desk *d = a->desk;
	size_t at = desk_cursor(d);

	if (by < 0 && at == 0)
		app_say(a, "this is the first event");
	else if (by > 0 && at + 1 >= d->rows.n)
		app_say(a, "this is the last event");
	else
		desk_select(d, d->rows.row[by > 0 ? at + 1 : at - 1]);
	d->version++;
}

static void next_alert(struct app *a, bool forward)
{
	const struct desk *d = a->desk;
	size_t at = desk_cursor(d), n;

	while (forward ? ++at < d->rows.n : at-- > 0) {
		if (!marks_of(&d->snap->marks, d->rows.row[at], &n))
			continue;
		desk_select(a->desk, d->rows.row[at]);
		a->desk->version++;
		return;
	}
	app_say(a, forward ? "no event with an alert after this one" :
			     "no event with an alert before this one");
}

/* A gap is ten times what lies between events on the whole, and a minute at
 * least. */
static int64_t gap_of(const struct desk *d)
{
	const struct store *s = d->snap->store;
	size_t timed = rowset_seek(&d->rows, s->timed);
	int64_t span = 0;

	if (timed > 1)
		span = s->time[d->rows.row[timed - 1]] -
		       s->time[d->rows.row[0]];
	span = span / (int64_t)(timed + 1) * 10;
	return span > 60000 ? span : 60000;
}

/* Is there such a gap before a row? Rows without a time follow one. */
static bool follows_gap(const struct desk *d, size_t at, int64_t gap)
{
	const int64_t *time = d->snap->store->time;
	int64_t before = time[d->rows.row[at - 1]], t = time[d->rows.row[at]];

	if (t == TIME_NONE)
		return before != TIME_NONE;
	return t - before >= gap;
}

static void next_gap(struct app *a, bool forward)
{
	struct desk *d = a->desk;
	int64_t gap = gap_of(d);
	size_t at = desk_cursor(d);

	while (forward ? at + 1 < d->rows.n : at > 0) {
		at = forward ? at + 1 : at - 1;
		if (at != 0 && !follows_gap(d, at, gap))
			continue;
		desk_select(d, d->rows.row[at]);
		d->version++;
		return;
	}
	app_say(a, forward ? "no gap after this event" :
			     "no gap before this event");
}

/* Time -------------------------------------------------------------------- */

/* Narrows to half, or widens to the double, around the selected event. What
 * widens stays inside the evidence, so that as many steps out as in show all
 * of it again. */
static void zoom(struct app *a, bool in)
{
	struct desk *d = a->desk;
	int64_t since, until, first, last, span, middle;

	if (!desk_window(d, &since, &until) || d->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	store_span(d->snap->store, &first, &last);
	middle = d->snap->store->time[d->selected];
	if (middle == TIME_NONE)
		middle = since + (until - since) / 2;
	span = in ? (until - since + 3) / 4 : (until - since);
	if (span < 1000)
		span = 1000;
	since = middle - span;
	until = middle + span;
	if (!in && since < first) {
		until += first - since;
		since = first;
	} else if (!in && until > last + 1) {
		since -= until - last - 1;
		until = last + 1;
	}
	if (since <= first && until > last)
		since = until = TIME_NONE;
	desk_set_window(d, since, until);
}

static void shift(struct app *a, int by)
{
	struct desk *d = a->desk;
	int64_t since, until, half;

	if (!desk_window(d, &since, &until))
		return;
	half = (until - since) / 2 * by;
	desk_set_window(d, since + half, until + half);
}

/* "21:40" of the selected event's day, "+5m", "-1d", or a whole time. */
static bool parse_goto(const struct desk *d, struct str text, int64_t *t)
{
	int64_t first, from = 0, span;
	struct strbuf whole;

	/* Events without a time stand behind the last one that has one. */
	store_span(d->snap->store, &first, &from);
	if (d->selected < d->snap->store->timed)
		from = d->snap->store->time[d->selected];
	if (text.n > 1 && (text.p[0] == '+' || text.p[0] == '-') &&
	    time_parse_span(str_from(text, 1), &span)) {
		/* Far beyond any time: no sum may overflow. */
		if (span > INT64_MAX / 4)
			span = INT64_MAX / 4;
		*t = text.p[0] == '+' ? from + span : from - span;
		return true;
	}
	*t = time_parse(text, &d->zone);
	if (*t != TIME_NONE)
		return true;
	strbuf_init(&whole);
	time_format(&whole, from, TIME_DATE, &d->zone);
	strbuf_addc(&whole, ' ');
	strbuf_add(&whole, text);
	*t = time_parse(strbuf_str(&whole), &d->zone);
	strbuf_release(&whole);
	return *t != TIME_NONE;
}

static void go_to(struct app *a, struct str text)
{
	struct desk *d = a->desk;
	int64_t t;

	if (!d->rows.n) {
		app_say(a, "there is no event to go to");
		return;
	}
	if (!text.n) {
		app_ask(a, ASK_GOTO, STR_NULL);
		return;
	}
	if (!parse_goto(d, text, &t)) {
		app_say(a,
			"%.*s is no time; 21:40, +5m, -1d or 2026-01-09 "
			"21:40 was expected",
			STR_ARG(text));
		return;
	}
	desk_select(d, store_seek_time(d->snap->store, t));
	d->version++;
}

static void change_zone(struct app *a, struct str name)
{
	struct desk *d = a->desk;
	struct time_zone zone = d->other_zone;

	if (name.n && !str_eq_fold(name, str_of(zone.name)) &&
	    !str_eq_fold(name, str_of(d->zone.name)) &&
	    !time_zone_parse(name, &zone)) {
		app_say(a,
			"%.*s: UTC, local or an offset such as +09:00 was "
			"expected; --tz takes names",
			STR_ARG(name));
		return;
	}
	if (!name.n || !str_eq_fold(name, str_of(d->zone.name))) {
		d->other_zone = d->zone;
		d->zone = zone;
		d->version++;
	}
	app_say(a, "times are shown in %s", d->zone.name);
}

/* Narrowing --------------------------------------------------------------- */

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

/* ":only FIELD:VALUE" adds what was typed; without, the event's name. */
static void narrow(struct app *a, struct str text, bool keep)
{
	struct desk *d = a->desk;
	struct strbuf next;
	struct err err;

	if (!d->snap || d->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	app_remember(a);
	if (!text.n) {
		if (desk_add_term(d, STR("eventName"),
				  store_text(d->snap->store, EVENT_NAME,
					     d->selected),
				  keep, &err))
			app_say(a, "%s", err.msg);
		return;
	}
	strbuf_init(&next);
	if (d->now.filter.n) {
		strbuf_addc(&next, '(');
		strbuf_add(&next, d->now.filter);
		strbuf_adds(&next, ") and ");
	}
	strbuf_adds(&next, keep ? "(" : "not (");
	strbuf_add(&next, text);
	strbuf_addc(&next, ')');
	if (desk_set_filter(d, strbuf_str(&next), &err))
		app_say(a, "%s", err.msg);
	strbuf_release(&next);
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
	strbuf_adds(&text, "tactic:");
	strbuf_add(&text, name);
	app_remember(a);
	if (desk_set_filter(a->desk, strbuf_str(&text), &err))
		app_say(a, "%s", err.msg);
	strbuf_release(&text);
}

static bool change_narrowing(struct app *a, enum screen_command cmd,
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

/* Going places ------------------------------------------------------------ */

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

void app_look_around(struct app *a, row_id row)
{
	struct desk *d = a->desk;
	struct strbuf id;

	if (!d->snap || row == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	strbuf_init(&id);
	store_id_text(d->snap->store, row, &id);
	app_drill(a,
		  scope_make(SCOPE_AROUND, strbuf_str(&id), STR_NULL, STR_NULL,
			     store_text(d->snap->store, EVENT_NAME, row)));
	desk_select(d, row);
	d->version++;
	strbuf_release(&id);
}

static void show_identity(struct app *a)
{
	if (a->desk->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
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

/* Of who is behind the selected event: of a user's key the user. */
static void show_profile(struct app *a, bool revoke)
{
	const struct desk *d = a->desk;
	node_id node;

	if (!d->snap || d->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	node = lineage_subject(d->snap->lineage, d->selected);
	if (node)
		profile_go(a, d->snap->lineage,
			   profile_subject(d->snap->lineage, node), revoke);
	else
		app_say(a, "nobody acts in this row");
}

static bool go_places(struct app *a, enum screen_command cmd,
		      struct str argument)
{
	switch (cmd) {
	case DO_PANE_ALERTS:
	case DO_PANE_TIMELINE:
	case DO_PANE_ATTACK:
	case DO_PANE_LINEAGE:
	case DO_PANE_DETAIL:
		go_to_pane(a, (enum pane_id)((int)cmd - DO_PANE_ALERTS));
		return true;
	case DO_PANE_PROFILE:
	case DO_REVOKE:
		show_profile(a, cmd == DO_REVOKE);
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
		a->zoomed = !a->zoomed;
		app_layout(a);
		return true;
	case DO_PIVOT:
		if (!argument.n)
			app_open_pivots(a);
		else if (!app_pivot(a, argument))
			app_say(a, "no pivot %.*s; p lists them",
				STR_ARG(argument));
		return true;
	case DO_IDENTITY:
		show_identity(a);
		return true;
	case DO_MATRIX:
		show_matrix(a);
		return true;
	case DO_GUIDE:
		app_open_guide(a);
		return true;
	case DO_WHY:
		app_open_why(a, argument);
		return true;
	case DO_CONTEXT:
		app_look_around(a, a->desk->selected);
		return true;
	case DO_VALUES:
		app_open_values(a, argument);
		return true;
	case DO_COVERAGE:
		app_open_coverage(a);
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

/* The program ------------------------------------------------------------- */

/* From what is looked into back to the lists, the way it was come by. */
static void leave_pane(struct app *a)
{
	const struct place *before =
		a->history.at ? &a->history.place[a->history.at - 1] : NULL;

	if (before && before->focus != a->focus &&
	    scope_equal(&before->scope, &a->desk->scope))
		app_go_back(a);
	else
		app_focus(a, PANE_TIMELINE);
}

/* One level back: overlay, pane, scope, zoom; at the bottom ask once. */
static void close_level(struct app *a, bool quitting)
{
	if (a->overlay_n)
		app_close_overlay(a);
	else if (a->layout.kind == LAYOUT_MESSAGE)
		a->ended = true;
	else if (a->focus != PANE_ALERTS && a->focus != PANE_TIMELINE)
		leave_pane(a);
	else if (a->desk->scope.kind != SCOPE_ALL && a->history.at)
		app_go_back(a);
	else if (a->desk->scope.kind != SCOPE_ALL)
		desk_set_scope(a->desk, (struct scope)SCOPE_INIT);
	else if (a->zoomed) {
		a->zoomed = false;
		app_layout(a);
	} else if (quitting) {
		a->ended = true;
	} else {
		a->asked_to_quit = true;
		app_say(a, "press q again to quit");
	}
}

static void cancel(struct app *a)
{
	if (a->searched.n)
		strbuf_clear(&a->searched);
	else if (a->overlay_n)
		app_close_overlay(a);
	else
		app_say(a, "q closes, Q quits, [ goes back");
}

static void interrupt(struct app *a)
{
	if (a->finding.active) {
		a->finding.active = false;
		app_say(a, "search stopped");
	} else if (desk_stop(a->desk)) {
		app_say(a, "stopped: what was found so far is shown");
	} else if (a->desk->load.loading) {
		investigation_cancel(a->desk->inv);
		app_say(a, "loading stopped: what was loaded stays, marked "
			   "partial");
	} else {
		app_say(a, "nothing is running; Q quits");
	}
}

static bool run_program(struct app *a, enum screen_command cmd,
			struct str argument, bool quitting)
{
	switch (cmd) {
	case DO_ERRORS:
		app_open_errors(a);
		return true;
	case DO_HELP:
		app_open_help(a, argument);
		return true;
	case DO_COMMAND:
		app_ask(a, ASK_COMMAND, STR_NULL);
		return true;
	case DO_CLOSE:
		close_level(a, quitting);
		return true;
	case DO_CANCEL:
		cancel(a);
		return true;
	case DO_QUIT:
		a->ended = true;
		return true;
	case DO_INTERRUPT:
		interrupt(a);
		return true;
	case DO_SUSPEND:
		a->wish = APP_WISHES_SUSPEND;
		return true;
	case DO_REDRAW:
		a->wish = APP_WISHES_REDRAW;
		return true;
	default:
		return false;
	}
}

static bool change_time(struct app *a, enum screen_command cmd,
			struct str argument)
{
	if (!a->desk->snap)
		return false;
	switch (cmd) {
	case DO_ZOOM_IN:
	case DO_ZOOM_OUT:
		zoom(a, cmd == DO_ZOOM_IN);
		return true;
	case DO_EARLIER:
	case DO_LATER:
		shift(a, cmd == DO_LATER ? 1 : -1);
		return true;
	case DO_GOTO:
		go_to(a, argument);
		return true;
	case DO_ZONE:
		change_zone(a, argument);
		return true;
	case DO_NEXT_ROW:
	case DO_PREV_ROW:
		step_row(a, cmd == DO_NEXT_ROW ? 1 : -1);
		return true;
	case DO_NEXT_ALERT:
	case DO_PREV_ALERT:
		next_alert(a, cmd == DO_NEXT_ALERT);
		return true;
	case DO_NEXT_GAP:
	case DO_PREV_GAP:
		if (a->desk->rows.n)
			next_gap(a, cmd == DO_NEXT_GAP);
		return true;
	default:
		return false;
	}
}

void dispatch(struct app *a, enum screen_command cmd, struct str argument,
	      bool quitting)
{
	if (move(a, cmd) || change_time(a, cmd, argument) ||
	    change_narrowing(a, cmd, argument) || go_places(a, cmd, argument) ||
	    run_program(a, cmd, argument, quitting))
		return;
	switch (cmd) {
	case DO_SEARCH:
		if (argument.n)
			app_search(a, argument);
		else
			app_ask(a, ASK_SEARCH, STR_NULL);
		break;
	case DO_SEARCH_NEXT:
	case DO_SEARCH_PREV:
		app_search_again(a, cmd == DO_SEARCH_PREV);
		break;
	case DO_LEFT:
	case DO_RIGHT:
		break;
	default:
		app_say(a,
			a->desk->snap ? "%s does nothing in this pane" :
					"%s: nothing is loaded yet",
			screen_commands[cmd].name);
	}
}

/* Overlays ---------------------------------------------------------------- */

static struct values_view *top_values(const struct app *a)
{
	const struct pane *p = a->overlay_n ? &a->overlay[a->overlay_n - 1] :
					      NULL;

	return p && p->class == &overlay_values ? p->state : NULL;
}

bool dispatch_menu_key(struct app *a, key_code key)
{
	struct values_view *v = top_values(a);
	struct pane *p = app_active(a);

	if (v)
		return values_view_key(v, key);
	return p->class == &overlay_menu && menu_key(a, p->state, key);
}
