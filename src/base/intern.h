/* SPDX-License-Identifier: MIT */
/*
 * intern.h - strings to small numbers and back
 *
 * Each distinct string gets the next id, from 0; id 0 is always the empty
 * string, which stands for "absent". Strings never move: one thread may read
 * those below a count that it was handed under a lock while another thread
 * adds, because chunks of the id table are only ever added. Looking a string
 * up reads the hash table and is for the adding thread alone.
 *
 * Cost: add and find O(length), text O(1). 28 to 40 bytes a string beside
 * its own bytes. Adding what was added a moment ago takes a comparison and no
 * keyed hash.
 *
 * Layer: base.
 */
#ifndef TRAWL_INTERN_H
#define TRAWL_INTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/str.h"

#define INTERN_NONE UINT32_MAX

enum { INTERN_CHUNKS = 32, INTERN_RECENT = 128 };

struct intern {
	struct arena bytes;               /* the text of the strings */
	struct str *chunk[INTERN_CHUNKS]; /* chunk k holds 2^k * 64 of them */
	uint32_t count;                   /* strings in it, the empty one too */
	struct intern_slot {
		uint32_t id;   /* + 1; 0 is free */
		uint32_t hash; /* so that few strings are looked at */
	} * slots;
	uint32_t slot_mask;
	struct intern_recent {
		uint64_t first, last; /* bytes of it, as intern.c reads them */
		const char *p;
		uint32_t n, id;
	} recent[INTERN_RECENT]; /* by these bytes; .n 0: none */
	struct hash_key key;
};

void intern_init(struct intern *t);
void intern_release(struct intern *t);

/* The id of `s`, added when new. */
uint32_t intern_add(struct intern *t, struct str s);
/* The id of `s`, or INTERN_NONE. */
uint32_t intern_find(const struct intern *t, struct str s);
/* The text of an id below `count`. */
struct str intern_text(const struct intern *t, uint32_t id);

/* Bytes of memory that it holds. */
size_t intern_memory(const struct intern *t);

#endif /* TRAWL_INTERN_H */
