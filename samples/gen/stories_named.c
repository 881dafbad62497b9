/* SPDX-License-Identifier: MIT */
/* Whom the site file of the samples names. */
#include "gen/stories.h"

#include "base/attr.h"
#include "gen/agents.h"
#include "gen/stories_private.h"

/* The site file names the user of this account; the other one is a namesake. */
static void cast_emergency(struct scene *sc)
{
	scene_user(sc, "emergency", HERE, "emergency", STRANGE, CLI);
	scene_user(sc, "namesake", OTHER, "emergency", OFFICE, CLI);
	scene_user(sc, "eve", HERE, "dev-eve", STRANGE, CLI);
	scene_role(sc, "job", HERE, "reports", "job", STRANGE, CLI);
}

static const struct step safe_opened[] = {
	{ "", "06:00:00", "emergency", "iam:ListUsers", "", OK },
};

/* What came of it is used as well. */
static const struct step safe_and_role[] = {
	{ "", "06:00:00", "emergency", "sts:AssumeRole", "to=job", OK },
	{ "", "06:00:10", "job", "s3:ListBuckets", "", OK },
};

static const struct step safe_refused[] = {
	{ "", "06:00:00", "emergency", "iam:CreateUser", "user=helper",
	  "denied" },
};

static const struct step safe_closed[] = {
	{ "", "05:00:00", "namesake", "iam:ListUsers", "", OK },
	{ "", "06:00:00", "eve", "iam:ListUsers", "", OK },
	{ "", "06:00:05", "eve", "sts:AssumeRole", "to=job", OK },
	{ "", "06:00:10", "job", "s3:ListBuckets", "", OK },
};

const struct story stories_named[] = {
	{ "break-glass/fire-key", cast_emergency, STEPS(safe_opened), NULL, 0 },
	{ "break-glass/fire-role", cast_emergency, STEPS(safe_and_role), NULL,
	  0 },
	{ "break-glass/fire-refused", cast_emergency, STEPS(safe_refused), NULL,
	  0 },
	{ "break-glass/quiet-other", cast_emergency, STEPS(safe_closed), NULL,
	  0 },
	{ .name = NULL },
};
