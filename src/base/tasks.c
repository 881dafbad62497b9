/* SPDX-License-Identifier: MIT */
#include "base/tasks.h"

#include <stdatomic.h>

enum { THREADS_MOST = 64 };

struct tasks {
	task_run run;
	void *context;
	size_t n;
	atomic_size_t next;
};

struct task_worker {
	struct tasks *tasks;
	unsigned number;
	pthread_t thread;
};

static void *work(void *argument)
{
	struct task_worker *w = argument;
	struct tasks *t = w->tasks;

	for (;;) {
		size_t task = atomic_fetch_add(&t->next, 1);

		if (task >= t->n)
			return NULL;
		t->run(t->context, task, w->number);
	}
}

void tasks_run(unsigned threads, size_t n, task_run run, void *context)
{
	struct tasks t = { .run = run, .context = context, .n = n };
	struct task_worker worker[THREADS_MOST];
	unsigned started = 1;

	atomic_init(&t.next, 0);
	if (threads > THREADS_MOST)
		threads = THREADS_MOST;
	if (threads > n)
		threads = (unsigned)n;
	for (; started < threads; started++) {
		worker[started] = (struct task_worker){ &t, started, 0 };
		if (pthread_create(&worker[started].thread, NULL, work,
				   &worker[started]))
			break;
	}
	worker[0] = (struct task_worker){ &t, 0, 0 };
	work(&worker[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(worker[i].thread, NULL);
}

static void *work_aside(void *argument)
{
	struct task_aside *t = argument;

	t->run(t->context);
	return NULL;
}

void task_aside_begin(struct task_aside *t, unsigned threads,
		      void (*run)(void *context), void *context)
{
	*t = (struct task_aside){ .run = run, .context = context };
	t->started = threads > 1 &&
		     pthread_create(&t->thread, NULL, work_aside, t) == 0;
}

void task_aside_wait(struct task_aside *t)
{
	if (t->started)
		pthread_join(t->thread, NULL);
	else
		t->run(t->context);
}
