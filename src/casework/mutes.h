/* SPDX-License-Identifier: MIT */
/*
 * mutes.h - rules that an analyst does not want to hear
 *
 * A rule is muted for an actor, for an address, or everywhere. A mute is a
 * line of a case, and so is its end: the last line about the same rule, actor
 * and address holds. Rules are named by their id, those without one by title.
 *
 *	{"entry":"mute","time":"2026-01-10T09:12:00Z","author":"js",
 *	 "ruleId":"0f5c...","title":"Many reads","actor":"arn:aws:..."}
 *
 * Layer: casework. Threads: one.
 */
#ifndef TRAWL_MUTES_H
#define TRAWL_MUTES_H

#include "casework/case_file.h"
#include "detect/detector.h"
#include "store/store.h"

struct mute {
	struct str rule_id, title; /* of the rule; either may be empty */
	struct str actor;          /* as EVENT_ACTOR has it, or empty: any */
	struct str address;        /* sourceIPAddress, or empty: any */
	struct str author;         /* who wrote it; for people */
	int64_t time;              /* when, or TIME_NONE */
};

/* Are they the same but for who wrote them, and when? */
bool mute_equal(const struct mute *a, const struct mute *b);
/* A mute of a rule; texts are borrowed. */
struct mute mute_of_rule(const struct rule *r, struct str actor,
			 struct str address);
/* Adds "Many reads, for ci-deploy": raw. */
void mute_describe(const struct mute *m, struct strbuf *out);

/* The mutes that hold, in the order in which they were made. */
struct mutes {
	struct mute *item;
	size_t n, cap;
	struct arena arena;
};

void mutes_init(struct mutes *m);
void mutes_release(struct mutes *m);
/* Reads those of a case, which may be NULL: `m` is overwritten. */
void mutes_read(struct mutes *m, const struct case_file *c);
bool mutes_have(const struct mutes *m, const struct mute *what);
/* Mutes, or ends it, in the case: ERR_CASE when that cannot be written. What
 * is so already is not written again. */
ATTR_NODISCARD enum err_code mutes_set(struct mutes *m, struct case_file *c,
				       const struct mute *what, bool muted,
				       struct err *err);

/*
 * Which matches on a store are muted: muted[i] is set to 0 or 1. Of a
 * correlation all matches of an episode are muted when all of its events are.
 * O(mutes log mutes + rules + values of two columns + matches log mutes).
 */
void mutes_mark(const struct mutes *m, const struct ruleset *rs,
		const struct store *s, const struct rule_matches *matches,
		uint8_t *muted);

#endif /* TRAWL_MUTES_H */
