/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include <stdatomic.h>

#include "base/tasks.h"

enum { MOST = 1000 };

struct counted {
	atomic_uint done[MOST];
	atomic_uint busy[MOST]; /* by worker */
	unsigned threads;
};

static void count(void *context, size_t task, unsigned worker)
{
	struct counted *c = context;

	assert_true(worker < c->threads);
	/* Two pieces at one time never have the same worker. */
	assert_int_equal(atomic_fetch_add(&c->busy[worker], 1), 0);
	atomic_fetch_add(&c->done[task], 1);
	atomic_fetch_sub(&c->busy[worker], 1);
}

static void each_once(void **state)
{
	static const unsigned threads[] = { 0, 1, 2, 8, 500 };
	static const size_t tasks[] = { 0, 1, 3, MOST };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		for (size_t k = 0; k < ARRAY_SIZE(tasks); k++) {
			struct counted c = { .threads = threads[i] ?
								threads[i] :
								1 };

			tasks_run(threads[i], tasks[k], count, &c);
			for (size_t t = 0; t < MOST; t++)
				assert_int_equal(atomic_load(&c.done[t]),
						 t < tasks[k]);
		}
}

static void note_order(void *context, size_t task, unsigned worker)
{
	size_t *next = context;

	assert_int_equal(worker, 0);
	assert_int_equal(task, (*next)++);
}

static void one_thread_keeps_the_order(void **state)
{
	size_t next = 0;

	(void)state;
	tasks_run(1, 100, note_order, &next);
	assert_int_equal(next, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_once),
		cmocka_unit_test(one_thread_keeps_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
