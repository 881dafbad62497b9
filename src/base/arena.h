/* SPDX-License-Identifier: MIT */
/*
 * arena.h - many small allocations, freed together
 *
 * Memory comes in blocks that double up to 1 MiB; nothing is freed one by
 * one. arena_reset keeps some of them, 4 MiB at most, so a loop that parses a
 * record, uses it and resets allocates nothing in its steady state, and one
 * huge record does not decide what the loop holds from then on. Pointers stay
 * valid until reset or release.
 *
 * Layer: base. Threads: one at a time.
 */
#ifndef TRAWL_ARENA_H
#define TRAWL_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena_block;

struct arena {
	struct arena_block *first;
	struct arena_block *last; /* the block in use */
	size_t used;              /* bytes handed out since the last reset */
};

void arena_init(struct arena *a);
void arena_release(struct arena *a);
/* Takes back all that was handed out. */
void arena_reset(struct arena *a);
/* What `from` has handed out is a's from now on; `from` is empty. */
void arena_take(struct arena *a, struct arena *from);
/* Bytes of memory that it holds. */
size_t arena_memory(const struct arena *a);

/* Uninitialised, aligned for any type. */
void *arena_alloc(struct arena *a, size_t bytes);
void *arena_zero(struct arena *a, size_t bytes);
/* A copy; a NUL follows it, so .p can also serve as a C string. */
struct str arena_dup(struct arena *a, struct str s);
/* The same, packed against what was there before: for many short ones. */
struct str arena_text(struct arena *a, struct str s);
/* x and y joined; or n parts. */
struct str arena_join(struct arena *a, struct str x, struct str y);
struct str arena_join_all(struct arena *a, const struct str *part, size_t n);

#endif /* TRAWL_ARENA_H */
