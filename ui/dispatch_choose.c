/* SPDX-License-Identifier: MIT */
/* Selecting rows of the timeline, and alerts. */
#include "query/parse.h"
#include "ui/dispatch_private.h"
#include "ui/panes/timeline.h"
#include "ui/targets.h"

static void say_how_many(struct app *a, bool alerts)
{
	const struct chosen *c = &a->desk->chosen;
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
		say_how_many(a, targets_are_alerts(a));
		return;
	}
	if (!targets_are_alerts(a) && d->selected != ROW_NONE &&
	    !desk_evidence_here(d)) {
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
	say_how_many(a, targets_are_alerts(a));
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

/* Selecting what matches ------------------------------------------------------- */

bool choosing_busy(const struct app *a)
{
	return a->choosing.run != NULL;
}

void choosing_forget(struct app *a)
{
	struct choosing *c = &a->choosing;

	query_run_free(c->run);
	plan_free(c->plan);
	rowset_release(&c->among);
	*c = (struct choosing){ .among = ROWSET_INIT };
}

bool choosing_interrupt(struct app *a)
{
	bool was = choosing_busy(a);

	choosing_forget(a);
	return was;
}

/* All of it is known: what is selected is all that matches. */
static void choose_found(struct app *a)
{
	struct choosing *c = &a->choosing;
	struct desk *d = a->desk;
	struct rowset rows = ROWSET_INIT;

	rowset_intersect(&rows, query_run_rows(c->run), &c->among);
	if (c->alerts)
		choose_alerts(d, &rows);
	else
		chosen_set_rows(&d->chosen, &rows);
	rowset_release(&rows);
	d->version++;
	say_how_many(a, c->alerts);
	choosing_forget(a);
}

void choosing_step(struct app *a, unsigned ms)
{
	if (choosing_busy(a) && query_run_step(a->choosing.run, ms))
		choose_found(a);
}

static enum err_code begin_choosing(struct app *a, struct str filter,
				    struct err *err)
{
	struct choosing *c = &a->choosing;
	const struct desk *d = a->desk;
	const struct scan_options options = { .threads = d->snap->threads,
					      .limits = investigation_limits(
						      d->inv) };
	const struct expr *expr;
	struct arena arena;
	enum err_code rc;

	choosing_forget(a);
	arena_init(&arena);
	rc = query_read(filter, &d->zone, &arena, &expr, err);
	if (rc == ERR_OK)
		rc = plan_new(&c->plan, expr, err);
	arena_release(&arena);
	if (rc) {
		c->plan = NULL;
		return rc;
	}
	c->alerts = targets_are_alerts(a);
	rowset_copy(&c->among, c->alerts ? &d->narrowed : &d->rows);
	c->run = query_run_new(c->plan, d->snap->store, &d->snap->marks,
			       &options);
	return ERR_OK;
}

/* What the store knows is selected with the key; where records have to be read
 * the screen goes on meanwhile, and nothing is selected until all are. */
static void choose_matching(struct app *a, struct str filter)
{
	struct err err;

	if (!filter.n)
		app_ask(a, ASK_CHOOSE, STR_NULL);
	else if (begin_choosing(a, filter, &err))
		app_say(a, "%s", err.msg);
	else if (query_run_finished(a->choosing.run))
		choose_found(a);
	else
		app_say(a, "selecting: records have to be read; ^C stops it");
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
