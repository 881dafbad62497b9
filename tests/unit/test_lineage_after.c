/* SPDX-License-Identifier: MIT */
/* Credentials after their end: what ended, for how long a change may take, and
 * what is no end. */
#include "lineage_rules_help.h"

#define ENDED    "Credential used after it was ended"
#define EXPIRED  "Session used after it expired"
#define OUTLIVES "Session goes on after what issued it was ended"

#define CLI    "aws-cli/2.17.0 os/linux#6.8"
#define HERE   "198.51.100.30"
#define ABROAD "203.0.113.66"
#define BOB_K  "AKIABOB0000000000001"
#define JOB_K  "ASIAJOB0000000000001"
#define ANN    USER("ann", "AKIAANN0000000000001")
#define BOB    USER("bob", BOB_K)
#define JOB    ROLE("job", "bob", "06:00:00", JOB_K)

#define PARAMETERS(text) ",\"requestParameters\":{" text "}"
#define KEY_OF_BOB       "\"userName\":\"bob\",\"accessKeyId\":\"" BOB_K "\""
#define STATUS(status)   PARAMETERS(KEY_OF_BOB ",\"status\":\"" status "\"")

static void admin(struct small_world *w, unsigned number, const char *clock,
		  const char *call, const char *more)
{
	add_event(w, number, clock, ANN, call, HERE, CLI, more);
}

static void use(struct small_world *w, unsigned number, const char *clock,
		const char *who)
{
	add_event(w, number, clock, who, "s3:ListBuckets", ABROAD, CLI, "");
}

/* Keys --------------------------------------------------------------------- */

/* A change takes up to two minutes to be everywhere. */
static void inactive_keys(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	use(&w, 1, "06:00:00", BOB);
	admin(&w, 2, "06:10:00", "iam:UpdateAccessKey", STATUS("Inactive"));
	use(&w, 3, "06:12:00", BOB);
	assert_found(&w, ENDED, "");
	use(&w, 4, "06:12:01", BOB);
	assert_found(&w, ENDED, "4");
	assert_true(note_says(&w, "key " BOB_K " used from " ABROAD
				  " after key " BOB_K));
	assert_true(note_says(&w, "at 2026-01-09T06:10:00Z, event "));
	/* Active again, and once more not: only the gaps count. */
	admin(&w, 5, "06:20:00", "iam:UpdateAccessKey", STATUS("Active"));
	use(&w, 6, "06:30:00", BOB);
	admin(&w, 7, "06:40:00", "iam:UpdateAccessKey", STATUS("Inactive"));
	use(&w, 8, "06:50:00", BOB);
	assert_found(&w, ENDED, "4 8");
	small_end(&w);
}

static void deleted_keys(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	admin(&w, 1, "06:10:00", "iam:DeleteAccessKey", PARAMETERS(KEY_OF_BOB));
	use(&w, 2, "06:09:00", BOB);
	use(&w, 3, "06:20:00", BOB);
	/* What a service does with it is no use of the key. */
	add_event(&w, 4, "06:21:00",
		  "{\"type\":\"IAMUser\",\"principalId\":\"AIDA-bob\",\"arn\":"
		  "\"arn:aws:iam::" ACCOUNT ":user/bob\",\"accountId\":"
		  "\"" ACCOUNT "\",\"accessKeyId\":\"" BOB_K "\",\"userName\":"
		  "\"bob\",\"invokedBy\":\"athena.amazonaws.com\"}",
		  "s3:ListBuckets", "athena.amazonaws.com", CLI, "");
	assert_found(&w, ENDED, "3");
	small_end(&w);
	/* Refused: it goes on as before. */
	small_begin(&w);
	admin(&w, 1, "06:10:00", "iam:DeleteAccessKey",
	      PARAMETERS(KEY_OF_BOB) ",\"errorCode\":\"AccessDenied\"");
	use(&w, 2, "06:20:00", BOB);
	assert_found(&w, ENDED, "");
	small_end(&w);
	/* Another key of his. */
	small_begin(&w);
	admin(&w, 1, "06:10:00", "iam:DeleteAccessKey", PARAMETERS(KEY_OF_BOB));
	use(&w, 2, "06:20:00", USER("bob", "AKIABOB0000000000002"));
	assert_found(&w, ENDED, "");
	small_end(&w);
}

static void deleted_users(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	use(&w, 1, "06:00:00", BOB);
	admin(&w, 2, "06:10:00", "iam:DeleteUser",
	      PARAMETERS("\"userName\":\"bob\""));
	use(&w, 3, "06:20:00", BOB);
	use(&w, 4, "06:21:00", USER("bo", "AKIABO00000000000001"));
	assert_found(&w, ENDED, "3");
	assert_true(note_says(&w, "user bob: "));
	small_end(&w);
}

/* Sessions ----------------------------------------------------------------- */

#define ASSUME_UNTIL(role, name, key, until)                                 \
	",\"requestParameters\":{\"roleArn\":\"arn:aws:iam::" ACCOUNT        \
	":role/" role "\",\"roleSessionName\":\"" name                       \
	"\"},\"responseElements\":{\"credentials\":{\"accessKeyId\":\"" key  \
	"\",\"expiration\":\"Jan 9, 2026, " until "\"},\"assumedRoleUser\":" \
	"{\"assumedRoleId\":\"AROA-" role ":" name "\",\"arn\":\"x\"}}"

static void take_job(struct small_world *w, unsigned number)
{
	add_event(w, number, "06:00:00", BOB, "sts:AssumeRole", HERE, CLI,
		  ASSUME_UNTIL("job", "bob", JOB_K, "7:00:00 AM"));
}

static void expired_sessions(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	take_job(&w, 1);
	use(&w, 2, "06:59:00", JOB);
	/* A call that began in time may end late. */
	use(&w, 3, "07:15:00", JOB);
	assert_found(&w, EXPIRED, "");
	use(&w, 4, "07:15:01", JOB);
	assert_found(&w, EXPIRED, "4");
	assert_found(&w, ENDED, "");
	small_end(&w);
	/* Nothing says when it expires. */
	small_begin(&w);
	add_event(&w, 1, "06:00:00", BOB, "sts:AssumeRole", HERE, CLI,
		  ASSUME("job", "bob", JOB_K));
	use(&w, 2, "20:00:00", JOB);
	assert_found(&w, EXPIRED, "");
	small_end(&w);
	/* A console goes on for hours. */
	small_begin(&w);
	take_job(&w, 1);
	add_event(&w, 2, "06:01:00", JOB, "signin:GetSigninToken", HERE, CLI,
		  "");
	use(&w, 3, "09:00:00", JOB);
	assert_found(&w, EXPIRED, "");
	small_end(&w);
}

static void deleted_roles(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	take_job(&w, 1);
	admin(&w, 2, "06:10:00", "iam:DeleteRole",
	      PARAMETERS("\"roleName\":\"job\""));
	use(&w, 3, "06:20:00", JOB);
	use(&w, 4, "06:21:00",
	    ROLE("other", "bob", "06:00:00", "ASIAOTHER00000000001"));
	assert_found(&w, ENDED, "3");
	small_end(&w);
}

#define DENY_OLDER                                                           \
	"\"policyName\":\"AWSRevokeOlderSessions\",\"policyDocument\":\"{"   \
	"\\\"Version\\\":\\\"2012-10-17\\\",\\\"Statement\\\":[{\\\"Effect"  \
	"\\\":\\\"Deny\\\",\\\"Action\\\":[\\\"*\\\"],\\\"Resource\\\":"     \
	"[\\\"*\\\"],\\\"Condition\\\":{\\\"DateLessThan\\\":{\\\"aws:Token" \
	"IssueTime\\\":\\\"2026-01-09T06:10:00Z\\\"}}}]}\""

/* Sessions from before the time that the policy names have ended, whichever
 * was issued when it was written. */
static void revoked_sessions(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	take_job(&w, 1);
	admin(&w, 2, "06:10:05", "iam:PutRolePolicy",
	      PARAMETERS("\"roleName\":\"job\"," DENY_OLDER));
	use(&w, 3, "06:20:00", JOB);
	use(&w, 4, "06:20:00",
	    ROLE("job", "new", "06:10:01", "ASIANEW0000000000001"));
	assert_found(&w, ENDED, "3");
	small_end(&w);
}

#define BOX "i-0e6921bc7de8aa9e9"
#define APP \
	ROLE_MORE("web", BOX, "06:00:00", "ASIAAPP0000000000001", IMDS("2.0"))
#define STOP                                                             \
	PARAMETERS("\"instancesSet\":{\"items\":[{\"instanceId\":\"" BOX \
		   "\"}]}")

static void terminated_machines(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", SERVICE("ec2.amazonaws.com"),
		  "sts:AssumeRole", "ec2.amazonaws.com", "ec2.amazonaws.com",
		  ASSUME("web", BOX, "ASIAAPP0000000000001"));
	use(&w, 2, "06:05:00", APP);
	admin(&w, 3, "06:10:00", "ec2:TerminateInstances", STOP);
	use(&w, 4, "06:20:00", APP);
	assert_found(&w, ENDED, "4");
	small_end(&w);
}

/* What a key issued lives on: told with less weight, and only once what issued
 * it has ended after that. */
static void sessions_that_outlive(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	take_job(&w, 1);
	use(&w, 2, "06:05:00", JOB);
	admin(&w, 3, "06:10:00", "iam:UpdateAccessKey", STATUS("Inactive"));
	use(&w, 4, "06:12:00", JOB);
	assert_found(&w, OUTLIVES, "");
	use(&w, 5, "06:13:00", JOB);
	assert_found(&w, OUTLIVES, "5");
	assert_found(&w, ENDED, "");
	/* Its own end outweighs that of what issued it. */
	admin(&w, 6, "06:30:00", "iam:DeleteRole",
	      PARAMETERS("\"roleName\":\"job\""));
	use(&w, 7, "06:40:00", JOB);
	assert_found(&w, OUTLIVES, "5");
	assert_found(&w, ENDED, "7");
	small_end(&w);
	/* The key was active again when it issued the session. */
	small_begin(&w);
	admin(&w, 1, "05:00:00", "iam:UpdateAccessKey", STATUS("Inactive"));
	admin(&w, 2, "05:10:00", "iam:UpdateAccessKey", STATUS("Active"));
	take_job(&w, 3);
	use(&w, 4, "06:05:00", JOB);
	assert_found(&w, OUTLIVES, "");
	small_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inactive_keys),
		cmocka_unit_test(deleted_keys),
		cmocka_unit_test(deleted_users),
		cmocka_unit_test(expired_sessions),
		cmocka_unit_test(deleted_roles),
		cmocka_unit_test(revoked_sessions),
		cmocka_unit_test(terminated_machines),
		cmocka_unit_test(sessions_that_outlive),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
