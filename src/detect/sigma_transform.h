/* SPDX-License-Identifier: MIT */
/*
 * sigma_transform.h - modifiers that turn a value into others
 *
 * Source: Sigma modifiers appendix, specification 2.1.0.
 *
 * Layer: detect. Memory: the arena passed. Threads: any.
 */
#ifndef TRAWL_SIGMA_TRANSFORM_H
#define TRAWL_SIGMA_TRANSFORM_H

#include "base/arena.h"
#include "base/err.h"

enum sigma_transform {
	TRANSFORM_BASE64,
	TRANSFORM_BASE64OFFSET, /* for any place in what was encoded: three */
	TRANSFORM_UTF16LE,
	TRANSFORM_UTF16BE,
	TRANSFORM_UTF16, /* little-endian with a byte order mark */
	TRANSFORM_WINDASH,
};

enum { TRANSFORM_VALUES = 125 };

struct transformed {
	struct str text[TRANSFORM_VALUES];
	size_t n;
};

/* False when `name` is no such modifier. */
bool sigma_transform_find(struct str name, enum sigma_transform *out);

/*
 * Replaces each value, a pattern (query/pattern.h), by what it becomes. Returns
 * NULL, or what is wrong: too many values, or wildcards in what is to be
 * encoded as a whole.
 */
const char *sigma_transform(struct arena *a, enum sigma_transform how,
			    struct transformed *values);

#endif /* TRAWL_SIGMA_TRANSFORM_H */
