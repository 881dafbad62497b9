/* SPDX-License-Identifier: MIT */
/*
 * org.h - an organization of three accounts, a week, two intruders
 *
 * Management, workload and security account; people of Identity Center, a
 * console user who switches roles, pipelines of a code host, an instance,
 * functions, users with keys. On Monday a pipeline makes most of it; on
 * Thursday and Friday two intruders come, who know nothing of each other.
 *
 * set_org.c puts it together, org_cast.c says who is there, org_platform.c
 * makes the accounts, org_machines.c and org_people.c are the week around,
 * org_theft.c and org_leak.c the stories.
 */
#ifndef SAMPLEGEN_ORG_H
#define SAMPLEGEN_ORG_H

#include "gen/routine.h"
#include "gen/scene.h"

#define ORG_MANAGEMENT "111122223333"
#define ORG_WORKLOAD   "444455556666"
#define ORG_SECURITY   "777788889999"
#define ORG_STRANGER   "999988887777"

#define ORG_HOME   "eu-central-1"
#define ORG_ABROAD "eu-west-1"
#define ORG_GLOBAL "us-east-1"
#define GLOBAL     "region=" ORG_GLOBAL
#define IN_GLOBAL  ";" GLOBAL
#define ORG_STORE \
	"arn:aws:identitystore::" ORG_MANAGEMENT ":identitystore/d-99677f2b1c"
#define ORG_WEB     "i-0c3f9a27d1e84b506"
#define ORG_EXPORT  "orders-export"
#define ORG_SCANNER "org-scanner"
#define ORG_ORDERS  "bucket=shop-orders-5d0e"
#define ORG_ARCHIVE "bucket=org-log-archive-5d0e"
#define ORG_KMS     "kms=3e1f7a90-6b24-4d58-8c0a-92e5d7b1f463"

/* Whom the two intruders work from. */
#define ORG_THIEF        "203.0.113.81" /* phished a sign-in */
#define ORG_THIEF_KEYS   "203.0.113.82" /* uses the keys that were made */
#define ORG_THIEF_ABROAD "203.0.113.83" /* comes through the backdoor */
#define ORG_LEAK         "203.0.113.140"

enum { ORG_DAYS = 5 };

/* "2026-10-12" and the four days after it. */
extern const char *const org_dates[ORG_DAYS];
#define ORG_FROM "05:00:00" /* of the first day */
#define ORG_TO   "18:00:00" /* of the last */

/* A time of one of the days, from 0; sc->date is set to it. */
int64_t org_at(struct scene *sc, int day, const char *clock);

/* Everybody, in the cast; nobody has done anything yet. */
void org_cast(struct scene *sc);

/* Monday morning: the pipeline makes roles, users, keys and machines. */
void org_platform(struct scene *sc);
void org_machines(struct scene *sc);
void org_people(struct scene *sc);
void org_theft(struct scene *sc);
void org_leak(struct scene *sc);

/* The pipeline's session in the management account, and from there in another;
 * the first returns when the second may begin. */
int64_t org_pipeline(struct scene *sc, int64_t t);
void org_pipeline_hop(struct scene *sc, int64_t t, const char *to);

/* Arguments of an event that opens a session in another account: both copies
 * of it show one token. `more` is "" or ";NAME=VALUE...". */
const char *org_token(struct scene *sc, const char *more);

#endif /* SAMPLEGEN_ORG_H */
