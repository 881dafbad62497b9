/* SPDX-License-Identifier: MIT */
/*
 * guide.h - the questions of a rule, and of any investigation, about one event
 *
 * A step of `investigate:` names values of the event that alerted in braces:
 * `ip:{sourceIPAddress} and event:Create*`. Filled in, each stands for exactly
 * that value, whatever it is made of. A path goes through arrays as it does in
 * a filter; several values become alternatives.
 *
 * The questions of any investigation (command/guide_questions.h) name who and
 * what they are about in braces as well. In a batch command values are quoted
 * for the shell: names of sessions are chosen by whoever makes them.
 *
 * Layer: casework. Threads: any.
 */
#ifndef TRAWL_GUIDE_H
#define TRAWL_GUIDE_H

#include "base/err.h"
#include "base/strbuf.h"
#include "model/event.h"

enum { GUIDE_VALUES = 64 }; /* of one path; more are cut off */

/*
 * Adds the filter that `step` becomes for an event. ERR_FORMAT, and nothing
 * that may be used in `out`, when the event has no value at a path.
 */
ATTR_NODISCARD enum err_code guide_filter(struct strbuf *out, struct str step,
					  const struct event *e,
					  struct err *err);

/* What a question is about; empty where there is none. */
struct guide_about {
	struct str id;      /* of a node */
	struct str event;   /* eventID, or h:... */
	struct str address; /* as the record has it */
};

/* How values are written. */
enum guide_form { GUIDE_SHELL, GUIDE_SCREEN };

/* Adds a template with its values; false, and nothing that may be used, when
 * one that it names is missing, `missing` says which. */
bool guide_fill(struct strbuf *out, const char *text,
		const struct guide_about *about, enum guide_form form,
		const char **missing);

#endif /* TRAWL_GUIDE_H */
