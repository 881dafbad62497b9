/* SPDX-License-Identifier: MIT */
/*
 * episode.h - what a correlation found: events that belong together
 *
 * An episode is one alert of a correlation: the events of one group in
 * windows of time that overlap and in which the condition holds, in order.
 * Episodes of one rule that have the same values in its group-by fields are
 * one group; folded, they are one alert.
 *
 * One event tells it: the one with which the condition first held. It alone is
 * as severe as the rule says; the others have a part in it. What is in it only
 * because other rules had alerted (`level>=high`) went before and is no match.
 *
 * Layer: detect. Ownership: texts and rows are the list's.
 */
#ifndef TRAWL_EPISODE_H
#define TRAWL_EPISODE_H

#include "base/arena.h"
#include "store/rowset.h"

struct episode {
	uint32_t rule;     /* rule_index */
	uint32_t group;    /* the same number: the same rule and group */
	struct str label;  /* "sourceIPAddress=203.0.113.66"; raw log data */
	struct str note;   /* what was counted, in words; likewise */
	const row_id *row; /* ascending */
	size_t n;
	const row_id *own; /* of them, without what only went before */
	size_t own_n;
	row_id told; /* one of its own */
};

/* By rule, group, then first row. */
struct episodes {
	struct episode *item;
	size_t n, cap;
	uint32_t groups; /* numbers in use */
	struct arena arena;
};

struct episodes *episodes_new(void);
void episodes_free(struct episodes *e);
/* Room for one more; the caller fills it. */
struct episode *episodes_add(struct episodes *e);

#endif /* TRAWL_EPISODE_H */
