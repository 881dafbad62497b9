/* SPDX-License-Identifier: MIT */
/* A rule's questions, filled in with the values of one event. */
#include "helpers.h"

#include "casework/guide.h"
#include "query/parse.h"

static struct arena arena;

static enum err_code fill(struct strbuf *out, const char *step,
			  const char *record)
{
	struct err err = ERR_INIT;
	const struct json *v = json_read(&arena, str_of(record), &err);
	struct event e;

	check(v != NULL, "%s: %s", err.msg, record);
	event_extract(&e, v, 0, &arena);
	strbuf_clear(out);
	return guide_filter(out, str_of(step), &e, &err);
}

static void values_take_the_place_of_their_paths(void **state)
{
	static const struct {
		const char *step, *record, *filter;
	} cases[] = {
		{ "event:CreateUser", "{}", "event:CreateUser" },
		{ "ip:{sourceIPAddress} and service:iam",
		  "{\"sourceIPAddress\":\"203.0.113.6\"}",
		  "ip:\"203.0.113.6\" and service:iam" },
		{ "event:A and (user:{requestParameters.userName} or ip:1.2.3.4)",
		  "{\"requestParameters\":{\"userName\":\"eve\"}}",
		  "event:A and (user:\"eve\" or ip:1.2.3.4)" },
		{ "user:{requestParameters.instanceIds} and event:Get*",
		  "{\"requestParameters\":{\"instanceIds\":"
		  "[\"i-1\",\"i-2\",\"i-1\",null,\"\"]}}",
		  "(user:\"i-1\" or user:\"i-2\") and event:Get*" },
		{ "resource:{resources.ARN}",
		  "{\"resources\":[{\"ARN\":\"a\"},{\"type\":\"t\"},"
		  "{\"ARN\":\"b\"}]}",
		  "(resource:\"a\" or resource:\"b\")" },
		/* What a value is made of adds nothing to the filter. */
		{ "user:{requestParameters.userName}",
		  "{\"requestParameters\":{\"userName\":"
		  "\"a\\\" or ip:* or \\\"*\"}}",
		  "user:\"a\\\" or ip:\\* or \\\"\\*\"" },
	};
	struct err err = ERR_INIT;
	const struct expr *tree;
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(fill(&out, cases[i].step, cases[i].record),
				 ERR_OK);
		assert_string_equal(out.p, cases[i].filter);
		check(query_read(strbuf_str(&out), NULL, &arena, &tree, &err) ==
			      ERR_OK,
		      "%s: %s", out.p, err.msg);
	}
	strbuf_release(&out);
	arena_reset(&arena);
}

static void a_value_that_is_not_there_is_told(void **state)
{
	static const char *const records[] = {
		"{}",
		"{\"requestParameters\":null}",
		"{\"requestParameters\":{\"userName\":null}}",
		"{\"requestParameters\":{\"userName\":[]}}",
		"{\"requestParameters\":{\"userName\":{\"a\":1}}}",
		"{\"requestParameters\":\"userName\"}",
	};
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	for (size_t i = 0; i < ARRAY_SIZE(records); i++)
		check(fill(&out, "user:{requestParameters.userName}",
			   records[i]) == ERR_FORMAT,
		      "%s", records[i]);
	strbuf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_take_the_place_of_their_paths),
		cmocka_unit_test(a_value_that_is_not_there_is_told),
	};
	int failed;

	json_init();
	arena_init(&arena);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return failed;
}
