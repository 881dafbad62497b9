/* SPDX-License-Identifier: MIT */
/* What the case says, as a list in order of time: stars, labels and notes of
 * events, evidence from elsewhere, then what is about no moment. */
#include <stdlib.h>

#include "base/mem.h"
#include "ui/app.h"
#include "ui/panes/text.h"

/* One line: what one item of the book says. */
struct case_line {
	const struct case_item *item;
	row_id row; /* ROW_NONE: not in the evidence, or of no event */
	int64_t time;
	size_t place; /* among all that the book says */
};

struct case_view {
	struct list list;
	struct case_line *line; /* as of the last refresh */
	size_t n, cap;
	uint64_t seen; /* the desk's version then */
	size_t wanted; /* the line of evidence that it begins at; SIZE_MAX */
};

struct case_view *case_view_new(void)
{
	struct case_view *v = mem_zero(1, sizeof(*v));

	v->seen = UINT64_MAX;
	v->wanted = SIZE_MAX;
	return v;
}

struct case_view *case_view_at(const struct evidence_line *e)
{
	struct case_view *v = case_view_new();

	v->wanted = e->item;
	return v;
}

static void view_close(void *state)
{
	struct case_view *v = state;

	free(v->line);
	free(v);
}

/* Lines -------------------------------------------------------------------- */

static const enum case_kind shown[] = { CASE_STAR, CASE_LABEL, CASE_NOTE,
					CASE_EVIDENCE, CASE_TEXT };

/* Those without a time last; of one time event by event, and of one event as
 * kinds are shown, then as they were said. */
static int compare(const void *x, const void *y)
{
	const struct case_line *a = x, *b = y;

	if (a->time != b->time)
		return a->time == TIME_NONE ? 1 :
		       b->time == TIME_NONE ? -1 :
		       a->time < b->time    ? -1 :
					      1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static void add_line(struct case_view *v, const struct desk *d,
		     const struct case_item *x)
{
	struct str id = x->event.id.n ? x->event.id : x->incident;
	row_id row = ROW_NONE;
	int64_t time = x->event.time;

	if (d->snap && id.n)
		row = store_find_id(d->snap->store, id, ROW_NONE);
	if (row != ROW_NONE)
		time = d->snap->store->time[row];
	v->line = mem_grow(v->line, &v->cap, v->n + 1, sizeof(*v->line));
	v->line[v->n] = (struct case_line){ x, row, time, v->n };
	v->n++;
}

static void view_refresh(void *state, struct desk *d)
{
	struct case_view *v = state;

	if (v->seen == d->version)
		return;
	v->seen = d->version;
	v->n = 0;
	for (size_t k = 0; k < ARRAY_SIZE(shown); k++) {
		const struct case_list *l = case_book_list(&d->book, shown[k]);

		for (size_t i = 0; i < l->n; i++)
			add_line(v, d, &l->item[i]);
	}
	if (v->n)
		qsort(v->line, v->n, sizeof(*v->line), compare);
	list_set_count(&v->list, v->n);
	for (size_t i = 0; i < v->n && v->wanted != SIZE_MAX; i++)
		if (v->line[i].item ==
		    &d->book.list[CASE_EVIDENCE].item[v->wanted]) {
			v->wanted = SIZE_MAX;
			list_goto(&v->list, i);
		}
}

/* Drawing ------------------------------------------------------------------ */

static const char *kind_word(const struct case_line *l)
{
	switch (l->item->kind) {
	case CASE_STAR:
		return "star";
	case CASE_LABEL:
		return "label";
	case CASE_EVIDENCE:
		return "evidence";
	case CASE_TEXT:
		return "case";
	default:
		return l->item->event.id.n ? "note" :
		       l->item->incident.n ? "incident" :
					     "case";
	}
}

/* "StopLogging  build: confirmed with the owner  js" */
static void line_text(const struct case_line *l, struct strbuf *out)
{
	const struct case_item *x = l->item;

	strbuf_add(out, x->event.name);
	if (x->event.id.n && l->row == ROW_NONE)
		strbuf_adds(out, " (not in this evidence)");
	if (x->text.n)
		strbuf_addf(out, "%s%.*s", out->n ? ": " : "",
			    STR_ARG(x->text));
	if (x->kind == CASE_EVIDENCE && x->name.n)
		strbuf_addf(out, ", seen in %.*s", STR_ARG(x->name));
	if (x->author.n)
		strbuf_addf(out, "  (%.*s)", STR_ARG(x->author));
}

static void view_title(const void *state, const struct desk *d,
		       struct arena *arena, struct safetext *left,
		       struct safetext *right)
{
	const struct case_view *v = state;

	*left = safe_format(arena, "'] stars %zu, notes %zu, evidence %zu",
			    d->book.list[CASE_STAR].n,
			    d->book.list[CASE_NOTE].n,
			    d->book.list[CASE_EVIDENCE].n);
	*right = safe_join(arena, safe_literal("Enter:go there -:take back "),
			   list_position(&v->list, arena));
}

static void draw_line(const struct case_view *v, const struct desk *d,
		      struct canvas *c, int line, size_t at,
		      const struct drawing *how)
{
	const struct case_line *l = &v->line[at];
	struct strbuf text;
	int col = 1;

	strbuf_init(&text);
	if (l->time == TIME_NONE)
		strbuf_adds(&text, "-");
	else
		time_format(&text, l->time, TIME_DATETIME, &d->zone);
	canvas_text(c, line, col,
		    safe_text(how->arena, strbuf_str(&text), SAFE_LIST),
		    STYLE_NORMAL);
	col += 20;
	canvas_text(c, line, col, safe_format(how->arena, "%s", kind_word(l)),
		    l->item->kind == CASE_STAR ? STYLE_ACCENT : STYLE_MUTED);
	col += 9;
	strbuf_clear(&text);
	line_text(l, &text);
	if (c->cols > col)
		canvas_text(c, line, col,
			    list_cell(c, how->arena, strbuf_str(&text),
				      c->cols - col, SAFE_CUT_END),
			    STYLE_NORMAL);
	strbuf_release(&text);
}

static void view_draw(const void *state, const struct desk *d, struct canvas *c,
		      const struct drawing *how)
{
	const struct case_view *v = state;
	size_t row;

	if (!v->n)
		canvas_text(c, 0, 1,
			    safe_literal("nothing yet: m stars an event, c "
					 "notes, :evidence adds what is not in "
					 "the logs"),
			    STYLE_MUTED);
	for (int line = 0; line < c->rows; line++) {
		if (!list_row_at(&v->list, (size_t)line, &row) || row >= v->n)
			break;
		draw_line(v, d, c, line, row, how);
		draw_cursor(c, line, row == v->list.cursor, how->focused);
		draw_matches(c, line, how->searched);
	}
}

/* Commands ----------------------------------------------------------------- */

/* Where filters do not hide it. */
static void select_evidence(struct desk *d, const struct case_item *item)
{
	const struct case_list *l = case_book_list(&d->book, CASE_EVIDENCE);

	for (size_t i = 0; i < d->evidence.n; i++)
		if (&l->item[d->evidence.line[i].item] == item)
			desk_select_evidence(d, i);
}

/* To the event in the timeline; where filters hide it, to what is around it. */
static void go_there(struct app *app, const struct case_line *l)
{
	/* The line goes with the overlay. */
	const struct case_item *item = l->item;
	struct desk *d = app_desk(app);
	struct strbuf text;
	row_id row = l->row;

	if (row == ROW_NONE && l->time != TIME_NONE && d->snap && d->rows.n) {
		/* Evidence from elsewhere: its line, or what the logs have at
		 * that time. */
		row = store_seek_time(d->snap->store, l->time);
		app_remember(app);
		app_focus(app, PANE_TIMELINE);
		desk_select(d, row);
		select_evidence(d, item);
		d->version++;
		return;
	}
	if (row == ROW_NONE) {
		strbuf_init(&text);
		line_text(l, &text);
		app_open_text(app, "'] in full", strbuf_str(&text));
		strbuf_release(&text);
	} else if (rowset_has(&d->rows, row)) {
		app_remember(app);
		app_focus(app, PANE_TIMELINE);
		desk_select(d, row);
		d->version++;
	} else {
		app_look_around(app, row);
	}
}

static void take_back(struct app *app, const struct case_line *l)
{
	struct case_sayings say, undo;
	struct desk *d = app_desk(app);
	struct err err;

	if (!l->item->id.n &&
	    (l->item->kind == CASE_NOTE || l->item->kind == CASE_EVIDENCE)) {
		app_say(app, "it was written without an id: it stays");
		return;
	}
	case_sayings_init(&say);
	case_sayings_init(&undo);
	case_sayings_add(&say, l->item, true);
	case_sayings_add(&undo, l->item, false);
	if (desk_say(d, &say, &undo, &err))
		app_say(app, "%s", err.msg);
	else
		app_say(app, "taken back; u brings it again");
}

static bool view_command(void *state, struct app *app, enum screen_command cmd,
			 struct str argument)
{
	struct case_view *v = state;

	(void)argument;
	if (cmd != DO_DRILL && cmd != DO_UNSAY)
		return false;
	if (v->list.cursor >= v->n)
		app_say(app, "there is nothing in the case yet");
	else if (cmd == DO_DRILL)
		go_there(app, &v->line[v->list.cursor]);
	else
		take_back(app, &v->line[v->list.cursor]);
	return true;
}

static row_id view_event(const void *state, const struct desk *d, size_t *of)
{
	const struct case_view *v = state;

	(void)d;
	(void)of;
	return v->list.cursor < v->n ? v->line[v->list.cursor].row : ROW_NONE;
}

static struct list *view_list(void *state)
{
	return &((struct case_view *)state)->list;
}

static void view_row_text(const void *state, const struct desk *d, size_t row,
			  struct strbuf *out)
{
	const struct case_view *v = state;

	if (v->line[row].time != TIME_NONE)
		time_format(out, v->line[row].time, TIME_DATETIME, &d->zone);
	strbuf_addf(out, " %s ", kind_word(&v->line[row]));
	line_text(&v->line[row], out);
}

const struct pane_class overlay_case = {
	.name = "Case",
	.context = IN_STARS,
	.close = view_close,
	.refresh = view_refresh,
	.title = view_title,
	.draw = view_draw,
	.command = view_command,
	.list = view_list,
	.row_text = view_row_text,
	.event = view_event,
};
