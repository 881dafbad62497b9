/* SPDX-License-Identifier: MIT */
/*
 * Documents of Elastic's Common Schema that did not keep the original: fields
 * are taken from where Elastic's CloudTrail pipeline puts them. Names may be
 * nested, dotted, or both, and values arrays of one.
 */
#include "ingest/unwrap_private.h"

#include "base/attr.h"

enum { DEEPEST = 8 };

/* The value at a dotted path, whose dots may also be parts of names. Bounded
 * by the path, which is the program's own. */
static const struct json *at_path(const struct json *v, struct str path,
				  unsigned depth)
{
	const struct json *m = json_member(v, path);

	if (m || !v || v->kind != JSON_OBJECT || depth == DEEPEST)
		return m;
	for (size_t dot = str_find_char(path, '.', 0); dot != SIZE_MAX && !m;
	     dot = str_find_char(path, '.', dot + 1))
		m = at_path(json_member(v, str_sub(path, 0, dot)),
			    str_from(path, dot + 1), depth + 1);
	return m;
}

static const struct json *ecs(const struct json *v, const char *path)
{
	const struct json *m = at_path(v, str_of(path), 0);

	if (m && m->kind == JSON_ARRAY && m->n == 1)
		m = m->child;
	return m && m->kind != JSON_NULL ? m : NULL;
}

static const struct {
	const char *from, *to;
	bool flag;
} fields[] = {
	{ "aws.cloudtrail.event_version", "eventVersion", false },
	{ "aws.cloudtrail.user_identity.type", "userIdentity.type", false },
	{ "user.id", "userIdentity.principalId", false },
	{ "aws.cloudtrail.user_identity.arn", "userIdentity.arn", false },
	{ "cloud.account.id", "userIdentity.accountId", false },
	{ "aws.cloudtrail.user_identity.access_key_id",
	  "userIdentity.accessKeyId", false },
	{ "user.name", "userIdentity.userName", false },
	{ "aws.cloudtrail.user_identity.invoked_by", "userIdentity.invokedBy",
	  false },
	{ "aws.cloudtrail.user_identity.session_context.session_issuer.type",
	  "userIdentity.sessionContext.sessionIssuer.type", false },
	{ "aws.cloudtrail.user_identity.session_context.session_issuer."
	  "principal_id",
	  "userIdentity.sessionContext.sessionIssuer.principalId", false },
	{ "aws.cloudtrail.user_identity.session_context.session_issuer.arn",
	  "userIdentity.sessionContext.sessionIssuer.arn", false },
	{ "aws.cloudtrail.user_identity.session_context.session_issuer."
	  "account_id",
	  "userIdentity.sessionContext.sessionIssuer.accountId", false },
	{ "aws.cloudtrail.user_identity.session_context.mfa_authenticated",
	  "userIdentity.sessionContext.attributes.mfaAuthenticated", false },
	{ "event.provider", "eventSource", false },
	{ "event.action", "eventName", false },
	{ "cloud.region", "awsRegion", false },
	{ "source.address", "sourceIPAddress", false },
	{ "source.ip", "sourceIPAddress", false },
	{ "user_agent.original", "userAgent", false },
	{ "aws.cloudtrail.error_code", "errorCode", false },
	{ "aws.cloudtrail.error_message", "errorMessage", false },
	{ "aws.cloudtrail.request_id", "requestID", false },
	{ "event.id", "eventID", false },
	{ "aws.cloudtrail.read_only", "readOnly", true },
	{ "aws.cloudtrail.event_type", "eventType", false },
	{ "aws.cloudtrail.event_category", "eventCategory", false },
	{ "aws.cloudtrail.api_version", "apiVersion", false },
	{ "aws.cloudtrail.management_event", "managementEvent", true },
	{ "aws.cloudtrail.recipient_account_id", "recipientAccountId", false },
	{ "aws.cloudtrail.shared_event_id", "sharedEventID", false },
	{ "aws.cloudtrail.vpc_endpoint_id", "vpcEndpointId", false },
};

/* Kept as they were in "flattened", else as the text of a Java map. */
static const struct {
	const char *flat, *text, *to;
} documents[] = {
	{ "aws.cloudtrail.flattened.request_parameters",
	  "aws.cloudtrail.request_parameters", "requestParameters" },
	{ "aws.cloudtrail.flattened.response_elements",
	  "aws.cloudtrail.response_elements", "responseElements" },
	{ "aws.cloudtrail.flattened.additional_eventdata",
	  "aws.cloudtrail.additional_eventdata", "additionalEventData" },
	{ "aws.cloudtrail.flattened.service_event_details",
	  "aws.cloudtrail.service_event_details", "serviceEventDetails" },
};

static void put_documents(struct draft *d, const struct json *v)
{
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++) {
		const struct json *flat = ecs(v, documents[i].flat);

		draft_value(d, documents[i].to,
			    flat ? flat : ecs(v, documents[i].text));
	}
}

bool form_ecs(struct unwrapper *u, const struct json *v)
{
	const struct json *time, *created;
	struct draft d;

	if (v->kind != JSON_OBJECT || !ecs(v, "event.action") ||
	    !(ecs(v, "aws.cloudtrail.event_version") ||
	      ecs(v, "aws.cloudtrail.event_type") ||
	      ecs(v, "aws.cloudtrail.user_identity.type")))
		return false;
	draft_init(&d, unwrap_arena(u));
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		const struct json *m = ecs(v, fields[i].from);

		if (m && fields[i].flag)
			draft_flag(&d, fields[i].to, m->text);
		else if (m)
			draft_text(&d, fields[i].to, m->text);
	}
	time = ecs(v, "@timestamp");
	if (time)
		draft_time(&d, "eventTime", time->text);
	created = ecs(v, "aws.cloudtrail.user_identity.session_context."
			 "creation_date");
	if (created)
		draft_time(&d,
			   "userIdentity.sessionContext.attributes."
			   "creationDate",
			   created->text);
	put_documents(&d, v);
	unwrap_draft(u, &d, FORM_ECS);
	return true;
}
