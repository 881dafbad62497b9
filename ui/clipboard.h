/* SPDX-License-Identifier: MIT */
/*
 * clipboard.h - text for the clipboard of whoever sits at the terminal
 *
 * Inside tmux by `tmux load-buffer -w -`, which works whatever its settings;
 * else the terminal is asked (OSC 52). Never by a program of this host: over
 * SSH its clipboard is somebody else's. The clipboard is not read.
 *
 * Layer: ui. Threads: the screen's.
 */
#ifndef TRAWL_CLIPBOARD_H
#define TRAWL_CLIPBOARD_H

#include "ui/term/tty.h"

/* False when it was certainly not sent; nobody says that it was. Waits for
 * tmux for a second at most. */
bool clipboard_send(struct tty *tty, struct str text);

#endif /* TRAWL_CLIPBOARD_H */
