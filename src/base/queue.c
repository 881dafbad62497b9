/* SPDX-License-Identifier: MIT */
#include "base/queue.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/mem.h"

void queue_init(struct queue *q, size_t cap)
{
	pthread_condattr_t clock;

	*q = (struct queue){ .cap = cap };
	pthread_mutex_init(&q->lock, NULL);
	/* A wait for a while goes by a clock that nobody sets. */
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&q->can_push, NULL);
	pthread_cond_init(&q->can_pop, &clock);
	pthread_condattr_destroy(&clock);
	q->item = mem_zero(cap, sizeof(*q->item));
}

void queue_release(struct queue *q)
{
	pthread_mutex_destroy(&q->lock);
	pthread_cond_destroy(&q->can_push);
	pthread_cond_destroy(&q->can_pop);
	free(q->item);
}

bool queue_push(struct queue *q, void *item)
{
	bool open;

	pthread_mutex_lock(&q->lock);
	while (q->n == q->cap && !q->closed)
		pthread_cond_wait(&q->can_push, &q->lock);
	open = !q->closed;
	if (open) {
		q->item[(q->head + q->n++) % q->cap] = item;
		pthread_cond_signal(&q->can_pop);
	}
	pthread_mutex_unlock(&q->lock);
	return open;
}

/* The first item, or NULL; the lock is held. */
static void *take(struct queue *q)
{
	void *item;

	if (q->n == 0)
		return NULL;
	item = q->item[q->head];
	q->head = (q->head + 1) % q->cap;
	q->n--;
	pthread_cond_signal(&q->can_push);
	return item;
}

bool queue_pop_for(struct queue *q, unsigned ms, void **item)
{
	struct timespec until;
	bool in_time = true;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&q->lock);
	while (q->n == 0 && !q->closed && in_time)
		in_time = pthread_cond_timedwait(&q->can_pop, &q->lock,
						 &until) != ETIMEDOUT;
	*item = take(q);
	in_time = *item || q->closed;
	pthread_mutex_unlock(&q->lock);
	return in_time;
}

void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->can_push);
	pthread_cond_broadcast(&q->can_pop);
	pthread_mutex_unlock(&q->lock);
}
