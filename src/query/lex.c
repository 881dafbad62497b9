/* SPDX-License-Identifier: MIT */
#include "query/lex.h"

/* Longer names have to be quoted. */
enum { FIELD_NAME_MAX = 512 };

bool lex_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Bytes that a field's name may have. */
static bool is_name_char(char c)
{
	char low = str_lower(c);

	return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.' || c == '-';
}

static bool is_delimiter(struct str s, size_t at)
{
	return at >= s.n || lex_is_blank(s.p[at]) || s.p[at] == '(' ||
	       s.p[at] == ')';
}

/* What stands before the colon of an ARN or a URL. */
static bool is_scheme(struct str name, struct str rest)
{
	if (str_eq(name, STR("arn")))
		return true;
	return str_starts(rest, STR("//")) &&
	       (str_eq_fold(name, STR("https")) ||
		str_eq_fold(name, STR("http")) || str_eq_fold(name, STR("s3")));
}

/*
 * Does an operator begin at `at`, the word having begun at `from`? Not in
 * what is pasted as it is: ARNs, URLs, IPv6 addresses, times, markup.
 */
static bool is_operator(struct str s, size_t from, size_t at)
{
	struct str name = str_sub(s, from, at);
	char c = s.p[at], first;

	if ((c != ':' && c != '<' && c != '>') || name.n == 0 ||
	    name.n > FIELD_NAME_MAX)
		return false;
	first = str_lower(name.p[0]);
	if (!((first >= 'a' && first <= 'z') || first == '_'))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!is_name_char(name.p[i]) && name.p[i] != '*')
			return false;
	if (c == ':' && is_scheme(name, str_from(s, at + 1)))
		return false;
	return true;
}

static struct token token_at(struct lexer *l, enum token_kind kind, size_t to)
{
	struct token t = { kind, l->at, to, str_sub(l->text, l->at, to),
			   STR_NULL };

	l->at = to;
	return t;
}

static struct token lex_quoted(struct lexer *l)
{
	size_t from = l->at + 1, at = from;
	struct token t;

	while (at < l->text.n && l->text.p[at] != '"')
		at += l->text.p[at] == '\\' ? 2 : 1;
	if (at >= l->text.n)
		return token_at(l, TOKEN_OPEN_END, l->text.n);
	t = token_at(l, TOKEN_QUOTED, at + 1);
	t.text = str_sub(l->text, from, at);
	return t;
}

static struct token lex_word(struct lexer *l, enum lex_mode mode)
{
	struct str s = l->text;
	size_t at = l->at;

	while (!is_delimiter(s, at) && s.p[at] != '"') {
		if (s.p[at] == '\\' && at + 1 < s.n) {
			at += 2;
			continue;
		}
		if (mode == LEX_TERM && is_operator(s, l->at, at))
			break;
		at++;
	}
	return token_at(l, TOKEN_WORD, at);
}

/*
 * A regex ends at a slash that has no backslash before it, with letters and
 * then a delimiter after it. "/aws/lambda/x" is a word.
 */
static struct token lex_regex(struct lexer *l, enum lex_mode mode)
{
	struct str s = l->text;
	size_t from = l->at + 1, at = from, end;
	struct token t;

	while (at < s.n && s.p[at] != '/')
		at += s.p[at] == '\\' ? 2 : 1;
	if (at >= s.n)
		return token_at(l, TOKEN_OPEN_END, s.n);
	for (end = at + 1; end < s.n; end++)
		if (str_lower(s.p[end]) < 'a' || str_lower(s.p[end]) > 'z')
			break;
	if (!is_delimiter(s, end))
		return lex_word(l, mode);
	t = token_at(l, TOKEN_REGEX, end);
	t.text = str_sub(s, from, at);
	t.flags = str_sub(s, at + 1, end);
	return t;
}

static struct token lex_operator(struct lexer *l)
{
	bool equal = l->text.p[l->at] != ':' && l->at + 1 < l->text.n &&
		     l->text.p[l->at + 1] == '=';

	return token_at(l, TOKEN_OPERATOR, l->at + (equal ? 2 : 1));
}

struct token lex_next(struct lexer *l, enum lex_mode mode)
{
	while (l->at < l->text.n && lex_is_blank(l->text.p[l->at]))
		l->at++;
	if (l->at >= l->text.n)
		return token_at(l, TOKEN_END, l->text.n);
	switch (l->text.p[l->at]) {
	case '(':
		return token_at(l, TOKEN_OPEN, l->at + 1);
	case ')':
		return token_at(l, TOKEN_CLOSE, l->at + 1);
	case '"':
		return lex_quoted(l);
	case '/':
		return lex_regex(l, mode);
	case ':':
	case '<':
	case '>':
		if (mode == LEX_TERM)
			return lex_operator(l);
		break;
	default:
		break;
	}
	return lex_word(l, mode);
}

struct token lex_peek(const struct lexer *l, enum lex_mode mode)
{
	struct lexer copy = *l;

	return lex_next(&copy, mode);
}

bool lex_follows(const struct lexer *l, char c)
{
	return l->at < l->text.n && l->text.p[l->at] == c;
}

bool token_is(const struct token *t, const char *keyword)
{
	return t->kind == TOKEN_WORD && str_eq_fold(t->text, str_of(keyword));
}

bool token_is_keyword(const struct token *t)
{
	return token_is(t, "and") || token_is(t, "or") || token_is(t, "not");
}
