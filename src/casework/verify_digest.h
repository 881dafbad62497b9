/* SPDX-License-Identifier: MIT */
/*
 * verify_digest.h - one digest of CloudTrail's, read
 *
 * Each hour CloudTrail delivers, for each Region, a digest: the names and
 * sums of the logs that it has delivered since the one before, and the name,
 * sum and signature of that one. Its own signature is not in it: the next
 * digest has it, and S3's metadata.
 *
 * Layer: casework. Memory: texts are the arena's that is passed. Threads: any.
 */
#ifndef TRAWL_VERIFY_DIGEST_H
#define TRAWL_VERIFY_DIGEST_H

#include "base/arena.h"
#include "base/crypto.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/strbuf.h"
#include "casework/verify_name.h"

/* A log, as a digest lists it. */
struct digest_entry {
	struct str bucket, object;
	struct sha256 sum; /* of what it unpacks to */
};

struct digest {
	struct digest_name name; /* by `object` */
	struct str bucket, object;
	struct str end_text, fingerprint;
	int64_t start, end;
	bool starting; /* it begins a chain: it names none before it */
	bool summed;   /* it has a sum of the one before it */
	struct str before_bucket, before_object, before_signature;
	struct sha256 before_sum;
	struct digest_entry *entry;
	size_t n;
};

/* Could this be one? By its beginning. */
bool digest_is_likely(struct str first);

/*
 * Reads a digest's whole text. NULL, or why it is none, a constant; then
 * *out is of no use. O(length).
 */
const char *digest_read(struct digest *out, struct arena *arena,
			struct str text, const struct limits *limits);

/* The signature in what head-object prints, in the arena; empty when there is
 * none. */
struct str digest_head_signature(struct arena *arena, struct str text);

/* Adds what CloudTrail signs of a digest whose text has that sum. */
void digest_add_signed(struct strbuf *out, const struct digest *d,
		       const struct sha256 *sum);

/* A signature as digests spell it: hexadecimal digits. False when it is
 * not, or longer than any key's. */
bool digest_signature(struct str hex, struct strbuf *out);

#endif /* TRAWL_VERIFY_DIGEST_H */
