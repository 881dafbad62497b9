/* SPDX-License-Identifier: MIT */
/*
 * rule_index.h - from an event's names to the rules that could match it
 *
 * A rule that needs one of some eventNames is found by each of them, else one
 * that needs one of some eventSources by those; the others could match any
 * event. Rules about what lies beside CloudTrail are few, and found by kind.
 *
 * Layer: detect. Threads: any number may look up once it is built.
 */
#ifndef TRAWL_RULE_INDEX_H
#define TRAWL_RULE_INDEX_H

#include "base/intern.h"
#include "detect/ruleset.h"

/* Texts to rules: those of text i are rule[start[i]] to rule[start[i + 1]]. */
struct rule_table {
	struct intern text; /* in lower case */
	uint32_t *start;
	rule_index *rule;
};

/* Where rules are gathered. */
struct rule_list {
	rule_index *rule;
	size_t n, cap;
};

struct rule_lookup {
	struct rule_table by_name, by_source;
	struct rule_list always;
	struct rule_list beside[EVENT_KIND_COUNT]; /* of kinds of no records */
};

void rule_lookup_init(struct rule_lookup *l);
void rule_lookup_release(struct rule_lookup *l);

/* `rule` are n rules; those without a matcher are left out. */
void rule_lookup_build(struct rule_lookup *l, struct ruleset_rule *const *rule,
		       size_t n);

/* Finds the rules that could match an event: ascending, each once. */
void rule_lookup_find(const struct rule_lookup *l, const struct event *e,
		      struct rule_list *out);

#endif /* TRAWL_RULE_INDEX_H */
