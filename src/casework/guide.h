/* SPDX-License-Identifier: MIT */
/*
 * guide.h - the questions of a rule, asked about one event
 *
 * A step of `investigate:` names values of the event that alerted in braces:
 * `ip:{sourceIPAddress} and event:Create*`. Filled in, each stands for exactly
 * that value, whatever it is made of. A path goes through arrays as it does in
 * a filter; several values become alternatives.
 *
 * Layer: casework. Threads: any.
 */
#ifndef TRAWL_GUIDE_H
#define TRAWL_GUIDE_H

#include "base/err.h"
#include "base/strbuf.h"
#include "model/event.h"

enum { GUIDE_VALUES = 64 }; /* of one path; more are cut off */

/*
 * Adds the filter that `step` becomes for an event. ERR_FORMAT, and nothing
 * that may be used in `out`, when the event has no value at a path.
 */
ATTR_NODISCARD enum err_code guide_filter(struct strbuf *out, struct str step,
					  const struct event *e,
					  struct err *err);

#endif /* TRAWL_GUIDE_H */
