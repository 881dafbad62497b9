/* SPDX-License-Identifier: MIT */
/*
 * level.h - Sigma's levels, and what became of the call
 *
 * Layer: model. Threads: any.
 */
#ifndef TRAWL_LEVEL_H
#define TRAWL_LEVEL_H

#include <stdbool.h>

#include "base/str.h"
#include "model/event.h"

enum level {
	LEVEL_INFORMATIONAL,
	LEVEL_LOW,
	LEVEL_MEDIUM,
	LEVEL_HIGH,
	LEVEL_CRITICAL,
	LEVEL_COUNT,
};

/* "high" */
const char *level_name(enum level level);
/* 'H' */
char level_letter(enum level level);
/* Case is ignored; "info" and unambiguous first letters will do. */
bool level_parse(struct str text, enum level *level);

/*
 * A rule states its level for a call that succeeded: a denied one is one
 * level lower, one that failed otherwise two, never under informational.
 */
enum level level_for_outcome(enum level level, enum event_outcome outcome);
/* So many levels lower, never under informational. */
enum level level_lowered(enum level level, unsigned by);

#endif /* TRAWL_LEVEL_H */
