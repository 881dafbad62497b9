/* SPDX-License-Identifier: MIT */
/*
 * deed.h - what an event did, in plain words
 *
 * "made user backdoor", "tried to attach policy ... to user ... (AccessDenied)":
 * words of the program around values of the record, kept apart, since what is
 * written around data must not be taken for it. The calls that investigations
 * tell of are a table; any other is told by its name and what it named first.
 *
 * Layer: casework. Memory: the arena that is passed. Threads: any.
 */
#ifndef TRAWL_DEED_H
#define TRAWL_DEED_H

#include "model/event.h"
#include "store/store.h"

enum { DEED_SPANS = 24, DEED_VALUE_MAX = 400, DEED_VALUES = 4 };

struct deed_span {
	struct str text;
	bool data; /* of the record, raw; else the program's own words */
};

struct deed {
	struct deed_span span[DEED_SPANS];
	size_t n;
};

/* `e` is the row's event, or NULL when its record cannot be read. */
void deed_of(struct deed *out, const struct store *s, row_id row,
	     const struct event *e, struct arena *a);
/* Is it a call that only asks, and that no table has words for: one that is
 * told together with others of its kind? */
bool deed_is_look(const struct store *s, row_id row);
/* Adds it as text, raw: shown through safetext. */
void deed_text(const struct deed *d, struct strbuf *out);

#endif /* TRAWL_DEED_H */
