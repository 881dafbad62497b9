/* SPDX-License-Identifier: MIT */
#include "base/stop.h"

#include <stddef.h>

#include "base/attr.h"

static const int numbers[] = { SIGINT, SIGTERM };

/* A handler has no other place for it. */
static volatile sig_atomic_t stopped;

static void on_stop(int number)
{
	stopped = number;
}

void stop_catch(struct stop *s)
{
	struct sigaction action = { .sa_handler = on_stop,
				    .sa_flags = SA_RESTART |
						(int)SA_RESETHAND };

	sigemptyset(&action.sa_mask);
	stopped = 0;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		sigaction(numbers[i], NULL, &s->was[i]);
		/* Whoever started the program may want them ignored. */
		if (s->was[i].sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
}

int stop_number(void)
{
	return (int)stopped;
}

int stop_release(struct stop *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaction(numbers[i], &s->was[i], NULL);
	return (int)stopped;
}
