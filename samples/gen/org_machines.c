/* SPDX-License-Identifier: MIT */
/* The week of the machines: what runs by itself, in the three accounts. */
#include "gen/org.h"

#include "base/attr.h"
#include "gen/issue.h"

static const struct habit web_habits[] = {
	{ 5, "s3:GetObject",
	  "bucket=shop-assets-5d0e;key=catalog/${hex6}.json;out=${digits5}" },
	{ 1, "s3:ListObjects",
	  "bucket=shop-assets-5d0e;prefix=catalog/;out=4410" },
};

/* A session an hour, two keys each. The thief of the night before Friday
 * works in one of them. */
static void web_server(struct scene *sc)
{
	struct session *agent = scene_find(sc, "web agent");
	struct session *app = scene_find(sc, "web app");
	struct session *both[] = { agent, app }, shell;
	int64_t from = org_at(sc, 0, "07:23:09");
	int64_t shell_at = org_at(sc, 4, "02:41:00");
	int64_t end = org_at(sc, 4, ORG_TO);

	for (int hour = 0; from < end; hour++) {
		int64_t to = from + HOUR +
			     rng_between(&sc->rng, 1, 40) * SECOND;
		struct event e = { .time = from,
				   .by = scene_find(sc,
						    "work ec2.amazonaws.com"),
				   .args = "seconds=22200;token=${base6464}" };

		/* The first came with the launch. */
		if (hour > 0)
			issue_instance(sc, &e, both, 2);
		if (from <= shell_at && shell_at < to) {
			shell = *agent;
			shell.label = "web shell";
			shell.agent = "aws-cli/2.15.30 Python/3.9.16 Linux/"
				      "6.1.109-118.189.amzn2023.x86_64 "
				      "source/x86_64.amzn.2023 prompt/off";
			scene_cast(sc, shell);
		}
		if (to > end)
			to = end;
		routine_agent(sc, agent, ORG_WEB, "10.40.1.15",
			      from + 40 * SECOND, to, 10 * MINUTE);
		routine_now_and_then(sc, app, from + 20 * SECOND, to,
				     5 * MINUTE, web_habits,
				     ARRAY_SIZE(web_habits));
		from = to;
	}
}

/* Orders of the hour go to the warehouse; Lambda keeps a session an hour. */
static void orders(struct scene *sc)
{
	struct session *s = scene_find(sc, "orders");
	int64_t end = org_at(sc, 4, ORG_TO);

	for (int64_t t = org_at(sc, 0, "08:00:12"); t < end; t += HOUR) {
		struct event e = {
			.time = t + rng_between(&sc->rng, 0, 50) * SECOND,
			.by = scene_find(sc, "work lambda.amazonaws.com"),
			.args = "token=${base6464}",
		};

		issue_role(sc, &e, s);
		t = e.time;
		scene_call(sc, s, t + SECOND, "logs:CreateLogStream",
			   "group=/aws/lambda/" ORG_EXPORT
			   ";stream=${date}/[$LATEST]${hex32}");
		for (int i = 0; i < 3; i++)
			scene_call(sc, s, t + (2 + i) * SECOND, "s3:GetObject",
				   ORG_ORDERS
				   ";key=orders/${date}/${hex8}.json;"
				   "out=${digits4}");
		routine_on_behalf(sc, s, t + 2 * SECOND, "s3.amazonaws.com",
				  "kms:Decrypt",
				  ORG_KMS ";context='aws:s3:arn':"
					  "'arn:aws:s3:::shop-orders-5d0e'");
		scene_call(sc, s, t + 7 * SECOND, "s3:PutObject",
			   "bucket=shop-warehouse-5d0e;key=${date}/"
			   "${hex8}.csv;in=${digits5}");
	}
}

static const struct habit inventory[] = {
	{ 1, "organizations:DescribeOrganization", NULL },
	{ 1, "organizations:ListAccounts", NULL },
};

static const struct habit audit[] = {
	{ 1, "ec2:DescribeInstances", NULL },
	{ 1, "ec2:DescribeVolumes", NULL },
	{ 1, "ec2:DescribeSecurityGroups", NULL },
	{ 1, "rds:DescribeDBInstances", NULL },
	{ 1, "s3:GetBucketEncryption", ORG_ORDERS },
	{ 1, "s3:GetBucketPublicAccessBlock", ORG_ORDERS },
	{ 1, "s3:GetBucketVersioning", ORG_ORDERS },
};

/* The function of the security account asks the management account which
 * accounts there are, and from there looks into them: three roles. */
static void scanner(struct scene *sc)
{
	struct session *s = scene_find(sc, "scanner");
	struct session *org = scene_find(sc, "scanner management");
	struct session *there = scene_find(sc, "scanner work");
	int64_t end = org_at(sc, 4, ORG_TO);

	for (int64_t t = org_at(sc, 1, "08:00:00"); t < end; t += 3 * HOUR) {
		int64_t at = t + rng_between(&sc->rng, 0, 50) * SECOND;
		struct event first = {
			.time = at,
			.by = scene_find(sc, "security lambda.amazonaws.com"),
		};
		struct event second = { .time = at + 3 * SECOND,
					.by = s,
					.args = org_token(sc, "") };
		struct event third = { .time = at + 9 * SECOND,
				       .by = org,
				       .args = org_token(sc, "") };

		issue_role(sc, &first, s);
		scene_call(sc, s, at + SECOND, "logs:CreateLogStream",
			   "group=/aws/lambda/" ORG_SCANNER
			   ";stream=${date}/[$LATEST]${hex32}");
		issue_role(sc, &second, org);
		routine_all(sc, org, at + 5 * SECOND, SECOND, inventory,
			    ARRAY_SIZE(inventory));
		issue_role(sc, &third, there);
		routine_all(sc, there, at + 12 * SECOND, 2 * SECOND, audit,
			    ARRAY_SIZE(audit));
	}
}

static const struct habit metrics[] = {
	{ 5, "monitoring:GetMetricData", NULL },
	{ 1, "monitoring:DescribeAlarms", NULL },
};

static const struct habit shipping[] = {
	{ 1, "s3:ListObjects",
	  ORG_ARCHIVE ";prefix=AWSLogs/o-5d0e7c21ab/;out=${digits5}" },
	{ 4, "s3:GetObject",
	  ORG_ARCHIVE ";key=AWSLogs/o-5d0e7c21ab/" ORG_WORKLOAD
		      "/CloudTrail/" ORG_HOME "/${date}/${alnum16}.json.gz;"
		      "out=${digits5}" },
};

/* Users with keys, on machines elsewhere; all begin on Wednesday but the one
 * that ships logs, which is given another key on Friday. */
static void outside(struct scene *sc)
{
	int64_t end = org_at(sc, 4, ORG_TO);

	routine_now_and_then(sc, scene_find(sc, "metrics"),
			     org_at(sc, 2, "08:00:00"), end, 34 * SECOND,
			     metrics, ARRAY_SIZE(metrics));
	routine_now_and_then(sc, scene_find(sc, "shipper"),
			     org_at(sc, 1, "09:00:00"),
			     org_at(sc, 4, "09:04:00"), 4 * MINUTE, shipping,
			     ARRAY_SIZE(shipping));
	routine_now_and_then(sc, scene_find(sc, "shipper 2"),
			     org_at(sc, 4, "09:31:00"), end, 3 * MINUTE,
			     shipping, ARRAY_SIZE(shipping));
}

static const struct habit reading[] = {
	{ 1, "s3:ListObjects", ORG_ORDERS ";prefix=orders/;out=${digits5}" },
	{ 6, "s3:GetObject",
	  ORG_ORDERS ";key=orders/${date}/${hex8}.json;out=${digits4}" },
};

static const struct habit vault[] = {
	{ 1, "s3:PutObject",
	  "bucket=org-backup-vault-5d0e;key=orders/${date}.tar;in=${digits6}" },
};

/* Each night the orders are copied into the security account, in Ireland. */
static void backups(struct scene *sc)
{
	struct session *user = scene_find(sc, "backup");
	struct session *there = scene_find(sc, "backup vault");

	for (int day = 1; day < ORG_DAYS; day++) {
		int64_t t = org_at(sc, day, "23:10:00") - 20 * HOUR;
		struct event e = {
			.time = t + 12 * MINUTE,
			.by = user,
			.args = org_token(sc, ""),
			.region = ORG_ABROAD,
		};

		there->source_identity = "backup-agent";
		sc->region = ORG_ABROAD;
		routine_now_and_then(sc, user, t, t + 12 * MINUTE, 8 * SECOND,
				     reading, ARRAY_SIZE(reading));
		issue_role(sc, &e, there);
		routine_now_and_then(sc, there, e.time + 2 * SECOND,
				     e.time + 3 * MINUTE, 20 * SECOND, vault,
				     ARRAY_SIZE(vault));
		sc->region = ORG_HOME;
	}
}

void org_machines(struct scene *sc)
{
	static const char *const accounts[] = { ORG_MANAGEMENT, ORG_WORKLOAD,
						ORG_SECURITY };
	int64_t from = org_at(sc, 0, ORG_FROM), to = org_at(sc, 4, ORG_TO);

	web_server(sc);
	orders(sc);
	scanner(sc);
	outside(sc);
	backups(sc);
	routine_log_delivery(sc, ORG_SECURITY, "org-log-archive-5d0e",
			     from + 3 * MINUTE, to, 20 * MINUTE);
	for (size_t i = 0; i < ARRAY_SIZE(accounts); i++)
		routine_config(sc, accounts[i],
			       from + (int64_t)(11 + 7 * i) * MINUTE, to,
			       6 * HOUR);
	routine_scaling(sc, ORG_WORKLOAD, "shop-web/3b9f0c7d2e61a845",
			from + MINUTE, to, 3 * MINUTE);
}
