/* SPDX-License-Identifier: MIT */
/*
 * tasks.h - a few pieces of work, on several threads
 *
 * tasks_run calls a function once for each number and returns when all have
 * been done. Pieces begin in the order of their numbers, so the longest should
 * have the lowest; which thread takes which is left to chance, so what comes
 * of a piece must not depend on it. The caller's thread works too: where the
 * system has no thread to give, it does all of it.
 *
 * Cost: a thread is started and ended for each call, some 30 us.
 *
 * Layer: base.
 */
#ifndef TRAWL_TASKS_H
#define TRAWL_TASKS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* `worker` is below the number of threads: one for each that works at once. */
typedef void (*task_run)(void *context, size_t task, unsigned worker);

/* `threads` at most, the caller's among them; 0 is 1. */
void tasks_run(unsigned threads, size_t n, task_run run, void *context);

/* One piece of work, beside what the caller does until he waits for it. */
struct task_aside {
	void (*run)(void *context);
	void *context;
	pthread_t thread;
	bool started;
};

/* With one thread, or where the system has none to give, it is done when it is
 * waited for, which must be once. `t` stays where it is until then. */
void task_aside_begin(struct task_aside *t, unsigned threads,
		      void (*run)(void *context), void *context);
void task_aside_wait(struct task_aside *t);

#endif /* TRAWL_TASKS_H */
