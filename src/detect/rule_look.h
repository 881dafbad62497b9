/* SPDX-License-Identifier: MIT */
/*
 * rule_look.h - what rules say of events that look alike
 *
 * Trails repeat themselves: of a million calls a few hundred are different
 * ones, and what rules ask of them beside their names is mostly the same few
 * fields (look_paths.h). The look of an event is its names, its outcome and
 * what these fields are to the rules that its names leave. For each look it is
 * remembered which rules its events match, which they cannot match, and which
 * have to be tested because they ask something else as well. So most events
 * cost a few look-ups, however many rules there are.
 *
 * Layer: detect. Threads: rule_looks are shared once they are built; a memory
 * is one thread's.
 */
#ifndef TRAWL_RULE_LOOK_H
#define TRAWL_RULE_LOOK_H

#include "detect/look_paths.h"
#include "detect/rule_index.h"

struct rule_looks {
	struct match_path name, source;
	struct look_paths paths;
	struct ruleset_rule *const *rule;
	const struct rule_lookup *lookup;
	size_t rules; /* that run */
};

/* The rules and the lookup outlive it. */
void rule_looks_build(struct rule_looks *l, struct ruleset_rule *const *rule,
		      size_t n, const struct rule_lookup *lookup);
void rule_looks_release(struct rule_looks *l);

/* What is known of looks that came before. Bounded. */
struct look_memory;

struct look_memory *look_memory_new(const struct rule_looks *l);
void look_memory_free(struct look_memory *m);

struct look_rule {
	rule_index rule;
	bool sure; /* it matches; else it has to be tested */
};

struct rule_look {
	const struct look_rule *rule; /* ascending */
	size_t n;
};

/* The rules that an event can match. Valid until the next call. */
struct rule_look rule_look_of(const struct rule_looks *l, struct look_memory *m,
			      const struct event *e, struct match_scratch *s);

#endif /* TRAWL_RULE_LOOK_H */
