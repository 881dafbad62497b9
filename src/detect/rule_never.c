/* SPDX-License-Identifier: MIT */
#include "detect/rule_never.h"

#include <math.h>

#include "base/attr.h"
#include "base/json_writer.h"
#include "base/re.h"
#include "query/matcher.h"
#include "query/pattern.h"

enum {
	STEPS_MOST = 20000, /* of a search */
	DEPTH_MOST = 500,
	TOGETHER_MOST = 100, /* tests that have to hold together */
};

/* A part of the condition, and whether it has to be true or false. */
struct goal {
	const struct expr *e;
	bool wanted;
	const struct goal *next;
};

struct together {
	const struct expr *e; /* a test */
	bool wanted;
};

struct search {
	struct arena arena;
	struct together test[TOGETHER_MOST];
	size_t n;
	size_t steps;
};

/* Two tests of one field ---------------------------------------------------*/

/* Paths that lead to one scalar at most. */
static const char *const single_paths[] = {
	"apiVersion",
	"awsRegion",
	"errorCode",
	"errorMessage",
	"eventCategory",
	"eventID",
	"eventName",
	"eventSource",
	"eventTime",
	"eventType",
	"eventVersion",
	"managementEvent",
	"readOnly",
	"recipientAccountId",
	"requestID",
	"sharedEventID",
	"sourceIPAddress",
	"userAgent",
	"userIdentity.accessKeyId",
	"userIdentity.accountId",
	"userIdentity.arn",
	"userIdentity.invokedBy",
	"userIdentity.principalId",
	"userIdentity.type",
	"userIdentity.userName",
	"vpcEndpointId",
};

static bool is_single(const struct expr_field *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(single_paths); i++)
		if (f->kind == FIELD_PATH &&
		    str_eq(f->path, str_of(single_paths[i])))
			return true;
	return false;
}

static bool same_field(const struct expr_field *a, const struct expr_field *b)
{
	return a->kind == b->kind && a->column == b->column &&
	       str_eq(a->path, b->path);
}

/* There, and not null. */
static bool is_star(const struct expr_test *t)
{
	return t->op == TEST_EQUALS && t->value_n == 1 &&
	       pattern_is_any(t->value[0]);
}

/* Can it hold only of a field that has a value? */
static bool asks_value(const struct expr_test *t)
{
	return t->op != TEST_EXISTS && t->op != TEST_NULL;
}

/* Are all values of a among those of b, which are asked for likewise? */
static bool within(const struct expr_test *a, const struct expr_test *b)
{
	if (a->op != b->op || a->cased != b->cased ||
	    a->re_flags != b->re_flags || a->refers != b->refers ||
	    a->all != b->all || (a->all && a->value_n != b->value_n))
		return false;
	for (size_t i = 0; i < a->value_n; i++) {
		bool found = false;

		for (size_t k = 0; k < b->value_n && !found; k++)
			found = str_eq(a->value[i], b->value[k]);
		if (!found)
			return false;
	}
	return a->value_n == b->value_n || !a->all;
}

/* Does a exclude b, whatever the field holds? Both as they are wanted. */
static bool excludes(const struct together *a, const struct together *b)
{
	const struct expr_test *x = &a->e->test, *y = &b->e->test;

	if (!same_field(&x->field, &y->field))
		return false;
	if (a->wanted && !b->wanted)
		return within(x, y) ||
		       (asks_value(x) && (y->op == TEST_EXISTS || is_star(y)));
	if (!a->wanted && !b->wanted)
		return x->op == TEST_NULL &&
		       (y->op == TEST_EXISTS ||
			(is_star(y) && is_single(&x->field)));
	return a->wanted && b->wanted && x->op == TEST_NULL && asks_value(y) &&
	       is_single(&x->field);
}

static bool contradicts(const struct search *s, const struct together *t)
{
	for (size_t i = 0; i < s->n; i++)
		if (excludes(&s->test[i], t) || excludes(t, &s->test[i]))
			return true;
	return false;
}

/* One value for all tests -------------------------------------------------- */

/* A test of which one of a few texts has to be the field's value. */
static bool names_values(const struct together *t)
{
	const struct expr_test *x = &t->e->test;

	if (!t->wanted || x->op != TEST_EQUALS || !is_single(&x->field))
		return false;
	for (size_t i = 0; i < x->value_n; i++)
		if (!pattern_is_literal(x->value[i]))
			return false;
	return true;
}

/* Tests that tell upper case from lower may be met by another spelling, and
 * those of two fields by another field. */
static bool can_try(const struct expr_test *t)
{
	return t->op != TEST_FIELD && !t->cased &&
	       (t->op != TEST_RE || (t->re_flags & RE_FOLD));
}

/* {"userIdentity":{"type":"Root"}} */
static void write_record(struct arena *a, struct strbuf *out, struct str path,
			 struct str text)
{
	struct json_writer w;
	struct str name;
	size_t depth = 0;

	json_writer_init(&w, out);
	json_begin_object(&w);
	while (str_next(&path, '.', &name)) {
		json_key(&w, arena_dup(a, name).p);
		if (path.n)
			json_begin_object(&w);
		else
			json_string(&w, text);
		depth++;
	}
	while (depth--)
		json_end_object(&w);
}

static bool text_meets(struct search *s, const struct matcher *m,
		       struct match_scratch *scratch, struct str path,
		       struct str text)
{
	struct err err = ERR_INIT;
	const struct json *record;
	struct strbuf json;
	struct event event;
	bool met = true;

	strbuf_init(&json);
	write_record(&s->arena, &json, path, text);
	record = json_read(&s->arena, strbuf_str(&json), &err);
	if (record) {
		event_extract(&event, record, 0, &s->arena);
		met = matcher_test(m, &event, NULL, scratch);
	}
	strbuf_release(&json);
	return met;
}

/* Does one of the values that test i names meet all other tests of the field?
 */
static bool some_value_meets(struct search *s, size_t i)
{
	const struct expr_test *named = &s->test[i].e->test;
	struct expr_list all = { NULL, 0, 0 };
	struct match_scratch *scratch;
	struct err err = ERR_INIT;
	struct matcher *m;
	bool met = false;

	for (size_t k = 0; k < s->n; k++) {
		const struct together *t = &s->test[k];

		if (same_field(&t->e->test.field, &named->field) &&
		    can_try(&t->e->test))
			expr_list_add(&s->arena, &all,
				      t->wanted ? t->e :
						  expr_not(&s->arena, t->e));
	}
	if (matcher_new(&m, expr_join(&s->arena, EXPR_AND, all.member, all.n),
			&err))
		return true;
	scratch = match_scratch_new();
	for (size_t k = 0; k < named->value_n && !met && s->steps;
	     k++, s->steps--)
		met = text_meets(s, m, scratch, named->field.path,
				 pattern_text(&s->arena, named->value[k]));
	met = met || !s->steps;
	match_scratch_free(scratch);
	matcher_free(m);
	return met;
}

static bool can_hold_together(struct search *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (names_values(&s->test[i]) && !some_value_meets(s, i))
			return false;
	return true;
}

/* All ways to meet a condition --------------------------------------------- */

static bool can_meet(struct search *s, const struct goal *goals, size_t depth);

static const struct goal *goal_new(struct search *s, const struct expr *e,
				   bool wanted, const struct goal *next)
{
	struct goal *g = arena_alloc(&s->arena, sizeof(*g));

	*g = (struct goal){ e, wanted, next };
	return g;
}

static bool can_meet_test(struct search *s, const struct goal *g, size_t depth)
{
	struct together t = { g->e, g->wanted };
	bool met;

	if (s->n == TOGETHER_MOST)
		return true;
	if (contradicts(s, &t))
		return false;
	s->test[s->n++] = t;
	met = can_meet(s, g->next, depth + 1);
	s->n--;
	return met;
}

/* Members of which all have to be so, or one. */
static bool can_meet_members(struct search *s, const struct goal *g,
			     size_t depth)
{
	const struct goal *all = g->next;

	if ((g->e->kind == EXPR_OR) == g->wanted) {
		for (size_t i = 0; i < g->e->member_n; i++)
			if (can_meet(s,
				     goal_new(s, g->e->member[i], g->wanted,
					      g->next),
				     depth + 1))
				return true;
		return false;
	}
	for (size_t i = g->e->member_n; i-- > 0;)
		all = goal_new(s, g->e->member[i], g->wanted, all);
	return can_meet(s, all, depth + 1);
}

/* True as well when it would take too long to know. */
static bool can_meet(struct search *s, const struct goal *goals, size_t depth)
{
	if (!s->steps || depth == DEPTH_MOST)
		return true;
	s->steps--;
	if (!goals)
		return can_hold_together(s);
	switch (goals->e->kind) {
	case EXPR_TRUE:
	case EXPR_FALSE:
		return (goals->e->kind == EXPR_TRUE) == goals->wanted &&
		       can_meet(s, goals->next, depth + 1);
	case EXPR_NOT:
		return can_meet(s,
				goal_new(s, goals->e->member[0], !goals->wanted,
					 goals->next),
				depth + 1);
	case EXPR_TEST:
		return can_meet_test(s, goals, depth);
	default:
		return can_meet_members(s, goals, depth);
	}
}

bool rule_never(const struct expr *condition)
{
	struct search s = { .n = 0, .steps = STEPS_MOST };
	bool never;

	arena_init(&s.arena);
	never = !can_meet(&s, goal_new(&s, condition, true, NULL), 0);
	arena_release(&s.arena);
	return never;
}

/* Correlations ------------------------------------------------------------- */

/* What is measured: whole numbers from 1 on, up to the number of rules, of a
 * hundred, or any number. */
static bool can_measure(const struct correlation *c, double x)
{
	switch (c->type) {
	case CORRELATION_EVENT_COUNT:
	case CORRELATION_VALUE_COUNT:
		return x >= 1 && x == floor(x);
	case CORRELATION_TEMPORAL:
	case CORRELATION_TEMPORAL_ORDERED:
		return x >= 1 && x == floor(x) && x <= (double)c->rules.n;
	case CORRELATION_VALUE_PERCENTILE:
		return c->has_percentile || (x > 0 && x <= 100);
	default:
		return true;
	}
}

static bool can_be(const struct correlation *c, double x)
{
	return can_measure(c, x) && correlation_limits_hold(&c->limits, x);
}

/* If any number meets the limits, one at or beside an end of a range does, or
 * half way between two of them. */
bool correlation_never(const struct correlation *c)
{
	double end[LIMIT_OP_COUNT + 3] = { 0, 1, 100 };
	size_t n = 3;

	for (size_t i = 0; i < c->limits.n; i++)
		end[n++] = c->limits.limit[i].than;
	for (size_t i = 0; i < n; i++) {
		for (int beside = -2; beside <= 2; beside++)
			if (can_be(c, end[i]) ||
			    can_be(c, floor(end[i]) + beside))
				return false;
		for (size_t k = 0; k < n; k++)
			if (can_be(c, (end[i] + end[k]) / 2))
				return false;
	}
	return true;
}
