/* SPDX-License-Identifier: MIT */
/* Values of eventTime: a moment, or all that a day or a minute is. */
#include "query/parse_private.h"

/* "2026-01-09 21:40" without quotes comes as two words. */
static struct str with_clock(struct parser *p, struct str date, struct token *t)
{
	struct token next = lex_peek(&p->lex, LEX_VALUE);
	struct str both;

	if (t->kind != TOKEN_WORD || date.n != 10 || next.kind != TOKEN_WORD ||
	    next.from != t->to + 1 || next.text.n < 4 || next.text.p[0] < '0' ||
	    next.text.p[0] > '9' ||
	    str_find_char(next.text, ':', 0) == SIZE_MAX)
		return date;
	both = arena_join(p->arena, arena_join(p->arena, date, STR(" ")),
			  next.text);
	if (time_parse(both, p->zone) == TIME_NONE)
		return date;
	lex_next(&p->lex, LEX_VALUE);
	t->to = next.to;
	return both;
}

static int64_t read_time(struct parser *p, const struct token *t,
			 struct str text)
{
	int64_t time = time_parse(text, p->zone);
	bool begun = t->to == p->lex.text.n;

	if (time != TIME_NONE)
		return time;
	for (size_t i = 0; i < text.n; i++)
		begun &= text.p[i] != '\0' &&
			 strchr("0123456789-:+.TZ ", text.p[i]) != NULL;
	parse_fail(p, begun ? QUERY_INCOMPLETE : QUERY_WRONG, t->from, t->to,
		   "\"%.*s\" is no time; expected one such as "
		   "\"2026-01-09 21:40\"",
		   STR_ARG(str_sub(text, 0, 60)));
	return TIME_NONE;
}

/* The moment after all that a time names: a day, a minute, a second. */
static int64_t end_of(struct parser *p, struct str text, int64_t from)
{
	const struct time_zone utc = TIME_ZONE_UTC;
	const struct time_zone *zone = p->zone ? p->zone : &utc;
	size_t at = str_find_char(text, ' ', 0), colons = 0;
	struct str clock;
	int64_t to;

	if (at == SIZE_MAX)
		at = str_find_char(text, 'T', 0);
	if (at == SIZE_MAX) {
		/* A day in its zone may have 23 or 25 hours. */
		to = from + (int64_t)24 * 3600 * 1000;
		return to + (int64_t)(time_split(from, zone).offset -
				      time_split(to, zone).offset) *
				    1000;
	}
	clock = str_from(text, at + 1);
	if (str_find_char(clock, '.', 0) != SIZE_MAX)
		return from + 1;
	/* What follows the clock, Z or an offset, is no part of it. */
	for (size_t i = 0; i < clock.n; i++) {
		if (strchr("Zz+-", clock.p[i])) {
			clock = str_sub(clock, 0, i);
			break;
		}
	}
	for (size_t i = 0; i < clock.n; i++)
		colons += clock.p[i] == ':';
	if (colons == 1 || (colons == 0 && clock.n == 4))
		return from + 60 * 1000;
	return from + 1000;
}

static const struct expr *time_test(struct parser *p,
				    const struct expr_field *field,
				    enum test_op op, int64_t time)
{
	struct time_zone utc = TIME_ZONE_UTC;
	struct strbuf iso;
	struct str value;
	struct expr_test test = {
		.field = *field, .op = op, .value = &value, .value_n = 1
	};

	strbuf_init(&iso);
	time_format(&iso, time, TIME_ISO, &utc);
	value = arena_dup(p->arena, strbuf_str(&iso));
	strbuf_release(&iso);
	return expr_test(p->arena, &test);
}

const struct expr *parse_time_range(struct parser *p,
				    const struct expr_field *field,
				    const struct token *t, struct str text)
{
	struct expr_list both = { NULL, 0, 0 };
	struct token whole = *t;
	int64_t from;

	text = with_clock(p, text, &whole);
	from = read_time(p, &whole, text);
	if (from == TIME_NONE)
		return NULL;
	expr_list_add(p->arena, &both, time_test(p, field, TEST_GE, from));
	expr_list_add(p->arena, &both,
		      time_test(p, field, TEST_LT, end_of(p, text, from)));
	return expr_join(p->arena, EXPR_AND, both.member, both.n);
}

const struct expr *parse_time_compare(struct parser *p,
				      const struct expr_field *field,
				      enum test_op op, const struct token *t,
				      struct str text)
{
	struct token whole = *t;
	int64_t time;

	text = with_clock(p, text, &whole);
	time = read_time(p, &whole, text);
	return time == TIME_NONE ? NULL : time_test(p, field, op, time);
}
