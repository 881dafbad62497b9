/* SPDX-License-Identifier: MIT */
/* The timeline: the events of the scope, in order of time. */
#include "ui/panes/timeline.h"

#include "base/mem.h"
#include "model/identity.h"
#include "ui/app.h"
#include "ui/lines.h"
#include "ui/panes/said.h"
#include "ui/panes/text.h"

#include <inttypes.h>
#include <stdlib.h>

struct timeline_pane {
	struct list list; /* of lines */
	struct lines lines;
	struct strbuf unfolded; /* ids of lines.except, a blank behind each */
	row_id shown;           /* the selected row, as of the last refresh */
	size_t shown_evidence;  /* the line of evidence likewise */
	row_id anchor;          /* that all is around, or ROW_NONE */
	uint64_t made_of;      /* version of the snapshot that it is a row of */
	uint64_t rows_version; /* of the desk's rows that the lines are of */
	size_t cursor;         /* line before it was moved */
	int addresses;         /* columns of the longest address */
	bool late;             /* the lines are still to be made */
};

/* Lines of more rows are made after the frame that answers a key. */
enum { MANY_ROWS = 200000 };

static void *timeline_open(void)
{
	struct timeline_pane *p = mem_zero(1, sizeof(*p));

	strbuf_init(&p->unfolded);
	p->anchor = ROW_NONE;
	return p;
}

static void timeline_close(void *state)
{
	struct timeline_pane *p = state;

	lines_release(&p->lines);
	strbuf_release(&p->unfolded);
	free(p);
}

/* Lines ------------------------------------------------------------------- */

/* What was unfolded has other rows in another snapshot. */
static void find_unfolded(struct timeline_pane *p, const struct store *s)
{
	struct str rest = strbuf_str(&p->unfolded), id;

	lines_forget(&p->lines);
	while (str_next(&rest, ' ', &id)) {
		row_id row = store_find_id(s, id, ROW_NONE);

		if (row != ROW_NONE)
			lines_except(&p->lines, row);
	}
}

static void note_unfolded(struct timeline_pane *p, const struct store *s)
{
	strbuf_clear(&p->unfolded);
	for (size_t i = 0; i < p->lines.except_n; i++) {
		store_id_text(s, p->lines.except[i], &p->unfolded);
		strbuf_addc(&p->unfolded, ' ');
	}
}

/* Addresses have a wide column where one of them is IPv6. */
static int longest_address(const struct store *s)
{
	for (uint32_t v = 1; v < s->values[EVENT_IP]; v++)
		if (str_find_char(store_value(s, EVENT_IP, v), ':', 0) !=
		    SIZE_MAX)
			return 39;
	return 15;
}

static void make_lines(struct timeline_pane *p, const struct desk *d)
{
	const struct store *s = d->snap->store;
	const struct scope *scope = &d->scope;

	p->anchor = scope->kind == SCOPE_AROUND ?
			    store_find_id(s, scope->text[0], ROW_NONE) :
			    ROW_NONE;
	lines_make(&p->lines, s, &d->snap->marks, &d->rows, p->anchor,
		   &d->evidence);
	p->rows_version = d->rows_version;
}

/* The line that is selected. */
static size_t line_here(const struct timeline_pane *p, const struct desk *d)
{
	if (desk_evidence_here(d))
		return lines_find_evidence(&p->lines, d->on_evidence);
	return d->rows.n ? lines_find(&p->lines, desk_cursor(d)) : 0;
}

static void show_lines(struct timeline_pane *p, struct desk *d, bool same)
{
	size_t line;

	if (!same || p->rows_version != d->rows_version)
		make_lines(p, d);
	p->late = false;
	line = line_here(p, d);
	if (same &&
	    (d->selected != p->shown || d->on_evidence != p->shown_evidence))
		list_jump(&p->list, p->lines.n, line);
	else
		list_replace(&p->list, p->lines.n, line);
	if (!p->lines.n)
		desk_none(d);
	p->shown = d->selected;
	p->shown_evidence = d->on_evidence;
	p->made_of = d->snap->version;
	p->cursor = p->list.cursor;
}

static void timeline_refresh(void *state, struct desk *d)
{
	struct timeline_pane *p = state;
	bool same = d->snap && d->snap->version == p->made_of;

	if (!d->snap)
		return;
	if (!same) {
		find_unfolded(p, d->snap->store);
		p->addresses = longest_address(d->snap->store);
	}
	p->late = same && p->rows_version != d->rows_version &&
		  d->rows.n > MANY_ROWS;
	if (!p->late)
		show_lines(p, d, same);
}

static bool timeline_busy(const void *state)
{
	return ((const struct timeline_pane *)state)->late;
}

static void timeline_ready(void *state, struct desk *d)
{
	struct timeline_pane *p = state;

	if (p->late && d->snap)
		show_lines(p, d, d->snap->version == p->made_of);
}

static void timeline_step(void *state, struct desk *d, unsigned ms)
{
	(void)ms;
	timeline_ready(state, d);
}

size_t timeline_next_break(const struct pane *timeline, const struct desk *d,
			   bool forward)
{
	const struct timeline_pane *p = timeline->state;

	return lines_next_break(&p->lines, desk_cursor(d), forward);
}

struct rowset timeline_here(const struct pane *timeline, const struct desk *d)
{
	const struct timeline_pane *p = timeline->state;
	struct line line;

	if (d->selected == ROW_NONE || desk_evidence_here(d))
		return (struct rowset)ROWSET_INIT;
	if (p->rows_version == d->rows_version && p->list.cursor < p->lines.n) {
		line = lines_at(&p->lines, p->list.cursor);
		if (line.kind == LINE_RUN)
			return rowset_view(&d->rows.row[line.from], line.n);
	}
	return rowset_view(&d->selected, 1);
}

/* Title ------------------------------------------------------------------- */

static const char *scope_word(const struct desk *d)
{
	switch (d->scope.kind) {
	case SCOPE_ALL:
		return desk_is_narrowed(d) ? "filtered" : "all events";
	case SCOPE_ALERT:
		return "of alert: ";
	case SCOPE_NODE:
	case SCOPE_GROUP:
	case SCOPE_EVENTS:
	case SCOPE_CALLS:
	case SCOPE_CALLS_BELOW:
		return "of: ";
	case SCOPE_SUBTREE:
	case SCOPE_GROUP_BELOW:
		return "of all that came of: ";
	case SCOPE_CELL:
		return "of cell: ";
	case SCOPE_AROUND:
		return "around, filters off: ";
	}
	return "";
}

static void timeline_title(const void *state, const struct desk *d,
			   struct arena *arena, struct safetext *left,
			   struct safetext *right)
{
	(void)state;
	*left = safe_join(arena, safe_literal("2 Timeline] "),
			  safe_literal(scope_word(d)));
	if (d->scope.kind != SCOPE_ALL)
		*left = safe_join(arena, *left,
				  safe_text(arena, d->scope.label, SAFE_LIST));
	if (d->scope.kind == SCOPE_AROUND) {
		struct strbuf span;

		strbuf_init(&span);
		strbuf_adds(&span, " within ");
		time_format_span(&span, scope_around_ms(&d->scope));
		if (d->scope.text[2].n)
			strbuf_adds(&span, ", same ");
		strbuf_add(&span, d->scope.text[2]);
		*left = safe_join(arena, *left,
				  safe_text(arena, strbuf_str(&span),
					    SAFE_LIST));
		strbuf_release(&span);
	}
	if (d->run)
		*left = safe_join(arena, *left, safe_literal(" (searching)"));
	else if (d->cut)
		*left = safe_join(arena, *left,
				  safe_literal(" (search stopped: not all)"));
	/* Of events: a line may be of many, or of none. */
	*right = desk_hidden_text(d, arena);
	if (d->evidence.n)
		*right = safe_join(arena, *right,
				   safe_format(arena, "evidence %zu ",
					       d->evidence.n));
	*right = safe_join(arena, *right,
			   safe_format(arena, "[%zu/%zu]",
				       d->rows.n ? desk_cursor(d) + 1 : 0,
				       d->rows.n));
}

/* Drawing ----------------------------------------------------------------- */

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

static void timeline_draw(const void *state, const struct desk *d,
			  struct canvas *c, const struct drawing *how)
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

/* Commands ---------------------------------------------------------------- */

static struct list *timeline_list(void *state)
{
	return &((struct timeline_pane *)state)->list;
}

/* All events of a run have the same text but for their time. */
static void timeline_row_text(const void *state, const struct desk *d,
			      size_t at, struct strbuf *out)
{
	static const enum event_column shown[] = {
		EVENT_SOURCE, EVENT_NAME,  EVENT_ACTOR, EVENT_IP,
		EVENT_REGION, EVENT_ERROR, EVENT_KEY,
	};
	const struct timeline_pane *p = state;
	struct line line = lines_at(&p->lines, at);
	row_id row;

	if (line.kind == LINE_EVIDENCE && line.seen < d->evidence.n) {
		const struct evidence_line *e = &d->evidence.line[line.seen];

		time_format(out, e->event.time, TIME_DATETIME, &d->zone);
		strbuf_addf(out, " evidence %.*s %.*s", STR_ARG(e->what),
			    STR_ARG(e->where));
		return;
	}
	if (line.kind == LINE_GAP || line.from >= d->rows.n)
		return;
	row = d->rows.row[line.from];
	time_format(out, d->snap->store->time[row], TIME_DATETIME, &d->zone);
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++) {
		strbuf_addc(out, ' ');
		strbuf_add(out, store_text(d->snap->store, shown[i], row));
	}
}

/* The cursor stands on events: it goes over a break, the way that it came. */
static void skip_break(struct timeline_pane *p)
{
	bool up = p->list.cursor < p->cursor && p->list.cursor > 0;

	if (lines_at(&p->lines, p->list.cursor).kind != LINE_GAP)
		return;
	if (up)
		list_up(&p->list, 1);
	else
		list_down(&p->list, 1);
}

static void timeline_moved(void *state, struct desk *d)
{
	struct timeline_pane *p = state;
	struct line line;
	size_t at;

	if (p->list.cursor >= p->lines.n || p->rows_version != d->rows_version)
		return;
	skip_break(p);
	p->cursor = p->list.cursor;
	line = lines_at(&p->lines, p->cursor);
	if (line.kind == LINE_EVIDENCE) {
		if (d->on_evidence != line.seen)
			desk_select_evidence(d, line.seen);
		p->shown = d->selected;
		p->shown_evidence = d->on_evidence;
		return;
	}
	at = desk_cursor(d);
	if (desk_evidence_here(d) || d->selected == ROW_NONE ||
	    at < line.from || at >= line.from + line.n)
		desk_select(d, d->rows.row[line.from]);
	p->shown = d->selected;
	p->shown_evidence = d->on_evidence;
}

/* False when there is nothing to fold at the cursor. */
static bool fold(struct timeline_pane *p, struct desk *d, bool folded)
{
	if (p->rows_version != d->rows_version ||
	    !lines_fold(&p->lines, &d->rows, p->list.cursor, folded))
		return false;
	note_unfolded(p, d->snap->store);
	/* The run's line stands for the event that is selected; unfolded, the
	 * event has a line of its own. */
	list_replace(&p->list, p->lines.n,
		     lines_find(&p->lines, desk_cursor(d)));
	p->cursor = p->list.cursor;
	d->version++;
	return true;
}

static void fold_all(struct timeline_pane *p, struct app *app)
{
	struct desk *d = app_desk(app);

	lines_fold_all(&p->lines, p->lines.unfolded);
	strbuf_clear(&p->unfolded);
	make_lines(p, d);
	d->version++;
	app_say(app, p->lines.unfolded ?
			     "all events" :
			     "calls of one kind in a row are one line");
}

enum { SCROLL = 8 }; /* columns at a time */

static void scroll(struct app *app, int by)
{
	struct column_choice *c = &app_desk(app)->columns;

	if (!c->wide) {
		app_say(app, "nothing to fold here; w shows all columns, which "
			     "h and l scroll");
		return;
	}
	c->left += by;
	if (c->left < 0)
		c->left = 0;
	if (c->left > COLUMNS_WIDEST)
		c->left = COLUMNS_WIDEST;
	app_desk(app)->version++;
}

static bool timeline_command(void *state, struct app *app,
			     enum screen_command cmd, struct str argument)
{
	struct timeline_pane *p = state;
	struct desk *d = app_desk(app);

	(void)argument;
	if (cmd != DO_DRILL && cmd != DO_FOLD && cmd != DO_UNFOLD &&
	    cmd != DO_FOLD_ALL)
		return false;
	if (cmd != DO_FOLD_ALL && d->snap && desk_evidence_here(d)) {
		if (cmd == DO_DRILL)
			app_open(app, &overlay_case,
				 case_view_at(desk_evidence_here(d)));
		else
			app_say(app, "evidence of the case: Enter leads to "
				     "the list of it");
	} else if (!d->snap || d->selected == ROW_NONE) {
		app_say(app, "no event is selected");
	} else if (cmd == DO_FOLD_ALL) {
		fold_all(p, app);
	} else if (cmd == DO_FOLD) {
		if (!fold(p, d, true))
			scroll(app, -SCROLL);
	} else if (cmd == DO_UNFOLD) {
		if (!fold(p, d, false))
			scroll(app, SCROLL);
	} else if (!fold(p, d, false)) {
		app_remember(app);
		app_focus(app, PANE_DETAIL);
	}
	return true;
}

const struct pane_class pane_timeline = {
	.name = "Timeline",
	.context = IN_TIMELINE,
	.open = timeline_open,
	.close = timeline_close,
	.refresh = timeline_refresh,
	.title = timeline_title,
	.draw = timeline_draw,
	.command = timeline_command,
	.list = timeline_list,
	.row_text = timeline_row_text,
	.moved = timeline_moved,
	.busy = timeline_busy,
	.step = timeline_step,
	.ready = timeline_ready,
};
