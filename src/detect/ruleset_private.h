/* SPDX-License-Identifier: MIT */
/*
 * ruleset_private.h - what ruleset.c and ruleset_link.c share
 *
 * Layer: detect, inside.
 */
#ifndef TRAWL_RULESET_PRIVATE_H
#define TRAWL_RULESET_PRIVATE_H

#include "detect/rule_index.h"
#include "detect/rule_look.h"
#include "detect/ruleset.h"

struct ruleset {
	struct arena arena;
	struct ruleset_rule **rule; /* each in the arena */
	size_t n, cap;
	struct rule_problem *problem;
	size_t problem_n, problem_cap;
	struct rule_lookup lookup;
	struct rule_looks looks; /* once sealed */
	struct placeholders placeholders;
	struct hash128 digest;
	bool sealed;
};

/* Correlations find the rules that they name, say which fields are to be
 * noted with their matches, and silence them. */
void ruleset_link(struct ruleset *rs);
/* Filters become part of the rules that they name. */
void ruleset_filter(struct ruleset *rs);

/* By id, by name, by title: 0 to 2. */
struct str ruleset_name_of(const struct rule *r, int by);

#endif /* TRAWL_RULESET_PRIVATE_H */
