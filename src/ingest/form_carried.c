/* SPDX-License-Identifier: MIT */
/* What carries records as they were: queues, topics, buses, logs, searches. */
#include "ingest/unwrap_private.h"

#include "base/attr.h"

static const struct json *object_of(const struct json *v, struct str key)
{
	const struct json *m = json_member(v, key);

	return m && m->kind == JSON_OBJECT ? m : NULL;
}

/* EventBridge ------------------------------------------------------------- */

/* What its events are about, by the beginning of their detail-type. */
static const struct {
	const char *type;
	const char *reason;
} details[] = {
	{ "GuardDuty ", "a GuardDuty event that is no finding" },
	{ "Security Hub ", "a Security Hub event that is no finding" },
	{ "Config ", "an event of AWS Config that is no item" },
	{ "AWS Health ", "an AWS Health event" },
	{ "EC2 ", "an EC2 notification" },
	{ "Scheduled Event", "a scheduled event" },
	{ "Inspector", "an Inspector finding" },
	{ "Macie", "a Macie finding" },
	{ "Access Analyzer", "an Access Analyzer finding" },
	{ "CloudWatch Alarm ", "a CloudWatch alarm" },
	{ "Object ", "an S3 event notification" },
};

bool form_eventbridge(struct unwrapper *u, const struct json *v)
{
	struct str type = string_of(v, STR("detail-type"));
	const struct json *detail = json_member(v, STR("detail"));
	const struct json *hub = str_starts(type,
					    STR("Security Hub Findings")) ?
					 json_member(detail, STR("findings")) :
					 NULL;

	if (!type.n || !detail)
		return false;
	if (str_ends(type, STR(" via CloudTrail"))) {
		unwrap_value(u, detail, FORM_EVENTBRIDGE);
		return true;
	}
	if (str_eq(type, STR("GuardDuty Finding"))) {
		if (!form_guardduty(u, detail))
			unwrap_skip(u, FINDING_BROKEN, false);
		return true;
	}
	if (str_starts(type, STR("Config ")) && form_config(u, detail))
		return true;
	if (hub && hub->child) {
		for (const struct json *m = hub->child; m; m = m->next)
			if (!form_security_hub(u, m))
				unwrap_skip(u, FINDING_BROKEN, false);
		return true;
	}
	for (size_t i = 0; i < ARRAY_SIZE(details); i++)
		if (str_starts(type, str_of(details[i].type))) {
			unwrap_skip(u, details[i].reason, false);
			return true;
		}
	unwrap_skip(u, "an EventBridge event of another kind", false);
	return true;
}

/* Topics, queues, streams ------------------------------------------------- */

/* CloudTrail's message that a file was delivered: the file has the records. */
bool form_notice(struct unwrapper *u, const struct json *v)
{
	if (!string_of(v, STR("s3Bucket")).n ||
	    !json_member(v, STR("s3ObjectKey")))
		return false;
	unwrap_skip(u, "a notice that a log file was delivered", true);
	return true;
}

/* SNS: {"Type":"Notification","Message":"..."}, as a function gets it
 * {"Sns":{"Message":"..."}}; SQS: {"Body":"..."} and {"body":"..."}. */
bool form_queued(struct unwrapper *u, const struct json *v)
{
	const struct json *sns = object_of(v, STR("Sns"));
	struct str body = string_of(v, STR("Body"));

	if (!sns && str_eq(string_of(v, STR("Type")), STR("Notification")))
		sns = v;
	if (sns && json_member(sns, STR("Message"))) {
		unwrap_text(u, string_of(sns, STR("Message")), FORM_SNS);
		return true;
	}
	if (!body.n && str_eq(string_of(v, STR("eventSource")), STR("aws:sqs")))
		body = string_of(v, STR("body"));
	if (!body.n || !(string_of(v, STR("MessageId")).n ||
			 string_of(v, STR("messageId")).n))
		return false;
	unwrap_text(u, body, FORM_SQS);
	return true;
}

/* Kinesis: {"kinesis":{"data":"base64"}}; Firehose: {"recordId":"...",
 * "data":"base64"}; both of a function: {"awslogs":{"data":"base64"}}. */
bool form_streamed(struct unwrapper *u, const struct json *v)
{
	const struct json *logs = object_of(v, STR("awslogs"));
	const struct json *kinesis = object_of(v, STR("kinesis"));
	struct str data;

	if (logs) {
		data = string_of(logs, STR("data"));
		if (data.n)
			unwrap_packed(u, data, FORM_LOG_DATA);
		return data.n != 0;
	}
	data = string_of(kinesis ? kinesis : v, STR("data"));
	if (!data.n || !(kinesis || string_of(v, STR("recordId")).n))
		return false;
	unwrap_packed(u, data, FORM_STREAM);
	return true;
}

/* What S3, DynamoDB and others tell a function: its names are CloudTrail's,
 * but there is no caller in it. */
bool form_notified(struct unwrapper *u, const struct json *v)
{
	if (!str_starts(string_of(v, STR("eventSource")), STR("aws:")))
		return false;
	unwrap_skip(u, "a notification of S3 or another service", false);
	return true;
}

/* CloudWatch Logs --------------------------------------------------------- */

/* {"id","timestamp","message"}, {"timestamp","message","eventId"}. */
bool form_log_event(struct unwrapper *u, const struct json *v)
{
	const struct json *message = json_member(v, STR("message"));
	const struct json *time = json_member(v, STR("timestamp"));

	if (!message || message->kind != JSON_STRING || !time ||
	    time->kind != JSON_NUMBER)
		return false;
	unwrap_text(u, message->text, FORM_LOG_EVENT);
	return true;
}

/* A row of a query is an array of {"field":"@message","value":"..."}; exported
 * from the console an object with "@message". */
bool form_log_query(struct unwrapper *u, const struct json *v)
{
	const struct json *message = json_member(v, STR("@message"));

	if (v->kind == JSON_ARRAY) {
		for (const struct json *m = v->child; m && !message;
		     m = m->next)
			if (str_eq(string_of(m, STR("field")), STR("@message")))
				message = json_member(m, STR("value"));
	}
	if (!message)
		return false;
	if (message->kind == JSON_STRING)
		unwrap_text(u, message->text, FORM_LOG_QUERY);
	else
		unwrap_value(u, message, FORM_LOG_QUERY);
	return true;
}

/* Lookups and searches ---------------------------------------------------- */

/* What lookup-events says of an event beside its record. */
static void draft_lookup(struct unwrapper *u, const struct json *v)
{
	const struct json *resources = json_member(v, STR("Resources"));
	struct draft d;

	draft_init(&d, unwrap_arena(u));
	draft_text(&d, "eventID", json_text_at(v, "EventId"));
	draft_text(&d, "eventName", json_text_at(v, "EventName"));
	draft_time(&d, "eventTime", json_text_at(v, "EventTime"));
	draft_text(&d, "eventSource", json_text_at(v, "EventSource"));
	draft_text(&d, "userIdentity.userName", json_text_at(v, "Username"));
	draft_text(&d, "userIdentity.accessKeyId",
		   json_text_at(v, "AccessKeyId"));
	draft_flag(&d, "readOnly", json_text_at(v, "ReadOnly"));
	if (resources && resources->n)
		draft_value(&d, "resources", resources);
	unwrap_draft(u, &d, FORM_LOOKUP_BARE);
}

bool form_lookup(struct unwrapper *u, const struct json *v)
{
	struct str record = string_of(v, STR("CloudTrailEvent"));
	const struct json *id = json_member(v, STR("EventId"));

	if (record.n) {
		unwrap_text(u, record, FORM_LOOKUP);
		return true;
	}
	if (!id || !json_member(v, STR("EventName")))
		return false;
	draft_lookup(u, v);
	return true;
}

/* {"_index":"...","_source":{...}}: the document is a record, or has one. */
bool form_search_hit(struct unwrapper *u, const struct json *v)
{
	const struct json *source = object_of(v, STR("_source"));
	struct str original;

	if (source) {
		unwrap_value(u, source, FORM_SEARCH_HIT);
		return true;
	}
	original = string_of(object_of(v, STR("event")), STR("original"));
	if (!original.n)
		original = string_of(v, STR("event.original"));
	if (!original.n)
		return false;
	unwrap_text(u, original, FORM_SEARCH_HIT);
	return true;
}

/* {"preview":false,"result":{"_raw":"..."}}, or the result alone. */
bool form_splunk(struct unwrapper *u, const struct json *v)
{
	const struct json *result = object_of(v, STR("result"));
	struct str raw = string_of(result ? result : v, STR("_raw"));

	if (!raw.n)
		return false;
	unwrap_text(u, raw, FORM_SPLUNK);
	return true;
}
