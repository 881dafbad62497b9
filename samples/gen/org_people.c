/* SPDX-License-Identifier: MIT */
/* The week of the people, and of the pipelines that work for them. */
#include "gen/org.h"

#include "base/attr.h"
#include "gen/issue.h"

/* At the command line, as a developer of the shop. */
static const struct habit developing[] = {
	{ 4, "logs:DescribeLogGroups", "group=/aws/lambda/" ORG_EXPORT },
	{ 4, "lambda:GetFunction20150331v2", "function=" ORG_EXPORT },
	{ 4, "cloudformation:DescribeStacks", "stack=shop" },
	{ 3, "ec2:DescribeInstances", NULL },
	{ 3, "dynamodb:DescribeTable", "table=carts" },
	{ 2, "s3:ListObjects", "bucket=shop-dev-5d0e;out=812" },
	{ 2, "ecs:DescribeServices", NULL },
	{ 1, "sts:GetCallerIdentity", NULL },
};

static const struct habit securing[] = {
	{ 4, "guardduty:ListFindings", NULL },
	{ 4, "guardduty:GetFindings", NULL },
	{ 2, "securityhub:GetFindings", NULL },
	{ 2, "s3:ListObjects",
	  ORG_ARCHIVE ";prefix=AWSLogs/o-5d0e7c21ab/;out=${digits5}" },
	{ 1, "sts:GetCallerIdentity", NULL },
};

/* Pages of the console; the number is the page. */
static const struct habit shop_pages[] = {
	{ 1, "ec2:DescribeInstances", NULL },
	{ 1, "ec2:DescribeInstanceStatus", NULL },
	{ 1, "ec2:DescribeVolumes", NULL },
	{ 2, "monitoring:DescribeAlarms", NULL },
	{ 2, "monitoring:GetMetricData", NULL },
	{ 3, "rds:DescribeDBInstances", NULL },
	{ 3, "rds:DescribeEvents", NULL },
	{ 4, "lambda:ListFunctions20150331", NULL },
	{ 4, "logs:DescribeLogGroups", NULL },
	{ 5, "s3:ListBuckets", "out=1391" },
	{ 5, "s3:GetBucketLocation", "bucket=shop-assets-5d0e" },
	{ 6, "elasticloadbalancing:DescribeLoadBalancers", NULL },
	{ 6, "elasticloadbalancing:DescribeTargetGroups", NULL },
};

static const struct habit org_pages[] = {
	{ 1, "organizations:DescribeOrganization", NULL },
	{ 1, "organizations:ListAccounts", NULL },
	{ 1, "organizations:ListRoots", NULL },
	{ 2, "sso:ListInstances", NULL },
	{ 2, "sso:ListPermissionSets", NULL },
	{ 3, "budgets:DescribeBudgets", NULL },
	{ 3, "ce:GetCostAndUsage", NULL },
	{ 4, "health:DescribeEventAggregates", NULL },
};

static const struct habit security_pages[] = {
	{ 1, "guardduty:ListDetectors", NULL },
	{ 1, "guardduty:ListFindings", NULL },
	{ 1, "guardduty:GetFindings", NULL },
	{ 2, "securityhub:GetFindings", NULL },
	{ 2, "securityhub:GetEnabledStandards", NULL },
};

/* Identity Center at the command line: a session for the morning, another
 * for the afternoon. */
static void at_the_prompt(struct scene *sc, const char *who, int day,
			  const char *clock, const struct habit *habits,
			  size_t n)
{
	struct session *s = scene_find(sc, who);
	struct session *portal = scene_find(sc,
					    scene_format(sc, "%s portal", who));
	int64_t t = org_at(sc, day, clock) +
		    rng_between(&sc->rng, 0, 900) * SECOND;

	scene_call(sc, portal, t - 20 * SECOND, "sso:Authenticate", GLOBAL);
	for (int half = 0; half < 2; half++) {
		struct event e = {
			.time = t + half * (4 * HOUR + 10 * MINUTE),
			.args = "seconds=28800",
			.region = ORG_GLOBAL,
		};

		issue_portal(sc, &e, portal, s);
		scene_call(sc, s, e.time + 2 * SECOND, "sts:GetCallerIdentity",
			   NULL);
		routine_now_and_then(sc, s, e.time + 10 * SECOND,
				     e.time + 4 * HOUR, 5 * MINUTE, habits, n);
		if (day == ORG_DAYS - 1 && half == 0)
			scene_cast(sc, *s)->label =
				scene_format(sc, "%s on Friday", who);
	}
}

/* Identity Center in the browser. */
static void in_the_browser(struct scene *sc, const char *who, int day,
			   const char *clock, const struct habit *pages,
			   size_t n)
{
	struct session *s = scene_find(sc, who);
	struct event e = {
		.time = org_at(sc, day, clock) +
			rng_between(&sc->rng, 0, 900) * SECOND,
		.args = "seconds=28800",
		.region = ORG_GLOBAL,
	};
	int64_t t = e.time;

	issue_portal(sc, &e, scene_find(sc, scene_format(sc, "%s portal", who)),
		     s);
	routine_pages(sc, s, t + 6 * SECOND, t + 3 * HOUR, 4 * MINUTE, pages,
		      n);
	routine_on_behalf(sc, s, t + 9 * SECOND, "health.amazonaws.com",
			  "health:DescribeEventAggregates", NULL);
}

/* A user of the management account who signs in with a second factor and
 * switches into the other two. On Monday he is signed in already. */
static void operator(struct scene *sc, int day)
{
	struct session *s = scene_find(sc, "sergei");
	struct session *work = scene_find(sc, "sergei work");
	struct session *security = scene_find(sc, "sergei security");
	int64_t t = org_at(sc, day, day == 4 ? "14:31:40" : "08:52:10") +
		    rng_between(&sc->rng, 0, 300) * SECOND;
	struct event in = { .time = t, .by = s };
	struct event over = { .time = t + 25 * MINUTE,
			      .by = s,
			      .call = "signin:SwitchRole",
			      .args = org_token(sc, "") };
	struct event again = { .time = t + 75 * MINUTE,
			       .by = s,
			       .call = "signin:SwitchRole",
			       .args = org_token(sc, "") };

	if (day == 0) {
		t = org_at(sc, 0, ORG_FROM) + 2 * MINUTE;
		scene_issued_before(sc, s, org_at(sc, 0, "04:38:51"));
		over.time = t + 4 * HOUR;
		again.time = t + 5 * HOUR;
	} else {
		issue_console(sc, &in, s);
	}
	routine_pages(sc, s, t + 10 * SECOND, t + 24 * MINUTE, 2 * MINUTE,
		      shop_pages, 5);
	routine_on_behalf(sc, s, t + 12 * SECOND, "health.amazonaws.com",
			  "health:DescribeEventAggregates", NULL);
	issue_switch(sc, &over, work);
	routine_pages(sc, work, over.time + 5 * SECOND, over.time + 45 * MINUTE,
		      3 * MINUTE, shop_pages, ARRAY_SIZE(shop_pages));
	issue_switch(sc, &again, security);
	routine_pages(sc, security, again.time + 5 * SECOND,
		      again.time + 40 * MINUTE, 4 * MINUTE, security_pages,
		      ARRAY_SIZE(security_pages));
}

/* A key that is good for nothing but a token with a second factor. */
static void token_user(struct scene *sc, int day)
{
	struct session *token = scene_find(sc, "nils token");
	struct event e = {
		.time = org_at(sc, day, "10:05:00") +
			rng_between(&sc->rng, 0, 1800) * SECOND,
		.by = scene_find(sc, "nils"),
		.call = "sts:GetSessionToken",
		.args = "seconds=14400;mfa=,'serialNumber':"
			"'arn:aws:iam::" ORG_SECURITY ":mfa/nils',"
			"'tokenCode':'HIDDEN_DUE_TO_SECURITY_REASONS'",
		.region = ORG_GLOBAL,
	};

	issue_token(sc, &e, token);
	routine_now_and_then(sc, token, e.time + 9 * SECOND, e.time + 3 * HOUR,
			     4 * MINUTE, securing, ARRAY_SIZE(securing));
}

static const struct habit build[] = {
	{ 1, "ecr:GetAuthorizationToken", NULL },
	{ 1, "ecr:PutImage", "repository=shop/web;tag=${hex7}" },
	{ 1, "s3:PutObject",
	  "bucket=shop-dev-5d0e;key=builds/web-${hex7}.zip;in=${digits6}" },
};

static const struct habit deploy[] = {
	{ 1, "cloudformation:DescribeStacks", "stack=shop" },
	{ 1, "lambda:GetFunction20150331v2", "function=" ORG_EXPORT },
	{ 1, "s3:PutObject",
	  "bucket=shop-assets-5d0e;key=app-${hex7}.js;in=${digits5}" },
	{ 1, "s3:PutObject",
	  "bucket=shop-assets-5d0e;key=app-${hex7}.css;in=${digits5}" },
	{ 1, "ec2:DescribeInstanceStatus", NULL },
};

static const struct habit cache[] = {
	{ 4, "s3:GetObject",
	  "bucket=shop-build-cache-5d0e;key=${hex10};out=${digits6}" },
	{ 1, "s3:PutObject",
	  "bucket=shop-build-cache-5d0e;key=${hex10};in=${digits6}" },
};

/* The shop is built and deployed; once a day with new code for orders. */
static void shop(struct scene *sc, int day)
{
	for (int i = 0; i < 7; i++) {
		int64_t t = org_at(sc, day, "07:50:00") + i * 80 * MINUTE +
			    rng_between(&sc->rng, 0, 1200) * SECOND;
		struct session *run = scene_find(sc, "shop build");
		struct session *there = scene_find(sc, "shop deploy");
		struct event in = { .time = t,
				    .by = scene_find(sc, "shop job") };
		struct event over = { .time = t + 3 * MINUTE, .by = run };

		issue_web(sc, &in, run);
		routine_now_and_then(sc, scene_find(sc, "cache"), t,
				     t + 2 * MINUTE, 12 * SECOND, cache,
				     ARRAY_SIZE(cache));
		routine_all(sc, run, t + 20 * SECOND, 30 * SECOND, build,
			    ARRAY_SIZE(build));
		issue_role(sc, &over, there);
		t = routine_all(sc, there, over.time + 5 * SECOND, 9 * SECOND,
				deploy, ARRAY_SIZE(deploy));
		if (i == 2)
			scene_call(sc, there, t,
				   "lambda:UpdateFunctionCode20150331v2",
				   "function=" ORG_EXPORT
				   ";role=app/orders-export-role");
	}
}

/* Does everything still look as the pipeline made it? */
static const struct habit drift[] = {
	{ 1, "cloudformation:DescribeStacks", "stack=shop" },
	{ 1, "ec2:DescribeVpcs", NULL },
	{ 1, "ec2:DescribeSubnets", NULL },
	{ 1, "ec2:DescribeSecurityGroups", NULL },
	{ 1, "ec2:DescribeRouteTables", NULL },
	{ 1, "s3:GetBucketPolicy", "bucket=shop-assets-5d0e" },
	{ 1, "s3:GetBucketVersioning", "bucket=shop-assets-5d0e" },
	{ 1, "logs:DescribeLogGroups", NULL },
	{ 1, "cloudtrail:DescribeTrails", NULL },
	{ 1, "kms:DescribeKey", ORG_KMS },
};

static void look_for_drift(struct scene *sc, int day)
{
	for (int i = 0; i < 3; i++) {
		int64_t t = org_at(sc, day, "06:10:00") + i * 4 * HOUR +
			    rng_between(&sc->rng, 0, 600) * SECOND;

		t = org_pipeline(sc, t);
		org_pipeline_hop(sc, t, "pipeline work");
		t = routine_all(sc, scene_find(sc, "pipeline work"),
				t + 3 * SECOND, 4 * SECOND, drift,
				ARRAY_SIZE(drift));
		org_pipeline_hop(sc, t, "pipeline security");
		routine_all(sc, scene_find(sc, "pipeline security"),
			    t + 3 * SECOND, 4 * SECOND, drift + 1,
			    ARRAY_SIZE(drift) - 1);
	}
}

void org_people(struct scene *sc)
{
	for (int day = 0; day < ORG_DAYS; day++) {
		operator(sc, day);
		token_user(sc, day);
		at_the_prompt(sc, "frank", day, "07:31:00", developing,
			      ARRAY_SIZE(developing));
		at_the_prompt(sc, "mira", day, "07:02:00", securing,
			      ARRAY_SIZE(securing));
		if (day % 2 == 0)
			in_the_browser(sc, "olga", day, "12:20:00", org_pages,
				       ARRAY_SIZE(org_pages));
		if (day == 0)
			continue;
		at_the_prompt(sc, "dana", day, "07:40:00", developing,
			      ARRAY_SIZE(developing));
		in_the_browser(sc, "ines", day, "09:15:00", shop_pages,
			       ARRAY_SIZE(shop_pages));
		look_for_drift(sc, day);
		if (day > 1)
			shop(sc, day);
	}
}
