/* SPDX-License-Identifier: MIT */
/* What a click and the wheel do, where somebody has asked for them. */
#include <string.h>

#include "base/clock.h"
#include "ui/app_private.h"

enum { WHEEL_ROWS = 3 };

bool app_wants_mouse(const struct app *a)
{
	return a->mouse;
}

static bool is_in(struct rect r, int row, int col)
{
	return row >= r.row && row < r.row + r.rows && col >= r.col &&
	       col < r.col + r.cols;
}

/* The pane there, and where its lines are drawn; NULL: none. */
static struct pane *pane_at(struct app *a, const struct mouse *m,
			    struct rect *inner)
{
	if (a->overlay_n) {
		*inner = a->layout.body;
		inner->row++;
		inner->rows--;
		return is_in(a->layout.body, m->row, m->col) ? app_active(a) :
							       NULL;
	}
	for (int i = 0; i < PANE_COUNT; i++) {
		if (!a->pane[i].class ||
		    !is_in(a->layout.pane[i], m->row, m->col))
			continue;
		*inner = layout_inner(&a->layout, (enum pane_id)i);
		return &a->pane[i];
	}
	return NULL;
}

static bool is_cursor(const struct canvas *c, int row, int col)
{
	struct safetext mark = canvas_glyph_text(c, GLYPH_CURSOR);
	const struct cell *cell = canvas_cell(c, row, col);

	return cell && cell->n == mark.n &&
	       memcmp(cell->text, mark.p, mark.n) == 0 &&
	       (cell->style == STYLE_SELECTED ||
		cell->style == STYLE_SELECTED_BLUR);
}

/* How many lines from the cursor's a row of the screen is. A pane draws lines
 * where it likes, so it is drawn once more, and asked where the cursor is. */
static bool lines_from_cursor(struct app *a, const struct pane *p,
			      struct rect inner, int row, int *lines)
{
	const struct drawing how = {
		.focused = true,
		.mode = a->options.unicode ? SAFE_UNICODE : SAFE_ASCII,
		.arena = &a->frame,
	};
	const struct list *l = p->class->list(p->state);
	int each = l->height ? inner.rows / (int)l->height : 1, at = 0;
	struct canvas c;

	canvas_init(&c, inner.rows, inner.cols, a->glyphs);
	p->class->draw(p->state, a->desk, &c, &how);
	while (at < inner.rows && !is_cursor(&c, at, 0))
		at++;
	canvas_release(&c);
	if (at == inner.rows || row < inner.row)
		return false;
	row -= inner.row;
	/* A line may take two rows. */
	each = each > 1 ? each : 1;
	*lines = row >= at ? (row - at) / each : -((at - row - 1) / each + 1);
	return true;
}

static void move(struct app *a, struct pane *p, int lines)
{
	struct list *l = p->class->list(p->state);

	if (lines >= 0)
		list_down(l, (size_t)lines);
	else
		list_up(l, (size_t)-lines);
	if (lines && p->class->moved)
		p->class->moved(p->state, a->desk);
}

void app_mouse(struct app *a, const struct mouse *m)
{
	uint64_t before = a->desk->version;
	struct rect inner;
	struct pane *p;
	int lines = 0;

	a->touched = clock_ms();
	a->desk->touched = true;
	a->stale = true;
	if (a->asking || a->layout.kind == LAYOUT_MESSAGE)
		return;
	p = pane_at(a, m, &inner);
	if (!p)
		return;
	strbuf_clear(&a->message);
	if (p != app_active(a)) {
		app_refresh_pane(a, p);
		app_remember(a);
	}
	if (p->class->ready)
		p->class->ready(p->state, a->desk);
	if (m->act != MOUSE_CLICK)
		lines = m->act == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS;
	else if (!lines_from_cursor(a, p, inner, m->row, &lines))
		lines = 0;
	move(a, p, lines);
	if (p != app_active(a))
		app_focus(a, (enum pane_id)(p - a->pane));
	if (a->desk->version != before)
		app_refresh_pane(a, app_active(a));
	app_place_changed(a);
}
