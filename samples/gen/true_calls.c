/* SPDX-License-Identifier: MIT */
/* What calls do to others: who is made, changed, trusted, controlled. */
#include "gen/true_graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "gen/fill.h"

/* What an argument names. */
enum named {
	NAMED_USER,     /* user */
	NAMED_ROLE,     /* role */
	NAMED_KEY,      /* key */
	NAMED_FUNCTION, /* function */
	NAMED_INSTANCE, /* instance */
	NAMED_STACK,    /* stack and id */
};

enum {
	MAKES = 1 << 0,
	CHANGES = 1 << 1,
	PASSES = 1 << 2,
	CONTROLS = 1 << 3,
	OWNED = 1 << 4,   /* by the user that is named too */
	TRUSTS = 1 << 5,  /* "trusts=" says whom */
	ENDS = 1 << 6,    /* it is worth nothing any more */
	REVOKES = 1 << 7, /* if the policy is the one that does */
	/* People may differ: is it a change of rights, a machine? */
	OPEN_CHANGE = 1 << 8,
	OPEN_MAKES = 1 << 9,
};

static const struct {
	const char *call;
	enum named named;
	unsigned does;
} meanings[] = {
	{ "iam:CreateUser", NAMED_USER, MAKES | OPEN_CHANGE },
	{ "iam:CreateRole", NAMED_ROLE, MAKES | TRUSTS | OPEN_CHANGE },
	{ "iam:CreateAccessKey", NAMED_KEY, MAKES | OWNED },
	{ "iam:CreateAccessKey", NAMED_USER, OPEN_CHANGE },
	{ "iam:UpdateAccessKey", NAMED_KEY, ENDS },
	{ "iam:UpdateAccessKey", NAMED_USER, OPEN_CHANGE },
	{ "iam:DeleteAccessKey", NAMED_KEY, ENDS },
	{ "iam:DeleteAccessKey", NAMED_USER, OPEN_CHANGE },
	{ "iam:AddRoleToInstanceProfile", NAMED_ROLE, OPEN_CHANGE },
	{ "iam:TagRole", NAMED_ROLE, OPEN_CHANGE },
	{ "iam:AttachUserPolicy", NAMED_USER, CHANGES },
	{ "iam:DetachUserPolicy", NAMED_USER, CHANGES },
	{ "iam:PutUserPolicy", NAMED_USER, CHANGES },
	{ "iam:CreateLoginProfile", NAMED_USER, CHANGES },
	{ "iam:AttachRolePolicy", NAMED_ROLE, CHANGES },
	{ "iam:PutRolePolicy", NAMED_ROLE, CHANGES | REVOKES },
	{ "iam:UpdateAssumeRolePolicy", NAMED_ROLE, CHANGES | TRUSTS },
	{ "lambda:CreateFunction20150331", NAMED_FUNCTION, MAKES | PASSES },
	{ "lambda:UpdateFunctionCode20150331v2", NAMED_FUNCTION, CONTROLS },
	{ "lambda:Invoke", NAMED_FUNCTION, CONTROLS },
	{ "ec2:RunInstances", NAMED_INSTANCE, MAKES | PASSES },
	{ "cloudformation:CreateStack", NAMED_STACK, OPEN_MAKES },
	{ "ssm:SendCommand", NAMED_INSTANCE, CONTROLS },
	{ "ssm:StartSession", NAMED_INSTANCE, CONTROLS },
};

static struct str argument(const struct event *e, const char *name)
{
	struct fill f = { .args = e->args };
	struct str value;

	if (!fill_arg(&f, name, &value) ||
	    str_find_char(value, '$', 0) != SIZE_MAX) {
		fprintf(stderr, "samplegen: %s does not say %s=\n", e->call,
			name);
		exit(1);
	}
	return value;
}

static true_id known(struct true_graph *g, const struct event *e,
		     enum principal_kind kind, struct str name)
{
	for (size_t i = 0; i < g->known_n; i++) {
		const struct principal *p = g->known[i];

		if (p->kind == kind && str_eq(str_of(p->name), name) &&
		    strcmp(p->account, event_account(e)) == 0)
			return true_graph_node(g, "P:", str_of(p->arn));
	}
	fprintf(stderr, "samplegen: %s: nobody knows %.*s\n", e->call,
		STR_ARG(name));
	exit(1);
}

static true_id resource(struct true_graph *g, const struct event *e,
			const char *service, const char *what, struct str name)
{
	struct strbuf arn;
	true_id node;

	strbuf_init(&arn);
	strbuf_addf(&arn, "arn:aws:%s:%s:%s:%s%.*s", service, event_region(e),
		    event_account(e), what, STR_ARG(name));
	node = true_graph_node(g, "C:", strbuf_str(&arn));
	strbuf_release(&arn);
	return node;
}

static true_id stack(struct true_graph *g, const struct event *e)
{
	struct strbuf name;
	true_id node;

	strbuf_init(&name);
	strbuf_add(&name, argument(e, "stack"));
	strbuf_addc(&name, '/');
	strbuf_add(&name, argument(e, "id"));
	node = resource(g, e, "cloudformation", "stack/", strbuf_str(&name));
	strbuf_release(&name);
	return node;
}

static true_id target_of(struct true_graph *g, const struct event *e,
			 enum named named)
{
	switch (named) {
	case NAMED_USER:
		return known(g, e, PRINCIPAL_USER, argument(e, "user"));
	case NAMED_ROLE:
		return known(g, e, PRINCIPAL_ROLE, argument(e, "role"));
	case NAMED_KEY:
		return true_graph_node(g, "K:", argument(e, "key"));
	case NAMED_FUNCTION:
		return resource(g, e, "lambda",
				"function:", argument(e, "function"));
	case NAMED_STACK:
		return stack(g, e);
	default:
		return resource(g, e, "ec2", "instance/",
				argument(e, "instance"));
	}
}

/* "trusts=acct:999988887777,ec2.amazonaws.com": strangers are the ones that
 * count. */
static void note_trusts(struct true_graph *g, const struct event *e,
			true_id role)
{
	struct fill f = { .args = e->args };
	struct str rest, name;

	if (!fill_arg(&f, "trusts", &rest))
		return;
	while (str_next(&rest, ',', &name)) {
		true_id whom = true_graph_node(g, "P:", name);
		bool stranger = str_starts(name, STR("acct:"));

		for (size_t i = 0; i < g->account_n; i++)
			if (str_ends(name, str_of(g->account[i])))
				stranger = false;
		if (stranger)
			true_graph_edge(g, TRUE_TRUSTS, role, whom);
		else
			true_graph_open_edge(g, TRUE_TRUSTS, role, whom);
	}
}

static void note_revocation(struct true_graph *g, const struct event *e,
			    true_id role)
{
	if (!str_eq(argument(e, "policy"), STR("AWSRevokeOlderSessions")))
		return;
	if (g->revoked_n == TRUE_REVOKED_MAX) {
		fprintf(stderr, "samplegen: too many revocations\n");
		exit(1);
	}
	g->revoked[g->revoked_n++] = (struct true_revoked){ role, e->time };
}

static void note_key(struct true_graph *g, const struct event *e, unsigned does,
		     true_id key)
{
	if (does & OWNED)
		true_graph_edge(
			g, TRUE_OWNS,
			known(g, e, PRINCIPAL_USER, argument(e, "user")), key);
	if (does & ENDS)
		g->node[key].ended = e->time;
	if (does & MAKES && g->incident)
		g->node[key].incidents |= 1u << g->incident;
}

void true_graph_call(struct true_graph *g, const struct event *e,
		     true_id caller)
{
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++) {
		unsigned does = meanings[i].does;
		true_id to;

		if (strcmp(meanings[i].call, e->call) != 0)
			continue;
		to = target_of(g, e, meanings[i].named);
		if (does & MAKES)
			true_graph_edge(g, TRUE_CREATED, caller, to);
		if (does & CHANGES)
			true_graph_edge(g, TRUE_MODIFIED, caller, to);
		if (does & OPEN_MAKES)
			true_graph_open_edge(g, TRUE_CREATED, caller, to);
		if (does & OPEN_CHANGE)
			true_graph_open_edge(g, TRUE_MODIFIED, caller, to);
		if (does & PASSES)
			true_graph_edge(g, TRUE_PASSED_ROLE, caller, to);
		if (does & CONTROLS)
			true_graph_edge(g, TRUE_CONTROLS, caller, to);
		if (does & TRUSTS)
			note_trusts(g, e, to);
		if (does & REVOKES)
			note_revocation(g, e, to);
		if (meanings[i].named == NAMED_KEY)
			note_key(g, e, does, to);
	}
}
