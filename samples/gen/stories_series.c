/* SPDX-License-Identifier: MIT */
/* Series: the same over and over, one thing after the other. */
#include "gen/stories.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/routine.h"
#include "gen/stories_private.h"

#define FAILED ": Failed authentication"
#define CAST(name, cast)                     \
	{                                    \
		name, cast, NULL, 0, NULL, 0 \
	}

static void eve(struct scene *sc)
{
	scene_user(sc, "eve", HERE, "dev-eve", STRANGE, CLI);
}

/* Several calls a few seconds apart, each once. */
static void each(struct scene *sc, const char *who, const char *from,
		 const char *const *call, size_t n, const char *outcome)
{
	int64_t begin = scene_at(sc, from) / 1000 % 86400;

	for (size_t i = 0; i < n; i++) {
		int64_t at = begin + (int64_t)i;
		const char *clock =
			scene_format(sc, "%02d:%02d:%02d", (int)(at / 3600),
				     (int)(at / 60 % 60), (int)(at % 60));

		stories_repeat(sc, who, clock, 1, 1, call[i], "", outcome);
	}
}

/* Signing in --------------------------------------------------------------- */

static void guess(struct scene *sc, unsigned times)
{
	scene_console(sc, "ann", HERE, "ann", STRANGE, AGENT_FIREFOX);
	stories_repeat(sc, "ann", "06:00:00", times, 20, "signin:ConsoleLogin",
		       "result=Failure", FAILED);
}

static void cast_guessed(struct scene *sc)
{
	guess(sc, 5);
}

static void cast_guessed_then_in(struct scene *sc)
{
	guess(sc, 5);
	stories_repeat(sc, "ann", "06:10:00", 1, 1, "signin:ConsoleLogin", "",
		       OK);
}

static void cast_mistyped(struct scene *sc)
{
	guess(sc, 2);
	stories_repeat(sc, "ann", "06:10:00", 1, 1, "signin:ConsoleLogin", "",
		       OK);
}

static void cast_root_guessed(struct scene *sc)
{
	scene_cast(sc, (struct session){
			       .kind = SESSION_CONSOLE,
			       .label = "root",
			       .account = HERE,
			       .who = principal_make(&sc->arena, HERE, "root"),
			       .ip = STRANGE,
			       .agent = AGENT_FIREFOX });
	stories_repeat(sc, "root", "06:00:00", 10, 60, "signin:ConsoleLogin",
		       "result=Failure", FAILED);
}

static void cast_sprayed(struct scene *sc)
{
	static const char *const users[] = { "ann", "bob", "dan", "eve",
					     "olga" };

	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		scene_console(sc, users[i], HERE, users[i], STRANGE,
			      AGENT_FIREFOX);
		stories_repeat(sc, users[i], i % 2 ? "06:00:30" : "06:05:00", 1,
			       1, "signin:ConsoleLogin", "result=Failure",
			       FAILED);
	}
}

/* Looking around ----------------------------------------------------------- */

static const char *const kinds[] = {
	"s3:ListBuckets",
	"ec2:DescribeInstances",
	"ec2:DescribeVolumes",
	"ec2:DescribeSnapshots",
	"ec2:DescribeSecurityGroups",
	"ec2:DescribeVpcs",
	"ec2:DescribeSubnets",
	"lambda:ListFunctions20150331",
	"sts:GetCallerIdentity",
	"ec2:DescribeImages",
	"ec2:DescribeRegions",
	"ec2:DescribeAddresses",
	"ec2:DescribeRouteTables",
	"secretsmanager:ListSecrets",
	"rds:DescribeDBSnapshots",
	"sqs:ListQueues",
	"sns:ListTopics",
	"dynamodb:ListTables",
	"ecr:DescribeRepositories",
	"ecs:ListClusters",
	"kms:ListKeys",
};

static const char *const iam_kinds[] = {
	"iam:ListUsers",         "iam:ListRoles",
	"iam:ListGroups",        "iam:ListInstanceProfiles",
	"iam:GetAccountSummary",
};

static void cast_enumerated(struct scene *sc)
{
	eve(sc);
	each(sc, "eve", "06:00:00", kinds, 16, OK);
}

static void cast_few_kinds(struct scene *sc)
{
	eve(sc);
	each(sc, "eve", "06:00:00", kinds, 5, OK);
}

/* Pages of the console ask for as much. */
static void cast_console(struct scene *sc)
{
	scene_console(sc, "ann", HERE, "ann", OFFICE, AGENT_FIREFOX);
	stories_repeat(sc, "ann", "05:59:00", 1, 1, "signin:ConsoleLogin", "",
		       OK);
	each(sc, "ann", "06:00:00", kinds, 16, OK);
	each(sc, "ann", "06:01:00", iam_kinds, ARRAY_SIZE(iam_kinds), OK);
}

static void cast_lists(struct scene *sc)
{
	eve(sc);
	stories_repeat(sc, "eve", "06:00:00", 51, 10, "s3:ListBuckets", "", OK);
}

static void cast_iam_explored(struct scene *sc)
{
	eve(sc);
	each(sc, "eve", "06:00:00", iam_kinds, ARRAY_SIZE(iam_kinds), OK);
}

static void cast_iam_few(struct scene *sc)
{
	eve(sc);
	each(sc, "eve", "06:00:00", iam_kinds, ARRAY_SIZE(iam_kinds) - 1, OK);
}

static void cast_probed(struct scene *sc)
{
	eve(sc);
	each(sc, "eve", "06:00:00", kinds, ARRAY_SIZE(kinds), OK);
	each(sc, "eve", "06:01:00", iam_kinds, ARRAY_SIZE(iam_kinds), "denied");
}

static void cast_denied_kinds(struct scene *sc)
{
	eve(sc);
	each(sc, "eve", "06:00:00", iam_kinds, ARRAY_SIZE(iam_kinds), "denied");
}

static void cast_denied_few(struct scene *sc)
{
	eve(sc);
	each(sc, "eve", "06:00:00", iam_kinds, ARRAY_SIZE(iam_kinds) - 1,
	     "denied");
}

static void cast_denied_then_write(struct scene *sc)
{
	eve(sc);
	for (int i = 0; i < 24; i++)
		scene_call(sc, scene_find(sc, "eve"),
			   scene_at(sc, "05:00:00") - i * HOUR,
			   "s3:ListBuckets", "");
	each(sc, "eve", "06:00:00", iam_kinds, ARRAY_SIZE(iam_kinds), "denied");
	stories_repeat(sc, "eve", "06:10:00", 1, 1, "s3:PutBucketVersioning",
		       "bucket=reports", OK);
}

static void cast_sweep(struct scene *sc)
{
	static const char *const regions[] = {
		"us-east-1",  "us-east-2",      "us-west-1",      "us-west-2",
		"eu-west-1",  "eu-west-2",      "eu-central-1",   "eu-north-1",
		"ap-south-1", "ap-northeast-1", "ap-southeast-1",
	};

	eve(sc);
	for (size_t i = 0; i < ARRAY_SIZE(regions); i++)
		stories_repeat(sc, "eve", "06:00:10", 1, 1,
			       "ec2:DescribeInstances",
			       scene_format(sc, "region=%s", regions[i]), OK);
}

/* Changes ------------------------------------------------------------------ */

static void cast_admin(struct scene *sc)
{
	scene_user(sc, "ann", HERE, "admin-ann", OFFICE, CLI);
}

#define GRANT ";policy=arn:aws:iam::aws:policy/AdministratorAccess"

static const struct step two_keys[] = {
	{ "", "06:00:00", "ann", "iam:CreateAccessKey",
	  "user=bob;key=AKIARTX3GSDSEXAMPLBA", OK },
	{ "", "06:01:00", "ann", "iam:CreateAccessKey",
	  "user=dan;key=AKIARTX3GSDSEXAMPLCA", OK },
};

static const struct step admin_user[] = {
	{ "", "06:00:00", "ann", "iam:CreateUser", "user=backup2", OK },
	{ "", "06:01:00", "ann", "iam:CreateAccessKey",
	  "user=backup2;key=AKIARTX3GSDSEXAMPLDA", OK },
	{ "", "06:02:00", "ann", "iam:AttachUserPolicy", "user=backup2" GRANT,
	  OK },
};

static const struct step user_made[] = {
	{ "", "06:00:00", "ann", "iam:CreateUser", "user=backup2", OK },
	{ "", "06:01:00", "ann", "iam:CreateAccessKey",
	  "user=backup2;key=AKIARTX3GSDSEXAMPLEA", OK },
	{ "", "06:30:00", "ann", "iam:AttachUserPolicy", "user=backup2" GRANT,
	  OK },
};

static const struct step two_users[] = {
	{ "", "06:00:00", "ann", "iam:CreateUser", "user=backup2", OK },
	{ "", "06:01:00", "ann", "iam:CreateAccessKey",
	  "user=bob;key=AKIARTX3GSDSEXAMPLFA", OK },
	{ "", "06:02:00", "ann", "iam:AttachUserPolicy", "user=dan" GRANT, OK },
};

/* Snapshots ---------------------------------------------------------------- */

#define DB_SNAPSHOT   "snapshot=orders-copy;db=orders"
#define DISK_SNAPSHOT "snapshot=snap-0a1b2c3d4e5f60718"
#define WITH_ABROAD   ";item={'userId':'" ABROAD "'}"

static const struct step db_snapshot[] = {
	{ "", "06:00:00", "eve", "rds:CreateDBSnapshot", DB_SNAPSHOT, OK },
	{ "", "06:20:00", "eve", "rds:ModifyDBSnapshotAttribute",
	  "snapshot=orders-copy;who=" ABROAD, OK },
};

/* Shared before it was made: that is another one. */
static const struct step db_snapshot_other[] = {
	{ "", "06:00:00", "eve", "rds:CreateDBSnapshot", DB_SNAPSHOT, OK },
	{ "", "06:20:00", "eve", "rds:ModifyDBSnapshotAttribute",
	  "snapshot=demo;who=" ABROAD, OK },
};

static const struct step disk_snapshot[] = {
	{ "", "06:00:00", "eve", "ec2:CreateSnapshot",
	  "volume=vol-0f1e2d3c4b5a69788;" DISK_SNAPSHOT, OK },
	{ "", "06:20:00", "eve", "ec2:ModifySnapshotAttribute",
	  DISK_SNAPSHOT WITH_ABROAD, OK },
};

static const struct step disk_snapshot_other[] = {
	{ "", "06:00:00", "eve", "ec2:ModifySnapshotAttribute",
	  DISK_SNAPSHOT WITH_ABROAD, OK },
	{ "", "06:20:00", "eve", "ec2:CreateSnapshot",
	  "volume=vol-0f1e2d3c4b5a69788;" DISK_SNAPSHOT, OK },
};

/* Destruction -------------------------------------------------------------- */

#define OBJECT "bucket=shop-orders;key=2026/order-#.json;out=1200"

static void cast_ransom(struct scene *sc)
{
	eve(sc);
	stories_repeat(sc, "eve", "06:00:00", 3, 2, "s3:GetObject", OBJECT, OK);
	stories_repeat(sc, "eve", "06:10:00", 10, 2, "s3:DeleteObject", OBJECT,
		       OK);
	stories_repeat(sc, "eve", "06:20:00", 1, 1, "s3:PutObject",
		       "bucket=shop-orders;key=HOW_TO_RECOVER.txt", OK);
}

static void cast_deleted_few(struct scene *sc)
{
	eve(sc);
	stories_repeat(sc, "eve", "06:00:00", 20, 2, "s3:DeleteObject", OBJECT,
		       OK);
	stories_repeat(sc, "eve", "06:05:00", 4, 2, "s3:DeleteObjects",
		       "bucket=shop-orders", OK);
}

#define LARGE "image=ami-0d1e2f3a4b5c60718;profile=none;type="

static const struct step miner[] = {
	{ "", "06:00:00", "eve", "ec2:DescribeRegions", "", OK },
	{ "", "06:05:00", "eve", "ec2:CreateKeyPair", "name=k1", OK },
	{ "", "06:10:00", "eve", "ec2:RunInstances",
	  LARGE "p3.16xlarge;instance=i-0a1b2c3d4e5f60718;private=10.0.1.20",
	  OK },
};

static const struct step small_machine[] = {
	{ "", "06:00:00", "eve", "ec2:DescribeRegions", "", OK },
	{ "", "06:05:00", "eve", "ec2:CreateKeyPair", "name=k1", OK },
	{ "", "06:10:00", "eve", "ec2:RunInstances",
	  LARGE "t3.micro;instance=i-0a1b2c3d4e5f60718;private=10.0.1.20", OK },
};

static void cast_flood(struct scene *sc)
{
	eve(sc);
	stories_repeat(sc, "eve", "06:00:00", 1000, 3, "lambda:Invoke",
		       "function=mailer", OK);
}

static void cast_scans(struct scene *sc)
{
	eve(sc);
	stories_repeat(sc, "eve", "06:00:00", 100, 5, "dynamodb:Scan",
		       "table=orders", OK);
}

static const struct step backup_restored[] = {
	{ "", "06:00:00", "eve", "dynamodb:CreateBackup",
	  "table=orders;backup=b1", OK },
	{ "", "06:30:00", "eve", "dynamodb:RestoreTableFromBackup",
	  "table=orders;backup=b1;target=orders2", OK },
};

/* Tracks ------------------------------------------------------------------- */

#define TRAIL "trail=main;name=main"

static const struct step covered[] = {
	{ "", "06:00:00", "eve", "iam:AttachUserPolicy", "user=dev-eve" GRANT,
	  OK },
	{ "", "08:00:00", "eve", "cloudtrail:StopLogging", TRAIL, OK },
};

static const struct step stopped_alone[] = {
	{ "", "06:00:00", "eve", "s3:ListBuckets", "", OK },
	{ "", "08:00:00", "eve", "cloudtrail:StopLogging", TRAIL, OK },
};

/* New places --------------------------------------------------------------- */

static void cast_worker(struct scene *sc)
{
	scene_user(sc, "worker", HERE, "svc-report", OFFICE, CLI);
	for (int i = 0; i < 24; i++)
		scene_call(sc, scene_find(sc, "worker"),
			   scene_at(sc, "05:00:00") - i * HOUR,
			   "ec2:DescribeInstances", "");
}

static const struct alias thief[] = {
	{ "thief", "worker", STRANGE, NULL, NULL },
	{ "thief's script", "worker", STRANGE, AGENT_BOTO, NULL },
};

static const struct step address_write[] = {
	{ "", "06:00:00", "thief", "sts:GetCallerIdentity", "", OK },
	{ "", "06:30:00", "thief", "iam:CreateUser", "user=backup2", OK },
};

static const struct step usual_write[] = {
	{ "", "06:00:00", "thief", "sts:GetCallerIdentity", "", OK },
	{ "", "06:30:00", "worker", "iam:CreateUser", "user=backup2", OK },
};

static const struct step address_agent[] = {
	{ "", "06:00:00", "thief's script", "ec2:DescribeInstances", "", OK },
};

static const struct step region_run[] = {
	{ "", "06:00:00", "worker", "ec2:DescribeInstances", "region=eu-west-3",
	  OK },
	{ "", "06:05:00", "worker", "ec2:RunInstances",
	  LARGE "t3.micro;instance=i-0a1b2c3d4e5f60718;private=10.0.1.20;"
		"region=eu-west-3",
	  OK },
};

const struct story stories_series[] = {
	CAST("series/fire-guessed", cast_guessed),
	CAST("series/fire-guessed-then-in", cast_guessed_then_in),
	CAST("series/quiet-mistyped", cast_mistyped),
	CAST("series/fire-root-guessed", cast_root_guessed),
	CAST("series/fire-sprayed", cast_sprayed),
	CAST("series/fire-enumerated", cast_enumerated),
	CAST("series/quiet-few-kinds", cast_few_kinds),
	CAST("series/quiet-console", cast_console),
	CAST("series/fire-lists", cast_lists),
	CAST("series/fire-iam-explored", cast_iam_explored),
	CAST("series/quiet-iam", cast_iam_few),
	CAST("series/fire-probed", cast_probed),
	CAST("series/fire-denied-kinds", cast_denied_kinds),
	CAST("series/quiet-denied-kinds", cast_denied_few),
	CAST("series/fire-denied-then-write", cast_denied_then_write),
	CAST("series/fire-sweep", cast_sweep),
	{ "series/quiet-two-keys", cast_admin, STEPS(two_keys), NULL, 0 },
	{ "series/fire-admin-user", cast_admin, STEPS(admin_user), NULL, 0 },
	{ "series/quiet-user-made", cast_admin, STEPS(user_made), NULL, 0 },
	{ "series/quiet-two-users", cast_admin, STEPS(two_users), NULL, 0 },
	{ "series/fire-db-snapshot", eve, STEPS(db_snapshot), NULL, 0 },
	{ "series/quiet-db-snapshot", eve, STEPS(db_snapshot_other), NULL, 0 },
	{ "series/fire-disk-snapshot", eve, STEPS(disk_snapshot), NULL, 0 },
	{ "series/quiet-disk-snapshot", eve, STEPS(disk_snapshot_other), NULL,
	  0 },
	CAST("series/fire-ransom", cast_ransom),
	CAST("series/quiet-deleted", cast_deleted_few),
	{ "series/fire-miner", eve, STEPS(miner), NULL, 0 },
	{ "series/quiet-miner", eve, STEPS(small_machine), NULL, 0 },
	CAST("series/fire-flood", cast_flood),
	CAST("series/fire-scans", cast_scans),
	{ "series/fire-backup-restored", eve, STEPS(backup_restored), NULL, 0 },
	{ "series/fire-covered", eve, STEPS(covered), NULL, 0 },
	{ "series/quiet-covered", eve, STEPS(stopped_alone), NULL, 0 },
	{ "series/fire-address-write", cast_worker, STEPS(address_write),
	  ALIASES(thief) },
	{ "series/quiet-address-write", cast_worker, STEPS(usual_write),
	  ALIASES(thief) },
	{ "series/fire-address-agent", cast_worker, STEPS(address_agent),
	  ALIASES(thief) },
	{ "series/fire-region-run", cast_worker, STEPS(region_run), NULL, 0 },
	{ .name = NULL },
};
