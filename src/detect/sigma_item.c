/* SPDX-License-Identifier: MIT */
#include "base/re.h"
#include "detect/sigma_private.h"
#include "detect/sigma_transform.h"
#include "model/addr.h"
#include "query/number.h"
#include "query/parse.h"
#include "query/pattern.h"
#include "query/time_part.h"

enum { MODIFIERS_MAX = 16 };

/* What the modifiers of an item say. */
struct item {
	struct compiling *c;
	struct expr_field field;
	unsigned line;
	enum test_op op;
	enum test_op place; /* contains, startswith, endswith, or equals */
	bool all, cased, negated, expand;
	bool has_part;
	/* The names of modifiers, for messages. */
	struct str place_name, part_name, transform_name;
	enum time_part_kind part;
	unsigned re_flags;
	enum sigma_transform transform[MODIFIERS_MAX];
	size_t transform_n;
};

/* Modifiers --------------------------------------------------------------- */

static const struct {
	const char *name;
	enum test_op op;
} ops[] = {
	{ "contains", TEST_CONTAINS },
	{ "startswith", TEST_STARTS },
	{ "endswith", TEST_ENDS },
	{ "re", TEST_RE },
	{ "exists", TEST_EXISTS },
	{ "cidr", TEST_CIDR },
	{ "fieldref", TEST_FIELD },
	{ "gt", TEST_GT },
	{ "gte", TEST_GE },
	{ "lt", TEST_LT },
	{ "lte", TEST_LE },
};

static const struct {
	const char *name;
	unsigned flag;
} re_flags[] = {
	{ "i", RE_FOLD },      { "ignorecase", RE_FOLD },
	{ "m", RE_MULTILINE }, { "multiline", RE_MULTILINE },
	{ "s", RE_DOTALL },    { "dotall", RE_DOTALL },
};

static bool combined(struct item *it, struct str name)
{
	sigma_fail(it->c, ERR_UNSUPPORTED, it->line,
		   "modifier \"%.*s\" cannot be combined with another one that "
		   "compares",
		   STR_ARG(name));
	return false;
}

static bool take_op(struct item *it, enum test_op op, struct str name)
{
	enum test_op *to = op <= TEST_ENDS ? &it->place : &it->op;

	if (*to != TEST_EQUALS && *to != op)
		return combined(it, name);
	*to = op;
	if (to == &it->place)
		it->place_name = name;
	return true;
}

static bool take_flag(struct item *it, struct str name)
{
	static const char *const names[] = { "all", "cased", "neq", "expand" };
	bool *const flags[] = { &it->all, &it->cased, &it->negated,
				&it->expand };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq_fold(name, str_of(names[i]))) {
			*flags[i] = true;
			return true;
		}
	return false;
}

static bool take_modifier(struct item *it, struct str name)
{
	enum sigma_transform how;

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (str_eq_fold(name, str_of(ops[i].name)))
			return take_op(it, ops[i].op, name);
	for (size_t i = 0; i < ARRAY_SIZE(re_flags); i++)
		if (it->op == TEST_RE &&
		    str_eq_fold(name, str_of(re_flags[i].name))) {
			it->re_flags |= re_flags[i].flag;
			return true;
		}
	if (take_flag(it, name))
		return true;
	if (time_part_find(name, &it->part)) {
		if (it->has_part)
			return combined(it, name);
		it->has_part = true;
		it->part_name = name;
		return true;
	}
	if (sigma_transform_find(name, &how)) {
		if (it->transform_n == MODIFIERS_MAX)
			return combined(it, name);
		it->transform[it->transform_n++] = how;
		it->transform_name = name;
		return true;
	}
	sigma_fail(it->c, ERR_UNSUPPORTED, it->line,
		   "unknown modifier \"%.*s\"", STR_ARG(str_sub(name, 0, 60)));
	return false;
}

/* What the modifiers come to together. */
static bool settle(struct item *it)
{
	bool orders = it->op >= TEST_LT && it->op <= TEST_GE;
	bool has_place = it->op == TEST_EQUALS || it->op == TEST_RE ||
			 it->op == TEST_FIELD;

	if (it->place != TEST_EQUALS && (!has_place || it->has_part))
		return combined(it, it->place_name);
	if (it->has_part && it->op != TEST_EQUALS && !orders)
		return combined(it, it->part_name);
	if (it->transform_n && (it->op != TEST_EQUALS || it->has_part))
		return combined(it, it->transform_name);
	if (it->op == TEST_EQUALS)
		it->op = it->place;
	return true;
}

/* "trawl.outcome" is what filters call outcome. */
static bool take_field(struct item *it, struct str name)
{
	struct str ours = str_from(name, sizeof("trawl.") - 1);

	it->field = (struct expr_field){ FIELD_PATH, EVENT_NAME, name };
	if (name.n == 0)
		it->field = (struct expr_field){ FIELD_ANY, EVENT_NAME,
						 STR("any") };
	if (!str_starts(name, STR("trawl.")))
		return true;
	if (query_field(ours, &it->field))
		switch (it->field.kind) {
		case FIELD_LEVEL:
		case FIELD_RULE:
		case FIELD_TACTIC:
		case FIELD_TECHNIQUE:
		case FIELD_ALERT:
		case FIELD_STAR:
		case FIELD_LABEL:
		case FIELD_NOTE:
		case FIELD_DISPOSITION:
		case FIELD_ORIGIN:
		case FIELD_INCIDENT:
		case FIELD_ANY:
			break;
		default:
			return true;
		}
	sigma_fail(it->c, ERR_UNSUPPORTED, it->line,
		   "rules cannot test \"%.*s\"", STR_ARG(str_sub(name, 0, 80)));
	return false;
}

static bool take_key(struct item *it, struct str key)
{
	size_t bar = str_find_char(key, '|', 0);
	struct str rest = bar == SIZE_MAX ? STR_NULL : str_from(key, bar + 1);
	struct str name;

	if (!take_field(it, str_sub(key, 0, bar)))
		return false;
	while (str_next(&rest, '|', &name))
		if (!take_modifier(it, name))
			return false;
	if (!settle(it))
		return false;
	if (it->field.kind == FIELD_ANY && (it->op > TEST_RE || it->has_part)) {
		sigma_fail(it->c, ERR_UNSUPPORTED, it->line,
			   "keywords take texts and regular expressions");
		return false;
	}
	return true;
}

/* Values ------------------------------------------------------------------ */

/*
 * Sigma's wildcards as ours: a backslash escapes * ? and \ alone, and stands
 * for itself before anything else.
 */
static struct str sigma_pattern(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n * 2 + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		out[n++] = s.p[i];
		if (s.p[i] != '\\')
			continue;
		if (i + 1 < s.n && (s.p[i + 1] == '*' || s.p[i + 1] == '?' ||
				    s.p[i + 1] == '\\'))
			out[n++] = s.p[++i];
		else
			out[n++] = '\\';
	}
	return (struct str){ out, n };
}

static const struct expr *one_test(struct item *it, enum test_op op,
				   struct str value, size_t n)
{
	struct expr_test test = { .field = it->field,
				  .op = op,
				  .re_flags = it->re_flags,
				  .value = &value,
				  .value_n = n };

	test.cased = it->cased && op == TEST_FIELD;
	test.refers = op == TEST_FIELD ? it->place : TEST_EQUALS;
	return expr_test(it->c->arena, &test);
}

static const struct expr *regex_value(struct item *it, struct str text,
				      unsigned line)
{
	struct err err = ERR_INIT;
	struct re *re;

	if (it->place == TEST_STARTS)
		text = arena_join(it->c->arena,
				  arena_join(it->c->arena, STR("\\A(?:"), text),
				  STR(")"));
	if (it->place == TEST_ENDS)
		text = arena_join(it->c->arena,
				  arena_join(it->c->arena, STR("(?:"), text),
				  STR(")\\z"));
	if (re_compile(&re, text, it->re_flags, &err) != ERR_OK)
		return sigma_fail(it->c, ERR_SYNTAX, line, "%.300s", err.msg);
	re_free(re);
	return one_test(it, TEST_RE, text, 1);
}

/* A plain text, after its transformations. */
static const struct expr *text_value(struct item *it, struct str text,
				     unsigned line)
{
	struct transformed v = { { sigma_pattern(it->c->arena, text) }, 1 };
	struct expr_list list = { NULL, 0, 0 };

	for (size_t i = 0; i < it->transform_n; i++) {
		const char *wrong = sigma_transform(it->c->arena,
						    it->transform[i], &v);

		if (wrong)
			return sigma_fail(it->c, ERR_UNSUPPORTED, line, "%s",
					  wrong);
	}
	for (size_t i = 0; i < v.n; i++)
		expr_list_add(it->c->arena, &list,
			      pattern_test(it->c->arena, &it->field, it->op,
					   it->cased, v.text[i]));
	return pattern_join(it->c->arena, EXPR_OR, &list);
}

/* The number of a part of a time. */
static const struct expr *part_value(struct item *it, struct str text,
				     unsigned line)
{
	struct time_part part = { .kind = it->part, .op = it->op };
	uint64_t number;

	if (!str_to_u64(text, &number) || number > INT32_MAX)
		return sigma_fail(it->c, ERR_SYNTAX, line,
				  "\"%.*s\" is no number of a part of a time",
				  STR_ARG(str_sub(text, 0, 60)));
	part.number = (int64_t)number;
	return one_test(it, TEST_PART, time_part_text(it->c->arena, &part), 1);
}

static const struct expr *exists_value(struct item *it,
				       const struct node *value)
{
	const struct expr *e = one_test(it, TEST_EXISTS, STR_NULL, 0);
	bool wanted;

	if (!node_bool(value, &wanted))
		return sigma_fail(it->c, ERR_SYNTAX, value->line,
				  "exists takes true or false");
	return wanted ? e : expr_not(it->c->arena, e);
}

static const struct expr *value_text(struct item *it, struct str text,
				     unsigned line)
{
	struct network net;
	struct number number;

	if (it->has_part)
		return part_value(it, text, line);
	switch (it->op) {
	case TEST_RE:
		return regex_value(it, text, line);
	case TEST_CIDR:
		if (!network_parse(text, &net))
			return sigma_fail(it->c, ERR_SYNTAX, line,
					  "\"%.*s\" is no network",
					  STR_ARG(str_sub(text, 0, 60)));
		return one_test(it, TEST_CIDR, text, 1);
	case TEST_FIELD:
		if (!expr_can_refer(it->field.kind))
			return sigma_fail(it->c, ERR_UNSUPPORTED, line,
					  "\"%.*s\" cannot be compared with a "
					  "field",
					  STR_ARG(it->field.path));
		return one_test(it, TEST_FIELD, text, 1);
	case TEST_LT:
	case TEST_LE:
	case TEST_GT:
	case TEST_GE:
		if (it->field.kind != FIELD_PATH &&
		    it->field.kind != FIELD_COLUMN)
			return sigma_fail(it->c, ERR_UNSUPPORTED, line,
					  "\"%.*s\" is no number",
					  STR_ARG(it->field.path));
		if (!number_parse(text, &number))
			return sigma_fail(it->c, ERR_SYNTAX, line,
					  "\"%.*s\" is no number",
					  STR_ARG(str_sub(text, 0, 60)));
		return one_test(it, it->op, text, 1);
	default:
		return text_value(it, text, line);
	}
}

/* Every text that a value's placeholders stand for. */
static const struct expr *expanded(struct item *it, struct str text,
				   unsigned line)
{
	struct expr_list list = { NULL, 0, 0 };
	struct expansion x;

	if (!placeholders_expand(it->c->placeholders, it->c->arena, text, &x))
		return x.too_many ?
			       sigma_fail(it->c, ERR_LIMIT, line,
					  "the placeholders stand for too many "
					  "values") :
			       sigma_fail(it->c, ERR_UNSUPPORTED, line,
					  "%%%.*s%% has no value: see "
					  "--placeholders",
					  STR_ARG(str_sub(x.unknown, 0, 80)));
	for (size_t i = 0; i < x.n; i++) {
		const struct expr *e = value_text(it, x.text[i], line);

		if (!e)
			return NULL;
		expr_list_add(it->c->arena, &list, e);
	}
	return pattern_join(it->c->arena, EXPR_OR, &list);
}

static const struct expr *value_expr(struct item *it, const struct node *value)
{
	if (it->op == TEST_EXISTS)
		return exists_value(it, value);
	if (value->kind > NODE_TEXT)
		return sigma_fail(it->c, ERR_SYNTAX, value->line,
				  "a value is a text or a number");
	if (value->kind == NODE_NULL) {
		if (it->field.kind == FIELD_ANY)
			return sigma_fail(it->c, ERR_SYNTAX, value->line,
					  "a keyword is a text");
		return one_test(it, TEST_NULL, STR_NULL, 0);
	}
	return it->expand ? expanded(it, value->text, value->line) :
			    value_text(it, value->text, value->line);
}

/* Items ------------------------------------------------------------------- */

static const struct expr *values_expr(struct item *it, const struct node *value)
{
	enum expr_kind kind = it->all ? EXPR_AND : EXPR_OR;
	struct expr_list list = { NULL, 0, 0 };

	if (value->kind != NODE_LIST)
		return value_expr(it, value);
	if (value->n == 0)
		return sigma_fail(it->c, ERR_SYNTAX, value->line,
				  "an empty list of values");
	for (size_t i = 0; i < value->n; i++) {
		const struct expr *e = value_expr(it, value->item[i].value);

		if (!e)
			return NULL;
		expr_list_add(it->c->arena, &list, e);
	}
	return pattern_join(it->c->arena, kind, &list);
}

const struct expr *sigma_item(struct compiling *c, const struct node_item *item)
{
	struct item it = { .c = c, .line = item->line, .op = TEST_EQUALS };
	const struct expr *e;

	if (!take_key(&it, item->key))
		return NULL;
	e = values_expr(&it, item->value);
	return e && it.negated ? expr_not(c->arena, e) : e;
}

const struct expr *sigma_keyword(struct compiling *c, const struct node *value)
{
	struct item it = { .c = c,
			   .line = value->line,
			   .op = TEST_EQUALS,
			   .field = { FIELD_ANY, EVENT_NAME, STR("any") } };

	return value_expr(&it, value);
}
