/* SPDX-License-Identifier: MIT */
/* The timeline: the events of the scope, in order of time. */
#include "ui/app.h"

#include "base/mem.h"
#include "model/identity.h"

#include <stdlib.h>

struct timeline_pane {
	struct list list;
	row_id shown;     /* the selected row, as of the last refresh */
	uint64_t made_of; /* version of the snapshot that it is a row of */
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
	uint64_t version = d->snap ? d->snap->version : 0;

	if (d->selected != p->shown && version == p->made_of)
		list_jump(&p->list, d->rows.n, desk_cursor(d));
	else
		list_replace(&p->list, d->rows.n, desk_cursor(d));
	if (!d->rows.n)
		desk_none(d);
	p->shown = d->selected;
	p->made_of = version;
}

static const char *scope_word(const struct desk *d)
{
	switch (d->scope.kind) {
	case SCOPE_ALL:
		return desk_is_narrowed(d) ? "filtered" : "all events";
	case SCOPE_ALERT:
		return "of alert: ";
	case SCOPE_NODE:
	case SCOPE_GROUP:
	case SCOPE_EVENTS:
	case SCOPE_CALLS:
	case SCOPE_CALLS_BELOW:
		return "of: ";
	case SCOPE_SUBTREE:
	case SCOPE_GROUP_BELOW:
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

/* How many columns each part gets in a pane of some width; 0: none. */
struct columns {
	bool dates;
	int service, event, who, ip, region, outcome;
};

static struct columns columns_for(const struct desk *d, int cols)
{
	struct columns k = { .dates = desk_spans_days(d) };
	int left;

	k.service = cols >= 100 ? 14 : cols >= 60 ? 6 : 4;
	/* Cursor, time, mark, alert's letter, and a blank between each. */
	left = cols - (k.dates ? 14 : 8) - k.service - 8;
	if (left > 50) {
		k.ip = 15;
		left -= 16;
	}
	if (left > 74) {
		k.region = 14;
		k.outcome = 8;
		left -= 24;
	}
	/* The name of the call and who called share the rest. */
	k.event = left > 70 ? 32 : (left - 1) / 2;
	k.who = left - k.event - 1;
	if (k.who > 44)
		k.who = 44;
	return k;
}

/* "x" denied, "!" failed otherwise, "?" something hidden in the record. */
static void draw_mark(struct canvas *c, int line, int col,
		      const struct store *s, row_id row)
{
	enum event_outcome outcome = store_outcome(s, row);

	if (s->flags[row] & (EVENT_HAS_CONTROL | EVENT_HAS_BIDI))
		canvas_text(c, line, col, safe_literal("?"), STYLE_HIDDEN);
	else if (outcome != OUTCOME_OK)
		canvas_text(c, line, col,
			    safe_literal(outcome == OUTCOME_DENIED ? "x" : "!"),
			    STYLE_DENIED);
}

/* A text cut to its column; returns the column after it. */
static int draw_cell(struct canvas *c, int line, int col, struct str raw,
		     int width, enum safe_elide how, enum style_role style,
		     struct arena *a)
{
	if (!width)
		return col;
	canvas_text(c, line, col, list_cell(c, a, raw, width, how), style);
	return col + width + 1;
}

static void draw_event(const struct desk *d, struct canvas *c, int line,
		       row_id row, int64_t before, const struct columns *k,
		       struct arena *a)
{
	const struct store *s = d->snap->store;
	enum event_outcome outcome = store_outcome(s, row);
	int level = marks_level(&d->snap->marks, row), col;

	col = canvas_text(c, line, 1,
			  time_cell(d, s->time[row], before, k->dates, a),
			  STYLE_NORMAL);
	draw_mark(c, line, col + 1, s, row);
	col = draw_cell(c, line, col + 3,
			event_service(store_text(s, EVENT_SOURCE, row)),
			k->service, SAFE_CUT_END, STYLE_MUTED, a);
	col = draw_cell(c, line, col, store_text(s, EVENT_NAME, row), k->event,
			SAFE_CUT_END, STYLE_NORMAL, a);
	col = draw_cell(c, line, col,
			actor_label(store_text(s, EVENT_ACTOR, row), a), k->who,
			SAFE_CUT_MIDDLE, STYLE_NORMAL, a);
	col = draw_cell(c, line, col, store_text(s, EVENT_IP, row), k->ip,
			SAFE_CUT_MIDDLE, STYLE_NORMAL, a);
	col = draw_cell(c, line, col, store_text(s, EVENT_REGION, row),
			k->region, SAFE_CUT_END, STYLE_MUTED, a);
	if (level >= 0)
		canvas_text(c, line, col, level_text((enum level)level),
			    level_style((enum level)level));
	if (k->outcome && outcome != OUTCOME_OK)
		canvas_text(c, line, col + 2,
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
		draw_none(c,
			  safe_literal(!d->snap ? "loading" :
				       d->run   ? "searching" :
						  "no events match"),
			  strbuf_str(&d->none), how->arena);
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
			     enum screen_command cmd, struct str argument)
{
	(void)state;
	(void)argument;
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
