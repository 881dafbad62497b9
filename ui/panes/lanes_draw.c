/* SPDX-License-Identifier: MIT */
/* How lanes look. */
#include "base/timefmt.h"
#include "ui/panes/lanes_private.h"

/* More events than these are a step denser. */
static const uint32_t dense[] = { 0, 3, 15, 63 };

static unsigned density(uint32_t events)
{
	unsigned level = 0;

	while (level < ARRAY_SIZE(dense) && events > dense[level])
		level++;
	return level;
}

/* Informational alerts are no letter, as in the histogram. */
static bool has_letter(int level)
{
	return level > (int)LEVEL_INFORMATIONAL;
}

static void draw_cells(const struct lanes_view *v, struct canvas *c, int row,
		       size_t lane, int col)
{
	const struct lane_cell *cells = lanes_cells(v, lane);

	for (size_t b = 0; cells && b < v->frame.n; b++) {
		const struct lane_cell *cell = &cells[b];

		if (has_letter(cell->level))
			canvas_text(c, row, col + (int)b,
				    level_text((enum level)cell->level),
				    level_style((enum level)cell->level));
		else if (cell->events)
			canvas_glyph(c, row, col + (int)b,
				     glyph_density(density(cell->events)),
				     STYLE_NORMAL);
	}
}

static void draw_lane(const struct lanes_view *v, struct canvas *c, int row,
		      size_t lane, const struct lane_layout *k,
		      const struct drawing *how)
{
	const struct lane *l = &v->lane[lane];
	bool here = lane == v->list.cursor;

	if (l->level >= 0)
		canvas_text(c, row, 1, level_text((enum level)l->level),
			    level_style((enum level)l->level));
	canvas_text(c, row, 3,
		    list_cell(c, how->arena, lane_label(v, l, how->arena),
			      k->label, SAFE_CUT_MIDDLE),
		    STYLE_NORMAL);
	canvas_text_end(c, row, k->cells - 1, safe_count(how->arena, l->events),
			STYLE_MUTED);
	draw_cells(v, c, row, lane, k->cells);
	draw_cursor(c, row, here, how->focused);
	draw_matches(c, row, how->searched);
	/* The cell that was chosen stands out of its row. */
	if (here && v->bucket != NO_BUCKET)
		canvas_restyle(c,
			       (struct rect){ row, k->cells + (int)v->bucket, 1,
					      1 },
			       STYLE_MATCH);
}

/* "21:42:00 to 21:45:00: 14 events, worst H" of the chosen cell, or of all of
 * the lane. */
static void draw_told(const struct lanes_view *v, struct canvas *c, int row,
		      const struct drawing *how)
{
	const struct store *s = v->d->snap->store;
	const struct lane *l = lanes_selected(v);
	const struct lane_cell *cells;
	int level, col;
	struct safetext told;
	uint32_t events;

	if (!l)
		return;
	cells = lanes_cells(v, v->list.cursor);
	level = l->level;
	events = l->events;
	told = safe_join(how->arena,
			 time_cell(v->d, s->time[l->first], TIME_NONE,
				   desk_spans_days(v->d), how->arena),
			 safe_join(how->arena, safe_literal(" to "),
				   time_cell(v->d, s->time[l->last], TIME_NONE,
					     desk_spans_days(v->d),
					     how->arena)));
	if (v->bucket != NO_BUCKET && cells) {
		int64_t from = v->frame.start +
			       (int64_t)v->bucket * v->frame.length;

		level = cells[v->bucket].level;
		events = cells[v->bucket].events;
		told = safe_join(
			how->arena,
			time_cell(v->d, from, TIME_NONE, desk_spans_days(v->d),
				  how->arena),
			safe_join(how->arena, safe_literal(" to "),
				  time_cell(v->d, from + v->frame.length,
					    TIME_NONE, false, how->arena)));
	}
	col = canvas_text(c, row, 1, told, STYLE_HEADING);
	col = canvas_text(c, row, col, safe_literal(": "), STYLE_NORMAL);
	col = canvas_text(c, row, col, safe_count(how->arena, events),
			  STYLE_NORMAL);
	col = canvas_text(c, row, col,
			  safe_literal(events == 1 ? " event" : " events"),
			  STYLE_NORMAL);
	if (level >= 0) {
		col = canvas_text(c, row, col, safe_literal(", worst "),
				  STYLE_NORMAL);
		col = canvas_text(c, row, col, level_text((enum level)level),
				  level_style((enum level)level));
	}
	canvas_text(c, row, col + 2,
		    list_cell(c, how->arena, lane_text(v, l), c->cols - col - 3,
			      SAFE_CUT_MIDDLE),
		    STYLE_MUTED);
}

/* What the glyphs stand for, and where the chosen column is. */
static void draw_head(const struct lanes_view *v, struct canvas *c,
		      const struct lane_layout *k, struct arena *a)
{
	int col = 1;

	for (size_t i = 0; i < ARRAY_SIZE(dense); i++) {
		struct safetext from = safe_format(a, "%u ", dense[i] + 1);

		if (col + (int)from.width + 1 > k->cells)
			break;
		col = canvas_glyph(c, 0, col, glyph_density((unsigned)i + 1),
				   STYLE_NORMAL);
		col = canvas_text(c, 0, col, from, STYLE_MUTED);
	}
	draw_time_axis(c, 0, k->cells, &v->frame, v->d, a);
	if (v->bucket != NO_BUCKET)
		canvas_glyph(c, 0, k->cells + (int)v->bucket, GLYPH_OPEN,
			     STYLE_ACCENT);
}

void lanes_draw(const void *state, const struct desk *d, struct canvas *c,
		const struct drawing *how)
{
	const struct lanes_view *v = state;
	const struct lane_layout k = lanes_lay_out(c->cols);
	size_t lane;

	(void)d;
	if (!v->d->snap || v->counted != v->d->rows_version || !v->n) {
		canvas_text(c, 0, 1,
			    safe_literal(v->d->run ? "searching" :
					 v->n      ? "counting" :
						     "no events match"),
			    STYLE_MUTED);
		return;
	}
	draw_head(v, c, &k, how->arena);
	for (int row = 1; row + 1 < c->rows; row++) {
		if (!list_row_at(&v->list, (size_t)row - 1, &lane) ||
		    lane >= v->n)
			break;
		draw_lane(v, c, row, lane, &k, how);
	}
	if (c->rows > 2)
		draw_told(v, c, c->rows - 1, how);
}
