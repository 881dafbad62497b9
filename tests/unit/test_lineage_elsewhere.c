/* SPDX-License-Identifier: MIT */
/* Credentials used where their owner is not: what is found, and what is not
 * although it looks like it. */
#include "lineage_rules_help.h"

#define STRONG   "Instance's credentials used outside the instance"
#define WEAK     "One session of an instance used from two addresses"
#define PIPELINE "Pipeline's credentials used outside its runner"
#define NETWORKS "Credentials used on two networks within minutes"

#define WEB_NAME "i-0e6921bc7de8aa9e9"
#define AGENT_K  "ASIAAGENT00000000001"
#define APP_K    "ASIAAPP0000000000001"
#define AGENT    ROLE_MORE("web", WEB_NAME, "06:00:00", AGENT_K, IMDS("2.0"))
#define APP      ROLE_MORE("web", WEB_NAME, "06:00:00", APP_K, IMDS("2.0"))
#define APP_V1   ROLE_MORE("web", WEB_NAME, "06:00:00", APP_K, IMDS("1.0"))
#define LATER    ROLE_MORE("web", WEB_NAME, "08:00:00", APP_K, IMDS("2.0"))
#define SSM      "aws-sdk-go/1.55 amazon-ssm-agent/3.3"
#define PHP      "aws-sdk-php/3.158"
#define CLI      "aws-cli/2.17.0 os/linux#6.8"
#define HERE     "198.51.100.30"
#define ABROAD   "203.0.113.66"

/* An agent at home, then the same role's session from elsewhere. */
static void add_agent(struct small_world *w)
{
	add_event(w, 1, "06:05:00", AGENT, "ssm:UpdateInstanceInformation",
		  HERE, SSM, "");
}

static void stolen_session(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_agent(&w);
	add_event(&w, 2, "06:06:00", APP, "s3:ListBuckets", HERE, PHP, "");
	add_event(&w, 3, "06:40:00", APP, "s3:ListBuckets", ABROAD, PHP, "");
	add_event(&w, 4, "06:41:00", APP, "iam:ListUsers", ABROAD, PHP,
		  ",\"errorCode\":\"AccessDenied\"");
	assert_found(&w, STRONG, "3 4");
	assert_true(note_says(&w, "session web/" WEB_NAME ": key "));
	assert_true(note_says(&w, "key " APP_K " used from " ABROAD));
	assert_true(note_says(&w, "the instance calls from " HERE
				  " (amazon-ssm-agent)"));
	assert_found(&w, WEAK, "");
	small_end(&w);
}

/* Anonymised and proxied logs have private addresses without an endpoint:
 * networks of which nothing is known. With one it is the machine's own. */
static void private_addresses(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_agent(&w);
	add_event(&w, 2, "06:40:00", APP, "s3:ListBuckets", "192.168.10.20",
		  PHP, "");
	add_event(&w, 3, "06:41:00", APP, "s3:ListBuckets", "10.0.30.91", PHP,
		  ",\"vpcEndpointId\":\"vpce-0123\"");
	assert_found(&w, STRONG, "2");
	small_end(&w);
}

/* A machine that talks to one service through an endpoint and to another
 * through its public address is at home in both. */
static void endpoint_and_public(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:05:00", AGENT, "ssm:UpdateInstanceInformation",
		  "10.0.30.91", SSM, ",\"vpcEndpointId\":\"vpce-0123\"");
	add_event(&w, 2, "06:06:00", APP, "s3:ListBuckets", HERE, PHP, "");
	assert_found(&w, STRONG, "");
	assert_found(&w, WEAK, "");
	small_end(&w);
}

static void both_families_of_address(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_agent(&w);
	add_event(&w, 2, "06:06:00", APP, "s3:ListBuckets", "2001:db8::1", PHP,
		  "");
	assert_found(&w, STRONG, "");
	/* A second one of that family is one too many. */
	add_event(&w, 3, "06:07:00", APP, "s3:ListBuckets", "2001:db8:9::1",
		  PHP, "");
	assert_found(&w, STRONG, "3");
	small_end(&w);
}

/* No agent: the first address is taken for the machine's. */
static void without_agent(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:05:00", APP, "s3:ListBuckets", HERE, PHP, "");
	add_event(&w, 2, "06:40:00", APP, "s3:ListBuckets", ABROAD, PHP, "");
	assert_found(&w, STRONG, "");
	assert_found(&w, WEAK, "2");
	assert_true(note_says(&w, "the instance calls from " HERE));
	/* Another tool says more. */
	add_event(&w, 3, "06:41:00", APP, "s3:ListBuckets", ABROAD, CLI, "");
	assert_found(&w, STRONG, "3");
	assert_found(&w, WEAK, "2");
	small_end(&w);
}

static void other_delivery(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:05:00", APP, "s3:ListBuckets", HERE, PHP, "");
	add_event(&w, 2, "06:40:00", APP_V1, "s3:ListBuckets", ABROAD, PHP, "");
	assert_found(&w, STRONG, "2");
	assert_found(&w, WEAK, "");
	small_end(&w);
}

/* The place of an earlier session is the machine's place. */
static void place_of_earlier_session(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:05:00", APP, "s3:ListBuckets", HERE, PHP, "");
	add_event(&w, 2, "08:05:00", LATER, "s3:ListBuckets", HERE, PHP, "");
	add_event(&w, 3, "08:06:00", LATER, "s3:ListBuckets", ABROAD, PHP, "");
	assert_found(&w, STRONG, "3");
	small_end(&w);
}

/* Stopped and started, it has another address and does what it did. */
static void restarted(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:05:00", APP, "s3:ListBuckets", HERE, PHP, "");
	add_event(&w, 2, "08:05:00", LATER, "s3:ListBuckets", "198.51.100.77",
		  PHP, "");
	assert_found(&w, STRONG, "");
	assert_found(&w, WEAK, "");
	small_end(&w);
}

/* AWS's own roles on a machine, and a session that somebody only named so. */
static void not_the_machines_own(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:05:00",
		  ROLE("aws", "ec2-infrastructure:" WEB_NAME, "06:00:00",
		       APP_K),
		  "kms:Decrypt", HERE, PHP, "");
	add_event(&w, 2, "06:06:00",
		  ROLE("aws", "ec2-infrastructure:" WEB_NAME, "06:00:00",
		       APP_K),
		  "kms:Decrypt", ABROAD, CLI, "");
	add_event(&w, 3, "07:00:00", USER("ann", "AKIAANN0000000000001"),
		  "sts:AssumeRole", HERE, CLI, ASSUME("ops", WEB_NAME, APP_K));
	add_event(&w, 4, "07:01:00", ROLE("ops", WEB_NAME, "07:00:00", APP_K),
		  "s3:ListBuckets", HERE, PHP, "");
	add_event(&w, 5, "07:02:00", ROLE("ops", WEB_NAME, "07:00:00", APP_K),
		  "s3:ListBuckets", ABROAD, CLI, "");
	assert_found(&w, STRONG, "");
	assert_found(&w, WEAK, "");
	small_end(&w);
}

static void networks_of_the_site(void **state)
{
	struct small_world w;
	struct err err = ERR_INIT;

	(void)state;
	small_begin(&w);
	add_agent(&w);
	add_event(&w, 2, "06:40:00", APP, "s3:ListBuckets", ABROAD, PHP, "");
	assert_int_equal(site_read(&w.site, STR("network 203.0.113.0/24 nat\n"),
				   "site", &err),
			 ERR_OK);
	assert_found(&w, STRONG, "");
	assert_found(&w, WEAK, "");
	small_end(&w);
}

/* A way out that many machines share is everybody's; two are not many. */
static void shared_way_out(void **state)
{
	static const char *const machine[] = { "i-00000001", "i-00000002",
					       "i-00000003" };
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_agent(&w);
	add_event(&w, 2, "06:40:00", APP, "s3:ListBuckets", "198.51.100.99",
		  PHP, "");
	for (unsigned i = 0; i < 3; i++) {
		char who[1024];

		assert_found(&w, STRONG, "2");
		snprintf(who, sizeof(who),
			 "{\"type\":\"AssumedRole\",\"principalId\":\"AROA-web:"
			 "%s\",\"arn\":\"arn:aws:sts::" ACCOUNT
			 ":assumed-role/web/%s\",\"accountId\":\"" ACCOUNT
			 "\",\"sessionContext\":{\"attributes\":"
			 "{\"creationDate\":\"2026-01-09T06:00:00Z\"}}}",
			 machine[i], machine[i]);
		add_event(&w, 3 + i, "06:50:00", who,
			  "ssm:UpdateInstanceInformation", "198.51.100.99", SSM,
			  "");
	}
	assert_found(&w, STRONG, "");
	small_end(&w);
}

/* Calls that a service makes for the session come from no place. */
static void services_for_the_session(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_agent(&w);
	add_event(&w, 2, "06:40:00",
		  ROLE_MORE("web", WEB_NAME, "06:00:00", APP_K,
			    "},\"invokedBy\":\"athena.amazonaws.com\",\"x\":{"),
		  "s3:GetObject", ABROAD, PHP, "");
	add_event(&w, 3, "06:41:00", APP, "s3:GetObject",
		  "athena.amazonaws.com", PHP, "");
	assert_found(&w, STRONG, "");
	small_end(&w);
}

/* Pipelines ---------------------------------------------------------------- */

#define GITHUB                                                       \
	WEB("arn:aws:iam::" ACCOUNT                                  \
	    ":oidc-provider/token.actions.githubusercontent.com:sts" \
	    ".amazonaws.com:repo:o/r:ref:refs/heads/main")
#define JOB_K  "ASIAJOB0000000000001"
#define JOB    ROLE("deploy", "job", "06:00:00", JOB_K)
#define ACTION "aws-sdk-js/3 configure-aws-credentials-for-github-actions"

static void pipelines(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", GITHUB, "sts:AssumeRoleWithWebIdentity",
		  HERE, ACTION, ASSUME("deploy", "job", JOB_K));
	add_event(&w, 2, "06:00:10", JOB, "sts:GetCallerIdentity", HERE, ACTION,
		  "");
	add_event(&w, 3, "06:01:00", JOB, "s3:ListBuckets", HERE, CLI, "");
	assert_found(&w, PIPELINE, "");
	add_event(&w, 4, "06:20:00", JOB, "s3:ListBuckets", ABROAD, CLI, "");
	assert_found(&w, PIPELINE, "4");
	assert_true(note_says(&w, "the runner calls from " HERE));
	small_end(&w);
}

/* A key of a user that the steps have: runners have many addresses. */
static void keys_of_pipelines(void **state)
{
	static const char who[] = USER("ci", "AKIACI00000000000001");
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", who, "sts:GetCallerIdentity", HERE, ACTION,
		  "");
	add_event(&w, 2, "07:00:00", who, "sts:GetCallerIdentity", "198.51.7.9",
		  ACTION, "");
	add_event(&w, 3, "07:00:10", who, "s3:ListBuckets", "198.51.7.9", CLI,
		  "");
	assert_found(&w, PIPELINE, "");
	add_event(&w, 4, "07:20:00", who, "s3:ListBuckets", ABROAD, CLI, "");
	assert_found(&w, PIPELINE, "4");
	/* Runners of one key are no travellers. */
	assert_found(&w, NETWORKS, "");
	small_end(&w);
}

/* Web identities of other kinds: pods, apps. */
static void other_web_identities(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", WEB("accounts.example.com:app:u1"),
		  "sts:AssumeRoleWithWebIdentity", HERE, CLI,
		  ASSUME("deploy", "job", JOB_K));
	add_event(&w, 2, "06:20:00", JOB, "s3:ListBuckets", ABROAD, CLI, "");
	assert_found(&w, PIPELINE, "");
	small_end(&w);
}

/* Two networks ------------------------------------------------------------- */

#define DAN USER("dan", "AKIADAN0000000000001")

static void two_networks_at_once(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", DAN, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 2, "06:15:00", DAN, "s3:ListBuckets", ABROAD, CLI, "");
	add_event(&w, 3, "06:16:00", DAN, "s3:ListBuckets", ABROAD, CLI, "");
	add_event(&w, 4, "06:20:00", DAN, "s3:ListBuckets", HERE, CLI, "");
	/* 3 is 16 minutes after 1. */
	assert_found(&w, NETWORKS, "2 4");
	small_end(&w);
}

static void no_two_networks(void **state)
{
	struct small_world w;
	struct err err = ERR_INIT;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", DAN, "s3:ListBuckets", HERE, CLI, "");
	/* The same /16; too late; another key; a service; a cloud's shell. */
	add_event(&w, 2, "06:01:00", DAN, "s3:ListBuckets", "198.51.200.1", CLI,
		  "");
	add_event(&w, 3, "06:16:01", DAN, "s3:ListBuckets", ABROAD, CLI, "");
	add_event(&w, 4, "06:16:02", USER("dan", "AKIADAN0000000000002"),
		  "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 5, "06:16:03", DAN, "s3:ListBuckets",
		  "cloudformation.amazonaws.com", CLI, "");
	add_event(&w, 6, "06:16:04", DAN, "s3:ListBuckets", "192.0.2.9",
		  "aws-cli/2 exec-env/CloudShell", "");
	assert_found(&w, NETWORKS, "");
	/* The office and its VPN are one place. */
	add_event(&w, 7, "07:00:00", DAN, "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 8, "07:01:00", DAN, "s3:ListBuckets", "192.0.2.7", CLI,
		  "");
	assert_found(&w, NETWORKS, "8");
	assert_int_equal(site_read(&w.site, STR("network 192.0.2.0/24 vpn\n"),
				   "site", &err),
			 ERR_OK);
	assert_found(&w, NETWORKS, "");
	small_end(&w);
}

/* What runs on machines moves about: it has rules of its own. */
static void workloads_are_no_travellers(void **state)
{
	struct small_world w;

	(void)state;
	small_begin(&w);
	add_event(&w, 1, "06:00:00", SERVICE("ecs-tasks.amazonaws.com"),
		  "sts:AssumeRole", "ecs-tasks.amazonaws.com", "x",
		  ASSUME("task", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", JOB_K));
	add_event(&w, 2, "06:01:00",
		  ROLE("task", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "06:00:00",
		       JOB_K),
		  "s3:ListBuckets", HERE, CLI, "");
	add_event(&w, 3, "06:02:00",
		  ROLE("task", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "06:00:00",
		       JOB_K),
		  "s3:ListBuckets", ABROAD, CLI, "");
	assert_found(&w, NETWORKS, "");
	small_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stolen_session),
		cmocka_unit_test(private_addresses),
		cmocka_unit_test(endpoint_and_public),
		cmocka_unit_test(both_families_of_address),
		cmocka_unit_test(without_agent),
		cmocka_unit_test(other_delivery),
		cmocka_unit_test(place_of_earlier_session),
		cmocka_unit_test(restarted),
		cmocka_unit_test(not_the_machines_own),
		cmocka_unit_test(networks_of_the_site),
		cmocka_unit_test(shared_way_out),
		cmocka_unit_test(services_for_the_session),
		cmocka_unit_test(pipelines),
		cmocka_unit_test(keys_of_pipelines),
		cmocka_unit_test(other_web_identities),
		cmocka_unit_test(two_networks_at_once),
		cmocka_unit_test(no_two_networks),
		cmocka_unit_test(workloads_are_no_travellers),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
