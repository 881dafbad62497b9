/* SPDX-License-Identifier: MIT */
/*
 * run.h - the rows that meet a condition, with records read where needed
 *
 * A run begins with what the store says (plan.h); those rows are there at
 * once. Rows that are undecided have their records read, by threads, and
 * matching ones are added as they are found. A record is parsed only when its
 * bytes do not tell: when they hold the literals that the condition cannot do
 * without (need.h) and the values tested are not plain (raw.h). Where a
 * condition asks for what some thread is still making (store/kin.h), a run
 * begins when that is there.
 *
 * Layer: query. Ownership: plan, store and marks outlive the run. Threads: a
 * run belongs to the one that made it; it starts its own.
 */
#ifndef TRAWL_RUN_H
#define TRAWL_RUN_H

#include "query/plan.h"
#include "query/scan.h"

struct query_run;

struct query_run *query_run_new(const struct plan *p, const struct store *s,
				const struct marks *marks,
				const struct scan_options *options);
/* Stops what is running. NULL is allowed. */
void query_run_free(struct query_run *r);

/* Is all known? At once, where the store says it all. */
bool query_run_finished(const struct query_run *r);
/* Works or waits for about `ms` milliseconds at most; true when finished. */
bool query_run_step(struct query_run *r, unsigned ms);
/* The rows found so far, ascending; valid until the next step. */
const struct rowset *query_run_rows(const struct query_run *r);

struct query_progress {
	struct scan_state scan;
	uint64_t gave_up; /* times a regex reached its limit */
	size_t found;
};

void query_run_progress(struct query_run *r, struct query_progress *out);

/* Told now and then; false stops. `rows` are those found so far. */
typedef bool (*query_told)(void *context, const struct query_progress *progress,
			   const struct rowset *rows);

/*
 * All of it: `out` is overwritten with the matching rows. ERR_CANCELLED when
 * `told` (may be NULL) said so; rows found until then are in `out`. Records
 * that could not be read are no error: see `progress` (may be NULL).
 */
ATTR_NODISCARD enum err_code query_rows(
	const struct plan *p, const struct store *s, const struct marks *marks,
	const struct scan_options *options, query_told told, void *context,
	struct rowset *out, struct query_progress *progress, struct err *err);

#endif /* TRAWL_RUN_H */
