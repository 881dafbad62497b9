/* SPDX-License-Identifier: MIT */
/* Policies of resources: whom they let in from outside. */
#include "identity/fact_private.h"

#include "base/attr.h"
#include "model/arn.h"

/* Where a call has the policy and what it is of. Paths are of the request;
 * a resource that is only named gets the ARN of that service and prefix. */
static const struct grant_call {
	const char *policy;
	const char *resource;
	const char *arn_service, *prefix;
} calls[] = {
	{ "bucketPolicy", "bucketName", "s3", "" },
	{ "policy", "keyId", "kms", "key/" },
	{ "resourcePolicy", "secretId", "secretsmanager", "secret:" },
	{ "attributes.Policy", "queueUrl", "sqs", "" },
	{ "attributeValue", "topicArn", "sns", "" },
	{ "policyText", "repositoryName", "ecr", "repository/" },
	{ "policy", "resourceArn", "dynamodb", "table/" },
	{ "policyInJson", "resourceArn", "glue", "catalog" },
};

enum { BUCKET, KMS_KEY, SECRET, QUEUE, TOPIC, REPOSITORY, TABLE, CATALOG };

struct str fact_guest_account(struct str principal)
{
	struct arn arn;

	if (principal.n == 12 && str_all_digits(principal))
		return principal;
	return arn_parse(principal, &arn) ? arn.account : STR_NULL;
}

struct str fact_guest(struct fact_worker *w, const struct policy_guest *guest)
{
	/* A principal of one's own account is one, whatever it is part of. */
	if (guest->organization.n &&
	    !(w->account.n &&
	      str_eq(fact_guest_account(guest->principal), w->account)))
		return fact_join(w, STR("org:"), guest->organization);
	return guest->principal;
}

struct grant {
	struct fact_worker *w;
	struct str resource;
};

/* A principal of the resource's own account is none from outside. */
static void note_grant(void *context, const struct policy_guest *guest)
{
	struct grant *g = context;
	struct str who = fact_guest(g->w, guest);

	if (g->w->account.n && str_eq(fact_guest_account(who), g->w->account))
		return;
	fact_begin(g->w, FACT_GRANT, 0);
	fact_put(g->w, SLOT_ARN, g->resource);
	fact_put(g->w, SLOT_SUBJECT, who);
	fact_end(g->w);
	fact_target(g->w, who);
}

static void note_principal(struct grant *g, struct str principal)
{
	note_grant(g, &(struct policy_guest){ .principal = principal });
}

/* The whole policy of a resource was written: whom it does not name, it no
 * longer lets in. */
static void note_written(struct fact_worker *w, struct str resource)
{
	fact_begin(w, FACT_GRANT, 0);
	fact_put(w, SLOT_ARN, resource);
	fact_end(w);
}

/* "https://sqs.us-east-1.amazonaws.com/111122223333/queue" -> "queue" */
static struct str resource_arn(struct fact_worker *w,
			       const struct grant_call *call)
{
	struct str name = fact_request(w, call->resource);

	if (str_starts(name, STR("arn:")))
		return name;
	if (str_starts(name, STR("http")))
		name = arn_last_segment(name);
	if (call == &calls[BUCKET])
		return name.n ? fact_join(w, STR("arn:aws:s3:::"), name) : name;
	return fact_arn(w, call->arn_service, call->prefix, name);
}

static void read_policy(struct fact_worker *w, unsigned how)
{
	const struct grant_call *call = &calls[how];
	const struct json *v = json_at(w->request, call->policy);
	struct grant g = { w, resource_arn(w, call) };

	/* Some write the bucket's policy as text, beside an empty object. */
	if (how == BUCKET && (!v || v->kind != JSON_OBJECT))
		v = json_at(w->request, "policy");
	/* The wrong attribute holds no policy, and parses as none. */
	if (policy_each_guest(policy_document(v, &w->scratch), note_grant, &g))
		note_written(w, g.resource);
}

static void read_policy_deleted(struct fact_worker *w, unsigned how)
{
	note_written(w, resource_arn(w, &calls[how]));
}

/* Everybody of an organization, or on behalf of an account. */
static struct policy_guest permitted(const struct fact_worker *w)
{
	struct policy_guest guest = { fact_request(w, "principal"), STR_NULL };
	struct str account =
		fact_first(fact_request(w, "sourceAccount"),
			   fact_guest_account(fact_request(w, "sourceArn")));

	if (!str_eq(guest.principal, STR("*")))
		return guest;
	guest.organization = fact_first(fact_request(w, "principalOrgID"),
					fact_request(w, "organizationId"));
	if (!guest.organization.n && account.n)
		guest.principal = account;
	return guest;
}

/* "principal": an account, a service, "*"; one function at a time. */
static void read_permission(struct fact_worker *w, unsigned how)
{
	struct grant g = { w,
			   fact_function(w, fact_request(w, "functionName")) };
	struct policy_guest guest = permitted(w);

	fact_begin(w, FACT_COMPUTE, how);
	fact_put(w, SLOT_ARN, g.resource);
	fact_end(w);
	if (guest.principal.n &&
	    !str_ends(guest.principal, STR(".amazonaws.com")) &&
	    !str_ends(guest.principal, STR(".amazonaws.com.cn")))
		note_grant(&g, &guest);
}

/* Queues and topics: a list of accounts. */
static void read_accounts(struct fact_worker *w, unsigned how)
{
	static const char *const paths[] = { "aWSAccountIds", "aWSAccountId",
					     "AWSAccountIds", "AWSAccountId" };
	struct grant g = { w, resource_arn(w, &calls[how]) };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		const struct json *v = json_at(w->request, paths[i]);
		unsigned left = POLICY_PRINCIPALS;

		if (!v || v->kind != JSON_ARRAY)
			continue;
		for (v = v->child; v && left--; v = v->next)
			note_principal(&g, v->text);
	}
}

const struct fact_handler fact_grant_handlers[] = {
	{ "s3", "PutBucketPolicy", read_policy, BUCKET },
	{ "kms", "PutKeyPolicy", read_policy, KMS_KEY },
	{ "secretsmanager", "PutResourcePolicy", read_policy, SECRET },
	{ "sqs", "SetQueueAttributes", read_policy, QUEUE },
	{ "sns", "SetTopicAttributes", read_policy, TOPIC },
	{ "ecr", "SetRepositoryPolicy", read_policy, REPOSITORY },
	{ "dynamodb", "PutResourcePolicy", read_policy, TABLE },
	{ "glue", "PutResourcePolicy", read_policy, CATALOG },
	{ "s3", "DeleteBucketPolicy", read_policy_deleted, BUCKET },
	{ "secretsmanager", "DeleteResourcePolicy", read_policy_deleted,
	  SECRET },
	{ "ecr", "DeleteRepositoryPolicy", read_policy_deleted, REPOSITORY },
	{ "dynamodb", "DeleteResourcePolicy", read_policy_deleted, TABLE },
	{ "glue", "DeleteResourcePolicy", read_policy_deleted, CATALOG },
	{ "sqs", "AddPermission", read_accounts, QUEUE },
	{ "sns", "AddPermission", read_accounts, TOPIC },
	{ "lambda", "AddPermission", read_permission, COMPUTE_CONTROLS },
	{ NULL, NULL, NULL, 0 },
};
