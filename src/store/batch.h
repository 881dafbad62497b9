/* SPDX-License-Identifier: MIT */
/*
 * batch.h - rows on their way from a loading thread to the store
 *
 * A loading thread turns events into rows whose texts are ids in its own
 * string tables, so it takes no lock; the appending thread translates each
 * distinct string once. Strings never move, so the appending thread may read
 * those that a batch counts while the loading thread goes on adding. Tables
 * that have grown large go along with a batch, and the loading thread begins
 * new ones: small tables stay in the processor's cache, and what a load
 * remembers twice does not grow with it.
 *
 * Layer: store.
 */
#ifndef TRAWL_BATCH_H
#define TRAWL_BATCH_H

#include <stdint.h>

#include "base/intern.h"
#include "model/event.h"
#include "store/files.h"
#include "store/skips.h"

/* The string tables of one loading thread, or of a store. */
struct string_tables {
	struct intern column[EVENT_COLUMN_COUNT];
	struct intern ids; /* eventIDs that are no plain UUIDs */
};

void string_tables_init(struct string_tables *t);
void string_tables_release(struct string_tables *t);
/* Bytes of memory that they hold. */
size_t string_tables_memory(const struct string_tables *t);

/*
 * An event's id in 16 bytes: a UUID in lower case as its value; any other
 * text as EVENT_ID_TEXT and its number in `ids`; for a record without one the
 * hash of its bytes (EVENT_NO_ID is set).
 */
struct event_id {
	uint64_t hi, lo;
};
#define EVENT_ID_TEXT UINT64_MAX

/* False when the text is not a UUID in the form that AWS writes. */
bool event_id_pack(struct str text, struct event_id *id);

struct batch_row {
	int64_t time;
	struct event_id id;
	uint64_t offset; /* into the decompressed file */
	uint32_t length; /* bytes */
	uint32_t record; /* in its file, from 1 */
	file_id file;
	uint32_t column[EVENT_COLUMN_COUNT]; /* 0: absent */
	uint32_t flags;                      /* enum event_flags */
	uint8_t kind;                        /* enum event_kind */
};

struct batch_key {
	uint32_t row; /* in the batch */
	uint32_t key; /* in column[EVENT_KEY] */
};

struct batch {
	unsigned worker; /* whose tables the ids are of */
	struct batch_row *row;
	size_t n, cap;
	struct batch_key *more; /* keys issued or named beside the one used */
	size_t more_n, more_cap;
	struct skips skips;
	uint64_t unlisted; /* skips beyond their file's limit */
	uint32_t strings[EVENT_COLUMN_COUNT]; /* counts at hand-over */
	uint32_t id_strings;
};

void batch_init(struct batch *b, unsigned worker);
void batch_release(struct batch *b);

/* Where a record was found. */
struct record_place {
	file_id file;
	uint32_t record; /* from 1 */
	uint64_t offset;
	uint32_t length;
};

/* Adds an event; returns its row in the batch. `raw` are the record's bytes. */
uint32_t batch_add(struct batch *b, struct string_tables *tables,
		   const struct event *e, struct record_place place,
		   struct str raw);
/* Notes how far the tables have grown, before the batch is handed over. */
void batch_seal(struct batch *b, const struct string_tables *tables);

#endif /* TRAWL_BATCH_H */
