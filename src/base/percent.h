/* SPDX-License-Identifier: MIT */
/*
 * percent.h - percent-encoding, undone
 *
 * Layer: base. Memory: the arena given. Cost: O(length) a round. Threads: any.
 */
#ifndef TRAWL_PERCENT_H
#define TRAWL_PERCENT_H

#include "base/arena.h"
#include "base/str.h"

/*
 * Undoes percent-encoding as often as it was done, at most `rounds` times; a
 * text without any is returned as it is. "%" that begins nothing stays.
 */
struct str percent_decode(struct arena *arena, struct str text, int rounds);

#endif /* TRAWL_PERCENT_H */
