/* SPDX-License-Identifier: MIT */
#include "arena_help.h"

#include "base/timefmt.h"
#include "model/event.h"

static struct event extract_noted(const char *json, unsigned notes)
{
	struct err err = ERR_INIT;
	const struct json *v = json_read(&arena, str_of(json), &err);
	struct event e;

	check(v != NULL, "%s: %s", err.msg, json);
	memset(&e, 0xaa, sizeof(e));
	event_extract(&e, v, notes, &arena);
	return e;
}

static struct event extract(const char *json)
{
	return extract_noted(json, 0);
}

/* Columns ----------------------------------------------------------------- */

static void a_whole_record(void **state)
{
	struct event e = extract(
		"{\"eventVersion\":\"1.08\",\"userIdentity\":{"
		"\"type\":\"AssumedRole\","
		"\"principalId\":\"AROARTX3GSDSREXAMPLEX:build\","
		"\"arn\":\"arn:aws:sts::111122223333:assumed-role/Deploy/b\","
		"\"accountId\":\"111122223333\","
		"\"accessKeyId\":\"ASIARTX3GSDSREXAMPLE\","
		"\"sessionContext\":{\"sessionIssuer\":{"
		"\"arn\":\"arn:aws:iam::111122223333:role/ci/Deploy\"},"
		"\"attributes\":{\"creationDate\":"
		"\"2026-01-09T21:40:00Z\"}}},"
		"\"eventTime\":\"2026-01-09T21:42:07Z\","
		"\"eventSource\":\"s3.amazonaws.com\","
		"\"eventName\":\"GetObject\",\"awsRegion\":\"us-west-2\","
		"\"sourceIPAddress\":\"203.0.113.66\","
		"\"userAgent\":\"[aws-cli/2.0]\","
		"\"errorCode\":\"AccessDenied\",\"errorMessage\":\"no\","
		"\"requestParameters\":null,\"responseElements\":null,"
		"\"eventID\":\"5e2d8a14-0000-4000-8000-000000000001\","
		"\"readOnly\":true,\"eventType\":\"AwsApiCall\","
		"\"managementEvent\":false,\"eventCategory\":\"Data\","
		"\"recipientAccountId\":\"999988887777\"}");
	static const char *const want[EVENT_COLUMN_COUNT] = {
		[EVENT_NAME] = "GetObject",
		[EVENT_SOURCE] = "s3.amazonaws.com",
		[EVENT_REGION] = "us-west-2",
		[EVENT_ACCOUNT] = "999988887777",
		[EVENT_CALLER] = "111122223333",
		[EVENT_PRINCIPAL] = "arn:aws:iam::111122223333:role/ci/Deploy",
		[EVENT_ACTOR] =
			"arn:aws:sts::111122223333:assumed-role/Deploy/b",
		[EVENT_SESSION] =
			"AROARTX3GSDSREXAMPLEX:build@2026-01-09T21:40:00Z",
		[EVENT_IP] = "203.0.113.66",
		[EVENT_AGENT] = "[aws-cli/2.0]",
		[EVENT_KEY] = "ASIARTX3GSDSREXAMPLE",
		[EVENT_ERROR] = "AccessDenied",
	};

	(void)state;
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		assert_str_eq(e.column[c], str_of(want[c]));
	assert_str(e.id, "5e2d8a14-0000-4000-8000-000000000001");
	assert_str(e.raw_time, "2026-01-09T21:42:07Z");
	assert_true(e.time == 1767994927000);
	assert_int_equal(e.kind, KIND_CLOUDTRAIL);
	assert_int_equal(e.flags, OUTCOME_DENIED | EVENT_READ | EVENT_DATA |
					  EVENT_ERROR_MESSAGE);
	assert_int_equal(e.more_key_count, 0);
	assert_non_null(e.record);
	arena_reset(&arena);
}

static void an_empty_record(void **state)
{
	struct event e = extract("{}");

	(void)state;
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++) {
		if (c == EVENT_PRINCIPAL || c == EVENT_ACTOR)
			assert_str(e.column[c], "unknown");
		else
			assert_int_equal(e.column[c].n, 0);
	}
	assert_int_equal(e.id.n, 0);
	assert_true(e.time == TIME_NONE);
	assert_int_equal(e.flags, OUTCOME_OK | EVENT_NO_TIME | EVENT_NO_ID);
	assert_int_equal(e.kind, KIND_CLOUDTRAIL);
}

static void wrong_types_count_as_absent(void **state)
{
	struct event e = extract(
		"{\"eventName\":{\"a\":1},\"eventSource\":[\"x\"],"
		"\"awsRegion\":null,\"recipientAccountId\":111122223333,"
		"\"sourceIPAddress\":true,\"userAgent\":89.0,"
		"\"errorCode\":{\"code\":\"AccessDenied\"},"
		"\"errorMessage\":null,\"eventID\":12,\"eventTime\":17,"
		"\"readOnly\":\"false\",\"userIdentity\":\"root\"}");

	(void)state;
	assert_int_equal(e.column[EVENT_NAME].n, 0);
	assert_int_equal(e.column[EVENT_SOURCE].n, 0);
	assert_int_equal(e.column[EVENT_REGION].n, 0);
	/* Numbers and booleans are taken as their text. */
	assert_str(e.column[EVENT_ACCOUNT], "111122223333");
	assert_str(e.column[EVENT_IP], "true");
	assert_str(e.column[EVENT_AGENT], "89.0");
	assert_int_equal(e.column[EVENT_ERROR].n, 0);
	assert_str(e.id, "12");
	assert_int_equal(e.flags, OUTCOME_OK | EVENT_WRITE | EVENT_NO_TIME);
	assert_str(e.column[EVENT_PRINCIPAL], "unknown");
}

/* Of duplicate keys the first wins, so that a later one cannot replace what
 * an earlier tool saw. */
static void the_first_of_duplicates(void **state)
{
	struct event e = extract("{\"eventName\":\"StopLogging\","
				 "\"eventName\":\"Harmless\"}");

	(void)state;
	assert_str(e.column[EVENT_NAME], "StopLogging");
}

/* Outcome ----------------------------------------------------------------- */

static void outcomes(void **state)
{
	static const struct {
		const char *json;
		enum event_outcome want;
	} cases[] = {
		{ "{\"errorCode\":null}", OUTCOME_OK },
		{ "{\"errorCode\":\"\"}", OUTCOME_OK },
		{ "{\"errorMessage\":\"x\"}", OUTCOME_OK },
		{ "{\"errorCode\":\"AccessDenied\"}", OUTCOME_DENIED },
		{ "{\"errorCode\":\"AccessDeniedException\"}", OUTCOME_DENIED },
		{ "{\"errorCode\":\"UnauthorizedOperation\"}", OUTCOME_DENIED },
		{ "{\"errorCode\":\"Client.UnauthorizedOperation\"}",
		  OUTCOME_DENIED },
		{ "{\"errorCode\":\"UnauthorizedAccess\"}", OUTCOME_DENIED },
		{ "{\"errorCode\":\"AuthorizationError\"}", OUTCOME_DENIED },
		{ "{\"errorCode\":\"NotAuthorized\"}", OUTCOME_DENIED },
		{ "{\"errorCode\":\"Forbidden\"}", OUTCOME_DENIED },
		{ "{\"errorCode\":\"VpceAccessDenied\"}", OUTCOME_DENIED },
		{ "{\"errorCode\":\"KMSAccessDeniedException\"}",
		  OUTCOME_DENIED },
		{ "{\"errorCode\":\"NoSuchBucket\"}", OUTCOME_FAILED },
		{ "{\"errorCode\":\"Client.DryRunOperation\"}",
		  OUTCOME_FAILED },
		{ "{\"errorCode\":\"ThrottlingException\"}", OUTCOME_FAILED },
		{ "{\"errorCode\":\"accessdenied\"}", OUTCOME_FAILED },
		{ "{\"errorCode\":404}", OUTCOME_FAILED },
		/* Sign-in events have no code. */
		{ "{\"eventName\":\"ConsoleLogin\",\"errorMessage\":"
		  "\"Failed authentication\",\"responseElements\":{"
		  "\"ConsoleLogin\":\"Failure\"}}",
		  OUTCOME_DENIED },
		{ "{\"eventName\":\"ConsoleLogin\",\"responseElements\":{"
		  "\"ConsoleLogin\":\"Success\"}}",
		  OUTCOME_OK },
		{ "{\"eventName\":\"SwitchRole\",\"responseElements\":{"
		  "\"SwitchRole\":\"Failure\"}}",
		  OUTCOME_DENIED },
		{ "{\"responseElements\":\"Failure\"}", OUTCOME_OK },
		{ "{\"responseElements\":{\"ConsoleLogin\":null}}",
		  OUTCOME_OK },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct event e = extract(cases[i].json);

		check((e.flags & EVENT_OUTCOME_MASK) == cases[i].want, "%s",
		      cases[i].json);
		arena_reset(&arena);
	}
	assert_string_equal(event_outcome_name(OUTCOME_OK), "ok");
	assert_string_equal(event_outcome_name(OUTCOME_DENIED), "denied");
	assert_string_equal(event_outcome_name(OUTCOME_FAILED), "failed");
	assert_false(event_is_denied_code(STR_NULL));
	assert_false(event_is_denied_code(STR("AccessDenied\0")));
}

/* Flags ------------------------------------------------------------------- */

static void flags(void **state)
{
	static const uint32_t none = EVENT_NO_TIME | EVENT_NO_ID;
	static const struct {
		const char *json;
		uint32_t want; /* beside `none` */
	} cases[] = {
		{ "{\"readOnly\":true}", EVENT_READ },
		{ "{\"readOnly\":\"true\"}", EVENT_READ },
		{ "{\"readOnly\":false}", EVENT_WRITE },
		{ "{\"readOnly\":null}", 0 },
		{ "{\"readOnly\":\"yes\"}", 0 },
		{ "{\"eventCategory\":\"Data\"}", EVENT_DATA },
		{ "{\"managementEvent\":false}", EVENT_DATA },
		{ "{\"managementEvent\":true,\"eventCategory\":"
		  "\"Management\"}",
		  0 },
		{ "{\"userIdentity\":{\"type\":\"AWSService\",\"invokedBy\":"
		  "\"ec2.amazonaws.com\"}}",
		  EVENT_BY_SERVICE },
		{ "{\"userIdentity\":{\"type\":\"IAMUser\",\"invokedBy\":"
		  "\"AWS Internal\"}}",
		  EVENT_BY_SERVICE },
		{ "{\"userIdentity\":{\"type\":\"IAMUser\",\"invokedBy\":"
		  "null}}",
		  0 },
		{ "{\"userIdentity\":{\"type\":\"IAMUser\",\"invokedBy\":"
		  "\"\"}}",
		  0 },
		{ "{\"sessionCredentialFromConsole\":\"true\"}",
		  EVENT_FROM_CONSOLE },
		{ "{\"sessionCredentialFromConsole\":true}",
		  EVENT_FROM_CONSOLE },
		{ "{\"sessionCredentialFromConsole\":\"false\"}", 0 },
		{ "{\"errorMessage\":\"x\"}", EVENT_ERROR_MESSAGE },
		{ "{\"requestParameters\":{\"omitted\":true,\"reason\":\"r\"}}",
		  EVENT_HAS_TRUNCATED },
		{ "{\"requestParameters\":{\"omitted\":\"true\"}}", 0 },
		{ "{\"requestParameters\":{\"omitted\":false}}", 0 },
		{ "{\"a\":[{\"b\":{\"omitted\":true}}]}", EVENT_HAS_TRUNCATED },
		{ "{\"eventTime\":\"2026-02-30T00:00:00Z\"}", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct event e = extract(cases[i].json);

		check(e.flags == (none | cases[i].want), "%s: %x",
		      cases[i].json, e.flags);
		arena_reset(&arena);
	}
	assert_int_equal(extract_noted("{}", JSON_SAW_CONTROL).flags,
			 none | EVENT_HAS_CONTROL);
	assert_int_equal(extract_noted("{}", JSON_SAW_BIDI).flags,
			 none | EVENT_HAS_BIDI);
	assert_int_equal(extract_noted("{}", JSON_SAW_NONASCII).flags,
			 none | EVENT_HAS_NONASCII);
	assert_int_equal(extract_noted("{}", JSON_SAW_DEEP).flags,
			 none | EVENT_HAS_TRUNCATED);
}

static void times_and_ids(void **state)
{
	struct event e = extract("{\"eventTime\":\"2026-01-09 21:42:07.000\","
				 "\"eventID\":\"x\"}");

	(void)state;
	assert_true(e.time == 1767994927000);
	assert_int_equal(e.flags, OUTCOME_OK);
	e = extract("{\"eventTime\":\"yesterday\",\"eventID\":\"\"}");
	assert_true(e.time == TIME_NONE);
	assert_str(e.raw_time, "yesterday");
	assert_int_equal(e.flags, OUTCOME_OK | EVENT_NO_TIME | EVENT_NO_ID);
}

static void kinds(void **state)
{
	static const struct {
		const char *json;
		enum event_kind want;
	} cases[] = {
		{ "{\"eventType\":\"AwsApiCall\",\"eventCategory\":"
		  "\"Management\"}",
		  KIND_CLOUDTRAIL },
		{ "{\"eventType\":\"AwsCloudTrailInsight\"}", KIND_INSIGHT },
		{ "{\"eventCategory\":\"Insight\"}", KIND_INSIGHT },
		{ "{\"eventType\":\"AwsVpceEvent\",\"eventCategory\":"
		  "\"NetworkActivity\"}",
		  KIND_NETWORK },
		{ "{\"eventType\":\"AwsVpceEvent\"}", KIND_NETWORK },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(extract(cases[i].json).kind, cases[i].want);
	assert_string_equal(event_kind_name(KIND_CLOUDTRAIL), "cloudtrail");
	assert_string_equal(event_kind_name(KIND_INSIGHT), "insight");
	assert_string_equal(event_kind_name(KIND_NETWORK), "network");
}

/* Keys -------------------------------------------------------------------- */

#define ISSUED(key) \
	"\"responseElements\":{\"credentials\":{\"accessKeyId\":\"" key "\"}}"

static void keys_issued_or_named(void **state)
{
	struct event e = extract(
		"{\"userIdentity\":{\"accessKeyId\":\"AKIARTX3GSDSREXAMPLE\"}," ISSUED(
			"ASIARTX3GSDSREXAMPL2") "}");

	(void)state;
	assert_int_equal(e.more_key_count, 1);
	assert_str(e.more_keys[0], "ASIARTX3GSDSREXAMPL2");

	/* CreateAccessKey, UpdateAccessKey. */
	e = extract("{\"responseElements\":{\"accessKey\":{\"accessKeyId\":"
		    "\"AKIARTX3GSDSREXAMPL3\"}},\"requestParameters\":{"
		    "\"accessKeyId\":\"AKIARTX3GSDSREXAMPL4\"}}");
	assert_int_equal(e.more_key_count, 2);
	assert_str(e.more_keys[0], "AKIARTX3GSDSREXAMPL3");
	assert_str(e.more_keys[1], "AKIARTX3GSDSREXAMPL4");

	/* Each once, and not the one that was used. */
	e = extract("{\"userIdentity\":{\"accessKeyId\":"
		    "\"AKIARTX3GSDSREXAMPLE\"},"
		    "\"requestParameters\":{\"accessKeyId\":"
		    "\"AKIARTX3GSDSREXAMPLE\"}," ISSUED(
			    "AKIARTX3GSDSREXAMPLE") "}");
	assert_int_equal(e.more_key_count, 0);
	e = extract("{\"requestParameters\":{\"accessKeyId\":"
		    "\"ASIARTX3GSDSREXAMPLE\"}," ISSUED(
			    "ASIARTX3GSDSREXAMPLE") "}");
	assert_int_equal(e.more_key_count, 1);

	/* What is no key. */
	e = extract("{\"requestParameters\":{\"accessKeyId\":\"*\"}," ISSUED(
		"HIDDEN_DUE_TO_SECURITY_REASONS") "}");
	assert_int_equal(e.more_key_count, 0);
	e = extract("{\"requestParameters\":\"x\",\"responseElements\":{"
		    "\"credentials\":\"HIDDEN\",\"accessKey\":[]}}");
	assert_int_equal(e.more_key_count, 0);
}

/* Names ------------------------------------------------------------------- */

static void base_names(void **state)
{
	static const char *const cases[][2] = {
		{ "CreateFunction20150331", "CreateFunction" },
		{ "UpdateFunctionCode20150331v2", "UpdateFunctionCode" },
		{ "UpdateFunctionCode20150331v12", "UpdateFunctionCode" },
		{ "CreateFunction", "CreateFunction" },
		{ "ListDistributions2014_11_06",
		  "ListDistributions2014_11_06" },
		{ "Foo2015033", "Foo2015033" },
		{ "Foo20150331v", "Foo20150331v" },
		{ "Foov2", "Foov2" },
		{ "20150331", "20150331" },
		{ "v2", "v2" },
		{ "2", "2" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str s = exact_copy(str_of(cases[i][0]));

		assert_str_eq(event_base_name(s), str_of(cases[i][1]));
		exact_free(s);
	}
	assert_int_equal(event_base_name(STR_NULL).n, 0);
}

static void services(void **state)
{
	(void)state;
	assert_str(event_service(STR("iam.amazonaws.com")), "iam");
	assert_str(event_service(STR("monitoring.amazonaws.com")),
		   "monitoring");
	assert_str(event_service(STR("iam.amazonaws.com.cn")), "iam");
	assert_str(event_service(STR("iam")), "iam");
	assert_str(event_service(STR("")), "");
	assert_int_equal(event_service(STR_NULL).n, 0);
}

static void column_names(void **state)
{
	(void)state;
	assert_string_equal(event_column_name(EVENT_NAME), "eventName");
	assert_string_equal(event_column_name(EVENT_CALLER),
			    "userIdentity.accountId");
	assert_string_equal(event_column_name(EVENT_ERROR), "errorCode");
}

static void marks_of_a_record(void **state)
{
	static const struct {
		const char *json;
		unsigned want;
	} cases[] = {
		{ "{}", 0 },
		{ "[]", 0 },
		{ "1", 0 },
		{ "{\"eventName\":null}", 1 },
		{ "{\"eventname\":1,\"EventName\":2}", 0 },
		{ "{\"eventName\":1,\"eventName\":2,\"eventID\":3}", 2 },
		{ "{\"eventName\":1,\"eventSource\":1,\"eventTime\":1,"
		  "\"userIdentity\":1,\"eventVersion\":1,\"eventID\":1,"
		  "\"awsRegion\":1,\"sourceIPAddress\":1,\"more\":1}",
		  8 },
		{ "{\"Records\":[{\"eventName\":1}]}", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct err err = ERR_INIT;

		assert_int_equal(event_marks(json_read(
					 &arena, str_of(cases[i].json), &err)),
				 cases[i].want);
	}
	assert_int_equal(event_marks(NULL), 0);
}

/* Hostile: an object as deep and as wide as may be, quickly. */
static void looking_for_what_was_omitted(void **state)
{
	struct strbuf b;
	struct event e;

	(void)state;
	strbuf_init(&b);
	strbuf_adds(&b, "{\"requestParameters\":");
	for (int i = 0; i < 90; i++)
		strbuf_adds(&b, "{\"a\":");
	strbuf_adds(&b, "{\"omitted\":true}");
	strbuf_addn(&b, '}', 91);
	e = extract(b.p);
	/* So deep CloudTrail leaves nothing out. */
	assert_false(e.flags & EVENT_HAS_TRUNCATED);
	strbuf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_record),
		cmocka_unit_test(an_empty_record),
		cmocka_unit_test(wrong_types_count_as_absent),
		cmocka_unit_test(the_first_of_duplicates),
		cmocka_unit_test(outcomes),
		cmocka_unit_test(flags),
		cmocka_unit_test(times_and_ids),
		cmocka_unit_test(kinds),
		cmocka_unit_test(keys_issued_or_named),
		cmocka_unit_test(base_names),
		cmocka_unit_test(services),
		cmocka_unit_test(column_names),
		cmocka_unit_test(marks_of_a_record),
		cmocka_unit_test(looking_for_what_was_omitted),
	};

	return run_arena_tests(tests);
}
