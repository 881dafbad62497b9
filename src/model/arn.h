/* SPDX-License-Identifier: MIT */
/*
 * arn.h - Amazon Resource Names, taken apart
 *
 * arn:partition:service:region:account:resource. Parts point into the text
 * that was parsed.
 *
 * Layer: model. Threads: any.
 */
#ifndef TRAWL_ARN_H
#define TRAWL_ARN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

struct arn {
	struct str partition, service, region, account, resource;
};

/* False when `s` is no ARN; out is then empty. */
bool arn_parse(struct str s, struct arn *out);

/* The last part of a path: "build" of "user/ci/build". */
struct str arn_last_segment(struct str resource);

/*
 * "arn:aws:sts::A:assumed-role/ROLE/SESSION" into its names; false for other
 * text. The role's path is not in such an ARN.
 */
bool arn_assumed_role(struct str s, struct str *account, struct str *role,
		      struct str *session);

/* "arn:aws:", or how ARNs begin in a region of another partition. */
struct str arn_partition(struct str region);

#endif /* TRAWL_ARN_H */
