/* SPDX-License-Identifier: MIT */
#include "casework/case_file.h"
#include "ui/dispatch_private.h"

/* From what is looked into back to the lists, the way it was come by. */
static void leave_pane(struct app *a)
{
	const struct place *before =
		a->history.at ? &a->history.place[a->history.at - 1] : NULL;

	if (before && before->focus != a->focus &&
	    scope_equal(&before->scope, &a->desk->scope))
		app_go_back(a);
	else
		app_focus(a, PANE_TIMELINE);
}

/* One level back: overlay, pane, scope, zoom; at the bottom ask once. */
static void close_level(struct app *a, bool quitting)
{
	if (a->overlay_n)
		app_close_overlay(a);
	else if (a->layout.kind == LAYOUT_MESSAGE)
		a->ended = true;
	else if (a->focus != PANE_ALERTS && a->focus != PANE_TIMELINE)
		leave_pane(a);
	else if (a->desk->scope.kind != SCOPE_ALL && a->history.at)
		app_go_back(a);
	else if (a->desk->scope.kind != SCOPE_ALL)
		desk_set_scope(a->desk, (struct scope)SCOPE_INIT);
	else if (a->zoomed) {
		a->zoomed = false;
		app_layout(a);
	} else if (quitting) {
		a->ended = true;
	} else {
		a->asked_to_quit = true;
		app_say(a, "press q again to quit");
	}
}

static void cancel(struct app *a)
{
	if (a->searched.n)
		strbuf_clear(&a->searched);
	else if (a->overlay_n)
		app_close_overlay(a);
	else if (chosen_any(&a->desk->chosen) || a->desk->chosen.ranging) {
		chosen_clear(&a->desk->chosen);
		app_say(a, "nothing is selected any more");
	} else
		app_say(a, "q closes, Q quits, [ goes back");
}

static void interrupt(struct app *a)
{
	if (a->finding.active) {
		a->finding.active = false;
		app_say(a, "search stopped");
	} else if (choosing_interrupt(a)) {
		app_say(a, "stopped: nothing was selected");
	} else if (desk_stop(a->desk)) {
		app_say(a, "stopped: what was found so far is shown");
	} else if (saving_interrupt(a)) {
		app_say(a, "stopped: nothing was written");
	} else if (app_follow_interrupt(a)) {
		return;
	} else if (a->desk->load.loading) {
		investigation_cancel(a->desk->inv);
		app_say(a, "loading stopped: what was loaded stays, marked "
			   "partial");
	} else {
		app_say(a, "nothing is running; Q quits");
	}
}

static void write_case(struct app *a)
{
	struct case_file *c = a->desk->case_file;
	struct err err;

	if (!c) {
		app_say(a, "there is no case to save");
		return;
	}
	app_keep_place(a);
	if (case_save(c, &err))
		app_say(a, "%s", err.msg);
	else
		app_say(a, "saved: %s", case_path(c));
}

bool dispatch_program(struct app *a, enum screen_command cmd,
		      struct str argument, bool quitting)
{
	switch (cmd) {
	case DO_ERRORS:
		app_open_errors(a);
		return true;
	case DO_HELP:
		app_open_help(a, argument);
		return true;
	case DO_COMMAND:
		app_ask(a, ASK_COMMAND, STR_NULL);
		return true;
	case DO_CLOSE:
		close_level(a, quitting);
		return true;
	case DO_CANCEL:
		cancel(a);
		return true;
	case DO_QUIT:
		a->ended = true;
		return true;
	case DO_INTERRUPT:
		interrupt(a);
		return true;
	case DO_WRITE:
		write_case(a);
		return true;
	case DO_SUSPEND:
		a->wish = APP_WISHES_SUSPEND;
		return true;
	case DO_FOLLOW:
		app_follow(a, argument);
		return true;
	case DO_OPEN:
		app_open_path(a, argument);
		return true;
	case DO_SET:
		app_set(a, argument);
		return true;
	case DO_MAP:
		app_map(a, argument);
		return true;
	case DO_UNMAP:
		app_unmap(a, argument);
		return true;
	case DO_REDRAW:
		a->wish = APP_WISHES_REDRAW;
		return true;
	default:
		return false;
	}
}
