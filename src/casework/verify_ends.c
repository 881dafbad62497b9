/* SPDX-License-Identifier: MIT */
/*
 * Where chains begin and end, against how far the logs and other chains go:
 * the oldest and the newest digest here are named by no other one, or name
 * none.
 */
#include "casework/verify_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"

enum {
	HOUR = 3600 * 1000, /* ms */
	/* A digest is there some minutes after its hour; what goes on for so
	 * long without one goes on without. */
	OVERDUE = 2 * HOUR,
};

static int compare_trails(uint32_t x, uint32_t y, const void *context)
{
	const struct verify_result *r = context;
	const struct verify_chain *a = &r->chain[x], *b = &r->chain[y];
	int c = str_cmp(a->trail, b->trail);

	if (!c)
		c = str_cmp(a->home, b->home);
	if (!c)
		c = (int)a->backfill - (int)b->backfill;
	/* The one that goes on longest first. */
	if (!c && a->last != b->last)
		c = a->last > b->last ? -1 : 1;
	return c ? c : x < y ? -1 : x > y;
}

static void add_end(struct verify *v, uint32_t chain, int64_t to,
		    const char *why)
{
	struct verify_item *m = verify_add(v, VERIFY_GAP, VERIFY_ENDED, chain);

	m->first = v->r->chain[chain].last;
	m->last = to;
	m->detail = str_of(why);
}

/* Chains that another digest goes on from, in another bucket or under another
 * prefix, have not ended. */
static bool *chains_continued(const struct verify *v)
{
	bool *on = mem_zero((size_t)v->r->chains + 1, sizeof(*on));

	for (uint32_t i = 0; i < v->digests; i++) {
		const struct known_digest *k = &v->digest[v->by_chain[i]];

		/* In order of their ends: the last one decides. */
		on[k->chain] = k->named > 0;
	}
	return on;
}

/* The evidence may begin anywhere; but where there are logs of the hour of
 * the digest that the first one here names, that should be here as well. */
static void find_beginnings(struct verify *v)
{
	for (uint32_t i = 0; i < v->digests; i++) {
		const struct known_digest *k = &v->digest[v->by_chain[i]];
		const struct verify_chain *c = &v->r->chain[k->chain];

		if (i > 0 && v->digest[v->by_chain[i - 1]].chain == k->chain)
			continue;
		if (k->d.starting || c->logs_from == TIME_NONE ||
		    c->logs_from < k->d.start - HOUR || verify_has_before(v, k))
			continue;
		verify_add_named(v, k, k->d.start - HOUR);
	}
}

void verify_find_ends(struct verify *v)
{
	struct verify_result *r = v->r;
	uint32_t *order = sort_order(r->chains, compare_trails, r);
	bool *on = chains_continued(v);
	const struct verify_chain *longest = NULL;

	for (uint32_t i = 0; i < r->chains; i++) {
		const struct verify_chain *c = &r->chain[order[i]];

		if (!longest || !str_eq(longest->trail, c->trail) ||
		    !str_eq(longest->home, c->home) ||
		    longest->backfill != c->backfill)
			longest = c;
		if (c->backfill || on[order[i]])
			continue;
		if (c->logs_to != TIME_NONE && c->logs_to - c->last > OVERDUE)
			add_end(v, order[i], c->logs_to,
				"logs go on that no digest covers: the newest "
				"digests were deleted, or validation was "
				"switched off");
		else if (longest->last - c->last > OVERDUE)
			add_end(v, order[i], longest->last,
				"other chains of this trail go on: its newest "
				"digests were deleted, or logging was stopped "
				"in this Region");
	}
	free(order);
	free(on);
	find_beginnings(v);
}
