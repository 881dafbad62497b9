/* SPDX-License-Identifier: MIT */
/* The filter term by term, and below it the saved ones. */
#include <stdlib.h>

#include "base/mem.h"
#include "ui/app.h"
#include "ui/panes/text.h"

struct filter_list {
	struct list list;
	size_t terms, saved; /* as of the last refresh */
};

struct filter_list *filter_list_new(void)
{
	return mem_zero(1, sizeof(struct filter_list));
}

static void list_close(void *state)
{
	free(state);
}

static void list_refresh(void *state, struct desk *d)
{
	struct filter_list *v = state;

	v->terms = d->now.filters.n;
	v->saved = d->saved.n;
	list_set_count(&v->list, v->terms + v->saved);
}

static void list_title(const void *state, const struct desk *d,
		       struct arena *arena, struct safetext *left,
		       struct safetext *right)
{
	const struct filter_list *v = state;

	*left = safe_format(arena, "&] filters%s: %zu, saved: %zu",
			    d->now.filters.off ? " (all off)" : "", v->terms,
			    v->saved);
	*right = safe_join(arena,
			   safe_literal("Space:on, off Enter:this one "
					"-:drop "),
			   list_position(&v->list, arena));
}

/* "[x] 2  user:ci-*" or "    name  level>=high" */
static void row_text(const struct filter_list *v, const struct desk *d,
		     size_t row, struct strbuf *out)
{
	const struct filters *f = &d->now.filters;

	if (row < v->terms && row < f->n) {
		strbuf_addf(out, "[%c] %2zu  ",
			    f->off || f->term[row].off ? ' ' : 'x', row + 1);
		strbuf_add(out, f->term[row].text);
	} else if (row - v->terms < d->saved.n) {
		const struct saved_filter *s = &d->saved.item[row - v->terms];

		strbuf_adds(out, "saved   ");
		strbuf_add(out, s->name);
		strbuf_addn(out, ' ', s->name.n < 14 ? 16 - s->name.n : 2);
		strbuf_add(out, s->filter);
	}
}

static void list_draw(const void *state, const struct desk *d, struct canvas *c,
		      const struct drawing *how)
{
	const struct filter_list *v = state;
	struct strbuf text;
	size_t row;

	if (!v->list.n)
		canvas_text(c, 0, 1,
			    safe_literal("no filter; f makes one, :save NAME "
					 "keeps it"),
			    STYLE_MUTED);
	strbuf_init(&text);
	for (int line = 0; line < c->rows; line++) {
		bool off;

		if (!list_row_at(&v->list, (size_t)line, &row) ||
		    row >= v->list.n)
			break;
		off = row < d->now.filters.n &&
		      (d->now.filters.off || d->now.filters.term[row].off);
		strbuf_clear(&text);
		row_text(v, d, row, &text);
		canvas_text(c, line, 2,
			    list_cell(c, how->arena, strbuf_str(&text),
				      c->cols - 3, SAFE_CUT_END),
			    off ? STYLE_MUTED : STYLE_NORMAL);
		draw_cursor(c, line, row == v->list.cursor, how->focused);
		draw_matches(c, line, how->searched);
	}
	strbuf_release(&text);
}

/* The saved one under the cursor, or NULL. */
static const struct saved_filter *saved_at(const struct filter_list *v,
					   const struct desk *d)
{
	size_t i = v->list.cursor - v->terms;

	return v->list.cursor >= v->terms && i < d->saved.n ?
		       &d->saved.item[i] :
		       NULL;
}

/* Enter: this term alone is on, or the saved one in the filter's place. */
static void choose(struct filter_list *v, struct app *app)
{
	struct desk *d = app_desk(app);
	const struct saved_filter *s = saved_at(v, d);
	size_t at = v->list.cursor;
	struct err err;

	app_remember(app);
	app_close_overlay(app);
	if (s ? desk_set_filter(d, s->filter, &err) :
		desk_only_filter(d, at, &err))
		app_say(app, "%s", err.msg);
}

static void drop(struct filter_list *v, struct app *app)
{
	struct desk *d = app_desk(app);
	const struct saved_filter *s = saved_at(v, d);
	struct strbuf name;
	struct err err;

	if (!s) {
		desk_drop_filter(d, v->list.cursor);
		return;
	}
	strbuf_init(&name);
	strbuf_add(&name, s->name);
	if (!s->author.n)
		app_say(app, "%s stands in the configuration", name.p);
	else if (desk_save_filter(d, strbuf_str(&name), true, &err))
		app_say(app, "%s", err.msg);
	else
		app_say(app, "forgotten: %s", name.p);
	d->version++;
	strbuf_release(&name);
}

static bool list_command(void *state, struct app *app, enum screen_command cmd,
			 struct str argument)
{
	struct filter_list *v = state;
	struct desk *d = app_desk(app);
	struct err err;

	if (argument.n || (cmd != DO_DRILL && cmd != DO_TOGGLE_FILTER &&
			   cmd != DO_DROP_FILTER))
		return false;
	if (v->list.cursor >= v->list.n)
		app_say(app, "no filter is selected");
	else if (cmd == DO_DRILL)
		choose(v, app);
	else if (cmd == DO_DROP_FILTER)
		drop(v, app);
	else if (saved_at(v, d))
		app_say(app, "Enter takes a saved filter");
	else if (desk_toggle_filter(d, v->list.cursor, &err))
		app_say(app, "%s", err.msg);
	return true;
}

static struct list *list_of(void *state)
{
	return &((struct filter_list *)state)->list;
}

static void list_row_text(const void *state, const struct desk *d, size_t row,
			  struct strbuf *out)
{
	row_text(state, d, row, out);
}

const struct pane_class overlay_filters = {
	.name = "Filters",
	.context = IN_FILTERS,
	.close = list_close,
	.refresh = list_refresh,
	.title = list_title,
	.draw = list_draw,
	.command = list_command,
	.list = list_of,
	.row_text = list_row_text,
};
