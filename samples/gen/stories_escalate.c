/* SPDX-License-Identifier: MIT */
/* Rights by way of workloads, of other names, of guests. */
#include "gen/stories.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/stories_private.h"

#define FUNCTION "function=helper;role=iam-writer;handler=f.handler"
#define ADMIN    ";policy=arn:aws:iam::aws:policy/AdministratorAccess"

/* A function that serves its maker ----------------------------------------- */

static void cast_loop(struct scene *sc)
{
	scene_service(sc, HERE, LAMBDA);
	scene_user(sc, "creator", HERE, "lambda-creator", STRANGE, CLI);
	scene_function(sc, "function", HERE, "iam-writer", "helper",
		       "192.0.2.131");
}

static const struct step loop[] = {
	{ "", "06:00:00", "creator", "lambda:CreateFunction20150331", FUNCTION,
	  OK },
	{ "", "06:00:10", "creator", "lambda:Invoke", "function=helper", OK },
	{ "", "06:00:10", LAMBDA, "sts:AssumeRole", "to=function", OK },
	{ "", "06:00:12", "function", "iam:AttachUserPolicy",
	  "user=lambda-creator" ADMIN, OK },
};

static const struct step loop_other[] = {
	{ "", "06:00:00", "creator", "lambda:CreateFunction20150331", FUNCTION,
	  OK },
	{ "", "06:00:10", LAMBDA, "sts:AssumeRole", "to=function", OK },
	{ "", "06:00:12", "function", "iam:AttachUserPolicy", "user=bob" ADMIN,
	  OK },
};

static const struct step loop_long_ago[] = {
	{ "", "04:00:00", "creator", "lambda:CreateFunction20150331", FUNCTION,
	  OK },
	{ "", "06:00:10", LAMBDA, "sts:AssumeRole", "to=function", OK },
	{ "", "06:00:12", "function", "iam:AttachUserPolicy",
	  "user=lambda-creator" ADMIN, OK },
};

static const struct step loop_no_write[] = {
	{ "", "06:00:00", "creator", "lambda:CreateFunction20150331", FUNCTION,
	  OK },
	{ "", "06:00:10", LAMBDA, "sts:AssumeRole", "to=function", OK },
	{ "", "06:00:12", "function", "iam:ListUsers", "", OK },
};

/* A session that serves its user ------------------------------------------- */

static void cast_origin(struct scene *sc)
{
	scene_user(sc, "dan", HERE, "dev-dan", OFFICE, CLI);
	scene_role(sc, "ops", HERE, "ops", "dan", OFFICE, CLI);
}

static const struct step origin_changed[] = {
	{ "", "06:00:00", "dan", "sts:AssumeRole", "to=ops", OK },
	{ "", "06:01:00", "ops", "iam:AttachUserPolicy", "user=dev-dan" ADMIN,
	  OK },
};

static const struct step other_changed[] = {
	{ "", "06:00:00", "dan", "sts:AssumeRole", "to=ops", OK },
	{ "", "06:01:00", "ops", "iam:AttachUserPolicy", "user=bob" ADMIN, OK },
};

static const struct step itself_changed[] = {
	{ "", "06:01:00", "dan", "iam:AttachUserPolicy", "user=dev-dan" ADMIN,
	  OK },
};

/* A console for a machine -------------------------------------------------- */

static void cast_console(struct scene *sc)
{
	scene_service(sc, HERE, EC2);
	scene_user(sc, "dan", HERE, "dev-dan", OFFICE, CLI);
	scene_instance(sc, "app", HERE, "web-role", WEB, "192.0.2.30",
		       AGENT_PHP);
	scene_role(sc, "ops", HERE, "ops", "x", STRANGE, CLI);
}

static const struct step console_next_role[] = {
	{ "", "06:00:00", EC2, "sts:AssumeRole", "to=app", OK },
	{ "", "06:10:00", "app", "sts:AssumeRole", "to=ops", OK },
	{ "", "06:11:00", "ops", "signin:GetSigninToken", "", OK },
};

static const struct step console_of_dan[] = {
	{ "", "06:10:00", "dan", "sts:AssumeRole", "to=ops", OK },
	{ "", "06:11:00", "ops", "signin:GetSigninToken", "", OK },
};

/* Guests ------------------------------------------------------------------- */

static void cast_guest(struct scene *sc)
{
	scene_cast(sc, (struct session){ .kind = SESSION_UNKNOWN,
					 .label = "visitor",
					 .account = HERE,
					 .ip = STRANGE,
					 .agent = CLI });
	scene_role(sc, "guest", HERE, "app-guest", "CognitoIdentityCredentials",
		   STRANGE, CLI);
}

#define FETCH "identity=us-east-1:3f9c1d2e-5b6a-4c7d-8e9f-0a1b2c3d4e5f;to=guest"

static const struct step guest_explores[] = {
	{ "", "06:00:00", "visitor",
	  "cognito-identity:GetCredentialsForIdentity", FETCH, OK },
	{ "", "06:00:10", "guest", "sts:GetCallerIdentity", "", OK },
	{ "", "06:00:20", "guest", "s3:ListBuckets", "", OK },
};

static const struct step guest_app[] = {
	{ "", "06:00:00", "visitor",
	  "cognito-identity:GetCredentialsForIdentity", FETCH, OK },
	{ "", "06:00:10", "guest", "s3:GetObject", "bucket=app;key=logo.png",
	  OK },
	{ "", "06:00:20", "guest", "s3:GetObject", "bucket=app;key=news.json",
	  OK },
};

static const struct step guest_signed_in[] = {
	{ "", "06:00:00", "visitor",
	  "cognito-identity:GetCredentialsForIdentity",
	  FETCH ";logins=,'logins':{'cognito-idp.us-east-1.amazonaws.com/"
		"us-east-1_Ab12Cd34E':'HIDDEN_DUE_TO_SECURITY_REASONS'}",
	  OK },
	{ "", "06:00:10", "guest", "sts:GetCallerIdentity", "", OK },
	{ "", "06:00:20", "guest", "s3:ListBuckets", "", OK },
};

const struct story stories_escalate[] = {
	{ "workload-loop/fire", cast_loop, STEPS(loop), NULL, 0 },
	{ "workload-loop/quiet-other", cast_loop, STEPS(loop_other), NULL, 0 },
	{ "workload-loop/quiet-long-ago", cast_loop, STEPS(loop_long_ago), NULL,
	  0 },
	{ "workload-loop/quiet-no-write", cast_loop, STEPS(loop_no_write), NULL,
	  0 },
	{ "own-origin/fire", cast_origin, STEPS(origin_changed), NULL, 0 },
	{ "own-origin/quiet-other", cast_origin, STEPS(other_changed), NULL,
	  0 },
	{ "own-origin/quiet-itself", cast_origin, STEPS(itself_changed), NULL,
	  0 },
	{ "console-of-workload/fire-next-role", cast_console,
	  STEPS(console_next_role), NULL, 0 },
	{ "console-of-workload/quiet", cast_console, STEPS(console_of_dan),
	  NULL, 0 },
	{ "guest/fire", cast_guest, STEPS(guest_explores), NULL, 0 },
	{ "guest/quiet-app", cast_guest, STEPS(guest_app), NULL, 0 },
	{ "guest/quiet-signed-in", cast_guest, STEPS(guest_signed_in), NULL,
	  0 },
	{ .name = NULL },
};
