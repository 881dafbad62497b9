/* SPDX-License-Identifier: MIT */
/*
 * state.h - does what the workbench holds contradict itself?
 *
 * After any key: cursors are in their lists, what is selected is among what is
 * shown, rows narrow down from filter to window to scope. And now and then what
 * costs more: a desk that was never used has the same rows for the same filter,
 * what is undone and done again is as it was, and so is the place that one goes
 * back from and forward to again.
 *
 * Layer: tests.
 */
#ifndef PANES_STATE_H
#define PANES_STATE_H

#include "base/strbuf.h"
#include "ui/app.h"

/* Until nothing is going on, and draws it. */
void state_settle(struct app *a, struct canvas *c);

/* False, and in `why` what contradicts what. */
bool state_is_sound(struct app *a, struct strbuf *why);
/* The same, of the whole; moves back and forward. Nothing may be going
 * on; settle the app afterwards. */
bool state_comes_back(struct app *a, struct strbuf *why);

#endif /* PANES_STATE_H */
