/* SPDX-License-Identifier: MIT */
/*
 * kept.h - what was made or changed and stays: is it still there?
 *
 * Users, keys, policies, trust, functions, rules, instances, permissions: what
 * a call makes or changes so that it outlives the call, each with what it is
 * called, and the event that took it away again, or what it was part of,
 * whoever did that. The calls
 * that count, and the ones that undo them, are a table; what they are about
 * is read from their records. What the same rows made and deleted again, such
 * as a trail, is no loss.
 *
 * Layer: casework. Cost: a record is read again for each row that counts, and
 * for each row of the evidence that undoes such a thing.
 */
#ifndef TRAWL_KEPT_H
#define TRAWL_KEPT_H

#include "identity/question.h"
#include "query/scan.h"

struct kept {
	const char *what; /* "access key", "policy of a user" */
	struct str name;  /* "bob: arn:aws:iam::aws:policy/..."; or empty */
	row_id row;
	row_id gone; /* the event that took it away; ROW_NONE: still there */
	const char *undone_by; /* the call that takes it away, or NULL */
};

struct kept_list {
	struct arena arena;
	struct kept *kept; /* by row */
	size_t n;
	size_t unread; /* rows whose record could not be read */
};

/* Of calls that succeeded among `rows`. With `stop` true (NULL: never) it ends
 * early, and the list means nothing. */
void kept_of(struct kept_list *out, const struct store *s,
	     const struct rowset *rows, const struct scan_options *options,
	     const atomic_bool *stop);
void kept_release(struct kept_list *k);

/*
 * Takes out of a list of credentials what its records say is gone: policies,
 * providers, passwords and the like that were deleted again. The graph knows
 * what ended keys, users and sessions, but not what a resource's policy is.
 */
void kept_prune(struct revocation *r, const struct store *s,
		const struct scan_options *options);

#endif /* TRAWL_KEPT_H */
