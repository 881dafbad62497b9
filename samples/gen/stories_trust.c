/* SPDX-License-Identifier: MIT */
/* Doors that are opened to others, and credentials after their end. */
#include "gen/stories.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/stories_private.h"

#define VENDOR "666677778888" /* see samples/rules/site */

/* A trust policy that names the root of an account. */
#define TRUSTS(account)                                               \
	"document={`Version`:`2012-10-17`,`Statement`:[{`Effect`:"    \
	"`Allow`,`Principal`:{`AWS`:`arn:aws:iam::" account ":root`}" \
	",`Action`:`sts:AssumeRole`}]}"

/* Doors -------------------------------------------------------------------- */

static void cast_door(struct scene *sc)
{
	scene_user(sc, "eve", HERE, "dev-eve", STRANGE, CLI);
	scene_user(sc, "neighbour", OTHER, "dev-nils", OFFICE, CLI);
	scene_cast(sc, (struct session){ .kind = SESSION_FOREIGN,
					 .label = "stranger",
					 .account = ABROAD,
					 .name = "AIDA6RU73QDQREXAMPLEX",
					 .ip = "203.0.113.90",
					 .agent = CLI });
	scene_role(sc, "door", HERE, "reports", "s3", "203.0.113.90", CLI);
}

static const struct step opened_and_taken[] = {
	{ "", "06:00:00", "eve", "iam:UpdateAssumeRolePolicy",
	  "role=reports;" TRUSTS(ABROAD), OK },
	{ "", "06:20:00", "stranger", "sts:AssumeRole", "to=door", OK },
	{ "", "06:20:10", "door", "s3:ListBuckets", "", OK },
};

/* What was open before is another matter. */
static const struct step taken_before[] = {
	{ "", "06:00:00", "stranger", "sts:AssumeRole", "to=door", OK },
	{ "", "06:00:10", "door", "s3:ListBuckets", "", OK },
	{ "", "06:20:00", "eve", "iam:UpdateAssumeRolePolicy",
	  "role=reports;" TRUSTS(ABROAD), OK },
};

static const struct step opened_to_own[] = {
	{ "", "05:00:00", "neighbour", "s3:ListBuckets", "", OK },
	{ "", "06:00:00", "eve", "iam:UpdateAssumeRolePolicy",
	  "role=reports;" TRUSTS(OTHER), OK },
};

static const struct step opened_to_vendor[] = {
	{ "", "06:00:00", "eve", "iam:UpdateAssumeRolePolicy",
	  "role=reports;" TRUSTS(VENDOR), OK },
};

#define LETS_IN(account)                                                 \
	"bucket=shop-orders;statement={'Effect':'Allow','Principal':"    \
	"{'AWS':'arn:aws:iam::" account ":root'},'Action':'s3:GetObject" \
	"','Resource':'arn:aws:s3:::shop-orders/*'}"

static const struct step granted_to_own[] = {
	{ "", "05:00:00", "neighbour", "s3:ListBuckets", "", OK },
	{ "", "06:00:00", "eve", "s3:PutBucketPolicy", LETS_IN(OTHER), OK },
};

/* Ends --------------------------------------------------------------------- */

static void cast_ends(struct scene *sc)
{
	scene_service(sc, HERE, EC2);
	scene_user(sc, "ann", HERE, "admin-ann", OFFICE, CLI);
	scene_user(sc, "bob", HERE, "bob", STRANGE, CLI);
	scene_role(sc, "job", HERE, "reports", "bob", STRANGE, CLI);
	scene_instance(sc, "app", HERE, "web-role", WEB, "192.0.2.30",
		       AGENT_PHP);
}

#define DEACTIVATE "user=bob;key=@bob"
#define ACTIVATE   DEACTIVATE ";status=Active"
#define REVOKE                                                           \
	"role=reports;policy=AWSRevokeOlderSessions;document={`Version`" \
	":`2012-10-17`,`Statement`:[{`Effect`:`Deny`,`Action`:`*`,"      \
	"`Resource`:`*`,`Condition`:{`DateLessThan`:{`aws:TokenIssue"    \
	"Time`:`${iso}`}}}]}"

static const struct step deactivated[] = {
	{ "", "06:00:00", "bob", "s3:ListBuckets", "", OK },
	{ "", "06:10:00", "ann", "iam:UpdateAccessKey", DEACTIVATE, OK },
	{ "", "06:40:00", "bob", "s3:ListBuckets", "", OK },
};

/* The change takes a while to be everywhere. */
static const struct step just_after[] = {
	{ "", "06:00:00", "bob", "s3:ListBuckets", "", OK },
	{ "", "06:10:00", "ann", "iam:UpdateAccessKey", DEACTIVATE, OK },
	{ "", "06:11:00", "bob", "s3:ListBuckets", "", OK },
};

static const struct step activated_again[] = {
	{ "", "06:10:00", "ann", "iam:UpdateAccessKey", DEACTIVATE, OK },
	{ "", "06:20:00", "ann", "iam:UpdateAccessKey", ACTIVATE, OK },
	{ "", "06:40:00", "bob", "s3:ListBuckets", "", OK },
};

static const struct step revoked[] = {
	{ "", "06:00:00", "bob", "sts:AssumeRole", "to=job", OK },
	{ "", "06:01:00", "job", "s3:ListBuckets", "", OK },
	{ "", "06:10:00", "ann", "iam:PutRolePolicy", REVOKE, OK },
	{ "", "06:40:00", "job", "s3:ListBuckets", "", OK },
};

static const struct step terminated[] = {
	{ "", "06:00:00", EC2, "sts:AssumeRole", "to=app", OK },
	{ "", "06:01:00", "app", "s3:ListBuckets", "", OK },
	{ "", "06:10:00", "ann", "ec2:TerminateInstances", "instance=" WEB,
	  OK },
	{ "", "06:40:00", "app", "s3:ListBuckets", "", OK },
};

static const struct step outlives[] = {
	{ "", "06:00:00", "bob", "sts:AssumeRole", "to=job", OK },
	{ "", "06:01:00", "job", "s3:ListBuckets", "", OK },
	{ "", "06:10:00", "ann", "iam:UpdateAccessKey", DEACTIVATE, OK },
	{ "", "06:40:00", "job", "s3:ListBuckets", "", OK },
};

static const struct step expired[] = {
	{ "", "06:00:00", "bob", "sts:AssumeRole", "to=job;seconds=900", OK },
	{ "", "06:01:00", "job", "s3:ListBuckets", "", OK },
	{ "", "06:40:00", "job", "s3:ListBuckets", "", OK },
};

const struct story stories_trust[] = {
	{ "trust/fire-opened-and-taken", cast_door, STEPS(opened_and_taken),
	  NULL, 0 },
	{ "trust/quiet-taken-before", cast_door, STEPS(taken_before), NULL, 0 },
	{ "trust/own", cast_door, STEPS(opened_to_own), NULL, 0 },
	{ "trust/vendor", cast_door, STEPS(opened_to_vendor), NULL, 0 },
	{ "grant/own", cast_door, STEPS(granted_to_own), NULL, 0 },
	{ "after-end/fire-deactivated", cast_ends, STEPS(deactivated), NULL,
	  0 },
	{ "after-end/quiet", cast_ends, STEPS(just_after), NULL, 0 },
	{ "after-end/quiet-activated-again", cast_ends, STEPS(activated_again),
	  NULL, 0 },
	{ "after-end/fire-revoked", cast_ends, STEPS(revoked), NULL, 0 },
	{ "after-end/fire-terminated", cast_ends, STEPS(terminated), NULL, 0 },
	{ "after-end/fire-outlives", cast_ends, STEPS(outlives), NULL, 0 },
	{ "after-end/fire-expired", cast_ends, STEPS(expired), NULL, 0 },
	{ .name = NULL },
};
