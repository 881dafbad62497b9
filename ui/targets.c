/* SPDX-License-Identifier: MIT */
#include "ui/targets.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

bool targets_are_alerts(struct app *a)
{
	const struct pane *p = &a->pane[PANE_ALERTS];

	/* Of incidents the pane says itself what can be done. */
	return a->focus == PANE_ALERTS && !a->overlay_n &&
	       !alerts_shows_incidents(p);
}

static size_t alert_cursor(struct app *a)
{
	struct pane *p = &a->pane[PANE_ALERTS];

	return p->class->list(p->state)->cursor;
}

bool targets_take_range(struct app *a)
{
	struct desk *d = a->desk;
	struct chosen *c = &d->chosen;
	struct rowset range = ROWSET_INIT, rows = ROWSET_INIT;
	size_t cursor = c->range_of_alerts ? alert_cursor(a) : d->selected;
	bool muted;

	if (!c->ranging || c->range_of_alerts != targets_are_alerts(a))
		return false;
	for (size_t i = 0; c->range_of_alerts && i < desk_alert_count(d); i++)
		if (chosen_in_range(c, true, i, cursor))
			chosen_set_alert(c, desk_alert(d, i, &muted), true);
	if (!c->range_of_alerts && d->selected != ROW_NONE) {
		row_id low = (row_id)(c->anchor < cursor ? c->anchor : cursor);
		row_id high = (row_id)(c->anchor < cursor ? cursor : c->anchor);

		rowset_add_range(&range, low, high + 1);
		rowset_intersect(&rows, &range, &d->rows);
		chosen_set_rows(c, &rows);
	}
	rowset_release(&range);
	rowset_release(&rows);
	c->ranging = false;
	return true;
}

void targets_release(struct targets *t)
{
	rowset_release(&t->rows);
	free(t->alert);
}

/* The events that tell the alerts, each once. */
static void rows_of_alerts(const struct desk *d, struct targets *t)
{
	row_id *row = mem_alloc((t->n + 1) * sizeof(*row));
	bool muted;

	for (size_t i = 0; i < t->n; i++)
		row[i] = desk_alert(d, t->alert[i], &muted)->told;
	rowset_of(&t->rows, row, t->n);
	free(row);
}

static void find_alerts(struct app *a, struct targets *t)
{
	const struct desk *d = a->desk;
	size_t n = desk_alert_count(d), cursor = alert_cursor(a);
	bool muted;

	t->alert = mem_alloc((n + 1) * sizeof(*t->alert));
	for (size_t i = 0; i < n && d->chosen.n; i++)
		if (chosen_has_alert(&d->chosen, desk_alert(d, i, &muted)))
			t->alert[t->n++] = i;
	if (t->n)
		snprintf(t->text, sizeof(t->text), "%zu selected alert%s", t->n,
			 t->n == 1 ? "" : "s");
	else if (cursor < n) {
		t->alert[t->n++] = cursor;
		snprintf(t->text, sizeof(t->text), "this alert");
	}
	rows_of_alerts(d, t);
}

static void find_rows(struct app *a, struct targets *t)
{
	const struct desk *d = a->desk;

	rowset_intersect(&t->rows, &d->chosen.rows, &d->rows);
	if (t->rows.n)
		snprintf(t->text, sizeof(t->text), "%zu selected row%s",
			 t->rows.n, t->rows.n == 1 ? "" : "s");
	else if (d->selected != ROW_NONE && !desk_evidence_here(d)) {
		rowset_add(&t->rows, d->selected);
		snprintf(t->text, sizeof(t->text), "this event");
	}
}

bool targets_find(struct app *a, struct targets *t)
{
	*t = (struct targets){ .rows = ROWSET_INIT };
	if (!a->desk->snap) {
		app_say(a, "nothing is loaded yet");
		return false;
	}
	targets_take_range(a);
	if (targets_are_alerts(a))
		find_alerts(a, t);
	else
		find_rows(a, t);
	if (!t->rows.n && desk_evidence_here(a->desk))
		app_say(a, "evidence of the case is no event: Enter leads to "
			   "the list of it, where - takes it back");
	else if (!t->rows.n)
		app_say(a, "nothing is selected");
	return t->rows.n;
}
