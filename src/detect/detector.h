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
#include "detect/matches.h"
#include "detect/ruleset.h"
#include "ingest/ingest.h"
#include "store/store.h"

struct detector;

struct detector *detector_new(const struct ruleset *rs);
void detector_free(struct detector *d);

/* To be put into ingest_options.visitor; valid as long as the detector. */
struct ingest_visitor detector_visitor(struct detector *d);

/* What was noted, as rows of a store: `row_of` is what builder_publish gave,
 * for `arrivals` rows. The caller releases *out. */
void detector_matches(const struct detector *d, const row_id *row_of,
		      uint32_t arrivals, struct rule_matches *out);
/* The same, of the last store that is asked for: nothing stays noted, so that
 * there is no second copy. */
void detector_last_matches(struct detector *d, const row_id *row_of,
			   uint32_t arrivals, struct rule_matches *out);

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
