/* SPDX-License-Identifier: MIT */
/*
 * raw.h - what a program may send to a terminal of a certain kind
 *
 * An emulator hides what it does not understand, so that a safe looking
 * screen proves nothing. This looks at the bytes: every escape sequence and
 * control character must be one that the terminal's description can produce
 * for drawing, and no invisible, bidirectional or C1 character may occur.
 */
#ifndef SCREENS_RAW_H
#define SCREENS_RAW_H

#include <stdbool.h>

#include "base/str.h"
#include "base/strbuf.h"

struct raw_term;

/* NULL when there is no description of that name. One at a time. */
struct raw_term *raw_open(const char *term);
void raw_close(struct raw_term *t);

/* True when all is clean; else `why` says what is not, and where. `ascii`: no
 * byte above 7e is allowed. */
bool raw_check(struct raw_term *t, struct str bytes, bool ascii,
	       struct strbuf *why);

/* A capability of the terminal without its padding; empty when it has none.
 * Valid until the next call. */
struct str raw_capability(struct raw_term *t, const char *name);

/* True when `on` was sent and nothing switched it off since. Both names of
 * capabilities; what the terminal does not have is never on. */
bool raw_is_on(struct raw_term *t, struct str bytes, const char *on,
	       const char *off);

/* The last `most` bytes as printable text. */
void raw_escape_tail(struct str bytes, size_t most, struct strbuf *out);

/* Behind each frame, with TRAWL_SYNC=2. */
#define RAW_FRAME_MARK "\x1b]2;frame\x1b\\"

/* Finds "\e]2;sync:N\e\\" at or after `from`; sets where it is, its length
 * and N. */
bool raw_find_sync(struct str bytes, size_t from, size_t *at, size_t *n,
		   uint64_t *number);

#endif /* SCREENS_RAW_H */
