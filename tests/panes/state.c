/* SPDX-License-Identifier: MIT */
#include "state.h"

#include <poll.h>

#include "ui/app_private.h"
#include "ui/scope.h"

/* While nothing but the load goes on, other threads want the processor. */
static void await_load(const struct app *a)
{
	enum { AT_MOST_MS = 100 };
	struct pollfd news = { investigation_fd(a->desk->inv), POLLIN, 0 };

	if (a->desk->load.loading && !app_busy(a) && !app_is_behind(a))
		poll(&news, 1, AT_MOST_MS);
}

void state_settle(struct app *a, struct canvas *c)
{
	/* The pause that panes wait for has passed: nobody presses a key. */
	a->touched = 0;
	do {
		app_poll(a);
		await_load(a);
	} while (app_busy(a) || app_is_behind(a) || a->desk->load.loading);
	app_draw(a, c);
}

static bool wrong(struct strbuf *why, const char *what)
{
	strbuf_adds(why, what);
	return false;
}

/* Lists --------------------------------------------------------------------- */

static bool list_is_sound(const struct list *l)
{
	if (!l->n)
		return l->cursor == 0 && l->top == 0;
	if (l->cursor >= l->n || l->top > l->cursor)
		return false;
	return !l->height || l->cursor < l->top + l->height;
}

static bool pane_is_sound(const struct pane *p, struct strbuf *why)
{
	const struct list *l;

	if (!p->class || !p->class->list)
		return true;
	l = p->class->list(p->state);
	if (!l || list_is_sound(l))
		return true;
	strbuf_addf(why, "%s: row %zu of %zu, from %zu on, %zu fit",
		    p->class->name, l->cursor, l->n, l->top, l->height);
	return false;
}

static bool panes_are_sound(struct app *a, struct strbuf *why)
{
	for (int i = 0; i < PANE_COUNT; i++)
		if (!pane_is_sound(&a->pane[i], why))
			return false;
	for (size_t i = 0; i < a->overlay_n; i++)
		if (!pane_is_sound(&a->overlay[i], why))
			return false;
	return true;
}

/* Rows ---------------------------------------------------------------------- */

/* In order, each once, all of them below n. */
static bool rows_are_sound(const struct rowset *s, size_t n)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->row[i] >= n || (i && s->row[i] <= s->row[i - 1]))
			return false;
	return true;
}

static bool rows_within(const struct rowset *s, const struct rowset *whole)
{
	for (size_t i = 0; i < s->n; i++)
		if (!rowset_has(whole, s->row[i]))
			return false;
	return true;
}

static bool rows_equal(const struct rowset *x, const struct rowset *y)
{
	return x->n == y->n && rows_within(x, y);
}

static bool desk_is_sound(const struct desk *d, struct strbuf *why)
{
	size_t n = d->snap->store->n;
	bool muted;

	if (!rows_are_sound(&d->found, n) || !rows_are_sound(&d->narrowed, n) ||
	    !rows_are_sound(&d->rows, n) || !rows_are_sound(&d->chosen.rows, n))
		return wrong(why, "rows out of order or beyond the last one");
	if (!rows_within(&d->narrowed, &d->found))
		return wrong(why, "more rows in the window than in the filter");
	if (d->rows.n ? !rowset_has(&d->rows, d->selected) :
			d->selected != ROW_NONE)
		return wrong(why, "what is selected is not shown");
	if (d->wanted != ROW_NONE && d->wanted >= n)
		return wrong(why, "what is wanted is beyond the last row");
	for (size_t i = 0; i < desk_alert_count(d); i++) {
		const struct alert *al = desk_alert(d, i, &muted);

		if (!al || !al->count || !rows_are_sound(&al->own, n))
			return wrong(why, "an alert without matches");
	}
	return true;
}

bool state_is_sound(struct app *a, struct strbuf *why)
{
	if (!panes_are_sound(a, why))
		return false;
	if (a->history.at > a->history.n || a->history.n > MOST_PLACES)
		return wrong(why, "a place beyond the history");
	if (!a->pane[a->focus].class)
		return wrong(why, "no pane has the focus");
	return !a->desk->snap || desk_is_sound(a->desk, why);
}

/* Coming back --------------------------------------------------------------- */

/* A desk that only ever saw this. */
static bool same_afresh(const struct desk *d, struct strbuf *why)
{
	struct desk *fresh;
	bool same;

	if (d->cut || d->load.loading)
		return true;
	fresh = desk_new(d->inv, &d->zone);
	desk_use_case(fresh, d->case_file);
	desk_poll(fresh);
	desk_restore(fresh, &d->now, &d->scope);
	while (desk_step(fresh, 50))
		continue;
	same = rows_equal(&fresh->found, &d->found) &&
	       rows_equal(&fresh->narrowed, &d->narrowed) &&
	       rows_equal(&fresh->rows, &d->rows) &&
	       fresh->alerts.n == d->alerts.n &&
	       fresh->muted_alerts.n == d->muted_alerts.n;
	if (!same)
		strbuf_addf(why,
			    "afresh there are %zu, %zu, %zu rows and %zu, %zu "
			    "alerts, not %zu, %zu, %zu, %zu, %zu",
			    fresh->found.n, fresh->narrowed.n, fresh->rows.n,
			    fresh->alerts.n, fresh->muted_alerts.n, d->found.n,
			    d->narrowed.n, d->rows.n, d->alerts.n,
			    d->muted_alerts.n);
	desk_free(fresh);
	return same;
}

struct moment {
	struct narrowing now;
	struct scope scope;
	struct rowset rows;
	size_t alerts, muted, said;
	row_id selected;
	enum pane_id focus;
};

static void finish(struct desk *d)
{
	while (desk_step(d, 50))
		continue;
}

static void moment_take(struct moment *m, const struct app *a)
{
	const struct desk *d = a->desk;

	narrowing_copy(&m->now, &d->now);
	scope_copy(&m->scope, &d->scope);
	m->rows = (struct rowset)ROWSET_INIT;
	rowset_copy(&m->rows, &d->rows);
	m->alerts = d->alerts.n;
	m->muted = d->muted_alerts.n;
	m->said = d->snap->marks.said ? d->snap->marks.said->n : 0;
	m->selected = d->selected;
	m->focus = a->focus;
}

static void moment_release(struct moment *m)
{
	narrowing_release(&m->now);
	scope_release(&m->scope);
	rowset_release(&m->rows);
}

static bool moment_is_now(const struct moment *m, const struct app *a,
			  const char *after, struct strbuf *why)
{
	const struct desk *d = a->desk;
	const char *what = NULL;

	if (!narrowing_equal(&m->now, &d->now))
		what = "the filter";
	else if (!scope_equal(&m->scope, &d->scope))
		what = "the scope";
	else if (!rows_equal(&m->rows, &d->rows))
		what = "the rows";
	else if (m->alerts != d->alerts.n || m->muted != d->muted_alerts.n)
		what = "the alerts";
	else if (m->said != (d->snap->marks.said ? d->snap->marks.said->n : 0))
		what = "what is said";
	else if (m->selected != d->selected)
		what = "the selected event";
	else if (m->focus != a->focus)
		what = "the pane";
	if (what)
		strbuf_addf(why, "after %s, %s is not as it was", after, what);
	return !what;
}

static bool undo_comes_back(struct app *a, struct strbuf *why)
{
	struct moment before;
	struct err err;
	bool good = true;

	if (!a->desk->done.n)
		return true;
	moment_take(&before, a);
	if (desk_undo(a->desk, &err) == ERR_OK) {
		finish(a->desk);
		good = desk_redo(a->desk, &err) == ERR_OK;
		finish(a->desk);
		good = good && moment_is_now(&before, a, "undo and redo", why);
	}
	moment_release(&before);
	return good;
}

static bool back_comes_back(struct app *a, struct strbuf *why)
{
	struct moment before;
	bool good;

	if (!a->history.at || a->overlay_n || a->asking)
		return true;
	moment_take(&before, a);
	app_command(a, DO_BACK, STR_NULL);
	finish(a->desk);
	app_command(a, DO_FORWARD, STR_NULL);
	finish(a->desk);
	good = moment_is_now(&before, a, "back and forward", why);
	moment_release(&before);
	return good;
}

bool state_comes_back(struct app *a, struct strbuf *why)
{
	if (!a->desk->snap || a->desk->cut || a->desk->run)
		return true;
	return same_afresh(a->desk, why) && undo_comes_back(a, why) &&
	       back_comes_back(a, why);
}
