/* SPDX-License-Identifier: MIT */
/*
 * keymap.h - from keys to commands: by the command table, and as the user
 * wants it
 *
 * A key that is bound works where its command does. It can be bound once in
 * one place: who wants it for something else unbinds it first. Keys that a
 * terminal or a screen manager takes, or that are other keys by birth, cannot
 * be bound at all.
 *
 * Cost: O(bindings) a key. Layer: ui, no terminal.
 */
#ifndef TRAWL_KEYMAP_H
#define TRAWL_KEYMAP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/strbuf.h"
#include "command/key.h"
#include "command/screen_command.h"

struct binding {
	key_code key;
	uint32_t context; /* where; 0: unbound */
	enum screen_command cmd;
	struct str argument; /* empty: none */
};

struct keymap {
	struct binding *item; /* in the order of the table, then as bound */
	size_t n, cap;
	struct arena arena;
};

/* As the table has it. */
void keymap_init(struct keymap *k);
void keymap_release(struct keymap *k);

/*
 * "F2 filter outcome:denied": a key, a command and its argument. ERR_SYNTAX
 * for what is no key or command, for a key that cannot be bound, and for one
 * that is bound already: both commands are named.
 */
ATTR_NODISCARD enum err_code keymap_bind(struct keymap *k, struct str line,
					 struct err *err);
ATTR_NODISCARD enum err_code keymap_unbind(struct keymap *k, struct str key,
					   struct err *err);
/* ERR_SYNTAX when there is a pane that cannot be left for good. */
ATTR_NODISCARD enum err_code keymap_check(const struct keymap *k,
					  struct err *err);

/* What a key does in a context; of two bindings the one for fewer contexts.
 * NULL when it does nothing. */
const struct binding *keymap_find(const struct keymap *k, key_code key,
				  uint32_t context);

/* The first key of a command without an argument, as it is written; "" when it
 * has none. */
const char *keymap_first_key(const struct keymap *k, enum screen_command cmd,
			     char out[KEY_NAME_MAX]);
/* Adds all of its keys in a context, blanks between them. */
void keymap_keys(const struct keymap *k, enum screen_command cmd,
		 uint32_t context, struct strbuf *out);

#endif /* TRAWL_KEYMAP_H */
