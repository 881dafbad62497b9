/* SPDX-License-Identifier: MIT */
/*
 * progress.h - how far a long command is, on a terminal
 *
 * One line on standard error that is written over four times a second; nothing
 * at all where nobody looks, or with --quiet, unless --progress says so. No escape sequences: a carriage
 * return, and blanks over what stood there before.
 *
 * Layer: cli. Threads: one.
 */
#ifndef TRAWL_PROGRESS_H
#define TRAWL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"
#include "cli/options.h"

struct progress {
	FILE *file;           /* NULL: nobody looks */
	int64_t begun, shown; /* monotonic, ms */
	bool drawn;
};

void progress_begin(struct progress *p, const struct options *o, FILE *file);
/* Is it time to show another line? */
bool progress_is_due(struct progress *p);
void progress_show(struct progress *p, struct str line);
/* The line goes. */
void progress_end(struct progress *p);

/* Files of work that counts them, behind `what`; false when a signal has asked
 * to stop. */
bool progress_files(struct progress *p, const char *what, uint64_t done,
		    uint64_t all);

#endif /* TRAWL_PROGRESS_H */
