/* SPDX-License-Identifier: MIT */
/*
 * calls.h - what the services put into their records
 *
 * One table a group of services, in calls_*.c, each ended by an entry
 * without a name. To add a call, add a row.
 */
#ifndef SAMPLEGEN_CALLS_H
#define SAMPLEGEN_CALLS_H

#include "base/str.h"
#include "gen/event.h"

extern const struct call calls_iam[];
extern const struct call calls_iam_read[];
extern const struct call calls_sts[];
extern const struct call calls_ec2[];
extern const struct call calls_ec2_run[];
extern const struct call calls_s3[];
extern const struct call calls_lambda[];
extern const struct call calls_data[];
extern const struct call calls_logging[];

/* The row, or NULL. */
const struct call *call_find(const char *name);

/* The part before the colon, and the part behind it. */
struct str call_service(const char *name);
const char *call_event_name(const char *name);

/* readOnly, from its flags or from how the name begins. */
bool call_is_read(const struct call *c, const char *name);

#endif /* SAMPLEGEN_CALLS_H */
