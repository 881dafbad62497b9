/* SPDX-License-Identifier: MIT */
/*
 * trail.h - records gathered, and delivered as files
 *
 * CloudTrail delivers a few minutes after the event, a file a region and
 * account each five minutes, records in no order, some of them twice in
 * different files. trail_deliver does the same with the records of a trail.
 *
 * Cost: all records are in memory. The bench writes without a trail.
 */
#ifndef SAMPLEGEN_TRAIL_H
#define SAMPLEGEN_TRAIL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/strbuf.h"
#include "gen/rng.h"

/* One record of a trail; its text lies in trail.text. */
struct trail_record {
	int64_t time;
	int64_t delivered; /* the end of its five minutes */
	const char *account;
	const char *region;
	size_t offset, size;
	uint32_t order; /* inside its file, by chance */
};

struct trail {
	struct strbuf text;
	struct trail_record *record;
	size_t n, cap;
};

void trail_init(struct trail *t);
void trail_release(struct trail *t);

/* Room for one record: write it into t->text, then call trail_added with the
 * length that t->text had before. */
void trail_added(struct trail *t, size_t from, int64_t time,
		 const char *account, const char *region);

struct delivery {
	const char *folder;  /* exists */
	const char *name;    /* seeds lateness, order and file names */
	unsigned duplicates; /* percent of the records that come twice */
	unsigned plain;      /* percent of the files that are not gzipped */
	int64_t slot;        /* ms between deliveries; 0: five minutes */
	bool flat;           /* no AWSLogs/... folders */
};

/* Writes the files; reorders the trail. */
ATTR_NODISCARD enum err_code trail_deliver(struct trail *t,
					   const struct delivery *d,
					   struct err *err);

/* "AWSLogs/ACCOUNT/CloudTrail/REGION/2026/10/03" and the file's own name
 * "ACCOUNT_CloudTrail_REGION_20261003T0610Z_16chars". */
void trail_folder(struct strbuf *out, const char *account, const char *region,
		  int64_t delivered);
void trail_file_name(struct strbuf *out, const char *account,
		     const char *region, int64_t delivered, struct rng *r);

#endif /* SAMPLEGEN_TRAIL_H */
