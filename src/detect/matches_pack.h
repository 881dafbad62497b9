/* SPDX-License-Identifier: MIT */
/*
 * matches_pack.h - what rules found, in a pack, and out of it
 *
 * Rules are named by their numbers, so a pack belongs to one rule set: whoever
 * opens one sees to that. Alerts, scores and marks are made of it again.
 *
 * Layer: detect. Threads: one.
 */
#ifndef TRAWL_MATCHES_PACK_H
#define TRAWL_MATCHES_PACK_H

#include "base/pack.h"
#include "detect/detector.h"
#include "identity/lineage_pack.h"

/* Numbers of sections: from the end of the lineage's to this. */
enum { MATCHES_SECTIONS_END = 300 };

void matches_save(const struct rule_matches *m, struct pack_writer *w);
/* False, and nothing to release, when it is none of this store and rule set. */
bool matches_restore(struct rule_matches *out, const struct ruleset *rs,
		     const struct store *s, struct pack *p);

#endif /* TRAWL_MATCHES_PACK_H */
