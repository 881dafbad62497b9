/* SPDX-License-Identifier: MIT */
/*
 * need_regex.h - literals that a regular expression cannot do without
 *
 * Reads only what it is sure of; anything unusual in a pattern makes it say
 * nothing.
 *
 * Layer: query. Threads: any.
 */
#ifndef TRAWL_NEED_REGEX_H
#define TRAWL_NEED_REGEX_H

#include "base/str.h"

enum { REGEX_PARTS = 8 };

/*
 * One literal for each alternative of the pattern, of which a text that
 * matches holds one, in any case. Returns how many; 0 when nothing is known.
 * They point into the pattern.
 */
size_t regex_parts(struct str pattern, struct str *part);

#endif /* TRAWL_NEED_REGEX_H */
