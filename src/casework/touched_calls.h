/* SPDX-License-Identifier: MIT */
/*
 * touched_calls.h - which calls touch data
 *
 * Layer: casework, inside.
 */
#ifndef TRAWL_TOUCHED_CALLS_H
#define TRAWL_TOUCHED_CALLS_H

#include "casework/calls.h"
#include "casework/touched.h"

/* What a call touches, and how. Paths begin at the record; `object` is part of
 * the resource; `with` is whom it was shared with, paths with blanks between
 * them: names, or the policy that says it. In order of services. */
struct touch_call {
	struct call_name name;
	const char *kind;
	enum touch how;
	const char *resource, *object, *with;
};

extern const struct touch_call touch_calls[];
extern const size_t touch_calls_n;

#endif /* TRAWL_TOUCHED_CALLS_H */
