/* SPDX-License-Identifier: MIT */
/* Credentials of machines, functions, pipelines and people elsewhere. */
#include "gen/stories.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/stories_private.h"

/* Instances --------------------------------------------------------------- */

static void cast_instance(struct scene *sc)
{
	scene_service(sc, HERE, EC2);
	scene_instance(sc, "agent", HERE, "web-role", WEB, "192.0.2.30",
		       AGENT_SSM);
	scene_instance(sc, "app", HERE, "web-role", WEB, "192.0.2.30",
		       AGENT_PHP);
	scene_instance(sc, "app later", HERE, "web-role", WEB, "192.0.2.77",
		       AGENT_PHP);
}

static const struct alias thief[] = {
	{ "thief", "app", STRANGE, CLI, "1.0" },
	{ "same tool", "app", STRANGE, NULL, NULL },
};

static const struct step stolen[] = {
	{ "", "06:00:01", EC2, "sts:AssumeRole", "to=agent,app", OK },
	{ "", "06:05:00", "agent", "ssm:UpdateInstanceInformation",
	  "instance=" WEB ";private=10.0.30.91", OK },
	{ "", "06:05:30", "app", "s3:ListObjects", "bucket=shop-images", OK },
	{ "", "06:40:00", "thief", "sts:GetCallerIdentity", "", OK },
	{ "", "06:40:20", "thief", "s3:ListBuckets", "", OK },
};

/* Another address, and nothing else that is odd. */
static const struct step moved[] = {
	{ "", "06:00:01", EC2, "sts:AssumeRole", "to=app", OK },
	{ "", "06:05:30", "app", "s3:ListObjects", "bucket=shop-images", OK },
	{ "", "06:40:00", "same tool", "s3:ListObjects", "bucket=shop-images",
	  OK },
};

/* Stopped and started: a new session from a new address. */
static const struct step restarted[] = {
	{ "", "06:00:01", EC2, "sts:AssumeRole", "to=app", OK },
	{ "", "06:05:30", "app", "s3:ListObjects", "bucket=shop-images", OK },
	{ "", "08:00:01", EC2, "sts:AssumeRole", "to=app later", OK },
	{ "", "08:05:30", "app later", "s3:ListObjects", "bucket=shop-images",
	  OK },
};

static const struct step at_home[] = {
	{ "", "06:00:01", EC2, "sts:AssumeRole", "to=agent,app", OK },
	{ "", "06:05:00", "agent", "ssm:UpdateInstanceInformation",
	  "instance=" WEB ";private=10.0.30.91", OK },
	{ "", "06:05:30", "app", "s3:ListObjects", "bucket=shop-images", OK },
	{ "", "06:45:30", "app", "sts:GetCallerIdentity", "", OK },
};

/* Functions --------------------------------------------------------------- */

static void cast_function(struct scene *sc)
{
	scene_service(sc, HERE, LAMBDA);
	scene_function(sc, "function", HERE, "orders-role", "orders-report",
		       "192.0.2.131");
}

static const struct alias function_hands[] = {
	{ "thief", "function", STRANGE, CLI, NULL },
	{ "other tool", "function", STRANGE, "Go-http-client/1.1", NULL },
	{ "next environment", "function", "192.0.2.180", NULL, NULL },
};

static const struct step function_stolen[] = {
	{ "", "06:00:01", LAMBDA, "sts:AssumeRole", "to=function", OK },
	{ "", "06:00:02", "function", "s3:GetObject",
	  "bucket=orders;key=today.csv", OK },
	{ "", "06:20:00", "thief", "sts:GetCallerIdentity", "", OK },
	{ "", "06:21:00", "other tool", "s3:ListBuckets", "", OK },
};

static const struct step function_alone[] = {
	{ "", "06:00:01", LAMBDA, "sts:AssumeRole", "to=function", OK },
	{ "", "06:00:02", "function", "s3:GetObject",
	  "bucket=orders;key=today.csv", OK },
	{ "", "06:20:00", "next environment", "s3:GetObject",
	  "bucket=orders;key=today.csv", OK },
};

/* Pipelines --------------------------------------------------------------- */

static void cast_pipeline(struct scene *sc)
{
	struct session *workflow = scene_cast(
		sc, (struct session){
			    .kind = SESSION_WEB,
			    .label = "workflow",
			    .account = HERE,
			    .name = "arn:aws:iam::" HERE ":oidc-provider/"
				    "token.actions.githubusercontent.com:sts."
				    "amazonaws.com:repo:example/shop:ref:refs/"
				    "heads/main",
			    .provider = "arn:aws:iam::" HERE
					":oidc-provider/token.actions."
					"githubusercontent.com",
			    .subject = "repo:example/shop:ref:refs/heads/main",
			    .ip = "198.51.100.145",
			    .agent = AGENT_ACTIONS,
		    });

	scene_role(sc, "job", HERE, "ci/deploy", "GitHubActions",
		   "198.51.100.145", AGENT_ACTIONS);
	(void)workflow;
}

static const struct alias job_hands[] = {
	{ "terraform", "job", NULL, AGENT_TERRAFORM, NULL },
	{ "thief", "job", STRANGE, CLI, NULL },
};

static const struct step job_stolen[] = {
	{ "", "06:00:00", "workflow", "sts:AssumeRoleWithWebIdentity", "to=job",
	  OK },
	{ "", "06:00:05", "job", "sts:GetCallerIdentity", "", OK },
	{ "", "06:01:00", "terraform", "s3:ListBuckets", "", OK },
	{ "", "06:20:00", "thief", "s3:ListBuckets", "", OK },
};

static const struct step job_alone[] = {
	{ "", "06:00:00", "workflow", "sts:AssumeRoleWithWebIdentity", "to=job",
	  OK },
	{ "", "06:00:05", "job", "sts:GetCallerIdentity", "", OK },
	{ "", "06:01:00", "terraform", "s3:ListBuckets", "", OK },
};

/* People ------------------------------------------------------------------ */

static void cast_person(struct scene *sc)
{
	scene_user(sc, "dan", HERE, "dev-dan", OFFICE, CLI);
}

static const struct alias dan_elsewhere[] = {
	{ "dan abroad", "dan", STRANGE, NULL, NULL },
	{ "dan next door", "dan", "198.51.100.200", NULL, NULL },
};

static const struct step two_places[] = {
	{ "", "06:00:00", "dan", "s3:ListBuckets", "", OK },
	{ "", "06:06:00", "dan abroad", "s3:ListBuckets", "", OK },
};

static const struct step one_place[] = {
	{ "", "06:00:00", "dan", "s3:ListBuckets", "", OK },
	{ "", "06:06:00", "dan next door", "s3:ListBuckets", "", OK },
	{ "", "09:00:00", "dan abroad", "s3:ListBuckets", "", OK },
};

const struct story stories_elsewhere[] = {
	{ "instance-elsewhere/fire", cast_instance, STEPS(stolen),
	  ALIASES(thief) },
	{ "instance-elsewhere/moved", cast_instance, STEPS(moved),
	  ALIASES(thief) },
	{ "instance-elsewhere/quiet-restarted", cast_instance, STEPS(restarted),
	  NULL, 0 },
	{ "instance-elsewhere/quiet", cast_instance, STEPS(at_home), NULL, 0 },
	{ "function-elsewhere/fire", cast_function, STEPS(function_stolen),
	  ALIASES(function_hands) },
	{ "function-elsewhere/quiet", cast_function, STEPS(function_alone),
	  ALIASES(function_hands) },
	{ "pipeline-elsewhere/fire", cast_pipeline, STEPS(job_stolen),
	  ALIASES(job_hands) },
	{ "pipeline-elsewhere/quiet", cast_pipeline, STEPS(job_alone),
	  ALIASES(job_hands) },
	{ "two-networks/fire", cast_person, STEPS(two_places),
	  ALIASES(dan_elsewhere) },
	{ "two-networks/quiet", cast_person, STEPS(one_place),
	  ALIASES(dan_elsewhere) },
	{ .name = NULL },
};
