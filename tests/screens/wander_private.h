/* SPDX-License-Identifier: MIT */
/*
 * wander_private.h - a walk by chance: wander.c has its sessions,
 * wander_acts.c what is done in one
 *
 * Layer: tests.
 */
#ifndef SCREENS_WANDER_PRIVATE_H
#define SCREENS_WANDER_PRIVATE_H

#include <stdio.h>

#include "chance.h"
#include "session_private.h"

struct wanderer {
	struct session *s;
	uint64_t state;
	FILE *way;          /* the script that is written */
	struct strbuf line; /* the step that is being made */
	bool ascii;         /* the session's locale */
	bool has_logs;      /* $WORK/logs is the walk's own: it may change */
	bool marks_pastes;  /* the terminal does */
	bool failed;        /* why is in s->why */
};

static inline size_t chance(struct wanderer *w, size_t n)
{
	return chance_below(&w->state, n);
}

/* Does the step that is written in w->line, and notes it. A program that ends
 * on the way is no failure of the step. */
void wander_act(struct wanderer *w);
void wander_act_as(struct wanderer *w, const char *line);

/* One action, whatever it is. */
void wander_do_something(struct wanderer *w);

#endif /* SCREENS_WANDER_PRIVATE_H */
