/* SPDX-License-Identifier: MIT */
/*
 * dispatch_private.h - the commands by what they are about, a file each
 *
 * Each function carries a command out and says whether it was one of its own.
 *
 * Layer: ui, inside.
 */
#ifndef TRAWL_DISPATCH_PRIVATE_H
#define TRAWL_DISPATCH_PRIVATE_H

#include "ui/app_private.h"

/* Lines of the focused pane; events of the timeline from any pane. */
bool dispatch_move(struct app *a, enum screen_command cmd);
/* The window of time, and how times are shown. */
bool dispatch_time(struct app *a, enum screen_command cmd, struct str argument);
/* How the timeline and the histogram look. */
bool dispatch_look(struct app *a, enum screen_command cmd, struct str argument);
/* Filters, tactics, mutes, undo. */
bool dispatch_narrow(struct app *a, enum screen_command cmd,
		     struct str argument);
/* The filter's terms one by one, and saved filters. */
bool dispatch_filters(struct app *a, enum screen_command cmd,
		      struct str argument);
/* Selecting rows and alerts. */
bool dispatch_choose(struct app *a, enum screen_command cmd,
		     struct str argument);
/* What is said in the case: stars, labels, notes, dispositions, evidence. */
bool dispatch_case(struct app *a, enum screen_command cmd, struct str argument);
/* To panes and views. */
bool dispatch_go(struct app *a, enum screen_command cmd, struct str argument);
/* What is asked of an identity, an incident or everybody. */
bool dispatch_ask(struct app *a, enum screen_command cmd, struct str argument);
/* Copies, reports, exports. */
bool dispatch_export(struct app *a, enum screen_command cmd,
		     struct str argument);
/* Help, closing, quitting, stopping. `quitting` as in dispatch. */
bool dispatch_program(struct app *a, enum screen_command cmd,
		      struct str argument, bool quitting);

#endif /* TRAWL_DISPATCH_PRIVATE_H */
