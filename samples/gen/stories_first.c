/* SPDX-License-Identifier: MIT */
/* Habits, and what breaks them. */
#include "gen/stories.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/routine.h"
#include "gen/stories_private.h"

#define NEARBY "198.51.7.7"
#define DAY    ((int64_t)24 * HOUR)

/* Somebody who does the same twelve times in thirty hours, until `end`. */
static void habit(struct scene *sc, const char *who, int64_t end)
{
	struct session *s = scene_find(sc, who);

	for (int i = 12; i > 0; i--) {
		scene_call(sc, s, end - i * 150 * MINUTE, "s3:ListBuckets", "");
		scene_call(sc, s, end - i * 150 * MINUTE + MINUTE,
			   "ec2:DescribeInstances", "");
	}
}

static void cast_worker(struct scene *sc)
{
	scene_user(sc, "worker", HERE, "svc-report", OFFICE, CLI);
	habit(sc, "worker", scene_at(sc, "05:00:00"));
}

static const struct alias elsewhere[] = {
	{ "nearby", "worker", NEARBY, NULL, NULL },
	{ "thief", "worker", STRANGE, NULL, NULL },
	{ "script", "worker", NULL, AGENT_BOTO, NULL },
};

#define ONE(name, who, call, args)                                             \
	static const struct step name[] = { { "", "06:00:00", who, call, args, \
					      OK } }

ONE(from_nearby, "nearby", "s3:ListBuckets", "");
ONE(from_elsewhere, "thief", "s3:ListBuckets", "");
ONE(by_script, "script", "s3:ListBuckets", "");
ONE(as_usual, "worker", "s3:ListBuckets", "");
ONE(changes, "worker", "s3:PutBucketVersioning", "bucket=reports");
ONE(lists_functions, "worker", "lambda:ListFunctions20150331", "");
ONE(reads_secret, "worker", "secretsmanager:GetSecretValue", "secret=prod/db");
ONE(other_region, "worker", "ec2:DescribeInstances", "region=eu-west-3");
ONE(global_elsewhere, "worker", "sts:GetCallerIdentity", "region=eu-west-3");

/* Of a newcomer nothing is known. */
static void cast_newcomer(struct scene *sc)
{
	scene_user(sc, "worker", HERE, "svc-new", OFFICE, CLI);
	stories_repeat(sc, "worker", "05:00:00", 5, 60, "s3:ListBuckets", "",
		       OK);
}

static const struct step all_new[] = {
	{ "", "06:00:00", "thief", "s3:PutBucketVersioning", "bucket=reports",
	  OK },
	{ "", "06:01:00", "script", "secretsmanager:GetSecretValue",
	  "secret=prod/db", OK },
	{ "", "06:02:00", "worker", "ec2:DescribeInstances", "region=eu-west-3",
	  OK },
};

/* An address from which everybody calls. */
static void cast_common(struct scene *sc)
{
	cast_worker(sc);
	scene_user(sc, "ann", HERE, "ann", STRANGE, CLI);
	scene_user(sc, "bob", HERE, "bob", STRANGE, CLI);
	scene_user(sc, "eve", HERE, "eve", STRANGE, CLI);
	stories_repeat(sc, "ann", "05:30:00", 1, 1, "s3:ListBuckets", "", OK);
	stories_repeat(sc, "bob", "05:31:00", 1, 1, "s3:ListBuckets", "", OK);
	stories_repeat(sc, "eve", "05:32:00", 1, 1, "s3:ListBuckets", "", OK);
}

/* A service calls for the worker. */
static void cast_served(struct scene *sc)
{
	cast_worker(sc);
	routine_on_behalf(sc, scene_find(sc, "worker"),
			  scene_at(sc, "06:00:00"),
			  "cloudformation.amazonaws.com", "s3:ListBuckets", "");
}

/* Keys that slept ---------------------------------------------------------- */

static void cast_sleeper(struct scene *sc)
{
	scene_user(sc, "worker", HERE, "svc-old", OFFICE, CLI);
	habit(sc, "worker", scene_at(sc, "05:00:00") - 40 * DAY);
}

static void cast_napper(struct scene *sc)
{
	scene_user(sc, "worker", HERE, "svc-old", OFFICE, CLI);
	habit(sc, "worker", scene_at(sc, "05:00:00") - 20 * DAY);
}

/* Hours and minutes -------------------------------------------------------- */

/* Two calls an hour for so many hours, then thirty in one. */
static void busy_hour(struct scene *sc, int hours)
{
	struct session *s = scene_user(sc, "worker", HERE, "svc-report", OFFICE,
				       CLI);
	int64_t end = scene_at(sc, "06:00:00");

	for (int i = hours; i > 0; i--) {
		scene_call(sc, s, end - i * HOUR, "s3:ListBuckets", "");
		scene_call(sc, s, end - i * HOUR + MINUTE, "s3:ListBuckets",
			   "");
	}
	stories_repeat(sc, "worker", "06:00:00", 30, 60, "s3:ListBuckets", "",
		       OK);
}

static void cast_busy_hour(struct scene *sc)
{
	busy_hour(sc, 26);
}

/* Ten hours are no measure. */
static void cast_few_hours(struct scene *sc)
{
	busy_hour(sc, 10);
}

static void refused(struct scene *sc, unsigned denied, unsigned allowed)
{
	scene_user(sc, "worker", HERE, "svc-report", STRANGE, CLI);
	stories_repeat(sc, "worker", "06:00:00", denied, 10, "iam:ListUsers",
		       "", "denied");
	stories_repeat(sc, "worker", "05:59:35", allowed, 10, "s3:ListBuckets",
		       "", OK);
}

static void cast_refused(struct scene *sc)
{
	refused(sc, 10, 9);
}

static void cast_refused_few(struct scene *sc)
{
	refused(sc, 9, 0);
}

static void cast_refused_among_many(struct scene *sc)
{
	refused(sc, 10, 30);
}

/* Objects ------------------------------------------------------------------ */

#define OBJECT "bucket=shop-orders;key=2026/order-#.json;out=1200"

static void cast_objects(struct scene *sc)
{
	cast_worker(sc);
	stories_repeat(sc, "worker", "06:00:00", 100, 3, "s3:GetObject", OBJECT,
		       OK);
}

static void cast_objects_few(struct scene *sc)
{
	cast_worker(sc);
	stories_repeat(sc, "worker", "06:00:00", 60, 3, "s3:GetObject", OBJECT,
		       OK);
}

/* Twenty-five in ten minutes are usual here. */
static void cast_objects_usual(struct scene *sc)
{
	scene_user(sc, "worker", HERE, "svc-report", OFFICE, CLI);
	stories_repeat(sc, "worker", "05:00:00", 150, 24, "s3:GetObject",
		       OBJECT, OK);
	stories_repeat(sc, "worker", "06:00:00", 100, 3, "s3:GetObject", OBJECT,
		       OK);
}

const struct story stories_first[] = {
	{ "first/fire-address", cast_worker, STEPS(from_nearby),
	  ALIASES(elsewhere) },
	{ "first/fire-network", cast_worker, STEPS(from_elsewhere),
	  ALIASES(elsewhere) },
	{ "first/fire-agent", cast_worker, STEPS(by_script),
	  ALIASES(elsewhere) },
	{ "first/quiet-usual", cast_worker, STEPS(as_usual), NULL, 0 },
	{ "first/fire-write", cast_worker, STEPS(changes), NULL, 0 },
	{ "first/fire-service", cast_worker, STEPS(lists_functions), NULL, 0 },
	{ "first/fire-secret", cast_worker, STEPS(reads_secret), NULL, 0 },
	{ "first/fire-region", cast_worker, STEPS(other_region), NULL, 0 },
	{ "first/quiet-global", cast_worker, STEPS(global_elsewhere), NULL, 0 },
	{ "first/quiet-unknown", cast_newcomer, STEPS(all_new),
	  ALIASES(elsewhere) },
	{ "first/quiet-common", cast_common, STEPS(from_elsewhere),
	  ALIASES(elsewhere) },
	{ "first/quiet-service", cast_served, NULL, 0, NULL, 0 },
	{ "first/fire-dormant", cast_sleeper, STEPS(from_elsewhere),
	  ALIASES(elsewhere) },
	{ "first/quiet-awake", cast_napper, STEPS(from_elsewhere),
	  ALIASES(elsewhere) },
	{ "first/quiet-dormant-home", cast_sleeper, STEPS(as_usual), NULL, 0 },
	{ "first/fire-hour", cast_busy_hour, NULL, 0, NULL, 0 },
	{ "first/quiet-hour", cast_few_hours, NULL, 0, NULL, 0 },
	{ "first/fire-refused", cast_refused, NULL, 0, NULL, 0 },
	{ "first/quiet-refused-few", cast_refused_few, NULL, 0, NULL, 0 },
	{ "first/quiet-refused-among-many", cast_refused_among_many, NULL, 0,
	  NULL, 0 },
	{ "first/fire-objects", cast_objects, NULL, 0, NULL, 0 },
	{ "first/quiet-objects-few", cast_objects_few, NULL, 0, NULL, 0 },
	{ "first/quiet-objects-usual", cast_objects_usual, NULL, 0, NULL, 0 },
	{ .name = NULL },
};
