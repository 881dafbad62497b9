/* SPDX-License-Identifier: MIT */
/* What the panes share, as pane.h declares it. */
#include "ui/pane.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/timefmt.h"

enum style_role level_style(enum level level)
{
	static const enum style_role styles[LEVEL_COUNT] = {
		STYLE_INFORMATIONAL, STYLE_LOW, STYLE_MEDIUM, STYLE_HIGH,
		STYLE_CRITICAL
	};

	return styles[level];
}

struct safetext level_text(enum level level)
{
	static const char *const letters[LEVEL_COUNT] = { "I", "L", "M", "H",
							  "C" };

	return safe_literal(letters[level]);
}

void draw_cursor(struct canvas *c, int row, bool is_cursor, bool focused)
{
	if (!is_cursor)
		return;
	canvas_glyph(c, row, 0, GLYPH_CURSOR, STYLE_NORMAL);
	canvas_restyle(c, (struct rect){ row, 0, 1, c->cols },
		       focused ? STYLE_SELECTED : STYLE_SELECTED_BLUR);
	/* Where the eye is, which is painted first. */
	if (focused)
		canvas_cursor(c, row, 0, false);
}

/* The ASCII character of a cell in lower case, or 0. */
static char cell_letter(const struct canvas *c, int row, int col)
{
	const struct cell *cell = canvas_cell(c, row, col);

	return cell && cell->n == 1 ? str_lower(cell->text[0]) : '\0';
}

void draw_matches(struct canvas *c, int row, struct str searched)
{
	if (!searched.n || (int)searched.n > c->cols)
		return;
	for (int col = 0; col + (int)searched.n <= c->cols; col++) {
		size_t i = 0;

		while (i < searched.n && cell_letter(c, row, col + (int)i) ==
						 str_lower(searched.p[i]))
			i++;
		if (i < searched.n)
			continue;
		canvas_restyle(c, (struct rect){ row, col, 1, (int)i },
			       STYLE_MATCH);
		col += (int)i - 1;
	}
}

struct lit_row {
	struct canvas *canvas;
	int row;
};

static bool light(void *context, uint32_t indicator, size_t from, size_t to)
{
	const struct lit_row *l = context;

	(void)indicator;
	canvas_restyle(l->canvas,
		       (struct rect){ l->row, (int)from, 1, (int)(to - from) },
		       STYLE_INDICATOR);
	return true;
}

void draw_indicators(struct canvas *c, const struct indicators *x)
{
	struct strbuf text;

	if (!x)
		return;
	strbuf_init(&text);
	for (int row = 0; row < c->rows; row++) {
		struct lit_row l = { c, row };

		strbuf_clear(&text);
		for (int col = 0; col < c->cols; col++) {
			char letter = cell_letter(c, row, col);

			/* A byte a column; nothing else is in an indicator. */
			strbuf_addc(&text, letter ? letter : ' ');
		}
		indicators_in(x, strbuf_str(&text), light, &l);
	}
	strbuf_release(&text);
}

struct safetext list_cell(const struct canvas *c, struct arena *a,
			  struct str raw, int width, enum safe_elide how)
{
	struct safetext text = safe_text(a, raw, canvas_lists(c));

	if (width < 0)
		width = 0;
	return safe_fit(a, text, (size_t)width, how,
			canvas_glyph_text(c, GLYPH_ELLIPSIS).p);
}

void draw_none(struct canvas *c, struct safetext none, struct str why,
	       struct arena *a)
{
	size_t width = c->cols > 4 ? (size_t)c->cols - 2 : 1;

	canvas_text(c, 0, 1, none, STYLE_MUTED);
	for (int row = 1; why.n && row < c->rows; row++) {
		size_t to = why.n;

		if (to > width) {
			to = width;
			while (to > 1 && why.p[to] != ' ')
				to--;
			if (to == 1)
				to = width;
		}
		canvas_text(c, row, 1,
			    safe_text(a, str_sub(why, 0, to), SAFE_LIST),
			    STYLE_MUTED);
		why = str_trim(str_from(why, to));
	}
}

struct safetext list_position(const struct list *l, struct arena *a)
{
	return safe_format(a, "[%zu/%zu]", l->n ? l->cursor + 1 : 0, l->n);
}

struct safetext desk_hidden_text(const struct desk *d, struct arena *a)
{
	struct safetext safe;
	struct strbuf text;

	/* A look around an event leaves them off. */
	if (!d->now.toggles || d->scope.kind == SCOPE_AROUND)
		return safe_literal("");
	strbuf_init(&text);
	for (int t = 0; t < TOGGLE_COUNT; t++) {
		if (!(d->now.toggles & 1u << t))
			continue;
		strbuf_addc(&text, '-');
		strbuf_add_count(&text, d->toggles.hidden[t]);
		strbuf_addf(&text, " %s ", toggle_hides((enum toggle)t));
	}
	strbuf_addc(&text, ' ');
	safe = safe_text(a, strbuf_str(&text), SAFE_LIST);
	strbuf_release(&text);
	return safe;
}

bool time_same_day(int64_t x, int64_t y, const struct time_zone *zone)
{
	struct time_parts a = time_split(x, zone);
	struct time_parts b = time_split(y, zone);

	return a.day == b.day && a.month == b.month && a.year == b.year;
}

bool desk_spans_days(const struct desk *d)
{
	int64_t first, last;

	return d->relative_to == TIME_NONE && d->snap &&
	       store_span(d->snap->store, &first, &last) &&
	       !time_same_day(first, last, &d->zone);
}

/* "-0:03:12", "+12h40m", "+4d03h", in eight columns. */
static void add_distance(struct strbuf *out, int64_t ms)
{
	const char *sign = ms < 0 ? "-" : ms > 0 ? "+" : " ";
	int64_t s = (ms < 0 ? -ms : ms) / 1000;
	char text[32];

	if (s < 10 * 3600)
		snprintf(text, sizeof(text), "%s%d:%02d:%02d", sign,
			 (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
	else if (s < 100 * 3600)
		snprintf(text, sizeof(text), "%s%dh%02dm", sign,
			 (int)(s / 3600), (int)(s / 60 % 60));
	else if (s < (int64_t)1000 * 86400)
		snprintf(text, sizeof(text), "%s%dd%02dh", sign,
			 (int)(s / 86400), (int)(s / 3600 % 24));
	else
		snprintf(text, sizeof(text), "%s%" PRId64 "d", sign, s / 86400);
	strbuf_addf(out, "%8s", text);
}

struct safetext time_cell(const struct desk *d, int64_t t, int64_t before,
			  bool dates, struct arena *a)
{
	struct safetext cell;
	struct strbuf text;

	if (t == TIME_NONE)
		return safe_literal(dates ? "   no time    " : "no time ");
	strbuf_init(&text);
	if (d->relative_to != TIME_NONE) {
		strbuf_adds(&text, dates ? "      " : "");
		add_distance(&text, t - d->relative_to);
		cell = safe_text(a, strbuf_str(&text), SAFE_LIST);
		strbuf_release(&text);
		return cell;
	}
	if (dates && before != TIME_NONE && time_same_day(t, before, &d->zone))
		strbuf_adds(&text, "      ");
	else if (dates) {
		struct time_parts p = time_split(t, &d->zone);

		strbuf_addf(&text, "%02d-%02d ", p.month, p.day);
	}
	time_format(&text, t, TIME_CLOCK, &d->zone);
	cell = safe_text(a, strbuf_str(&text), SAFE_LIST);
	strbuf_release(&text);
	return cell;
}
