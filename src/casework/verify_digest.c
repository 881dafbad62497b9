/* SPDX-License-Identifier: MIT */
#include "casework/verify_digest.h"

#include "base/attr.h"
#include "base/json.h"
#include "base/timefmt.h"

enum { MOST_DEPTH = 16, MOST_SIGNATURE = 4096 };

bool digest_is_likely(struct str first)
{
	first = str_trim(first);
	return first.n && first.p[0] == '{' &&
	       str_find(first, STR("\"digestS3Object\""), 0) != SIZE_MAX;
}

/* A text that is there, or null or absent; false for any other value. */
static bool read_text(const struct json *v, const char *name, struct str *out)
{
	const struct json *m = json_member(v, str_of(name));

	*out = STR_NULL;
	if (!m || m->kind == JSON_NULL)
		return true;
	*out = m->text;
	return m->kind == JSON_STRING && m->text.n > 0;
}

static bool read_time(const struct json *v, const char *name, struct str *text,
		      int64_t *t)
{
	if (!read_text(v, name, text))
		return false;
	*t = time_parse(*text, NULL);
	return *t != TIME_NONE;
}

static const char *read_entry(struct digest_entry *e, const struct json *v)
{
	struct str sum, kind;

	if (!read_text(v, "s3Bucket", &e->bucket) ||
	    !read_text(v, "s3Object", &e->object) ||
	    !read_text(v, "hashValue", &sum) ||
	    !read_text(v, "hashAlgorithm", &kind) || !e->object.n)
		return "a digest that lists something without a name";
	if (!str_eq(kind, STR("SHA-256")) || !sha256_parse(sum, &e->sum))
		return "a digest with sums that are not of SHA-256";
	return NULL;
}

static const char *read_entries(struct digest *d, struct arena *arena,
				const struct json *v)
{
	const struct json *list = json_member(v, STR("logFiles"));
	const char *why = NULL;

	if (!list || list->kind != JSON_ARRAY)
		return "a digest without a list of logs";
	d->entry = arena_alloc(arena,
			       ((size_t)list->n + 1) * sizeof(*d->entry));
	for (const struct json *c = list->child; c && !why; c = c->next)
		why = read_entry(&d->entry[d->n++], c);
	return why;
}

static const char *read_before(struct digest *d, const struct json *v)
{
	struct str sum, kind;

	if (!read_text(v, "previousDigestS3Bucket", &d->before_bucket) ||
	    !read_text(v, "previousDigestS3Object", &d->before_object) ||
	    !read_text(v, "previousDigestHashValue", &sum) ||
	    !read_text(v, "previousDigestHashAlgorithm", &kind) ||
	    !read_text(v, "previousDigestSignature", &d->before_signature))
		return "a digest that tells the one before it in no text";
	d->starting = !d->before_object.n || !d->before_bucket.n;
	d->summed = !d->starting && sum.n;
	if (d->summed && (!str_eq(kind, STR("SHA-256")) ||
			  !sha256_parse(sum, &d->before_sum)))
		return "a digest with sums that are not of SHA-256";
	return NULL;
}

static const char *read_value(struct digest *d, struct arena *arena,
			      const struct json *v)
{
	struct str start, algorithm;
	const char *why;

	if (!read_text(v, "digestS3Bucket", &d->bucket) ||
	    !read_text(v, "digestS3Object", &d->object) || !d->bucket.n ||
	    !d->object.n)
		return "no digest: it does not tell where it was delivered";
	if (!digest_name_read(d->object, &d->name))
		return "a digest whose name in S3 is none of CloudTrail's";
	if (!read_time(v, "digestStartTime", &start, &d->start) ||
	    !read_time(v, "digestEndTime", &d->end_text, &d->end) ||
	    d->start > d->end)
		return "a digest without the times that it covers";
	if (!read_text(v, "digestPublicKeyFingerprint", &d->fingerprint) ||
	    !read_text(v, "digestSignatureAlgorithm", &algorithm) ||
	    (algorithm.n && !str_eq(algorithm, STR("SHA256withRSA"))))
		return "a digest with a signature of a kind that is not known";
	why = read_before(d, v);
	return why ? why : read_entries(d, arena, v);
}

/* Out of the tree, which takes ten times as much, into the caller's arena. */
static void keep(struct digest *d, struct arena *arena)
{
	struct str *text[] = { &d->bucket,          &d->object,
			       &d->end_text,        &d->fingerprint,
			       &d->before_bucket,   &d->before_object,
			       &d->before_signature };
	struct digest_entry *entry =
		arena_alloc(arena, (d->n + 1) * sizeof(*d->entry));

	for (size_t i = 0; i < ARRAY_SIZE(text); i++)
		*text[i] = arena_text(arena, *text[i]);
	for (size_t i = 0; i < d->n; i++) {
		const struct digest_entry *e = &d->entry[i];

		entry[i] = (struct digest_entry){
			/* Nearly always the digest's own. */
			str_eq(e->bucket, d->bucket) ?
				d->bucket :
				arena_text(arena, e->bucket),
			arena_text(arena, e->object), e->sum
		};
	}
	d->entry = entry;
	digest_name_read(d->object, &d->name);
}

const char *digest_read(struct digest *out, struct arena *arena,
			struct str text, const struct limits *limits)
{
	const char *why = "no digest: this is not one JSON value";
	const struct json *v = NULL;
	struct json_scan scan;
	struct strbuf clean;
	struct arena tree;
	struct err err;

	*out = (struct digest){ .n = 0 };
	text = str_trim(text);
	arena_init(&tree);
	strbuf_init(&clean);
	json_scan_init(&scan, limits->max_record, MOST_DEPTH);
	if (json_scan(&scan, text, true, &clean) == JSON_OK &&
	    scan.end == text.n)
		v = json_parse(&tree, strbuf_str(&clean), &err);
	if (v)
		why = read_value(out, &tree, v);
	if (!why)
		keep(out, arena);
	json_scan_release(&scan);
	strbuf_release(&clean);
	arena_release(&tree);
	return why;
}

struct str digest_head_signature(struct arena *arena, struct str text)
{
	const struct json *v = NULL;
	struct str out = STR_NULL;
	struct json_scan scan;
	struct strbuf clean;
	struct arena tree;
	struct err err;

	arena_init(&tree);
	strbuf_init(&clean);
	json_scan_init(&scan, text.n + 1, MOST_DEPTH);
	if (json_scan(&scan, text, true, &clean) == JSON_OK)
		v = json_parse(&tree, strbuf_str(&clean), &err);
	if (v)
		out = arena_text(arena, json_text_at(v, "Metadata.signature"));
	json_scan_release(&scan);
	strbuf_release(&clean);
	arena_release(&tree);
	return out;
}

void digest_add_signed(struct strbuf *out, const struct digest *d,
		       const struct sha256 *sum)
{
	strbuf_add(out, d->end_text);
	strbuf_addc(out, '\n');
	strbuf_add(out, d->bucket);
	strbuf_addc(out, '/');
	strbuf_add(out, d->object);
	strbuf_addc(out, '\n');
	sha256_print(out, sum);
	strbuf_addc(out, '\n');
	/* The word stands for itself in what the first of a chain signs. */
	strbuf_add(out,
		   d->before_signature.n ? d->before_signature : STR("null"));
}

bool digest_signature(struct str hex, struct strbuf *out)
{
	if (hex.n % 2 || hex.n > 2 * MOST_SIGNATURE)
		return false;
	for (size_t i = 0; i < hex.n; i += 2) {
		int high = str_hex(hex.p[i]), low = str_hex(hex.p[i + 1]);

		if (high < 0 || low < 0)
			return false;
		strbuf_addc(out, (char)(high << 4 | low));
	}
	return hex.n > 0;
}
