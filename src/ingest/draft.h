/* SPDX-License-Identifier: MIT */
/*
 * draft.h - a record that is put together member by member
 *
 * Exports that take records apart give values for single fields; a draft
 * collects them under CloudTrail's paths and prints the record.
 *
 * Layer: ingest. Memory: the arena given; texts and values are borrowed.
 * Cost: a value O(members beside it). Threads: one.
 */
#ifndef TRAWL_DRAFT_H
#define TRAWL_DRAFT_H

#include "base/json.h"

struct draft_member;

struct draft {
	struct arena *arena;
	struct draft_member *first;
};

void draft_init(struct draft *d, struct arena *arena);

/*
 * Each puts a value at "a.b.c". What is empty or NULL, and what has a place
 * that is taken, is left alone.
 */
void draft_text(struct draft *d, const char *path, struct str text);
/* "true" and "false", of either case, as what they say; else as a text. */
void draft_flag(struct draft *d, const char *path, struct str text);
/* A time of any loose form, such as seconds since 1970, as CloudTrail writes
 * it; what cannot be read as it is. */
void draft_time(struct draft *d, const char *path, struct str text);
void draft_value(struct draft *d, const char *path, const struct json *v);
/* The same of an object or array that may stand there as a text; "null" is
 * nothing. */
void draft_document(struct draft *d, const char *path, const struct json *v);

/* Adds it as JSON. */
void draft_print(const struct draft *d, struct strbuf *out);

#endif /* TRAWL_DRAFT_H */
