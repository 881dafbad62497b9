/* SPDX-License-Identifier: MIT */
/*
 * captures.h - values of fields, noted with the matches of rules
 *
 * Correlations group and count by fields that are no columns of the store.
 * Their values are noted in the loading thread, while the record is there,
 * and put together in the appending thread.
 *
 * A field may have several values, or none; an event's are kept each once. A
 * long value is cut, with a hash of the whole behind it, so that different
 * values stay different. Together they are bounded: what comes after that is
 * noted as missing, and counted.
 *
 * Layer: detect. Threads: one at a time.
 */
#ifndef TRAWL_CAPTURES_H
#define TRAWL_CAPTURES_H

#include "base/intern.h"
#include "query/matcher.h"

enum {
	CAPTURE_VALUES = 64,                /* of one field of one event */
	CAPTURE_BYTES = 512,                /* of one value */
	CAPTURES_MAX = 64 * 1024 * 1024,    /* numbers in all */
	CAPTURES_BYTES = 256 * 1024 * 1024, /* of distinct values in all */
};

struct captures {
	struct intern values;
	/* For each note its fields, each a count and so many ids. */
	uint32_t *data;
	size_t n, cap;
	size_t bytes;  /* of distinct values */
	uint64_t lost; /* notes that had no room */
};

void captures_init(struct captures *c);
void captures_release(struct captures *c);

/* Notes the values of some paths. Returns the note's number, from 1; 0 when
 * there is no room. */
uint32_t captures_add(struct captures *c, const struct event *e,
		      const struct str *path, size_t n,
		      struct match_scratch *s);

/* Moves what `from` has behind what `to` has: note i becomes i plus what is
 * returned. UINT32_MAX when there is no room: then none of them is there. */
uint32_t captures_move(struct captures *to, const struct captures *from);

/* Copies one note of so many fields, which lies within what `from` has; map[]
 * is where its values went, filled as it goes: of `values.count` zeros. Returns
 * the note's number; 0 when it is none, or there is no room. */
uint32_t captures_copy(struct captures *to, const struct captures *from,
		       uint32_t note, size_t many, uint32_t *map);

/* The values of a note's field: ids of c->values, each once. */
const uint32_t *captures_field(const struct captures *c, uint32_t note,
			       size_t field, size_t *n);

#endif /* TRAWL_CAPTURES_H */
