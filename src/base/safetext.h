/* SPDX-License-Identifier: MIT */
/*
 * safetext.h - the one gate between data and whatever shows it
 *
 * Any byte of a log, a file name, a rule or a message may have been chosen by
 * an attacker. Text becomes fit for a terminal or a report only here, after
 * decoding, and the functions that draw and print take a struct safetext, so
 * that forgetting the gate does not compile. What passes: printable ASCII
 * and, where asked, visible Unicode of known width. The rest is spelled as an
 * escape the way JSON spells it (\u001b, \u202e, \xff for a byte that is not
 * UTF-8), so a copied value can be searched for in the raw file; in list
 * cells it is a single `?`, marked.
 *
 * A backslash that could be read as the start of such an escape is doubled.
 *
 * Layer: base. Memory: the arena that is passed. Cost: linear. Threads: any.
 */
#ifndef TRAWL_SAFETEXT_H
#define TRAWL_SAFETEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/str.h"

enum safe_mode {
	SAFE_LIST,    /* ASCII; one '?' for each character that is not */
	SAFE_ASCII,   /* ASCII; the rest spelled out */
	SAFE_UNICODE, /* as ASCII, and visible narrow characters shown */
	SAFE_WIDE,    /* as UNICODE, and wide and right-to-left ones shown */
};

/*
 * Made by the functions below and by nothing else. `mark` is NULL when
 * nothing was replaced, else one byte for each byte of p, 1 where the byte
 * belongs to an escape (drawn in reverse).
 */
struct safetext {
	const char *p;       /* valid UTF-8 without control characters */
	size_t n;            /* bytes */
	size_t width;        /* terminal columns */
	const uint8_t *mark; /* see above */
};

struct safetext safe_text(struct arena *a, struct str raw, enum safe_mode mode);

/* "1,234,567" */
struct safetext safe_count(struct arena *a, uint64_t n);

/* A constant of the program's own: printable ASCII, checked by assert. */
struct safetext safe_literal(const char *text);

/* Formats numbers and constants of the program's own; data goes through
 * safe_text first and joins with safe_join. */
struct safetext safe_format(struct arena *a, const char *fmt, ...)
	ATTR_PRINTF(2, 3);

struct safetext safe_join(struct arena *a, struct safetext x,
			  struct safetext y);

enum safe_elide {
	SAFE_CUT_END,    /* "long na~" */
	SAFE_CUT_MIDDLE, /* "lon~name" */
};

/*
 * At most `width` columns of it, with `ellipsis` (one column; "~" or U+2026)
 * where something was left out. Never splits a wide character or an escape's
 * column count.
 */
struct safetext safe_fit(struct arena *a, struct safetext text, size_t width,
			 enum safe_elide how, const char *ellipsis);

#endif /* TRAWL_SAFETEXT_H */
