/* SPDX-License-Identifier: MIT */
/*
 * case_rows.h - what a case says, put to the rows of a snapshot
 *
 * Events of the case that are not in the evidence are in no row; the book
 * (case_book.h) has them all the same.
 *
 * Cost: case_rows_put is O(items of the book log items); the dispositions are
 * put anew only when there are more of them, or another store. Layer: casework.
 * Ownership: borrows nothing once it is made. Threads: one; what it hands out
 * any.
 */
#ifndef TRAWL_CASE_ROWS_H
#define TRAWL_CASE_ROWS_H

#include "casework/case_book.h"
#include "casework/investigation.h"

struct case_rows {
	struct said_rows *said;     /* or NULL: nothing is said */
	struct judged_rows *judged; /* likewise */
	/* Inside: what `judged` was made of. */
	uint64_t snapshot, edition;
	size_t dispositions;
};

#define CASE_ROWS_INIT                               \
	{                                            \
		.said = NULL, .snapshot = UINT64_MAX \
	}

void case_rows_release(struct case_rows *x);
/* Puts a book to the rows of a snapshot; what was put before is let go. */
void case_rows_put(struct case_rows *x, const struct case_book *b,
		   const struct snapshot *s, const struct ruleset *rules);

/* What was decided of an alert. */
struct alert_state {
	enum disposition disposition; /* the last that was given, or new */
	size_t covered, open;         /* of its own rows */
	size_t item; /* in the book's list of dispositions, when covered */
};

/* Of the alert's own rows. An alert with open ones is open, whatever was
 * decided of the others. O(own rows log dispositions). */
struct alert_state case_rows_alert(const struct case_rows *x,
				   const struct alert *a);

/* What an item has to say of the event of a row. Texts are the store's, but
 * the id, which is in `id`. */
struct case_event case_event_of(const struct store *s, row_id row,
				struct strbuf *id);

#endif /* TRAWL_CASE_ROWS_H */
