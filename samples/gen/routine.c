/* SPDX-License-Identifier: MIT */
#include "gen/routine.h"

#include <string.h>

#include "base/attr.h"
#include "gen/issue.h"

static int64_t some(struct scene *sc, int64_t about)
{
	return rng_between(&sc->rng, about / 4, about + about * 3 / 4);
}

void routine_now_and_then(struct scene *sc, struct session *by, int64_t from,
			  int64_t to, int64_t every, const struct habit *habits,
			  size_t n)
{
	uint32_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += habits[i].weight;
	for (int64_t t = from + some(sc, every); t < to; t += some(sc, every)) {
		uint32_t left = rng_below(&sc->rng, total);
		const struct habit *h = habits;

		for (; left >= h->weight; h++)
			left -= h->weight;
		scene_call(sc, by, t, h->call, h->args);
	}
}

int64_t routine_all(struct scene *sc, struct session *by, int64_t t,
		    int64_t gap, const struct habit *habits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		scene_call(sc, by, t, habits[i].call, habits[i].args);
		t += some(sc, gap);
	}
	return t;
}

void routine_pages(struct scene *sc, struct session *by, int64_t from,
		   int64_t to, int64_t pause, const struct habit *pages,
		   size_t n)
{
	for (int64_t t = from; t < to; t += some(sc, pause)) {
		size_t i = rng_below(&sc->rng, (uint32_t)n);
		unsigned page = pages[i].weight;

		while (i > 0 && pages[i - 1].weight == page)
			i--;
		for (; i < n && pages[i].weight == page && t < to; i++) {
			scene_call(sc, by, t, pages[i].call, pages[i].args);
			t += rng_chance(&sc->rng, 40) ? SECOND : 0;
		}
	}
}

void routine_on_behalf(struct scene *sc, struct session *by, int64_t t,
		       const char *service, const char *call, const char *args)
{
	struct session behind = *by;

	behind.invoked_by = behind.ip = behind.agent = service;
	if (by->kind == SESSION_KEY) {
		behind.kind = SESSION_TOKEN;
		behind.created = t - SECOND;
	}
	session_new_key(&behind, &sc->rng);
	scene_call(sc, &behind, t, call, args);
}

static void record_shared(struct scene *sc, struct session *by, int64_t t,
			  const char *call, const char *args)
{
	char shared[UUID_SIZE];
	struct event e = {
		.time = t,
		.by = by,
		.call = call,
		.args = args,
		.shared_id = shared,
	};

	uuid_random(&sc->rng, shared);
	scene_record(sc, &e);
}

static void deliver_once(struct scene *sc, struct session *by, int64_t t,
			 const char *bucket, const char *folder)
{
	const char *key =
		scene_format(sc,
			     "bucket=%s;key=AWSLogs/${account}/%s/${region}/"
			     "${account}_%s_${alnum16}.gz;in=${digits4};acl=,"
			     "'x-amz-acl':'bucket-owner-full-control'",
			     bucket, folder, folder);

	record_shared(sc, by, t, "s3:PutObject", key);
}

void routine_log_delivery(struct scene *sc, const char *account,
			  const char *bucket, int64_t from, int64_t to,
			  int64_t every)
{
	struct session *trail = scene_service(sc, account,
					      "cloudtrail.amazonaws.com");
	struct session *logs = scene_service(sc, account,
					     "delivery.logs.amazonaws.com");
	const char *acl = scene_format(sc, "bucket=%s;out=552", bucket);

	for (int64_t t = from; t < to; t += every) {
		int64_t when = t + rng_between(&sc->rng, 0, 90) * SECOND;

		record_shared(sc, trail, when, "s3:GetBucketAcl", acl);
		deliver_once(sc, trail, when + 2 * SECOND, bucket,
			     "CloudTrail");
		deliver_once(sc, logs, when + 9 * SECOND, bucket,
			     "vpcflowlogs");
		if (rng_chance(&sc->rng, 60))
			deliver_once(sc, logs, when + 31 * SECOND, bucket,
				     "elasticloadbalancing");
	}
}

void routine_agent(struct scene *sc, struct session *agent,
		   const char *instance, const char *private_ip, int64_t from,
		   int64_t to, int64_t every)
{
	const char *args = scene_format(sc,
					"instance=%s;private=%s;association="
					"b81d4c3e-2f6a-4d90-9c17-5e0a7b36f2d8",
					instance, private_ip);
	unsigned beat = 0;

	for (int64_t t = from; t < to; t += every, beat++) {
		scene_call(sc, agent, t, "ssm:UpdateInstanceInformation", args);
		if (beat % 3 == 1)
			scene_call(sc, agent, t + 2 * SECOND,
				   "ssm:ListInstanceAssociations", args);
		if (beat % 6 == 3)
			scene_call(sc, agent, t + 5 * SECOND,
				   "ssm:UpdateInstanceAssociationStatus", args);
		if (beat % 12 == 3)
			scene_call(sc, agent, t + 7 * SECOND,
				   "ssm:PutInventory", args);
	}
}

void routine_config(struct scene *sc, const char *account, int64_t from,
		    int64_t to, int64_t every)
{
	static const struct habit looks[] = {
		{ 1, "ec2:DescribeInstances", NULL },
		{ 1, "ec2:DescribeVolumes", NULL },
		{ 1, "ec2:DescribeSecurityGroups", NULL },
		{ 1, "ec2:DescribeSubnets", NULL },
		{ 1, "ec2:DescribeVpcs", NULL },
		{ 1, "ec2:DescribeNetworkInterfaces", NULL },
		{ 1, "ec2:DescribeRouteTables", NULL },
		{ 1, "ec2:DescribeAddresses", NULL },
		{ 1, "elasticloadbalancing:DescribeLoadBalancers", NULL },
		{ 1, "rds:DescribeDBInstances", NULL },
		{ 1, "rds:DescribeDBSnapshots", NULL },
		{ 1, "lambda:ListFunctions20150331", NULL },
		{ 1, "iam:ListPolicies", NULL },
		{ 1, "iam:ListUsers", NULL },
		{ 1, "iam:ListRoles", NULL },
		{ 1, "s3:ListBuckets", NULL },
		{ 1, "cloudtrail:DescribeTrails", NULL },
		{ 1, "kms:ListKeys", NULL },
	};
	struct session *config = scene_service(sc, account,
					       "config.amazonaws.com");
	struct session *role = scene_linked(
		sc, "config role", account,
		"aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig",
		"AWSConfig-Describe", "config.amazonaws.com");

	for (int64_t t = from; t < to; t += every) {
		struct event e = { .time = t + 7 * SECOND, .by = config };

		issue_role(sc, &e, role);
		role->key[0] = '\0';
		routine_all(sc, role, t + 9 * SECOND, 2 * SECOND, looks,
			    ARRAY_SIZE(looks));
	}
}

void routine_scaling(struct scene *sc, const char *account, const char *target,
		     int64_t from, int64_t to, int64_t every)
{
	struct session *scaling = scene_service(sc, account,
						"autoscaling.amazonaws.com");
	struct session *role =
		scene_linked(sc, "autoscaling role", account,
			     "aws-service-role/autoscaling.amazonaws.com/"
			     "AWSServiceRoleForAutoScaling",
			     "AutoScaling", "autoscaling.amazonaws.com");
	const char *args = scene_format(sc, "target=%s", target);
	const struct habit looks[] = {
		{ 3, "elasticloadbalancing:DescribeTargetHealth", args },
		{ 2, "ec2:DescribeInstanceStatus", NULL },
		{ 1, "ec2:DescribeInstances", NULL },
	};

	for (int64_t t = from; t < to; t += HOUR) {
		struct event e = { .time = t + 3 * SECOND, .by = scaling };

		issue_role(sc, &e, role);
		role->key[0] = '\0';
		routine_now_and_then(sc, role, t + 3 * SECOND,
				     t + HOUR < to ? t + HOUR : to, every,
				     looks, ARRAY_SIZE(looks));
	}
}

void routine_function(struct scene *sc, struct session *function,
		      const char *bucket, int64_t from, int64_t to,
		      int64_t every)
{
	struct session *lambda = scene_service(sc, function->account,
					       "lambda.amazonaws.com");
	const char *in = scene_format(sc,
				      "bucket=%s;key=uploads/${hex10}.jpg;"
				      "out=${digits6}",
				      bucket);
	const char *out = scene_format(sc,
				       "bucket=%s;key=thumbs/${hex10}.jpg;"
				       "in=${digits5}",
				       bucket);
	const char *stream = scene_format(
		sc, "group=/aws/lambda/%s;stream=${date}/[$LATEST]${hex32}",
		function->name);

	for (int64_t t = from; t < to; t += HOUR) {
		int64_t end = t + HOUR < to ? t + HOUR : to;
		struct event e = { .time = t + 41 * SECOND, .by = lambda };

		issue_role(sc, &e, function);
		scene_call(sc, function, e.time, "logs:CreateLogStream",
			   stream);
		for (int64_t u = e.time + some(sc, every); u < end;
		     u += some(sc, every)) {
			scene_call(sc, function, u, "s3:GetObject", in);
			scene_call(sc, function, u + SECOND, "s3:PutObject",
				   out);
		}
	}
}
