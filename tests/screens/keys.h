/* SPDX-License-Identifier: MIT */
/*
 * keys.h - from what a script says to the bytes that a keyboard sends
 *
 * Characters are themselves; names of keys stand in angle brackets, with a
 * count where there are many: <Enter>, <PgDn>, <Down*20>, <j*500>, <<>; a
 * control key is ^D, a caret <^>. What a special key sends comes from the
 * terminal's description, else it is what xterm sends.
 */
#ifndef SCREENS_KEYS_H
#define SCREENS_KEYS_H

#include <stdbool.h>

#include "base/strbuf.h"
#include "raw.h"

/* False when there is no such key; `why` says which. */
bool keys_to_bytes(struct raw_term *t, struct str keys, struct strbuf *out,
		   struct strbuf *why);

/* Text with \e \n \r \t \\ \xHH. */
void keys_unescape(struct str text, struct strbuf *out);

#endif /* SCREENS_KEYS_H */
