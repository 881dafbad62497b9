/* SPDX-License-Identifier: MIT */
/*
 * fill.h - templates and what their placeholders stand for
 *
 * Payloads are written as JSON with ${placeholders}. In C, where a quote
 * costs a backslash, ' stands for " and ` for \" (a quote inside a string
 * that holds JSON itself).
 *
 * ${name} is the value of an argument, ${name|default} has a default;
 * arguments come as "name=value;name=value" and may hold placeholders. These
 * are known beside the arguments:
 *
 *   account region me caller callerId       where, and who calls
 *   iso iam sts sts+SECONDS epoch ms date   the time, as services write it
 *   request host                            the requestID, the endpoint
 *   uuid hexN upperN alnumN digitsN base64N N characters of chance
 *   AIDA:arg AROA:arg ANPA:arg AGPA:arg AIPA:arg
 *                                  the unique id of the principal
 *                                  that the argument names
 */
#ifndef SAMPLEGEN_FILL_H
#define SAMPLEGEN_FILL_H

#include "base/strbuf.h"
#include "gen/rng.h"
#include "gen/session.h"

struct fill {
	const char *args; /* NULL: none */
	bool text;        /* not JSON: ' and ` are themselves */
	const struct session *by;
	const char *account; /* in whose trail the record is */
	const char *region;
	const char *host;
	const char *request_id;
	int64_t time;
	struct rng *rng;
};

/* The argument's own text; false when it is not given. */
bool fill_arg(const struct fill *f, const char *name, struct str *value);

/* Adds the template filled in. An unknown placeholder is a mistake in the
 * scenario and ends the program. */
void fill_text(struct strbuf *out, struct str template, const struct fill *f);

#endif /* SAMPLEGEN_FILL_H */
