/* SPDX-License-Identifier: MIT */
/*
 * amendment.h - events to which CloudTrail added something later
 *
 * When something was missing in an event, CloudTrail delivers what was missing
 * as a record of its own, an addendum that says of which event it is. A row is
 * one stretch of bytes in one file; one that was amended is several: where the
 * event lies, and where its addenda lie, in the order in which they hold. Few
 * rows have that, so it stands beside the columns, by row.
 *
 * Which records belong together is found when all have arrived
 * (builder_plan_amendments); what they say together is put together by who can
 * read them (ingest/amend.h), and arrives as one copy more of the event, the
 * best one.
 *
 * Layer: store. Cost: of a row O(log amended rows); of the plan O(rows) when
 * there is an addendum at all. Threads: as the store.
 */
#ifndef TRAWL_AMENDMENT_H
#define TRAWL_AMENDMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/batch.h"
#include "store/rowset.h"

/* One of the records of which an amended row is made. */
struct amend_part {
	uint64_t offset; /* into the decompressed file */
	uint32_t length;
	file_id file;
	uint32_t record; /* in its file, from 1 */
	uint32_t nth;    /* of a carried one: which of those that lie at its
			    place and have this id, from 0 */
	uint32_t flags;  /* of it: EVENT_CARRIED, EVENT_PARTIAL */
	uint32_t unused; /* so that all its bytes are said */
};

enum {
	/* Addenda that are applied to one event, the last ones; CloudTrail has
	 * been seen to make one. */
	AMEND_ADDENDA = 32,
	/* Accounts in which one event is amended; it is in one or two. */
	AMEND_ACCOUNTS = 8,
};

/* The parts of row[i] are part[start[i]] to part[start[i + 1]]: the event, then
 * its addenda. */
struct amendments {
	row_id *row; /* ascending */
	uint32_t *start;
	struct amend_part *part;
	size_t n;
};

void amendments_release(struct amendments *a);
/* The parts of a row; NULL when it has none. */
const struct amend_part *amendments_find(const struct amendments *a, row_id row,
					 size_t *n);

/* Planning ------------------------------------------------------------------ */

/* What belongs together, not yet read. */
struct amend_group {
	struct event_id id;
	uint32_t part; /* number of its first part */
	uint32_t n;    /* parts: the event, then its addenda */
	bool headless; /* the event is not there: the first addendum stands in
			  its place */
};

struct amend_plan {
	struct amend_group *group;
	size_t n, cap;
	struct amend_part *part;
	size_t part_n, part_cap;
	struct amend_part *left; /* addenda beyond AMEND_ADDENDA and
				    AMEND_ACCOUNTS; they change nothing */
	size_t left_n, left_cap;
};

struct store_builder;

/* The addenda among what arrived, and the events that they are of. */
void builder_plan_amendments(const struct store_builder *b,
			     struct amend_plan *plan);
void amend_plan_release(struct amend_plan *plan);

/* What arrived under that number is a group's, put together: its flags have
 * EVENT_AMENDED. */
void builder_amended(struct store_builder *b, uint32_t arrival,
		     const struct amend_plan *plan,
		     const struct amend_group *group);

#endif /* TRAWL_AMENDMENT_H */
