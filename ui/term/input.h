/* SPDX-License-Identifier: MIT */
/*
 * input.h - from the bytes that a terminal sends to keys
 *
 * Bytes and the time they came at go in, keys come out; there is no terminal
 * in here and no clock, so every timing can be tested. The sequences that
 * stand for keys are told by input_bind, from the terminal's description
 * first; the common ones of the ANSI family are known besides.
 *
 * The Esc key sends the byte that every sequence begins with, so an Esc is a
 * key once nothing has followed for `esc_delay`. When the rest of a sequence
 * comes later than that, over a bad line, Esc has gone out already; a tail
 * that begins within TAIL_MS is then put together again and gives the key it
 * spells or nothing, so that Up never becomes "back" and "only this pane".
 * A tail of one character is what it looks like: a key that was typed.
 *
 * A sequence that spells no key is dropped whole. Alt with a key is Esc and
 * the key. What lies between the terminal's marks for pasted text is one
 * KEYC_PASTE with the text, however it looks. Answers to questions that
 * nobody asked (OSC and DCS strings) are dropped.
 *
 * Times are milliseconds of a clock that never goes back. Cost: linear in
 * bytes. Layer: ui/term. Threads: one at a time.
 */
#ifndef TRAWL_INPUT_H
#define TRAWL_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/strbuf.h"
#include "command/key.h"
#include "ui/term/mouse.h"

enum {
	INPUT_ESC_DELAY = 100,     /* until a lone Esc is the key */
	INPUT_TAIL_MS = 300,       /* how late a tail may begin after that */
	INPUT_PASTE_MS = 5000,     /* silence that ends a paste without end */
	INPUT_PASTE_MAX = 1 << 20, /* bytes of one paste; the rest is lost */
	INPUT_SEQUENCE_MAX = 32,   /* bytes of the longest sequence */
};

struct input_sequence {
	char bytes[INPUT_SEQUENCE_MAX]; /* begins with Esc */
	uint8_t n;
	key_code key;
};

/* Fields are input.c's own. */
struct input {
	struct input_sequence *bound; /* the first that fits counts */
	size_t bound_n, bound_cap;
	char paste_end[INPUT_SEQUENCE_MAX]; /* "" when there is no paste */
	uint64_t esc_delay;

	struct strbuf bytes; /* not yet decoded; bytes before `at` are done */
	size_t at;
	uint64_t last_ms; /* when the last byte came */

	bool ghost;      /* the Esc that bytes[at] is has gone out already */
	uint64_t esc_ms; /* when an Esc last went out alone */
	bool after_esc;  /* and nothing has come since */

	bool mouse;           /* reports are read */
	struct mouse clicked; /* of the last KEYC_MOUSE */

	bool pasting;
	struct strbuf paste;
};

void input_init(struct input *in);
void input_release(struct input *in);

void input_set_esc_delay(struct input *in, unsigned ms);
/* `sequence` stands for `key`, unless it stands for another one already, does
 * not begin with Esc or is too long. NULL is ignored. */
void input_bind(struct input *in, const char *sequence, key_code key);
/* What the terminal puts before and after pasted text. */
void input_bind_paste(struct input *in, const char *start, const char *end);

/* Whether reports of a mouse are looked for: "\e[<0;10;5M", "\e[M" and three
 * bytes. Releases, moves and other buttons are dropped. */
void input_set_mouse(struct input *in, bool on);

void input_feed(struct input *in, const char *p, size_t n, uint64_t now);

/*
 * The next key, or false when there is none yet. For KEYC_PASTE, *text is
 * what was pasted, as it came, until the next call of any of these.
 */
bool input_next(struct input *in, uint64_t now, key_code *key,
		struct str *text);

/* Milliseconds until input_next may have something without another byte, or
 * -1 when only bytes can help. */
int input_wait(const struct input *in, uint64_t now);

#endif /* TRAWL_INPUT_H */
