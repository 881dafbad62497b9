/* SPDX-License-Identifier: MIT */
/*
 * builder.h - makes stores out of batches
 *
 * One thread appends; it also publishes: a store of all rows so far. The
 * first ones, while the load runs, copy; the last one takes the builder's
 * rows over and leaves it empty. What other modules noted about a row while
 * it was loaded they noted by its number of arrival; publishing says where
 * each of those went.
 *
 * The string tables and files are shared by all stores of a builder; they go
 * when the builder and the last store have gone.
 *
 * Layer: store. Threads: one, but stores may be released by any.
 */
#ifndef TRAWL_BUILDER_H
#define TRAWL_BUILDER_H

#include "store/batch.h"
#include "store/store.h"

struct store_builder;

/* Takes the files over. `workers` threads will send batches; those that are
 * said to be of worker number `workers` have tables of their own each, see
 * builder_forget_tables. */
struct store_builder *builder_new(struct files *files, unsigned workers);
void builder_free(struct store_builder *b);
/* Files that were found later, before anything is appended. */
void builder_take_files(struct store_builder *b, struct files *files);

/* The strings of all that was appended. */
const struct string_tables *builder_strings(const struct store_builder *b);

/* The files of the load, for the thread that appends. */
struct files *builder_files(struct store_builder *b);

/*
 * Adds a batch that came from a worker with these tables. Returns the number
 * of arrival of its first row; the others follow. The batch stays the
 * caller's.
 */
uint32_t builder_append(struct store_builder *b, const struct batch *batch,
			const struct string_tables *tables);

/* The worker's next batch comes with other tables: those of before are not
 * looked at again. */
void builder_forget_tables(struct store_builder *b, unsigned worker);

/* Adds one skip that no batch carries. */
void builder_skip(struct store_builder *b, struct skip skip);
/* Those of that reason go: they will be found again. */
void builder_drop_skips(struct store_builder *b, const char *reason);
/* How many there are. */
uint64_t builder_skips(const struct store_builder *b);
/* The next store will say that the load was cut short. */
void builder_mark_partial(struct store_builder *b);

/* Counts that the appending thread keeps up to date. */
struct store_counts *builder_counts(struct store_builder *b);
/* Rows that arrived so far. */
uint32_t builder_rows(const struct store_builder *b);

enum publish_mode {
	PUBLISH_INTERIM, /* copies the rows: more will come */
	PUBLISH_LAST,    /* takes the rows over */
};

/*
 * A store of all rows so far. *row_of becomes an array that says, for each
 * number of arrival, the row it became or ROW_NONE for a duplicate that was
 * dropped; the caller frees it.
 */
struct store *builder_publish(struct store_builder *b, enum publish_mode mode,
			      row_id **row_of);

/* NULL is allowed. */
void store_release(struct store *s);

#endif /* TRAWL_BUILDER_H */
