/* SPDX-License-Identifier: MIT */
/*
 * rowset.h - ordered sets of rows
 *
 * What a query returns and what a pane shows: row ids in ascending order,
 * each at most once. A row id is a position in time, so a rowset is a
 * timeline. Rows belong to the store they came from.
 *
 * Cost: adding in ascending order O(1) amortised (any other order asserts);
 * seek O(log n); union, intersection and difference are linear merges, the
 * intersection of sets that differ in size more than 32 times is
 * O(small log big).
 *
 * Layer: store. Threads: one at a time.
 */
#ifndef TRAWL_ROWSET_H
#define TRAWL_ROWSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Position of an event in its store: dense from 0, in order of time. */
typedef uint32_t row_id;
#define ROW_NONE UINT32_MAX

/* Read by anyone, written by rowset.c. */
struct rowset {
	row_id *row; /* ascending, unique; NULL when cap is 0 */
	size_t n;    /* rows in use */
	size_t cap;  /* rows allocated */
};

#define ROWSET_INIT        \
	{                  \
		NULL, 0, 0 \
	}

void rowset_release(struct rowset *s);
/* Empties it and keeps the memory. */
void rowset_clear(struct rowset *s);

/* Adds a row that is larger than all there are. */
void rowset_add(struct rowset *s, row_id row);
/* Adds rows [from, to). */
void rowset_add_range(struct rowset *s, row_id from, row_id to);
void rowset_copy(struct rowset *out, const struct rowset *s);
/* `out` becomes the set of rows that come in any order and as often as they
 * like; they are sorted in place. O(n log n). */
void rowset_of(struct rowset *out, row_id *row, size_t n);

/* Position of the first row >= row, or s->n. */
size_t rowset_seek(const struct rowset *s, row_id row);
bool rowset_has(const struct rowset *s, row_id row);

/* Each overwrites `out`, which is neither a nor b. */
void rowset_intersect(struct rowset *out, const struct rowset *a,
		      const struct rowset *b);
void rowset_union(struct rowset *out, const struct rowset *a,
		  const struct rowset *b);
void rowset_subtract(struct rowset *out, const struct rowset *a,
		     const struct rowset *b);

/* A list of rows that is ascending but owned elsewhere, as a set. */
static inline struct rowset rowset_view(const row_id *row, size_t n)
{
	return (struct rowset){ (row_id *)(uintptr_t)row, n, 0 };
}

#endif /* TRAWL_ROWSET_H */
