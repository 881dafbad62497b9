/* SPDX-License-Identifier: MIT */
/*
 * profile.h - the page of one identity
 *
 * What it did, what was done to it, whose it is and who may be behind it, and
 * which credentials have to be revoked.
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_PANES_PROFILE_H
#define TRAWL_PANES_PROFILE_H

#include "identity/lineage.h"
#include "ui/pane.h"

/* Where on the page: its beginning, what was done to it, what to revoke. */
enum profile_part { PROFILE_TOP, PROFILE_DONE_TO, PROFILE_REVOKE };

/* Goes to the page of a node. */
void profile_go(struct app *app, const struct lineage *l, node_id node,
		enum profile_part part);

/* Whose page an acting node opens: of a user's key the user's. */
node_id profile_subject(const struct lineage *l, node_id acting);

#endif /* TRAWL_PANES_PROFILE_H */
