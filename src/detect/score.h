/* SPDX-License-Identifier: MIT */
/*
 * score.h - how much an alert weighs, and why
 *
 * A score orders the list of alerts, so that what to look at first stands
 * first. It is a sum of terms which are shown with it, 0 to 100:
 *
 * - level: how grave the rule is for these calls: 5, 15, 30, 45 or 60;
 * - allowed: 8 when a call of it succeeded;
 * - rare: how seldom the actor makes such a call, by its rarest one: one for
 *   each halving, so 3 for one call in eight, at most 8;
 * - tactics: of all alerts that share an origin with it, 2 for each tactic
 *   beyond the first, at most 10;
 * - address: 6 when the actor had used this public address for less than a
 *   day, had come from another one before, and no more than two others use
 *   the address (more do: it is an office's);
 * - lineage: 8 when somebody else who came of the same origin has an alert of
 *   level medium or above, or somebody whom an alerted event ties to it (made,
 *   changed, took control of, gave a role to, let in).
 *
 * Weights are relative to what is loaded, and to nothing else: what is
 * filtered, muted or out of the window does not change them.
 *
 * Cost: O(rows + nodes + edges + matches), once for a snapshot. Layer:
 * detect. Threads: any number may read.
 */
#ifndef TRAWL_SCORE_H
#define TRAWL_SCORE_H

#include "base/strbuf.h"
#include "identity/lineage.h"

/* Code, name, most points. */
#define SCORE_TERMS(X)                  \
	X(SCORE_LEVEL, "level", 60)     \
	X(SCORE_ALLOWED, "allowed", 8)  \
	X(SCORE_RARE, "rare", 8)        \
	X(SCORE_TACTICS, "tactics", 10) \
	X(SCORE_ADDRESS, "address", 6)  \
	X(SCORE_LINEAGE, "lineage", 8)

enum score_term {
#define X(code, name, most) code,
	SCORE_TERMS(X)
#undef X
		SCORE_TERM_COUNT
};

struct alert_score {
	uint8_t term[SCORE_TERM_COUNT];
	uint8_t total;
};

const char *score_term_name(enum score_term t);
/* Adds the terms that are not nothing: "level 45, allowed 8, tactics 4". */
void score_describe(const struct alert_score *s, struct strbuf *out);

struct alerts;

/* The scores of all alerts of a snapshot. */
struct scores {
	uint64_t *key; /* rule and what its matches are folded by; ascending */
	struct alert_score *score;
	size_t n;
};

/* `all` has all alerts of the store, as alerts_fold leaves them without
 * scores. */
void scores_find(struct scores *out, const struct alerts *all,
		 const struct store *s, const struct lineage *l);
void scores_release(struct scores *s);

/* Of a rule by number, and what its matches are folded by; NULL: none. */
const struct alert_score *scores_of(const struct scores *s, uint32_t rule,
				    uint32_t fold);

#endif /* TRAWL_SCORE_H */
