/* SPDX-License-Identifier: MIT */
/* What is asked of an identity, an incident or everybody. */
#include "ui/dispatch_private.h"

#include "detect/incident.h"
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

node_id app_find_identity(struct app *a, struct str words)
{
	node_id found[2];
	size_t n;

	if (!a->desk->snap) {
		app_say(a, "nothing is loaded yet");
		return NODE_NONE;
	}
	n = lineage_find(a->desk->snap->lineage, words, found, 2);
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
	else if (whose.n && !(node = app_find_identity(a, whose)))
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

/* Of what was named, else of who is behind the selected event; panes whose
 * cursor stands on a value have gone there. */
static void show_profile(struct app *a, struct str words,
			 enum profile_part part)
{
	node_id node = NODE_NONE;

	if (words.n) {
		profile_go_to(a, words, part);
		return;
	}
	node = app_identity(a);
	if (node)
		profile_go(a, a->desk->snap->lineage, node, part);
	else
		app_say(a, a->desk->selected == ROW_NONE ?
				   "no event is selected" :
				   "nobody acts in this row");
}

/* Events of an incident, as a scope names them. */
static void show_incident(struct app *a, const struct incident *x)
{
	const struct store *s = a->desk->snap->store;
	struct strbuf ids;

	strbuf_init(&ids);
	for (size_t i = 0; i < x->rows.n && i < SCOPE_IDS; i++) {
		if (i)
			strbuf_addc(&ids, ' ');
		store_id_text(s, x->rows.row[i], &ids);
	}
	app_drill(a, scope_make(SCOPE_EVENTS, strbuf_str(&ids), STR_NULL,
				STR_NULL, STR("the incident")));
	desk_select(a->desk, x->first_row);
	a->desk->version++;
	strbuf_release(&ids);
}

/* The incident that the selected event belongs to, from its first step on. */
static void show_entry(struct app *a)
{
	const struct snapshot *s = a->desk->snap;
	const struct incident *found = NULL;
	struct incident_map map;
	struct incidents all;
	uint32_t group;

	if (!s || a->desk->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	incident_map_make(&map, s->lineage, &s->marks, &s->site);
	incidents_form(&all, &map, &s->alerts, s->store);
	group = map.group[incident_identity(&map, a->desk->selected)];
	for (size_t i = 0; group && !found && i < all.n; i++)
		if (map.group[all.incident[i].identity[0]] == group)
			found = &all.incident[i];
	if (found)
		show_incident(a, found);
	else
		app_say(a, "the event is of no incident; H in the lineage "
			   "shows who may be behind it");
	incidents_release(&all);
	incident_map_release(&map);
}

bool dispatch_ask(struct app *a, enum screen_command cmd, struct str argument)
{
	switch (cmd) {
	case DO_PANE_PROFILE:
		show_profile(a, argument, PROFILE_TOP);
		return true;
	case DO_DONE_TO:
		show_profile(a, argument, PROFILE_DONE_TO);
		return true;
	case DO_REVOKE:
		show_profile(a, argument, PROFILE_REVOKE);
		return true;
	case DO_ENTRY:
		show_entry(a);
		return true;
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
