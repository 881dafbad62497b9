/* SPDX-License-Identifier: MIT */
/*
 * fuzz_help.h - what the fuzzers share
 */
#ifndef TRAWL_FUZZ_HELP_H
#define TRAWL_FUZZ_HELP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Limits that an input of a few kilobytes can reach. */
#define FUZZ_LIMITS                                                            \
	{                                                                      \
		.max_record = 64 * 1024, .max_depth = 32, .max_file = 1 << 20, \
		.max_ratio = 200                                               \
	}

/* Also where assert does nothing. */
static inline void check(bool holds)
{
	if (!holds)
		abort();
}

#endif /* TRAWL_FUZZ_HELP_H */
