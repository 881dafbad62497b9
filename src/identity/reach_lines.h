/* SPDX-License-Identifier: MIT */
/*
 * reach_lines.h - what came of somebody, as lines for people
 *
 * The sessions of one name that came of one node are one line; the keys of a
 * session are the session.
 *
 * Layer: identity. Cost: O(what was reached). Threads: any.
 */
#ifndef TRAWL_REACH_LINES_H
#define TRAWL_REACH_LINES_H

#include "identity/question.h"

struct reach_line {
	uint32_t at; /* the first of them, in reach.at */
	uint32_t n, events;
};

struct reach_lines {
	struct reach_line *line;
	size_t n;
};

void reach_lines_of(struct reach_lines *out, const struct lineage *l,
		    const struct reach *r);
void reach_lines_release(struct reach_lines *r);

/* The verb from the one that was reached before: some links point up. Not of
 * the node that was asked about. */
const char *reached_verb(const struct reached *at);

#endif /* TRAWL_REACH_LINES_H */
