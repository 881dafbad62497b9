/* SPDX-License-Identifier: MIT */
/* The row of crumbs: how what is shown came of all there is. */
#include <stdlib.h>

#include "base/mem.h"
#include "ui/app_private.h"
#include "ui/keymap.h"

enum {
	CRUMB_GAP = 3, /* " > " */
	GAP = 2,       /* before the counts, at least */
	CRUMB_LEAST =
		12, /* columns; rather than less, older ones are left out */
	REST = 10,  /* for " > 12 more" */
	CRUMB_OFF = 20,
	CRUMB_MOST = 300,
	WIDE_COLUMNS = 120,
};

struct crumb {
	struct safetext text; /* whole */
	enum style_role style;
};

struct crumbs {
	struct app *app;
	const struct canvas *canvas;
	bool titled; /* in the title's row, all in its style */
	struct crumb *item;
	size_t n, cap;
};

/* `before` stands before the raw text. */
static void add(struct crumbs *k, const char *before, struct str raw,
		enum style_role style)
{
	struct arena *f = &k->app->frame;

	k->item = mem_grow(k->item, &k->cap, k->n + 1, sizeof(*k->item));
	/* No crumb is wider than the row: what is behind it is not looked
	 * at. */
	k->item[k->n++] = (struct crumb){
		safe_join(f, safe_format(f, "%s", before),
			  list_cell(k->canvas, f,
				    str_sub(raw, 0, 4 * (size_t)CRUMB_MOST),
				    CRUMB_MOST, SAFE_CUT_MIDDLE)),
		style
	};
}

/* `all_off`: all of them, whatever each says. */
static void add_filters(struct crumbs *k, const struct filters *f, bool all_off)
{
	for (size_t i = 0; i < f->n; i++) {
		bool off = all_off || f->off || f->term[i].off;

		add(k, off ? "[ ] " : "", f->term[i].text,
		    off ? STYLE_MUTED : STYLE_NORMAL);
	}
}

/* Seconds where there are some. */
static void add_clock(struct strbuf *out, int64_t t, const struct desk *d)
{
	const struct time_parts p = time_split(t, &d->zone);

	strbuf_addf(out, "%02d:%02d", p.hour, p.minute);
	if (p.second)
		strbuf_addf(out, ":%02d", p.second);
}

static void add_day(struct strbuf *out, int64_t t, const struct desk *d)
{
	const struct time_parts p = time_split(t, &d->zone);

	strbuf_addf(out, "%02d-%02d ", p.month, p.day);
}

/* "10-15 22:00..10-16 08:00": the day where there are several, once where it is
 * one. */
static void add_window(struct crumbs *k, const struct desk *d, bool off)
{
	int64_t since = d->now.since, until = d->now.until;
	bool days = d->snap && desk_spans_days(d);
	struct strbuf text;

	if (since == TIME_NONE && until == TIME_NONE)
		return;
	strbuf_init(&text);
	if (since != TIME_NONE && days)
		add_day(&text, since, d);
	if (since != TIME_NONE)
		add_clock(&text, since, d);
	strbuf_adds(&text, "..");
	if (until != TIME_NONE && days &&
	    (since == TIME_NONE || !time_same_day(since, until, &d->zone)))
		add_day(&text, until, d);
	if (until != TIME_NONE)
		add_clock(&text, until, d);
	add(k, off ? "[ ] " : "", strbuf_str(&text),
	    off ? STYLE_MUTED : STYLE_NORMAL);
	strbuf_release(&text);
}

static void add_all(struct crumbs *k, const struct desk *d)
{
	if (k->app->question.n)
		add(k, "", k->app->question, STYLE_ACCENT);
	/* A look around an event keeps what narrows, and leaves it off. */
	add_filters(k, &d->now.filters, d->scope.kind == SCOPE_AROUND);
	add_window(k, d, d->scope.kind == SCOPE_AROUND);
	if (d->scope.kind == SCOPE_AROUND) {
		add(k, "around ", d->scope.label, STYLE_NORMAL);
		return;
	}
	if (d->now.hidden || d->now.hidden_n)
		add(k, "", STR("ATT&CK scope"), STYLE_NORMAL);
	if (d->scope.kind != SCOPE_ALL)
		add(k, "", d->scope.label, STYLE_NORMAL);
}

/* What is off gives way first. */
static int crumb_width(const struct crumb *x, int share)
{
	int width = (int)x->text.width;

	if (x->style == STYLE_MUTED && share > CRUMB_OFF)
		share = CRUMB_OFF;
	return width < share ? width : share;
}

/* The columns that each crumb from `first` on may have at most, so that all
 * are within `room`. */
static int fair_share(const struct crumbs *k, size_t first, int room)
{
	int share = 0, used;

	room -= (int)(k->n - first) * CRUMB_GAP;
	do {
		share++;
		used = 0;
		for (size_t i = first; i < k->n && used <= room; i++)
			used += crumb_width(&k->item[i], share);
	} while (used <= room && share <= CRUMB_MOST);
	return share - 1;
}

static enum style_role style_of(const struct crumbs *k, enum style_role style)
{
	return k->titled ? STYLE_TITLE : style;
}

static int draw_crumb(struct crumbs *k, struct canvas *c, int col,
		      const struct crumb *x, int share)
{
	col = canvas_glyph(c, 0, col + 1, GLYPH_CRUMB,
			   style_of(k, STYLE_MUTED)) +
	      1;
	return canvas_text(c, 0, col,
			   safe_fit(&k->app->frame, x->text,
				    (size_t)crumb_width(x, share),
				    SAFE_CUT_MIDDLE,
				    canvas_glyph_text(c, GLYPH_ELLIPSIS).p),
			   style_of(k, x->style));
}

static void draw_way(struct crumbs *k, struct canvas *c, int col, int end)
{
	size_t first = 0;
	int share;

	col = canvas_text(c, 0, col, safe_literal("All"),
			  style_of(k, STYLE_NORMAL));
	/* What narrowed last is what one wants to know. */
	while ((share = fair_share(k, first, end - col - (first ? REST : 0))) <
		       CRUMB_LEAST &&
	       first + 1 < k->n)
		first++;
	if (first) {
		const struct crumb rest = { safe_format(&k->app->frame,
							"%zu more", first),
					    STYLE_MUTED };

		col = draw_crumb(k, c, col, &rest, (int)rest.text.width);
	}
	for (size_t i = first; i < k->n; i++)
		col = draw_crumb(k, c, col, &k->item[i], share);
}

/* "18,204 shown (1.5%)", "2 filters (\ off)" */
static struct safetext way_text(struct app *a, int cols)
{
	const struct desk *d = a->desk;
	const struct filters *f = &d->now.filters;
	size_t total = d->snap ? d->snap->store->n : 0;
	struct arena *arena = &a->frame;
	struct safetext shown;
	char key[KEY_NAME_MAX];

	shown = safe_join(
		arena, safe_count(arena, d->rows.n),
		safe_format(arena, " shown (%.1f%%)",
			    total ? 100.0 * (double)d->rows.n / (double)total :
				    0.0));
	if (d->run)
		shown = safe_format(arena, "searching %zu/%zu, %zu found",
				    d->searched.scan.done,
				    d->searched.scan.total, d->rows.n);
	if (!f->n)
		return shown;
	shown = safe_join(arena, shown,
			  safe_format(arena, "  %zu filter%s%s", f->n,
				      f->n == 1 ? "" : "s",
				      f->off ? " off" : ""));
	if (cols < WIDE_COLUMNS ||
	    !*keymap_first_key(&a->config->keymap, DO_FILTERS, key))
		return shown;
	return safe_join(arena, shown,
			 safe_format(arena, " (%s %s)", key,
				     f->off ? "on" : "off"));
}

/* What is hidden stands before everything else at that end. */
static struct safetext shown_text(struct app *a, int cols)
{
	return safe_join(&a->frame, desk_hidden_text(a->desk, &a->frame),
			 way_text(a, cols));
}

void app_draw_crumbs(struct app *a, struct canvas *all)
{
	struct canvas c = canvas_sub(all, a->layout.crumbs);
	struct crumbs k = { .app = a, .canvas = &c };
	struct safetext shown = shown_text(a, c.cols);

	canvas_text_end(&c, 0, c.cols - 1, shown, STYLE_MUTED);
	add_all(&k, a->desk);
	draw_way(&k, &c, 1, c.cols - (int)shown.width - 1 - GAP);
	free(k.item);
}

bool app_narrows(const struct app *a)
{
	const struct desk *d = a->desk;

	return a->question.n || d->run || d->now.filters.n || d->now.toggles ||
	       d->now.hidden || d->now.hidden_n || d->now.since != TIME_NONE ||
	       d->now.until != TIME_NONE || d->scope.kind != SCOPE_ALL;
}

void app_draw_way(struct app *a, struct canvas *c, int col,
		  struct safetext behind)
{
	struct crumbs k = { .app = a, .canvas = c, .titled = true };
	struct safetext shown = shown_text(a, 0);

	shown = safe_join(&a->frame, shown, safe_literal("  "));
	shown = safe_join(&a->frame, shown, behind);
	canvas_text_end(c, 0, c->cols - 1, shown, STYLE_TITLE);
	add_all(&k, a->desk);
	draw_way(&k, c, col, c->cols - (int)shown.width - 1 - GAP);
	free(k.item);
}
