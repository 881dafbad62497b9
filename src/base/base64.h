/* SPDX-License-Identifier: MIT */
/*
 * base64.h - bytes out of base64 (RFC 4648, both alphabets)
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_BASE64_H
#define TRAWL_BASE64_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Decodes `text` into the arena. Line ends are passed over; padding may be
 * missing. False, with *out empty, at any other byte. O(length).
 */
bool base64_decode(struct arena *a, struct str text, struct str *out);

#endif /* TRAWL_BASE64_H */
