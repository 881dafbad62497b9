/* SPDX-License-Identifier: MIT */
/*
 * What carries records, as values with what has to be found in them: the
 * eventName of each record, or the reason why there is none.
 */
#include "helpers.h"

#include <stdlib.h>

#include "base/gz.h"
#include "ingest/unwrap.h"

#define REC(name)                                          \
	"{\"eventVersion\":\"1.08\",\"eventName\":\"" name \
	"\",\"eventSource\":\"s.amazonaws.com\",\"eventID\":\"" name "\"}"
#define ITEM                                                             \
	"{\"configurationItemStatus\":\"ResourceDeleted\","              \
	"\"configurationItemCaptureTime\":\"2026-01-09T21:45:00.000Z\"," \
	"\"resourceType\":\"AWS::IAM::User\",\"resourceId\":\"AIDA\"}"
/* The same inside a text, and inside a text in a text. */
#define IN1(name)                                                        \
	"{\\\"eventVersion\\\":\\\"1.08\\\",\\\"eventName\\\":\\\"" name \
	"\\\",\\\"eventSource\\\":\\\"s.amazonaws.com\\\"}"
#define IN2(name)                                                      \
	"{\\\\\\\"eventVersion\\\\\\\":\\\\\\\"1.08\\\\\\\","          \
	"\\\\\\\"eventName\\\\\\\":\\\\\\\"" name                      \
	"\\\\\\\",\\\\\\\"eventSource\\\\\\\":\\\\\\\"s.amazonaws.com" \
	"\\\\\\\"}"

static const struct limits usual = LIMITS_DEFAULT;

static void found_text(struct strbuf *out, struct str text,
		       const struct limits *limits)
{
	struct unwrapper *u = unwrapper_new(limits);
	const struct unwrapped *found;
	struct err err = ERR_INIT;
	struct value_reader r;
	struct arena arena;
	const struct json *v;
	struct event e;
	size_t n;

	arena_init(&arena);
	value_reader_init(&r, limits);
	v = json_read(&arena, text, &err);
	check(v != NULL, "%s", err.msg);
	found = unwrap(u, v, &n);
	for (size_t i = 0; i < n; i++) {
		strbuf_adds(out, i ? " | " : "");
		if (found[i].skip) {
			strbuf_addf(out, "!%s%s", found[i].foreign ? "~" : "",
				    found[i].skip);
			continue;
		}
		assert_true(unwrapped_event(&e, &found[i], &r, &arena));
		assert_int_equal(r.end, found[i].text.n);
		assert_true(e.flags & EVENT_CARRIED);
		assert_int_equal((e.flags & EVENT_PARTIAL) != 0,
				 form_lacks(found[i].form) != NULL);
		strbuf_add(out, e.column[EVENT_NAME]);
		strbuf_addf(out, " %s", form_name(found[i].form));
	}
	value_reader_release(&r);
	arena_release(&arena);
	unwrapper_free(u);
}

static const struct {
	const char *text, *found;
} cases[] = {
	/* Nothing that is known: the caller decides. */
	{ "{}", "" },
	{ "[]", "" },
	/* A snapshot of AWS Config; its envelope hands on item by item. */
	{ "{\"fileVersion\":\"1.0\",\"configSnapshotId\":\"s\","
	  "\"configurationItems\":[{\"configurationItemVersion\":\"1.3\","
	  "\"configurationItemStatus\":\"OK\",\"resourceType\":"
	  "\"AWS::S3::Bucket\"},{\"configurationItemVersion\":\"1.3\","
	  "\"configurationItemStatus\":\"ResourceDeleted\"}]}",
	  "AWS::S3::Bucket configuration item of AWS Config | "
	  "!an item of AWS Config without the parts that these have" },
	/* A notice of a change, of a long one a summary, both by EventBridge,
	 * and what else Config says there. */
	{ "{\"messageType\":\"ConfigurationItemChangeNotification\","
	  "\"configurationItemDiff\":null,\"configurationItem\":" ITEM "}",
	  "AWS::IAM::User configuration item of AWS Config" },
	{ "{\"detail-type\":\"Config Configuration Item Change\",\"detail\":"
	  "{\"configurationItem\":" ITEM "}}",
	  "AWS::IAM::User configuration item of AWS Config" },
	{ "{\"detail-type\":\"Config Configuration Item Change\",\"detail\":"
	  "{\"configurationItemSummary\":" ITEM "}}",
	  "AWS::IAM::User configuration item of AWS Config" },
	{ "{\"detail-type\":\"Config Rules Compliance Change\",\"detail\":"
	  "{\"resourceType\":\"AWS::IAM::User\"}}",
	  "!an event of AWS Config that is no item" },
	/* WAF, and what only looks like it. */
	{ "{\"timestamp\":1576280412771,\"webaclId\":\"arn:aws:wafv2:us-east-1:"
	  "111122223333:regional/webacl/x/y\",\"terminatingRuleId\":"
	  "\"Default_Action\",\"action\":\"ALLOW\",\"httpRequest\":{"
	  "\"clientIp\":\"203.0.113.66\",\"uri\":\"/a\",\"httpMethod\":"
	  "\"GET\"}}",
	  "GET /a AWS WAF log" },
	{ "{\"webaclId\":\"x\",\"terminatingRuleId\":1,\"action\":2,"
	  "\"httpRequest\":[]}",
	  "!a log entry of AWS WAF without the parts that these have" },
	{ "{\"message\":\"hello\"}", "" },
	{ "{\"detail\":{},\"detail-type\":3}", "" },
	{ "{\"Type\":\"Notification\"}", "" },
	{ "{\"data\":\"aGVsbG8=\"}", "" },

	/* EventBridge. */
	{ "{\"version\":\"0\",\"detail-type\":\"AWS API Call via CloudTrail\","
	  "\"source\":\"aws.s\",\"detail\":" REC("a") "}",
	  "a EventBridge events" },
	{ "{\"detail-type\":\"AWS Console Sign In via CloudTrail\",\"detail\":" REC(
		  "ConsoleLogin") "}",
	  "ConsoleLogin EventBridge events" },
	{ "{\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":{}}",
	  "!not a CloudTrail record" },
	{ "{\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":3}",
	  "!not a CloudTrail record" },
	{ "{\"detail-type\":\"GuardDuty Finding\",\"detail\":{}}",
	  "!a finding without the parts that findings have" },
	{ "{\"detail-type\":\"EC2 Spot Instance Interruption\",\"detail\":{}}",
	  "!an EC2 notification" },
	{ "{\"detail-type\":\"Order placed\",\"detail\":" REC("a") "}",
	  "!an EventBridge event of another kind" },

	/* lookup-events. */
	{ "{\"EventId\":\"i\",\"EventName\":\"a\",\"CloudTrailEvent\":\"" IN1(
		  "a") "\"}",
	  "a lookup-events" },
	{ "{\"EventId\":\"i\",\"EventName\":\"a\",\"EventTime\":1424476529.0,"
	  "\"Username\":\"root\",\"Resources\":[]}",
	  "a lookup-events without records" },
	{ "{\"CloudTrailEvent\":\"{\\\"eventName\\\":\"}",
	  "!the data ends inside a value" },
	{ "{\"CloudTrailEvent\":\"none\"}",
	  "!a message that is no CloudTrail record" },

	/* Topics and queues, in each other. */
	{ "{\"Type\":\"Notification\",\"Message\":\"" IN1("a") "\"}",
	  "a SNS messages" },
	{ "{\"MessageId\":\"m\",\"Body\":\"" IN1("a") "\"}", "a SQS messages" },
	{ "{\"messageId\":\"m\",\"eventSource\":\"aws:sqs\",\"body\":\"" IN1(
		  "a") "\"}",
	  "a SQS messages" },
	{ "{\"EventSource\":\"aws:sns\",\"Sns\":{\"Message\":\"" IN1(
		  "a") "\"}}",
	  "a SNS messages" },
	{ "{\"MessageId\":\"m\",\"Body\":\"{\\\"Type\\\":\\\"Notification\\\","
	  "\\\"Message\\\":\\\"" IN2("a") "\\\"}\"}",
	  "a SNS messages" },
	{ "{\"MessageId\":\"m\",\"Body\":\"{\\\"detail-type\\\":\\\"AWS API "
	  "Call via CloudTrail\\\",\\\"detail\\\":" IN1("a") "}\"}",
	  "a EventBridge events" },
	/* Several in one message, with blanks, lines or nothing between. */
	{ "{\"MessageId\":\"m\",\"Body\":\"" IN1("a")
		  IN1("b") "\\n\\n" IN1("c") "\"}",
	  "a SQS messages | b SQS messages | c SQS messages" },
	{ "{\"MessageId\":\"m\",\"Body\":\"{\\\"Records\\\":[" IN1("a") "," IN1(
		  "b") "]}\"}",
	  "a SQS messages | b SQS messages" },
	{ "{\"MessageId\":\"m\",\"Body\":\"[" IN1("a") ",3]\"}",
	  "a SQS messages | !not a CloudTrail record" },
	{ "{\"MessageId\":\"m\",\"Body\":\"{\\\"s3Bucket\\\":\\\"b\\\","
	  "\\\"s3ObjectKey\\\":[\\\"k\\\"]}\"}",
	  "!~a notice that a log file was delivered" },
	{ "{\"MessageId\":\"m\",\"Body\":\" \"}", "!an empty message" },

	{ "{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":"
	  "\"r\",\"eventName\":\"ObjectCreated:Put\",\"s3\":{}}",
	  "!a notification of S3 or another service" },

	/* CloudWatch Logs. */
	{ "{\"id\":\"1\",\"timestamp\":1,\"message\":\"" IN1("a") "\"}",
	  "a CloudWatch Logs events" },
	{ "{\"timestamp\":1,\"eventId\":\"1\",\"message\":\""
	  "2026-01-09T21:42:07.000Z " IN1("a") "\"}",
	  "a CloudWatch Logs events" },
	{ "{\"timestamp\":1,\"message\":\"START RequestId: 1\"}",
	  "!a line of Lambda about the run of a function" },
	{ "{\"timestamp\":1,\"message\":\"2026-01-09T21:42:07.114Z\\t"
	  "5e2d8a14-0000-4000-8000-000000000001\\tINFO\\thello\\n\"}",
	  "!a line that a Lambda function wrote" },
	{ "{\"timestamp\":1,\"message\":\"2026-01-09T21:42:07.114Z\\tx\"}",
	  "!a message that is no CloudTrail record" },
	{ "{\"timestamp\":1,\"message\":\"{\\\"x\\\":1}\"}",
	  "!a message of JSON that is no CloudTrail record" },
	{ "{\"timestamp\":1,\"message\":\"CWL CONTROL MESSAGE: Checking "
	  "health of destination Firehose.\"}",
	  "!~a control message of CloudWatch Logs" },
	{ "[{\"field\":\"@ptr\",\"value\":\"x\"},{\"field\":\"@message\","
	  "\"value\":\"" IN1("a") "\"}]",
	  "a CloudWatch Logs Insights results" },
	{ "{\"@timestamp\":\"t\",\"@message\":" REC("a") "}",
	  "a CloudWatch Logs Insights results" },
	/* base64 of gzip of {"messageType":"DATA_MESSAGE","logEvents":[...]}
	 * is made below; of a plain text here. */
	{ "{\"recordId\":\"1\",\"data\":\"aGVsbG8=\"}",
	  "!a message that is no CloudTrail record" },
	{ "{\"kinesis\":{\"data\":\"*\"},\"eventSource\":\"aws:kinesis\"}",
	  "!base64 that is none" },

	/* Searches. */
	{ "{\"_index\":\"i\",\"_source\":" REC("a") "}",
	  "a Elasticsearch or OpenSearch documents" },
	{ "{\"_source\":{\"event\":{\"original\":\"" IN1("a") "\"}}}",
	  "a Elasticsearch or OpenSearch documents" },
	{ "{\"event.original\":\"" IN1("a") "\"}",
	  "a Elasticsearch or OpenSearch documents" },
	{ "{\"_source\":{\"x\":1}}", "!not a CloudTrail record" },
	{ "{\"preview\":false,\"result\":{\"_raw\":\"" IN1("a") "\"}}",
	  "a Splunk results" },
	{ "{\"_raw\":\"" IN1("a") "\",\"host\":\"h\"}", "a Splunk results" },

	{ "{\"_source\":{\"event\":{\"action\":\"a\",\"provider\":\"p\"},\"aws\":"
	  "{\"cloudtrail\":{\"event_version\":\"1.08\"}}}}",
	  "a Elastic Common Schema without the original" },
	{ "{\"class_uid\":3005,\"metadata\":{\"product\":{\"name\":"
	  "\"CloudTrail\"}},\"api\":{\"operation\":\"a\"}}",
	  "a OCSF" },
	{ "{\"class_uid\":3005,\"metadata\":{\"product\":{\"name\":\"VPC\"}}}",
	  "" },
	/* Rows of queries. */
	{ "[{\"eventJson\":\"" IN1("a") "\"}]", "a CloudTrail Lake records" },
	{ "[{\"eventName\":\"a\"},{\"eventTime\":\"2023-07-10 12:06:41.000\"},"
	  "{\"eventID\":\"i\"}]",
	  "a rows of chosen columns" },
	{ "[{\"field\":\"eventName\",\"value\":\"a\"},{\"field\":\"eventID\","
	  "\"value\":\"i\"},{\"field\":\"userIdentity.arn\",\"value\":\"r\"}]",
	  "a rows of chosen columns" },
	{ "[{\"eventname\":\"a\"}]", "" },
	{ "[{},{\"eventJson\":\"{}\"}]", "" },
	{ "{\"eventname\":\"a\",\"eventid\":\"i\",\"awsregion\":\"r\"}",
	  "a rows of chosen columns" },
	/* What is known and is none. */
	{ "{\"eventCategory\":\"Aggregated\",\"eventId\":\"i\",\"timeWindow\":"
	  "{}}",
	  "!an aggregated event: counts, no single call" },
	{ "{\"digestS3Object\":\"o\",\"digestPublicKeyFingerprint\":\"f\"}",
	  "!~a CloudTrail digest file" },
	{ "{\"ETag\":\"e\",\"Metadata\":{\"signature\":\"00\"}}",
	  "!~what S3 says of an object" },
	{ "{\"schemaVersion\":\"2.0\",\"severity\":5,\"service\":{}}",
	  "!a finding without the parts that findings have" },
};

static void values(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct strbuf out;

		strbuf_init(&out);
		found_text(&out, str_of(cases[i].text), &usual);
		check(str_eq(strbuf_str(&out), str_of(cases[i].found)),
		      "%s\n  gives %.*s\n  not   %s", cases[i].text,
		      STR_ARG(strbuf_str(&out)), cases[i].found);
		strbuf_release(&out);
	}
}

/* The whole of the record that is put together. */
static const struct {
	const char *text, *record;
} drafts[] = {
	{ "{\"EventId\":\"i\",\"EventName\":\"a\",\"EventTime\":1424476529.0,"
	  "\"Username\":\"root\",\"ReadOnly\":\"false\",\"AccessKeyId\":\"k\","
	  "\"Resources\":[]}",
	  "{\"eventID\":\"i\",\"eventName\":\"a\",\"eventTime\":"
	  "\"2015-02-20T23:55:29Z\",\"userIdentity\":{\"userName\":\"root\","
	  "\"accessKeyId\":\"k\"},\"readOnly\":false}" },
	/* Structures as text: values that hold commas, braces, equals signs. */
	{ "{\"eventname\":\"a\",\"eventid\":\"i\",\"useridentity\":\"{type="
	  "AssumedRole, principalid=AROA:a, b=c, arn=x{y}z, username=null, "
	  "sessioncontext={attributes={mfaauthenticated=false, creationdate="
	  "2023-07-10 12:06:41.000}, sessionissuer={type=Role, username=R}}, "
	  "newfield={q=1}}\"}",
	  "{\"eventName\":\"a\",\"eventID\":\"i\",\"userIdentity\":{\"type\":"
	  "\"AssumedRole\",\"principalId\":\"AROA:a, b=c\",\"arn\":\"x{y}z\","
	  "\"sessionContext\":{\"attributes\":{\"mfaAuthenticated\":\"false\","
	  "\"creationDate\":\"2023-07-10T12:06:41Z\"},\"sessionIssuer\":"
	  "{\"type\":\"Role\",\"userName\":\"R\"}}}}" },
	{ "{\"eventname\":\"a\",\"eventid\":\"i\",\"awsregion\":\"r\","
	  "\"resources\":\"[{arn=x, accountid=1, type=null}, {arn=y}]\","
	  "\"requestparameters\":\"{\\\"b\\\":[1.0]}\",\"errorcode\":\"\","
	  "\"readonly\":\"True\",\"other\":\"o\"}",
	  "{\"eventName\":\"a\",\"eventID\":\"i\",\"awsRegion\":\"r\","
	  "\"resources\":[{\"accountId\":\"1\",\"ARN\":\"x\"},{\"ARN\":\"y\"}],"
	  "\"requestParameters\":{\"b\":[1.0]},\"readOnly\":true}" },
	/* The console's table. */
	{ "{\"Event name\":\"a\",\"Event time\":\"July 3, 2026, 23:05:06 "
	  "(UTC+09:00)\",\"User name\":\"u\",\"AWS access key\":\"k\","
	  "\"Event ID\":\"i\",\"Error code\":\"-\"}",
	  "{\"eventName\":\"a\",\"eventTime\":\"2026-07-03T14:05:06Z\","
	  "\"userIdentity\":{\"userName\":\"u\",\"accessKeyId\":\"k\"},"
	  "\"eventID\":\"i\"}" },
	/* Cut, or made to hurt. */
	{ "{\"eventname\":\"a\",\"eventid\":\"i\",\"useridentity\":"
	  "\"{type=A, sessioncontext={attributes={\"}",
	  "{\"eventName\":\"a\",\"eventID\":\"i\",\"userIdentity\":{\"type\":"
	  "\"A\"}}" },
	{ "{\"eventname\":\"a\",\"eventid\":\"i\",\"useridentity\":\"{{{=, ,}\"}",
	  "{\"eventName\":\"a\",\"eventID\":\"i\"}" },
};

static void drafted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(drafts); i++) {
		struct unwrapper *u = unwrapper_new(&usual);
		const struct unwrapped *found;
		struct err err = ERR_INIT;
		const struct json *v;
		struct arena arena;
		size_t n;

		arena_init(&arena);
		v = json_read(&arena, str_of(drafts[i].text), &err);
		check(v != NULL, "%s", err.msg);
		found = unwrap(u, v, &n);
		assert_int_equal(n, 1);
		check(str_eq(found->text, str_of(drafts[i].record)),
		      "%s\n  gives %.*s\n  not   %s", drafts[i].text,
		      STR_ARG(found->text), drafts[i].record);
		arena_release(&arena);
		unwrapper_free(u);
	}
}

static void add_base64(struct strbuf *out, struct str s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
				     "opqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.n; i += 3) {
		uint32_t v = 0;

		for (size_t k = 0; k < 3; k++)
			v = v << 8 |
			    (i + k < s.n ? (unsigned char)s.p[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			strbuf_addc(out,
				    i + k > s.n ?
					    '=' :
					    digits[v >> (18 - 6 * k) & 63]);
	}
}

/* Replaces what it holds by its gzip in base64. */
static void pack(struct strbuf *text)
{
	char *packed;
	size_t n;

	gz_compress(strbuf_str(text), &packed, &n);
	strbuf_clear(text);
	add_base64(text, (struct str){ packed, n });
	free(packed);
}

static void check_found(struct str text, const struct limits *limits,
			const char *expected)
{
	struct strbuf out;

	strbuf_init(&out);
	found_text(&out, text, limits);
	check(str_eq(strbuf_str(&out), str_of(expected)), "gives %.*s, not %s",
	      STR_ARG(strbuf_str(&out)), expected);
	strbuf_release(&out);
}

static void subscription(void **state)
{
	struct strbuf data, text;

	(void)state;
	strbuf_init(&data);
	strbuf_init(&text);
	strbuf_adds(&data, "{\"messageType\":\"DATA_MESSAGE\",\"logGroup\":\"g"
			   "\",\"logEvents\":[{\"id\":\"1\",\"timestamp\":1,"
			   "\"message\":\"" IN1(
				   "a") "\"},{\"id\":\"2\","
					"\"timestamp\":2,\"message\":\"" IN1(
						"b") "\"}]}");
	pack(&data);
	strbuf_addf(&text, "{\"awslogs\":{\"data\":\"%s\"}}", data.p);
	check_found(strbuf_str(&text), &usual,
		    "a CloudWatch Logs events | b CloudWatch Logs events");
	strbuf_clear(&text);
	strbuf_addf(&text, "{\"recordId\":\"1\",\"data\":\"%s\"}", data.p);
	check_found(strbuf_str(&text), &usual,
		    "a CloudWatch Logs events | b CloudWatch Logs events");
	/* Cut in the middle: said, whatever could be had of it. */
	strbuf_clear(&text);
	strbuf_addf(&text, "{\"awslogs\":{\"data\":\"%.*s\"}}",
		    (int)(data.n / 2 / 4 * 4), data.p);
	strbuf_clear(&data);
	found_text(&data, strbuf_str(&text), &usual);
	assert_true(str_find(strbuf_str(&data),
			     STR("!compressed data that is damaged"),
			     0) != SIZE_MAX);
	strbuf_release(&data);
	strbuf_release(&text);
}

/* Wrapped once more, as a queue's message. */
static void wrap(struct strbuf *text)
{
	struct strbuf out;

	strbuf_init(&out);
	strbuf_adds(&out, "{\"MessageId\":\"m\",\"Body\":");
	json_print_string(&out, strbuf_str(text));
	strbuf_addc(&out, '}');
	strbuf_release(text);
	*text = out;
}

static void depth(void **state)
{
	struct strbuf text;

	(void)state;
	strbuf_init(&text);
	strbuf_adds(&text, REC("a"));
	for (unsigned i = 0; i < UNWRAP_LEVELS; i++)
		wrap(&text);
	check_found(strbuf_str(&text), &usual, "a SQS messages");
	wrap(&text);
	check_found(strbuf_str(&text), &usual, "!wrapped too many times");
	for (unsigned i = 0; i < 4; i++)
		wrap(&text);
	check_found(strbuf_str(&text), &usual, "!wrapped too many times");
	strbuf_release(&text);
}

/* A few hundred bytes that want to be a gigabyte. */
static void bombs(void **state)
{
	static const struct limits small = { .max_record = 64 * 1024,
					     .max_depth = 128,
					     .max_file = 1 << 20,
					     .max_ratio = 200 };
	struct strbuf text, data, out;
	const struct limits *limits = &small;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&data);
	strbuf_init(&out);
	strbuf_addn(&data, ' ', 1 << 20);
	strbuf_adds(&data, REC("a"));
	pack(&data);
	strbuf_addf(&text, "{\"awslogs\":{\"data\":\"%s\"}}", data.p);
	found_text(&out, strbuf_str(&text), limits);
	assert_true(str_ends(strbuf_str(&out),
			     STR("!compressed data that is damaged or too "
				 "long")));
	/* Many that are small enough each. */
	strbuf_clear(&data);
	strbuf_addn(&data, ' ', 60 * 1024);
	strbuf_adds(&data, REC("a"));
	pack(&data);
	strbuf_clear(&text);
	strbuf_adds(&text, "{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[");
	for (unsigned i = 0; i < 100; i++)
		strbuf_addf(&text, "%s{\"timestamp\":1,\"message\":\"%s\"}",
			    i ? "," : "", data.p);
	strbuf_adds(&text, "]}");
	strbuf_clear(&out);
	found_text(&out, strbuf_str(&text), limits);
	assert_true(str_starts(strbuf_str(&out), STR("a CloudWatch Logs")));
	assert_true(str_ends(strbuf_str(&out),
			     STR("!unfolds to more than the limit")));
	/* More things in one value than anybody sends. */
	strbuf_clear(&text);
	strbuf_adds(&text, "{\"MessageId\":\"m\",\"Body\":\"");
	for (unsigned i = 0; i < 70000; i++)
		strbuf_adds(&text, "{}");
	strbuf_adds(&text, "\"}");
	strbuf_clear(&out);
	found_text(&out, strbuf_str(&text), &usual);
	assert_true(
		str_ends(strbuf_str(&out), STR("!holds more than the limit")));
	strbuf_release(&text);
	strbuf_release(&data);
	strbuf_release(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),       cmocka_unit_test(drafted),
		cmocka_unit_test(subscription), cmocka_unit_test(depth),
		cmocka_unit_test(bombs),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
