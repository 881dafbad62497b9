/* SPDX-License-Identifier: MIT */
/*
 * verify.h - is the evidence what CloudTrail delivered?
 *
 * CloudTrail's digests list the logs that it delivered, with their sums, and
 * each names the one before it, with its sum and its signature. verify_run
 * reads the digests that lie among some files, follows the chain of each
 * trail and Region backwards, looks for holes in time forwards, and holds the
 * logs against the lists. Files are compared by their names: copies lose the
 * bucket and often the folders. Nothing is opened but the files given.
 *
 * What that proves is told by the state of each thing, and is no more than
 * this: without the keys of AWS everything may agree and be made up, by
 * whoever can write to the bucket ("consistent, unsigned"). A digest is
 * verified when its signature, which the next one carries, holds, or when a
 * verified one names its sum; the newest of a chain has neither.
 *
 * Digests are written by whoever could write to the bucket: no quantity in
 * them is believed, and nothing takes longer than O(n log n) in what there is
 * to read.
 *
 * Layer: casework. Needs base/crypto.h to exist. Threads: verify_run is one
 * thread's and uses others; a result is read by any.
 */
#ifndef TRAWL_VERIFY_H
#define TRAWL_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "casework/verify_keys.h"
#include "store/files.h"

/* State, name, whether something is wrong, what it means. From the best to
 * the worst. */
#define VERIFY_STATES(X)                                                         \
	X(VERIFY_VERIFIED, "verified", false,                                    \
	  "as CloudTrail delivered it: a digest whose signature holds, or that " \
	  "one names whose signature holds; a log by the sum in such a digest")  \
	X(VERIFY_CONSISTENT, "consistent", false,                                \
	  "consistent, unsigned: it agrees with the digests, of which no "       \
	  "signature was checked")                                               \
	X(VERIFY_UNCONFIRMED, "unconfirmed", false,                              \
	  "a digest that no later one here confirms, the newest of a chain or "  \
	  "the last before a hole; a log that only such a digest lists")         \
	X(VERIFY_UNPROVEN, "unproven", false,                                    \
	  "no digest that can be relied on lists it")                            \
	X(VERIFY_UNREADABLE, "unreadable", true, "it could not be read")         \
	X(VERIFY_ENDED, "ended", true, "digests should go on and do not")        \
	X(VERIFY_RESTARTED, "restarted", true,                                   \
	  "a chain begins anew where it should go on")                           \
	X(VERIFY_EXTRA, "extra", true,                                           \
	  "it is here, and the digests that cover its time do not list it")      \
	X(VERIFY_MISSING, "missing", true,                                       \
	  "digests tell of it, and it is not here")                              \
	X(VERIFY_APPENDED, "appended", true,                                     \
	  "something was appended after delivery")                               \
	X(VERIFY_FORGED, "wrong-signature", true,                                \
	  "the signature does not hold")                                         \
	X(VERIFY_CHANGED, "changed", true,                                       \
	  "it is not what digests say that it was")

enum verify_state {
#define X(code, name, wrong, help) code,
	VERIFY_STATES(X)
#undef X
		VERIFY_STATE_COUNT
};

const char *verify_state_name(enum verify_state s);
const char *verify_state_help(enum verify_state s);
bool verify_state_is_wrong(enum verify_state s);

enum verify_kind { VERIFY_DIGEST, VERIFY_LOG, VERIFY_GAP };

/* One thing that was found out. */
struct verify_item {
	enum verify_kind kind;
	enum verify_state state;
	uint32_t chain;            /* VERIFY_NONE: of none */
	uint32_t file;             /* VERIFY_NONE: it is not here */
	struct str bucket, object; /* in S3; empty: unknown */
	int64_t first, last;       /* what a digest covers, where a gap is,
				      when a log was delivered; TIME_NONE */
	struct str detail;         /* why, in words; may be empty */
};

#define VERIFY_NONE UINT32_MAX

/* The digests of one trail in one Region of one account; backfill digests,
 * which list what was late, have one of their own. */
struct verify_chain {
	struct str bucket, account, region, trail, home;
	bool backfill;
	int64_t first, last;             /* what its digests cover */
	uint32_t digests, logs;          /* here; logs that they list */
	uint32_t of[VERIFY_STATE_COUNT]; /* items */
	int64_t signed_to;               /* end of the newest verified digest */
	int64_t logs_from; /* the newest log before `first` that no digest
			      lists, or TIME_NONE */
	int64_t logs_to;   /* the newest behind `last`, likewise */
	enum verify_state worst;
};

struct verify_result {
	struct arena arena;
	const struct files *files; /* the caller's */
	struct verify_chain *chain;
	uint32_t chains;
	struct verify_item *item; /* by chain, digests before logs, in time */
	size_t n, cap;
	uint64_t of[VERIFY_STATE_COUNT]; /* all items */
	uint64_t digests, logs;          /* files */
	uint64_t others;                 /* files that are neither */
	bool keys;                       /* some were given */
};

struct verify_options {
	const struct limits *limits;
	unsigned threads;               /* 1 or more */
	const struct verify_keys *keys; /* NULL: none */
	/* Told of the files done now and then; false ends it. May be NULL. */
	bool (*going)(void *context, uint64_t done, uint64_t all);
	void *context;
};

/* ERR_CANCELLED when it was ended. The files must outlive the result. */
ATTR_NODISCARD enum err_code verify_run(struct verify_result *out,
					const struct files *files,
					const struct verify_options *options,
					struct err *err);
void verify_result_release(struct verify_result *r);

/*
 * Gaps alone: from what digests say of themselves, without a sum of anything,
 * for whoever tells where logging was interrupted. The items of the result
 * are the gaps in time, of kind VERIFY_GAP, and nothing else:
 * VERIFY_RESTARTED where a chain begins anew after an earlier one has ended,
 * VERIFY_MISSING where digests are named, or needed by the hours between two,
 * and are not here. Works without crypto_exists. Files that are not named as
 * digests are not looked into; cost: O(bytes of digests).
 */
void verify_gaps(struct verify_result *out, const struct files *files,
		 const struct limits *limits);

#endif /* TRAWL_VERIFY_H */
