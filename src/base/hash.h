/* SPDX-License-Identifier: MIT */
/*
 * hash.h - SipHash, keyed
 *
 * Tables whose keys come out of logs are hashed with a key drawn at start, so
 * that nobody can prepare values that all fall into one slot. Nothing that
 * is printed may depend on the order that such a hash gives.
 *
 * hash_content names bytes that have no id of their own: its key is fixed, so
 * the name is the same in every run.
 *
 * Source: J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF",
 * 2012; the 1-3 variant for tables, 2-4 with 128 bits of output for names.
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_HASH_H
#define TRAWL_HASH_H

#include <stdint.h>

#include "base/str.h"

struct hash_key {
	uint64_t k0, k1;
};

/* A key from the system's random source, or from the clock without one. */
struct hash_key hash_key_new(void);

uint64_t hash_str(struct hash_key key, struct str s);
/* Of a number, for tables of ids: a full mix, not keyed. */
uint64_t hash_u64(uint64_t v);

struct hash128 {
	uint64_t hi, lo;
};

struct hash128 hash_content(struct str s);

#endif /* TRAWL_HASH_H */
