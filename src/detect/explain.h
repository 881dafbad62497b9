/* SPDX-License-Identifier: MIT */
/*
 * explain.h - why a rule matched an event, or why it did not
 *
 * Each selection of the rule with its parts (query/why.h): what is wanted, in
 * the filter language, and what the event has there. The same for a rule that
 * is silent: it shows what failed. Of a rule that is decided after the load
 * (correlations, those that ask the graph or what was usual, indicators) also
 * whether it was found at the event, in which words, and for a correlation
 * which of the rules that it counts the event matches.
 *
 * Layer: detect. Threads: one at a time.
 */
#ifndef TRAWL_EXPLAIN_H
#define TRAWL_EXPLAIN_H

#include "detect/detector.h"
#include "query/why.h"

struct explained_selection {
	struct str name;
	bool met;
	size_t first, n; /* its lines in `why` */
};

/* A rule that a correlation counts. */
struct explained_ref {
	const struct rule *rule;
	bool met; /* by this event */
};

enum { EXPLAINED_NOTES = 8 };

/* Of a rule that is decided after the load. */
struct explained_after {
	bool known;             /* explain_after was asked, and it is one */
	size_t here, elsewhere; /* matches; of a correlation, episodes */
	struct str note[EXPLAINED_NOTES];  /* of those here; raw */
	struct str group[EXPLAINED_NOTES]; /* likewise, of episodes */
	size_t note_n;
	struct explained_ref *ref;
	size_t ref_n;
};

struct explanation {
	const struct ruleset_rule *rule;
	bool met; /* the condition; of a rule that asks the graph: no more than
		     that the event is a candidate */
	struct explained_selection *selection;
	size_t selection_n;
	struct why why;
	struct explained_after after;
};

/* The event must live as long as it is read. A rule without a detection has
 * no selections. `row` may be NULL. */
void explain_rule(struct explanation *out, const struct ruleset_rule *r,
		  const struct event *e, const struct match_row *row);
/* Adds what the load found of a rule that is decided after it; nothing of
 * others. Rules and matches outlive the explanation. O(matches). */
void explain_after(struct explanation *x, const struct ruleset *rs,
		   const struct rule_matches *m, const struct event *e,
		   const struct match_row *row);
void explanation_release(struct explanation *x);

/*
 * Adds lines for people, raw: log data is in them. "+" stands before what is
 * met, "-" before what is not. One "\n" ends each.
 */
void explanation_describe(const struct explanation *x, struct strbuf *out);

#endif /* TRAWL_EXPLAIN_H */
