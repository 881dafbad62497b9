/* SPDX-License-Identifier: MIT */
/*
 * lineage_world.h - some records, or random ones, about who became whom
 */
#ifndef TRAWL_TEST_LINEAGE_WORLD_H
#define TRAWL_TEST_LINEAGE_WORLD_H

#include "lineage_help.h"

enum { WORLD_MOST = 64 };

struct world {
	struct arena arena;
	struct str record[WORLD_MOST];
	uint32_t n;
};

/* Few names and few seconds, so that much of it hangs together and collides. */
enum { ROLES = 3, SECONDS = 4, KEYS = 12 };

static inline void add_time(struct strbuf *out, const char *member,
			    uint32_t second)
{
	strbuf_addf(out, "\"%s\":\"2026-01-09T21:00:0%uZ\"", member, second);
}

static inline void add_random_key(struct strbuf *out, struct rng *r)
{
	if (rng_one_in(r, 5))
		return;
	strbuf_addf(out, ",\"accessKeyId\":\"%s%016u\"",
		    rng_one_in(r, 3) ? "AKIA" : "ASIA", rng_below(r, KEYS));
}

static inline void add_context(struct strbuf *out, struct rng *r, uint32_t role)
{
	if (rng_one_in(r, 5))
		return;
	strbuf_adds(out, ",\"sessionContext\":{\"attributes\":{");
	add_time(out, "creationDate", rng_below(r, SECONDS));
	strbuf_adds(out, "}");
	if (role < ROLES && !rng_one_in(r, 4))
		strbuf_addf(out,
			    ",\"sessionIssuer\":{\"type\":\"Role\",\"arn\":"
			    "\"arn:aws:iam::%u11122223333:role/r%u\"}",
			    role % 2 + 1, role);
	strbuf_adds(out, "}");
}

static inline void add_random_caller(struct strbuf *out, struct rng *r)
{
	uint32_t n = rng_below(r, ROLES);

	strbuf_adds(out, "\"userIdentity\":{");
	switch (rng_below(r, 6)) {
	case 0:
		strbuf_addf(out, "\"type\":\"AWSService\",\"invokedBy\":"
				 "\"ec2.amazonaws.com\"");
		break;
	case 1:
		strbuf_addf(out,
			    "\"type\":\"AWSAccount\",\"principalId\":"
			    "\"AROA%u:x\",\"accountId\":\"111122223333\"",
			    n);
		break;
	case 2:
	case 3:
		strbuf_addf(out,
			    "\"type\":\"AssumedRole\",\"principalId\":"
			    "\"AROA%u:x\",\"arn\":\"arn:aws:sts::%u11122223333:"
			    "assumed-role/r%u/x\"",
			    n, n % 2 + 1, n);
		add_random_key(out, r);
		add_context(out, r, n);
		break;
	default:
		strbuf_addf(out,
			    "\"type\":\"IAMUser\",\"principalId\":\"AIDA%u\","
			    "\"accountId\":\"111122223333\",\"arn\":"
			    "\"arn:aws:iam::111122223333:user/u%u\"",
			    n, n);
		add_random_key(out, r);
		add_context(out, r, ROLES);
		if (rng_one_in(r, 3))
			strbuf_adds(out, ",\"invokedBy\":\"AWS Internal\"");
	}
	strbuf_adds(out, "}");
}

static inline void add_random_call(struct strbuf *out, struct rng *r)
{
	uint32_t n = rng_below(r, ROLES), key = rng_below(r, KEYS);

	switch (rng_below(r, 6)) {
	case 0:
	case 1:
		strbuf_addf(out,
			    "\"eventSource\":\"sts.amazonaws.com\","
			    "\"eventName\":\"AssumeRole\","
			    "\"requestParameters\":{\"roleArn\":\"arn:aws:iam::"
			    "%u11122223333:role/r%u\",\"roleSessionName\":"
			    "\"x\"},\"responseElements\":{\"credentials\":"
			    "{\"accessKeyId\":\"ASIA%016u\"}",
			    n % 2 + 1, n, key);
		if (!rng_one_in(r, 3))
			strbuf_addf(out,
				    ",\"assumedRoleUser\":{\"assumedRoleId\":"
				    "\"AROA%u:x\"}",
				    n);
		strbuf_adds(out, "}");
		if (rng_one_in(r, 3))
			strbuf_addf(out, ",\"sharedEventID\":\"shared-%u\"",
				    key);
		break;
	case 2:
		strbuf_adds(out, "\"eventSource\":\"signin.amazonaws.com\","
				 "\"eventName\":\"ConsoleLogin\","
				 "\"responseElements\":{\"ConsoleLogin\":"
				 "\"Success\"}");
		break;
	case 3:
		strbuf_addf(out,
			    "\"eventSource\":\"iam.amazonaws.com\","
			    "\"eventName\":\"CreateAccessKey\","
			    "\"responseElements\":{\"accessKey\":"
			    "{\"accessKeyId\":\"AKIA%016u\"%s}}",
			    key, n ? ",\"userName\":\"u1\"" : "");
		break;
	case 4:
		strbuf_addf(out,
			    "\"eventSource\":\"iam.amazonaws.com\","
			    "\"eventName\":\"CreateUser\","
			    "\"responseElements\":{\"user\":{\"arn\":\"arn:aws:"
			    "iam::111122223333:user/p/u%u\"}}",
			    n);
		break;
	default:
		strbuf_adds(out, "\"eventSource\":\"s3.amazonaws.com\","
				 "\"eventName\":\"ListBuckets\"");
	}
}

static inline void world_make(struct world *w, struct rng *r)
{
	struct strbuf out;

	strbuf_init(&out);
	arena_init(&w->arena);
	w->n = 4 + rng_below(r, WORLD_MOST - 4);
	for (uint32_t i = 0; i < w->n; i++) {
		strbuf_clear(&out);
		strbuf_adds(&out, "{\"eventVersion\":\"1.08\",");
		add_random_caller(&out, r);
		strbuf_adds(&out, ",");
		add_random_call(&out, r);
		strbuf_adds(&out, ",");
		add_time(&out, "eventTime", rng_below(r, SECONDS));
		strbuf_addf(&out,
			    ",\"sourceIPAddress\":\"198.51.100.%u\","
			    "\"recipientAccountId\":\"%u11122223333\","
			    "\"eventID\":\"",
			    rng_below(r, 3), rng_below(r, 2) + 1);
		add_id(&out, i);
		strbuf_adds(&out, "\"}");
		w->record[i] = arena_dup(&w->arena, strbuf_str(&out));
	}
	strbuf_release(&out);
}

#endif /* TRAWL_TEST_LINEAGE_WORLD_H */
