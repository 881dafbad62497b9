/* SPDX-License-Identifier: MIT */
/* From what was loaded to a snapshot. */
#include "casework/investigation_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/tasks.h"
#include "detect/correlate.h"
#include "detect/lineage_rules.h"
#include "detect/told_twice.h"
#include "store/whereabouts.h"

/* Without a site file the accounts that delivered are the responder's own, and
 * so is the organization whose trail did. */
static void find_site(struct snapshot *s, const struct site *given)
{
	site_init_copy(&s->site, given);
	for (uint32_t v = 1; v < s->store->values[EVENT_ACCOUNT]; v++)
		site_deliver(&s->site, store_value(s->store, EVENT_ACCOUNT, v));
	for (file_id i = 0; i < s->store->files->n; i++)
		site_deliver_organization(
			&s->site, str_of(s->store->files->entry[i].path));
}

/* A snapshot whose graph is being made. */
struct making {
	struct investigation *inv;
	struct snapshot *snapshot;
	const row_id *row_of;
	enum publish_mode mode;
	struct task_aside aside;
};

static void make_lineage(void *context)
{
	struct making *m = context;
	const struct store *s = m->snapshot->store;
	struct facts *facts = &m->inv->facts;

	m->snapshot->lineage = m->mode == PUBLISH_LAST ?
				       lineage_build_last(s, facts, m->row_of) :
				       lineage_build(s, facts, m->row_of);
}

static const struct lineage *await_lineage(void *context)
{
	struct making *m = context;

	task_aside_wait(&m->aside);
	return m->snapshot->lineage;
}

static struct snapshot *snapshot_new(struct investigation *inv)
{
	struct snapshot *s = mem_zero(1, sizeof(*s));

	atomic_init(&s->holders, 1);
	s->version = ++inv->version;
	s->threads = ingest_threads(inv->ingest);
	return s;
}

/* What is made of the matches. */
struct folding_up {
	const struct investigation *inv;
	struct snapshot *snapshot;
};

static void mark(void *context)
{
	struct folding_up *x = context;
	struct snapshot *s = x->snapshot;

	alerts_mark(&s->marks, x->inv->rules, s->store, &s->matches, NULL);
}

static void fold(const struct investigation *inv, struct snapshot *s)
{
	struct folding_up x = { inv, s };
	struct task_aside marking;

	task_aside_begin(&marking, s->threads, mark, &x);
	alerts_fold(&s->alerts, inv->rules, s->store, &s->matches, NULL,
		    s->threads);
	scores_find(&s->scores, &s->alerts, s->store, s->lineage);
	alerts_rank(&s->alerts, &s->scores);
	task_aside_wait(&marking);
	snapshot_begin_kin(s);
}

static struct load_noted noted_of(struct investigation *inv)
{
	return (struct load_noted){ inv->detector, &inv->facts, inv->watch };
}

struct snapshot *investigation_publish(struct investigation *inv,
				       enum publish_mode mode)
{
	struct store_builder *b = ingest_builder(inv->ingest);
	uint32_t arrivals = builder_rows(b);
	struct snapshot *s = snapshot_new(inv);
	const struct captures *captures;
	struct lineage_asked asked;
	struct making making;
	row_id *row_of;

	s->store = builder_publish(b, mode, &row_of);
	if (mode == PUBLISH_LAST && inv->cache) {
		struct load_noted noted = noted_of(inv);

		load_cache_begin(inv->cache, b, s->store, row_of, arrivals,
				 &noted, &inv->cancelled);
	}
	store_locate(s->store, inv->geo);
	find_site(s, &inv->site);
	making = (struct making){
		.inv = inv, .snapshot = s, .row_of = row_of, .mode = mode
	};
	task_aside_begin(&making.aside, s->threads, make_lineage, &making);
	if (mode == PUBLISH_LAST)
		detector_last_matches(inv->detector, row_of, arrivals,
				      &s->matches);
	else
		detector_matches(inv->detector, row_of, arrivals, &s->matches);
	told_twice_drop(s->store, &s->matches);
	captures = detector_captures(inv->detector);
	asked = (struct lineage_asked){ s->store, &s->site,   await_lineage,
					&making,  s->threads, captures };
	s->left_out = lineage_rules_apply(inv->rules, &asked, &s->matches);
	if (!inv->watch) {
		free(row_of);
		row_of = NULL;
	}
	s->left_out += captures->lost +
		       correlations_apply(inv->rules, s->store, s->lineage,
					  captures, s->threads, &s->matches);
	if (inv->watch)
		indicator_watch_matches(inv->watch, row_of, arrivals,
					&s->matches);
	fold(inv, s);
	s->gave_up = detector_counts(inv->detector).gave_up;
	free(row_of);
	return s;
}

struct snapshot *investigation_restore(struct investigation *inv)
{
	struct store_builder *b = ingest_builder(inv->ingest);
	struct load_noted noted = noted_of(inv);
	enum load_kept kept;
	struct snapshot *s;

	if (!inv->cache)
		return NULL;
	s = snapshot_new(inv);
	kept = load_cache_restore(inv->cache, b, inv->rules, &noted, s);
	if (kept != KEPT_ALL) {
		if (kept == KEPT_FILES)
			ingest_count_kept(inv->ingest);
		free(s);
		inv->version--;
		return NULL;
	}
	s->restored = true;
	store_locate(s->store, inv->geo);
	find_site(s, &inv->site);
	fold(inv, s);
	return s;
}
