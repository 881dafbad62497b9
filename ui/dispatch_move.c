/* SPDX-License-Identifier: MIT */
#include "ui/dispatch_private.h"

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

bool dispatch_move(struct app *a, enum screen_command cmd)
{
	if (move(a, cmd))
		return true;
	if (!a->desk->snap)
		return false;
	switch (cmd) {
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
