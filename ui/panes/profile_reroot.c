/* SPDX-License-Identifier: MIT */
/* From the page of an entity to its events by address, key and API. */
#include "ui/app.h"
#include "ui/panes/lineage.h"
#include "ui/panes/profile_private.h"

/* Somebody who acts, of whom there is a lineage. */
static bool is_person(const struct profile_pane *p)
{
	return p->page.node && p->l->node[p->page.node].kind != NODE_IP &&
	       p->l->node[p->page.node].kind != NODE_ACCOUNT;
}

/* What stands first: the entity itself where that is one of the three, of
 * whoever has keys these, else where the calls came from. */
static struct str first_level(const struct profile_pane *p)
{
	const struct entity *e = &p->page.entity;

	if (e->kind == ENTITY_VALUE &&
	    (e->column == EVENT_NAME || e->column == EVENT_SOURCE))
		return str_of(tree_form_word(TREE_BY_API));
	return str_of(
		tree_form_word(is_person(p) ? TREE_BY_KEY : TREE_BY_ADDRESS));
}

/* An identity's own events, as when its lineage is asked for; of everything
 * else the first event that is shown and has an identity. */
static bool select_event(const struct profile_pane *p, struct desk *d,
			 bool person)
{
	struct rowset shown = ROWSET_INIT;
	row_id row = ROW_NONE;
	struct strbuf label;

	if (person) {
		strbuf_init(&label);
		node_describe(p->l, p->page.node, &label);
		desk_set_scope(d, scope_make(SCOPE_NODE,
					     lineage_id(p->l, p->page.node),
					     STR_NULL, STR_NULL,
					     strbuf_str(&label)));
		strbuf_release(&label);
	}
	rowset_intersect(&shown, &p->page.profile.rows, &d->rows);
	for (size_t i = 0; i < shown.n && row == ROW_NONE; i++)
		if (d->snap->lineage->acting[shown.row[i]])
			row = shown.row[i];
	rowset_release(&shown);
	if (row == ROW_NONE)
		return false;
	desk_select(d, row);
	d->version++;
	return true;
}

void profile_reroot(const struct profile_pane *p, struct app *app)
{
	const struct lineage_pane *l = app_pane(app, PANE_LINEAGE)->state;
	struct str form = first_level(p);

	if (!p->page.has) {
		app_say(app, "its events are still looked for");
		return;
	}
	app_remember(app);
	if (!select_event(p, app_desk(app), is_person(p))) {
		app_say(app, "no event of it that is shown has an identity");
		return;
	}
	app_focus(app, PANE_LINEAGE);
	if (l->shows_matrix)
		app_command(app, DO_MATRIX, STR_NULL);
	if (l->tree)
		app_command(app, DO_REROOT, form);
}
