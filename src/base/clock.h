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

int64_t clock_ms(void);

#endif /* TRAWL_CLOCK_H */
