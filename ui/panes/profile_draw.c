/* SPDX-License-Identifier: MIT */
/* How the page of an entity looks. */
#include "ui/panes/profile_private.h"

#include "model/arn.h"
#include "ui/histogram.h"

static void draw_counts(const struct profile_pane *p, const struct desk *d,
			struct canvas *c, int row, struct arena *a)
{
	enum time_style style = desk_spans_days(d) ? TIME_MINUTE : TIME_CLOCK;
	const struct store *s = d->snap->store;
	const struct profile *f = &p->page.profile;
	const struct rowset *rows = &f->rows;
	struct strbuf text;

	strbuf_init(&text);
	if (rows->n) {
		strbuf_adds(&text, "first ");
		time_format(&text, s->time[rows->row[0]], style, &d->zone);
		if (f->baseline.known && !f->baseline.events)
			strbuf_adds(&text, " NEW");
		strbuf_adds(&text, "  last ");
		time_format(&text, s->time[rows->row[rows->n - 1]], style,
			    &d->zone);
		strbuf_adds(&text, "  ");
	}
	strbuf_addf(&text, "alerts %zu  ok ", f->alert_n);
	strbuf_add_count(&text, rows->n - f->denied - f->failed);
	strbuf_addf(&text, "  denied %u", f->denied);
	if (f->denied)
		strbuf_addf(&text, " (%.0f%%)",
			    100.0 * f->denied / (double)rows->n);
	strbuf_addf(&text, "  failed %u", f->failed);
	canvas_text(c, row, 1,
		    list_cell(c, a, strbuf_str(&text), c->cols - 2,
			      SAFE_CUT_END),
		    STYLE_NORMAL);
	strbuf_release(&text);
}

static void draw_baseline(const struct profile_pane *p, struct canvas *c,
			  int row, struct arena *a)
{
	struct strbuf text;

	strbuf_init(&text);
	profile_baseline_describe(&p->page.profile, &text);
	if (!p->page.profile.deep)
		strbuf_adds(&text, "  (counting)");
	canvas_text(c, row, 1,
		    list_cell(c, a, strbuf_str(&text), c->cols - 2,
			      SAFE_CUT_END),
		    STYLE_MUTED);
	strbuf_release(&text);
}

/* "origin user eve > key AKIA.. > session x   certain" */
static void draw_origin(const struct profile_pane *p, const struct desk *d,
			struct canvas *c, int row, struct arena *a)
{
	const struct origin *o = &p->page.origin;
	struct safetext certainty = safe_format(a, "%s",
						certainty_name(o->certainty));
	struct strbuf text;

	strbuf_init(&text);
	if (p->page.break_glass) {
		break_glass_describe(p->page.break_glass, &text);
		strbuf_adds(&text, ": ");
	}
	strbuf_adds(&text, "origin ");
	for (uint32_t i = 0; i < o->n; i++) {
		if (i)
			strbuf_adds(&text, " > ");
		node_describe(d->snap->lineage, o->step[i].node, &text);
	}
	if (o->gap.kind != GAP_NONE) {
		strbuf_adds(&text, ": ");
		origin_gap_describe(&o->gap, &text);
	}
	canvas_text(c, row, 1,
		    list_cell(c, a, strbuf_str(&text),
			      c->cols - 4 - (int)certainty.width, SAFE_CUT_END),
		    STYLE_MUTED);
	canvas_text_end(c, row, c->cols - 1, certainty, STYLE_HEADING);
	strbuf_release(&text);
}

/* Over all of the evidence, so that what lies before it shows as well. */
static void draw_activity(const struct profile_pane *p, const struct desk *d,
			  struct canvas *c, int row)
{
	const struct store *s = d->snap->store;
	int64_t since, until;
	struct histogram h;
	int col;

	col = canvas_text(c, row, 1, safe_literal("activity"), STYLE_MUTED) + 1;
	if (!store_span(s, &since, &until) || c->cols < col + 12)
		return;
	histogram_make(&h, s, &d->snap->marks, &p->page.profile.rows, since,
		       until + 1, (size_t)(c->cols - col - 1));
	for (size_t i = 0; i < h.n; i++)
		canvas_glyph(
			c, row, col + (int)i,
			glyph_spark(histogram_height(&h, i, d->histogram)),
			h.bucket[i].level < 0 ?
				STYLE_NORMAL :
				level_style((enum level)h.bucket[i].level));
	histogram_release(&h);
}

/* "H iam AttachUserPolicy" at the left, counts and time at the right. */
static void draw_call(const struct desk *d, struct canvas *c, int row,
		      const struct page_call *k, struct arena *a)
{
	const struct store *s = d->snap->store;
	struct safetext right, count;
	struct strbuf text;
	int end;

	if (k->level >= 0)
		canvas_text(c, row, 1, level_text((enum level)k->level),
			    level_style((enum level)k->level));
	right = time_cell(d, s->time[k->first], TIME_NONE, desk_spans_days(d),
			  a);
	end = canvas_text_end(c, row, c->cols - 1, right, STYLE_MUTED) - 2;
	count = k->denied ?
			safe_format(a, "%u, %u denied", k->events, k->denied) :
		k->failed ?
			safe_format(a, "%u, %u failed", k->events, k->failed) :
			safe_format(a, "%u", k->events);
	end = canvas_text_end(c, row, end, count,
			      k->denied ? STYLE_DENIED : STYLE_NORMAL) -
	      2;
	strbuf_init(&text);
	strbuf_add(&text,
		   event_service(store_value(s, EVENT_SOURCE, k->source)));
	strbuf_addc(&text, ' ');
	strbuf_add(&text, event_base_name(store_value(s, EVENT_NAME, k->name)));
	if (k->by) {
		strbuf_adds(&text, "  by ");
		node_describe(d->snap->lineage, k->by, &text);
	}
	if (end > 3)
		canvas_text(c, row, 3,
			    list_cell(c, a, strbuf_str(&text), end - 3,
				      SAFE_CUT_END),
			    STYLE_NORMAL);
	strbuf_release(&text);
}

static void draw_suspect(const struct profile_pane *p, const struct desk *d,
			 struct canvas *c, int row, uint32_t number,
			 struct arena *a)
{
	const struct suspect *s = profile_suspect(p, number);
	struct safetext certainty = safe_format(a, "%s",
						certainty_name(s->certainty));
	struct strbuf text;
	int col = 1;

	if (s->time != TIME_NONE)
		col = canvas_text(c, row, col,
				  time_cell(d, s->time, TIME_NONE,
					    desk_spans_days(d), a),
				  STYLE_MUTED) +
		      1;
	strbuf_init(&text);
	node_describe(d->snap->lineage, s->node, &text);
	strbuf_adds(&text, ": ");
	suspect_describe(d->snap->lineage, s, &text);
	canvas_text(c, row, col,
		    list_cell(c, a, strbuf_str(&text),
			      c->cols - col - 3 - (int)certainty.width,
			      SAFE_CUT_END),
		    STYLE_NORMAL);
	canvas_text_end(c, row, c->cols - 1, certainty, STYLE_MUTED);
	strbuf_release(&text);
}

static void draw_credential(const struct profile_pane *p, const struct desk *d,
			    struct canvas *c, int row, uint32_t number,
			    struct arena *a)
{
	const struct credential *k = &p->page.revocation.credential[number];
	struct strbuf text, until;
	struct safetext right;

	strbuf_init(&text);
	strbuf_init(&until);
	if (k->until == TIME_NONE) {
		strbuf_adds(&until, "until somebody ends it");
	} else {
		strbuf_adds(&until, k->at_most ? "until at most " : "until ");
		time_format(&until, k->until, TIME_MINUTE, &d->zone);
	}
	right = safe_text(a, strbuf_str(&until), SAFE_LIST);
	strbuf_adds(&text, credential_kind_what(k->kind));
	strbuf_adds(&text, ": ");
	node_describe(d->snap->lineage, k->node, &text);
	if (k->id.n) {
		strbuf_addc(&text, ' ');
		strbuf_add(&text, k->id);
	}
	if (k->other) {
		strbuf_adds(&text, " for ");
		node_describe(d->snap->lineage, k->other, &text);
	}
	if (k->n > 1)
		strbuf_addf(&text, ", %u sessions", k->n);
	if (k->rewritten)
		strbuf_adds(&text, ", written again later");
	if (k->certainty != CERTAIN)
		strbuf_addf(&text, " (%s)", certainty_name(k->certainty));
	canvas_text(c, row, 1,
		    list_cell(c, a, strbuf_str(&text),
			      c->cols - 4 - (int)right.width, SAFE_CUT_END),
		    STYLE_NORMAL);
	canvas_text_end(c, row, c->cols - 1, right, STYLE_ACCENT);
	strbuf_release(&text);
	strbuf_release(&until);
}

/* From these widths of a card on there is room for more. */
enum { SHARE_WIDTH = 34, DATE_WIDTH = 56, SPARK_WIDTH = 60 };
enum { REFUSED_WIDTH = 4, EVENTS_WIDTH = 6 };

/* "user/eve" of an ARN, where there is little room. */
static struct str short_name(struct str text, enum profile_card_kind card,
			     int width)
{
	struct arn arn;

	if (card == CARD_WHO && width < DATE_WIDTH && arn_parse(text, &arn))
		return arn.resource;
	return text;
}

/* How many principals share a value: of principals that is nothing to say. */
static bool has_share(const struct profile_pane *p, const struct canvas *c,
		      enum profile_card_kind card)
{
	return p->page.profile.deep && c->cols >= SHARE_WIDTH &&
	       card != CARD_WHO && card != CARD_RESOURCES;
}

/* What stands above the columns of a card. */
static void draw_columns(const struct profile_pane *p, const struct desk *d,
			 struct canvas *c, int row, enum profile_card_kind card)
{
	int end = c->cols - 1 - (p->page.profile.baseline.known ? 4 : 0);

	if (has_share(p, c, card)) {
		canvas_text_end(c, row, end, safe_literal("by"), STYLE_MUTED);
		end -= 7;
	}
	end = canvas_text_end(c, row, end,
			      desk_spans_days(d) && c->cols >= DATE_WIDTH ?
				      safe_literal("first      ") :
				      safe_literal("first"),
			      STYLE_MUTED) -
	      1;
	canvas_text_end(c, row, end, safe_literal("d/f"), STYLE_MUTED);
	canvas_text_end(c, row, end - REFUSED_WIDTH, safe_literal("ev"),
			STYLE_MUTED);
}

/* When a value was first seen: with its day where days are spanned and there
 * is room. */
static int draw_first(const struct desk *d, struct canvas *c, int row, int end,
		      row_id first, struct arena *a)
{
	struct time_parts t = time_split(d->snap->store->time[first], &d->zone);
	bool days = desk_spans_days(d);
	struct safetext text =
		d->snap->store->time[first] == TIME_NONE ?
			safe_literal("-") :
		days && c->cols < DATE_WIDTH ?
			safe_format(a, "%02d-%02d", t.month, t.day) :
		days ? safe_format(a, "%02d-%02d %02d:%02d", t.month, t.day,
				   t.hour, t.minute) :
		       safe_format(a, "%02d:%02d", t.hour, t.minute);

	return canvas_text_end(c, row, end, text, STYLE_MUTED) - 1;
}

/* Over the page's own span, a bar for each of a few stretches. */
static int draw_spark(const struct profile_pane *p, const struct desk *d,
		      struct canvas *c, int row, int end,
		      const struct profile_cell *cell)
{
	const int columns = c->cols >= DATE_WIDTH + 10 ? 20 : 10;
	const struct store *s = d->snap->store;
	const struct profile *f = &p->page.profile;
	struct rowset rows = ROWSET_INIT;
	struct histogram h;

	profile_value_rows(f, d->snap, cell->card, cell->number, &rows);
	histogram_make(&h, s, &d->snap->marks, &rows, s->time[f->rows.row[0]],
		       s->time[f->rows.row[f->rows.n - 1]] + 1,
		       (size_t)columns);
	for (size_t i = 0; i < h.n; i++)
		canvas_glyph(c, row, end - columns + (int)i,
			     glyph_spark(histogram_height(&h, i, d->histogram)),
			     STYLE_MUTED);
	histogram_release(&h);
	rowset_release(&rows);
	return end - columns - 1;
}

/* "H iam AttachUserPolicy" at the left, at the right counts, since when, how
 * many share it, what is new. */
static void draw_value(const struct profile_pane *p, const struct desk *d,
		       struct canvas *c, int row,
		       const struct profile_cell *cell, struct arena *a)
{
	const struct profile *f = &p->page.profile;
	const struct profile_value *v =
		&f->card[cell->card].value[cell->number];
	const struct store *s = d->snap->store;
	int end = c->cols - 1;
	struct strbuf text;

	strbuf_init(&text);
	if (v->level >= 0)
		canvas_text(c, row, 1, level_text((enum level)v->level),
			    level_style((enum level)v->level));
	if (f->baseline.known) {
		if (v->novelty != NOVELTY_NONE)
			canvas_text_end(c, row, end,
					v->novelty == NOVELTY_TO_ALL ?
						safe_literal("NEW") :
						safe_literal("new"),
					v->novelty == NOVELTY_TO_ALL ?
						STYLE_ACCENT :
						STYLE_NORMAL);
		end -= 4;
	}
	if (has_share(p, c, cell->card)) {
		if (v->principals)
			canvas_text_end(c, row, end,
					safe_format(a, "%u/%u", v->principals,
						    f->principals),
					STYLE_MUTED);
		end -= 7;
	}
	end = draw_first(d, c, row, end, v->first, a);
	if (v->denied || v->failed)
		canvas_text_end(c, row, end,
				v->denied ? safe_format(a, "%ud", v->denied) :
					    safe_format(a, "%uf", v->failed),
				v->denied ? STYLE_DENIED : STYLE_MUTED);
	end -= REFUSED_WIDTH;
	canvas_text_end(c, row, end, safe_format(a, "%u", v->events),
			STYLE_NORMAL);
	end -= EVENTS_WIDTH;
	if (c->cols >= SPARK_WIDTH && f->rows.n && cell->card == CARD_CALLS &&
	    s->time[f->rows.row[f->rows.n - 1]] != TIME_NONE)
		end = draw_spark(p, d, c, row, end, cell);
	if (cell->card == CARD_CALLS) {
		strbuf_add(&text, event_service(store_value(s, EVENT_SOURCE,
							    v->source)));
		strbuf_addc(&text, ' ');
		strbuf_add(&text, event_base_name(v->text));
	} else {
		strbuf_add(&text, short_name(v->text, cell->card, c->cols));
	}
	if (end > 3)
		canvas_text(c, row, 3,
			    list_cell(c, a, strbuf_str(&text), end - 3,
				      cell->card == CARD_CALLS ?
					      SAFE_CUT_END :
					      SAFE_CUT_MIDDLE),
			    STYLE_NORMAL);
	strbuf_release(&text);
}

static void draw_alert(const struct profile_pane *p, const struct desk *d,
		       struct canvas *c, int row, uint32_t number,
		       struct arena *a)
{
	const struct profile_alert *x = &p->page.profile.alert[number];
	const struct alert *al = &d->snap->alerts.alert[x->alert];
	int end = c->cols - 1;

	canvas_text(c, row, 1, level_text(al->level), level_style(al->level));
	end = draw_first(d, c, row, end, x->first, a);
	if (x->events > 1)
		end = canvas_text_end(c, row, end,
				      safe_format(a, "x%u", x->events),
				      STYLE_MUTED) -
		      1;
	canvas_text(c, row, 3,
		    list_cell(c, a, al->rule->title, end - 3, SAFE_CUT_END),
		    STYLE_NORMAL);
}

static void draw_cell(const struct profile_pane *p, const struct desk *d,
		      struct canvas *c, int row,
		      const struct profile_cell *cell, struct arena *a)
{
	switch (cell->part) {
	case PART_NONE:
		if (cell->heading)
			canvas_text(c, row, 1,
				    safe_format(a, "%s", cell->heading),
				    cell->heading == profile_nothing ?
					    STYLE_MUTED :
					    STYLE_HEADING);
		if (cell->number)
			draw_columns(p, d, c, row, cell->card);
		break;
	case PART_VALUE:
		draw_value(p, d, c, row, cell, a);
		break;
	case PART_MORE:
		canvas_text(c, row, 3,
			    safe_format(a, "and %u more", cell->number),
			    STYLE_MUTED);
		break;
	case PART_ALERT:
		draw_alert(p, d, c, row, cell->number, a);
		break;
	case PART_ON:
		draw_call(d, c, row, &p->page.on[cell->number], a);
		break;
	case PART_SUSPECT:
		draw_suspect(p, d, c, row, cell->number, a);
		break;
	case PART_CREDENTIAL:
		draw_credential(p, d, c, row, cell->number, a);
		break;
	case PART_NONE_WHY:
		canvas_text(c, row, 1, safe_text(a, cell->how, SAFE_LIST),
			    STYLE_MUTED);
		break;
	case PART_HOW:
		canvas_text(c, row, 4, safe_text(a, cell->how, SAFE_LIST),
			    STYLE_MUTED);
		break;
	}
}

static void draw_row(const struct profile_pane *p, const struct desk *d,
		     struct canvas *c, int line, size_t number,
		     const struct drawing *how)
{
	const struct profile_row *r = &p->row[number];
	bool chosen = number == p->list.cursor;
	int side = p->side < r->n ? p->side : r->n - 1;

	for (int k = 0; k < r->n; k++) {
		int from = c->cols * k / r->n, to = c->cols * (k + 1) / r->n;
		struct canvas part = canvas_sub(c, (struct rect){ line, from, 1,
								  to - from });

		draw_cell(p, d, &part, 0, &r->cell[k], how->arena);
		draw_cursor(&part, 0, chosen && k == side, how->focused);
	}
	draw_matches(c, line, how->searched);
}

void profile_draw(const void *state, const struct desk *d, struct canvas *c,
		  const struct drawing *how)
{
	const struct profile_pane *p = state;
	int head = c->rows > 2 * HEAD_ROWS ? HEAD_ROWS : 0;
	struct canvas body = canvas_sub(
		c, (struct rect){ head, 0, c->rows - head, c->cols });
	size_t row;

	if (!d->snap || p->made_of != d->snap->version || !p->page.has ||
	    p->page.entity.kind == ENTITY_NONE) {
		canvas_text(c, 0, 1,
			    p->more.running ?
				    safe_literal("counting") :
				    safe_literal("no event is selected"),
			    STYLE_MUTED);
		return;
	}
	if (head) {
		draw_counts(p, d, c, 0, how->arena);
		if (p->page.node)
			draw_origin(p, d, c, 1, how->arena);
		draw_activity(p, d, c, 2);
		draw_baseline(p, c, 3, how->arena);
	}
	for (int line = 0; line < body.rows; line++) {
		if (!list_row_at(&p->list, (size_t)line, &row) || row >= p->n)
			break;
		draw_row(p, d, &body, line, row, how);
	}
}
