/* SPDX-License-Identifier: MIT */
/*
 * verify_private.h - what the parts of verify share
 *
 * Order: read (verify_read.c) finds the digests and sums what could be a log;
 * chain (verify_chain.c) decides about digests; logs (verify_logs.c) about
 * logs, by what is known of the digests; ends (verify_ends.c) about what
 * should be here before and after.
 *
 * Layer: casework.
 */
#ifndef TRAWL_VERIFY_PRIVATE_H
#define TRAWL_VERIFY_PRIVATE_H

#include "casework/verify.h"
#include "casework/verify_digest.h"

/* What was read of a file. */
struct read_file {
	enum { READ_OTHER, READ_DIGEST, READ_LOG, READ_HEAD } kind;
	const char *trouble;      /* NULL: it was read to its end */
	bool refused;             /* it could not be opened at all */
	bool followed;            /* something follows the first member */
	struct sha256 first, all; /* of the first member, and of everything */
};

struct known_digest {
	struct digest d;
	uint32_t file;
	struct sha256 sum;
	bool appended; /* behind its end */
	bool copy;     /* of the one before it in `by_object` */
	uint32_t chain;
	uint32_t named;    /* times that a later digest names it */
	bool held, denied; /* by signatures */
	bool denied_by_s3; /* the signature was beside it in S3 */
	bool believed;     /* a verified digest names its sum */
	bool agreed;       /* one that is not known to be wrong does */
	bool doubted;      /* one names another sum */
	bool misled;       /* it names a sum that a verified one has not */
	enum verify_state state;
	/* What it says is worth: `state`, but for what was appended to it. */
	enum verify_state word;
	const char *why;
};

/* A signature that S3 had beside a digest. */
struct head {
	struct str base; /* the digest's name, unpacked */
	struct str signature;
};

struct verify {
	const struct verify_options *o;
	const struct files *files;
	struct verify_result *r;
	bool gaps;              /* they alone are asked for */
	uint64_t unnamed;       /* missing digests that nothing names, so far */
	struct read_file *read; /* by file */
	struct known_digest *digest;
	uint32_t digests;
	size_t digest_cap;
	struct head *head; /* in order of their files */
	size_t heads, head_cap;
	uint32_t *by_object; /* digests by object, bucket, sum, file */
	uint32_t *by_chain;  /* digests by chain and end */
};

/* Reads digests, and sums them when `sums`. ERR_CANCELLED. */
ATTR_NODISCARD enum err_code verify_read_digests(struct verify *v, bool sums,
						 struct err *err);
/* Sums what could be a log. ERR_CANCELLED. */
ATTR_NODISCARD enum err_code verify_read_logs(struct verify *v,
					      struct err *err);

void verify_sort_chains(struct verify *v);
void verify_judge_digests(struct verify *v);
void verify_find_gaps(struct verify *v);
void verify_list_digests(struct verify *v);
void verify_judge_logs(struct verify *v);
/* After the logs, which tell how far the evidence goes. */
void verify_find_ends(struct verify *v);

/* Is the digest that this one names here? O(log n). */
bool verify_has_before(const struct verify *v, const struct known_digest *k);
/* Adds the digest that one names as missing; `first` is when it begins. */
void verify_add_named(struct verify *v, const struct known_digest *by,
		      int64_t first);

struct verify_item *verify_add(struct verify *v, enum verify_kind kind,
			       enum verify_state state, uint32_t chain);

#endif /* TRAWL_VERIFY_PRIVATE_H */
