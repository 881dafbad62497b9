/* SPDX-License-Identifier: MIT */
/*
 * explain.h - why a rule matched an event, or why it did not
 *
 * Each selection of the rule with its parts (query/why.h): what is wanted, in
 * the filter language, and what the event has there. The same for a rule that
 * is silent: it shows what failed.
 *
 * Layer: detect. Threads: one at a time.
 */
#ifndef TRAWL_EXPLAIN_H
#define TRAWL_EXPLAIN_H

#include "detect/ruleset.h"
#include "query/why.h"

struct explained_selection {
	struct str name;
	bool met;
	size_t first, n; /* its lines in `why` */
};

struct explanation {
	const struct ruleset_rule *rule;
	bool met; /* the condition; of a rule that asks the graph: no more than
		     that the event is a candidate */
	struct explained_selection *selection;
	size_t selection_n;
	struct why why;
};

/* The event must live as long as it is read. A rule without a detection has
 * no selections. `row` may be NULL. */
void explain_rule(struct explanation *out, const struct ruleset_rule *r,
		  const struct event *e, const struct match_row *row);
void explanation_release(struct explanation *x);

/*
 * Adds lines for people, raw: log data is in them. "+" stands before what is
 * met, "-" before what is not. One "\n" ends each.
 */
void explanation_describe(const struct explanation *x, struct strbuf *out);

#endif /* TRAWL_EXPLAIN_H */
