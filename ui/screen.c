/* SPDX-License-Identifier: MIT */
/* What stands around the panes: title, crumbs, tactics, histogram, hints,
 * prompt. */
#include <inttypes.h>

#include "model/identity.h"
#include "command/screen_hint.h"
#include "ui/app_private.h"
#include "ui/keymap.h"
#include "ui/panes/attack_cells.h"
#include "ui/panes/said.h"

/* Title ------------------------------------------------------------------- */

static struct safetext zone_text(struct app *a)
{
	struct safetext safe;
	struct strbuf text;

	strbuf_init(&text);
	desk_zone_text(a->desk, &text);
	safe = safe_text(&a->frame, strbuf_str(&text), SAFE_LIST);
	strbuf_release(&text);
	return safe;
}

static struct safetext span_text(struct app *a)
{
	const struct desk *d = a->desk;
	struct safetext safe;
	struct strbuf text;
	int64_t first, last;

	if (!d->snap || !store_span(d->snap->store, &first, &last))
		return safe_literal("");
	strbuf_init(&text);
	time_format(&text, first, TIME_MINUTE, &d->zone);
	strbuf_addf(&text, " %s ", a->options.unicode ? "\xe2\x86\x92" : ">");
	time_format(&text, last, TIME_MINUTE, &d->zone);
	strbuf_addc(&text, ' ');
	desk_zone_text(d, &text);
	safe = safe_text(&a->frame, strbuf_str(&text),
			 a->options.unicode ? SAFE_UNICODE : SAFE_ASCII);
	strbuf_release(&text);
	return safe;
}

/* "loading 12/55 files 8100 rec 310 MB/s 3s left" */
static struct safetext progress_text(struct app *a)
{
	const struct desk *d = a->desk;
	const struct ingest_progress *p = &d->load.progress;
	uint64_t speed = p->content_bytes / 1000 /
			 (uint64_t)(d->load.elapsed_ms + 1);
	uint64_t left;

	if (!p->bytes)
		return safe_format(&a->frame, "loading %" PRIu64 " files",
				   p->files_total);
	if (!ingest_seconds_left(p, d->load.elapsed_ms, &left))
		return safe_format(&a->frame,
				   "loading %" PRIu64 "/%" PRIu64
				   " files %" PRIu64 " rec",
				   p->files, p->files_total, p->records);
	return safe_format(&a->frame,
			   "loading %" PRIu64 "/%" PRIu64 " files %" PRIu64
			   " rec %" PRIu64 " MB/s %" PRIu64 "s left",
			   p->files, p->files_total, p->records, speed, left);
}

/* How far it is while it loads, then what was skipped. */
static struct safetext load_text(struct app *a)
{
	const struct desk *d = a->desk;

	if (d->load.loading)
		return progress_text(a);
	if (d->snap && d->snap->store->partial)
		return safe_literal("PARTIAL");
	if (d->snap &&
	    (d->snap->store->skips.n || d->snap->gave_up || d->snap->left_out))
		return safe_format(&a->frame, "!%" PRIu64,
				   d->snap->store->skips.n +
					   d->snap->store->skips.unlisted +
					   d->snap->gave_up +
					   d->snap->left_out);
	return safe_literal("");
}

/* What is going on: "following +120", and what the load says. */
static struct safetext state_text(struct app *a)
{
	struct safetext load = load_text(a), safe;
	struct strbuf text;

	strbuf_init(&text);
	follow_title(a, &text);
	if (choosing_busy(a))
		strbuf_adds(&text, text.n ? "  selecting" : "selecting");
	if (text.n && load.width)
		strbuf_adds(&text, "  ");
	safe = safe_join(&a->frame,
			 safe_text(&a->frame, strbuf_str(&text), SAFE_LIST),
			 load);
	strbuf_release(&text);
	return safe;
}

/* What there is, where the row below says what of it is shown; where no such
 * row is, and something narrows, the way that led here. */
static void draw_title(struct app *a, struct canvas *all)
{
	struct canvas c = canvas_sub(all, a->layout.title);
	struct arena *f = &a->frame;
	struct safetext load = state_text(a), span = span_text(a), said;
	struct safetext zone = zone_text(a);
	struct safetext events =
		safe_count(f, a->desk->snap ? a->desk->snap->store->n : 0);
	int col, name_width;

	canvas_fill(&c, (struct rect){ 0, 0, 1, c.cols }, STYLE_TITLE);
	said = said_counts(a->desk, &c, f);
	if (said.width && load.width)
		said = safe_join(f, said, safe_literal(" "));
	load = safe_join(f, said, load);
	col = canvas_text(&c, 0, 1, safe_literal("trawl"), STYLE_TITLE) + 2;
	if (rect_empty(a->layout.crumbs) && app_narrows(a)) {
		if (load.width)
			load = safe_join(f, load, safe_literal("  "));
		app_draw_way(a, &c, col, safe_join(f, load, zone));
		return;
	}
	name_width = c.cols - col -
		     (int)(events.width + span.width + load.width) - 12;
	if (name_width > 4) {
		struct safetext name = list_cell(&c, f, strbuf_str(&a->name),
						 name_width, SAFE_CUT_MIDDLE);

		col = canvas_text(&c, 0, col, name, STYLE_TITLE) + 2;
	}
	col = canvas_text(&c, 0, col, events, STYLE_TITLE);
	col = canvas_text(&c, 0, col, safe_literal(" ev"), STYLE_TITLE) + 2;
	/* Where the span has no room, the zone of all times still has. */
	if (!span.width ||
	    col + (int)span.width + (int)load.width + 2 >= c.cols)
		span = zone;
	col = canvas_text(&c, 0, col, span, STYLE_TITLE) + 2;
	load = safe_fit(f, load, col < c.cols ? (size_t)(c.cols - col) : 0,
			SAFE_CUT_END, canvas_glyph_text(&c, GLYPH_ELLIPSIS).p);
	canvas_text_end(&c, 0, c.cols - 1, load, STYLE_TITLE);
}

/* Tactics ----------------------------------------------------------------- */

struct tactic_counts {
	enum attack_version version;
	enum attack_tactic order[TACTIC_COUNT];
	size_t n; /* of `order` */
	unsigned alerts[TACTIC_COUNT];
	int worst[TACTIC_COUNT];
};

static void count_tactics(const struct desk *d, struct tactic_counts *k)
{
	*k = (struct tactic_counts){ .version = d->attack };
	k->n = attack_order(k->version, k->order);
	for (size_t i = 0; i < d->alerts.n; i++) {
		const struct alert *al = &d->alerts.alert[i];

		for (size_t j = 0; j < k->n; j++) {
			enum attack_tactic t = k->order[j];

			if (!(al->rule->tactics &
			      attack_tactic_as(k->version, t).covers))
				continue;
			if (!k->alerts[t]++ || (int)al->level > k->worst[t])
				k->worst[t] = (int)al->level;
		}
	}
}

/* "InAc 9" with what stands between the name and the count. */
static struct safetext tactic_text(struct arena *a, const char *within,
				   const struct tactic_counts *k,
				   enum attack_tactic t)
{
	return safe_format(a, "%s%s%u",
			   attack_tactic_as(k->version, t).abbreviation, within,
			   k->alerts[t]);
}

/* How alerts of tactics are written so that all have room, if that can be. */
struct tactic_way {
	const char *within;
	int gap;
};

static struct tactic_way tactic_way(const struct tactic_counts *k, int cols,
				    struct arena *a)
{
	static const struct tactic_way way[] = { { " ", 2 },
						 { " ", 1 },
						 { "", 1 } };
	size_t i = 0;

	for (; i + 1 < ARRAY_SIZE(way); i++) {
		int end = 1 - way[i].gap;

		for (int t = 0; t < TACTIC_COUNT; t++)
			if (k->alerts[t])
				end += (int)tactic_text(a, way[i].within, k,
							(enum attack_tactic)t)
					       .width +
				       way[i].gap;
		if (end <= cols)
			break;
	}
	return way[i];
}

/* None may be missing: a tactic that is not there has no alerts. So where they
 * are many the blanks go first, and of what is left then the number is told. */
static void draw_tactics(struct app *a, struct canvas *all)
{
	struct canvas c = canvas_sub(all, a->layout.tactics);
	struct tactic_counts k;
	struct tactic_way way;
	int col = 1, left = 0;

	count_tactics(a->desk, &k);
	way = tactic_way(&k, c.cols, &a->frame);
	for (int t = 0; t < TACTIC_COUNT; t++)
		left += k.alerts[t] != 0;
	for (size_t i = 0; i < k.n; i++) {
		enum attack_tactic t = k.order[i];
		struct safetext text;

		if (!k.alerts[t])
			continue;
		text = tactic_text(&a->frame, way.within, &k, t);
		if (col + (int)text.width + (left > 1 ? 4 : 0) > c.cols) {
			canvas_text(&c, 0, col,
				    safe_format(&a->frame, "+%d", left),
				    STYLE_MUTED);
			return;
		}
		col = canvas_text(&c, 0, col, text,
				  level_style((enum level)k.worst[t])) +
		      way.gap;
		left--;
	}
}

/* Histogram --------------------------------------------------------------- */

static struct safetext length_text(struct app *a, int64_t ms)
{
	int64_t s = ms / 1000;

	if (s >= 86400 && s % 86400 == 0)
		return safe_format(&a->frame, "%" PRId64 "d/col", s / 86400);
	if (s >= 3600 && s % 3600 == 0)
		return safe_format(&a->frame, "%" PRId64 "h/col", s / 3600);
	if (s >= 60 && s % 60 == 0)
		return safe_format(&a->frame, "%" PRId64 "m/col", s / 60);
	return safe_format(&a->frame, "%" PRId64 "s/col", s);
}

static void make_histogram(struct app *a, size_t columns)
{
	const struct desk *d = a->desk;
	int64_t since, until;

	if (a->histogram_of == d->rows_version &&
	    a->histogram_columns == columns)
		return;
	histogram_release(&a->histogram);
	a->histogram_of = d->rows_version;
	a->histogram_columns = columns;
	if (!desk_shown_span(d, &since, &until))
		return;
	histogram_make(&a->histogram, d->snap->store, &d->snap->marks, &d->rows,
		       since, until, columns);
	for (size_t i = 0; i < d->evidence.n; i++)
		if (d->evidence.line[i].event.time != TIME_NONE)
			histogram_add(&a->histogram,
				      d->evidence.line[i].event.time);
}

/* One bucket's bar in a histogram of several rows. */
static void draw_bar(struct canvas *c, int col, unsigned eighths,
		     enum style_role style)
{
	unsigned full = eighths * (unsigned)c->rows;

	for (int row = c->rows - 1; row >= 0; row--) {
		unsigned here = full > 8 ? 8 : full;

		if (!here)
			break;
		canvas_glyph(c, row, col, glyph_spark(here), style);
		full -= here;
	}
}

/* With its day where days are spanned and the letters leave room. */
static void draw_selected_time(struct app *a, struct canvas *c)
{
	int room = c->cols - 3 - (int)a->histogram.n;
	const struct desk *d = a->desk;
	struct safetext cell;
	bool dates;
	int64_t t;

	if (d->selected == ROW_NONE)
		return;
	t = desk_evidence_here(d) ? desk_evidence_here(d)->event.time :
				    d->snap->store->time[d->selected];
	dates = t != TIME_NONE && desk_spans_days(d) && room >= 14;
	cell = time_cell(d, t, TIME_NONE, dates, &a->frame);
	if (!dates || room >= 18)
		cell = safe_join(&a->frame, safe_literal("sel "), cell);
	canvas_text_end(c, c->rows - 1, c->cols - 1, cell, STYLE_MUTED);
}

/* Where there is no row for the letters, each takes the place of its bar. What
 * the analyst put there is marked as in the timeline. */
static void draw_histogram(struct app *a, struct canvas *all)
{
	struct rect below = rect_empty(a->layout.letters) ?
				    a->layout.histogram :
				    a->layout.letters;
	struct canvas bars = canvas_sub(all, a->layout.histogram);
	struct canvas letters = canvas_sub(all, below);
	const struct desk *d = a->desk;
	const struct histogram *h = &a->histogram;
	size_t columns = bars.cols > 24 ? (size_t)bars.cols - 13 : 0, selected;

	if (rect_empty(a->layout.histogram) || !d->snap || !columns)
		return;
	make_histogram(a, columns);
	if (!h->n)
		return;
	selected = d->selected == ROW_NONE ?
			   SIZE_MAX :
			   histogram_at(h, d->snap->store->time[d->selected]);
	for (size_t i = 0; i < h->n; i++) {
		int col = 1 + (int)i, level = h->bucket[i].level;

		draw_bar(&bars, col, histogram_height(h, i, d->histogram),
			 i == selected ? STYLE_ACCENT : STYLE_NORMAL);
		if (level > (int)LEVEL_INFORMATIONAL)
			canvas_text(&letters, 0, col,
				    level_text((enum level)level),
				    level_style((enum level)level));
		else if (h->bucket[i].noted)
			canvas_text(&letters, 0, col, safe_literal("+"),
				    STYLE_ACCENT);
	}
	canvas_text_end(&bars, bars.rows - 1, bars.cols - 1,
			length_text(a, h->length), STYLE_MUTED);
	if (!rect_empty(a->layout.letters))
		draw_selected_time(a, &letters);
	if (!rect_empty(a->layout.axis)) {
		struct canvas axis = canvas_sub(all, a->layout.axis);

		draw_time_axis(&axis, 0, 1, h, d, &a->frame);
	}
}

/* Tabs -------------------------------------------------------------------- */

/* Where all names have no room only that of the pane in sight is written. */
static void draw_tabs(struct app *a, struct canvas *all)
{
	struct canvas c = canvas_sub(all, a->layout.tabs);
	struct safetext zone = zone_text(a);
	int col = 0, width = (int)zone.width + 1;

	for (int i = 0; i < PANE_COUNT; i++)
		if (a->pane[i].class)
			width += 4 + (int)strlen(a->pane[i].class->name);
	for (int i = 0; i < PANE_COUNT; i++) {
		bool here = i == (int)a->focus;

		if (!a->pane[i].class)
			continue;
		col = canvas_text(&c, 0, col,
				  here || width <= c.cols ?
					  safe_format(&a->frame, " %d %s ",
						      i + 1,
						      a->pane[i].class->name) :
					  safe_format(&a->frame, " %d ", i + 1),
				  here ? STYLE_BAR_FOCUS : STYLE_BAR);
	}
	canvas_text_end(&c, 0, c.cols, zone, STYLE_MUTED);
}

void app_draw_header(struct app *a, struct canvas *c)
{
	if (!rect_empty(a->layout.title))
		draw_title(a, c);
	if (!rect_empty(a->layout.crumbs))
		app_draw_crumbs(a, c);
	if (!rect_empty(a->layout.tactics))
		draw_tactics(a, c);
	draw_histogram(a, c);
	if (!rect_empty(a->layout.tabs))
		draw_tabs(a, c);
}

/* Footer ------------------------------------------------------------------ */

static void tell_event(const struct store *s, row_id row, struct arena *a,
		       struct strbuf *text)
{
	strbuf_add(text, store_text(s, EVENT_NAME, row));
	strbuf_adds(text, "  ");
	strbuf_add(text, actor_label(store_text(s, EVENT_ACTOR, row), a));
	strbuf_adds(text, "  ");
	strbuf_add(text, store_text(s, EVENT_IP, row));
	strbuf_adds(text, "  ");
	strbuf_add(text, store_text(s, EVENT_REGION, row));
	strbuf_adds(text, "  ");
	strbuf_adds(text, event_outcome_name(store_outcome(s, row)));
	if (store_text(s, EVENT_ERROR, row).n) {
		strbuf_addc(text, ' ');
		strbuf_add(text, store_text(s, EVENT_ERROR, row));
	}
	strbuf_adds(text, "  ");
	strbuf_add(text, store_text(s, EVENT_AGENT, row));
}

static void tell_evidence(const struct evidence_line *e, struct strbuf *text)
{
	strbuf_adds(text, "evidence of the case: ");
	strbuf_add(text, e->what);
	if (e->where.n) {
		strbuf_adds(text, ", seen in ");
		strbuf_add(text, e->where);
	}
}

/* The selected event in one row, where the detail has no room. */
static void draw_preview(struct app *a, struct canvas *all)
{
	struct canvas c = canvas_sub(all, a->layout.preview);
	const struct desk *d = a->desk;
	struct strbuf text;

	if (rect_empty(a->layout.preview) || !d->snap ||
	    d->selected == ROW_NONE)
		return;
	strbuf_init(&text);
	if (desk_evidence_here(d))
		tell_evidence(desk_evidence_here(d), &text);
	else
		tell_event(d->snap->store, d->selected, &a->frame, &text);
	canvas_text(&c, 0, 1,
		    list_cell(&c, &a->frame, strbuf_str(&text), c.cols - 2,
			      SAFE_CUT_END),
		    STYLE_MUTED);
	strbuf_release(&text);
}

static struct safetext prompt_label(struct app *a)
{
	return safe_text(&a->frame, strbuf_str(&a->prompt_label), SAFE_LIST);
}

static enum safe_mode prompt_mode(const struct app *a)
{
	return a->options.unicode ? SAFE_UNICODE : SAFE_ASCII;
}

/* What is wrong is marked in the line itself as well. */
static void mark_wrong(const struct app *a, struct canvas *all, int at, int n)
{
	struct canvas line = canvas_sub(all, a->layout.prompt);

	if (at >= 0)
		canvas_restyle(&line, (struct rect){ 0, at, 1, n },
			       STYLE_ERROR);
}

/* What is wrong stands above what it is about, which is marked; beside the
 * marks where there is room, else before them. */
static void draw_prompt_hint(struct app *a, struct canvas *all,
			     struct canvas *c)
{
	enum style_role style = a->prompt_wrong ? STYLE_ERROR : STYLE_MUTED;
	struct safetext text = list_cell(c, &a->frame,
					 strbuf_str(&a->prompt_hint),
					 c->cols - 2, SAFE_CUT_END);
	const struct prompt *p = &a->prompt[a->asking];
	int at, n = a->wrong_n < 40 ? (int)a->wrong_n : 40;

	if (!a->prompt_wrong) {
		canvas_text(c, 0, 1, text, style);
		return;
	}
	at = prompt_column(p, c, a->wrong_at, prompt_label(a), prompt_mode(a),
			   &a->frame);
	if (n < 1)
		n = 1;
	mark_wrong(a, all, at, n);
	if (at + n + 1 + (int)text.width < c->cols) {
		canvas_text(c, 0, at + n + 1, text, style);
	} else if ((int)text.width + 2 < at) {
		canvas_text(c, 0, at - (int)text.width - 1, text, style);
	} else {
		canvas_text(c, 0, 1, text, style);
		return;
	}
	for (int i = 0; i < n; i++)
		canvas_text(c, 0, at + i, safe_literal("v"), style);
}

static void draw_hints(struct app *a, struct canvas *all)
{
	struct canvas c = canvas_sub(all, a->layout.hints);
	uint32_t context = app_active(a)->class->context;
	struct safetext help = safe_literal("?:help");
	int col = 1;

	if (rect_empty(a->layout.hints))
		return;
	if (a->asking) {
		if (prompt_draw_candidates(&a->prompt[a->asking], &c, 0,
					   SAFE_ASCII, &a->frame))
			return;
		draw_prompt_hint(a, all, &c);
		return;
	}
	for (size_t i = 0; i < SCREEN_HINT_COUNT; i++) {
		char key[KEY_NAME_MAX];
		struct safetext name;
		bool last = screen_hints[i].cmd == DO_HELP;

		if (!(screen_hints[i].context & context))
			continue;
		name = safe_format(&a->frame, "%s",
				   keymap_first_key(&a->config->keymap,
						    screen_hints[i].cmd, key));
		/* What has no key any more; the way to all other keys is always
		 * there. */
		if (!last && !name.width)
			continue;
		if (!last && col + (int)name.width +
					     (int)strlen(screen_hints[i].word) +
					     3 + (int)help.width >
				     c.cols)
			continue;
		col = canvas_text(&c, 0, col, name, STYLE_KEY);
		col = canvas_text(&c, 0, col,
				  safe_format(&a->frame, ":%s",
					      screen_hints[i].word),
				  STYLE_MUTED) +
		      2;
	}
}

static void draw_prompt(struct app *a, struct canvas *all)
{
	struct canvas c = canvas_sub(all, a->layout.prompt);

	if (rect_empty(a->layout.prompt))
		return;
	if (a->asking)
		prompt_draw(&a->prompt[a->asking], &c, 0, prompt_label(a),
			    prompt_mode(a), &a->frame);
	else if (a->message.n || a->desk->trouble.n)
		/* What could not be written stays, between messages. */
		canvas_text(
			&c, 0, 1,
			safe_fit(
				&a->frame,
				safe_text(&a->frame,
					  strbuf_str(a->message.n ?
							     &a->message :
							     &a->desk->trouble),
					  SAFE_ASCII),
				c.cols > 2 ? (size_t)c.cols - 2 : 0,
				SAFE_CUT_END, "~"),
			a->message.n ? STYLE_PROMPT : STYLE_ERROR);
	/* Where there is no row of crumbs, the question is named here. */
	else if (a->question.n && rect_empty(a->layout.crumbs))
		canvas_text(&c, 0, 1,
			    list_cell(&c, &a->frame, a->question, c.cols - 2,
				      SAFE_CUT_END),
			    STYLE_ACCENT);
}

void app_draw_footer(struct app *a, struct canvas *c)
{
	draw_preview(a, c);
	/* First: the hint stands above what the prompt shows. */
	draw_prompt(a, c);
	draw_hints(a, c);
}
