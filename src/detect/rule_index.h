/* SPDX-License-Identifier: MIT */
/*
 * rule_index.h - from an event's names to the rules that could match it
 *
 * A rule that needs one of some eventNames is found by each of them, else one
 * that needs one of some eventSources by those, else one that needs something
 * of another field by what that field says (rule_gate.h); the few that are
 * left are always tried.
 *
 * Layer: detect. Threads: any number may look up once it is built.
 */
#ifndef TRAWL_RULE_INDEX_H
#define TRAWL_RULE_INDEX_H

#include "detect/rule_gate.h"
#include "detect/ruleset.h"

/* Texts to rules: those of text i are rule[start[i]] to rule[start[i + 1]]. */
struct rule_table {
	struct intern text; /* in lower case */
	uint32_t *start;
	rule_index *rule;
};

struct rule_lookup {
	struct rule_table by_name, by_source;
	struct rule_gates gates;
	rule_index *always;
	size_t always_n;
	struct ruleset_index counts;
};

void rule_lookup_init(struct rule_lookup *l);
void rule_lookup_release(struct rule_lookup *l);

/* `rule` are n rules; those without a matcher, or not
 * about CloudTrail, are left out. */
void rule_lookup_build(struct rule_lookup *l, struct ruleset_rule *const *rule,
		       size_t n);

/* Fills s->candidate, ascending. */
void rule_lookup_find(const struct rule_lookup *l, const struct event *e,
		      struct rule_scratch *s);

#endif /* TRAWL_RULE_INDEX_H */
