/* SPDX-License-Identifier: MIT */
#include "gen/bench_world.h"

#include <string.h>

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/calls.h"
#include "gen/issue.h"
#include "gen/routine.h"

const char *const bench_accounts[BENCH_ACCOUNTS] = {
	"111122223333", "222233334444", "333344445555",
	"444455556666", "555566667777", "777788889999",
};

/* The first is the busiest. */
const char *const bench_regions[BENCH_REGIONS] = {
	"us-east-1", "eu-west-1", "ap-northeast-1", "us-west-2", "eu-central-1",
};

enum { WORK_ROLE, WORK_CONSOLE, WORK_INSTANCE, WORK_FUNCTION, WORK_ABROAD };
enum { SERVICE_TRAIL, SERVICE_LOGS, SERVICE_EC2, SERVICE_LAMBDA };

#define CLI AGENT_CLI("linux#6.8.0-45-generic", "x86_64", "3.12.3")

/* Real tokens are long; these are as long as the shorter of them. */
#define TOKEN "token=${base64420};seconds=14400"

/* How often each call is made, for each kind of caller. */
static const struct habit people[] = {
	{ 14, "ec2:DescribeInstances", NULL },
	{ 6, "ec2:DescribeInstanceStatus", NULL },
	{ 6, "ec2:DescribeVolumes", NULL },
	{ 6, "ec2:DescribeSecurityGroups", NULL },
	{ 5, "ec2:DescribeSubnets", NULL },
	{ 4, "ec2:DescribeVpcs", NULL },
	{ 4, "ec2:DescribeTags", NULL },
	{ 4, "ec2:DescribeSnapshots", NULL },
	{ 4, "ec2:DescribeImages", NULL },
	{ 3, "ec2:DescribeNetworkInterfaces", NULL },
	{ 4, "rds:DescribeDBInstances", NULL },
	{ 3, "rds:DescribeDBSnapshots", NULL },
	{ 4, "elasticloadbalancing:DescribeLoadBalancers", NULL },
	{ 3, "elasticloadbalancing:DescribeTargetHealth",
	  "target=web-${hex4}/${hex16}" },
	{ 3, "cloudformation:DescribeStacks", "stack=app-${digits2}" },
	{ 3, "lambda:ListFunctions20150331", NULL },
	{ 3, "lambda:GetFunction20150331v2", "function=job-${digits2}" },
	{ 3, "logs:DescribeLogGroups", NULL },
	{ 2, "iam:GetRole", "role=app-role-${digits2}" },
	{ 2, "iam:ListAttachedRolePolicies", "role=app-role-${digits2}" },
	{ 2, "s3:ListBuckets", NULL },
	{ 2, "s3:GetBucketLocation", "bucket=data-${digits3}" },
	{ 2, "s3:ListObjects", "bucket=data-${digits3};out=${digits4}" },
	{ 2, "sts:GetCallerIdentity", NULL },
	{ 1, "ec2:CreateTags",
	  "resource=i-0${hex16};tag=Owner;value=team-${digits2}" },
	{ 1, "monitoring:PutMetricAlarm", "alarm=cpu-${hex6}" },
	{ 1, "lambda:UpdateFunctionCode20150331v2",
	  "function=job-${digits2};role=job-role-${digits2}" },
	{ 1, "ec2:CreateSnapshot",
	  "volume=vol-0${hex16};snapshot=snap-0${hex16}" },
};

static const struct habit instances[] = {
	{ 12, "s3:GetObject",
	  "bucket=data-${digits3};key=in/${hex16}.json;out=${digits5}" },
	{ 6, "s3:PutObject",
	  "bucket=data-${digits3};key=out/${hex16}.json;in=${digits5}" },
	{ 3, "s3:HeadObject", "bucket=data-${digits3};key=in/${hex16}.json" },
	{ 6, "ssm:UpdateInstanceInformation",
	  "instance=i-0${hex16};private=10.0.${digits2}.${digits2}" },
	{ 2, "ssm:ListInstanceAssociations", "instance=i-0${hex16}" },
	{ 2, "ssm:GetParameter", "name=/app/${digits2}/flags" },
	{ 1, "secretsmanager:GetSecretValue", "secret=app/${digits2}/db" },
};

static const struct habit functions[] = {
	{ 8, "s3:GetObject",
	  "bucket=data-${digits3};key=events/${hex16}.json;out=${digits4}" },
	{ 5, "s3:PutObject",
	  "bucket=data-${digits3};key=done/${hex16}.json;in=${digits4}" },
	{ 4, "logs:CreateLogStream",
	  "group=/aws/lambda/job-${digits2};stream=${date}/[$LATEST]"
	  "${hex32}" },
	{ 2, "ssm:GetParameter", "name=/job/${digits2}/limit" },
};

struct deed {
	const char *call, *args, *outcome;
};

static const struct deed new_user[] = {
	{ "sts:GetCallerIdentity", NULL, NULL },
	{ "iam:ListUsers", NULL, "denied" },
	{ "iam:CreateUser", "user=svc-${hex6}", NULL },
	{ "iam:AttachUserPolicy", "user=svc-${hex6}", NULL },
	{ "iam:CreateAccessKey", "user=svc-${hex6};key=AKIA${upper16}", NULL },
};
static const struct deed blinding[] = {
	{ "cloudtrail:DescribeTrails", NULL, NULL },
	{ "cloudtrail:StopLogging", "trail=audit", "denied" },
	{ "cloudtrail:StopLogging", "trail=org-trail", NULL },
	{ "guardduty:DeleteDetector", "detector=${hex32}", NULL },
};
static const struct deed sharing[] = {
	{ "ec2:DescribeSnapshots", NULL, NULL },
	{ "ec2:CreateSnapshot", "volume=vol-0${hex16};snapshot=snap-0${hex16}",
	  NULL },
	{ "ec2:ModifySnapshotAttribute",
	  "snapshot=snap-0${hex16};item={'userId':'999988887777'}", NULL },
	{ "rds:ModifyDBSnapshotAttribute", "snapshot=nightly-${hex4};who=all",
	  NULL },
};
static const struct deed mining[] = {
	{ "ec2:DescribeRegions", NULL, NULL },
	{ "ec2:RunInstances",
	  "image=ami-0${hex16};type=p3.8xlarge;count=8;profile=web;instance="
	  "x;private=x",
	  "Client.VcpuLimitExceeded: You have requested more vCPU capacity "
	  "than your current vCPU limit of 0 allows for the instance bucket "
	  "that the specified instance type belongs to." },
	{ "ec2:RunInstances",
	  "image=ami-0${hex16};type=g4dn.12xlarge;profile=web;instance="
	  "i-0${hex16};private=172.31.${digits2}.${digits2}",
	  NULL },
};

static const struct {
	const struct deed *deeds;
	size_t n;
} attacks[] = {
	{ new_user, ARRAY_SIZE(new_user) },
	{ blinding, ARRAY_SIZE(blinding) },
	{ sharing, ARRAY_SIZE(sharing) },
	{ mining, ARRAY_SIZE(mining) },
};

/* Rows of the catalogue by habit, looked up once. */
static const struct call *shape_of(const char *name)
{
	static const struct call bare = { .name = "" };
	const struct call *c = call_find(name);

	return c ? c : &bare;
}

static const char *pick_region(struct rng *r)
{
	uint32_t n = rng_below(r, 100);

	return bench_regions[n < 60 ? 0 :
			     n < 75 ? 1 :
			     n < 87 ? 2 :
			     n < 95 ? 3 :
				      4];
}

static const char *format_ip(struct scene *home, struct rng *r)
{
	return scene_format(home, "198.51.100.%u", 1 + rng_below(r, 254));
}

static void begin_users(struct bench_world *w)
{
	for (int i = 0; i < BENCH_USERS; i++) {
		w->user[i] = *scene_user(&w->home, "user",
					 bench_accounts[i % BENCH_ACCOUNTS],
					 scene_format(&w->home, "dev-%03d", i),
					 format_ip(&w->home, &w->rng),
					 i % 3 ? CLI : AGENT_TERRAFORM);
		w->home.cast_n = 0;
	}
}

static void begin_services(struct bench_world *w)
{
	static const char *const names[] = {
		"cloudtrail.amazonaws.com",
		"delivery.logs.amazonaws.com",
		"ec2.amazonaws.com",
		"lambda.amazonaws.com",
	};

	for (int i = 0; i < BENCH_ACCOUNTS; i++) {
		const char *account = bench_accounts[i];

		for (size_t k = 0; k < ARRAY_SIZE(names); k++)
			w->service[i][k] = *scene_service(&w->home, account,
							  names[k]);
		w->linked[i] = *scene_linked(
			&w->home, "config", account,
			"aws-service-role/config.amazonaws.com/"
			"AWSServiceRoleForConfig",
			"AWSConfig-Describe", "config.amazonaws.com");
		w->home.cast_n = 0;
	}
}

static void begin_worker(struct bench_world *w, int i)
{
	struct bench_worker *k = &w->worker[i];
	struct scene *home = &w->home;
	int account = i % BENCH_ACCOUNTS;
	const char *id = bench_accounts[account];
	const char *role = scene_format(home, "team-%02d/app-role-%02d", i % 12,
					i % 90);
	const char *ip = format_ip(home, &w->rng);

	k->region = home->region = pick_region(&w->rng);
	k->kind = i % 10 < 3 ? WORK_ROLE :
		  i % 10 < 5 ? WORK_CONSOLE :
		  i % 10 < 7 ? WORK_INSTANCE :
		  i % 10 < 9 ? WORK_FUNCTION :
			       WORK_ABROAD;
	k->issuer = &w->user[i % BENCH_USERS];
	switch (k->kind) {
	case WORK_CONSOLE:
		k->s = *scene_console(home, "c", k->issuer->account,
				      k->issuer->who->name, k->issuer->ip,
				      AGENT_FIREFOX);
		break;
	case WORK_INSTANCE:
		k->issuer = &w->service[account][SERVICE_EC2];
		k->s = *scene_instance(
			home, "i", id, role,
			scene_format(home, "i-0%016x", 0x51a7c0de + i * 7919),
			scene_format(home, "192.0.2.%d", 1 + i % 254),
			AGENT_SSM);
		break;
	case WORK_FUNCTION:
		k->issuer = &w->service[account][SERVICE_LAMBDA];
		k->s = *scene_function(home, "f", id, role,
				       scene_format(home, "job-%02d", i % 60),
				       "192.0.2.131");
		break;
	default:
		/* Abroad is a role of another account. */
		k->s = *scene_role(
			home, "r",
			k->kind == WORK_ROLE ? k->issuer->account : id, role,
			scene_format(home, "dev-%03d", i % BENCH_USERS), ip,
			CLI);
	}
	home->cast_n = 0;
}

void bench_world_begin(struct bench_world *w, const char *seed)
{
	memset(w, 0, sizeof(*w));
	scene_begin(&w->home, seed, "2026-09-01", bench_regions[0]);
	rng_seed(&w->rng, seed);
	w->home.rng = w->rng;
	begin_users(w);
	begin_services(w);
	for (int i = 0; i < BENCH_WORKERS; i++)
		begin_worker(w, i);
}

void bench_world_end(struct bench_world *w)
{
	scene_end(&w->home);
}

static void record(struct scene *sc, struct session *by, int64_t t,
		   const char *region, const char *call, const char *args)
{
	struct event e = { .time = t,
			   .by = by,
			   .call = call,
			   .args = args,
			   .region = region,
			   .shape = shape_of(call) };

	scene_record(sc, &e);
}

static void by_habit(struct bench_world *w, struct scene *sc,
		     struct session *by, int64_t t, const char *region,
		     const struct habit *habits, size_t n)
{
	uint32_t total = 0, left;

	for (size_t i = 0; i < n; i++)
		total += habits[i].weight;
	left = rng_below(&w->rng, total);
	for (; left >= habits->weight; habits++)
		left -= habits->weight;
	record(sc, by, t, region, habits->call, habits->args);
}

static void open_session(struct bench_world *w, struct scene *sc,
			 struct bench_worker *k, int64_t t)
{
	struct event e = {
		.time = t, .by = k->issuer, .region = k->region, .args = TOKEN
	};
	struct session *one = &k->s;

	k->left = 40 + rng_below(&w->rng, 120);
	if (k->kind == WORK_CONSOLE) {
		e.by = &k->s;
		e.args = NULL;
		issue_console(sc, &e, &k->s);
	} else if (k->kind == WORK_INSTANCE) {
		issue_instance(sc, &e, &one, 1);
	} else {
		issue_role(sc, &e, &k->s);
	}
}

static void work(struct bench_world *w, struct scene *sc, int64_t t)
{
	struct bench_worker *k = &w->worker[rng_below(&w->rng, BENCH_WORKERS)];

	if (k->left == 0) {
		open_session(w, sc, k, t);
		return;
	}
	k->left--;
	if (k->kind == WORK_INSTANCE)
		by_habit(w, sc, &k->s, t, k->region, instances,
			 ARRAY_SIZE(instances));
	else if (k->kind == WORK_FUNCTION)
		by_habit(w, sc, &k->s, t, k->region, functions,
			 ARRAY_SIZE(functions));
	else
		by_habit(w, sc, &k->s, t, k->region, people,
			 ARRAY_SIZE(people));
}

static void write_log(struct bench_world *w, struct scene *sc, int64_t t)
{
	int account = (int)rng_below(&w->rng, BENCH_ACCOUNTS);
	bool trail = rng_chance(&w->rng, 60);
	struct session *by =
		&w->service[account][trail ? SERVICE_TRAIL : SERVICE_LOGS];
	const char *region = pick_region(&w->rng);

	if (trail && rng_chance(&w->rng, 30))
		record(sc, by, t, region, "s3:GetBucketAcl",
		       "bucket=org-trail-logs;out=552");
	else
		record(sc, by, t, region, "s3:PutObject",
		       "bucket=org-trail-logs;key=AWSLogs/${account}/"
		       "CloudTrail/${region}/${account}_CloudTrail_"
		       "${alnum16}.json.gz;in=${digits4};acl=,'x-amz-acl':"
		       "'bucket-owner-full-control'");
}

/* A session that a service opens and never seems to use. */
static void assume_for_service(struct bench_world *w, struct scene *sc,
			       int64_t t)
{
	struct session *role = &w->linked[rng_below(&w->rng, BENCH_ACCOUNTS)];
	struct session config = { .kind = SESSION_SERVICE,
				  .account = role->account,
				  .name = "config.amazonaws.com" };
	struct event e = { .time = t,
			   .by = &config,
			   .region = pick_region(&w->rng),
			   .args = TOKEN };

	issue_role(sc, &e, role);
	role->key[0] = '\0';
}

static void decrypt(struct bench_world *w, struct scene *sc, int64_t t)
{
	struct bench_worker *k = &w->worker[rng_below(&w->rng, BENCH_WORKERS)];
	const char *region = sc->region;

	if (!k->s.created)
		return;
	sc->region = k->region;
	routine_on_behalf(sc, &k->s, t, "secretsmanager.amazonaws.com",
			  "kms:Decrypt",
			  "kms=9a0b7c11-5d2e-4f83-b6a4-1c0d9e8f7a65;context="
			  "'SecretARN':'arn:aws:secretsmanager:${region}:"
			  "${account}:secret:app/${digits2}/db-${alnum6}',"
			  "'SecretVersionId':'${uuid}'");
	sc->region = region;
}

void bench_world_step(struct bench_world *w, struct scene *sc, int64_t t)
{
	uint32_t n = rng_below(&w->rng, 100);
	struct session *user = &w->user[rng_below(&w->rng, BENCH_USERS)];

	/* Sessions that are opened and never used, and keys that are used once,
	 * are more than in public trails (0.4 and 2.6 in a hundred at most), but
	 * not the rule: the identities stay far fewer than the events. */
	if (n < 16)
		write_log(w, sc, t);
	else if (n < 18)
		assume_for_service(w, sc, t);
	else if (n < 21)
		decrypt(w, sc, t);
	else if (n < 31)
		by_habit(w, sc, user, t, pick_region(&w->rng), people,
			 ARRAY_SIZE(people));
	else
		work(w, sc, t);
}

void bench_world_attack(struct bench_world *w, struct scene *sc, int64_t t)
{
	uint32_t kind = rng_below(&w->rng, ARRAY_SIZE(attacks) + 1);
	const char *region = pick_region(&w->rng);
	struct session thief;

	if (kind == ARRAY_SIZE(attacks)) {
		/* An instance's session, from another address. */
		struct bench_worker *k =
			&w->worker[5 +
				   10 * rng_below(&w->rng, BENCH_WORKERS / 10)];

		if (!k->s.created)
			return;
		thief = k->s;
		thief.ip = "203.0.113.66";
		thief.agent = CLI;
		record(sc, &thief, t, k->region, "sts:GetCallerIdentity", NULL);
		record(sc, &thief, t + 9 * SECOND, k->region, "s3:ListBuckets",
		       NULL);
		return;
	}
	thief = w->user[rng_below(&w->rng, BENCH_USERS)];
	thief.ip = scene_format(sc, "203.0.113.%u",
				1 + rng_below(&w->rng, 254));
	for (size_t i = 0; i < attacks[kind].n; i++) {
		const struct deed *d = &attacks[kind].deeds[i];
		struct event e = { .time = t + (int64_t)i * 25 * SECOND,
				   .by = &thief,
				   .call = d->call,
				   .args = d->args,
				   .outcome = d->outcome,
				   .region = region,
				   .shape = shape_of(d->call) };

		scene_record(sc, &e);
	}
}
