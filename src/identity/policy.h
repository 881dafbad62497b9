/* SPDX-License-Identifier: MIT */
/*
 * policy.h - whom an IAM policy document lets in, and what it revokes
 *
 * CloudTrail has such documents as strings of JSON (requestParameters of
 * IAM), as URL-encoded strings (responseElements) or as objects (buckets).
 * Who writes a policy may be an attacker: sizes and counts are bounded, and
 * what cannot be read names nobody.
 *
 * Source: AWS IAM User Guide, policy grammar.
 *
 * Layer: identity. Memory: the arena passed. Threads: any.
 */
#ifndef TRAWL_POLICY_H
#define TRAWL_POLICY_H

#include "base/arena.h"
#include "base/json.h"

/* Most principals that are read out of one document. */
enum { POLICY_PRINCIPALS = 256 };

/* The document in a value: parsed if it is text, undone if URL-encoded; NULL
 * when there is none. */
const struct json *policy_document(const struct json *value,
				   struct arena *arena);

/*
 * Calls `each` for every principal of a statement that allows: an account, an
 * ARN, a unique id, an identity provider, "*" for everybody (which NotPrincipal
 * comes to as well). Services are left out: their trust is how they work. True
 * when the document has statements and all of them could be told.
 */
bool policy_each_principal(const struct json *document,
			   void (*each)(void *context, struct str principal),
			   void *context);

/*
 * Does it deny what sessions do that were issued before some time, as
 * AWSRevokeOlderSessions does? That time in ms, else TIME_NONE.
 */
int64_t policy_revokes_before(const struct json *document);

#endif /* TRAWL_POLICY_H */
