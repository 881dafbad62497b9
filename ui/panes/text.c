/* SPDX-License-Identifier: MIT */
/* A text to read: help, skipped records, one long value. */
#include "ui/panes/text.h"

#include <stdlib.h>

#include "base/mem.h"
#include "ui/app.h"

/* What 80 columns show, beside a key as well. */
enum { KEY_COLUMN = 16, WRAP = 78 };

struct text_line {
	struct str key, text;
	bool heading;
};

struct text_view {
	struct list list;
	struct strbuf title;
	struct text_line *line;
	size_t n, cap;
	struct arena arena;
	int left;
};

struct text_view *text_view_new(const char *title)
{
	struct text_view *v = mem_zero(1, sizeof(*v));

	strbuf_init(&v->title);
	strbuf_adds(&v->title, title);
	arena_init(&v->arena);
	return v;
}

static void add_line(struct text_view *v, struct str key, struct str text,
		     bool heading)
{
	v->line = mem_grow(v->line, &v->cap, v->n + 1, sizeof(*v->line));
	v->line[v->n++] = (struct text_line){ arena_dup(&v->arena, key),
					      arena_dup(&v->arena, text),
					      heading };
}

void text_view_add(struct text_view *v, const char *key, struct str line)
{
	struct str name = key ? str_of(key) : STR_NULL;
	size_t wrap = key ? WRAP - KEY_COLUMN : WRAP;

	/* Raw text is wrapped by bytes; what it is drawn as may be longer. */
	while (line.n > wrap) {
		size_t to = wrap;

		while (to > wrap / 2 && line.p[to - 1] != ' ')
			to--;
		if (to == wrap / 2)
			to = wrap;
		add_line(v, name, str_sub(line, 0, to), false);
		line = str_from(line, to);
		name = key ? STR(" ") : STR_NULL;
	}
	add_line(v, name, line, false);
}

void text_view_heading(struct text_view *v, const char *text)
{
	if (v->n)
		add_line(v, STR_NULL, STR_NULL, false);
	add_line(v, STR_NULL, str_of(text), true);
}

void text_view_page(struct text_view *v, struct str text)
{
	struct str line;

	while (str_next(&text, '\n', &line)) {
		bool heading = line.n > 3 &&
			       (line.p[0] != ' ' ||
				(line.p[2] == ' ' && line.p[3] != ' '));

		add_line(v, STR_NULL, line, heading);
	}
}

static void text_close(void *state)
{
	struct text_view *v = state;

	strbuf_release(&v->title);
	free(v->line);
	arena_release(&v->arena);
	free(v);
}

static void text_refresh(void *state, struct desk *d)
{
	struct text_view *v = state;

	(void)d;
	list_set_count(&v->list, v->n);
}

static void text_title(const void *state, const struct desk *d,
		       struct arena *arena, struct safetext *left,
		       struct safetext *right)
{
	const struct text_view *v = state;

	(void)d;
	*left = safe_text(arena, strbuf_str(&v->title), SAFE_LIST);
	*right = safe_join(arena, safe_literal("q:close /:search "),
			   list_position(&v->list, arena));
}

static void text_draw(const void *state, const struct desk *d, struct canvas *c,
		      const struct drawing *how)
{
	const struct text_view *v = state;
	size_t row;

	(void)d;
	for (int line = 0; line < c->rows; line++) {
		const struct text_line *t;
		int col = 1;

		if (!list_row_at(&v->list, (size_t)line, &row) || row >= v->n)
			break;
		t = &v->line[row];
		if (t->key.n) {
			canvas_text(c, line, col,
				    safe_text(how->arena, t->key, SAFE_LIST),
				    STYLE_KEY);
			col += (int)t->key.n < KEY_COLUMN ? KEY_COLUMN :
							    (int)t->key.n + 1;
		}
		canvas_text(c, line, col - v->left,
			    safe_text(how->arena, t->text, how->mode),
			    t->heading ? STYLE_HEADING : STYLE_NORMAL);
		draw_cursor(c, line, row == v->list.cursor, how->focused);
		draw_matches(c, line, how->searched);
	}
}

static bool text_command(void *state, struct app *app, enum screen_command cmd,
			 struct str argument)
{
	struct text_view *v = state;

	(void)argument;
	(void)app;
	switch (cmd) {
	case DO_LEFT:
		v->left = v->left > 8 ? v->left - 8 : 0;
		return true;
	case DO_RIGHT:
		v->left += 8;
		return true;
	case DO_DRILL:
		return true;
	default:
		return false;
	}
}

static struct list *text_list(void *state)
{
	return &((struct text_view *)state)->list;
}

static void text_row_text(const void *state, const struct desk *d, size_t row,
			  struct strbuf *out)
{
	const struct text_view *v = state;

	(void)d;
	strbuf_add(out, v->line[row].key);
	strbuf_addc(out, ' ');
	strbuf_add(out, v->line[row].text);
}

const struct pane_class overlay_text = {
	.name = "Text",
	.context = IN_TEXT,
	.close = text_close,
	.refresh = text_refresh,
	.title = text_title,
	.draw = text_draw,
	.command = text_command,
	.list = text_list,
	.row_text = text_row_text,
};
