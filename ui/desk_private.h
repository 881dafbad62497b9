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
/* Are tactics or techniques out of scope? */
bool desk_attack_is_narrowed(const struct desk *d);
/* Writes sayings, and shows what they change. */
ATTR_NODISCARD enum err_code desk_write_said(struct desk *d,
					     const struct case_sayings *say,
					     struct err *err);
/* What was written, or what could not be. Returns rc. */
enum err_code desk_written(struct desk *d, enum err_code rc,
			   const struct err *err);

#endif /* TRAWL_DESK_PRIVATE_H */
