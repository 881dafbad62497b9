/* SPDX-License-Identifier: MIT */
/*
 * What the evidence holds and lacks: accounts and regions over time, holes,
 * data events, where logging was changed, and what cannot be known.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "model/identity.h"
#include "ui/app.h"
#include "ui/panes/text.h"

enum { WRAP = 76, LABEL_COLUMNS = 26, REGION_COLUMNS = 14 };

enum line_kind {
	LINE_TEXT, /* of the program's own, and numbers */
	LINE_HEADING,
	LINE_ACCOUNT,
	LINE_PLACE,
	LINE_HOLE,
	LINE_GAP,
	LINE_DATA,
	LINE_CHANGE,
};

struct line {
	enum line_kind kind;
	size_t i; /* which of them */
	struct str text;
};

struct coverage_view {
	struct list list;
	struct arena arena;
	struct line *line;
	size_t n, cap;
	uint64_t made_of;         /* the snapshot's number */
	const struct coverage *c; /* the desk's */
	size_t digest_files;
};

/* Lines ------------------------------------------------------------------- */

static void add_line(struct coverage_view *v, enum line_kind kind, size_t i,
		     struct str text)
{
	v->line = mem_grow(v->line, &v->cap, v->n + 1, sizeof(*v->line));
	v->line[v->n++] = (struct line){ kind, i, text };
}

static void add_heading(struct coverage_view *v, const char *text)
{
	if (v->n)
		add_line(v, LINE_TEXT, 0, STR_NULL);
	add_line(v, LINE_HEADING, 0, str_of(text));
}

/* A sentence, wrapped at blanks. */
static void add_text(struct coverage_view *v, struct str text)
{
	text = arena_dup(&v->arena, text);
	while (text.n > WRAP) {
		size_t to = WRAP;

		while (to > WRAP / 2 && text.p[to] != ' ')
			to--;
		add_line(v, LINE_TEXT, 0, str_sub(text, 0, to));
		text = str_trim(str_from(text, to));
	}
	add_line(v, LINE_TEXT, 0, text);
}

static void add_all(struct coverage_view *v, enum line_kind kind, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_line(v, kind, i, STR_NULL);
	if (!n)
		add_line(v, LINE_TEXT, 0, STR("none"));
}

static void add_noise(struct coverage_view *v)
{
	struct strbuf text;
	size_t regular = 0;

	for (size_t i = 0; i < v->c->place_n; i++)
		regular += v->c->place[i].regular;
	strbuf_init(&text);
	strbuf_addf(&text,
		    "%zu of %zu regions have regular noise: events in %d "
		    "quarters of an hour or more, and after one of these an "
		    "empty one at most once in %d times. A hole is a whole "
		    "quarter or more without any event; where such silence is "
		    "usual (more than %d times), an hour or more.",
		    regular, v->c->place_n, COVERAGE_LEAST_QUARTERS,
		    COVERAGE_REGULAR_OF, COVERAGE_FEW);
	add_text(v, strbuf_str(&text));
	strbuf_release(&text);
}

/* Where CloudTrail's own account of its deliveries has holes. Too many digests
 * to be read while somebody waits are left to the batch commands. */
static void add_gaps(struct coverage_view *v)
{
	const struct coverage *c = v->c;
	struct strbuf text;

	add_heading(v, "gaps between digests");
	if (c->digests_read && c->digests.n) {
		add_all(v, LINE_GAP, c->digests.n);
		return;
	}
	strbuf_init(&text);
	if (c->digests_read) {
		strbuf_adds(&text, c->digests.chains ?
					   "none: digests follow one another" :
					   "no digest is here");
	} else {
		strbuf_add_count(&text, v->digest_files);
		strbuf_adds(&text, " digests are too many to read here: trawl "
				   "coverage and trawl verify tell");
	}
	add_text(v, strbuf_str(&text));
	strbuf_release(&text);
}

static void add_lack(void *context, struct str sentence)
{
	add_text(context, sentence);
}

static void make_lines(struct coverage_view *v)
{
	const struct coverage *c = v->c;

	v->n = 0;
	arena_reset(&v->arena);
	for (size_t a = 0; a < c->account_n; a++) {
		add_line(v, LINE_ACCOUNT, a, STR_NULL);
		for (size_t i = 0; i < c->account[a].place_n; i++)
			add_line(v, LINE_PLACE, c->account[a].place + i,
				 STR_NULL);
	}
	add_heading(v, "holes");
	add_all(v, LINE_HOLE, c->hole_n);
	add_noise(v);
	add_gaps(v);
	add_heading(v, "logging stopped, changed or started");
	add_all(v, LINE_CHANGE, c->change_n);
	add_heading(v, "data events");
	add_all(v, LINE_DATA, c->data_n);
	add_heading(v, "what the evidence cannot show");
	coverage_lacks(c, add_lack, v);
}

struct coverage_view *coverage_view_new(void)
{
	struct coverage_view *v = mem_zero(1, sizeof(*v));

	arena_init(&v->arena);
	return v;
}

static void coverage_close(void *state)
{
	struct coverage_view *v = state;

	free(v->line);
	arena_release(&v->arena);
	free(v);
}

static void coverage_refresh(void *state, struct desk *d)
{
	struct coverage_view *v = state;
	uint64_t number = d->snap ? snapshot_number(d->snap) : 0;

	if (!number || (v->c && v->made_of == number))
		return;
	v->c = desk_coverage(d);
	v->digest_files = desk_digests(d);
	v->made_of = number;
	make_lines(v);
	list_set_count(&v->list, v->n);
}

/* Drawing ----------------------------------------------------------------- */

static struct coverage_axis axis_for(const struct coverage_view *v,
				     const struct canvas *c)
{
	return coverage_axis(v->c, c->cols > LABEL_COLUMNS + 8 ?
					   (size_t)(c->cols - LABEL_COLUMNS) :
					   8);
}

static void coverage_title(const void *state, const struct desk *d,
			   struct arena *arena, struct safetext *left,
			   struct safetext *right)
{
	const struct coverage_view *v = state;

	(void)d;
	*left = safe_literal("B] coverage");
	*right = safe_join(
		arena,
		safe_literal("o:hole d:no digest X:logging stopped ~:changed "
			     "^:started "),
		list_position(&v->list, arena));
}

/* The times above the columns, and how wide one is. */
static void draw_axis(const struct desk *d, struct canvas *c,
		      const struct coverage_axis *axis, struct arena *a)
{
	struct strbuf text;
	int end = 0;

	strbuf_init(&text);
	strbuf_adds(&text, "a column ");
	coverage_step(axis, &text);
	canvas_text(c, 0, 1, safe_text(a, strbuf_str(&text), SAFE_LIST),
		    STYLE_MUTED);
	for (size_t k = 0; k < axis->n; k++) {
		int col = LABEL_COLUMNS + (int)k;

		strbuf_clear(&text);
		if (col < end || !coverage_tick(axis, k, &d->zone, &text) ||
		    col + (int)text.n > c->cols)
			continue;
		end = canvas_text(c, 0, col,
				  safe_text(a, strbuf_str(&text), SAFE_LIST),
				  STYLE_HEADING) +
		      1;
	}
	strbuf_release(&text);
}

static void draw_cell(struct canvas *c, int row, int col,
		      const struct coverage_cell *cell)
{
	static const struct {
		const char *sign;
		enum style_role style;
	} changed[] = {
		[COVERAGE_STOPPED] = { "X", STYLE_CRITICAL },
		[COVERAGE_CHANGED] = { "~", STYLE_HIGH },
		[COVERAGE_STARTED] = { "^", STYLE_OK },
	};
	unsigned level = 0;

	for (uint64_t n = cell->events; n && level < 4; n /= 10)
		level++;
	if (cell->changed)
		canvas_text(c, row, col,
			    safe_literal(changed[cell->effect].sign),
			    changed[cell->effect].style);
	else if (cell->hole || cell->gap)
		canvas_text(c, row, col,
			    cell->hole   ? safe_literal("o") :
			    cell->events ? safe_literal("D") :
					   safe_literal("d"),
			    STYLE_ERROR);
	else
		canvas_glyph(c, row, col, glyph_density(level), STYLE_NORMAL);
}

static void draw_place(const struct coverage_view *v, struct canvas *c, int row,
		       size_t i, const struct coverage_axis *axis,
		       struct arena *a)
{
	const struct coverage_place *p = &v->c->place[i];
	struct coverage_cell *cell = arena_alloc(a,
						 (axis->n + 1) * sizeof(*cell));
	struct strbuf count;

	strbuf_init(&count);
	strbuf_add_count(&count, p->events);
	canvas_text(c, row, 2,
		    list_cell(c, a,
			      p->region_text.n ? p->region_text :
						 STR("(no region)"),
			      REGION_COLUMNS, SAFE_CUT_END),
		    p->regular ? STYLE_NORMAL : STYLE_MUTED);
	canvas_text_end(c, row, LABEL_COLUMNS - 1,
			safe_text(a, strbuf_str(&count), SAFE_LIST),
			STYLE_NORMAL);
	coverage_cells(v->c, i, axis, cell);
	for (size_t k = 0; k < axis->n; k++)
		draw_cell(c, row, LABEL_COLUMNS + (int)k, &cell[k]);
	strbuf_release(&count);
}

static void add_span(const struct desk *d, struct strbuf *out, int64_t from,
		     int64_t until)
{
	time_format(out, from, TIME_MINUTE, &d->zone);
	strbuf_adds(out, " to ");
	time_format(out, until, TIME_MINUTE, &d->zone);
}

static void tell_hole(const struct coverage_view *v, const struct desk *d,
		      size_t i, struct strbuf *out)
{
	const struct coverage_hole *h = &v->c->hole[i];
	const struct coverage_place *p = &v->c->place[h->place];

	add_span(d, out, h->from, h->until);
	strbuf_adds(out, "  ");
	time_format_span(out, h->until - h->from);
	strbuf_adds(out, "  ");
	strbuf_add(out, p->account_text);
	strbuf_addc(out, ' ');
	strbuf_add(out, p->region_text);
	if (h->after == ROW_NONE)
		strbuf_adds(out, ", to the end");
}

static void tell_gap(const struct coverage_view *v, const struct desk *d,
		     size_t i, struct strbuf *out)
{
	const struct verify_item *m = &v->c->digests.item[i];
	const struct verify_chain *chain = &v->c->digests.chain[m->chain];

	add_span(d, out, m->first, m->last);
	strbuf_addf(out, "  %s  ", verify_state_name(m->state));
	strbuf_add(out, chain->account);
	strbuf_addc(out, ' ');
	strbuf_add(out, chain->region);
	strbuf_adds(out, ", trail ");
	strbuf_add(out, chain->trail);
}

static void tell_data(const struct coverage_view *v, const struct desk *d,
		      size_t i, struct strbuf *out)
{
	const struct coverage_data *data = &v->c->data[i];
	const int64_t *time = v->c->store->time;

	strbuf_add(out, data->account_text);
	strbuf_adds(out, "  ");
	strbuf_add(out, data->type);
	strbuf_adds(out, "  ");
	strbuf_add_count(out, data->events);
	strbuf_adds(out, "  ");
	add_span(d, out, time[data->first], time[data->last]);
}

static void tell_change(const struct coverage_view *v, const struct desk *d,
			size_t i, struct strbuf *out)
{
	const struct store *s = v->c->store;
	const struct coverage_call *call = v->c->change[i].call;
	row_id row = v->c->change[i].row;
	enum event_outcome outcome = store_outcome(s, row);
	struct arena a;

	arena_init(&a);
	time_format(out, s->time[row], TIME_MINUTE, &d->zone);
	strbuf_addf(out, "  %s %s: %s", call->log,
		    coverage_effect_name(call->effect), call->name);
	if (outcome != OUTCOME_OK)
		strbuf_addf(out, " (%s)", event_outcome_name(outcome));
	strbuf_adds(out, "  ");
	strbuf_add(out, actor_label(store_text(s, EVENT_ACTOR, row), &a));
	strbuf_adds(out, "  ");
	strbuf_add(out, store_text(s, EVENT_ACCOUNT, row));
	strbuf_addc(out, ' ');
	strbuf_add(out, store_text(s, EVENT_REGION, row));
	arena_release(&a);
}

/* A line in words. */
static void tell(const struct coverage_view *v, const struct desk *d,
		 const struct line *line, struct strbuf *out)
{
	const struct coverage *c = v->c;

	switch (line->kind) {
	case LINE_TEXT:
	case LINE_HEADING:
		strbuf_add(out, line->text);
		break;
	case LINE_ACCOUNT:
		strbuf_add(out, c->account[line->i].text.n ?
					c->account[line->i].text :
					STR("(no account)"));
		break;
	case LINE_PLACE:
		strbuf_add(out, c->place[line->i].region_text);
		break;
	case LINE_HOLE:
		tell_hole(v, d, line->i, out);
		break;
	case LINE_GAP:
		tell_gap(v, d, line->i, out);
		break;
	case LINE_DATA:
		tell_data(v, d, line->i, out);
		break;
	case LINE_CHANGE:
		tell_change(v, d, line->i, out);
		break;
	}
}

static enum style_role style_of(const struct coverage_view *v,
				const struct line *line)
{
	if (line->kind == LINE_HEADING || line->kind == LINE_ACCOUNT)
		return STYLE_HEADING;
	if (line->kind == LINE_HOLE || line->kind == LINE_GAP ||
	    (line->kind == LINE_CHANGE &&
	     v->c->change[line->i].call->effect == COVERAGE_STOPPED))
		return STYLE_ACCENT;
	return line->kind == LINE_TEXT ? STYLE_MUTED : STYLE_NORMAL;
}

static void draw_line(const struct coverage_view *v, const struct desk *d,
		      struct canvas *c, int row, const struct line *line,
		      const struct coverage_axis *axis, struct arena *a)
{
	struct strbuf text;

	if (line->kind == LINE_PLACE) {
		draw_place(v, c, row, line->i, axis, a);
		return;
	}
	strbuf_init(&text);
	tell(v, d, line, &text);
	canvas_text(c, row, 1,
		    list_cell(c, a, strbuf_str(&text), c->cols - 1,
			      SAFE_CUT_END),
		    style_of(v, line));
	strbuf_release(&text);
}

static void coverage_draw(const void *state, const struct desk *d,
			  struct canvas *c, const struct drawing *how)
{
	const struct coverage_view *v = state;
	struct coverage_axis axis;
	size_t row;

	if (!v->c) {
		canvas_text(c, 0, 1, safe_literal("loading"), STYLE_MUTED);
		return;
	}
	axis = axis_for(v, c);
	if (axis.n)
		draw_axis(d, c, &axis, how->arena);
	for (int line = 0; line + 1 < c->rows; line++) {
		if (!list_row_at(&v->list, (size_t)line, &row) || row >= v->n)
			break;
		draw_line(v, d, c, line + 1, &v->line[row], &axis, how->arena);
		draw_cursor(c, line + 1, row == v->list.cursor, how->focused);
		draw_matches(c, line + 1, how->searched);
	}
}

/* Going there ------------------------------------------------------------- */

static void narrow_to(struct app *app, const char *field, struct str value)
{
	struct err err;

	if (value.n &&
	    desk_add_term(app_desk(app), str_of(field), value, true, &err))
		app_say(app, "%s", err.msg);
}

/* Texts are the store's; the view is closed, the desk's coverage stays. */
static void drill(struct coverage_view *v, struct app *app)
{
	const struct line *line = v->list.cursor < v->n ?
					  &v->line[v->list.cursor] :
					  NULL;
	const struct coverage *c = v->c;
	enum line_kind kind = line ? line->kind : LINE_TEXT;
	size_t i = line ? line->i : 0;
	struct desk *d = app_desk(app);

	if (kind == LINE_TEXT || kind == LINE_HEADING) {
		app_say(app,
			"Enter on a region, hole, gap, change or kind of data "
			"goes to its events");
		return;
	}
	if (kind == LINE_CHANGE) {
		row_id row = c->change[i].row;

		app_close_overlay(app);
		app_look_around(app, row);
		return;
	}
	app_remember(app);
	app_close_overlay(app);
	switch (kind) {
	case LINE_ACCOUNT:
		narrow_to(app, "recipientAccountId", c->account[i].text);
		break;
	case LINE_PLACE:
		narrow_to(app, "recipientAccountId", c->place[i].account_text);
		narrow_to(app, "region", c->place[i].region_text);
		break;
	case LINE_DATA:
		narrow_to(app, "recipientAccountId", c->data[i].account_text);
		narrow_to(app, "eventSource", c->data[i].source_text);
		break;
	case LINE_GAP:
		desk_set_window(d, c->digests.item[i].first,
				c->digests.item[i].last);
		break;
	case LINE_HOLE:
		/* What went on elsewhere meanwhile, and at its edges. */
		desk_set_window(d, c->hole[i].from - COVERAGE_QUARTER_MS,
				c->hole[i].until + COVERAGE_QUARTER_MS);
		desk_select(d, c->hole[i].before);
		break;
	default:
		break;
	}
	d->version++;
	app_focus(app, PANE_TIMELINE);
}

static bool coverage_command(void *state, struct app *app,
			     enum screen_command cmd, struct str argument)
{
	struct coverage_view *v = state;

	(void)argument;
	switch (cmd) {
	case DO_DRILL:
		if (v->c)
			drill(v, app);
		return true;
	case DO_COVERAGE:
		app_close_overlay(app);
		return true;
	default:
		return false;
	}
}

/* Where logging was changed. */
static row_id coverage_event(const void *state, const struct desk *d,
			     size_t *of)
{
	const struct coverage_view *v = state;
	const struct line *line = v->c && v->list.cursor < v->n ?
					  &v->line[v->list.cursor] :
					  NULL;

	(void)d;
	(void)of;
	return line && line->kind == LINE_CHANGE ? v->c->change[line->i].row :
						   ROW_NONE;
}

static struct list *coverage_list(void *state)
{
	return &((struct coverage_view *)state)->list;
}

static void coverage_row_text(const void *state, const struct desk *d,
			      size_t row, struct strbuf *out)
{
	const struct coverage_view *v = state;

	tell(v, d, &v->line[row], out);
}

const struct pane_class overlay_coverage = {
	.name = "Coverage",
	.context = IN_COVERAGE,
	.close = coverage_close,
	.refresh = coverage_refresh,
	.title = coverage_title,
	.draw = coverage_draw,
	.command = coverage_command,
	.list = coverage_list,
	.row_text = coverage_row_text,
	.event = coverage_event,
};
