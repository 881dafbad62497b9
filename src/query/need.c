/* SPDX-License-Identifier: MIT */
#include "query/need.h"

#include <stdlib.h>

#include "query/pattern.h"

/* Values ------------------------------------------------------------------ */

static int compare_texts(const void *x, const void *y)
{
	const struct str *a = x, *b = y;

	return str_cmp(*a, *b);
}

static void sort_values(struct need_values *v)
{
	size_t n = 0;

	if (v->n)
		qsort(v->text, v->n, sizeof(*v->text), compare_texts);
	for (size_t i = 0; i < v->n; i++)
		if (n == 0 || !str_eq(v->text[n - 1], v->text[i]))
			v->text[n++] = v->text[i];
	v->n = n;
}

static bool test_values(struct arena *a, const struct expr_test *t,
			struct str path, struct need_values *out)
{
	size_t n = t->all ? 1 : t->value_n;

	if (t->field.kind != FIELD_PATH || !str_eq(t->field.path, path) ||
	    t->op != TEST_EQUALS || n == 0 || n > NEED_MAX)
		return false;
	out->text = arena_alloc(a, n * sizeof(*out->text));
	out->n = 0;
	for (size_t i = 0; i < n; i++) {
		if (!pattern_is_literal(t->value[i]))
			return false;
		out->text[out->n++] =
			pattern_lower(a, pattern_text(a, t->value[i]));
	}
	sort_values(out);
	return true;
}

/* The best member will do: the one with the fewest values. */
static bool and_values(struct arena *a, const struct expr *e, struct str path,
		       struct need_values *out)
{
	struct need_values v;
	bool found = false;

	for (size_t i = 0; i < e->member_n; i++) {
		if (!need_values(a, e->member[i], path, &v) ||
		    (found && v.n >= out->n))
			continue;
		*out = v;
		found = true;
	}
	return found;
}

/* Every member must say something. */
static bool or_values(struct arena *a, const struct expr *e, struct str path,
		      struct need_values *out)
{
	struct need_values v, all = { NULL, 0 };

	all.text = arena_alloc(a, NEED_MAX * sizeof(*all.text));
	for (size_t i = 0; i < e->member_n; i++) {
		if (!need_values(a, e->member[i], path, &v) ||
		    all.n + v.n > NEED_MAX)
			return false;
		for (size_t j = 0; j < v.n; j++)
			all.text[all.n++] = v.text[j];
		sort_values(&all);
	}
	*out = all;
	return true;
}

bool need_values(struct arena *a, const struct expr *e, struct str path,
		 struct need_values *out)
{
	switch (e->kind) {
	case EXPR_FALSE:
		*out = (struct need_values){ NULL, 0 };
		return true;
	case EXPR_TEST:
		return test_values(a, &e->test, path, out);
	case EXPR_AND:
		return and_values(a, e, path, out);
	case EXPR_OR:
		return or_values(a, e, path, out);
	case EXPR_TRUE:
	case EXPR_NOT:
		break;
	}
	return false;
}

/* Parts ------------------------------------------------------------------- */

/* Does the test ask for a value, so that without one it is false? */
static bool asks_value(const struct expr_test *t)
{
	return t->field.kind == FIELD_PATH && t->value_n &&
	       t->op != TEST_EXISTS && t->op != TEST_NULL &&
	       t->op != TEST_FIELD;
}

const struct expr *need_part(struct arena *a, const struct expr *e,
			     struct str path)
{
	struct expr_list list = { NULL, 0, 0 };

	if (e->kind == EXPR_TEST)
		return asks_value(&e->test) &&
				       str_eq(e->test.field.path, path) ?
			       e :
			       NULL;
	if (e->kind != EXPR_AND && e->kind != EXPR_OR)
		return NULL;
	for (size_t i = 0; i < e->member_n; i++) {
		const struct expr *part = need_part(a, e->member[i], path);

		if (part)
			expr_list_add(a, &list, part);
		else if (e->kind == EXPR_OR)
			return NULL;
	}
	return list.n ? expr_join(a, e->kind, list.member, list.n) : NULL;
}

static void add_path(struct need_values *out, struct str path)
{
	for (size_t i = 0; i < out->n; i++)
		if (str_eq(out->text[i], path))
			return;
	if (out->n < NEED_MAX)
		out->text[out->n++] = path;
}

static void gather_paths(const struct expr *e, struct need_values *out)
{
	if (e->kind == EXPR_TEST && asks_value(&e->test))
		add_path(out, e->test.field.path);
	if (e->kind == EXPR_AND || e->kind == EXPR_OR)
		for (size_t i = 0; i < e->member_n; i++)
			gather_paths(e->member[i], out);
}

struct need_values need_paths(struct arena *a, const struct expr *e)
{
	struct need_values out = { NULL, 0 };

	out.text = arena_alloc(a, NEED_MAX * sizeof(*out.text));
	gather_paths(e, &out);
	return out;
}
