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

/* As writing_terms has them. */
struct saving_wish {
	struct options options;
	struct option_line line;
	struct str path;
	struct str command; /* as it was typed */
};

/* Begins; says so, or why not. The options and the line are taken over. */
void app_save(struct app *a, struct saving_wish *wish);
/* Of app_poll: says how it went. */
void saving_poll(struct app *a);
/* ^C: true when something was being written. */
bool saving_interrupt(struct app *a);
/* Ends it, and waits. */
void saving_end(struct app *a);

#endif /* TRAWL_SAVING_H */
