/* SPDX-License-Identifier: MIT */
/*
 * limits.h - how much of anything is taken from input
 *
 * Real trails stay far below: records up to 8 KB, 12 levels deep, gzip
 * shrinking 8 to 12 times. What passes a limit is skipped or cut and listed,
 * never silently.
 *
 * Layer: base.
 */
#ifndef TRAWL_LIMITS_H
#define TRAWL_LIMITS_H

#include <stddef.h>
#include <stdint.h>

struct limits {
	size_t max_record;  /* bytes of one record */
	unsigned max_depth; /* levels kept as a tree; deeper is kept as text */
	uint64_t max_file;  /* decompressed bytes of one file */
	unsigned max_ratio; /* decompressed to compressed, past 16 MiB out */
};

#define LIMITS_DEFAULT                                            \
	{                                                         \
		.max_record = (size_t)16 << 20, .max_depth = 128, \
		.max_file = (uint64_t)8 << 30, .max_ratio = 200   \
	}

#endif /* TRAWL_LIMITS_H */
