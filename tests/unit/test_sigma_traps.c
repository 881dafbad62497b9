/* SPDX-License-Identifier: MIT */
/*
 * What a plain reading of Sigma gets wrong on CloudTrail, each with a rule and
 * the records that tell the readings apart.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "detect/rule_check.h"

#include "sigma_help.h"

/* 1: equality ignores case, regular expressions do not. */
static void letter_case(void **state)
{
	const char *plain = "    s:\n        eventName: stoplogging\n"
			    "    condition: s\n";
	const char *re = "    s:\n        eventName|re: '^stop'\n"
			 "    condition: s\n";
	const char *re_i = "    s:\n        eventName|re|i: '^stop'\n"
			   "    condition: s\n";
	const char *cased = "    s:\n        eventName|cased: stoplogging\n"
			    "    condition: s\n";
	const char *e = "{\"eventName\":\"StopLogging\"}";

	(void)state;
	fires(plain, e);
	quiet(re, e);
	fires(re_i, e);
	quiet(cased, e);
}

/* 2: values compare as text, whatever YAML and JSON call them. */
static void types(void **state)
{
	const char *quoted =
		"    s:\n        requestParameters.enable: 'false'\n"
		"        requestParameters.fromPort: '22'\n"
		"    condition: s\n";
	const char *plain = "    s:\n        requestParameters.enable: false\n"
			    "        requestParameters.fromPort: 22\n"
			    "    condition: s\n";
	const char *typed =
		"{\"requestParameters\":{\"enable\":false,\"fromPort\":22}}";
	const char *texts = "{\"requestParameters\":{\"enable\":\"false\","
			    "\"fromPort\":\"22\"}}";

	(void)state;
	fires(quoted, typed);
	fires(quoted, texts);
	fires(plain, typed);
	fires(plain, texts);
}

/* 3: null is absent or null; exists asks for presence alone. */
static void null_values(void **state)
{
	/* As the public rules write it: success, one way or the other. */
	const char *null = "    s:\n        eventName: DeleteFlowLogs\n"
			   "    ok_1:\n        errorCode: 'Success'\n"
			   "    ok_2:\n        errorCode: null\n"
			   "    condition: s and 1 of ok_*\n";
	const char *exists = "    s:\n        errorCode|exists: true\n"
			     "    condition: s\n";
	const char *missing = "    s:\n        errorCode|exists: false\n"
			      "    condition: s\n";

	(void)state;
	fires(null, "{\"eventName\":\"DeleteFlowLogs\"}");
	fires(null, "{\"eventName\":\"DeleteFlowLogs\",\"errorCode\":null}");
	quiet(null, "{\"eventName\":\"DeleteFlowLogs\",\"errorCode\":\"x\"}");
	quiet(null, "{\"eventName\":\"DeleteFlowLogs\",\"errorCode\":\"\"}");
	fires(exists, "{\"errorCode\":null}");
	fires(exists, "{\"errorCode\":\"\"}");
	quiet(exists, "{}");
	fires(missing, "{}");
	quiet(missing, "{\"errorCode\":null}");
}

/* 4: contains on an object: its compact JSON and the decoded texts inside. */
static void object_values(void **state)
{
	const char *versioning =
		"    s:\n        requestParameters|contains: 'Suspended'\n"
		"    condition: s\n";
	const char *policy =
		"    s:\n        requestParameters|contains|all:\n"
		"            - '\"arn:aws:s3:::<YOUR-BUCKET-NAME>/*\"'\n"
		"            - '\"s3:GetObject\"'\n"
		"            - '\"Allow\"'\n"
		"    condition: s\n";

	(void)state;
	fires(versioning, "{\"requestParameters\":{\"VersioningConfiguration\":"
			  "{\"Status\":\"Suspended\"}}}");
	quiet(versioning, "{\"requestParameters\":{\"VersioningConfiguration\":"
			  "{\"Status\":\"Enabled\"}}}");
	/* The document is JSON in a string: its quotes are escaped. */
	fires(policy,
	      "{\"requestParameters\":{\"policyDocument\":\"{\\\"Statement\\\":"
	      "[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":"
	      "\\\"s3:GetObject\\\",\\\"Resource\\\":"
	      "\\\"arn:aws:s3:::<YOUR-BUCKET-NAME>/*\\\"}]}\"}}");
	/* And where it is an object. */
	fires(policy,
	      "{\"requestParameters\":{\"bucketPolicy\":{\"Statement\":"
	      "[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\","
	      "\"Resource\":\"arn:aws:s3:::<YOUR-BUCKET-NAME>/*\"}]}}}");
	quiet(policy, "{\"requestParameters\":{\"policyDocument\":\"Allow\"}}");
}

/* 5: a path goes through arrays, of any depth, to any member. */
static void arrays(void **state)
{
	const char *command =
		"    s:\n        requestParameters.containerDefinitions.command"
		"|contains: '$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'\n"
		"    condition: s\n";
	const char *equal = "    s:\n        requestParameters.a.b: x\n"
			    "    condition: s\n";

	(void)state;
	fires(command,
	      "{\"requestParameters\":{\"containerDefinitions\":[{\"name\":1},"
	      "{\"command\":[\"sh\",\"curl 169.254.170.2"
	      "$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\"]}]}}");
	fires(equal, "{\"requestParameters\":{\"a\":[[{\"b\":[1,[\"X\"]]}]]}}");
	quiet(equal, "{\"requestParameters\":{\"a\":[[{\"b\":[1,{\"c\":\"x\"}"
		     "]}]]}}");
}

/* 6: contains '*' is present and not null; of a list, some member. */
static void lone_star(void **state)
{
	const char *layers =
		"    s:\n        requestParameters.layers|contains:"
		" '*'\n    condition: s\n";

	(void)state;
	fires(layers, "{\"requestParameters\":{\"layers\":[\"arn:x\"]}}");
	fires(layers, "{\"requestParameters\":{\"layers\":\"\"}}");
	fires(layers, "{\"requestParameters\":{\"layers\":{}}}");
	quiet(layers, "{\"requestParameters\":{\"layers\":[]}}");
	quiet(layers, "{\"requestParameters\":{\"layers\":[null]}}");
	quiet(layers, "{\"requestParameters\":{\"layers\":null}}");
	quiet(layers, "{\"requestParameters\":{}}");
}

static bool never(void *context, struct str path)
{
	(void)context;
	return !str_eq(path, STR("status"));
}

/* 7: a field that CloudTrail does not have is run, and told of. */
static void unknown_field(void **state)
{
	const char *detection =
		"    s:\n        eventName: DeleteSAMLProvider\n"
		"        status: 'success'\n"
		"    condition: s\n";
	struct ruleset *rs = rules_of_detection(detection);
	const struct rule_problem *p;
	size_t n;

	(void)state;
	fires(detection,
	      "{\"eventName\":\"DeleteSAMLProvider\",\"status\":\"Success\"}");
	quiet(detection, "{\"eventName\":\"DeleteSAMLProvider\"}");
	assert_int_equal(rules_check(rs), 1);
	p = ruleset_problems(rs, &n);
	assert_int_equal(n, 1);
	assert_int_equal(p->kind, PROBLEM_NOTE);
	assert_true(str_eq(p->text, STR("CloudTrail has no field \"status\"")));
	assert_int_equal(rules_check_fields(rs, never, NULL), 1);
	p = ruleset_problems(rs, &n);
	assert_true(str_eq(p[1].text, STR("no event of this data has the field "
					  "\"status\"")));
	ruleset_free(rs);
}

/* 8: fieldref under not: a missing field is no match, and no error. */
static void field_references(void **state)
{
	const char *detection =
		"    s:\n        eventName: UpdateLoginProfile\n"
		"    f:\n        userIdentity.arn|fieldref: "
		"requestParameters.userName\n"
		"    condition: s and not 1 of f*\n";

	(void)state;
	fires(detection, "{\"eventName\":\"UpdateLoginProfile\"}");
	fires(detection, "{\"eventName\":\"UpdateLoginProfile\","
			 "\"userIdentity\":{\"arn\":\"arn:x\"}}");
	fires(detection, "{\"eventName\":\"UpdateLoginProfile\","
			 "\"requestParameters\":{\"userName\":\"x\"}}");
	quiet(detection, "{\"eventName\":\"UpdateLoginProfile\","
			 "\"userIdentity\":{\"arn\":\"Bob\"},"
			 "\"requestParameters\":{\"userName\":\"bob\"}}");
}

/* 9: a correlation names its rules by id, name or title, and generate: false
 * may stand in it or beside it; such rules run and raise nothing. Nothing said
 * is false. */
static void correlations(void **state)
{
	static const char *const named[] = {
		"11111111-0000-4000-8000-000000000001", "base_name",
		"Base Title"
	};
	static const char *const where[][2] = { { "    generate: false\n", "" },
						{ "", "generate: false\n" },
						{ "", "" },
						{ "    generate: true\n", "" },
						{ "", "generate: true\n" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		for (size_t k = 0; k < ARRAY_SIZE(where); k++) {
			struct ruleset *rs;
			struct strbuf text;

			strbuf_init(&text);
			strbuf_addf(&text,
				    "title: C\ncorrelation:\n"
				    "    type: event_count\n    timespan: 1m\n"
				    "    condition: {gte: 2}\n    rules:\n"
				    "        - %s\n%s%slevel: high\n---\n"
				    "title: Base Title\nname: base_name\n"
				    "id: 11111111-0000-4000-8000-000000000001\n"
				    "detection:\n    s:\n"
				    "        eventName: A\n    condition: s\n",
				    named[i], where[k][0], where[k][1]);
			rs = rules_of(text.p);
			assert_int_equal(ruleset_count(rs), 2);
			assert_non_null(ruleset_at(rs, 0)->correlation);
			assert_int_equal(ruleset_at(rs, 0)->state, RULE_ACTIVE);
			assert_int_equal(ruleset_at(rs, 1)->state,
					 k < 3 ? RULE_SILENT : RULE_ACTIVE);
			assert_int_equal(
				hits_of(rs, STR("{\"eventName\":\"A\"}")), 1);
			ruleset_free(rs);
			strbuf_release(&text);
		}
}

/* 10: what real files look like. */
static void yaml(void **state)
{
	const char *text =
		"\ntitle: Many\n"
		"references:\n" /* empty */
		"description: |\n    Two lines,\n    as a block.\n"
		"tags:\n    - attack.discovery # a comment\n"
		"logsource:\n    product: aws\n    service: cloudtrail\n"
		"detection:\n    selection:\n        eventSource: 'a'\n"
		"    selection_recon:\n          eventName:\n"
		"            - ListTopics   \n            - ListQueues\t \n"
		"    condition: all of selection*\nlevel: low\n"
		"---\n---\n"
		"title: Second\ndetection:\n    s:\n        eventName: B\n"
		"    condition: s"; /* no newline at the end */
	struct ruleset *rs = rules_of(text);
	size_t n;

	(void)state;
	ruleset_problems(rs, &n);
	assert_int_equal(n, 0);
	assert_int_equal(ruleset_count(rs), 2);
	assert_int_equal(ruleset_at(rs, 0)->rule.line, 2);
	assert_int_equal(ruleset_at(rs, 1)->rule.line, 23);
	assert_true(str_eq(ruleset_at(rs, 0)->rule.description,
			   STR("Two lines,\nas a block.\n")));
	assert_int_equal(ruleset_at(rs, 0)->rule.tactics,
			 TACTIC_BIT(TACTIC_DISCOVERY));
	assert_int_equal(hits_of(rs, STR("{\"eventSource\":\"a\","
					 "\"eventName\":\"listqueues\"}")),
			 1);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"b\"}")), 1);
	ruleset_free(rs);
}

/* 11: NUL, lone surrogates and bad bytes hide nothing. */
static void hostile(void **state)
{
	static const char *const detections[] = {
		"    s:\n        userAgent|contains: kali\n    condition: s\n",
		"    s:\n        userAgent|endswith: kali\n    condition: s\n",
		"    s:\n        userAgent|re: 'kali$'\n    condition: s\n",
		"    s:\n        userAgent: '*kali'\n    condition: s\n",
		"    keywords:\n        - kali\n    condition: keywords\n",
	};
	static const char *const records[] = {
		"{\"userAgent\":\"x\\u0000kali\"}",
		"{\"userAgent\":\"\\ud800kali\"}",
		"{\"userAgent\":\"\\udc00\\u0000\xfe\xffkali\"}",
		"{\"userAgent\":\"\xc3(kali\"}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(detections); i++)
		for (size_t k = 0; k < ARRAY_SIZE(records); k++)
			fires(detections[i], records[k]);
}

/* 12: two rules with one id both run, and somebody is told. */
static void duplicate_ids(void **state)
{
	struct ruleset *rs = ruleset_new();
	const struct rule_problem *p;
	struct strbuf text;
	size_t n;

	(void)state;
	strbuf_init(&text);
	rule_text(&text, "    s:\n        eventName: A\n    condition: s\n");
	ruleset_add_text(rs, "one.yml", strbuf_str(&text), false);
	ruleset_add_text(rs, "two.yml", strbuf_str(&text), false);
	ruleset_seal(rs);
	assert_int_equal(hits_of(rs, STR("{\"eventName\":\"A\"}")), 2);
	p = ruleset_problems(rs, &n);
	assert_int_equal(n, 1);
	assert_int_equal(p->kind, PROBLEM_WARNING);
	assert_string_equal(p->file, "two.yml");
	assert_true(str_eq(p->text,
			   STR("the id 00000000-0000-4000-8000-000000000001 is "
			       "also that of one.yml:1; both run")));
	ruleset_free(rs);
	strbuf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letter_case),
		cmocka_unit_test(types),
		cmocka_unit_test(null_values),
		cmocka_unit_test(object_values),
		cmocka_unit_test(arrays),
		cmocka_unit_test(lone_star),
		cmocka_unit_test(unknown_field),
		cmocka_unit_test(field_references),
		cmocka_unit_test(correlations),
		cmocka_unit_test(yaml),
		cmocka_unit_test(hostile),
		cmocka_unit_test(duplicate_ids),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
