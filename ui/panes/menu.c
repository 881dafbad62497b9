/* SPDX-License-Identifier: MIT */
/* Things to choose from: pivots, and the questions of a guide. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui/app.h"
#include "ui/panes/text.h"
#include "ui/picks.h"

struct menu_item {
	char key[2];
	struct str label, argument;
	menu_run run;
	const char *field; /* of a value; NULL: nothing is counted */
	enum { UNCOUNTED, COUNTED, UNCOUNTABLE } state;
	size_t events;
	struct str beside;
	bool ticked, heading;
};

struct menu {
	struct list list;
	struct strbuf title;
	struct menu_item *item;
	size_t n, cap;
	char again; /* the first item's other key, or 0 */
	bool tells; /* something stands beside items */
	struct arena arena;
};

/* From these columns on there is room beside the items. */
enum { BESIDE_COLS = 110, BESIDE_COL = 62 };

struct menu *menu_new(const char *title)
{
	struct menu *m = mem_zero(1, sizeof(*m));

	strbuf_init(&m->title);
	strbuf_adds(&m->title, title);
	arena_init(&m->arena);
	return m;
}

void menu_add(struct menu *m, char key, struct str label, menu_run run,
	      struct str argument)
{
	m->item = mem_grow(m->item, &m->cap, m->n + 1, sizeof(*m->item));
	m->item[m->n++] = (struct menu_item){
		.key = { key, '\0' },
		.label = arena_dup(&m->arena, label),
		.argument = arena_dup(&m->arena, argument),
		.run = run,
	};
}

void menu_add_value(struct menu *m, char key, const char *field,
		    struct str value, menu_run run, struct str filter)
{
	menu_add(m, key, value, run, filter);
	m->item[m->n - 1].field = field;
}

void menu_again(struct menu *m, char key)
{
	m->again = key;
}

void menu_heading(struct menu *m, struct str text)
{
	menu_add(m, '\0', text, NULL, STR_NULL);
	m->item[m->n - 1].heading = true;
}

void menu_tell(struct menu *m, struct str beside, bool ticked)
{
	m->item[m->n - 1].beside = arena_dup(&m->arena, beside);
	m->item[m->n - 1].ticked = ticked;
	m->tells = true;
}

static void menu_free(struct menu *m)
{
	strbuf_release(&m->title);
	free(m->item);
	arena_release(&m->arena);
	free(m);
}

/* The menu goes before its choice runs: that may open something else. */
static void run(struct app *app, const struct menu *m, size_t i)
{
	menu_run what = m->item[i].run;
	struct strbuf argument;

	if (m->item[i].heading)
		return;
	strbuf_init(&argument);
	strbuf_add(&argument, m->item[i].argument);
	app_close_overlay(app);
	if (what)
		what(app, strbuf_str(&argument));
	strbuf_release(&argument);
}

bool menu_key(struct app *app, struct menu *m, key_code key)
{
	if (m->again && m->n && key == (key_code)(unsigned char)m->again) {
		run(app, m, 0);
		return true;
	}
	for (size_t i = 0; i < m->n; i++)
		if (m->item[i].key[0] &&
		    key == (key_code)(unsigned char)m->item[i].key[0]) {
			run(app, m, i);
			return true;
		}
	return false;
}

static void menu_close(void *state)
{
	menu_free(state);
}

static void menu_refresh(void *state, struct desk *d)
{
	struct menu *m = state;

	(void)d;
	list_set_count(&m->list, m->n);
	/* The cursor begins on something. */
	if (m->list.cursor == 0 && m->n > 1 && m->item[0].heading)
		list_goto(&m->list, 1);
}

/* What is told of the item under the cursor stands below. */
static int menu_resized(void *state, int rows, int cols)
{
	(void)cols;
	return ((const struct menu *)state)->tells ? rows - 1 : rows;
}

static void menu_title(const void *state, const struct desk *d,
		       struct arena *arena, struct safetext *left,
		       struct safetext *right)
{
	const struct menu *m = state;

	(void)d;
	*left = safe_text(arena, strbuf_str(&m->title), SAFE_LIST);
	*right = safe_literal("a key or Enter, q:close");
}

/* "ip                62 ev  203.0.113.66" */
static void item_text(const struct menu_item *x, struct strbuf *out)
{
	if (x->field && x->state == COUNTED)
		strbuf_addf(out, "%-11s %8zu ev  ", x->field, x->events);
	else if (x->field)
		strbuf_addf(out, "%-11s        %c ev  ", x->field,
			    x->state == UNCOUNTED ? ' ' : '?');
	strbuf_add(out, x->label);
}

static void draw_item(const struct menu *m, const struct menu_item *item,
		      struct canvas *c, int line, const struct drawing *how)
{
	bool beside = m->tells && c->cols >= BESIDE_COLS;
	int col = m->tells ? 6 : 5;
	struct strbuf text;

	if (item->heading) {
		canvas_text(c, line, 1,
			    list_cell(c, how->arena, item->label, c->cols - 2,
				      SAFE_CUT_END),
			    STYLE_HEADING);
		return;
	}
	canvas_text(c, line, 2,
		    safe_text(how->arena, str_of(item->key), SAFE_LIST),
		    STYLE_KEY);
	if (item->ticked)
		canvas_text(c, line, 4, safe_literal("x"), STYLE_OK);
	strbuf_init(&text);
	item_text(item, &text);
	canvas_text(c, line, col,
		    list_cell(c, how->arena, strbuf_str(&text),
			      (beside ? BESIDE_COL : c->cols) - col - 1,
			      SAFE_CUT_END),
		    item->run || !m->tells ? STYLE_NORMAL : STYLE_MUTED);
	strbuf_release(&text);
	if (beside)
		canvas_text(c, line, BESIDE_COL,
			    list_cell(c, how->arena, item->beside,
				      c->cols - BESIDE_COL - 1,
				      SAFE_CUT_MIDDLE),
			    STYLE_MUTED);
}

static void menu_draw(const void *state, const struct desk *d, struct canvas *c,
		      const struct drawing *how)
{
	const struct menu *m = state;
	int rows = m->tells ? c->rows - 1 : c->rows;
	size_t row;

	(void)d;
	for (int line = 0; line < rows; line++) {
		if (!list_row_at(&m->list, (size_t)line, &row) || row >= m->n)
			break;
		draw_item(m, &m->item[row], c, line, how);
		draw_cursor(c, line, row == m->list.cursor, how->focused);
	}
	if (m->tells && rows > 0 && m->list.cursor < m->n)
		canvas_text(c, c->rows - 1, 1,
			    list_cell(c, how->arena,
				      m->item[m->list.cursor].beside,
				      c->cols - 2, SAFE_CUT_END),
			    STYLE_MUTED);
}

static bool menu_command(void *state, struct app *app, enum screen_command cmd,
			 struct str argument)
{
	struct menu *m = state;

	(void)argument;
	switch (cmd) {
	case DO_DRILL:
		if (m->list.cursor < m->n)
			run(app, m, m->list.cursor);
		return true;
	default:
		return false;
	}
}

static struct list *menu_list(void *state)
{
	return &((struct menu *)state)->list;
}

static void menu_row_text(const void *state, const struct desk *d, size_t row,
			  struct strbuf *out)
{
	(void)d;
	item_text(&((const struct menu *)state)->item[row], out);
}

/* Counting ---------------------------------------------------------------- */

static struct menu_item *uncounted(const struct menu *m)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->item[i].field && m->item[i].state == UNCOUNTED)
			return &m->item[i];
	return NULL;
}

static bool menu_busy(const void *state)
{
	return uncounted(state) != NULL;
}

static void menu_step(void *state, struct desk *d, unsigned ms)
{
	int64_t end = clock_ms() + ms;
	struct menu_item *x;

	while ((x = uncounted(state))) {
		x->state = picks_count(d, x->argument, &x->events) ?
				   COUNTED :
				   UNCOUNTABLE;
		if (clock_ms() >= end)
			break;
	}
}

const struct pane_class overlay_menu = {
	.name = "Menu",
	.context = IN_PIVOT,
	.close = menu_close,
	.refresh = menu_refresh,
	.title = menu_title,
	.draw = menu_draw,
	.command = menu_command,
	.list = menu_list,
	.resized = menu_resized,
	.row_text = menu_row_text,
	.busy = menu_busy,
	.step = menu_step,
};
