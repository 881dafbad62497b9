/* SPDX-License-Identifier: MIT */
/*
 * target.h - what a call was about, in a few words
 *
 * The one thing that a reader has to know beside the call's name: the user
 * that was made, the bucket that was read. It is taken out of the request,
 * else out of `resources`; it is for showing, not for matching.
 *
 * Layer: model. Threads: any.
 */
#ifndef TRAWL_TARGET_H
#define TRAWL_TARGET_H

#include "model/event.h"

/* "user/eve", "s3://logs", "trail/main"; of several things the first, and
 * " +2". Empty when nothing is said. Text of the record's, or of the arena. */
struct str event_target(const struct event *e, struct arena *arena);

/* The name of the object in its bucket, or empty. */
struct str event_object(const struct event *e);

#endif /* TRAWL_TARGET_H */
