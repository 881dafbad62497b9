/* SPDX-License-Identifier: MIT */
/*
 * plan_private.h - what plan.c and plan_leaf.c share
 *
 * Layer: query, inside.
 */
#ifndef TRAWL_PLAN_PRIVATE_H
#define TRAWL_PLAN_PRIVATE_H

#include "query/matcher_private.h"
#include "query/plan.h"

/* What a plan is asked about. */
struct plan_subject {
	const struct store *store;
	const struct marks *marks; /* or NULL */
	struct match_scratch *s;
};

/* The rows that meet a test that needs no record. */
struct bits plan_leaf(const struct plan_subject *x, const struct mtest *t);

/* The same for an origin or an incident; kin.c. */
struct bits kin_leaf(const struct plan_subject *x, const struct mtest *t);

#endif /* TRAWL_PLAN_PRIVATE_H */
