/* SPDX-License-Identifier: MIT */
/*
 * tty.h - the terminal: cells go out, keys come in
 *
 * The one place that knows curses, termios and signals; all that the program
 * has to keep in file scope for a terminal is in tty.c. There is one terminal
 * at a time.
 *
 * Order of use: tty_open; then a loop of tty_wait, and, as long as
 * tty_pending says no, tty_present; at the end tty_close. The terminal is
 * given back as it was by tty_close, by exit() and by a crash.
 *
 *	for (;;) {
 *		tty_wait(t, -1, idle, NULL, 0, &ev);
 *		...act on ev.key; leave on KEYC_QUIT and KEYC_HANGUP...
 *		if (changed && !tty_pending(t))
 *			tty_present(t, &canvas);
 *	}
 *
 * What comes out of tty_wait:
 *
 *	a key		as in command/key.h
 *	KEYC_PASTE	ev.text is what was pasted, as it came
 *	KEYC_MOUSE	ev.mouse is what it did; after tty_mouse alone
 *	KEYC_RESIZE	tty_size has changed; lay out and present again
 *	KEYC_FD		one of the caller's descriptors is ready
 *	KEYC_QUIT	SIGTERM or SIGQUIT: save, tty_close, end
 *	KEYC_HANGUP	SIGHUP, or the terminal is gone: save, tty_close, end
 *	KEYC_NONE	the time is over
 *
 * QUIT and HANGUP come again on every call, no more than 50 times a second,
 * so that a caller that overlooks them does not spin. tty_signal says which
 * signal it was; the exit status is 128 and its number. After SIGQUIT the
 * program raises it again behind tty_close, with its default action.
 *
 * ^C is read as a key, in its place among the others: as a signal it would
 * arrive before keys that were typed earlier and throw away output. SIGINT
 * that somebody sends gives the same key. ^Z and ^\ stay signals. ^Z stops
 * the program inside of tty_wait. When SIGQUIT (^\), SIGINT, SIGTERM or
 * SIGHUP comes a second time, and tty_wait has not been called for half a
 * second since the first, the program ends at once, restoring the terminal:
 * the way out of a loop that hangs and of output that is stuck.
 *
 * Threads: all calls from one. tty_open blocks SIGWINCH, outside of tty_wait,
 * so threads are started after it. A child process is started between
 * tty_suspend and tty_resume, or with posix_spawn and POSIX_SPAWN_SETSIGMASK
 * and _SETSIGDEF (SIGPIPE, SIGUSR1, SIGUSR2 are ignored here).
 *
 * Tests: with TRAWL_SYNC=1 in the environment, ^] is not a key. It is
 * answered, once all keys before it are dealt with and painted and the caller
 * says that it is idle, by writing "\e]2;sync:N\e\\", N counting from 1. With
 * TRAWL_SYNC=2 there is also "\e]2;frame\e\\" behind each frame.
 *
 * Environment: TERM, ESCDELAY, NO_COLOR, TRAWL_SYNC, the locale.
 * Layer: ui/term.
 */
#ifndef TRAWL_TTY_H
#define TRAWL_TTY_H

#include <poll.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "command/key.h"
#include "ui/term/mouse.h"
#include "ui/term/canvas.h"

struct tty;

enum tty_color {
	TTY_COLOR_AUTO, /* colours, unless NO_COLOR is set and not empty */
	TTY_COLOR_ALWAYS,
	TTY_COLOR_NEVER, /* bold, underline, reverse only */
};

struct tty_options {
	enum tty_color color;
	bool ascii;           /* nothing but ASCII, whatever the locale */
	bool utf8;            /* UTF-8 even where the locale does not say so */
	const char *fallback; /* the TERM to try if that one is unknown */
};

#define TTY_OPTIONS_INIT                           \
	{                                          \
		TTY_COLOR_AUTO, false, false, NULL \
	}

/* Opening and closing --------------------------------------------------- */

/*
 * Takes the terminal of standard input and output, or /dev/tty where one of
 * them is redirected. Sets LC_CTYPE from the environment.
 *
 * ERR_UNSUPPORTED: there is no terminal, or none that can be used; err is a
 * sentence with advice. Nothing was written then.
 */
ATTR_NODISCARD enum err_code tty_open(struct tty **out,
				      const struct tty_options *options,
				      struct err *err);
/* Gives the terminal back. NULL is allowed. */
void tty_close(struct tty *t);

/* Between them the terminal is as it was before tty_open; what was shown
 * comes back by itself, and KEYC_RESIZE follows if the size has changed. */
void tty_suspend(struct tty *t);
void tty_resume(struct tty *t);

/* What it can do -------------------------------------------------------- */

/* At least 1 each; a terminal that does not know says 24 and 80. */
void tty_size(const struct tty *t, int *rows, int *cols);
/* The glyphs to draw with. Where they are ASCII, text is made with SAFE_LIST
 * or SAFE_ASCII; a character beyond that would be shown as `?`. */
const struct glyphs *tty_glyphs(const struct tty *t);

/* Output ---------------------------------------------------------------- */

/*
 * Shows the canvas; only what changed is sent. A canvas of another size than
 * the terminal is cut or filled up with blanks. When it is more than 400 bytes
 * the rows next to the canvas' cursor go out first, and the rest behind them,
 * unless there is a key by then: that comes before it, and tty_wait sends the
 * rest before it sleeps.
 */
void tty_present(struct tty *t, const struct canvas *c);
/* Sends all of the screen anew: what ^L is for. */
void tty_redraw(struct tty *t);
/*
 * Asks the terminal to put text into its clipboard (OSC 52). There is no way
 * to learn whether it did. False when the text is too long to be sent.
 */
bool tty_clipboard(struct tty *t, struct str text);

/* Whether the terminal tells of its mouse; it does not to begin with. False
 * when it cannot. The terminal's own selection of text needs Shift then. */
bool tty_mouse(struct tty *t, bool on);

/* Input ----------------------------------------------------------------- */

enum { TTY_WATCH_MAX = 14 };

struct tty_event {
	key_code key;
	struct str text;    /* KEYC_PASTE: valid until the next tty_wait */
	struct mouse mouse; /* KEYC_MOUSE */
};

/*
 * Waits for the next event: at most `timeout_ms`, or for ever when that is
 * negative. `fds` (n up to TTY_WATCH_MAX, may be NULL) are watched as poll
 * does; their revents are set. `idle`: nothing is going on in the background
 * and nothing is left to be painted; it only decides when ^] is answered.
 */
void tty_wait(struct tty *t, int timeout_ms, bool idle, struct pollfd *fds,
	      size_t n, struct tty_event *ev);

/* True when tty_wait would give a key at once: not worth a frame yet. */
bool tty_pending(struct tty *t);

/* The signal that asked the program to end, or 0. A terminal that is gone
 * counts as SIGHUP. */
int tty_signal(const struct tty *t);

#endif /* TRAWL_TTY_H */
