/* SPDX-License-Identifier: MIT */
#include "ui/term/canvas.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/unicode.h"
#include "base/utf8.h"

struct grid {
	struct cell *cell; /* rows * cols, row by row */
	int rows, cols;
	const struct glyphs *glyphs;
	enum safe_mode lists;
	struct cursor cursor;
};

/* Glyphs ---------------------------------------------------------------- */

static const struct glyphs unicode_glyphs = {
	.unicode = true,
	.text = {
#define X(id, unicode, ucols, ascii, acols) \
	[id] = { unicode, sizeof(unicode) - 1, ucols, NULL },
		GLYPHS(X)
#undef X
	},
};

static const struct glyphs ascii_glyphs = {
	.unicode = false,
	.text = {
#define X(id, unicode, ucols, ascii, acols) \
	[id] = { ascii, sizeof(ascii) - 1, acols, NULL },
		GLYPHS(X)
#undef X
	},
};

const struct glyphs *glyphs_of(bool unicode)
{
	return unicode ? &unicode_glyphs : &ascii_glyphs;
}

enum glyph glyph_spark(unsigned level)
{
	if (!level)
		return GLYPH_BLANK;
	return (enum glyph)(GLYPH_SPARK_1 + (level > 8 ? 7 : level - 1));
}

enum glyph glyph_density(unsigned level)
{
	if (!level)
		return GLYPH_BLANK;
	return (enum glyph)(GLYPH_DENSITY_1 + (level > 4 ? 3 : level - 1));
}

enum glyph glyph_bar(unsigned eighths)
{
	if (!eighths)
		return GLYPH_BLANK;
	return (enum glyph)(GLYPH_BAR_1 + (eighths > 8 ? 7 : eighths - 1));
}

/* The grid -------------------------------------------------------------- */

static void set_text(struct cell *cell, const char *text, size_t n,
		     unsigned width)
{
	memset(cell->text, 0, sizeof(cell->text));
	memcpy(cell->text, text, n);
	cell->n = (uint8_t)n;
	cell->width = (uint8_t)width;
}

static void park_cursor(struct grid *g)
{
	g->cursor = (struct cursor){ g->rows ? g->rows - 1 : 0,
				     g->cols ? g->cols - 1 : 0, false };
}

static void make_grid(struct grid *g, int rows, int cols)
{
	g->rows = rows > 0 && cols > 0 ? rows : 0;
	g->cols = g->rows ? cols : 0;
	free(g->cell);
	g->cell = mem_zero((size_t)g->rows * (size_t)g->cols, sizeof(*g->cell));
	for (int i = 0; i < g->rows * g->cols; i++)
		set_text(&g->cell[i], " ", 1, 1);
	park_cursor(g);
}

static void cover(struct canvas *c)
{
	c->row0 = 0;
	c->col0 = 0;
	c->rows = c->grid->rows;
	c->cols = c->grid->cols;
}

void canvas_init(struct canvas *c, int rows, int cols,
		 const struct glyphs *glyphs)
{
	c->grid = mem_zero(1, sizeof(*c->grid));
	c->grid->glyphs = glyphs;
	c->grid->lists = SAFE_LIST;
	make_grid(c->grid, rows, cols);
	cover(c);
}

void canvas_set_lists(struct canvas *c, enum safe_mode mode)
{
	c->grid->lists = mode;
}

enum safe_mode canvas_lists(const struct canvas *c)
{
	return c->grid->lists;
}

void canvas_release(struct canvas *c)
{
	if (c->grid)
		free(c->grid->cell);
	free(c->grid);
	*c = (struct canvas){ .grid = NULL };
}

void canvas_resize(struct canvas *c, int rows, int cols)
{
	make_grid(c->grid, rows, cols);
	cover(c);
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* The part of `r` that lies in 0,0 to rows,cols. */
static struct rect clip(struct rect r, int rows, int cols)
{
	long bottom, right;

	if (rect_empty(r))
		return (struct rect){ 0, 0, 0, 0 };
	bottom = (long)r.row + r.rows;
	right = (long)r.col + r.cols;
	if (bottom > rows)
		bottom = rows;
	if (right > cols)
		right = cols;
	if (r.row < 0)
		r.row = 0;
	if (r.col < 0)
		r.col = 0;
	if (bottom <= r.row || right <= r.col)
		return (struct rect){ 0, 0, 0, 0 };
	r.rows = (int)(bottom - r.row);
	r.cols = (int)(right - r.col);
	return r;
}

struct canvas canvas_sub(const struct canvas *c, struct rect r)
{
	r = clip(r, c->rows, c->cols);
	return (struct canvas){ c->grid, c->row0 + r.row, c->col0 + r.col,
				r.rows, r.cols };
}

const struct glyphs *canvas_glyphs(const struct canvas *c)
{
	return c->grid->glyphs;
}

struct safetext canvas_glyph_text(const struct canvas *c, enum glyph g)
{
	return c->grid->glyphs->text[g];
}

static bool inside(const struct canvas *c, int row, int col)
{
	return row >= 0 && row < c->rows && col >= 0 && col < c->cols;
}

static struct cell *at(const struct canvas *c, int row, int col)
{
	return &c->grid->cell[(c->row0 + row) * c->grid->cols + c->col0 + col];
}

const struct cell *canvas_cell(const struct canvas *c, int row, int col)
{
	return inside(c, row, col) ? at(c, row, col) : NULL;
}

/* Drawing --------------------------------------------------------------- */

/* Before a cell is overwritten: blanks the other half of a wide character. */
static void part(const struct canvas *c, int row, int col)
{
	struct cell *cell = at(c, row, col);

	if (cell->width == 2)
		set_text(cell + 1, " ", 1, 1);
	else if (cell->width == 0)
		set_text(cell - 1, " ", 1, 1);
}

static void put(const struct canvas *c, int row, int col, const char *text,
		size_t n, enum style_role style)
{
	struct cell *cell = at(c, row, col);

	part(c, row, col);
	set_text(cell, text, n, 1);
	cell->style = (uint8_t)style;
}

/* Both columns are inside. */
static void put_wide(const struct canvas *c, int row, int col, const char *text,
		     size_t n, enum style_role style)
{
	struct cell *cell = at(c, row, col);

	put(c, row, col, " ", 1, style);
	put(c, row, col + 1, " ", 1, style);
	set_text(cell, text, n, 2);
	set_text(cell + 1, "", 0, 0);
}

/* Adds a combining mark to the cell that was drawn last. */
static void put_mark(struct cell *cell, const char *text, size_t n)
{
	if (cell->n + n > CELL_TEXT_MAX)
		return;
	memcpy(cell->text + cell->n, text, n);
	cell->n = (uint8_t)(cell->n + n);
}

static enum style_role mark_style(enum style_role style)
{
	return style == STYLE_SELECTED ? STYLE_HIDDEN_SELECTED : STYLE_HIDDEN;
}

/* Draws one character; returns its columns. *last is where marks go. */
static int draw(struct canvas *c, int row, int col, const char *p, size_t n,
		uint32_t cp, enum style_role style, struct cell **last)
{
	enum unicode_class class = unicode_class(cp);
	bool visible = row >= 0 && row < c->rows;

	if (class == UNICODE_COMBINING) {
		if (*last)
			put_mark(*last, p, n);
		return 0;
	}
	*last = NULL;
	if (class == UNICODE_WIDE) {
		if (!visible || col < -1 || col >= c->cols)
			return 2;
		if (col == -1) {
			put(c, row, 0, " ", 1, style);
		} else if (col + 1 == c->cols) {
			put(c, row, col, " ", 1, style);
		} else {
			put_wide(c, row, col, p, n, style);
			*last = at(c, row, col);
		}
		return 2;
	}
	/* safe_text lets none through; a mistake there stays harmless here. */
	if (class == UNICODE_CONTROL || class == UNICODE_BIDI) {
		p = "?";
		n = 1;
		style = mark_style(style);
	}
	if (visible && col >= 0 && col < c->cols) {
		put(c, row, col, p, n, style);
		*last = at(c, row, col);
	}
	return 1;
}

int canvas_text(struct canvas *c, int row, int col, struct safetext text,
		enum style_role style)
{
	struct str s = { text.p, text.n };
	struct cell *last = NULL;
	int end = col + (int)text.width;

	for (size_t i = 0; i < text.n && col < c->cols;) {
		bool mark = text.mark && text.mark[i];
		uint32_t cp;
		size_t n = utf8_decode(s, i, &cp);

		if (cp == UTF8_INVALID)
			cp = 0;
		col += draw(c, row, col, s.p + i, n, cp,
			    mark ? mark_style(style) : style, &last);
		i += n;
		/* Marks of a character in the last column belong to it. */
		while (i < text.n && col >= c->cols && last) {
			n = utf8_decode(s, i, &cp);
			if (cp == UTF8_INVALID ||
			    unicode_class(cp) != UNICODE_COMBINING)
				break;
			put_mark(last, s.p + i, n);
			i += n;
		}
	}
	return end;
}

int canvas_text_end(struct canvas *c, int row, int end, struct safetext text,
		    enum style_role style)
{
	int col = end - (int)text.width;

	canvas_text(c, row, col, text, style);
	return col;
}

int canvas_glyph(struct canvas *c, int row, int col, enum glyph g,
		 enum style_role style)
{
	return canvas_text(c, row, col, canvas_glyph_text(c, g), style);
}

void canvas_fill(struct canvas *c, struct rect r, enum style_role style)
{
	r = clip(r, c->rows, c->cols);
	for (int row = r.row; row < r.row + r.rows; row++)
		for (int col = r.col; col < r.col + r.cols; col++)
			put(c, row, col, " ", 1, style);
}

void canvas_blank(struct canvas *c)
{
	canvas_fill(c, (struct rect){ 0, 0, c->rows, c->cols }, STYLE_NORMAL);
	if (c->rows == c->grid->rows && c->cols == c->grid->cols)
		park_cursor(c->grid);
}

void canvas_line(struct canvas *c, int row, struct safetext text,
		 enum style_role style)
{
	int col = canvas_text(c, row, 0, text, style);

	canvas_fill(c, (struct rect){ row, col, 1, c->cols - col }, style);
}

void canvas_hline(struct canvas *c, int row, int col, int cols,
		  enum style_role style)
{
	for (int i = 0; i < cols; i++)
		canvas_glyph(c, row, col + i, GLYPH_DASH, style);
}

/* "left ---- right" in the columns from `col` up to `end`. */
static void draw_bar(struct canvas *c, int row, int col, int end,
		     struct safetext left, struct safetext right,
		     enum style_role style)
{
	struct canvas bar;
	int used = 0;

	bar = canvas_sub(c, (struct rect){ row, col, 1, end - col });
	canvas_hline(&bar, 0, 0, bar.cols, style);
	if (left.width) {
		used = canvas_text(&bar, 0, 0, left, style);
		if (used < bar.cols)
			put(&bar, 0, used++, " ", 1, style);
	}
	if (right.width && used + (int)right.width <= bar.cols) {
		int from = canvas_text_end(&bar, 0, bar.cols, right, style);

		if (from > used)
			put(&bar, 0, from - 1, " ", 1, style);
	}
}

void canvas_bar(struct canvas *c, int row, struct safetext left,
		struct safetext right, enum style_role style)
{
	draw_bar(c, row, 0, c->cols, left, right, style);
}

void canvas_frame(struct canvas *c, struct rect r, struct safetext left,
		  struct safetext right, enum style_role style)
{
	int bottom = r.row + r.rows - 1, end = r.col + r.cols - 1;

	if (r.rows < 2 || r.cols < 2)
		return;
	draw_bar(c, r.row, r.col + 1, end, left, right, style);
	canvas_hline(c, bottom, r.col + 1, r.cols - 2, style);
	for (int row = r.row + 1; row < bottom; row++) {
		canvas_glyph(c, row, r.col, GLYPH_PIPE, style);
		canvas_glyph(c, row, end, GLYPH_PIPE, style);
	}
	canvas_glyph(c, r.row, r.col, GLYPH_TOP_LEFT, style);
	canvas_glyph(c, r.row, end, GLYPH_TOP_RIGHT, style);
	canvas_glyph(c, bottom, r.col, GLYPH_BOTTOM_LEFT, style);
	canvas_glyph(c, bottom, end, GLYPH_BOTTOM_RIGHT, style);
}

void canvas_restyle(struct canvas *c, struct rect r, enum style_role style)
{
	r = clip(r, c->rows, c->cols);
	for (int row = r.row; row < r.row + r.rows; row++) {
		for (int col = r.col; col < r.col + r.cols; col++) {
			struct cell *cell = at(c, row, col);

			if (cell->style != STYLE_HIDDEN &&
			    cell->style != STYLE_HIDDEN_SELECTED)
				cell->style = (uint8_t)style;
			else
				cell->style = (uint8_t)mark_style(style);
		}
	}
}

void canvas_cursor(struct canvas *c, int row, int col, bool visible)
{
	if (!c->rows || !c->cols)
		return;
	row = row < 0 ? 0 : least(row, c->rows - 1);
	col = col < 0 ? 0 : least(col, c->cols - 1);
	c->grid->cursor = (struct cursor){ c->row0 + row, c->col0 + col,
					   visible };
}

void canvas_copy(struct canvas *c, const struct canvas *from, int left)
{
	const struct cursor eye = from->grid->cursor;

	for (int row = 0; row < least(c->rows, from->rows); row++) {
		for (int col = 0; col < c->cols && left + col < from->cols;
		     col++) {
			struct cell cell = *at(from, row, left + col);

			/* What is left of one that an edge cuts. */
			if ((cell.width == 0 && col == 0) ||
			    (cell.width == 2 && col + 1 == c->cols))
				set_text(&cell, " ", 1, 1);
			*at(c, row, col) = cell;
		}
	}
	if (inside(from, eye.row - from->row0, eye.col - from->col0))
		canvas_cursor(c, eye.row - from->row0,
			      eye.col - from->col0 - left, eye.visible);
}

/* Reading --------------------------------------------------------------- */

struct cursor canvas_cursor_at(const struct canvas *c)
{
	return c->grid->cursor;
}

static void dump_styles(const struct canvas *c, int row, struct strbuf *out)
{
	for (int col = 0; col < c->cols;) {
		enum style_role style = at(c, row, col)->style;
		int first = col;

		while (col < c->cols && at(c, row, col)->style == style)
			col++;
		if (style != STYLE_NORMAL)
			strbuf_addf(out, "@%d %d-%d %s\n", row, first, col - 1,
				    style_name(style));
	}
}

void canvas_dump(const struct canvas *c, struct strbuf *out)
{
	struct cursor cursor = c->grid->cursor;

	for (int row = 0; row < c->rows; row++) {
		strbuf_addc(out, '|');
		for (int col = 0; col < c->cols; col++) {
			const struct cell *cell = at(c, row, col);

			strbuf_add(out, (struct str){ cell->text, cell->n });
		}
		strbuf_adds(out, "|\n");
	}
	for (int row = 0; row < c->rows; row++)
		dump_styles(c, row, out);
	if (cursor.visible &&
	    inside(c, cursor.row - c->row0, cursor.col - c->col0))
		strbuf_addf(out, "@%d %d cursor\n", cursor.row - c->row0,
			    cursor.col - c->col0);
}
