/* SPDX-License-Identifier: MIT */
#include "ui/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui/app_private.h"
#include "ui/dispatch.h"
#include "ui/keymap.h"

enum {
	FOLLOW_MS = 60, /* panes beside the focused one wait that long */
	SLICE_MS = 8,   /* of work in the background between two frames */
};

/* Life cycle -------------------------------------------------------------- */

struct app *app_new(struct investigation *inv,
		    const struct app_options *options)
{
	static const struct pane_class *const classes[PANE_COUNT] = {
		[PANE_ALERTS] = &pane_alerts, [PANE_TIMELINE] = &pane_timeline,
		[PANE_ATTACK] = &pane_attack, [PANE_LINEAGE] = &pane_lineage,
		[PANE_DETAIL] = &pane_detail, [PANE_PROFILE] = &pane_profile,
	};
	struct app *a = mem_zero(1, sizeof(*a));

	config_init(&a->own_config);
	a->config = options->config ? options->config : &a->own_config;
	a->desk = desk_new(inv, options->zone);
	desk_use_case(a->desk, options->case_file);
	a->inputs_pending = options->case_file != NULL;
	a->place_pending = options->case_file &&
			   case_place(options->case_file).n;
	a->options = *options;
	a->glyphs = glyphs_of(options->unicode);
	strbuf_init(&a->name);
	strbuf_adds(&a->name, options->name);
	for (int i = 0; i < PANE_COUNT; i++)
		if (classes[i])
			a->pane[i] = (struct pane){ classes[i],
						    classes[i]->open(),
						    .seen = UINT64_MAX };
	prompts_init(a);
	case_book_init(&a->steps);
	strbuf_init(&a->searched);
	strbuf_init(&a->message);
	strbuf_init(&a->copied);
	arena_init(&a->frame);
	app_configure(a);
	app_resize(a, 24, 80);
	return a;
}

void app_free(struct app *a)
{
	if (!a)
		return;
	app_keep_place(a);
	while (a->overlay_n)
		app_close_overlay(a);
	for (int i = 0; i < PANE_COUNT; i++)
		if (a->pane[i].class)
			a->pane[i].class->close(a->pane[i].state);
	saving_end(a);
	strbuf_release(&a->copied);
	history_release(&a->history);
	guide_free(a->guide);
	choosing_forget(a);
	case_book_release(&a->steps);
	prompts_release(a);
	follow_release(&a->follow);
	histogram_release(&a->histogram);
	desk_free(a->desk);
	config_release(&a->own_config);
	strbuf_release(&a->name);
	strbuf_release(&a->searched);
	strbuf_release(&a->message);
	arena_release(&a->frame);
	free(a);
}

struct desk *app_desk(struct app *a)
{
	return a->desk;
}

struct pane *app_pane(struct app *a, enum pane_id id)
{
	return &a->pane[id];
}

bool app_ended(const struct app *a)
{
	return a->ended;
}

enum app_wish app_take_wish(struct app *a)
{
	enum app_wish wish = a->wish;

	a->wish = APP_WISHES_NOTHING;
	return wish;
}

struct str app_copied(const struct app *a)
{
	return strbuf_str(&a->copied);
}

void app_say(struct app *a, const char *fmt, ...)
{
	char buf[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	strbuf_clear(&a->message);
	strbuf_adds(&a->message, buf);
}

/* Panes and layout -------------------------------------------------------- */

struct pane *app_active(struct app *a)
{
	return a->overlay_n ? &a->overlay[a->overlay_n - 1] :
			      &a->pane[a->focus];
}

void app_refresh_pane(struct app *a, struct pane *p)
{
	p->class->refresh(p->state, a->desk);
	if (p == app_active(a) && p->class->agree)
		p->class->agree(p->state, a->desk);
	p->seen = a->desk->version;
}

/* Rows of a pane's list that fit. */
static void set_height(struct app *a, enum pane_id id)
{
	struct pane *p = &a->pane[id];
	struct rect r;
	int rows;

	if (!p->class)
		return;
	r = layout_inner(&a->layout, id);
	if (p->class->focused)
		p->class->focused(p->state, id == a->focus);
	rows = p->class->resized ? p->class->resized(p->state, r.rows, r.cols) :
				   r.rows;
	list_set_height(p->class->list(p->state), rows > 0 ? (size_t)rows : 0);
}

void app_layout(struct app *a)
{
	const struct layout_state state = {
		.rows = a->rows,
		.cols = a->cols,
		.focus = a->focus,
		.zoomed = a->zoomed,
		.widen = a->widen,
	};

	layout_make(&a->layout, &state);
	for (int i = 0; i < PANE_COUNT; i++)
		set_height(a, (enum pane_id)i);
	for (size_t i = 0; i < a->overlay_n; i++) {
		struct pane *p = &a->overlay[i];
		int rows = p->class->resized ?
				   p->class->resized(p->state,
						     a->layout.body.rows - 1,
						     a->layout.body.cols) :
				   a->layout.body.rows - 2;

		list_set_height(p->class->list(p->state),
				rows > 0 ? (size_t)rows : 0);
	}
}

void app_resize(struct app *a, int rows, int cols)
{
	a->rows = rows;
	a->cols = cols;
	a->stale = true;
	app_layout(a);
}

void app_focus(struct app *a, enum pane_id pane)
{
	if (!a->pane[pane].class)
		return;
	while (a->overlay_n)
		app_close_overlay(a);
	a->focus = pane;
	app_layout(a);
	app_refresh_pane(a, &a->pane[pane]);
}

/* Alerts, and lists of events: of an incident, of a line that has some. */
static bool selects_itself(enum scope_kind kind)
{
	return kind == SCOPE_ALERT || kind == SCOPE_EVENTS;
}

void app_drill(struct app *a, struct scope scope)
{
	app_remember(a);
	desk_set_scope(a->desk, scope);
	/* An alert's line has selected what tells it; what else was drilled
	 * into begins with its first event. */
	if (a->desk->rows.n && scope.kind != SCOPE_AROUND &&
	    !(selects_itself(scope.kind) &&
	      rowset_has(&a->desk->rows, a->desk->selected)))
		desk_select(a->desk, a->desk->rows.row[0]);
	a->desk->version++;
	app_focus(a, PANE_TIMELINE);
}

void app_open(struct app *a, const struct pane_class *class, void *state)
{
	if (a->overlay_n == MOST_OVERLAYS)
		app_close_overlay(a);
	a->overlay[a->overlay_n++] = (struct pane){ class, state, .seen = 0 };
	app_layout(a);
	app_refresh_pane(a, app_active(a));
}

void app_close_overlay(struct app *a)
{
	struct pane *p;

	if (!a->overlay_n)
		return;
	p = &a->overlay[--a->overlay_n];
	a->finding.active = false;
	p->class->close(p->state);
	if (a->asked_overlays > a->overlay_n)
		app_forget_question(a);
}

/* Driving ----------------------------------------------------------------- */

void app_key(struct app *a, key_code key)
{
	const struct binding *b;

	a->touched = clock_ms();
	a->desk->touched = true;
	a->stale = true;
	if (a->asking) {
		app_prompt_key(a, key);
		return;
	}
	strbuf_clear(&a->message);
	if (dispatch_menu_key(a, key))
		return;
	b = keymap_find(&a->config->keymap, key, app_active(a)->class->context);
	if (!b) {
		char name[KEY_NAME_MAX];

		app_say(a, "%s does nothing here; ? shows the keys",
			key_print(key, name));
		return;
	}
	app_command(a, b->cmd, b->argument);
}

void app_paste(struct app *a, struct str text)
{
	a->touched = clock_ms();
	if (a->asking)
		app_prompt_paste(a, text);
	else
		app_say(a, "pasted text ignored; press f or / first");
}

void app_command(struct app *a, enum screen_command cmd, struct str argument)
{
	struct pane *p = app_active(a);
	uint64_t before = a->desk->version;
	bool quitting = a->asked_to_quit;

	a->asked_to_quit = false;
	if (p->class->ready)
		p->class->ready(p->state, a->desk);
	if (!app_scroll_wide(a, p, cmd) &&
	    app_take_event(a, p, cmd, argument) &&
	    !p->class->command(p->state, a, cmd, argument))
		dispatch(a, cmd, argument, quitting);
	if (a->desk->version != before)
		app_refresh_pane(a, app_active(a));
	a->stale = true;
	app_place_changed(a);
}

/* Brings all panes up to the desk. The focused one is already. */
static void catch_up(struct app *a)
{
	for (int i = 0; i < PANE_COUNT; i++)
		if (a->pane[i].class)
			app_refresh_pane(a, &a->pane[i]);
	for (size_t i = 0; i < a->overlay_n; i++)
		app_refresh_pane(a, &a->overlay[i]);
	a->stale = false;
}

/* Until what waits for a pause between keys begins. */
static int64_t pause_left(const struct app *a)
{
	int64_t left = a->touched + FOLLOW_MS - clock_ms();

	return left > 0 ? left : 0;
}

static bool is_at_work(const struct app *a);

/* How often a file that is being written is looked at. */
enum { WRITING_MS = 50 };

bool app_is_behind(const struct app *a)
{
	return a->stale || app_prompt_busy(a);
}

int app_delay(const struct app *a)
{
	if (is_at_work(a))
		return 0;
	if (app_is_behind(a))
		return (int)pause_left(a);
	return a->writing ? WRITING_MS : app_place_delay(a);
}

/* Panes that nobody looks at have time. */
static bool is_working(const struct app *a, int pane)
{
	const struct pane *p = &a->pane[pane];

	return p->class && p->class->busy && p->seen != UINT64_MAX &&
	       layout_shows(&a->layout, (enum pane_id)pane) &&
	       p->class->busy(p->state);
}

static bool overlay_works(const struct app *a)
{
	const struct pane *p = a->overlay_n ? &a->overlay[a->overlay_n - 1] :
					      NULL;

	return p && p->class->busy && p->class->busy(p->state);
}

static bool panes_work(const struct app *a)
{
	for (int i = 0; i < PANE_COUNT; i++)
		if (is_working(a, i))
			return true;
	return overlay_works(a);
}

static void step_panes(struct app *a)
{
	for (int i = 0; i < PANE_COUNT; i++)
		if (is_working(a, i))
			a->pane[i].class->step(a->pane[i].state, a->desk,
					       SLICE_MS);
	if (overlay_works(a)) {
		struct pane *p = &a->overlay[a->overlay_n - 1];

		p->class->step(p->state, a->desk, SLICE_MS);
	}
}

static bool is_at_work(const struct app *a)
{
	return desk_busy(a->desk) || a->finding.active || choosing_busy(a) ||
	       panes_work(a);
}

bool app_busy(const struct app *a)
{
	return is_at_work(a) || a->writing;
}

void app_poll(struct app *a)
{
	uint64_t before = a->desk->version;
	bool news = desk_news(a->desk);

	/* What counts in a snapshot has to stop before it goes; so one that
	 * comes meanwhile waits for the next time. */
	if (news) {
		app_prompt_forget(a);
		if (choosing_interrupt(a))
			app_say(a, "nothing was selected: the evidence has "
				   "changed");
		follow_before(a);
	}
	follow_poll(a);
	saving_poll(a);
	if (news && desk_poll(a->desk)) {
		/* Whatever showed the snapshot before has to let go of it. */
		catch_up(a);
		follow_after(a);
		app_restore_place(a);
		return;
	}
	desk_step(a->desk, SLICE_MS);
	if (a->finding.active)
		app_search_step(a);
	choosing_step(a, SLICE_MS);
	step_panes(a);
	if (app_prompt_busy(a) && !pause_left(a))
		app_prompt_step(a, SLICE_MS);
	if (a->desk->version != before) {
		app_refresh_pane(a, app_active(a));
		a->stale = true;
	}
	if (a->stale && !pause_left(a))
		catch_up(a);
	app_restore_place(a);
	if (!a->stale && app_place_delay(a) == 0)
		app_keep_place(a);
}

/* Drawing ----------------------------------------------------------------- */

static struct drawing drawing_for(struct app *a, const struct pane *p)
{
	return (struct drawing){
		.focused = p == app_active(a),
		.mode = a->options.unicode ? SAFE_UNICODE : SAFE_ASCII,
		.arena = &a->frame,
		.searched = p == app_active(a) ? strbuf_str(&a->searched) :
						 STR_NULL,
	};
}

/* A title in brackets; one that does not fit is cut, and looks so. */
static struct safetext bar_title(struct app *a, const struct canvas *c,
				 struct safetext title, int cols)
{
	return safe_fit(&a->frame,
			safe_join(&a->frame, safe_literal("["), title),
			cols > 0 ? (size_t)cols : 0, SAFE_CUT_END,
			canvas_glyph_text(c, GLYPH_ELLIPSIS).p);
}

/* A wide one is drawn with all the room that it wants, and a part of that is
 * shown. */
static void draw_body(struct app *a, const struct pane *p, struct canvas *body)
{
	struct drawing how = drawing_for(a, p);
	struct canvas whole;

	if (!p->wide || body->cols >= PANE_WIDE) {
		p->class->draw(p->state, a->desk, body, &how);
		draw_indicators(body, investigation_indicators(a->desk->inv));
		return;
	}
	canvas_init(&whole, body->rows, PANE_WIDE, canvas_glyphs(body));
	canvas_set_lists(&whole, canvas_lists(body));
	p->class->draw(p->state, a->desk, &whole, &how);
	draw_indicators(&whole, investigation_indicators(a->desk->inv));
	canvas_copy(body, &whole,
		    p->left + body->cols > PANE_WIDE ? PANE_WIDE - body->cols :
						       p->left);
	canvas_release(&whole);
}

static void draw_pane(struct app *a, struct canvas *c, enum pane_id id)
{
	struct pane *p = &a->pane[id];
	enum style_role bar = p == app_active(a) ? STYLE_BAR_FOCUS : STYLE_BAR;
	struct rect r = a->layout.pane[id], inner;
	struct safetext left, right;
	struct canvas body;

	if (!p->class || rect_empty(r))
		return;
	p->class->title(p->state, a->desk, &a->frame, &left, &right);
	left = bar_title(a, c, left, a->layout.boxes ? r.cols - 2 : r.cols);
	if (a->layout.boxes) {
		canvas_frame(c, r, left, right, bar);
	} else {
		struct canvas all = canvas_sub(c, r);

		canvas_bar(&all, 0, left, right, bar);
	}
	inner = layout_inner(&a->layout, id);
	body = canvas_sub(c, inner);
	draw_body(a, p, &body);
}

static void draw_overlay(struct app *a, struct canvas *c, struct pane *p)
{
	struct rect r = a->layout.body;
	struct canvas all = canvas_sub(c, r), body;
	struct safetext left, right;

	if (rect_empty(r))
		return;
	canvas_blank(&all);
	p->class->title(p->state, a->desk, &a->frame, &left, &right);
	left = bar_title(a, c, left, r.cols);
	canvas_bar(&all, 0, left, right, STYLE_BAR_FOCUS);
	body = canvas_sub(&all, (struct rect){ 1, 0, r.rows - 1, r.cols });
	draw_body(a, p, &body);
}

static void draw_too_small(struct app *a, struct canvas *c)
{
	struct canvas m = canvas_sub(c, a->layout.message);

	canvas_text(&m, 0, 0,
		    safe_format(&a->frame, "trawl: %dx%d, need %dx%d", a->cols,
				a->rows, LAYOUT_MIN_COLS, LAYOUT_MIN_ROWS),
		    STYLE_NORMAL);
	canvas_text(&m, 1, 0, safe_literal("nothing is lost"), STYLE_NORMAL);
	canvas_text(&m, 2, 0, safe_literal("resize, or q quit"), STYLE_NORMAL);
}

void app_draw(struct app *a, struct canvas *c)
{
	arena_reset(&a->frame);
	canvas_set_lists(c, a->wide_text && a->options.unicode ? SAFE_WIDE :
								 SAFE_LIST);
	canvas_blank(c);
	if (a->layout.kind == LAYOUT_MESSAGE) {
		draw_too_small(a, c);
		app_draw_footer(a, c);
		return;
	}
	app_draw_header(a, c);
	/* Boxes without anything in them are a screenful over a slow line. */
	for (int i = 0; i < PANE_COUNT && a->desk->snap; i++)
		draw_pane(a, c, (enum pane_id)i);
	if (a->overlay_n)
		draw_overlay(a, c, &a->overlay[a->overlay_n - 1]);
	app_draw_footer(a, c);
}
