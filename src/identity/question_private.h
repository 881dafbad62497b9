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

/* Sorts what was found into `out`; see question.h for the order. */
void suspects_list(struct suspects *out, const struct lineage *l,
		   const struct marks *marks, const struct suspect *found,
		   size_t n);

/* Revocation in the making. */
struct revoking {
	const struct lineage *l;
	struct revocation *out;
	struct reach reach;
	uint32_t *reached; /* by node: number in reach + 1 */
	size_t credential_cap;
	struct held *held; /* sessions that are still good */
	size_t held_n, held_cap;
	uint8_t *listed; /* machines that have a credential */
};

struct credential *revoke_add(struct revoking *r, enum credential_kind kind,
			      node_id node, row_id row,
			      enum certainty certainty);
bool revoke_has_ended(const struct revoking *r, node_id node);
bool revoke_is_root(const struct lineage *l, node_id principal);

/* What users and accounts were given to sign in with; whom policies let in. */
void revoke_gifts(struct revoking *r);
void revoke_openings(struct revoking *r);

#endif /* TRAWL_QUESTION_PRIVATE_H */
