/* SPDX-License-Identifier: MIT */
#include "query/why.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/matcher_private.h"
#include "query/print.h"

void why_init(struct why *w)
{
	*w = (struct why){ .n = 0 };
	arena_init(&w->arena);
}

void why_release(struct why *w)
{
	free(w->line);
	arena_release(&w->arena);
	*w = (struct why){ .n = 0 };
}

/* Values ------------------------------------------------------------------ */

struct gathering {
	struct arena *arena;
	struct str value[WHY_VALUES];
	size_t n;
};

static void add_value(struct gathering *g, struct str text)
{
	for (size_t i = 0; i < g->n; i++)
		if (str_eq(g->value[i], text))
			return;
	/* What lies in JSON inside a string does not outlive the test. */
	if (g->n < WHY_VALUES)
		g->value[g->n++] = arena_dup(g->arena, text);
}

static bool gather(void *context, const struct json *v)
{
	struct gathering *g = context;
	struct strbuf text;

	if (v->kind == JSON_ARRAY) {
		for (v = v->child; v; v = v->next)
			gather(g, v);
		return false;
	}
	if (json_is_scalar(v)) {
		add_value(g, v->text);
		return false;
	}
	strbuf_init(&text);
	json_print(&text, v);
	add_value(g, strbuf_str(&text));
	strbuf_release(&text);
	return false;
}

/* Where in a record a test looks; empty when everywhere or outside it. */
static struct str path_of(const struct expr_field *f)
{
	switch (f->kind) {
	case FIELD_PATH:
		return f->path;
	case FIELD_ID:
		return STR("eventID");
	case FIELD_TIME:
		return STR("eventTime");
	default:
		return field_class(f->kind) == CLASS_COLUMN ?
			       str_of(event_column_name(f->column)) :
			       STR_NULL;
	}
}

/* What the event has where a test looks; nothing for tests that look
 * everywhere. */
static void find_values(struct why *w, struct why_line *line,
			const struct expr_test *t, const struct event *e,
			struct match_scratch *s)
{
	struct gathering g = { .arena = &w->arena };
	struct str *kept;

	switch (t->field.kind) {
	case FIELD_PATH:
		record_walk(e->record, t->field.path, gather, &g, s);
		break;
	case FIELD_ID:
		add_value(&g, e->id);
		break;
	case FIELD_TIME:
		add_value(&g, e->raw_time);
		break;
	default:
		if (field_class(t->field.kind) == CLASS_COLUMN &&
		    e->column[t->field.column].n)
			add_value(&g, e->column[t->field.column]);
		break;
	}
	kept = arena_alloc(&w->arena, (g.n + 1) * sizeof(*kept));
	for (size_t i = 0; i < g.n; i++)
		kept[i] = g.value[i];
	line->found = kept;
	line->found_n = g.n;
}

/* Lines ------------------------------------------------------------------- */

static bool meets(const struct expr *e, const struct event *event,
		  const struct match_row *row, struct match_scratch *s)
{
	struct matcher *m;
	struct err err;
	bool met;

	/* A part of what could be prepared can be prepared. */
	if (matcher_new(&m, e, &err))
		return false;
	met = matcher_test(m, event, row, s);
	matcher_free(m);
	return met;
}

/* Recursion is bounded by the depth that conditions may have. */
static bool add(struct why *w, const struct expr *e, unsigned depth,
		const struct event *event, const struct match_row *row,
		struct match_scratch *s)
{
	struct why_line *line;
	bool met = meets(e, event, row, s);

	if (w->n == WHY_LINES) {
		w->cut = true;
		return met;
	}
	w->line = mem_grow(w->line, &w->cap, w->n + 1, sizeof(*w->line));
	line = &w->line[w->n++];
	*line = (struct why_line){ .depth = depth,
				   .kind = e->kind,
				   .met = met };
	if (e->kind == EXPR_TEST) {
		struct strbuf text;

		strbuf_init(&text);
		query_print(&text, e);
		line->wanted = arena_dup(&w->arena, strbuf_str(&text));
		strbuf_release(&text);
		line->path = path_of(&e->test.field);
		find_values(w, line, &e->test, event, s);
	}
	for (size_t i = 0; i < e->member_n; i++)
		add(w, e->member[i], depth + 1, event, row, s);
	return met;
}

bool why_add(struct why *w, const struct expr *e, const struct event *event,
	     const struct match_row *row, struct match_scratch *s)
{
	return add(w, e, 0, event, row, s);
}
