/* SPDX-License-Identifier: MIT */
/*
 * rule_check.h - what a rule's author should know
 *
 * Layer: detect. Threads: one at a time.
 */
#ifndef TRAWL_RULE_CHECK_H
#define TRAWL_RULE_CHECK_H

#include "detect/ruleset.h"

/*
 * Adds problems to a sealed set: a missing title, id or level, an id that is
 * no UUID, tags that ATT&CK or Sigma does not have, fields that CloudTrail
 * does not have, asked for or grouped by, conditions that nothing can meet
 * (rule_never.h), steps whose
 * filter cannot be read, samples that are no records. Returns how many were
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

#endif /* TRAWL_RULE_CHECK_H */
