/* SPDX-License-Identifier: MIT */
/*
 * insight.h - what a CloudTrail Insights event says
 *
 * A call was made, or failed, more often than the account's baseline of about
 * a week says. The event names the call, both rates as calls a minute, and for
 * identities, user agents and error codes how often each was seen before and
 * then. One with state Start tells of the first minutes, one with state End of
 * all of it; the two have one sharedEventID. Rows of CloudTrail Lake have
 * names of their own, and no identities.
 *
 * Texts point into the record. Layer: model. Threads: any.
 */
#ifndef TRAWL_INSIGHT_H
#define TRAWL_INSIGHT_H

#include "base/strbuf.h"
#include "model/event.h"

/* An identity, agent or code, and how often it was seen. */
struct insight_value {
	struct str text;
	double usual, then; /* calls a minute */
};

enum { INSIGHT_VALUES = 8 };

struct insight_values {
	struct insight_value value[INSIGHT_VALUES]; /* most then first */
	size_t n;
};

struct insight {
	struct str source, name; /* of the call */
	struct str error;        /* of an ApiErrorRateInsight */
	struct str state;        /* Start, End */
	bool errors;             /* it is one of those */
	double usual, then;      /* calls a minute; below 0: not said */
	int64_t from, to;        /* ms, to the minute; TIME_NONE: not said */
	struct insight_values identities, agents, codes;
};

/* False when the event is none, or names no call. */
bool insight_read(struct insight *out, const struct event *e);

/* Is it the one that stands out, rather than one that called as ever? More
 * than twice as often as before. */
bool insight_stands_out(const struct insight_value *v);

/* Adds "0.6", "0.000088". */
void insight_tell_rate(double rate, struct strbuf *out);
/* Adds "0.6 calls a minute, 0.000088 are usual". Nothing when it is not
 * said. */
void insight_tell_rates(const struct insight *i, struct strbuf *out);

#endif /* TRAWL_INSIGHT_H */
