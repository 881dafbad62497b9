/* SPDX-License-Identifier: MIT */
/*
 * tty_private.h - what the files of the terminal share
 *
 *	tty.c		curses: opening, closing; all the state
 *	tty_frame.c	presenting: what a frame is, and when it is sent
 *	tty_paint.c	what the terminal can do, for the painter
 *	tty_wait.c	reading, and waiting for what comes next
 *	tty_signal.c	signal handlers
 *	tty_clipboard.c	text for the terminal's clipboard
 *
 * Signal handlers need state that they can reach, so there is one terminal
 * and one struct tty_signals, both defined in tty.c. Nobody else includes
 * this.
 *
 * Layer: ui/term.
 */
#ifndef TRAWL_TTY_PRIVATE_H
#define TRAWL_TTY_PRIVATE_H

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <termios.h>
#include <time.h>

#include "ui/term/input.h"
#include "ui/term/paint.h"
#include "ui/term/tty.h"

enum {
	TTY_SIGNALS_MAX = 16,      /* signals that are taken */
	TTY_CRASH_TEXT_MAX = 512,  /* bytes that give the terminal back */
	TTY_CRASH_STACK = 1 << 16, /* bytes of stack for a fatal signal */
};

/* Behind each frame, where tests ask for it. */
#define TTY_FRAME_MARK "\x1b]2;frame\x1b\\"

struct screen; /* curses' SCREEN */

struct tty {
	struct screen *screen;
	FILE *in, *out; /* our own descriptors, in_fd and out_fd below */
	int in_fd, out_fd;
	struct termios before; /* as we found it */
	sigset_t mask;         /* with which it waits */
	pid_t owner;           /* a child must not touch the terminal */

	bool color, unicode;
	bool alternate; /* it has a second screen, so ours leaves no trace */
	char paste_on[INPUT_SEQUENCE_MAX], paste_off[INPUT_SEQUENCE_MAX];
	char mouse_on[INPUT_SEQUENCE_MAX], mouse_off[INPUT_SEQUENCE_MAX];
	char clean_row[INPUT_SEQUENCE_MAX]; /* from the cursor to the end */

	int rows, cols;
	struct paint paint;
	struct paint_term looks;
	const char *step[PAINT_STEPS]; /* capabilities, or NULL */
	const char *right_one;
	char plain[PAINT_CODE_MAX]; /* and no line-drawing letters */
	struct strbuf bytes;        /* of a frame */
	struct cursor cursor;       /* that is wanted */
	bool cursor_shown, hides_cursor;
	bool lost;   /* nobody knows what the terminal shows */
	bool behind; /* a part of the last frame was not sent yet */

	struct input input;
	struct tty_event queued; /* found by tty_pending */
	bool has_queued;
	bool mouse;     /* it is on */
	bool suspended; /* between tty_suspend and tty_resume */
	bool dead;      /* the terminal is gone */
	bool resized;   /* KEYC_RESIZE has not gone out yet */

	bool sync;             /* TRAWL_SYNC */
	bool sync_frames;      /* each frame is marked */
	unsigned sync_asked;   /* ^] not answered yet */
	unsigned sync_answers; /* N of the last answer */
};

struct tty_signals {
	volatile sig_atomic_t active;   /* the terminal is ours right now */
	volatile sig_atomic_t end;      /* the signal that ends us, or 0 */
	volatile sig_atomic_t end_seen; /* it went out */
	volatile sig_atomic_t interrupt, stop, cont; /* came, or 0 */
	struct timespec since; /* when the one that waits longest came */
	int wake[2];           /* a pipe that ends the wait */
	char crash_text[TTY_CRASH_TEXT_MAX];
	size_t crash_text_n;
	struct sigaction old[TTY_SIGNALS_MAX];
	stack_t old_stack;
	char stack[TTY_CRASH_STACK];
};

extern struct tty tty_the_one;
extern struct tty_signals tty_signals;

/* tty.c ----------------------------------------------------------------- */

/* NULL for what the terminal does not have. */
const char *tty_capability(const char *name);
bool tty_flag(const char *name);
int tty_number(const char *name);
/* With its numbers filled in; valid until the next call. */
const char *tty_fill(const char *text, int a, int b);
/* Adds a capability (NULL: nothing) without its padding. */
void tty_add_capability(struct strbuf *b, const char *text);
/* What sets a letter's colour, one of the eight. */
void tty_copy_color(char *out, size_t size, int color);
/* A capability into an array; empty when it has none or one too long. */
void tty_copy_capability(char *out, size_t size, const char *name);

/* Asks for the size and follows it; sets `resized` when it has changed. */
void tty_measure(struct tty *t);
void tty_write(struct tty *t, const char *p, size_t n);
/* Puts the modes and the screen back after somebody else had the terminal. */
void tty_take_back(struct tty *t);
void tty_show_cursor(bool visible);
/* Lets curses do what it does before its first frame: it enters the screen,
 * and leaves it empty. */
void tty_enter_screen(void);

/* tty_frame.c ----------------------------------------------------------- */

/* Sends what was put off because keys were waiting. */
void tty_flush(struct tty *t);

/* tty_paint.c ----------------------------------------------------------- */

/* Fills in what the painter has to know of the terminal. */
void tty_painter(struct tty *t);

/* tty_signal.c ---------------------------------------------------------- */

/* Before curses starts, which leaves alone what it finds taken. */
void tty_take_signals(struct tty *t);
void tty_give_signals(struct tty *t);
/* While another program has the terminal, it starts with SIGWINCH as usual
 * and with nothing ignored that was not. */
void tty_lend_signals(bool lend);
/* Stops the process as if nobody had caught the signal. */
void tty_raise_stop(void);

#endif /* TRAWL_TTY_PRIVATE_H */
