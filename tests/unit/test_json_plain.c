/* SPDX-License-Identifier: MIT */
/*
 * What is plain and what is not, by hand; test_json_random.c compares random
 * documents with what json_scan and json_parse make of them.
 */
#include "helpers.h"

#include "base/json_plain.h"
#include "json_agree.h"

static struct json_readers readers;
static struct arena arena;

static enum json_status read_exact(struct str text, unsigned max_depth,
				   size_t *end)
{
	struct str exact = exact_copy(text);
	const struct json *v = NULL;
	const char *differ = json_readers_differ(&readers, exact, max_depth);
	enum json_status st = json_plain(&arena, exact, max_depth, &v, end);

	check(!differ, "%s: %.*s", differ, STR_ARG(text));
	arena_reset(&arena);
	exact_free(exact);
	return st;
}

/* A record of every kind of value is read whole, wherever it lies. */
static void plain_objects(void **state)
{
	static const char *const plain[] = {
		"{}",
		"{ }",
		"{\"\":\"\"}",
		"{\"a\":[],\"b\":{},\"c\":[{}],\"d\":[[],[]]}",
		"{\"n\":[0,-0,1,-12,0.5,1e9,1E+9,1.25e-3,9007199254740993]}",
		"{\"w\":[true,false,null]}",
		"{ \"a\" : 1 , \"b\" :\t[ 1 ,\r\n2 ] }",
		"{\"e\":\"\\\" \\\\ \\/ \\n \\r \\t \\u0041 \\u007e \\u005C\"}",
		"{\"twice\":1,\"twice\":2}",
		"{\"printable\":\" !#$%&'()*+,-./09:;<=>?@AZ[]^_`az{|}~\"}",
		"{\"a longer name than one step\":\"and a longer text, too\"}",
	};
	size_t end;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++) {
		struct str text = str_of(plain[i]);

		assert_int_equal(read_exact(text, 128, &end), JSON_OK);
		assert_int_equal(end, text.n);
		/* A piece of it is no more than that. */
		for (size_t n = 1; n < text.n; n++)
			assert_int_equal(read_exact(str_sub(text, 0, n), 128,
						    &end),
					 JSON_MORE);
	}
}

/* At every place of a string, within a step of many bytes and behind it. */
static void one_odd_byte(void **state)
{
	char text[80];
	size_t end;

	(void)state;
	for (unsigned b = 0; b < 256; b++) {
		bool quiet = b >= 0x20 && b < 0x7f && b != '"' && b != '\\';

		for (size_t at = 0; at < 40; at++) {
			struct str s = { text, 48 };

			memset(text, 'x', sizeof(text));
			memcpy(text, "{\"k\":\"", 6);
			memcpy(text + 46, "\"}", 2);
			text[6 + at] = (char)(unsigned char)b;
			assert_int_equal(read_exact(s, 128, &end) == JSON_OK,
					 quiet);
		}
	}
}

static void what_needs_care_is_left(void **state)
{
	static const char *const careful[] = {
		/* No JSON. */
		"{\"a\":01}",
		"{\"a\":1.}",
		"{\"a\":.5}",
		"{\"a\":+1}",
		"{\"a\":-}",
		"{\"a\":1e}",
		"{\"a\":tru }",
		"{\"a\":True}",
		"{\"a\" 1}",
		"{\"a\":1,}",
		"{,}",
		"{\"a\":[1,]}",
		"{\"a\":[,1]}",
		"{\"a\":[1 2]}",
		"{\"a\":[1}",
		"{\"a\":{]}",
		"{a:1}",
		"{\"a\":'b'}",
		"{\"a\":\"\\x\"}",
		"{\"a\":\"\\u00g1\"}",
		"{\"a\":\"\\u004\"}",
		"{1:2}",
		/* JSON that acts, or that cJSON cannot take. */
		"{\"a\":\"\\u0000\"}",
		"{\"a\":\"\\u001b[2J\"}",
		"{\"a\":\"\\u007f\"}",
		"{\"a\":\"\\u0080\"}",
		"{\"a\":\"\\ud800\"}",
		"{\"a\":\"\\u202e\"}",
		"{\"a\":\"\\b\"}",
		"{\"a\\u0000\":1}",
		"{\"a\":\"\xc3\xa9\"}",
		"{\"a\":\"\xff\"}",
		"{\"a\":\"\t\"}",
		/* No object. */
		"[]",
		"1",
		"\"a\"",
		" {}",
	};
	size_t end;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(careful); i++)
		check(read_exact(str_of(careful[i]), 128, &end) == JSON_BAD,
		      "%s", careful[i]);
}

static void levels(void **state)
{
	char text[1024];
	size_t end;

	(void)state;
	for (unsigned n = 1; n < 90; n++) {
		struct str s = { text, 2 * n + 6 };

		/* The object and n arrays. */
		memcpy(text, "{\"a\":", 5);
		memset(text + 5, '[', n);
		memset(text + 5 + n, ']', n);
		text[5 + 2 * n] = '}';
		for (unsigned most = 0; most < 100; most += 9)
			assert_int_equal(read_exact(s, most, &end) == JSON_OK,
					 n + 1 <= most && n + 1 <= 64);
	}
}

static int set_up(void **state)
{
	(void)state;
	json_init();
	json_readers_init(&readers);
	arena_init(&arena);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	json_readers_release(&readers);
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_objects),
		cmocka_unit_test(one_odd_byte),
		cmocka_unit_test(what_needs_care_is_left),
		cmocka_unit_test(levels),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
