/* SPDX-License-Identifier: MIT */
/*
 * said.h - what an analyst has said of rows: stars, labels, notes, dispositions
 *
 * Casework puts what a case says to the rows of a store; filters and panes ask
 * by row. A star, a label and a note are texts, a star's is whose it is.
 * Dispositions are of matches: of a row and the label of its mark (marks.h).
 *
 * Cost: what is said of a row O(log n). Layer: store. Ownership: texts are the
 * list's own. Threads: any number may read, and hold.
 */
#ifndef TRAWL_SAID_H
#define TRAWL_SAID_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/disposition.h"
#include "store/rowset.h"

enum said_kind { SAID_STAR, SAID_LABEL, SAID_NOTE };

struct said {
	row_id row;
	enum said_kind kind;
	struct str text; /* never empty; raw */
	size_t item;     /* which of its kind it is in the case */
};

struct said_rows {
	atomic_uint holders;
	struct said *item; /* by row, then kind, then item */
	size_t n, cap;
	struct arena arena;
};

struct said_rows *said_rows_new(void);
/* One holder more. Both take NULL. */
struct said_rows *said_rows_hold(struct said_rows *x);
void said_rows_release(struct said_rows *x);

/* Adds one; the text is copied, "-" stands for an empty one. */
void said_rows_add(struct said_rows *x, row_id row, enum said_kind kind,
		   struct str text, size_t item);
/* After the last one was added: puts them in order. */
void said_rows_sort(struct said_rows *x);

/* The first thing of a kind that is said of a row, and how many there are;
 * NULL when there is none. `x` may be NULL. */
const struct said *said_of(const struct said_rows *x, row_id row,
			   enum said_kind kind, size_t *n);

/* Dispositions ------------------------------------------------------------ */

struct judged {
	row_id row;
	uint32_t label;
	uint32_t item; /* which disposition of the case it is */
	enum disposition what;
};

struct judged_rows {
	atomic_uint holders;
	struct judged *item; /* by row, then label; each once, none is new */
	size_t n, cap;
};

struct judged_rows *judged_rows_new(void);
struct judged_rows *judged_rows_hold(struct judged_rows *x);
void judged_rows_release(struct judged_rows *x);

void judged_rows_add(struct judged_rows *x, const struct judged *one);
/* After the last one was added: of a match the highest item stays. */
void judged_rows_sort(struct judged_rows *x);

/* What was decided of a match, or NULL. `x` may be NULL. */
const struct judged *judged_at(const struct judged_rows *x, row_id row,
			       uint32_t label);

#endif /* TRAWL_SAID_H */
