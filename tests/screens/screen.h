/* SPDX-License-Identifier: MIT */
/*
 * screen.h - what a terminal would show
 *
 * A terminal emulator (libvterm) that is fed with all that a program sends.
 * Three of its functions are used, whose meaning is the same in all releases:
 * vterm_input_write, vterm_screen_get_cell, vterm_state_get_cursorpos.
 */
#ifndef SCREENS_SCREEN_H
#define SCREENS_SCREEN_H

#include <stdbool.h>

#include "base/strbuf.h"

struct screen;

struct screen *screen_new(int rows, int cols);
void screen_free(struct screen *s);
void screen_resize(struct screen *s, int rows, int cols);
void screen_feed(struct screen *s, struct str bytes);

int screen_rows(const struct screen *s);
/* The text of one row, without blanks at its end. */
void screen_row(const struct screen *s, int row, struct strbuf *out);

/* As canvas_dump: rows framed with `|`, then "@row first-last attributes" for
 * each run of cells that are not plain, then the cursor if it is visible. */
void screen_dump(const struct screen *s, bool cursor, struct strbuf *out);

#endif /* SCREENS_SCREEN_H */
