/* SPDX-License-Identifier: MIT */
/*
 * alert.h - what rules found, folded for a person
 *
 * All matches of one rule by one actor are one alert; of a correlation, all
 * episodes of one group. Alerts are in order of their score, then time, then
 * title, and nothing in that order depends on how the events came in. What a
 * score is made of says score.h.
 *
 * Layer: detect. Ownership: alerts borrow from the ruleset, from the store and
 * from the notes of the matches, which outlive them. Threads: any number may read.
 */
#ifndef TRAWL_ALERT_H
#define TRAWL_ALERT_H

#include "detect/detector.h"
#include "detect/row_account.h"
#include "detect/score.h"
#include "store/marks.h"

/* Values of a store's column, in the order in which they were first seen. */
struct alert_values {
	const uint32_t *value;
	size_t n;
};

/* What is told of its matches, in the order in which it is first told. */
struct alert_notes {
	const struct str *note; /* raw: log data is in it */
	size_t n;
	size_t more;              /* different ones that are left out */
	const struct str *of_row; /* by row of the alert; NULL: none has one */
};

enum { ALERT_NOTES = 20 };

struct alert {
	rule_index rule_number;
	const struct rule *rule;
	uint32_t fold;  /* what its matches are folded by, beside the rule */
	uint32_t actor; /* value of EVENT_ACTOR, of what is told first */
	struct str actor_text; /* its address, where nobody acts */
	struct str group;      /* of a correlation, as its episodes' label */
	size_t count;          /* matches: rows, or episodes of a correlation */
	struct rowset rows;    /* a view; ascending */
	struct rowset own;     /* the same, or those of its episodes' own */
	row_id told;           /* what to look at first: the first match of its
				level; of a correlation what tells its first
				episode */
	enum level level;      /* the highest of its matches */
	size_t outcome[3];     /* rows by enum event_outcome */
	int64_t first, last;   /* TIME_NONE when no row has a time */
	struct alert_values accounts; /* numbers of row_account.h */
	struct alert_values regions, addresses;
	struct alert_score score;
	struct alert_notes notes;
	const uint8_t *lower; /* levels below the rule's, by row; NULL: none */
	const struct episode *const *episode; /* of a correlation: count */
};

/* What sets it apart from the other alerts of its rule. */
static inline struct str alert_fold_text(const struct alert *a)
{
	return a->group.n ? a->group : a->actor_text;
}

struct alerts {
	struct alert *alert;
	size_t n;
	struct arena *arena; /* what they point to */
	size_t arena_n;
};

/* Rules that are silent raise none; an episode of which a match is there is
 * there as a whole. An alert weighs the same whichever of its matches are
 * folded: `scores` are those of all matches. Without them, NULL, the alerts are
 * in the order of rule and fold, for scores_find. O(matches), on `threads`. */
void alerts_fold(struct alerts *out, const struct ruleset *rs,
		 const struct store *s, const struct rule_matches *matches,
		 const struct scores *scores, unsigned threads);
/* Gives alerts that have none their scores, and the order. */
void alerts_rank(struct alerts *a, const struct scores *scores);
/* The same alerts, without what they point to: released before `a`. */
void alerts_copy(struct alerts *out, const struct alerts *a);
void alerts_release(struct alerts *a);

/* The alert of a rule that has a row, or NULL. O(alerts). */
const struct alert *alerts_find(const struct alerts *a, rule_index rule,
				row_id row);

/* Tells each match as an alert of its own, in order of time; an episode is one
 * match. False ends it. The alert is valid while it is told. */
typedef bool (*alert_told)(void *context, const struct alert *one);
void alerts_each(const struct alerts *a, const struct store *s, alert_told told,
		 void *context);

/* Marks for filters and panes: a label for each rule, by rule_index, and a
 * mark for each match of a rule that is not silent; none for those that
 * `muted` names, by match, which may be NULL. */
void alerts_mark(struct marks *out, const struct ruleset *rs,
		 const struct store *s, const struct rule_matches *matches,
		 const uint8_t *muted);

#endif /* TRAWL_ALERT_H */
