/* SPDX-License-Identifier: MIT */
/*
 * incidents.h - what `trawl alerts --incidents` writes
 *
 * Layer: cli. Threads: one.
 */
#ifndef TRAWL_CLI_INCIDENTS_H
#define TRAWL_CLI_INCIDENTS_H

#include "cli/session.h"

/* The incidents of the session's alerts, in its format. */
void incidents_print(struct session *s);

#endif /* TRAWL_CLI_INCIDENTS_H */
