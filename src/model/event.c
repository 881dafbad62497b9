/* SPDX-License-Identifier: MIT */
#include "model/event.h"

#include "base/attr.h"
#include "base/timefmt.h"
#include "model/identity.h"
#include "model/keyid.h"
#include "model/level.h"

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
			[KIND_EVIDENCE] = "evidence",
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

/* Members --------------------------------------------------------------- */

/* Asked of each key of each record: its length leaves a few comparisons of
 * constant length. */
enum event_member event_member_named(struct str key)
{
#define IS(name, member)                                  \
	if (memcmp(key.p, (name), sizeof(name) - 1) == 0) \
	return (member)

	switch (key.n) {
	case 7:
		IS("eventID", MEMBER_ID);
		break;
	case 8:
		IS("readOnly", MEMBER_READ_ONLY);
		IS("addendum", MEMBER_ADDENDUM);
		break;
	case 9:
		IS("eventName", MEMBER_NAME);
		IS("eventTime", MEMBER_TIME);
		IS("awsRegion", MEMBER_REGION);
		IS("userAgent", MEMBER_AGENT);
		IS("eventType", MEMBER_TYPE);
		IS("errorCode", MEMBER_ERROR_CODE);
		break;
	case 11:
		IS("eventSource", MEMBER_SOURCE);
		break;
	case 12:
		IS("userIdentity", MEMBER_IDENTITY);
		IS("eventVersion", MEMBER_VERSION);
		IS("errorMessage", MEMBER_ERROR_MESSAGE);
		break;
	case 13:
		IS("eventCategory", MEMBER_CATEGORY);
		IS("vpcEndpointId", MEMBER_ENDPOINT);
		break;
	case 15:
		IS("sourceIPAddress", MEMBER_ADDRESS);
		IS("managementEvent", MEMBER_MANAGEMENT);
		break;
	case 16:
		IS("responseElements", MEMBER_RESPONSE);
		break;
	case 17:
		IS("requestParameters", MEMBER_REQUEST);
		break;
	case 18:
		IS("recipientAccountId", MEMBER_RECIPIENT);
		break;
	case 19:
		IS("additionalEventData", MEMBER_ADDITIONAL);
		break;
	case 28:
		IS("sessionCredentialFromConsole", MEMBER_FROM_CONSOLE);
		break;
	default:
		break;
	}
#undef IS
	return MEMBER_COUNT;
}

static void find_members(struct event_members *m, const struct json *object)
{
	*m = (struct event_members){ .all = true };
	if (!object || object->kind != JSON_OBJECT)
		return;
	for (const struct json *v = object->child; v; v = v->next) {
		enum event_member name = event_member_named(v->key);

		if (name == MEMBER_COUNT)
			m->all &= v->key.n && !memchr(v->key.p, '.', v->key.n);
		else if (m->of[name])
			m->all = false;
		else
			m->of[name] = v;
	}
}

unsigned event_marks(const struct json *object)
{
	static const enum event_member marks[] = {
		MEMBER_NAME,    MEMBER_SOURCE, MEMBER_TIME,   MEMBER_IDENTITY,
		MEMBER_VERSION, MEMBER_ID,     MEMBER_REGION, MEMBER_ADDRESS,
	};
	struct event_members m;
	unsigned found = 0;

	find_members(&m, object);
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		found += m.of[marks[i]] != NULL;
	return found;
}

/* A scalar's text; empty for null, arrays and objects. */
static struct str text_of(const struct json *v)
{
	if (!v || v->kind == JSON_NULL || !json_is_scalar(v))
		return STR_NULL;
	return v->text;
}

static bool is_text(const struct json *v, struct str text)
{
	return str_eq(text_of(v), text);
}

/* Events ------------------------------------------------------------------ */

static uint32_t outcome_of(struct str error, const struct json *response)
{
	struct str login;

	if (error.n)
		return event_is_denied_code(error) ? OUTCOME_DENIED :
						     OUTCOME_FAILED;
	/* Sign-in events carry no errorCode when they fail. */
	login = json_text_at(response, "ConsoleLogin");
	if (!login.n)
		login = json_text_at(response, "SwitchRole");
	return str_eq(login, STR("Failure")) ? OUTCOME_DENIED : OUTCOME_OK;
}

/* Deep enough for where CloudTrail says that it left something out. */
static bool says_omitted(const struct json *v, unsigned depth)
{
	bool object = v->kind == JSON_OBJECT, first = true;

	if (depth == 0)
		return false;
	for (const struct json *m = v->child; m; m = m->next) {
		if (object && first && str_eq(m->key, STR("omitted"))) {
			if (m->kind == JSON_TRUE)
				return true;
			first = false;
		}
		if (m->child && says_omitted(m, depth - 1))
			return true;
	}
	return false;
}

/* The key at `path` of a member. */
static void add_key(struct event *e, const struct json *member,
		    const char *path)
{
	struct str key = json_text_at(member, path);

	if (!keyid_is_access_key(key) || str_eq(key, e->column[EVENT_KEY]) ||
	    e->more_key_count == EVENT_MORE_KEYS)
		return;
	for (unsigned i = 0; i < e->more_key_count; i++)
		if (str_eq(key, e->more_keys[i]))
			return;
	e->more_keys[e->more_key_count++] = key;
}

static enum event_kind kind_of(const struct event_members *m)
{
	if (is_text(m->of[MEMBER_TYPE], STR("AwsCloudTrailInsight")) ||
	    is_text(m->of[MEMBER_CATEGORY], STR("Insight")))
		return KIND_INSIGHT;
	if (is_text(m->of[MEMBER_CATEGORY], STR("NetworkActivity")) ||
	    is_text(m->of[MEMBER_TYPE], STR("AwsVpceEvent")) ||
	    is_text(m->of[MEMBER_TYPE], STR("AwsVpceEvents")))
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

static uint32_t flags_of(const struct event *e, const struct event_members *m,
			 unsigned notes)
{
	uint32_t flags = outcome_of(e->column[EVENT_ERROR],
				    m->of[MEMBER_RESPONSE]) |
			 identity_flags(m->of[MEMBER_IDENTITY]);

	if (is_text(m->of[MEMBER_READ_ONLY], STR("true")))
		flags |= EVENT_READ;
	else if (is_text(m->of[MEMBER_READ_ONLY], STR("false")))
		flags |= EVENT_WRITE;
	if (is_text(m->of[MEMBER_CATEGORY], STR("Data")) ||
	    is_text(m->of[MEMBER_MANAGEMENT], STR("false")))
		flags |= EVENT_DATA;
	/* Services put their own names there. */
	if (str_starts(text_of(m->of[MEMBER_ENDPOINT]), STR("vpce-")))
		flags |= EVENT_THROUGH_ENDPOINT;
	if (is_text(m->of[MEMBER_FROM_CONSOLE], STR("true")))
		flags |= EVENT_FROM_CONSOLE;
	if (text_of(m->of[MEMBER_ERROR_MESSAGE]).n)
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
	if (notes & JSON_SAW_DEEP || says_omitted(e->record, 4))
		flags |= EVENT_HAS_TRUNCATED;
	return flags;
}

/* Logstash takes eventTime away and keeps it under a name of its own. */
static void borrow_time(struct event *e, const struct json *record)
{
	e->raw_time = text_of(json_member(record, STR("@timestamp")));
	e->time = time_parse(e->raw_time, NULL);
	if (e->time != TIME_NONE)
		e->flags |= EVENT_PARTIAL;
}

/* Rows that are no calls --------------------------------------------------- */

static void has_no_caller(struct event *e)
{
	static const enum event_column callers[] = {
		EVENT_PRINCIPAL,
		EVENT_ACTOR,
		EVENT_SESSION,
		EVENT_KEY,
	};

	for (size_t i = 0; i < ARRAY_SIZE(callers); i++)
		e->column[callers[i]] = STR_NULL;
}

static struct str either(const struct event *e, const char *path,
			 const char *other)
{
	struct str text = json_text_at(e->record, path);

	return text.n ? text : json_text_at(e->record, other);
}

/* An Insight is about a call: "ApiCallRateInsight:RunInstances". The name of
 * the call alone would make it one. */
static void take_insight(struct event *e, struct arena *arena)
{
	struct str call = either(e, "insightDetails.eventName",
				 "insightEventName");
	struct str type = either(e, "insightDetails.insightType",
				 "insightType");

	has_no_caller(e);
	if (!e->column[EVENT_NAME].n && call.n)
		e->column[EVENT_NAME] = arena_join_all(
			arena, (struct str[]){ type, STR(":"), call }, 3);
}

/* Codes by which servers, networks and MySQL say "you may not". */
static bool is_refusal(enum event_kind kind, struct str code)
{
	/* Access denied: to a database, a user, a table, a column, a procedure,
	 * for want of a privilege, by the way of signing in. */
	static const char *const mysql[] = { "1044", "1045", "1142", "1143",
					     "1227", "1370", "1698" };
	static const char *const others[] = { "401",   "403",     "REJECT",
					      "BLOCK", "CAPTCHA", "CHALLENGE" };

	for (size_t i = 0; i < ARRAY_SIZE(mysql) && kind == KIND_MYSQL; i++)
		if (str_eq(code, str_of(mysql[i])))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (str_eq(code, str_of(others[i])))
			return true;
	return false;
}

void event_of_kind(struct event *e, enum event_kind kind)
{
	struct str account = json_text_at(e->record, "accountId");
	struct str key = json_text_at(e->record, "accessKeyId");
	struct str level = json_text_at(e->record, "level");

	has_no_caller(e);
	e->kind = kind;
	e->column[EVENT_CALLER] = account.n ?
					  account :
					  json_text_at(e->record, "account-id");
	if (is_refusal(kind, e->column[EVENT_ERROR]))
		e->flags = (e->flags & ~(uint32_t)EVENT_OUTCOME_MASK) |
			   OUTCOME_DENIED;
	e->more_key_count = 0;
	if (keyid_is_access_key(key))
		e->more_keys[e->more_key_count++] = key;
	if (kind != KIND_GUARDDUTY && kind != KIND_SECURITYHUB)
		return;
	for (int l = 0; l < LEVEL_COUNT; l++)
		if (str_eq(level, str_of(level_name((enum level)l))))
			e->flags |= (uint32_t)(l + 1) << EVENT_SEVERITY_SHIFT;
}

/*
 * CloudTrail delivers what was missing in an event as a record of its own: it
 * says of which one it is, and is called by that one's id.
 */
static void take_addendum(struct event *e)
{
	const struct json *addendum = e->members.of[MEMBER_ADDENDUM];
	struct str original = json_text_at(addendum, "originalEventID");

	if (!original.n ||
	    !str_eq(json_text_at(addendum, "reason"), STR("UPDATED_DATA")))
		return;
	e->id = original;
	e->flags = (e->flags & ~(uint32_t)EVENT_NO_ID) | EVENT_UPDATES;
}

void event_extract(struct event *e, const struct json *record, unsigned notes,
		   struct arena *arena)
{
	struct identity who;
	struct event_members m;

	find_members(&m, record);
	identity_of(&who, m.of[MEMBER_IDENTITY], arena);
	*e = (struct event){ .record = record, .members = m };
	e->column[EVENT_NAME] = text_of(m.of[MEMBER_NAME]);
	e->column[EVENT_SOURCE] = text_of(m.of[MEMBER_SOURCE]);
	e->column[EVENT_REGION] = text_of(m.of[MEMBER_REGION]);
	e->column[EVENT_ACCOUNT] = text_of(m.of[MEMBER_RECIPIENT]);
	e->column[EVENT_CALLER] = who.account;
	e->column[EVENT_PRINCIPAL] = who.principal;
	e->column[EVENT_ACTOR] = who.actor;
	e->column[EVENT_SESSION] = who.session;
	e->column[EVENT_IP] = text_of(m.of[MEMBER_ADDRESS]);
	e->column[EVENT_AGENT] = text_of(m.of[MEMBER_AGENT]);
	e->column[EVENT_KEY] = who.key;
	e->column[EVENT_ERROR] = text_of(m.of[MEMBER_ERROR_CODE]);
	e->id = text_of(m.of[MEMBER_ID]);
	e->raw_time = text_of(m.of[MEMBER_TIME]);
	e->time = time_parse(e->raw_time, NULL);
	if (!m.of[MEMBER_TIME])
		borrow_time(e, record);
	e->kind = kind_of(&m);
	e->flags |= flags_of(e, &m, notes);
	add_key(e, m.of[MEMBER_RESPONSE], "credentials.accessKeyId");
	add_key(e, m.of[MEMBER_RESPONSE], "accessKey.accessKeyId");
	add_key(e, m.of[MEMBER_REQUEST], "accessKeyId");
	if (e->kind == KIND_INSIGHT)
		take_insight(e, arena);
	if (m.of[MEMBER_ADDENDUM])
		take_addendum(e);
}
