/* SPDX-License-Identifier: MIT */
/*
 * list.h - which rows of a long list are on the screen, and which is chosen
 *
 * Numbers only: n rows, of which `height` fit, shown from `top`, and a
 * cursor. The list does not know what its rows are, so a tree is a list of
 * the rows that are unfolded.
 *
 * Invariants, whatever is called: cursor < n unless n is 0, and then 0;
 * top <= cursor < top + height as long as height is not 0; no blank rows
 * below the last one while there are rows above the first.
 *
 * Cost: O(1). Layer: ui/term. Threads: one at a time.
 */
#ifndef TRAWL_LIST_H
#define TRAWL_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Read by anyone, written by list.c. */
struct list {
	size_t n;      /* rows */
	size_t height; /* rows that fit on the screen */
	size_t cursor; /* the chosen row */
	size_t top;    /* the first row that is shown */
};

#define LIST_INIT          \
	{                  \
		0, 0, 0, 0 \
	}

/* Size ------------------------------------------------------------------ */

/* The pane has another height. The cursor's row stays where it was on the
 * screen as far as it can. */
void list_set_height(struct list *l, size_t height);
/* Rows were added or removed at the end; the cursor keeps its row while that
 * exists. */
void list_set_count(struct list *l, size_t n);
/* All rows may have changed: there are n now, and the row that was chosen is
 * number `cursor` among them. Its place on the screen is kept. */
void list_replace(struct list *l, size_t n, size_t cursor);
/* All rows may have changed, and another one is chosen: as list_goto. */
void list_jump(struct list *l, size_t n, size_t row);

/* Movement; each stops at the ends. True when the cursor moved. --------- */

bool list_down(struct list *l, size_t rows);
bool list_up(struct list *l, size_t rows);
/* A screenful, with one row of overlap; what was last becomes first. */
bool list_page_down(struct list *l);
bool list_page_up(struct list *l);
bool list_half_down(struct list *l);
bool list_half_up(struct list *l);
bool list_first(struct list *l);
bool list_last(struct list *l);
/* Goes to a row; one that is not on the screen is shown in its middle. */
bool list_goto(struct list *l, size_t row);
/* Shows the rows from `top` on, if the cursor is among them. */
void list_show_from(struct list *l, size_t top);

/* Reading --------------------------------------------------------------- */

/* Rows that are on the screen. */
size_t list_shown(const struct list *l);
/* True, and *row set, when there is a row on that line of the screen. */
bool list_row_at(const struct list *l, size_t line, size_t *row);
/* The line of the screen that the cursor is on. */
size_t list_line(const struct list *l);

#endif /* TRAWL_LIST_H */
