/* SPDX-License-Identifier: MIT */
/*
 * The first story: somebody approves a device code for a stranger, whose
 * session goes through the security and the management account to full
 * rights in the workload account, and leaves a door open there.
 */
#include "gen/org.h"

#include "base/attr.h"
#include "gen/issue.h"

#define OK          NULL
#define DENIED      "denied"
#define EXPORT_ROLE "role=orders-export-role"
#define METRICS     "user=svc-metrics"
#define COMMAND                                                 \
	"instance=" ORG_WEB ";command=71b0c2d4-8e3f-4a56-b907-" \
	"1c2d3e4f5a60"
/* The function, as before, and the whole of another organization's account. */
#define DOOR                                                        \
	EXPORT_ROLE                                                 \
	";trusts=lambda.amazonaws.com,acct:" ORG_STRANGER           \
	";document={`Version`:`2012-10-17`,`Statement`:[{`Effect`:" \
	"`Allow`,`Principal`:{`Service`:`lambda.amazonaws.com`,"    \
	"`AWS`:`arn:aws:iam::" ORG_STRANGER ":root`},`Action`:"     \
	"`sts:AssumeRole`}]}"

static const struct step phishing[] = {
	{ "1", "14:21:08", "thief portal", "sso-oauth:CreateToken",
	  "grant=urn:ietf:params:oauth:grant-type:device_code;credential="
	  "zq1Vx77cPortalSessionByDeviceCode" IN_GLOBAL,
	  OK },
	{ "1", "14:22:31", "thief portal", "sso:ListAccounts", GLOBAL, OK },
	{ "1", "14:22:40", "thief portal", "sso:ListAccountRoles", GLOBAL, OK },
};

/* Steps 2 to 6: four hops. */
static const struct step hops[] = {
	{ "2", "01:40:12", "thief portal", "sts:AssumeRoleWithSAML",
	  "to=thief 1;seconds=28800" IN_GLOBAL, OK },
	{ "2", "01:40:30", "thief 1", "sts:GetCallerIdentity", GLOBAL, OK },
	{ "3", "01:41:20", "thief 1", "ec2:DescribeInstances", "", OK },
	{ "3", "01:41:52", "thief 1", "lambda:ListFunctions20150331", "", OK },
	{ "3", "01:42:15", "thief 1", "s3:ListBuckets", "out=1391", OK },
	{ "3", "01:42:48", "thief 1", "secretsmanager:ListSecrets", "",
	  DENIED },
	{ "3", "01:43:30", "thief 1", "iam:ListUsers",
	  "on=arn:aws:iam::${account}:user/", DENIED },
	{ "3", "01:44:02", "thief 1", "iam:ListRoles", "", OK },
	{ "3", "01:45:11", "thief 1", "iam:GetRole",
	  "role=OrganizationAccountAccessRole", OK },
	{ "3", "01:47:05", "thief 1", "sts:AssumeRole",
	  "on=arn:aws:iam::${account}:role/OrganizationAccountAccessRole" IN_GLOBAL,
	  DENIED },
	{ "3", "01:48:40", "thief 1", "sts:AssumeRole",
	  "on=arn:aws:iam::" ORG_SECURITY
	  ":role/pipeline/landing-zone-exec" IN_GLOBAL,
	  DENIED },
	{ "4", "01:52:33", "thief 1", "sts:AssumeRole",
	  "to=thief 2;token=U8JZpDE0iGXlD6gNCFbaEPFjbD0kH8Oool8DklZD" IN_GLOBAL,
	  OK },
	{ "4", "01:53:01", "thief 2", "sts:GetCallerIdentity", GLOBAL, OK },
	{ "4", "01:54:10", "thief 2", "s3:ListBuckets", "out=644", OK },
	{ "4", "01:55:26", "thief 2", "lambda:ListFunctions20150331", "", OK },
	{ "4", "01:56:03", "thief 2", "lambda:GetFunction20150331v2",
	  "function=" ORG_SCANNER, OK },
	{ "4", "01:58:47", "thief 2", "guardduty:ListDetectors", "", DENIED },
	{ "5", "02:03:14", "thief 2", "sts:AssumeRole",
	  "to=thief 3;token=OCj2ISaJiHkTj0rLGlkoMXGjtEkDnNfribxUdl7d" IN_GLOBAL,
	  OK },
	{ "5", "02:03:40", "thief 3", "sts:GetCallerIdentity", GLOBAL, OK },
	{ "5", "02:04:22", "thief 3", "organizations:DescribeOrganization", "",
	  OK },
	{ "5", "02:04:39", "thief 3", "organizations:ListAccounts", "", OK },
	{ "5", "02:06:12", "thief 3", "iam:ListUsers",
	  "on=arn:aws:iam::${account}:user/", DENIED },
	{ "6", "02:09:47", "thief 3", "sts:AssumeRole",
	  "to=thief 4;token=XTPyLsxPFkThf4VucSmEHgaKwVJ7faC9qEwjky40" IN_GLOBAL,
	  OK },
	{ "6", "02:10:05", "thief 4", "sts:GetCallerIdentity", GLOBAL, OK },
	{ "6", "02:11:18", "thief 4", "iam:ListUsers", "", OK },
	{ "6", "02:11:44", "thief 4", "iam:ListRoles", "", OK },
	{ "6", "02:12:37", "thief 4", "iam:GetRole", EXPORT_ROLE, OK },
	{ "6", "02:13:20", "thief 4", "secretsmanager:ListSecrets", "", OK },
	{ "6", "02:14:02", "thief 4", "secretsmanager:GetSecretValue",
	  "secret=shop/payments", OK },
};

/* Steps 7 to 9: ways back in. */
static const struct step doors[] = {
	{ "7", "02:20:31", "thief 4", "iam:UpdateAssumeRolePolicy", DOOR, OK },
	{ "7", "02:20:52", "thief 4", "iam:GetRole", EXPORT_ROLE, OK },
};

static const struct step rights[] = {
	{ "8", "02:25:40", "thief 4", "iam:AttachUserPolicy", METRICS, OK },
};

static const struct step keys_used[] = {
	{ "9", "02:33:07", "metrics 2", "sts:GetCallerIdentity", GLOBAL, OK },
	{ "9", "02:34:51", "metrics 2", "s3:ListBuckets", "out=1391", OK },
	{ "9", "02:35:20", "metrics 2", "s3:ListObjects",
	  "bucket=shop-customers-5d0e;out=90211", OK },
	{ "9", "02:35:58", "metrics 2", "s3:GetObject",
	  "bucket=shop-customers-5d0e;key=export/2026-10.csv;out=48211940",
	  OK },
};

/* Steps 10 and 11: the machines are made to work for the thief. */
static const struct step machines[] = {
	{ "10", "02:40:15", "thief 4", "ssm:DescribeInstanceInformation", "",
	  OK },
	{ "10", "02:41:20", "thief 4", "ssm:SendCommand", COMMAND, OK },
	{ "10", "02:41:25", "thief 4", "ssm:GetCommandInvocation", COMMAND,
	  OK },
	{ "10", "02:41:44", "web shell", "secretsmanager:GetSecretValue",
	  "secret=shop/db", OK },
	{ "11", "02:50:09", "thief 4", "lambda:UpdateFunctionCode20150331v2",
	  "function=" ORG_EXPORT ";role=app/orders-export-role", OK },
	{ "11", "02:51:30", "thief 4", "lambda:Invoke", "function=" ORG_EXPORT,
	  OK },
	{ "", "02:51:31", "work lambda.amazonaws.com", "sts:AssumeRole",
	  "to=orders night", OK },
	{ "11", "02:51:33", "orders night", "s3:ListObjects",
	  "bucket=shop-customers-5d0e;out=90211", OK },
	{ "11", "02:51:35", "orders night", "s3:GetObject",
	  "bucket=shop-customers-5d0e;key=export/2026-09.csv;out=46118207",
	  OK },
};

/* Step 12: through the door, from an account of their own. */
static const struct step abroad[] = {
	{ "12", "03:05:16", "stranger", "sts:AssumeRole",
	  "to=backdoor 1" IN_GLOBAL, OK },
	{ "12", "03:05:40", "backdoor 1", "s3:ListObjects",
	  ORG_ORDERS ";out=120877", OK },
	{ "12", "03:06:02", "backdoor 1", "s3:GetObject",
	  ORG_ORDERS ";key=orders/2026-10-15/${hex8}.json;out=2118", OK },
	{ "12", "03:06:03", "backdoor 1", "s3:GetObject",
	  ORG_ORDERS ";key=orders/2026-10-15/${hex8}.json;out=1997", OK },
	{ "12", "03:06:05", "backdoor 1", "s3:GetObject",
	  ORG_ORDERS ";key=orders/2026-10-15/${hex8}.json;out=2240", OK },
};

/* One of the keys is found, and nothing else. */
static const struct step found[] = {
	{ "", "15:08:20", "sergei work", "iam:ListAccessKeys", METRICS, OK },
	{ "", "15:11:30", "sergei work", "iam:DetachUserPolicy",
	  METRICS ";policy=arn:aws:iam::aws:policy/AdministratorAccess", OK },
	{ "", "15:16:12", "sergei work", "iam:PutRolePolicy",
	  "role=OrganizationAccountAccessRole;policy=AWSRevokeOlderSessions;"
	  "document={`Version`:`2012-10-17`,`Statement`:[{`Effect`:`Deny`,"
	  "`Action`:[`*`],`Resource`:[`*`],`Condition`:{`DateLessThan`:"
	  "{`aws:TokenIssueTime`:`2026-10-16T15:16:00.000Z`}}}]}",
	  OK },
};

/* Steps 13 to 15: what was not found is used again. */
static const struct step again[] = {
	{ "13", "16:45:03", "thief portal", "sts:AssumeRoleWithSAML",
	  "to=thief 5;seconds=28800" IN_GLOBAL, OK },
	{ "13", "16:45:22", "thief 5", "sts:GetCallerIdentity", GLOBAL, OK },
	{ "13", "16:47:10", "thief 5", "lambda:GetFunction20150331v2",
	  "function=" ORG_EXPORT, OK },
	{ "14", "16:52:36", "cache 2", "sts:GetCallerIdentity", GLOBAL, OK },
	{ "14", "16:53:48", "cache 2", "s3:ListObjects",
	  "bucket=shop-build-cache-5d0e;out=30114", OK },
	{ "15", "17:20:09", "stranger", "sts:AssumeRole",
	  "to=backdoor 2" IN_GLOBAL, OK },
	{ "15", "17:20:31", "backdoor 2", "s3:ListObjects",
	  ORG_ORDERS ";out=124300", OK },
	{ "15", "17:21:02", "backdoor 2", "s3:GetObject",
	  ORG_ORDERS ";key=orders/2026-10-16/${hex8}.json;out=2051", OK },
};

/* One step whose arguments name a key of the cast. */
static void with_key(struct scene *sc, const char *step, const char *clock,
		     const char *who, const char *call, const char *user,
		     const char *key_of)
{
	struct step st = {
		.step = step,
		.clock = clock,
		.who = who,
		.call = call,
		.args = scene_format(sc, "user=%s;key=%s", user,
				     scene_find(sc, key_of)->key),
	};

	scene_play(sc, &st, 1);
}

/* A secret that is read is decrypted for whoever reads it. */
static void decrypted(struct scene *sc, const char *who, const char *clock)
{
	routine_on_behalf(sc, scene_find(sc, who), scene_at(sc, clock),
			  "secretsmanager.amazonaws.com", "kms:Decrypt",
			  ORG_KMS ";context='SecretARN':'arn:aws:"
				  "secretsmanager:${region}:${account}:secret:"
				  "shop-Xq3vTn'");
}

static void contain(struct scene *sc)
{
	scene_play(sc, found, ARRAY_SIZE(found));
	with_key(sc, "", "15:12:05", "sergei work", "iam:UpdateAccessKey",
		 "svc-metrics", "metrics 2");
	with_key(sc, "", "15:13:41", "sergei work", "iam:DeleteAccessKey",
		 "svc-metrics", "metrics 2");
}

void org_theft(struct scene *sc)
{
	sc->chapter = "1";
	sc->graph->incident = 1;
	org_at(sc, 3, "00:00:00");
	scene_play(sc, phishing, ARRAY_SIZE(phishing));
	org_at(sc, 4, "00:00:00");
	scene_play(sc, hops, ARRAY_SIZE(hops));
	decrypted(sc, "thief 4", "02:14:02");
	scene_play(sc, doors, ARRAY_SIZE(doors));
	with_key(sc, "8", "02:24:18", "thief 4", "iam:CreateAccessKey",
		 "svc-metrics", "metrics 2");
	scene_play(sc, rights, ARRAY_SIZE(rights));
	with_key(sc, "8", "02:26:33", "thief 4", "iam:CreateAccessKey",
		 "build-cache", "cache 2");
	scene_play(sc, keys_used, ARRAY_SIZE(keys_used));
	scene_play(sc, machines, ARRAY_SIZE(machines));
	decrypted(sc, "web shell", "02:41:44");
	scene_play(sc, abroad, ARRAY_SIZE(abroad));
	sc->graph->incident = 0;
	contain(sc);
	sc->graph->incident = 1;
	scene_play(sc, again, ARRAY_SIZE(again));
	sc->graph->incident = 0;
}
