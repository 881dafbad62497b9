/* SPDX-License-Identifier: MIT */
/*
 * plan.h - a condition answered from the store
 *
 * Tests of columns, times, ids, flags and marks are answered without reading
 * a record: the predicate is tried once for each distinct value of a column,
 * then the rows with those values are taken from the postings or, when they
 * are many, by walking the column. What needs the record (paths, words,
 * resources) leaves rows undecided: those that the rest of the condition
 * neither accepts nor rules out. run.h reads their records.
 *
 * Cost: for each test, the distinct values of its column and the rows that
 * match or n / 64; about a millisecond for a million rows.
 *
 * Layer: query. Ownership: the store and marks outlive an answer, the plan
 * too. Threads: a plan is shared; an answer is one thread's until it is read.
 */
#ifndef TRAWL_PLAN_H
#define TRAWL_PLAN_H

#include "query/bits.h"
#include "query/matcher.h"
#include "store/rowset.h"

struct plan;

/* Errors are those of matcher_new. The tree is not kept. */
ATTR_NODISCARD enum err_code plan_new(struct plan **out, const struct expr *e,
				      struct err *err);
void plan_free(struct plan *p);

/* True when some rows may be decided only by their records. */
bool plan_needs_records(const struct plan *p);
/* Does it ask what an analyst said, which may change while the rows do not? */
bool plan_asks_case(const struct plan *p);
/* Does it ask whose a row is in the end, or for its incident? */
bool plan_asks_kin(const struct plan *p);
const struct matcher *plan_matcher(const struct plan *p);

/* What the store alone says. */
struct plan_answer {
	struct rowset sure;  /* rows that match */
	struct rowset maybe; /* rows that a record has to decide */
	struct bits *known;  /* for match_row.known */
	size_t known_n;
};

/* `marks` may be NULL. The caller releases *out. */
void plan_ask(const struct plan *p, const struct store *s,
	      const struct marks *marks, struct plan_answer *out);
void plan_answer_release(struct plan_answer *a);

/*
 * The rows that match, or, when false is returned, that may match: `out` is
 * overwritten.
 */
bool plan_rows(const struct plan *p, const struct store *s,
	       const struct marks *marks, struct rowset *out);

#endif /* TRAWL_PLAN_H */
