/* SPDX-License-Identifier: MIT */
/* One user in several places, as places.mmdb has them. */
#include "gen/stories.h"

#include "base/attr.h"
#include "gen/stories_private.h"

#define NEARBY "198.51.7.7" /* in the city of the office */

static void cast_ann(struct scene *sc)
{
	scene_user(sc, "ann", HERE, "ann", OFFICE, CLI);
}

static const struct alias copies[] = {
	{ "abroad", "ann", STRANGE, NULL, NULL },
	{ "nearby", "ann", NEARBY, NULL, NULL },
};

#define LOGIN "signin:ConsoleLogin"

static const struct step logins[] = {
	{ "", "06:00:00", "ann", LOGIN, "", OK },
	{ "", "06:59:00", "abroad", LOGIN, "", OK },
};

static const struct step calls[] = {
	{ "", "06:00:00", "ann", "s3:ListBuckets", "", OK },
	{ "", "06:29:00", "abroad", "s3:ListBuckets", "", OK },
};

/* An hour and half an hour later, and what was refused. */
static const struct step slow[] = {
	{ "", "06:00:00", "ann", LOGIN, "", OK },
	{ "", "06:10:00", "ann", "s3:ListBuckets", "", OK },
	{ "", "06:20:00", "abroad", LOGIN, "result=Failure",
	  ": Failed authentication" },
	{ "", "06:30:00", "abroad", "iam:ListUsers", "", "denied" },
	{ "", "06:41:00", "abroad", "s3:ListBuckets", "", OK },
	{ "", "07:00:01", "abroad", LOGIN, "", OK },
};

static const struct step city[] = {
	{ "", "06:00:00", "ann", "s3:ListBuckets", "", OK },
	{ "", "06:05:00", "nearby", "s3:ListBuckets", "", OK },
};

const struct story stories_places[] = {
	{ "places/fire-logins", cast_ann, STEPS(logins), ALIASES(copies) },
	{ "places/fire-key", cast_ann, STEPS(calls), ALIASES(copies) },
	{ "places/quiet-slow", cast_ann, STEPS(slow), ALIASES(copies) },
	{ "places/quiet-city", cast_ann, STEPS(city), ALIASES(copies) },
	{ .name = NULL },
};
