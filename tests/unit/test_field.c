/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "model/field.h"

static void names_are_unique(void **state)
{
	(void)state;
	for (const struct field *f = fields; f->name; f++) {
		assert_ptr_equal(field_find(str_of(f->name)), f);
		assert_true(f->help && f->help[0]);
		assert_true(f->example && f->example[0]);
		for (const struct field *g = fields; g != f; g++)
			assert_false(
				str_eq_fold(str_of(f->name), str_of(g->name)));
	}
}

static void examples_use_their_field(void **state)
{
	(void)state;
	for (const struct field *f = fields; f->name; f++) {
		struct str example = str_of(f->example);
		size_t n = strlen(f->name);

		assert_true(str_starts(example, str_of(f->name)));
		check(strchr(":<>", f->example[n]) != NULL, "%s", f->example);
	}
}

static void columns_and_aliases(void **state)
{
	static const struct {
		const char *name;
		enum field_kind kind;
		enum event_column column;
	} cases[] = {
		{ "eventName", FIELD_COLUMN, EVENT_NAME },
		{ "event", FIELD_COLUMN, EVENT_NAME },
		{ "eventSource", FIELD_COLUMN, EVENT_SOURCE },
		{ "service", FIELD_SERVICE, EVENT_SOURCE },
		{ "awsRegion", FIELD_COLUMN, EVENT_REGION },
		{ "region", FIELD_COLUMN, EVENT_REGION },
		{ "recipientAccountId", FIELD_COLUMN, EVENT_ACCOUNT },
		{ "userAgent", FIELD_COLUMN, EVENT_AGENT },
		{ "ua", FIELD_COLUMN, EVENT_AGENT },
		{ "errorCode", FIELD_COLUMN, EVENT_ERROR },
		{ "error", FIELD_COLUMN, EVENT_ERROR },
		{ "actor", FIELD_COLUMN, EVENT_ACTOR },
		{ "user", FIELD_USER, EVENT_ACTOR },
		{ "principal", FIELD_PRINCIPAL, EVENT_PRINCIPAL },
		{ "session", FIELD_SESSION, EVENT_SESSION },
		{ "key", FIELD_KEY, EVENT_KEY },
		{ "ip", FIELD_IP, EVENT_IP },
		{ "sourceIPAddress", FIELD_IP, EVENT_IP },
		{ "EVENTNAME", FIELD_COLUMN, EVENT_NAME },
		{ "Ip", FIELD_IP, EVENT_IP },
	};
	static const char *const derived[] = {
		"account", "resource",  "eventTime", "eventID", "readOnly",
		"outcome", "kind",      "has",       "level",   "rule",
		"tactic",  "technique", "alert",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct field *f = field_find(str_of(cases[i].name));

		check(f != NULL, "%s", cases[i].name);
		assert_int_equal(f->kind, cases[i].kind);
		assert_int_equal(f->column, cases[i].column);
	}
	for (size_t i = 0; i < ARRAY_SIZE(derived); i++) {
		const struct field *f = field_find(str_of(derived[i]));

		check(f != NULL, "%s", derived[i]);
		assert_int_not_equal(f->kind, FIELD_COLUMN);
	}
	assert_null(field_find(STR("")));
	assert_null(field_find(STR_NULL));
	assert_null(field_find(STR("eventNam")));
	assert_null(field_find(STR("eventName ")));
	assert_null(field_find(STR("requestParameters.policyArn")));
}

static void paths_into_the_record(void **state)
{
	static const char *const paths[] = {
		"requestParameters",
		"requestParameters.policyArn",
		"responseElements.credentials.accessKeyId",
		"userIdentity.sessionContext.attributes.mfaAuthenticated",
		"resources.ARN",
		"additionalEventData.MFAUsed",
		"serviceEventDetails.x",
		"tlsDetails.tlsVersion",
		"vpcEndpointId",
		"sharedEventID",
		"requestID",
		"errorMessage",
		"insightDetails.state",
		"addendum.reason",
		"eventName",
	};
	static const char *const none[] = {
		"",           "requestparameters",
		"policyArn",  ".eventName",
		"request",    "requestParametersX",
		"Records",    "x.y",
		"eventName:", "level",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		check(field_is_record_path(str_of(paths[i])), "%s", paths[i]);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		check(!field_is_record_path(str_of(none[i])), "%s", none[i]);
	assert_false(field_is_record_path(STR_NULL));
}

static void nearest_names(void **state)
{
	static const struct {
		const char *typed, *want;
	} cases[] = {
		{ "evntName", "eventName" },
		{ "eventname", "eventName" },
		{ "sourceip", NULL },
		{ "sourceIpAdress", "sourceIPAddress" },
		{ "useragent", "userAgent" },
		{ "requestParameter", "requestParameters" },
		{ "regoin", "region" },
		{ "tehcnique", "technique" },
		{ "qqqqqqqq", NULL },
		{ "", NULL },
		{ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		  NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *got = field_nearest(str_of(cases[i].typed));

		if (!cases[i].want) {
			/* "sourceip" may find a near one or none: it must
			 * only be no farther than a third of the word. */
			if (got)
				assert_true(str_distance(str_of(cases[i].typed),
							 str_of(got)) <=
					    strlen(cases[i].typed) / 3 + 1);
			continue;
		}
		check(got != NULL, "%s", cases[i].typed);
		assert_string_equal(got, cases[i].want);
	}
	assert_null(field_nearest(STR("qqqqqqqq")));
	/* Every name is nearest to itself, and with one letter lost. */
	for (const struct field *f = fields; f->name; f++) {
		struct str name = str_of(f->name);
		const char *got = field_nearest(name);

		assert_non_null(got);
		assert_int_equal(str_distance(str_of(got), name), 0);
		got = field_nearest(str_from(name, 1));
		assert_non_null(got);
		assert_true(str_distance(str_of(got), str_from(name, 1)) <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique),
		cmocka_unit_test(examples_use_their_field),
		cmocka_unit_test(columns_and_aliases),
		cmocka_unit_test(paths_into_the_record),
		cmocka_unit_test(nearest_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
