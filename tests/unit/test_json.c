/* SPDX-License-Identifier: MIT */
/*
 * Cases by hand; test_json_random.c compares random documents.
 */
#include "helpers.h"

#include "base/json.h"

static struct arena arena;
static struct json_scan scan;
static struct strbuf clean;

static enum json_status scan_all(struct str text, bool last)
{
	struct str exact = exact_copy(text);
	enum json_status st = json_scan(&scan, exact, last, &clean);

	exact_free(exact);
	return st;
}

/* The tree of a text that has to be fine. */
static const struct json *tree(struct str text)
{
	struct err err = ERR_INIT;
	const struct json *v;

	assert_int_equal(scan_all(text, true), JSON_OK);
	assert_int_equal(scan.end, text.n);
	v = json_parse(&arena, strbuf_str(&clean), &err);
	assert_non_null(v);
	return v;
}

/* Texts ------------------------------------------------------------------- */

static void strings_are_decoded(void **state)
{
#define CASE(json, text)             \
	{                            \
		STR(json), STR(text) \
	}
	const struct {
		struct str json, text;
	} cases[] = {
		CASE("\"\"", ""),
		CASE("\"plain\"", "plain"),
		CASE("\"\\\" \\\\ \\/ \\b\\f\\n\\r\\t\"", "\" \\ / \b\f\n\r\t"),
		CASE("\"\\u0041\\u00e9\\u20AC\\u20ac\"",
		     "A\xc3\xa9\xe2\x82\xac\xe2\x82\xac"),
		/* NUL, as an escape and as a byte, hides nothing. */
		CASE("\"a\\u0000b\"", "a\0b"),
		CASE("\"\\u0000\"", "\0"),
		CASE("\"\\u0000\\u0000x\"", "\0\0x"),
		CASE("\"a\0b\"", "a\0b"),
		/* FF, the escape byte of the copy, alone and as if it were
		 * one of its escapes. */
		CASE("\"\xff\"", "\xff"),
		CASE("\"\xff#12\"", "\xff#12"),
		CASE("\"\xff\x01\"", "\xff\x01"),
		CASE("\"\xff\xff\"", "\xff\xff"),
		CASE("\"\xff\\u0000\xff\"", "\xff\0\xff"),
		CASE("\"\xff\0\"", "\xff\0"),
		CASE("\"#12\"", "#12"),
		/* Bytes that are not UTF-8 stay. */
		CASE("\"\x80\xc3(\xe2\x82\"", "\x80\xc3(\xe2\x82"),
		CASE("\"\xf5\x80\x80\x80\"", "\xf5\x80\x80\x80"),
		/* Raw control characters are tolerated. */
		CASE("\"a\nb\x1b\x7f\"", "a\nb\x1b\x7f"),
		/* Surrogates: pairs, lone ones of both kinds, in any order. */
		CASE("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"),
		CASE("\"\\uD83D\\uDE00\"", "\xf0\x9f\x98\x80"),
		CASE("\"\\udbff\\udfff\"", "\xf4\x8f\xbf\xbf"),
		CASE("\"\\ud800\\udc00\"", "\xf0\x90\x80\x80"),
		CASE("\"\\ud800\"", "\xed\xa0\x80"),
		CASE("\"\\udfff\"", "\xed\xbf\xbf"),
		CASE("\"\\ud800x\"", "\xed\xa0\x80x"),
		CASE("\"\\ud800\\n\"", "\xed\xa0\x80\n"),
		CASE("\"\\ud800\\u0041\"", "\xed\xa0\x80"
					   "A"),
		CASE("\"\\ud800\\u0000\"", "\xed\xa0\x80\0"),
		CASE("\"\\ud83d\\ud83d\\ude00\"",
		     "\xed\xa0\xbd\xf0\x9f\x98\x80"),
		CASE("\"\\ude00\\ud83d\"", "\xed\xb8\x80\xed\xa0\xbd"),
		CASE("\"\\ud83d\\ude00\\ude00\"",
		     "\xf0\x9f\x98\x80\xed\xb8\x80"),
		CASE("\"\\ud83d\\\\ude00\"", "\xed\xa0\xbd\\ude00"),
	};
#undef CASE

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct json *v = tree(cases[i].json);

		assert_int_equal(v->kind, JSON_STRING);
		assert_str_eq(v->text, cases[i].text);
		arena_reset(&arena);
	}
}

static void keys_are_decoded(void **state)
{
	const struct json *v =
		tree(STR("{\"a\\u0000b\":1,\"a\":2,\"a\0b\":3,\"\xff\":4,"
			 "\"\xff#1\":5,\"\\ud800\":6,\"\":7,\"A\":8,"
			 "\"event\\u004eame\":9}"));

	(void)state;
	assert_int_equal(v->kind, JSON_OBJECT);
	assert_int_equal(v->n, 9);
	assert_str(v->child->key, "a\0b");
	assert_str(json_member(v, STR("a"))->text, "2");
	assert_str(json_member(v, STR("a\0b"))->text, "1");
	assert_str(json_member(v, STR("\xff"))->text, "4");
	assert_str(json_member(v, STR("\xff#1"))->text, "5");
	assert_str(json_member(v, STR("\xed\xa0\x80"))->text, "6");
	assert_str(json_member(v, STR(""))->text, "7");
	assert_str(json_member(v, STR("A"))->text, "8");
	assert_str(json_member(v, STR("eventName"))->text, "9");
	assert_null(json_member(v, STR("b")));
}

/* Numbers ----------------------------------------------------------------- */

static void numbers_keep_their_text(void **state)
{
	static const char *const good[] = {
		"0",
		"-0",
		"7",
		"-1",
		"89.0",
		"1e999",
		"1E+5",
		"1e-5",
		"0.5",
		"-0.0",
		"1.250",
		"0e0",
		"9007199254740993",
		"123456789012345678901234567890",
		"-12.34e+56",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		char text[200];
		const struct json *v = tree(str_of(good[i]));

		assert_int_equal(v->kind, JSON_NUMBER);
		assert_str_eq(v->text, str_of(good[i]));
		snprintf(text, sizeof(text), "[%s,%s ,{\"k\":%s}]", good[i],
			 good[i], good[i]);
		v = tree(str_of(text));
		assert_str_eq(v->child->text, str_of(good[i]));
		assert_str_eq(v->child->next->text, str_of(good[i]));
		assert_str_eq(json_at(v->child->next->next, "k")->text,
			      str_of(good[i]));
		arena_reset(&arena);
	}
}

static void what_is_no_number(void **state)
{
	static const char *const bad[] = {
		"01",   "-01",   "00",    "-",        "+1",        "1.",
		".5",   "-.5",   "1.e5",  "1e",       "1e+",       "1e-",
		"0x10", "NaN",   "nan",   "Infinity", "-Infinity", "1.5.",
		"--1",  "1_000", "1e5.5", "0e",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		char text[80];
		enum json_status st = scan_all(str_of(bad[i]), true);

		/* "1.5." and the like begin with a number. */
		check(st == JSON_BAD || scan.end < strlen(bad[i]), "%s",
		      bad[i]);
		snprintf(text, sizeof(text), "[%s]", bad[i]);
		check(scan_all(str_of(text), true) == JSON_BAD, "%s", text);
		check(scan_all(str_of(text), false) == JSON_BAD, "%s", text);
		snprintf(text, sizeof(text), "{\"k\":%s }", bad[i]);
		check(scan_all(str_of(text), false) == JSON_BAD, "%s", text);
	}
}

/* Grammar ----------------------------------------------------------------- */

static void good_documents(void **state)
{
	static const char *const good[] = {
		"null",
		"true",
		"false",
		"[]",
		"{}",
		"[[]]",
		"[{}]",
		"{\"a\":{}}",
		"[ ]",
		"{ }",
		" [ 1 , 2 ] ",
		"\t{\r\n\"a\" :\n1}",
		"[null,true,false]",
		"{\"a\":[1,{\"b\":[]}],\"c\":\"\"}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		struct str text = str_of(good[i]);

		assert_int_equal(scan_all(text, true), JSON_OK);
		assert_int_equal(str_trim(str_from(text, scan.end)).n, 0);
		assert_non_null(json_read(&arena, text, &(struct err){ 0 }));
	}
}

static void bad_documents(void **state)
{
	static const struct {
		const char *text;
		size_t at; /* where it is bad */
	} bad[] = {
		{ "}", 0 },
		{ "]", 0 },
		{ ",", 0 },
		{ ":", 0 },
		{ "x", 0 },
		{ "nul!", 0 },
		{ "nulL", 0 },
		{ "True", 0 },
		{ "'a'", 0 },
		{ "[1,]", 3 },
		{ "[,1]", 1 },
		{ "[1 2]", 3 },
		{ "[1}", 2 },
		{ "{]", 1 },
		{ "{\"a\"}", 4 },
		{ "{\"a\":}", 5 },
		{ "{\"a\":1,}", 7 },
		{ "{,}", 1 },
		{ "{1:2}", 1 },
		{ "{\"a\" 1}", 5 },
		{ "{\"a\":1]", 6 },
		{ "{\"a\":1 \"b\":2}", 7 },
		{ "[\"\\x41\"]", 2 },
		{ "[\"\\u12g4\"]", 2 },
		{ "[\"\\u\",1]", 2 },
		{ "[\"\\U0041\"]", 2 },
		{ "[1/**/]", 2 },
		{ "\xef\xbb\xbf[]", 0 },
		{ "[\xc2\xa0]", 1 },
		{ "[\"a\":1]", 4 },
		{ "[true false]", 6 },
		{ "[nulll]", 5 },
		{ "{null:1}", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		for (int last = 0; last < 2; last++) {
			check(scan_all(str_of(bad[i].text), last) == JSON_BAD,
			      "%s", bad[i].text);
			check(scan.bad_at == bad[i].at, "%s is bad at %zu",
			      bad[i].text, scan.bad_at);
			assert_non_null(scan.reason);
		}
	}
	assert_int_equal(scan_all(STR("[\"\\\0\"]"), false), JSON_BAD);
	assert_int_equal(scan_all(STR("[\0]"), false), JSON_BAD);
	/* What follows the value is the caller's. */
	assert_int_equal(scan_all(STR("{}x"), false), JSON_OK);
	assert_int_equal(scan.end, 2);
	assert_int_equal(scan_all(STR("\"a\"\"b\""), false), JSON_OK);
	assert_int_equal(scan.end, 3);
}

static void duplicate_keys_are_all_there(void **state)
{
	const struct json *v = tree(STR("{\"k\":1,\"K\":2,\"k\":3,\"k\":4}"));
	const struct json *m = v->child;

	(void)state;
	assert_int_equal(v->n, 4);
	assert_str(json_member(v, STR("k"))->text, "1");
	assert_str(json_member(v, STR("K"))->text, "2");
	assert_str(m->key, "k");
	assert_str(m->next->text, "2");
	assert_str(m->next->next->text, "3");
	assert_str(m->next->next->next->text, "4");
	assert_null(m->next->next->next->next);
}

/* Nesting ----------------------------------------------------------------- */

/* `n` brackets of each kind in turn, around a 1. */
static struct str nested(size_t n)
{
	struct strbuf b;
	struct str s;

	strbuf_init(&b);
	for (size_t i = 0; i < n; i++)
		strbuf_adds(&b, i % 2 ? "{\"a\":" : "[");
	strbuf_addc(&b, '1');
	for (size_t i = n; i-- > 0;)
		strbuf_addc(&b, i % 2 ? '}' : ']');
	s.n = b.n;
	s.p = strbuf_detach(&b);
	strbuf_release(&b);
	return s;
}

static void nesting_at_the_limit(void **state)
{
	(void)state;
	for (unsigned limit = 0; limit < 12; limit++) {
		for (size_t depth = 0; depth < 16; depth++) {
			struct str text = nested(depth);
			const struct json *v;
			bool deep = depth > limit;

			scan.max_depth = limit;
			v = tree(text);
			assert_int_equal(!!(scan.notes & JSON_SAW_DEEP), deep);
			for (size_t i = 0; i < depth && i < limit; i++) {
				assert_int_equal(v->kind, i % 2 ? JSON_OBJECT :
								  JSON_ARRAY);
				v = v->child;
			}
			assert_int_equal(v->kind,
					 deep ? JSON_STRING : JSON_NUMBER);
			/* What was too deep is there as it was written. */
			if (deep) {
				size_t from = 0;

				for (size_t i = 0; i < limit; i++)
					from += i % 2 ? 5 : 1;
				assert_str_eq(v->text, str_sub(text, from,
							       text.n - limit));
			}
			free((void *)(uintptr_t)text.p);
			arena_reset(&arena);
		}
	}
	scan.max_depth = 128;
}

static void deep_parts_keep_their_text(void **state)
{
	const struct json *v;

	(void)state;
	scan.max_depth = 1;
	v = tree(STR("[[ \"q\\\"\\u0000\0\xff\\ud800\", 1.5e3 ],{},"
		     "{\"k\" : [1]},2]"));
	assert_int_equal(v->n, 4);
	assert_str(v->child->text, "[ \"q\\\"\\u0000\0\xff\\ud800\", 1.5e3 ]");
	assert_str(v->child->next->text, "{}");
	assert_str(v->child->next->next->text, "{\"k\" : [1]}");
	assert_int_equal(v->child->next->next->next->kind, JSON_NUMBER);
	/* The grammar holds in there, too. */
	assert_int_equal(scan_all(STR("[[01]]"), true), JSON_BAD);
	assert_int_equal(scan_all(STR("[[}]"), true), JSON_BAD);
	scan.max_depth = 128;
}

static void a_million_brackets(void **state)
{
	enum { N = 1000000 };
	static char text[2 * N];
	double start = cpu_seconds();
	const struct json *v;
	struct str s = { text, sizeof(text) };

	(void)state;
	memset(text, '[', N);
	memset(text + N, ']', N);
	v = tree(s);
	assert_true(scan.notes & JSON_SAW_DEEP);
	assert_int_equal(v->kind, JSON_ARRAY);
	/* One byte a level, and the copy. */
	assert_true(scan.levels.cap < 4 * N);
	assert_true(arena_memory(&arena) < 16 * N);
	assert_int_equal(json_scan(&scan, str_sub(s, 0, N), false, &clean),
			 JSON_MORE);
	assert_int_equal(json_scan(&scan, str_sub(s, 0, N), true, &clean),
			 JSON_BAD);
	memset(text, '{', N);
	assert_int_equal(json_scan(&scan, s, true, &clean), JSON_BAD);
	assert_true(cpu_seconds() - start < 2);
	arena_reset(&arena);
}

/* Beyond what cJSON nests itself. */
static void a_limit_beyond_the_parser(void **state)
{
	struct str text = nested(1500);
	struct json_scan wide;
	struct err err = ERR_INIT;
	const struct json *v;

	(void)state;
	json_scan_init(&wide, SIZE_MAX, 5000);
	assert_int_equal(json_scan(&wide, text, true, &clean), JSON_OK);
	v = json_parse(&arena, strbuf_str(&clean), &err);
	assert_non_null(v);
	assert_true(wide.notes & JSON_SAW_DEEP);
	json_scan_release(&wide);
	free((void *)(uintptr_t)text.p);
}

/* Limits ------------------------------------------------------------------ */

static void check_every_limit(struct str text, size_t n)
{
	for (size_t max = 0; max <= text.n + 1; max++) {
		scan.max_bytes = max;
		for (size_t seen = 0; seen <= text.n; seen++) {
			for (int last = 0; last < 2; last++) {
				enum json_status st =
					scan_all(str_sub(text, 0, seen), last);
				enum json_status want = seen >= n && max >= n ?
								JSON_OK :
							seen > max ? JSON_LONG :
							last       ? JSON_BAD :
							seen == max ?
							       JSON_LONG :
							       JSON_MORE;

				check(st == want,
				      "max %zu seen %zu last %d: %d, not %d",
				      max, seen, last, (int)st, (int)want);
			}
		}
	}
	scan.max_bytes = SIZE_MAX;
}

static void longer_than_the_limit(void **state)
{
	static const char *const texts[] = {
		"{\"key\":\"value \\u0041\"}",
		"[\"\xc3\xa9\"]",
		"[\"\x80\"]",
		"[\"\xf0\"]",
		"[\"\xf0\x9f\"]",
		"[\"\xf0\x9f\x98\"]",
		"[\"\\ud800\"]",
		"[\"\\u0000\"]",
		"[12.5e3]",
		"[true]",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char text[60];

		snprintf(text, sizeof(text), "%s  ", texts[i]);
		check_every_limit(str_of(text), strlen(texts[i]));
	}
}

/* A reader that doubles what it offers comes to an end, whatever it reads. */
static void reading_more_never_loops(void **state)
{
	static char text[100000];

	(void)state;
	scan.max_bytes = 4096;
	memset(text, ' ', sizeof(text));
	text[0] = '[';
	for (int kind = 0; kind < 4; kind++) {
		size_t n = 1;
		enum json_status st;

		memset(text + 1, " 1[\""[kind], sizeof(text) - 1);
		do {
			st = json_scan(&scan, (struct str){ text, n }, false,
				       &clean);
			n *= 2;
		} while (st == JSON_MORE && n < sizeof(text));
		/* A string of quotes is bad at once. */
		assert_int_equal(st, kind == 3 ? JSON_BAD : JSON_LONG);
	}
	scan.max_bytes = SIZE_MAX;
}

/* 16 MiB of "1," would make a tree of more than a gigabyte. */
static void trees_are_bounded(void **state)
{
	enum { N = 8 << 20 };
	char *text = malloc(N);
	enum json_status st;

	(void)state;
	for (size_t i = 0; i < N; i += 2)
		memcpy(text + i, "1,", 2);
	memcpy(text, "[1", 2);
	st = json_scan(&scan, (struct str){ text, N }, false, &clean);
	assert_int_equal(st, JSON_LONG);
	assert_true(clean.n < (size_t)16 << 20);
	/* Without a copy there is no tree: only the end is wanted. */
	text[N - 1] = ']';
	assert_int_equal(json_scan(&scan, (struct str){ text, N }, false, NULL),
			 JSON_OK);
	assert_int_equal(scan.end, N);
	free(text);
}

/* Notes ------------------------------------------------------------------- */

static void notes(void **state)
{
	enum {
		CONTROL = JSON_SAW_CONTROL,
		BIDI = JSON_SAW_BIDI,
		HIGH = JSON_SAW_NONASCII,
	};
#define CASE(text, want)          \
	{                         \
		STR(text), (want) \
	}
	const struct {
		struct str text;
		unsigned want;
	} cases[] = {
		CASE("plain ~", 0),
		CASE("\\n\\r\\t\\\"\\/\\\\", 0),
		CASE("\n\r\t", 0),
		CASE("\\u0009\\u000a\\u000D\\u007e", 0),
		CASE("\\b", CONTROL),
		CASE("\\f", CONTROL),
		CASE("\x1b", CONTROL),
		CASE("\\u001b", CONTROL),
		CASE("\\u001B", CONTROL),
		CASE("\\u0000", CONTROL),
		CASE("\0", CONTROL),
		CASE("\x7f", CONTROL | HIGH),
		CASE("\\u007f", CONTROL | HIGH),
		CASE("\xc2\x9b", CONTROL | HIGH),
		CASE("\\u009b", CONTROL | HIGH),
		CASE("\xc3\xa9", HIGH),
		CASE("\\u00e9", HIGH),
		CASE("\xff", HIGH),
		CASE("\x80", HIGH),
		CASE("\\ud800", HIGH),
		CASE("\\ud83d\\ude00", HIGH),
		CASE("\xe2\x80\xae", BIDI | HIGH),
		CASE("\\u202e", BIDI | HIGH),
		CASE("\\u2066\\u0007", BIDI | CONTROL | HIGH),
		CASE("\xd8\x9c", BIDI | HIGH),
		/* The escape's own text is no control character. */
		CASE("\\\\u001b\\\\u202e", 0),
	};
#undef CASE

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		static const struct {
			const char *before, *after;
			unsigned depth;
		} around[] = {
			{ "\"", "\"", 128 },
			{ "{\"k\":\"", "\"}", 128 },
			{ "{\"", "\":1}", 128 },
			{ "[[[\"", "\"]]]", 2 },
		};

		for (size_t k = 0; k < ARRAY_SIZE(around); k++) {
			struct strbuf b;

			strbuf_init(&b);
			strbuf_adds(&b, around[k].before);
			strbuf_add(&b, cases[i].text);
			strbuf_adds(&b, around[k].after);
			scan.max_depth = around[k].depth;
			assert_int_equal(scan_all(strbuf_str(&b), true),
					 JSON_OK);
			assert_int_equal(scan.notes & ~(unsigned)JSON_SAW_DEEP,
					 cases[i].want);
			strbuf_release(&b);
		}
	}
	scan.max_depth = 128;
}

/* Looking ----------------------------------------------------------------- */

static void looking(void **state)
{
	const struct json *v =
		tree(STR("{\"a\":{\"b\":{\"c\":\"deep\",\"n\":null,\"t\":true,"
			 "\"x\":[1]}},\"a.b\":2,\"\":{\"\":3}}"));

	(void)state;
	assert_str(json_text_at(v, "a.b.c"), "deep");
	assert_str(json_text_at(v, "a.b.t"), "true");
	assert_int_equal(json_at(v, "a.b.n")->kind, JSON_NULL);
	assert_str(json_text_at(v, "a.b.n"), "");
	assert_str(json_text_at(v, "a.b.x"), "");
	assert_str(json_text_at(v, "a.b"), "");
	assert_null(json_at(v, "a.b.c.d"));
	assert_null(json_at(v, "a.x.c"));
	assert_null(json_at(v, "A"));
	assert_null(json_at(NULL, "a"));
	assert_int_equal(json_text_at(NULL, "a").n, 0);
	assert_ptr_equal(json_at(v, ""), v);
	assert_null(json_member(NULL, STR("a")));
	assert_null(json_member(json_at(v, "a.b.x"), STR("0")));
	assert_null(json_member(json_at(v, "a.b.c"), STR("a")));
}

/* Printing ---------------------------------------------------------------- */

static void printing_strings(void **state)
{
#define CASE(text, want)        \
	{                       \
		STR(text), want \
	}
	const struct {
		struct str text;
		const char *want;
	} cases[] = {
		CASE("", "\"\""),
		CASE("a\"b\\c/", "\"a\\\"b\\\\c/\""),
		CASE("\n\r\t", "\"\\n\\r\\t\""),
		CASE("\b\f\x1b\0\x7f",
		     "\"\\u0008\\u000c\\u001b\\u0000\\u007f\""),
		CASE("\xc2\x9b", "\"\\u009b\""),
		CASE("\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf",
		     "\"\\u202e\\u200b\\ufeff\""),
		CASE("\xf3\xa0\x81\x81", "\"\\udb40\\udc41\""),
		CASE("\xff\xc3", "\"\\ufffd\\ufffd\""),
		CASE("\xed\xa0\x80x", "\"\\ufffdx\""),
#ifdef HAVE_UTF8PROC
		CASE("caf\xc3\xa9", "\"caf\xc3\xa9\""),
#endif
	};
#undef CASE
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		strbuf_clear(&out);
		json_print_string(&out, cases[i].text);
		assert_str_eq(strbuf_str(&out), str_of(cases[i].want));
	}
	strbuf_release(&out);
}

static void printing_documents(void **state)
{
	static const char text[] =
		"{\"a\":[1,-0,89.0,1e999,null,true,false,{},[]],"
		"\"b\\u0000\":\"x\\\"\",\"b\":{\"c\":{\"d\":\"\"}}}";
	struct strbuf out;

	(void)state;
	strbuf_init(&out);
	json_print(&out, tree(STR(text)));
	assert_str_eq(strbuf_str(&out), STR(text));
	strbuf_clear(&out);
	json_print(&out, tree(STR(" [ 1 , { \"a\" : \"\\u0041\" } ]")));
	assert_str(strbuf_str(&out), "[1,{\"a\":\"A\"}]");
	strbuf_release(&out);
}

static void reading_whole_texts(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_non_null(json_read(&arena, STR(" {\"a\":1}\n"), &err));
	assert_int_equal(err.code, ERR_OK);
	assert_null(json_read(&arena, STR("{} {}"), &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_null(json_read(&arena, STR("{\"a\":"), &err));
	assert_null(json_read(&arena, STR("01"), &err));
	assert_null(json_read(&arena, STR(""), &err));
	assert_null(json_read(&arena, STR_NULL, &err));
	assert_int_equal(err.code, ERR_FORMAT);
	/* A copy that no scan made is refused, not trusted. */
	err.code = ERR_OK;
	assert_null(json_parse(&arena, STR("{\"a\":"), &err));
	assert_int_equal(err.code, ERR_FORMAT);
	assert_null(json_parse(&arena, STR(""), &err));
}

static int set_up(void **state)
{
	(void)state;
	json_init();
	arena_init(&arena);
	json_scan_init(&scan, SIZE_MAX, 128);
	strbuf_init(&clean);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	json_scan_release(&scan);
	strbuf_release(&clean);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_are_decoded),
		cmocka_unit_test(keys_are_decoded),
		cmocka_unit_test(numbers_keep_their_text),
		cmocka_unit_test(what_is_no_number),
		cmocka_unit_test(good_documents),
		cmocka_unit_test(bad_documents),
		cmocka_unit_test(duplicate_keys_are_all_there),
		cmocka_unit_test(nesting_at_the_limit),
		cmocka_unit_test(deep_parts_keep_their_text),
		cmocka_unit_test(a_million_brackets),
		cmocka_unit_test(a_limit_beyond_the_parser),
		cmocka_unit_test(longer_than_the_limit),
		cmocka_unit_test(reading_more_never_loops),
		cmocka_unit_test(trees_are_bounded),
		cmocka_unit_test(notes),
		cmocka_unit_test(looking),
		cmocka_unit_test(printing_strings),
		cmocka_unit_test(printing_documents),
		cmocka_unit_test(reading_whole_texts),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
