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
	"client",
	"count",
	"cs-bytes",
	"cs-host",
	"cs-method",
	"cs-referer",
	"cs-uri-query",
	"cs-uri-stem",
	"cs-user-agent",
	"cs-username",
	"cs-version",
	"description",
	"domain_name",
	"dstaddr",
	"dstport",
	"elb",
	"end",
	"error_reason",
	"finding",
	"flow-direction",
	"host_id",
	"instance-id",
	"interface-id",
	"lastSeen",
	"log-status",
	"message",
	"metadataAddress",
	"objectKey",
	"object_size",
	"operation",
	"packets",
	"pkt-dst-aws-service",
	"pkt-dstaddr",
	"pkt-src-aws-service",
	"pkt-srcaddr",
	"protocol",
	"request-uri",
	"requester",
	"s-ip",
	"sample",
	"sc-bytes",
	"sc-status",
	"severity",
	"signature",
	"srcaddr",
	"srcport",
	"start",
	"subnet-id",
	"target",
	"target_group_arn",
	"target_status_code",
	"tcp-flags",
	"title",
	"tls_version",
	"trace_id",
	"traffic-path",
	"type",
	"version_id",
	"vpc-id",
	"x-forwarded-for",
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
