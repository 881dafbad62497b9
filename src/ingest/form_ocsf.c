/* SPDX-License-Identifier: MIT */
/* CloudTrail in the Open Cybersecurity Schema, as Security Lake writes it. */
#include "ingest/unwrap_private.h"

#include <stdio.h>

#include "base/attr.h"

/* The first path that holds something wins. */
static const struct {
	const char *from, *to;
} fields[] = {
	{ "metadata.product.version", "eventVersion" },
	{ "actor.user.type", "userIdentity.type" },
	{ "actor.user.uid_alt", "userIdentity.principalId" },
	/* Before 1.1 the account stood at "uid". */
	{ "actor.user.uuid", "userIdentity.arn" },
	{ "actor.user.uid", "userIdentity.arn" },
	{ "actor.user.account.uid", "userIdentity.accountId" },
	{ "actor.user.account_uid", "userIdentity.accountId" },
	{ "actor.user.credential_uid", "userIdentity.accessKeyId" },
	{ "actor.user.name", "userIdentity.userName" },
	{ "actor.invoked_by", "userIdentity.invokedBy" },
	{ "actor.idp.name", "userIdentity.identityProvider" },
	{ "actor.session.issuer",
	  "userIdentity.sessionContext.sessionIssuer.arn" },
	{ "api.service.name", "eventSource" },
	{ "api.operation", "eventName" },
	{ "cloud.region", "awsRegion" },
	{ "src_endpoint.ip", "sourceIPAddress" },
	{ "src_endpoint.domain", "sourceIPAddress" },
	{ "src_endpoint.uid", "vpcEndpointId" },
	{ "http_request.user_agent", "userAgent" },
	{ "api.response.error", "errorCode" },
	{ "api.response.message", "errorMessage" },
	{ "api.request.uid", "requestID" },
	{ "metadata.uid", "eventID" },
	{ "unmapped.eventType", "eventType" },
	{ "metadata.event_code", "eventType" },
	{ "metadata.log_name", "eventType" },
	{ "api.version", "apiVersion" },
	{ "unmapped.recipientAccountId", "recipientAccountId" },
	{ "unmapped.sharedEventID", "sharedEventID" },
	{ "unmapped.eventCategory", "eventCategory" },
	{ "unmapped.userIdentity.sessionContext.ec2RoleDelivery",
	  "userIdentity.sessionContext.ec2RoleDelivery" },
	{ "metadata.product.feature.name", "eventCategory" },
	{ "unmapped.userIdentity.sessionContext.attributes.mfaAuthenticated",
	  "userIdentity.sessionContext.attributes.mfaAuthenticated" },
	{ "unmapped.sessionCredentialFromConsole",
	  "sessionCredentialFromConsole" },
};

/* JSON, or JSON as a text. */
static const struct {
	const char *from, *to;
} documents[] = {
	{ "api.request.data", "requestParameters" },
	{ "unmapped.requestParameters", "requestParameters" },
	{ "api.response.data", "responseElements" },
	{ "unmapped.responseElements", "responseElements" },
	{ "unmapped.additionalEventData", "additionalEventData" },
	{ "unmapped.serviceEventDetails", "serviceEventDetails" },
};

/* What is kept aside has dotted names of its own, or is nested. */
static const struct json *kept(const struct json *v, const char *path)
{
	const struct json *m = json_at(v, path);
	struct str rest = str_of(path);

	if (!m && str_starts(rest, STR("unmapped.")))
		m = json_member(json_member(v, STR("unmapped")),
				str_from(rest, sizeof("unmapped.") - 1));
	return m && m->kind != JSON_NULL ? m : NULL;
}

static void put_times(struct draft *d, const struct json *v)
{
	static const struct {
		const char *from, *to;
	} times[] = {
		{ "time_dt", "eventTime" },
		{ "time", "eventTime" },
		{ "actor.session.created_time_dt",
		  "userIdentity.sessionContext.attributes.creationDate" },
		{ "actor.session.created_time",
		  "userIdentity.sessionContext.attributes.creationDate" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		draft_time(d, times[i].to, json_text_at(v, times[i].from));
}

static void put_session(struct draft *d, const struct json *v)
{
	static const char issuer[] =
		"unmapped.userIdentity.sessionContext.sessionIssuer.";
	static const char *const names[] = { "type", "principalId", "accountId",
					     "userName" };
	const struct json *mfa = json_at(v, "actor.session.is_mfa");

	if (mfa && (mfa->kind == JSON_TRUE || mfa->kind == JSON_FALSE))
		draft_text(d,
			   "userIdentity.sessionContext.attributes."
			   "mfaAuthenticated",
			   mfa->text);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char path[96], to[96];
		const struct json *m;

		snprintf(path, sizeof(path), "%s%s", issuer, names[i]);
		snprintf(to, sizeof(to),
			 "userIdentity.sessionContext.sessionIssuer.%s",
			 names[i]);
		m = kept(v, path);
		if (m)
			draft_text(d, to, m->text);
	}
}

static void put_flag(struct draft *d, const char *path, const struct json *v)
{
	if (v)
		draft_flag(d, path, v->text);
}

bool form_ocsf(struct unwrapper *u, const struct json *v)
{
	struct draft d;

	if (!json_member(v, STR("class_uid")) ||
	    !str_eq(json_text_at(v, "metadata.product.name"),
		    STR("CloudTrail")))
		return false;
	draft_init(&d, unwrap_arena(u));
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		const struct json *m = kept(v, fields[i].from);

		if (m)
			draft_text(&d, fields[i].to, m->text);
	}
	put_flag(&d, "readOnly", kept(v, "unmapped.readOnly"));
	put_flag(&d, "managementEvent", kept(v, "unmapped.managementEvent"));
	put_times(&d, v);
	put_session(&d, v);
	for (size_t i = 0; i < ARRAY_SIZE(documents); i++)
		draft_document(&d, documents[i].to, kept(v, documents[i].from));
	unwrap_draft(u, &d, FORM_OCSF);
	return true;
}
