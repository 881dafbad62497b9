/* SPDX-License-Identifier: MIT */
/*
 * need.h - what a condition cannot do without
 *
 * Found by reading the tree: what has to be so whenever it is true. A rule is
 * indexed by the eventName that it needs, and a record is not parsed when its
 * bytes lack a literal that the filter needs. Always an answer on the safe
 * side: nothing is said to be needed that is not.
 *
 * Layer: query. Threads: any.
 */
#ifndef TRAWL_NEED_H
#define TRAWL_NEED_H

#include "query/expr.h"
#include "query/matcher.h"

enum { NEED_MAX = 512 };

/* Texts of which a field of the record must equal one, ignoring case. */
struct need_values {
	struct str *text; /* in lower case, sorted, each once */
	size_t n;         /* 0: it can never be true */
};

/* False when a tree says nothing about the path. */
bool need_values(struct arena *a, const struct expr *e, struct str path,
		 struct need_values *out);

/* True when a condition cannot be met where nothing stands at the path. */
bool need_path(const struct expr *e, struct str path);

/* Literals that a record's bytes must hold: one of each of a few sets. */
struct need_bytes;

/*
 * What the rows need that a plan leaves open; NULL when nothing is known.
 * The matcher outlives it.
 */
struct need_bytes *need_bytes_new(const struct matcher *m);
/* What a record needs in which a path leads anywhere. */
struct need_bytes *need_bytes_of_path(struct str path);
void need_bytes_free(struct need_bytes *n);

/*
 * False when the record with these bytes cannot match. `flags` are the
 * event's: a record with anything but plain ASCII is always wanted.
 */
bool need_bytes_in(const struct need_bytes *n, struct str raw, uint32_t flags);

#endif /* TRAWL_NEED_H */
