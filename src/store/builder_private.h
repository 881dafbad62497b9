/* SPDX-License-Identifier: MIT */
/*
 * builder_private.h - rows as they arrived, and which of them stay
 *
 * A position is a place in the order of the store before copies are dropped;
 * a row is one after that.
 */
#ifndef TRAWL_BUILDER_PRIVATE_H
#define TRAWL_BUILDER_PRIVATE_H

#include "store/amendment.h"
#include "store/builder.h"
#include "store/store_private.h"

/* How the ids of one worker's tables translate into the store's. */
struct translation {
	uint32_t *column[EVENT_COLUMN_COUNT];
	size_t column_cap[EVENT_COLUMN_COUNT];
	uint32_t column_n[EVENT_COLUMN_COUNT];
	uint32_t *ids;
	size_t ids_cap;
	uint32_t ids_n;
};

/* Rows in the order of their arrival, as columns. */
struct arrivals {
	uint32_t n;
	size_t cap;
	int64_t *time;
	struct event_id *id;
	struct uints file, record, offset, length;
	struct uints column[EVENT_COLUMN_COUNT];
	uint32_t *flags;
	uint8_t *kind;
};

/* Rows that were put together of others, by number of arrival: the parts of
 * the i-th end at end[i], where those of the next begin. */
struct amended {
	uint32_t *arrival, *end;
	size_t n, cap, end_cap;
	struct amend_part *part;
	size_t part_n, part_cap;
};

struct store_builder {
	struct store_shared *shared;
	struct arrivals rows;
	struct translation *of_worker;
	unsigned workers;
	struct batch_key *more; /* row is a number of arrival */
	size_t more_n, more_cap;
	struct skips skips;
	struct store_counts counts;
	bool partial;
	struct amended amended;
	/* What publishing left out, when it is wanted (rest_pack.h). */
	bool keeps_rest;
	struct arrivals rest; /* copies that were dropped */
	row_id *learned;      /* rows whose account is a copy's */
	size_t learned_n, learned_cap;
};

/* The columns of numbers that are as wide as they need to be. */
#define EACH_NARROW(X)                                    \
	X(file)                                           \
	X(record)                                         \
	X(offset)                                         \
	X(length)                                         \
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++) { \
		X(column[c])                              \
	}

/* Room for so many rows. */
void arrivals_reserve(struct arrivals *r, size_t need);
void arrivals_free(struct arrivals *r);

/* Has a column posting lists? Makes them, of the column alone. */
bool builder_indexes(enum event_column c);
void builder_index(struct store *s, enum event_column c);

/* dedupe.c: kept rows by id while duplicates are looked for. */
struct dedupe {
	const struct store_builder *b;
	uint32_t *order;   /* position -> number of arrival */
	uint32_t *merged;  /* position -> itself when kept, else another */
	uint8_t *copies;   /* of the event kept at a position */
	uint32_t *account; /* of the event kept at a position */
	uint32_t *first; /* slot where the search for it begins; for a while */
	row_id *slots;   /* positions by id */
	uint32_t mask;
	uint64_t dropped;
};

/* Sorts what arrived and finds the copies. */
void dedupe_init(struct dedupe *d, const struct store_builder *b);
/*
 * Closes the gaps that dropped copies left: order[] and copies[] become dense,
 * slots name rows, row_of[] says where each arrival went. Returns the number
 * of rows.
 */
row_id dedupe_close(struct dedupe *d, row_id *row_of);

/* Is one copy of an event better than another? Of two that are as good
 * neither is. */
bool copy_is_better(const struct arrivals *r, uint32_t a, uint32_t b);

/* amendment.c: by row what was noted by number of arrival. */
void amended_publish(const struct amended *a, const row_id *row_of,
		     struct amendments *out);
void amended_release(struct amended *a);

/* rest_pack.c: notes what is left out, while the rows are there. */
void builder_note_rest(struct store_builder *b, const struct dedupe *d,
		       const row_id *row_of, row_id rows);

#endif /* TRAWL_BUILDER_PRIVATE_H */
