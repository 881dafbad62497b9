/* SPDX-License-Identifier: MIT */
/*
 * canvas.h - a screen as a grid of cells, without a terminal
 *
 * Panes draw here; tty_present puts the result on the terminal and tests
 * compare it as text. The same calls give the same cells.
 *
 * A struct canvas is a rectangle of a grid: canvas_init makes the grid and
 * the canvas that covers it, canvas_sub gives a smaller canvas of the same
 * grid. A canvas has its own coordinates from 0, and nothing that is drawn
 * on it appears outside of it. It is a value: copies draw on the same grid,
 * which lives until canvas_release of the first.
 *
 * What is drawn is a struct safetext, so text of a log cannot get here as it
 * is. The program's own marks (a tree's branches, an ellipsis) are glyphs, of
 * which there are two sets; the grid is made with one.
 *
 * Invariant: a cell of width 2 is followed by one of width 0, its right half.
 * Whatever overwrites or cuts off one half leaves a blank in the other.
 *
 * Rows and columns count from 0. Cost: linear in the cells that change.
 * Layer: ui/term. Threads: one at a time.
 */
#ifndef TRAWL_CANVAS_H
#define TRAWL_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/safetext.h"
#include "base/strbuf.h"
#include "ui/term/style.h"

/* Empty when rows or cols is 0. */
struct rect {
	int row, col;
	int rows, cols;
};

static inline bool rect_empty(struct rect r)
{
	return r.rows <= 0 || r.cols <= 0;
}

/* Glyphs ---------------------------------------------------------------- */

/* Glyph; as Unicode, its columns; as ASCII, its columns. */
#define GLYPHS(X)                                                    \
	X(GLYPH_BLANK, " ", 1, " ", 1)                               \
	X(GLYPH_SPARK_1, "\xe2\x96\x81", 1, ".", 1)                  \
	X(GLYPH_SPARK_2, "\xe2\x96\x82", 1, ":", 1)                  \
	X(GLYPH_SPARK_3, "\xe2\x96\x83", 1, "-", 1)                  \
	X(GLYPH_SPARK_4, "\xe2\x96\x84", 1, "=", 1)                  \
	X(GLYPH_SPARK_5, "\xe2\x96\x85", 1, "+", 1)                  \
	X(GLYPH_SPARK_6, "\xe2\x96\x86", 1, "*", 1)                  \
	X(GLYPH_SPARK_7, "\xe2\x96\x87", 1, "#", 1)                  \
	X(GLYPH_SPARK_8, "\xe2\x96\x88", 1, "@", 1)                  \
	X(GLYPH_DENSITY_1, "\xe2\x96\x91", 1, ".", 1)                \
	X(GLYPH_DENSITY_2, "\xe2\x96\x92", 1, ":", 1)                \
	X(GLYPH_DENSITY_3, "\xe2\x96\x93", 1, "*", 1)                \
	X(GLYPH_DENSITY_4, "\xe2\x96\x88", 1, "#", 1)                \
	X(GLYPH_BAR_1, "\xe2\x96\x8f", 1, ".", 1)                    \
	X(GLYPH_BAR_2, "\xe2\x96\x8e", 1, ".", 1)                    \
	X(GLYPH_BAR_3, "\xe2\x96\x8d", 1, ":", 1)                    \
	X(GLYPH_BAR_4, "\xe2\x96\x8c", 1, ":", 1)                    \
	X(GLYPH_BAR_5, "\xe2\x96\x8b", 1, "=", 1)                    \
	X(GLYPH_BAR_6, "\xe2\x96\x8a", 1, "=", 1)                    \
	X(GLYPH_BAR_7, "\xe2\x96\x89", 1, "#", 1)                    \
	X(GLYPH_BAR_8, "\xe2\x96\x88", 1, "#", 1)                    \
	X(GLYPH_TEE, "\xe2\x94\x9c\xe2\x94\x80", 2, "|-", 2)         \
	X(GLYPH_LAST, "\xe2\x94\x94\xe2\x94\x80", 2, "`-", 2)        \
	/* What is probable, and what is a hint. */                  \
	X(GLYPH_TEE_DASHED, "\xe2\x94\x9c\xe2\x95\x8c", 2, "|~", 2)  \
	X(GLYPH_LAST_DASHED, "\xe2\x94\x94\xe2\x95\x8c", 2, "`~", 2) \
	X(GLYPH_TEE_DOTTED, "\xe2\x94\x9c\xe2\x94\x88", 2, "|.", 2)  \
	X(GLYPH_LAST_DOTTED, "\xe2\x94\x94\xe2\x94\x88", 2, "`.", 2) \
	X(GLYPH_PIPE, "\xe2\x94\x82", 1, "|", 1)                     \
	X(GLYPH_DASH, "\xe2\x94\x80", 1, "-", 1)                     \
	X(GLYPH_OPEN, "\xe2\x96\xbe", 1, "v", 1)                     \
	X(GLYPH_CLOSED, "\xe2\x96\xb8", 1, "+", 1)                   \
	X(GLYPH_CURSOR, "\xe2\x96\x8c", 1, ">", 1)                   \
	X(GLYPH_STAR, "\xe2\x98\x85", 1, "*", 1)                     \
	X(GLYPH_ARROW, "\xe2\x86\x92", 1, "->", 2)                   \
	X(GLYPH_CRUMB, "\xe2\x80\xba", 1, ">", 1)                    \
	X(GLYPH_HERE, "\xe2\x97\x80", 1, "<", 1)                     \
	X(GLYPH_ELLIPSIS, "\xe2\x80\xa6", 1, "~", 1)                 \
	X(GLYPH_TOP_LEFT, "\xe2\x94\x8c", 1, "+", 1)                 \
	X(GLYPH_TOP_RIGHT, "\xe2\x94\x90", 1, "+", 1)                \
	X(GLYPH_BOTTOM_LEFT, "\xe2\x94\x94", 1, "+", 1)              \
	X(GLYPH_BOTTOM_RIGHT, "\xe2\x94\x98", 1, "+", 1)

enum glyph {
#define X(id, unicode, ucols, ascii, acols) id,
	GLYPHS(X)
#undef X
		GLYPH_COUNT
};

struct glyphs {
	bool unicode;
	/* The program's own constants, safe by construction. */
	struct safetext text[GLYPH_COUNT];
};

/* One of the two sets; tty_glyphs says which one the terminal can show. */
const struct glyphs *glyphs_of(bool unicode);

/* `level` of 0 (blank) to 8, and of 0 to 4; more is taken as the highest. */
enum glyph glyph_spark(unsigned level);
enum glyph glyph_density(unsigned level);
/* A cell of a bar that lies, of which so many eighths are full, 1 to 8. */
enum glyph glyph_bar(unsigned eighths);

/* The grid -------------------------------------------------------------- */

enum { CELL_TEXT_MAX = 12 }; /* a character and two combining marks */

struct cell {
	char text[CELL_TEXT_MAX]; /* UTF-8; the rest of it is zero */
	uint8_t n;                /* bytes in use; 0 in a right half */
	uint8_t width;            /* 1, 2, or 0 for a right half */
	uint8_t style;            /* enum style_role */
	uint8_t unused;           /* zero, so that cells compare as bytes */
};

struct grid;

/* rows and cols are read by anyone, written by canvas.c. */
struct canvas {
	struct grid *grid;
	int row0, col0; /* where it lies in the grid */
	int rows, cols; /* 0 is allowed; nothing is drawn then */
};

/* A blank grid; `glyphs` outlives it. */
void canvas_init(struct canvas *c, int rows, int cols,
		 const struct glyphs *glyphs);
/* Frees the grid, and with it all that came from canvas_sub. */
void canvas_release(struct canvas *c);
/* Blanks the grid that `c` was made with and gives it another size. */
void canvas_resize(struct canvas *c, int rows, int cols);

/* The part of `c` that `r`, in c's coordinates, covers; clipped to c. */
struct canvas canvas_sub(const struct canvas *c, struct rect r);

/* What lists show of letters beyond ASCII: SAFE_LIST to begin with. */
void canvas_set_lists(struct canvas *c, enum safe_mode mode);
enum safe_mode canvas_lists(const struct canvas *c);

const struct glyphs *canvas_glyphs(const struct canvas *c);
/* The set's text for a glyph, to join with other text or for safe_fit. */
struct safetext canvas_glyph_text(const struct canvas *c, enum glyph g);

/* NULL outside of the canvas. */
const struct cell *canvas_cell(const struct canvas *c, int row, int col);

/* Drawing --------------------------------------------------------------- */

/*
 * Draws from (row, col) to the right; returns the column behind the text,
 * whether it was visible or not, so that calls can be chained. col may be
 * negative. Bytes that are marked as escapes are drawn as STYLE_HIDDEN. Where
 * an edge cuts a wide character, a blank stands for its visible half.
 */
int canvas_text(struct canvas *c, int row, int col, struct safetext text,
		enum style_role style);
/* As canvas_text, so that the text ends before column `end`. Returns the
 * column that it begins at. */
int canvas_text_end(struct canvas *c, int row, int end, struct safetext text,
		    enum style_role style);
int canvas_glyph(struct canvas *c, int row, int col, enum glyph g,
		 enum style_role style);

/* Blanks all of it in STYLE_NORMAL; if that is the whole grid, the cursor is
 * parked again. */
void canvas_blank(struct canvas *c);
/* Blanks a rectangle of it in a style. */
void canvas_fill(struct canvas *c, struct rect r, enum style_role style);
/* A whole row: the text, and blanks of the same style up to the edge. */
void canvas_line(struct canvas *c, int row, struct safetext text,
		 enum style_role style);
/* A horizontal line of `cols` columns. */
void canvas_hline(struct canvas *c, int row, int col, int cols,
		  enum style_role style);
/* A row of "left ------ right": a pane's title where panes have no box. The
 * left text has the right of way; either may be empty. */
void canvas_bar(struct canvas *c, int row, struct safetext left,
		struct safetext right, enum style_role style);
/* A box along the edge of `r`, with the same two texts in its upper side. */
void canvas_frame(struct canvas *c, struct rect r, struct safetext left,
		  struct safetext right, enum style_role style);

/* What of another canvas lies from its column `left` on, as much as `c` has room
 * for, with where its eye is. Half a wide character is a blank. */
void canvas_copy(struct canvas *c, const struct canvas *from, int left);

/*
 * Gives what is drawn another style: the cursor's row. Spelled-out characters
 * stay told apart: they become STYLE_HIDDEN_SELECTED when the new style is
 * STYLE_SELECTED, and STYLE_HIDDEN otherwise.
 */
void canvas_restyle(struct canvas *c, struct rect r, enum style_role style);

/* Where the terminal shows its cursor in a prompt (visible), or where the eye
 * is (not): what is painted first, and where a cursor that cannot be hidden
 * stands. Without a call that is the last cell. */
void canvas_cursor(struct canvas *c, int row, int col, bool visible);

/* Reading --------------------------------------------------------------- */

struct cursor {
	int row, col; /* of the grid, inside it */
	bool visible;
};

struct cursor canvas_cursor_at(const struct canvas *c);

/*
 * Writes it as text: a line for each row, framed with `|` so that blanks at
 * the end show, then a line "@row first-last style" for each run of cells
 * that are not normal, in order of rows and columns. A cursor that is visible
 * adds "@row col cursor" as the last line.
 */
void canvas_dump(const struct canvas *c, struct strbuf *out);

#endif /* TRAWL_CANVAS_H */
