/* SPDX-License-Identifier: MIT */
/*
 * digests.h - a bucket with logs and the digests of them
 *
 * Objects are made in memory, changed at will, and written below a folder
 * under their keys. A line is the delivery of one trail in one Region of one
 * account: two logs an hour, and a digest at the end of each.
 */
#ifndef SAMPLEGEN_DIGESTS_H
#define SAMPLEGEN_DIGESTS_H

#include <stdbool.h>

#include "base/err.h"
#include "gen/scene.h"

#define DIGESTS_BUCKET "trail-archive-5c1d"
#define DIGESTS_TRAIL  "main-trail"
#define DIGESTS_HOME   "us-east-1"

enum { DIGEST_HOURS = 6, DIGEST_LOGS = 2, DIGEST_NONE = -1 };

struct object {
	const char *key;
	struct strbuf text;
	struct str behind; /* bytes after what is packed */
	bool gone;
	bool plain; /* not packed */
};

struct line {
	const char *account, *region;
	const char *root; /* of its keys: "AWSLogs/111122223333" */
	int log[DIGEST_HOURS][DIGEST_LOGS];
	int digest[DIGEST_HOURS];
	struct strbuf signature[DIGEST_HOURS]; /* of these */
	int old_key; /* hours before this one name a key that nobody saved */
};

enum { BUCKET_LINES = 4 };

struct bucket {
	struct scene sc;
	struct object *object;
	int n;
	size_t cap;
	struct line line[BUCKET_LINES];
	int lines;
};

void bucket_begin(struct bucket *b);
void bucket_end(struct bucket *b);

/* A log with a few calls of somebody's in the minutes before; its number. */
int bucket_log(struct bucket *b, const struct line *l, int64_t time);
/* A line with the logs of all hours but those of the empty ones, a bit each;
 * no digests yet. */
struct line *bucket_line(struct bucket *b, const char *account,
			 const char *region, const char *root, unsigned empty);
/* When an hour of a line begins; its logs come 20 and 50 minutes later. */
int64_t bucket_hour(const struct bucket *b, int hour);

/* How digests are made. */
struct digesting {
	int from;      /* the first hour */
	bool starting; /* that one begins a chain */
	bool forged;   /* without the key */
};

/* Makes the digests of a line, from an hour on, of the logs as they are. */
void bucket_digests(struct bucket *b, struct line *l,
		    const struct digesting *how);
/* A backfill digest of one log, the first of its chain. */
void bucket_backfill(struct bucket *b, struct line *l, int hour, int log);

/* A digest of one log that names the same one before it as that of an hour
 * does, half an hour earlier; its number. */
int bucket_stray(struct bucket *b, struct line *l, int hour, int log);

/* What S3 has beside the digest of an hour, as head-object prints it. */
void bucket_head(struct bucket *b, const struct line *l, int hour);

/* Replaces the first occurrence; both are of one length. */
void bucket_change(struct bucket *b, int object, const char *from,
		   const char *to);

/* Below a folder, under keys without so many bytes of them; or all in one
 * folder, unpacked. */
ATTR_NODISCARD enum err_code bucket_write(struct bucket *b, const char *folder,
					  size_t without, bool flat,
					  struct err *err);

#endif /* SAMPLEGEN_DIGESTS_H */
