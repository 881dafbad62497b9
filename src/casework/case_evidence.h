/* SPDX-License-Identifier: MIT */
/*
 * case_evidence.h - what an analyst has from outside the logs, as events
 *
 * A line of evidence of a case (CASE_EVIDENCE) is no row of a store: it lies in
 * no file of the evidence, comes and goes while one looks at it, and a snapshot
 * never changes. So it is an event by itself, of kind "evidence", with a record
 * that filters ask like any other: eventID, eventTime, eventName (what), where,
 * author, noted. Whatever lists rows in order of time puts these lines among
 * them.
 *
 * Cost: making them O(lines log lines), finding those of a filter O(lines).
 * Layer: casework. Ownership: texts are the list's, until it is made anew.
 * Threads: any may read between two makings.
 */
#ifndef TRAWL_CASE_EVIDENCE_H
#define TRAWL_CASE_EVIDENCE_H

#include "casework/case_book.h"
#include "model/event.h"
#include "query/plan.h"

struct evidence_line {
	struct event event;
	struct str what, where, author;
	size_t item;   /* which of its kind it is in the book */
	int64_t noted; /* when it was said; TIME_NONE: not said */
};

struct case_evidence {
	struct evidence_line *line; /* in order of time; TIME_NONE last */
	size_t n;
	struct arena arena;
};

void case_evidence_init(struct case_evidence *x);
void case_evidence_release(struct case_evidence *x);
/* Makes the list anew of what a book says. */
void case_evidence_make(struct case_evidence *x, const struct case_book *b);

/*
 * Keeps the lines that a filter (NULL: all) and a span of time (TIME_NONE: no
 * end) leave. What is asked of rows of a store, such as alerts and stars, no
 * line has.
 */
void case_evidence_keep(struct case_evidence *x, const struct plan *filter,
			int64_t since, int64_t until);

/* How many of them a filter would keep. */
size_t case_evidence_count(const struct case_evidence *x,
			   const struct plan *filter);

/* A copy without the records, for who writes the lines; `to` was initialised. */
void case_evidence_copy(struct case_evidence *to,
			const struct case_evidence *from);

/* How many of them, from number `from` on, stand before a row of that time:
 * lines of evidence first where the time is the same. */
size_t evidence_before(const struct case_evidence *x, size_t from,
		       int64_t time);

/* Rows and lines as one list; `row` and `line` are how far it is. */
struct evidence_merge {
	const struct store *store;
	const struct rowset *rows;
	const struct case_evidence *evidence; /* or NULL */
	size_t row, line;
};

/* The next one: a row, or a line and ROW_NONE. False at the end. */
bool evidence_next(struct evidence_merge *m, row_id *row,
		   const struct evidence_line **line);

#endif /* TRAWL_CASE_EVIDENCE_H */
