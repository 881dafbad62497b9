/* SPDX-License-Identifier: MIT */
/*
 * detector.h - rules run while events are loaded
 *
 * A detector is an ingest visitor: in each loading thread it tests every
 * event and notes which rules matched, by number of arrival. When the builder
 * has published a store, detector_matches says which rules match which rows
 * of it; alert.h folds those. What was noted stays, so each later store of
 * the same load is asked in the same way.
 *
 * Layer: detect. Ownership: the ruleset outlives it. Threads: the visitor's
 * functions as ingest.h says; the others in the appending thread.
 */
#ifndef TRAWL_DETECTOR_H
#define TRAWL_DETECTOR_H

#include "detect/captures.h"
#include "detect/episode.h"
#include "detect/ruleset.h"
#include "ingest/ingest.h"
#include "store/store.h"

struct detector;

struct detector *detector_new(const struct ruleset *rs);
void detector_free(struct detector *d);

/* To be put into ingest_options.visitor; valid as long as the detector. */
struct ingest_visitor detector_visitor(struct detector *d);

struct rule_match {
	row_id row;
	rule_index rule;
	/* In rule_matches.notes; 0: none. Of a correlation: in its episodes.
	 * Of a rule that captures, until correlations_apply: what it did. */
	uint32_t note;
	uint8_t lower; /* levels below the rule's */
};

/* By row, then rule, each once; of a correlation once for each episode. */
struct rule_matches {
	struct rule_match *match;
	size_t n;
	struct intern *notes;      /* what is told of a match; NULL: of none */
	struct episodes *episodes; /* of correlations; NULL: none */
};

void rule_matches_release(struct rule_matches *m);
/* By row, then by rule; equal ones stay in their order. */
void rule_matches_sort(struct rule_match *m, size_t n);

/* What was noted, as rows of a store: `row_of` is what builder_publish gave,
 * for `arrivals` rows. The caller releases *out. */
void detector_matches(const struct detector *d, const row_id *row_of,
		      uint32_t arrivals, struct rule_matches *out);

/* No store will be asked for any more: gives the memory of the matches back. */
void detector_forget(struct detector *d);

/* What was noted beside the matches, for correlations. */
const struct captures *detector_captures(const struct detector *d);

struct detector_counts {
	uint64_t events;
	uint64_t tried;   /* rules tested on them */
	uint64_t matches; /* before duplicates are dropped */
	uint64_t gave_up; /* times a regex reached its limit */
};

struct detector_counts detector_counts(const struct detector *d);

#endif /* TRAWL_DETECTOR_H */
