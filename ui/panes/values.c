/* SPDX-License-Identifier: MIT */
/* The values of a field among the rows of the timeline: top, rare, first. */
#include "ui/panes/values_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "ui/app.h"
#include "ui/panes/profile.h"

/* On a thread, until it is asked to stop. */
enum { AT_A_TIME_MS = 5 };

/* What was before --------------------------------------------------------- */

static void count_before(void *context, const atomic_bool *stop)
{
	struct values_before *b = context;
	struct stats_run *run;
	struct err err;

	if (stats_run_new(&run, b->snap->store, &b->snap->marks,
			  strbuf_str(&b->field), &b->rows, &b->scan, &err))
		return;
	while (!b->whole && !atomic_load(stop))
		b->whole = stats_run_step(run, AT_A_TIME_MS);
	stats_run_count(run, &b->stats, stop);
	stats_run_free(run);
}

static void begin_before(struct values_view *v)
{
	struct values_before *b = &v->before;
	row_id scope = v->since == TIME_NONE ?
			       0 :
			       store_seek_time(v->snap->store, v->since);

	if (!scope)
		return;
	*b = (struct values_before){
		.running = true,
		.snap = snapshot_hold(v->snap),
		.rows = ROWSET_INIT,
		.scan = { 1, investigation_limits(v->d->inv) },
	};
	strbuf_init(&b->field);
	strbuf_add(&b->field, strbuf_str(&v->field));
	rowset_add_range(&b->rows, 0, scope);
	job_begin(&b->job, count_before, b);
}

static void end_before(struct values_view *v)
{
	struct values_before *b = &v->before;

	if (!b->running)
		return;
	job_wait(&b->job);
	stats_release(&b->stats);
	rowset_release(&b->rows);
	strbuf_release(&b->field);
	snapshot_release(b->snap);
	b->running = false;
}

/* Many values ------------------------------------------------------------- */

static size_t find_value(const struct stats *s, struct str text)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->value[i].text, text))
			return i;
	return 0;
}

static void reverse(struct stats *s)
{
	for (size_t i = 0; i < s->n / 2; i++) {
		struct stat_value *last = &s->value[s->n - 1 - i];
		struct stat_value swap = s->value[i];

		s->value[i] = *last;
		*last = swap;
	}
}

static void work(void *context, const atomic_bool *stop)
{
	struct values_work *w = context;
	bool whole = !w->run;

	while (!whole && !atomic_load(stop))
		whole = stats_run_step(w->run, AT_A_TIME_MS);
	if (w->run)
		stats_run_count(w->run, &w->stats, stop);
	if (atomic_load(stop))
		return;
	if (w->before)
		stats_note_new(&w->stats, w->before);
	stats_sort_until(&w->stats, w->order, stop);
	if (w->reversed)
		reverse(&w->stats);
	w->most = 1;
	for (size_t i = 0; i < w->stats.n; i++)
		if (w->stats.value[i].count > w->most)
			w->most = w->stats.value[i].count;
	w->at = find_value(&w->stats, strbuf_str(&w->kept));
}

/* Counts, or what was counted is arranged anew: it is not shown meanwhile. */
static void begin_work(struct values_view *v, const struct stats *before)
{
	struct values_work *w = &v->work;

	*w = (struct values_work){ .running = true,
				   .run = v->run,
				   .order = v->order,
				   .reversed = v->reversed,
				   .before = before };
	if (v->has_stats)
		w->stats = v->stats;
	v->has_stats = false;
	v->run = NULL;
	strbuf_init(&w->kept);
	strbuf_add(&w->kept, strbuf_str(&v->kept));
	list_set_count(&v->list, 0);
	job_begin(&w->job, work, w);
}

static void stop_work(struct values_view *v)
{
	struct values_work *w = &v->work;

	if (!w->running)
		return;
	job_wait(&w->job);
	stats_run_free(w->run);
	strbuf_release(&w->kept);
	w->running = false;
}

/* Its values are shown. */
static void end_work(struct values_view *v)
{
	struct values_work *w = &v->work;
	bool counted = w->run != NULL, compared = w->before != NULL;

	stop_work(v);
	v->stats = w->stats;
	v->has_stats = true;
	v->most = w->most;
	list_replace(&v->list, v->stats.n, w->at);
	if (compared)
		end_before(v);
	else if (counted)
		begin_before(v);
	if (w->order != v->order || w->reversed != v->reversed)
		begin_work(v, NULL);
}

/* All of what was before is counted. */
static void compare_before(struct values_view *v)
{
	struct values_before *b = &v->before;

	job_wait(&b->job);
	if (b->whole && v->has_stats &&
	    b->stats.n + v->stats.n > v->d->at_once) {
		begin_work(v, &b->stats);
		return;
	}
	if (b->whole && v->has_stats)
		stats_note_new(&v->stats, &b->stats);
	end_before(v);
}

/* Counting ---------------------------------------------------------------- */

static const struct stat_value *selected(const struct values_view *v)
{
	return v->has_stats && v->list.cursor < v->stats.n ?
		       &v->stats.value[v->list.cursor] :
		       NULL;
}

static void forget(struct values_view *v)
{
	if (v->work.running) {
		stop_work(v);
		stats_release(&v->work.stats);
	}
	end_before(v);
	stats_run_free(v->run);
	v->run = NULL;
	if (v->has_stats)
		stats_release(&v->stats);
	v->has_stats = false;
	snapshot_release(v->snap);
	v->snap = NULL;
}

static void sort_values(struct values_view *v)
{
	if (!v->has_stats)
		return;
	stats_sort(&v->stats, v->order);
	if (v->reversed)
		reverse(&v->stats);
}

/* The counts so far, with the cursor on the value `kept`, if that is one. */
static void take_counts(struct values_view *v, struct str kept)
{
	if (v->has_stats)
		stats_release(&v->stats);
	stats_run_take(v->run, &v->stats);
	v->has_stats = true;
	v->most = v->stats.n ? v->stats.value[0].count : 1;
	sort_values(v);
	list_replace(&v->list, v->stats.n, find_value(&v->stats, kept));
}

static void count(struct values_view *v, unsigned ms)
{
	struct scan_state state;
	bool finished;

	if (!v->run)
		return;
	finished = stats_run_step(v->run, ms);
	/* Taking the counts costs in proportion to the values: seldom enough
	 * that all of it together does, too. */
	stats_run_state(v->run, &state);
	if (!finished && v->has_stats && state.done < v->taken + v->taken / 2)
		return;
	v->taken = state.done;
	take_counts(v, strbuf_str(&v->kept));
	if (!finished)
		return;
	stats_run_free(v->run);
	v->run = NULL;
	begin_before(v);
}

/* The counts are of the rows that the timeline has now. */
static enum err_code begin(struct values_view *v, struct err *err)
{
	const struct desk *d = v->d;
	const struct scan_options options = { 2, investigation_limits(d->inv) };
	int64_t last;
	enum err_code rc = stats_run_new(&v->run, d->snap->store,
					 &d->snap->marks, strbuf_str(&v->field),
					 &d->rows, &options, err);

	if (rc)
		return rc;
	v->snap = snapshot_hold(d->snap);
	v->rows_version = d->rows_version;
	v->since = d->now.since;
	v->taken = 0;
	if (!store_span(v->snap->store, &v->loaded, &last))
		v->loaded = TIME_NONE;
	if (!stats_run_reads(v->run) && d->rows.n > d->at_once)
		begin_work(v, NULL);
	else
		count(v, 20);
	return ERR_OK;
}

struct values_view *values_view_new(struct desk *d, struct str field,
				    struct err *err)
{
	struct values_view *v = mem_zero(1, sizeof(*v));

	v->d = d;
	strbuf_init(&v->field);
	strbuf_init(&v->kept);
	strbuf_add(&v->field, field);
	if (begin(v, err) == ERR_OK)
		return v;
	strbuf_release(&v->kept);
	strbuf_release(&v->field);
	free(v);
	return NULL;
}

static void values_close(void *state)
{
	struct values_view *v = state;

	forget(v);
	strbuf_release(&v->kept);
	strbuf_release(&v->field);
	free(v);
}

static bool values_busy(const void *state)
{
	const struct values_view *v = state;

	return values_counting(v) || v->before.running;
}

static void values_step(void *state, struct desk *d, unsigned ms)
{
	struct values_view *v = state;

	(void)d;
	if (v->run)
		count(v, ms);
	else if (v->work.running && job_ended(&v->work.job, ms))
		end_work(v);
	else if (!v->work.running && v->before.running &&
		 job_ended(&v->before.job, ms))
		compare_before(v);
}

static void values_moved(void *state, struct desk *d)
{
	struct values_view *v = state;
	const struct stat_value *s = selected(v);

	(void)d;
	strbuf_clear(&v->kept);
	if (s)
		strbuf_add(&v->kept, s->text);
}

/* Other rows: they are counted again. Of a filter that reads records rows come
 * one after the other, and these are counted when all are there. */
static void values_refresh(void *state, struct desk *d)
{
	struct values_view *v = state;
	struct err err;

	if (v->snap == d->snap &&
	    (v->rows_version == d->rows_version || d->run))
		return;
	forget(v);
	list_set_count(&v->list, 0);
	if (d->snap && begin(v, &err))
		forget(v);
}

static int values_resized(void *state, int rows, int cols)
{
	struct values_view *v = state;
	int fit = rows - VALUES_HEAD - VALUES_FOOT;

	(void)cols;
	if (fit < 0)
		fit = 0;
	list_set_height(&v->list, (size_t)fit);
	return fit;
}

/* Commands ---------------------------------------------------------------- */

static void change_order(struct values_view *v, enum stats_order order,
			 bool reversed)
{
	v->order = order;
	v->reversed = reversed;
	strbuf_clear(&v->kept);
	if (v->work.running)
		return; /* its values are put in that order when they are there */
	if (v->has_stats && v->stats.n > v->d->at_once) {
		begin_work(v, NULL);
		return;
	}
	sort_values(v);
	list_first(&v->list);
	values_moved(v, v->d);
}

/* The chosen value becomes part of the filter; the view closes. */
static void narrow(struct values_view *v, struct app *app, bool keep, bool go)
{
	const struct stat_value *s = selected(v);
	struct strbuf field, value;
	struct err err;

	if (!s) {
		app_say(app, "no value is selected");
		return;
	}
	strbuf_init(&field);
	strbuf_init(&value);
	strbuf_add(&field, strbuf_str(&v->field));
	strbuf_add(&value, s->text);
	app_remember(app);
	if (go)
		app_focus(app, PANE_TIMELINE); /* closes and frees the view */
	else
		app_close_overlay(app);
	if (desk_add_term(app_desk(app), strbuf_str(&field), strbuf_str(&value),
			  keep, &err))
		app_say(app, "%s", err.msg);
	strbuf_release(&field);
	strbuf_release(&value);
}

/* The value's own page. */
static void show_page(struct values_view *v, struct app *app)
{
	const struct stat_value *s = selected(v);

	if (!s || !profile_go_to_value(app, strbuf_str(&v->field), s->text))
		app_say(app, "there is no page of this value");
}

/* The next order, or the one that is named. */
static void name_order(struct values_view *v, struct app *app, struct str name)
{
	int order = 0;

	while (name.n && order < STATS_ORDERS &&
	       !str_eq_fold(name, str_of(values_orders[order])))
		order++;
	if (order == STATS_ORDERS)
		app_say(app, "%.*s: top, rare or first", STR_ARG(name));
	else
		change_order(v,
			     name.n ? (enum stats_order)order :
				      (enum stats_order)((v->order + 1) %
							 STATS_ORDERS),
			     false);
}

/* Those that are asked for most, in a circle. */
static void next_field(struct values_view *v, struct app *app)
{
	static const char *const circle[] = {
		"eventName", "actor",   "ip",        "userAgent", "key",
		"service",   "account", "awsRegion", "errorCode"
	};
	size_t at = 0;

	while (at < ARRAY_SIZE(circle) &&
	       !str_eq_fold(strbuf_str(&v->field), str_of(circle[at])))
		at++;
	app_close_overlay(app); /* and frees the view */
	app_command(app, DO_VALUES,
		    str_of(circle[at < ARRAY_SIZE(circle) ?
					  (at + 1) % ARRAY_SIZE(circle) :
					  0]));
}

static bool values_command(void *state, struct app *app,
			   enum screen_command cmd, struct str argument)
{
	struct values_view *v = state;

	switch (cmd) {
	case DO_PANE_PROFILE:
		if (argument.n)
			return false;
		show_page(v, app);
		return true;
	case DO_DRILL:
	case DO_KEEP:
	case DO_HIDE:
		if (argument.n)
			return false;
		narrow(v, app, cmd != DO_HIDE, cmd == DO_DRILL);
		return true;
	case DO_VALUES_TOP:
		change_order(v, STATS_TOP, false);
		return true;
	case DO_VALUES_RARE:
		change_order(v, STATS_RARE, false);
		return true;
	case DO_VALUES_FIRST:
		change_order(v, STATS_FIRST, false);
		return true;
	case DO_SORT:
		name_order(v, app, argument);
		return true;
	case DO_REVERSE:
		change_order(v, v->order, !v->reversed);
		return true;
	case DO_VALUES:
		if (argument.n)
			return false;
		next_field(v, app);
		return true;
	default:
		return false;
	}
}

static struct list *values_list(void *state)
{
	return &((struct values_view *)state)->list;
}

static row_id values_event(const void *state, const struct desk *d, size_t *of)
{
	const struct values_view *v = state;
	const struct stat_value *s = v->snap == d->snap ? selected(v) : NULL;

	*of = s ? s->count : 0;
	return s ? s->first : ROW_NONE;
}

static void values_row_text(const void *state, const struct desk *d, size_t row,
			    struct strbuf *out)
{
	const struct values_view *v = state;

	(void)d;
	strbuf_add(out, v->stats.value[row].text);
}

const struct pane_class overlay_values = {
	.name = "Values",
	.context = IN_VALUES,
	.close = values_close,
	.refresh = values_refresh,
	.title = values_title,
	.draw = values_draw,
	.command = values_command,
	.list = values_list,
	.resized = values_resized,
	.row_text = values_row_text,
	.event = values_event,
	.moved = values_moved,
	.busy = values_busy,
	.step = values_step,
};
