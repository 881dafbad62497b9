/* SPDX-License-Identifier: MIT */
#include "query/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "query/parse_private.h"
#include "query/pattern.h"

/* Errors ------------------------------------------------------------------ */

static size_t column_of(struct str text, size_t offset)
{
	size_t column = 1;
	uint32_t cp;

	for (size_t at = 0; at < offset && at < text.n; column++)
		at += utf8_decode(text, at, &cp);
	return column;
}

const struct expr *parse_fail(struct parser *p, enum query_state state,
			      size_t from, size_t to, const char *fmt, ...)
{
	struct query_error *e = p->error;
	va_list ap;

	if (p->state != QUERY_OK)
		return NULL;
	p->state = state;
	e->offset = from;
	e->length = to - from;
	e->column = column_of(p->lex.text, from);
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return NULL;
}

/* Enough of a token to know it by. */
static struct str shown(const struct parser *p, size_t from, size_t to)
{
	struct str s = str_sub(p->lex.text, from, to);

	return str_sub(s, 0, 60);
}

/* `what` is missing where token t stands. */
static const struct expr *expected(struct parser *p, const struct token *t,
				   const char *what)
{
	if (t->kind == TOKEN_OPEN_END) {
		char open = p->lex.text.p[t->from];

		return parse_fail(p, QUERY_INCOMPLETE, t->from, t->to,
				  open == '"' ?
					  "the quote is not closed" :
					  "the regular expression is not "
					  "closed by a slash; quote the text "
					  "to look for a slash");
	}
	if (t->kind == TOKEN_END) {
		if (p->last_to == 0)
			return parse_fail(p, QUERY_INCOMPLETE, t->from, t->to,
					  "%s is expected", what);
		return parse_fail(p, QUERY_INCOMPLETE, t->from, t->to,
				  "%s is expected after \"%.*s\"", what,
				  STR_ARG(shown(p, p->last_from, p->last_to)));
	}
	return parse_fail(p, QUERY_WRONG, t->from, t->to,
			  "%s is expected before \"%.*s\"", what,
			  STR_ARG(shown(p, t->from, t->to)));
}

static struct token take(struct parser *p, enum lex_mode mode)
{
	struct token t = lex_next(&p->lex, mode);

	if (t.kind != TOKEN_END) {
		p->last_from = t.from;
		p->last_to = t.to;
	}
	return t;
}

static bool enter(struct parser *p, const struct token *t)
{
	if (++p->depth <= QUERY_MAX_DEPTH)
		return true;
	parse_fail(p, QUERY_WRONG, t->from, t->to,
		   "more than %d levels of parentheses and \"not\"",
		   QUERY_MAX_DEPTH);
	return false;
}

static bool close_paren(struct parser *p)
{
	struct token t = lex_peek(&p->lex, LEX_TERM);

	if (t.kind != TOKEN_CLOSE) {
		expected(p, &t, "\")\"");
		return false;
	}
	take(p, LEX_TERM);
	p->depth--;
	return true;
}

/* Values ------------------------------------------------------------------ */

static const struct expr *parse_values_or(struct parser *p,
					  const struct value_context *c);

static const struct {
	const char *name;
	enum value_form form;
} forms[] = {
	{ "cased", VALUE_CASED },
	{ "cidr", VALUE_CIDR },
	{ "field", VALUE_FIELD },
	{ "contains_field", VALUE_FIELD_CONTAINS },
	{ "starts_with_field", VALUE_FIELD_STARTS },
	{ "ends_with_field", VALUE_FIELD_ENDS },
	{ "part", VALUE_PART },
};

/* "cased(", "cidr(", "field(", ..., whose name has been taken. */
static const struct expr *parse_form(struct parser *p, struct value_context c)
{
	struct token open = take(p, LEX_VALUE);
	const struct expr *e;

	if (!enter(p, &open))
		return NULL;
	e = parse_values_or(p, &c);
	return e && close_paren(p) ? e : NULL;
}

/* "exists()" and "null()", whose name has been taken. */
static const struct expr *parse_presence(struct parser *p,
					 const struct value_context *c,
					 enum test_op op)
{
	struct expr_test test = { .field = c->field, .op = op };
	struct token open = take(p, LEX_VALUE);

	if (!enter(p, &open) || !close_paren(p))
		return NULL;
	if (c->field.kind == FIELD_ANY)
		return parse_fail(p, QUERY_WRONG, open.from, open.to,
				  "\"any\" is no field that could be missing");
	return expr_test(p->arena, &test);
}

/* A value that has been found to be one. */
static const struct expr *parse_value(struct parser *p,
				      const struct value_context *c)
{
	struct token t = take(p, LEX_VALUE);

	if (t.kind == TOKEN_REGEX)
		return parse_value_regex(p, c, &t);
	if (t.kind == TOKEN_WORD && c->form == VALUE_PLAIN &&
	    lex_follows(&p->lex, '(')) {
		if (str_eq_fold(t.text, STR("exists")))
			return parse_presence(p, c, TEST_EXISTS);
		if (str_eq_fold(t.text, STR("null")))
			return parse_presence(p, c, TEST_NULL);
		for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
			if (str_eq_fold(t.text, str_of(forms[i].name)))
				return parse_form(p, (struct value_context){
							     c->field,
							     forms[i].form });
	}
	if (t.kind == TOKEN_WORD || t.kind == TOKEN_QUOTED)
		return parse_value_word(p, c, &t);
	return expected(p, &t, "a value");
}

static const struct expr *parse_values_not(struct parser *p,
					   const struct value_context *c)
{
	struct token t = lex_peek(&p->lex, LEX_VALUE);
	const struct expr *e;

	if (token_is(&t, "not")) {
		take(p, LEX_VALUE);
		if (!enter(p, &t))
			return NULL;
		e = parse_values_not(p, c);
		p->depth--;
		return e ? expr_not(p->arena, e) : NULL;
	}
	if (t.kind == TOKEN_OPEN) {
		take(p, LEX_VALUE);
		if (!enter(p, &t))
			return NULL;
		e = parse_values_or(p, c);
		return e && close_paren(p) ? e : NULL;
	}
	if (token_is_keyword(&t))
		return expected(p, &t, "a value");
	return parse_value(p, c);
}

static const struct expr *parse_values_and(struct parser *p,
					   const struct value_context *c)
{
	struct expr_list list = { NULL, 0, 0 };
	struct token t;

	do {
		const struct expr *e = parse_values_not(p, c);

		if (!e)
			return NULL;
		expr_list_add(p->arena, &list, e);
		t = lex_peek(&p->lex, LEX_VALUE);
		if (token_is(&t, "and"))
			take(p, LEX_VALUE);
	} while (token_is(&t, "and"));
	if (t.kind != TOKEN_CLOSE && !token_is(&t, "or"))
		return expected(p, &t, "\"or\", \"and\" or \")\"");
	return pattern_join(p->arena, EXPR_AND, &list);
}

static const struct expr *parse_values_or(struct parser *p,
					  const struct value_context *c)
{
	struct expr_list list = { NULL, 0, 0 };
	struct token t;

	do {
		const struct expr *e = parse_values_and(p, c);

		if (!e)
			return NULL;
		expr_list_add(p->arena, &list, e);
		t = lex_peek(&p->lex, LEX_VALUE);
		if (token_is(&t, "or"))
			take(p, LEX_VALUE);
	} while (token_is(&t, "or"));
	return pattern_join(p->arena, EXPR_OR, &list);
}

/* Terms ------------------------------------------------------------------- */

static const struct expr *parse_or(struct parser *p);

/* What follows "field:". */
static const struct expr *parse_field_values(struct parser *p,
					     const struct expr_field *field)
{
	struct value_context c = { *field, VALUE_PLAIN };
	struct token t = lex_peek(&p->lex, LEX_VALUE);
	const struct expr *e;

	if (t.kind != TOKEN_OPEN)
		return parse_value(p, &c);
	take(p, LEX_VALUE);
	if (!enter(p, &t))
		return NULL;
	e = parse_values_or(p, &c);
	return e && close_paren(p) ? e : NULL;
}

/* A field's name has been taken and an operator follows. */
static const struct expr *parse_test(struct parser *p, const struct token *name)
{
	struct token sign = take(p, LEX_TERM), t;
	struct expr_field field;
	enum test_op op;

	p->last_from = name->from;
	if (!parse_field(p, name, &field))
		return NULL;
	if (str_eq(sign.text, STR(":")))
		return parse_field_values(p, &field);
	op = str_eq(sign.text, STR("<"))  ? TEST_LT :
	     str_eq(sign.text, STR("<=")) ? TEST_LE :
	     str_eq(sign.text, STR(">"))  ? TEST_GT :
					    TEST_GE;
	t = lex_peek(&p->lex, LEX_VALUE);
	if (t.kind != TOKEN_WORD && t.kind != TOKEN_QUOTED)
		return expected(p, &t, "a value");
	take(p, LEX_VALUE);
	return parse_value_compare(p, &field, op, &sign, &t);
}

/* "level=high" and "level!=high" are slips of the pen, not words. */
static bool is_slip(const struct token *t, struct str *name)
{
	size_t at = str_find_char(t->text, '=', 0);

	if (at == SIZE_MAX || at == 0)
		return false;
	if (t->text.p[at - 1] == '!')
		at--;
	*name = str_sub(t->text, 0, at);
	return field_find(*name) || field_is_record_path(*name);
}

static const struct expr *parse_word(struct parser *p, const struct token *t)
{
	struct value_context any = { { FIELD_ANY, EVENT_NAME, STR("any") },
				     VALUE_PLAIN };
	struct token next = lex_peek(&p->lex, LEX_TERM);
	struct str name;
	bool joined = next.kind == TOKEN_OPERATOR && next.from == t->to;

	if (token_is_keyword(t))
		return expected(p, t, "a term");
	if (joined || (next.kind == TOKEN_OPERATOR &&
		       (field_find(t->text) || field_is_record_path(t->text))))
		return parse_test(p, t);
	if (is_slip(t, &name))
		return parse_fail(p, QUERY_WRONG, t->from + name.n,
				  t->from + str_find_char(t->text, '=', 0) + 1,
				  "\":\" is expected after \"%.*s\"",
				  STR_ARG(str_sub(name, 0, 60)));
	return parse_value_word(p, &any, t);
}

static const struct expr *parse_primary(struct parser *p)
{
	struct value_context any = { { FIELD_ANY, EVENT_NAME, STR("any") },
				     VALUE_PLAIN };
	struct token t = lex_peek(&p->lex, LEX_TERM);
	const struct expr *e;

	switch (t.kind) {
	case TOKEN_OPEN:
		take(p, LEX_TERM);
		if (!enter(p, &t))
			return NULL;
		e = parse_or(p);
		return e && close_paren(p) ? e : NULL;
	case TOKEN_WORD:
		if (!token_is_keyword(&t))
			take(p, LEX_TERM);
		return parse_word(p, &t);
	case TOKEN_QUOTED:
		take(p, LEX_TERM);
		if (lex_peek(&p->lex, LEX_TERM).kind == TOKEN_OPERATOR)
			return parse_test(p, &t);
		return parse_value_word(p, &any, &t);
	case TOKEN_REGEX:
		take(p, LEX_TERM);
		return parse_value_regex(p, &any, &t);
	case TOKEN_OPERATOR:
		return expected(p, &t, "a field");
	case TOKEN_END:
	case TOKEN_CLOSE:
	case TOKEN_OPEN_END:
		break;
	}
	return expected(p, &t, "a term");
}

static const struct expr *parse_not(struct parser *p)
{
	struct token t = lex_peek(&p->lex, LEX_TERM);
	const struct expr *e;

	if (!token_is(&t, "not"))
		return parse_primary(p);
	take(p, LEX_TERM);
	if (!enter(p, &t))
		return NULL;
	e = parse_not(p);
	p->depth--;
	return e ? expr_not(p->arena, e) : NULL;
}

/* At the top of the filter its terms are noted. */
static void note_term(struct parser *p, size_t from)
{
	struct query_terms *terms = p->terms;

	if (!terms || p->depth)
		return;
	/* Doubled whenever it is full: at 1, 2, 4, ... */
	if ((terms->n & (terms->n - 1)) == 0) {
		struct str *more = arena_alloc(p->arena, 2 * (terms->n + 1) *
								 sizeof(*more));

		if (terms->n)
			memcpy(more, terms->term, terms->n * sizeof(*more));
		terms->term = more;
	}
	terms->term[terms->n++] = str_sub(p->lex.text, from, p->last_to);
}

static const struct expr *parse_and(struct parser *p)
{
	struct expr_list list = { NULL, 0, 0 };

	for (;;) {
		size_t from = lex_peek(&p->lex, LEX_TERM).from;
		const struct expr *e = parse_not(p);
		struct token t;

		if (!e)
			return NULL;
		note_term(p, from);
		expr_list_add(p->arena, &list, e);
		t = lex_peek(&p->lex, LEX_TERM);
		if (t.kind == TOKEN_END || t.kind == TOKEN_CLOSE ||
		    token_is(&t, "or"))
			break;
		if (token_is(&t, "and"))
			take(p, LEX_TERM);
	}
	return expr_join(p->arena, EXPR_AND, list.member, list.n);
}

static const struct expr *parse_or(struct parser *p)
{
	struct expr_list list = { NULL, 0, 0 };

	for (;;) {
		const struct expr *e = parse_and(p);
		struct token t;

		if (!e)
			return NULL;
		expr_list_add(p->arena, &list, e);
		t = lex_peek(&p->lex, LEX_TERM);
		if (!token_is(&t, "or"))
			break;
		take(p, LEX_TERM);
		if (p->terms && !p->depth)
			p->terms->either = true;
	}
	return expr_join(p->arena, EXPR_OR, list.member, list.n);
}

/* Whole filters ----------------------------------------------------------- */

static enum query_state parse(struct str text, const struct time_zone *zone,
			      struct arena *arena, const struct expr **out,
			      struct query_terms *terms,
			      struct query_error *error)
{
	struct parser p = { .lex = { text, 0 },
			    .arena = arena,
			    .zone = zone,
			    .error = error,
			    .state = QUERY_OK,
			    .terms = terms };
	const struct expr *e;
	struct token t;

	if (text.n > QUERY_MAX_TEXT) {
		parse_fail(&p, QUERY_WRONG, QUERY_MAX_TEXT, text.n,
			   "a filter has at most %d bytes", QUERY_MAX_TEXT);
		return p.state;
	}
	t = lex_peek(&p.lex, LEX_TERM);
	if (t.kind == TOKEN_END) {
		*out = expr_constant(arena, true);
		return QUERY_OK;
	}
	e = parse_or(&p);
	if (e) {
		t = lex_peek(&p.lex, LEX_TERM);
		if (t.kind != TOKEN_END)
			e = parse_fail(&p, QUERY_WRONG, t.from, t.to,
				       "there is no \"(\" for this \")\"");
	}
	if (e)
		*out = e;
	return p.state;
}

enum query_state query_parse(struct str text, const struct time_zone *zone,
			     struct arena *arena, const struct expr **out,
			     struct query_error *error)
{
	return parse(text, zone, arena, out, NULL, error);
}

bool query_split(struct str text, struct arena *arena, struct query_terms *out)
{
	struct query_error error;
	const struct expr *e;

	*out = (struct query_terms){ NULL, 0, false };
	if (parse(text, NULL, arena, &e, out, &error) != QUERY_OK)
		return false;
	if (out->either) {
		out->term[0] = str_trim(text);
		out->n = 1;
	}
	return true;
}

enum err_code query_read(struct str text, const struct time_zone *zone,
			 struct arena *arena, const struct expr **out,
			 struct err *err)
{
	struct query_error error;

	if (query_parse(text, zone, arena, out, &error) == QUERY_OK)
		return ERR_OK;
	return err_set(err, ERR_SYNTAX, "column %zu: %s", error.column,
		       error.text);
}
