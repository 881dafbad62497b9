/* SPDX-License-Identifier: MIT */
/*
 * coverage_private.h - what the files of coverage share
 *
 * coverage.c counts rows and finds holes and changes, coverage_gaps.c finds what
 * digests say is missing, coverage_cells.c draws all of it.
 *
 * Layer: casework, inside.
 */
#ifndef TRAWL_COVERAGE_PRIVATE_H
#define TRAWL_COVERAGE_PRIVATE_H

#include "casework/coverage.h"

/* The quarter of an hour that a time is in, since 1970. */
int64_t coverage_quarter(int64_t t);
/* The order of c->changed: for qsort, or to look for a place. */
int coverage_compare_changed(const void *x, const void *y);
/* The part of coverage_cells that is about digests. */
void coverage_draw_gaps(const struct coverage *c, size_t place,
			const struct coverage_axis *axis,
			struct coverage_cell *cell);

#endif /* TRAWL_COVERAGE_PRIVATE_H */
