/* SPDX-License-Identifier: MIT */
/* Doors that are opened to other accounts and organizations, who comes in, and
 * for the first time; keys that one hand uses in turn. */
#include "lineage_rules_help.h"

#define TAKEN      "Foreign account takes a role that was opened to it"
#define OPENED     "Role's trust opened to a foreign account"
#define OPENED_OWN "Role's trust opened to another own account"
#define BUCKET     "Bucket policy lets in a foreign account"
#define RESOURCE   "Resource opened to another own account"
#define TO_ALL     "Role opened to everybody in the world"
#define TO_THEIRS  "Role's trust opened to a foreign organization"
#define PUBLIC     "Bucket opened to everybody by its policy"
#define SHARED     "Resource opened to a foreign organization"
#define FUNCTION   "Lambda function callable by everybody"
#define SECRET     "Secret opened to a foreign account or everybody"
#define FIRST      "Foreign account takes a role for the first time"
#define FIRST_OWN  "Another own account takes a role for the first time"
#define IN_TURN    "Several keys of one hand used in turn"

#define CLI              "aws-cli/2.17.0 os/linux#6.8"
#define HERE             "198.51.100.30"
#define ABROAD           "203.0.113.66"
#define THEM             "999988887777"
#define SISTER           "444455556666"
#define ANN              USER("ann", "AKIAANN0000000000001")
#define DENIED           ",\"errorCode\":\"AccessDenied\""
#define EVERYONE         "*"
#define ROOT_OF(account) "arn:aws:iam::" account ":root"

static void read_site(struct small_world *w, const char *text)
{
	struct err err = ERR_INIT;

	assert_int_equal(site_read(&w->site, str_of(text), "site", &err),
			 ERR_OK);
}

/* An event of another account makes that account one's own. */
static void sister(struct small_world *w, unsigned number)
{
	add_event(w, number, "00:00:00", ANN, "s3:ListBuckets", HERE, CLI,
		  ",\"recipientAccountId\":\"" SISTER "\"");
}

/* Doors -------------------------------------------------------------------- */

#define TRUSTS(who)                                                        \
	",\"requestParameters\":{\"roleName\":\"door\",\"policyDocument\"" \
	":\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","            \
	"\\\"Principal\\\":{\\\"AWS\\\":\\\"" who                          \
	"\\\"},\\\"Action\\\":\\\"sts:AssumeRole\\\"}]}\"}"
#define CALLER(account)                                            \
	"{\"type\":\"AWSAccount\",\"principalId\":\"AIDA6RU73QDQR" \
	"EXAMPLEX\",\"accountId\":\"" account "\"}"
/* No two calls are given the same key. */
#define TAKES(role, key)                                              \
	",\"requestParameters\":{\"roleArn\":\"arn:aws:iam::" ACCOUNT \
	":role/" role "\",\"roleSessionName\":\"eve\"},"              \
	"\"responseElements\":{\"credentials\":{\"accessKeyId\":"     \
	"\"ASIADOOR00000000000" key "\"},\"assumedRoleUser\":{"       \
	"\"assumedRoleId\":\"AROA-" role ":eve\",\"arn\":\"x\"}}"

static void open_door(struct small_world *w, unsigned number, const char *clock,
		      const char *more)
{
	add_event(w, number, clock, ANN, "iam:UpdateAssumeRolePolicy", HERE,
		  CLI, more);
}

static void come_in(struct small_world *w, unsigned number, const char *clock,
		    const char *who, const char *more)
{
	add_event(w, number, clock, who, "sts:AssumeRole", ABROAD, CLI, more);
}

static void doors_that_are_taken(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	come_in(&w, 1, "05:00:00", CALLER(THEM), TAKES("door", "1"));
	open_door(&w, 2, "06:00:00", TRUSTS(ROOT_OF(THEM)));
	assert_found(&w, TAKEN, "");
	come_in(&w, 3, "07:00:00", CALLER(THEM), TAKES("door", "2"));
	come_in(&w, 4, "07:01:00", CALLER(THEM), TAKES("window", "3"));
	come_in(&w, 5, "07:02:00", CALLER("777788889999"), TAKES("door", "4"));
	assert_found(&w, TAKEN, "3");
	assert_true(note_says(&w,
			      "taken by account " THEM ", foreign; its role "
			      "was opened by key AKIAANN0000000000001"));
	read_site(&w, "vendor " THEM " Acme\n");
	assert_found(&w, TAKEN, "");
	small_end(&w);
	/* Opened to everybody, anybody may have come by it. */
	small_begin(&w);
	open_door(&w, 1, "06:00:00", TRUSTS(EVERYONE));
	come_in(&w, 2, "07:00:00", CALLER(THEM), TAKES("door", "5"));
	assert_found(&w, TAKEN, "2");
	small_end(&w);
	/* Refused, it was never open. */
	small_begin(&w);
	open_door(&w, 1, "06:00:00", TRUSTS(ROOT_OF(THEM)) DENIED);
	come_in(&w, 2, "07:00:00", CALLER(THEM), TAKES("door", "6"));
	assert_found(&w, TAKEN, "");
	small_end(&w);
}

static void doors_and_whose_they_are(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	open_door(&w, 1, "06:00:00", TRUSTS(ROOT_OF(THEM)));
	open_door(&w, 2, "06:01:00", TRUSTS(ROOT_OF(ACCOUNT)));
	assert_found(&w, OPENED, "1");
	assert_true(note_says(&w, ": account " THEM ", foreign"));
	assert_found(&w, OPENED_OWN, "");
	sister(&w, 3);
	open_door(&w, 4, "06:02:00", TRUSTS(ROOT_OF(SISTER)));
	assert_found(&w, OPENED, "1");
	assert_found(&w, OPENED_OWN, "4");
	read_site(&w, "vendor " THEM " Acme\n");
	assert_found(&w, OPENED, "");
	assert_found(&w, OPENED_OWN, "1 4");
	small_end(&w);
}

#define LETS_IN(who)                                                          \
	",\"requestParameters\":{\"bucketName\":\"shop\",\"bucketPolicy\":"   \
	"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" who \
	"\"},\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}}"

static void resources(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	sister(&w, 1);
	add_event(&w, 2, "06:00:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  LETS_IN(ROOT_OF(THEM)));
	add_event(&w, 3, "06:01:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  LETS_IN(ROOT_OF(SISTER)));
	add_event(&w, 4, "06:02:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  LETS_IN(ROOT_OF(ACCOUNT)));
	assert_found(&w, BUCKET, "2");
	assert_found(&w, RESOURCE, "3");
	small_end(&w);
}

/* Organizations ------------------------------------------------------------- */

#define OURS   "o-a1b2c3d4e5"
#define THEIRS "o-z1b2c3d4e5"
#define OF(id)                                                                 \
	",\\\"Condition\\\":{\\\"StringEquals\\\":{\\\"aws:PrincipalOrgID\\\"" \
	":\\\"" id "\\\"}}"
#define TRUSTS_IF(who, condition)                                          \
	",\"requestParameters\":{\"roleName\":\"door\",\"policyDocument\"" \
	":\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","            \
	"\\\"Principal\\\":{\\\"AWS\\\":\\\"" who                          \
	"\\\"},\\\"Action\\\":\\\"sts:AssumeRole\\\"" condition "}]}\"}"

static void doors_of_organizations(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	open_door(&w, 1, "06:00:00", TRUSTS_IF(EVERYONE, OF(OURS)));
	open_door(&w, 2, "06:01:00", TRUSTS_IF(EVERYONE, OF(THEIRS)));
	open_door(&w, 3, "06:02:00", TRUSTS_IF(ROOT_OF(THEM), OF(OURS)));
	open_door(&w, 4, "06:03:00", TRUSTS(EVERYONE));
	open_door(&w, 5, "06:04:00", TRUSTS_IF(EVERYONE, OF(OURS)) DENIED);
	come_in(&w, 6, "07:00:00", CALLER("777788889999"), TAKES("gate", "1"));
	/* Nothing says whose they are. */
	assert_found(&w, TO_ALL, "4");
	assert_found(&w, TO_THEIRS, "1 2 3");
	assert_true(note_says(&w, "the policy names organization " OURS
				  ": nothing says which is one's own"));
	assert_found(&w, OPENED_OWN, "");
	assert_found(&w, OPENED, "");
	read_site(&w, "organization " OURS "\n");
	assert_found(&w, TO_ALL, "4");
	assert_found(&w, TO_THEIRS, "2");
	assert_true(note_says(&w, "organization " THEIRS ", foreign"));
	assert_found(&w, OPENED_OWN, "1 3");
	assert_true(note_says(&w, "organization " OURS ", one's own"));
	small_end(&w);
}

/* Whoever is of the organization may come; of one's own, that is no news. */
static void doors_of_organizations_taken(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	read_site(&w, "organization " OURS "\n");
	open_door(&w, 1, "06:00:00", TRUSTS_IF(EVERYONE, OF(OURS)));
	come_in(&w, 2, "07:00:00", CALLER(THEM), TAKES("door", "1"));
	assert_found(&w, TAKEN, "");
	small_end(&w);
	small_begin(&w);
	read_site(&w, "organization " OURS "\n");
	open_door(&w, 1, "06:00:00", TRUSTS_IF(EVERYONE, OF(THEIRS)));
	come_in(&w, 2, "07:00:00", CALLER(THEM), TAKES("door", "2"));
	assert_found(&w, TAKEN, "2");
	small_end(&w);
}

#define BUCKET_IF(who, condition)                                             \
	",\"requestParameters\":{\"bucketName\":\"shop\",\"bucketPolicy\":"   \
	"{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"" who \
	"\"},\"Action\":\"s3:GetObject\",\"Resource\":\"*\",\"Condition\":"   \
	"{" condition "}}]}}"
#define IS(key, value) "\"StringEquals\":{\"" key "\":\"" value "\"}"
#define SECRET_IF(condition)                                              \
	",\"requestParameters\":{\"secretId\":\"db\",\"resourcePolicy\":" \
	"\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","            \
	"\\\"Principal\\\":\\\"*\\\"" condition "}]}\"}"
#define PERMITS(more)                                                   \
	",\"requestParameters\":{\"functionName\":\"f\",\"principal\":" \
	"\"*\"" more "}"

static void resources_of_organizations(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	read_site(&w, "organization " OURS "\n");
	add_event(&w, 1, "06:00:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  BUCKET_IF(EVERYONE, IS("aws:PrincipalOrgID", OURS)));
	add_event(&w, 2, "06:01:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  BUCKET_IF(EVERYONE, IS("aws:PrincipalOrgID", THEIRS)));
	add_event(&w, 3, "06:02:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  BUCKET_IF(EVERYONE, IS("aws:ResourceOrgID", OURS)));
	add_event(&w, 4, "06:03:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  BUCKET_IF(EVERYONE,
			    IS("aws:ResourceOrgID", "${aws:PrincipalOrgID}")));
	add_event(&w, 5, "06:04:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  BUCKET_IF(ROOT_OF(THEM), IS("aws:PrincipalOrgID", OURS)));
	add_event(&w, 6, "06:05:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  BUCKET_IF(EVERYONE, IS("s3:x-amz-acl", "private")));
	/* Refused, it was not looked into: only what has no condition. */
	add_event(&w, 7, "06:06:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  BUCKET_IF(EVERYONE, IS("s3:x-amz-acl", "private")) DENIED);
	add_event(&w, 8, "06:07:00", ANN, "s3:PutBucketPolicy", HERE, CLI,
		  LETS_IN(EVERYONE) DENIED);
	assert_found(&w, PUBLIC, "3 6 8");
	assert_found(&w, SHARED, "2");
	assert_found(&w, BUCKET, "");
	assert_found(&w, RESOURCE, "1 5");
	small_end(&w);
	small_begin(&w);
	read_site(&w, "organization " OURS "\n");
	add_event(&w, 1, "06:00:00", ANN, "secretsmanager:PutResourcePolicy",
		  HERE, CLI, SECRET_IF(OF(OURS)));
	add_event(&w, 2, "06:01:00", ANN, "secretsmanager:PutResourcePolicy",
		  HERE, CLI, SECRET_IF(OF(THEIRS)));
	add_event(&w, 3, "06:02:00", ANN, "secretsmanager:PutResourcePolicy",
		  HERE, CLI, SECRET_IF(""));
	add_event(&w, 4, "06:03:00", ANN, "lambda:AddPermission20150331v2",
		  HERE, CLI, PERMITS(",\"principalOrgID\":\"" OURS "\""));
	add_event(&w, 5, "06:04:00", ANN, "lambda:AddPermission20150331v2",
		  HERE, CLI, PERMITS(",\"principalOrgID\":\"" THEIRS "\""));
	add_event(&w, 6, "06:05:00", ANN, "lambda:AddPermission20150331v2",
		  HERE, CLI, PERMITS(",\"sourceAccount\":\"" ACCOUNT "\""));
	add_event(&w, 7, "06:06:00", ANN, "lambda:AddPermission20150331v2",
		  HERE, CLI, PERMITS(""));
	assert_found(&w, SECRET, "3");
	assert_found(&w, SHARED, "2 5");
	assert_found(&w, FUNCTION, "7");
	assert_found(&w, RESOURCE, "1 4");
	small_end(&w);
}

/* Break-glass --------------------------------------------------------------- */

#define SAFE "Break-glass identity used"

static void break_glass(void **state)
{
	static const char named[] = "break-glass arn:aws:iam::" ACCOUNT
				    ":user/safe for fires\n";
	const char *safe = USER("safe", "AKIASAFE000000000001");
	const char *ops = ROLE("Ops", "safe", "06:10:00",
			       "ASIAOPS0000000000001");
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "05:00:00", ANN, "iam:ListUsers", HERE, CLI, "");
	add_event(&w, 2, "06:00:00", safe, "iam:ListUsers", ABROAD, CLI, "");
	add_event(&w, 3, "06:10:00", safe, "sts:AssumeRole", ABROAD, CLI,
		  ASSUME("Ops", "safe", "ASIAOPS0000000000001"));
	add_event(&w, 4, "06:11:00", ops, "s3:ListBuckets", ABROAD, CLI, "");
	add_event(&w, 5, "06:12:00", safe, "iam:CreateUser", ABROAD, CLI,
		  DENIED);
	/* Somebody else's session of the same role. */
	add_event(&w, 6, "06:20:00",
		  ROLE("Ops", "ann", "06:15:00", "ASIAOPS0000000000002"),
		  "s3:ListBuckets", HERE, CLI, "");
	assert_found(&w, SAFE, "");
	read_site(&w, named);
	assert_found(&w, SAFE, "2 3 4 5");
	assert_true(note_says(&w, "key AKIASAFE000000000001 came of user safe, "
				  "which the site file names as break-glass "
				  "(for fires)"));
	small_end(&w);
	/* A role may be one, whoever takes it. */
	small_begin(&w);
	read_site(&w, "break-glass arn:aws:iam::" ACCOUNT ":role/Ops\n");
	add_event(&w, 1, "06:00:00", ANN, "sts:AssumeRole", HERE, CLI,
		  ASSUME("Ops", "safe", "ASIAOPS0000000000001"));
	add_event(&w, 2, "06:11:00",
		  ROLE("Ops", "safe", "06:00:00", "ASIAOPS0000000000001"),
		  "s3:ListBuckets", HERE, CLI, "");
	assert_found(&w, SAFE, "2");
	small_end(&w);
}

/* First times --------------------------------------------------------------- */

static void first_times(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	come_in(&w, 1, "06:00:00", CALLER(THEM), TAKES("door", "7"));
	come_in(&w, 2, "07:00:00", CALLER(THEM), TAKES("door", "8"));
	come_in(&w, 3, "07:10:00", CALLER("777788889999"), TAKES("door", "9"));
	come_in(&w, 4, "07:20:00", CALLER(THEM), TAKES("window", "0"));
	come_in(&w, 5, "07:30:00", CALLER(THEM), TAKES("gate", "1") DENIED);
	/* One's own account is no other one. */
	come_in(&w, 6, "07:40:00", ANN, TAKES("gate", "2"));
	assert_found(&w, FIRST, "1 3 4");
	assert_true(note_says(&w, "first time that account " THEM ", foreign, "
				  "takes role window"));
	assert_true(note_says(&w, "; little to compare with"));
	assert_found(&w, FIRST_OWN, "");
	read_site(&w, "account " ACCOUNT "\naccount " THEM " lab\n");
	assert_found(&w, FIRST, "3");
	assert_found(&w, FIRST_OWN, "1 4");
	small_end(&w);
}

/* A role in somebody else's account is a matter for others. */
static void roles_elsewhere(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", ANN, "sts:AssumeRole", HERE, CLI,
		  ",\"requestParameters\":{\"roleArn\":\"arn:aws:iam::" THEM
		  ":role/drop\",\"roleSessionName\":\"ann\"},"
		  "\"responseElements\":{\"credentials\":{\"accessKeyId\":"
		  "\"ASIADROP000000000001\"},\"assumedRoleUser\":{"
		  "\"assumedRoleId\":\"AROA-drop:ann\",\"arn\":\"x\"}}");
	assert_found(&w, FIRST_OWN, "");
	assert_found(&w, FIRST, "");
	small_end(&w);
}

/* Keys in turn -------------------------------------------------------------- */

static void use(struct small_world *w, unsigned number, const char *clock,
		const char *who, const char *ip)
{
	add_event(w, number, clock, who, "s3:ListBuckets", ip, CLI, "");
}

#define BOB(n) USER("bob", "AKIABOB000000000000" n)

static void keys_of_one_user(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	use(&w, 1, "06:00:00", BOB("1"), HERE);
	use(&w, 2, "06:10:00", BOB("2"), ABROAD);
	use(&w, 3, "06:20:00", BOB("1"), HERE);
	use(&w, 4, "06:30:00", USER("dan", "AKIADAN0000000000001"), HERE);
	assert_found(&w, IN_TURN, "");
	use(&w, 5, "06:40:00", BOB("3"), HERE);
	use(&w, 6, "06:41:00", BOB("3"), HERE);
	assert_found(&w, IN_TURN, "5");
	assert_true(note_says(
		&w,
		"key AKIABOB0000000000003 is one of 3 keys of user bob that were used one after the other"));
	/* Each further one is told as well. */
	use(&w, 7, "06:50:00", BOB("4"), HERE);
	assert_found(&w, IN_TURN, "5 7");
	small_end(&w);
}

#define MAKES_USER(name)                                                  \
	",\"requestParameters\":{\"userName\":\"" name "\"},"             \
	"\"responseElements\":{\"user\":{\"userName\":\"" name            \
	"\",\"userId\":\"AIDA-" name "\",\"arn\":\"arn:aws:iam::" ACCOUNT \
	":user/" name "\"}}"

static void keys_of_users_made(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "05:00:00", ANN, "iam:CreateUser", HERE, CLI,
		  MAKES_USER("one"));
	add_event(&w, 2, "05:00:01", ANN, "iam:CreateUser", HERE, CLI,
		  MAKES_USER("two"));
	add_event(&w, 3, "05:00:02", ANN, "iam:CreateUser", HERE, CLI,
		  MAKES_USER("three"));
	use(&w, 4, "06:00:00", USER("one", "AKIAONE0000000000001"), ABROAD);
	use(&w, 5, "06:10:00", USER("two", "AKIATWO0000000000001"), ABROAD);
	/* Somebody else's, from there as well; the third from elsewhere. */
	use(&w, 6, "06:20:00", USER("dan", "AKIADAN0000000000001"), ABROAD);
	use(&w, 7, "06:30:00", USER("three", "AKIATHREE00000000001"), HERE);
	assert_found(&w, IN_TURN, "");
	use(&w, 8, "06:40:00", USER("three", "AKIATHREE00000000001"), ABROAD);
	assert_found(&w, IN_TURN, "8");
	assert_true(note_says(&w, "made, for himself or others, that were used "
				  "from " ABROAD));
	/* Behind the office's address are many. */
	read_site(&w, "network 203.0.113.0/24 office\n");
	assert_found(&w, IN_TURN, "");
	small_end(&w);
}

/* A day, and no more: the third comes too late for the first. */
static void keys_over_two_days(void **state)
{
	static const char head[] =
		"title: T\nid: 00000000-0000-4000-8000-000000000001\n"
		"level: low\nlineage: {detect: keys-in-turn, at-least: 3, "
		"within-minutes: 60}\n";
	struct ruleset *rs = ruleset_new();
	struct small_world w;
	struct strbuf found;

	(void)state;
	ruleset_add_text(rs, "t.yml", str_of(head), false);
	ruleset_seal(rs);
	strbuf_init(&found);
	small_begin(&w);
	use(&w, 1, "06:00:00", BOB("1"), HERE);
	use(&w, 2, "06:30:00", BOB("2"), HERE);
	use(&w, 3, "07:00:01", BOB("3"), HERE);
	find_with(&w, rs, "T", &found);
	assert_int_equal(found.n, 0);
	use(&w, 4, "07:30:00", BOB("4"), HERE);
	find_with(&w, rs, "T", &found);
	assert_string_equal(found.p, "4");
	small_end(&w);
	strbuf_release(&found);
	ruleset_free(rs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doors_that_are_taken),
		cmocka_unit_test(doors_and_whose_they_are),
		cmocka_unit_test(resources),
		cmocka_unit_test(doors_of_organizations),
		cmocka_unit_test(doors_of_organizations_taken),
		cmocka_unit_test(resources_of_organizations),
		cmocka_unit_test(break_glass),
		cmocka_unit_test(first_times),
		cmocka_unit_test(roles_elsewhere),
		cmocka_unit_test(keys_of_one_user),
		cmocka_unit_test(keys_of_users_made),
		cmocka_unit_test(keys_over_two_days),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
