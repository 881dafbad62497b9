/* SPDX-License-Identifier: MIT */
/*
 * postings.h - the rows of each value of a column, ascending
 *
 * Cost: O(rows + values) to make; 4 bytes for each row that has a value.
 * Layer: store. Ownership: the holder releases. Threads: any may read.
 */
#ifndef TRAWL_POSTINGS_H
#define TRAWL_POSTINGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/uints.h"
#include "store/rowset.h"

/* Rows by value: those of value v are row[start[v]] to row[start[v + 1]]. */
struct postings {
	uint32_t *start; /* one more than there are values; NULL: none made */
	row_id *row;
};

/* Values of rows beside those that the column has. */
struct more_values {
	const row_id *row; /* ascending */
	const uint32_t *value;
	size_t n;
};

/* Of a column of `rows` numbers below `values`; 0 is none. `more` may be
 * NULL. */
void postings_make(struct postings *p, const struct uints *column, row_id rows,
		   uint32_t values, const struct more_values *more);
void postings_release(struct postings *p);

/* A view; not of value 0. */
static inline struct rowset postings_rows(const struct postings *p,
					  uint32_t value)
{
	return rowset_view(p->row + p->start[value],
			   p->start[value + 1] - p->start[value]);
}

#endif /* TRAWL_POSTINGS_H */
