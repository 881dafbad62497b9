/* SPDX-License-Identifier: MIT */
/*
 * timeline.h - the timeline, for commands that work from any pane
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_TIMELINE_H
#define TRAWL_TIMELINE_H

#include "ui/pane.h"

/* The position in the desk's rows behind the next break of the timeline, or
 * where the burst begins that the selected event is in, or the one before;
 * SIZE_MAX when there is none. The pane is up to date. */
size_t timeline_next_break(struct pane *timeline, struct desk *d, bool forward);

/* The events that the line of the cursor stands for, as a view: of a run all of
 * it. Valid until the desk changes. */
struct rowset timeline_here(const struct pane *timeline, const struct desk *d);

/* The first line that it shows, or is to show once its lines are made. */
size_t timeline_top(const struct pane *timeline);

#endif /* TRAWL_TIMELINE_H */
