/* SPDX-License-Identifier: MIT */
/*
 * verify_name.h - what the names of CloudTrail's objects in S3 say
 *
 *	ACCOUNT_CloudTrail_REGION_20261003T0605Z_TAIL.json.gz
 *	ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOME_20261003T060131Z.json.gz
 *	... _20261003T060131Z_backfill.json.gz
 *
 * Whoever can write to a bucket chooses names: they say what to compare with
 * what, not what is true.
 *
 * Layer: casework. Threads: any. Texts point into the name.
 */
#ifndef TRAWL_VERIFY_NAME_H
#define TRAWL_VERIFY_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct delivery_name {
	struct str account, kind, region; /* kind: "CloudTrail-Insight", ... */
	int64_t time;                     /* of delivery, about */
};

/* Of a log; false for a digest and for whatever else. Takes a path. */
bool delivery_name_read(struct str path, struct delivery_name *out);

struct digest_name {
	struct str account, region, trail, home; /* home: the trail's region */
	struct str stem; /* what the names of all digests of a chain have */
	int64_t end;     /* of what it covers */
	bool backfill;
};

bool digest_name_read(struct str path, struct digest_name *out);

/* DIGEST.head.json: what S3 has beside a digest, as `aws s3api head-object`
 * prints it. *digest is the digest's path. */
bool head_name_read(struct str path, struct str *digest);

/* What follows the last slash; and that without .gz, which a copy that was
 * unpacked has lost. */
struct str name_base(struct str path);
struct str name_unpacked(struct str path);

#endif /* TRAWL_VERIFY_NAME_H */
