/* SPDX-License-Identifier: MIT */
#include "base/job.h"

#include <time.h>

static void *main_of(void *context)
{
	struct job *j = context;

	j->run(j->context, &j->stop);
	atomic_store(&j->ended, true);
	return NULL;
}

void job_begin(struct job *j, void (*run)(void *, const atomic_bool *stop),
	       void *context)
{
	j->run = run;
	j->context = context;
	atomic_init(&j->stop, false);
	atomic_init(&j->ended, false);
	j->started = pthread_create(&j->thread, NULL, main_of, j) == 0;
	if (!j->started)
		main_of(j);
}

bool job_ended(struct job *j, unsigned ms)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };

	for (; ms && !atomic_load(&j->ended); ms--)
		nanosleep(&pause, NULL);
	return atomic_load(&j->ended);
}

void job_stop(struct job *j)
{
	atomic_store(&j->stop, true);
}

void job_wait(struct job *j)
{
	job_stop(j);
	if (j->started)
		pthread_join(j->thread, NULL);
	j->started = false;
}
