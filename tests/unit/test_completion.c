/* SPDX-License-Identifier: MIT */
#include "command/completion.h"

#include "cli/options.h"
#include "helpers.h"
#include "query/parse.h"

static bool one_of(const char *words, const char *word)
{
	struct str rest = str_of(words), one;

	while (str_next(&rest, ' ', &one))
		if (str_eq(one, str_of(word)))
			return true;
	return false;
}

/* What an argument is called says how it is completed; of a new name somebody
 * has to decide. */
static void every_argument_is_known(void **state)
{
	static const char free_ones[] = "TIME N EVENTID ID NAME DAYS SIZE GLOB";

	(void)state;
	for (int i = 0; i < OPTION_COUNT; i++) {
		const char *argument = option_infos[i].argument;
		enum completion_kind kind =
			completion_of_option((enum option_code)i);

		if (!argument)
			assert_int_equal(kind, COMPLETE_NOTHING);
		else if (kind == COMPLETE_FREE && !one_of(free_ones, argument))
			fail_msg("--%s %s: completed how?",
				 option_infos[i].name, argument);
	}
}

/* The command line takes each word that is offered. */
static void words_are_taken(void **state)
{
	(void)state;
	for (int i = 0; i < OPTION_COUNT; i++) {
		struct strbuf words;
		struct str rest, word;
		size_t n = 0;

		strbuf_init(&words);
		completion_option_words((enum option_code)i, &words);
		rest = strbuf_str(&words);
		while (str_next(&rest, ' ', &word)) {
			char option[64], value[64], command[32];
			char program[] = "trawl", path[] = "x";
			char *argv[] = { program, command, option, value,
					 path };
			struct options o;
			struct err err;
			int sub = 1;

			if (!word.n)
				continue;
			n++;
			while (sub < SUBCOMMAND_COUNT &&
			       !(option_infos[i].on & ON(sub)))
				sub++;
			/* What stands before PATHs in some commands. */
			snprintf(command, sizeof(command), "%s",
				 sub < SUBCOMMAND_COUNT ?
					 subcommands[sub].name :
					 "./logs"); /* the workbench's */
			snprintf(option, sizeof(option), "--%s",
				 option_infos[i].name);
			snprintf(value, sizeof(value), "%.*s", STR_ARG(word));
			if (options_parse(&o, 5, argv, &err) &&
			    !strstr(err.msg, "no PATH"))
				fail_msg("%s", err.msg);
			options_release(&o);
		}
		assert_int_equal(n > 0,
				 completion_of_option((enum option_code)i) ==
					 COMPLETE_WORDS);
		strbuf_release(&words);
	}
}

/* A field with its colon and a text is a filter or the beginning of one, and
 * field:value is a whole one. */
static void filters_are_taken(void **state)
{
	struct query_error error;
	const struct expr *e;
	struct strbuf words;
	struct arena arena;
	struct str rest, word;
	size_t n = 0;

	(void)state;
	strbuf_init(&words);
	arena_init(&arena);
	completion_filter_words(&words);
	rest = strbuf_str(&words);
	while (str_next(&rest, ' ', &word)) {
		bool whole = word.n && word.p[word.n - 1] != ':';

		if (!word.n)
			continue;
		n++;
		if (query_parse(word, NULL, &arena, &e, &error) !=
		    (whole ? QUERY_OK : QUERY_INCOMPLETE))
			fail_msg("%.*s: %s", STR_ARG(word), error.text);
	}
	assert_true(n > 40);
	strbuf_release(&words);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_argument_is_known),
		cmocka_unit_test(words_are_taken),
		cmocka_unit_test(filters_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
