/* SPDX-License-Identifier: MIT */
/*
 * The Secutter incident, from the theft of an instance's credentials through
 * a server-side request forgery to a mining instance in another region.
 */
#include "gen/secutter.h"
#include "gen/sets.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/issue.h"
#include "gen/routine.h"

#define OK       NULL
#define DENIED   "denied"
#define CREATOR  "user=lambda-creator-user"
#define BACKDOOR "user=backdoorffd0fb5dac5447659914"
#define GEN_ROLE "role=iam-generator-lambda-role"
#define S3_ROLE  "role=read-s3-ec2-role"
#define FUNCTION "function=szkpwned_211205b8c508753167ea"
#define CODES    "bucket=" SECUTTER_CODES
#define IN_WEST  ";region=us-west-2"
#define GLOBAL   "region=us-east-1"
#define ADMIN    ";policy=arn:aws:iam::aws:policy/AdministratorAccess"

/* Steps 1 to 3: the stolen session looks around and finds a key. */
static const struct step theft[] = {
	{ "2", "06:06:40", "stolen", "sts:GetCallerIdentity", GLOBAL, OK },
	{ "2", "06:06:58", "stolen", "s3:ListBuckets", GLOBAL, OK },
	{ "2", "06:07:15", "stolen", "iam:GetUser", "user=x", DENIED },
	{ "2", "06:07:21", "stolen", "iam:ListUsers",
	  "on=arn:aws:iam::${account}:user/", DENIED },
	{ "2", "06:07:27", "stolen", "iam:ListRoles",
	  "on=arn:aws:iam::${account}:role/", DENIED },
	{ "2", "06:07:33", "stolen", "iam:ListAttachedRolePolicies",
	  S3_ROLE ";on=role read-s3-ec2-role", DENIED },
	{ "2", "06:07:38", "stolen", "iam:ListRolePolicies",
	  S3_ROLE ";on=role read-s3-ec2-role", DENIED },
	{ "2", "06:07:44", "stolen", "iam:GetAccountAuthorizationDetails", "",
	  DENIED },
	{ "2", "06:07:51", "stolen", "iam:ListPolicies", "on=policy path /",
	  DENIED },
	{ "2", "06:08:09", "stolen", "ec2:DescribeInstances", "", DENIED },
	{ "2", "06:08:17", "stolen", "rds:DescribeDBInstances",
	  "on=arn:aws:rds:${region}:${account}:db:*", DENIED },
	{ "2", "06:08:25", "stolen", "lambda:ListFunctions20150331", "",
	  DENIED },
	{ "2", "06:08:34", "stolen", "secretsmanager:ListSecrets", "", DENIED },
	{ "2", "06:08:52", "stolen", "s3:ListObjects",
	  "bucket=" SECUTTER_LOGS ";out=31072", OK },
	{ "2", "06:09:10", "stolen", "s3:GetBucketPolicy",
	  "bucket=" SECUTTER_LOGS, DENIED },
	{ "2", "06:09:37", "stolen", "s3:ListObjects",
	  "bucket=" SECUTTER_IMAGES ";out=184221", OK },
	{ "2", "06:10:02", "stolen", "s3:ListObjects", CODES ";out=2310", OK },
	{ "2", "06:10:21", "stolen", "s3:HeadObject", CODES ";key=README.md",
	  OK },
	{ "2", "06:10:22", "stolen", "s3:GetObject",
	  CODES ";key=README.md;out=1502", OK },
	{ "2", "06:11:04", "stolen", "s3:HeadObject",
	  CODES ";key=lambda_creator.py", OK },
	{ "3", "06:11:05", "stolen", "s3:GetObject",
	  CODES ";key=lambda_creator.py;out=3187", OK },
	{ "3", "06:11:42", "creator", "sts:GetCallerIdentity", GLOBAL, OK },
};

/* Step 4: what may the key's owner do? */
static const struct step discovery[] = {
	{ "4", "06:12:05", "creator", "iam:GetUser", CREATOR, OK },
	{ "4", "06:12:19", "creator", "iam:ListAttachedUserPolicies", CREATOR,
	  OK },
	{ "4", "06:12:31", "creator", "iam:ListUserPolicies", CREATOR, OK },
	{ "4", "06:12:44", "creator", "iam:GetUserPolicy",
	  CREATOR ";policy=create-and-run-lambda", OK },
	{ "4", "06:13:02", "creator", "iam:ListUsers",
	  "on=arn:aws:iam::${account}:user/", DENIED },
	{ "4", "06:13:20", "creator", "iam:ListRoles", "", OK },
	{ "4", "06:13:41", "creator", "iam:ListAttachedRolePolicies", S3_ROLE,
	  OK },
	{ "4", "06:13:49", "creator", "iam:ListRolePolicies", S3_ROLE, OK },
	{ "4", "06:14:03", "creator", "iam:GetRolePolicy",
	  S3_ROLE ";policy=read-app-secrets", OK },
	{ "4", "06:14:22", "creator", "iam:ListAttachedRolePolicies", GEN_ROLE,
	  OK },
	{ "4", "06:14:30", "creator", "iam:GetPolicy",
	  "policy=arn:aws:iam::${account}:policy/iam-generator", OK },
	{ "4", "06:14:37", "creator", "iam:GetPolicyVersion",
	  "policy=arn:aws:iam::${account}:policy/iam-generator;version=v2",
	  OK },
	{ "4", "06:14:58", "creator", "iam:ListAttachedRolePolicies",
	  "role=thumbnail-lambda-role", OK },
	{ "4", "06:15:16", "creator", "lambda:ListFunctions20150331", "", OK },
	{ "4", "06:15:33", "creator", "lambda:GetFunction20150331v2",
	  "function=secutter-thumbnail", DENIED },
	{ "4", "06:16:08", "creator", "iam:AttachUserPolicy",
	  CREATOR ADMIN ";on=user lambda-creator-user", DENIED },
};

/* Steps 5 and 6: a function with a role that may write to IAM. */
static const struct step escalation[] = {
	{ "5", "06:16:47", "creator", "lambda:CreateFunction20150331",
	  FUNCTION ";" S3_ROLE ";handler=f.handler",
	  "InvalidParameterValueException: The role defined for the function "
	  "cannot be assumed by Lambda." },
	{ "", "06:17:01", "lambda.amazonaws.com", "sts:AssumeRole", "to=test",
	  OK },
	{ "5", "06:17:02", "creator", "lambda:CreateFunction20150331",
	  FUNCTION ";" GEN_ROLE ";handler=f.handler;state=Pending", OK },
	{ "", "06:17:05", "creator", "lambda:GetFunction20150331v2", FUNCTION,
	  DENIED },
	{ "5", "06:17:10", "creator", "lambda:Invoke", FUNCTION, OK },
	{ "", "06:17:10", "lambda.amazonaws.com", "sts:AssumeRole", "to=szk",
	  OK },
	{ "", "06:17:11", "szk", "logs:CreateLogGroup",
	  "group=/aws/lambda/szkpwned_211205b8c508753167ea", DENIED },
	{ "6", "06:17:12", "szk", "iam:AttachUserPolicy", CREATOR ADMIN, OK },
	{ "", "06:18:40", "creator", "iam:ListAttachedUserPolicies", CREATOR,
	  OK },
	{ "", "06:19:07", "creator", "iam:ListUsers", "", OK },
	{ "", "06:19:31", "creator", "ec2:DescribeInstances", "", OK },
	{ "", "06:19:55", "creator", "rds:DescribeDBInstances", "", OK },
};

/* Step 7: a user of their own. */
static const struct step persistence[] = {
	{ "7", "06:22:01", "creator", "iam:CreateUser", BACKDOOR, OK },
	{ "7", "06:22:02", "creator", "iam:AttachUserPolicy", BACKDOOR ADMIN,
	  OK },
};

static const struct step persistence_used[] = {
	{ "", "06:22:20", "backdoor", "sts:GetCallerIdentity", GLOBAL, OK },
};

/* Step 8: a command on the web server, and what its session reads. */
static const struct step lateral[] = {
	{ "8", "06:22:48", "backdoor", "ssm:DescribeInstanceInformation", "",
	  OK },
	{ "8", "06:23:05", "backdoor", "ssm:SendCommand",
	  "instance=" SECUTTER_WEB ";command=6c1e58f0-93a4-4d7b-8f0e-"
	  "2b7c41d9a365",
	  OK },
	{ "", "06:23:09", "backdoor", "ssm:GetCommandInvocation",
	  "instance=" SECUTTER_WEB ";command=6c1e58f0-93a4-4d7b-8f0e-"
	  "2b7c41d9a365",
	  OK },
	{ "", "06:23:50", "shell", "secretsmanager:ListSecrets", "", DENIED },
	{ "8", "06:24:12", "shell", "secretsmanager:GetSecretValue",
	  "secret=secutter-prd/db", OK },
};

/* Step 9: coins, where nobody looks. */
static const struct step mining[] = {
	{ "9", "06:26:21", "backdoor", "ec2:DescribeRegions", "", OK },
	{ "9", "06:26:33", "backdoor", "ec2:DescribeImages", IN_WEST, OK },
	{ "", "06:26:39", "backdoor", "ec2:DescribeVpcs", IN_WEST, OK },
	{ "", "06:26:41", "backdoor", "ec2:DescribeSubnets", IN_WEST, OK },
	{ "9", "06:26:52", "backdoor", "ec2:RunInstances",
	  "image=ami-0d2017e886fc2c0ab;type=p3.8xlarge;profile="
	  "read-s3-ec2-role;instance=x;private=x" IN_WEST,
	  "Client.VcpuLimitExceeded: You have requested more vCPU capacity "
	  "than your current vCPU limit of 0 allows for the instance bucket "
	  "that the specified instance type belongs to. Please visit "
	  "http://aws.amazon.com/contact-us/ec2-request to request an "
	  "adjustment to this limit." },
	{ "9", "06:27:10", "backdoor", "ec2:RunInstances",
	  "image=ami-0d2017e886fc2c0ab;type=g4dn.2xlarge;profile="
	  "read-s3-ec2-role;instance=" SECUTTER_MINER
	  ";private=172.31.22.105;dashed=172-31-22-105;join=miner" IN_WEST,
	  OK },
	{ "", "06:27:11", "ec2.amazonaws.com", "sts:AssumeRole",
	  "to=miner,miner app;join=miner;seconds=22200" IN_WEST, OK },
	{ "", "06:33:02", "backdoor", "ssm:DescribeInstanceInformation",
	  IN_WEST, OK },
	{ "9", "06:34:05", "backdoor", "ssm:SendCommand",
	  "instance=" SECUTTER_MINER ";command=e0b7f6a2-15c8-47d9-b3e4-"
	  "90a6d8c2f517" IN_WEST,
	  OK },
	{ "", "06:34:11", "backdoor", "ssm:GetCommandInvocation",
	  "instance=" SECUTTER_MINER ";command=e0b7f6a2-15c8-47d9-b3e4-"
	  "90a6d8c2f517" IN_WEST,
	  OK },
};

static void cast_attacker(struct scene *sc)
{
	static const char agent[] = AGENT_CLI("linux#6.1.0-25-cloud-amd64",
					      "x86_64", "3.11.8");
	struct session stolen = *scene_find(sc, "app 1");
	struct session shell = *scene_find(sc, "agent 1");
	struct session *s;

	/* The thief has the keys that the application uses, delivered by
	 * the first version of the metadata service. */
	stolen.label = "stolen";
	stolen.ip = SECUTTER_ATTACKER;
	stolen.agent = agent;
	scene_cast(sc, stolen);
	shell.label = "shell";
	shell.agent = "aws-cli/1.18.147 Python/2.7.18 Linux/"
		      "5.10.225-213.878.amzn2.x86_64 botocore/1.18.6";
	scene_cast(sc, shell);
	scene_user(sc, "creator", SECUTTER_ACCOUNT, "lambda-creator-user",
		   SECUTTER_ATTACKER, agent);
	scene_user(sc, "backdoor", SECUTTER_ACCOUNT,
		   "backdoorffd0fb5dac5447659914", SECUTTER_ATTACKER, agent);
	scene_service(sc, SECUTTER_ACCOUNT, "lambda.amazonaws.com");
	scene_role(sc, "test", SECUTTER_ACCOUNT, "iam-generator-lambda-role",
		   "awslambda_744_20261003061701123", NULL, NULL);
	scene_function(sc, "szk", SECUTTER_ACCOUNT, "iam-generator-lambda-role",
		       "szkpwned_211205b8c508753167ea", "192.0.2.131");
	s = scene_instance(sc, "miner", SECUTTER_ACCOUNT, "read-s3-ec2-role",
			   SECUTTER_MINER, "192.0.2.201", AGENT_SSM);
	s->scope_arn = "arn:aws:ec2:us-west-2:" SECUTTER_ACCOUNT
		       ":instance/" SECUTTER_MINER;
	stolen = *s;
	stolen.label = "miner app";
	stolen.delivery = "1.0";
	scene_cast(sc, stolen);
}

/* The key that CreateAccessKey names is the one that the backdoor uses. */
static void create_key(struct scene *sc)
{
	const char *args = scene_format(sc, BACKDOOR ";key=%s",
					scene_find(sc, "backdoor")->key);
	const struct step step = { "7",       "06:22:03",
				   "creator", "iam:CreateAccessKey",
				   args,      OK };

	scene_play(sc, &step, 1);
}

/* Reading the secret made the service decrypt it for the session. */
static void decrypt_secret(struct scene *sc)
{
	routine_on_behalf(sc, scene_find(sc, "shell"), scene_at(sc, "06:24:12"),
			  "secretsmanager.amazonaws.com", "kms:Decrypt",
			  "kms=5f0f9c0e-7c55-4b52-9a7b-0d4c7b6fb1c2;context="
			  "'SecretARN':'arn:aws:secretsmanager:${region}:"
			  "${account}:secret:secutter-prd/db-Xq3vTn'");
}

static void mine(struct scene *sc)
{
	const char *region = sc->region;

	sc->region = "us-west-2";
	routine_agent(sc, scene_find(sc, "miner"), SECUTTER_MINER,
		      "172.31.22.105", scene_at(sc, "06:28:44"),
		      scene_at(sc, SECUTTER_TO), 5 * MINUTE);
	sc->region = region;
}

void secutter_begin(struct scene *sc)
{
	scene_begin(sc, "secutter", "2026-10-03", "ap-northeast-1");
	secutter_routine(sc);
	cast_attacker(sc);
	scene_play(sc, theft, ARRAY_SIZE(theft));
	scene_play(sc, discovery, ARRAY_SIZE(discovery));
	scene_play(sc, escalation, ARRAY_SIZE(escalation));
	scene_play(sc, persistence, ARRAY_SIZE(persistence));
	create_key(sc);
	scene_play(sc, persistence_used, ARRAY_SIZE(persistence_used));
	scene_play(sc, lateral, ARRAY_SIZE(lateral));
	decrypt_secret(sc);
	scene_play(sc, mining, ARRAY_SIZE(mining));
	mine(sc);
}

enum err_code set_secutter(const char *folder, struct err *err)
{
	struct delivery d = { .name = "secutter", .duplicates = 12 };
	struct scene sc;
	enum err_code rc;

	secutter_begin(&sc);
	d.folder = scene_format(&sc, "%s/secutter", folder);
	rc = scene_deliver(&sc, &d, err);
	if (rc == ERR_OK)
		rc = scene_write_lists(folder, "secutter",
				       strbuf_str(&sc.truth),
				       strbuf_str(&sc.older), err);
	if (rc == ERR_OK)
		rc = secutter_logs(folder, scene_find(&sc, "stolen"), err);
	scene_end(&sc);
	return rc;
}
