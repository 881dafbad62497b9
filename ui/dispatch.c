/* SPDX-License-Identifier: MIT */
#include "ui/dispatch.h"

#include "ui/dispatch_private.h"
#include "ui/panes/text.h"

/* Why a list has one order. */
static void say_order(struct app *a)
{
	static const struct {
		uint32_t context;
		const char *why;
	} one[] = {
		{ IN_TIMELINE, "the timeline is in order of time; v counts the "
			       "values of a column, L shows who by when" },
		{ IN_ATTACK, "tactics are in ATT&CK's order, techniques by "
			     "their alerts" },
		{ IN_LINEAGE, "a tree is in order of time; r has it by key, "
			      "address, API" },
		{ IN_DETAIL, "a record is in the order that it was written in; "
			     "/ searches in it" },
		{ IN_PROFILE, "what a page lists is in order of its events; v "
			      "counts the values of a field" },
	};
	uint32_t context = app_active(a)->class->context;

	for (size_t i = 0; i < ARRAY_SIZE(one); i++)
		if (one[i].context == context) {
			app_say(a, "%s", one[i].why);
			return;
		}
	app_say(a, "this list has one order");
}

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
		app_say(a, "w shows the lines in full, which h and l scroll");
		break;
	case DO_SORT:
	case DO_REVERSE:
		say_order(a);
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
