/* SPDX-License-Identifier: MIT */
/*
 * layout.h - the triage screen's rectangles for every size of terminal
 *
 * A pure function: the size, the pane that has the focus and whether it is
 * alone give rectangles. Those that a size has no room for are empty. No two
 * that are not empty overlap (`body` aside, which covers the panes), and all
 * lie inside the screen, down to 1x1.
 *
 *	below 40x8	a message; whatever is open stays open
 *	below 80x24	one pane under a row of tabs
 *	below 120x40	two panes under each other, a bar for a title
 *	below 200x60	four boxes and the detail below
 *	from there on	three columns
 *
 * Sizes are columns x rows. Layer: ui/term. Threads: any.
 */
#ifndef TRAWL_LAYOUT_H
#define TRAWL_LAYOUT_H

#include <stdbool.h>

#include "ui/term/canvas.h"

/* In the order of their keys, 1 to 6. */
enum pane_id {
	PANE_ALERTS,
	PANE_TIMELINE,
	PANE_ATTACK,
	PANE_LINEAGE,
	PANE_DETAIL,
	PANE_PROFILE,
	PANE_COUNT
};

enum layout_kind {
	LAYOUT_MESSAGE, /* too small: `message`, and the prompt if it fits */
	LAYOUT_ONE,     /* tabs, the focused pane, prompt */
	LAYOUT_STACK,   /* header, panes under each other, preview */
	LAYOUT_GRID,    /* header, four boxes, detail */
	LAYOUT_WIDE,    /* header with a high histogram, three columns */
};

enum { LAYOUT_MIN_COLS = 40, LAYOUT_MIN_ROWS = 8 };

struct layout_state {
	int rows, cols; /* of the terminal */
	enum pane_id focus;
	bool zoomed;  /* the focused pane has all of the body */
	bool lineage; /* STACK: the lineage above the timeline, not the alerts;
		       * also so when it has the focus */
	int widen;    /* GRID, WIDE: columns that the left side gets more */
};

struct layout {
	enum layout_kind kind;
	bool boxes;          /* panes have a frame, else a bar as first row */
	struct rect message; /* LAYOUT_MESSAGE only */
	struct rect title, crumbs, tactics;
	struct rect histogram, letters, axis;
	struct rect tabs;             /* LAYOUT_ONE only */
	struct rect body;             /* between header and hints: overlays */
	struct rect pane[PANE_COUNT]; /* with bar or frame */
	struct rect preview, hints, prompt;
};

void layout_make(struct layout *out, const struct layout_state *state);

bool layout_shows(const struct layout *l, enum pane_id id);
/* What is left of a pane's rectangle inside its frame or below its bar. */
struct rect layout_inner(const struct layout *l, enum pane_id id);

#endif /* TRAWL_LAYOUT_H */
