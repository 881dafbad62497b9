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

/* Whom a statement lets in. */
struct policy_guest {
	struct str principal;    /* an account, an ARN, a unique id, an identity
				    provider; "*": everybody */
	struct str organization; /* of which the caller has to be, "o-...";
				    empty: of any, or of none */
};

/*
 * Calls `each` for every guest of a statement that allows. NotPrincipal comes
 * to everybody as well. Services are left out: their trust is how they work.
 *
 * Everybody is taken at the conditions' word where these fix who the caller
 * is: its organization, its account, the account of the resource that it acts
 * for. Where they fix the place that is called from, or ask for the resource's
 * own account or organization, nobody is told. What does not fix it (TLS, a
 * tag, an external id, a wildcard, an operator that a missing key satisfies)
 * leaves everybody. True when the document has statements and all guests could
 * be told.
 *
 * Source: AWS S3 User Guide, the meaning of "public"; IAM User Guide, global
 * condition context keys.
 */
bool policy_each_guest(const struct json *document,
		       void (*each)(void *context,
				    const struct policy_guest *guest),
		       void *context);

/*
 * Does it deny what sessions do that were issued before some time, as
 * AWSRevokeOlderSessions does? That time in ms, else TIME_NONE.
 */
int64_t policy_revokes_before(const struct json *document);

#endif /* TRAWL_POLICY_H */
