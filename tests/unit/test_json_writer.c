/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include "base/json.h"
#include "base/json_writer.h"
#include "base/timefmt.h"

static struct arena arena;
static struct strbuf out;
static struct json_writer w;

static void start(void)
{
	strbuf_clear(&out);
	json_writer_init(&w, &out);
}

static void a_document(void **state)
{
	(void)state;
	start();
	json_begin_object(&w);
	json_key(&w, "empty");
	json_begin_object(&w);
	json_end_object(&w);
	json_key(&w, "list");
	json_begin_array(&w);
	json_uint(&w, UINT64_MAX);
	json_bool(&w, true);
	json_bool(&w, false);
	json_null(&w);
	json_begin_array(&w);
	json_end_array(&w);
	json_string(&w, STR("x"));
	json_raw(&w, STR("{\"raw\":89.0}"));
	json_end_array(&w);
	json_pair(&w, "left out", STR(""));
	json_pair(&w, "name", STR("alice"));
	json_pair_uint(&w, "count", 3);
	json_pair_time(&w, "first", 1767994927000);
	json_pair_time(&w, "last", TIME_NONE);
	json_end_object(&w);
	assert_str(
		strbuf_str(&out),
		"{\"empty\":{},\"list\":[18446744073709551615,true,false,null,[],\"x\","
		"{\"raw\":89.0}],\"name\":\"alice\",\"count\":3,"
		"\"first\":\"2026-01-09T21:42:07Z\",\"last\":null}");
}

static void hostile_strings_are_harmless(void **state)
{
	struct rng r = { 21 };
	struct err err = ERR_INIT;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		char buf[30];
		struct str s = { buf, rng_below(&r, sizeof(buf)) };
		const struct json *v;

		for (size_t k = 0; k < s.n; k++)
			buf[k] = rng_byte(&r);
		start();
		json_begin_object(&w);
		json_key(&w, "a");
		json_string(&w, s);
		json_pair(&w, "b", STR("after"));
		json_end_object(&w);
		for (size_t k = 0; k < out.n; k++)
			assert_true((unsigned char)out.p[k] >= 0x20 &&
				    out.p[k] != 0x7f);
		v = json_read(&arena, strbuf_str(&out), &err);
		assert_non_null(v);
		assert_int_equal(v->n, 2);
		assert_str(json_text_at(v, "b"), "after");
		arena_reset(&arena);
	}
}

/* A random tree of brackets, checked by reading it. */
static void write_random(struct rng *r, unsigned depth, unsigned *values)
{
	uint32_t n = rng_below(r, 4);
	bool object = rng_one_in(r, 2);

	(*values)++;
	if (depth >= 20) {
		json_uint(&w, 1);
		return;
	}
	if (object)
		json_begin_object(&w);
	else
		json_begin_array(&w);
	while (n--) {
		if (object)
			json_key(&w, "k");
		write_random(r, depth + 1 + rng_below(r, 8), values);
	}
	if (object)
		json_end_object(&w);
	else
		json_end_array(&w);
}

static unsigned count(const struct json *v)
{
	unsigned n = 1;

	for (const struct json *m = v->child; m; m = m->next)
		n += count(m);
	return n;
}

static void random_trees(void **state)
{
	struct rng r = { 22 };
	struct err err = ERR_INIT;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		unsigned values = 0;
		const struct json *v;

		start();
		write_random(&r, 0, &values);
		assert_int_equal(w.depth, 0);
		v = json_read(&arena, strbuf_str(&out), &err);
		assert_non_null(v);
		assert_int_equal(count(v), values);
		arena_reset(&arena);
	}
}

static void deep(void **state)
{
	(void)state;
	start();
	for (int i = 0; i < 63; i++) {
		json_begin_array(&w);
		json_uint(&w, (uint64_t)i);
	}
	for (int i = 0; i < 63; i++)
		json_end_array(&w);
	assert_int_equal(w.depth, 0);
	assert_non_null(
		json_read(&arena, strbuf_str(&out), &(struct err)ERR_INIT));
}

#ifndef NDEBUG
static void value_without_key(void *arg)
{
	(void)arg;
	json_begin_object(&w);
	json_uint(&w, 1);
}

static void key_in_array(void *arg)
{
	(void)arg;
	json_begin_array(&w);
	json_key(&w, "k");
}

static void key_at_the_top(void *arg)
{
	(void)arg;
	json_key(&w, "k");
}

static void key_after_key(void *arg)
{
	(void)arg;
	json_begin_object(&w);
	json_key(&w, "k");
	json_key(&w, "k");
}

static void key_without_value(void *arg)
{
	(void)arg;
	json_begin_object(&w);
	json_key(&w, "k");
	json_end_object(&w);
}

static void wrong_end(void *arg)
{
	(void)arg;
	json_begin_object(&w);
	json_end_array(&w);
}

static void end_of_nothing(void *arg)
{
	(void)arg;
	json_end_object(&w);
}

static void too_deep(void *arg)
{
	(void)arg;
	for (int i = 0; i < 64; i++)
		json_begin_array(&w);
}

static void misuse_asserts(void **state)
{
	static void (*const misuse[])(void *) = {
		value_without_key, key_in_array, key_at_the_top, key_after_key,
		key_without_value, wrong_end,    end_of_nothing, too_deep,
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(misuse); i++) {
		start();
		check(does_abort(misuse[i], NULL), "misuse %zu", i);
	}
}
#endif

static int set_up(void **state)
{
	(void)state;
	json_init();
	arena_init(&arena);
	strbuf_init(&out);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	strbuf_release(&out);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document),
		cmocka_unit_test(hostile_strings_are_harmless),
		cmocka_unit_test(random_trees),
		cmocka_unit_test(deep),
#ifndef NDEBUG
		cmocka_unit_test(misuse_asserts),
#endif
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
