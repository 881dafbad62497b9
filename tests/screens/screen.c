/* SPDX-License-Identifier: MIT */
#include "screen.h"

#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "base/mem.h"
#include "base/utf8.h"

struct screen {
	VTerm *vterm;
	VTermScreen *cells;
	int rows, cols;
};

struct screen *screen_new(int rows, int cols)
{
	struct screen *s = mem_zero(1, sizeof(*s));

	s->rows = rows;
	s->cols = cols;
	s->vterm = vterm_new(rows, cols);
	vterm_set_utf8(s->vterm, 1);
	s->cells = vterm_obtain_screen(s->vterm);
	vterm_screen_enable_altscreen(s->cells, 1);
	vterm_screen_reset(s->cells, 1);
	return s;
}

void screen_free(struct screen *s)
{
	if (s)
		vterm_free(s->vterm);
	free(s);
}

void screen_resize(struct screen *s, int rows, int cols)
{
	s->rows = rows;
	s->cols = cols;
	vterm_set_size(s->vterm, rows, cols);
}

void screen_feed(struct screen *s, struct str bytes)
{
	if (bytes.n)
		vterm_input_write(s->vterm, bytes.p, bytes.n);
}

int screen_rows(const struct screen *s)
{
	return s->rows;
}

static VTermScreenCell cell_at(const struct screen *s, int row, int col)
{
	VTermPos pos = { row, col };
	VTermScreenCell cell;

	memset(&cell, 0, sizeof(cell));
	vterm_screen_get_cell(s->cells, pos, &cell);
	return cell;
}

/* The right half of a wide character has this in place of one. */
static bool is_right_half(const VTermScreenCell *cell)
{
	return cell->chars[0] == UINT32_MAX;
}

static void add_row(const struct screen *s, int row, struct strbuf *out)
{
	for (int col = 0; col < s->cols; col++) {
		VTermScreenCell cell = cell_at(s, row, col);

		if (is_right_half(&cell))
			continue;
		if (!cell.chars[0])
			strbuf_addc(out, ' ');
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i];
		     i++) {
			char bytes[4];
			size_t n = utf8_encode(cell.chars[i], bytes);

			strbuf_add(out, (struct str){ bytes, n });
		}
	}
}

void screen_row(const struct screen *s, int row, struct strbuf *out)
{
	add_row(s, row, out);
	while (out->n && out->p[out->n - 1] == ' ')
		strbuf_truncate(out, out->n - 1);
}

static void add_color(struct strbuf *out, const char *name, VTermColor color)
{
	if (VTERM_COLOR_IS_INDEXED(&color))
		strbuf_addf(out, " %s%d", name, color.indexed.idx);
	else
		strbuf_addf(out, " %s#%02x%02x%02x", name, color.rgb.red,
			    color.rgb.green, color.rgb.blue);
}

/* The attributes of a cell as words, each with a blank before it. */
static void add_attributes(struct strbuf *out, const VTermScreenCell *cell)
{
	if (cell->attrs.bold)
		strbuf_adds(out, " bold");
	if (cell->attrs.underline)
		strbuf_adds(out, " underline");
	if (cell->attrs.italic)
		strbuf_adds(out, " italic");
	if (cell->attrs.blink)
		strbuf_adds(out, " blink");
	if (cell->attrs.reverse)
		strbuf_adds(out, " reverse");
	if (!VTERM_COLOR_IS_DEFAULT_FG(&cell->fg))
		add_color(out, "fg", cell->fg);
	if (!VTERM_COLOR_IS_DEFAULT_BG(&cell->bg))
		add_color(out, "bg", cell->bg);
}

static void add_runs(const struct screen *s, int row, struct strbuf *out)
{
	struct strbuf run, next;
	int first = 0;

	strbuf_init(&run);
	strbuf_init(&next);
	for (int col = 0; col <= s->cols; col++) {
		strbuf_clear(&next);
		if (col < s->cols) {
			VTermScreenCell cell = cell_at(s, row, col);

			/* A right half has the attributes of its left one. */
			if (is_right_half(&cell) && col)
				continue;
			add_attributes(&next, &cell);
		}
		if (col < s->cols &&
		    str_eq(strbuf_str(&run), strbuf_str(&next)))
			continue;
		if (run.n)
			strbuf_addf(out, "@%d %d-%d%s\n", row, first, col - 1,
				    run.p);
		first = col;
		strbuf_clear(&run);
		strbuf_add(&run, strbuf_str(&next));
	}
	strbuf_release(&run);
	strbuf_release(&next);
}

void screen_dump(const struct screen *s, bool cursor, struct strbuf *out)
{
	VTermPos at;

	for (int row = 0; row < s->rows; row++) {
		strbuf_addc(out, '|');
		add_row(s, row, out);
		strbuf_adds(out, "|\n");
	}
	for (int row = 0; row < s->rows; row++)
		add_runs(s, row, out);
	if (!cursor)
		return;
	vterm_state_get_cursorpos(vterm_obtain_state(s->vterm), &at);
	strbuf_addf(out, "@%d %d cursor\n", at.row, at.col);
}
