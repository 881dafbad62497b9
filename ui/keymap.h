/* SPDX-License-Identifier: MIT */
/*
 * keymap.h - from keys to commands, by the command table
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_KEYMAP_H
#define TRAWL_KEYMAP_H

#include "command/key.h"
#include "command/screen_command.h"

/*
 * The command of a key in a context; of two the one that works in fewer
 * contexts. SCREEN_COMMAND_COUNT when the key has none. O(commands).
 */
enum screen_command keymap_find(key_code key, uint32_t context);

/* The first key of a command, as it is written; "" when it has none. */
const char *keymap_first_key(enum screen_command cmd, char out[KEY_NAME_MAX]);

#endif /* TRAWL_KEYMAP_H */
