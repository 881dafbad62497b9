/* SPDX-License-Identifier: MIT */
#include "ui/dispatch_private.h"
#include "ui/panes/timeline.h"

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
	case DO_PAGE_ON:
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

/* The first mark behind a row, or of those before it the last one. */
static size_t mark_beside(const struct marks *m, row_id row, bool forward)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (m->mark[mid].row > row ||
		    (!forward && m->mark[mid].row == row))
			high = mid;
		else
			low = mid + 1;
	}
	return forward ? low : low - 1; /* wraps below the first */
}

static void next_alert(struct app *a, bool forward)
{
	struct desk *d = a->desk;
	const struct marks *m = &d->snap->marks;

	for (size_t i = d->selected == ROW_NONE ?
				m->n :
				mark_beside(m, d->selected, forward);
	     i < m->n; i += forward ? 1 : SIZE_MAX) {
		if (!rowset_has(&d->rows, m->mark[i].row))
			continue;
		desk_select(d, m->mark[i].row);
		d->version++;
		return;
	}
	app_say(a, forward ? "no event with an alert after this one" :
			     "no event with an alert before this one");
}

/* The breaks that are jumped to are those that the timeline shows. */
static void next_break(struct app *a, bool forward)
{
	struct desk *d = a->desk;
	struct pane *timeline = app_pane(a, PANE_TIMELINE);
	size_t at;

	app_refresh_pane(a, timeline);
	at = timeline_next_break(timeline, d, forward);
	if (at < d->rows.n) {
		desk_select(d, d->rows.row[at]);
		d->version++;
		return;
	}
	app_say(a, forward ? "no gap and no burst after this event" :
			     "no gap and no burst before this event");
}

/* Where no pane shows it, which event is selected now. */
static void tell_selected(struct app *a, row_id before)
{
	const struct desk *d = a->desk;
	struct strbuf text;

	if (d->selected == before || d->selected == ROW_NONE ||
	    layout_shows(&a->layout, PANE_TIMELINE) ||
	    layout_shows(&a->layout, PANE_DETAIL))
		return;
	strbuf_init(&text);
	strbuf_add(&text, store_text(d->snap->store, EVENT_NAME, d->selected));
	strbuf_addc(&text, ' ');
	time_format(&text, d->snap->store->time[d->selected], TIME_DATETIME,
		    &d->zone);
	app_say(a, "selected: %.*s", STR_ARG(strbuf_str(&text)));
	strbuf_release(&text);
}

static bool move_event(struct app *a, enum screen_command cmd)
{
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
			next_break(a, cmd == DO_NEXT_GAP);
		return true;
	default:
		return false;
	}
}

bool dispatch_move(struct app *a, enum screen_command cmd)
{
	row_id before = a->desk->selected;

	if (move(a, cmd))
		return true;
	if (!a->desk->snap || !move_event(a, cmd))
		return false;
	tell_selected(a, before);
	return true;
}
