/* SPDX-License-Identifier: MIT */
/*
 * rest_pack.h - all that arrived for a store, in a pack, and out of it
 *
 * A pack has a finished store (store_pack.h). When one of its files is another
 * now, the rows of the others are taken out of the pack as if they had just
 * arrived, and the store is made anew with what the files that changed hold.
 * For that the pack has, read only then, what publishing had left out: copies
 * of events that were dropped, accounts that a row learnt from a copy, keys
 * beside the one used.
 *
 * What arrived has a number in the pack: a row its own, a copy that was dropped
 * one behind all rows, in order of arrival. Whoever notes something about what
 * arrives saves it under these numbers (rest_numbers).
 *
 * Files are told apart by whoever opens the pack.
 *
 * Layer: store. Threads: one, which starts some.
 */
#ifndef TRAWL_REST_PACK_H
#define TRAWL_REST_PACK_H

#include "base/pack.h"
#include "store/builder.h"

/* Numbers of sections. */
enum { STORE_LATER = PACK_LATER, STORE_LATER_END = STORE_LATER + 30 };

/* The next store that takes the rows over leaves the rest with the builder. */
void builder_keep_rest(struct store_builder *b);

/* Numbers in a pack of what arrived, by order of arrival, to be freed: `row_of`
 * is what builder_publish gave, for a store of `rows`. */
uint32_t *rest_numbers(const row_id *row_of, uint32_t arrivals, row_id rows);

/* Bytes that the rest takes, at most. */
uint64_t rest_bytes(const struct store_builder *b);
/* The rest that the builder kept; rest_drop lets go of it. */
void rest_save(struct store_builder *b, const struct store *s,
	       const uint32_t *number, struct pack_writer *w);
void rest_drop(struct store_builder *b);

/* What became of what a pack has. */
struct rest_arrived {
	uint32_t *of; /* number in the pack -> of arrival, or ROW_NONE */
	uint32_t n;
};

/*
 * Appends the rows of some files to a builder to which nothing was appended.
 * of[i] is what file i of the pack's n files is now, UINT32_MAX when it is not
 * wanted; those that are wanted are marked as kept. False: the builder is as
 * before, and *out is empty; else the caller frees out->of.
 */
bool rest_restore(struct store_builder *b, struct pack *p, const file_id *of,
		  uint32_t n, size_t max_record, unsigned threads,
		  struct rest_arrived *out);
/* Takes that back. */
void rest_undo(struct store_builder *b);

#endif /* TRAWL_REST_PACK_H */
