/* SPDX-License-Identifier: MIT */
/*
 * baseline_private.h - what the detections of `baseline` sections share
 *
 * They look at the calls of one identity, address, key or account after the
 * other, in order of time: a group. A call counts when it has a time, when
 * somebody made it himself (what a service does on its own, or on somebody's
 * behalf, is nobody's habit), and when the rule does not ignore its service.
 *
 * Cost: one pass over the postings of `by`, whatever the number of groups.
 * Layer: detect, inside.
 */
#ifndef TRAWL_BASELINE_PRIVATE_H
#define TRAWL_BASELINE_PRIVATE_H

#include "detect/lineage_detections.h"

/* The groups of one rule. */
struct groups {
	const struct store *store;
	const struct bits *calls;
	enum event_column by;
	const struct postings *rows; /* of `by` */
	uint8_t *ignored;            /* by value of EVENT_SOURCE; NULL: none */
	size_t most;                 /* rows of the largest group */
};

void groups_init(struct groups *g, struct lineage_context *x,
		 const struct lineage_rule *r);
void groups_release(struct groups *g);

/* Room for the rows of any group, to be freed. */
row_id *groups_room(const struct groups *g);
/* The rows of a group that count, ascending: fills such room and returns how
 * many. */
size_t groups_rows(const struct groups *g, uint32_t group, row_id *row);

/* Rows of a group lie anywhere: a column is asked for them a while before they
 * are looked at. `i` is the place of the one in hand among n. */
static inline void groups_ask(const row_id *row, size_t i, size_t n,
			      const void *column, size_t size)
{
	enum { AHEAD = 16 };

	if (i + AHEAD < n)
		__builtin_prefetch((const char *)column +
				   row[i + AHEAD] * size);
}

/* "alice" or what stands for it in the column. */
struct str groups_text(const struct groups *g, uint32_t group);

/* Does a call say where its maker is? What was refused does not, nor a VPN of
 * one's own, nor a shell in the cloud. */
bool baseline_tells_place(struct lineage_context *x, row_id row);
/* Adds "203.0.113.66 (NL, Amsterdam; AS64500)" (baseline_travel.c). */
void baseline_add_place(struct strbuf *out, const struct store *s, row_id row);

/* Adds "in 12d 4h and 4,211 events before". */
void baseline_tell(struct strbuf *out, int64_t span, uint64_t events);

/* Is that less than the rule calls a baseline? */
bool baseline_is_thin(const struct lineage_rule *r, int64_t span,
		      uint64_t events);

#endif /* TRAWL_BASELINE_PRIVATE_H */
