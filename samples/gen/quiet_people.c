/* SPDX-License-Identifier: MIT */
#include "gen/quiet.h"

#include <string.h>

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/issue.h"
#include "gen/routine.h"

#define OFFICE "198.51.100.80"
#define RUNNER "198.51.100.145"
#define VPC    "vpc=vpc-0c9d8e7f6a5b4c3d2"

static const struct habit pages[] = {
	{ 1, "ec2:DescribeInstances", NULL },
	{ 1, "ec2:DescribeInstanceStatus", NULL },
	{ 1, "ec2:DescribeVolumes", NULL },
	{ 2, "monitoring:DescribeAlarms", NULL },
	{ 2, "monitoring:GetMetricData", NULL },
	{ 3, "rds:DescribeDBInstances", NULL },
	{ 3, "rds:DescribeEvents", NULL },
	{ 4, "logs:DescribeLogGroups", "group=/aws/lambda/orders" },
	{ 4, "lambda:ListFunctions20150331", NULL },
	{ 5, "s3:ListBuckets", "out=1391" },
	{ 5, "s3:GetBucketLocation", "bucket=shop-assets-7c21" },
};

/* A user with MFA who switches into production to look. */
static void operator(struct scene *sc, int day)
{
	struct session *s = scene_console(sc, scene_format(sc, "maria %d", day),
					  QUIET_SHARED, "maria", OFFICE,
					  AGENT_FIREFOX);
	struct session *there = scene_role(
		sc, scene_format(sc, "maria there %d", day), QUIET_PROD,
		"support/ShopReadOnly", "maria", OFFICE, AGENT_FIREFOX);
	int64_t t = scene_at(sc, "08:14:20") + day * 7 * MINUTE;
	struct event in = { .time = t, .by = s };
	struct event over = { .time = t + 6 * MINUTE,
			      .by = s,
			      .call = "signin:SwitchRole" };

	issue_console(sc, &in, s);
	routine_on_behalf(sc, s, t + 3 * SECOND, "health.amazonaws.com",
			  "health:DescribeEventAggregates", NULL);
	routine_pages(sc, s, t + 10 * SECOND, t + 5 * MINUTE, 80 * SECOND,
		      pages, 3);
	issue_switch(sc, &over, there);
	routine_pages(sc, there, t + 7 * MINUTE, t + 55 * MINUTE, 4 * MINUTE,
		      pages, ARRAY_SIZE(pages));
}

/* An Identity Center user at the command line. */
static void analyst(struct scene *sc, int day)
{
	struct session portal = {
		.kind = SESSION_PORTAL,
		.label = "portal",
		.account = QUIET_SHARED,
		.name = "AAAAexample1portal2session3of4frank",
		.ip = OFFICE,
		.agent = AGENT_CLI("linux#6.8.0-45-generic", "x86_64",
				   "3.12.3"),
		.idc_user = "90677f1c2a-11111111-2222-3333-4444-555555555555",
		.idc_store = "arn:aws:identitystore::" QUIET_SHARED
			     ":identitystore/d-90677f1c2a",
	};
	struct session *there =
		scene_role(sc, scene_format(sc, "frank %d", day), QUIET_DEV,
			   "aws-reserved/sso.amazonaws.com/eu-central-1/"
			   "AWSReservedSSO_Developer_5d1c0b9a8f7e6d3c",
			   "frank@example.com", OFFICE, portal.agent);
	static const struct habit looks[] = {
		{ 3, "lambda:GetFunction20150331v2", "function=cart-preview" },
		{ 2, "logs:DescribeLogGroups", NULL },
		{ 2, "s3:ListObjects", "bucket=shop-dev-7c21;out=812" },
		{ 2, "dynamodb:DescribeTable", "table=carts-dev" },
	};
	int64_t t = scene_at(sc, "09:30:44") + day * 11 * MINUTE;
	struct event e = { .time = t };

	issue_portal(sc, &e, scene_cast(sc, portal), there);
	scene_call(sc, there, t + 3 * SECOND, "sts:GetCallerIdentity", NULL);
	routine_now_and_then(sc, there, t + 20 * SECOND, t + 3 * HOUR,
			     5 * MINUTE, looks, ARRAY_SIZE(looks));
}

/* A workflow that builds in development and deploys to production. */
static const struct habit build[] = {
	{ 1, "ecr:GetAuthorizationToken", NULL },
	{ 1, "ecr:PutImage", "repository=shop/cart;tag=${hex7}" },
	{ 1, "s3:PutObject",
	  "bucket=shop-dev-7c21;key=builds/cart-${hex7}.zip;in=${digits6}" },
};
static const struct habit deploy[] = {
	{ 1, "cloudformation:DescribeStacks", "stack=shop-cart" },
	{ 1, "cloudformation:CreateChangeSet",
	  "stack=shop-cart;change=release-${hex7}" },
	{ 1, "cloudformation:ExecuteChangeSet",
	  "stack=shop-cart;change=release-${hex7}" },
	{ 1, "lambda:UpdateFunctionCode20150331v2",
	  "function=cart-api;role=cart-api-role" },
	{ 1, "lambda:PublishVersion20150331",
	  "function=cart-api;role=cart-api-role" },
	{ 1, "ecs:UpdateService", "cluster=shop;service=cart;task=shop-cart" },
};

static void workflow(struct scene *sc, int day)
{
	struct session job = {
		.kind = SESSION_WEB,
		.label = "job",
		.account = QUIET_DEV,
		.name = "arn:aws:iam::" QUIET_DEV
			":oidc-provider/token.actions.githubusercontent.com:"
			"sts.amazonaws.com:repo:example-shop/cart:ref:refs/"
			"heads/main",
		.subject = "repo:example-shop/cart:ref:refs/heads/main",
		.provider = "arn:aws:iam::" QUIET_DEV
			    ":oidc-provider/token.actions."
			    "githubusercontent.com",
		.ip = RUNNER,
		.agent = AGENT_ACTIONS,
	};
	struct session *web = scene_cast(sc, job);

	for (int i = 0; i < 4; i++) {
		int64_t t = scene_at(sc, "08:40:00") + i * 2 * HOUR +
			    day * 9 * MINUTE;
		struct session *run =
			scene_role(sc, scene_format(sc, "build %d.%d", day, i),
				   QUIET_DEV, "ci/cart-build", "GitHubActions",
				   RUNNER, AGENT_ACTIONS);
		struct session *there =
			scene_role(sc, scene_format(sc, "deploy %d.%d", day, i),
				   QUIET_PROD, "ci/cart-deploy",
				   "GitHubActions", RUNNER, AGENT_ACTIONS);
		struct event in = { .time = t, .by = web };
		struct event over = { .time = t + 4 * MINUTE, .by = run };

		issue_web(sc, &in, run);
		routine_all(sc, run, t + 20 * SECOND, 40 * SECOND, build,
			    ARRAY_SIZE(build));
		issue_role(sc, &over, there);
		routine_all(sc, there, t + 5 * MINUTE, 25 * SECOND, deploy,
			    ARRAY_SIZE(deploy));
	}
}

/* Terraform: a few reads, then what it was asked to make. */
static const struct habit refresh[] = {
	{ 1, "ec2:DescribeVpcs", NULL },
	{ 1, "ec2:DescribeSecurityGroups", NULL },
	{ 1, "iam:GetRole", "role=cart-api-role" },
	{ 1, "iam:ListAttachedRolePolicies", "role=cart-api-role" },
	{ 1, "s3:GetBucketPolicy", "bucket=shop-orders-7c21" },
	{ 1, "s3:GetBucketVersioning", "bucket=shop-orders-7c21" },
	{ 1, "logs:DescribeLogGroups", "group=/shop/" },
	{ 1, "cloudtrail:DescribeTrails", NULL },
	{ 1, "guardduty:GetDetector",
	  "detector=12abc34d567e8fa901bc2d34e56789f0" },
};

#define NEW_BUCKET "bucket=shop-invoices-7c21"

static const struct step first_day[] = {
	{ "", "10:22:31", "apply 1", "ec2:CreateSecurityGroup",
	  "name=shop-batch;" VPC ";group=sg-0aa11bb22cc33dd44", NULL },
	{ "", "10:22:36", "apply 1", "ec2:AuthorizeSecurityGroupIngress",
	  "group=sg-0aa11bb22cc33dd44;port=5432;cidr=10.0.0.0/8", NULL },
	{ "", "10:22:44", "apply 1", "logs:CreateLogGroup", "group=/shop/batch",
	  NULL },
	{ "", "10:22:47", "apply 1", "logs:PutRetentionPolicy",
	  "group=/shop/batch;days=365", NULL },
	{ "", "10:23:02", "apply 1", "s3:CreateBucket", NEW_BUCKET, NULL },
	{ "", "10:23:05", "apply 1", "s3:PutBucketEncryption", NEW_BUCKET,
	  NULL },
	{ "", "10:23:07", "apply 1", "s3:PutBucketPublicAccessBlock",
	  NEW_BUCKET, NULL },
	{ "", "10:23:09", "apply 1", "s3:PutBucketVersioning", NEW_BUCKET,
	  NULL },
	{ "", "10:23:12", "apply 1", "s3:PutBucketPolicy",
	  NEW_BUCKET ";statement={'Sid':'tls','Effect':'Deny','Principal':'*',"
		     "'Action':'s3:*','Resource':"
		     "'arn:aws:s3:::shop-invoices-7c21/*','Condition':{'Bool'"
		     ":{'aws:SecureTransport':'false'}}}",
	  NULL },
	{ "", "10:23:15", "apply 1", "s3:PutBucketLifecycle",
	  NEW_BUCKET ";days=2555;rule=keep-seven-years", NULL },
};

static const struct step second_day[] = {
	{ "", "10:33:40", "apply 2", "cloudtrail:UpdateTrail",
	  "trail=org-trail;change='enableLogFileValidation':true", NULL },
	{ "", "10:33:44", "apply 2", "cloudtrail:PutEventSelectors",
	  "trail=org-trail;selector={'readWriteType':'All',"
	  "'includeManagementEvents':true,'dataResources':[{'type':"
	  "'AWS::S3::Object','values':['arn:aws:s3']}],"
	  "'excludeManagementEventSources':[]}",
	  NULL },
	{ "", "10:33:52", "apply 2", "guardduty:UpdateDetector",
	  "detector=12abc34d567e8fa901bc2d34e56789f0;enable=true", NULL },
	{ "", "10:34:10", "apply 2", "ec2:ModifySnapshotAttribute",
	  "snapshot=snap-0e1d2c3b4a5968770;verb=remove;item={'userId':"
	  "'" QUIET_DEV "'}",
	  NULL },
	{ "", "10:34:21", "apply 2", "rds:ModifyDBInstance",
	  "db=shop-prod;change='deletionProtection':true;now=false", NULL },
	{ "", "10:34:40", "apply 2", "ec2:CreateTags",
	  "resource=sg-0aa11bb22cc33dd44;tag=Owner;value=batch", NULL },
	{ "", "10:34:52", "apply 2", "monitoring:PutMetricAlarm",
	  "alarm=shop-batch-errors;metric=Errors;namespace=AWS/Lambda;"
	  "threshold=1.0",
	  NULL },
};

static void terraform(struct scene *sc, int day)
{
	struct session *user = scene_user(sc,
					  scene_format(sc, "terraform %d", day),
					  QUIET_SHARED, "terraform",
					  "198.51.100.146", AGENT_TERRAFORM);
	struct session *apply =
		scene_role(sc, scene_format(sc, "apply %d", day), QUIET_PROD,
			   "automation/terraform-apply", "terraform",
			   "198.51.100.146", AGENT_TERRAFORM);
	int64_t t = scene_at(sc, day == 1 ? "10:21:07" : "10:32:11");
	struct event e = { .time = t + 2 * SECOND, .by = user };

	if (day == 2)
		memcpy(user->key, scene_find(sc, "terraform 1")->key, KEY_SIZE);
	scene_call(sc, user, t, "sts:GetCallerIdentity", NULL);
	issue_role(sc, &e, apply);
	routine_all(sc, apply, t + 5 * SECOND, 7 * SECOND, refresh,
		    ARRAY_SIZE(refresh));
	if (day == 1)
		scene_play(sc, first_day, ARRAY_SIZE(first_day));
	else
		scene_play(sc, second_day, ARRAY_SIZE(second_day));
}

/* Ireland has a copy of the assets, looked after by a scheduled job. */
static void replica(struct scene *sc, int day)
{
	static const struct habit looks[] = {
		{ 2, "s3:ListObjects", "bucket=shop-assets-dr-7c21;out=991" },
		{ 3, "s3:HeadObject",
		  "bucket=shop-assets-dr-7c21;key=catalog/${hex6}.json" },
		{ 1, "kms:Decrypt",
		  "kms=0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d4e5;context="
		  "'aws:s3:arn':'arn:aws:s3:::shop-assets-dr-7c21'" },
	};
	const char *region = sc->region;
	struct session *s;

	sc->region = "eu-west-1";
	s = scene_user(sc, scene_format(sc, "replica %d", day), QUIET_PROD,
		       "replica-check", "198.51.100.147", AGENT_BOTO);
	if (day == 2)
		memcpy(s->key, scene_find(sc, "replica 1")->key, KEY_SIZE);
	for (int i = 0; i < 6; i++) {
		int64_t t = scene_at(sc, "01:20:00") + i * 4 * HOUR;

		routine_now_and_then(sc, s, t, t + 10 * MINUTE, 70 * SECOND,
				     looks, ARRAY_SIZE(looks));
	}
	sc->region = region;
}

void quiet_people(struct scene *sc, int day)
{
	operator(sc, day);
	analyst(sc, day);
	workflow(sc, day);
	terraform(sc, day);
	replica(sc, day);
}
