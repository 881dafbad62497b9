/* SPDX-License-Identifier: MIT */
/*
 * matches.h - which rules match which rows
 *
 * The largest thing that rules leave behind: there may be several for each
 * event. They are brought into order where they stand, without a second copy.
 *
 * Layer: detect. Ownership: rule_matches owns all it points to. Threads: one.
 */
#ifndef TRAWL_MATCHES_H
#define TRAWL_MATCHES_H

#include "base/intern.h"
#include "detect/episode.h"
#include "detect/ruleset.h"
#include "store/rowset.h"

_Static_assert(RULES_MOST <= UINT16_MAX + 1, "a rule's number has room");

struct rule_match {
	row_id row;
	/* In rule_matches.notes; 0: none. Of a correlation: in its episodes.
	 * Of a rule that captures, until correlations_apply: what it did. */
	uint32_t note;
	uint16_t rule;
	uint8_t lower; /* levels below the rule's */
};

static inline struct rule_match rule_match_of(row_id row, rule_index rule,
					      uint32_t note, unsigned lower)
{
	return (struct rule_match){ .row = row,
				    .note = note,
				    .rule = (uint16_t)rule,
				    .lower = (uint8_t)lower };
}

/* By row, then rule, each once; of a correlation once for each episode. */
struct rule_matches {
	struct rule_match *match;
	size_t n;
	struct intern *notes;      /* what is told of a match; NULL: of none */
	struct episodes *episodes; /* of correlations; NULL: none */
};

void rule_matches_release(struct rule_matches *m);

/* a comes before b in rule_matches. */
static inline bool rule_match_is_before(const struct rule_match *a,
					const struct rule_match *b)
{
	return a->row != b->row ? a->row < b->row : a->rule < b->rule;
}

/* Into the order of rule_matches; equal ones stay in theirs. For few: O(n),
 * 40 bytes for each beside them. */
void rule_matches_sort(struct rule_match *m, size_t n);
/* The same for many, no two of which are equal, of rows below `rows`.
 * O(n + rows), in place but for some 1/2,000 of them. */
void rule_matches_place(struct rule_match *m, size_t n, row_id rows);
/* Puts more, sorted, between those that there are; equal ones behind them. */
void rule_matches_merge(struct rule_matches *m, const struct rule_match *more,
			size_t more_n);

#endif /* TRAWL_MATCHES_H */
