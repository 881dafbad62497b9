/* SPDX-License-Identifier: MIT */
/* Temporary credentials: AWS STS, Cognito, Roles Anywhere. */
#include "identity/fact_private.h"

#include "base/timefmt.h"
#include "model/arn.h"

/* Until when credentials hold: as the response says, else as long as was
 * asked for. */
static uint32_t expiry(struct fact_worker *w, struct str expiration)
{
	int64_t time = w->e->time, end = time_parse_words(expiration);
	uint64_t seconds;

	if (end == TIME_NONE)
		end = time_parse(expiration, NULL);
	if (end == TIME_NONE && time != TIME_NONE &&
	    str_to_u64(fact_request(w, "durationSeconds"), &seconds) &&
	    seconds < 365 * 86400)
		end = time + (int64_t)seconds * 1000;
	/* Before it was issued is no answer. */
	if (end == TIME_NONE || time == TIME_NONE || end < time ||
	    end / 1000 >= UINT32_MAX)
		return 0;
	return (uint32_t)(end / 1000);
}

static void put_credentials(struct fact_worker *w, const struct json *v)
{
	fact_put(w, SLOT_KEY, json_text_at(v, "accessKeyId"));
	fact_put_number(w, SLOT_TIME, expiry(w, json_text_at(v, "expiration")));
}

/* What tells the copies of one event in two accounts. That of a service went
 * to the service's own account. */
static void put_shared(struct fact_worker *w)
{
	if (!str_eq(json_text_at(w->user, "type"), STR("AWSService")))
		fact_put_hash(w, SLOT_SHARED, fact_at(w, "sharedEventID"));
}

static void read_role(struct fact_worker *w, unsigned how)
{
	fact_begin(w, FACT_ISSUED, how);
	fact_put(w, SLOT_PID,
		 fact_response(w, "assumedRoleUser.assumedRoleId"));
	fact_put(w, SLOT_ROLE, fact_request(w, "roleArn"));
	fact_put(w, SLOT_NAME, fact_request(w, "roleSessionName"));
	put_credentials(w, json_at(w->response, "credentials"));
	put_shared(w);
	/* An instance's first credentials come out of its RunInstances. */
	if (str_eq(w->e->column[EVENT_PRINCIPAL], STR("ec2.amazonaws.com")))
		fact_put_hash(w, SLOT_REQUEST, fact_at(w, "requestID"));
	fact_end(w);
}

static void read_token(struct fact_worker *w, unsigned how)
{
	fact_begin(w, FACT_ISSUED, how);
	fact_put(w, SLOT_PID, json_text_at(w->user, "principalId"));
	put_credentials(w, json_at(w->response, "credentials"));
	fact_end(w);
}

static void read_federation(struct fact_worker *w, unsigned how)
{
	fact_begin(w, FACT_ISSUED, how);
	fact_put(w, SLOT_PID,
		 fact_response(w, "federatedUser.federatedUserId"));
	put_credentials(w, json_at(w->response, "credentials"));
	fact_end(w);
}

/* The member account's root: an account id, or root's ARN. */
static void read_root(struct fact_worker *w, unsigned how)
{
	struct str target = fact_request(w, "targetPrincipal"), root;
	struct arn arn;

	if (arn_parse(target, &arn))
		target = arn.account;
	if (!target.n)
		return;
	root = fact_join(w, STR("arn:aws:iam::"), target);
	root = fact_join(w, root, STR(":root"));
	fact_begin(w, FACT_ISSUED, how);
	fact_put(w, SLOT_PID, target);
	fact_put(w, SLOT_ROLE, root);
	put_credentials(w, json_at(w->response, "credentials"));
	put_shared(w);
	fact_end(w);
	fact_target(w, root);
}

/* All sessions of a pool have one name: only the key tells them apart. */
static void read_cognito(struct fact_worker *w, unsigned how)
{
	struct str identity = fact_first(fact_request(w, "identityId"),
					 fact_response(w, "identityId"));

	fact_begin(w, FACT_ISSUED, how);
	if (identity.n)
		fact_put(w, SLOT_SUBJECT,
			 fact_join(w, STR("cognito:"), identity));
	put_credentials(w, json_at(w->response, "credentials"));
	fact_end(w);
}

static void read_anywhere(struct fact_worker *w, unsigned how)
{
	const struct json *set = json_at(w->response, "credentialSet");

	if (!set || set->kind != JSON_ARRAY || !set->child)
		return;
	set = set->child;
	fact_begin(w, FACT_ISSUED, how);
	fact_put(w, SLOT_PID,
		 json_text_at(set, "assumedRoleUser.assumedRoleId"));
	fact_put(w, SLOT_ROLE,
		 fact_first(json_text_at(set, "roleArn"),
			    fact_request(w, "roleArn")));
	fact_put(w, SLOT_SUBJECT, fact_response(w, "subjectArn"));
	put_credentials(w, json_at(set, "credentials"));
	fact_end(w);
}

const struct fact_handler fact_sts_handlers[] = {
	{ "sts", "AssumeRole", read_role, ISSUE_ROLE },
	{ "sts", "AssumeRoleWithSAML", read_role, ISSUE_SAML },
	{ "sts", "AssumeRoleWithWebIdentity", read_role, ISSUE_WEB },
	{ "sts", "GetSessionToken", read_token, ISSUE_TOKEN },
	{ "sts", "GetFederationToken", read_federation, ISSUE_FEDERATION },
	{ "sts", "AssumeRoot", read_root, ISSUE_ROOT },
	{ "cognito-identity", "GetCredentialsForIdentity", read_cognito,
	  ISSUE_COGNITO },
	{ "rolesanywhere", "CreateSession", read_anywhere, ISSUE_ANYWHERE },
	{ NULL, NULL, NULL, 0 },
};
