/* SPDX-License-Identifier: MIT */
#include "detect/look_paths.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/mem.h"
#include "query/need.h"

/* What is asked of a path, as numbers of tests. */
struct asked {
	size_t values, presence;
};

struct asking {
	struct intern paths;
	struct asked *asked; /* by path */
	size_t n, cap;
};

static bool asks_presence(enum test_op op)
{
	return op == TEST_EXISTS || op == TEST_NULL;
}

bool look_path_answers(const struct look_path *p,
		       const struct expr_field *field, enum test_op op,
		       bool there)
{
	return field->kind == FIELD_PATH && op != TEST_FIELD &&
	       ((p->test_n && !there) || asks_presence(op)) &&
	       str_eq(field->path, p->path.text);
}

/* Values of these members differ from event to event, or are no texts. */
static bool repeats(struct str path)
{
	switch (match_path(path).top) {
	case MEMBER_ADDITIONAL:
	case MEMBER_ERROR_MESSAGE:
	case MEMBER_ID:
	case MEMBER_TIME:
	case MEMBER_REQUEST:
	case MEMBER_RESPONSE:
	case MEMBER_COUNT:
		return false;
	default:
		return true;
	}
}

static bool is_name(struct str path)
{
	return str_eq(path, STR("eventName")) ||
	       str_eq(path, STR("eventSource"));
}

static void count_test(struct asking *a, const struct expr_test *t, bool open)
{
	bool presence = asks_presence(t->op);
	uint32_t id;

	if (t->field.kind != FIELD_PATH || t->op == TEST_FIELD ||
	    is_name(t->field.path) ||
	    !(presence || open || repeats(t->field.path)))
		return;
	id = intern_add(&a->paths, t->field.path);
	a->asked = mem_grow(a->asked, &a->cap, (size_t)id + 1,
			    sizeof(*a->asked));
	while (a->n <= id)
		a->asked[a->n++] = (struct asked){ 0, 0 };
	if (presence)
		a->asked[id].presence++;
	else
		a->asked[id].values++;
}

/* Bounded by the depth of the tree, as all that walks one. */
static void count_tests(struct asking *a, const struct expr *e, bool open)
{
	if (e->kind == EXPR_TEST)
		count_test(a, &e->test, open);
	for (size_t i = 0; i < e->member_n; i++)
		count_tests(a, e->member[i], open);
}

/* Takes the path of which most is asked; UINT32_MAX: none is left. */
static uint32_t take_most(struct asking *a, struct asked *of)
{
	uint32_t most = UINT32_MAX;

	*of = (struct asked){ 0, 0 };
	for (uint32_t i = 0; i < a->n; i++) {
		struct asked x = a->asked[i];

		if (x.values + x.presence <= of->values + of->presence)
			continue;
		most = i;
		*of = x;
	}
	if (most != UINT32_MAX)
		a->asked[most] = (struct asked){ 0, 0 };
	return most;
}

/* Tests ------------------------------------------------------------------- */

struct testing {
	struct str path;
	const struct expr *test[LOOK_TESTS];
	size_t n;
	bool too_many;
};

static void gather(struct testing *x, const struct expr *e)
{
	for (size_t i = 0; i < e->member_n; i++)
		gather(x, e->member[i]);
	if (e->kind != EXPR_TEST || e->test.field.kind != FIELD_PATH ||
	    e->test.op == TEST_FIELD || asks_presence(e->test.op) ||
	    !str_eq(e->test.field.path, x->path))
		return;
	for (size_t i = 0; i < x->n; i++)
		if (expr_equal(x->test[i], e))
			return;
	if (x->n == LOOK_TESTS)
		x->too_many = true;
	else
		x->test[x->n++] = e;
}

static void release_tests(struct look_path *p)
{
	for (size_t i = 0; i < p->test_n; i++)
		matcher_free(p->test[i]);
	free(p->test);
	p->test = NULL;
	p->test_n = 0;
}

/* Prepares what all rules ask of the path, unless that is too much. */
static void prepare_tests(struct look_path *p, struct ruleset_rule *const *rule,
			  size_t n)
{
	struct testing x = { .path = p->path.text };
	struct err err = ERR_INIT;

	for (size_t i = 0; i < n && !x.too_many; i++)
		if (rule[i]->matcher)
			gather(&x, rule[i]->sigma.condition);
	if (x.too_many)
		return;
	p->test = mem_alloc((x.n + 1) * sizeof(*p->test));
	for (; p->test_n < x.n; p->test_n++)
		/* What was prepared as part of a rule can be alone. */
		if (matcher_new(&p->test[p->test_n], x.test[p->test_n], &err)) {
			release_tests(p);
			return;
		}
}

/* Choosing ---------------------------------------------------------------- */

static void count_rules(struct asking *asking, struct ruleset_rule *const *rule,
			size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct expr *e = rule[i]->sigma.condition;

		if (rule[i]->matcher && rule[i]->rule.cloudtrail)
			count_tests(asking, e, !need_path(e, STR("eventName")));
	}
}

static uint64_t asked_by(const struct look_paths *p, const struct expr *e)
{
	uint64_t asked = 0;

	for (size_t i = 0; e->kind == EXPR_TEST && i < p->n; i++)
		if (look_path_answers(&p->path[i], &e->test.field, e->test.op,
				      false))
			asked |= (uint64_t)1 << i;
	for (size_t i = 0; i < e->member_n; i++)
		asked |= asked_by(p, e->member[i]);
	return asked;
}

void look_paths_choose(struct look_paths *out, struct ruleset_rule *const *rule,
		       size_t n)
{
	struct asking a = { .n = 0 };
	struct asked of;
	uint32_t path;

	*out = (struct look_paths){ .n = 0 };
	arena_init(&out->arena);
	intern_init(&a.paths);
	count_rules(&a, rule, n);
	while (out->n < LOOK_PATHS &&
	       (path = take_most(&a, &of)) != UINT32_MAX) {
		struct look_path *p = &out->path[out->n++];

		p->path = match_path(
			arena_dup(&out->arena, intern_text(&a.paths, path)));
		if (of.values)
			prepare_tests(p, rule, n);
	}
	free(a.asked);
	intern_release(&a.paths);
	out->asked = mem_zero(n + 1, sizeof(*out->asked));
	for (size_t i = 0; i < n; i++)
		if (rule[i]->matcher)
			out->asked[i] = asked_by(out, rule[i]->sigma.condition);
}

void look_paths_release(struct look_paths *p)
{
	for (size_t i = 0; i < p->n; i++)
		release_tests(&p->path[i]);
	free(p->asked);
	arena_release(&p->arena);
}
