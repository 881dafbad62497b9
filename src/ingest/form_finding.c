/* SPDX-License-Identifier: MIT */
/*
 * Findings of GuardDuty, and those that Security Hub wraps, as records: when,
 * what type, how grave, which address, and under `about` the identities that
 * they name, by the names that calls have for them.
 *
 * GuardDuty writes members with small letters (EventBridge, exports to S3) or
 * capitals (get-findings); Security Hub's format has its own.
 */
#include "ingest/unwrap_private.h"

#include <string.h>

#include "base/attr.h"

/* A value at a path, or the same with a capital at each part. */
static const struct json *either_at(struct unwrapper *u, const struct json *v,
				    const char *path)
{
	const struct json *found = json_at(v, path);
	size_t n = strlen(path);
	char *capital;

	if (found)
		return found;
	capital = arena_alloc(unwrap_arena(u), n + 1);
	for (size_t i = 0; i <= n; i++) {
		bool first = i == 0 || path[i - 1] == '.';

		capital[i] = path[i];
		if (first && path[i] >= 'a' && path[i] <= 'z')
			capital[i] = (char)(path[i] - 'a' + 'A');
	}
	return json_at(v, capital);
}

static struct str text_at(struct unwrapper *u, const struct json *v,
			  const char *path)
{
	const struct json *found = either_at(u, v, path);

	return found && json_is_scalar(found) && found->kind != JSON_NULL ?
		       found->text :
		       STR_NULL;
}

/* The first path that holds a text. */
static struct str first_at(struct unwrapper *u, const struct json *v,
			   const char *const *path, size_t n)
{
	struct str text = STR_NULL;

	for (size_t i = 0; i < n && !text.n; i++)
		text = text_at(u, v, path[i]);
	return text;
}

/* GuardDuty's numbers: 1 to 3.9 low, to 6.9 medium, to 8.9 high. */
static const char *level_of(double severity)
{
	return severity >= 9 ? "critical" :
	       severity >= 7 ? "high" :
	       severity >= 4 ? "medium" :
	       severity >= 1 ? "low" :
			       "informational";
}

/* A drill says so in its name, and alarms nobody. */
static struct str name_of(struct draft *d, struct str type, bool sample)
{
	return sample ? arena_join(d->arena, STR("[sample] "), type) : type;
}

static void put_level(struct draft *d, struct str severity, bool sample)
{
	double value;

	draft_text(d, "severity", severity);
	if (sample)
		draft_text(d, "level", STR("informational"));
	if (str_to_double(severity, &value))
		draft_text(d, "level", str_of(level_of(value)));
}

/* GuardDuty ---------------------------------------------------------------- */

/* Where an action says whom it was with. */
static const char *const addresses[] = {
	"service.action.awsApiCallAction.remoteIpDetails.ipAddressV4",
	"service.action.networkConnectionAction.remoteIpDetails.ipAddressV4",
	"service.action.kubernetesApiCallAction.remoteIpDetails.ipAddressV4",
	"service.action.rdsLoginAttemptAction.remoteIpDetails.ipAddressV4",
	"service.action.awsApiCallAction.remoteIpDetails.ipAddressV6",
	"service.action.networkConnectionAction.remoteIpDetails.ipAddressV6",
};

static struct str remote_address(struct unwrapper *u, const struct json *v)
{
	struct str text = first_at(u, v, addresses, ARRAY_SIZE(addresses));
	const struct json *probes;

	if (text.n)
		return text;
	probes = either_at(u, v,
			   "service.action.portProbeAction.portProbeDetails");
	return probes && probes->child ?
		       text_at(u, probes->child,
			       "remoteIpDetails.ipAddressV4") :
		       STR_NULL;
}

/* A user by the ARN that IAM has for one without a path; a finding has none. */
static void put_user(struct draft *d, struct str account, struct str type,
		     struct str name)
{
	struct str part[] = { STR("arn:aws:iam::"), account, STR_NULL, name };

	if (!account.n || !name.n)
		return;
	if (str_eq(type, STR("IAMUser")))
		part[2] = STR(":user/");
	else if (str_eq(type, STR("AssumedRole")) || str_eq(type, STR("Role")))
		part[2] = STR(":role/");
	else
		return;
	draft_text(d, "about.identity", arena_join_all(d->arena, part, 4));
}

static void put_about(struct unwrapper *u, struct draft *d,
		      const struct json *v, struct str account)
{
	static const char key[] = "resource.accessKeyDetails";
	const struct json *who = either_at(u, v, key);

	draft_text(d, "accessKeyId", text_at(u, who, "accessKeyId"));
	draft_text(d, "about.accessKeyId", text_at(u, who, "accessKeyId"));
	draft_text(d, "about.principalId", text_at(u, who, "principalId"));
	put_user(d, account, text_at(u, who, "userType"),
		 text_at(u, who, "userName"));
	draft_text(d, "about.instanceId",
		   text_at(u, v, "resource.instanceDetails.instanceId"));
	draft_text(d, "about.resourceType",
		   text_at(u, v, "resource.resourceType"));
}

/* {"schemaVersion":"2.0","type":"...","severity":5,"service":{...}} */
static bool is_guardduty(struct unwrapper *u, const struct json *v)
{
	return text_at(u, v, "schemaVersion").n && text_at(u, v, "type").n &&
	       text_at(u, v, "severity").n && either_at(u, v, "service") &&
	       either_at(u, v, "resource");
}

bool form_guardduty(struct unwrapper *u, const struct json *v)
{
	static const char *const times[] = { "service.eventFirstSeen",
					     "createdAt", "updatedAt" };
	struct str account;
	struct draft d;
	bool sample;

	if (v->kind != JSON_OBJECT || !is_guardduty(u, v))
		return false;
	account = text_at(u, v, "accountId");
	sample = str_eq(text_at(u, v, "service.additionalInfo.sample"),
			STR("true"));
	draft_init(&d, unwrap_arena(u));
	draft_time(&d, "eventTime", first_at(u, v, times, ARRAY_SIZE(times)));
	draft_text(&d, "eventID", text_at(u, v, "id"));
	draft_text(&d, "eventSource", STR("guardduty"));
	draft_text(&d, "eventName", name_of(&d, text_at(u, v, "type"), sample));
	draft_text(&d, "awsRegion", text_at(u, v, "region"));
	draft_text(&d, "accountId", account);
	draft_text(&d, "sourceIPAddress", remote_address(u, v));
	draft_text(&d, "userAgent",
		   text_at(u, v, "service.action.awsApiCallAction.userAgent"));
	draft_text(&d, "type", text_at(u, v, "type"));
	put_level(&d, text_at(u, v, "severity"), sample);
	draft_text(&d, "title", text_at(u, v, "title"));
	draft_text(&d, "count", text_at(u, v, "service.count"));
	draft_text(&d, "lastSeen", text_at(u, v, "service.eventLastSeen"));
	draft_flag(&d, "sample", sample ? STR("true") : STR_NULL);
	put_about(u, &d, v, account);
	draft_value(&d, "finding", v);
	unwrap_draft(u, &d, FORM_GUARDDUTY);
	return true;
}

/* Security Hub ------------------------------------------------------------- */

/* Members of ProductFields have slashes in their names. */
static struct str field_of(const struct json *v, struct str name)
{
	return string_of(json_member(v, STR("ProductFields")), name);
}

/* What GuardDuty's type was: Security Hub writes "/" for ":" and "-" for "/"
 * in its own. */
static struct str hub_type(const struct json *v)
{
	const struct json *types = json_member(v, STR("Types"));
	struct str type = field_of(v, STR("aws/guardduty/finding/type"));

	if (type.n)
		return type;
	return types && types->kind == JSON_ARRAY && types->child &&
			       types->child->kind == JSON_STRING ?
		       types->child->text :
		       STR_NULL;
}

static void put_hub_level(struct draft *d, const struct json *v)
{
	struct str label = json_text_at(v, "Severity.Label");
	double normal;

	if (!label.n)
		label = field_of(v, STR("aws/securityhub/SeverityLabel"));
	draft_text(d, "severity",
		   label.n ? label : json_text_at(v, "Severity.Normalized"));
	if (str_eq(label, STR("CRITICAL")))
		draft_text(d, "level", STR("critical"));
	else if (str_eq(label, STR("HIGH")))
		draft_text(d, "level", STR("high"));
	else if (str_eq(label, STR("MEDIUM")))
		draft_text(d, "level", STR("medium"));
	else if (str_eq(label, STR("LOW")))
		draft_text(d, "level", STR("low"));
	else if (str_eq(label, STR("INFORMATIONAL")))
		draft_text(d, "level", STR("informational"));
	else if (str_to_double(json_text_at(v, "Severity.Normalized"), &normal))
		/* Of a hundred, by Security Hub's own steps. */
		draft_text(d, "level",
			   str_of(normal >= 90 ? "critical" :
				  normal >= 70 ? "high" :
				  normal >= 40 ? "medium" :
				  normal >= 1  ? "low" :
						 "informational"));
}

/* "arn:aws:ec2:...:instance/i-...", "AWS::IAM::AccessKey:AKIA...". */
static void put_hub_about(struct draft *d, const struct json *v)
{
	const struct json *list = json_member(v, STR("Resources"));
	struct str id, key = STR("AWS::IAM::AccessKey:");

	for (const struct json *r = list ? list->child : NULL; r; r = r->next) {
		id = string_of(r, STR("Id"));
		if (str_starts(id, key)) {
			id = str_from(id, key.n);
			draft_text(d, "accessKeyId", id);
			draft_text(d, "about.accessKeyId", id);
		}
	}
	if (list && list->kind == JSON_ARRAY)
		draft_value(d, "about.resources", list);
}

bool form_security_hub(struct unwrapper *u, const struct json *v)
{
	bool sample = str_eq(json_text_at(v, "Sample"), STR("true"));
	struct draft d;

	if (v->kind != JSON_OBJECT || !string_of(v, STR("SchemaVersion")).n ||
	    !string_of(v, STR("ProductArn")).n ||
	    !string_of(v, STR("GeneratorId")).n)
		return false;
	draft_init(&d, unwrap_arena(u));
	draft_time(&d, "eventTime", string_of(v, STR("FirstObservedAt")));
	draft_time(&d, "eventTime", string_of(v, STR("CreatedAt")));
	draft_text(&d, "eventID", string_of(v, STR("Id")));
	draft_text(&d, "eventSource", STR("securityhub"));
	draft_text(&d, "eventName", name_of(&d, hub_type(v), sample));
	draft_text(&d, "awsRegion", string_of(v, STR("Region")));
	draft_text(&d, "accountId", string_of(v, STR("AwsAccountId")));
	draft_text(&d, "sourceIPAddress",
		   field_of(v, STR("action/awsApiCallAction/remoteIpDetails/"
				   "ipAddressV4")));
	draft_text(&d, "sourceIPAddress",
		   json_text_at(v, "Network.SourceIpV4"));
	draft_text(&d, "type", hub_type(v));
	if (sample)
		draft_text(&d, "level", STR("informational"));
	put_hub_level(&d, v);
	draft_text(&d, "title", string_of(v, STR("Title")));
	draft_text(&d, "count", field_of(v, STR("count")));
	draft_text(&d, "lastSeen", string_of(v, STR("LastObservedAt")));
	draft_flag(&d, "sample", sample ? STR("true") : STR_NULL);
	put_hub_about(&d, v);
	draft_value(&d, "finding", v);
	unwrap_draft(u, &d, FORM_SECURITY_HUB);
	return true;
}
