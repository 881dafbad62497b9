/* SPDX-License-Identifier: MIT */
#include "detect/compile.h"

#include <stdarg.h>
#include <stdio.h>

#include "detect/sigma_private.h"
#include "query/pattern.h"

const struct expr *sigma_fail(struct compiling *c, enum err_code code,
			      unsigned line, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_set(c->err, code, "%s:%u: %s", c->rule->file, line, text);
	return NULL;
}

static size_t weigh(const struct expr *e, size_t left)
{
	size_t n = 1 + (e->kind == EXPR_TEST ? e->test.value_n : 0);

	for (size_t i = 0; i < e->member_n && n <= left; i++)
		n += weigh(e->member[i], left - n);
	return n;
}

size_t sigma_weight(const struct expr *e)
{
	return weigh(e, SIGMA_NODES);
}

/* Selections -------------------------------------------------------------- */

/* All items of a map. */
static const struct expr *map_expr(struct compiling *c, const struct node *map)
{
	struct expr_list list = { NULL, 0, 0 };

	if (map->n == 0)
		return sigma_fail(c, ERR_SYNTAX, map->line,
				  "an empty selection");
	for (size_t i = 0; i < map->n; i++) {
		const struct expr *e = sigma_item(c, &map->item[i]);

		if (!e)
			return NULL;
		expr_list_add(c->arena, &list, e);
	}
	return expr_join(c->arena, EXPR_AND, list.member, list.n);
}

/* Any member of a list: maps, and keywords. */
static const struct expr *list_expr(struct compiling *c,
				    const struct node *nodes)
{
	struct expr_list list = { NULL, 0, 0 };

	if (nodes->n == 0)
		return sigma_fail(c, ERR_SYNTAX, nodes->line,
				  "an empty selection");
	for (size_t i = 0; i < nodes->n; i++) {
		const struct node *n = nodes->item[i].value;
		const struct expr *e = n->kind == NODE_MAP ?
					       map_expr(c, n) :
				       n->kind == NODE_LIST ?
					       sigma_fail(c, ERR_SYNTAX,
							  n->line,
							  "a list in a list") :
					       sigma_keyword(c, n);

		if (!e)
			return NULL;
		expr_list_add(c->arena, &list, e);
	}
	return pattern_join(c->arena, EXPR_OR, &list);
}

static const struct expr *selection_expr(struct compiling *c,
					 const struct node *n)
{
	switch (n->kind) {
	case NODE_MAP:
		return map_expr(c, n);
	case NODE_LIST:
		return list_expr(c, n);
	case NODE_TEXT:
		return sigma_keyword(c, n);
	case NODE_NULL:
		break;
	}
	return sigma_fail(c, ERR_SYNTAX, n->line, "an empty selection");
}

/* `rules` is what a filter is for. */
static bool is_selection(const struct rule *r, struct str key)
{
	return !str_eq(key, STR("condition")) &&
	       !str_eq(key, STR("timeframe")) &&
	       !(r->filter && str_eq(key, STR("rules")));
}

static bool take_selections(struct compiling *c, const struct node *detection)
{
	c->out->selection = arena_zero(
		c->arena, (detection->n + 1) * sizeof(*c->out->selection));
	for (size_t i = 0; i < detection->n; i++) {
		const struct node_item *item = &detection->item[i];
		struct sigma_selection *s =
			&c->out->selection[c->out->selection_n];

		if (!is_selection(c->rule, item->key))
			continue;
		s->name = item->key;
		s->line = item->line;
		s->expr = selection_expr(c, item->value);
		if (!s->expr)
			return false;
		if (sigma_weight(s->expr) > SIGMA_NODES) {
			sigma_fail(c, ERR_LIMIT, item->line,
				   "too many values in a selection");
			return false;
		}
		c->out->selection_n++;
	}
	return true;
}

/* Conditions -------------------------------------------------------------- */

static const struct expr *take_condition(struct compiling *c,
					 const struct node *detection)
{
	const struct node *n = node_member(detection, "condition");
	struct expr_list list = { NULL, 0, 0 };

	if (n && n->kind == NODE_TEXT)
		return sigma_condition(c, n->text, n->line);
	if (!n || n->kind != NODE_LIST || n->n == 0)
		return sigma_fail(c, ERR_SYNTAX, detection->line,
				  "a condition is needed");
	for (size_t i = 0; i < n->n; i++) {
		const struct node *text = n->item[i].value;
		const struct expr *e;

		if (text->kind != NODE_TEXT)
			return sigma_fail(c, ERR_SYNTAX, text->line,
					  "a condition is a text");
		e = sigma_condition(c, text->text, text->line);
		if (!e)
			return NULL;
		expr_list_add(c->arena, &list, e);
	}
	return expr_join(c->arena, EXPR_OR, list.member, list.n);
}

enum err_code sigma_compile(struct arena *a, const struct rule *r,
			    const struct placeholders *placeholders,
			    struct sigma *out, struct err *err)
{
	const struct node *section = r->filter ? r->filter : r->detection;
	struct compiling c = { a, r, placeholders, out, err };

	*out = (struct sigma){ NULL, NULL, 0 };
	if (!section || section->kind != NODE_MAP) {
		sigma_fail(&c, ERR_SYNTAX, r->line, "%s has to be a mapping",
			   r->filter ? "filter" : "detection");
		return err->code;
	}
	if (!take_selections(&c, section))
		return err->code;
	out->condition = take_condition(&c, section);
	return out->condition ? ERR_OK : err->code;
}
