/* SPDX-License-Identifier: MIT */
/*
 * rng.h - chance that repeats
 *
 * A stream of numbers that depends on its seed alone: no clock, no address,
 * so the same program writes the same bytes on every machine. Each source of
 * events has a stream of its own, seeded by its name: more noise in one place
 * leaves the ids everywhere else as they were.
 *
 * Source: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number
 * Generators", 2014 (splitmix64).
 */
#ifndef SAMPLEGEN_RNG_H
#define SAMPLEGEN_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

void rng_seed(struct rng *r, const char *name);
uint64_t rng_next(struct rng *r);
/* From 0 to below - 1; below is not 0. */
uint32_t rng_below(struct rng *r, uint32_t below);
/* From low to high, both included. */
int64_t rng_between(struct rng *r, int64_t low, int64_t high);
bool rng_chance(struct rng *r, unsigned percent);

/* n characters without a terminating NUL. */
void rng_hex(struct rng *r, char *out, size_t n);
void rng_base32(struct rng *r, char *out, size_t n);
void rng_base64(struct rng *r, char *out, size_t n);
void rng_alnum(struct rng *r, char *out, size_t n);
void rng_upper(struct rng *r, char *out, size_t n);
void rng_digits(struct rng *r, char *out, size_t n);

#endif /* SAMPLEGEN_RNG_H */
