/* SPDX-License-Identifier: MIT */
/*
 * saving.h - reports and exports of what is on the screen
 *
 * One file at a time, in the background (cli/writing.h): keys are answered
 * meanwhile. ^C ends it.
 *
 * Layer: ui. Threads: one.
 */
#ifndef TRAWL_SAVING_H
#define TRAWL_SAVING_H

#include "cli/writing.h"

struct app;

struct saving_wish {
	enum format format;
	bool report;      /* else the events of the timeline, or the alerts */
	size_t incident;  /* of a report: from 1, or 0: all */
	struct str event; /* of a report: of the incident; empty: by number */
	struct str path;
	bool force;
	struct str command; /* as it was typed */
};

/* Begins; says so, or why not. */
void app_save(struct app *a, const struct saving_wish *wish);
/* Of app_poll: says how it went. */
void saving_poll(struct app *a);
/* ^C: true when something was being written. */
bool saving_interrupt(struct app *a);
/* Ends it, and waits. */
void saving_end(struct app *a);

#endif /* TRAWL_SAVING_H */
