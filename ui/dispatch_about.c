/* SPDX-License-Identifier: MIT */
/* Keys that act on an event, where the cursor stands on something else. */
#include "ui/dispatch_private.h"

/* Said of events in the case. */
static bool is_saying(enum screen_command cmd)
{
	return cmd == DO_STAR || cmd == DO_NOTE || cmd == DO_TAG ||
	       cmd == DO_DISPOSE;
}

static bool is_about_event(enum screen_command cmd, struct str argument)
{
	switch (cmd) {
	case DO_IDENTITY:
	case DO_MATRIX:
	case DO_REVOKE:
		return !argument.n; /* else of whom was said */
	case DO_PIVOT:
	case DO_GUIDE:
	case DO_CONTEXT:
	case DO_WHY:
		return true;
	default:
		return is_saying(cmd);
	}
}

/* Of a line that stands for several events the first leads on; what is said is
 * said of events that one sees. */
bool app_take_event(struct app *a, struct pane *p, enum screen_command cmd,
		    struct str argument)
{
	struct desk *d = a->desk;
	size_t of = 1;
	row_id row;

	if (!p->class->event || !d->snap || !is_about_event(cmd, argument) ||
	    (is_saying(cmd) && chosen_any(&d->chosen)))
		return true;
	row = p->class->event(p->state, d, &of);
	if (row == ROW_NONE) {
		app_say(a, "the line is about no event; Enter goes into it");
	} else if (is_saying(cmd) && of > 1) {
		app_say(a,
			"the line stands for %zu events: Enter shows them, T "
			"selects all of them there",
			of);
	} else if (rowset_has(&d->rows, row)) {
		desk_select(d, row);
		d->version++;
		return true;
	} else if (cmd == DO_CONTEXT) {
		app_look_around(a, row);
	} else {
		app_say(a, "its event is not among those shown: x goes there, "
			   "X drops what narrows");
	}
	return false;
}
