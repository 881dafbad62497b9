/* SPDX-License-Identifier: MIT */
#include "base/safetext.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/strbuf.h"
#include "base/unicode.h"
#include "base/utf8.h"

/* Most combining marks shown on one letter; more would climb out of the row. */
enum { MAX_COMBINING = 2 };

/* Text and marks under construction, in an arena. */
struct maker {
	struct arena *arena;
	char *p;
	uint8_t *mark;
	size_t n, cap;
	size_t width;
	bool marked;
};

static void maker_init(struct maker *m, struct arena *a, size_t cap)
{
	*m = (struct maker){ .arena = a, .cap = cap };
	m->p = arena_alloc(a, cap + 1);
	m->mark = arena_alloc(a, cap + 1);
}

static void maker_add(struct maker *m, const char *p, size_t n, size_t width,
		      bool mark)
{
	if (m->n + n > m->cap) {
		struct maker bigger;

		maker_init(&bigger, m->arena, (m->cap + n) * 2);
		memcpy(bigger.p, m->p, m->n);
		memcpy(bigger.mark, m->mark, m->n);
		m->p = bigger.p;
		m->mark = bigger.mark;
		m->cap = bigger.cap;
	}
	memcpy(m->p + m->n, p, n);
	memset(m->mark + m->n, mark, n);
	m->n += n;
	m->width += width;
	m->marked |= mark;
}

static struct safetext maker_done(struct maker *m)
{
	m->p[m->n] = '\0';
	return (struct safetext){ m->p, m->n, m->width,
				  m->marked ? m->mark : NULL };
}

/* `kind` is 'u' for a character of up to four digits, 'x' for a byte. */
static void add_escape(struct maker *m, enum safe_mode mode, char kind,
		       unsigned value)
{
	char text[16];
	int n;

	if (mode == SAFE_LIST) {
		maker_add(m, "?", 1, 1, true);
		return;
	}
	n = kind == 'u' ? snprintf(text, sizeof(text), "\\u%04x", value) :
			  snprintf(text, sizeof(text), "\\x%02x", value);
	maker_add(m, text, (size_t)n, (size_t)n, true);
}

static void add_hidden(struct maker *m, enum safe_mode mode, uint32_t cp)
{
	static const char short_form[][2] = { ['\b'] = "b",
					      ['\t'] = "t",
					      ['\n'] = "n",
					      ['\f'] = "f",
					      ['\r'] = "r" };

	if (cp < ARRAY_SIZE(short_form) && short_form[cp][0]) {
		char text[] = { '\\', short_form[cp][0], '\0' };

		if (mode == SAFE_LIST)
			maker_add(m, "?", 1, 1, true);
		else
			maker_add(m, text, 2, 2, true);
	} else if (cp > 0xffff) {
		/* As a JSON file spells it: a pair of surrogates. */
		uint32_t v = cp - 0x10000;

		if (mode == SAFE_LIST) {
			maker_add(m, "?", 1, 1, true);
			return;
		}
		add_escape(m, mode, 'u', 0xd800 + (v >> 10));
		add_escape(m, mode, 'u', 0xdc00 + (v & 0x3ff));
	} else {
		add_escape(m, mode, 'u', cp);
	}
}

/* How many columns a character takes, or -1 when it must be hidden. */
static int shown_width(uint32_t cp, enum safe_mode mode, int combining)
{
	if (cp >= 0x20 && cp < 0x7f)
		return 1;
	if (mode < SAFE_UNICODE)
		return -1;
	switch (unicode_class(cp)) {
	case UNICODE_PLAIN:
		return 1;
	case UNICODE_COMBINING:
		return combining >= 0 && combining < MAX_COMBINING ? 0 : -1;
	case UNICODE_WIDE:
		return mode == SAFE_WIDE ? 2 : -1;
	case UNICODE_RTL:
		return mode == SAFE_WIDE ? 1 : -1;
	case UNICODE_CONTROL:
	case UNICODE_BIDI:
	case UNICODE_HIDDEN:
		break;
	}
	return -1;
}

/*
 * Could the text that begins at `at`, a backslash, be taken for an escape? By
 * itself, or because what follows it will be spelled as one.
 */
static bool looks_like_escape(struct str s, size_t at)
{
	unsigned char next;

	if (at + 1 >= s.n)
		return false;
	next = (unsigned char)s.p[at + 1];
	return next < 0x20 || next >= 0x7f || strchr("\\uxbtnfr", next);
}

/* Combining marks are for letters; on punctuation they disguise. */
static bool takes_marks(uint32_t cp)
{
	return cp >= 0x80 || (cp >= 'A' && cp <= 'Z') ||
	       (cp >= 'a' && cp <= 'z');
}

/*
 * A lone surrogate as json.c keeps it. A high one right before a low one is
 * none: no decoder of JSON leaves such a pair, and spelled as two escapes it
 * would read as the character that the pair stands for.
 */
static bool lone_surrogate(struct str s, size_t at, uint32_t *cp)
{
	uint32_t low;

	return utf8_surrogate(s, at, cp) &&
	       !(*cp < 0xdc00 && utf8_surrogate(s, at + 3, &low) &&
		 low >= 0xdc00);
}

struct safetext safe_text(struct arena *a, struct str raw, enum safe_mode mode)
{
	struct maker m;
	int combining = -1; /* marks on the letter before; -1: no letter */

	maker_init(&m, a, raw.n);
	for (size_t i = 0; i < raw.n;) {
		uint32_t cp;
		size_t n = utf8_decode(raw, i, &cp);
		int width;

		if (cp == UTF8_INVALID) {
			if (lone_surrogate(raw, i, &cp)) {
				add_escape(&m, mode, 'u', cp);
				n = 3;
			} else {
				add_escape(&m, mode, 'x',
					   (unsigned char)raw.p[i]);
			}
			combining = -1;
			i += n;
			continue;
		}
		width = shown_width(cp, mode, combining);
		if (width < 0) {
			add_hidden(&m, mode, cp);
			combining = -1;
		} else {
			if (cp == '\\' && mode != SAFE_LIST &&
			    looks_like_escape(raw, i))
				maker_add(&m, "\\", 1, 1, false);
			maker_add(&m, raw.p + i, n, (size_t)width, false);
			if (width == 0)
				combining++;
			else
				combining = takes_marks(cp) ? 0 : -1;
		}
		i += n;
	}
	return maker_done(&m);
}

struct safetext safe_count(struct arena *a, uint64_t n)
{
	struct safetext safe;
	struct strbuf text;

	strbuf_init(&text);
	strbuf_add_count(&text, n);
	safe = safe_text(a, strbuf_str(&text), SAFE_LIST);
	strbuf_release(&text);
	return safe;
}

struct safetext safe_literal(const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		assert(text[i] >= 0x20 && text[i] < 0x7f);
	return (struct safetext){ text, n, n, NULL };
}

struct safetext safe_format(struct arena *a, const char *fmt, ...)
{
	struct safetext text;
	struct strbuf b;
	va_list ap;
	char stack[256];
	int n;

	va_start(ap, fmt);
	n = vsnprintf(stack, sizeof(stack), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(stack))
		return safe_text(a, str_of(stack), SAFE_LIST);
	strbuf_init(&b);
	if (n > 0 && strbuf_reserve(&b, (size_t)n)) {
		va_start(ap, fmt);
		vsnprintf(b.p, (size_t)n + 1, fmt, ap);
		va_end(ap);
		b.n = (size_t)n;
	}
	text = safe_text(a, strbuf_str(&b), SAFE_LIST);
	strbuf_release(&b);
	return text;
}

struct safetext safe_join(struct arena *a, struct safetext x, struct safetext y)
{
	struct maker m;

	maker_init(&m, a, x.n + y.n);
	for (int part = 0; part < 2; part++) {
		struct safetext *t = part ? &y : &x;

		memcpy(m.p + m.n, t->p, t->n);
		if (t->mark)
			memcpy(m.mark + m.n, t->mark, t->n);
		else
			memset(m.mark + m.n, 0, t->n);
		m.marked |= t->mark != NULL;
		m.n += t->n;
		m.width += t->width;
	}
	return maker_done(&m);
}

static size_t columns_of(uint32_t cp)
{
	switch (unicode_class(cp)) {
	case UNICODE_COMBINING:
		return 0;
	case UNICODE_WIDE:
		return 2;
	default:
		return 1;
	}
}

/*
 * Offset of the first character that does not fit in *columns, or, with
 * `reach`, of the first one at or beyond them. *columns becomes the columns
 * before it.
 */
static size_t offset_of_column(struct safetext t, size_t *columns, bool reach)
{
	struct str s = { t.p, t.n };
	size_t at = 0, used = 0;

	while (at < t.n) {
		uint32_t cp;
		size_t n = utf8_decode(s, at, &cp);
		size_t w = columns_of(cp);

		if (reach ? used >= *columns && w > 0 : used + w > *columns)
			break;
		used += w;
		at += n;
	}
	*columns = used;
	return at;
}

static void add_part(struct maker *m, struct safetext t, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		maker_add(m, t.p + i, 1, 0, t.mark && t.mark[i]);
}

struct safetext safe_fit(struct arena *a, struct safetext text, size_t width,
			 enum safe_elide how, const char *ellipsis)
{
	struct maker m;
	size_t head, head_width, tail, tail_from;

	if (text.width <= width)
		return text;
	maker_init(&m, a, text.n + strlen(ellipsis));
	if (width == 0)
		return maker_done(&m);
	head_width = how == SAFE_CUT_END ? width - 1 : (width - 1) / 2;
	tail_from = text.width - (width - 1 - head_width);
	head = offset_of_column(text, &head_width, false);
	tail = offset_of_column(text, &tail_from, true);
	add_part(&m, text, 0, head);
	maker_add(&m, ellipsis, strlen(ellipsis), 0, false);
	add_part(&m, text, tail, text.n);
	m.width = head_width + 1 + (text.width - tail_from);
	return maker_done(&m);
}
