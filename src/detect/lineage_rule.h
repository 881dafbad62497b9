/* SPDX-License-Identifier: MIT */
/*
 * lineage_rule.h - what a rule asks when the load is done
 *
 * Beside or instead of `detection` a rule of ours may have one of two
 * sections. `lineage` asks the graph of identities:
 *
 *	lineage:
 *	    detect: instance-credentials-elsewhere
 *	    evidence: strong
 *	    agents: [amazon-ssm-agent, amazon-cloudwatch-agent]
 *	    shared-by: 3
 *
 * `baseline` asks what the same identity, account or key had done before:
 *
 *	baseline:
 *	    detect: first-seen
 *	    of: network
 *	    by: actor
 *	    baseline-hours: 24
 *	    baseline-events: 50
 *	    least-events: 10
 *
 * `detect` names one of the detections of lineage_detections.h that are for
 * that section; the other keys are its settings. All that it needs have to be
 * there, and nothing that it does not know: what a rule does is what its file
 * says. With `detection` as well, the events which that selects are what the
 * detection starts from.
 *
 * Layer: detect. Memory: the arena passed. Threads: any.
 */
#ifndef TRAWL_LINEAGE_RULE_H
#define TRAWL_LINEAGE_RULE_H

#include "detect/rule.h"

/* Whole numbers: code, key, least, most. */
#define LINEAGE_NUMBERS(X)                                   \
	X(SET_WITHIN_MINUTES, "within-minutes", 1, 10080)    \
	X(SET_GRACE_SECONDS, "grace-seconds", 0, 86400)      \
	X(SET_SHARED_BY, "shared-by", 2, 1000)               \
	X(SET_SCORE, "score", 1, 8)                          \
	X(SET_HOPS, "hops", 1, 100)                          \
	X(SET_ACCOUNTS, "accounts", 1, 100)                  \
	X(SET_KINDS, "kinds", 1, 1000)                       \
	X(SET_USUAL_DAYS, "usual-days", 1, 1000)             \
	X(SET_BASELINE_HOURS, "baseline-hours", 0, 8760)     \
	X(SET_BASELINE_EVENTS, "baseline-events", 0, 100000) \
	X(SET_LEAST_EVENTS, "least-events", 1, 100000)       \
	X(SET_SEEN_AT_MOST, "seen-at-most", 0, 1000)         \
	X(SET_KNOWN_TO, "known-to", 1, 1000)                 \
	X(SET_SILENT_DAYS, "silent-days", 1, 3650)           \
	X(SET_AT_LEAST, "at-least", 1, 1000000000000)        \
	X(SET_PERCENT, "percent", 1, 100)                    \
	X(SET_TIMES_USUAL, "times-usual", 2, 10000)          \
	X(SET_ROBUST_Z, "robust-z", 1, 1000)                 \
	X(SET_FARTHER, "farther-than-km", 1, 20000)          \
	X(SET_FASTER, "faster-than-kmh", 1, 100000)

/* Lists of texts, compared without regard to case: code, key. */
#define LINEAGE_TEXTS(X)                 \
	X(SET_EVIDENCE, "evidence")      \
	X(SET_AGENTS, "agents")          \
	X(SET_TOOLS, "tools")            \
	X(SET_PROVIDERS, "providers")    \
	X(SET_ENDS, "ends")              \
	X(SET_OWNERS, "owners")          \
	X(SET_SUBJECTS, "subjects")      \
	X(SET_EVENTS, "events")          \
	X(SET_OF, "of")                  \
	X(SET_BY, "by")                  \
	X(SET_CALLS, "calls")            \
	X(SET_OUTCOME, "outcome")        \
	X(SET_IGNORE, "ignore-services") \
	X(SET_SUM_OF, "sum-of")

enum lineage_setting {
#define X(code, key, least, most) code,
	LINEAGE_NUMBERS(X)
#undef X
		SET_NUMBERS,
	SET_BEFORE_TEXTS = SET_NUMBERS - 1,
#define X(code, key) code,
	LINEAGE_TEXTS(X)
#undef X
		SET_COUNT
};

#define SET_BIT(setting) ((uint64_t)1 << (setting))
_Static_assert(SET_COUNT <= 64, "settings are bits of a number");

struct lineage_detection; /* see lineage_detections.h */

struct lineage_rule {
	const struct lineage_detection *detection;
	int64_t number[SET_NUMBERS];
	struct rule_texts text[SET_COUNT]; /* from SET_NUMBERS on */
	bool seeded; /* the rule has a `detection` that it starts from */
};

/*
 * Reads the section of a rule that has one. ERR_FORMAT "FILE:LINE: ..." for
 * what is not a section as above.
 */
ATTR_NODISCARD enum err_code lineage_rule_read(struct arena *a,
					       const struct rule *r,
					       struct lineage_rule *out,
					       struct err *err);

/* Does it measure against what went before? Then what it finds of one event
 * hangs on the others that it starts from. */
bool lineage_rule_measures(const struct lineage_rule *r);

/* Is one of a setting's texts this one, or contained in it? */
bool lineage_rule_says(const struct lineage_rule *r,
		       enum lineage_setting setting, struct str text);
bool lineage_rule_finds(const struct lineage_rule *r,
			enum lineage_setting setting, struct str in);
/* The one text of a setting that takes one; empty when it is not given. */
struct str lineage_rule_text(const struct lineage_rule *r,
			     enum lineage_setting setting);

#endif /* TRAWL_LINEAGE_RULE_H */
