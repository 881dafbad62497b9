/* SPDX-License-Identifier: MIT */
#include "base/strbuf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"

void strbuf_init_max(struct strbuf *b, size_t max)
{
	*b = (struct strbuf){ .max = max };
	b->p = mem_grow(NULL, &b->cap, 1, 1);
	b->p[0] = '\0';
}

void strbuf_init(struct strbuf *b)
{
	strbuf_init_max(b, SIZE_MAX / 4);
}

void strbuf_release(struct strbuf *b)
{
	free(b->p);
	*b = (struct strbuf){ .p = NULL };
}

void strbuf_clear(struct strbuf *b)
{
	b->n = 0;
	b->p[0] = '\0';
	b->full = false;
}

bool strbuf_reserve(struct strbuf *b, size_t bytes)
{
	if (bytes > b->max || b->n > b->max - bytes) {
		b->full = true;
		return false;
	}
	b->p = mem_grow(b->p, &b->cap, b->n + bytes + 1, 1);
	return true;
}

void strbuf_add(struct strbuf *b, struct str s)
{
	if (!strbuf_reserve(b, s.n)) {
		s.n = b->max - b->n;
		if (!s.n || !strbuf_reserve(b, s.n))
			return;
		b->full = true;
	}
	if (s.n)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void strbuf_add_part(struct strbuf *b, const void *bytes, size_t n)
{
	uint64_t length = n;

	strbuf_add(b, (struct str){ (const char *)&length, sizeof(length) });
	strbuf_add(b, (struct str){ bytes, n });
}

void strbuf_adds(struct strbuf *b, const char *s)
{
	strbuf_add(b, str_of(s));
}

void strbuf_addn(struct strbuf *b, char c, size_t times)
{
	if (!strbuf_reserve(b, times))
		return;
	memset(b->p + b->n, c, times);
	b->n += times;
	b->p[b->n] = '\0';
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !strbuf_reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(b->p + b->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->n += (size_t)n;
}

void strbuf_add_valid(struct strbuf *b, struct str s)
{
	uint32_t cp;

	for (size_t i = 0, n; i < s.n; i += n) {
		n = utf8_decode(s, i, &cp);
		if (cp != UTF8_INVALID) {
			strbuf_add(b, str_sub(s, i, i + n));
			continue;
		}
		if (utf8_surrogate(s, i, &cp))
			n = 3;
		strbuf_adds(b, "\xef\xbf\xbd");
	}
}

void strbuf_add_count(struct strbuf *b, uint64_t value)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%" PRIu64, value);

	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			strbuf_addc(b, ',');
		strbuf_addc(b, digits[i]);
	}
}

void strbuf_truncate(struct strbuf *b, size_t n)
{
	if (n < b->n) {
		b->n = n;
		b->p[n] = '\0';
	}
}

char *strbuf_detach(struct strbuf *b)
{
	char *p = b->p;
	size_t max = b->max;

	strbuf_init_max(b, max);
	return p;
}
