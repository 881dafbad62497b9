/* SPDX-License-Identifier: MIT */
#include "ingest/columns.h"

#include "base/attr.h"
#include "ingest/struct_text.h"

enum content {
	PLAIN,
	TIME,
	FLAG,
	DOCUMENT, /* JSON as a text, or a structure */
	STRUCTURE,
	RESOURCES,
};

/* By the name without blanks, marks and case. `tells`: few other tables have
 * such a column. */
static const struct column {
	const char *name;
	const char *path;
	enum content content;
	bool tells;
} columns[] = {
	{ "eventversion", "eventVersion", PLAIN, true },
	{ "useridentity", "userIdentity", STRUCTURE, true },
	{ "eventtime", "eventTime", TIME, true },
	{ "eventsource", "eventSource", PLAIN, true },
	{ "eventname", "eventName", PLAIN, true },
	{ "awsregion", "awsRegion", PLAIN, true },
	{ "sourceipaddress", "sourceIPAddress", PLAIN, true },
	{ "useragent", "userAgent", PLAIN, false },
	{ "errorcode", "errorCode", PLAIN, false },
	{ "errormessage", "errorMessage", PLAIN, false },
	{ "requestparameters", "requestParameters", DOCUMENT, true },
	{ "responseelements", "responseElements", DOCUMENT, true },
	{ "additionaleventdata", "additionalEventData", DOCUMENT, false },
	{ "serviceeventdetails", "serviceEventDetails", DOCUMENT, false },
	{ "requestid", "requestID", PLAIN, false },
	{ "eventid", "eventID", PLAIN, true },
	{ "readonly", "readOnly", FLAG, false },
	{ "eventtype", "eventType", PLAIN, false },
	{ "apiversion", "apiVersion", PLAIN, false },
	{ "managementevent", "managementEvent", FLAG, false },
	{ "recipientaccountid", "recipientAccountId", PLAIN, true },
	{ "sharedeventid", "sharedEventID", PLAIN, false },
	{ "vpcendpointid", "vpcEndpointId", PLAIN, false },
	{ "vpcendpointaccountid", "vpcEndpointAccountId", PLAIN, false },
	{ "eventcategory", "eventCategory", PLAIN, false },
	{ "sessioncredentialfromconsole", "sessionCredentialFromConsole", PLAIN,
	  false },
	{ "tlsdetails", "tlsDetails", STRUCTURE, false },
	{ "resources", "resources", RESOURCES, false },
	/* The console's event history, whose columns stand for parts. */
	{ "username", "userIdentity.userName", PLAIN, false },
	{ "awsaccesskey", "userIdentity.accessKeyId", PLAIN, true },
	{ "accesskey", "userIdentity.accessKeyId", PLAIN, false },
	/* Parts that were chosen one by one. */
	{ "useridentity.type", "userIdentity.type", PLAIN, true },
	{ "useridentity.arn", "userIdentity.arn", PLAIN, true },
	{ "useridentity.principalid", "userIdentity.principalId", PLAIN, true },
	{ "useridentity.accountid", "userIdentity.accountId", PLAIN, true },
	{ "useridentity.accesskeyid", "userIdentity.accessKeyId", PLAIN, true },
	{ "useridentity.username", "userIdentity.userName", PLAIN, true },
	{ "useridentity.invokedby", "userIdentity.invokedBy", PLAIN, true },
	{ "useridentity.sessioncontext.sessionissuer.arn",
	  "userIdentity.sessionContext.sessionIssuer.arn", PLAIN, true },
	{ "useridentity.sessioncontext.sessionissuer.username",
	  "userIdentity.sessionContext.sessionIssuer.userName", PLAIN, true },
	{ "useridentity.sessioncontext.attributes.mfaauthenticated",
	  "userIdentity.sessionContext.attributes.mfaAuthenticated", PLAIN,
	  true },
	{ "useridentity.sessioncontext.attributes.creationdate",
	  "userIdentity.sessionContext.attributes.creationDate", TIME, true },
};

/* Is `name` that column's, but for case, blanks, "-" and "_"? */
static bool is_named(struct str name, const char *column)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = str_lower(name.p[i]);

		if (c == ' ' || c == '_' || c == '-')
			continue;
		if (!*column || c != *column++)
			return false;
	}
	return !*column;
}

static const struct column *find(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		if (is_named(name, columns[i].name))
			return &columns[i];
	return NULL;
}

const struct json *columns_whole(const struct json *object)
{
	for (const struct json *m = object->child; m; m = m->next)
		if (is_named(m->key, "eventjson") ||
		    str_eq(m->key, STR("@message")) ||
		    str_eq(m->key, STR("_raw")))
			return m;
	return NULL;
}

bool columns_known(const struct json *object)
{
	unsigned tell = 0;
	bool event = false;

	if (object->kind != JSON_OBJECT)
		return false;
	if (columns_whole(object))
		return true;
	for (const struct json *m = object->child; m; m = m->next) {
		const struct column *c = find(m->key);

		if (c && c->tells)
			tell++;
		event |= c && str_eq(str_of(c->path), STR("eventName"));
	}
	return event && tell >= 3;
}

static bool is_nothing(const struct json *v)
{
	return v->kind == JSON_NULL ||
	       (v->kind == JSON_STRING &&
		(!v->text.n || str_eq(v->text, STR("-")) ||
		 str_eq_fold(v->text, STR("null"))));
}

void columns_put(struct draft *d, struct str name, const struct json *value)
{
	const struct column *c = find(name);

	if (!c || is_nothing(value))
		return;
	switch (c->content) {
	case PLAIN:
		draft_value(d, c->path, value);
		break;
	case TIME:
		draft_time(d, c->path, value->text);
		break;
	case FLAG:
		draft_flag(d, c->path, value->text);
		break;
	case DOCUMENT:
		draft_document(d, c->path, value);
		break;
	case STRUCTURE:
		struct_text_put(d, c->path, value);
		break;
	case RESOURCES:
		struct_text_resources(d, c->path, value);
		break;
	}
}
