/* SPDX-License-Identifier: MIT */
#include "gen/quiet.h"

#include <string.h>

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/issue.h"
#include "gen/routine.h"

#define WEB    "i-0b5f81c2d93e4a670"
#define EXTRA  "i-0d41e7a90c6b28f3%d" /* launched in the morning */
#define ASSETS "shop-assets-7c21"
#define LOGS   "org-trail-logs-7c21"
#define KMS    "kms=9a0b7c11-5d2e-4f83-b6a4-1c0d9e8f7a65"

static const struct habit web_habits[] = {
	{ 4, "s3:GetObject",
	  "bucket=" ASSETS ";key=catalog/${hex6}.json;out=${digits5}" },
	{ 1, "s3:ListObjects", "bucket=" ASSETS ";prefix=catalog/;out=4410" },
};

/* A session each six hours; the first of the evidence is older. */
static void web_server(struct scene *sc, int day)
{
	static const char *const starts[] = { "00:00:00", "05:12:40",
					      "11:13:02", "17:13:31" };
	int64_t end = scene_at(sc, "23:59:30");

	for (int i = 0; i < 4; i++) {
		struct session *agent = scene_instance(
			sc, scene_format(sc, "agent %d.%d", day, i), QUIET_PROD,
			"shop-web-role", WEB, "192.0.2.50", AGENT_SSM);
		struct session *app = scene_instance(
			sc, scene_format(sc, "app %d.%d", day, i), QUIET_PROD,
			"shop-web-role", WEB, "192.0.2.50", AGENT_PHP);
		struct session *both[] = { agent, app };
		int64_t from = scene_at(sc, starts[i]);
		int64_t to = i < 3 ? scene_at(sc, starts[i + 1]) : end;
		struct event e = { .time = from,
				   .by = scene_service(sc, QUIET_PROD,
						       "ec2.amazonaws.com") };

		if (day == 1 && i == 0) {
			scene_issued_before(sc, agent, from - 4 * HOUR);
			app->created = agent->created;
			session_new_key(app, &sc->rng);
		} else {
			issue_instance(sc, &e, both, 2);
		}
		routine_agent(sc, agent, WEB, "10.20.1.15", from + 9 * SECOND,
			      to, 15 * MINUTE);
		routine_now_and_then(sc, app, from + 5 * SECOND, to, 7 * MINUTE,
				     web_habits, ARRAY_SIZE(web_habits));
	}
}

/* Auto Scaling adds an instance for the day and takes it away again. */
static void scale(struct scene *sc, int day)
{
	const char *instance = scene_format(sc, EXTRA, day);
	struct session *role = scene_linked(
		sc, scene_format(sc, "scaling %d", day), QUIET_PROD,
		"aws-service-role/autoscaling.amazonaws.com/"
		"AWSServiceRoleForAutoScaling",
		"AutoScaling", "autoscaling.amazonaws.com");
	struct session *agent = scene_instance(
		sc, scene_format(sc, "extra %d", day), QUIET_PROD,
		"shop-web-role", instance, "192.0.2.51", AGENT_SSM);
	int64_t up = scene_at(sc, "07:30:12"), down = scene_at(sc, "19:45:08");
	struct event assume = {
		.time = up - 20 * SECOND,
		.by = scene_service(sc, QUIET_PROD, "autoscaling.amazonaws.com")
	};
	struct event run = {
		.time = up,
		.by = role,
		.call = "ec2:RunInstances",
		.args = scene_format(sc,
				     "image=ami-0f7c1a2b3d4e5f607;type="
				     "t3.large;profile=shop-web-role;"
				     "instance=%s;private=10.20.1.%d",
				     instance, 40 + day),
	};
	struct event first = { .time = up + SECOND,
			       .by = scene_service(sc, QUIET_PROD,
						   "ec2.amazonaws.com") };

	issue_role(sc, &assume, role);
	role->key[0] = '\0';
	scene_record(sc, &run);
	memcpy(first.request_id, run.request_id, UUID_SIZE);
	issue_instance(sc, &first, &agent, 1);
	routine_agent(sc, agent, instance,
		      scene_format(sc, "10.20.1.%d", 40 + day),
		      up + 90 * SECOND, up + 5 * HOUR, 30 * MINUTE);
	scene_call(sc, role, down, "ec2:TerminateInstances",
		   scene_format(sc, "instance=%s", instance));
}

static const struct step backup_steps[] = {
	{ "", "02:00:09", "backup", "ec2:DescribeVolumes", "", NULL },
	{ "", "02:00:21", "backup", "ec2:CreateSnapshot",
	  "volume=vol-0aa1c7e5b3d920f48;snapshot=snap-0${hex16};encrypted="
	  "true;description=This snapshot is created by the AWS Backup "
	  "service.",
	  NULL },
	{ "", "02:00:48", "backup", "rds:CreateDBSnapshot",
	  "db=shop-prod;snapshot=awsbackup-job-${hex12};encrypted=true", NULL },
	{ "", "02:01:30", "backup", "ec2:DescribeSnapshots", "", NULL },
};

static void backup(struct scene *sc, int day)
{
	struct session *role = scene_linked(
		sc, "backup", QUIET_PROD,
		"service-role/AWSBackupDefaultServiceRole",
		scene_format(sc, "AWSBackup-AWSBackupDefaultServiceRole-%d",
			     day),
		"backup.amazonaws.com");
	struct session *notice =
		scene_cast(sc, (struct session){
				       .kind = SESSION_NOTICE,
				       .label = "backup notice",
				       .account = QUIET_PROD,
				       .name = "backup.amazonaws.com",
			       });
	struct event e = { .time = scene_at(sc, "02:00:05"),
			   .by = scene_service(sc, QUIET_PROD,
					       "backup.amazonaws.com") };

	/* The label is the same on both days: the steps find the first. */
	*scene_find(sc, "backup") = *role;
	role = scene_find(sc, "backup");
	issue_role(sc, &e, role);
	role->key[0] = '\0';
	scene_play(sc, backup_steps, ARRAY_SIZE(backup_steps));
	scene_call(sc, notice, scene_at(sc, "02:41:17"),
		   "backup:BackupJobCompleted",
		   "vault=Default;resource=arn:aws:ec2:${region}:${account}:"
		   "volume/vol-0aa1c7e5b3d920f48");
	scene_call(sc, notice, scene_at(sc, "02:58:02"),
		   "backup:BackupJobCompleted",
		   "vault=Default;resource=arn:aws:rds:${region}:${account}:"
		   "db:shop-prod");
}

/* A function that reports each few hours: parameter, secret, objects. */
static void report(struct scene *sc, int day)
{
	for (int i = 0; i < 4; i++) {
		int64_t t = scene_at(sc, "03:05:00") + i * 6 * HOUR +
			    rng_between(&sc->rng, 0, 59) * SECOND;
		struct session *s = scene_function(
			sc, scene_format(sc, "report %d.%d", day, i),
			QUIET_PROD, "orders-report-role", "orders-report",
			"192.0.2.140");
		struct event e = { .time = t,
				   .by = scene_service(
					   sc, QUIET_PROD,
					   "lambda.amazonaws.com") };

		issue_role(sc, &e, s);
		scene_call(sc, s, t + SECOND, "logs:CreateLogStream",
			   "group=/aws/lambda/orders-report;stream=${date}/"
			   "[$LATEST]${hex32}");
		scene_call(sc, s, t + 2 * SECOND, "ssm:GetParameter",
			   "name=/shop/report/recipients");
		scene_call(sc, s, t + 3 * SECOND,
			   "secretsmanager:GetSecretValue",
			   "secret=shop/report/smtp");
		routine_on_behalf(sc, s, t + 3 * SECOND,
				  "secretsmanager.amazonaws.com", "kms:Decrypt",
				  KMS ";context='SecretARN':'arn:aws:"
				      "secretsmanager:${region}:${account}:"
				      "secret:shop/report/smtp-Zk3QxV'");
		for (int k = 0; k < 4; k++)
			scene_call(sc, s, t + (5 + k) * SECOND, "s3:GetObject",
				   "bucket=shop-orders-7c21;key=orders/"
				   "${date}/${hex8}.json;out=${digits4}");
		scene_call(sc, s, t + 11 * SECOND, "s3:PutObject",
			   "bucket=shop-orders-7c21;key=reports/${date}.csv;"
			   "in=${digits5}");
	}
}

static void rotate_key(struct scene *sc)
{
	struct session *kms = scene_cast(sc, (struct session){
						     .kind = SESSION_NOTICE,
						     .label = "kms notice",
						     .account = QUIET_PROD,
						     .name = "AWS Internal",
					     });

	scene_call(sc, kms, scene_at(sc, "09:41:55"), "kms:RotateKey", KMS);
}

void quiet_machines(struct scene *sc, int day)
{
	int64_t from = scene_at(sc, "00:02:00"), to = scene_at(sc, "23:58:00");

	web_server(sc, day);
	scale(sc, day);
	backup(sc, day);
	report(sc, day);
	if (day == 2)
		rotate_key(sc);
	routine_log_delivery(sc, QUIET_PROD, LOGS, from, to, 45 * MINUTE);
	routine_log_delivery(sc, QUIET_DEV, LOGS, from + 11 * MINUTE, to,
			     2 * HOUR);
	routine_config(sc, QUIET_PROD, from + 17 * MINUTE, to, 12 * HOUR);
	routine_config(sc, QUIET_DEV, from + 23 * MINUTE, to, 12 * HOUR);
	for (int64_t t = from; t < to; t += 8 * HOUR)
		routine_scaling(sc, QUIET_PROD, "shop-web/0a1b2c3d4e5f6071", t,
				t + HOUR, 5 * MINUTE);
}
