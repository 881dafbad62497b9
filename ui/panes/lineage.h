/* SPDX-License-Identifier: MIT */
/*
 * lineage.h - the pivot view's own parts
 *
 * The pane shows the tree around the selected event's identity
 * (identity/tree.h), or in its place the matrix of one identity (matrix.h).
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_PANES_LINEAGE_H
#define TRAWL_PANES_LINEAGE_H

#include "identity/tree.h"
#include "ui/panes/matrix.h"

enum { LINEAGE_UNFOLD_LINES = 2000 }; /* that `*` and a search unfold at most */

/* A line that the analyst folded or unfolded, by its name. */
struct lineage_fold {
	struct strbuf name;
	bool open;
};

struct lineage_pane {
	struct list list;
	const struct lineage *l; /* of the snapshot that it was made of */
	uint64_t made_of;        /* that snapshot's version */
	struct tree_index *index;
	struct tree *tree; /* NULL until an event is selected */
	struct reader *reader;
	node_id focus; /* the selected event's acting node */
	row_id row;    /* that event */
	enum tree_form form;
	bool hints;
	bool focused;     /* else it is brief: see tree_set_brief */
	int rows;         /* of the pane */
	struct strbuf at; /* name of the line under the cursor */
	struct lineage_fold *fold;
	size_t fold_n, fold_cap;
	bool shows_matrix;
	struct strbuf of; /* id of the node whose matrix it is */
	struct matrix matrix;
};

/* The line under the cursor, or TREE_NO_LINE. */
uint32_t lineage_line(const struct lineage_pane *p);
/* The node that a line is about, its own or that of the line above, or
 * NODE_NONE. */
node_id lineage_line_node(const struct tree *t, uint32_t line);

/* The line under the cursor before the tree was planted anew, else the
 * identity's. */
uint32_t lineage_kept_line(const struct lineage_pane *p);
/* Makes the tree anew, of the focus and the options; the list is the old one's
 * until lineage_list_lines or lineage_list_tree. */
void lineage_plant(struct lineage_pane *p);
/* Lists the lines, with the cursor on one of them: where it stood on the
 * screen; or, of a new tree, from its root on, as far as the line can be seen
 * then. */
void lineage_list_lines(struct lineage_pane *p, uint32_t line);
void lineage_list_tree(struct lineage_pane *p, uint32_t line);
/* What the analyst folded and unfolded holds in the next tree, too. */
void lineage_note_fold(struct lineage_pane *p, uint32_t line, bool open);
void lineage_drop_folds(struct lineage_pane *p);
/* The matrix of a node takes the tree's place. */
void lineage_turn_to_matrix(struct lineage_pane *p, const struct desk *d,
			    node_id node);

/* The pane's, see struct pane_class. */
bool lineage_command(void *state, struct app *app, enum screen_command cmd,
		     struct str argument);

void lineage_draw_tree(const struct lineage_pane *p, const struct desk *d,
		       struct canvas *c, const struct drawing *how);
/* The last row: how the line under the cursor is known. */
void lineage_draw_evidence(const struct lineage_pane *p, const struct desk *d,
			   struct canvas *c, int row, struct arena *a);

/* The values that a line of the tree has. */
void lineage_line_picks(const struct lineage_pane *p, uint32_t line,
			struct picks *out);

/* The pane, which has the focus, turns to the matrix of a node. */
void lineage_show_matrix(struct app *app, node_id node);

/* What a line narrows the timeline to. */
struct scope lineage_scope(const struct tree *t, uint32_t line, bool below,
			   const struct time_zone *zone);

#endif /* TRAWL_PANES_LINEAGE_H */
