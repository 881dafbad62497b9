/* SPDX-License-Identifier: MIT */
/*
 * traces.h - what somebody left: views over the panes
 *
 * Three lists, each of one identity, of an incident or of everybody in the
 * evidence, within the window of time: what was made or changed and whether
 * it is still there; which data was touched, by whom, how much of it; what
 * came of an identity. What they say is in records, which a thread reads.
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_UI_TRACES_H
#define TRAWL_UI_TRACES_H

#include "identity/lineage.h"
#include "ui/pane.h"

enum traces_kind { TRACES_PERSIST, TRACES_DATA, TRACES_REACH };

/* Of whom. What came of everybody is no question. */
enum traces_of { TRACES_IDENTITY, TRACES_INCIDENT, TRACES_EVERYBODY };

struct traces_view;

/* `node` is the identity, or NODE_NONE; an incident is that of `row`. The desk
 * has a snapshot. */
struct traces_view *traces_view_new(struct desk *d, enum traces_kind kind,
				    enum traces_of of, node_id node,
				    row_id row);
extern const struct pane_class overlay_traces;

#endif /* TRAWL_UI_TRACES_H */
