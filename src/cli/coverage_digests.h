/* SPDX-License-Identifier: MIT */
/*
 * coverage_digests.h - what CloudTrail's digests tell of coverage
 *
 * Where a chain of digests begins anew, logging or its validation was off;
 * where an hour has none, one is missing. By what digests say of themselves:
 * `trawl verify` checks them.
 *
 * Layer: cli.
 */
#ifndef TRAWL_COVERAGE_DIGESTS_H
#define TRAWL_COVERAGE_DIGESTS_H

#include "casework/verify.h"
#include "cli/session.h"

/* One of them, into an object that is open. */
void digest_gap_json(struct json_writer *w, const struct verify_result *r,
		     size_t i);
/* All of them as a table, or that there is none. */
void digest_gaps_table(struct session *s, const struct verify_result *r);

#endif /* TRAWL_COVERAGE_DIGESTS_H */
