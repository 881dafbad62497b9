/* SPDX-License-Identifier: MIT */
/*
 * question_private.h - what the answers to questions share
 *
 * Layer: identity, inside.
 */
#ifndef TRAWL_QUESTION_PRIVATE_H
#define TRAWL_QUESTION_PRIVATE_H

#include "identity/question.h"

enum { REACH_SLACK = 2 * 1000 /* ms: events of one second, and clocks */ };

/* What is followed beside keys, sessions, what was made or taken over. */
struct reach_rules {
	bool changes;  /* whose rights were changed */
	bool openings; /* who was let in */
	bool hints;
	int64_t since; /* not before; TIME_NONE: from the beginning */
};

/* As reach_of, from several nodes together. */
void reach_spread(struct reach *out, const struct lineage *l,
		  const node_id *node, size_t n,
		  const struct reach_rules *rules);

#endif /* TRAWL_QUESTION_PRIVATE_H */
