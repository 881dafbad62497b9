/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include <pthread.h>

#include "base/intern.h"

static void the_empty_string_is_zero(void **state)
{
	struct intern t;

	(void)state;
	intern_init(&t);
	assert_int_equal(t.count, 1);
	assert_int_equal(intern_add(&t, STR("")), 0);
	assert_int_equal(intern_add(&t, STR_NULL), 0);
	assert_int_equal(intern_find(&t, STR_NULL), 0);
	assert_int_equal(intern_text(&t, 0).n, 0);
	assert_int_equal(t.count, 1);
	intern_release(&t);
}

static void bytes_decide(void **state)
{
	struct intern t;
	uint32_t a, b, c;

	(void)state;
	intern_init(&t);
	a = intern_add(&t, STR("a"));
	b = intern_add(&t, STR("a\0"));
	c = intern_add(&t, STR("A"));
	assert_int_equal(a, 1);
	assert_int_equal(b, 2);
	assert_int_equal(c, 3);
	assert_int_equal(intern_add(&t, STR("a")), a);
	assert_int_equal(intern_find(&t, STR("a\0")), b);
	assert_int_equal(intern_find(&t, STR("a\0\0")), INTERN_NONE);
	assert_str(intern_text(&t, b), "a\0");
	intern_release(&t);
}

static void it_keeps_its_own_copy(void **state)
{
	char buf[] = "ASIAEXAMPLE";
	struct intern t;
	uint32_t id;

	(void)state;
	intern_init(&t);
	id = intern_add(&t, (struct str){ buf, 11 });
	memset(buf, 'x', sizeof(buf));
	assert_str(intern_text(&t, id), "ASIAEXAMPLE");
	intern_release(&t);
}

/* The same few hundred texts again and again, against a plain list. */
static void like_a_list(void **state)
{
	enum { LIST = 700 };
	static char list[LIST][12];
	static size_t len[LIST];
	struct rng r = { 16 };
	struct intern t;
	uint32_t n = 1;

	(void)state;
	intern_init(&t);
	len[0] = 0;
	for (int i = 0; i < 6000; i++) {
		char buf[12];
		struct str s = { buf, rng_below(&r, 5) };
		uint32_t want = INTERN_NONE;

		for (size_t k = 0; k < s.n; k++)
			buf[k] = "ab\0\xff"[rng_below(&r, 4)];
		for (uint32_t k = 0; k < n; k++)
			if (str_eq((struct str){ list[k], len[k] }, s))
				want = k;
		assert_int_equal(intern_find(&t, s), want);
		if (rng_one_in(&r, 2))
			continue;
		if (want == INTERN_NONE) {
			assert_true(n < LIST);
			memcpy(list[n], buf, s.n);
			len[n] = s.n;
			want = n++;
		}
		assert_int_equal(intern_add(&t, s), want);
		assert_int_equal(t.count, n);
	}
	for (uint32_t k = 0; k < n; k++)
		assert_str_eq(intern_text(&t, k),
			      ((struct str){ list[k], len[k] }));
	intern_release(&t);
}

/* Strings that begin and end alike and are as long as one another: what was
 * added last may not stand for them. */
static void alike_at_both_ends(void **state)
{
	char buf[] = "principal/000/000-principal";
	struct intern t;

	(void)state;
	intern_init(&t);
	for (int round = 0; round < 3; round++)
		for (uint32_t i = 0; i < 500; i++) {
			buf[10] = (char)('0' + i / 100);
			buf[11] = (char)('0' + i / 10 % 10);
			buf[12] = (char)('0' + i % 10);
			assert_int_equal(intern_add(&t, str_of(buf)), i + 1);
			assert_int_equal(intern_add(&t, str_of(buf)), i + 1);
		}
	assert_int_equal(t.count, 501);
	intern_release(&t);
}

static struct str numbered(char *buf, size_t size, uint32_t i)
{
	int n = snprintf(buf, size, "arn:aws:iam::111122223333:user/%u", i);

	return (struct str){ buf, (size_t)n };
}

static void two_hundred_thousand(void **state)
{
	enum { N = 200000 };
	static struct str first[N + 1];
	struct intern t;
	size_t text = 0, memory;
	char buf[64];

	(void)state;
	intern_init(&t);
	for (uint32_t i = 1; i <= N; i++) {
		assert_int_equal(intern_add(&t, numbered(buf, 64, i)), i);
		first[i] = intern_text(&t, i);
		text += first[i].n;
	}
	assert_int_equal(t.count, N + 1);
	for (uint32_t i = N; i >= 1; i--) {
		struct str s = numbered(buf, 64, i);

		assert_int_equal(intern_find(&t, s), i);
		assert_int_equal(intern_add(&t, s), i);
		assert_str_eq(intern_text(&t, i), s);
		/* Strings never move. */
		assert_ptr_equal(intern_text(&t, i).p, first[i].p);
	}
	assert_int_equal(intern_find(&t, numbered(buf, 64, 0)), INTERN_NONE);
	/* The text, its end and its alignment, a chunk that is up to half
	 * empty, slots that are up to a third full. */
	memory = intern_memory(&t);
	assert_true(memory >= text);
	assert_true(memory <= text + (size_t)N * (17 + 2 * 16 + 4 * 4));
	intern_release(&t);
}

/* One thread adds; another reads what is below the count it was handed. */
struct shared {
	pthread_mutex_t lock;
	uint32_t count;
	bool done;
	struct intern t;
};

static void *reader(void *arg)
{
	struct shared *s = arg;
	uintptr_t wrong = 0;
	struct rng r = { 17 };

	for (bool done = false; !done;) {
		uint32_t count;

		pthread_mutex_lock(&s->lock);
		count = s->count;
		done = s->done;
		pthread_mutex_unlock(&s->lock);
		for (int i = 0; count && i < 100; i++) {
			uint32_t id = 1 + rng_below(&r, count);
			char buf[64];

			wrong += !str_eq(intern_text(&s->t, id),
					 numbered(buf, 64, id));
		}
	}
	return (void *)wrong;
}

static void reading_while_another_adds(void **state)
{
	static struct shared s = { .lock = PTHREAD_MUTEX_INITIALIZER };
	pthread_t thread;
	void *wrong;
	char buf[64];

	(void)state;
	intern_init(&s.t);
	assert_int_equal(pthread_create(&thread, NULL, reader, &s), 0);
	for (uint32_t i = 1; i <= 50000; i++) {
		intern_add(&s.t, numbered(buf, 64, i));
		if (i % 50 == 0) {
			pthread_mutex_lock(&s.lock);
			s.count = i;
			pthread_mutex_unlock(&s.lock);
		}
	}
	pthread_mutex_lock(&s.lock);
	s.done = true;
	pthread_mutex_unlock(&s.lock);
	pthread_join(thread, &wrong);
	assert_null(wrong);
	intern_release(&s.t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_empty_string_is_zero),
		cmocka_unit_test(bytes_decide),
		cmocka_unit_test(it_keeps_its_own_copy),
		cmocka_unit_test(like_a_list),
		cmocka_unit_test(alike_at_both_ends),
		cmocka_unit_test(two_hundred_thousand),
		cmocka_unit_test(reading_while_another_adds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
