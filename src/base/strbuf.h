/* SPDX-License-Identifier: MIT */
/*
 * strbuf.h - growing text
 *
 * Invariant: p is never NULL after strbuf_init and p[n] is always '\0', so
 * p can be handed to C functions when the text holds no NUL of its own.
 * A buffer that is filled from input is given a limit: past it, additions
 * are dropped and `full` is set, so one hostile value cannot eat the memory.
 *
 * Layer: base. Threads: one at a time.
 */
#ifndef TRAWL_STRBUF_H
#define TRAWL_STRBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/str.h"

struct strbuf {
	char *p;    /* n bytes and a terminating NUL */
	size_t n;   /* bytes in use */
	size_t cap; /* bytes allocated */
	size_t max; /* most bytes it may hold */
	bool full;  /* something was dropped at the limit */
};

void strbuf_init(struct strbuf *b);
/* As init, holding at most `max` bytes. */
void strbuf_init_max(struct strbuf *b, size_t max);
void strbuf_release(struct strbuf *b);
/* Empties it and keeps the memory; clears `full`. */
void strbuf_clear(struct strbuf *b);

void strbuf_add(struct strbuf *b, struct str s);
void strbuf_adds(struct strbuf *b, const char *s);
void strbuf_addn(struct strbuf *b, char c, size_t times);
void strbuf_addf(struct strbuf *b, const char *fmt, ...) ATTR_PRINTF(2, 3);
/* The text as valid UTF-8: each bad byte, and each surrogate, is U+FFFD. */
void strbuf_add_valid(struct strbuf *b, struct str s);
/* A number with thousands separated by commas: 1,243,019. */
void strbuf_add_count(struct strbuf *b, uint64_t value);
/* Bytes behind their length, so that no two lists of such parts look alike. */
void strbuf_add_part(struct strbuf *b, const void *bytes, size_t n);
/* Cuts it to `n` bytes. */
void strbuf_truncate(struct strbuf *b, size_t n);
/* Room for `bytes` more bytes; false when the limit forbids it. */
bool strbuf_reserve(struct strbuf *b, size_t bytes);

/* Of the printers' many, nearly all find room. */
static inline void strbuf_addc(struct strbuf *b, char c)
{
	if (b->n + 1 >= b->cap || b->n >= b->max) {
		strbuf_add(b, (struct str){ &c, 1 });
		return;
	}
	b->p[b->n++] = c;
	b->p[b->n] = '\0';
}

static inline struct str strbuf_str(const struct strbuf *b)
{
	return (struct str){ b->p, b->n };
}

/* The text as a zero-terminated string that the caller frees; empties b. */
char *strbuf_detach(struct strbuf *b);

#endif /* TRAWL_STRBUF_H */
