/* SPDX-License-Identifier: MIT */
/*
 * handed_on.h - what leaves the analyst's hands, by a command or off the screen
 *
 * Layer: cli. Threads: those of what is handed in.
 */
#ifndef TRAWL_HANDED_ON_H
#define TRAWL_HANDED_ON_H

#include "casework/disguise.h"
#include "casework/report_page.h"
#include "cli/output.h"

/* From here on what is written to the output is written as --redact and
 * --defang ask: `out` is what it passes, to be freed behind the output, or
 * NULL. `evidence` are the paths that were opened. ERR_USAGE for what cannot be
 * written so; otherwise as disguise_new. */
ATTR_NODISCARD enum err_code handed_on_disguise(
	struct disguise **out, struct output *output, const struct options *o,
	const struct snapshot *snap, const char *const *evidence,
	size_t evidence_n, struct err *err);

/* Writes a report in the form that is asked for. Of the style only `zone`,
 * `command`, `selection`, `book` and `muted` are read. */
void handed_on_report(struct output *out, const struct options *o,
		      const struct report *r, const struct report_style *style);

#endif /* TRAWL_HANDED_ON_H */
