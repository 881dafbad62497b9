/* SPDX-License-Identifier: MIT */
/*
 * lanes.h - who by when: a row for each principal, a column for each while
 *
 * A view over the panes, of the events that the timeline shows. A lane is
 * what a column of the store has as one value: principal, session, address,
 * call, account, region. In a cell stands how dense its events are, or the
 * letter of the worst alert among them.
 *
 * Cost: one pass over the rows when these are others, one more when other
 * lanes come into sight; memory by the distinct values of the column.
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_UI_LANES_H
#define TRAWL_UI_LANES_H

#include "ui/pane.h"

struct lanes_view;

/* `field` is a name of what lanes can be, or empty for the first; NULL, and
 * the message set, for anything else. The desk has a snapshot and outlives
 * the view. */
struct lanes_view *lanes_view_new(const struct desk *d, struct str field,
				  struct err *err);
extern const struct pane_class overlay_lanes;

#endif /* TRAWL_UI_LANES_H */
