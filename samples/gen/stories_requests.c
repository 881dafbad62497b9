/* SPDX-License-Identifier: MIT */
/*
 * Requests to S3 as its access log has them, beside the data events that tell
 * of the same requests, or of others: lines of s3access.log. They have no id of
 * their own; the index has what trawl calls them, a hash of the record that is
 * made of a line.
 */
#include "gen/stories.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "gen/line_id.h"
#include "gen/stories_private.h"

#define BUCKET "shop-orders"
#define OWNER  "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"

/* A call of the reader's, or a request of a stranger's. */
struct act {
	unsigned minute; /* after six */
	const char *call, *args;
	const char *request;   /* the request's id; NULL: any */
	const char *object;    /* of a line in the access log; NULL: none */
	const char *operation; /* of it; NULL: REST.GET.OBJECT */
};

struct request_story {
	const char *name, *date;
	struct act act[6];
};

static const struct request_story stories[] = {
	/* Nothing of the bucket is in the data events. */
	{ "unrecorded/fire-off",
	  "2026-06-01",
	  { { 0, "s3:ListBuckets", "", NULL, NULL, NULL },
	    { 5, NULL, NULL, "3E57427F3EXAMPLE", "2026/order-7.json", NULL },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
	/* One read is, another is not. */
	{ "unrecorded/fire-narrowed",
	  "2026-06-02",
	  { { 0, "s3:GetObject", "bucket=" BUCKET ";key=2026/order-1.json",
	      "7B4A0FABBEXAMPLE", "2026/order-1.json", NULL },
	    { 5, NULL, NULL, "3E57427F3EXAMPLE", "2026/order-7.json", NULL },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
	{ "unrecorded/quiet-recorded",
	  "2026-06-03",
	  { { 0, "s3:GetObject", "bucket=" BUCKET ";key=2026/order-1.json",
	      "7B4A0FABBEXAMPLE", "2026/order-1.json", NULL },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
	/* CloudTrail's evidence begins later. */
	{ "unrecorded/quiet-before",
	  "2026-06-04",
	  { { 0, NULL, NULL, "3E57427F3EXAMPLE", "2026/order-7.json", NULL },
	    { 5, "s3:ListBuckets", "", NULL, NULL, NULL },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
	/* Somebody looks whether objects are there. */
	{ "unrecorded/fire-head",
	  "2026-06-05",
	  { { 0, "s3:ListBuckets", "", NULL, NULL, NULL },
	    { 5, NULL, NULL, "3E57427F3EXAMPLE", "2026/order-7.json",
	      "REST.HEAD.OBJECT" },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
	/* Copied into a bucket of his own: here it was only read. */
	{ "unrecorded/fire-copied-out",
	  "2026-06-06",
	  { { 0, "s3:GetObject", "bucket=" BUCKET ";key=2026/order-1.json",
	      "7B4A0FABBEXAMPLE", "2026/order-1.json", NULL },
	    { 5, NULL, NULL, "3E57427F3EXAMPLE", "2026/order-7.json",
	      "REST.COPY.OBJECT_GET" },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
	/* A copy that is recorded; its source has an id of its own. */
	{ "unrecorded/quiet-copied",
	  "2026-06-07",
	  { { 0, "s3:ListBuckets", "", NULL, NULL, NULL },
	    { 5, "s3:CopyObject", "bucket=" BUCKET ";key=2026/order-1.json",
	      "7B4A0FABBEXAMPLE", NULL, NULL },
	    { 5, NULL, NULL, "3E57427F3EXAMPLE", "2026/order-7.json",
	      "REST.COPY.OBJECT_GET" },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
	/* One deletion is recorded, another is not. */
	{ "unrecorded/fire-deleted",
	  "2026-06-08",
	  { { 0, "s3:DeleteObject", "bucket=" BUCKET ";key=2026/order-1.json",
	      "7B4A0FABBEXAMPLE", "2026/order-1.json", "REST.DELETE.OBJECT" },
	    { 5, NULL, NULL, "3E57427F3EXAMPLE", "2026/order-7.json",
	      "REST.DELETE.OBJECT" },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
	/* Of the bucket only reads are recorded. */
	{ "unrecorded/quiet-reads-alone",
	  "2026-06-09",
	  { { 0, "s3:GetObject", "bucket=" BUCKET ";key=2026/order-1.json",
	      "7B4A0FABBEXAMPLE", "2026/order-1.json", NULL },
	    { 5, NULL, NULL, "3E57427F3EXAMPLE", "2026/order-7.json",
	      "REST.PUT.OBJECT" },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
	/* The objects of one deletion, which have an id of their own. */
	{ "unrecorded/quiet-deleted-together",
	  "2026-06-10",
	  { { 0, "s3:ListBuckets", "", NULL, NULL, NULL },
	    { 5, "s3:DeleteObjects", "bucket=" BUCKET, "7B4A0FABBEXAMPLE", NULL,
	      NULL },
	    { 5, NULL, NULL, "3E57427F3EXAMPLE", "2026/order-7.json",
	      "BATCH.DELETE.OBJECT" },
	    { 9, "s3:ListBuckets", "", NULL, NULL, NULL } } },
};

static void add_index(struct strbuf *index, const struct request_story *s,
		      unsigned *part, struct str id, const char *file)
{
	strbuf_addf(index, "lineage/%s/%u\t%.*s\t%s\n", s->name, ++*part,
		    STR_ARG(id), file);
}

static const char *method_of(const char *operation)
{
	return strstr(operation, "DELETE.OBJECT") ? "DELETE" :
	       strstr(operation, "HEAD")          ? "HEAD" :
	       strstr(operation, "GET.OBJECT")    ? "GET" :
						    "PUT";
}

static void write_line(const struct request_story *s, const struct act *a,
		       unsigned *part, struct strbuf *lines,
		       struct strbuf *index)
{
	const char *operation = a->operation ? a->operation : "REST.GET.OBJECT";
	struct strbuf line, id;

	strbuf_init(&line);
	strbuf_init(&id);
	strbuf_addf(&line,
		    OWNER " " BUCKET " [%.2s/Jun/2026:06:%02u:00 +0000] %s "
			  "%s %s %s %s \"%s /" BUCKET
			  "/%s HTTP/1.1\" 200 - 4120 4120 21 20 \"-\" "
			  "\"" CLI "\" - s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2 "
			  "SigV4 TLS_AES_128_GCM_SHA256 AuthHeader "
			  "s3.us-east-1.amazonaws.com TLSv1.3 - -",
		    s->date + 8, a->minute, a->call ? OFFICE : STRANGE,
		    a->call ? "arn:aws:iam::" HERE ":user/svc-report" :
			      "arn:aws:iam::" HERE ":user/svc-export",
		    a->request, operation, a->object, method_of(operation),
		    a->object);
	line_id(strbuf_str(&line), &id);
	strbuf_add(lines, strbuf_str(&line));
	strbuf_addc(lines, '\n');
	add_index(index, s, part, strbuf_str(&id), "s3access.log");
	strbuf_release(&line);
	strbuf_release(&id);
}

/* What the catalogue does not have. */
static const struct call copying = {
	.name = "s3:CopyObject",
	.flags = CALL_DATA | CALL_OBJECT,
	.request = "{'bucketName':'${bucket}','key':'${key}','x-amz-copy-"
		   "source':'${bucket}/${key}'}",
};

static void write_call(struct scene *sc, const struct request_story *s,
		       const struct act *a, unsigned *part,
		       struct strbuf *records, struct strbuf *index)
{
	struct event e = {
		.time = scene_at(sc, scene_format(sc, "06:%02u:01", a->minute)),
		.by = scene_find(sc, "reader"),
		.call = a->call,
		.args = a->args,
		.shape = strcmp(a->call, copying.name) == 0 ? &copying : NULL,
		.region = sc->region,
	};
	struct strbuf record;

	if (a->request)
		snprintf(e.request_id, sizeof(e.request_id), "%s", a->request);
	strbuf_init(&record);
	event_write(&record, &e, &sc->rng);
	strbuf_add(records, strbuf_str(&record));
	strbuf_addc(records, '\n');
	add_index(index, s, part, str_of(e.id), "lineage.jsonl");
	strbuf_release(&record);
}

void stories_write_requests(struct strbuf *records, struct strbuf *lines,
			    struct strbuf *index)
{
	for (size_t i = 0; i < ARRAY_SIZE(stories); i++) {
		const struct request_story *s = &stories[i];
		struct scene sc;
		unsigned part = 0;
		char set[128];

		snprintf(set, sizeof(set), "lineage/%s", s->name);
		scene_begin(&sc, set, s->date, "us-east-1");
		scene_user(&sc, "reader", HERE, "svc-report", OFFICE, CLI);
		for (const struct act *a = s->act; a->call || a->object; a++) {
			if (a->call)
				write_call(&sc, s, a, &part, records, index);
			if (a->object)
				write_line(s, a, &part, lines, index);
		}
		scene_end(&sc);
	}
}
