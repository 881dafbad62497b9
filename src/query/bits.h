/* SPDX-License-Identifier: MIT */
/*
 * bits.h - sets of rows as one bit a row
 *
 * What plans compute with: joining two sets of a million rows takes some ten
 * microseconds, however many rows are in them.
 *
 * Layer: query. Threads: one writes, any number read afterwards.
 */
#ifndef TRAWL_BITS_H
#define TRAWL_BITS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/rowset.h"

struct bits {
	uint64_t *word; /* NULL: no set at all */
	row_id n;       /* rows that it has bits for */
};

#define BITS_NONE       \
	{               \
		NULL, 0 \
	}

/* Of n rows, all in it or none. */
struct bits bits_new(row_id n, bool full);
struct bits bits_copy(const struct bits *b);
void bits_release(struct bits *b);

static inline void bits_set(struct bits *b, row_id row)
{
	b->word[row / 64] |= (uint64_t)1 << (row % 64);
}

static inline void bits_clear(struct bits *b, row_id row)
{
	b->word[row / 64] &= ~((uint64_t)1 << (row % 64));
}

static inline bool bits_has(const struct bits *b, row_id row)
{
	return b->word[row / 64] >> (row % 64) & 1;
}

/* Rows [from, to). */
void bits_set_range(struct bits *b, row_id from, row_id to);
void bits_set_rows(struct bits *b, const struct rowset *rows);

/* Each changes a; both have the same n. */
void bits_and(struct bits *a, const struct bits *b);
void bits_or(struct bits *a, const struct bits *b);
void bits_subtract(struct bits *a, const struct bits *b);
void bits_invert(struct bits *a);

bool bits_empty(const struct bits *b);
size_t bits_count(const struct bits *b);
/* Overwrites `out`. */
void bits_to_rows(const struct bits *b, struct rowset *out);

#endif /* TRAWL_BITS_H */
