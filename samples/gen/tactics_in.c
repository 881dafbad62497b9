/* SPDX-License-Identifier: MIT */
/* Initial access, execution, privilege escalation, persistence. */
#include "gen/tactics.h"

#include <string.h>

#include "base/attr.h"
#include "gen/agents.h"

#define OK         NULL
#define DENIED     "denied"
#define AMI        "image=ami-0f7c1a2b3d4e5f607"
#define ADMIN      "policy=arn:aws:iam::aws:policy/AdministratorAccess"
#define COMMAND(n) ";command=6c1e58f0-93a4-4d7b-8f0e-2b7c41d9a36" n
#define FUNCTION   "function=orders-report;role=orders-role"

/* Code of the attacker runs in a function whose role may do too much. */
static const struct step initial_access[] = {
	{ "1", "10:02:11", "function", "sts:GetCallerIdentity", "", OK },
	{ "2", "10:02:40", "function",
	  "lambda:UpdateFunctionConfiguration20150331v2",
	  FUNCTION ";change='timeout':900;timeout=900", OK },
	{ "3", "10:04:05", "function", "iam:ListUsers", "", OK },
	{ "3", "10:04:11", "function", "iam:ListRoles", "", OK },
	{ "3", "10:04:19", "function", "iam:GetAccountAuthorizationDetails", "",
	  OK },
	{ "3", "10:04:50", "function", "iam:ListPolicies", "", OK },
	{ "3", "10:05:02", "function", "iam:ListAttachedRolePolicies",
	  "role=orders-role", OK },
	{ "3", "10:05:30", "function", "organizations:ListAccounts", "",
	  DENIED },
	{ "4", "10:07:42", "function", "iam:CreateUser", "user=svc-metrics",
	  OK },
	{ "4", "10:07:55", "function", "iam:AttachUserPolicy",
	  "user=svc-metrics;" ADMIN ";on=user svc-metrics", DENIED },
};

/* Stolen credentials, and commands on every server that answers. */
static const struct step execution[] = {
	{ "1", "10:01:20", "thief", "sts:GetCallerIdentity", "", OK },
	{ "2", "10:01:44", "thief", "ssm:DescribeInstanceInformation", "", OK },
	{ "3", "10:02:30", "thief", "ssm:SendCommand",
	  "instance=i-0a9b8c7d6e5f40399" COMMAND("0"),
	  "InvalidInstanceId: Instances [[i-0a9b8c7d6e5f40399]] not in a "
	  "valid state for account ${account}" },
	{ "3", "10:02:52", "thief", "ssm:SendCommand",
	  "instance=i-0a9b8c7d6e5f40312" COMMAND("1"), OK },
	{ "4", "10:02:58", "thief", "ssm:GetCommandInvocation",
	  "instance=i-0a9b8c7d6e5f40312" COMMAND("1"), OK },
	{ "5", "10:05:10", "thief", "ssm:SendCommand",
	  "instances='i-0a9b8c7d6e5f40313','i-0a9b8c7d6e5f40314',"
	  "'i-0a9b8c7d6e5f40315','i-0a9b8c7d6e5f40316',"
	  "'i-0a9b8c7d6e5f40317';instance=x;targets=5" COMMAND("2"),
	  OK },
	{ "5", "10:06:31", "thief", "ssm:SendCommand",
	  "instance=i-0a9b8c7d6e5f40318;document=AWS-RunPowerShellScript" COMMAND(
		  "3"),
	  OK },
	{ "6", "10:06:40", "thief", "ssm:GetCommandInvocation",
	  "instance=i-0a9b8c7d6e5f40318" COMMAND("3"), OK },
	{ "7", "10:08:02", "thief", "ssm:StartSession",
	  "instance=i-0a9b8c7d6e5f40318", DENIED },
};

/* A user with few rights gives itself all of them, in every way there is. */
static const struct step privilege_escalation[] = {
	{ "1", "10:01:05", "thief", "iam:GetUser", "user=build-agent", OK },
	{ "1", "10:01:20", "thief", "iam:ListAttachedUserPolicies",
	  "user=build-agent", OK },
	{ "2", "10:01:58", "thief", "iam:PutUserPolicy",
	  "user=build-agent;policy=metrics;on=user build-agent", DENIED },
	{ "3", "10:02:41", "thief", "iam:CreatePolicy", "policy=build-extra",
	  OK },
	{ "4", "10:02:59", "thief", "iam:AttachUserPolicy",
	  "user=build-agent;policy=arn:aws:iam::${account}:policy/"
	  "build-extra",
	  OK },
	{ "5", "10:04:13", "thief", "iam:PutUserPolicy",
	  "user=build-agent;policy=metrics", OK },
	{ "6", "10:05:02", "thief", "iam:CreatePolicyVersion",
	  "policy=build-base;version=v3", OK },
	{ "7", "10:05:47", "thief", "iam:SetDefaultPolicyVersion",
	  "policy=build-legacy;version=v1", OK },
	{ "8", "10:06:30", "thief", "iam:AddUserToGroup",
	  "group=admins;user=build-agent", OK },
	{ "9", "10:07:16", "thief", "iam:UpdateAssumeRolePolicy",
	  "role=Admin;document={`Version`:`2012-10-17`,`Statement`:["
	  "{`Effect`:`Allow`,`Principal`:{`AWS`:`arn:aws:iam::${account}:"
	  "user/build-agent`},`Action`:`sts:AssumeRole`}]}",
	  OK },
	{ "10", "10:08:00", "thief", "sts:AssumeRole", "to=admin", OK },
	{ "10", "10:08:09", "admin", "iam:ListUsers", "", OK },
};

static void cast_admin(struct scene *sc)
{
	struct session *thief = scene_find(sc, "thief");

	scene_role(sc, "admin", TACTICS_ACCOUNT, "Admin", "build", TACTICS_AWAY,
		   thief->agent);
}

/* Ways back in: keys, a password, trusts, code that runs by itself. */
static const struct step persistence[] = {
	{ "1", "10:01:31", "thief", "iam:CreateAccessKey",
	  "user=build-agent;key=AKIARTX3GSDS7BACKDOO", OK },
	{ "1", "10:02:02", "thief", "iam:CreateAccessKey",
	  "user=olga;on=user olga;key=x", DENIED },
	{ "2", "10:02:40", "thief", "iam:CreateUser", "user=svc-backup", OK },
	{ "2", "10:02:47", "thief", "iam:AttachUserPolicy",
	  "user=svc-backup;" ADMIN, OK },
	{ "2", "10:03:12", "thief", "iam:CreateLoginProfile", "user=svc-backup",
	  OK },
	{ "2", "10:03:40", "thief", "iam:CreateAccessKey",
	  "user=svc-backup;key=AKIARTX3GSDSSVCBACKU", OK },
	{ "3", "10:04:30", "backup user", "sts:GetCallerIdentity", "", OK },
	{ "4", "10:05:15", "backup user", "iam:UpdateAssumeRolePolicy",
	  "role=web-role;document={`Version`:`2012-10-17`,`Statement`:["
	  "{`Effect`:`Allow`,`Principal`:{`AWS`:`arn:aws:iam::" TACTICS_FOREIGN
	  ":root`},`Action`:`sts:AssumeRole`}]}",
	  OK },
	{ "5", "10:06:02", "backup user", "iam:CreateSAMLProvider",
	  "provider=office365", OK },
	{ "5", "10:06:31", "backup user", "iam:CreateOpenIDConnectProvider",
	  "provider=oidc.example.net", OK },
	{ "5", "10:07:05", "backup user", "rolesanywhere:CreateTrustAnchor",
	  "name=corp-ca", OK },
	{ "6", "10:08:20", "backup user", "lambda:UpdateFunctionCode20150331v2",
	  FUNCTION, OK },
	{ "6", "10:08:44", "backup user", "lambda:AddPermission20150331v2",
	  "function=orders-report;sid=debug;principal=*", OK },
	{ "6", "10:09:03", "backup user", "lambda:CreateFunctionUrlConfig",
	  "function=orders-report;auth=NONE", OK },
	{ "7", "10:10:10", "backup user", "events:PutRule", "rule=nightly-sync",
	  OK },
	{ "7", "10:10:14", "backup user", "events:PutTargets",
	  "rule=nightly-sync;function=orders-report", OK },
	{ "8", "10:12:00", "backup user", "ec2:StopInstances",
	  "instance=i-0a9b8c7d6e5f40312", OK },
	{ "8", "10:12:58", "backup user", "ec2:ModifyInstanceAttribute",
	  "instance=i-0a9b8c7d6e5f40312;change='userData':"
	  "'<sensitiveDataRemoved>'",
	  OK },
	{ "8", "10:13:20", "backup user", "ec2:StartInstances",
	  "instance=i-0a9b8c7d6e5f40312", OK },
	{ "9", "10:15:41", "backup user", "organizations:CreateAccount", "",
	  DENIED },
};

/* The key that CreateAccessKey issued, in use. */
static void cast_backup_user(struct scene *sc)
{
	struct session *thief = scene_find(sc, "thief");
	struct session *s = scene_user(sc, "backup user", TACTICS_ACCOUNT,
				       "svc-backup", TACTICS_AWAY,
				       thief->agent);

	memcpy(s->key, "AKIARTX3GSDSSVCBACKU", KEY_SIZE);
}

const struct story stories_in[STORIES_IN] = {
	{ "initial-access", "2026-09-14", initial_access,
	  ARRAY_SIZE(initial_access), NULL },
	{ "execution", "2026-09-15", execution, ARRAY_SIZE(execution), NULL },
	{ "privilege-escalation", "2026-09-16", privilege_escalation,
	  ARRAY_SIZE(privilege_escalation), cast_admin },
	{ "persistence", "2026-09-17", persistence, ARRAY_SIZE(persistence),
	  cast_backup_user },
};
