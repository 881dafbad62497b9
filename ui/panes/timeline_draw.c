/* SPDX-License-Identifier: MIT */
/* A line of the timeline: an event, a run of them, a gap, evidence. */
#include "ui/panes/timeline_private.h"

#include "model/identity.h"
#include "ui/panes/said.h"

#include <inttypes.h>

/* "x" denied, "!" failed otherwise, "?" something hidden in the record. */
static void draw_mark(struct canvas *c, int line, int col,
		      const struct store *s, row_id row)
{
	enum event_outcome outcome = store_outcome(s, row);

	if (s->flags[row] & (EVENT_HAS_CONTROL | EVENT_HAS_BIDI))
		canvas_text(c, line, col, safe_literal("?"), STYLE_HIDDEN);
	else if (outcome != OUTCOME_OK)
		canvas_text(c, line, col,
			    safe_literal(outcome == OUTCOME_DENIED ? "x" : "!"),
			    STYLE_DENIED);
}

enum {
	MARK_WIDTH = 4, /* a blank, the mark, a blank; and before the time */
	LETTER_WIDTH = 2,
};

/* What all lines of a frame have in common. */
struct row_style {
	struct column_layout columns;
	int left;  /* columns begin there */
	int width; /* and may take so much */
	int skip;  /* of what they take, scrolled out of sight */
	bool dates;
};

static struct row_style style_for(const struct timeline_pane *p,
				  const struct desk *d, int cols)
{
	struct row_style k = { .dates = desk_spans_days(d) };
	int most;

	k.left = (k.dates ? 14 : 8) + MARK_WIDTH;
	k.width = cols - k.left - LETTER_WIDTH;
	columns_lay_out(&k.columns, &d->columns, k.width, p->addresses);
	most = k.columns.total > k.width ? k.columns.total - k.width : 0;
	k.skip = d->columns.left < most ? d->columns.left : most;
	return k;
}

/* The text of a column, and how it is cut. */
static struct str column_text(const struct store *s, row_id row,
			      enum timeline_column col, enum safe_elide *how,
			      struct arena *a)
{
	static const enum event_column of[COL_COUNT] = {
		[COL_SERVICE] = EVENT_SOURCE, [COL_EVENT] = EVENT_NAME,
		[COL_WHO] = EVENT_ACTOR,      [COL_IP] = EVENT_IP,
		[COL_REGION] = EVENT_REGION,  [COL_ACCOUNT] = EVENT_ACCOUNT,
		[COL_KEY] = EVENT_KEY,        [COL_AGENT] = EVENT_AGENT,
		[COL_ERROR] = EVENT_ERROR,
	};
	enum event_outcome outcome = store_outcome(s, row);

	*how = col == COL_WHO || col == COL_IP || col == COL_KEY ?
		       SAFE_CUT_MIDDLE :
		       SAFE_CUT_END;
	if (col == COL_OUTCOME)
		return outcome == OUTCOME_OK ?
			       STR_NULL :
			       str_of(event_outcome_name(outcome));
	if (col == COL_SERVICE)
		return event_service(store_text(s, EVENT_SOURCE, row));
	if (col == COL_WHO)
		return actor_label(store_text(s, EVENT_ACTOR, row), a);
	return store_text(s, of[col], row);
}

static enum style_role column_style(enum timeline_column col)
{
	switch (col) {
	case COL_REGION:
	case COL_ACCOUNT:
	case COL_AGENT:
		return STYLE_MUTED;
	case COL_OUTCOME:
	case COL_ERROR:
		return STYLE_DENIED;
	default:
		return STYLE_NORMAL;
	}
}

/* The call: of a run with how often, and before it a sign that it is folded,
 * or that it begins a run that is not. */
static void draw_call(struct canvas *c, int row, int col, int width,
		      const struct line *line, struct str name, struct arena *a)
{
	struct safetext count = safe_literal("");

	if (line->kind == LINE_RUN)
		count = safe_format(a, " x %zu", line->n);
	if (line->kind == LINE_RUN || line->first_of)
		canvas_glyph(c, row, col - 1,
			     line->kind == LINE_RUN ? GLYPH_CLOSED : GLYPH_OPEN,
			     STYLE_MUTED);
	col = canvas_text(c, row, col,
			  list_cell(c, a, name, width - (int)count.width,
				    SAFE_CUT_END),
			  STYLE_NORMAL);
	canvas_text(c, row, col, count, STYLE_ACCENT);
}

static void draw_columns(const struct desk *d, struct canvas *c, int row,
			 const struct line *line, const struct row_style *k,
			 struct arena *a)
{
	const struct store *s = d->snap->store;
	row_id event = d->rows.row[line->from];
	int col = 1 - k->skip;

	for (size_t i = 0; i < k->columns.n; i++) {
		enum timeline_column what = k->columns.at[i].col;
		int width = k->columns.at[i].width;
		enum safe_elide how;
		struct str text = column_text(s, event, what, &how, a);

		if (what == COL_EVENT)
			draw_call(c, row, col, width, line, text, a);
		else
			canvas_text(c, row, col,
				    list_cell(c, a, text, width, how),
				    column_style(what));
		col += width + 1;
	}
}

static void draw_event(const struct timeline_pane *p, const struct desk *d,
		       struct canvas *c, int row, const struct line *line,
		       int64_t before, const struct row_style *k,
		       struct arena *a)
{
	const struct store *s = d->snap->store;
	row_id event = d->rows.row[line->from];
	/* The blank before the columns is theirs: for a sign of folding. */
	struct canvas columns = canvas_sub(
		c, (struct rect){ 0, k->left - 1, c->rows, k->width + 1 });
	const struct rowset rows = rowset_view(&d->rows.row[line->from],
					       line->n);
	int level = line->kind == LINE_RUN ?
			    line->level :
			    marks_level(&d->snap->marks, event);
	int col = canvas_text(c, row, 1,
			      time_cell(d, s->time[event], before, k->dates, a),
			      event == p->anchor ? STYLE_ACCENT : STYLE_NORMAL);

	if (event == p->anchor)
		canvas_glyph(c, row, col, GLYPH_HERE, STYLE_ACCENT);
	else
		draw_said(c, row, col, d, &rows);
	draw_mark(c, row, col + 1, s, event);
	draw_columns(d, &columns, row, line, k, a);
	col = k->columns.total < k->width ? k->columns.total : k->width;
	if (level >= 0)
		canvas_text(c, row, k->left + col,
			    level_text((enum level)level),
			    level_style((enum level)level));
	if (rows_are_chosen(d, &rows))
		draw_chosen(c, row);
}

/* "00:11:20", "3d 04:11:20". */
static struct safetext length_text(int64_t ms, struct arena *a)
{
	int64_t s = ms / 1000, days = s / 86400;
	int rest = (int)(s % 86400);

	if (days)
		return safe_format(a, "%" PRId64 "d %02d:%02d:%02d", days,
				   rest / 3600, rest / 60 % 60, rest % 60);
	return safe_format(a, "%02d:%02d:%02d", rest / 3600, rest / 60 % 60,
			   rest % 60);
}

/* "-- 00:11:20 gap -- burst: 412 in 00:00:58 --" */
static void draw_break(struct canvas *c, int row, const struct line_break *b,
		       struct arena *a)
{
	int col = 1;

	canvas_hline(c, row, 1, c->cols - 1, STYLE_MUTED);
	if (b->gap == TIME_NONE)
		col = canvas_text(c, row, col + 2, safe_literal(" no time "),
				  STYLE_MUTED);
	else if (b->gap)
		col = canvas_text(c, row, col + 2,
				  safe_join(a,
					    safe_join(a, safe_literal(" "),
						      length_text(b->gap, a)),
					    safe_literal(" gap ")),
				  STYLE_MUTED);
	if (b->burst_n)
		canvas_text(c, row, col + 2,
			    safe_join(a,
				      safe_join(a,
						safe_format(a, " burst: %u in ",
							    b->burst_n),
						length_text(b->burst_ms, a)),
				      safe_literal(" ")),
			    STYLE_ACCENT);
}

/* "21:40:13 E curl 169.254.169.254, seen in web1:.bash_history" */
static void draw_evidence(const struct desk *d, struct canvas *c, int row,
			  const struct evidence_line *e, int64_t before,
			  const struct row_style *k, struct arena *a)
{
	struct strbuf text;

	strbuf_init(&text);
	strbuf_add(&text, e->what);
	if (e->where.n)
		strbuf_addf(&text, ", seen in %.*s", STR_ARG(e->where));
	canvas_text(c, row, 1, time_cell(d, e->event.time, before, k->dates, a),
		    STYLE_NORMAL);
	canvas_text(c, row, k->left - 2, safe_literal("+"), STYLE_ACCENT);
	canvas_text(c, row, k->left,
		    list_cell(c, a, strbuf_str(&text), c->cols - k->left,
			      SAFE_CUT_END),
		    STYLE_ACCENT);
	strbuf_release(&text);
}

/* The desk has other rows than the lines are of, for as long as keys come one
 * behind the other: the events as they are. */
static void draw_plain(const struct timeline_pane *p, const struct desk *d,
		       struct canvas *c, const struct row_style *k,
		       struct arena *a)
{
	size_t cursor = desk_cursor(d), line = d->selected == p->shown ?
						       list_line(&p->list) :
						       (size_t)c->rows / 2;
	size_t top = cursor > line ? cursor - line : 0;
	int64_t before = TIME_NONE;

	for (int row = 0; row < c->rows && top < d->rows.n; row++, top++) {
		const struct line event = {
			.kind = LINE_EVENT, .from = top, .n = 1, .level = -1
		};

		draw_event(p, d, c, row, &event, before, k, a);
		before = d->snap->store->time[d->rows.row[top]];
		draw_cursor(c, row, top == cursor, false);
	}
}

static void draw_lines(const struct timeline_pane *p, const struct desk *d,
		       struct canvas *c, const struct row_style *k,
		       const struct drawing *how)
{
	int64_t before = TIME_NONE;
	size_t at;

	for (int row = 0; row < c->rows; row++) {
		struct line line;

		if (!list_row_at(&p->list, (size_t)row, &at) ||
		    at >= p->lines.n)
			break;
		line = lines_at(&p->lines, at);
		if (line.kind == LINE_GAP) {
			draw_break(c, row, line.brk, how->arena);
		} else if (line.kind == LINE_EVIDENCE) {
			const struct evidence_line *e =
				&d->evidence.line[line.seen];

			draw_evidence(d, c, row, e, before, k, how->arena);
			before = e->event.time;
		} else {
			draw_event(p, d, c, row, &line, before, k, how->arena);
			before = d->snap->store->time[d->rows.row[line.from]];
		}
		draw_cursor(c, row, at == p->list.cursor, how->focused);
		draw_matches(c, row, how->searched);
	}
}

void timeline_draw(const void *state, const struct desk *d, struct canvas *c,
		   const struct drawing *how)
{
	const struct timeline_pane *p = state;
	struct row_style k;

	if (!d->snap || (!d->rows.n && !d->evidence.n)) {
		draw_none(c,
			  safe_literal(!d->snap ? "loading" :
				       d->run   ? "searching" :
						  "no events match"),
			  strbuf_str(&d->none), how->arena);
		return;
	}
	k = style_for(p, d, c->cols);
	if (p->rows_version != d->rows_version)
		draw_plain(p, d, c, &k, how->arena);
	else
		draw_lines(p, d, c, &k, how);
}
