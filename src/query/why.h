/* SPDX-License-Identifier: MIT */
/*
 * why.h - which parts of a condition an event meets, and by which values
 *
 * One line for each node of a tree (expr.h), parents before their members.
 * Every part is tested by the same matcher that decides about filters and
 * rules, so that what is told is what was done.
 *
 * Cost: a matcher for each line; for a condition and an event that somebody
 * looks at. Layer: query. Threads: one at a time.
 */
#ifndef TRAWL_WHY_H
#define TRAWL_WHY_H

#include "query/matcher.h"

enum { WHY_LINES = 1000, WHY_VALUES = 16 };

struct why_line {
	unsigned depth;
	enum expr_kind kind;
	bool met;
	/* Of a test: what is wanted, in the filter language, and the path. */
	struct str wanted, path;
	/* What the event has there; none: nothing. At most WHY_VALUES. */
	const struct str *found;
	size_t found_n;
};

struct why {
	struct arena arena;
	struct why_line *line;
	size_t n, cap;
	bool cut; /* there were more than WHY_LINES */
};

void why_init(struct why *w);
void why_release(struct why *w);

/* Adds the lines of a tree; returns whether the event meets it. The event
 * must live as long as the lines are read. `row` may be NULL. */
bool why_add(struct why *w, const struct expr *e, const struct event *event,
	     const struct match_row *row, struct match_scratch *s);

#endif /* TRAWL_WHY_H */
