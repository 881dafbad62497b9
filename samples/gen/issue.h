/* SPDX-License-Identifier: MIT */
/*
 * issue.h - events that open sessions
 *
 * Each writes the issuing event (or events) at a time and fills in the child:
 * created is that time, key the key that the response names. Console and
 * Identity Center sessions use other keys than the issued one, as they do in
 * real trails.
 *
 * `e` gives time and region, and the id when it belongs to a story.
 */
#ifndef SAMPLEGEN_ISSUE_H
#define SAMPLEGEN_ISSUE_H

#include "gen/scene.h"

/* AssumeRole by a user or a session: two copies when the role's account is
 * another one. Services as callers get what services get. */
void issue_role(struct scene *sc, struct event *e, struct session *child);
/* AssumeRole by EC2 for each of n sessions of one instance, one second. */
void issue_instance(struct scene *sc, struct event *e, struct session *child[],
		    size_t n);
/* ConsoleLogin with MFA (or whatever s->mfa says), CheckMfa before it. */
void issue_console(struct scene *sc, struct event *e, struct session *s);
/* The console's SwitchRole and its AssumeRole twin. */
void issue_switch(struct scene *sc, struct event *e, struct session *child);
/* AssumeRoleWithSAML of an Identity Center user, and GetRoleCredentials in
 * the portal's account; for a child in the console Federate instead, and
 * ConsoleLogin. */
void issue_portal(struct scene *sc, struct event *e, struct session *portal,
		  struct session *child);
/* AssumeRoleWithWebIdentity by the workflow e->by. */
void issue_web(struct scene *sc, struct event *e, struct session *child);
/* GetSessionToken, GetFederationToken. */
void issue_token(struct scene *sc, struct event *e, struct session *child);

#endif /* SAMPLEGEN_ISSUE_H */
