/* SPDX-License-Identifier: MIT */
/*
 * queue.h - a bounded queue of pointers between threads
 *
 * Any number of threads may push and pop. A full queue makes producers wait,
 * so memory stays bounded when the consumer is slower. Closing it wakes all:
 * pushes are refused from then on, pops give what is left and then NULL.
 *
 * Layer: base.
 */
#ifndef TRAWL_QUEUE_H
#define TRAWL_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct queue {
	pthread_mutex_t lock;
	pthread_cond_t can_push, can_pop;
	void **item;
	size_t head, n, cap;
	bool closed;
};

void queue_init(struct queue *q, size_t cap);
/* No thread may use it any more; items left are the caller's loss. */
void queue_release(struct queue *q);

/* Waits while full. False, and the item stays the caller's, once closed. */
bool queue_push(struct queue *q, void *item);
/* Waits while empty, at most `ms`: false when that passed in vain. *item is
 * NULL then, and when closed and empty. */
bool queue_pop_for(struct queue *q, unsigned ms, void **item);
void queue_close(struct queue *q);

#endif /* TRAWL_QUEUE_H */
