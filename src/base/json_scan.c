/* SPDX-License-Identifier: MIT */
/* From a file's bytes to a copy that cJSON reads as it was meant. */
#include "base/json_private.h"

#include "base/bytes.h"
#include "base/unicode.h"
#include "base/utf8.h"

/* What the grammar allows next. */
enum expect {
	WANT_VALUE,        /* a value */
	WANT_VALUE_OR_END, /* after '[' */
	WANT_KEY,          /* after ',' in an object */
	WANT_KEY_OR_END,   /* after '{' */
	WANT_COLON,
	WANT_COMMA_OR_END,
};

struct scanner {
	struct json_scan *s;
	struct str in;
	struct strbuf *out; /* NULL: nothing is copied */
	size_t at;
	bool last;
	size_t deep_from; /* where a too deep part began, or SIZE_MAX */
	uint32_t values;  /* copied so far */
};

void json_scan_init(struct json_scan *s, size_t max_bytes, unsigned max_depth)
{
	if (max_depth > JSON_MOST_DEPTH)
		max_depth = JSON_MOST_DEPTH;
	*s = (struct json_scan){ .max_bytes = max_bytes,
				 .max_depth = max_depth };
	strbuf_init(&s->levels);
}

void json_scan_release(struct json_scan *s)
{
	strbuf_release(&s->levels);
}

static enum json_status bad(struct scanner *c, size_t at, const char *reason)
{
	c->s->bad_at = at;
	c->s->reason = reason;
	return JSON_BAD;
}

/* The bytes ran out in the middle of a value. */
static enum json_status ran_out(struct scanner *c)
{
	if (c->last)
		return bad(c, c->in.n, "the data ends inside a value");
	return c->in.n >= c->s->max_bytes ? JSON_LONG : JSON_MORE;
}

static bool copying(const struct scanner *c)
{
	return c->out && c->deep_from == SIZE_MAX;
}

static void copy(struct scanner *c, size_t from, size_t to)
{
	if (copying(c) && to > from)
		strbuf_add(c->out, str_sub(c->in, from, to));
}

static void copy_text(struct scanner *c, const char *text, size_t n)
{
	if (copying(c))
		strbuf_add(c->out, (struct str){ text, n });
}

static void note_character(struct scanner *c, uint32_t cp)
{
	if (cp > 0x7e)
		c->s->notes |= JSON_SAW_NONASCII;
	if (cp == UTF8_INVALID)
		return;
	switch (unicode_class(cp)) {
	case UNICODE_CONTROL:
		if (cp != '\t' && cp != '\n' && cp != '\r')
			c->s->notes |= JSON_SAW_CONTROL;
		break;
	case UNICODE_BIDI:
		c->s->notes |= JSON_SAW_BIDI;
		break;
	default:
		break;
	}
}

/* The four digits after "\u" at `at`, or -1. */
static int32_t hex4(struct str in, size_t at)
{
	int32_t v = 0;

	for (size_t i = at; i < at + 4; i++) {
		int d = i < in.n ? str_hex(in.p[i]) : -1;

		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

/*
 * A "\u" escape at c->at. What cJSON cannot take is spelled another way;
 * everything else is left for it to decode.
 */
static enum json_status scan_unicode_escape(struct scanner *c)
{
	int32_t unit, second;
	char buf[4];

	/* A pair takes twelve bytes; wait until they can be seen. */
	if (c->in.n - c->at < 12 && !c->last) {
		struct str seen = str_from(c->in, c->at);

		if (seen.n < 6 || str_find_char(seen, '"', 0) == SIZE_MAX)
			return ran_out(c);
	}
	unit = hex4(c->in, c->at + 2);
	if (unit < 0)
		return bad(c, c->at, "invalid \\u escape");
	if (unit == 0) {
		c->s->notes |= JSON_SAW_CONTROL;
		copy_text(c, (const char[]){ MARK, MARK_NUL }, 2);
		c->at += 6;
		return JSON_OK;
	}
	if (unit < 0xd800 || unit > 0xdfff) {
		note_character(c, (uint32_t)unit);
		copy(c, c->at, c->at + 6);
		c->at += 6;
		return JSON_OK;
	}
	c->s->notes |= JSON_SAW_NONASCII;
	if (unit < 0xdc00 && c->at + 7 < c->in.n &&
	    c->in.p[c->at + 6] == '\\' && c->in.p[c->at + 7] == 'u') {
		second = hex4(c->in, c->at + 8);
		if (second >= 0xdc00 && second <= 0xdfff) {
			note_character(c, 0x10000u +
						  ((uint32_t)unit - 0xd800u) *
							  0x400u +
						  ((uint32_t)second - 0xdc00u));
			copy(c, c->at, c->at + 12);
			c->at += 12;
			return JSON_OK;
		}
	}
	copy_text(c, buf, utf8_encode((uint32_t)unit, buf));
	c->at += 6;
	return JSON_OK;
}

/* Could the character at `at` go on behind the end of what is there? */
static bool is_cut(struct str in, size_t at)
{
	unsigned char lead = (unsigned char)in.p[at];
	size_t n = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

	for (size_t i = at + 1; i < at + n; i++) {
		if (i >= in.n)
			return true;
		if (((unsigned char)in.p[i] & 0xc0) != 0x80)
			return false;
	}
	return false;
}

/* The string whose opening quote is at c->at. */
static enum json_status scan_string(struct scanner *c)
{
	size_t from = c->at++;
	enum json_status st;

	for (;;) {
		unsigned char b;
		uint32_t cp;

		c->at = (size_t)(bytes_pass_quiet(c->in.p + c->at,
						  c->in.p + c->in.n) -
				 c->in.p);
		if (c->at >= c->in.n)
			return ran_out(c);
		b = (unsigned char)c->in.p[c->at];
		if (b == '"') {
			copy(c, from, ++c->at);
			return JSON_OK;
		}
		if (b == '\\') {
			if (c->at + 1 >= c->in.n)
				return ran_out(c);
			if (c->in.p[c->at + 1] == 'u') {
				copy(c, from, c->at);
				st = scan_unicode_escape(c);
				if (st != JSON_OK)
					return st;
				from = c->at;
				continue;
			}
			if (c->in.p[c->at + 1] == '\0' ||
			    !strchr("\"\\/bfnrt", c->in.p[c->at + 1]))
				return bad(c, c->at, "invalid escape");
			if (c->in.p[c->at + 1] == 'b' ||
			    c->in.p[c->at + 1] == 'f')
				c->s->notes |= JSON_SAW_CONTROL;
			c->at += 2;
			continue;
		}
		if (b == 0 || b == 0xff) {
			const char text[] = { MARK, b ? MARK : MARK_NUL };

			copy(c, from, c->at);
			copy_text(c, text, 2);
			c->s->notes |= b ? JSON_SAW_NONASCII : JSON_SAW_CONTROL;
			from = ++c->at;
			continue;
		}
		if (b < 0x80) { /* a raw control character: tolerated */
			note_character(c, b);
			c->at++;
			continue;
		}
		if (!c->last && is_cut(c->in, c->at))
			return ran_out(c);
		c->at += utf8_decode(c->in, c->at, &cp);
		note_character(c, cp);
	}
}

/* Passes digits; returns how many there were. */
static size_t pass_digits(struct str in, size_t *at)
{
	size_t from = *at;

	while (*at < in.n && in.p[*at] >= '0' && in.p[*at] <= '9')
		(*at)++;
	return *at - from;
}

/*
 * Passes a number, or the beginning of one that goes on behind the end of
 * `in`; false when it is neither. *whole: it could end where it does.
 */
static bool pass_number(struct str in, size_t *at, bool *whole)
{
	size_t from, n;

	*whole = false;
	if (*at < in.n && in.p[*at] == '-')
		(*at)++;
	from = *at;
	n = pass_digits(in, at);
	if (n == 0 || (in.p[from] == '0' && n > 1))
		return n == 0 && *at == in.n;
	if (*at < in.n && in.p[*at] == '.') {
		(*at)++;
		if (pass_digits(in, at) == 0)
			return *at == in.n;
	}
	if (*at < in.n && (in.p[*at] == 'e' || in.p[*at] == 'E')) {
		(*at)++;
		if (*at < in.n && (in.p[*at] == '+' || in.p[*at] == '-'))
			(*at)++;
		if (pass_digits(in, at) == 0)
			return *at == in.n;
	}
	*whole = true;
	return true;
}

static enum json_status scan_number(struct scanner *c)
{
	size_t from = c->at;
	bool whole;

	if (!pass_number(c->in, &c->at, &whole) || (!whole && c->last))
		return bad(c, from, "invalid number");
	/* A number that ends with the bytes at hand might go on. */
	if (c->at == c->in.n && !c->last)
		return ran_out(c);
	copy_text(c, (const char[]){ '"', MARK, MARK_NUM }, 3);
	copy(c, from, c->at);
	copy_text(c, "\"", 1);
	return JSON_OK;
}

static enum json_status scan_word(struct scanner *c, struct str word)
{
	struct str rest = str_from(c->in, c->at);

	if (rest.n < word.n && str_starts(word, rest)) {
		c->at = c->in.n;
		return ran_out(c);
	}
	if (!str_starts(rest, word))
		return bad(c, c->at, "unexpected character");
	copy(c, c->at, c->at + word.n);
	c->at += word.n;
	return JSON_OK;
}

/* Writes bytes [from, to) of the input as one string of the copy. */
static void copy_as_text(struct scanner *c, size_t from, size_t to)
{
	if (!c->out)
		return;
	strbuf_addc(c->out, '"');
	for (size_t i = from; i < to; i++) {
		char b = c->in.p[i];

		if (b == '"' || b == '\\') {
			strbuf_addc(c->out, '\\');
			strbuf_addc(c->out, b);
		} else if (b == MARK || b == '\0') {
			strbuf_addc(c->out, MARK);
			strbuf_addc(c->out, b ? MARK : MARK_NUL);
		} else {
			strbuf_addc(c->out, b);
		}
	}
	strbuf_addc(c->out, '"');
}

static void open_level(struct scanner *c, char bracket)
{
	struct strbuf *levels = &c->s->levels;

	if (c->deep_from == SIZE_MAX && levels->n >= c->s->max_depth) {
		c->deep_from = c->at;
		c->s->notes |= JSON_SAW_DEEP;
	}
	copy_text(c, &bracket, 1);
	strbuf_addc(levels, bracket);
	c->at++;
}

static bool close_level(struct scanner *c, char bracket)
{
	struct strbuf *levels = &c->s->levels;
	char opened = levels->n ? levels->p[levels->n - 1] : '\0';

	if (opened != (bracket == ']' ? '[' : '{'))
		return false;
	strbuf_truncate(levels, levels->n - 1);
	c->at++;
	copy_text(c, &bracket, 1);
	if (c->deep_from != SIZE_MAX && levels->n == c->s->max_depth) {
		copy_as_text(c, c->deep_from, c->at);
		c->deep_from = SIZE_MAX;
	}
	return true;
}

static enum json_status scan_value(struct scanner *c, enum expect *want)
{
	char b = c->in.p[c->at];

	if (copying(c) && ++c->values > JSON_MAX_VALUES)
		return JSON_LONG;
	*want = WANT_COMMA_OR_END;
	switch (b) {
	case '{':
		open_level(c, b);
		*want = WANT_KEY_OR_END;
		return JSON_OK;
	case '[':
		open_level(c, b);
		*want = WANT_VALUE_OR_END;
		return JSON_OK;
	case '"':
		return scan_string(c);
	case 't':
		return scan_word(c, STR("true"));
	case 'f':
		return scan_word(c, STR("false"));
	case 'n':
		return scan_word(c, STR("null"));
	default:
		if (b == '-' || (b >= '0' && b <= '9'))
			return scan_number(c);
		return bad(c, c->at, "unexpected character");
	}
}

static enum json_status scan_token(struct scanner *c, enum expect *want)
{
	char b = c->in.p[c->at];
	struct strbuf *levels = &c->s->levels;
	enum json_status st;

	switch (*want) {
	case WANT_VALUE_OR_END:
	case WANT_KEY_OR_END:
	case WANT_COMMA_OR_END:
		if (b == ']' || b == '}') {
			if (!close_level(c, b))
				return bad(c, c->at, "unmatched bracket");
			*want = WANT_COMMA_OR_END;
			return JSON_OK;
		}
		break;
	default:
		break;
	}
	switch (*want) {
	case WANT_VALUE:
	case WANT_VALUE_OR_END:
		return scan_value(c, want);
	case WANT_KEY:
	case WANT_KEY_OR_END:
		if (b != '"')
			return bad(c, c->at, "a key was expected");
		st = scan_string(c);
		*want = WANT_COLON;
		return st;
	case WANT_COLON:
		if (b != ':')
			return bad(c, c->at, "':' was expected");
		copy_text(c, ":", 1);
		c->at++;
		*want = WANT_VALUE;
		return JSON_OK;
	case WANT_COMMA_OR_END:
		if (b != ',')
			return bad(c, c->at, "',' was expected");
		copy_text(c, ",", 1);
		c->at++;
		*want = levels->p[levels->n - 1] == '{' ? WANT_KEY : WANT_VALUE;
		return JSON_OK;
	}
	return JSON_BAD;
}

enum json_status json_scan(struct json_scan *s, struct str in, bool last,
			   struct strbuf *clean)
{
	struct scanner c = { .s = s,
			     .in = str_sub(in, 0, s->max_bytes),
			     .out = clean,
			     .last = last && in.n <= s->max_bytes,
			     .deep_from = SIZE_MAX };
	enum expect want = WANT_VALUE;

	s->notes = 0;
	s->bad_at = 0;
	s->reason = NULL;
	strbuf_clear(&s->levels);
	if (clean)
		strbuf_clear(clean);
	do {
		enum json_status st;

		while (c.at < c.in.n &&
		       (c.in.p[c.at] == ' ' || c.in.p[c.at] == '\n' ||
			c.in.p[c.at] == '\t' || c.in.p[c.at] == '\r'))
			c.at++;
		if (c.at >= c.in.n) {
			s->bad_at = c.in.n;
			return ran_out(&c);
		}
		st = scan_token(&c, &want);
		if (st == JSON_LONG)
			s->bad_at = c.at;
		if (st != JSON_OK)
			return st;
	} while (s->levels.n || want != WANT_COMMA_OR_END);
	s->end = c.at;
	return JSON_OK;
}
