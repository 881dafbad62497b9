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

/* Paths ------------------------------------------------------------------- */

bool need_path(const struct expr *e, struct str path)
{
	bool any = false, all = true;

	if (e->kind == EXPR_TEST)
		return e->test.field.kind == FIELD_PATH && e->test.value_n &&
		       e->test.op != TEST_EXISTS && e->test.op != TEST_NULL &&
		       str_eq(e->test.field.path, path);
	if (e->kind != EXPR_AND && e->kind != EXPR_OR)
		return false;
	for (size_t i = 0; i < e->member_n; i++) {
		bool needed = need_path(e->member[i], path);

		any |= needed;
		all &= needed;
	}
	return e->kind == EXPR_AND ? any : all;
}
