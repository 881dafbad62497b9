/* SPDX-License-Identifier: MIT */
/*
 * stop.h - Ctrl-C as a question
 *
 * Between catch and release the first SIGINT or SIGTERM is only noted, so
 * that what was done until then can be kept; a second one ends the program.
 * For batch commands: the screen has handlers of its own.
 *
 * Layer: base. Threads: one at a time; stop_number from any.
 */
#ifndef TRAWL_STOP_H
#define TRAWL_STOP_H

#include <signal.h>

/* What the handlers were before. */
struct stop {
	struct sigaction was[2];
};

void stop_catch(struct stop *s);
/* The signal that came since catch, or 0. */
int stop_number(void);
/* As it was before. Returns the signal that came, or 0. */
int stop_release(struct stop *s);

#endif /* TRAWL_STOP_H */
