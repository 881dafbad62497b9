/* SPDX-License-Identifier: MIT */
#include "ui/panes/attack_matrix.h"

/* "1685.002*" and a count of two digits; each digit more is wider, and so is the
 * letter. */
enum { COLUMN_LEAST = 12, COLUMN_DIGITS = 2, COLUMN_LETTER = 2 };

/* The tactics that are shown, in order; without any alert all are. */
static size_t columns(const struct attack_matrix *m,
		      const struct attack_cells *c,
		      enum attack_tactic out[TACTIC_COUNT])
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++)
		if (m->all || c->column[c->order[i]].whole.alerts)
			out[n++] = c->order[i];
	if (n)
		return n;
	memcpy(out, c->order, c->n * sizeof(*out));
	return c->n;
}

static size_t place_of(const struct attack_matrix *m,
		       const enum attack_tactic *shown, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (shown[i] == m->tactic)
			return i;
	return 0;
}

const struct attack_cell *attack_matrix_cell(const struct attack_matrix *m,
					     const struct attack_cells *c,
					     size_t row)
{
	const struct attack_column *column = &c->column[m->tactic];

	return row && row <= column->n ? &column->cell[row - 1] :
					 &column->whole;
}

void attack_matrix_move(struct attack_matrix *m, const struct attack_cells *c,
			int by)
{
	enum attack_tactic shown[TACTIC_COUNT];
	size_t n = columns(m, c, shown), at = place_of(m, shown, n);

	if (by < 0 && at)
		at--;
	else if (by > 0 && at + 1 < n)
		at++;
	m->tactic = shown[at];
}

void attack_matrix_settle(struct attack_matrix *m, const struct attack_cells *c)
{
	enum attack_tactic shown[TACTIC_COUNT];
	size_t n = columns(m, c, shown);

	m->tactic = shown[place_of(m, shown, n)];
}

unsigned attack_matrix_hidden(const struct attack_matrix *m,
			      const struct attack_cells *c)
{
	enum attack_tactic shown[TACTIC_COUNT];

	return (unsigned)(c->n - columns(m, c, shown));
}

/* Drawing ----------------------------------------------------------------- */

/* "[x] Persistence", or as much of it as fits. */
static void draw_head(struct canvas *c, int col, int width,
		      struct attack_tactic_form t, tactic_set hidden,
		      bool chosen, struct arena *a)
{
	const char *title = t.title;

	if ((int)strlen(title) + 4 >= width)
		title = t.abbreviation;
	canvas_text(c, 0, col,
		    safe_format(a, "%s %s", attack_scope_mark(t.covers, hidden),
				title),
		    chosen ? STYLE_HEADING : STYLE_MUTED);
}

/* "7 alerts C" */
static void draw_whole(const struct attack_cell *cell, struct canvas *c,
		       int line, int col, struct arena *a)
{
	if (!cell->alerts) {
		canvas_text(c, line, col, safe_literal("no alerts"),
			    STYLE_MUTED);
		return;
	}
	col = canvas_text(c, line, col,
			  safe_format(a,
				      cell->alerts == 1 ? "%u alert" :
							  "%u alerts",
				      cell->alerts),
			  STYLE_NORMAL) +
	      1;
	canvas_text(c, line, col, level_text((enum level)cell->level),
		    level_style((enum level)cell->level));
}

/* "1685.002*  2 H": the star says that v18 had another number for it, or v19
 * has. Where there is no room for the letter, the number's style alone has the
 * level. */
static void draw_cell(const struct attack_cell *cell, struct canvas *c,
		      int line, int col, int width, bool letter,
		      struct arena *a)
{
	int end = col + width - 1 - (letter ? COLUMN_LETTER : 0);

	canvas_text(c, line, col,
		    safe_format(a, "%s%s", cell->shown.text + 1,
				attack_technique_was(&cell->id) ? "*" : ""),
		    cell->alerts ? STYLE_NORMAL : STYLE_MUTED);
	if (!cell->alerts)
		return;
	canvas_text_end(c, line, end, safe_format(a, "%u", cell->alerts),
			level_style((enum level)cell->level));
	if (letter)
		canvas_text(c, line, end + 1,
			    level_text((enum level)cell->level),
			    level_style((enum level)cell->level));
}

static void draw_column(const struct attack_column *column, struct canvas *c,
			const struct list *list, int col, int width,
			bool letter, int lines, struct arena *a)
{
	for (int line = 0; line < lines; line++) {
		size_t row = list->top + (size_t)line;

		if (row > column->n)
			return;
		if (row)
			draw_cell(&column->cell[row - 1], c, line + 1, col + 1,
				  width, letter, a);
		else
			draw_whole(&column->whole, c, line + 1, col + 1, a);
	}
}

static void draw_chosen_cell(struct canvas *c, int line, int col, int width,
			     bool focused)
{
	canvas_glyph(c, line, col, GLYPH_CURSOR, STYLE_NORMAL);
	canvas_restyle(c, (struct rect){ line, col, 1, width - 1 },
		       focused ? STYLE_SELECTED : STYLE_SELECTED_BLUR);
}

/* How its alerts lie over the window. */
static int draw_density(const struct attack_cell *cell, int64_t bucket,
			struct canvas *c, int line, int col, struct arena *a)
{
	uint64_t most = 1;
	struct strbuf text;

	strbuf_init(&text);
	strbuf_adds(&text, "per ");
	time_format_span(&text, bucket);
	col = canvas_text(c, line, col,
			  safe_text(a, strbuf_str(&text), SAFE_LIST),
			  STYLE_MUTED) +
	      1;
	strbuf_release(&text);

	for (int i = 0; i < CELL_BUCKETS; i++)
		if (cell->bucket[i] > most)
			most = cell->bucket[i];
	for (int i = 0; i < CELL_BUCKETS; i++) {
		uint64_t height = (cell->bucket[i] * 8 + most - 1) / most;

		canvas_glyph(c, line, col++, glyph_spark((unsigned)height),
			     STYLE_MUTED);
	}
	return col;
}

/* The titles of the rules, and when they matched. */
static void draw_chosen(const struct attack_cell *cell,
			const struct attack_cells *cells, enum attack_tactic t,
			const struct desk *d, struct canvas *c, int line,
			struct arena *a)
{
	struct strbuf text;
	int col;

	strbuf_init(&text);
	attack_cell_describe(cell, cells->version, t, &text);
	if (cell->first != TIME_NONE) {
		strbuf_adds(&text, "  ");
		time_format(&text, cell->first, TIME_DATETIME, &d->zone);
		strbuf_adds(&text, " to ");
		time_format(&text, cell->last, TIME_DATETIME, &d->zone);
	}
	canvas_text(c, line, 1, safe_text(a, strbuf_str(&text), SAFE_LIST),
		    STYLE_NORMAL);
	strbuf_clear(&text);
	for (unsigned i = 0; i < cell->rule_n; i++) {
		strbuf_adds(&text, i ? ", " : "");
		strbuf_add(&text, cell->rule[i]->title);
	}
	if (cell->rule_n == CELL_RULES)
		strbuf_adds(&text, " ...");
	col = cell->alerts ? draw_density(cell, attack_cells_bucket(cells), c,
					  line + 1, 1, a) +
				     2 :
			     1;
	canvas_text(c, line + 1, col,
		    list_cell(c, a, strbuf_str(&text), c->cols - col - 1,
			      SAFE_CUT_END),
		    STYLE_MUTED);
	strbuf_release(&text);
}

/* The number of a technique and how many alerts it has do not run together. */
static int least_width(const struct attack_cells *cells)
{
	unsigned most = 0;
	int digits = 1;

	for (size_t i = 0; i < cells->n; i++) {
		const struct attack_column *c = &cells->column[cells->order[i]];

		/* Those with the most come first. */
		if (c->n && c->cell[0].alerts > most)
			most = c->cell[0].alerts;
	}
	for (; most >= 10; most /= 10)
		digits++;
	return COLUMN_LEAST +
	       (digits > COLUMN_DIGITS ? digits - COLUMN_DIGITS : 0);
}

static int width_for(const struct attack_cells *cells, size_t n, int cols)
{
	int width = cols / (int)n, least = least_width(cells);
	int most = least + COLUMN_LETTER;

	return width < least ? least : width > most ? most : width;
}

void attack_matrix_beyond(const struct attack_matrix *m,
			  const struct attack_cells *cells, int cols,
			  size_t *left, size_t *right)
{
	enum attack_tactic shown[TACTIC_COUNT];
	size_t n = columns(m, cells, shown), at = place_of(m, shown, n);
	size_t fit = (size_t)(cols / width_for(cells, n, cols));

	*left = at >= fit ? at - fit + 1 : 0;
	*right = n - *left > fit ? n - *left - fit : 0;
}

void attack_matrix_draw(const struct attack_matrix *m,
			const struct attack_cells *cells,
			const struct list *list, const struct desk *d,
			struct canvas *c, const struct drawing *how)
{
	enum attack_tactic shown[TACTIC_COUNT];
	size_t n = columns(m, cells, shown), at = place_of(m, shown, n), from;
	int width = width_for(cells, n, c->cols);
	bool letter = width == least_width(cells) + COLUMN_LETTER;
	int lines = c->rows - ATTACK_MATRIX_LINES;
	size_t fit = (size_t)(c->cols / width);

	from = at >= fit ? at - fit + 1 : 0;
	for (size_t i = from; i < n && i - from < fit; i++) {
		int col = (int)(i - from) * width;

		draw_head(c, col, width,
			  attack_tactic_as(cells->version, shown[i]),
			  d->now.hidden, i == at, how->arena);
		draw_column(&cells->column[shown[i]], c, list, col, width,
			    letter, lines, how->arena);
		if (i == at && list->cursor >= list->top &&
		    list->cursor - list->top < (size_t)lines)
			draw_chosen_cell(c, (int)(list->cursor - list->top) + 1,
					 col, width, how->focused);
	}
	if (lines < 1)
		return;
	canvas_hline(c, lines + 1, 0, c->cols, STYLE_MUTED);
	draw_chosen(attack_matrix_cell(m, cells, list->cursor), cells,
		    m->tactic, d, c, lines + 2, how->arena);
}
