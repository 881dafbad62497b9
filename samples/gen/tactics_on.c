/* SPDX-License-Identifier: MIT */
/* Discovery, lateral movement, exfiltration, defense evasion. */
#include "gen/tactics.h"

#include "base/attr.h"
#include "gen/agents.h"

#define OK       NULL
#define DENIED   "denied"
#define TRAIL    "trail=org-trail"
#define LOGS     "bucket=org-trail-logs-7c21"
#define DETECTOR "detector=12abc34d567e8fa901bc2d34e56789f0"
#define SNAPSHOT "snapshot=snap-0e1d2c3b4a5968771"
#define KMS      "kms=9a0b7c11-5d2e-4f83-b6a4-1c0d9e8f7a65"
#define MINER    "instance=i-0d2c1b0a9f8e7d6c5"

static const struct step discovery[] = {
	{ "1", "10:01:02", "thief", "sts:GetCallerIdentity", "", OK },
	{ "2", "10:01:09", "thief", "iam:GetUser", "user=build-agent", OK },
	{ "2", "10:01:14", "thief", "iam:ListUsers", "", OK },
	{ "2", "10:01:19", "thief", "iam:ListRoles", "", OK },
	{ "2", "10:01:24", "thief", "iam:ListGroups", "", DENIED },
	{ "2", "10:01:29", "thief", "iam:ListPolicies", "", OK },
	{ "2", "10:01:35", "thief", "iam:ListAttachedUserPolicies",
	  "user=build-agent", OK },
	{ "2", "10:01:41", "thief", "iam:GetPolicyVersion",
	  "policy=arn:aws:iam::${account}:policy/build-base", OK },
	{ "2", "10:01:50", "thief", "iam:GetAccountAuthorizationDetails", "",
	  DENIED },
	{ "2", "10:02:03", "thief", "iam:SimulatePrincipalPolicy", "", OK },
	{ "2", "10:02:11", "thief", "iam:GetAccountPasswordPolicy", "", OK },
	{ "3", "10:02:40", "thief", "ec2:DescribeInstances", "", OK },
	{ "3", "10:02:44", "thief", "ec2:DescribeVpcs", "", OK },
	{ "3", "10:02:48", "thief", "ec2:DescribeSecurityGroups", "", OK },
	{ "3", "10:02:52", "thief", "ec2:DescribeSnapshots", "", OK },
	{ "3", "10:02:56", "thief", "ec2:DescribeInstanceAttribute",
	  "instance=i-0a9b8c7d6e5f40312", OK },
	{ "3", "10:03:00", "thief", "rds:DescribeDBInstances", "", OK },
	{ "3", "10:03:04", "thief", "lambda:ListFunctions20150331", "", OK },
	{ "4", "10:03:30", "thief", "s3:ListBuckets", "out=1391", OK },
	{ "4", "10:03:34", "thief", "s3:GetBucketAcl",
	  "bucket=shop-assets-7c21", OK },
	{ "4", "10:03:36", "thief", "s3:GetBucketPolicy",
	  "bucket=shop-assets-7c21", OK },
	{ "4", "10:03:38", "thief", "s3:GetBucketPolicyStatus",
	  "bucket=shop-assets-7c21", OK },
	{ "4", "10:03:40", "thief", "s3:GetBucketAcl", LOGS, DENIED },
	{ "5", "10:04:10", "thief", "cloudtrail:DescribeTrails", "", OK },
	{ "5", "10:04:15", "thief", "cloudtrail:GetTrailStatus", TRAIL, OK },
	{ "5", "10:04:21", "thief", "cloudtrail:LookupEvents", "", OK },
	{ "5", "10:04:30", "thief", "guardduty:ListDetectors", "", DENIED },
	{ "6", "10:05:02", "thief", "route53:ListHostedZones", "", OK },
	{ "6", "10:05:07", "thief", "route53:ListResourceRecordSets",
	  "zone=Z0123456789ABCDEFGHIJ", OK },
	{ "7", "10:05:40", "thief", "ce:GetCostAndUsage", "", DENIED },
	{ "8", "10:06:01", "thief", "organizations:DescribeOrganization", "",
	  OK },
	{ "8", "10:06:05", "thief", "organizations:ListAccounts", "", DENIED },
};

/* From the key to servers, from a role to the next, into another account. */
static const struct step lateral_movement[] = {
	{ "1", "10:01:40", "thief", "ssm:DescribeInstanceInformation", "", OK },
	{ "2", "10:02:20", "thief", "ssm:StartSession",
	  "instance=i-0a9b8c7d6e5f40312", OK },
	{ "2", "10:02:51", "thief", "ssm:StartSession",
	  "instance=i-0a9b8c7d6e5f40313", DENIED },
	{ "3", "10:03:30", "thief", "ec2-instance-connect:SendSSHPublicKey",
	  "instance=i-0a9b8c7d6e5f40314", OK },
	{ "4", "10:04:44", "thief", "ssm:SendCommand",
	  "instances='i-0a9b8c7d6e5f40312','i-0a9b8c7d6e5f40314',"
	  "'i-0a9b8c7d6e5f40315','i-0a9b8c7d6e5f40316',"
	  "'i-0a9b8c7d6e5f40317','i-0a9b8c7d6e5f40318';instance=x;"
	  "targets=6;command=77ad8c10-6f2e-4b19-8c3d-5e4f6a7b8c90",
	  OK },
	{ "5", "10:06:02", "thief", "sts:AssumeRole", "to=ops", OK },
	{ "5", "10:06:40", "ops", "sts:AssumeRole",
	  "role=arn:aws:iam::" TACTICS_OTHER ":role/Billing;session=x",
	  "AccessDenied: User: ${caller} is not authorized to perform: "
	  "sts:AssumeRole on resource: arn:aws:iam::" TACTICS_OTHER
	  ":role/Billing" },
	{ "6", "10:07:00", "ops", "sts:AssumeRole", "to=deploy", OK },
	{ "6", "10:07:12", "deploy", "sts:GetCallerIdentity", "", OK },
	{ "6", "10:07:40", "deploy", "s3:ListBuckets", "out=902", OK },
	{ "6", "10:08:15", "deploy", "secretsmanager:GetSecretValue",
	  "secret=payments/gateway", OK },
	{ "7", "10:09:30", "deploy", "ec2:RunInstances",
	  "image=ami-0d2017e886fc2c0ab;type=c6i.16xlarge;profile=web;"
	  "private=172.31.4.9;count=6;" MINER,
	  OK },
};

static void cast_roles(struct scene *sc)
{
	struct session *thief = scene_find(sc, "thief");

	scene_role(sc, "ops", TACTICS_ACCOUNT, "Ops", "build", TACTICS_AWAY,
		   thief->agent);
	scene_role(sc, "deploy", TACTICS_OTHER, "automation/Deploy", "build",
		   TACTICS_AWAY, thief->agent);
}

/* A database, two disks and an image are copied and given away. */
static const struct step exfiltration[] = {
	{ "1", "10:01:12", "thief", "rds:DescribeDBInstances", "", OK },
	{ "2", "10:02:05", "thief", "rds:CreateDBSnapshot",
	  "snapshot=nightly-x;db=shop-prod", OK },
	{ "2", "10:03:20", "thief", "rds:CopyDBSnapshot",
	  "source=nightly-x;snapshot=nightly-y;db=shop-prod;more=,'kmsKeyId':"
	  "'arn:aws:kms:us-east-1:${account}:key/1b2c3d4e-5f60-4718-92a3-"
	  "b4c5d6e7f809'",
	  OK },
	{ "3", "10:05:02", "thief", "rds:ModifyDBSnapshotAttribute",
	  "snapshot=nightly-x;who=" TACTICS_FOREIGN, OK },
	{ "3", "10:05:44", "thief", "rds:ModifyDBSnapshotAttribute",
	  "snapshot=nightly-x;who=all", OK },
	{ "3", "10:06:20", "thief", "rds:ModifyDBClusterSnapshotAttribute",
	  "snapshot=carts-x;who=" TACTICS_FOREIGN, OK },
	{ "4", "10:07:01", "thief", "kms:PutKeyPolicy",
	  KMS ";document={`Version`:`2012-10-17`,`Statement`:[{`Effect`:"
	      "`Allow`,`Principal`:{`AWS`:`arn:aws:iam::" TACTICS_FOREIGN
	      ":root`},`Action`:`kms:*`,`Resource`:`*`}]}",
	  OK },
	{ "4", "10:07:20", "thief", "kms:CreateGrant",
	  KMS ";grantee=arn:aws:iam::" TACTICS_FOREIGN ":root", OK },
	{ "5", "10:08:03", "thief", "ec2:CreateSnapshot",
	  "volume=vol-0aa1c7e5b3d920f49;" SNAPSHOT, OK },
	{ "5", "10:09:11", "thief", "ec2:ModifySnapshotAttribute",
	  SNAPSHOT ";item={'userId':'" TACTICS_FOREIGN "'}", OK },
	{ "5", "10:09:40", "thief", "ec2:ModifySnapshotAttribute",
	  SNAPSHOT ";item={'group':'all'}", OK },
	{ "6", "10:10:30", "thief", "ec2:CreateImage",
	  "instance=i-0a9b8c7d6e5f40312;name=web-x;"
	  "image=ami-0c4d5e6f708192a3b",
	  OK },
	{ "6", "10:12:02", "thief", "ec2:ModifyImageAttribute",
	  "image=ami-0c4d5e6f708192a3b;item={'userId':'" TACTICS_FOREIGN "'}",
	  OK },
	{ "6", "10:12:40", "thief", "ec2:ModifyImageAttribute",
	  "image=ami-0aaaabbbbccccdddd;item={'group':'all'}", DENIED },
	{ "7", "10:14:55", "abroad", "ec2:SharedSnapshotVolumeCreated",
	  SNAPSHOT, OK },
	{ "7", "10:15:12", "thief", "ec2:CopySnapshot", SNAPSHOT, OK },
	{ "8", "10:21:30", "thief", "rds:ModifyDBSnapshotAttribute",
	  "snapshot=nightly-x;verb=valuesToRemove;who=all;left=''", OK },
	{ "8", "10:21:58", "thief", "rds:DeleteDBSnapshot",
	  "snapshot=nightly-x;db=shop-prod;status=deleted", OK },
};

static void cast_abroad(struct scene *sc)
{
	scene_cast(sc, (struct session){ .kind = SESSION_NOTICE,
					 .label = "abroad",
					 .account = TACTICS_ACCOUNT,
					 .name = "ec2.amazonaws.com" });
}

/* Everything that watches is turned off, or at least tried. */
static const struct step defense_evasion[] = {
	{ "1", "10:01:10", "thief", "cloudtrail:DescribeTrails", "", OK },
	{ "2", "10:01:40", "thief", "cloudtrail:UpdateTrail",
	  TRAIL ";change='isMultiRegionTrail':false", OK },
	{ "2", "10:01:52", "thief", "cloudtrail:UpdateTrail",
	  TRAIL ";change='includeGlobalServiceEvents':false", OK },
	{ "2", "10:02:04", "thief", "cloudtrail:UpdateTrail",
	  TRAIL ";change='enableLogFileValidation':false", OK },
	{ "2", "10:02:15", "thief", "cloudtrail:UpdateTrail",
	  TRAIL ";change='s3BucketName':'trail-copy-9x'", OK },
	{ "2", "10:02:29", "thief", "cloudtrail:UpdateTrail",
	  TRAIL ";change='kmsKeyId':'arn:aws:kms:us-east-1:" TACTICS_FOREIGN
		":key/1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809'",
	  OK },
	{ "3", "10:03:01", "thief", "cloudtrail:PutEventSelectors",
	  TRAIL ";selector={'readWriteType':'ReadOnly',"
		"'includeManagementEvents':false,'dataResources':[],"
		"'excludeManagementEventSources':['kms.amazonaws.com']}",
	  OK },
	{ "3", "10:03:20", "thief", "cloudtrail:PutInsightSelectors", TRAIL,
	  OK },
	{ "4", "10:03:50", "thief", "cloudtrail:StopLogging",
	  "trail=audit-trail;on=arn:aws:cloudtrail:us-east-1:${account}:"
	  "trail/audit-trail",
	  DENIED },
	{ "4", "10:04:02", "thief", "cloudtrail:StopLogging", TRAIL, OK },
	{ "4", "10:04:40", "thief", "cloudtrail:DeleteTrail", TRAIL, OK },
	{ "5", "10:05:15", "thief", "logs:PutRetentionPolicy",
	  "group=/aws/cloudtrail/org-trail;days=1", OK },
	{ "5", "10:05:31", "thief", "logs:DeleteLogStream",
	  "group=/aws/cloudtrail/org-trail;stream=${account}_CloudTrail_"
	  "us-east-1",
	  OK },
	{ "5", "10:05:44", "thief", "logs:DeleteLogGroup",
	  "group=/aws/cloudtrail/org-trail", OK },
	{ "6", "10:06:10", "thief", "s3:PutBucketLifecycle",
	  LOGS ";days=1;rule=tidy", OK },
	{ "6", "10:06:28", "thief", "s3:PutBucketLogging", LOGS, OK },
	{ "6", "10:06:50", "thief", "s3:DeleteBucket", LOGS,
	  "BucketNotEmpty: The bucket you tried to delete is not empty" },
	{ "6", "10:07:31", "thief", "s3:DeleteBucket",
	  "bucket=org-access-logs-7c21", OK },
	{ "7", "10:08:00", "thief", "guardduty:CreateFilter",
	  DETECTOR ";name=quiet", OK },
	{ "7", "10:08:20", "thief", "guardduty:UpdateDetector",
	  DETECTOR ";enable=false", OK },
	{ "7", "10:08:41", "thief", "guardduty:DisassociateFromMasterAccount",
	  DETECTOR, OK },
	{ "7", "10:09:02", "thief", "guardduty:DeleteDetector", DETECTOR, OK },
	{ "8", "10:09:30", "thief", "config:StopConfigurationRecorder", "",
	  OK },
	{ "8", "10:09:44", "thief", "config:DeleteDeliveryChannel", "", OK },
	{ "9", "10:10:20", "thief", "ec2:DeleteFlowLogs",
	  "flow=fl-0a1b2c3d4e5f60718", OK },
	{ "9", "10:10:50", "thief", "securityhub:DisableSecurityHub", "", OK },
	{ "9", "10:11:20", "thief", "organizations:LeaveOrganization", "",
	  DENIED },
};

const struct story stories_on[STORIES_ON] = {
	{ "discovery", "2026-09-18", discovery, ARRAY_SIZE(discovery), NULL },
	{ "lateral-movement", "2026-09-21", lateral_movement,
	  ARRAY_SIZE(lateral_movement), cast_roles },
	{ "exfiltration", "2026-09-22", exfiltration, ARRAY_SIZE(exfiltration),
	  cast_abroad },
	{ "defense-evasion", "2026-09-23", defense_evasion,
	  ARRAY_SIZE(defense_evasion), NULL },
};
