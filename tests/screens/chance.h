/* SPDX-License-Identifier: MIT */
/*
 * chance.h - numbers by chance that are the same again for the same seed
 *
 * Layer: tests.
 */
#ifndef SCREENS_CHANCE_H
#define SCREENS_CHANCE_H

#include <stddef.h>
#include <stdint.h>

/* Below n, which is not 0. */
static inline size_t chance_below(uint64_t *state, size_t n)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(*state >> 33) % n;
}

#endif /* SCREENS_CHANCE_H */
