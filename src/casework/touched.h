/* SPDX-License-Identifier: MIT */
/*
 * touched.h - which data was read, written, deleted or shared
 *
 * Buckets, secrets, parameters, tables, snapshots, queues, repositories: what
 * holds data, with how often and how it was touched, how many different
 * objects of it, and the bytes that the records say went in and out. The
 * calls that count are a table; what the call was about is read from the
 * record's parameters.
 *
 * Data events exist only where a trail selects them: coverage.h says whether
 * any are in the evidence at all.
 *
 * Layer: casework. Cost: a record is read again for each row that counts.
 * Threads: as many as the scan is given; the result is the same.
 */
#ifndef TRAWL_TOUCHED_H
#define TRAWL_TOUCHED_H

#include "identity/lineage.h"
#include "query/scan.h"

/* How. Code, name. */
#define TOUCHES(X)                 \
	X(TOUCH_READ, "read")      \
	X(TOUCH_LIST, "listed")    \
	X(TOUCH_WRITE, "written")  \
	X(TOUCH_DELETE, "deleted") \
	X(TOUCH_COPY, "copied")    \
	X(TOUCH_SHARE, "shared")

enum touch {
#define X(code, name) code,
	TOUCHES(X)
#undef X
		TOUCH_COUNT
};

struct touched {
	const char *kind;       /* "bucket", "secret", ... */
	struct str service;     /* eventSource without its domain */
	struct str resource;    /* name or ARN as called; empty: not said */
	struct str account;     /* recipientAccountId */
	struct str actor;       /* as the record has it, of S3's access log the
				   requester; empty: all together */
	struct str address;     /* empty: all together */
	struct str shared_with; /* accounts, "all", joined by blanks */
	uint32_t count[TOUCH_COUNT]; /* calls that succeeded */
	uint32_t events, denied, failed;
	uint32_t objects; /* different ones, but for listed; 0: none */
	uint64_t bytes_in, bytes_out;
	row_id first, last;
};

struct touched_data {
	struct arena arena;
	struct touched *touched; /* shared ones, then most bytes out, most
				    events; ties by text */
	size_t n;
	size_t unread; /* rows whose record could not be read */
};

/* What is told apart beside resources and accounts. */
enum touched_by {
	TOUCHED_TOGETHER,
	TOUCHED_BY_ACTOR,
	TOUCHED_BY_ADDRESS, /* what each actor did from each address */
};

/* With `stop` true (NULL: never) it ends early, with what was found so far. */
void touched_of(struct touched_data *out, const struct store *s,
		const struct rowset *rows, enum touched_by by,
		const struct scan_options *options, const atomic_bool *stop);
void touched_release(struct touched_data *t);

/*
 * Some rows, and the requests that S3's access log says these nodes made: where
 * data events are off it is all that tells of them. They are counted apart, as
 * of the service "s3access".
 */
void touched_told(struct rowset *out, const struct lineage *l,
		  const struct rowset *rows, const node_id *member, size_t n);

/* The rows that read data, with success; without their records. O(rows). */
void touched_reads(const struct store *s, struct rowset *out);

const char *touch_name(enum touch t);

#endif /* TRAWL_TOUCHED_H */
