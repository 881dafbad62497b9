/* SPDX-License-Identifier: MIT */
/*
 * pack.h - arrays in a file, sealed
 *
 * A pack holds numbered sections, each the bytes of an array as they lie in
 * memory: it is for the program that wrote it, on the machine that it wrote it
 * on. Every chunk of it, and what says how many there are, carries a keyed
 * sum (SipHash), under a key of the user's own and a number that each file has
 * for itself: a file that is torn, damaged, or was made by anybody who does
 * not have the key is refused as a whole. No length in it is believed before
 * its sum was checked, nor beyond what the file has.
 *
 * That a pack is whole does not make its content true: whoever takes sections
 * checks every number in them that he will use.
 *
 * Layer: base. Threads: one a pack, but for what is said below.
 */
#ifndef TRAWL_PACK_H
#define TRAWL_PACK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

/* What a pack is of: another one is refused. */
struct pack_mark {
	struct hash128 kind, of;
};

/* Writing ----------------------------------------------------------------- */

struct pack_writer;

/* Writes to a new file, from its beginning. `stop`, when not NULL, ends it
 * early: then it fails. */
struct pack_writer *pack_create(int fd, struct hash_key key,
				struct pack_mark mark, const atomic_bool *stop);
/* Begins a section. A number is used once; 0 is none. */
void pack_begin(struct pack_writer *w, uint32_t section);
/* More bytes of the section begun. */
void pack_add(struct pack_writer *w, const void *bytes, size_t n);
/* A section that is one array. */
void pack_array(struct pack_writer *w, uint32_t section, const void *array,
		size_t n, size_t size);
/* Ends the file and frees the writer; the caller closes fd. False when
 * anything could not be written. */
bool pack_finish(struct pack_writer *w);

/* Reading ----------------------------------------------------------------- */

struct pack;

/* Sections from this number on are read by pack_read_later alone. */
enum { PACK_LATER = 320 };

/* NULL when the file is not whole, or is not what `mark` says. */
struct pack *pack_open(int fd, struct hash_key key, struct pack_mark mark,
		       unsigned threads);
/* Reads the other sections, once; fd is still open. False when they are not
 * what they were. */
bool pack_read_later(struct pack *p, unsigned threads);
void pack_close(struct pack *p);

/*
 * Hands a section over as an array of items of a size; the caller frees it.
 * NULL when it is not there, was not read or has been taken, or is no whole
 * number of items;
 * never NULL for an empty section. Several threads may take, each a section of
 * its own.
 */
void *pack_take(struct pack *p, uint32_t section, size_t size, size_t *n);
/* The same, of exactly so many items. */
void *pack_take_n(struct pack *p, uint32_t section, size_t size, size_t n);

#endif /* TRAWL_PACK_H */
