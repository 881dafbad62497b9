/* SPDX-License-Identifier: MIT */
/*
 * rule_gate.h - rules that one field of an event lets through
 *
 * A rule that names no eventName mostly asks for something of one field: a
 * tool in the userAgent, an errorCode. A gate stands for one such path and
 * the rules that need something of it. Events repeat their values, so what a
 * gate says of a text is remembered, and most events cost a look-up where
 * they would cost all these rules. A gate may let through a rule that does
 * not match, never the reverse.
 *
 * Layer: detect. Threads: gates are shared once they are built; a memory is
 * one thread's.
 */
#ifndef TRAWL_RULE_GATE_H
#define TRAWL_RULE_GATE_H

#include "base/intern.h"
#include "query/matcher.h"

/* A rule and what it needs of the gate's path. */
struct gated {
	uint32_t rule;
	struct matcher *part;
};

struct rule_gate {
	struct match_path path;
	struct gated *rule; /* ascending */
	size_t n, cap;
};

struct rule_gates {
	struct arena arena; /* the paths */
	struct rule_gate *gate;
	size_t n, cap;
	size_t rules; /* behind all gates */
};

void rule_gates_init(struct rule_gates *g);
void rule_gates_release(struct rule_gates *g);

/*
 * Puts rules behind gates, as few gates as a simple choice finds. condition[i]
 * is what rule[i] asks, by ascending rule; those that no gate could hold are
 * left in `rule`, whose new number is returned.
 */
size_t rule_gates_build(struct rule_gates *g,
			const struct expr *const *condition, uint32_t *rule,
			size_t n);

/* What gates said of texts that came before. Bounded. */
struct gate_memory;

struct gate_memory *gate_memory_new(const struct rule_gates *g);
void gate_memory_free(struct gate_memory *m);

/* Where rules are gathered. */
struct rule_list {
	uint32_t *rule;
	size_t n, cap;
};

void rule_list_add(struct rule_list *l, const uint32_t *rule, size_t n);

/* Adds the rules that the gates let through for an event. */
void rule_gates_pass(const struct rule_gates *g, struct gate_memory *m,
		     const struct event *e, struct match_scratch *s,
		     struct rule_list *out);

#endif /* TRAWL_RULE_GATE_H */
