/* SPDX-License-Identifier: MIT */
/* What is asked of an identity, an incident or everybody. */
#include "ui/dispatch_private.h"

#include "ui/panes/profile.h"
#include "ui/panes/traces.h"

node_id app_identity(struct app *a)
{
	const struct pane *p = app_active(a);
	const struct desk *d = a->desk;
	node_id node = NODE_NONE;

	if (!d->snap)
		return NODE_NONE;
	if (p->class->identity)
		node = p->class->identity(p->state, d);
	if (!node && d->selected != ROW_NONE)
		node = lineage_subject(d->snap->lineage, d->selected);
	return node ? profile_subject(d->snap->lineage, node) : NODE_NONE;
}

/* The one node that a person's words mean, or NODE_NONE: it was told why. */
static node_id find_identity(struct app *a, struct str words)
{
	node_id found[2];
	size_t n = lineage_find(a->desk->snap->lineage, words, found, 2);

	if (n == 1)
		return found[0];
	app_say(a,
		n ? "%.*s may mean several identities; the lineage shows their "
		    "ids" :
		    "%.*s: no identity of that name in the evidence",
		STR_ARG(words));
	return NODE_NONE;
}

static void open_traces(struct app *a, enum traces_kind kind, struct str whose)
{
	struct desk *d = a->desk;
	enum traces_of of = TRACES_IDENTITY;
	node_id node = app_identity(a);

	if (!d->snap) {
		app_say(a, "nothing is loaded yet");
		return;
	}
	if (str_eq(whose, STR("all")))
		of = TRACES_EVERYBODY;
	else if (str_eq(whose, STR("incident")))
		of = TRACES_INCIDENT;
	else if (whose.n && !(node = find_identity(a, whose)))
		return;
	else if (!node)
		of = TRACES_EVERYBODY;
	if (of == TRACES_EVERYBODY && kind == TRACES_REACH) {
		app_say(a, "no identity is selected");
		return;
	}
	app_open(a, &overlay_traces,
		 traces_view_new(d, kind, of, node, d->selected));
}

bool dispatch_ask(struct app *a, enum screen_command cmd, struct str argument)
{
	switch (cmd) {
	case DO_PERSIST:
		open_traces(a, TRACES_PERSIST, argument);
		return true;
	case DO_DATA:
		open_traces(a, TRACES_DATA, argument);
		return true;
	case DO_REACH:
		open_traces(a, TRACES_REACH, argument);
		return true;
	default:
		return false;
	}
}
