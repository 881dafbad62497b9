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

#include "casework/case_evidence.h"
#include "casework/case_file.h"
#include "cli/option_words.h"
#include "cli/options.h"

struct writing;

struct writing_terms {
	/* What, how and where: as read by options_parse_screen from `line`. Both
	 * are taken over. Of the events of `events`, `alerts` for the
	 * Navigator, `report` a report. */
	struct options options;
	struct option_line line;
	struct str path;               /* the file, whatever the options say */
	struct str command, selection; /* as report_style has them */
	const struct time_zone *zone;
	struct snapshot *snap;     /* is held */
	struct alerts alerts;      /* of it; taken over */
	size_t muted;              /* alerts that are not among them */
	const struct rowset *rows; /* the events; copied */
	/* Lines among them; copied, or NULL. */
	const struct case_evidence *among;
	struct case_file *case_file; /* read now; or NULL */
	const char *const *evidence; /* the paths; as long as it is written */
	size_t evidence_n;
	const struct limits *limits;
};

/* NULL with err set, what is taken over released, when it does not begin. */
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
