/* SPDX-License-Identifier: MIT */
#include "query/print.h"

#include "base/re.h"
#include "model/addr.h"
#include "query/lex.h"
#include "query/pattern.h"

/* Texts ------------------------------------------------------------------- */

/* A pattern between quotes: its own escapes stay. */
static void add_quoted(struct strbuf *out, struct str pattern)
{
	strbuf_addc(out, '"');
	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '"')
			strbuf_addc(out, '\\');
		strbuf_addc(out, pattern.p[i]);
	}
	strbuf_addc(out, '"');
}

static bool is_alnum(char c)
{
	char low = str_lower(c);

	return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9');
}

/* True when a pattern can stand for itself after "field:". */
static bool is_plain(struct str pattern)
{
	struct token t = { .kind = TOKEN_WORD, .text = pattern };

	if (pattern.n == 0 || pattern.p[0] == '/' || token_is_keyword(&t))
		return false;
	for (size_t i = 0; i < pattern.n; i++)
		if (!is_alnum(pattern.p[i]) &&
		    (pattern.p[i] == '\0' ||
		     !strchr("_.@+=,%-:/*?#", pattern.p[i])))
			return false;
	return true;
}

static void add_pattern(struct strbuf *out, struct str pattern)
{
	if (is_plain(pattern))
		strbuf_add(out, pattern);
	else
		add_quoted(out, pattern);
}

static void add_regex(struct strbuf *out, struct str pattern, unsigned flags)
{
	strbuf_addc(out, '/');
	for (size_t i = 0; i < pattern.n; i++) {
		if (pattern.p[i] == '\\' && i + 1 < pattern.n)
			strbuf_addc(out, pattern.p[i++]);
		else if (pattern.p[i] == '/')
			strbuf_addc(out, '\\');
		strbuf_addc(out, pattern.p[i]);
	}
	strbuf_addc(out, '/');
	if (flags & RE_FOLD)
		strbuf_addc(out, 'i');
	if (flags & RE_MULTILINE)
		strbuf_addc(out, 'm');
	if (flags & RE_DOTALL)
		strbuf_addc(out, 's');
}

/* Names ------------------------------------------------------------------- */

static bool is_column_path(struct str name)
{
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		if (str_eq_fold(name, str_of(event_column_name(
					      (enum event_column)c))))
			return true;
	return false;
}

/* True when the parser takes a path for a path without quotes. */
static bool is_plain_path(struct str path)
{
	if (!field_is_record_path(path) || field_find(path) ||
	    is_column_path(path) || path.n > 200)
		return false;
	for (size_t i = 0; i < path.n; i++)
		if (!is_alnum(path.p[i]) &&
		    (path.p[i] == '\0' || !strchr("._-", path.p[i])))
			return false;
	return true;
}

static void add_path(struct strbuf *out, struct str path)
{
	strbuf_addc(out, '"');
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] == '"' || path.p[i] == '\\')
			strbuf_addc(out, '\\');
		strbuf_addc(out, path.p[i]);
	}
	strbuf_addc(out, '"');
}

static void add_field(struct strbuf *out, const struct expr_field *field)
{
	if (field->kind == FIELD_PATH && !is_plain_path(field->path))
		add_path(out, field->path);
	else
		strbuf_add(out, field->path);
}

/* Tests ------------------------------------------------------------------- */

static const char *compare_sign(enum test_op op)
{
	switch (op) {
	case TEST_LT:
		return "<";
	case TEST_LE:
		return "<=";
	case TEST_GT:
		return ">";
	case TEST_GE:
		return ">=";
	default:
		return NULL;
	}
}

static void add_value(struct strbuf *out, const struct expr_test *t,
		      struct str value)
{
	struct arena a;

	switch (t->op) {
	case TEST_RE:
		add_regex(out, value, t->re_flags);
		return;
	case TEST_FIELD:
		add_path(out, value);
		return;
	case TEST_EQUALS:
	case TEST_CONTAINS:
	case TEST_STARTS:
	case TEST_ENDS:
		if (t->field.kind == FIELD_ANY) {
			add_quoted(out, value);
			return;
		}
		arena_init(&a);
		add_pattern(out, pattern_whole(&a, t->op, value));
		arena_release(&a);
		return;
	default:
		add_pattern(out, value);
	}
}

static void add_values(struct strbuf *out, const struct expr_test *t)
{
	for (size_t i = 0; i < t->value_n; i++) {
		if (i)
			strbuf_adds(out, t->all ? " and " : " or ");
		add_value(out, t, t->value[i]);
	}
}

/* The name of the form that the values are written in, or NULL. */
static const char *form_of(const struct expr_test *t)
{
	struct network net;

	if (t->op == TEST_FIELD)
		return t->refers == TEST_CONTAINS ? "contains_field" :
		       t->refers == TEST_STARTS   ? "starts_with_field" :
		       t->refers == TEST_ENDS     ? "ends_with_field" :
						    "field";
	if (t->op == TEST_PART)
		return "part";
	if (t->op == TEST_CIDR &&
	    !(t->field.kind == FIELD_IP && t->value_n == 1 &&
	      str_find_char(t->value[0], '/', 0) != SIZE_MAX &&
	      network_parse(t->value[0], &net)))
		return "cidr";
	return t->cased ? "cased" : NULL;
}

static void print_test(struct strbuf *out, const struct expr_test *t)
{
	const char *sign = compare_sign(t->op), *form = form_of(t);

	if (t->field.kind == FIELD_ANY && t->value_n == 1 && !form) {
		add_value(out, t, t->value[0]);
		return;
	}
	add_field(out, &t->field);
	if (sign) {
		strbuf_adds(out, sign);
		add_value(out, t, t->value[0]);
		return;
	}
	strbuf_addc(out, ':');
	if (t->op == TEST_EXISTS || t->op == TEST_NULL) {
		strbuf_adds(out, t->op == TEST_NULL ? "null()" : "exists()");
		return;
	}
	if (form)
		strbuf_adds(out, form);
	if (form || t->value_n > 1)
		strbuf_addc(out, '(');
	add_values(out, t);
	if (form || t->value_n > 1)
		strbuf_addc(out, ')');
}

/* Trees ------------------------------------------------------------------- */

static void print_tree(struct strbuf *out, const struct expr *e,
		       enum expr_kind around)
{
	bool paren = false;

	switch (e->kind) {
	case EXPR_TRUE:
		strbuf_addc(out, '*');
		return;
	case EXPR_FALSE:
		strbuf_adds(out, "not *");
		return;
	case EXPR_TEST:
		print_test(out, &e->test);
		return;
	case EXPR_NOT:
		strbuf_adds(out, "not ");
		print_tree(out, e->member[0], EXPR_NOT);
		return;
	case EXPR_AND:
		paren = around == EXPR_AND || around == EXPR_NOT;
		break;
	case EXPR_OR:
		paren = around != EXPR_TRUE;
		break;
	}
	if (paren)
		strbuf_addc(out, '(');
	for (size_t i = 0; i < e->member_n; i++) {
		if (i)
			strbuf_adds(out,
				    e->kind == EXPR_AND ? " and " : " or ");
		print_tree(out, e->member[i], e->kind);
	}
	if (paren)
		strbuf_addc(out, ')');
}

void query_print(struct strbuf *out, const struct expr *e)
{
	/* EXPR_TRUE as what is around: nothing. */
	print_tree(out, e, EXPR_TRUE);
}

void query_value(struct strbuf *out, struct str text)
{
	struct arena a;

	arena_init(&a);
	add_pattern(out, pattern_of_text(&a, text));
	arena_release(&a);
}

/* "FIELD:" */
static void add_named(struct strbuf *out, struct str field)
{
	if (field_find(field) || is_column_path(field) ||
	    is_plain_path(field) || str_eq(field, STR("any")))
		strbuf_add(out, field);
	else
		add_path(out, field);
	strbuf_addc(out, ':');
}

void query_null(struct strbuf *out, struct str field)
{
	add_named(out, field);
	strbuf_adds(out, "null()");
}

void query_term(struct strbuf *out, struct str field, struct str value)
{
	struct arena a;

	if (value.n == 0)
		strbuf_adds(out, "not ");
	add_named(out, field);
	if (value.n == 0) {
		strbuf_addc(out, '*');
		return;
	}
	arena_init(&a);
	add_quoted(out, pattern_of_text(&a, value));
	arena_release(&a);
}
