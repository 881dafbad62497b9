/* SPDX-License-Identifier: MIT */
/*
 * line_id.h - what trawl calls the entry of a log that has no id of its own
 *
 * Apart, since what it asks knows another `struct event`.
 */
#ifndef SAMPLEGEN_LINE_ID_H
#define SAMPLEGEN_LINE_ID_H

#include "base/strbuf.h"

/* Adds "h:" and a hash of the record that a line becomes. Exits when it is no
 * entry of S3's access log. */
void line_id(struct str line, struct strbuf *out);

#endif /* SAMPLEGEN_LINE_ID_H */
