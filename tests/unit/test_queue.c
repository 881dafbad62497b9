/* SPDX-License-Identifier: MIT */
#include "helpers.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "base/queue.h"

/* The next item, however long it takes; NULL when closed and empty. */
static void *pop(struct queue *q)
{
	void *item;

	while (!queue_pop_for(q, 1000, &item))
		;
	return item;
}

static void first_in_first_out(void **state)
{
	int item[10];
	struct queue q;

	(void)state;
	queue_init(&q, 3);
	/* Around the ring several times. */
	for (int round = 0; round < 5; round++) {
		assert_true(queue_push(&q, &item[0]));
		assert_true(queue_push(&q, &item[1]));
		assert_ptr_equal(pop(&q), &item[0]);
		assert_true(queue_push(&q, &item[2]));
		assert_true(queue_push(&q, &item[3]));
		assert_ptr_equal(pop(&q), &item[1]);
		assert_ptr_equal(pop(&q), &item[2]);
		assert_ptr_equal(pop(&q), &item[3]);
	}
	queue_release(&q);
}

static void closing(void **state)
{
	int item[2];
	void *got = &item[0];
	struct queue q;

	(void)state;
	queue_init(&q, 2);
	assert_true(queue_push(&q, &item[0]));
	assert_true(queue_push(&q, &item[1]));
	queue_close(&q);
	queue_close(&q);
	/* Full and closed: refused at once. */
	assert_false(queue_push(&q, &item[0]));
	assert_ptr_equal(pop(&q), &item[0]);
	assert_true(queue_pop_for(&q, 0, &got));
	assert_ptr_equal(got, &item[1]);
	assert_null(pop(&q));
	assert_true(queue_pop_for(&q, 1000, &got));
	assert_null(got);
	assert_false(queue_push(&q, &item[0]));
	queue_release(&q);
}

static void waiting_for_a_while(void **state)
{
	double start;
	int item;
	void *got = &item;
	struct queue q;

	(void)state;
	queue_init(&q, 2);
	start = seconds_now();
	assert_false(queue_pop_for(&q, 0, &got));
	assert_null(got);
	assert_false(queue_pop_for(&q, 60, &got));
	assert_true(seconds_now() - start >= 0.05);
	queue_push(&q, &item);
	assert_true(queue_pop_for(&q, 5000, &got));
	assert_ptr_equal(got, &item);
	queue_release(&q);
}

/* Many threads ------------------------------------------------------------ */

enum { PRODUCERS = 3, CONSUMERS = 3, EACH = 5000 };

struct shared {
	struct queue q;
	/* By whom each number was pushed and popped, and how often. */
	atomic_int popped[PRODUCERS * EACH];
	atomic_int out_of_order;
};

struct producer {
	struct shared *s;
	uintptr_t from;
};

static void *produce(void *arg)
{
	struct producer *p = arg;

	/* Numbers go as pointers; NULL means closed, so from 1. */
	for (uintptr_t i = 0; i < EACH; i++)
		if (!queue_push(&p->s->q, (void *)(p->from + i + 1)))
			return arg;
	return NULL;
}

static void *consume(void *arg)
{
	struct shared *s = arg;
	uintptr_t last[PRODUCERS] = { 0 };
	bool wait = true;

	for (;;) {
		void *item = NULL;
		uintptr_t i;

		if (wait)
			item = pop(&s->q);
		else if (!queue_pop_for(&s->q, 1, &item))
			continue;
		wait = !wait;
		if (!item)
			return NULL;
		i = (uintptr_t)item - 1;
		atomic_fetch_add(&s->popped[i], 1);
		/* What one thread pushed comes in its order. */
		if (last[i / EACH] > i + 1)
			atomic_fetch_add(&s->out_of_order, 1);
		last[i / EACH] = i + 1;
	}
}

static void every_item_comes_once(void **state)
{
	static struct shared s;
	struct producer p[PRODUCERS];
	pthread_t producer[PRODUCERS], consumer[CONSUMERS];

	(void)state;
	queue_init(&s.q, 4);
	for (uintptr_t i = 0; i < PRODUCERS; i++) {
		p[i] = (struct producer){ &s, i * EACH };
		pthread_create(&producer[i], NULL, produce, &p[i]);
	}
	for (int i = 0; i < CONSUMERS; i++)
		pthread_create(&consumer[i], NULL, consume, &s);
	for (int i = 0; i < PRODUCERS; i++) {
		void *refused;

		pthread_join(producer[i], &refused);
		assert_null(refused);
	}
	queue_close(&s.q);
	for (int i = 0; i < CONSUMERS; i++)
		pthread_join(consumer[i], NULL);
	for (int i = 0; i < PRODUCERS * EACH; i++)
		assert_int_equal(s.popped[i], 1);
	assert_int_equal(s.out_of_order, 0);
	queue_release(&s.q);
}

static void *push_two(void *arg)
{
	static int item;

	/* The second has to wait until somebody pops or closes. */
	return queue_push(arg, &item) && queue_push(arg, &item) ? arg : NULL;
}

static void *pop_one(void *arg)
{
	return pop(arg);
}

static size_t items_in(struct queue *q)
{
	size_t n;

	pthread_mutex_lock(&q->lock);
	n = q->n;
	pthread_mutex_unlock(&q->lock);
	return n;
}

/* Often enough that the threads are met before, in and after their wait. */
static void closing_wakes_all(void **state)
{
	(void)state;
	for (int round = 0; round < 300; round++) {
		struct queue full, empty;
		pthread_t a, b, c;
		void *got = &full;

		queue_init(&full, 1);
		queue_init(&empty, 1);
		pthread_create(&a, NULL, push_two, &full);
		pthread_create(&b, NULL, pop_one, &empty);
		pthread_create(&c, NULL, pop_one, &empty);
		while (items_in(&full) == 0)
			sched_yield();
		queue_close(&full);
		queue_close(&empty);
		pthread_join(a, &got);
		assert_null(got);
		pthread_join(b, &got);
		assert_null(got);
		pthread_join(c, &got);
		assert_null(got);
		queue_release(&full);
		queue_release(&empty);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_in_first_out),
		cmocka_unit_test(closing),
		cmocka_unit_test(waiting_for_a_while),
		cmocka_unit_test(every_item_comes_once),
		cmocka_unit_test(closing_wakes_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
