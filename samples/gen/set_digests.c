/* SPDX-License-Identifier: MIT */
/*
 * A trail with digests, as it was delivered, and what somebody who can write
 * to its bucket might do to it.
 */
#include "gen/sets.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/gz.h"
#include "gen/digests.h"
#include "gen/files.h"
#include "gen/routine.h"
#include "gen/sign.h"

#define ACCOUNT "111122223333"
#define MEMBER  "444455556666"
#define ROOT    "AWSLogs/" ACCOUNT
#define PREFIX  "trails/"
#define ORG     PREFIX "AWSLogs/o-a1b2c3d4e5/"
#define EMPTY   (1u << 4) /* the fifth hour has no events */

/* What trawl verify has to say: what is wrong, if anything, and its exit
 * status with the public key and without. */
struct expected {
	struct strbuf lines;
	const char *name;
};

static void expect(struct expected *e, const struct bucket *b,
		   const char *state, const char *kind, int object, int status,
		   int without)
{
	const char *key = object == DIGEST_NONE ? "-" : b->object[object].key;
	size_t slash = str_find_last(str_of(key), '/');

	strbuf_addf(&e->lines, "%s\t%s\t%s\t%s\t%d\t%d\n", e->name, state, kind,
		    slash == SIZE_MAX ? key : key + slash + 1, status, without);
}

static const struct digesting whole = { .from = 0 };

static struct line *delivered(struct bucket *b)
{
	struct line *l = bucket_line(b, ACCOUNT, "us-east-1", ROOT, EMPTY);

	bucket_digests(b, l, &whole);
	return l;
}

static struct line *elsewhere(struct bucket *b)
{
	struct line *l = bucket_line(b, ACCOUNT, "eu-west-1", ROOT, ~4u);

	bucket_digests(b, l, &whole);
	return l;
}

/* Two Regions, one nearly silent, and a log that no digest knows yet. */
static void untouched(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);

	elsewhere(b);
	bucket_log(b, l, bucket_hour(b, DIGEST_HOURS) + 20 * MINUTE);
	expect(e, b, "-", "-", DIGEST_NONE, 0, 0);
}

static void changed_log(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);

	bucket_change(b, l->log[2][0], "alice", "aline");
	expect(e, b, "changed", "log", l->log[2][0], 1, 1);
}

static void removed_log(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);

	b->object[l->log[2][1]].gone = true;
	expect(e, b, "missing", "log", l->log[2][1], 1, 1);
}

static void added_log(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);
	int log = bucket_log(b, l, bucket_hour(b, 2) + 35 * MINUTE);

	expect(e, b, "extra", "log", log, 1, 1);
}

static void removed_digest(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);

	b->object[l->digest[2]].gone = true;
	expect(e, b, "missing", "digest", l->digest[2], 1, 1);
}

static void removed_digests(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);

	for (int h = 2; h < 4; h++) {
		b->object[l->digest[h]].gone = true;
		expect(e, b, "missing", "digest", l->digest[h], 1, 1);
	}
}

/* A log, and its sum in the digest of its hour. */
static void change_both(struct bucket *b, const struct line *l, int hour)
{
	struct strbuf sum[2];

	for (int i = 0; i < 2; i++) {
		strbuf_init(&sum[i]);
		sign_add_sum(&sum[i],
			     strbuf_str(&b->object[l->log[hour][0]].text));
		if (i == 0)
			bucket_change(b, l->log[hour][0], "alice", "aline");
	}
	bucket_change(b, l->digest[hour], sum[0].p, sum[1].p);
	strbuf_release(&sum[0]);
	strbuf_release(&sum[1]);
}

static void changed_digest(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);

	change_both(b, l, 2);
	expect(e, b, "changed", "digest", l->digest[2], 1, 1);
}

/* The next member of a gzip file is read like the first. */
static void append(struct bucket *b, int object, int member)
{
	char *packed;
	size_t n;

	gz_compress(strbuf_str(&b->object[member].text), &packed, &n);
	b->object[object].behind = arena_dup(&b->sc.arena,
					     (struct str){ packed, n });
	free(packed);
}

static void appended_member(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);
	int more = bucket_log(b, l, bucket_hour(b, 3) + 21 * MINUTE);

	append(b, l->log[3][0], more);
	b->object[more].gone = true;
	expect(e, b, "appended", "log", l->log[3][0], 1, 1);
}

static void appended_digest(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);

	append(b, l->digest[3], l->digest[2]);
	expect(e, b, "appended", "digest", l->digest[3], 1, 1);
}

/* A digest that lists a log which was added as well. */
static void added_digest(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);
	int log = bucket_log(b, l, bucket_hour(b, 2) - 5 * MINUTE);

	expect(e, b, "extra", "digest", bucket_stray(b, l, 2, log), 1, 1);
}

/* Only in the newest digest, which nothing else is a witness of. */
static void wrong_signature(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);
	char other[] = "00000000";
	char first[sizeof(other)];

	memcpy(first, l->signature[4].p, sizeof(first) - 1);
	first[sizeof(first) - 1] = '\0';
	bucket_change(b, l->digest[5], first, other);
	expect(e, b, "wrong-signature", "digest", l->digest[4], 1, 0);
}

/* Everything agrees again, but for what needs the key. */
static void rebuilt(struct bucket *b, struct expected *e)
{
	static const struct digesting anew = { .from = 2, .forged = true };
	struct line *l = delivered(b);

	bucket_change(b, l->log[2][0], "alice", "aline");
	bucket_digests(b, l, &anew);
	for (int h = 2; h < DIGEST_HOURS - 1; h++)
		expect(e, b, "wrong-signature", "digest", l->digest[h], 1, 0);
}

static void restarted(struct bucket *b, struct expected *e)
{
	static const struct digesting anew = { .from = 4, .starting = true };
	struct line *l = delivered(b);

	for (int h = 2; h < 4; h++) {
		b->object[l->digest[h]].gone = true;
		for (int i = 0; i < DIGEST_LOGS; i++)
			b->object[l->log[h][i]].gone = true;
	}
	bucket_digests(b, l, &anew);
	expect(e, b, "restarted", "gap", DIGEST_NONE, 1, 1);
}

static void ended(struct bucket *b, struct expected *e)
{
	struct line *l;

	delivered(b);
	l = elsewhere(b);
	for (int h = 3; h < DIGEST_HOURS; h++)
		b->object[l->digest[h]].gone = true;
	expect(e, b, "ended", "gap", DIGEST_NONE, 1, 1);
}

/* Whoever can write to the bucket can add digests, too: one that vouches for a
 * log that was changed, and one that does not know a log as it is. */
static void forged_backfill(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);
	int changed = l->log[1][0], slandered = l->log[2][0];

	bucket_change(b, changed, "alice", "aline");
	bucket_backfill(b, l, 1, changed);
	bucket_change(b, slandered, "alice", "aline");
	bucket_backfill(b, l, 2, slandered);
	bucket_change(b, slandered, "aline", "alice");
	expect(e, b, "changed", "log", changed, 1, 1);
}

/* The newest digest with its signature, which S3 has beside it. */
static void newest_signed(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);

	bucket_head(b, l, DIGEST_HOURS - 1);
	expect(e, b, "-", "-", DIGEST_NONE, 0, 0);
}

/* The same, of a digest that was changed with a log that it lists. */
static void newest_changed(struct bucket *b, struct expected *e)
{
	struct line *l = delivered(b);

	bucket_head(b, l, DIGEST_HOURS - 1);
	change_both(b, l, DIGEST_HOURS - 1);
	expect(e, b, "wrong-signature", "digest", l->digest[DIGEST_HOURS - 1],
	       1, 0);
}

/* Of two members, under a prefix that the copy has lost; a log that came late
 * is in a backfill digest, and the keys changed on the way: the old one's
 * digests are known by those of the new one. */
static void organization(struct bucket *b, struct expected *e)
{
	struct line *l = bucket_line(b, ACCOUNT, "us-east-1", ORG ACCOUNT,
				     EMPTY);
	struct line *m;
	int late;

	bucket_digests(b, l, &whole);
	late = bucket_log(b, l, bucket_hour(b, 1) + 25 * MINUTE);
	bucket_backfill(b, l, 1, late);
	m = bucket_line(b, MEMBER, "us-east-1", ORG MEMBER, ~4u);
	m->old_key = 3;
	bucket_digests(b, m, &whole);
	expect(e, b, "-", "-", DIGEST_NONE, 0, 0);
}

static void unpacked(struct bucket *b, struct expected *e)
{
	delivered(b);
	expect(e, b, "-", "-", DIGEST_NONE, 0, 0);
}

static const struct {
	const char *name;
	void (*make)(struct bucket *b, struct expected *e);
	size_t without; /* bytes of the keys */
	bool flat;
} copies[] = {
	{ "untouched", untouched, 0, false },
	{ "changed-log", changed_log, 0, false },
	{ "removed-log", removed_log, 0, false },
	{ "added-log", added_log, 0, false },
	{ "removed-digest", removed_digest, 0, false },
	{ "removed-digests", removed_digests, 0, false },
	{ "changed-digest", changed_digest, 0, false },
	{ "added-digest", added_digest, 0, false },
	{ "appended-member", appended_member, 0, false },
	{ "appended-digest", appended_digest, 0, false },
	{ "wrong-signature", wrong_signature, 0, false },
	{ "rebuilt", rebuilt, 0, false },
	{ "forged-backfill", forged_backfill, 0, false },
	{ "restarted", restarted, 0, false },
	{ "ended", ended, 0, false },
	{ "newest-signed", newest_signed, 0, false },
	{ "newest-changed", newest_changed, 0, false },
	{ "organization", organization, sizeof(PREFIX) - 1, false },
	{ "unpacked", unpacked, 0, true },
};

static enum err_code write_keys(const char *folder, struct err *err)
{
	struct strbuf path, text;
	enum err_code rc;

	strbuf_init(&path);
	strbuf_init(&text);
	strbuf_addf(&path, "%s/digests/public-keys.json", folder);
	strbuf_addf(
		&text,
		"{\n    \"PublicKeyList\": [\n        {\n"
		"            \"Value\": \"%s\",\n"
		"            \"ValidityStartTime\": \"2026-09-20T00:00:00Z\","
		"\n            \"ValidityEndTime\": "
		"\"2026-10-20T00:00:00Z\",\n"
		"            \"Fingerprint\": \"%s\"\n        }\n    ]\n}\n",
		sign_public_key, SIGN_FINGERPRINT);
	rc = files_check_json(strbuf_str(&text), err);
	if (rc == ERR_OK)
		rc = files_write(path.p, strbuf_str(&text), err);
	strbuf_release(&path);
	strbuf_release(&text);
	return rc;
}

static enum err_code write_expected(const char *folder,
				    const struct expected *e, struct err *err)
{
	struct strbuf path;
	enum err_code rc;

	strbuf_init(&path);
	strbuf_addf(&path, "%s/digests/EXPECT.tsv", folder);
	rc = files_write(path.p, strbuf_str(&e->lines), err);
	strbuf_release(&path);
	return rc;
}

enum err_code set_digests(const char *folder, struct err *err)
{
	enum err_code rc = ERR_OK;
	struct expected e;

	strbuf_init(&e.lines);
	strbuf_adds(&e.lines,
		    "folder\tstate\tkind\tname\tstatus\twithout key\n");
	for (size_t i = 0; i < ARRAY_SIZE(copies) && rc == ERR_OK; i++) {
		struct bucket b;

		bucket_begin(&b);
		e.name = copies[i].name;
		copies[i].make(&b, &e);
		rc = bucket_write(&b,
				  scene_format(&b.sc, "%s/digests/%s", folder,
					       e.name),
				  copies[i].without, copies[i].flat, err);
		bucket_end(&b);
	}
	if (rc == ERR_OK)
		rc = write_keys(folder, err);
	if (rc == ERR_OK)
		rc = write_expected(folder, &e, err);
	strbuf_release(&e.lines);
	return rc;
}
