/* SPDX-License-Identifier: MIT */
/*
 * dispatch.h - what commands mean where no pane has a meaning of its own
 *
 * Layer: ui, inside.
 */
#ifndef TRAWL_DISPATCH_H
#define TRAWL_DISPATCH_H

#include "ui/app.h"

/* `quitting`: the command before was a q that asked whether to quit. */
void dispatch(struct app *a, enum screen_command cmd, struct str argument,
	      bool quitting);
/* A letter or digit of a menu that lies on top; false when it is none. */
bool dispatch_menu_key(struct app *a, key_code key);

#endif /* TRAWL_DISPATCH_H */
