/* SPDX-License-Identifier: MIT */
#include "gen/rules_cast.h"

#include "base/attr.h"
#include "gen/agents.h"

#define HERE   "111122223333"
#define OTHER  "444455556666" /* another account of the same owner */
#define ABROAD "999988887777" /* somebody else's */

#define CLI    AGENT_CLI("linux#6.8.0-45-generic", "x86_64", "3.12.3")
#define OFFICE "198.51.100.10"
#define HOME   "203.0.113.40"

/* Users, with a key or in the console. */
static const struct {
	const char *as, *user, *ip, *agent;
	bool console, no_mfa;
} users[] = {
	{ "developer", "dev-dan", OFFICE, CLI, false, false },
	{ "admin", "admin-ann", OFFICE, CLI, false, false },
	{ "terraform", "terraform", "198.51.100.146", AGENT_TERRAFORM, false,
	  false },
	{ "stranger-key", "dev-dan", HOME, CLI, false, false },
	{ "root-key", "root", HOME, CLI, false, false },
	{ "console", "carol", OFFICE, AGENT_FIREFOX, true, false },
	{ "console-no-mfa", "carl", HOME, AGENT_CHROME, true, true },
	{ "root", "root", OFFICE, AGENT_FIREFOX, true, false },
	{ "root-no-mfa", "root", HOME, AGENT_CHROME, true, true },
	/* The same people before they are signed in. */
	{ "visitor", "carol", OFFICE, AGENT_FIREFOX, true, false },
	{ "visitor-no-mfa", "carl", HOME, AGENT_CHROME, true, true },
	{ "visitor-root", "root", OFFICE, AGENT_FIREFOX, true, false },
};

/* Role sessions. The path is part of the role's ARN alone. */
static const struct {
	const char *as, *role, *session, *ip, *agent;
} roles[] = {
	{ "role", "Ops", "alice", OFFICE, CLI },
	{ "ci", "ci/deploy", "GitHubActions", "198.51.100.145", AGENT_ACTIONS },
	{ "sso",
	  "aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_"
	  "5d1c0b9a8f7e6d3c",
	  "frank@example.com", OFFICE, CLI },
	{ "task", "shop-task", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "192.0.2.60",
	  AGENT_BOTO },
	{ "build", "codebuild-shop",
	  "AWSCodeBuild-4b1c7f0a-3d2e-4f5b-8a69-7c8d9e0f1a2b", "192.0.2.61",
	  AGENT_BOTO },
	{ "notebook", "sagemaker-execution", "SageMaker", "192.0.2.62",
	  AGENT_BOTO },
	{ "dhmc", "aws:ec2-instance", "i-0a1b2c3d4e5f60718", "192.0.2.63",
	  AGENT_SSM },
};

/* Services: as themselves, with their own role, or telling something. */
static const struct {
	const char *as, *service, *role; /* role NULL: itself */
	bool notice;
} services[] = {
	{ "ec2-service", "ec2.amazonaws.com", NULL, false },
	{ "lambda-service", "lambda.amazonaws.com", NULL, false },
	{ "cloudtrail-service", "cloudtrail.amazonaws.com", NULL, false },
	{ "autoscaling", "autoscaling.amazonaws.com",
	  "aws-service-role/autoscaling.amazonaws.com/"
	  "AWSServiceRoleForAutoScaling",
	  false },
	{ "backup", "backup.amazonaws.com",
	  "service-role/AWSBackupDefaultServiceRole", false },
	{ "cloudformation", "cloudformation.amazonaws.com", "ci/cfn-execution",
	  false },
	{ "notice-ec2", "ec2.amazonaws.com", NULL, true },
	{ "notice-kms", "AWS Internal", NULL, true },
};

static int64_t an_hour_ago(struct scene *sc)
{
	return scene_at(sc, "00:00:00");
}

static void cast_users(struct scene *sc)
{
	for (size_t i = 0; i < ARRAY_SIZE(users); i++) {
		struct session *s;
		bool visitor = str_starts(str_of(users[i].as), STR("visitor"));

		if (!users[i].console) {
			scene_user(sc, users[i].as, HERE, users[i].user,
				   users[i].ip, users[i].agent);
			continue;
		}
		s = scene_console(sc, users[i].as, HERE, users[i].user,
				  users[i].ip, users[i].agent);
		s->mfa = !users[i].no_mfa;
		if (!visitor) {
			s->created = an_hour_ago(sc);
			session_new_key(s, &sc->rng);
		}
	}
}

static void cast_roles(struct scene *sc)
{
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++) {
		struct session *s = scene_role(sc, roles[i].as, HERE,
					       roles[i].role, roles[i].session,
					       roles[i].ip, roles[i].agent);

		s->created = an_hour_ago(sc);
		session_new_key(s, &sc->rng);
	}
}

static void cast_compute(struct scene *sc)
{
	struct session *made[] = {
		scene_instance(sc, "instance", HERE, "web-role",
			       "i-0e6921bc7de8aa9e9", "192.0.2.30", CLI),
		scene_instance(sc, "instance-agent", HERE, "web-role",
			       "i-0e6921bc7de8aa9e9", "192.0.2.30", AGENT_SSM),
		scene_instance(sc, "instance-outside", HERE, "web-role",
			       "i-0e6921bc7de8aa9e9", "203.0.113.66", CLI),
		scene_function(sc, "lambda", HERE, "orders-role",
			       "orders-report", "192.0.2.131"),
		scene_function(sc, "lambda-outside", HERE, "orders-role",
			       "orders-report", "203.0.113.66"),
	};

	for (size_t i = 0; i < ARRAY_SIZE(made); i++) {
		made[i]->created = an_hour_ago(sc);
		session_new_key(made[i], &sc->rng);
	}
	made[2]->delivery = "1.0";
	made[4]->agent = CLI;
}

static void cast_services(struct scene *sc)
{
	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		struct session *s;

		if (services[i].role) {
			s = scene_linked(sc, services[i].as, HERE,
					 services[i].role, "service",
					 services[i].service);
			s->created = an_hour_ago(sc);
			continue;
		}
		s = scene_service(sc, HERE, services[i].service);
		s->label = services[i].as;
		if (services[i].notice)
			s->kind = SESSION_NOTICE;
	}
}

static void cast_others(struct scene *sc)
{
	static const struct session others[] = {
		{ .kind = SESSION_FOREIGN,
		  .label = "foreign",
		  .account = ABROAD,
		  .name = "AIDA6RU73QDQREXAMPLEX",
		  .ip = "203.0.113.90",
		  .agent = CLI },
		{ .kind = SESSION_FOREIGN,
		  .label = "neighbour",
		  .account = OTHER,
		  .name = "AIDAWO645SY5LEXAMPLEX",
		  .ip = OFFICE,
		  .agent = CLI },
		{ .kind = SESSION_FOREIGN,
		  .label = "anonymous",
		  .account = "ANONYMOUS_PRINCIPAL",
		  .name = "",
		  .ip = "203.0.113.77",
		  .agent = "curl/8.5.0" },
		{ .kind = SESSION_WEB,
		  .label = "service-account",
		  .account = HERE,
		  .name = "arn:aws:iam::" HERE ":oidc-provider/oidc.eks."
			  "us-east-1.amazonaws.com/id/5E1D:sts.amazonaws.com:"
			  "system:serviceaccount:shop:cart",
		  .subject = "system:serviceaccount:shop:cart",
		  .provider = "arn:aws:iam::" HERE ":oidc-provider/oidc.eks."
			      "us-east-1.amazonaws.com/id/5E1D",
		  .ip = "192.0.2.70",
		  .agent = AGENT_BOTO },
		{ .kind = SESSION_NOBODY,
		  .label = "hidden-user",
		  .account = HERE,
		  .name = "HIDDEN_DUE_TO_SECURITY_REASONS",
		  .ip = HOME,
		  .agent = AGENT_CHROME },
		{ .kind = SESSION_UNKNOWN,
		  .label = "unknown",
		  .account = HERE,
		  .name = "unknown",
		  .ip = "203.0.113.78",
		  .agent = AGENT_BOTO },
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		scene_cast(sc, others[i]);
}

void rules_cast(struct scene *sc)
{
	struct session s = { .kind = SESSION_FEDERATED,
			     .label = "federated",
			     .account = HERE,
			     .name = "dan-token",
			     .ip = HOME,
			     .agent = AGENT_CHROME };

	cast_users(sc);
	cast_roles(sc);
	cast_compute(sc);
	cast_services(sc);
	cast_others(sc);
	s.who = principal_make(&sc->arena, HERE, "user/dev-dan");
	s.created = an_hour_ago(sc);
	session_new_key(&s, &sc->rng);
	scene_cast(sc, s);
	s.kind = SESSION_TOKEN;
	s.label = "aws-internal";
	s.who = principal_make(&sc->arena, HERE, "root");
	s.invoked_by = s.ip = s.agent = "AWS Internal";
	scene_cast(sc, s);
	s.invoked_by = NULL;
	s.ip = OFFICE;
	s.agent = CLI;
	s.kind = SESSION_ROOT_TASK;
	s.label = "root-task";
	s.account = OTHER;
	s.who = principal_make(&sc->arena, OTHER, "root");
	session_new_key(&s, &sc->rng);
	scene_cast(sc, s);
	s.kind = SESSION_ROLE;
	s.label = "switched";
	s.account = HERE;
	s.who = principal_make(&sc->arena, HERE, "role/Admin");
	s.name = "carol";
	s.ip = OFFICE;
	s.console = true;
	session_new_key(&s, &sc->rng);
	scene_cast(sc, s);
}

const struct session *rules_actor(struct scene *sc, const char *as)
{
	return scene_find(sc, as ? as : "developer");
}
