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
	{ { "configurationItemVersion", "configurationItemStatus" },
	  "an item of AWS Config without the parts that these have",
	  false },
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

bool form_other(struct unwrapper *u, const struct json *v)
{
	if (v->kind != JSON_OBJECT)
		return false;
	if (is_aggregate(v)) {
		unwrap_skip(u, "an aggregated event: counts, no single call",
			    false);
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
