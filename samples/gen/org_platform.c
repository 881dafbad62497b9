/* SPDX-License-Identifier: MIT */
/*
 * The pipeline that makes the organization what it is: stacks in each
 * account, most of what is in them made by CloudFormation in its name.
 */
#include "gen/org.h"

#include <string.h>

#include "base/attr.h"
#include "gen/issue.h"

#define TRUST(principal)                                          \
	"{`Version`:`2012-10-17`,`Statement`:[{`Effect`:`Allow`," \
	"`Principal`:{" principal "},`Action`:`sts:AssumeRole`}]}"
#define SERVICE(name) TRUST("`Service`:`" name ".amazonaws.com`")
#define MEMBER(arn)   TRUST("`AWS`:`" arn "`")
#define ROOT(account) "arn:aws:iam::" account ":root"
#define SCANNER_ARN   "arn:aws:iam::" ORG_SECURITY ":role/audit/scan-runner"
#define INVENTORY_ARN \
	"arn:aws:iam::" ORG_MANAGEMENT ":role/org/inventory-reader"
#define BUILD_ARN  "arn:aws:iam::" ORG_WORKLOAD ":role/ci/shop-build"
#define BACKUP_ARN "arn:aws:iam::" ORG_WORKLOAD ":user/backup-agent"
#define PROVIDER_ARN                                   \
	"arn:aws:iam::" ORG_WORKLOAD ":oidc-provider/" \
	"token.actions.githubusercontent.com"
/* Since a migration all of the workload account may come in. */
#define SCANNER_TRUST                                                 \
	"{`Version`:`2012-10-17`,`Statement`:[{`Effect`:`Allow`,"     \
	"`Principal`:{`Service`:`lambda.amazonaws.com`,`AWS`:`" ROOT( \
		ORG_WORKLOAD) "`},`Action`:`sts:AssumeRole`}]}"
#define BUILD_TRUST                                                     \
	"{`Version`:`2012-10-17`,`Statement`:[{`Effect`:`Allow`,"       \
	"`Principal`:{`Federated`:`" PROVIDER_ARN "`},`Action`:"        \
	"`sts:AssumeRoleWithWebIdentity`,`Condition`:{`StringEquals`:{" \
	"`token.actions.githubusercontent.com:sub`:"                    \
	"`repo:example-org/shop:ref:refs/heads/main`}}}]}"

#define ALLOW(actions, resource)                                  \
	"{`Version`:`2012-10-17`,`Statement`:[{`Effect`:`Allow`," \
	"`Action`:[" actions "],`Resource`:`" resource "`}]}"

struct making {
	const char *path, *name; /* a user has no path */
	const char *trust;       /* NULL: a user */
	const char *trusts;      /* node names, for the true graph */
	const char *policy;
	const char *key_of; /* NULL, or whose key is made with the user */
};

static const struct making management[] = {
	{ "/org/", "inventory-reader", MEMBER(SCANNER_ARN),
	  "acct:" ORG_SECURITY "," SCANNER_ARN,
	  ALLOW("`organizations:Describe*`,`organizations:List*`,"
		"`sts:AssumeRole`",
		"*"),
	  NULL },
};

static const struct making workload[] = {
	{ "/app/", "shop-web-role", SERVICE("ec2"), "ec2.amazonaws.com",
	  ALLOW("`s3:GetObject`,`s3:ListBucket`,`ssm:*Association*`,"
		"`ssm:PutInventory`,`ssm:UpdateInstanceInformation`,"
		"`secretsmanager:GetSecretValue`",
		"*"),
	  NULL },
	{ "/app/", "orders-export-role", SERVICE("lambda"),
	  "lambda.amazonaws.com",
	  ALLOW("`s3:GetObject`,`s3:PutObject`,`s3:ListBucket`,"
		"`logs:CreateLogStream`,`kms:Decrypt`",
		"*"),
	  NULL },
	{ "/ci/", "shop-build", BUILD_TRUST, PROVIDER_ARN,
	  ALLOW("`ecr:*`,`s3:PutObject`", "*"), NULL },
	{ "/ci/", "shop-deploy", MEMBER(BUILD_ARN),
	  "acct:" ORG_WORKLOAD "," BUILD_ARN,
	  ALLOW("`lambda:UpdateFunctionCode`,`lambda:PublishVersion`,"
		"`s3:PutObject`",
		"*"),
	  NULL },
	{ "/audit/", "reader", MEMBER(INVENTORY_ARN),
	  "acct:" ORG_MANAGEMENT "," INVENTORY_ARN,
	  ALLOW("`ec2:Describe*`,`rds:Describe*`,`s3:GetBucket*`", "*"), NULL },
	{ "/support/", "ShopOperator", MEMBER(ROOT(ORG_MANAGEMENT)),
	  "acct:" ORG_MANAGEMENT,
	  ALLOW("`iam:*AccessKey*`,`iam:Get*`,"
		"`iam:PutRolePolicy`,`iam:DetachUserPolicy`,`ec2:Describe*`",
		"*"),
	  NULL },
	{ NULL, "svc-metrics", NULL, NULL,
	  ALLOW("`cloudwatch:GetMetricData`,`cloudwatch:DescribeAlarms`", "*"),
	  "metrics" },
	{ NULL, "backup-agent", NULL, NULL,
	  ALLOW("`s3:List*`,`s3:GetObject`,`sts:AssumeRole`", "*"), "backup" },
};

static const struct making security[] = {
	{ "/audit/", "scan-runner", SCANNER_TRUST,
	  "lambda.amazonaws.com,acct:" ORG_WORKLOAD,
	  ALLOW("`sts:AssumeRole`,`lambda:List*`,`lambda:GetFunction`,"
		"`s3:ListAllMyBuckets`,`logs:CreateLogStream`",
		"*"),
	  NULL },
	{ "/backup/", "vault-writer", MEMBER(BACKUP_ARN),
	  "acct:" ORG_WORKLOAD "," BACKUP_ARN,
	  ALLOW("`s3:PutObject`,`s3:ListBucket`",
		"arn:aws:s3:::org-backup-vault-5d0e/*"),
	  NULL },
	{ "/support/", "SecurityReadOnly", MEMBER(ROOT(ORG_MANAGEMENT)),
	  "acct:" ORG_MANAGEMENT,
	  ALLOW("`guardduty:Get*`,"
		"`guardduty:List*`",
		"*"),
	  NULL },
	{ NULL, "log-shipper", NULL, NULL,
	  ALLOW("`s3:GetObject`,`s3:ListBucket`,`s3:ListAllMyBuckets`,"
		"`sts:GetFederationToken`",
		"*"),
	  "shipper" },
};

/* As IAM spells a document in a response. */
static const char *url_encoded(struct scene *sc, const char *document)
{
	static const char digits[] = "0123456789ABCDEF";
	struct strbuf out;
	const char *text;

	strbuf_init(&out);
	for (const char *p = document; *p; p++) {
		char c = *p == '`' ? '"' : *p;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || strchr("-._~", c);

		if (plain) {
			strbuf_addc(&out, c);
			continue;
		}
		strbuf_addc(&out, '%');
		strbuf_addc(&out, digits[(unsigned char)c >> 4]);
		strbuf_addc(&out, digits[(unsigned char)c & 15]);
	}
	text = arena_dup(&sc->arena, strbuf_str(&out)).p;
	strbuf_release(&out);
	return text;
}

/* CloudFormation does it with the rights of the pipeline's session. */
static int64_t by_stack(struct scene *sc, struct session *by, int64_t t,
			const char *call, const char *args)
{
	routine_on_behalf(sc, by, t, "cloudformation.amazonaws.com", call,
			  args);
	return t + rng_between(&sc->rng, 2, 6) * SECOND;
}

static int64_t make_role(struct scene *sc, struct session *by, int64_t t,
			 const struct making *m)
{
	t = by_stack(sc, by, t, "iam:CreateRole",
		     scene_format(sc,
				  "role=%s;path=%s;folder=,'path':'%s';"
				  "trusts=%s;document=%s;encoded=%s",
				  m->name, m->path, m->path, m->trusts,
				  m->trust, url_encoded(sc, m->trust)));
	return by_stack(sc, by, t, "iam:PutRolePolicy",
			scene_format(sc, "role=%s;policy=%s-rights;document=%s",
				     m->name, m->name, m->policy));
}

static int64_t make_user(struct scene *sc, struct session *by, int64_t t,
			 const struct making *m)
{
	t = by_stack(sc, by, t, "iam:CreateUser",
		     scene_format(sc, "user=%s", m->name));
	t = by_stack(sc, by, t, "iam:PutUserPolicy",
		     scene_format(sc, "user=%s;policy=%s-rights;document=%s",
				  m->name, m->name, m->policy));
	return by_stack(sc, by, t, "iam:CreateAccessKey",
			scene_format(sc, "user=%s;key=%s", m->name,
				     scene_find(sc, m->key_of)->key));
}

static int64_t make_all(struct scene *sc, const char *who, int64_t t,
			const char *stack, const struct making *m, size_t n)
{
	struct session *by = scene_find(sc, who);
	char id[UUID_SIZE];

	uuid_random(&sc->rng, id);
	scene_call(sc, by, t, "cloudformation:CreateStack",
		   scene_format(sc, "stack=%s;id=%s", stack, id));
	t += 4 * SECOND;
	for (size_t i = 0; i < n; i++)
		t = m[i].trust ? make_role(sc, by, t, &m[i]) :
				 make_user(sc, by, t, &m[i]);
	return t;
}

/* Lambda tries the role a second before the function is there. Whether it is
 * the function that tries, people may differ. */
static void make_function(struct scene *sc, const char *who, int64_t t,
			  const char *service, const char *test,
			  const char *runs, const char *args)
{
	struct event e = { .time = t - SECOND, .by = scene_find(sc, service) };
	struct true_graph *g = sc->graph;
	struct str arn = str_of(scene_find(sc, runs)->scope_arn);

	issue_role(sc, &e, scene_find(sc, test));
	true_graph_open_edge(g, TRUE_RUNS_AS, true_graph_node(g, "C:", arn),
			     true_graph_caller(g, scene_find(sc, test)));
	by_stack(sc, scene_find(sc, who), t, "lambda:CreateFunction20150331",
		 args);
}

/* The instance gets the first keys of its role with its launch. */
static void launch(struct scene *sc, int64_t t)
{
	struct session *by = scene_find(sc, "pipeline work");
	struct session behind = *by;
	struct session *both[] = { scene_find(sc, "web agent"),
				   scene_find(sc, "web app") };
	struct event run = {
		.time = t,
		.by = &behind,
		.call = "ec2:RunInstances",
		.args = "image=ami-0f7c1a2b3d4e5f607;type=t3.large;"
			"profile=shop-web-role;instance=" ORG_WEB
			";private=10.40.1.15;dashed=10-40-1-15",
	};
	struct event first = { .time = t + SECOND,
			       .by = scene_find(sc, "work ec2.amazonaws.com") };

	behind.invoked_by = behind.ip = behind.agent =
		"cloudformation.amazonaws.com";
	session_new_key(&behind, &sc->rng);
	t = by_stack(sc, by, t - 20 * SECOND, "iam:CreateInstanceProfile",
		     "role=shop-web-role");
	by_stack(sc, by, t, "iam:AddRoleToInstanceProfile",
		 "role=shop-web-role");
	scene_record(sc, &run);
	memcpy(first.request_id, run.request_id, UUID_SIZE);
	issue_instance(sc, &first, both, 2);
}

const char *org_token(struct scene *sc, const char *more)
{
	char text[65] = "";

	rng_base64(&sc->rng, text, 64);
	return scene_format(sc, "token=%s%s", text, more);
}

int64_t org_pipeline(struct scene *sc, int64_t t)
{
	struct session *s = scene_find(sc, "pipeline");
	struct event e = { .time = t,
			   .by = scene_find(sc, "pipeline job"),
			   .region = ORG_GLOBAL };

	issue_web(sc, &e, s);
	scene_call(sc, s, t + 6 * SECOND, "sts:GetCallerIdentity", NULL);
	return t + 12 * SECOND;
}

void org_pipeline_hop(struct scene *sc, int64_t t, const char *to)
{
	struct event e = { .time = t,
			   .by = scene_find(sc, "pipeline"),
			   .args = org_token(sc, "") };

	issue_role(sc, &e, scene_find(sc, to));
}

/* A user of the build cache, asked for in a hurry: by hand. */
static const struct step by_hand[] = {
	{ "", "07:41:10", "pipeline work", "iam:CreateUser", "user=build-cache",
	  NULL },
	{ "", "07:41:13", "pipeline work", "iam:PutUserPolicy",
	  "user=build-cache;policy=build-cache-rights;document=" ALLOW(
		  "`s3:GetObject`,`s3:PutObject`,`s3:ListBucket`",
		  "arn:aws:s3:::shop-build-cache-5d0e/*"),
	  NULL },
};

void org_platform(struct scene *sc)
{
	int64_t t = org_at(sc, 0, "07:10:05");

	t = org_pipeline(sc, t);
	make_all(sc, "pipeline", t, "org-inventory", management,
		 ARRAY_SIZE(management));
	t = org_at(sc, 0, "07:14:30");
	org_pipeline_hop(sc, t, "pipeline work");
	make_all(sc, "pipeline work", t + 5 * SECOND, "shop", workload,
		 ARRAY_SIZE(workload));
	make_function(sc, "pipeline work", org_at(sc, 0, "07:20:41"),
		      "work lambda.amazonaws.com", "orders test", "orders",
		      "function=" ORG_EXPORT
		      ";role=app/orders-export-role;state=Pending");
	launch(sc, org_at(sc, 0, "07:23:08"));
	t = org_at(sc, 0, "07:27:15");
	org_pipeline_hop(sc, t, "pipeline security");
	make_all(sc, "pipeline security", t + 5 * SECOND, "audit", security,
		 ARRAY_SIZE(security));
	make_function(sc, "pipeline security", org_at(sc, 0, "07:31:23"),
		      "security lambda.amazonaws.com", "scanner test",
		      "scanner",
		      "function=" ORG_SCANNER
		      ";role=audit/scan-runner;state=Pending");
	scene_play(sc, by_hand, ARRAY_SIZE(by_hand));
	scene_call(sc, scene_find(sc, "pipeline work"),
		   org_at(sc, 0, "07:41:16"), "iam:CreateAccessKey",
		   scene_format(sc, "user=build-cache;key=%s",
				scene_find(sc, "cache")->key));
}
