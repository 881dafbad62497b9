/* SPDX-License-Identifier: MIT */
/*
 * event_rows_private.h - what the formats of events share
 *
 * event_rows.c lists rows under the columns' own names, event_timesketch.c
 * under Timesketch's, event_records.c writes records; event_cells.c has what
 * more than one of them says.
 *
 * Layer: cli, inside.
 */
#ifndef TRAWL_EVENT_ROWS_PRIVATE_H
#define TRAWL_EVENT_ROWS_PRIVATE_H

#include "cli/event_rows.h"
#include "cli/rows.h"

/* Rows under some names. */
struct event_rows_form {
	const struct column *column;
	size_t column_n;
	void (*add)(struct rows *rows, const struct snapshot *snap, row_id row,
		    struct arena *a);
	/* A line of a case's evidence. */
	void (*add_evidence)(struct rows *rows, const struct evidence_line *e,
			     struct arena *a);
};

extern const struct event_rows_form event_timesketch;

/* Returns how many could not be read again. */
size_t event_records_write(struct output *out, const struct rowset *rows,
			   const struct event_rows_terms *t);

/* Is one more wanted behind the first `i`? */
bool event_rows_go_on(const struct event_rows_terms *t, size_t i);
/* The rows, with the lines of evidence among them. */
struct evidence_merge event_rows_merge(const struct rowset *rows,
				       const struct event_rows_terms *t);

/* Cells. Lists and joined texts live in the arena. ------------------------- */

struct cell event_account_cell(const struct store *s, row_id row);
struct cell event_kind_cell(const struct store *s, row_id row);
/* A principal, session or key as an id: behind its letter. */
struct cell event_node_cell(const struct store *s, enum event_column column,
			    row_id row, const char *prefix, struct arena *a);
struct cell event_level_cell(const struct snapshot *snap, row_id row);
/* The titles of the rules that alert. */
struct cell event_alerts_cell(const struct snapshot *snap, row_id row,
			      struct arena *a);

/* What the case says. */
bool event_is_starred(const struct marks *m, row_id row);
struct cell event_said_cell(const struct marks *m, row_id row,
			    enum said_kind kind, struct arena *a);
/* What was decided of the row's alerts. */
struct cell event_decided_cell(const struct marks *m, row_id row,
			       struct arena *a);
/* Labels of the case, "star", and the techniques of the alerts: a list, which
 * may be empty. */
struct cell event_tags_cell(const struct snapshot *snap, row_id row,
			    struct arena *a);

#endif /* TRAWL_EVENT_ROWS_PRIVATE_H */
