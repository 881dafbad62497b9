/* SPDX-License-Identifier: MIT */
/*
 * desk_private.h - what the desk's own files share
 *
 * Layer: ui, inside.
 */
#ifndef TRAWL_DESK_PRIVATE_H
#define TRAWL_DESK_PRIVATE_H

#include "ui/desk.h"

/* The plan of a filter; NULL for one that is empty. */
ATTR_NODISCARD enum err_code desk_plan(struct desk *d, struct str filter,
				       struct plan **out, struct err *err);
/* Takes a narrowing over, as a change that can be undone. Its filter is known
 * to be right. */
void desk_change(struct desk *d, struct narrowing next);

/* The snapshot's marks are others: asks for the rows of the filter anew. */
void desk_search_again(struct desk *d);
/* Puts what the case says to the rows of the snapshot. */
void desk_put_said(struct desk *d);
/* Finds the lines of evidence that stand among the rows of the timeline; true
 * when they are others than before. */
bool desk_put_evidence(struct desk *d);
/* Ends the search that runs. */
void desk_stop_run(struct desk *d);

/* desk_alerts.c ----------------------------------------------------------- */

/* Are tactics or techniques out of scope? */
bool desk_attack_is_narrowed(const struct desk *d);
/* With tactics out of scope, rows with an alert of those left. */
void desk_keep_in_scope(struct desk *d);
/* The alerts of those rows that are in scope, and the muted ones of them. */
void desk_fold_alerts(struct desk *d, const struct rowset *rows);
/* Leaves out what is muted, unless that is shown: it marks no row, is found by
 * no filter and joins no incident. The snapshot of before is released. */
void desk_hear(struct desk *d);
/* Has the origins of the snapshot made, unless that is being done. */
void desk_make_kin(struct desk *d);
void desk_end_kin(struct desk *d);
/* Other things are muted, or shown: all is found anew. */
void desk_mutes_changed(struct desk *d);
/* Writes a mute into the case, or takes one out. */
ATTR_NODISCARD enum err_code desk_set_mute(struct desk *d, const struct mute *m,
					   bool muted, struct err *err);

/* desk_case.c -------------------------------------------------------------- */

/* Writes sayings, and shows what they change. */
ATTR_NODISCARD enum err_code desk_write_said(struct desk *d,
					     const struct case_sayings *say,
					     struct err *err);
/* What was written, or what could not be. Returns rc. */
enum err_code desk_written(struct desk *d, enum err_code rc,
			   const struct err *err);

#endif /* TRAWL_DESK_PRIVATE_H */
