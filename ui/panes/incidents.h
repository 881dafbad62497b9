/* SPDX-License-Identifier: MIT */
/*
 * incidents.h - the alert list as incidents, two lines each
 *
 * The other face of the Alerts pane: alerts that are one story are one row,
 * with who it was, the tactics in order of time, and where from. Who is one
 * incident is found once a snapshot; which of the alerts are shown follows the
 * desk.
 *
 * Layer: ui, no terminal. Threads: one.
 */
#ifndef TRAWL_UI_INCIDENTS_H
#define TRAWL_UI_INCIDENTS_H

#include "detect/incident.h"
#include "ui/pane.h"

struct incident_view {
	bool on;
	struct list list;
	struct incident_map map;
	uint64_t mapped;      /* version of the snapshot of the map; 0: none */
	struct alerts alerts; /* that they are of */
	struct incidents all;
	uint64_t formed;    /* version of the desk's alerts */
	struct strbuf kept; /* id of the incident under the cursor */
	bool late;          /* they are still to be made */
	bool turned;        /* and then the selection goes to one */
};

enum { INCIDENT_LINES = 2 };

void incident_view_init(struct incident_view *v);
void incident_view_release(struct incident_view *v);

/* The desk changed. Of many events the incidents are `late`: they are made
 * after the frame that answers a key. */
void incident_view_refresh(struct incident_view *v, struct desk *d);
/* Makes those that are late. */
void incident_view_ready(struct incident_view *v, struct desk *d);
/* The list of alerts gives way to it. */
void incident_view_turn(struct incident_view *v, struct desk *d);
/* The cursor moved. */
void incident_view_moved(struct incident_view *v, struct desk *d);
/* Moves the selection to the incident under the cursor, unless it is there. */
void incident_view_agree(struct incident_view *v, struct desk *d);

void incident_view_title(const struct incident_view *v, struct arena *arena,
			 struct safetext *left, struct safetext *right);
void incident_view_draw(const struct incident_view *v, const struct desk *d,
			struct canvas *c, const struct drawing *how);
void incident_view_row_text(const struct incident_view *v, const struct desk *d,
			    size_t row, struct strbuf *out);
/* Who it was and where from. */
void incident_view_picks(const struct incident_view *v, const struct desk *d,
			 struct picks *out);
/* Its events as a timeline; false when there is no incident. */
bool incident_view_scope(const struct incident_view *v, const struct desk *d,
			 struct scope *out);

#endif /* TRAWL_UI_INCIDENTS_H */
