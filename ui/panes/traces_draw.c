/* SPDX-License-Identifier: MIT */
/* How the views of traces look. */
#include "model/identity.h"
#include "ui/panes/traces_private.h"

/* From these widths on there is room for more. */
enum { ACTOR_COLS = 100, CALL_COLS = 140, TIMES_COLS = 150 };

/* Words -------------------------------------------------------------------- */

static void add_time(const struct desk *d, row_id row, struct strbuf *out)
{
	time_format(out, d->snap->store->time[row],
		    desk_spans_days(d) ? TIME_DATETIME : TIME_CLOCK, &d->zone);
}

static void add_actor(const struct desk *d, row_id row, struct strbuf *out)
{
	struct arena arena;

	arena_init(&arena);
	strbuf_add(out,
		   actor_label(store_text(d->snap->store, EVENT_ACTOR, row),
			       &arena));
	arena_release(&arena);
}

/* "12 read, 3 listed, shared with 999988887777" */
static void add_how(const struct touched *t, struct strbuf *out)
{
	size_t from = out->n;

	for (int i = 0; i < TOUCH_COUNT; i++)
		if (t->count[i])
			strbuf_addf(out, "%s%u %s", out->n > from ? ", " : "",
				    t->count[i], touch_name((enum touch)i));
	if (t->denied)
		strbuf_addf(out, "%s%u denied", out->n > from ? ", " : "",
			    t->denied);
	if (t->failed)
		strbuf_addf(out, "%s%u failed", out->n > from ? ", " : "",
			    t->failed);
	if (t->shared_with.n) {
		strbuf_adds(out, " with ");
		strbuf_add(out, t->shared_with);
	}
}

static void tell_lasting(const struct desk *d, const struct lasting *x,
			 struct strbuf *out)
{
	strbuf_addf(out, "%s ", x->what);
	strbuf_add(out, x->name);
	strbuf_adds(out, ": ");
	strbuf_add(out, store_text(d->snap->store, EVENT_NAME, x->row));
	strbuf_addc(out, ' ');
	add_time(d, x->row, out);
	strbuf_adds(out, " by ");
	add_actor(d, x->row, out);
	if (x->gone == ROW_NONE) {
		strbuf_adds(out, "; nothing in the evidence takes it away");
		return;
	}
	strbuf_adds(out, "; gone: ");
	strbuf_add(out, store_text(d->snap->store, EVENT_NAME, x->gone));
	strbuf_addc(out, ' ');
	add_time(d, x->gone, out);
	strbuf_adds(out, " by ");
	add_actor(d, x->gone, out);
}

static void tell_touched(const struct desk *d, const struct touched *t,
			 struct strbuf *out)
{
	struct arena arena;

	arena_init(&arena);
	strbuf_add(out, actor_label(t->actor, &arena));
	arena_release(&arena);
	strbuf_adds(out, ": ");
	add_how(t, out);
	strbuf_adds(out, "; ");
	strbuf_add(out, t->resource);
	strbuf_adds(out, " in ");
	strbuf_add(out, t->account);
	strbuf_adds(out, ", ");
	strbuf_add_count(out, t->bytes_in);
	strbuf_adds(out, " bytes in, ");
	strbuf_add_count(out, t->bytes_out);
	strbuf_adds(out, " out; first ");
	add_time(d, t->first, out);
	strbuf_adds(out, " last ");
	add_time(d, t->last, out);
}

static void tell_reached(const struct traces_view *v, const struct desk *d,
			 size_t i, struct strbuf *out)
{
	const struct lineage *l = v->find.snap->lineage;
	const struct reached *at = traces_reached(&v->find, i);

	(void)d;
	node_describe(l, lineage_other_end(at->edge, at->node), out);
	strbuf_addf(out, " %s ", reached_verb(at));
	node_describe(l, at->node, out);
	strbuf_addf(out, ", %u events since; ", v->find.lines.line[i].events);
	link_evidence(l, at->edge, out);
}

void traces_tell(const struct traces_view *v, const struct desk *d, size_t i,
		 struct strbuf *out)
{
	if (v->find.kind == TRACES_PERSIST)
		tell_lasting(d, traces_lasting(v, i), out);
	else if (v->find.kind == TRACES_DATA)
		tell_touched(d, traces_touched(v, i), out);
	else
		tell_reached(v, d, i, out);
}

/* Rows --------------------------------------------------------------------- */

static void draw_level(const struct desk *d, struct canvas *c, int row,
		       row_id at)
{
	int level = marks_level(&d->snap->marks, at);

	if (level >= 0)
		canvas_text(c, row, 1, level_text((enum level)level),
			    level_style((enum level)level));
}

/* A raw text in a column. */
static void draw_raw(struct canvas *c, int row, int col, int width,
		     struct str raw, struct arena *a)
{
	if (width > 0)
		canvas_text(c, row, col,
			    list_cell(c, a, raw, width, SAFE_CUT_MIDDLE),
			    STYLE_NORMAL);
}

/* A raw text that ends before a column; returns where the next one ends. */
static int draw_end(struct canvas *c, int row, int end, int width,
		    struct str raw, enum style_role style, struct arena *a)
{
	canvas_text_end(c, row, end, list_cell(c, a, raw, width, SAFE_CUT_END),
			style);
	return end - width - 1;
}

enum { WHAT_WIDTH = 21, STILL_WIDTH = 13, STILL_DATED = 16, CALL_WIDTH = 26 };

/* Columns for an actor. */
static int actor_width(const struct canvas *c)
{
	return c->cols >= CALL_COLS ? 36 : c->cols >= ACTOR_COLS ? 26 : 18;
}

/* "gone 06:22:01"; over several days "gone 01-09 06:22". */
static void add_gone(struct strbuf *out, int64_t t, const struct desk *d)
{
	struct time_parts p;

	strbuf_adds(out, "gone ");
	p = time_split(t == TIME_NONE ? 0 : t, &d->zone);
	if (desk_spans_days(d) && t != TIME_NONE)
		strbuf_addf(out, "%02d-%02d %02d:%02d", p.month, p.day, p.hour,
			    p.minute);
	else
		time_format(out, t, TIME_CLOCK, &d->zone);
}

static void draw_lasting(const struct desk *d, struct canvas *c, int row,
			 const struct lasting *x, struct arena *a)
{
	const struct store *s = d->snap->store;
	int col, end = c->cols - 1;
	struct strbuf text;

	draw_level(d, c, row, x->row);
	col = canvas_text(c, row, 3,
			  time_cell(d, s->time[x->row], TIME_NONE,
				    desk_spans_days(d), a),
			  STYLE_MUTED) +
	      2;
	draw_raw(c, row, col, WHAT_WIDTH, str_of(x->what), a);
	col += WHAT_WIDTH + 1;
	strbuf_init(&text);
	if (x->gone == ROW_NONE) {
		strbuf_adds(&text, "still there");
	} else {
		add_gone(&text, s->time[x->gone], d);
	}
	end = draw_end(c, row, end,
		       desk_spans_days(d) ? STILL_DATED : STILL_WIDTH,
		       strbuf_str(&text),
		       x->gone == ROW_NONE ? STYLE_ACCENT : STYLE_MUTED, a);
	if (c->cols >= ACTOR_COLS) {
		strbuf_clear(&text);
		add_actor(d, x->row, &text);
		draw_raw(c, row, end - actor_width(c), actor_width(c),
			 strbuf_str(&text), a);
		end -= actor_width(c) + 1;
	}
	if (c->cols >= CALL_COLS) {
		draw_raw(c, row, end - CALL_WIDTH, CALL_WIDTH,
			 event_base_name(store_text(s, EVENT_NAME, x->row)), a);
		end -= CALL_WIDTH + 1;
	}
	draw_raw(c, row, col, end - col, x->name, a);
	strbuf_release(&text);
}

enum { KIND_WIDTH = 15, NUMBER_WIDTH = 13, OBJECTS_WIDTH = 7, HOW_WIDTH = 24 };

/* A secret has no objects, and nobody says how many bytes it had. */
static void add_amount(struct strbuf *out, const struct touched *t, uint64_t n)
{
	if (n || strcmp(t->kind, "bucket") == 0)
		strbuf_add_count(out, n);
	else
		strbuf_addc(out, '-');
}

static void draw_touched(const struct desk *d, struct canvas *c, int row,
			 const struct touched *t, struct arena *a)
{
	const struct store *s = d->snap->store;
	int end = c->cols - 1;
	struct strbuf text;

	strbuf_init(&text);
	if (c->cols >= TIMES_COLS) {
		for (int i = 0; i < 2; i++) {
			struct safetext time =
				time_cell(d, s->time[i ? t->first : t->last],
					  TIME_NONE, desk_spans_days(d), a);

			end = canvas_text_end(c, row, end, time, STYLE_MUTED) -
			      2;
		}
	}
	if (c->cols >= ACTOR_COLS) {
		add_how(t, &text);
		draw_raw(c, row, end - HOW_WIDTH, HOW_WIDTH, strbuf_str(&text),
			 a);
		end -= HOW_WIDTH + 2;
	}
	strbuf_clear(&text);
	add_amount(&text, t, t->bytes_out);
	end = draw_end(c, row, end, NUMBER_WIDTH, strbuf_str(&text),
		       t->bytes_out ? STYLE_ACCENT : STYLE_MUTED, a);
	if (c->cols >= TIMES_COLS) {
		strbuf_clear(&text);
		add_amount(&text, t, t->bytes_in);
		end = draw_end(c, row, end, NUMBER_WIDTH, strbuf_str(&text),
			       STYLE_NORMAL, a);
	}
	strbuf_clear(&text);
	add_amount(&text, t, t->objects);
	end = draw_end(c, row, end, OBJECTS_WIDTH, strbuf_str(&text),
		       STYLE_NORMAL, a) -
	      1;
	strbuf_clear(&text);
	strbuf_add(&text, actor_label(t->actor, a));
	draw_raw(c, row, 1, KIND_WIDTH, str_of(t->kind), a);
	if (t->count[TOUCH_SHARE])
		canvas_text(c, row, 0, safe_literal("!"), STYLE_HIGH);
	draw_raw(c, row, end - actor_width(c), actor_width(c),
		 strbuf_str(&text), a);
	end -= actor_width(c) + 1;
	draw_raw(c, row, KIND_WIDTH + 2, end - KIND_WIDTH - 2,
		 t->resource.n ? t->resource : STR("(not said)"), a);
	strbuf_release(&text);
}

static void draw_reached(const struct traces_view *v, const struct desk *d,
			 struct canvas *c, int row, size_t i, struct arena *a)
{
	const struct lineage *l = v->find.snap->lineage;
	const struct reached *at = traces_reached(&v->find, i);
	const struct reach_line *line = &v->find.lines.line[i];
	int col, end = c->cols - 1;
	struct strbuf text;

	strbuf_init(&text);
	col = desk_spans_days(d) ? 16 : 10;
	/* What somebody has had all along has no beginning. */
	if (at->since != TIME_NONE)
		canvas_text(c, row, 1,
			    time_cell(d, at->since, TIME_NONE,
				      desk_spans_days(d), a),
			    STYLE_MUTED);
	strbuf_addf(&text, "%u ev", line->events);
	end = draw_end(c, row, end, 9, strbuf_str(&text), STYLE_NORMAL, a);
	end = draw_end(c, row, end, 8, str_of(certainty_name(at->certainty)),
		       STYLE_MUTED, a);
	if (c->cols >= CALL_COLS)
		end = draw_end(c, row, end, 12,
			       lineage_account_text(l, at->node), STYLE_NORMAL,
			       a);
	strbuf_clear(&text);
	if (c->cols >= ACTOR_COLS) {
		node_describe(l, lineage_other_end(at->edge, at->node), &text);
		strbuf_addc(&text, ' ');
	}
	strbuf_addf(&text, "%s ", reached_verb(at));
	node_describe(l, at->node, &text);
	if (line->n > 1)
		strbuf_addf(&text, " x%u", line->n);
	draw_raw(c, row, col, end - col, strbuf_str(&text), a);
	strbuf_release(&text);
}

/* The heading -------------------------------------------------------------- */

static int head_end(struct canvas *c, int end, const char *word)
{
	return canvas_text_end(c, 0, end, safe_literal(word), STYLE_HEADING);
}

/* Where draw_touched puts them. */
static void draw_data_heading(const struct desk *d, struct canvas *c,
			      struct arena *a)
{
	int time_width =
		(int)time_cell(d, 0, TIME_NONE, desk_spans_days(d), a).width;
	int end = c->cols - 1;

	canvas_text(c, 0, 1, safe_literal("data"), STYLE_HEADING);
	if (c->cols >= TIMES_COLS) {
		canvas_text(c, 0, end - time_width, safe_literal("last"),
			    STYLE_HEADING);
		end -= time_width + 2;
		canvas_text(c, 0, end - time_width, safe_literal("first"),
			    STYLE_HEADING);
		end -= time_width + 2;
	}
	if (c->cols >= ACTOR_COLS) {
		canvas_text(c, 0, end - HOW_WIDTH, safe_literal("how"),
			    STYLE_HEADING);
		end -= HOW_WIDTH + 2;
	}
	head_end(c, end, "bytes out");
	end -= NUMBER_WIDTH + 1;
	if (c->cols >= TIMES_COLS) {
		head_end(c, end, "bytes in");
		end -= NUMBER_WIDTH + 1;
	}
	head_end(c, end, "objects");
	end -= OBJECTS_WIDTH + 2;
	canvas_text(c, 0, end - actor_width(c), safe_literal("who"),
		    STYLE_HEADING);
}

static void draw_heading(const struct traces_view *v, const struct desk *d,
			 struct canvas *c, struct arena *a)
{
	switch (v->find.kind) {
	case TRACES_PERSIST:
		canvas_text(c, 0, 3, safe_literal("made or changed"),
			    STYLE_HEADING);
		break;
	case TRACES_DATA:
		draw_data_heading(d, c, a);
		break;
	case TRACES_REACH:
		canvas_text(c, 0, 1, safe_literal("since"), STYLE_HEADING);
		break;
	}
}

static void draw_foot(const struct traces_view *v, const struct desk *d,
		      struct canvas *c, struct arena *a)
{
	int row = c->rows - TRACES_FOOT;
	size_t unread = v->find.kind == TRACES_PERSIST ?
				v->find.lasting.kept.unread :
				v->find.touched.unread;
	struct strbuf text;

	if (row < 2)
		return;
	strbuf_init(&text);
	if (v->list.cursor < traces_count(&v->find))
		traces_tell(v, d, v->list.cursor, &text);
	canvas_text(c, row, 1,
		    list_cell(c, a, strbuf_str(&text), c->cols - 2,
			      SAFE_CUT_END),
		    STYLE_MUTED);
	strbuf_clear(&text);
	if (unread)
		strbuf_addf(&text, "%zu records could not be read; ", unread);
	strbuf_add(&text, strbuf_str(&v->lacks));
	canvas_text(c, row + 1, 1,
		    list_cell(c, a, strbuf_str(&text), c->cols - 2,
			      SAFE_CUT_END),
		    STYLE_ACCENT);
	strbuf_release(&text);
}

static void draw_nothing(const struct traces_view *v, struct canvas *c,
			 struct arena *a)
{
	draw_none(c,
		  v->running      ? safe_literal("reading records") :
		  !v->find.nobody ? safe_literal("nothing") :
		  v->find.of == TRACES_INCIDENT ?
				    safe_literal("no incident is there") :
				    safe_literal("no identity is selected"),
		  strbuf_str(&v->lacks), a);
}

void traces_draw(const void *state, const struct desk *d, struct canvas *c,
		 const struct drawing *how)
{
	const struct traces_view *v = state;
	size_t row;

	if (!v->has || !traces_count(&v->find) || v->find.snap != d->snap) {
		draw_nothing(v, c, how->arena);
		return;
	}
	draw_heading(v, d, c, how->arena);
	for (int line = 0; line < c->rows - 1 - TRACES_FOOT; line++) {
		if (!list_row_at(&v->list, (size_t)line, &row) ||
		    row >= traces_count(&v->find))
			break;
		if (v->find.kind == TRACES_PERSIST)
			draw_lasting(d, c, line + 1, traces_lasting(v, row),
				     how->arena);
		else if (v->find.kind == TRACES_DATA)
			draw_touched(d, c, line + 1, traces_touched(v, row),
				     how->arena);
		else
			draw_reached(v, d, c, line + 1, row, how->arena);
		draw_cursor(c, line + 1, row == v->list.cursor, how->focused);
		draw_matches(c, line + 1, how->searched);
	}
	draw_foot(v, d, c, how->arena);
}
