/* SPDX-License-Identifier: MIT */
/*
 * ingest_private.h - what the threads of a load share
 *
 * ingest_work.c is a worker: what to do next, and a file at a time;
 * ingest_piece.c is the reading of one large file by several of them.
 */
#ifndef TRAWL_INGEST_PRIVATE_H
#define TRAWL_INGEST_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/queue.h"
#include "ingest/envelope.h"
#include "ingest/ingest.h"
#include "ingest/source.h"
#include "ingest/unwrap.h"
#include "ingest/value.h"

/* What a worker has to say about a file that it has read. */
struct file_report {
	file_id file;
	struct file_entry result; /* only what reading finds out */
	bool unreadable;          /* could not be opened */
};

/* A batch and what goes with it. */
struct delivery {
	struct batch batch;
	struct string_tables *tables; /* of the batch */
	bool own_tables;              /* they go with it */
	void *part[INGEST_VISITORS];
	struct file_report *report;
	size_t report_n, report_cap;
};

struct worker {
	struct ingest *in;
	unsigned number;
	pthread_t thread;
	struct string_tables *tables;
	void *visitor[INGEST_VISITORS];
	struct arena arena;
	struct envelope *envelope;
	struct unwrapper *unwrapper;
	struct value_reader reader;  /* of what was unwrapped */
	uint64_t more;               /* records of the file beyond its items */
	struct delivery *delivery;   /* being filled */
	struct ingest_progress told; /* of the file, in in's counters */
};

struct ingest {
	struct ingest_options options;
	struct store_builder *builder;
	struct worker *worker;
	unsigned workers;
	struct queue queue; /* of deliveries; a NULL-free stream */
	/* What is to be done next, under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t more; /* a piece may be had, or nothing will be */
	uint32_t next_file;
	unsigned reading;      /* workers that read a file, not a piece */
	struct pieces *pieces; /* of files that are read by several */
	atomic_uint running;
	atomic_bool cancelled;
	/* What the workers are at, between their reports. */
	atomic_uint_fast64_t bytes, content, records, rejected;
	struct ingest_progress progress;
};

/* ingest_work.c */

void worker_init(struct worker *w, struct ingest *in, unsigned number);
void worker_release(struct worker *w);
/* A thread, with its worker. */
void *worker_run(void *worker);

/* Who reads a file, or a piece of one. */
struct file_reading {
	struct worker *worker;
	struct file_report report;
	uint64_t listed; /* skips */
};

/* Takes the envelope's item; what is no record is noted. */
void worker_take(struct file_reading *r, struct envelope_item *item);
struct delivery *delivery_new(unsigned worker);
void delivery_free(struct delivery *d);
void delivery_drop_parts(struct ingest *in, struct delivery *d);
void delivery_report(struct delivery *d, const struct file_report *report);
/* Freed with the delivery that has them for its own. */
struct string_tables *worker_tables_new(void);
/* The rows and what visitors noted of them, with the worker's tables, which
 * stay its own unless the caller says otherwise. */
struct delivery *worker_gather(struct worker *w);
/* Hands over what has been gathered, unless it is nothing; false when the load
 * was cancelled. */
bool worker_flush(struct worker *w);

/* ingest_piece.c */

struct pieces;
struct piece;

/*
 * After a plain file was opened and nothing of it read: is it worth being read
 * in pieces, and can it be? Then they are there to be had, and the source
 * belongs to them.
 */
bool pieces_open(struct worker *w, file_id file, struct source *source);
/* The next piece to read, or NULL; under the lock. */
struct piece *pieces_take(struct ingest *in);
/* Reads it and hands over what is known to be right. */
void pieces_read(struct worker *w, struct piece *piece);
/* After the workers have ended: what a cancelled load left. */
void pieces_free_all(struct ingest *in);

#endif /* TRAWL_INGEST_PRIVATE_H */
