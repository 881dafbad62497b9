/* SPDX-License-Identifier: MIT */
#include "model/event.h"

#include "base/attr.h"
#include "base/timefmt.h"
#include "model/identity.h"
#include "model/keyid.h"

const char *event_column_name(enum event_column c)
{
	static const char *const names[] = {
#define X(name, path) path,
		EVENT_COLUMNS(X)
#undef X
	};

	return names[c];
}

const char *event_kind_name(enum event_kind k)
{
	static const char *const names[] = {
#define X(name, text) text,
		EVENT_KINDS(X)
#undef X
	};

	return names[k];
}

const char *event_outcome_name(enum event_outcome o)
{
	switch (o) {
	case OUTCOME_OK:
		return "ok";
	case OUTCOME_DENIED:
		return "denied";
	case OUTCOME_FAILED:
		return "failed";
	}
	return "ok";
}

bool event_is_denied_code(struct str code)
{
	static const char *const denied[] = {
		"AccessDenied",
		"AccessDeniedException",
		"UnauthorizedOperation",
		"Client.UnauthorizedOperation",
		"UnauthorizedAccess",
		"AuthorizationError",
		"AuthorizationErrorException",
		"NotAuthorized",
		"NotAuthorizedException",
		"Forbidden",
		"VpceAccessDenied",
		"KMSAccessDeniedException",
		"KMS.AccessDeniedException",
		"Client.AccessDenied",
		"Server.AccessDenied",
		"UnauthorizedException",
	};

	for (size_t i = 0; i < ARRAY_SIZE(denied); i++)
		if (str_eq(code, str_of(denied[i])))
			return true;
	return false;
}

struct str event_base_name(struct str name)
{
	size_t end = name.n, digits;

	/* An optional "v2" after the eight digits of a date. */
	while (end && name.p[end - 1] >= '0' && name.p[end - 1] <= '9')
		end--;
	if (end && end < name.n && name.p[end - 1] == 'v')
		end--;
	else
		end = name.n;
	digits = end;
	while (digits && name.p[digits - 1] >= '0' && name.p[digits - 1] <= '9')
		digits--;
	return end - digits == 8 && digits ? str_sub(name, 0, digits) : name;
}

struct str event_service(struct str source)
{
	size_t at = str_find(source, STR(".amazonaws.com"), 0);

	return at == SIZE_MAX ? source : str_sub(source, 0, at);
}

unsigned event_marks(const struct json *object)
{
	static const char *const fields[] = {
		"eventName",    "eventSource", "eventTime", "userIdentity",
		"eventVersion", "eventID",     "awsRegion", "sourceIPAddress",
	};
	unsigned found = 0;

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		found += json_member(object, str_of(fields[i])) != NULL;
	return found;
}

/* A scalar's text; empty for null, arrays and objects. */
static struct str text_of(const struct json *v)
{
	if (!v || v->kind == JSON_NULL || !json_is_scalar(v))
		return STR_NULL;
	return v->text;
}

static uint32_t outcome_of(const struct event *e)
{
	struct str login;

	if (e->column[EVENT_ERROR].n)
		return event_is_denied_code(e->column[EVENT_ERROR]) ?
			       OUTCOME_DENIED :
			       OUTCOME_FAILED;
	/* Sign-in events carry no errorCode when they fail. */
	login = json_text_at(e->record, "responseElements.ConsoleLogin");
	if (!login.n)
		login = json_text_at(e->record, "responseElements.SwitchRole");
	return str_eq(login, STR("Failure")) ? OUTCOME_DENIED : OUTCOME_OK;
}

/* Deep enough for where CloudTrail says that it left something out. */
static bool says_omitted(const struct json *v, unsigned depth)
{
	const struct json *omitted;

	if (depth == 0 || v->kind < JSON_ARRAY)
		return false;
	omitted = json_member(v, STR("omitted"));
	if (omitted && omitted->kind == JSON_TRUE)
		return true;
	for (const struct json *m = v->child; m; m = m->next)
		if (says_omitted(m, depth - 1))
			return true;
	return false;
}

static void add_key(struct event *e, const char *path)
{
	struct str key = json_text_at(e->record, path);

	if (!keyid_is_access_key(key) || str_eq(key, e->column[EVENT_KEY]) ||
	    e->more_key_count == EVENT_MORE_KEYS)
		return;
	for (unsigned i = 0; i < e->more_key_count; i++)
		if (str_eq(key, e->more_keys[i]))
			return;
	e->more_keys[e->more_key_count++] = key;
}

static enum event_kind kind_of(const struct json *record)
{
	struct str type = text_of(json_member(record, STR("eventType")));
	struct str category =
		text_of(json_member(record, STR("eventCategory")));

	if (str_eq(type, STR("AwsCloudTrailInsight")) ||
	    str_eq(category, STR("Insight")))
		return KIND_INSIGHT;
	if (str_eq(category, STR("NetworkActivity")))
		return KIND_NETWORK;
	return KIND_CLOUDTRAIL;
}

/* What userIdentity says of its session. */
static uint32_t session_flags(const struct json *context)
{
	uint32_t flags = 0;
	struct str mfa;

	for (const struct json *v = context->child; v; v = v->next) {
		if (str_eq(v->key, STR("ec2RoleDelivery"))) {
			if (str_eq(v->text, STR("1.0")))
				flags |= EVENT_IMDS_V1;
			else if (str_eq(v->text, STR("2.0")))
				flags |= EVENT_IMDS_V2;
		} else if (str_eq(v->key, STR("assumedRoot"))) {
			if (str_eq(v->text, STR("true")))
				flags |= EVENT_ASSUMED_ROOT;
		} else if (str_eq(v->key, STR("attributes"))) {
			mfa = json_text_at(v, "mfaAuthenticated");
			if (str_eq(mfa, STR("true")))
				flags |= EVENT_MFA;
			else if (str_eq(mfa, STR("false")))
				flags |= EVENT_NO_MFA;
		}
	}
	return flags;
}

static uint32_t identity_flags(const struct json *user)
{
	uint32_t flags = 0;

	if (!user || user->kind != JSON_OBJECT)
		return 0;
	for (const struct json *v = user->child; v; v = v->next) {
		if (str_eq(v->key, STR("invokedBy"))) {
			if (text_of(v).n)
				flags |= EVENT_BY_SERVICE;
		} else if (str_eq(v->key, STR("type"))) {
			if (str_eq(v->text, STR("AWSService")))
				flags |= EVENT_BY_SERVICE;
		} else if (str_eq(v->key, STR("sessionContext"))) {
			if (v->kind == JSON_OBJECT)
				flags |= session_flags(v);
		} else if (v->kind == JSON_OBJECT &&
			   str_eq(v->key, STR("inScopeOf"))) {
			flags |= EVENT_IN_SCOPE;
		} else if (v->kind == JSON_OBJECT &&
			   str_eq(v->key, STR("onBehalfOf"))) {
			flags |= EVENT_ON_BEHALF;
		}
	}
	return flags;
}

static uint32_t flags_of(const struct event *e, unsigned notes)
{
	const struct json *r = e->record;
	struct str read_only = text_of(json_member(r, STR("readOnly")));
	struct str category = text_of(json_member(r, STR("eventCategory")));
	struct str managed = text_of(json_member(r, STR("managementEvent")));
	uint32_t flags = outcome_of(e) |
			 identity_flags(json_member(r, STR("userIdentity")));

	if (str_eq(read_only, STR("true")))
		flags |= EVENT_READ;
	else if (str_eq(read_only, STR("false")))
		flags |= EVENT_WRITE;
	if (str_eq(category, STR("Data")) || str_eq(managed, STR("false")))
		flags |= EVENT_DATA;
	/* Services put their own names there. */
	if (str_starts(text_of(json_member(r, STR("vpcEndpointId"))),
		       STR("vpce-")))
		flags |= EVENT_THROUGH_ENDPOINT;
	if (str_eq(text_of(json_member(r, STR("sessionCredentialFromConsole"))),
		   STR("true")))
		flags |= EVENT_FROM_CONSOLE;
	if (text_of(json_member(r, STR("errorMessage"))).n)
		flags |= EVENT_ERROR_MESSAGE;
	if (e->time == TIME_NONE)
		flags |= EVENT_NO_TIME;
	if (!e->id.n)
		flags |= EVENT_NO_ID;
	if (notes & JSON_SAW_CONTROL)
		flags |= EVENT_HAS_CONTROL;
	if (notes & JSON_SAW_BIDI)
		flags |= EVENT_HAS_BIDI;
	if (notes & JSON_SAW_NONASCII)
		flags |= EVENT_HAS_NONASCII;
	if (notes & JSON_SAW_DEEP || says_omitted(r, 4))
		flags |= EVENT_HAS_TRUNCATED;
	return flags;
}

void event_extract(struct event *e, const struct json *record, unsigned notes,
		   struct arena *arena)
{
	struct identity who;

	*e = (struct event){ .record = record };
	identity_of(&who, json_member(record, STR("userIdentity")), arena);
	e->column[EVENT_NAME] = text_of(json_member(record, STR("eventName")));
	e->column[EVENT_SOURCE] =
		text_of(json_member(record, STR("eventSource")));
	e->column[EVENT_REGION] =
		text_of(json_member(record, STR("awsRegion")));
	e->column[EVENT_ACCOUNT] =
		text_of(json_member(record, STR("recipientAccountId")));
	e->column[EVENT_CALLER] = who.account;
	e->column[EVENT_PRINCIPAL] = who.principal;
	e->column[EVENT_ACTOR] = who.actor;
	e->column[EVENT_SESSION] = who.session;
	e->column[EVENT_IP] =
		text_of(json_member(record, STR("sourceIPAddress")));
	e->column[EVENT_AGENT] = text_of(json_member(record, STR("userAgent")));
	e->column[EVENT_KEY] = who.key;
	e->column[EVENT_ERROR] = text_of(json_member(record, STR("errorCode")));
	e->id = text_of(json_member(record, STR("eventID")));
	e->raw_time = text_of(json_member(record, STR("eventTime")));
	e->time = time_parse(e->raw_time, NULL);
	e->kind = kind_of(record);
	e->flags = flags_of(e, notes);
	add_key(e, "responseElements.credentials.accessKeyId");
	add_key(e, "responseElements.accessKey.accessKeyId");
	add_key(e, "requestParameters.accessKeyId");
}
