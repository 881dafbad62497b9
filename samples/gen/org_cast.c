/* SPDX-License-Identifier: MIT */
#include "gen/org.h"

#include <string.h>

#include "base/attr.h"
#include "gen/agents.h"

#define CLI      AGENT_CLI("linux#6.8.0-45-generic", "x86_64", "3.12.3")
#define MAC      AGENT_CLI("macos#23.6.0", "arm64", "3.11.8")
#define SERVER   AGENT_CLI("linux#6.1.0-25-cloud-amd64", "x86_64", "3.11.8")
#define OFFICE   "198.51.100.20"
#define RUNNER   "198.51.100.145"
#define SSO(set) "aws-reserved/sso.amazonaws.com/AWSReservedSSO_" set
#define PROVIDER(account)                                       \
	"arn:aws:iam::" account ":oidc-provider/token.actions." \
	"githubusercontent.com"

const char *const org_dates[ORG_DAYS] = { "2026-10-12", "2026-10-13",
					  "2026-10-14", "2026-10-15",
					  "2026-10-16" };

/* People of Identity Center. The thief has a portal session of dana's. */
static const struct {
	const char *label, *id, *session, *ip, *agent;
} portals[] = {
	{ "dana portal", "99677f2b1c-6a0d1c52-3b7e-4f19-9d84-2c5e8f7a1b30",
	  "aj8Kd02mPortalSessionOfDana", "198.51.100.57", MAC },
	{ "thief portal", "99677f2b1c-6a0d1c52-3b7e-4f19-9d84-2c5e8f7a1b30",
	  "zq1Vx77cPortalSessionByDeviceCode", ORG_THIEF, SERVER },
	{ "frank portal", "99677f2b1c-b81e4f27-90c3-4a6d-8f51-7e2d3c4b5a69",
	  "bk2Le13nPortalSessionOfFrank", OFFICE, CLI },
	{ "ines portal", "99677f2b1c-c92f5038-a1d4-4b7e-9062-8f3e4d5c6b7a",
	  "cm3Mf24oPortalSessionOfInes", OFFICE, AGENT_CHROME },
	{ "mira portal", "99677f2b1c-da306149-b2e5-4c8f-a173-904f5e6d7c8b",
	  "dn4Ng35pPortalSessionOfMira", OFFICE, CLI },
	{ "olga portal", "99677f2b1c-eb41725a-c3f6-4d90-b284-a1506f7e8d9c",
	  "eo5Oh46qPortalSessionOfOlga", OFFICE, AGENT_FIREFOX },
};

enum { CONSOLE = 1, INSTANCE = 2, FUNCTION = 4, OLD_METADATA = 8 };

/* Sessions of roles; those of one label are opened again and again. */
static const struct {
	const char *label, *account, *role, *name, *ip, *agent;
	unsigned what;
} roles[] = {
	{ "dana", ORG_WORKLOAD, SSO("Developer_5d1c0b9a8f7e6d3c"),
	  "dana@example.com", "198.51.100.57", MAC, 0 },
	{ "frank", ORG_WORKLOAD, SSO("Developer_5d1c0b9a8f7e6d3c"),
	  "frank@example.com", OFFICE, CLI, 0 },
	{ "ines", ORG_WORKLOAD, SSO("ReadOnly_0a9b8c7d6e5f4a3b"),
	  "ines@example.com", OFFICE, AGENT_CHROME, CONSOLE },
	{ "mira", ORG_SECURITY, SSO("SecurityOperations_77a6b5c4d3e2f1a0"),
	  "mira@example.com", OFFICE, CLI, 0 },
	{ "olga", ORG_MANAGEMENT, SSO("OrganizationAdmin_1f2e3d4c5b6a7988"),
	  "olga@example.com", OFFICE, AGENT_FIREFOX, CONSOLE },
	{ "sergei work", ORG_WORKLOAD, "support/ShopOperator", "sergei", OFFICE,
	  AGENT_FIREFOX, 0 },
	{ "sergei security", ORG_SECURITY, "support/SecurityReadOnly", "sergei",
	  OFFICE, AGENT_FIREFOX, 0 },

	{ "pipeline", ORG_MANAGEMENT, "pipeline/landing-zone", "landing-zone",
	  RUNNER, AGENT_ACTIONS, 0 },
	{ "pipeline work", ORG_WORKLOAD, "pipeline/landing-zone-exec",
	  "landing-zone", RUNNER, AGENT_ACTIONS, 0 },
	{ "pipeline security", ORG_SECURITY, "pipeline/landing-zone-exec",
	  "landing-zone", RUNNER, AGENT_ACTIONS, 0 },
	{ "shop build", ORG_WORKLOAD, "ci/shop-build", "GitHubActions", RUNNER,
	  AGENT_ACTIONS, 0 },
	{ "shop deploy", ORG_WORKLOAD, "ci/shop-deploy", "GitHubActions",
	  RUNNER, AGENT_ACTIONS, 0 },

	{ "web agent", ORG_WORKLOAD, "app/shop-web-role", ORG_WEB, "192.0.2.50",
	  AGENT_SSM, INSTANCE },
	{ "web app", ORG_WORKLOAD, "app/shop-web-role", ORG_WEB, "192.0.2.50",
	  AGENT_PHP, INSTANCE },
	{ "orders", ORG_WORKLOAD, "app/orders-export-role", ORG_EXPORT,
	  "192.0.2.140", NULL, FUNCTION },
	{ "orders test", ORG_WORKLOAD, "app/orders-export-role",
	  "awslambda_512_20261012072040311", NULL, NULL, 0 },
	{ "scanner", ORG_SECURITY, "audit/scan-runner", ORG_SCANNER,
	  "192.0.2.150", NULL, FUNCTION },
	{ "scanner test", ORG_SECURITY, "audit/scan-runner",
	  "awslambda_208_20261012073122874", NULL, NULL, 0 },
	{ "scanner management", ORG_MANAGEMENT, "org/inventory-reader",
	  "org-inventory", "192.0.2.150", NULL, 0 },
	{ "scanner work", ORG_WORKLOAD, "audit/reader", "org-inventory",
	  "192.0.2.150", NULL, 0 },
	{ "backup vault", ORG_SECURITY, "backup/vault-writer", "nightly-copy",
	  "198.51.100.170", AGENT_BOTO, 0 },

	{ "thief 1", ORG_WORKLOAD, SSO("Developer_5d1c0b9a8f7e6d3c"),
	  "dana@example.com", ORG_THIEF, SERVER, 0 },
	{ "thief 2", ORG_SECURITY, "audit/scan-runner", "audit-sync", ORG_THIEF,
	  SERVER, 0 },
	{ "thief 3", ORG_MANAGEMENT, "org/inventory-reader", "audit-sync",
	  ORG_THIEF, SERVER, 0 },
	{ "thief 4", ORG_WORKLOAD, "OrganizationAccountAccessRole",
	  "audit-sync", ORG_THIEF, SERVER, 0 },
	{ "thief 5", ORG_WORKLOAD, SSO("Developer_5d1c0b9a8f7e6d3c"),
	  "dana@example.com", ORG_THIEF, SERVER, 0 },
	{ "orders night", ORG_WORKLOAD, "app/orders-export-role", ORG_EXPORT,
	  "192.0.2.140", NULL, FUNCTION },
	{ "backdoor 1", ORG_WORKLOAD, "app/orders-export-role", "export",
	  ORG_THIEF_ABROAD, AGENT_BOTO, 0 },
	{ "backdoor 2", ORG_WORKLOAD, "app/orders-export-role", "export",
	  ORG_THIEF_ABROAD, AGENT_BOTO, 0 },
};

/* Users with keys; the same user twice has two keys. */
static const struct {
	const char *label, *account, *user, *ip, *agent;
} users[] = {
	{ "metrics", ORG_WORKLOAD, "svc-metrics", "198.51.100.150",
	  AGENT_BOTO },
	{ "metrics 2", ORG_WORKLOAD, "svc-metrics", ORG_THIEF_KEYS, SERVER },
	{ "cache", ORG_WORKLOAD, "build-cache", RUNNER, AGENT_BOTO },
	{ "cache 2", ORG_WORKLOAD, "build-cache", ORG_THIEF_KEYS, SERVER },
	{ "backup", ORG_WORKLOAD, "backup-agent", "198.51.100.170",
	  AGENT_BOTO },
	{ "shipper", ORG_SECURITY, "log-shipper", "198.51.100.160",
	  AGENT_BOTO },
	{ "shipper 2", ORG_SECURITY, "log-shipper", "198.51.100.160",
	  AGENT_BOTO },
	{ "nils", ORG_SECURITY, "nils", OFFICE, CLI },
};

static void cast_portals(struct scene *sc)
{
	for (size_t i = 0; i < ARRAY_SIZE(portals); i++)
		scene_cast(sc, (struct session){
				       .kind = SESSION_PORTAL,
				       .label = portals[i].label,
				       .account = ORG_MANAGEMENT,
				       .name = portals[i].session,
				       .ip = portals[i].ip,
				       .agent = portals[i].agent,
				       .idc_user = portals[i].id,
				       .idc_store = ORG_STORE,
			       });
}

static void know(struct scene *sc, const struct session *s)
{
	for (size_t i = 0; i < sc->graph->known_n; i++)
		if (strcmp(sc->graph->known[i]->arn, s->who->arn) == 0)
			return;
	true_graph_know(sc->graph, s->who);
}

static void cast_roles(struct scene *sc)
{
	for (size_t i = 0; i < ARRAY_SIZE(roles); i++) {
		struct session *s;

		if (roles[i].what & FUNCTION)
			s = scene_function(sc, roles[i].label, roles[i].account,
					   roles[i].role, roles[i].name,
					   roles[i].ip);
		else if (roles[i].what & INSTANCE)
			s = scene_instance(sc, roles[i].label, roles[i].account,
					   roles[i].role, roles[i].name,
					   roles[i].ip, roles[i].agent);
		else
			s = scene_role(sc, roles[i].label, roles[i].account,
				       roles[i].role, roles[i].name,
				       roles[i].ip, roles[i].agent);
		s->console = roles[i].what & CONSOLE;
		know(sc, s);
	}
	/* What the scanner does elsewhere it does from inside the function. */
	scene_find(sc, "scanner management")->agent =
		scene_find(sc, "scanner work")->agent =
			scene_find(sc, "scanner")->agent;
}

static void cast_users(struct scene *sc)
{
	for (size_t i = 0; i < ARRAY_SIZE(users); i++)
		know(sc,
		     scene_user(sc, users[i].label, users[i].account,
				users[i].user, users[i].ip, users[i].agent));
	know(sc, scene_console(sc, "sergei", ORG_MANAGEMENT, "sergei", OFFICE,
			       AGENT_FIREFOX));
}

/* Tokens of users: one day's work, and what a thief makes of a key. */
static void cast_tokens(struct scene *sc)
{
	struct session s = *scene_find(sc, "nils");

	s.label = "nils token";
	s.kind = SESSION_TOKEN;
	s.mfa = true;
	scene_cast(sc, s);
	s = *scene_find(sc, "shipper");
	s.label = "leak";
	s.ip = ORG_LEAK;
	s.agent = AGENT_CLI("windows#10", "amd64", "3.11.6");
	scene_cast(sc, s);
	s.label = "leak token";
	s.kind = SESSION_FEDERATED;
	s.name = "support";
	scene_cast(sc, s);
}

static void cast_others(struct scene *sc)
{
	static const struct {
		const char *label, *account, *repository;
	} jobs[] = {
		{ "pipeline job", ORG_MANAGEMENT, "landing-zone" },
		{ "shop job", ORG_WORKLOAD, "shop" },
	};
	static const char *const services[] = { "ec2.amazonaws.com",
						"lambda.amazonaws.com" };
	char *stranger = arena_alloc(&sc->arena, UID_SIZE);

	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++) {
		const char *provider = scene_format(sc, PROVIDER("%s"),
						    jobs[i].account);
		const char *subject = scene_format(
			sc, "repo:example-org/%s:ref:refs/heads/main",
			jobs[i].repository);

		scene_cast(sc, (struct session){
				       .kind = SESSION_WEB,
				       .label = jobs[i].label,
				       .account = jobs[i].account,
				       .name = scene_format(
					       sc, "%s:sts.amazonaws.com:%s",
					       provider, subject),
				       .subject = subject,
				       .provider = provider,
				       .ip = RUNNER,
				       .agent = AGENT_ACTIONS,
			       });
	}
	for (size_t i = 0; i < ARRAY_SIZE(services); i++) {
		scene_service(sc, ORG_WORKLOAD, services[i])->label =
			scene_format(sc, "work %s", services[i]);
		scene_service(sc, ORG_SECURITY, services[i])->label =
			scene_format(sc, "security %s", services[i]);
	}
	uid_of_name("AIDA", ORG_STRANGER, STR("ops"), stranger);
	scene_cast(sc, (struct session){
			       .kind = SESSION_FOREIGN,
			       .label = "stranger",
			       .account = ORG_STRANGER,
			       .name = stranger,
			       .ip = ORG_THIEF_ABROAD,
			       .agent = AGENT_BOTO,
		       });
}

void org_cast(struct scene *sc)
{
	cast_portals(sc);
	cast_roles(sc);
	cast_users(sc);
	cast_tokens(sc);
	cast_others(sc);
}
