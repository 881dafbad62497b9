/* SPDX-License-Identifier: MIT */
/* The axis of time below a histogram, as pane.h declares it. */
#include "ui/pane.h"

enum { TICK_COLS = 14 }; /* of a mark, its date included */

/* "21:45", "01-09 21:45"; with seconds where marks are so near. */
static void add_tick(struct strbuf *out, int64_t t, bool date, bool seconds,
		     const struct time_zone *zone)
{
	struct time_parts p = time_split(t, zone);

	if (date)
		strbuf_addf(out, "%02d-%02d ", p.month, p.day);
	strbuf_addf(out, "%02d:%02d", p.hour, p.minute);
	if (seconds)
		strbuf_addf(out, ":%02d", p.second);
}

void draw_time_axis(struct canvas *c, int row, int col,
		    const struct histogram *h, const struct desk *d,
		    struct arena *a)
{
	int64_t before = TIME_NONE, tick, t;
	bool dates = desk_spans_days(d);
	struct strbuf text;

	if (!h->n)
		return;
	tick = histogram_tick(h, TICK_COLS);
	t = h->start % tick;
	t = h->start + (t < 0 ? -t : t ? tick - t : 0);
	strbuf_init(&text);
	for (; t < h->start + (int64_t)h->n * h->length; t += tick) {
		int at = col + (int)((t - h->start) / h->length);

		strbuf_clear(&text);
		add_tick(&text, t,
			 dates && (before == TIME_NONE ||
				   !time_same_day(t, before, &d->zone)),
			 tick % 60000 != 0, &d->zone);
		at = canvas_glyph(c, row, at, GLYPH_PIPE, STYLE_MUTED);
		canvas_text(c, row, at,
			    safe_text(a, strbuf_str(&text), SAFE_LIST),
			    STYLE_MUTED);
		before = t;
	}
	strbuf_release(&text);
}
