/* SPDX-License-Identifier: MIT */
/* The values of a field among the rows of the timeline: top, rare, first. */
#include <stdlib.h>

#include "base/mem.h"
#include "query/stats.h"
#include "ui/app.h"
#include "ui/panes/profile.h"
#include "ui/panes/text.h"

struct values_view {
	struct list list;
	struct strbuf field;
	struct stats stats;
	bool has_stats;
	struct stats_run *run; /* while it is counting */
	size_t taken;          /* events when it was last asked */
	enum stats_order order;
	struct snapshot *snap; /* held: threads may be counting in it */
};

static void step(struct values_view *v, unsigned ms);

struct values_view *values_view_new(struct desk *d, struct str field,
				    struct err *err)
{
	struct scan_options options = { 2, investigation_limits(d->inv) };
	struct values_view *v = mem_zero(1, sizeof(*v));

	if (stats_run_new(&v->run, d->snap->store, &d->snap->marks, field,
			  &d->rows, &options, err)) {
		free(v);
		return NULL;
	}
	strbuf_init(&v->field);
	strbuf_add(&v->field, field);
	v->snap = snapshot_hold(d->snap);
	step(v, 20);
	return v;
}

static void drop(struct values_view *v)
{
	stats_run_free(v->run);
	v->run = NULL;
	if (v->has_stats)
		stats_release(&v->stats);
	v->has_stats = false;
	snapshot_release(v->snap);
	v->snap = NULL;
}

static void values_close(void *state)
{
	struct values_view *v = state;

	drop(v);
	strbuf_release(&v->field);
	free(v);
}

static bool values_busy(const void *state)
{
	return ((const struct values_view *)state)->run != NULL;
}

static void step(struct values_view *v, unsigned ms)
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
	if (v->has_stats)
		stats_release(&v->stats);
	stats_run_take(v->run, &v->stats);
	v->has_stats = true;
	stats_sort(&v->stats, v->order);
	if (finished) {
		stats_run_free(v->run);
		v->run = NULL;
	}
	list_set_count(&v->list, v->stats.n);
}

bool values_view_key(struct values_view *v, key_code key)
{
	switch (key) {
	case 't':
		v->order = STATS_TOP;
		break;
	case 'r':
		v->order = STATS_RARE;
		break;
	case 'F':
		v->order = STATS_FIRST;
		break;
	default:
		return false;
	}
	if (v->has_stats)
		stats_sort(&v->stats, v->order);
	list_first(&v->list);
	return true;
}

/* The counts are of the snapshot and the rows for which they were asked. */
static void values_refresh(void *state, struct desk *d)
{
	struct values_view *v = state;

	if (v->snap != d->snap) {
		drop(v);
		list_set_count(&v->list, 0);
	}
}

static void values_title(const void *state, const struct desk *d,
			 struct arena *arena, struct safetext *left,
			 struct safetext *right)
{
	static const char *const orders[] = { "top", "rare", "first seen" };
	const struct values_view *v = state;

	(void)d;
	*left = safe_join(arena, safe_literal("v] values of "),
			  safe_text(arena, strbuf_str(&v->field), SAFE_LIST));
	if (v->has_stats)
		*left = safe_join(arena, *left,
				  safe_format(arena,
					      " in %zu events, %s first%s",
					      v->stats.rows, orders[v->order],
					      v->run ? " (counting)" : ""));
	*right = safe_join(arena, safe_literal("t:top r:rare F:first "),
			   list_position(&v->list, arena));
}

/* Below these widths the value needs the room more. */
enum { TIME_COLUMNS = 60, SHARE_COLUMNS = 36 };

static void draw_value(const struct values_view *v, const struct desk *d,
		       struct canvas *c, int row, const struct stat_value *s,
		       const struct drawing *how)
{
	struct strbuf numbers;
	int width;

	strbuf_init(&numbers);
	strbuf_addf(&numbers, "%8u", s->count);
	if (c->cols >= SHARE_COLUMNS)
		strbuf_addf(&numbers, " %5.1f%% %5u",
			    v->stats.rows ?
				    100.0 * s->count / (double)v->stats.rows :
				    0.0,
			    s->principals);
	if (c->cols >= TIME_COLUMNS) {
		strbuf_adds(&numbers, "  ");
		time_format(&numbers, v->snap->store->time[s->first],
			    TIME_CLOCK, &d->zone);
		strbuf_addc(&numbers, ' ');
		time_format(&numbers, v->snap->store->time[s->last], TIME_CLOCK,
			    &d->zone);
	}
	width = c->cols - (int)numbers.n - 3;
	canvas_text(c, row, 1,
		    list_cell(c, how->arena, s->text.n ? s->text : STR("\"\""),
			      width, SAFE_CUT_MIDDLE),
		    STYLE_NORMAL);
	canvas_text_end(c, row, c->cols - 1,
			safe_text(how->arena, strbuf_str(&numbers), SAFE_LIST),
			STYLE_NORMAL);
	strbuf_release(&numbers);
}

static void values_draw(const void *state, const struct desk *d,
			struct canvas *c, const struct drawing *how)
{
	const struct values_view *v = state;
	size_t row;

	if (!v->has_stats || !v->stats.n) {
		canvas_text(c, 0, 1,
			    safe_literal(!v->snap ? "more events came: ask "
						    "again" :
					 v->run   ? "counting" :
						    "no values"),
			    STYLE_MUTED);
		return;
	}
	canvas_text(c, 0, 1, safe_literal("value"), STYLE_HEADING);
	canvas_text_end(c, 0, c->cols - 1,
			c->cols >= TIME_COLUMNS ?
				safe_literal("count      %  prin  first    "
					     "last    ") :
			c->cols >= SHARE_COLUMNS ?
				safe_literal("count      %  prin") :
				safe_literal("count"),
			STYLE_HEADING);
	for (int line = 0; line + 1 < c->rows; line++) {
		if (!list_row_at(&v->list, (size_t)line, &row) ||
		    row >= v->stats.n)
			break;
		draw_value(v, d, c, line + 1, &v->stats.value[row], how);
		draw_cursor(c, line + 1, row == v->list.cursor, how->focused);
		draw_matches(c, line + 1, how->searched);
	}
}

static const struct stat_value *selected(const struct values_view *v)
{
	return v->has_stats && v->list.cursor < v->stats.n ?
		       &v->stats.value[v->list.cursor] :
		       NULL;
}

/* The chosen value becomes part of the filter; the view closes. */
static void narrow(struct values_view *v, struct app *app, bool keep)
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
		narrow(v, app, true);
		return true;
	case DO_HIDE:
		narrow(v, app, false);
		return true;
	case DO_LEFT:
	case DO_RIGHT:
		return true;
	default:
		return false;
	}
}

static struct list *values_list(void *state)
{
	return &((struct values_view *)state)->list;
}

static void values_row_text(const void *state, const struct desk *d, size_t row,
			    struct strbuf *out)
{
	const struct values_view *v = state;

	(void)d;
	strbuf_add(out, v->stats.value[row].text);
}

static void values_step(void *state, struct desk *d, unsigned ms)
{
	(void)d;
	step(state, ms);
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
	.row_text = values_row_text,
	.busy = values_busy,
	.step = values_step,
};
