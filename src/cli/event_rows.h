/* SPDX-License-Identifier: MIT */
/*
 * event_rows.h - events in the formats for machines
 *
 * CSV and JSON lines have the columns as keys; "records" has each record as it
 * lies in its file, beside what trawl knows of it; "timesketch" is what
 * Timesketch imports, JSON lines or, for a file whose name ends in .csv, CSV.
 * trawl-output(5) describes them.
 *
 * Layer: cli. Threads: one.
 */
#ifndef TRAWL_EVENT_ROWS_H
#define TRAWL_EVENT_ROWS_H

#include "casework/case_evidence.h"
#include "cli/output.h"

struct event_rows_terms {
	const struct snapshot *snap;
	enum format format; /* no table */
	const struct limits *limits;
	const char *path; /* of the output, or NULL */
	uint64_t limit;   /* rows at most */
	/* Lines of a case that stand among the rows, or NULL. */
	const struct case_evidence *evidence;
	/* Asked now and then; false ends it. May be NULL. */
	bool (*going)(void *context);
	void *context;
};

/* ERR_USAGE when a file of that name is not what the format needs. */
ATTR_NODISCARD enum err_code event_rows_check(enum format format,
					      const char *path,
					      struct err *err);
/* Returns how many records could not be read again. */
size_t event_rows_write(struct output *out, const struct rowset *rows,
			const struct event_rows_terms *terms);

#endif /* TRAWL_EVENT_ROWS_H */
