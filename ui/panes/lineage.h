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
