/* SPDX-License-Identifier: MIT */
/*
 * rule_sample.h - rules tried on their samples
 *
 * Samples that a rule names are found by the caller, in a folder of samples;
 * those that are in the rule's own file are read from there.
 *
 * Layer: detect. Threads: one at a time.
 */
#ifndef TRAWL_RULE_SAMPLE_H
#define TRAWL_RULE_SAMPLE_H

#include "detect/ruleset.h"
#include "ingest/reader.h"
#include "model/site.h"

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
	const struct geo *geo;   /* and where addresses are, or NULL */
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
	SAMPLE_BROKEN,  /* what should be records is none */
};

/* `sample` is its name, or "line 12" of the rule's file. */
typedef void (*rule_sample_told)(void *context, rule_index rule,
				 struct str sample, bool should_fire,
				 enum sample_result result);

struct sample_counts {
	size_t rules; /* with samples */
	size_t right, wrong, unknown;
	size_t untried; /* named, and nobody finds them */
};

/* Runs every rule on its samples. `told` may be NULL; so may `find`: then what
 * is named is not tried. */
struct sample_counts rules_test(const struct ruleset *rs, rule_sample_find find,
				void *find_context, rule_sample_told told,
				void *told_context);

#endif /* TRAWL_RULE_SAMPLE_H */
