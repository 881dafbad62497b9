/* SPDX-License-Identifier: MIT */
/* How the values of a field look. */
#include "ui/panes/values_private.h"

/* What stands beside a value, the rightmost first to go where the value needs
 * the room more; 0 columns: it is not shown. Numbers end before their column
 * `_end`, times and the bar begin at theirs. */
struct columns {
	int value;
	int count_end, share_end, principals_end;
	int first, last, novelty, bar;
	int bar_cols;
	bool dates, long_names;
};

enum { VALUE_LEAST = 18, VALUE_MOST = 70, BAR_MOST = 40 };
enum { COUNT = 10, SHARE = 7, PRINCIPALS = 5, PRINCIPALS_LONG = 12 };
enum { NOVELTY = 5, WITH_BAR = 28, WITH_LONG_BAR = 38 };

/* Takes columns from the value's, if it can spare them. */
static int take(int *left, int columns)
{
	if (*left - columns < VALUE_LEAST)
		return 0;
	*left -= columns;
	return columns;
}

static struct columns lay_out(const struct values_view *v, const struct desk *d,
			      int cols)
{
	struct columns at = { .dates = desk_spans_days(d),
			      .long_names = cols >= 100 };
	int left = cols - 2, when = at.dates ? 16 : 10;
	int count = COUNT < left ? COUNT : left, share, who, first, last, new;
	int end;

	left -= count;
	new = v->since == TIME_NONE ? 0 : take(&left, NOVELTY);
	share = take(&left, SHARE);
	who = take(&left, at.long_names ? PRINCIPALS_LONG : PRINCIPALS);
	first = take(&left, when);
	last = take(&left, when);
	if (last && left >= WITH_BAR)
		at.bar_cols = left >= WITH_LONG_BAR ? 9 : 5;
	if (at.bar_cols && left - at.bar_cols - 2 > VALUE_MOST)
		at.bar_cols = left - VALUE_MOST - 2;
	if (at.bar_cols > BAR_MOST)
		at.bar_cols = BAR_MOST;
	at.value = left - (at.bar_cols ? at.bar_cols + 2 : 0);
	end = 1 + at.value + count;
	at.count_end = end;
	at.share_end = share ? end += share : 0;
	at.principals_end = who ? end += who : 0;
	at.first = first ? end + 2 : 0;
	end += first;
	at.last = last ? end + 2 : 0;
	end += last;
	at.bar = at.bar_cols ? end + 2 : 0;
	end += at.bar_cols ? at.bar_cols + 2 : 0;
	at.novelty = new ? end + 2 : 0;
	return at;
}

static void draw_head(struct canvas *c, const struct columns *at)
{
	const enum style_role style = STYLE_HEADING;

	canvas_text(c, 0, 1, safe_literal("value"), style);
	canvas_text_end(c, 0, at->count_end, safe_literal("count"), style);
	if (at->share_end)
		canvas_text_end(c, 0, at->share_end, safe_literal("%"), style);
	if (at->principals_end)
		canvas_text_end(c, 0, at->principals_end,
				at->long_names ? safe_literal("principals") :
						 safe_literal("prin"),
				style);
	if (at->first)
		canvas_text(c, 0, at->first, safe_literal("first"), style);
	if (at->last)
		canvas_text(c, 0, at->last, safe_literal("last"), style);
}

/* As long as the value is frequent, and never nothing. */
static void draw_bar(struct canvas *c, int row, const struct columns *at,
		     uint32_t count, uint32_t most)
{
	unsigned eighths =
		(unsigned)((uint64_t)count * 8 * (unsigned)at->bar_cols / most);

	if (!eighths)
		eighths = 1;
	for (int i = 0; eighths; i++) {
		unsigned here = eighths > 8 ? 8 : eighths;

		canvas_glyph(c, row, at->bar + i, glyph_bar(here), STYLE_MUTED);
		eighths -= here;
	}
}

static void draw_value(const struct values_view *v, const struct desk *d,
		       struct canvas *c, int row, const struct stat_value *s,
		       const struct columns *at, struct arena *a)
{
	const struct store *store = v->snap->store;
	struct strbuf count;

	strbuf_init(&count);
	strbuf_add_count(&count, s->count);
	canvas_text(c, row, 1,
		    list_cell(c, a, s->text.n ? s->text : STR("\"\""),
			      at->value, SAFE_CUT_MIDDLE),
		    STYLE_NORMAL);
	canvas_text_end(c, row, at->count_end,
			safe_text(a, strbuf_str(&count), SAFE_LIST),
			STYLE_NORMAL);
	strbuf_release(&count);
	if (at->share_end)
		canvas_text_end(
			c, row, at->share_end,
			safe_format(a, "%.2f",
				    v->stats.rows ?
					    100.0 * s->count /
						    (double)v->stats.rows :
					    0.0),
			STYLE_NORMAL);
	if (at->principals_end)
		canvas_text_end(c, row, at->principals_end,
				safe_format(a, "%u", s->principals),
				STYLE_NORMAL);
	if (at->first)
		canvas_text(c, row, at->first,
			    time_cell(d, store->time[s->first], TIME_NONE,
				      at->dates, a),
			    STYLE_MUTED);
	if (at->last)
		canvas_text(c, row, at->last,
			    time_cell(d, store->time[s->last], TIME_NONE,
				      at->dates, a),
			    STYLE_MUTED);
	if (at->bar)
		draw_bar(c, row, at, s->count, v->most);
	if (at->novelty && s->is_new)
		canvas_text(c, row, at->novelty, safe_literal("NEW"),
			    STYLE_ACCENT);
}

/* What new is measured against; without anything nothing is new. */
static void add_baseline(const struct values_view *v, struct strbuf *out)
{
	if (v->since == TIME_NONE) {
		strbuf_adds(out, "no baseline: all that is loaded is in scope");
		return;
	}
	if (v->loaded == TIME_NONE || v->loaded >= v->since) {
		strbuf_adds(out,
			    "no baseline: nothing is loaded before the scope");
		return;
	}
	if (v->before.running || values_counting(v)) {
		strbuf_adds(out, "comparing with what was before");
		return;
	}
	strbuf_adds(out, "NEW: not in the ");
	time_format_span(out, v->since - v->loaded);
	strbuf_adds(out, " loaded before the scope");
}

static void draw_foot(const struct values_view *v, struct canvas *c,
		      struct arena *a)
{
	struct strbuf text;

	strbuf_init(&text);
	strbuf_add_count(&text, v->stats.n);
	strbuf_adds(&text, " distinct, ");
	strbuf_add_count(&text, v->stats.without);
	strbuf_adds(&text, " empty");
	if (v->stats.unread) {
		strbuf_adds(&text, ", ");
		strbuf_add_count(&text, v->stats.unread);
		strbuf_adds(&text, " unread");
	}
	strbuf_adds(&text, "   ");
	add_baseline(v, &text);
	canvas_text(c, c->rows - 1, 1,
		    list_cell(c, a, strbuf_str(&text), c->cols - 2,
			      SAFE_CUT_END),
		    STYLE_MUTED);
	strbuf_release(&text);
}

const char *const values_orders[STATS_ORDERS] = { "top", "rare", "first" };

void values_title(const void *state, const struct desk *d, struct arena *arena,
		  struct safetext *left, struct safetext *right)
{
	const struct values_view *v = state;
	struct strbuf text;

	strbuf_init(&text);
	*left = safe_join(arena, safe_literal("v] values of "),
			  safe_text(arena, strbuf_str(&v->field), SAFE_LIST));
	if (v->has_stats) {
		strbuf_adds(&text, " in ");
		strbuf_add_count(&text, v->stats.rows);
		strbuf_adds(&text, v->run ? " ev (counting)" : " ev");
		*left = safe_join(arena, *left,
				  safe_text(arena, strbuf_str(&text),
					    SAFE_LIST));
	}
	strbuf_release(&text);
	*right = safe_join(
		arena, desk_hidden_text(d, arena),
		safe_join(arena,
			  safe_format(arena, "t:top r:rare f:first [%s%s] ",
				      values_orders[v->order],
				      v->reversed ? " reversed" : ""),
			  list_position(&v->list, arena)));
}

void values_draw(const void *state, const struct desk *d, struct canvas *c,
		 const struct drawing *how)
{
	const struct values_view *v = state;
	struct columns at;
	size_t row;

	if (!v->has_stats || !v->stats.n) {
		canvas_text(c, 0, 1,
			    values_counting(v) ? safe_literal("counting") :
						 safe_literal("no values"),
			    STYLE_MUTED);
		return;
	}
	at = lay_out(v, d, c->cols);
	draw_head(c, &at);
	for (int line = 0; line + VALUES_HEAD + VALUES_FOOT < c->rows; line++) {
		int on = line + VALUES_HEAD;

		if (!list_row_at(&v->list, (size_t)line, &row) ||
		    row >= v->stats.n)
			break;
		draw_value(v, d, c, on, &v->stats.value[row], &at, how->arena);
		draw_cursor(c, on, row == v->list.cursor, how->focused);
		draw_matches(c, on, how->searched);
	}
	draw_foot(v, c, how->arena);
}
