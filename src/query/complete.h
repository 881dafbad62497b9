/* SPDX-License-Identifier: MIT */
/*
 * complete.h - what could come next in a filter
 *
 * Field names and their aliases, operators, the words that join terms, and
 * values: those that a field can only have (levels, tactics, outcomes), and
 * with a store those that its columns hold, the most frequent first, with how
 * many rows have them; with marks also rules, labels, origins and incidents.
 *
 * Layer: query. Cost: with a store, the distinct values of one column.
 * Memory: the arena passed. Threads: any.
 */
#ifndef TRAWL_COMPLETE_H
#define TRAWL_COMPLETE_H

#include "query/expr.h"
#include "store/marks.h"
#include "store/store.h"

enum { COMPLETE_MAX = 64 };
#define COMPLETE_UNCOUNTED UINT64_MAX

struct completion {
	struct str text;  /* replaces the bytes [from, to) of the filter */
	const char *help; /* a constant, or NULL */
	uint64_t rows;    /* that have this value; COMPLETE_UNCOUNTED */
};

struct completions {
	size_t from, to;
	struct completion item[COMPLETE_MAX];
	size_t n;
};

/* `cursor` is a byte offset; what is behind it is left alone. `store` and
 * `marks` may be NULL. */
void query_complete(struct str text, size_t cursor, const struct store *store,
		    const struct marks *marks, struct arena *arena,
		    struct completions *out);

#endif /* TRAWL_COMPLETE_H */
