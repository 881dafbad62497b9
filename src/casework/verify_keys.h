/* SPDX-License-Identifier: MIT */
/*
 * verify_keys.h - the public keys that CloudTrail's digests are checked with
 *
 * A file that `aws cloudtrail list-public-keys` wrote, or several one after
 * the other: each Region has keys of its own. What they prove rests on where
 * they come from, so they are only read from files that were named, never out
 * of the evidence.
 *
 * Layer: casework. Threads: any, once they are read.
 */
#ifndef TRAWL_VERIFY_KEYS_H
#define TRAWL_VERIFY_KEYS_H

#include "base/arena.h"
#include "base/crypto.h"
#include "base/err.h"

struct verify_key {
	struct str fingerprint;
	struct rsa_key *key;
	/* When it signed, as AWS says, both inclusive; TIME_NONE: not said. */
	int64_t from, until;
};

struct verify_keys {
	struct arena arena;
	struct verify_key *key; /* by fingerprint, once read */
	size_t n, cap;
};

void verify_keys_init(struct verify_keys *k);
void verify_keys_release(struct verify_keys *k);

/* Adds those of all these files. ERR_IO; ERR_SYNTAX when one holds no public
 * key, or something else beside. */
ATTR_NODISCARD enum err_code verify_keys_read_all(struct verify_keys *k,
						  const char *const *path,
						  size_t path_n,
						  struct err *err);
/* The same from a text. */
ATTR_NODISCARD enum err_code verify_keys_parse(struct verify_keys *k,
					       struct str text,
					       struct err *err);

/* The key of that fingerprint that was valid at a time, or NULL. A key does not
 * prove what is dated outside its time. O(log n). */
const struct rsa_key *verify_keys_find(const struct verify_keys *k,
				       struct str fingerprint, int64_t at);
/* Is there one of that fingerprint, whenever it was valid? */
bool verify_keys_has(const struct verify_keys *k, struct str fingerprint);

#endif /* TRAWL_VERIFY_KEYS_H */
