/* SPDX-License-Identifier: MIT */
/* Counting of lanes: all of them by value, those in sight by time as well. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/identity.h"
#include "ui/panes/lanes_private.h"

const struct lane_kind lane_kinds[LANE_KIND_COUNT] = {
#define X(name, column, field) { name, column, field },
	LANE_KINDS(X)
#undef X
};

void lanes_release(struct lanes_view *v)
{
	free(v->lane);
	free(v->cell);
	free(v->slot);
	histogram_release(&v->frame);
	strbuf_release(&v->kept);
}

static const struct uints *column_of(const struct lanes_view *v)
{
	return &v->d->snap->store->column[lane_kinds[v->kind].column];
}

/* Order ------------------------------------------------------------------- */

/* By what the order is about, then by events, then by the first event. */
static int compare(const struct lanes_view *v, const struct lane *a,
		   const struct lane *b)
{
	int by = 0;

	if (v->order == LANES_SEVERITY && a->level != b->level)
		by = a->level > b->level ? -1 : 1;
	else if (v->order == LANES_SEVERITY && a->alerted != b->alerted)
		by = a->alerted > b->alerted ? -1 : 1;
	else if (v->order != LANES_FIRST && a->events != b->events)
		by = a->events > b->events ? -1 : 1;
	if (!by)
		by = a->first < b->first ? -1 : a->first > b->first;
	return v->reversed ? -by : by;
}

/* A heap sort: qsort takes no context, and lanes can be many. */
static void sift(const struct lanes_view *v, size_t at, size_t n)
{
	struct lane *l = v->lane, moved = l[at];

	for (size_t child = 2 * at + 1; child < n; child = 2 * at + 1) {
		if (child + 1 < n && compare(v, &l[child], &l[child + 1]) < 0)
			child++;
		if (compare(v, &moved, &l[child]) >= 0)
			break;
		l[at] = l[child];
		at = child;
	}
	l[at] = moved;
}

void lanes_sort(struct lanes_view *v)
{
	size_t cursor = 0;

	for (size_t i = v->n / 2; i; i--)
		sift(v, i - 1, v->n);
	for (size_t i = v->n; i > 1; i--) {
		struct lane last = v->lane[i - 1];

		v->lane[i - 1] = v->lane[0];
		v->lane[0] = last;
		sift(v, 0, i - 1);
	}
	while (cursor < v->n &&
	       !(v->keeps &&
		 str_eq(lane_text(v, &v->lane[cursor]), strbuf_str(&v->kept))))
		cursor++;
	if (cursor == v->n)
		cursor = 0;
	list_jump(&v->list, v->n, cursor);
	v->filled = false;
}

/* Lanes ------------------------------------------------------------------- */

/* Adds the alerts on rows that are shown. */
static void count_marks(const struct lanes_view *v, struct lane *by)
{
	const struct marks *m = &v->d->snap->marks;
	const struct rowset *rows = &v->d->rows;
	const struct uints *column = column_of(v);

	for (size_t i = 0; i < m->n; i++) {
		struct lane *l = &by[uints_get_u32(column, m->mark[i].row)];

		if (!l->events || !rowset_has(rows, m->mark[i].row))
			continue;
		l->alerted++;
		if ((int)m->mark[i].level > l->level)
			l->level = (int)m->mark[i].level;
	}
}

static void count(struct lanes_view *v)
{
	const struct store *s = v->d->snap->store;
	const struct rowset *rows = &v->d->rows;
	const struct uints *column = column_of(v);
	size_t values = s->values[lane_kinds[v->kind].column] + (size_t)1;

	free(v->lane);
	free(v->slot);
	v->slot = mem_zero(values, sizeof(*v->slot));
	v->lane = mem_zero(values, sizeof(*v->lane));
	for (size_t i = 0; i < rows->n; i++) {
		struct lane *l = &v->lane[uints_get_u32(column, rows->row[i])];

		if (!l->events++) {
			l->first = rows->row[i];
			l->level = -1;
		}
		l->last = rows->row[i];
	}
	count_marks(v, v->lane);
	v->n = 0;
	for (size_t value = 0; value < values; value++) {
		if (!v->lane[value].events)
			continue;
		v->lane[v->n] = v->lane[value];
		v->lane[v->n++].value = (uint32_t)value;
	}
	v->counted = v->d->rows_version;
	v->counted_kind = v->kind;
	lanes_sort(v);
}

void lanes_keep_selected(struct lanes_view *v)
{
	const struct desk *d = v->d;

	strbuf_clear(&v->kept);
	v->keeps = d->selected != ROW_NONE;
	if (v->keeps)
		strbuf_add(&v->kept,
			   store_text(d->snap->store,
				      lane_kinds[v->kind].column, d->selected));
}

/* Cells ------------------------------------------------------------------- */

struct lane_layout lanes_lay_out(int cols)
{
	struct lane_layout k = { .count = 8 };

	k.label = cols >= 200 ? 44 : cols >= 120 ? 32 : cols >= 60 ? 20 : 12;
	k.cells = 3 + k.label + 1 + k.count + 1;
	k.room = cols - k.cells - 1;
	if (k.room < 0)
		k.room = 0;
	return k;
}

static void make_frame(struct lanes_view *v)
{
	int room = lanes_lay_out(v->cols).room;
	int64_t since, until;

	histogram_release(&v->frame);
	if (room > 0 && desk_shown_span(v->d, &since, &until))
		histogram_make(&v->frame, v->d->snap->store, &v->d->snap->marks,
			       &v->d->rows, since, until, (size_t)room);
	/* Other columns, other whiles: what was chosen is found by its time. */
	if (v->bucket != NO_BUCKET)
		v->bucket = histogram_at(&v->frame, v->bucket_at);
}

static void fill_events(struct lanes_view *v)
{
	const struct store *s = v->d->snap->store;
	const struct rowset *rows = &v->d->rows;
	const struct histogram *f = &v->frame;
	const struct uints *column = column_of(v);
	int64_t end = f->start + f->length;
	size_t bucket = 0;

	/* Rows are in order of time. */
	for (size_t i = rowset_seek(rows, store_seek_time(s, f->start));
	     i < rows->n && bucket < f->n; i++) {
		uint32_t slot = v->slot[uints_get_u32(column, rows->row[i])];

		while (s->time[rows->row[i]] >= end && bucket < f->n) {
			end += f->length;
			bucket++;
		}
		if (slot && bucket < f->n)
			v->cell[(slot - 1) * f->n + bucket].events++;
	}
}

static void fill_levels(struct lanes_view *v)
{
	const struct marks *m = &v->d->snap->marks;
	const struct store *s = v->d->snap->store;
	const struct uints *column = column_of(v);

	for (size_t i = 0; i < m->n; i++) {
		row_id row = m->mark[i].row;
		uint32_t slot = v->slot[uints_get_u32(column, row)];
		struct lane_cell *cell;
		size_t bucket;

		if (!slot || !rowset_has(&v->d->rows, row))
			continue;
		bucket = histogram_at(&v->frame, s->time[row]);
		if (bucket == SIZE_MAX)
			continue;
		cell = &v->cell[(slot - 1) * v->frame.n + bucket];
		if ((int)m->mark[i].level > cell->level)
			cell->level = (int)m->mark[i].level;
	}
}

static void fill(struct lanes_view *v)
{
	make_frame(v);
	v->top = v->list.top;
	v->shown = list_shown(&v->list);
	free(v->cell);
	v->cell = mem_alloc((v->shown * v->frame.n + 1) * sizeof(*v->cell));
	for (size_t i = 0; i < v->shown * v->frame.n; i++)
		v->cell[i] = (struct lane_cell){ 0, -1 };
	memset(v->slot, 0,
	       (v->d->snap->store->values[lane_kinds[v->kind].column] +
		(size_t)1) *
		       sizeof(*v->slot));
	for (size_t i = 0; i < v->shown; i++)
		v->slot[v->lane[v->top + i].value] = (uint32_t)i + 1;
	if (v->frame.n) {
		fill_events(v);
		fill_levels(v);
	}
	v->filled = true;
}

void lanes_update(struct lanes_view *v)
{
	if (v->counted != v->d->rows_version || v->counted_kind != v->kind)
		count(v);
	if (!v->filled || v->top != v->list.top ||
	    v->shown != list_shown(&v->list))
		fill(v);
}

/* Reading ----------------------------------------------------------------- */

struct str lane_text(const struct lanes_view *v, const struct lane *l)
{
	return store_value(v->d->snap->store, lane_kinds[v->kind].column,
			   l->value);
}

struct str lane_label(const struct lanes_view *v, const struct lane *l,
		      struct arena *a)
{
	struct str text = lane_text(v, l);

	if (!text.n)
		return STR("(none)");
	return lane_kinds[v->kind].column == EVENT_PRINCIPAL ?
		       principal_label(text, a) :
		       text;
}

const struct lane *lanes_selected(const struct lanes_view *v)
{
	return v->list.cursor < v->n ? &v->lane[v->list.cursor] : NULL;
}

const struct lane_cell *lanes_cells(const struct lanes_view *v, size_t lane)
{
	if (!v->filled || lane < v->top || lane - v->top >= v->shown)
		return NULL;
	return &v->cell[(lane - v->top) * v->frame.n];
}
