/* SPDX-License-Identifier: MIT */
/*
 * pack_private.h - the store's sections in a pack
 *
 * A pack has what a store is (store_pack.c) and, in sections that are read
 * later, the rest of what arrived for it (rest_pack.c); both have files and
 * what was skipped in them (files_pack.c).
 *
 * Layer: store, inside.
 */
#ifndef TRAWL_PACK_PRIVATE_H
#define TRAWL_PACK_PRIVATE_H

#include "store/builder_private.h"
#include "store/rest_pack.h"
#include "store/store_pack.h"

enum {
	SAVED_FACTS = 1, /* struct saved_facts */
	SAVED_TIME,
	SAVED_ID,
	SAVED_FILE,
	SAVED_RECORD,
	SAVED_OFFSET,
	SAVED_LENGTH,
	SAVED_FLAGS,
	SAVED_KIND,
	SAVED_COPIES,
	SAVED_SLOTS,
	SAVED_KEY_START, /* posting lists of access keys */
	SAVED_KEY_ROW,
	SAVED_FILES,   /* struct saved_file */
	SAVED_POINTS,  /* struct saved_point, by file */
	SAVED_WINDOWS, /* of the points */
	SAVED_SKIPS,   /* struct saved_skip */
	SAVED_IDS,     /* strings, two */
	SAVED_REASONS = SAVED_IDS + 2,
	SAVED_COLUMN = SAVED_REASONS + 2,
	SAVED_STRINGS = SAVED_COLUMN + EVENT_COLUMN_COUNT,
	SAVED_AMENDED = SAVED_STRINGS + 2 * EVENT_COLUMN_COUNT, /* rows */
	SAVED_AMENDED_START,
	SAVED_AMENDED_PART, /* struct amend_part */
	SAVED_END,
};

/* Read later. Copies that were dropped have the columns of a row. */
enum {
	SAVED_REST = STORE_LATER, /* struct saved_rest */
	SAVED_LEARNED,
	SAVED_MORE, /* struct batch_key */
	SAVED_DROPPED_TIME,
	SAVED_DROPPED_ID,
	SAVED_DROPPED_FILE,
	SAVED_DROPPED_RECORD,
	SAVED_DROPPED_OFFSET,
	SAVED_DROPPED_LENGTH,
	SAVED_DROPPED_FLAGS,
	SAVED_DROPPED_KIND,
	SAVED_DROPPED_COLUMN,
	SAVED_REST_END = SAVED_DROPPED_COLUMN + EVENT_COLUMN_COUNT,
};

_Static_assert((int)SAVED_END <= (int)STORE_SECTIONS_END, "numbers are free");
_Static_assert((int)SAVED_REST_END <= (int)STORE_LATER_END, "likewise");

/* Numbers, in as many bytes each as they have; taken are exactly n. */
void uints_save(const struct uints *u, size_t n, struct pack_writer *w,
		uint32_t section);
bool uints_restore(struct uints *u, size_t n, struct pack *p, uint32_t section);

/*
 * Files and skips. What is restored is put to the files by their numbers in the
 * pack, of which there are n: of[i] is what number i is now, FILE_NONE when it
 * is not wanted. NULL: they have the numbers that they had.
 */
#define FILE_NONE UINT32_MAX

void files_save(const struct files *files, struct pack_writer *w);
bool files_restore(struct files *files, const file_id *of, uint32_t n,
		   struct pack *p);
/* As if nothing had been read. */
void files_forget(struct files *files);

void skips_save(const struct skips *skips, struct pack_writer *w);
/* Adds those of the files that are wanted; reasons are kept in the arena. */
bool skips_restore(struct skips *to, struct arena *arena, const file_id *of,
		   uint32_t files, struct pack *p);

#endif /* TRAWL_PACK_PRIVATE_H */
