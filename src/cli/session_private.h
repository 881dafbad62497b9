/* SPDX-License-Identifier: MIT */
/*
 * session_private.h - what a session says of its load on standard error
 *
 * Each message is left out with --quiet; what it is about is in the exit status
 * all the same.
 *
 * Layer: cli, inside.
 */
#ifndef TRAWL_SESSION_PRIVATE_H
#define TRAWL_SESSION_PRIVATE_H

#include "cli/session.h"
#include "query/run.h"

/* Before the load. A rule that cannot run is input that cannot be read: who
 * asked for it must not take silence for an answer. */
void session_tell_rule_problems(struct session *s);
/* What became of rules and lists, and whether a signal ended it. */
void session_tell_load(struct session *s);
/* What a filter could not decide is no answer. */
void session_tell_undecided(struct session *s, const struct query_progress *p);
/* What has no time lies in no span. */
void session_tell_untimed(const struct session *s);
/* What was skipped. Digests, one an hour and Region, would hide what was
 * lost, so they are told with --verbose alone. */
void session_tell_skips(const struct session *s);
/* Silence that an analyst asked for, and what is wrong with the case. */
void session_tell_case(const struct session *s);

#endif /* TRAWL_SESSION_PRIVATE_H */
