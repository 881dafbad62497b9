/* SPDX-License-Identifier: MIT */
/*
 * targets.h - what a command of case work is about
 *
 * The selected rows in sight, or the event that the cursor is on; in the list
 * of alerts the selected alerts, or the one under the cursor, of which each
 * stands for the event that it tells first.
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_TARGETS_H
#define TRAWL_TARGETS_H

#include "ui/app_private.h"

struct targets {
	struct rowset rows; /* the events */
	size_t *alert;      /* numbers of desk_alert; NULL: it is no alerts */
	size_t n;           /* of these */
	char text[48];      /* "12 selected rows" */
};

/* False when there is nothing, which was said. A range that is being drawn is
 * selected first. The caller releases it in either case. */
bool targets_find(struct app *a, struct targets *t);
void targets_release(struct targets *t);

/* Is the list of alerts in front, as alerts? */
bool targets_are_alerts(struct app *a);
/* Selects the range that is being drawn; false when there is none. */
bool targets_take_range(struct app *a);

#endif /* TRAWL_TARGETS_H */
