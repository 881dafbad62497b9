/* SPDX-License-Identifier: MIT */
#include "ui/dispatch.h"

#include "ui/dispatch_private.h"
#include "ui/panes/text.h"

void dispatch(struct app *a, enum screen_command cmd, struct str argument,
	      bool quitting)
{
	if (dispatch_move(a, cmd) || dispatch_time(a, cmd, argument) ||
	    dispatch_look(a, cmd, argument) ||
	    dispatch_narrow(a, cmd, argument) ||
	    dispatch_filters(a, cmd, argument) ||
	    dispatch_choose(a, cmd, argument) ||
	    dispatch_case(a, cmd, argument) || dispatch_go(a, cmd, argument) ||
	    dispatch_ask(a, cmd, argument) ||
	    dispatch_export(a, cmd, argument) ||
	    dispatch_program(a, cmd, argument, quitting))
		return;
	switch (cmd) {
	case DO_SEARCH:
		if (argument.n)
			app_search(a, argument);
		else
			app_ask(a, ASK_SEARCH, STR_NULL);
		break;
	case DO_SEARCH_NEXT:
	case DO_SEARCH_PREV:
		app_search_again(a, cmd == DO_SEARCH_PREV);
		break;
	case DO_LEFT:
	case DO_RIGHT:
		break;
	default:
		app_say(a,
			a->desk->snap ? "%s does nothing in this pane" :
					"%s: nothing is loaded yet",
			screen_commands[cmd].name);
	}
}

/* Overlays ---------------------------------------------------------------- */

bool dispatch_menu_key(struct app *a, key_code key)
{
	struct pane *p = app_active(a);

	return p->class == &overlay_menu && menu_key(a, p->state, key);
}
