/* SPDX-License-Identifier: MIT */
/* Machines and functions in somebody's hands; keys and snapshots that come and
 * go. */
#include "gen/stories.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/routine.h"
#include "gen/stories_private.h"

#define PLAY(name, cast, table)                   \
	{                                         \
		name, cast, STEPS(table), NULL, 0 \
	}
#define CAST(name, cast)                     \
	{                                    \
		name, cast, NULL, 0, NULL, 0 \
	}

/* A function that changes functions ---------------------------------------- */

static void cast_functions(struct scene *sc)
{
	scene_service(sc, HERE, LAMBDA);
	scene_user(sc, "dan", HERE, "dev-dan", OFFICE, CLI);
	scene_function(sc, "function", HERE, "orders-role", "orders",
		       "192.0.2.131");
}

#define LONGER ";role=orders-role;change='timeout':900"

static const struct step changes_itself[] = {
	{ "", "06:00:00", LAMBDA, "sts:AssumeRole", "to=function", OK },
	{ "", "06:00:10", "function",
	  "lambda:UpdateFunctionConfiguration20150331v2",
	  "function=orders" LONGER, OK },
};

static const struct step changes_another[] = {
	{ "", "06:00:00", LAMBDA, "sts:AssumeRole", "to=function", OK },
	{ "", "06:00:10", "function",
	  "lambda:UpdateFunctionConfiguration20150331v2",
	  "function=mailer" LONGER, OK },
	{ "", "06:01:00", "dan", "lambda:UpdateFunctionConfiguration20150331v2",
	  "function=orders" LONGER, OK },
};

/* Commands ----------------------------------------------------------------- */

/* A machine that has read a few objects this morning. */
static void cast_machine(struct scene *sc)
{
	scene_service(sc, HERE, EC2);
	scene_user(sc, "eve", HERE, "dev-eve", STRANGE, CLI);
	scene_instance(sc, "app", HERE, "web-role", WEB, "192.0.2.30",
		       AGENT_PHP);
	stories_repeat(sc, EC2, "05:00:00", 1, 1, "sts:AssumeRole", "to=app",
		       OK);
	stories_repeat(sc, "app", "05:10:00", 8, 60, "s3:GetObject",
		       "bucket=app;key=page-#.html;out=1200", OK);
}

#define COMMAND "instance=" WEB ";command=c1"
#define SECRET  "secret=prod/db"

static const struct step secret_after_command[] = {
	{ "", "06:00:00", "eve", "ssm:DescribeInstanceInformation", "", OK },
	{ "", "06:01:00", "eve", "ssm:SendCommand", COMMAND, OK },
	{ "", "06:03:00", "app", "secretsmanager:GetSecretValue", SECRET, OK },
};

static const struct step secret_without_look[] = {
	{ "", "06:01:00", "eve", "ssm:SendCommand", COMMAND, OK },
	{ "", "06:03:00", "app", "secretsmanager:GetSecretValue", SECRET, OK },
};

/* What it does anyhow; too late; before. */
static const struct step usual_after_command[] = {
	{ "", "05:59:00", "app", "secretsmanager:GetSecretValue", SECRET, OK },
	{ "", "06:00:00", "eve", "ssm:DescribeInstanceInformation", "", OK },
	{ "", "06:01:00", "eve", "ssm:SendCommand", COMMAND, OK },
	{ "", "06:02:00", "app", "s3:GetObject", "bucket=app;key=a;out=1", OK },
	{ "", "06:03:00", "app", "secretsmanager:GetSecretValue", SECRET, OK },
	{ "", "06:31:01", "app", "s3:ListBuckets", "", OK },
};

/* Keys --------------------------------------------------------------------- */

static void cast_keys(struct scene *sc)
{
	scene_user(sc, "bob", HERE, "svc-bob", OFFICE, CLI);
	scene_user(sc, "bob 2", HERE, "svc-bob", OFFICE, CLI);
	scene_user(sc, "bob 3", HERE, "svc-bob", STRANGE, CLI);
	scene_user(sc, "bob 4", HERE, "svc-bob", STRANGE, CLI);
}

#define NEW_KEY(key) "user=svc-bob;key=@" key

static const struct step keys_in_turn[] = {
	{ "", "06:00:00", "bob", "iam:CreateAccessKey", NEW_KEY("bob 2"), OK },
	{ "", "06:10:00", "bob 2", "iam:DeleteAccessKey", NEW_KEY("bob"), OK },
	{ "", "06:11:00", "bob 2", "iam:CreateAccessKey", NEW_KEY("bob 3"),
	  OK },
	{ "", "06:20:00", "bob 3", "iam:DeleteAccessKey", NEW_KEY("bob 2"),
	  OK },
	{ "", "06:21:00", "bob 3", "iam:CreateAccessKey", NEW_KEY("bob 4"),
	  OK },
};

/* As it ought to be done. */
static const struct step key_rotated[] = {
	{ "", "06:00:00", "bob", "iam:CreateAccessKey", NEW_KEY("bob 2"), OK },
	{ "", "06:10:00", "bob 2", "s3:ListBuckets", "", OK },
	{ "", "06:20:00", "bob 2", "iam:DeleteAccessKey", NEW_KEY("bob"), OK },
};

static void cast_made_users(struct scene *sc)
{
	scene_user(sc, "eve", HERE, "dev-eve", OFFICE, CLI);
	scene_user(sc, "one", HERE, "svc-one", STRANGE, CLI);
	scene_user(sc, "two", HERE, "svc-two", STRANGE, CLI);
	scene_user(sc, "three", HERE, "svc-three", STRANGE, CLI);
	scene_user(sc, "three at home", HERE, "svc-three", OFFICE, CLI);
}

#define MADE(clock, name)                                                   \
	{ "", clock ":00", "eve", "iam:CreateUser", "user=svc-" name, OK }, \
	{                                                                   \
		"", clock ":10", "eve", "iam:CreateAccessKey",              \
			"user=svc-" name ";key=@" name, OK                  \
	}
#define USED(clock, name)                                       \
	{                                                       \
		"", clock ":00", name, "s3:ListBuckets", "", OK \
	}

static const struct step users_in_turn[] = {
	MADE("06:00", "one"), USED("06:05", "one"),   MADE("06:10", "two"),
	USED("06:15", "two"), MADE("06:20", "three"), USED("06:25", "three"),
};

/* Each in a hand of its own, as far as addresses tell. */
static const struct step users_elsewhere[] = {
	MADE("06:00", "one"),   USED("06:05", "one"),
	MADE("06:10", "two"),   USED("06:15", "two"),
	MADE("06:20", "three"), USED("06:25", "three at home"),
};

/* Ransom ------------------------------------------------------------------- */

#define OBJECT "bucket=shop-orders;key=2026/order-#.json;out=1200"

static void eve(struct scene *sc)
{
	scene_user(sc, "eve", HERE, "dev-eve", STRANGE, CLI);
}

static void cast_no_way_back(struct scene *sc)
{
	eve(sc);
	stories_repeat(sc, "eve", "06:00:00", 1, 1, "s3:ListBuckets", "", OK);
	stories_repeat(sc, "eve", "06:00:30", 1, 1, "s3:GetBucketVersioning",
		       "bucket=shop-orders", OK);
	stories_repeat(sc, "eve", "06:01:00", 10, 2, "s3:GetObject", OBJECT,
		       OK);
	stories_repeat(sc, "eve", "06:10:00", 10, 2, "s3:DeleteObject", OBJECT,
		       OK);
}

/* Somebody tidies up, and looks at the bucket afterwards. */
static void cast_tidied(struct scene *sc)
{
	eve(sc);
	stories_repeat(sc, "eve", "06:00:00", 1, 1, "s3:ListBuckets", "", OK);
	stories_repeat(sc, "eve", "06:01:00", 10, 2, "s3:GetObject", OBJECT,
		       OK);
	stories_repeat(sc, "eve", "06:10:00", 10, 2, "s3:DeleteObject", OBJECT,
		       OK);
	stories_repeat(sc, "eve", "06:20:00", 1, 1, "s3:GetBucketVersioning",
		       "bucket=shop-orders", OK);
}

/* Snapshots ---------------------------------------------------------------- */

#define DB   "snapshot=orders-copy"
#define DISK "snapshot=snap-0a1b2c3d4e5f60718"

static const struct step db_public[] = {
	{ "", "06:00:00", "eve", "rds:CreateDBSnapshot", DB ";db=orders", OK },
	{ "", "06:20:00", "eve", "rds:ModifyDBSnapshotAttribute", DB ";who=all",
	  OK },
};

static const struct step db_gone[] = {
	{ "", "06:00:00", "eve", "rds:CreateDBSnapshot", DB ";db=orders", OK },
	{ "", "06:20:00", "eve", "rds:ModifyDBSnapshotAttribute",
	  DB ";who=" ABROAD, OK },
	{ "", "07:20:00", "eve", "rds:DeleteDBSnapshot", DB ";db=orders", OK },
};

static const struct step disk_public[] = {
	{ "", "06:00:00", "eve", "ec2:CreateSnapshot",
	  "volume=vol-0f1e2d3c4b5a69788;" DISK, OK },
	{ "", "06:20:00", "eve", "ec2:ModifySnapshotAttribute",
	  DISK ";item={'group':'all'}", OK },
};

static const struct step disk_gone[] = {
	{ "", "06:00:00", "eve", "ec2:CreateSnapshot",
	  "volume=vol-0f1e2d3c4b5a69788;" DISK, OK },
	{ "", "06:20:00", "eve", "ec2:ModifySnapshotAttribute",
	  DISK ";item={'userId':'" ABROAD "'}", OK },
	{ "", "07:20:00", "eve", "ec2:ModifySnapshotAttribute",
	  DISK ";verb=remove;item={'userId':'" ABROAD "'}", OK },
};

/* Machines in two regions -------------------------------------------------- */

#define SMALL                                                             \
	"image=ami-0d1e2f3a4b5c60718;profile=none;type=t3.micro;private=" \
	"10.0.1.20;instance="

static const struct step two_regions[] = {
	{ "", "06:00:00", "eve", "ec2:DescribeRegions", "", OK },
	{ "", "06:05:00", "eve", "ec2:CreateKeyPair", "name=k1", OK },
	{ "", "06:10:00", "eve", "ec2:RunInstances",
	  SMALL "i-0a1b2c3d4e5f60718", OK },
	{ "", "06:12:00", "eve", "ec2:RunInstances",
	  SMALL "i-0a1b2c3d4e5f60719;region=eu-west-3", OK },
};

/* Much to read ------------------------------------------------------------- */

/* A reader of a hundred kilobytes, or of ninety megabytes, each half hour since
 * yesterday. */
static void reader(struct scene *sc, const char *bytes)
{
	struct session *s = scene_user(sc, "reader", HERE, "svc-report", OFFICE,
				       CLI);
	int64_t end = scene_at(sc, "05:45:00");

	for (int i = 60; i > 0; i--)
		scene_call(sc, s, end - i * 30 * MINUTE, "s3:GetObject",
			   scene_format(sc, "bucket=logs;key=%d.gz;out=%s", i,
					bytes));
}

static void cast_small_reader(struct scene *sc)
{
	reader(sc, "100000");
}

static void cast_large_reader(struct scene *sc)
{
	reader(sc, "90000000");
}

#define READ(clock, bucket)                                              \
	{                                                                \
		"", clock, "reader", "s3:GetObject",                     \
			"bucket=" bucket ";key=all.tar;out=40000000", OK \
	}

static const struct step one_bucket[] = {
	READ("06:00:00", "orders"),
	READ("06:01:00", "orders"),
	READ("06:02:00", "orders"),
};

static const struct step three_buckets[] = {
	READ("06:00:00", "orders"),
	READ("06:01:00", "people"),
	READ("06:02:00", "pay"),
};

/* Eighty megabytes, and as much when the ten minutes are over. */
static const struct step two_halves[] = {
	READ("06:00:00", "orders"),
	READ("06:01:00", "people"),
	READ("06:11:01", "pay"),
	READ("06:12:00", "pay"),
};

const struct story stories_workload[] = {
	PLAY("workload-itself/fire", cast_functions, changes_itself),
	PLAY("workload-itself/quiet-another", cast_functions, changes_another),
	PLAY("command/fire", cast_machine, secret_after_command),
	PLAY("command/no-look", cast_machine, secret_without_look),
	PLAY("command/quiet", cast_machine, usual_after_command),
	PLAY("keys-in-turn/fire", cast_keys, keys_in_turn),
	PLAY("keys-in-turn/quiet-rotated", cast_keys, key_rotated),
	PLAY("keys-in-turn/fire-users", cast_made_users, users_in_turn),
	PLAY("keys-in-turn/quiet-users", cast_made_users, users_elsewhere),
	CAST("ransom/fire", cast_no_way_back),
	CAST("ransom/quiet-tidied", cast_tidied),
	PLAY("snapshot/fire-db-public", eve, db_public),
	PLAY("snapshot/fire-db-gone", eve, db_gone),
	PLAY("snapshot/fire-disk-public", eve, disk_public),
	PLAY("snapshot/fire-disk-gone", eve, disk_gone),
	PLAY("two-regions/fire", eve, two_regions),
	PLAY("much-read/fire", cast_small_reader, one_bucket),
	PLAY("much-read/fire-buckets", cast_small_reader, three_buckets),
	PLAY("much-read/quiet-usual", cast_large_reader, three_buckets),
	PLAY("much-read/quiet-slow", cast_small_reader, two_halves),
	{ .name = NULL },
};
