/* SPDX-License-Identifier: MIT */
/*
 * value.h - one JSON value out of bytes that are all there
 *
 * What is plain in one pass (base/json_plain.h), whatever else by the scanner
 * and cJSON: the one way in which a record is read again, and in which what
 * was carried inside a text is read.
 *
 * Layer: ingest. Threads: a reader is one thread's.
 */
#ifndef TRAWL_VALUE_H
#define TRAWL_VALUE_H

#include "base/json.h"
#include "base/limits.h"

struct value_reader {
	struct json_scan scan; /* reason and bad_at of what was refused */
	struct strbuf clean;
	bool careful;   /* set by the caller: always by the scanner and cJSON */
	unsigned notes; /* enum json_note, of the value read last */
	size_t end;     /* offset behind it */
};

void value_reader_init(struct value_reader *r, const struct limits *limits);
void value_reader_release(struct value_reader *r);

/*
 * The value that begins at text.p[0], its tree in the arena and in the bytes
 * of `text`; NULL when it is none, is longer than a record may be, or does not
 * end.
 */
const struct json *value_read(struct value_reader *r, struct arena *arena,
			      struct str text);

#endif /* TRAWL_VALUE_H */
