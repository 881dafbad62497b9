/* SPDX-License-Identifier: MIT */
/*
 * lineage_sample.h - lineage rules and correlations on samples of several
 * events
 *
 * A sample of such a rule is a little world: its events, and no others,
 * are loaded anew, their graph is built, and the accounts that received them
 * are the responder's own, unless the sample's site says otherwise.
 *
 * Layer: detect. Threads: one, whose reader it is.
 */
#ifndef TRAWL_LINEAGE_SAMPLE_H
#define TRAWL_LINEAGE_SAMPLE_H

#include "detect/rule_sample.h"

/* Does a rule of a sealed set match any row of a sample, alone in the world?
 * False also when its rows cannot be read again. */
bool lineage_sample_fires(const struct ruleset *rs, rule_index rule,
			  const struct rule_sample *sample);

/* The same of records that are there, as JSON. */
bool lineage_records_fire(const struct ruleset *rs, rule_index rule,
			  const struct str *record, size_t n);

#endif /* TRAWL_LINEAGE_SAMPLE_H */
