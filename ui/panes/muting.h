/* SPDX-License-Identifier: MIT */
/*
 * muting.h - the menu by which an alert is muted, or heard again
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_MUTING_H
#define TRAWL_MUTING_H

#include "ui/app.h"

/* Mutes the alert's rule for what was typed, "actor", "everywhere" or an
 * address; without it opens the menu of what is possible, for one that is
 * muted of what makes it heard again. */
void mute_alert(struct app *app, const struct alert *al, bool muted,
		struct str what);

#endif /* TRAWL_MUTING_H */
