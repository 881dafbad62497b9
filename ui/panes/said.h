/* SPDX-License-Identifier: MIT */
/*
 * said.h - what the case says of rows and alerts, as signs in lists
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_UI_SAID_H
#define TRAWL_UI_SAID_H

#include "ui/pane.h"

/* Of events that one line stands for, ascending: a star, else "n" for a note,
 * "t" for a label, else nothing. */
void draw_said(struct canvas *c, int row, int col, const struct desk *d,
	       const struct rowset *rows);
/* Is one of them selected, or in the range that is being drawn? */
bool rows_are_chosen(const struct desk *d, const struct rowset *rows);
/* Draws the whole line as a selected one. */
void draw_chosen(struct canvas *c, int row);

enum { DISPOSITION_WIDTH = 5 };

/* "new", "TP", "TP+" when there are new matches; of nothing where the case has
 * no disposition at all, then false. */
bool draw_disposition(struct canvas *c, int row, int col, const struct desk *d,
		      const struct alert *al, struct arena *a);

/* "*3 n2", stars and notes of the case; empty without any. */
struct safetext said_counts(const struct desk *d, const struct canvas *c,
			    struct arena *a);

#endif /* TRAWL_UI_SAID_H */
