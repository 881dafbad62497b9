/* SPDX-License-Identifier: MIT */
/*
 * stats_private.h - what stats.c and stats_count.c share
 *
 * Layer: query, inside.
 */
#ifndef TRAWL_STATS_PRIVATE_H
#define TRAWL_STATS_PRIVATE_H

#include "base/intern.h"
#include "query/expr.h"
#include "query/stats.h"

/* A row has a value. */
struct stat_pair {
	uint32_t value; /* in the tally's table */
	row_id row;
};

/* Values met so far; the same pair may come twice. */
struct tally {
	struct intern values; /* id 0 is the empty text */
	struct stat_pair *pair;
	size_t n, cap;
};

void tally_init(struct tally *t);
void tally_release(struct tally *t);
void tally_add(struct tally *t, struct str text, row_id row);
/* Counts the pairs, of `looked` rows. `stop`, or NULL, ends it early: then not
 * all values are there. */
void tally_count(const struct tally *t, const struct store *s, size_t looked,
		 struct stats *out, const atomic_bool *stop);

/* Can rows be handed to tally_from_store a part at a time? */
bool tally_takes_parts(const struct expr_field *f);
/* Adds what the store knows of a field's values in these rows. Not for fields
 * that need the records. */
void tally_from_store(struct tally *t, const struct store *s,
		      const struct marks *marks, const struct expr_field *f,
		      const struct rowset *rows);

#endif /* TRAWL_STATS_PRIVATE_H */
