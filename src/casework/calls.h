/* SPDX-License-Identifier: MIT */
/*
 * calls.h - which of the calls of a table a row is
 *
 * Some questions know the calls that matter by service and name: what reads
 * data, what leaves something behind. Their tables are looked up by row without
 * a text compared. Dated names of Lambda count as the plain ones.
 *
 * Cost: made in O(distinct event names); a row O(calls of its name).
 *
 * Layer: casework. Threads: made by one, read by any.
 */
#ifndef TRAWL_CALLS_H
#define TRAWL_CALLS_H

#include "store/store.h"

#define CALL_NONE UINT32_MAX

/* Service as in eventSource without .amazonaws.com, and eventName. */
struct call_name {
	const char *service, *name;
};

struct calls {
	const struct store *store;
	uint32_t *first;  /* by value of EVENT_NAME: call + 1; 0: none */
	uint32_t *next;   /* by call: the next of the same name + 1 */
	uint32_t *source; /* by call: value of EVENT_SOURCE, or 0 */
};

/* The names of a table's rows, `stride` bytes apart, which outlive it. */
void calls_init(struct calls *c, const struct store *s,
		const struct call_name *name, size_t n, size_t stride);
void calls_release(struct calls *c);

/* The first row of the table that a row is, or CALL_NONE; the one after it. */
uint32_t calls_of(const struct calls *c, row_id row);
uint32_t calls_next(const struct calls *c, row_id row, uint32_t call);

/* What a thing is called by name or by ARN alike: the end of an ARN. */
struct str call_plain_name(struct str text);

#endif /* TRAWL_CALLS_H */
