/* SPDX-License-Identifier: MIT */
#include "gen/digests.h"

#include <assert.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/gz.h"
#include "base/json_writer.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "gen/agents.h"
#include "gen/files.h"
#include "gen/routine.h"
#include "gen/sign.h"
#include "gen/trail.h"

#define OFFICE          "198.51.100.24"
#define OLD_FINGERPRINT "5a0b1c2d3e4f5061728394a5b6c7d8e9"

static const struct time_zone utc = TIME_ZONE_UTC;

void bucket_begin(struct bucket *b)
{
	*b = (struct bucket){ .n = 0 };
	scene_begin(&b->sc, "digests", "2026-10-03", "us-east-1");
}

void bucket_end(struct bucket *b)
{
	for (int i = 0; i < b->n; i++)
		strbuf_release(&b->object[i].text);
	for (int i = 0; i < b->lines; i++)
		for (int h = 0; h < DIGEST_HOURS; h++)
			strbuf_release(&b->line[i].signature[h]);
	free(b->object);
	scene_end(&b->sc);
}

static int add_object(struct bucket *b, const char *key)
{
	struct object *o;

	b->object = mem_grow(b->object, &b->cap, (size_t)b->n + 1,
			     sizeof(*b->object));
	o = &b->object[b->n];
	*o = (struct object){ .key = key };
	strbuf_init(&o->text);
	return b->n++;
}

int64_t bucket_hour(const struct bucket *b, int hour)
{
	return scene_at(&b->sc, "04:01:31") + hour * 60 * MINUTE;
}

/* Logs ---------------------------------------------------------------------- */

static const char *log_key(struct bucket *b, const struct line *l, int64_t time)
{
	struct time_parts p = time_split(time, &utc);
	char tail[17] = "";

	rng_alnum(&b->sc.rng, tail, 16);
	return scene_format(&b->sc,
			    "%s/CloudTrail/%s/%04d/%02d/%02d/%s_CloudTrail_%s_"
			    "%04d%02d%02dT%02d%02dZ_%s.json.gz",
			    l->root, l->region, p.year, p.month, p.day,
			    l->account, l->region, p.year, p.month, p.day,
			    p.hour, p.minute, tail);
}

static void write_calls(struct bucket *b, const struct line *l, int64_t time)
{
	static const char *const calls[] = { "sts:GetCallerIdentity",
					     "s3:ListBuckets",
					     "ec2:DescribeInstances" };
	struct session *alice =
		scene_user(&b->sc, scene_format(&b->sc, "alice %d", b->n),
			   l->account, "alice", OFFICE, AGENT_BOTO);

	b->sc.region = l->region;
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++)
		scene_call(&b->sc, alice,
			   time - 5 * MINUTE + (int64_t)i * 61 * SECOND,
			   calls[i], NULL);
}

int bucket_log(struct bucket *b, const struct line *l, int64_t time)
{
	struct trail *t = &b->sc.trail;
	int log = add_object(b, log_key(b, l, time));
	struct strbuf *text = &b->object[log].text;
	size_t from = t->n;

	write_calls(b, l, time);
	strbuf_adds(text, "{\"Records\":[");
	for (size_t i = from; i < t->n; i++) {
		if (i > from)
			strbuf_addc(text, ',');
		strbuf_add(text,
			   str_sub(strbuf_str(&t->text), t->record[i].offset,
				   t->record[i].offset + t->record[i].size));
	}
	strbuf_adds(text, "]}");
	return log;
}

struct line *bucket_line(struct bucket *b, const char *account,
			 const char *region, const char *root, unsigned empty)
{
	struct line *l = &b->line[b->lines++];

	assert(b->lines <= BUCKET_LINES);
	*l = (struct line){ .account = account,
			    .region = region,
			    .root = root };
	for (int h = 0; h < DIGEST_HOURS; h++) {
		strbuf_init(&l->signature[h]);
		l->digest[h] = DIGEST_NONE;
		for (int i = 0; i < DIGEST_LOGS; i++)
			l->log[h][i] =
				empty >> h & 1 ?
					DIGEST_NONE :
					bucket_log(b, l,
						   bucket_hour(b, h) +
							   (20 + 30 * i) *
								   MINUTE);
	}
	return l;
}

/* Digests ------------------------------------------------------------------- */

static const char *digest_key(struct bucket *b, const struct line *l,
			      int64_t end, const char *suffix)
{
	struct time_parts p = time_split(end, &utc);

	return scene_format(&b->sc,
			    "%s/CloudTrail-Digest/%s/%04d/%02d/%02d/"
			    "%s_CloudTrail-Digest_%s_" DIGESTS_TRAIL
			    "_" DIGESTS_HOME
			    "_%04d%02d%02dT%02d%02d%02dZ%s.json.gz",
			    l->root, l->region, p.year, p.month, p.day,
			    l->account, l->region, p.year, p.month, p.day,
			    p.hour, p.minute, p.second, suffix);
}

static void write_time(struct json_writer *w, const char *key, int64_t t)
{
	json_key(w, key);
	if (t == TIME_NONE) {
		json_null(w);
	} else {
		struct strbuf text;

		strbuf_init(&text);
		time_format(&text, t, TIME_ISO, &utc);
		json_string(w, strbuf_str(&text));
		strbuf_release(&text);
	}
}

static void write_text(struct json_writer *w, const char *key, const char *s)
{
	json_key(w, key);
	if (s)
		json_string(w, str_of(s));
	else
		json_null(w);
}

static void write_sum(struct json_writer *w, const char *key,
		      const struct object *o)
{
	struct strbuf sum;

	strbuf_init(&sum);
	if (o)
		sign_add_sum(&sum, strbuf_str(&o->text));
	write_text(w, key, o ? sum.p : NULL);
	strbuf_release(&sum);
}

/* What a digest says of itself and of the one before it. */
static void write_head(struct json_writer *w, const struct bucket *b,
		       const struct line *l, const char *key, int64_t start,
		       const struct object *before, const char *signature)
{
	int64_t end = start + 60 * MINUTE;
	int64_t old_key = bucket_hour(b, l->old_key);

	write_text(w, "awsAccountId", l->account);
	write_time(w, "digestStartTime", start);
	write_time(w, "digestEndTime", end);
	write_text(w, "digestS3Bucket", DIGESTS_BUCKET);
	write_text(w, "digestS3Object", key);
	write_text(w, "digestPublicKeyFingerprint",
		   start < old_key ? OLD_FINGERPRINT : SIGN_FINGERPRINT);
	write_text(w, "digestSignatureAlgorithm", "SHA256withRSA");
	write_text(w, "previousDigestS3Bucket", before ? DIGESTS_BUCKET : NULL);
	write_text(w, "previousDigestS3Object", before ? before->key : NULL);
	write_sum(w, "previousDigestHashValue", before);
	write_text(w, "previousDigestHashAlgorithm", before ? "SHA-256" : NULL);
	write_text(w, "previousDigestSignature", signature);
}

static void write_logs(struct json_writer *w, struct bucket *b, const int *log,
		       size_t n, int64_t start)
{
	json_key(w, "logFiles");
	json_begin_array(w);
	for (size_t i = 0; i < n; i++) {
		const struct object *o;
		int64_t time = start + (20 + 30 * (int64_t)i) * MINUTE;

		if (log[i] == DIGEST_NONE)
			continue;
		o = &b->object[log[i]];
		json_begin_object(w);
		write_text(w, "s3Bucket", DIGESTS_BUCKET);
		write_text(w, "s3Object", o->key);
		write_sum(w, "hashValue", o);
		write_text(w, "hashAlgorithm", "SHA-256");
		write_time(w, "newestEventTime",
			   time - 5 * MINUTE + 122 * SECOND);
		write_time(w, "oldestEventTime", time - 5 * MINUTE);
		json_end_object(w);
	}
	json_end_array(w);
}

/* "END\nBUCKET/KEY\nSUM\nSIGNATURE BEFORE", signed. */
static void sign(struct strbuf *out, const struct object *o, int64_t end,
		 const char *before)
{
	struct strbuf text;

	strbuf_init(&text);
	time_format(&text, end, TIME_ISO, &utc);
	strbuf_addf(&text, "\n%s/%s\n", DIGESTS_BUCKET, o->key);
	sign_add_sum(&text, strbuf_str(&o->text));
	strbuf_addf(&text, "\n%s", before ? before : "null");
	sign_add_signature(out, strbuf_str(&text));
	strbuf_release(&text);
}

static int add_digest(struct bucket *b, const struct line *l, const char *key,
		      int64_t start, const int *log, size_t n, int before,
		      const char *signature)
{
	int d = add_object(b, key);
	struct json_writer w;

	json_writer_init(&w, &b->object[d].text);
	json_begin_object(&w);
	write_head(&w, b, l, key, start,
		   before == DIGEST_NONE ? NULL : &b->object[before],
		   signature);
	write_logs(&w, b, log, n, start);
	json_end_object(&w);
	return d;
}

void bucket_digests(struct bucket *b, struct line *l,
		    const struct digesting *how)
{
	for (int h = how->from; h < DIGEST_HOURS; h++) {
		int64_t start = bucket_hour(b, h);
		bool first = h == 0 || (how->starting && h == how->from);
		const char *signature = first ? NULL : l->signature[h - 1].p;

		if (l->digest[h] != DIGEST_NONE)
			b->object[l->digest[h]].gone = true;
		l->digest[h] = add_digest(
			b, l, digest_key(b, l, start + 60 * MINUTE, ""), start,
			l->log[h], DIGEST_LOGS,
			first ? DIGEST_NONE : l->digest[h - 1], signature);
		strbuf_clear(&l->signature[h]);
		/* Whoever lacks the key can put anything there. */
		if (how->forged)
			for (int i = 0; i < 64; i++)
				strbuf_addf(&l->signature[h], "%08x",
					    (unsigned)rng_next(&b->sc.rng));
		else
			sign(&l->signature[h], &b->object[l->digest[h]],
			     start + 60 * MINUTE, signature);
	}
}

void bucket_backfill(struct bucket *b, struct line *l, int hour, int log)
{
	int64_t start = bucket_hour(b, hour);

	add_digest(b, l, digest_key(b, l, start + 60 * MINUTE, "_backfill"),
		   start, &log, 1, DIGEST_NONE, NULL);
}

int bucket_stray(struct bucket *b, struct line *l, int hour, int log)
{
	int64_t start = bucket_hour(b, hour) - 30 * MINUTE;

	return add_digest(b, l, digest_key(b, l, start + 60 * MINUTE, ""),
			  start, &log, 1, l->digest[hour - 1],
			  l->signature[hour - 1].p);
}

void bucket_head(struct bucket *b, const struct line *l, int hour)
{
	int head = add_object(b, scene_format(&b->sc, "%s.head.json",
					      b->object[l->digest[hour]].key));

	b->object[head].plain = true;
	strbuf_addf(&b->object[head].text,
		    "{\n    \"ETag\": \"\\\"5f1d\\\"\",\n"
		    "    \"Metadata\": {\n        \"signature\": \"%s\",\n"
		    "        \"signature-algorithm\": \"SHA256withRSA\"\n"
		    "    }\n}\n",
		    l->signature[hour].p);
}

/* Changing and writing ------------------------------------------------------ */

void bucket_change(struct bucket *b, int object, const char *from,
		   const char *to)
{
	struct strbuf *text = &b->object[object].text;
	size_t at = str_find(strbuf_str(text), str_of(from), 0);

	if (at == SIZE_MAX || strlen(from) != strlen(to))
		abort();
	memcpy(text->p + at, to, strlen(to));
}

/* The file of an object, and its folder. */
static void add_path(struct strbuf *path, const char *folder, const char *key,
		     size_t without, bool flat)
{
	struct str k = str_from(str_of(key), without);

	if (flat) {
		k = str_from(k, str_find_last(k, '/') + 1);
		k.n -= sizeof(".gz") - 1;
	}
	strbuf_addf(path, "%s/%.*s", folder, STR_ARG(k));
}

static enum err_code make_folder_of(const struct strbuf *path, struct err *err)
{
	struct str p = strbuf_str(path);
	struct strbuf folder;
	enum err_code rc;

	strbuf_init(&folder);
	strbuf_add(&folder, str_sub(p, 0, str_find_last(p, '/')));
	rc = files_make_folder(folder.p, err);
	strbuf_release(&folder);
	return rc;
}

static enum err_code write_object(const struct object *o, const char *path,
				  bool flat, struct err *err)
{
	struct strbuf bytes;
	enum err_code rc;
	char *packed;
	size_t n;

	if (flat || o->plain)
		return files_write(path, strbuf_str(&o->text), err);
	strbuf_init(&bytes);
	gz_compress(strbuf_str(&o->text), &packed, &n);
	strbuf_add(&bytes, (struct str){ packed, n });
	strbuf_add(&bytes, o->behind);
	free(packed);
	rc = files_write(path, strbuf_str(&bytes), err);
	strbuf_release(&bytes);
	return rc;
}

enum err_code bucket_write(struct bucket *b, const char *folder, size_t without,
			   bool flat, struct err *err)
{
	enum err_code rc = ERR_OK;
	struct strbuf path;

	strbuf_init(&path);
	for (int i = 0; i < b->n && rc == ERR_OK; i++) {
		if (b->object[i].gone)
			continue;
		strbuf_clear(&path);
		add_path(&path, folder, b->object[i].key, without, flat);
		rc = make_folder_of(&path, err);
		if (rc == ERR_OK)
			rc = write_object(&b->object[i], path.p, flat, err);
	}
	strbuf_release(&path);
	return rc;
}
