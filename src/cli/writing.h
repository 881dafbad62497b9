/* SPDX-License-Identifier: MIT */
/*
 * writing.h - files that are written while something else goes on
 *
 * A thread of its own works on a snapshot that is held: reports, exports of
 * events, layers of the Navigator. What is there is not overwritten unless that
 * was asked for, and evidence never is. What is stopped leaves nothing.
 *
 * Layer: cli. Threads: the functions are one thread's.
 */
#ifndef TRAWL_WRITING_H
#define TRAWL_WRITING_H

#include "casework/case_file.h"
#include "cli/options.h"

struct writing;

struct writing_terms {
	enum format format;
	bool report;      /* else events, or alerts for the Navigator */
	size_t incident;  /* of a report: from 1, or 0: all */
	struct str event; /* of a report: of the incident; empty: by number */
	struct str path;
	bool force;
	struct str command, selection; /* as report_style has them */
	const struct time_zone *zone;
	struct snapshot *snap;       /* is held */
	struct alerts alerts;        /* of it; taken over */
	size_t muted;                /* alerts that are not among them */
	const struct rowset *rows;   /* the events; copied */
	struct case_file *case_file; /* read now; or NULL */
	const struct limits *limits;
};

/* NULL with err set, the alerts released, when it does not begin. */
struct writing *writing_begin(struct writing_terms *terms, struct err *err);
bool writing_done(const struct writing *w);
const char *writing_path(const struct writing *w);
/* It ends soon, and has made nothing. */
void writing_stop(struct writing *w);
/* Waits for its end and frees it: what was written, added to `said`, or what
 * was wrong. */
enum err_code writing_end(struct writing *w, struct strbuf *said,
			  struct err *err);

#endif /* TRAWL_WRITING_H */
