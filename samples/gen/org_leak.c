/* SPDX-License-Identifier: MIT */
/*
 * The second story: the key of a machine user has leaked; whoever has it
 * reads the archive of logs, and makes a token of it that outlives the key.
 */
#include "gen/org.h"

#include "base/attr.h"
#include "gen/issue.h"

#define OK      NULL
#define DENIED  "denied"
#define SHIPPER "user=log-shipper"
#define OBJECT                                                  \
	ORG_ARCHIVE ";key=AWSLogs/o-5d0e7c21ab/" ORG_MANAGEMENT \
		    "/CloudTrail/us-east-1/2026/10/15/${alnum16}"

static const struct step reading[] = {
	{ "1", "22:50:44", "leak", "sts:GetCallerIdentity", GLOBAL, OK },
	{ "2", "22:51:30", "leak", "s3:ListBuckets", "out=644", OK },
	{ "2", "22:51:58", "leak", "iam:ListUsers",
	  "on=arn:aws:iam::${account}:user/", DENIED },
	{ "2", "22:52:10", "leak", "iam:ListAttachedUserPolicies",
	  SHIPPER ";on=user log-shipper", DENIED },
	{ "2", "22:52:41", "leak", "ec2:DescribeInstances", "", DENIED },
	{ "2", "22:53:02", "leak", "secretsmanager:ListSecrets", "", DENIED },
	{ "3", "22:54:15", "leak", "s3:ListObjects", ORG_ARCHIVE ";out=288120",
	  OK },
};

static const struct step token[] = {
	{ "4", "22:58:20", "leak", "iam:CreateUser",
	  "user=support;on=arn:aws:iam::${account}:user/support", DENIED },
	{ "4", "22:58:49", "leak", "iam:CreateAccessKey",
	  SHIPPER ";on=user log-shipper", DENIED },
	{ "5", "23:01:12", "leak", "sts:GetFederationToken",
	  "to=leak token;seconds=129600" IN_GLOBAL, OK },
	{ "5", "23:02:05", "leak token", "signin:GetSigninToken", GLOBAL, OK },
};

/* The other console opens nothing but what the key's policy allowed. */
static const struct habit pages[] = {
	{ 1, "s3:ListBuckets", "out=644" },
	{ 1, "s3:GetBucketLocation", ORG_ARCHIVE },
	{ 2, "s3:ListObjects", ORG_ARCHIVE ";prefix=AWSLogs/;out=8821" },
};

static void keys(struct scene *sc)
{
	const char *old = scene_format(sc, SHIPPER ";key=%s",
				       scene_find(sc, "shipper")->key);
	const char *new = scene_format(sc, SHIPPER ";key=%s",
				       scene_find(sc, "shipper 2")->key);
	const struct step change[] = {
		{ "", "09:05:12", "mira on Friday", "iam:UpdateAccessKey", old,
		  OK },
		{ "", "09:20:40", "mira on Friday", "iam:CreateAccessKey", new,
		  OK },
	};

	scene_play(sc, change, ARRAY_SIZE(change));
}

void org_leak(struct scene *sc)
{
	struct session *s = scene_find(sc, "leak");
	struct session *console = scene_find(sc, "leak token");
	int64_t t;

	sc->chapter = "2";
	sc->graph->incident = 2;
	org_at(sc, 3, "00:00:00");
	scene_play(sc, reading, ARRAY_SIZE(reading));
	t = scene_at(sc, "22:54:40");
	for (int i = 0; i < 60; i++)
		scene_call(sc, s, t + i * 3 * SECOND, "s3:GetObject",
			   OBJECT ".json.gz;out=${digits5}");
	scene_play(sc, token, ARRAY_SIZE(token));
	console->console = true;
	session_new_key(console, &sc->rng);
	t = scene_at(sc, "23:02:20");
	routine_pages(sc, console, t, t + 20 * MINUTE, 2 * MINUTE, pages,
		      ARRAY_SIZE(pages));
	/* Without its key the token is still good. */
	t = org_at(sc, 4, "09:41:07");
	routine_pages(sc, console, t, t + 15 * MINUTE, 2 * MINUTE, pages,
		      ARRAY_SIZE(pages));
	sc->graph->incident = 0;
	keys(sc);
}
