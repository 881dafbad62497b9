/* SPDX-License-Identifier: MIT */
#include "casework/load_parts.h"

#include <stdlib.h>

#include "base/tasks.h"
#include "detect/matches_pack.h"
#include "identity/lineage_pack.h"
#include "store/rest_pack.h"
#include "store/store_pack.h"

enum {
	SAVED_TOLD = MATCHES_SECTIONS_END, /* struct saved_told */
	SAVED_ALL,
};

_Static_assert((int)SAVED_ALL <= (int)PARTS_SECTIONS_END, "numbers are free");
_Static_assert((int)PARTS_SECTIONS_END < (int)PACK_LATER, "read at once");
_Static_assert((int)NOTED_LATER_END <= (int)FACTS_LATER, "numbers are free");

struct saved_told {
	uint64_t gave_up, left_out;
};

/* The end of a load -------------------------------------------------------- */

void load_parts_save(const struct snapshot *s, struct pack_writer *w)
{
	struct saved_told told = { s->gave_up, s->left_out };

	pack_array(w, SAVED_TOLD, &told, 1, sizeof(told));
	store_save(s->store, w);
	lineage_save(s->lineage, w);
	matches_save(&s->matches, w);
}

static bool restore_told(struct snapshot *s, struct pack *p)
{
	struct saved_told *told = pack_take_n(p, SAVED_TOLD, sizeof(*told), 1);

	if (!told)
		return false;
	s->gave_up = told->gave_up;
	s->left_out = told->left_out;
	free(told);
	return true;
}

bool load_parts_restore(struct snapshot *s, struct store_builder *b,
			const struct ruleset *rules, size_t max_record,
			unsigned threads, struct pack *p)
{
	struct store *store;

	if (!restore_told(s, p))
		return false;
	store = store_restore(b, p, max_record, threads);
	if (!store)
		return false;
	s->store = store;
	s->lineage = lineage_restore(store, p, threads);
	if (s->lineage && matches_restore(&s->matches, rules, store, p))
		return true;
	lineage_free(s->lineage);
	s->lineage = NULL;
	store_undo(b, store);
	s->store = NULL;
	return false;
}

/* What arrived ------------------------------------------------------------- */

bool load_rest_can_be_saved(const struct store_builder *b,
			    const struct load_noted *noted, uint64_t *bytes)
{
	bool can = detector_can_be_saved(noted->detector, bytes);

	*bytes += rest_bytes(b) + facts_bytes(noted->facts);
	if (noted->watch)
		*bytes += indicator_watch_bytes(noted->watch);
	return can;
}

void load_rest_save(struct store_builder *b, const struct store *s,
		    const row_id *row_of, uint32_t arrivals,
		    const struct load_noted *noted, struct pack_writer *w)
{
	uint32_t *number = rest_numbers(row_of, arrivals, s->n);

	rest_save(b, s, number, w);
	detector_save(noted->detector, number, w);
	if (noted->watch)
		indicator_watch_save(noted->watch, number, w);
	facts_save(noted->facts, number, w);
	free(number);
}

/* What the two that note most had noted. */
struct noted_restoring {
	struct load_noted *noted;
	const struct rest_arrived *arrived;
	struct pack *pack;
	bool facts, matches;
};

static void restore_one(void *context, size_t task, unsigned worker)
{
	struct noted_restoring *r = context;

	(void)worker;
	if (task == 0)
		r->facts = facts_restore(r->noted->facts, r->arrived, r->pack);
	else
		r->matches = detector_restore(r->noted->detector, r->arrived,
					      r->pack);
}

static bool restore_noted(struct load_noted *noted,
			  const struct rest_arrived *arrived, unsigned threads,
			  struct pack *p)
{
	struct noted_restoring r = { noted, arrived, p, false, false };

	tasks_run(threads, 2, restore_one, &r);
	if (r.facts && r.matches &&
	    (!noted->watch ||
	     indicator_watch_restore(noted->watch, arrived, p)))
		return true;
	detector_reset(noted->detector);
	facts_reset(noted->facts);
	return false;
}

bool load_rest_restore(struct store_builder *b, struct load_noted *noted,
		       const file_id *of, uint32_t n, size_t max_record,
		       unsigned threads, struct pack *p)
{
	struct rest_arrived arrived;
	bool ok;

	if (!pack_read_later(p, threads) ||
	    !rest_restore(b, p, of, n, max_record, threads, &arrived))
		return false;
	ok = restore_noted(noted, &arrived, threads, p);
	free(arrived.of);
	if (!ok)
		rest_undo(b);
	return ok;
}
