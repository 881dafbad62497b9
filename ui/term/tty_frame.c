/* SPDX-License-Identifier: MIT */
/* Frames: a canvas as the terminal can show it, sent at once or in two parts. */
#include "ui/term/tty_private.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/mem.h"
#include "base/utf8.h"

enum { FRAME_FIRST = 400 }; /* bytes of a frame before keys are looked for */

/* The cell's characters; false when the terminal would show them in another
 * width than the canvas has for them. */
static bool cell_text(const struct tty *t, const struct cell *cell,
		      wchar_t text[CELL_TEXT_MAX + 1])
{
	struct str s = { cell->text, cell->n };
	size_t n = 0;

	for (size_t at = 0; at < s.n; n++) {
		uint32_t cp;

		at += utf8_decode(s, at, &cp);
		if (cp < 0x20 || cp == UTF8_INVALID ||
		    (cp > 0x7e && !t->unicode) ||
		    wcwidth((wchar_t)cp) != (n ? 0 : cell->width))
			return false;
		text[n] = (wchar_t)cp;
	}
	text[n] = L'\0';
	return n > 0;
}

/* A cell that the terminal shows in another width than the canvas thinks is a
 * question mark, and a blank for its right half. */
static void fit_cell(const struct tty *t, struct cell *cell)
{
	wchar_t text[CELL_TEXT_MAX + 1];

	if (!cell->width || cell_text(t, cell, text))
		return;
	if (cell->width == 2)
		cell[1] = (struct cell){ " ", 1, 1, STYLE_HIDDEN, 0 };
	cell[0] = (struct cell){ "?", 1, 1, STYLE_HIDDEN, 0 };
}

/* A row of the canvas as wide as the terminal. */
static void fit_row(const struct tty *t, struct cell *out,
		    const struct canvas *c, int row)
{
	static const struct cell blank = { " ", 1, 1, STYLE_NORMAL, 0 };

	for (int col = 0; col < t->cols; col++) {
		const struct cell *cell = canvas_cell(c, row, col);

		out[col] = cell ? *cell : blank;
	}
	if (out[t->cols - 1].width == 2)
		out[t->cols - 1] = blank;
	for (int col = 0; col < t->cols; col++)
		fit_cell(t, &out[col]);
}

/* One that is hidden stays where the painting ended. */
static void show_cursor(struct tty *t, struct cursor cursor)
{
	if (cursor.visible != t->cursor_shown)
		tty_show_cursor(cursor.visible);
	t->cursor_shown = cursor.visible;
	if (cursor.visible || !t->hides_cursor)
		paint_cursor(&t->paint,
			     cursor.row < t->rows ? cursor.row : t->rows - 1,
			     cursor.col < t->cols ? cursor.col : t->cols - 1,
			     &t->bytes);
}

static void blank_screen(struct tty *t)
{
	tty_enter_screen();
	tty_write(t, t->plain, strlen(t->plain));
	paint_cleared(&t->paint);
	t->lost = false;
}

/* Sends a part of what is wanted, or all of it; true when nothing is left. */
static bool send_frame(struct tty *t, size_t most)
{
	bool all;

	if (t->lost)
		blank_screen(t);
	strbuf_clear(&t->bytes);
	all = paint_send(&t->paint, most, t->cursor.row, &t->bytes);
	show_cursor(t, t->cursor);
	tty_write(t, t->bytes.p, t->bytes.n);
	if (t->sync_frames)
		tty_write(t, TTY_FRAME_MARK, strlen(TTY_FRAME_MARK));
	return all;
}

void tty_present(struct tty *t, const struct canvas *c)
{
	struct cell *row;

	if (t->suspended || t->dead)
		return;
	row = mem_alloc((size_t)t->cols * sizeof(*row));
	for (int i = 0; i < t->rows; i++) {
		fit_row(t, row, c, i);
		paint_want(&t->paint, i, row);
	}
	free(row);
	t->cursor = canvas_cursor_at(c);
	/* Where the analyst looks comes first, and a key that comes meanwhile
	 * before the rest; but then all is sent at once. */
	t->behind = !send_frame(t, t->behind || t->lost ? 0 : FRAME_FIRST);
	if (t->behind && !tty_pending(t))
		tty_flush(t);
}

void tty_redraw(struct tty *t)
{
	if (t->suspended || t->dead)
		return;
	t->lost = true;
	send_frame(t, 0);
	t->behind = false;
}

void tty_flush(struct tty *t)
{
	if (!t->behind || t->suspended || t->dead)
		return;
	send_frame(t, 0);
	t->behind = false;
}
