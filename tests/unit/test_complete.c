/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/strbuf.h"
#include "query/complete.h"
#include "query/parse.h"
#include "store/builder.h"

/*
 * What is offered where the bar stands; "..." for more than five. What stands
 * before the bracket is replaced.
 */
static const struct {
	const char *text;
	const char *offered;
} cases[] = {
	{ "ses|", "0:session:" },
	{ "LEV|", "0:level:" },
	{ "level|", "0:level: level>=" },
	{ "level>=h|", "7:high" },
	{ "level>= |", "8:informational low medium high critical" },
	{ "level:|", "6:informational low medium high critical" },
	{ "event:A and sess|", "12:session:" },
	{ "event:A o|", "8:or outcome: origin:" },
	{ "event:A an|", "8:and" },
	{ "outcome:(ok |", "12:or and" },
	{ "outcome:(ok or d|", "15:denied" },
	{ "outcome:(ok or |", "15:ok denied failed" },
	{ "outcome:(ok or denied) an|", "23:and" },
	{ "(kin|", "1:kind:" },
	{ "not kin|", "4:kind:" },
	{ "tactic:pr|", "7:privilege-escalation" },
	{ "technique:T1098.00|", "10:T1098.001 T1098.003 T1098.004" },
	{ "readOnly:|", "9:true false" },
	{ "has:|", "4:control bidi nonascii truncated partial" },
	{ "nonsense:|", "9:" },
	{ "requestParameters.x:|", "20:" },
	{ "event:/a|", "6:" },
	{ "\"a word|", "7:" },
	{ "ses| and event:A", "0:session:" },
	/* With a store: what its columns hold, most frequent first. */
	{ "event:|", "6:StopLogging \"a \\\"b\\\"\" Start" },
	{ "event:St|", "6:StopLogging Start" },
	{ "event:st|", "6:StopLogging Start" },
	{ "event:(Start or St|", "16:StopLogging Start" },
	{ "event:\"St|", "6:StopLogging Start" },
	{ "event:\"a \\|", "6:" },
	{ "service:|", "8:iam" },
	{ "user:|", "5:unknown" },
};

static struct store *store_new(void)
{
	static const char *const names[] = { "Start",       "StopLogging",
					     "StopLogging", "a \\\"b\\\"",
					     "a \\\"b\\\"", "StopLogging" };
	struct string_tables tables;
	struct store_builder *b;
	struct store *store;
	struct files files;
	struct batch batch;
	struct arena arena;
	row_id *row_of;

	arena_init(&arena);
	files_init(&files);
	files_add(&files, "a.json", 1);
	b = builder_new(&files, 1);
	string_tables_init(&tables);
	batch_init(&batch, 0);
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		struct record_place place = { 0, i + 1, i, 1 };
		struct err err = ERR_INIT;
		struct strbuf text;
		struct event e;

		strbuf_init(&text);
		strbuf_addf(&text,
			    "{\"eventName\":\"%s\",\"eventSource\":"
			    "\"iam.amazonaws.com\"}",
			    names[i]);
		event_extract(&e, json_read(&arena, strbuf_str(&text), &err), 0,
			      &arena);
		batch_add(&batch, &tables, &e, place, strbuf_str(&text));
		strbuf_release(&text);
	}
	batch_seal(&batch, &tables);
	builder_append(b, &batch, &tables);
	store = builder_publish(b, PUBLISH_LAST, &row_of);
	free(row_of);
	batch_release(&batch);
	string_tables_release(&tables);
	builder_free(b);
	arena_release(&arena);
	return store;
}

static void offered(void **state)
{
	struct store *store = store_new();
	struct completions *c = test_malloc(sizeof(*c));
	struct strbuf text, got;
	struct arena a;

	(void)state;
	strbuf_init(&text);
	strbuf_init(&got);
	arena_init(&a);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct str all = str_of(cases[i].text);
		size_t bar = str_find_char(all, '|', 0);

		strbuf_clear(&text);
		strbuf_add(&text, str_sub(all, 0, bar));
		strbuf_add(&text, str_from(all, bar + 1));
		query_complete(strbuf_str(&text), bar, store, NULL, &a, c);
		assert_int_equal(c->to, bar);
		strbuf_clear(&got);
		strbuf_addf(&got, "%zu:", c->from);
		for (size_t k = 0; k < c->n && k < 5; k++)
			strbuf_addf(&got, "%s%.*s", k ? " " : "",
				    STR_ARG(c->item[k].text));
		if (strcmp(got.p, cases[i].offered))
			fail_msg("%s: %s, expected %s", cases[i].text, got.p,
				 cases[i].offered);
	}
	strbuf_release(&text);
	strbuf_release(&got);
	arena_release(&a);
	test_free(c);
	store_release(store);
}

/* Values come with the rows that have them; names of fields without. */
static void counted(void **state)
{
	static const struct {
		const char *text;
		uint64_t rows[3];
	} offers[] = {
		{ "event:", { 3, 2, 1 } },
		{ "service:", { 6 } },
		{ "outcome:", { 6, 0, 0 } },
		{ "level:",
		  { COMPLETE_UNCOUNTED, COMPLETE_UNCOUNTED,
		    COMPLETE_UNCOUNTED } },
		{ "ses", { COMPLETE_UNCOUNTED } },
	};
	struct store *store = store_new();
	struct completions *c = test_malloc(sizeof(*c));
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < ARRAY_SIZE(offers); i++) {
		struct str text = str_of(offers[i].text);

		query_complete(text, text.n, store, NULL, &a, c);
		assert_true(c->n > 0);
		for (size_t k = 0; k < c->n && k < 3; k++)
			if (offers[i].rows[k] || i == 2)
				assert_int_equal(c->item[k].rows,
						 offers[i].rows[k]);
	}
	arena_release(&a);
	test_free(c);
	store_release(store);
}

/* Whatever is typed, every offer leaves a filter that is right so far. */
static void fitting(void **state)
{
	static const char *const texts[] = {
		"level>=high and user:alice or not (outcome:(ok or denied))",
		"event:\"two words\" service:iam technique:T1098 kind:insight",
		"a \"b c\" /d e/i eventTime>=2026-01-09 21:40 readOnly:true",
	};
	struct store *store = store_new();
	struct completions *c = test_malloc(sizeof(*c));
	struct strbuf text;
	struct arena a;

	(void)state;
	strbuf_init(&text);
	arena_init(&a);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct str all = str_of(texts[i]);

		for (size_t at = 0; at <= all.n; at++) {
			query_complete(str_sub(all, 0, at), at, store, NULL, &a,
				       c);
			for (size_t k = 0; k < c->n; k++) {
				struct query_error error;
				const struct expr *e;

				strbuf_clear(&text);
				strbuf_add(&text, str_sub(all, 0, c->from));
				strbuf_add(&text, c->item[k].text);
				if (query_parse(strbuf_str(&text), NULL, &a, &e,
						&error) == QUERY_WRONG)
					fail_msg("%s: %s", text.p, error.text);
			}
			arena_reset(&a);
		}
	}
	strbuf_release(&text);
	arena_release(&a);
	test_free(c);
	store_release(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offered),
		cmocka_unit_test(counted),
		cmocka_unit_test(fitting),
	};

	json_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
