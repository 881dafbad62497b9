/* SPDX-License-Identifier: MIT */
/*
 * subject.h - which identity a command was asked about
 *
 * An id that may mean several things is not guessed: all of them are listed
 * on standard error, with kind and events, and the command ends as misused.
 *
 * Layer: cli.
 */
#ifndef TRAWL_SUBJECT_H
#define TRAWL_SUBJECT_H

#include "cli/session.h"

struct subject {
	node_id *node; /* what the id means */
	size_t n;      /* one; several sessions of one name where allowed */
	int64_t at;    /* of an eventID: its time; else TIME_NONE */
};

/*
 * `sessions` says that the sessions of one principalId, one after the other,
 * are one to the command: those of an instance, which renews hourly, say.
 * ERR_USAGE when nothing, or several things, are called that.
 */
ATTR_NODISCARD enum err_code subject_find(struct subject *out,
					  struct session *s, const char *id,
					  bool sessions, struct err *err);
void subject_release(struct subject *subject);

#endif /* TRAWL_SUBJECT_H */
