/* SPDX-License-Identifier: MIT */
/* Keys that change hands, roles from roles, accounts that are not one's own:
 * what is found, and what is not although it looks like it. */
#include "lineage_rules_help.h"

#define EXPOSED     "Key used where somebody else had just read a file"
#define MADE        "New key first used from another network"
#define NEW         "Role takes a role that it never took before"
#define LONG        "Chain of roles over several accounts"
#define POD         "Pod's role used to look around"
#define OUTSIDER    "Role assumed by an account outside the site"
#define VENDOR      "Vendor takes its role without external ID"
#define ABROAD_ROLE "Role of an account outside the site assumed"
#define OTHER_ROLE  "Role of another account assumed"

#define CLI    "aws-cli/2.17.0 os/linux#6.8"
#define HERE   "198.51.100.30"
#define ABROAD "203.0.113.66"
#define ANN_K  "AKIAANN0000000000001"
#define NEW_K  "AKIANEW0000000000001"
#define ANN    USER("ann", ANN_K)

static void read_site(struct small_world *w, const char *text)
{
	struct err err = ERR_INIT;

	assert_int_equal(site_read(&w->site, str_of(text), "site", &err),
			 ERR_OK);
}

/* Keys --------------------------------------------------------------------- */

static void exposed_keys(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00",
		  ROLE("web", "app", "05:00:00", "ASIAWEB0000000000001"),
		  "s3:GetObject", ABROAD, CLI,
		  ",\"requestParameters\":{\"key\":\"deploy.sh\"}");
	add_event(&w, 2, "06:20:00", ANN, "s3:ListBuckets", ABROAD, CLI, "");
	add_event(&w, 3, "06:21:00", ANN, "s3:ListBuckets", ABROAD, CLI, "");
	/* Address, agent, no other address, name: six, and five are asked. */
	assert_found(&w, EXPOSED, "2");
	assert_true(note_says(&w, "key " ANN_K " used from " ABROAD " after "
				  "session web/app had read"));
	assert_true(note_says(&w, "score 6: same address +2"));
	read_site(&w, "network 203.0.113.0/24 office\n");
	assert_found(&w, EXPOSED, "");
	small_end(&w);
	/* Another agent: four, which is a hint and no alert. */
	small_begin(&w);
	add_event(&w, 1, "06:00:00",
		  ROLE("web", "app", "05:00:00", "ASIAWEB0000000000001"),
		  "s3:GetObject", ABROAD, "Boto3/1",
		  ",\"requestParameters\":{\"key\":\"deploy.sh\"}");
	add_event(&w, 2, "06:20:00", ANN, "s3:ListBuckets", ABROAD, CLI, "");
	assert_found(&w, EXPOSED, "");
	small_end(&w);
}

#define CREATE(key, user)                                              \
	",\"responseElements\":{\"accessKey\":{\"accessKeyId\":\"" key \
	"\",\"userName\":\"" user "\",\"status\":\"Active\"}}"

static void made_then_elsewhere(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", ANN, "iam:CreateAccessKey", HERE, CLI,
		  CREATE(NEW_K, "ann"));
	add_event(&w, 2, "07:00:00", USER("ann", NEW_K), "s3:ListBuckets",
		  ABROAD, CLI, "");
	add_event(&w, 3, "07:01:00", USER("ann", NEW_K), "s3:ListBuckets",
		  ABROAD, CLI, "");
	assert_found(&w, MADE, "2");
	assert_true(note_says(&w, "made from " HERE " by key " ANN_K
				  ", first used from " ABROAD));
	read_site(&w, "network 203.0.113.0/24 runners\n");
	assert_found(&w, MADE, "");
	small_end(&w);
}

static void made_and_used_at_home(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", ANN, "iam:CreateAccessKey", HERE, CLI,
		  CREATE(NEW_K, "ann"));
	/* The same /16 first; a service; then it may go where it likes. */
	add_event(&w, 2, "07:00:00", USER("ann", NEW_K), "s3:ListBuckets",
		  "cloudformation.amazonaws.com", CLI, "");
	add_event(&w, 3, "07:00:00", USER("ann", NEW_K), "s3:ListBuckets",
		  "198.51.7.7", CLI, "");
	add_event(&w, 4, "07:01:00", USER("ann", NEW_K), "s3:ListBuckets",
		  ABROAD, CLI, "");
	assert_found(&w, MADE, "");
	small_end(&w);
	/* Refused: there is no such key. */
	small_begin(&w);
	add_event(&w, 1, "06:00:00", ANN, "iam:CreateAccessKey", HERE, CLI,
		  ",\"errorCode\":\"AccessDenied\"");
	add_event(&w, 2, "07:00:00", USER("ann", NEW_K), "s3:ListBuckets",
		  ABROAD, CLI, "");
	assert_found(&w, MADE, "");
	small_end(&w);
}

/* Chains ------------------------------------------------------------------- */

#define JOB_K "ASIAJOB0000000000001"
#define TWO_K "ASIATWO0000000000001"
#define JOB   ROLE("deploy", "job", "00:00:00", JOB_K)

/* Rules with a small baseline: the built-in one asks for a day. */
static const char new_rule[] =
	"title: New\nid: 00000000-0000-4000-8000-000000000001\nlevel: low\n"
	"lineage: {detect: role-chain-new, baseline-hours: 2, "
	"baseline-events: 3}\n";

static void assert_new(struct small_world *w, const char *expected)
{
	struct ruleset *rs = ruleset_new();
	struct strbuf found;

	ruleset_add_text(rs, "new.yml", str_of(new_rule), false);
	ruleset_seal(rs);
	strbuf_init(&found);
	find_with(w, rs, "New", &found);
	assert_str_eq(strbuf_str(&found), str_of(expected));
	strbuf_release(&found);
	ruleset_free(rs);
}

static void new_pairs_of_roles(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "03:00:00", JOB, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 2, "03:10:00", JOB, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 13, "03:11:00", JOB, "s3:ListBuckets", HERE, CLI, "");
	/* Three events before, but not two hours. */
	add_event(&w, 3, "04:30:00", JOB, "sts:AssumeRole", HERE, CLI,
		  ASSUME("app", "job", TWO_K));
	assert_new(&w, "");
	/* Seen before: no news. */
	add_event(&w, 4, "05:30:00", JOB, "sts:AssumeRole", HERE, CLI,
		  ASSUME("app", "job", "ASIATWO0000000000002"));
	assert_new(&w, "");
	add_event(&w, 5, "05:40:00", JOB, "sts:AssumeRole", HERE, CLI,
		  ASSUME("admin", "job", "ASIATWO0000000000003"));
	add_event(&w, 6, "05:50:00", JOB, "sts:AssumeRole", HERE, CLI,
		  ASSUME("admin", "job", "ASIATWO0000000000004"));
	/* Its own role again, and one that was refused. */
	add_event(&w, 7, "05:51:00", JOB, "sts:AssumeRole", HERE, CLI,
		  ASSUME("deploy", "job", "ASIATWO0000000000005"));
	add_event(&w, 8, "05:52:00", JOB, "sts:AssumeRole", HERE, CLI,
		  ",\"errorCode\":\"AccessDenied\"");
	assert_new(&w, "5");
	assert_true(note_says(&w, "took role admin, which"));
	/* A user is no role. */
	add_event(&w, 9, "02:00:00", ANN, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 10, "03:00:00", ANN, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 11, "03:30:00", ANN, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 12, "06:00:00", ANN, "sts:AssumeRole", HERE, CLI,
		  ASSUME("admin", "ann", "ASIATWO0000000000006"));
	assert_new(&w, "5");
	small_end(&w);
}

static void too_few_events_before(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "01:00:00", JOB, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 2, "02:00:00", JOB, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 3, "06:30:00", JOB, "sts:AssumeRole", HERE, CLI,
		  ASSUME("app", "job", TWO_K));
	assert_new(&w, "");
	small_end(&w);
}

/* A session of a role in some account, named in the issuing answer. */
static const char *role_in(struct small_world *w, const char *account,
			   const char *role, const char *since, const char *key)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "{\"type\":\"AssumedRole\",\"principalId\":\"AROA-%s:eve\","
		 "\"arn\":\"arn:aws:sts::%s:assumed-role/%s/eve\","
		 "\"accountId\":\"%s\",\"accessKeyId\":\"%s\","
		 "\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\","
		 "\"arn\":\"arn:aws:iam::%s:role/%s\"},\"attributes\":"
		 "{\"creationDate\":\"2026-01-09T%sZ\"}}}",
		 role, account, role, account, key, account, role, since);
	return arena_dup(&w->arena, str_of(text)).p;
}

static const char *assume_in(struct small_world *w, const char *account,
			     const char *role, const char *key,
			     const char *recipient)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 ",\"recipientAccountId\":\"%s\",\"requestParameters\":"
		 "{\"roleArn\":\"arn:aws:iam::%s:role/%s\",\"roleSessionName\":"
		 "\"eve\"},\"responseElements\":{\"credentials\":"
		 "{\"accessKeyId\":\"%s\"},\"assumedRoleUser\":"
		 "{\"assumedRoleId\":\"AROA-%s:eve\",\"arn\":\"x\"}}",
		 recipient, account, role, key, role);
	return arena_dup(&w->arena, str_of(text)).p;
}

static void add_chain(struct small_world *w, const char *second,
		      const char *third)
{
	add_event(w, 1, "06:00:00", ANN, "sts:AssumeRole", HERE, CLI,
		  assume_in(w, ACCOUNT, "one", "ASIAONE0000000000001",
			    ACCOUNT));
	add_event(w, 2, "06:01:00",
		  role_in(w, ACCOUNT, "one", "06:00:00",
			  "ASIAONE0000000000001"),
		  "sts:AssumeRole", HERE, CLI,
		  assume_in(w, second, "two", "ASIATWO0000000000001", ACCOUNT));
	add_event(w, 3, "06:02:00",
		  role_in(w, second, "two", "06:01:00", "ASIATWO0000000000001"),
		  "sts:AssumeRole", HERE, CLI,
		  assume_in(w, third, "three", "ASIATHREE00000000001", second));
}

static void long_chains(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_chain(&w, "444455556666", "777788889999");
	assert_found(&w, LONG, "3");
	assert_true(note_says(&w, "session three/eve of 777788889999, taken "
				  "by session two/eve of 444455556666, taken "
				  "by session one/eve of " ACCOUNT
				  ", taken by key " ANN_K));
	small_end(&w);
	/* There and back. */
	small_begin(&w);
	add_chain(&w, "444455556666", ACCOUNT);
	assert_found(&w, LONG, "3");
	small_end(&w);
	/* All in one account. */
	small_begin(&w);
	add_chain(&w, ACCOUNT, ACCOUNT);
	assert_found(&w, LONG, "");
	small_end(&w);
}

/* Whose account ------------------------------------------------------------ */

#define CALLER(account)                                            \
	"{\"type\":\"AWSAccount\",\"principalId\":\"AIDA6RU73QDQR" \
	"EXAMPLEX\",\"accountId\":\"" account "\"}"
#define TAKES(more)                                                        \
	",\"requestParameters\":{\"roleArn\":\"arn:aws:iam::" ACCOUNT      \
	":role/door\",\"roleSessionName\":\"eve\"" more                    \
	"},\"responseElements\":{\"credentials\":{\"accessKeyId\":"        \
	"\"ASIADOOR000000000001\"},\"assumedRoleUser\":{\"assumedRoleId\"" \
	":\"AROA-door:eve\",\"arn\":\"x\"}}"

static void callers_from_outside(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", CALLER("999988887777"), "sts:AssumeRole",
		  ABROAD, CLI, TAKES(""));
	add_event(&w, 2, "06:00:10", CALLER("999988887777"), "sts:AssumeRole",
		  ABROAD, CLI, TAKES(",\"externalId\":\"x\""));
	assert_found(&w, OUTSIDER, "1");
	assert_true(note_says(&w, "account 999988887777, foreign"));
	assert_found(&w, VENDOR, "");
	read_site(&w, "vendor 999988887777 \"Acme monitoring\"\n");
	assert_found(&w, OUTSIDER, "");
	assert_found(&w, VENDOR, "1");
	assert_true(note_says(&w, "account 999988887777 (Acme monitoring), "
				  "vendor"));
	small_end(&w);
}

/* An account that delivered is one's own, unless the file says which are. */
static void callers_of_ones_own(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", CALLER("444455556666"), "sts:AssumeRole",
		  ABROAD, CLI, TAKES(""));
	assert_found(&w, OUTSIDER, "1");
	add_event(&w, 2, "06:00:00", ANN, "s3:ListBuckets", HERE, CLI,
		  ",\"recipientAccountId\":\"444455556666\"");
	assert_found(&w, OUTSIDER, "");
	read_site(&w, "account " ACCOUNT "\n");
	assert_found(&w, OUTSIDER, "1");
	read_site(&w, "account 444455556666 dev\n");
	assert_found(&w, OUTSIDER, "");
	small_end(&w);
}

static void roles_of_other_accounts(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", ANN, "sts:AssumeRole", HERE, CLI,
		  assume_in(&w, "999988887777", "drop", "ASIADROP000000000001",
			    ACCOUNT));
	assert_found(&w, ABROAD_ROLE, "1");
	assert_true(note_says(&w, "the role is of account 999988887777, "
				  "foreign"));
	read_site(&w, "account " ACCOUNT "\naccount 999988887777 prod\n");
	assert_found(&w, ABROAD_ROLE, "");
	small_end(&w);
	small_begin(&w);
	/* At home, and one of which nothing says whose it is. */
	add_event(&w, 1, "06:00:00", ANN, "sts:AssumeRole", HERE, CLI,
		  assume_in(&w, ACCOUNT, "ops", "ASIADROP000000000001",
			    ACCOUNT));
	add_event(&w, 2, "06:00:00", ANN, "sts:AssumeRole", HERE, CLI,
		  ",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"User: "
		  "arn:aws:iam::" ACCOUNT ":user/ann is not authorized to "
		  "perform: sts:AssumeRole on resource: arn:aws:iam::"
		  "999988887777:role/drop\"");
	assert_found(&w, ABROAD_ROLE, "");
	assert_found(&w, OTHER_ROLE, "2");
	small_end(&w);
}

/* What sessions do --------------------------------------------------------- */

#define POD_K "ASIAPOD0000000000001"
#define CART                                                          \
	WEB("arn:aws:iam::" ACCOUNT ":oidc-provider/oidc.eks.eu.amaz" \
	    "onaws.com/id/1:sts.amazonaws.com:system:serviceaccount:s:c")
#define IN_POD ROLE("pod", "p", "06:00:00", POD_K)

static void pods(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", CART, "sts:AssumeRoleWithWebIdentity",
		  HERE, CLI, ASSUME("pod", "p", POD_K));
	add_event(&w, 2, "06:01:00", IN_POD, "s3:GetObject", HERE, CLI, "");
	add_event(&w, 3, "06:02:00", IN_POD, "iam:ListUsers", HERE, CLI,
		  ",\"errorCode\":\"AccessDenied\"");
	add_event(&w, 4, "06:03:00", IN_POD, "iam:ListUsers", HERE, CLI,
		  ",\"errorCode\":\"AccessDenied\"");
	add_event(&w, 5, "06:04:00", IN_POD, "lambda:ListFunctions20150331",
		  HERE, CLI, "");
	assert_found(&w, POD, "");
	add_event(&w, 6, "06:05:00", IN_POD, "iam:CreateUser", HERE, CLI, "");
	assert_found(&w, POD, "3 4 5 6");
	assert_true(note_says(
		&w, "3 kinds of such calls; opened by web identity "));
	small_end(&w);
}

/* The same calls by others. */
static void no_pods(void **state)
{
	static const char *const calls[] = { "iam:ListUsers", "iam:ListRoles",
					     "iam:CreateUser" };
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", WEB("app.example.com:a:u1"),
		  "sts:AssumeRoleWithWebIdentity", HERE, CLI,
		  ASSUME("pod", "p", POD_K));
	for (unsigned i = 0; i < 3; i++) {
		add_event(&w, 2 + i, "06:01:00", IN_POD, calls[i], HERE, CLI,
			  "");
		add_event(&w, 5 + i, "06:01:00", ANN, calls[i], HERE, CLI, "");
	}
	assert_found(&w, POD, "");
	small_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exposed_keys),
		cmocka_unit_test(made_then_elsewhere),
		cmocka_unit_test(made_and_used_at_home),
		cmocka_unit_test(new_pairs_of_roles),
		cmocka_unit_test(too_few_events_before),
		cmocka_unit_test(long_chains),
		cmocka_unit_test(callers_from_outside),
		cmocka_unit_test(callers_of_ones_own),
		cmocka_unit_test(roles_of_other_accounts),
		cmocka_unit_test(pods),
		cmocka_unit_test(no_pods),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
