/* SPDX-License-Identifier: MIT */
/*
 * paint.h - from what a terminal shows to what it should show, in few bytes
 *
 * A struct paint holds two grids of cells: what the terminal shows, and what
 * is wanted. paint_send writes the bytes that make one of the other: it moves
 * the cursor in the shortest way that the terminal has, writes again what
 * stands between two differences where that is shorter, erases where that is,
 * and switches attributes only for what can be seen. It knows the terminal by
 * a struct paint_term alone, so it needs none, and is tested without.
 *
 * Cells are as a canvas has them, and have to be such that the terminal shows
 * them in the width that they have (tty.c sees to that).
 *
 * Rows and columns count from 0. Cost: linear in the cells of rows that
 * differ. Layer: ui/term. Threads: one at a time.
 */
#ifndef TRAWL_PAINT_H
#define TRAWL_PAINT_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "ui/term/canvas.h"

enum paint_step {
	PAINT_PLACE,     /* to row a, column b */
	PAINT_ROW,       /* to row a of the same column */
	PAINT_COL,       /* to column a of the same row */
	PAINT_RIGHT,     /* a columns */
	PAINT_LEFT,      /* a columns */
	PAINT_BACK,      /* one column to the left */
	PAINT_DOWN,      /* one row, same column */
	PAINT_FIRST,     /* to column 0 */
	PAINT_ERASE,     /* a columns from here on; the cursor stays */
	PAINT_ERASE_ALL, /* to the end of the row; the cursor stays */
	PAINT_STEPS
};

/* How a role looks on the terminal. */
enum {
	PAINT_BOLD = 1,
	PAINT_DIM = 2,
	PAINT_UNDERLINE = 4,
	PAINT_REVERSE = 8,
	PAINT_ATTRS = 4, /* of these */
	PAINT_COLORS = 8,
	PAINT_CODE_MAX = 24, /* bytes of a sequence */
};

struct paint_look {
	unsigned char attrs;
	unsigned char color; /* of the eight; 0: the terminal's own */
};

struct paint_term {
	/* Adds what makes the step; false when the terminal has none. */
	bool (*step)(struct strbuf *out, enum paint_step step, int a, int b);
	struct paint_look look[STYLE_COUNT];
	char plain[PAINT_CODE_MAX]; /* ends all attributes and colours */
	char attr[PAINT_ATTRS][PAINT_CODE_MAX]; /* by bit */
	char color[PAINT_COLORS][PAINT_CODE_MAX];
	bool moves_plain; /* attributes must be off when the cursor moves */
	bool no_corner;   /* a letter in the last cell would scroll */
};

struct paint {
	const struct paint_term *term;
	int rows, cols;
	struct cell *shown, *wanted; /* row by row */
	struct cell *blanks;         /* one row */
	int row, col;                /* of the cursor; -1: not known */
	struct paint_look look;      /* that is on */
};

void paint_init(struct paint *p, const struct paint_term *term);
void paint_release(struct paint *p);

/* Both grids are blank, and have that size. */
void paint_resize(struct paint *p, int rows, int cols);
/* Somebody cleared the terminal: nothing is shown, attributes are off, the
 * cursor is anywhere. */
void paint_cleared(struct paint *p);
/* Somebody moved the cursor. */
void paint_lost(struct paint *p);

/* A row that is wanted, `cols` cells. */
void paint_want(struct paint *p, int row, const struct cell *cells);
bool paint_done(const struct paint *p);

/*
 * Adds to `out` what is to be sent. When that is more than `most` bytes (0: as
 * many as it takes) only the rows next to row `near` are painted, as many as
 * stay below, one at least; then it returns false, and the next call goes on.
 * Attributes are off at its end.
 */
bool paint_send(struct paint *p, size_t most, int near, struct strbuf *out);
/* Moves the cursor. */
void paint_cursor(struct paint *p, int row, int col, struct strbuf *out);

#endif /* TRAWL_PAINT_H */
