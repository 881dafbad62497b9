/* SPDX-License-Identifier: MIT */
/*
 * job.h - one long piece of work beside a screen that stays alive
 *
 * The caller begins it, asks now and then whether it has ended, may ask it to
 * stop, and waits for it before anything that it uses goes. Where the system
 * has no thread to give it is done at once.
 *
 * Layer: base. Threads: one begins, asks and waits; `run` has its own.
 */
#ifndef TRAWL_JOB_H
#define TRAWL_JOB_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct job {
	void (*run)(void *context, const atomic_bool *stop);
	void *context;
	atomic_bool stop; /* the work should end early */
	atomic_bool ended;
	pthread_t thread;
	bool started;
};

/* `j` stays where it is until job_wait. */
void job_begin(struct job *j, void (*run)(void *, const atomic_bool *stop),
	       void *context);
/* Waits at most about `ms` milliseconds; true when it has ended. */
bool job_ended(struct job *j, unsigned ms);
/* Asks it to stop. */
void job_stop(struct job *j);
/* Asks it to stop and waits until it has ended; a second time does nothing. */
void job_wait(struct job *j);

#endif /* TRAWL_JOB_H */
