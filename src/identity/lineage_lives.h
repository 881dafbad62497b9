/* SPDX-License-Identifier: MIT */
/*
 * lineage_lives.h - the ARNs, names and unique ids that the evidence has
 *
 * An ARN of a user, role or group leads one life for each unique id that it
 * had. They are gathered from facts and links before anybody asks; a name that
 * nothing else knows is added then. What they mean says lineage_alias.c.
 *
 * Layer: identity, inside.
 */
#ifndef TRAWL_LINEAGE_LIVES_H
#define TRAWL_LINEAGE_LIVES_H

#include "identity/lineage_private.h"
#include "model/arn.h"

/* One life of an ARN. */
struct life {
	uint32_t arn, uid; /* in aliases.arns, aliases.uids */
	int64_t from;      /* ms: made then, or first seen */
};

/* An ARN of a user, role or group. */
struct named_arn {
	uint32_t life, life_n; /* where its lives begin, and how many; while
				  they are gathered, the last one + 1 */
	uint32_t next;         /* of the same name, or 0 */
};

struct aliases {
	struct intern arns, uids, names, keys;
	struct named_arn *arn; /* by number in arns */
	struct life *life;     /* sorted by arn, from, uid */
	uint32_t *first_arn;   /* by number in names: one of its ARNs */
	uint32_t *arn_of;      /* by number in uids */
	uint32_t *uid_of;      /* by number in keys */
	size_t life_n, life_cap, arn_cap, name_cap, uid_cap, key_cap;
};

/* The kind of principal that an ARN names, as fact_name writes it, or NUL. */
char lives_kind_of(const struct arn *arn);
/* "u111122223333/alice" of an ARN, in lower case: IAM ignores it in names.
 * Valid until the next one. */
struct str lives_name_text(struct lineage_maker *m, char kind,
			   struct str account, struct str name);
/* The number of an ARN of a user, role or group; 0 for others. */
uint32_t lives_add_arn(struct lineage_maker *m, struct str text);

#endif /* TRAWL_LINEAGE_LIVES_H */
