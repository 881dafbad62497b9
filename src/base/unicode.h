/* SPDX-License-Identifier: MIT */
/*
 * unicode.h - what kind of character a code point is, for showing it
 *
 * The classes are those that safetext decides by. Properties and widths come
 * from utf8proc; a build without it knows ASCII alone and calls every other
 * character UNICODE_HIDDEN, which is safe: it is shown as an escape.
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_UNICODE_H
#define TRAWL_UNICODE_H

#include <stdint.h>

enum unicode_class {
	UNICODE_PLAIN,     /* one column, left to right, visible */
	UNICODE_WIDE,      /* two columns */
	UNICODE_COMBINING, /* no column of its own, joins the one before */
	UNICODE_RTL,       /* a strong right-to-left letter */
	UNICODE_CONTROL,   /* C0, DEL, C1 */
	UNICODE_BIDI,      /* a bidirectional control */
	UNICODE_HIDDEN,    /* invisible, format, private, unassigned */
};

enum unicode_class unicode_class(uint32_t cp);

/* Name and version of the property source, for `trawl --version`. */
const char *unicode_source(void);

#endif /* TRAWL_UNICODE_H */
