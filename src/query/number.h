/* SPDX-License-Identifier: MIT */
/*
 * number.h - decimal numbers of any size, compared exactly
 *
 * Numbers in records keep their text, and a double would lose digits of some
 * and make others infinite. These compare as they are written.
 *
 * Layer: query. Threads: any.
 */
#ifndef TRAWL_NUMBER_H
#define TRAWL_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct number {
	int sign;          /* -1, 0, 1 */
	int64_t magnitude; /* decimal places before the point, of the first
			      digit that is not 0 */
	struct str digits; /* from that digit on; may hold a point. Borrowed */
};

/* A sign, digits with at most one point, an exponent: all of `s`. */
bool number_parse(struct str s, struct number *out);
/* <0, 0, >0 */
int number_compare(const struct number *a, const struct number *b);

#endif /* TRAWL_NUMBER_H */
