/* SPDX-License-Identifier: MIT */
/*
 * stats.h - the values that a field has in a set of rows
 *
 * For each value how many rows have it, how many distinct principals used
 * it, and its first and last row. Columns, flags and marks are counted from
 * the store; a path is read from the records, in steps.
 *
 * What a field's values are: `service` without .amazonaws.com; `user` the
 * actor's label; `account` the receiving account and the caller's where it
 * differs; `key` every key of the record; `tactic` and `technique` as ids;
 * the scalars that a path leads to, through arrays, an object as its compact
 * JSON text.
 *
 * Layer: query. Cost: columns O(rows); paths a scan. Threads: as run.h.
 */
#ifndef TRAWL_STATS_H
#define TRAWL_STATS_H

#include "query/scan.h"
#include "store/marks.h"

struct stat_value {
	struct str text; /* never empty but for a value that is "" */
	uint32_t count;  /* rows */
	uint32_t principals;
	row_id first, last;
	bool is_new; /* stats_note_new: no earlier row has it */
};

enum stats_order {
	STATS_TOP,   /* most rows first */
	STATS_RARE,  /* fewest rows, then fewest principals, then newest */
	STATS_FIRST, /* first seen last come first: what is new */
};

/* Texts live in `arena`. */
struct stats {
	struct arena arena;
	struct stat_value *value;
	size_t n;
	size_t rows;    /* looked at */
	size_t without; /* rows that have no value */
	size_t unread;  /* rows whose record could not be read */
	bool compared;  /* stats_note_new has been here */
};

void stats_release(struct stats *s);
/* Ties are broken by text, so the order is always the same. */
void stats_sort(struct stats *s, enum stats_order order);
/* The same on a thread: `stop` ends it early, then the order is any. */
void stats_sort_until(struct stats *s, enum stats_order order,
		      const atomic_bool *stop);
/* Says of each value whether it is new: `before` are the field's values in what
 * is loaded before the rows that `s` was counted from. */
void stats_note_new(struct stats *s, const struct stats *before);

struct stats_run;

/*
 * `field` is a name of model/field.h or a path. ERR_USAGE for a field whose
 * values cannot be counted. Rows are copied; marks may be NULL.
 */
ATTR_NODISCARD enum err_code stats_run_new(
	struct stats_run **out, const struct store *s,
	const struct marks *marks, struct str field, const struct rowset *rows,
	const struct scan_options *options, struct err *err);
void stats_run_free(struct stats_run *r);
/* Are the values in the records, rather than in the store? */
bool stats_run_reads(const struct stats_run *r);
/* As scan_step. */
bool stats_run_step(struct stats_run *r, unsigned ms);
void stats_run_state(struct stats_run *r, struct scan_state *out);
/* What has been counted so far, in order of STATS_TOP; the caller releases
 * it. */
void stats_run_take(struct stats_run *r, struct stats *out);
/* The same in any order; `stop`, or NULL, ends it early, without all values. */
void stats_run_count(struct stats_run *r, struct stats *out,
		     const atomic_bool *stop);

/* All of it in one call. */
ATTR_NODISCARD enum err_code stats_of(struct stats *out, const struct store *s,
				      const struct marks *marks,
				      struct str field,
				      const struct rowset *rows,
				      const struct scan_options *options,
				      struct err *err);

#endif /* TRAWL_STATS_H */
