/* SPDX-License-Identifier: MIT */
/*
 * reader.h - raw records, read again from their files
 *
 * The files stay the store: what a row's record says beyond its columns is
 * read from where it lies, through a small cache of decompressed blocks. In
 * a large gzip file reading starts at the access point before it.
 *
 * Cost: a cached block or a plain file O(record); else inflating from the
 * point or the start of the file to the record, at most GZ_POINT_SPACING bytes
 * in a large file. The cache is at most READER_CACHE_BYTES.
 *
 * Layer: ingest. Threads: a reader is one thread's; any number of readers.
 */
#ifndef TRAWL_READER_H
#define TRAWL_READER_H

#include "base/err.h"
#include "base/limits.h"
#include "model/event.h"
#include "store/amendment.h"
#include "store/store.h"

enum { READER_BLOCK = 256 * 1024, READER_CACHE_BYTES = 32 * 1024 * 1024 };

struct reader;

/* The store must outlive the reader. */
struct reader *reader_new(const struct store *s, const struct limits *limits);
/* One for reader_part alone, before there is a store: when all files have been
 * read. These must outlive it. */
struct reader *reader_new_early(const struct files *files,
				const struct string_tables *strings,
				const struct limits *limits);
void reader_free(struct reader *r);

/*
 * The bytes of one of the records of which an amended row of that id is made,
 * valid until the next call. Errors as of reader_raw.
 */
ATTR_NODISCARD enum err_code reader_part(struct reader *r,
					 const struct amend_part *part,
					 const struct event_id *id,
					 struct str *bytes, struct err *err);

/*
 * The bytes of a row's record, of an amended one as it was put together; valid until the next call. ERR_IO when the
 * file cannot be read any more, ERR_FORMAT when it has changed.
 */
ATTR_NODISCARD enum err_code reader_raw(struct reader *r, row_id row,
					struct str *bytes, struct err *err);

/* The record parsed and extracted, valid until the next call. As above;
 * ERR_FORMAT also when another record stands there now. */
ATTR_NODISCARD enum err_code reader_event(struct reader *r, row_id row,
					  const struct event **event,
					  struct err *err);

#endif /* TRAWL_READER_H */
