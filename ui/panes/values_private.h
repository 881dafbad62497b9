/* SPDX-License-Identifier: MIT */
/*
 * values_private.h - what values.c and values_draw.c share
 *
 * Layer: ui/panes, inside.
 */
#ifndef TRAWL_VALUES_PRIVATE_H
#define TRAWL_VALUES_PRIVATE_H

#include "base/job.h"
#include "query/stats.h"
#include "ui/panes/text.h"

/* The values that the field has before the scope: of all events that are
 * loaded there, whatever the filter, since that is what new is measured
 * against. */
struct values_before {
	struct job job;
	bool running;
	bool whole;            /* all of them were counted */
	struct snapshot *snap; /* held */
	struct strbuf field;
	struct rowset rows;
	struct scan_options scan;
	struct stats stats;
};

/* Many values are counted and sorted on a thread. */
struct values_work {
	struct job job;
	bool running;
	struct stats_run *run; /* that is counted; NULL: `stats` is sorted */
	struct stats stats;
	enum stats_order order;
	bool reversed;
	const struct stats *before; /* what new is measured against, or NULL */
	uint32_t most;
	struct strbuf kept; /* a value, and where it is in the end */
	size_t at;
};

struct values_view {
	struct desk *d;
	struct list list;
	struct strbuf field;
	struct strbuf
		kept; /* the value under the cursor, as long as it is one */
	struct stats stats;
	bool has_stats;
	uint32_t most;         /* events that a value has */
	struct stats_run *run; /* while it is counting */
	size_t taken;          /* events when it was last asked */
	enum stats_order order;
	bool reversed;
	struct snapshot *snap; /* held: threads may be counting in it */
	uint64_t rows_version; /* of the desk, when it was counted */
	int64_t since;         /* of the scope, or TIME_NONE */
	int64_t loaded;        /* the first event's time, or TIME_NONE */
	struct values_before before;
	struct values_work work;
};

/* Is there more to come? */
static inline bool values_counting(const struct values_view *v)
{
	return v->run || v->work.running;
}

enum { STATS_ORDERS = STATS_FIRST + 1 };
extern const char *const values_orders[STATS_ORDERS];

enum { VALUES_HEAD = 1, VALUES_FOOT = 1 };

void values_title(const void *state, const struct desk *d, struct arena *arena,
		  struct safetext *left, struct safetext *right);
void values_draw(const void *state, const struct desk *d, struct canvas *c,
		 const struct drawing *how);

#endif /* TRAWL_VALUES_PRIVATE_H */
