/* SPDX-License-Identifier: MIT */
/*
 * about.h - the calls that an event is about
 *
 * Insights and findings tell of calls by others: of which kind, by whom, from
 * where, between when and when; what went through an endpoint of a VPC tells of
 * the call that it was. What they say becomes a filter, which the screen and the
 * batch commands use like one that was typed; texts of the record cannot add to
 * it.
 *
 * Layer: casework. Threads: any.
 */
#ifndef TRAWL_ABOUT_H
#define TRAWL_ABOUT_H

#include "base/strbuf.h"
#include "model/event.h"

/* Adds the filter that finds them. False, and nothing is added, for an event
 * that is about no calls, or does not say enough. */
bool about_filter(const struct event *e, struct strbuf *out);

#endif /* TRAWL_ABOUT_H */
