/* SPDX-License-Identifier: MIT */
/*
 * ingest.h - files to rows, on several threads
 *
 * ingest_find finds the files; ingest_run reads them: workers take a file
 * each, or a piece of a large one, inflate, split, parse, extract, let the
 * visitors see the event and fill batches; the thread that called run appends
 * the batches to a builder. The store that comes of it does not depend on the
 * number of workers, on the order of the files or on where they are cut.
 *
 * Nothing in the input stops a load: what cannot be used is counted and
 * listed in the store's skips.
 *
 * Layer: ingest.
 */
#ifndef TRAWL_INGEST_H
#define TRAWL_INGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "ingest/walk.h"
#include "model/event.h"
#include "store/builder.h"

/*
 * What a higher layer does with each event while its bytes are there. Each
 * worker has a state of its own; what it noted goes along with its batch and
 * is merged in the appending thread, in the order of arrival.
 */
struct ingest_visitor {
	void *context;
	void *(*worker_new)(void *context);
	void (*worker_free)(void *worker);
	/* In a worker: another file begins. May be NULL. */
	void (*begin)(void *worker);
	/* In a worker, where nothing is between see and take: what was taken
	 * may have been dropped, so nothing is left out from now on because it
	 * was told before. May be NULL. */
	void (*afresh)(void *worker);
	/* In a worker: `row` is the event's row in the current batch. */
	void (*see)(void *worker, const struct event *e, uint32_t row);
	/* In a worker: what was seen since the last take, or NULL. */
	void *(*take)(void *worker);
	/* In the appending thread: row r of the part's batch has number of
	 * arrival first + r. Frees the part. */
	void (*merge)(void *context, void *part, uint32_t first);
	/* In any of these threads: frees a part that will not be merged. */
	void (*drop)(void *part);
};

enum { INGEST_VISITORS = 4 };

struct ingest_options {
	const char *const *path;
	size_t path_n;
	unsigned threads; /* 0: as many as there are processors */
	struct limits limits;
	struct walk_days days; /* which folders and files of S3's layout */
	struct walk_names names;
	uint64_t cut; /* bytes of the pieces in which large plain files are
			 read; 0: the usual */
	struct ingest_visitor visitor[INGEST_VISITORS];
	size_t visitor_n;
};

struct ingest;

/* Order of use: new, find, run. ERR_IO when a path is not there at all. */
ATTR_NODISCARD enum err_code ingest_new(struct ingest **out,
					const struct ingest_options *options,
					struct err *err);
void ingest_free(struct ingest *in);

/* How far a load is. */
struct ingest_progress {
	uint64_t files, files_total;
	uint64_t bytes, bytes_total; /* of the files on disk */
	uint64_t records, rejected, skips;
	uint64_t content_bytes; /* decompressed */
};

/* By the bytes that are still to be read. False while too little was read for
 * that to mean anything. */
bool ingest_seconds_left(const struct ingest_progress *p, int64_t elapsed_ms,
			 uint64_t *seconds);

/*
 * Called in the appending thread after each batch and at least ten times a
 * second. Returning false ends the load early, keeping what was appended.
 */
typedef bool (*ingest_tick)(void *context,
			    const struct ingest_progress *progress);

/*
 * Finds the files; `tick` (may be NULL) is told of them now and then. ERR_IO,
 * ERR_NOTFOUND when a path cannot be used, ERR_CANCELLED when a tick ended
 * it: then there are none.
 */
ATTR_NODISCARD enum err_code ingest_find(struct ingest *in, ingest_tick tick,
					 void *context, struct err *err);

/* What a load of the files found would take, by their sizes: more rather than
 * less. */
struct ingest_estimate {
	uint64_t events;
	uint64_t memory; /* bytes, at the peak */
};

struct ingest_estimate ingest_estimate(const struct ingest *in);

/*
 * Reads all files and appends their rows. Blocks; `tick` may be NULL. Returns
 * true when everything was read, false when a tick ended it.
 */
bool ingest_run(struct ingest *in, ingest_tick tick, void *context);

/* Between find and run: files that are marked as kept, whose rows the builder
 * has, count as read. */
void ingest_count_kept(struct ingest *in);

/* The builder that run appends to; belongs to `in`. */
struct store_builder *ingest_builder(struct ingest *in);
unsigned ingest_threads(const struct ingest *in);

#endif /* TRAWL_INGEST_H */
