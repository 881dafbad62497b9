/* SPDX-License-Identifier: MIT */
#include "model/agent.h"

#include "base/attr.h"

/* Names that say more than the library that they run on. First found, first
 * taken: the agents and tools before the SDKs that they were built with. */
static const char *const families[] = {
	"CloudShell",
	"amazon-ssm-agent",
	"amazon-cloudwatch-agent",
	"CWAgent",
	"codedeploy-agent",
	"amazon-ecs-agent",
	"kubelet",
	"stratus-red-team",
	"pacu",
	"Terraform",
	"Pulumi",
	"CloudFormation",
	"configure-aws-credentials-for-github-actions",
	"S3 Browser",
	"S3Console",
	"console.amazonaws",
	"signin.amazonaws",
	"aws-cli",
	"PowerShell",
	"Boto3",
	"Botocore",
	"aws-sdk-go-v2",
	"aws-sdk-go",
	"aws-sdk-java",
	"aws-sdk-js",
	"aws-sdk-nodejs",
	"aws-sdk-rust",
	"aws-sdk-ruby",
	"aws-sdk-php",
	"aws-sdk-dotnet",
	"Mozilla",
};

/* Parts that change from call to call. */
static const char *const changing[] = {
	"command/", "m/", "cfg/", "prompt/", "md/prompt#", "md/command#",
};

static struct str without_brackets(struct str s)
{
	s = str_trim(s);
	if (s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = str_trim(str_sub(s, 1, s.n - 1));
	return s;
}

static bool is_changing(struct str token)
{
	for (size_t i = 0; i < ARRAY_SIZE(changing); i++)
		if (str_starts(token, str_of(changing[i])))
			return true;
	return false;
}

void agent_normalise(struct strbuf *out, struct str agent)
{
	struct str rest = without_brackets(agent), token;
	size_t from = out->n;

	while (str_next(&rest, ' ', &token)) {
		if (!token.n || is_changing(token))
			continue;
		if (out->n > from)
			strbuf_addc(out, ' ');
		strbuf_add(out, token);
	}
}

struct str agent_family(struct str agent)
{
	struct str s = without_brackets(agent);
	size_t end = 0;

	for (size_t i = 0; i < ARRAY_SIZE(families); i++)
		if (str_find_fold(s, str_of(families[i]), 0) != SIZE_MAX)
			return str_of(families[i]);
	while (end < s.n && s.p[end] != '/' && s.p[end] != ' ' &&
	       s.p[end] != ',')
		end++;
	return str_sub(s, 0, end);
}

/* "Linux/5.19.0-46-generic", "os/linux#6.8.0". */
static bool names_kernel(struct str s)
{
	static const char *const systems[] = { "Linux/",   "os/linux#",
					       "Darwin/",  "os/macos#",
					       "Windows/", "os/windows#" };

	for (size_t i = 0; i < ARRAY_SIZE(systems); i++) {
		struct str name = str_of(systems[i]);
		size_t at = str_find(s, name, 0);

		if (at != SIZE_MAX && at + name.n < s.n &&
		    s.p[at + name.n] >= '0' && s.p[at + name.n] <= '9')
			return true;
	}
	return false;
}

bool agent_is_telling(struct str normal)
{
	static const char *const marks[] = { "stratus-red-team_", "distrib#",
					     "kali", "parrot", "pentoo" };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (str_find_fold(normal, str_of(marks[i]), 0) != SIZE_MAX)
			return true;
	return names_kernel(normal);
}
