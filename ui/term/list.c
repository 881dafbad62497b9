/* SPDX-License-Identifier: MIT */
#include "ui/term/list.h"

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Makes the invariants hold, moving the top as little as possible. */
static void settle(struct list *l)
{
	size_t last_top = l->n > l->height ? l->n - l->height : 0;

	if (!l->n)
		l->cursor = 0;
	else if (l->cursor >= l->n)
		l->cursor = l->n - 1;
	if (!l->height) {
		l->top = l->cursor;
		return;
	}
	if (l->top > l->cursor)
		l->top = l->cursor;
	if (l->cursor - l->top >= l->height)
		l->top = l->cursor - l->height + 1;
	l->top = least(l->top, last_top);
}

static bool go(struct list *l, size_t row)
{
	size_t before = l->cursor;

	l->cursor = row;
	settle(l);
	return l->cursor != before;
}

void list_set_height(struct list *l, size_t height)
{
	l->height = height;
	settle(l);
}

void list_set_count(struct list *l, size_t n)
{
	l->n = n;
	settle(l);
}

void list_replace(struct list *l, size_t n, size_t cursor)
{
	size_t line = list_line(l);

	l->n = n;
	l->cursor = n ? least(cursor, n - 1) : 0;
	l->top = l->cursor > line ? l->cursor - line : 0;
	settle(l);
}

bool list_down(struct list *l, size_t rows)
{
	if (!l->n)
		return false;
	return go(l, l->cursor + least(rows, l->n - 1 - l->cursor));
}

bool list_up(struct list *l, size_t rows)
{
	return go(l, l->cursor - least(rows, l->cursor));
}

/* Moves the rows and the cursor together, so the cursor keeps its line. */
static bool scroll_down(struct list *l, size_t rows)
{
	size_t last_top = l->n > l->height ? l->n - l->height : 0;

	l->top = least(l->top + rows, last_top);
	return list_down(l, rows);
}

static bool scroll_up(struct list *l, size_t rows)
{
	l->top -= least(rows, l->top);
	return list_up(l, rows);
}

static size_t page(const struct list *l)
{
	return l->height > 1 ? l->height - 1 : 1;
}

static size_t half(const struct list *l)
{
	return l->height > 1 ? l->height / 2 : 1;
}

bool list_page_down(struct list *l)
{
	return scroll_down(l, page(l));
}

bool list_page_up(struct list *l)
{
	return scroll_up(l, page(l));
}

bool list_half_down(struct list *l)
{
	return scroll_down(l, half(l));
}

bool list_half_up(struct list *l)
{
	return scroll_up(l, half(l));
}

bool list_first(struct list *l)
{
	return go(l, 0);
}

bool list_last(struct list *l)
{
	return go(l, l->n ? l->n - 1 : 0);
}

bool list_goto(struct list *l, size_t row)
{
	if (l->n && row >= l->n)
		row = l->n - 1;
	if (row < l->top || row - l->top >= l->height)
		l->top = row > l->height / 2 ? row - l->height / 2 : 0;
	return go(l, row);
}

void list_jump(struct list *l, size_t n, size_t row)
{
	l->n = n;
	list_goto(l, row);
}

size_t list_shown(const struct list *l)
{
	return least(l->n - least(l->top, l->n), l->height);
}

bool list_row_at(const struct list *l, size_t line, size_t *row)
{
	if (line >= list_shown(l))
		return false;
	*row = l->top + line;
	return true;
}

size_t list_line(const struct list *l)
{
	return l->cursor - l->top;
}

void list_show_from(struct list *l, size_t top)
{
	if (top <= l->cursor && l->cursor - top < l->height &&
	    top + l->height <= l->n)
		l->top = top;
}
