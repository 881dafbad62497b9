/* SPDX-License-Identifier: MIT */
#include "ui/panes/lanes.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/print.h"
#include "ui/app.h"
#include "ui/panes/lanes_private.h"

enum { FIXED_ROWS = 2 }; /* axis, and what the last row tells */

static const char *const orders[LANE_ORDERS] = { "worst", "count", "first" };

static bool find_kind(struct str name, size_t *kind)
{
	for (size_t i = 0; i < LANE_KIND_COUNT; i++)
		if (str_eq_fold(name, str_of(lane_kinds[i].name)) ||
		    str_eq_fold(name, str_of(lane_kinds[i].field))) {
			*kind = i;
			return true;
		}
	return false;
}

struct lanes_view *lanes_view_new(const struct desk *d, struct str field,
				  struct err *err)
{
	struct lanes_view *v;
	size_t kind = 0;

	if (field.n && !find_kind(field, &kind)) {
		(void)err_set(err, ERR_USAGE,
			      "%.*s: lanes are by principal, session, address, "
			      "API, account or region",
			      STR_ARG(field));
		return NULL;
	}
	v = mem_zero(1, sizeof(*v));
	v->d = d;
	v->kind = kind;
	v->bucket = NO_BUCKET;
	strbuf_init(&v->kept);
	lanes_keep_selected(v);
	return v;
}

static void lanes_close(void *state)
{
	lanes_release(state);
	free(state);
}

static void lanes_refresh(void *state, struct desk *d)
{
	if (d->snap)
		lanes_update(state);
}

static int lanes_resized(void *state, int rows, int cols)
{
	struct lanes_view *v = state;
	int fit = rows > FIXED_ROWS ? rows - FIXED_ROWS : 0;

	if (v->cols != cols)
		v->filled = false;
	v->cols = cols;
	list_set_height(&v->list, (size_t)fit);
	if (v->d->snap)
		lanes_update(v);
	return fit;
}

static void lanes_title(const void *state, const struct desk *d,
			struct arena *arena, struct safetext *left,
			struct safetext *right)
{
	const struct lanes_view *v = state;

	*left = safe_format(arena, "L] lanes: %s x time",
			    lane_kinds[v->kind].name);
	if (v->frame.length) {
		struct strbuf text;

		strbuf_init(&text);
		time_format_span(&text, v->frame.length);
		*left = safe_join(arena, *left,
				  safe_join(arena, safe_literal(", "),
					    safe_text(arena, strbuf_str(&text),
						      SAFE_LIST)));
		*left = safe_join(arena, *left, safe_literal(" a column"));
		strbuf_release(&text);
	}
	*right = safe_join(
		arena, desk_hidden_text(d, arena),
		safe_join(arena,
			  safe_format(arena, "s:%s%s v:what ", orders[v->order],
				      v->reversed ? " reversed" : ""),
			  list_position(&v->list, arena)));
}

static struct list *lanes_list(void *state)
{
	return &((struct lanes_view *)state)->list;
}

static void lanes_row_text(const void *state, const struct desk *d, size_t row,
			   struct strbuf *out)
{
	const struct lanes_view *v = state;
	struct arena a;

	(void)d;
	arena_init(&a);
	strbuf_add(out, lane_text(v, &v->lane[row]));
	strbuf_addc(out, ' ');
	strbuf_add(out, lane_label(v, &v->lane[row], &a));
	arena_release(&a);
}

/* The first event of a lane that is shown, from a time on; ROW_NONE when
 * there is none. */
static row_id first_event(const struct lanes_view *v, const struct lane *l,
			  int64_t from)
{
	const struct store *s = v->d->snap->store;
	enum event_column column = lane_kinds[v->kind].column;
	const struct rowset *rows = &v->d->rows;

	for (size_t i = rowset_seek(rows, store_seek_time(s, from));
	     i < rows->n; i++)
		if (store_value_at(s, column, rows->row[i]) == l->value)
			return rows->row[i];
	return ROW_NONE;
}

/* The other panes follow: the lane's first event, or the cell's. */
static void select_event(struct lanes_view *v, struct desk *d)
{
	const struct lane *l = lanes_selected(v);
	row_id row = ROW_NONE;

	if (!l)
		return;
	if (v->bucket != NO_BUCKET)
		row = first_event(v, l, v->bucket_at);
	desk_select(d, row == ROW_NONE ? l->first : row);
}

static void lanes_moved(void *state, struct desk *d)
{
	struct lanes_view *v = state;
	const struct lane *l = lanes_selected(v);

	strbuf_clear(&v->kept);
	v->keeps = l != NULL;
	if (l)
		strbuf_add(&v->kept, lane_text(v, l));
	lanes_update(v);
	select_event(v, d);
}

/* One column to the side; before the first one is all of the lane. */
static void choose_bucket(struct lanes_view *v, struct desk *d, int by)
{
	if (!v->frame.n)
		return;
	if (v->bucket == NO_BUCKET)
		v->bucket = by > 0 ? 0 : NO_BUCKET;
	else if (by < 0)
		v->bucket = v->bucket ? v->bucket - 1 : NO_BUCKET;
	else if (v->bucket + 1 < v->frame.n)
		v->bucket++;
	if (v->bucket != NO_BUCKET)
		v->bucket_at = v->frame.start +
			       (int64_t)v->bucket * v->frame.length;
	select_event(v, d);
}

/* Keeps the lane's events, and those of the cell that is chosen, or hides the
 * lane. */
static void narrow(struct lanes_view *v, struct app *app, bool keep)
{
	const struct lane *l = lanes_selected(v);
	struct desk *d = app_desk(app);
	int64_t since = v->bucket_at, until = since + v->frame.length;
	bool cell = keep && v->bucket != NO_BUCKET;
	struct strbuf term;
	struct err err;

	if (!l) {
		app_say(app, "no lane is selected");
		return;
	}
	strbuf_init(&term);
	if (l->value) {
		query_term(&term, str_of(lane_kinds[v->kind].field),
			   lane_text(v, l));
	} else {
		strbuf_adds(&term, "not ");
		strbuf_adds(&term, lane_kinds[v->kind].field);
		strbuf_adds(&term, ":*");
	}
	app_remember(app);
	if (keep)
		app_focus(app, PANE_TIMELINE); /* closes and frees the view */
	if (desk_add_filter(d, strbuf_str(&term), keep, &err))
		app_say(app, "%s", err.msg);
	else if (cell)
		desk_set_window(d, since, until);
	strbuf_release(&term);
}

static void change_kind(struct lanes_view *v, struct app *app, struct str name)
{
	if (name.n && !find_kind(name, &v->kind)) {
		app_say(app,
			"%.*s: principal, session, address, API, account "
			"or region",
			STR_ARG(name));
		return;
	}
	if (!name.n)
		v->kind = (v->kind + 1) % LANE_KIND_COUNT;
	lanes_keep_selected(v);
	lanes_update(v);
}

/* The next order, or the one that is named. */
static void change_order(struct lanes_view *v, struct app *app, struct str name,
			 bool reverse)
{
	size_t order = 0;

	while (name.n && order < LANE_ORDERS &&
	       !str_eq_fold(name, str_of(orders[order])))
		order++;
	if (order == LANE_ORDERS) {
		app_say(app, "%.*s: worst, count or first", STR_ARG(name));
		return;
	}
	if (reverse)
		v->reversed = !v->reversed;
	else
		v->order = name.n ? (enum lane_order)order :
				    (enum lane_order)((v->order + 1) %
						      LANE_ORDERS);
	lanes_sort(v);
	lanes_update(v);
}

static bool lanes_command(void *state, struct app *app, enum screen_command cmd,
			  struct str argument)
{
	struct lanes_view *v = state;
	struct desk *d = app_desk(app);

	if (!d->snap)
		return false;
	switch (cmd) {
	case DO_DRILL:
	case DO_KEEP:
		narrow(v, app, true);
		return true;
	case DO_HIDE:
		narrow(v, app, false);
		return true;
	case DO_LEFT:
	case DO_RIGHT:
		choose_bucket(v, d, cmd == DO_RIGHT ? 1 : -1);
		return true;
	case DO_LANE_FIELD:
	case DO_LANES:
		change_kind(v, app, argument);
		return true;
	case DO_SORT:
	case DO_REVERSE:
		change_order(v, app, argument, cmd == DO_REVERSE);
		return true;
	case DO_ZOOM_IN:
	case DO_ZOOM_OUT:
		/* Around what is chosen; the desk does it. */
		select_event(v, d);
		return false;
	default:
		return false;
	}
}

const struct pane_class overlay_lanes = {
	.name = "Lanes",
	.context = IN_LANES,
	.close = lanes_close,
	.refresh = lanes_refresh,
	.title = lanes_title,
	.draw = lanes_draw,
	.command = lanes_command,
	.list = lanes_list,
	.resized = lanes_resized,
	.row_text = lanes_row_text,
	.moved = lanes_moved,
};
