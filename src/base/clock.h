/* SPDX-License-Identifier: MIT */
/*
 * clock.h - how much time has passed
 *
 * Milliseconds of a clock that nobody sets and that begins anywhere: only
 * differences mean something. For points in time see timefmt.h.
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_CLOCK_H
#define TRAWL_CLOCK_H

#include <stdint.h>
#include <time.h>

int64_t clock_ms(void);

/* What the system says of a moment, in nanoseconds. */
int64_t clock_ns_of(struct timespec t);

#endif /* TRAWL_CLOCK_H */
