/* SPDX-License-Identifier: MIT */
/*
 * key.h - keys as numbers and as words
 *
 * A key is what a binding names and what the terminal delivers. A printable
 * character is its code point; a control key is KEYC_CTRL of its letter; keys
 * that send a sequence have numbers above the last code point. Tab, Enter,
 * Esc and Backspace are the control keys ^I, ^M, ^[ and ^H by birth: they
 * are only ever delivered, and parsed, as KEYC_TAB and so on.
 *
 * The same numbers carry what is not a key but arrives where keys do: a new
 * size, pasted text, the loss of the terminal. These have no name and cannot
 * be bound.
 *
 * key_parse reads what key_print writes; besides, names are read in any case,
 * and a few have a second spelling ("PageDown", "Del").
 *
 * Layer: command. Data only. Threads: any.
 */
#ifndef TRAWL_KEY_H
#define TRAWL_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef uint32_t key_code;

/* Of a letter in either case, or one of \ ] ^ _. */
#define KEYC_CTRL(c) ((key_code)(c)&0x1fu)

enum key_special {
	KEYC_NONE = 0, /* no key: nothing came in time */

	KEYC_UP = 0x110001,
	KEYC_DOWN,
	KEYC_LEFT,
	KEYC_RIGHT,
	KEYC_HOME,
	KEYC_END,
	KEYC_PGUP,
	KEYC_PGDN,
	KEYC_TAB,
	KEYC_BACKTAB, /* Shift and Tab */
	KEYC_ENTER,
	KEYC_ESC,
	KEYC_BACKSPACE,
	KEYC_DELETE,
	KEYC_INSERT,

	KEYC_F1 = 0x110101, /* F2 is KEYC_F1 + 1, and so on up to F20 */
	KEYC_F20 = KEYC_F1 + 19,

	/* Not keys; see ui/term/tty.h. */
	KEYC_RESIZE = 0x110201, /* the screen has another size */
	KEYC_PASTE,             /* text was pasted */
	KEYC_MOUSE,             /* a button or the wheel */
	KEYC_FD,                /* a descriptor that was watched is ready */
	KEYC_QUIT,              /* a signal asks the program to end */
	KEYC_HANGUP,            /* the terminal is gone */
};

/* Bytes that hold any key's name and its NUL. */
#define KEY_NAME_MAX 16

/* False when there is no key of that name; *key is then left alone. */
bool key_parse(struct str name, key_code *key);

/* Writes the name, "" for what is no key, and returns `out`. A character
 * beyond ASCII is its own name, so the text goes through safe_text. (curses
 * has taken the name key_name.) */
const char *key_print(key_code key, char out[KEY_NAME_MAX]);

/* The code point of a key that is text in a prompt, else 0. */
uint32_t key_text(key_code key);

#endif /* TRAWL_KEY_H */
