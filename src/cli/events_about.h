/* SPDX-License-Identifier: MIT */
/*
 * events_about.h - the calls that an Insight or a finding is about
 *
 * Layer: cli. Threads: one.
 */
#ifndef TRAWL_EVENTS_ABOUT_H
#define TRAWL_EVENTS_ABOUT_H

#include "cli/session.h"

/* Leaves of the session's rows those that --about asks for. ERR_USAGE for what
 * is no event, or is about no calls. */
ATTR_NODISCARD enum err_code events_about(struct session *s, struct err *err);

#endif /* TRAWL_EVENTS_ABOUT_H */
