/* SPDX-License-Identifier: MIT */
#include "gen/secutter.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/issue.h"
#include "gen/routine.h"

#define ACCOUNT SECUTTER_ACCOUNT
#define IMAGE   "bucket=" SECUTTER_IMAGES ";key=uploads/${hex10}.jpg;"
#define ASSET   "bucket=" SECUTTER_IMAGES ";key=static/app-${hex6}.css;"
#define DB      "db=secutter-prd-db"
#define KMS     "kms=5f0f9c0e-7c55-4b52-9a7b-0d4c7b6fb1c2"
#define THUMBS  "function=secutter-thumbnail;role=thumbnail-lambda-role"

/* The sessions of the web server: one an hour, two keys each. */
static const struct step refreshes[] = {
	{ "1", "05:40:52", "ec2.amazonaws.com", "sts:AssumeRole",
	  "to=agent 1,app 1;seconds=22200", NULL },
	{ "", "06:40:58", "ec2.amazonaws.com", "sts:AssumeRole",
	  "to=agent 2,app 2;seconds=22200", NULL },
	{ "", "07:41:03", "ec2.amazonaws.com", "sts:AssumeRole",
	  "to=agent 3,app 3;seconds=22200", NULL },
};

static const struct habit web_habits[] = {
	{ 6, "s3:GetObject", IMAGE "out=${digits6}" },
	{ 4, "s3:GetObject", ASSET "out=${digits5}" },
	{ 2, "s3:HeadObject", IMAGE },
	{ 1, "s3:ListObjects",
	  "bucket=" SECUTTER_IMAGES ";prefix=uploads/;out=${digits5}" },
};

static void web_server(struct scene *sc)
{
	static const char *const until[] = { "05:40:50", "06:40:57", "07:41:01",
					     SECUTTER_TO };
	int64_t from = scene_at(sc, SECUTTER_FROM);

	scene_service(sc, ACCOUNT, "ec2.amazonaws.com");
	for (int i = 0; i < 4; i++) {
		struct session *app;

		scene_instance(sc, scene_format(sc, "agent %d", i), ACCOUNT,
			       "read-s3-ec2-role", SECUTTER_WEB,
			       SECUTTER_WEB_IP, AGENT_SSM);
		app = scene_instance(sc, scene_format(sc, "app %d", i), ACCOUNT,
				     "read-s3-ec2-role", SECUTTER_WEB,
				     SECUTTER_WEB_IP, AGENT_PHP);
		app->delivery = "1.0";
	}
	scene_issued_before(sc, scene_find(sc, "agent 0"),
			    scene_at(sc, "03:40:47"));
	scene_find(sc, "app 0")->created = scene_at(sc, "03:40:47");
	session_new_key(scene_find(sc, "app 0"), &sc->rng);
	scene_play(sc, refreshes, ARRAY_SIZE(refreshes));
	for (int i = 0; i < 4; i++) {
		struct session *app = scene_find(sc,
						 scene_format(sc, "app %d", i));
		struct session *agent =
			scene_find(sc, scene_format(sc, "agent %d", i));
		int64_t to = scene_at(sc, until[i]);

		routine_now_and_then(sc, app, from + 5 * SECOND, to,
				     11 * SECOND, web_habits,
				     ARRAY_SIZE(web_habits));
		routine_agent(sc, agent, SECUTTER_WEB, "10.0.30.91",
			      from + 20 * SECOND, to, 5 * MINUTE);
		from = to + 2 * SECOND;
	}
}

/* What people open in the console; the number is the page. */
static const struct habit pages[] = {
	{ 1, "ec2:DescribeInstances", NULL },
	{ 1, "ec2:DescribeInstanceStatus", NULL },
	{ 1, "ec2:DescribeVolumes", NULL },
	{ 1, "ec2:DescribeTags", NULL },
	{ 1, "ec2:DescribeAddresses", NULL },
	{ 2, "monitoring:DescribeAlarms", NULL },
	{ 2, "monitoring:ListDashboards", NULL },
	{ 2, "monitoring:GetMetricData", NULL },
	{ 3, "rds:DescribeDBInstances", NULL },
	{ 3, "rds:DescribeDBSnapshots", NULL },
	{ 3, "rds:DescribeEvents", NULL },
	{ 4, "s3:ListBuckets", "out=1120" },
	{ 4, "s3:GetBucketLocation", "bucket=" SECUTTER_IMAGES },
	{ 4, "s3:GetBucketPublicAccessBlock", "bucket=" SECUTTER_IMAGES },
	{ 5, "lambda:ListFunctions20150331", NULL },
	{ 5, "lambda:GetFunction20150331v2", THUMBS },
	{ 5, "logs:DescribeLogGroups", NULL },
	{ 6, "elasticloadbalancing:DescribeLoadBalancers", NULL },
	{ 6, "elasticloadbalancing:DescribeTargetGroups", NULL },
	{ 6, "elasticloadbalancing:DescribeTargetHealth",
	  "target=secutter-prd-web/7d1c02f4ab93e586" },
	{ 7, "ec2:DescribeSecurityGroups", NULL },
	{ 7, "ec2:DescribeVpcs", NULL },
	{ 7, "ec2:DescribeSubnets", NULL },
};

static void admin(struct scene *sc, const char *user, const char *ip,
		  const char *agent, const char *from, const char *to)
{
	struct session *s = scene_console(sc, user, ACCOUNT, user, ip, agent);
	int64_t begin = scene_at(sc, from), end = scene_at(sc, to);
	struct event e = { .time = begin, .by = s };

	issue_console(sc, &e, s);
	routine_on_behalf(sc, s, begin + 3 * SECOND, "health.amazonaws.com",
			  "health:DescribeEventAggregates", NULL);
	routine_pages(sc, s, begin + 8 * SECOND, end, 95 * SECOND, pages,
		      ARRAY_SIZE(pages));
	for (int64_t t = begin + 2 * MINUTE; t < end; t += 11 * MINUTE)
		routine_on_behalf(sc, s, t, "AWS Internal", "kms:Decrypt",
				  KMS ";context='aws:rds:db-id':"
				      "'db-SECUTTERPRDDATABASE2026A'");
}

static const struct step admin_work[] = {
	{ "", "04:58:31", "ke-ni-", "ec2:CreateTags",
	  "resource=" SECUTTER_WEB ";tag=Backup;value=daily", NULL },
	{ "", "05:11:07", "ke-ni-", "monitoring:PutMetricAlarm",
	  "alarm=secutter-prd-web-cpu", NULL },
	{ "", "05:32:16", "tigerszk", "logs:PutRetentionPolicy",
	  "group=/aws/lambda/secutter-thumbnail;days=90", NULL },
	{ "", "07:20:44", "aka", "ce:GetCostAndUsage", "", NULL },
	{ "", "07:48:12", "aka", "monitoring:PutMetricAlarm",
	  "alarm=secutter-prd-db-storage;metric=FreeStorageSpace;namespace="
	  "AWS/RDS",
	  NULL },
};

static void admins(struct scene *sc)
{
	admin(sc, "ke-ni-", SECUTTER_OFFICE, AGENT_FIREFOX, "04:41:12",
	      "05:49:00");
	admin(sc, "tigerszk", SECUTTER_OFFICE, AGENT_CHROME, "05:03:40",
	      "06:02:00");
	admin(sc, "aka", "198.51.100.61", AGENT_EDGE, "07:05:26", "08:21:00");
	scene_play(sc, admin_work, ARRAY_SIZE(admin_work));
}

static const struct habit developer_reads[] = {
	{ 3, "lambda:GetFunction20150331v2", THUMBS },
	{ 2, "lambda:ListFunctions20150331", NULL },
	{ 3, "ec2:DescribeInstances", NULL },
	{ 2, "ec2:DescribeSecurityGroups", NULL },
	{ 2, "ec2:DescribeImages", "owner=self;image=secutter-*" },
	{ 2, "rds:DescribeDBInstances", NULL },
	{ 2, "s3:ListObjects", "bucket=" SECUTTER_CODES ";out=2310" },
	{ 2, "logs:DescribeLogGroups", NULL },
	{ 2, "cloudformation:DescribeStacks", "stack=secutter-prd" },
};

static const struct step developer_work[] = {
	{ "", "04:36:02", "developer", "sts:GetCallerIdentity",
	  "region=us-east-1", NULL },
	{ "", "04:52:18", "developer", "s3:PutObject",
	  "bucket=" SECUTTER_CODES ";key=lambda_creator.py;in=3187", NULL },
	{ "", "04:53:40", "developer", "s3:PutObject",
	  "bucket=" SECUTTER_CODES ";key=README.md;in=1502", NULL },
	{ "", "05:07:55", "developer", "lambda:UpdateFunctionCode20150331v2",
	  THUMBS, NULL },
	{ "", "05:20:31", "developer", "ec2:CreateSecurityGroup",
	  "name=secutter-prd-batch;vpc=vpc-0a31f0c8b27e5d946;group="
	  "sg-0c3e4f5a6b7c8d901;description=batch workers",
	  NULL },
	{ "", "05:20:48", "developer", "ec2:AuthorizeSecurityGroupIngress",
	  "group=sg-0c3e4f5a6b7c8d901;port=443;cidr=10.0.0.0/16", NULL },
	{ "", "05:33:09", "developer", "logs:CreateLogGroup",
	  "group=/secutter/batch", NULL },
	{ "", "07:12:27", "developer", "lambda:UpdateFunctionCode20150331v2",
	  THUMBS, NULL },
	{ "", "07:36:50", "developer", "ec2:CreateTags",
	  "resource=sg-0c3e4f5a6b7c8d901;tag=Name;value=secutter-prd-batch",
	  NULL },
};

static void developer(struct scene *sc)
{
	struct session *s = scene_user(
		sc, "developer", ACCOUNT, "super-developer", "198.51.100.24",
		AGENT_CLI("macos#23.6.0", "arm64", "3.11.8"));

	routine_now_and_then(sc, s, scene_at(sc, "04:36:20"),
			     scene_at(sc, "05:58:00"), 50 * SECOND,
			     developer_reads, ARRAY_SIZE(developer_reads));
	routine_now_and_then(sc, s, scene_at(sc, "07:01:00"),
			     scene_at(sc, "08:12:00"), 70 * SECOND,
			     developer_reads, ARRAY_SIZE(developer_reads));
	scene_play(sc, developer_work, ARRAY_SIZE(developer_work));
}

static const struct habit deploy[] = {
	{ 1, "cloudformation:DescribeStacks", "stack=secutter-prd" },
	{ 1, "s3:ListObjects", "bucket=" SECUTTER_IMAGES ";prefix=static/" },
	{ 1, "s3:PutObject", ASSET "in=${digits5}" },
	{ 1, "s3:PutObject", ASSET "in=${digits5}" },
	{ 1, "s3:PutObject", ASSET "in=${digits5}" },
	{ 1, "lambda:GetFunction20150331v2", THUMBS },
	{ 1, "ecr:GetAuthorizationToken", NULL },
	{ 1, "ec2:DescribeInstances", NULL },
	{ 1, "ec2:DescribeInstanceStatus", NULL },
};

/* A key of its own opens a session of the deployment role for each run. */
static void pipeline(struct scene *sc)
{
	struct session *user = scene_user(sc, "ci", ACCOUNT, "ci-deployer",
					  "198.51.100.140", AGENT_BOTO);

	for (int i = 0; i < 8; i++) {
		int64_t t = scene_at(sc, SECUTTER_FROM) + 4 * MINUTE +
			    i * 30 * MINUTE +
			    rng_between(&sc->rng, 0, 200) * SECOND;
		struct session *run =
			scene_role(sc, scene_format(sc, "run %d", i), ACCOUNT,
				   "ci/deploy-role",
				   scene_format(sc, "deploy-%d", 1841 + i),
				   "198.51.100.140", AGENT_BOTO);
		struct event e = { .time = t + 2 * SECOND, .by = user };

		scene_call(sc, user, t, "sts:GetCallerIdentity", NULL);
		issue_role(sc, &e, run);
		routine_all(sc, run, t + 4 * SECOND, 4 * SECOND, deploy,
			    ARRAY_SIZE(deploy));
	}
}

static const struct habit advisor[] = {
	{ 1, "ec2:DescribeInstances", NULL },
	{ 1, "ec2:DescribeSecurityGroups", NULL },
	{ 1, "ec2:DescribeVolumes", NULL },
	{ 1, "rds:DescribeDBInstances", NULL },
	{ 1, "s3:ListBuckets", "region=us-east-1" },
};

static void services(struct scene *sc)
{
	int64_t from = scene_at(sc, SECUTTER_FROM);
	int64_t to = scene_at(sc, SECUTTER_TO);
	struct session *rds = scene_linked(
		sc, "rds role", ACCOUNT,
		"aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
		"SLRManagement", "rds.amazonaws.com");
	struct session *thumbnail = scene_function(sc, "thumbnail", ACCOUNT,
						   "thumbnail-lambda-role",
						   "secutter-thumbnail",
						   "192.0.2.129");
	struct session *service = scene_service(sc, ACCOUNT,
						"rds.amazonaws.com");

	routine_log_delivery(sc, ACCOUNT, SECUTTER_LOGS, from, to, 5 * MINUTE);
	routine_config(sc, ACCOUNT, from + 6 * MINUTE, to, 30 * MINUTE);
	routine_scaling(sc, ACCOUNT, "secutter-prd-web/7d1c02f4ab93e586",
			from + MINUTE, to, 45 * SECOND);
	routine_function(sc, thumbnail, SECUTTER_IMAGES, from + 7 * MINUTE, to,
			 100 * SECOND);
	for (int64_t t = from + 13 * MINUTE; t < to; t += 55 * MINUTE) {
		struct event e = { .time = t, .by = service };

		issue_role(sc, &e, rds);
		rds->key[0] = '\0';
		routine_all(sc, rds, t + 2 * SECOND, SECOND, advisor + 1, 2);
	}
}

void secutter_routine(struct scene *sc)
{
	web_server(sc);
	admins(sc);
	developer(sc);
	pipeline(sc);
	services(sc);
}
