/* SPDX-License-Identifier: MIT */
/* The timeline: the events of the scope, in order of time. */
#include "ui/panes/timeline.h"

#include "base/mem.h"
#include "ui/app.h"
#include "ui/panes/text.h"
#include "ui/panes/timeline_private.h"

#include <stdlib.h>

static void *timeline_open(void)
{
	struct timeline_pane *p = mem_zero(1, sizeof(*p));

	strbuf_init(&p->unfolded);
	p->anchor = ROW_NONE;
	p->top = SIZE_MAX;
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

/* Of many rows the lines are made behind the frame that answers a key. */
static void begin_lines(struct timeline_pane *p, const struct desk *d)
{
	const struct store *s = d->snap->store;
	const struct scope *scope = &d->scope;

	p->anchor = scope->kind == SCOPE_AROUND ?
			    store_find_id(s, scope->text[0], ROW_NONE) :
			    ROW_NONE;
	lines_begin(&p->lines, s, &d->snap->marks, &d->rows, p->anchor,
		    &d->evidence);
	lines_step(&p->lines, d->at_once);
	p->rows_version = d->rows_version;
	p->top = SIZE_MAX;
}

/* The line that is selected. */
static size_t line_here(const struct timeline_pane *p, const struct desk *d)
{
	if (desk_evidence_here(d))
		return lines_find_evidence(&p->lines, d->on_evidence);
	return d->rows.n ? lines_find(&p->lines, desk_cursor(d)) : 0;
}

static void put_cursor(struct timeline_pane *p, struct desk *d, bool same)
{
	size_t line = line_here(p, d);

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

static bool is_current(const struct timeline_pane *p, const struct desk *d)
{
	return d->snap->version == p->made_of &&
	       p->rows_version == d->rows_version &&
	       !(p->lines.plain && p->lines.making.marks != &d->snap->marks);
}

/* What surrounds an event is what came before it as well as what came after. */
static void show_around(struct timeline_pane *p)
{
	size_t half = list_shown(&p->list) / 2, at = p->list.cursor;

	list_show_from(&p->list, at > half ? at - half : 0);
}

static void timeline_refresh(void *state, struct desk *d)
{
	struct timeline_pane *p = state;
	bool same = d->snap && d->snap->version == p->made_of;
	row_id anchor = p->anchor;

	if (!d->snap)
		return;
	if (!same) {
		find_unfolded(p, d->snap->store);
		p->addresses = longest_address(d->snap->store);
	}
	if (!is_current(p, d))
		begin_lines(p, d);
	put_cursor(p, d, same);
	if (p->anchor != ROW_NONE && p->anchor != anchor && d->rows.n &&
	    d->rows.row[desk_cursor(d)] == p->anchor)
		show_around(p);
}

static bool timeline_busy(const void *state)
{
	return ((const struct timeline_pane *)state)->lines.plain;
}

/* What the lines were begun of may have gone meanwhile. */
static void go_on(struct timeline_pane *p, struct desk *d, size_t rows)
{
	if (!p->lines.plain || !d->snap)
		return;
	if (!is_current(p, d)) {
		timeline_refresh(p, d);
		return;
	}
	if (!lines_step(&p->lines, rows))
		return;
	list_replace(&p->list, p->lines.n, line_here(p, d));
	p->cursor = p->list.cursor;
	if (p->top != SIZE_MAX)
		list_show_from(&p->list, p->top);
}

static void timeline_step(void *state, struct desk *d, unsigned ms)
{
	(void)ms;
	go_on(state, d, d->at_once);
}

/* What is about lines needs them now. */
static void timeline_reveal(void *state, struct desk *d)
{
	go_on(state, d, SIZE_MAX);
}

size_t timeline_top(const struct pane *timeline)
{
	const struct timeline_pane *p = timeline->state;

	return p->lines.plain && p->top != SIZE_MAX ? p->top : p->list.top;
}

static void timeline_show_from(void *state, size_t top)
{
	struct timeline_pane *p = state;

	if (p->lines.plain)
		p->top = top;
	else
		list_show_from(&p->list, top);
}

size_t timeline_next_break(struct pane *timeline, struct desk *d, bool forward)
{
	struct timeline_pane *p = timeline->state;

	timeline_reveal(p, d);
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
	const struct timeline_pane *p = state;

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
	else if (p->lines.plain)
		*left = safe_join(arena, *left, safe_literal(" (folding)"));
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
	p->top = SIZE_MAX;
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
	timeline_reveal(p, d);
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
	begin_lines(p, d);
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
	.show_from = timeline_show_from,
	.reveal = timeline_reveal,
};
