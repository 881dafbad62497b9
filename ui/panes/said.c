/* SPDX-License-Identifier: MIT */
#include "ui/panes/said.h"

/* Is this said of one of the rows? What is said is little. */
static bool is_said(const struct said_rows *said, const struct rowset *rows,
		    enum said_kind kind)
{
	size_t low = 0, high = said->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (said->item[mid].row < rows->row[0])
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < said->n && said->item[low].row <= rows->row[rows->n - 1];
	     low++)
		if (said->item[low].kind == kind &&
		    rowset_has(rows, said->item[low].row))
			return true;
	return false;
}

void draw_said(struct canvas *c, int row, int col, const struct desk *d,
	       const struct rowset *rows)
{
	const struct said_rows *said = d->snap->marks.said;

	if (!said || !said->n || !rows->n)
		return;
	if (is_said(said, rows, SAID_STAR))
		canvas_glyph(c, row, col, GLYPH_STAR, STYLE_ACCENT);
	else if (is_said(said, rows, SAID_NOTE))
		canvas_text(c, row, col, safe_literal("n"), STYLE_ACCENT);
	else if (is_said(said, rows, SAID_LABEL))
		canvas_text(c, row, col, safe_literal("t"), STYLE_ACCENT);
}

bool rows_are_chosen(const struct desk *d, const struct rowset *rows)
{
	const struct chosen *x = &d->chosen;
	size_t at;

	if (!rows->n || (!x->rows.n && !x->ranging))
		return false;
	at = rowset_seek(&x->rows, rows->row[0]);
	return (at < x->rows.n && x->rows.row[at] <= rows->row[rows->n - 1]) ||
	       chosen_in_range(x, false, rows->row[0], d->selected);
}

void draw_chosen(struct canvas *c, int row)
{
	canvas_restyle(c, (struct rect){ row, 0, 1, c->cols }, STYLE_MARKED);
	canvas_text(c, row, 0, safe_literal("+"), STYLE_MARKED);
}

bool draw_disposition(struct canvas *c, int row, int col, const struct desk *d,
		      const struct alert *al, struct arena *a)
{
	struct alert_state state;

	if (!d->book.list[CASE_DISPOSITION].n)
		return false;
	state = desk_alert_state(d, al);
	if (!state.covered)
		canvas_text(c, row, col, safe_literal("new"), STYLE_ACCENT);
	else
		canvas_text(c, row, col,
			    safe_format(a, "%s%s",
					disposition_brief(state.disposition),
					state.open ? "+" : ""),
			    state.open ? STYLE_ACCENT : STYLE_MUTED);
	return true;
}

struct safetext said_counts(const struct desk *d, const struct canvas *c,
			    struct arena *a)
{
	size_t stars = d->book.list[CASE_STAR].n;
	size_t notes = d->book.list[CASE_NOTE].n + d->book.list[CASE_TEXT].n;
	struct safetext text = safe_literal("");

	if (stars)
		text = safe_join(a, canvas_glyph_text(c, GLYPH_STAR),
				 safe_format(a, "%zu", stars));
	if (notes)
		text = safe_join(a, text,
				 safe_format(a, "%sn%zu", stars ? " " : "",
					     notes));
	return text;
}
