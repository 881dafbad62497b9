/* SPDX-License-Identifier: MIT */
/*
 * What has to be revoked, asked of drawn graphs: what is expected follows from
 * the graph as it is written and from what question.h says.
 */
#include "question_help.h"

/* An address leads to what was used there, from then on; a session's key to
 * its session; an account to who is in it. None of them goes further that way:
 * the address of somebody in reach is not in reach. */
static void test_used(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d,
	     "03T04:00:00 X owns P:eve K:AKIA1\n"
	     "03T05:00:00 RunInstances created K:AKIA1 C:i-1\n"
	     "03T06:00:00 ListUsers used_from K:AKIA1 IP:203.0.113.66\n"
	     "03T07:00:00 CreateUser created K:AKIA1 P:bob\n"
	     "03T08:00:00 X has_key S:AROA:x@2026-10-03T08:00:00Z K:ASIA1\n"
	     "03T08:00:00 X session_of S:AROA:x@2026-10-03T08:00:00Z P:r\n"
	     "03T08:00:00 X in_account P:r A:111122223333\n"
	     "03T08:10:00 ListUsers used_from S:AROA:x@2026-10-03T08:00:00Z "
	     "IP:203.0.113.66\n"
	     "03T08:20:00 AssumeRole issued S:AROA:x@2026-10-03T08:00:00Z "
	     "S:AROB:y@2026-10-03T08:20:00Z\n"
	     "03T08:20:00 X session_of S:AROB:y@2026-10-03T08:20:00Z P:s\n");
	expect_reach(&d, "IP:203.0.113.66", &plain,
		     "K:AKIA1 used_from\n"
		     "P:bob created\n"
		     "S:AROA:x@2026-10-03T08:00:00Z used_from\n"
		     "K:ASIA1 has_key\n"
		     "S:AROB:y@2026-10-03T08:20:00Z issued\n");
	expect_reach(&d, "K:ASIA1", &plain,
		     "S:AROA:x@2026-10-03T08:00:00Z has_key\n"
		     "S:AROB:y@2026-10-03T08:20:00Z issued\n");
	expect_reach(&d, "A:111122223333", &plain,
		     "P:r in_account\n"
		     "S:AROA:x@2026-10-03T08:00:00Z session_of\n"
		     "K:ASIA1 has_key\n"
		     "S:AROB:y@2026-10-03T08:20:00Z issued\n");
	/* A role's session that a role's session issued lasts an hour. */
	expect_revoke(&d, "IP:203.0.113.66",
		      "access_key K:AKIA1 0 -\n"
		      "role_session S:AROA:x@2026-10-03T08:00:00Z 1 20:00:00 "
		      "at most\n"
		      "role_session S:AROB:y@2026-10-03T08:20:00Z 1 09:20:00 "
		      "at most\n");
	expect_revoke(&d, "K:ASIA1",
		      "role_session S:AROA:x@2026-10-03T08:00:00Z 1 20:00:00 "
		      "at most\n"
		      "role_session S:AROB:y@2026-10-03T08:20:00Z 1 09:20:00 "
		      "at most\n");
	drawn_release(&d);
}

static void test_revoke_keys(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d,
	     "03T01:00:00 X owns P:arn:aws:iam::1:user/eve K:AKIALIVE\n"
	     "03T01:00:01 X owns P:arn:aws:iam::1:user/eve K:AKIAGONE\n"
	     "03T01:00:02 X owns P:arn:aws:iam::1:user/eve K:AKIAOFF\n"
	     "03T01:00:03 X owns P:arn:aws:iam::1:user/eve K:AKIABACK\n"
	     "03T02:00:00 DeleteAccessKey end K:AKIAGONE END_KEY_DELETED\n"
	     "03T02:00:00 UpdateAccessKey end K:AKIAOFF END_KEY_INACTIVE\n"
	     "03T02:00:00 UpdateAccessKey end K:AKIABACK END_KEY_INACTIVE\n"
	     "03T02:10:00 UpdateAccessKey end K:AKIABACK END_KEY_ACTIVE\n"
	     /* What a dead key issued lives on: for 36 hours, and 12. */
	     "03T01:30:00 GetFederationToken issued K:AKIAGONE "
	     "S:1:fed@2026-10-03T01:30:00Z\n"
	     "03T01:30:00 X is S:1:fed@2026-10-03T01:30:00Z federated\n"
	     "03T01:40:00 AssumeRole issued K:AKIAOFF "
	     "S:AROA:x@2026-10-03T01:40:00Z\n"
	     "03T01:40:00 X session_of S:AROA:x@2026-10-03T01:40:00Z "
	     "P:arn:aws:iam::1:role/r\n"
	     /* This one expired before the evidence ends. */
	     "03T01:41:00 AssumeRole issued K:AKIAOFF "
	     "S:AROA:y@2026-10-03T01:41:00Z\n"
	     "03T01:41:00 X expires S:AROA:y@2026-10-03T01:41:00Z 02:41:00\n"
	     "03T03:00:00 ListUsers acts K:AKIALIVE\n");
	expect_revoke(&d, "P:arn:aws:iam::1:user/eve",
		      "access_key K:AKIABACK 0 -\n"
		      "access_key K:AKIALIVE 0 -\n"
		      "federation_session S:1:fed@2026-10-03T01:30:00Z 1 "
		      "13:30:00 at most\n"
		      "role_session S:AROA:x@2026-10-03T01:40:00Z 1 13:40:00 "
		      "at most\n");
	drawn_release(&d);
}

/* Revoked sessions are those issued before; a machine's end is none. */
static void test_revoke_sessions(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, "03T00:30:00 X owns P:eve K:AKIA\n"
		 "03T01:00:00 AssumeRole issued K:AKIA "
		 "S:AROA:x@2026-10-03T01:00:00Z\n"
		 "03T03:00:00 AssumeRole issued K:AKIA "
		 "S:AROA:x@2026-10-03T03:00:00Z\n"
		 "03T03:30:00 AssumeRole issued K:AKIA "
		 "S:AROA:x@2026-10-03T03:30:00Z\n"
		 "03T01:00:00 X session_of S:AROA:x@2026-10-03T01:00:00Z P:r\n"
		 "03T03:00:00 X session_of S:AROA:x@2026-10-03T03:00:00Z P:r\n"
		 "03T03:30:00 X session_of S:AROA:x@2026-10-03T03:30:00Z P:r\n"
		 "03T02:00:00 PutRolePolicy end P:r END_REVOKED "
		 "before=02:00:00\n"
		 "03T01:00:00 RunInstances created K:AKIA C:i-1\n"
		 "03T01:00:00 X runs_as C:i-1 S:AROB:i-1@2026-10-03T01:00:00Z\n"
		 "03T01:00:00 RunInstances created K:AKIA C:i-2\n"
		 "03T01:00:00 X runs_as C:i-2 S:AROB:i-2@2026-10-03T01:00:00Z\n"
		 "03T01:00:00 X expires S:AROB:i-2@2026-10-03T01:00:00Z "
		 "07:00:00\n"
		 "03T02:00:00 TerminateInstances end C:i-2 END_TERMINATED\n"
		 "03T01:00:00 RunInstances created K:AKIA C:i-3\n"
		 "03T04:00:00 ListUsers acts P:else\n");
	expect_revoke(&d, "K:AKIA",
		      "access_key K:AKIA 0 -\n"
		      "role_session S:AROA:x@2026-10-03T03:30:00Z 2 15:30:00 "
		      "at most\n"
		      "instance_credentials C:i-1 1 -\n"
		      "instance_credentials C:i-2 1 07:00:00\n");
	drawn_release(&d);
}

/* With a role go the sessions up to the second in which it was deleted; one of
 * that name that was made again has sessions of its own. */
static void test_revoke_deleted(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, "03T00:30:00 X owns P:eve K:AKIA\n"
		 "03T01:59:59 AssumeRole issued K:AKIA "
		 "S:AROA:x@2026-10-03T01:59:59Z\n"
		 "03T02:00:00 AssumeRole issued K:AKIA "
		 "S:AROA:x@2026-10-03T02:00:00Z\n"
		 "03T02:00:01 AssumeRole issued K:AKIA "
		 "S:AROA:x@2026-10-03T02:00:01Z\n"
		 "03T01:59:59 X session_of S:AROA:x@2026-10-03T01:59:59Z P:r\n"
		 "03T02:00:00 X session_of S:AROA:x@2026-10-03T02:00:00Z P:r\n"
		 "03T02:00:01 X session_of S:AROA:x@2026-10-03T02:00:01Z P:r\n"
		 "03T02:00:00 DeleteRole end P:r END_ROLE_DELETED\n"
		 "03T04:00:00 ListUsers acts P:else\n");
	expect_revoke(&d, "K:AKIA",
		      "access_key K:AKIA 0 -\n"
		      "role_session S:AROA:x@2026-10-03T02:00:01Z 1 14:00:01 "
		      "at most\n");
	drawn_release(&d);
}

/* Of what is no session nothing is known, whatever stood there before. */
static void test_no_session(void **state)
{
	struct lineage_session s = { .issued = 1, .expires = 2 };
	struct drawn d;

	(void)state;
	draw(&d, "03T00:30:00 X owns P:eve K:AKIA\n");
	assert_false(lineage_session(&d.l, node_of(&d.l, "K:AKIA"), &s));
	assert_true(s.issued == TIME_NONE);
	assert_true(s.expires == TIME_NONE);
	assert_int_equal(s.name.n, 0);
	drawn_release(&d);
}

static void test_revoke_gifts(void **state)
{
	struct drawn d;

	(void)state;
	draw(&d, "03T00:30:00 X owns P:eve K:AKIA\n"
		 "03T01:00:00 CreateLoginProfile modified_auth K:AKIA P:bob\n"
		 "03T01:00:01 UpdateLoginProfile on K:AKIA P:bob\n"
		 "03T01:00:02 CreateLoginProfile modified_auth K:AKIA P:joe\n"
		 "03T02:00:00 DeleteLoginProfile on K:admin P:joe\n"
		 "03T01:10:00 CreateLoginProfile on K:admin P:bob\n"
		 "03T01:30:00 CreateTrustAnchor acts K:AKIA rolesanywhere\n"
		 "03T01:40:00 UpdateAssumeRolePolicy trusts P:r "
		 "P:acct:999988887777 by=K:AKIA\n"
		 "03T01:40:00 UpdateAssumeRolePolicy trusts P:q "
		 "P:acct:999988887777 by=K:AKIA\n"
		 "03T01:50:00 UpdateAssumeRolePolicy on K:admin P:q\n"
		 "03T04:00:00 ListUsers acts P:else\n");
	expect_revoke(&d, "K:AKIA",
		      "access_key K:AKIA 0 -\n"
		      "console_password P:bob 0 -\n"
		      "identity_provider K:AKIA 0 -\n"
		      "trust_policy P:q 0 - rewritten\n"
		      "trust_policy P:r 0 -\n");
	drawn_release(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_used),
		cmocka_unit_test(test_revoke_keys),
		cmocka_unit_test(test_revoke_sessions),
		cmocka_unit_test(test_revoke_deleted),
		cmocka_unit_test(test_no_session),
		cmocka_unit_test(test_revoke_gifts),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
