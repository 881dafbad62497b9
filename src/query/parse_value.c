/* SPDX-License-Identifier: MIT */
#include "base/attr.h"
#include "base/re.h"
#include "model/addr.h"
#include "query/number.h"
#include "query/parse_private.h"
#include "query/pattern.h"
#include "query/time_part.h"

bool parse_at_end(const struct parser *p, const struct token *t)
{
	return t->kind == TOKEN_WORD && t->to == p->lex.text.n;
}

/* Fields ------------------------------------------------------------------ */

/* A column by the path that it is taken from. */
static bool find_column(struct str name, struct expr_field *out)
{
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++) {
		const char *path = event_column_name((enum event_column)c);

		if (!str_eq_fold(name, str_of(path)))
			continue;
		*out = (struct expr_field){ FIELD_COLUMN, (enum event_column)c,
					    str_of(path) };
		return true;
	}
	return false;
}

bool query_field(struct str name, struct expr_field *out)
{
	const struct field *known = field_find(name);

	if (known) {
		*out = (struct expr_field){ known->kind, known->column,
					    str_of(known->name) };
		return true;
	}
	if (find_column(name, out))
		return true;
	if (str_eq_fold(name, STR("any"))) {
		*out = (struct expr_field){ FIELD_ANY, EVENT_NAME, STR("any") };
		return true;
	}
	*out = (struct expr_field){ FIELD_PATH, EVENT_NAME, name };
	return field_is_record_path(name) &&
	       str_find_char(name, '*', 0) == SIZE_MAX;
}

static bool unknown_field(struct parser *p, const struct token *t,
			  struct str name)
{
	struct str top = str_sub(name, 0, str_find_char(name, '.', 0));
	const char *near = field_nearest(top);

	if (str_find_char(name, '*', 0) != SIZE_MAX)
		parse_fail(p, QUERY_WRONG, t->from, t->to,
			   "field names have no wildcards; a word without a "
			   "field is looked for in the whole record");
	else if (near && top.n)
		parse_fail(p, QUERY_WRONG, t->from, t->to,
			   "unknown field \"%.*s\"; did you mean \"%s\"?",
			   STR_ARG(str_sub(name, 0, 60)), near);
	else
		parse_fail(p, QUERY_WRONG, t->from, t->to,
			   "unknown field \"%.*s\"",
			   STR_ARG(str_sub(name, 0, 60)));
	return false;
}

bool parse_field(struct parser *p, const struct token *t,
		 struct expr_field *out)
{
	struct str name;

	if (t->kind == TOKEN_QUOTED) {
		name = pattern_text(p->arena, t->text);
		*out = (struct expr_field){ FIELD_PATH, EVENT_NAME, name };
		if (name.n == 0)
			parse_fail(p, QUERY_WRONG, t->from, t->to,
				   "a field has a name");
		return name.n > 0;
	}
	if (!query_field(t->text, out))
		return unknown_field(p, t, t->text);
	out->path = arena_dup(p->arena, out->path);
	return true;
}

/* Addresses and node ids -------------------------------------------------- */

static const struct expr *one_value(struct parser *p,
				    const struct expr_field *field,
				    enum test_op op, struct str value)
{
	struct expr_test test = {
		.field = *field, .op = op, .value = &value, .value_n = 1
	};

	return expr_test(p->arena, &test);
}

static const struct expr *network_value(struct parser *p,
					const struct expr_field *field,
					const struct token *t, struct str text)
{
	struct network net;

	if (!network_parse(text, &net))
		return parse_fail(
			p, parse_at_end(p, t) ? QUERY_INCOMPLETE : QUERY_WRONG,
			t->from, t->to,
			"\"%.*s\" is no network; expected one such "
			"as 10.0.0.0/8",
			STR_ARG(str_sub(text, 0, 60)));
	return one_value(p, field, TEST_CIDR, text);
}

/* "10.0.0.0/8", as opposed to "AWS Internal/4". */
static bool looks_like_network(struct str text)
{
	size_t slash = str_find_char(text, '/', 0);
	struct addr a;

	return slash != SIZE_MAX && addr_parse(str_sub(text, 0, slash), &a);
}

/* Node ids are taken with their letter as well. */
static struct str without_letter(enum field_kind kind, struct str raw)
{
	struct str letter = STR_NULL;

	switch (kind) {
	case FIELD_PRINCIPAL:
		letter = STR("P:");
		break;
	case FIELD_SESSION:
		letter = STR("S:");
		break;
	case FIELD_KEY:
		letter = STR("K:");
		break;
	case FIELD_ACCOUNT:
		letter = STR("A:");
		break;
	case FIELD_IP:
		letter = STR("IP:");
		break;
	default:
		break;
	}
	return letter.n && str_starts(raw, letter) ? str_from(raw, letter.n) :
						     raw;
}

/* Values ------------------------------------------------------------------ */

static enum test_op refers_of(enum value_form form)
{
	switch (form) {
	case VALUE_FIELD_CONTAINS:
		return TEST_CONTAINS;
	case VALUE_FIELD_STARTS:
		return TEST_STARTS;
	case VALUE_FIELD_ENDS:
		return TEST_ENDS;
	default:
		return TEST_EQUALS;
	}
}

static const struct expr *part_value(struct parser *p,
				     const struct value_context *c,
				     const struct token *t, struct str text)
{
	struct time_part part;

	if (!time_part_parse(text, &part))
		return parse_fail(
			p, parse_at_end(p, t) ? QUERY_INCOMPLETE : QUERY_WRONG,
			t->from, t->to,
			"\"%.*s\" is no part of a time; expected one "
			"such as \"hour>=22\"",
			STR_ARG(str_sub(text, 0, 60)));
	return one_value(p, &c->field, TEST_PART,
			 time_part_text(p->arena, &part));
}

static const struct expr *field_value(struct parser *p,
				      const struct value_context *c,
				      const struct token *t)
{
	struct token name = *t;
	struct expr_field other;
	struct expr_test test = { .field = c->field,
				  .op = TEST_FIELD,
				  .refers = refers_of(c->form),
				  .value_n = 1 };

	if (!expr_can_refer(c->field.kind))
		return parse_fail(p, QUERY_WRONG, t->from, t->to,
				  "\"%.*s\" cannot be compared with a field",
				  STR_ARG(c->field.path));
	/* A path, never an alias; the name is checked all the same. */
	if (t->kind == TOKEN_WORD && !field_is_record_path(t->text)) {
		unknown_field(p, t, t->text);
		return NULL;
	}
	name.kind = TOKEN_QUOTED;
	if (!parse_field(p, &name, &other))
		return NULL;
	test.value = &other.path;
	return expr_test(p->arena, &test);
}

/* A value of a field that only has certain ones, or wildcards. */
static const struct expr *named_value(struct parser *p,
				      const struct value_context *c,
				      const struct token *t, struct str raw)
{
	struct str text;

	if (!pattern_is_literal(raw))
		return pattern_test(p->arena, &c->field, TEST_EQUALS, false,
				    raw);
	text = pattern_text(p->arena, raw);
	if (!parse_name(p, &c->field, t, &text))
		return NULL;
	return pattern_test(p->arena, &c->field, TEST_EQUALS, false, text);
}

const struct expr *parse_value_word(struct parser *p,
				    const struct value_context *c,
				    const struct token *t)
{
	struct str raw = without_letter(c->field.kind, t->text);
	struct str text;

	if (c->field.kind == FIELD_ANY && raw.n == 0)
		return parse_fail(p, QUERY_WRONG, t->from, t->to,
				  "text is expected between the quotes");
	if (c->form >= VALUE_FIELD && c->form <= VALUE_FIELD_ENDS)
		return field_value(p, c, t);
	if (c->form == VALUE_PART)
		return part_value(p, c, t, pattern_text(p->arena, raw));
	if (c->form == VALUE_CIDR)
		return network_value(p, &c->field, t,
				     pattern_text(p->arena, raw));
	if (c->form == VALUE_PLAIN && parse_has_names(c->field.kind))
		return raw.n ? named_value(p, c, t, raw) :
			       parse_fail(p, QUERY_WRONG, t->from, t->to,
					  "text is expected between the "
					  "quotes");
	if (pattern_is_literal(raw)) {
		text = pattern_text(p->arena, raw);
		if (c->field.kind == FIELD_TIME)
			return parse_time_range(p, &c->field, t, text);
		if (c->field.kind == FIELD_IP && looks_like_network(text))
			return network_value(p, &c->field, t, text);
	}
	return pattern_test(p->arena, &c->field, TEST_EQUALS,
			    c->form == VALUE_CASED, raw);
}

/* "\/" stands for a slash; other escapes are PCRE2's. */
static struct str regex_text(struct arena *a, struct str raw)
{
	char *out = arena_alloc(a, raw.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.n; i++) {
		if (raw.p[i] == '\\' && i + 1 < raw.n) {
			if (raw.p[i + 1] != '/')
				out[n++] = raw.p[i];
			i++;
		}
		out[n++] = raw.p[i];
	}
	return (struct str){ out, n };
}

const struct expr *parse_value_regex(struct parser *p,
				     const struct value_context *c,
				     const struct token *t)
{
	struct str value = regex_text(p->arena, t->text);
	struct expr_test test = {
		.field = c->field, .op = TEST_RE, .value = &value, .value_n = 1
	};
	struct err err = ERR_INIT;
	struct re *re;

	if (c->form != VALUE_PLAIN)
		return parse_fail(p, QUERY_WRONG, t->from, t->to,
				  "a regular expression stands for itself");
	for (size_t i = 0; i < t->flags.n; i++) {
		switch (t->flags.p[i]) {
		case 'i':
			test.re_flags |= RE_FOLD;
			break;
		case 'm':
			test.re_flags |= RE_MULTILINE;
			break;
		case 's':
			test.re_flags |= RE_DOTALL;
			break;
		default:
			return parse_fail(
				p, QUERY_WRONG, t->to - t->flags.n + i,
				t->to - t->flags.n + i + 1,
				"\"%c\" is no flag of a regular expression; "
				"expected i, m or s (quote the text to look "
				"for slashes)",
				t->flags.p[i]);
		}
	}
	if (re_compile(&re, value, test.re_flags, &err) != ERR_OK)
		return parse_fail(p, QUERY_WRONG, t->from, t->to, "%.300s",
				  err.msg);
	re_free(re);
	return expr_test(p->arena, &test);
}

const struct expr *parse_value_compare(struct parser *p,
				       const struct expr_field *field,
				       enum test_op op,
				       const struct token *sign,
				       const struct token *t)
{
	struct str text = pattern_text(p->arena, t->text);
	struct number number;
	bool begun = parse_at_end(p, t);

	switch (field->kind) {
	case FIELD_TIME:
		return parse_time_compare(p, field, op, t, text);
	case FIELD_LEVEL:
		return parse_name(p, field, t, &text) ?
			       one_value(p, field, op, text) :
			       NULL;
	case FIELD_COLUMN:
	case FIELD_PATH:
		break;
	default:
		return parse_fail(p, QUERY_WRONG, sign->from, sign->to,
				  "\"%.*s\" compares numbers, times and "
				  "levels; \"%.*s\" is text",
				  STR_ARG(sign->text), STR_ARG(field->path));
	}
	if (number_parse(text, &number))
		return one_value(p, field, op, text);
	for (size_t i = 0; i < text.n; i++)
		begun &= text.p[i] != '\0' &&
			 strchr("0123456789+-.eE", text.p[i]) != NULL;
	return parse_fail(p, begun ? QUERY_INCOMPLETE : QUERY_WRONG, t->from,
			  t->to, "\"%.*s\" is no number",
			  STR_ARG(str_sub(text, 0, 60)));
}
