/* SPDX-License-Identifier: MIT */
/*
 * utf8.h - decoding UTF-8 that somebody hostile may have written
 *
 * Strict: no overlong forms, no surrogates, nothing above U+10FFFF. An
 * invalid sequence is reported byte by byte after its maximal valid subpart
 * (Unicode 15, section 3.9), so the rest of the text stays readable. The
 * locale has no say.
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_UTF8_H
#define TRAWL_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define UTF8_INVALID     UINT32_MAX
#define UTF8_REPLACEMENT 0xFFFDu

/*
 * Decodes the character at s.p[at]; at < s.n. Returns how many bytes it takes
 * (1 to 4). *cp is UTF8_INVALID for a byte that begins no valid character;
 * then 1 is returned.
 */
size_t utf8_decode(struct str s, size_t at, uint32_t *cp);

/* Writes cp as 1 to 4 bytes; surrogates are written as the three bytes that
 * their value would have (WTF-8). Returns the number of bytes. */
size_t utf8_encode(uint32_t cp, char out[4]);

bool utf8_valid(struct str s);

/* True and *cp set when the three bytes at `at` are a surrogate (ED A0..BF),
 * which is how json.c keeps a lone surrogate escape apart from a bad byte. */
bool utf8_surrogate(struct str s, size_t at, uint32_t *cp);

#endif /* TRAWL_UTF8_H */
