/* SPDX-License-Identifier: MIT */
/*
 * case_merge.h - two analysts' cases as one
 *
 * All lines of both, those that both have once, in the order of their times;
 * of one author the order is kept in which that author wrote. What comes out
 * depends on what the two say alone, not on which is named first, and merging
 * again changes nothing. Since of what two lines say about one thing the last
 * holds, a merged case says what was said last.
 *
 * A disposition that both gave to one match, each without knowing the other's,
 * is a conflict: the later one holds, and it is told.
 *
 * Cost: O(lines log lines + events of dispositions). Layer: casework.
 */
#ifndef TRAWL_CASE_MERGE_H
#define TRAWL_CASE_MERGE_H

#include "casework/case_book.h"

/* Two dispositions of some matches of one rule; `holds` is the later one. */
struct case_conflict {
	struct case_item holds, other;
	size_t events; /* of these matches */
};

struct case_conflicts {
	struct case_conflict *item;
	size_t n, cap;
	struct arena arena;
};

void case_conflicts_init(struct case_conflicts *x);
void case_conflicts_release(struct case_conflicts *x);

/* Adds the text of the case that both come to, header and all. */
void case_merge(const struct case_file *a, const struct case_file *b,
		struct strbuf *out, struct case_conflicts *conflicts);

#endif /* TRAWL_CASE_MERGE_H */
