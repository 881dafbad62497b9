/* SPDX-License-Identifier: MIT */
/*
 * walk.h - keys, lines, pastes and sizes by chance, in a workbench without a
 * terminal
 *
 * Layer: tests.
 */
#ifndef PANES_WALK_H
#define PANES_WALK_H

#include <stdio.h>

#include "ui/app.h"

/* N actions, each noted in `way`. False, and why, when one ends the workbench
 * or leaves it in a state that contradicts itself (state.h). */
bool walk(struct app *a, struct canvas *c, uint64_t seed, uint64_t n, FILE *way,
	  struct strbuf *why);

#endif /* PANES_WALK_H */
