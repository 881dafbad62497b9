/* SPDX-License-Identifier: MIT */
/*
 * scan.h - many records read again, in the order in which they lie
 *
 * Rows are taken file by file, by one or several threads, each with a reader
 * of its own; a visitor sees each record in the thread that read it. The
 * caller steps: each step works, or waits for the threads, for a bounded
 * time, so a screen stays alive and a key can cancel.
 *
 * Layer: query. Cost: reading and parsing; a visitor may pass over records by
 * their bytes alone. Threads: as said at each function.
 */
#ifndef TRAWL_SCAN_H
#define TRAWL_SCAN_H

#include <stdatomic.h>

#include "base/limits.h"
#include "store/rowset.h"
#include "store/store.h"

struct scan_visitor {
	void *context;
	/* What one thread keeps. Called before any thread starts. */
	void *(*worker_new)(void *context);
	void (*worker_free)(void *worker);
	/* In the worker's thread: false when a record need not be parsed, be
	 * it that the bytes were enough. May be NULL. */
	bool (*wants)(void *worker, row_id row, struct str raw);
	void (*see)(void *worker, row_id row, const struct event *e);
	/* Hands over what the worker has since the last call; one thread at a
	 * time, any thread. */
	void (*flush)(void *context, void *worker);
};

struct scan_options {
	unsigned threads;            /* 0: the caller's thread, in its steps */
	const struct limits *limits; /* NULL: the defaults */
};

struct scan;

/* `rows` are copied; store and visitor outlive the scan. */
struct scan *scan_new(const struct store *s, const struct rowset *rows,
		      const struct scan_visitor *visitor,
		      const struct scan_options *options);
/* Stops what is running. NULL is allowed. */
void scan_free(struct scan *s);

/*
 * Works or waits for about `ms` milliseconds at most; true when all rows have
 * been seen. No flush runs between two steps of a scan without threads;
 * otherwise what flush writes is read between scan_lock and scan_unlock.
 */
bool scan_step(struct scan *s, unsigned ms);
/* Steps until all rows have been seen, or `stop` is true (NULL: never). */
void scan_finish(struct scan *s, const atomic_bool *stop);
void scan_lock(struct scan *s);
void scan_unlock(struct scan *s);

struct scan_state {
	size_t total;   /* rows to read */
	size_t done;    /* read or passed over */
	size_t unread;  /* whose record could not be read any more */
	struct err why; /* the first of those */
};

void scan_state(struct scan *s, struct scan_state *out);

/* Reads rows in the caller's thread, or until `stop` is true (NULL:
 * never), for whoever keeps nothing apart for each thread. */
void scan_alone(const struct store *s, const struct rowset *rows,
		const struct limits *limits,
		void (*see)(void *context, row_id row, const struct event *e),
		void *context, const atomic_bool *stop, struct scan_state *out);

#endif /* TRAWL_SCAN_H */
