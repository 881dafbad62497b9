/* SPDX-License-Identifier: MIT */
#include "query/need_regex.h"

#include <stdbool.h>

/* A place in a pattern. */
struct reading {
	struct str s;
	size_t at;
	bool lost; /* something that is not understood */
};

/* Escapes that stand for a class, a place or one control character. */
static bool is_known_escape(char c)
{
	return c != '\0' && strchr("dDwWsSbBAzZnrt", c) != NULL;
}

static bool is_alnum(char c)
{
	char low = str_lower(c);

	return (low >= 'a' && low <= 'z') || (c >= '0' && c <= '9');
}

/* A backslash is at r->at. */
static void skip_escape(struct reading *r)
{
	char c = r->at + 1 < r->s.n ? r->s.p[r->at + 1] : '\0';

	r->at += 2;
	if (c == '\0' || (unsigned char)c >= 0x80 ||
	    (is_alnum(c) && !is_known_escape(c)))
		r->lost = true;
}

/* "[...]", which begins at r->at. */
static void skip_class(struct reading *r)
{
	size_t first;

	r->at++;
	if (r->at < r->s.n && r->s.p[r->at] == '^')
		r->at++;
	for (first = r->at; r->at < r->s.n; r->at++) {
		char c = r->s.p[r->at];

		if (c == '\\') {
			r->at++;
		} else if (c == '[') { /* perhaps [:alpha:] */
			r->lost = true;
			return;
		} else if (c == ']' && r->at > first) {
			r->at++;
			return;
		}
	}
	r->lost = true;
}

/* What begins with "(?" or "(*" and is not just a group of some kind. */
static bool is_odd_group(struct str s, size_t at)
{
	char kind;

	if (at + 1 >= s.n || s.p[at + 1] == '*')
		return true;
	if (s.p[at + 1] != '?')
		return false;
	kind = at + 2 < s.n ? s.p[at + 2] : '\0';
	return kind == '\0' || !strchr(":=!<P|>", kind);
}

/* "(...)", which begins at r->at, with what is in it. */
static void skip_group(struct reading *r)
{
	unsigned depth = 0;

	while (r->at < r->s.n && !r->lost) {
		switch (r->s.p[r->at]) {
		case '\\':
			skip_escape(r);
			continue;
		case '[':
			skip_class(r);
			continue;
		case '(':
			r->lost |= is_odd_group(r->s, r->at);
			depth++;
			break;
		case ')':
			depth--;
			break;
		default:
			break;
		}
		r->at++;
		if (depth == 0)
			return;
	}
	r->lost = true;
}

/* "{2,5}", which begins at r->at; any other brace is a character. */
static void skip_count(struct reading *r)
{
	size_t at = r->at + 1;

	while (at < r->s.n && r->s.p[at] != '\0' &&
	       strchr("0123456789, ", r->s.p[at]))
		at++;
	if (at < r->s.n && r->s.p[at] == '}')
		r->at = at;
	r->at++;
}

/* Keeps the longest of the runs; a quantifier may take away the last. */
static void end_run(struct reading *r, size_t from, struct str *best)
{
	size_t to = r->at;

	if (r->at < r->s.n && r->at > from && r->s.p[r->at] != '\0' &&
	    strchr("?*{", r->s.p[r->at]))
		to--;
	if (to - from > best->n)
		*best = str_sub(r->s, from, to);
}

/* One alternative, up to a bar at the top or the end. */
static struct str read_alternative(struct reading *r)
{
	struct str best = STR_NULL;
	size_t from = r->at;

	while (r->at < r->s.n && !r->lost && r->s.p[r->at] != '|') {
		char c = r->s.p[r->at];

		if ((unsigned char)c < 0x80 && c != '\0' &&
		    !strchr("\\[](){}.*+?^$", c)) {
			r->at++;
			continue;
		}
		end_run(r, from, &best);
		if (c == '\\') {
			/* An escaped character is not taken into a run: it
			 * would not stand in one piece in the pattern. */
			skip_escape(r);
		} else if (c == '[') {
			skip_class(r);
		} else if (c == '(') {
			skip_group(r);
		} else if (c == '{') {
			skip_count(r);
		} else {
			r->lost |= c == ')' || c == '\0';
			r->at++;
		}
		from = r->at;
	}
	end_run(r, from, &best);
	return best;
}

size_t regex_parts(struct str pattern, struct str *part)
{
	struct reading r = { pattern, 0, false };
	size_t n = 0;

	do {
		struct str best = read_alternative(&r);

		if (r.lost || best.n == 0 || n == REGEX_PARTS)
			return 0;
		part[n++] = best;
	} while (r.at++ < pattern.n);
	return n;
}
