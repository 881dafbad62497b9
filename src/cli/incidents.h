/* SPDX-License-Identifier: MIT */
/*
 * incidents.h - what `trawl alerts --incidents` and the triage page write
 *
 * Layer: cli. Threads: one.
 */
#ifndef TRAWL_CLI_INCIDENTS_H
#define TRAWL_CLI_INCIDENTS_H

#include "cli/session.h"

/* A line for each of the heaviest of them, at most so many; returns how many
 * there are. */
size_t incidents_brief(struct session *s, size_t most);
/* The incidents of the session's alerts, in its format. */
void incidents_print(struct session *s);

#endif /* TRAWL_CLI_INCIDENTS_H */
