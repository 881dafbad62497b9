/* SPDX-License-Identifier: MIT */
/*
 * profile.h - the page of whatever can be named
 *
 * Calls, who, addresses, agents, resources, alerts; of an identity also what was
 * done to it, whose it is and who may be behind it, and which credentials have
 * to be revoked.
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

/* Goes to the page of whatever is called that (casework/entity.h); what is
 * not there is told. */
void profile_go_to(struct app *app, struct str words, enum profile_part part);

/* Goes to the page of a value of a field, or of a path of records; false when
 * there is none. */
bool profile_go_to_value(struct app *app, struct str field, struct str value);

/* Whose page an acting node opens: of a user's key the user's. */
node_id profile_subject(const struct lineage *l, node_id acting);

#endif /* TRAWL_PANES_PROFILE_H */
