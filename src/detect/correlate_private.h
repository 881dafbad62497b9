/* SPDX-License-Identifier: MIT */
/*
 * correlate_private.h - what correlate.c and correlate_*.c share
 *
 * correlate_values.c finds the values of fields, correlate_group.c puts events
 * into groups and finds the episodes of one correlation, correlate.c runs all
 * of them, those at one time that do not name each other.
 *
 * Layer: detect, inside.
 */
#ifndef TRAWL_CORRELATE_PRIVATE_H
#define TRAWL_CORRELATE_PRIVATE_H

#include "detect/correlate.h"
#include "detect/correlation_window.h"

enum {
	LEAF_MOST = (1 << 24) - 1,
	POSITION_MOST = (1 << 7) - 1,
};

_Static_assert((int)CORRELATION_RULES <= (int)POSITION_MOST, "they have room");

/* An event that a correlation sees. There may be millions: 8 bytes. */
struct seen_event {
	row_id row;
	uint32_t leaf : 24;    /* in the correlation's leaves */
	uint32_t position : 7; /* of the rule that it matched, in its rules */
	uint32_t before : 1;   /* counts by another rule's alert alone */
};

_Static_assert(sizeof(struct seen_event) == 8, "as told");

/* What it came by, where correlations are counted. */
struct came_by {
	int64_t moment;   /* when that came about */
	uint32_t episode; /* from 1; 0: it was a match */
};

/* What a correlation gives to those that name it. */
struct fed_event {
	int64_t time;
	row_id row;
	uint32_t captured;
	uint32_t episode; /* in the episodes */
	uint16_t rule;    /* the leaf */
	bool before;
};

_Static_assert(sizeof(struct fed_event) == 24, "there may be millions, too");

struct feed {
	struct fed_event *event;
	size_t n, cap;
};

/* One run over a snapshot, as one of its threads sees it. */
struct correlating {
	const struct ruleset *rs;
	const struct store *store;
	const struct lineage *lineage; /* or NULL */
	const struct captures *captures;
	const struct rule_matches *matches;
	/* Matches by rule: those of rule r are of_rule[start[r]] to
	 * of_rule[start[r + 1]], ascending. */
	uint32_t *of_rule, *start;
	struct feed *feed; /* by rule */
	/* Those of correlations that others name, and of the one in hand. What
	 * feeds numbers its episodes from 0, until they are put together. */
	const struct episodes *before;
	struct episodes *episodes;
	uint64_t left_out;
	/* Texts of values, whatever they come from, and what is known of where
	 * they come from: a number and one. */
	struct intern texts;
	uint32_t *of_column[EVENT_COLUMN_COUNT];
	uint32_t *of_captured, *of_node;
};

/* correlate_values.c ------------------------------------------------------ */

/* The values of a field of an event, and of what was noted with its match: ids
 * of x->texts, none of them 0. Returns how many, at most CAPTURE_VALUES. */
size_t correlate_values(struct correlating *x,
			const struct correlation_source *source, row_id row,
			uint32_t captured, uint32_t *out);
void correlate_values_release(struct correlating *x);

#define GROUP_MORE ((uint32_t)1 << 31)

_Static_assert((uint32_t)CORRELATE_EVENTS < GROUP_MORE,
	       "each may have its own group");

/* Combinations of the values of some fields, as numbers. */
struct combinations {
	struct intern key;
	uint32_t *of_text; /* of one field: by text, its number and one */
	size_t n, cap;
};

/* By a number, which group saw it last, and as what. */
struct seen_by_group {
	struct seen_as {
		uint32_t group, as;
	} * of;
	size_t n, cap;
};

/* Some correlations over the same events in the same groups; `rule`, `c` and
 * what follows from them are those of the one in hand. */
struct grouping {
	struct correlating *x;
	rule_index rule;
	const struct correlation *c;
	uint32_t *leaf_of; /* by rule: its leaf and one */
	struct seen_event *event;
	uint32_t *captured;   /* noted with each, or 0; NULL: with none */
	struct came_by *came; /* of each; NULL: all are matches */
	size_t n, cap, captured_cap, came_cap;
	bool captures; /* is anything noted with some? */
	size_t fewest; /* events of a group that something can come of */
	struct combinations tuples;
	struct combinations groups; /* of the group-by fields' values */
	/* Until the groups have their members: the groups of one event after
	 * the other, those behind its first with GROUP_MORE. */
	uint32_t *entry;
	size_t entry_n, entry_cap;
	uint32_t *member; /* events, group by group */
	int64_t *when;    /* of each member: events lie anywhere */
	struct seen_by_group tuple, episode;
	uint32_t seen; /* groups so far */
	struct strbuf text;
};

/* When event `i` happened, or the episode that it came by came about. */
static inline int64_t correlate_time(const struct grouping *g, uint32_t i)
{
	return g->came ? g->came[i].moment : g->x->store->time[g->event[i].row];
}

static inline uint32_t correlate_captured(const struct grouping *g, uint32_t i)
{
	return g->captured ? g->captured[i] : 0;
}

/* The episode that event `i` came by, from 1; 0: none. */
static inline uint32_t correlate_came_by(const struct grouping *g, uint32_t i)
{
	return g->came ? g->came[i].episode : 0;
}

/* The same of a member. */
static inline int64_t correlate_when(const struct grouping *g,
				     const uint32_t *member)
{
	return g->when[member - g->member];
}

/* correlate_group.c ------------------------------------------------------- */

/* Do two look at the same events, in the same groups? */
bool correlate_same_groups(const struct correlation *a,
			   const struct correlation *b);
/* Finds the episodes of n correlations that do, into as many new ones; feeds
 * those that name them. */
void correlate_rules(struct correlating *x, const rule_index *rule, size_t n,
		     struct episodes **episodes);

/* correlate_episode.c ----------------------------------------------------- */

/* Adds the episodes of one group, whose members the windows' items are. */
void correlate_episodes(struct grouping *g, uint32_t group,
			const uint32_t *member, const struct window_result *r);

#endif /* TRAWL_CORRELATE_PRIVATE_H */
