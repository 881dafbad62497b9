/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "model/agent.h"

static void assert_normal(const char *agent, const char *expected)
{
	struct str exact = exact_copy(str_of(agent));
	struct strbuf out;

	strbuf_init(&out);
	agent_normalise(&out, exact);
	assert_str_eq(strbuf_str(&out), str_of(expected));
	strbuf_release(&out);
	exact_free(exact);
}

static void calls_of_one_tool_are_one(void **state)
{
	(void)state;
	/* The same command line, as IAM and as S3 write it. */
	assert_normal(
		"aws-cli/2.17.0 md/awscrt#0.20.11 os/linux#6.8.0 "
		"lang/python#3.11.8 cfg/retry-mode#standard "
		"md/installer#exe md/prompt#off md/command#iam.list-users",
		"aws-cli/2.17.0 md/awscrt#0.20.11 os/linux#6.8.0 "
		"lang/python#3.11.8 md/installer#exe");
	assert_normal("[aws-cli/2.17.0 md/awscrt#0.20.11 os/linux#6.8.0 "
		      "lang/python#3.11.8 cfg/retry-mode#standard "
		      "md/installer#exe md/prompt#off md/command#s3.cp]",
		      "aws-cli/2.17.0 md/awscrt#0.20.11 os/linux#6.8.0 "
		      "lang/python#3.11.8 md/installer#exe");
	assert_normal("aws-cli/2.4.6 Python/3.8.8 Linux/5.4 exe/x86_64 "
		      "prompt/off command/sts.get-caller-identity",
		      "aws-cli/2.4.6 Python/3.8.8 Linux/5.4 exe/x86_64");
	assert_normal("aws-sdk-rust/1.3 os/linux m/E,b  lang/rust/1.80",
		      "aws-sdk-rust/1.3 os/linux lang/rust/1.80");
	/* What only looks like it stays. */
	assert_normal("[half", "[half");
	assert_normal("md/arch#x m/", "md/arch#x");
	assert_normal("", "");
	assert_normal("[]", "");
	assert_normal("   ", "");
}

static void families(void **state)
{
	static const struct {
		const char *agent, *family;
	} cases[] = {
		{ "aws-sdk-go/1.41.4 (go1.18.3) amazon-ssm-agent/",
		  "amazon-ssm-agent" },
		{ "[aws-cli/2.17.0 os/linux]", "aws-cli" },
		{ "aws-cli/2.17.0 exec-env/CloudShell", "CloudShell" },
		{ "APN/1.0 HashiCorp/1.0 Terraform/1.1.2 aws-sdk-go/1.44",
		  "Terraform" },
		{ "APN/1.0 Terraform/1.1 stratus-red-team_1",
		  "stratus-red-team" },
		{ "Boto3/1.26 Python/3.10 Botocore/1.29", "Boto3" },
		{ "aws-sdk-go-v2/1.17 os/linux", "aws-sdk-go-v2" },
		{ "Mozilla/5.0 (X11; Linux x86_64)", "Mozilla" },
		{ "python-requests/2.31", "python-requests" },
		{ "Coral/Jakarta", "Coral" },
		{ "tool without version", "tool" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_str_eq(agent_family(str_of(cases[i].agent)),
			      str_of(cases[i].family));
}

static void telling_agents(void **state)
{
	(void)state;
	assert_true(agent_is_telling(
		STR("Boto3/1.26 Linux/5.19.0-46-generic Botocore/1.29")));
	assert_true(agent_is_telling(STR("aws-cli/2 os/linux#6.8.0")));
	assert_true(agent_is_telling(STR("stratus-red-team_11a6ef34")));
	assert_true(agent_is_telling(STR("Boto3/1 distrib#kali")));
	assert_false(agent_is_telling(STR("aws-sdk-go/1.44 os/linux lang/go")));
	assert_false(agent_is_telling(STR("Linux/")));
	assert_false(agent_is_telling(STR("Mozilla/5.0")));
	assert_false(agent_is_telling(STR("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_of_one_tool_are_one),
		cmocka_unit_test(families),
		cmocka_unit_test(telling_agents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
