/* SPDX-License-Identifier: MIT */
/*
 * session.h - one run of a batch command: evidence loaded, output open
 *
 * session_open loads what the options name, with progress on standard error
 * when that is a terminal, and works out which rows the command is about. A
 * command reads the snapshot and writes to `out`; session_close says on
 * standard error what was skipped and gives the exit status.
 *
 * Layer: cli.
 */
#ifndef TRAWL_SESSION_H
#define TRAWL_SESSION_H

#include "casework/case_evidence.h"
#include "casework/case_rows.h"
#include "casework/coverage.h"
#include "casework/disguise.h"
#include "casework/investigation.h"
#include "casework/mutes.h"
#include "cli/options.h"
#include "cli/output.h"
#include "query/plan.h"

struct session {
	const struct options *o;
	FILE *err;
	struct output out;
	struct investigation *inv;
	struct snapshot *snap;
	struct plan *filter; /* of --filter and of what is asked of alerts */
	struct rowset rows;  /* that --filter, --since and --until leave */
	bool all_rows;       /* nothing was left out */
	struct case_file *case_file; /* of --case, or NULL */
	struct case_book book;       /* what that case says */
	struct case_rows said;       /* of the snapshot's rows */
	/* Its lines of evidence that --filter, --since and --until leave. */
	struct case_evidence evidence;
	uint8_t *muted; /* of each match, by that case; NULL: none */
	/* Of these rows, within --min-level, ...; muted ones apart. */
	struct alerts alerts, muted_alerts;
	struct disguise *disguise; /* what data is shown as, or NULL */
	struct coverage *coverage; /* of all events, when it was asked for */
	int status;                /* so far */
	int stopped; /* the signal that cut the load short, or 0 */
};

/* Errors of the command line, the paths, the rules or the filter. */
ATTR_NODISCARD enum err_code session_open(struct session *s,
					  const struct options *o, FILE *out,
					  FILE *err_file, struct err *err);
/* The exit status; messages are written. */
int session_close(struct session *s);
/* Closes a session that came to nothing: the message, what --output has made
 * goes again. Returns the exit status. */
int session_fail(struct session *s, const struct err *err);

/* What all the evidence holds; made when it is first asked for. */
const struct coverage *session_coverage(struct session *s);
/* What that lacks, a line a sentence. */
void session_tell_lacks(struct session *s);
/* Below a "none": what the evidence lacks that may be the reason, one line
 * that begins with `before`. */
void session_tell_none(struct session *s, const char *before,
		       const struct coverage_question *q);
/* The same of what the filter and the times of the command line left: a line
 * of a table, a message beside other formats. */
void session_tell_none_left(struct session *s);

/* CloudTrail's digests among the files; `trawl verify` checks them. */
size_t session_digests(const struct session *s);

/* Sets the status that --fail-on asks for. */
void session_fail_on(struct session *s);

#endif /* TRAWL_SESSION_H */
