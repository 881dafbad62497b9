/* SPDX-License-Identifier: MIT */
/* Keys that change hands, roles taken from roles, callers from outside. */
#include "gen/stories.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/routine.h"
#include "gen/stories_private.h"

#define KALI AGENT_CLI("linux#6.1.0-kali5-amd64", "x86_64", "3.11.2")

/* A key in a file ---------------------------------------------------------- */

static void cast_exposed(struct scene *sc)
{
	scene_service(sc, HERE, EC2);
	scene_instance(sc, "app", HERE, "web-role", WEB, "192.0.2.30",
		       AGENT_PHP);
	scene_user(sc, "creator", HERE, "lambda-creator", STRANGE, KALI);
	scene_user(sc, "ann", HERE, "admin-ann", STRANGE, KALI);
}

static const struct alias thief[] = {
	{ "thief", "app", STRANGE, KALI, "1.0" },
	{ "visitor", "app", "203.0.113.90", KALI, "1.0" },
};

static const struct step exposed[] = {
	{ "", "06:00:01", EC2, "sts:AssumeRole", "to=app", OK },
	{ "", "06:11:05", "thief", "s3:GetObject",
	  "bucket=codes;key=lambda_creator.py;out=3187", OK },
	{ "", "06:11:42", "creator", "sts:GetCallerIdentity", "", OK },
};

/* Read elsewhere; made by whoever read; read too long ago. */
static const struct step read_elsewhere[] = {
	{ "", "06:00:01", EC2, "sts:AssumeRole", "to=app", OK },
	{ "", "06:11:05", "visitor", "s3:GetObject",
	  "bucket=codes;key=lambda_creator.py;out=3187", OK },
	{ "", "06:11:42", "creator", "sts:GetCallerIdentity", "", OK },
};

static const struct step made_by_reader[] = {
	{ "", "06:11:00", "ann", "iam:CreateAccessKey",
	  "user=lambda-creator;key=@creator", OK },
	{ "", "06:11:05", "ann", "s3:GetObject",
	  "bucket=codes;key=lambda_creator.py;out=3187", OK },
	{ "", "06:11:42", "creator", "sts:GetCallerIdentity", "", OK },
};

static const struct step read_long_ago[] = {
	{ "", "06:00:01", EC2, "sts:AssumeRole", "to=app", OK },
	{ "", "06:11:05", "thief", "s3:GetObject",
	  "bucket=codes;key=lambda_creator.py;out=3187", OK },
	{ "", "07:11:06", "creator", "sts:GetCallerIdentity", "", OK },
};

/* A key made here, used there ---------------------------------------------- */

static void cast_made(struct scene *sc)
{
	scene_user(sc, "ann", HERE, "admin-ann", OFFICE, CLI);
	scene_user(sc, "new key", HERE, "admin-ann", STRANGE, KALI);
	scene_user(sc, "home key", HERE, "admin-ann", "198.51.100.60", CLI);
}

static const struct step made_then_abroad[] = {
	{ "", "06:00:00", "ann", "iam:CreateAccessKey",
	  "user=admin-ann;key=@new key", OK },
	{ "", "06:30:00", "new key", "sts:GetCallerIdentity", "", OK },
};

static const struct step made_then_here[] = {
	{ "", "06:00:00", "ann", "iam:CreateAccessKey",
	  "user=admin-ann;key=@home key", OK },
	{ "", "06:30:00", "home key", "sts:GetCallerIdentity", "", OK },
};

/* Roles from roles --------------------------------------------------------- */

/* A pipeline at work since yesterday. */
static void cast_pipeline(struct scene *sc)
{
	int64_t begun = scene_at(sc, "06:00:00") - 30 * HOUR;
	struct session *job = scene_role(sc, "job", HERE, "ci/deploy", "deploy",
					 "198.51.100.145", CLI);
	struct session *young = scene_role(sc, "young", HERE, "ci/young",
					   "deploy", "198.51.100.145", CLI);

	scene_role(sc, "target", HERE, "app/orders", "deploy", "198.51.100.145",
		   CLI);
	scene_role(sc, "admin", HERE, "admin", "deploy", "198.51.100.145", CLI);
	scene_issued_before(sc, job, begun);
	scene_issued_before(sc, young, scene_at(sc, "05:00:00"));
	for (int i = 0; i < 60; i++) {
		scene_call(sc, job, begun + i * 25 * MINUTE, "s3:ListBuckets",
			   "");
		scene_call(sc, young, scene_at(sc, "05:00:00") + i * SECOND,
			   "s3:ListBuckets", "");
	}
}

static const struct step chain_new[] = {
	{ "", "06:00:00", "job", "sts:AssumeRole", "to=target", OK },
	{ "", "06:20:00", "job", "sts:AssumeRole", "to=admin", OK },
	{ "", "06:21:00", "admin", "iam:ListUsers", "", OK },
};

/* Nobody knows the ways of a role that is an hour old. */
static const struct step chain_young[] = {
	{ "", "06:00:00", "young", "sts:AssumeRole", "to=target", OK },
	{ "", "06:20:00", "target", "s3:ListBuckets", "", OK },
};

static void cast_accounts(struct scene *sc)
{
	scene_user(sc, "eve", HERE, "dev-eve", STRANGE, CLI);
	scene_role(sc, "build", HERE, "build", "eve", STRANGE, CLI);
	scene_role(sc, "deploy", OTHER, "deploy", "eve", STRANGE, CLI);
	scene_role(sc, "audit", THIRD, "audit", "eve", STRANGE, CLI);
}

static const struct step chain_long[] = {
	{ "", "06:00:00", "eve", "sts:AssumeRole", "to=build", OK },
	{ "", "06:01:00", "build", "sts:AssumeRole", "to=deploy", OK },
	{ "", "06:02:00", "deploy", "sts:AssumeRole", "to=audit", OK },
	{ "", "06:03:00", "audit", "s3:ListBuckets", "", OK },
};

static const struct step chain_short[] = {
	{ "", "06:00:00", "eve", "sts:AssumeRole", "to=build", OK },
	{ "", "06:01:00", "build", "sts:AssumeRole", "to=deploy", OK },
	{ "", "06:02:00", "deploy", "s3:ListBuckets", "", OK },
};

/* The copy of the other account is in the evidence in the first, and not in
 * the second: nobody there delivers to us. */
static const struct step to_own_account[] = {
	{ "", "06:00:00", "eve", "sts:AssumeRole", "to=deploy", OK },
	{ "", "06:01:00", "deploy", "s3:ListBuckets", "", OK },
};

static const struct step to_foreign_account[] = {
	{ "", "06:00:00", "eve", "sts:AssumeRole",
	  "role=arn:aws:iam::" ABROAD ":role/drop;roleName=drop;session=eve;"
	  "owner=" ABROAD ";key=ASIA6RU73QDQREXAMPLE;"
	  "pid=AROA6RU73QDQREXAMPLEX:eve",
	  OK },
};

/* Pods --------------------------------------------------------------------- */

static void cast_pod(struct scene *sc)
{
	scene_cast(sc, (struct session){
			       .kind = SESSION_WEB,
			       .label = "service account",
			       .account = HERE,
			       .name = "arn:aws:iam::" HERE ":oidc-provider/"
				       "oidc.eks.us-east-1.amazonaws.com/id/"
				       "5E1D:sts.amazonaws.com:system:"
				       "serviceaccount:shop:cart",
			       .provider = "arn:aws:iam::" HERE
					   ":oidc-provider/oidc.eks.us-east-1."
					   "amazonaws.com/id/5E1D",
			       .subject = "system:serviceaccount:shop:cart",
			       .ip = "192.0.2.80",
			       .agent = AGENT_BOTO,
		       });
	scene_role(sc, "pod", HERE, "cart-pod", "botocore-session-1785546000",
		   "192.0.2.80", AGENT_BOTO);
}

static const struct step pod_explores[] = {
	{ "", "06:00:00", "service account", "sts:AssumeRoleWithWebIdentity",
	  "to=pod", OK },
	{ "", "06:01:00", "pod", "s3:GetObject", "bucket=cart;key=a.json", OK },
	{ "", "06:02:00", "pod", "iam:ListUsers", "", "denied" },
	{ "", "06:02:10", "pod", "iam:ListRoles", "", "denied" },
	{ "", "06:02:20", "pod", "secretsmanager:ListSecrets", "", OK },
};

static const struct step pod_works[] = {
	{ "", "06:00:00", "service account", "sts:AssumeRoleWithWebIdentity",
	  "to=pod", OK },
	{ "", "06:01:00", "pod", "s3:GetObject", "bucket=cart;key=a.json", OK },
	{ "", "06:02:20", "pod", "secretsmanager:ListSecrets", "", OK },
	{ "", "06:03:20", "pod", "secretsmanager:ListSecrets", "", OK },
};

/* Vendors: see samples/rules/site. ------------------------------------------ */

static void cast_vendor(struct scene *sc)
{
	scene_cast(sc, (struct session){ .kind = SESSION_FOREIGN,
					 .label = "vendor",
					 .account = "666677778888",
					 .name = "AROA5XD4UQZ2VEXAMPLEX:poll",
					 .ip = "192.0.2.150",
					 .agent = AGENT_BOTO });
	scene_role(sc, "monitoring", HERE, "monitoring", "poll", "192.0.2.150",
		   AGENT_BOTO);
}

static const struct step vendor_plain[] = {
	{ "", "06:00:00", "vendor", "sts:AssumeRole", "to=monitoring", OK },
	{ "", "06:00:10", "monitoring", "ec2:DescribeInstances", "", OK },
};

static const struct step vendor_named[] = {
	{ "", "06:00:00", "vendor", "sts:AssumeRole",
	  "to=monitoring;more=,'externalId':'shop-4711'", OK },
	{ "", "06:00:10", "monitoring", "ec2:DescribeInstances", "", OK },
};

const struct story stories_chain[] = {
	{ "key-exposed/fire", cast_exposed, STEPS(exposed), ALIASES(thief) },
	{ "key-exposed/quiet-elsewhere", cast_exposed, STEPS(read_elsewhere),
	  ALIASES(thief) },
	{ "key-exposed/quiet-made", cast_exposed, STEPS(made_by_reader), NULL,
	  0 },
	{ "key-exposed/quiet-long-ago", cast_exposed, STEPS(read_long_ago),
	  ALIASES(thief) },
	{ "key-made/fire", cast_made, STEPS(made_then_abroad), NULL, 0 },
	{ "key-made/quiet", cast_made, STEPS(made_then_here), NULL, 0 },
	{ "role-chain/fire-new", cast_pipeline, STEPS(chain_new), NULL, 0 },
	{ "role-chain/quiet-young", cast_pipeline, STEPS(chain_young), NULL,
	  0 },
	{ "role-chain/fire-long", cast_accounts, STEPS(chain_long), NULL, 0 },
	{ "role-chain/quiet-short", cast_accounts, STEPS(chain_short), NULL,
	  0 },
	{ "other-account/own", cast_accounts, STEPS(to_own_account), NULL, 0 },
	{ "other-account/foreign", cast_accounts, STEPS(to_foreign_account),
	  NULL, 0 },
	{ "pod/fire", cast_pod, STEPS(pod_explores), NULL, 0 },
	{ "pod/quiet", cast_pod, STEPS(pod_works), NULL, 0 },
	{ "vendor/fire", cast_vendor, STEPS(vendor_plain), NULL, 0 },
	{ "vendor/quiet-external-id", cast_vendor, STEPS(vendor_named), NULL,
	  0 },
	{ .name = NULL },
};
