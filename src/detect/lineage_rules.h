/* SPDX-License-Identifier: MIT */
/*
 * lineage_rules.h - rules that ask who somebody really is
 *
 * Single events are tested while they are loaded (detector.h). What takes the
 * whole graph of identities is found afterwards, over the store, lineage and
 * site of one snapshot, by the rules that have a `lineage` section; their
 * matches then fold, filter and mark like any other.
 *
 * Cost: a few passes over rows, nodes and edges, not one for each rule and
 * event. Layer: detect. Threads: any; nothing is written but *matches.
 */
#ifndef TRAWL_LINEAGE_RULES_H
#define TRAWL_LINEAGE_RULES_H

#include "detect/detector.h"
#include "identity/lineage.h"
#include "model/site.h"

/* What the rules are asked of, and how. */
struct lineage_asked {
	const struct store *store;
	const struct site *site;
	/* Gives the graph of the store. Called once, in any thread, whatever
	 * the rules are: what they ask of the store alone is found while the
	 * graph is made. */
	const struct lineage *(*graph)(void *context);
	void *context;
	unsigned threads;                /* 0 is 1 */
	const struct captures *captures; /* noted with the matches */
};

/*
 * Adds what the lineage rules of a sealed set find, each match with a note.
 * Matches that a rule's own `detection` brought are what it starts from: of
 * those only the ones that it finds stay. The order is kept. Returns how many
 * rows a rule could not judge: then no alert is no answer.
 */
uint64_t lineage_rules_apply(const struct ruleset *rs,
			     const struct lineage_asked *asked,
			     struct rule_matches *matches);

#endif /* TRAWL_LINEAGE_RULES_H */
