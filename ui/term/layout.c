/* SPDX-License-Identifier: MIT */
#include "ui/term/layout.h"

/* From where on a layout has room for what it shows. */
enum {
	STACK_COLS = 80,
	STACK_ROWS = 24,
	GRID_COLS = 120,
	GRID_ROWS = 40,
	WIDE_COLS = 200,
	WIDE_ROWS = 60,
	COLUMN_MIN = 24, /* no column gets narrower by `widen` */
	HEAD_ROWS = 14,  /* from here on one pane leaves room for crumbs */
};

static enum layout_kind kind_of(int rows, int cols)
{
	if (cols < LAYOUT_MIN_COLS || rows < LAYOUT_MIN_ROWS)
		return LAYOUT_MESSAGE;
	if (cols < STACK_COLS || rows < STACK_ROWS)
		return LAYOUT_ONE;
	if (cols < GRID_COLS || rows < GRID_ROWS)
		return LAYOUT_STACK;
	if (cols < WIDE_COLS || rows < WIDE_ROWS)
		return LAYOUT_GRID;
	return LAYOUT_WIDE;
}

/* Cuts `rows` rows off the top of *rest, or off its end. */
static struct rect take_top(struct rect *rest, int rows)
{
	struct rect r = *rest;

	if (rows > rest->rows)
		rows = rest->rows;
	r.rows = rows;
	rest->row += rows;
	rest->rows -= rows;
	return r;
}

static struct rect take_bottom(struct rect *rest, int rows)
{
	struct rect r = *rest;

	if (rows > rest->rows)
		rows = rest->rows;
	r.row += rest->rows - rows;
	r.rows = rows;
	rest->rows -= rows;
	return r;
}

static struct rect take_left(struct rect *rest, int cols)
{
	struct rect r = *rest;

	if (cols > rest->cols)
		cols = rest->cols;
	r.cols = cols;
	rest->col += cols;
	rest->cols -= cols;
	return r;
}

/* The share `part` of `whole` that a total of `of` would have. */
static int share(int whole, int part, int of)
{
	return whole * part / of;
}

static int between(int value, int low, int high)
{
	if (value > high)
		value = high;
	return value < low ? low : value;
}

static void make_message(struct layout *l, struct rect rest)
{
	if (rest.rows > 1)
		l->prompt = take_bottom(&rest, 1);
	l->message = rest;
}

static void make_one(struct layout *l, struct rect rest, enum pane_id focus)
{
	bool head = rest.rows >= HEAD_ROWS;

	l->tabs = take_top(&rest, 1);
	if (head)
		l->crumbs = take_top(&rest, 1);
	l->histogram = take_top(&rest, 1);
	if (head)
		l->letters = take_top(&rest, 1);
	l->prompt = take_bottom(&rest, 1);
	l->body = rest;
	l->pane[focus] = rest;
}

/* One pane and the title, hints and prompt that every screen has. */
static void make_zoomed(struct layout *l, struct rect rest, enum pane_id focus)
{
	l->title = take_top(&rest, 1);
	l->prompt = take_bottom(&rest, 1);
	l->hints = take_bottom(&rest, 1);
	l->body = rest;
	l->pane[focus] = rest;
}

/* At 80x24: alerts have 6 rows under their bar, the timeline 8. Of rows
 * beyond 24 both get their share. */
static void make_stack(struct layout *l, struct rect rest)
{
	l->title = take_top(&rest, 1);
	l->crumbs = take_top(&rest, 1);
	l->tactics = take_top(&rest, 1);
	l->histogram = take_top(&rest, 1);
	l->letters = take_top(&rest, 1);
	l->prompt = take_bottom(&rest, 1);
	l->hints = take_bottom(&rest, 1);
	l->preview = take_bottom(&rest, 1);
	l->body = rest;
	l->pane[PANE_ALERTS] = take_top(&rest,
					7 + share(rest.rows - 16, 6, 14));
	l->pane[PANE_TIMELINE] = rest;
}

/* The tree has most of the screen, and below it are the node's events. */
static void make_lineage(struct layout *l, struct rect rest)
{
	l->title = take_top(&rest, 1);
	l->prompt = take_bottom(&rest, 1);
	l->hints = take_bottom(&rest, 1);
	l->preview = take_bottom(&rest, 1);
	l->body = rest;
	l->pane[PANE_TIMELINE] = take_bottom(&rest,
					     5 + share(rest.rows - 20, 1, 3));
	l->pane[PANE_LINEAGE] = rest;
}

/*
 * At 120x40: columns of 62 and 58; on the left 12 rows of alerts above 14 of
 * tactics, on the right twice 13; 8 of detail, frames included.
 */
static void make_grid(struct layout *l, struct rect rest, int widen)
{
	struct rect left;
	int detail, more;

	l->boxes = true;
	l->title = take_top(&rest, 1);
	l->crumbs = take_top(&rest, 1);
	l->histogram = take_top(&rest, 1);
	l->letters = take_top(&rest, 1);
	l->prompt = take_bottom(&rest, 1);
	l->hints = take_bottom(&rest, 1);
	l->body = rest;
	more = rest.rows - 34;
	detail = 8 + share(more, 1, 3);
	l->pane[PANE_DETAIL] = take_bottom(&rest, detail);
	left = take_left(&rest, between(share(rest.cols, 62, 120) + widen,
					COLUMN_MIN, rest.cols - COLUMN_MIN));
	/* The tactics are a fixed number; what is more goes to the alerts. */
	l->pane[PANE_ATTACK] = take_bottom(&left,
					   14 + between(left.rows - 26, 0, 3));
	l->pane[PANE_ALERTS] = left;
	l->pane[PANE_TIMELINE] = take_top(&rest, (rest.rows + 1) / 2);
	l->pane[PANE_LINEAGE] = rest;
}

/* At 200x60: columns of 62, 80 and 58; upper boxes of 25 rows, lower of 27. */
static void make_wide(struct layout *l, struct rect rest, int widen)
{
	struct rect left, middle;
	int cols = rest.cols, upper;

	l->boxes = true;
	l->title = take_top(&rest, 1);
	l->crumbs = take_top(&rest, 1);
	l->histogram = take_top(&rest, 2);
	l->letters = take_top(&rest, 1);
	l->axis = take_top(&rest, 1);
	l->prompt = take_bottom(&rest, 1);
	l->hints = take_bottom(&rest, 1);
	l->body = rest;
	upper = share(rest.rows, 22, 46) + 1;
	left = take_left(&rest, between(share(cols, 62, 200) + widen,
					COLUMN_MIN, share(cols, 1, 2)));
	middle = take_left(&rest, between(share(cols, 80, 200) - widen,
					  COLUMN_MIN, rest.cols - COLUMN_MIN));
	l->pane[PANE_DETAIL] = rest;
	l->pane[PANE_ALERTS] = take_top(&left, upper);
	l->pane[PANE_ATTACK] = left;
	l->pane[PANE_TIMELINE] = take_top(&middle, upper);
	l->pane[PANE_LINEAGE] = middle;
}

/* Panes that the layout of that kind has a place for. */
static bool has_place(enum layout_kind kind, enum pane_id id)
{
	if (kind == LAYOUT_STACK)
		return id == PANE_ALERTS || id == PANE_TIMELINE ||
		       id == PANE_LINEAGE;
	/* The profile is a page of its own at every size. */
	if (kind == LAYOUT_GRID || kind == LAYOUT_WIDE)
		return id != PANE_PROFILE;
	return true;
}

/* A rectangle without area is all zeros, so that it can be told at once. */
static void empty_to_zero(struct rect *r)
{
	if (rect_empty(*r))
		*r = (struct rect){ 0, 0, 0, 0 };
}

void layout_make(struct layout *out, const struct layout_state *state)
{
	struct rect all = { 0, 0, state->rows, state->cols };
	enum layout_kind kind = kind_of(state->rows, state->cols);

	*out = (struct layout){ .kind = kind };
	if (rect_empty(all))
		return;
	if (kind == LAYOUT_MESSAGE)
		make_message(out, all);
	else if (kind == LAYOUT_ONE)
		make_one(out, all, state->focus);
	else if (state->zoomed || !has_place(kind, state->focus))
		make_zoomed(out, all, state->focus);
	else if (kind == LAYOUT_STACK &&
		 (state->focus == PANE_LINEAGE ||
		  (state->lineage && state->focus == PANE_TIMELINE)))
		make_lineage(out, all);
	else if (kind == LAYOUT_STACK)
		make_stack(out, all);
	else if (kind == LAYOUT_GRID)
		make_grid(out, all, state->widen);
	else
		make_wide(out, all, state->widen);
	empty_to_zero(&out->message);
	for (int i = 0; i < PANE_COUNT; i++)
		empty_to_zero(&out->pane[i]);
}

bool layout_shows(const struct layout *l, enum pane_id id)
{
	return !rect_empty(l->pane[id]);
}

struct rect layout_inner(const struct layout *l, enum pane_id id)
{
	struct rect r = l->pane[id];

	if (l->boxes) {
		r.row++;
		r.col++;
		r.rows -= 2;
		r.cols -= 2;
	} else {
		r.row++;
		r.rows--;
	}
	empty_to_zero(&r);
	return r;
}
