/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "query/matcher_private.h"

static enum err_code prepare_regex(struct matcher *m, struct mvalue *v,
				   struct str text, unsigned flags,
				   struct err *err)
{
	enum err_code rc = re_compile(&v->re, text, flags, err);

	if (rc != ERR_OK)
		return rc;
	v->how = VALUE_REGEX;
	v->text = arena_dup(&m->arena, text);
	m->re = mem_grow(m->re, &m->re_cap, m->re_n + 1, sizeof(*m->re));
	m->re[m->re_n++] = v->re;
	return ERR_OK;
}

/*
 * A technique, and what v19 made of it and of its sub-techniques: T1562 is
 * T1685, T1686 and theirs.
 */
static bool prepare_technique(struct matcher *m, struct mvalue *v,
			      struct str text)
{
	struct technique_id id, old = { "" }, known, was;
	const char *name;
	size_t n = 0;

	if (!attack_technique_id(text, &id))
		return false;
	memcpy(old.text, text.p, text.n);
	old.text[0] = 'T';
	for (size_t i = 0; attack_technique_at(i); i++)
		n++;
	v->technique = arena_alloc(&m->arena, (n + 1) * sizeof(*v->technique));
	v->technique[v->technique_n++] = id;
	for (size_t i = 0; (name = attack_technique_at(i)); i++) {
		if (!attack_technique_id(str_of(name), &known))
			continue;
		name = attack_technique_was(&known);
		if (!name)
			continue;
		memset(&was, 0, sizeof(was));
		memcpy(was.text, name, strlen(name));
		if (attack_technique_within(&was, &old))
			v->technique[v->technique_n++] = known;
	}
	v->how = VALUE_TECHNIQUES;
	return true;
}

/* A literal that names something; false when it is only a text. */
static bool prepare_name(struct matcher *m, enum field_kind kind,
			 struct mvalue *v, struct str text)
{
	switch (kind) {
	case FIELD_LEVEL:
		v->how = VALUE_LEVEL;
		return level_parse(text, &v->level);
	case FIELD_TACTIC:
		v->how = VALUE_TACTICS;
		v->tactics = attack_tactics_named(text);
		return v->tactics != 0;
	case FIELD_TECHNIQUE:
		return prepare_technique(m, v, text);
	default:
		return false;
	}
}

/* Has it none of the characters that JSON puts around keys and scalars? */
static bool is_in_one(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (strchr("{}[]:,\"\\", text.p[i]))
			return false;
	return text.n > 0;
}

static void prepare_pattern(struct matcher *m, const struct mtest *t,
			    struct mvalue *v, struct str pattern)
{
	struct str text;

	if (t->op == TEST_EQUALS && pattern_is_any(pattern)) {
		v->how = VALUE_PRESENT;
		return;
	}
	if (!pattern_is_literal(pattern)) {
		v->how = VALUE_GLOB;
		v->text = arena_dup(&m->arena,
				    pattern_whole(&m->arena, t->op, pattern));
		return;
	}
	text = pattern_text(&m->arena, pattern);
	if (t->op == TEST_EQUALS && !t->cased &&
	    prepare_name(m, t->field.kind, v, text))
		return;
	v->how = VALUE_LITERAL;
	v->text = t->cased ? text : pattern_lower(&m->arena, text);
	v->in_one = is_in_one(text);
	if (t->op == TEST_CONTAINS)
		needle_init(&v->needle, v->text, t->cased);
	if (t->op == TEST_EQUALS && t->field.kind == FIELD_IP)
		v->is_address = addr_parse(text, &v->address);
}

static enum err_code prepare_order(struct matcher *m, const struct mtest *t,
				   struct mvalue *v, struct str value,
				   struct err *err)
{
	v->text = arena_dup(&m->arena, value);
	switch (t->field.kind) {
	case FIELD_TIME:
		v->how = VALUE_TIME;
		v->time = time_parse(value, NULL);
		if (v->time == TIME_NONE)
			return err_set(err, ERR_USAGE, "\"%.*s\" is no time",
				       STR_ARG(value));
		return ERR_OK;
	case FIELD_LEVEL:
		v->how = VALUE_LEVEL;
		if (!level_parse(value, &v->level))
			return err_set(err, ERR_USAGE, "\"%.*s\" is no level",
				       STR_ARG(value));
		return ERR_OK;
	default:
		v->how = VALUE_NUMBER;
		if (!number_parse(v->text, &v->number))
			return err_set(err, ERR_USAGE, "\"%.*s\" is no number",
				       STR_ARG(value));
		return ERR_OK;
	}
}

static enum err_code prepare_value(struct matcher *m,
				   const struct expr_test *from,
				   const struct mtest *t, struct mvalue *v,
				   struct str value, struct err *err)
{
	switch (t->op) {
	case TEST_EQUALS:
	case TEST_CONTAINS:
	case TEST_STARTS:
	case TEST_ENDS:
		prepare_pattern(m, t, v, value);
		return ERR_OK;
	case TEST_RE:
		return prepare_regex(m, v, value, from->re_flags, err);
	case TEST_CIDR:
		v->how = VALUE_NETWORK;
		if (!network_parse(value, &v->network))
			return err_set(err, ERR_USAGE, "\"%.*s\" is no network",
				       STR_ARG(value));
		return ERR_OK;
	case TEST_PART:
		v->how = VALUE_PART;
		if (!time_part_parse(value, &v->part))
			return err_set(err, ERR_USAGE,
				       "\"%.*s\" is no part of a time",
				       STR_ARG(value));
		return ERR_OK;
	case TEST_FIELD:
		v->how = VALUE_PATH;
		v->text = arena_dup(&m->arena, value);
		if (!expr_can_refer(t->field.kind))
			return err_set(err, ERR_USAGE,
				       "\"%.*s\" cannot be compared with a "
				       "field",
				       STR_ARG(t->field.path));
		return ERR_OK;
	default:
		return prepare_order(m, t, v, value, err);
	}
}

/*
 * What it takes to test, and how much it decides. Rules are found by the name
 * of an event, and its service mostly follows: both have nothing left to
 * decide.
 */
enum { COSTS = 7 };

static unsigned cost_of(const struct mtest *t)
{
	bool whole = t->path.dot == SIZE_MAX;

	if (t->from != CLASS_RECORD)
		return 0;
	if (t->field.kind != FIELD_PATH)
		return 6;
	if (t->op == TEST_EXISTS || t->op == TEST_NULL)
		return 1;
	if (whole && t->path.top == MEMBER_SOURCE)
		return 3;
	if (whole && t->path.top == MEMBER_NAME)
		return 4;
	if (whole &&
	    (t->path.top == MEMBER_REQUEST || t->path.top == MEMBER_RESPONSE))
		return 5;
	return 2;
}

static enum err_code prepare_test(struct matcher *m, struct mnode *node,
				  const struct expr_test *from, struct err *err)
{
	struct mtest *t = arena_zero(&m->arena, sizeof(*t));

	t->field = from->field;
	t->field.path = arena_dup(&m->arena, from->field.path);
	t->path = match_path(t->field.path);
	t->op = from->op;
	t->all = from->all && from->value_n > 1;
	t->cased = from->cased;
	t->refers = from->refers;
	t->number = m->test_n;
	t->from = field_class(t->field.kind);
	t->needs_record = t->from == CLASS_RECORD || t->op == TEST_FIELD;
	t->value = arena_zero(&m->arena,
			      (from->value_n + 1) * sizeof(*t->value));
	for (size_t i = 0; i < from->value_n; i++) {
		enum err_code rc = prepare_value(m, from, t, &t->value[t->n],
						 from->value[i], err);

		if (rc != ERR_OK)
			return rc;
		t->n++;
	}
	m->test = mem_grow(m->test, &m->test_cap, m->test_n + 1,
			   sizeof(*m->test));
	m->test[m->test_n++] = t;
	node->test = t;
	node->cost = cost_of(t);
	return ERR_OK;
}

/* The cheap members come first, else as they are written. What has members
 * costs what the dearest does. */
static void order_members(struct matcher *m, struct mnode *node)
{
	const struct mnode **ordered =
		arena_alloc(&m->arena, (node->n + 1) * sizeof(*ordered));
	size_t n = 0;

	for (unsigned cost = 0; cost < COSTS; cost++)
		for (size_t i = 0; i < node->n; i++)
			if (node->member[i]->cost == cost) {
				ordered[n++] = node->member[i];
				node->cost = cost;
			}
	node->member = ordered;
}

static enum err_code prepare(struct matcher *m, const struct expr *e,
			     const struct mnode **out, struct err *err)
{
	struct mnode *node = arena_zero(&m->arena, sizeof(*node));

	*out = node;
	node->kind = e->kind;
	if (e->kind == EXPR_TEST)
		return prepare_test(m, node, &e->test, err);
	node->member = arena_zero(&m->arena,
				  (e->member_n + 1) * sizeof(*node->member));
	for (size_t i = 0; i < e->member_n; i++) {
		enum err_code rc = prepare(m, e->member[i], &node->member[i],
					   err);

		if (rc != ERR_OK)
			return rc;
		node->n++;
	}
	order_members(m, node);
	return ERR_OK;
}

enum err_code matcher_new(struct matcher **out, const struct expr *e,
			  struct err *err)
{
	struct matcher *m = mem_zero(1, sizeof(*m));
	enum err_code rc;

	arena_init(&m->arena);
	rc = prepare(m, e, &m->root, err);
	if (rc != ERR_OK) {
		matcher_free(m);
		return rc;
	}
	*out = m;
	return ERR_OK;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->re_n; i++)
		re_free(m->re[i]);
	free(m->re);
	free(m->test);
	arena_release(&m->arena);
	free(m);
}
