/* SPDX-License-Identifier: MIT */
/* The timeline: the events of the scope, in order of time. */
#include "ui/app.h"

#include "base/mem.h"
#include "model/identity.h"

#include <stdlib.h>

struct timeline_pane {
	struct list list;
};

static void *timeline_open(void)
{
	return mem_zero(1, sizeof(struct timeline_pane));
}

static void timeline_close(void *state)
{
	free(state);
}

static void timeline_refresh(void *state, struct desk *d)
{
	struct timeline_pane *p = state;

	list_replace(&p->list, d->rows.n, desk_cursor(d));
}

static const char *scope_word(const struct desk *d)
{
	switch (d->scope.kind) {
	case SCOPE_ALL:
		return desk_is_narrowed(d) ? "filtered" : "all events";
	case SCOPE_ALERT:
		return "of alert: ";
	case SCOPE_NODE:
		return "of: ";
	case SCOPE_SUBTREE:
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
	if (d->run)
		*left = safe_join(arena, *left, safe_literal(" (searching)"));
	else if (d->cut)
		*left = safe_join(arena, *left,
				  safe_literal(" (search stopped: not all)"));
	*right = list_position(&p->list, arena);
}

/* How many columns each part gets in a pane of some width. */
struct columns {
	bool dates;
	int service, event, who, ip, region;
};

static struct columns columns_for(const struct desk *d, int cols)
{
	struct columns k = { .dates = desk_spans_days(d) };
	int left = cols - (k.dates ? 14 : 8) - 5;

	k.service = cols >= 100 ? 12 : cols >= 60 ? 6 : 4;
	left -= k.service + 1;
	if (left > 52) {
		k.ip = 15;
		left -= 16;
	}
	if (left > 74) {
		k.region = 14;
		left -= 15;
	}
	/* The name of the call and who called share the rest. */
	k.event = left > 44 ? (left > 80 ? 36 : left * 2 / 5) : left / 2;
	left -= k.event + 1;
	k.who = left - (cols >= 70 ? 9 : 2);
	if (k.who < 6)
		k.who = 0;
	return k;
}

static void draw_event(const struct desk *d, struct canvas *c, int line,
		       row_id row, int64_t before, const struct columns *k,
		       struct arena *a)
{
	const struct store *s = d->snap->store;
	enum event_outcome outcome = store_outcome(s, row);
	int level = marks_level(&d->snap->marks, row), col = 1;
	bool hidden = s->flags[row] & (EVENT_HAS_CONTROL | EVENT_HAS_BIDI);

	col = canvas_text(c, line, col,
			  time_cell(d, s->time[row], before, k->dates, a),
			  STYLE_NORMAL);
	canvas_text(c, line, col + 1,
		    safe_literal(outcome == OUTCOME_DENIED ? "x" :
				 outcome == OUTCOME_FAILED ? "!" :
							     " "),
		    STYLE_DENIED);
	col += 3;
	canvas_text(c, line, col,
		    list_cell(c, a,
			      event_service(store_text(s, EVENT_SOURCE, row)),
			      k->service, SAFE_CUT_END),
		    STYLE_MUTED);
	col += k->service + 1;
	canvas_text(c, line, col,
		    list_cell(c, a, store_text(s, EVENT_NAME, row), k->event,
			      SAFE_CUT_END),
		    STYLE_NORMAL);
	col += k->event + 1;
	canvas_text(c, line, col,
		    list_cell(c, a,
			      actor_label(store_text(s, EVENT_ACTOR, row), a),
			      k->who, SAFE_CUT_MIDDLE),
		    STYLE_NORMAL);
	col += k->who + (k->who ? 1 : 0);
	if (k->ip)
		canvas_text(c, line, col,
			    list_cell(c, a, store_text(s, EVENT_IP, row), k->ip,
				      SAFE_CUT_MIDDLE),
			    STYLE_NORMAL);
	col += k->ip + (k->ip ? 1 : 0);
	if (k->region)
		canvas_text(c, line, col,
			    list_cell(c, a, store_text(s, EVENT_REGION, row),
				      k->region, SAFE_CUT_END),
			    STYLE_MUTED);
	col += k->region + (k->region ? 1 : 0);
	if (level >= 0)
		canvas_text(c, line, col, level_text((enum level)level),
			    level_style((enum level)level));
	col += 2;
	if (hidden)
		canvas_text(c, line, col, safe_literal("[ctl]"), STYLE_HIDDEN);
	else if (outcome != OUTCOME_OK)
		canvas_text(c, line, col,
			    safe_literal(event_outcome_name(outcome)),
			    STYLE_DENIED);
}

static void timeline_draw(const void *state, const struct desk *d,
			  struct canvas *c, const struct drawing *how)
{
	const struct timeline_pane *p = state;
	struct columns k;
	int64_t before = TIME_NONE;
	size_t row;

	if (!d->snap || !d->rows.n) {
		canvas_text(c, 0, 1,
			    safe_literal(!d->snap ? "loading" :
					 d->run   ? "searching" :
						    "no events match"),
			    STYLE_MUTED);
		return;
	}
	k = columns_for(d, c->cols);
	for (int line = 0; line < c->rows; line++) {
		if (!list_row_at(&p->list, (size_t)line, &row) ||
		    row >= d->rows.n)
			break;
		draw_event(d, c, line, d->rows.row[row], before, &k,
			   how->arena);
		before = d->snap->store->time[d->rows.row[row]];
		draw_cursor(c, line, row == p->list.cursor, how->focused);
		draw_matches(c, line, how->searched);
	}
}

static struct list *timeline_list(void *state)
{
	return &((struct timeline_pane *)state)->list;
}

static void timeline_row_text(const void *state, const struct desk *d,
			      size_t at, struct strbuf *out)
{
	static const enum event_column shown[] = {
		EVENT_SOURCE, EVENT_NAME,  EVENT_ACTOR, EVENT_IP,
		EVENT_REGION, EVENT_ERROR, EVENT_KEY,
	};
	row_id row = d->rows.row[at];

	(void)state;
	time_format(out, d->snap->store->time[row], TIME_DATETIME, &d->zone);
	for (size_t i = 0; i < ARRAY_SIZE(shown); i++) {
		strbuf_addc(out, ' ');
		strbuf_add(out, store_text(d->snap->store, shown[i], row));
	}
}

static void timeline_moved(void *state, struct desk *d)
{
	struct timeline_pane *p = state;

	if (p->list.cursor < d->rows.n)
		desk_select(d, d->rows.row[p->list.cursor]);
}

static bool timeline_command(void *state, struct app *app,
			     enum screen_command cmd)
{
	(void)state;
	if (cmd != DO_DRILL)
		return false;
	if (app_desk(app)->selected == ROW_NONE) {
		app_say(app, "no event is selected");
		return true;
	}
	app_remember(app);
	app_focus(app, PANE_DETAIL);
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
};
