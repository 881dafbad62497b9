/* SPDX-License-Identifier: MIT */
/* Selecting rows of the timeline, and alerts. */
#include "query/parse.h"
#include "ui/dispatch_private.h"
#include "ui/panes/timeline.h"
#include "ui/targets.h"

enum { MATCHING_MS = 2000 }; /* for a filter that has to read records */

static void say_how_many(struct app *a)
{
	const struct chosen *c = &a->desk->chosen;
	bool alerts = targets_are_alerts(a);
	size_t n = alerts ? c->n : c->rows.n;

	app_say(a, "%zu %s%s selected; d t m c act on %s, Esc leaves %s", n,
		alerts ? "alert" : "row", n == 1 ? "" : "s",
		n == 1 ? "it" : "them", n == 1 ? "it" : "them");
}

/* Space: this one, or the range, in or out, and on to the next line. */
static void choose(struct app *a)
{
	struct desk *d = a->desk;
	struct pane *p = &a->pane[PANE_ALERTS];
	size_t at = p->class->list(p->state)->cursor;
	const struct alert *al;
	bool muted;

	if (targets_take_range(a)) {
		d->version++;
		say_how_many(a);
		return;
	}
	if (!targets_are_alerts(a) && d->selected != ROW_NONE) {
		const struct rowset here =
			timeline_here(&a->pane[PANE_TIMELINE], d);

		chosen_toggle_rows(&d->chosen, &here);
	} else if (targets_are_alerts(a) && at < desk_alert_count(d)) {
		al = desk_alert(d, at, &muted);
		chosen_set_alert(&d->chosen, al,
				 !chosen_has_alert(&d->chosen, al));
	} else {
		app_say(a, "there is nothing to select");
		return;
	}
	dispatch_move(a, DO_DOWN);
	d->version++;
	say_how_many(a);
}

static void begin_range(struct app *a)
{
	struct chosen *c = &a->desk->chosen;
	struct pane *p = &a->pane[PANE_ALERTS];

	if (c->ranging) {
		c->ranging = false;
		app_say(a, "no range any more");
		return;
	}
	c->ranging = true;
	c->range_of_alerts = targets_are_alerts(a);
	c->anchor = c->range_of_alerts ? p->class->list(p->state)->cursor :
					 a->desk->selected;
	app_say(a, "a range from here to the cursor; Space selects it, V "
		   "leaves it");
}

/* Alerts with an event of their own among these. */
static void choose_alerts(struct desk *d, const struct rowset *rows)
{
	bool muted;

	for (size_t i = 0; i < desk_alert_count(d); i++) {
		const struct alert *al = desk_alert(d, i, &muted);
		struct rowset both = ROWSET_INIT;

		rowset_intersect(&both, &al->own, rows);
		if (both.n)
			chosen_set_alert(&d->chosen, al, true);
		rowset_release(&both);
	}
}

/* Within a time: what is selected has to be all of it, or nothing. */
static enum err_code find_matching(const struct desk *d, struct str filter,
				   struct rowset *out, struct err *err)
{
	const struct scan_options options = { 2, investigation_limits(d->inv) };
	const struct expr *expr;
	struct query_run *run;
	struct plan *plan = NULL;
	struct arena arena;
	enum err_code rc;

	arena_init(&arena);
	rc = query_read(filter, &d->zone, &arena, &expr, err);
	if (rc == ERR_OK)
		rc = plan_new(&plan, expr, err);
	arena_release(&arena);
	if (rc)
		return rc;
	run = query_run_new(plan, d->snap->store, &d->snap->marks, &options);
	if (query_run_finished(run) || query_run_step(run, MATCHING_MS))
		rowset_copy(out, query_run_rows(run));
	else
		rc = err_set(err, ERR_LIMIT,
			     "too many records would have to be read; f with "
			     "that filter first");
	query_run_free(run);
	plan_free(plan);
	return rc;
}

static void choose_matching(struct app *a, struct str filter)
{
	struct desk *d = a->desk;
	struct rowset found = ROWSET_INIT, rows = ROWSET_INIT;
	struct err err;

	if (!filter.n) {
		app_ask(a, ASK_CHOOSE, STR_NULL);
		return;
	}
	if (find_matching(d, filter, &found, &err)) {
		app_say(a, "%s", err.msg);
	} else {
		rowset_intersect(&rows, &found,
				 targets_are_alerts(a) ? &d->narrowed :
							 &d->rows);
		if (targets_are_alerts(a))
			choose_alerts(d, &rows);
		else
			chosen_set_rows(&d->chosen, &rows);
		d->version++;
		say_how_many(a);
	}
	rowset_release(&found);
	rowset_release(&rows);
}

bool dispatch_choose(struct app *a, enum screen_command cmd,
		     struct str argument)
{
	if (!a->desk->snap)
		return false;
	switch (cmd) {
	case DO_CHOOSE:
		choose(a);
		return true;
	case DO_CHOOSE_RANGE:
		begin_range(a);
		return true;
	case DO_CHOOSE_MATCHING:
		choose_matching(a, argument);
		return true;
	default:
		return false;
	}
}
