/* SPDX-License-Identifier: MIT */
/* What carries records whole: around them, or as texts inside. */
#include "gen/forms.h"

#include <stdlib.h>

#include "base/gz.h"

void forms_add_string(struct strbuf *out, struct str text)
{
	json_print_string(out, text);
}

void forms_add_cell(struct strbuf *out, struct str text)
{
	strbuf_addc(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			strbuf_addc(out, '"');
		strbuf_addc(out, text.p[i]);
	}
	strbuf_addc(out, '"');
}

static struct str field(const struct forms_events *e, size_t i,
			const char *path)
{
	return json_text_at(e->event[i].v, path);
}

/* Before all, before and after each, between them, behind all. */
struct wrap {
	const char *head, *before, *after, *between, *tail;
};

enum inside { WHOLE, AS_STRING };

static void wrap_some(struct strbuf *out, const struct forms_events *e,
		      const struct wrap *w, enum inside inside, size_t from,
		      size_t to)
{
	strbuf_adds(out, w->head);
	for (size_t i = from; i < to; i++) {
		strbuf_adds(out, i > from ? w->between : "");
		strbuf_adds(out, w->before);
		if (inside == WHOLE)
			strbuf_add(out, e->event[i].text);
		else
			forms_add_string(out, e->event[i].text);
		strbuf_adds(out, w->after);
	}
	strbuf_adds(out, w->tail);
}

#define WRAPPED(name, inside, ...)                                         \
	static void name(struct strbuf *out, const struct forms_events *e) \
	{                                                                  \
		static const struct wrap w = __VA_ARGS__;                  \
		wrap_some(out, e, &w, inside, 0, FORMS_EVENTS);            \
	}

WRAPPED(delivery, WHOLE, { "{\"Records\":[", "", "", ",", "]}" })
WRAPPED(lines, WHOLE, { "", "", "\n", "", "" })
WRAPPED(array, WHOLE, { "[", "", "", ",\n", "]\n" })
WRAPPED(concatenated, WHOLE, { "", "", "", "", "" })
WRAPPED(lookup, AS_STRING,
	{ "{\"Events\":[", "{\"EventId\":\"x\",\"CloudTrailEvent\":", "}", ",",
	  "],\"NextToken\":\"x\"}" })
WRAPPED(lookup_lines, AS_STRING,
	{ "", "{\"EventName\":\"x\",\"CloudTrailEvent\":", "}\n", "", "" })
WRAPPED(lake_rows, AS_STRING,
	{ "{\"QueryStatus\":\"FINISHED\",\"QueryResultRows\":[",
	  "[{\"eventJson\":", "}]", ",", "]}" })
WRAPPED(filtered, AS_STRING,
	{ "{\"events\":[", "{\"timestamp\":1,\"message\":",
	  ",\"ingestionTime\":2,\"eventId\":\"3\"}", ",",
	  "],\"searchedLogStreams\":[]}" })
WRAPPED(insights, AS_STRING,
	{ "{\"results\":[",
	  "[{\"field\":\"@timestamp\",\"value\":\"t\"},{\"field\":"
	  "\"@message\",\"value\":",
	  "},{\"field\":\"@ptr\",\"value\":\"p\"}]", ",",
	  "],\"statistics\":{},\"status\":\"Complete\"}" })
WRAPPED(eventbridge, WHOLE,
	{ "",
	  "{\"version\":\"0\",\"id\":\"i\",\"detail-type\":\"AWS API Call via "
	  "CloudTrail\",\"source\":\"aws.x\",\"account\":\"111122223333\","
	  "\"resources\":[],\"detail\":",
	  "}\n", "", "" })
WRAPPED(topic, AS_STRING,
	{ "",
	  "{\"Type\":\"Notification\",\"MessageId\":\"m\",\"TopicArn\":\"a\","
	  "\"Message\":",
	  "}\n", "", "" })
WRAPPED(hits, WHOLE,
	{ "{\"took\":1,\"hits\":{\"total\":{\"value\":40},\"hits\":[",
	  "{\"_index\":\"i\",\"_id\":\"d\",\"_source\":", "}", ",", "]}}" })
WRAPPED(original, AS_STRING,
	{ "",
	  "{\"_index\":\"i\",\"_source\":{\"@timestamp\":\"t\",\"event\":{"
	  "\"action\":\"x\",\"original\":",
	  "},\"aws\":{\"cloudtrail\":{\"event_version\":\"1\"}}}}\n", "", "" })
WRAPPED(splunk, AS_STRING,
	{ "",
	  "{\"preview\":false,\"offset\":0,\"result\":{\"host\":\"h\",\"_raw\":",
	  "}}\n", "", "" })

/* Records by themselves, over several lines, one behind the other. */
static void single(struct strbuf *out, const struct forms_events *e)
{
	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		strbuf_adds(out, "{\n  ");
		strbuf_add(out, str_from(e->event[i].text, 1));
		strbuf_adds(out, "\n\n");
	}
}

static void export_lines(struct strbuf *out, const struct forms_events *e)
{
	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		strbuf_add(out, str_sub(field(e, i, "eventTime"), 0, 19));
		strbuf_adds(out, ".000Z ");
		strbuf_add(out, e->event[i].text);
		strbuf_addc(out, '\n');
	}
}

static const struct wrap data_message = {
	"{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"111122223333\","
	"\"logGroup\":\"g\",\"logStream\":\"s\",\"subscriptionFilters\":"
	"[\"f\"],\"logEvents\":[",
	"{\"id\":\"1\",\"timestamp\":1,\"message\":", "}", ",", "]}"
};

/* With a control message, and nothing between the objects. */
static void subscription(struct strbuf *out, const struct forms_events *e)
{
	strbuf_adds(out,
		    "{\"messageType\":\"CONTROL_MESSAGE\",\"owner\":"
		    "\"CloudwatchLogs\",\"logGroup\":\"\",\"logStream\":"
		    "\"\",\"subscriptionFilters\":[],\"logEvents\":[{"
		    "\"id\":\"\",\"timestamp\":1,\"message\":\"CWL CONTROL "
		    "MESSAGE: Checking health of destination "
		    "Firehose.\"}]}");
	wrap_some(out, e, &data_message, AS_STRING, 0, FORMS_EVENTS / 2);
	wrap_some(out, e, &data_message, AS_STRING, FORMS_EVENTS / 2,
		  FORMS_EVENTS);
}

static void add_base64(struct strbuf *out, struct str bytes)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				      "opqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.n; i += 3) {
		unsigned n = bytes.n - i < 3 ? (unsigned)(bytes.n - i) : 3;
		unsigned v = 0;

		for (unsigned k = 0; k < 3; k++)
			v = v << 8 |
			    (k < n ? (unsigned char)bytes.p[i + k] : 0);
		for (unsigned k = 0; k < 4; k++)
			strbuf_addc(out,
				    k <= n ? letters[v >> (18 - 6 * k) & 63] :
					     '=');
	}
}

/* What a function is called with. */
static void function_event(struct strbuf *out, const struct forms_events *e)
{
	struct strbuf data;
	char *packed;
	size_t n;

	strbuf_init(&data);
	wrap_some(&data, e, &data_message, AS_STRING, 0, FORMS_EVENTS);
	gz_compress(strbuf_str(&data), &packed, &n);
	strbuf_adds(out, "{\"awslogs\":{\"data\":\"");
	add_base64(out, (struct str){ packed, n });
	strbuf_adds(out, "\"}}\n");
	free(packed);
	strbuf_release(&data);
}

/* A queue's messages, with a topic's in them, and an event of EventBridge in
 * that. */
static void queue(struct strbuf *out, const struct forms_events *e)
{
	struct strbuf event, message;

	strbuf_init(&event);
	strbuf_init(&message);
	strbuf_adds(out, "{\"Messages\":[");
	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		strbuf_clear(&event);
		strbuf_clear(&message);
		strbuf_adds(&event, "{\"detail-type\":\"AWS Service Event via "
				    "CloudTrail\",\"detail\":");
		strbuf_add(&event, e->event[i].text);
		strbuf_addc(&event, '}');
		strbuf_adds(&message,
			    "{\"Type\":\"Notification\",\"Message\":");
		forms_add_string(&message, strbuf_str(&event));
		strbuf_addc(&message, '}');
		strbuf_adds(out, i ? "," : "");
		strbuf_adds(out, "{\"MessageId\":\"m\",\"ReceiptHandle\":\"r\","
				 "\"Body\":");
		forms_add_string(out, strbuf_str(&message));
		strbuf_addc(out, '}');
	}
	strbuf_adds(out, "]}");
	strbuf_release(&event);
	strbuf_release(&message);
}

/* Two columns: one of the record, and the record. */
static void two_columns(struct strbuf *out, const struct forms_events *e,
			const char *header, const char *path)
{
	strbuf_adds(out, header);
	for (size_t i = 0; i < FORMS_EVENTS; i++) {
		forms_add_cell(out, field(e, i, path));
		strbuf_addc(out, ',');
		forms_add_cell(out, e->event[i].text);
		strbuf_adds(out, "\r\n");
	}
}

static void lake_csv(struct strbuf *out, const struct forms_events *e)
{
	two_columns(out, e, "eventID,eventJson\r\n", "eventID");
}

static void insights_csv(struct strbuf *out, const struct forms_events *e)
{
	two_columns(out, e, "@timestamp,@message\r\n", "eventTime");
}

static void splunk_csv(struct strbuf *out, const struct forms_events *e)
{
	two_columns(out, e, "\"_time\",\"_raw\"\r\n", "eventTime");
}

const struct forms_file forms_carried[] = {
	{ "F01-delivery.json.gz", delivery, true },
	{ "F02-lines.jsonl", lines, false },
	{ "F03-array.json", array, false },
	{ "F04-single-records.json", single, false },
	{ "F05-lookup-events.json", lookup, false },
	{ "F05-lookup-events.jsonl", lookup_lines, false },
	{ "F07-lake.csv.gz", lake_csv, true },
	{ "F07-lake-rows.json", lake_rows, false },
	{ "F09-logs-export.gz", export_lines, true },
	{ "F10-subscription.gz", subscription, true },
	{ "F10-function-event.json", function_event, false },
	{ "F10-firehose.gz", concatenated, true },
	{ "F11-filter-log-events.json", filtered, false },
	{ "F11-insights.json", insights, false },
	{ "F11-insights.csv", insights_csv, false },
	{ "F12-eventbridge.jsonl", eventbridge, false },
	{ "F13-topic.jsonl", topic, false },
	{ "F13-queue.json", queue, false },
	{ "F14-hits.json", hits, false },
	{ "F14-original.jsonl", original, false },
	{ "F15-splunk.jsonl", splunk, false },
	{ "F15-splunk.csv", splunk_csv, false },
	{ .name = NULL },
};
