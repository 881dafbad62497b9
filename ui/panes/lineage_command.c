/* SPDX-License-Identifier: MIT */
/* What keys do in the pivot view: to the tree, and to the matrix. */
#include "ui/app.h"

#include "ui/panes/lineage.h"
#include "ui/panes/profile.h"

/* The tree ------------------------------------------------------------------- */

static void fold(struct lineage_pane *p, bool open)
{
	uint32_t line = lineage_line(p);
	struct tree *t = p->tree;

	if (line == TREE_NO_LINE)
		return;
	if (open) {
		if (tree_open(t, line))
			lineage_note_fold(p, line, true);
	} else if (t->line[line].open) {
		tree_close(t, line);
		lineage_note_fold(p, line, false);
	} else if (t->line[line].parent != TREE_NO_LINE) {
		/* Nothing to fold: go to the line above it in the tree. */
		line = t->line[line].parent;
	}
	lineage_list_lines(p, line);
}

static void fold_all(struct lineage_pane *p, struct app *app)
{
	struct tree *t = p->tree;
	uint32_t before = t->shown_n;

	lineage_drop_folds(p);
	tree_open_all(t, LINEAGE_UNFOLD_LINES, TREE_UNFOLD_WHOLE);
	if (t->shown_n == before)
		tree_close_all(t);
	else if (t->shown_n >= LINEAGE_UNFOLD_LINES)
		app_say(app, "unfolded as far as %d lines",
			LINEAGE_UNFOLD_LINES);
	lineage_list_lines(p, 0);
}

static void drill(struct lineage_pane *p, struct app *app, const struct desk *d,
		  bool below)
{
	uint32_t line = lineage_line(p);
	struct scope scope;

	if (line == TREE_NO_LINE)
		return;
	if (p->tree->line[line].kind == TREE_MORE) {
		fold(p, true);
		return;
	}
	scope = lineage_scope(p->tree, line, below, &d->zone);
	app_drill(app, scope);
}

/* To the event by which the line is known. False: it hangs on nothing. */
static bool go_to_evidence(struct lineage_pane *p, struct app *app)
{
	uint32_t line = lineage_line(p);
	row_id row = line == TREE_NO_LINE ? ROW_NONE :
					    tree_event(p->tree, line);

	if (row == ROW_NONE)
		return false;
	app_look_around(app, row);
	return true;
}

static void say_form(const struct lineage_pane *p, struct app *app)
{
	app_say(app, "%s%s", tree_form_text(p->form),
		p->tree->n ? "" : "; there is none among these events");
}

static void reroot(struct lineage_pane *p, struct app *app, struct str word)
{
	enum tree_form form = TREE_FORM_COUNT;

	for (int i = 0; i < TREE_FORM_COUNT; i++)
		if (str_eq_fold(word,
				str_of(tree_form_word((enum tree_form)i))))
			form = (enum tree_form)i;
	if (word.n && form == TREE_FORM_COUNT) {
		app_say(app, "person, key, address or api");
		return;
	}
	p->form = word.n ? form :
			   (enum tree_form)((p->form + 1) % TREE_FORM_COUNT);
	strbuf_clear(&p->at);
	lineage_plant(p);
	lineage_list_tree(p, p->tree->n ? p->tree->focus : TREE_NO_LINE);
	say_form(p, app);
}

static void toggle_hints(struct lineage_pane *p, struct app *app)
{
	p->hints = !p->hints;
	lineage_plant(p);
	lineage_list_tree(p, lineage_kept_line(p));
	app_say(app, p->hints ? "hints are shown: who may have read a key, who "
				"shares an address; they prove nothing" :
				"hints are hidden");
}

static void toggle_matrix(struct lineage_pane *p, const struct desk *d)
{
	uint32_t line = lineage_line(p);
	node_id node;

	if (p->shows_matrix) {
		p->shows_matrix = false;
		lineage_list_lines(p, lineage_kept_line(p));
		return;
	}
	node = line == TREE_NO_LINE ? NODE_NONE :
				      lineage_line_node(p->tree, line);
	if (!node)
		node = tree_root(p->tree);
	p->list.cursor = 0;
	lineage_turn_to_matrix(p, d, node);
}

void lineage_show_matrix(struct app *app, node_id node)
{
	struct lineage_pane *p = app_pane(app, PANE_LINEAGE)->state;

	p->list.cursor = 0;
	if (p->tree)
		lineage_turn_to_matrix(p, app_desk(app), node);
}

/* The matrix ---------------------------------------------------------------- */

/* The values of a cell are those of its events. */
static void open_calls(struct app *app, struct scope scope)
{
	app_drill(app, scope);
	app_command(app, DO_VALUES, STR("eventName"));
}

/* Of a cell of the matrix without events. */
static void say_none(struct app *app, const struct matrix *m,
		     const struct desk *d)
{
	struct str account = m->column < m->account_n ?
				     store_value(d->snap->store, EVENT_ACCOUNT,
						 m->account[m->column]) :
				     STR_NULL;
	struct strbuf text;

	strbuf_init(&text);
	desk_none_of(app_desk(app), account, &text);
	app_say(app, "nothing there; %s", text.p);
	strbuf_release(&text);
}

static bool matrix_command(struct lineage_pane *p, struct app *app,
			   const struct desk *d, enum screen_command cmd)
{
	struct scope scope;

	switch (cmd) {
	case DO_FOLD:
	case DO_UNFOLD:
		matrix_move(&p->matrix, cmd == DO_FOLD ? -1 : 1);
		return true;
	case DO_DRILL:
	case DO_VALUES:
		scope = matrix_scope(&p->matrix, p->l, p->list.cursor);
		if (scope.kind == SCOPE_ALL)
			say_none(app, &p->matrix, d);
		else if (cmd == DO_VALUES)
			open_calls(app, scope);
		else
			app_drill(app, scope);
		return true;
	case DO_PANE_PROFILE:
	case DO_REVOKE:
		profile_go(app, p->l, p->matrix.walk.member[0],
			   cmd == DO_REVOKE ? PROFILE_REVOKE : PROFILE_TOP);
		return true;
	case DO_CLOSE:
		toggle_matrix(p, d);
		return true;
	case DO_SUBTREE:
	case DO_REROOT:
	case DO_HINTS:
	case DO_FOLD_ALL:
		app_say(app, "not in the matrix; M turns to the tree");
		return true;
	default:
		return false;
	}
}

/* Either --------------------------------------------------------------------- */

bool lineage_command(void *state, struct app *app, enum screen_command cmd,
		     struct str argument)
{
	const struct desk *d = app_desk(app);
	struct lineage_pane *p = state;
	node_id node;

	/* Of somebody who was named: not of the line. */
	if (!p->tree || (argument.n && cmd != DO_REROOT))
		return false;
	if (cmd == DO_MATRIX) {
		toggle_matrix(p, d);
		return true;
	}
	if (p->shows_matrix)
		return matrix_command(p, app, d, cmd);
	switch (cmd) {
	case DO_FOLD:
	case DO_UNFOLD:
		fold(p, cmd == DO_UNFOLD);
		return true;
	case DO_FOLD_ALL:
		fold_all(p, app);
		return true;
	case DO_DRILL:
	case DO_SUBTREE:
		drill(p, app, d, cmd == DO_SUBTREE);
		return true;
	case DO_REROOT:
		reroot(p, app, argument);
		return true;
	case DO_HINTS:
		toggle_hints(p, app);
		return true;
	case DO_PANE_PROFILE:
	case DO_REVOKE:
		node = lineage_line_node(p->tree, lineage_line(p));
		profile_go(app, p->l, node ? node : tree_root(p->tree),
			   cmd == DO_REVOKE ? PROFILE_REVOKE : PROFILE_TOP);
		return true;
	case DO_CONTEXT:
		return go_to_evidence(p, app);
	default:
		return false;
	}
}
