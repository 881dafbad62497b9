/* SPDX-License-Identifier: MIT */
/* What lies beside CloudTrail's records and is known, but is none. */
#include "ingest/unwrap_private.h"

#include "base/attr.h"

/* Recognised by members that stand together; all that are named are there. */
static const struct {
	const char *member[3];
	const char *reason;
	bool foreign; /* no evidence of what somebody did */
} kinds[] = {
	{ { "digestS3Object", "digestPublicKeyFingerprint" },
	  UNWRAP_DIGEST,
	  true },
	{ { "Metadata", "ETag" }, "what S3 says of an object", true },
	{ { "schemaVersion", "severity", "service" }, FINDING_BROKEN, false },
	{ { "configRuleName", "invokingEvent" },
	  "an evaluation of AWS Config",
	  false },
	{ { "httpRequest", "terminatingRuleId", "webaclId" },
	  "a log entry of AWS WAF without the parts that these have",
	  false },
};

static bool is_control(const struct json *v)
{
	return str_eq(string_of(v, STR("messageType")),
		      STR("CONTROL_MESSAGE")) &&
	       json_member(v, STR("logGroup"));
}

/* Counts of calls over a window of time: it names no call and no caller. */
static bool is_aggregate(const struct json *v)
{
	return str_eq(string_of(v, STR("eventCategory")), STR("Aggregated")) ||
	       str_eq(string_of(v, STR("eventType")),
		      STR("AwsAggregatedEvent"));
}

/* What an item of AWS Config says of: whose resources it describes is told by
 * their service. */
static const struct {
	const char *prefix, *reason;
} items[] = {
#define ITEM(service)                                                        \
	{                                                                    \
		"AWS::" service "::", "an item of AWS Config: AWS::" service \
	}
	ITEM("EC2"),
	ITEM("IAM"),
	ITEM("S3"),
	ITEM("Lambda"),
	ITEM("RDS"),
	ITEM("KMS"),
	ITEM("CloudTrail"),
	ITEM("SecretsManager"),
	ITEM("ECS"),
	ITEM("EKS"),
	ITEM("ElasticLoadBalancingV2"),
	ITEM("CloudFormation"),
	ITEM("SSM"),
	ITEM("Config"),
#undef ITEM
};

static const char *config_item(const struct json *v)
{
	struct str type = string_of(v, STR("resourceType"));

	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		if (str_starts(type, str_of(items[i].prefix)))
			return items[i].reason;
	return "an item of AWS Config: another service";
}

bool form_other(struct unwrapper *u, const struct json *v)
{
	if (v->kind != JSON_OBJECT)
		return false;
	if (is_aggregate(v)) {
		unwrap_skip(u, "an aggregated event: counts, no single call",
			    false);
		return true;
	}
	if (json_member(v, STR("configurationItemVersion")) &&
	    json_member(v, STR("configurationItemStatus"))) {
		unwrap_skip(u, config_item(v), false);
		return true;
	}
	if (is_control(v)) {
		unwrap_skip(u, "a control message of CloudWatch Logs", true);
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t m = 0;

		while (m < ARRAY_SIZE(kinds[i].member) && kinds[i].member[m] &&
		       json_member(v, str_of(kinds[i].member[m])))
			m++;
		if (m < ARRAY_SIZE(kinds[i].member) && kinds[i].member[m])
			continue;
		unwrap_skip(u, kinds[i].reason, kinds[i].foreign);
		return true;
	}
	return false;
}
