/* SPDX-License-Identifier: MIT */
/* Snapshots, held, seen without what is muted, and with what a case says. */
#include "casework/investigation.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/builder.h"

struct snapshot *snapshot_hold(struct snapshot *s)
{
	atomic_fetch_add(&s->holders, 1);
	return s;
}

void snapshot_release(struct snapshot *s)
{
	if (!s || atomic_fetch_sub(&s->holders, 1) != 1)
		return;
	if (s->lender) {
		said_rows_release(s->said);
		judged_rows_release(s->judged);
		snapshot_release(s->lender);
		free(s);
		return;
	}
	kin_release(&s->kin);
	if (s->whole) {
		marks_release(&s->marks);
		snapshot_release(s->whole);
		free(s);
		return;
	}
	lineage_free(s->lineage);
	alerts_release(&s->alerts);
	scores_release(&s->scores);
	marks_release(&s->marks);
	rule_matches_release(&s->matches);
	store_release(s->store);
	site_release(&s->site);
	free(s);
}

void snapshot_begin_kin(struct snapshot *s)
{
	s->kinship = (struct kinship){ .lineage = s->lineage,
				       .store = s->store,
				       .marks = &s->marks,
				       .alerts = &s->alerts,
				       .site = &s->site };
	kin_init(&s->kin, kinship_make, &s->kinship);
	s->marks.kin = &s->kin;
}

static bool any_muted(const struct snapshot *s, const uint8_t *muted)
{
	for (size_t i = 0; muted && i < s->matches.n; i++)
		if (muted[i])
			return true;
	return false;
}

/* All but the count of holders, which others change meanwhile. */
static struct snapshot *same_moment(const struct snapshot *s)
{
	struct snapshot *same = mem_zero(1, sizeof(*same));

	memcpy((char *)same + offsetof(struct snapshot, version),
	       (const char *)s + offsetof(struct snapshot, version),
	       sizeof(*s) - offsetof(struct snapshot, version));
	atomic_init(&same->holders, 1);
	return same;
}

struct snapshot *snapshot_said(struct snapshot *s, struct said_rows *said,
			       struct judged_rows *judged)
{
	struct snapshot *spoken;

	if (s->lender)
		s = s->lender;
	spoken = same_moment(s);
	spoken->lender = snapshot_hold(s);
	spoken->said = said_rows_hold(said);
	spoken->judged = judged_rows_hold(judged);
	spoken->marks.said = said;
	spoken->marks.judged = judged;
	return spoken;
}

struct snapshot *snapshot_heard(struct snapshot *s, const struct ruleset *rules,
				const uint8_t *muted, uint64_t version)
{
	struct snapshot *heard;

	if (s->lender)
		s = s->lender;
	if (s->whole)
		s = s->whole;
	if (!any_muted(s, muted))
		return snapshot_hold(s);
	heard = same_moment(s);
	heard->whole = snapshot_hold(s);
	heard->version = version;
	alerts_mark(&heard->marks, rules, s->store, &s->matches, muted);
	snapshot_begin_kin(heard);
	return heard;
}

/* The alerts of the matches on some rows that are muted, or are not. */
static void fold_some(const struct snapshot *s, const struct ruleset *rules,
		      const struct rowset *rows, const uint8_t *muted,
		      bool wanted, struct alerts *out)
{
	struct rule_matches left = { .notes = s->matches.notes,
				     .episodes = s->matches.episodes };
	size_t at = 0;

	left.match = mem_alloc((s->matches.n + 1) * sizeof(*left.match));
	for (size_t i = 0; i < s->matches.n; i++) {
		const struct rule_match *m = &s->matches.match[i];

		while (at < rows->n && rows->row[at] < m->row)
			at++;
		if (at < rows->n && rows->row[at] == m->row &&
		    (muted && muted[i]) == wanted)
			left.match[left.n++] = *m;
	}
	alerts_fold(out, rules, s->store, &left, &s->scores, s->threads);
	free(left.match); /* the rest is the snapshot's */
}

void snapshot_alerts(const struct snapshot *s, const struct ruleset *rules,
		     const struct rowset *rows, const uint8_t *muted,
		     struct alerts *out, struct alerts *out_muted)
{
	if (rows->n == s->store->n && !any_muted(s, muted)) {
		alerts_copy(out, &s->alerts);
		if (out_muted)
			*out_muted = (struct alerts){ .n = 0 };
		return;
	}
	fold_some(s, rules, rows, muted, false, out);
	if (out_muted)
		fold_some(s, rules, rows, muted, true, out_muted);
}
