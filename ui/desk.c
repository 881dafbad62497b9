/* SPDX-License-Identifier: MIT */
#include "ui/desk.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/parse.h"
#include "ui/desk_private.h"

enum {
	FIRST_STEP_MS = 5, /* for a filter before the screen is drawn */
	ROWS_AT_ONCE = 100000,
};

/* Life cycle -------------------------------------------------------------- */

struct desk *desk_new(struct investigation *inv, const struct time_zone *zone)
{
	struct desk *d = mem_zero(1, sizeof(*d));

	d->inv = inv;
	d->zone = *zone;
	d->zones[0] = *zone;
	d->zones[1] = (struct time_zone)TIME_ZONE_UTC;
	if (zone->kind == ZONE_UTC) {
		d->zones[1].kind = ZONE_LOCAL;
		memcpy(d->zones[1].name, "local", sizeof("local"));
	}
	d->relative_to = TIME_NONE;
	d->now.since = d->now.until = TIME_NONE;
	d->selected = d->wanted = ROW_NONE;
	strbuf_init(&d->none);
	d->none_of = UINT64_MAX;
	d->at_once = ROWS_AT_ONCE;
	mutes_init(&d->mutes);
	case_book_init(&d->book);
	d->said = (struct case_rows)CASE_ROWS_INIT;
	case_evidence_init(&d->evidence);
	d->on_evidence = SIZE_MAX;
	strbuf_init(&d->wanted_evidence);
	strbuf_init(&d->trouble);
	chosen_init(&d->chosen);
	saved_filters_init(&d->saved);
	return d;
}

void desk_stop_run(struct desk *d)
{
	query_run_free(d->run);
	d->run = NULL;
}

void desk_free(struct desk *d)
{
	if (!d)
		return;
	desk_stop_run(d);
	desk_end_kin(d);
	plan_free(d->plan);
	narrowing_release(&d->now);
	scope_release(&d->scope);
	changes_release(&d->done);
	changes_release(&d->undone);
	rowset_release(&d->found);
	rowset_release(&d->narrowed);
	rowset_release(&d->rows);
	toggles_release(&d->toggles);
	alerts_release(&d->alerts);
	alerts_release(&d->muted_alerts);
	alert_order_release(&d->order);
	mutes_release(&d->mutes);
	case_rows_release(&d->said);
	case_evidence_release(&d->evidence);
	strbuf_release(&d->wanted_evidence);
	case_book_release(&d->book);
	strbuf_release(&d->trouble);
	chosen_release(&d->chosen);
	saved_filters_release(&d->saved);
	free(d->muted);
	coverage_free(d->coverage);
	strbuf_release(&d->none);
	snapshot_release(d->snap);
	free(d);
}

/* What follows from it all ------------------------------------------------ */

/* Of some rows those in the window, as a view. */
static struct rowset in_window(const struct desk *d, const struct rowset *rows)
{
	const struct store *s = d->snap->store;
	size_t from = 0, to = rows->n;

	/* What has no time lies in no span. */
	if (d->now.until != TIME_NONE)
		to = rowset_seek(rows, store_seek_time(s, d->now.until));
	else if (d->now.since != TIME_NONE)
		to = rowset_seek(rows, s->timed);
	if (d->now.since != TIME_NONE)
		from = rowset_seek(rows, store_seek_time(s, d->now.since));
	return from < to ? rowset_view(&rows->row[from], to - from) :
			   (struct rowset)ROWSET_INIT;
}

static void select_row(struct desk *d, row_id row)
{
	size_t at;

	/* A time behind all events is a row behind the last one. */
	if (d->snap && row != ROW_NONE && row >= d->snap->store->n)
		row = d->snap->store->n ? d->snap->store->n - 1 : ROW_NONE;
	d->wanted = row;
	if (!d->rows.n) {
		d->selected = ROW_NONE;
		return;
	}
	at = row == ROW_NONE ? 0 : rowset_seek(&d->rows, row);
	if (at == d->rows.n)
		at--;
	/* Of two neighbours the one before, when it is nearer. */
	if (row != ROW_NONE && at && d->rows.row[at] > row &&
	    row - d->rows.row[at - 1] < d->rows.row[at] - row)
		at--;
	d->selected = d->rows.row[at];
}

/* Rows of the scope; a look around an event leaves all filters off. */
static void apply_scope(struct desk *d)
{
	struct rowset in_scope = ROWSET_INIT;

	if (d->scope.kind == SCOPE_ALL) {
		rowset_copy(&d->rows, &d->narrowed);
	} else if (d->scope.kind == SCOPE_AROUND) {
		scope_rows(&d->scope, d->snap, &d->rows);
	} else {
		scope_rows(&d->scope, d->snap, &in_scope);
		rowset_intersect(&d->rows, &in_scope, &d->narrowed);
	}
	rowset_release(&in_scope);
	desk_put_evidence(d);
	d->rows_version++;
	select_row(d, d->wanted);
}

/* From the rows of the filter to everything else. */
static void derive(struct desk *d)
{
	const struct rowset window = in_window(d, &d->found);

	rowset_copy(&d->narrowed, &window);
	toggles_apply(&d->toggles, d->now.toggles, d->snap, &d->narrowed);
	desk_fold_alerts(d, &d->narrowed);
	desk_keep_in_scope(d);
	apply_scope(d);
	d->version++;
}

/* Begins to look for the rows of the filter. */
static void search(struct desk *d)
{
	struct scan_options options = { 2, investigation_limits(d->inv) };

	desk_stop_run(d);
	d->cut = false;
	if (!d->snap)
		return;
	if (!d->plan) {
		rowset_clear(&d->found);
		rowset_add_range(&d->found, 0, d->snap->store->n);
		derive(d);
		return;
	}
	rowset_clear(&d->found);
	d->run = query_run_new(d->plan, d->snap->store, &d->snap->marks,
			       &options);
	desk_step(d, FIRST_STEP_MS);
	if (d->run)
		derive(d);
}

void desk_search_again(struct desk *d)
{
	desk_stop_run(d);
	search(d);
}

/* Which rows a toggle hides is found out while nothing else is to be done: of
 * a million that takes longer than a key may. */
static bool toggles_wait(const struct desk *d)
{
	return d->snap && !d->load.loading && d->now.toggles == 0 &&
	       !toggles_known(&d->toggles, d->snap);
}

bool desk_busy(const struct desk *d)
{
	return d->run || toggles_wait(d);
}

bool desk_step(struct desk *d, unsigned ms)
{
	const struct rowset *found;
	bool finished;
	size_t before = d->found.n;

	desk_make_kin(d);
	if (!d->run && toggles_wait(d))
		return toggles_step(&d->toggles, d->snap);
	if (!d->run)
		return false;
	finished = query_run_step(d->run, ms);
	query_run_progress(d->run, &d->searched);
	found = query_run_rows(d->run);
	if (finished || found->n != before) {
		rowset_copy(&d->found, found);
		if (finished)
			desk_stop_run(d);
		derive(d);
	}
	return !finished;
}

bool desk_stop(struct desk *d)
{
	if (!d->run)
		return false;
	desk_stop_run(d);
	d->cut = true;
	d->version++;
	return true;
}

/* Snapshots --------------------------------------------------------------- */

bool desk_news(struct desk *d)
{
	investigation_poll(d->inv, &d->load);
	return d->load.version != (d->snap ? snapshot_number(d->snap) : 0);
}

/* The row of the event in another store; that of the same account, where
 * several received it. ROW_NONE: its file went away. */
static row_id find_event(const struct store *from, row_id row,
			 const struct store *to)
{
	const struct str account = store_text(from, EVENT_ACCOUNT, row);
	struct strbuf id;
	row_id found, first;

	strbuf_init(&id);
	store_id_text(from, row, &id);
	first = found = store_find_id(to, strbuf_str(&id), ROW_NONE);
	while (found != ROW_NONE &&
	       !str_eq(account, store_text(to, EVENT_ACCOUNT, found)))
		found = store_find_id(to, strbuf_str(&id), found);
	strbuf_release(&id);
	return found != ROW_NONE ? found : first;
}

/* The same, or what is there at its time. */
static row_id find_again(const struct store *from, row_id row,
			 const struct store *to)
{
	row_id found;

	if (row == ROW_NONE)
		return ROW_NONE;
	found = find_event(from, row, to);
	if (found == ROW_NONE && from->time[row] != TIME_NONE)
		found = store_seek_time(to, from->time[row]);
	/* Everything there may be earlier, or nothing is there. */
	if (found != ROW_NONE && found >= to->n)
		found = to->n ? to->n - 1 : ROW_NONE;
	return found;
}

bool desk_poll(struct desk *d)
{
	struct snapshot *fresh, *before = d->snap;

	if (!desk_news(d))
		return false;
	fresh = investigation_latest(d->inv);
	desk_stop_run(d);
	d->snap = fresh;
	d->wanted = before ?
			    find_again(before->store, d->wanted, fresh->store) :
			    ROW_NONE;
	if (before)
		chosen_move(&d->chosen, before->store, fresh->store);
	desk_hear(d);
	/* The alerts borrow from the snapshot before until they are folded
	 * anew. */
	search(d);
	snapshot_release(before);
	return true;
}

/* Changes ----------------------------------------------------------------- */

enum err_code desk_plan(struct desk *d, struct str filter, struct plan **out,
			struct err *err)
{
	const struct expr *expr;
	struct arena arena;
	enum err_code rc;

	*out = NULL;
	if (!str_trim(filter).n)
		return ERR_OK;
	arena_init(&arena);
	rc = query_read(filter, &d->zone, &arena, &expr, err);
	if (rc == ERR_OK)
		rc = plan_new(out, expr, err);
	arena_release(&arena);
	return rc;
}

/* Takes a narrowing over; its filter is known to be right. */
static void adopt(struct desk *d, struct narrowing next)
{
	bool same_filter = str_eq(d->now.filter, next.filter);
	struct plan *plan;
	struct err err;

	if (!same_filter) {
		if (desk_plan(d, next.filter, &plan, &err))
			plan = NULL;
		desk_stop_run(d);
		plan_free(d->plan);
		d->plan = plan;
	}
	narrowing_release(&d->now);
	d->now = next;
	if (!same_filter)
		search(d);
	else if (d->snap)
		derive(d);
}

void desk_change(struct desk *d, struct narrowing next)
{
	if (narrowing_equal(&d->now, &next)) {
		narrowing_release(&next);
		return;
	}
	changes_push_narrowing(&d->done, &d->now);
	changes_clear(&d->undone);
	adopt(d, next);
}

void desk_use_case(struct desk *d, struct case_file *c)
{
	d->case_file = c;
	mutes_read(&d->mutes, c);
	case_book_update(&d->book, c);
	saved_filters_read(&d->saved, c);
	desk_mutes_changed(d);
}

/* Takes the last change of one list over, and puts its contrary into the
 * other one. */
static enum err_code step(struct desk *d, struct desk_changes *from,
			  struct desk_changes *to, bool redo, struct err *err)
{
	struct desk_change *last = &from->item[from->n - 1];
	enum err_code rc;

	if (last->said) {
		rc = desk_write_said(d, redo ? last->said : last->unsaid, err);
		if (rc)
			return rc;
		changes_push_said(to, last->said, last->unsaid);
		last->said = last->unsaid = NULL;
		changes_pop(from, NULL);
	} else if (last->is_mute) {
		rc = desk_set_mute(d, &last->mute, last->muted == redo, err);
		if (rc)
			return rc;
		changes_push_mute(to, &last->mute, last->muted);
		changes_pop(from, NULL);
	} else {
		struct narrowing next;

		changes_pop(from, &next);
		changes_push_narrowing(to, &d->now);
		adopt(d, next);
	}
	return ERR_OK;
}

enum err_code desk_undo(struct desk *d, struct err *err)
{
	if (!d->done.n)
		return err_set(err, ERR_NOTFOUND, "nothing to undo");
	return step(d, &d->done, &d->undone, false, err);
}

enum err_code desk_redo(struct desk *d, struct err *err)
{
	if (!d->undone.n)
		return err_set(err, ERR_NOTFOUND, "nothing to redo");
	return step(d, &d->undone, &d->done, true, err);
}

/* Most places differ in where the cursor was alone. */
void desk_restore(struct desk *d, const struct narrowing *n,
		  const struct scope *s)
{
	bool same = narrowing_equal(&d->now, n);
	struct narrowing next;

	if (same && scope_equal(&d->scope, s))
		return;
	scope_release(&d->scope);
	scope_copy(&d->scope, s);
	if (same) {
		if (d->snap)
			apply_scope(d);
		d->version++;
		return;
	}
	narrowing_copy(&next, n);
	adopt(d, next);
}

bool desk_is_narrowed(const struct desk *d)
{
	return d->now.filter.n || d->now.since != TIME_NONE ||
	       d->now.until != TIME_NONE || d->now.toggles ||
	       desk_attack_is_narrowed(d);
}

void desk_set_scope(struct desk *d, struct scope scope)
{
	scope_release(&d->scope);
	d->scope = scope;
	if (!d->snap)
		return;
	apply_scope(d);
	d->version++;
}

/* Selecting --------------------------------------------------------------- */

void desk_select(struct desk *d, row_id row)
{
	d->on_evidence = SIZE_MAX;
	strbuf_clear(&d->wanted_evidence);
	select_row(d, row);
}

size_t desk_cursor(const struct desk *d)
{
	return d->selected == ROW_NONE ? 0 : rowset_seek(&d->rows, d->selected);
}

void desk_selected_id(const struct desk *d, struct strbuf *out)
{
	if (d->snap && d->selected != ROW_NONE)
		store_id_text(d->snap->store, d->selected, out);
}

void desk_all_alerts(const struct desk *d, struct alerts *out)
{
	const struct rowset window = in_window(d, &d->found);
	struct rowset rows = ROWSET_INIT;

	rowset_copy(&rows, &window);
	toggles_hide(&d->toggles, d->now.toggles, &rows);
	snapshot_alerts(d->snap, investigation_rules(d->inv), &rows, d->muted,
			out, NULL);
	rowset_release(&rows);
}

void desk_zone_text(const struct desk *d, struct strbuf *out)
{
	strbuf_adds(out, d->zone.name);
	if (d->relative_to == TIME_NONE)
		return;
	strbuf_adds(out, ", from ");
	time_format(out, d->relative_to, TIME_CLOCK, &d->zone);
}

bool desk_shown_span(const struct desk *d, int64_t *since, int64_t *until)
{
	if (!desk_window(d, since, until))
		return false;
	if (d->scope.kind != SCOPE_AROUND || !d->rows.n)
		return true;
	*since = d->snap->store->time[d->rows.row[0]];
	*until = d->snap->store->time[d->rows.row[d->rows.n - 1]];
	/* Of rows without a time there is nothing to show. */
	*until = *until == TIME_NONE ? *since : *until + 1000;
	return true;
}

bool desk_window(const struct desk *d, int64_t *since, int64_t *until)
{
	if (!d->snap || !store_span(d->snap->store, since, until))
		return false;
	*until += 1000;
	if (d->now.since != TIME_NONE)
		*since = d->now.since;
	if (d->now.until != TIME_NONE)
		*until = d->now.until;
	return true;
}
