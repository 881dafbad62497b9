/* SPDX-License-Identifier: MIT */
/*
 * store.h - all events of one moment of a load, in order of time
 *
 * A store is a snapshot: it is made by a builder, never changes, and is freed
 * by whoever it was made for. Rows are sorted by (eventTime, eventID,
 * account, file, record); duplicates are gone; a row id is a position. What
 * repeats is a small integer into a table of strings; postings give for each
 * value the rows that have it, ascending, so a posting list is a timeline.
 *
 * Rows of different stores have nothing to do with each other: what must
 * survive a new snapshot is named by its event id (store_id_text) or by file
 * and record.
 *
 * Numbers take no more bytes than the largest of their column needs: those of
 * values, files, records, offsets and lengths.
 *
 * Cost: column, text and time of a row O(1); rows of a value O(1); a row by
 * its eventID O(1), by an id of another form O(n); first row at or after a
 * time O(log n). ARCHITECTURE.md has the
 * bytes an event.
 *
 * Layer: store. Threads: any number may read.
 */
#ifndef TRAWL_STORE_H
#define TRAWL_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "base/uints.h"
#include "model/event.h"
#include "store/amendment.h"
#include "store/batch.h"
#include "store/files.h"
#include "store/postings.h"
#include "store/rowset.h"
#include "store/skips.h"

/* Where a record lies. */
struct store_place {
	file_id file;
	uint32_t record; /* from 1 */
	uint64_t offset; /* into the decompressed file */
	uint32_t length;
};

/* What a load has counted so far. */
struct store_counts {
	uint64_t files_total; /* found */
	uint64_t files_read;
	uint64_t files_skipped; /* nothing in them could be used */
	uint64_t left_out;      /* files and folders that were not wanted */
	uint64_t records;       /* found, rejected ones too */
	uint64_t rejected;
	uint64_t duplicates;
	uint64_t content_bytes; /* decompressed */
};

struct whereabouts;

/* Read, never written, outside src/store. */
struct store {
	row_id n;
	int64_t *time;
	struct event_id *id;
	struct uints file, record, offset, length; /* see store_place */
	struct uints column[EVENT_COLUMN_COUNT];   /* see store_value_at */
	uint32_t *flags;
	uint8_t *kind;
	uint8_t *copies; /* how often it was delivered, at most 255 */

	uint32_t values[EVENT_COLUMN_COUNT]; /* strings a column's table had */
	uint32_t odd_ids;                    /* the same of ids as texts */
	struct postings postings[EVENT_COLUMN_COUNT]; /* start NULL: none */
	row_id *slots;                                /* by event id */
	uint32_t slot_mask;
	row_id timed;              /* rows before this one have a time */
	struct amendments amended; /* rows with EVENT_AMENDED */

	const struct string_tables *strings; /* shared with the builder */
	const struct files *files;           /* likewise */
	struct skips skips;                  /* sorted */
	struct store_counts counts;
	struct whereabouts *whereabouts; /* of addresses; NULL: not asked for */
	bool complete; /* the load had ended, or was cut short */
	bool partial;  /* it was cut short: see the caller's message */
};

/* Values ------------------------------------------------------------------ */

/* Text of a value; value 0 is the empty text. */
struct str store_value(const struct store *s, enum event_column c,
		       uint32_t value);
/* The value that a row has in a column; 0: absent. */
static inline uint32_t store_value_at(const struct store *s,
				      enum event_column c, row_id row)
{
	return uints_get_u32(&s->column[c], row);
}

/* Text of a row's column. */
struct str store_text(const struct store *s, enum event_column c, row_id row);
/* Rows with a value, as a view into the store. Not for value 0. Column must
 * be indexed: see store_is_indexed. */
struct rowset store_rows(const struct store *s, enum event_column c,
			 uint32_t value);
bool store_is_indexed(const struct store *s, enum event_column c);
/* The value with exactly this text, or 0. O(values). */
uint32_t store_find_value(const struct store *s, enum event_column c,
			  struct str text);

/* Rows -------------------------------------------------------------------- */

/* The first row at or after t. */
row_id store_seek_time(const struct store *s, int64_t t);
/* Adds the event's id: its eventID, or "h:" and 32 hexadecimal digits. */
void store_id_text(const struct store *s, row_id row, struct strbuf *out);
/* The rows that an id names: one, or one an account that received the event.
 * ROW_NONE when there is none; call again with the row before. */
row_id store_find_id(const struct store *s, struct str id, row_id after);
struct store_place store_place(const struct store *s, row_id row);
static inline file_id store_file(const struct store *s, row_id row)
{
	return uints_get_u32(&s->file, row);
}

const char *store_path(const struct store *s, row_id row);

static inline enum event_outcome store_outcome(const struct store *s,
					       row_id row)
{
	return (enum event_outcome)(s->flags[row] & EVENT_OUTCOME_MASK);
}

/* First and last time of the rows that have one; false when none has. */
bool store_span(const struct store *s, int64_t *first, int64_t *last);

/* Bytes of memory that it holds, without the strings. */
size_t store_memory(const struct store *s);

#endif /* TRAWL_STORE_H */
