/* SPDX-License-Identifier: MIT */
/* A rule's questions, filled in with the values of one event. */
#include "helpers.h"

#include "casework/guide.h"
#include "command/guide_questions.h"
#include "command/screen_command.h"
#include "command/subcommand.h"
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

static void questions_name_what_they_are_about(void **state)
{
	/* A session's name is chosen by whoever makes it. */
	static const struct guide_about about = {
		.id = { "S:AROA1:a'b $(id);q@2026-01-09T21:00:00Z", 40 },
		.event = { "e-1", 3 },
		.address = { "2001:db8::1", 11 },
	};
	struct guide_about nobody = about;
	struct strbuf out;
	const char *missing = "";

	(void)state;
	nobody.id = STR_NULL;
	strbuf_init(&out);
	assert_true(guide_fill(&out, "trawl walk --section on {id} PATH...",
			       &about, GUIDE_SHELL, &missing));
	assert_string_equal(out.p, "trawl walk --section on "
				   "'S:AROA1:a'\\''b $(id);q@2026-01-09T21:00:"
				   "00Z' PATH...");
	strbuf_clear(&out);
	assert_true(
		guide_fill(&out, "data {id}", &about, GUIDE_SCREEN, &missing));
	assert_string_equal(out.p,
			    "data S:AROA1:a'b $(id);q@2026-01-09T21:00:00Z");
	strbuf_clear(&out);
	assert_true(guide_fill(&out, "profile {address} {event} {", &about,
			       GUIDE_SHELL, &missing));
	assert_string_equal(out.p, "profile 2001:db8::1 e-1 {");
	assert_false(
		guide_fill(&out, "x {id}", &nobody, GUIDE_SHELL, &missing));
	assert_string_equal(missing, "no identity is selected");
	strbuf_release(&out);
}

/* Fifteen, by letters of their own; those that move in lists, and q, are
 * none; commands of the screen are there. */
static void questions_are_whole(void **state)
{
	bool seen[256] = { false };

	(void)state;
	assert_int_equal(GUIDE_QUESTION_COUNT, 15);
	for (int i = 0; i < GUIDE_QUESTION_COUNT; i++) {
		const struct guide_question_info *q = &guide_questions[i];
		struct str lines = str_of(q->screen), line;
		struct str commands = str_of(q->batch);

		assert_null(strchr("jkq", q->letter));
		assert_true(q->letter >= 'a' && q->letter <= 'z');
		assert_false(seen[(unsigned char)q->letter]);
		seen[(unsigned char)q->letter] = true;
		while (str_next(&commands, ';', &line)) {
			struct str trawl, name;

			line = str_trim(line);
			check(str_next(&line, ' ', &trawl) &&
				      str_eq(trawl, STR("trawl")) &&
				      str_next(&line, ' ', &name) &&
				      subcommand_find(name) !=
					      SUBCOMMAND_COUNT &&
				      str_ends(line, STR("PATH...")),
			      "%s", q->batch);
		}
		while (str_next(&lines, ';', &line))
			check(screen_command_find(str_sub(
				      line, 0, str_find_char(line, ' ', 0))) !=
				      SCREEN_COMMAND_COUNT,
			      "%s", q->screen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(questions_name_what_they_are_about),
		cmocka_unit_test(questions_are_whole),
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
