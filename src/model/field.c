/* SPDX-License-Identifier: MIT */
#include "model/field.h"

#include "base/attr.h"

const struct field fields[] = {
#define X(name, kind, column, help, example) \
	{ name, kind, column, help, example },
	FIELDS(X)
#undef X
		{ NULL, FIELD_ANY, EVENT_NAME, NULL, NULL },
};

/* Top-level fields of CloudTrail records, version 1.11 and insights. */
static const char *const record_fields[] = {
	"additionalEventData",
	"addendum",
	"annotation",
	"apiVersion",
	"awsRegion",
	"edgeDeviceDetails",
	"errorCode",
	"errorMessage",
	"eventCategory",
	"eventContext",
	"eventID",
	"eventName",
	"eventSource",
	"eventTime",
	"eventType",
	"eventVersion",
	"insightContext",
	"insightDetails",
	"insightErrorCode",
	"insightEventName",
	"insightEventSource",
	"insightSource",
	"insightState",
	"insightType",
	"managementEvent",
	"readOnly",
	"recipientAccountId",
	"requestID",
	"requestParameters",
	"resources",
	"responseElements",
	"serviceEventDetails",
	"sessionCredentialFromConsole",
	"sharedEventID",
	"sourceIPAddress",
	"tlsDetails",
	"userAgent",
	"userIdentity",
	"vpcEndpointAccountId",
	"vpcEndpointId",
};

/* Of rows that are no calls: access logs, flows, findings. */
static const char *const beside_fields[] = {
	"about",
	"accessKeyId",
	"account-id",
	"accountId",
	"action",
	"actions_executed",
	"auth_type",
	"bucket",
	"bytes",
	"bytes_sent",
	"c-ip",
	"c-port",
	"client",
	"connectionid",
	"count",
	"cs-bytes",
	"cs-cookie",
	"cs-host",
	"cs-method",
	"cs-protocol",
	"cs-protocol-version",
	"cs-referer",
	"cs-uri-query",
	"cs-uri-stem",
	"cs-user-agent",
	"cs-username",
	"cs-version",
	"database",
	"description",
	"domain_name",
	"dstaddr",
	"dstport",
	"elb",
	"end",
	"error_reason",
	"finding",
	"fle-encrypted-fields",
	"fle-status",
	"flow-direction",
	"host",
	"host_id",
	"httpRequest",
	"httpSourceId",
	"httpSourceName",
	"instance-id",
	"interface-id",
	"labels",
	"lastSeen",
	"log-status",
	"message",
	"metadataAddress",
	"object",
	"objectKey",
	"object_size",
	"operation",
	"packets",
	"pkt-dst-aws-service",
	"pkt-dstaddr",
	"pkt-src-aws-service",
	"pkt-srcaddr",
	"protocol",
	"queryid",
	"request-uri",
	"requester",
	"retcode",
	"s-ip",
	"sample",
	"sc-bytes",
	"sc-content-len",
	"sc-content-type",
	"sc-range-end",
	"sc-range-start",
	"sc-status",
	"serverhost",
	"severity",
	"signature",
	"srcaddr",
	"srcport",
	"ssl-cipher",
	"ssl-protocol",
	"start",
	"subnet-id",
	"target",
	"target_group_arn",
	"target_status_code",
	"tcp-flags",
	"terminatingRuleId",
	"terminatingRuleType",
	"time-taken",
	"time-to-first-byte",
	"title",
	"tls_version",
	"trace_id",
	"traffic-path",
	"type",
	"username",
	"version_id",
	"vpc-id",
	"webaclId",
	"x-edge-detailed-result-type",
	"x-edge-location",
	"x-edge-response-result-type",
	"x-edge-result-type",
	"x-forwarded-for",
	"x-host-header",
};

const struct field *field_find(struct str name)
{
	for (const struct field *f = fields; f->name; f++)
		if (str_eq_fold(name, str_of(f->name)))
			return f;
	return NULL;
}

bool field_is_record_path(struct str path)
{
	struct str top = str_sub(path, 0, str_find_char(path, '.', 0));

	for (size_t i = 0; i < ARRAY_SIZE(record_fields); i++)
		if (str_eq(top, str_of(record_fields[i])))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(beside_fields); i++)
		if (str_eq(top, str_of(beside_fields[i])))
			return true;
	return false;
}

static void keep_nearest(struct str name, const char *candidate, size_t *best,
			 const char **found)
{
	size_t d = str_distance(name, str_of(candidate));

	if (d < *best) {
		*best = d;
		*found = candidate;
	}
}

const char *field_nearest(struct str name)
{
	/* More edits than that and it is another word. */
	size_t best = name.n / 3 + 2;
	const char *found = NULL;

	for (const struct field *f = fields; f->name; f++)
		keep_nearest(name, f->name, &best, &found);
	for (size_t i = 0; i < ARRAY_SIZE(record_fields); i++)
		keep_nearest(name, record_fields[i], &best, &found);
	for (size_t i = 0; i < ARRAY_SIZE(beside_fields); i++)
		keep_nearest(name, beside_fields[i], &best, &found);
	return found;
}
