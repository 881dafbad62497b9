/* SPDX-License-Identifier: MIT */
/*
 * rule_check.h - what a rule's author should know
 *
 * Layer: detect. Threads: one at a time.
 */
#ifndef TRAWL_RULE_CHECK_H
#define TRAWL_RULE_CHECK_H

#include "detect/ruleset.h"
#include "ingest/reader.h"

/*
 * Adds problems to a sealed set: a missing title, id or level, an id that is
 * no UUID, tags that ATT&CK or Sigma does not have, fields that CloudTrail
 * does not have, asked for or grouped by, conditions that nothing can meet
 * (rule_never.h), steps whose filter cannot be read. Returns how many were
 * added.
 */
size_t rules_check(struct ruleset *rs);

/*
 * Fields of running rules that no event of some data has: told by the caller,
 * who has the records (query/presence.h). `seen` is asked for each field of
 * each rule; a first run may be there to collect them.
 */
size_t rules_check_fields(struct ruleset *rs,
			  bool (*seen)(void *context, struct str path),
			  void *context);

/*
 * The events that a sample's name stands for: one event, or for a lineage
 * rule any number of rows of a store, which are read again.
 */
struct rule_sample {
	const struct event *const *event;
	size_t n;
	const struct store *store;
	struct reader *reader;
	const row_id *row;
	size_t row_n;
	const struct site *site; /* what a site file says */
};

/* False when there is no sample of that name. The events are valid until the
 * next call. */
typedef bool (*rule_sample_find)(void *context, struct str name,
				 struct rule_sample *out);

enum sample_result {
	SAMPLE_RIGHT,
	SAMPLE_QUIET,   /* should have fired */
	SAMPLE_FIRED,   /* should have been quiet */
	SAMPLE_UNKNOWN, /* no such sample */
};

typedef void (*rule_sample_told)(void *context, rule_index rule,
				 struct str sample, bool should_fire,
				 enum sample_result result);

struct sample_counts {
	size_t rules; /* with samples */
	size_t right, wrong, unknown;
};

/* Runs every rule on its samples. `told` may be NULL. */
struct sample_counts rules_test(const struct ruleset *rs, rule_sample_find find,
				void *find_context, rule_sample_told told,
				void *told_context);

#endif /* TRAWL_RULE_CHECK_H */
