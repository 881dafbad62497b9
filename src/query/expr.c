/* SPDX-License-Identifier: MIT */
#include "query/expr.h"

#include <assert.h>

static struct expr *expr_new(struct arena *a, enum expr_kind kind)
{
	struct expr *e = arena_zero(a, sizeof(*e));

	e->kind = kind;
	return e;
}

const struct expr *expr_constant(struct arena *a, bool value)
{
	return expr_new(a, value ? EXPR_TRUE : EXPR_FALSE);
}

const struct expr *expr_test(struct arena *a, const struct expr_test *test)
{
	struct expr *e = expr_new(a, EXPR_TEST);

	e->test = *test;
	e->test.value = NULL;
	if (test->value_n) {
		size_t bytes = test->value_n * sizeof(*test->value);
		struct str *value = arena_alloc(a, bytes);

		memcpy(value, test->value, bytes);
		e->test.value = value;
	}
	return e;
}

static const struct expr *with_members(struct arena *a, enum expr_kind kind,
				       const struct expr *const *member,
				       size_t n)
{
	struct expr *e = expr_new(a, kind);
	const struct expr **copy = arena_alloc(a, n * sizeof(*copy));

	for (size_t i = 0; i < n; i++)
		copy[i] = member[i];
	e->member = copy;
	e->member_n = n;
	return e;
}

const struct expr *expr_not(struct arena *a, const struct expr *member)
{
	if (member->kind == EXPR_TRUE || member->kind == EXPR_FALSE)
		return expr_constant(a, member->kind == EXPR_FALSE);
	return with_members(a, EXPR_NOT, &member, 1);
}

const struct expr *expr_join(struct arena *a, enum expr_kind kind,
			     const struct expr *const *member, size_t n)
{
	assert(kind == EXPR_AND || kind == EXPR_OR);
	if (n == 0)
		return expr_constant(a, kind == EXPR_AND);
	if (n == 1)
		return member[0];
	return with_members(a, kind, member, n);
}

static bool test_equal(const struct expr_test *a, const struct expr_test *b)
{
	if (a->field.kind != b->field.kind ||
	    a->field.column != b->field.column || a->op != b->op ||
	    a->all != b->all || a->cased != b->cased ||
	    a->re_flags != b->re_flags || a->refers != b->refers ||
	    a->value_n != b->value_n)
		return false;
	if (a->field.kind == FIELD_PATH &&
	    !str_eq(a->field.path, b->field.path))
		return false;
	for (size_t i = 0; i < a->value_n; i++)
		if (!str_eq(a->value[i], b->value[i]))
			return false;
	return true;
}

bool expr_equal(const struct expr *a, const struct expr *b)
{
	if (a->kind != b->kind || a->member_n != b->member_n)
		return false;
	if (a->kind == EXPR_TEST)
		return test_equal(&a->test, &b->test);
	for (size_t i = 0; i < a->member_n; i++)
		if (!expr_equal(a->member[i], b->member[i]))
			return false;
	return true;
}

bool expr_can_refer(enum field_kind kind)
{
	switch (kind) {
	case FIELD_COLUMN:
	case FIELD_PATH:
	case FIELD_ACCOUNT:
	case FIELD_SERVICE:
	case FIELD_USER:
	case FIELD_PRINCIPAL:
	case FIELD_SESSION:
	case FIELD_KEY:
	case FIELD_IP:
		return true;
	default:
		return false;
	}
}

void expr_list_add(struct arena *a, struct expr_list *list,
		   const struct expr *member)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? list->cap * 2 : 4;
		const struct expr **grown = arena_alloc(a,
							cap * sizeof(*grown));

		for (size_t i = 0; i < list->n; i++)
			grown[i] = list->member[i];
		list->member = grown;
		list->cap = cap;
	}
	list->member[list->n++] = member;
}
