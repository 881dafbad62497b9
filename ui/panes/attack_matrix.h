/* SPDX-License-Identifier: MIT */
/*
 * attack_matrix.h - ATT&CK as a matrix: a column a tactic, a cell a technique
 *
 * The ATT&CK pane shows it where there is room. Line 0 of the chosen column's
 * list is the tactic as a whole, the others are its techniques. Tactics
 * without alerts are hidden unless asked for.
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_ATTACK_MATRIX_H
#define TRAWL_ATTACK_MATRIX_H

#include "ui/pane.h"
#include "ui/panes/attack_cells.h"

/* From this many columns on there is room; lines that are no cells. */
enum { ATTACK_MATRIX_COLS = 100, ATTACK_MATRIX_LINES = 4 };

struct attack_matrix {
	enum attack_tactic tactic; /* the chosen column */
	bool all;                  /* also those without alerts */
};

/* The chosen cell, for the row of the list. */
const struct attack_cell *attack_matrix_cell(const struct attack_matrix *m,
					     const struct attack_cells *c,
					     size_t row);
/* One column to the left or the right, of those that are shown. */
void attack_matrix_move(struct attack_matrix *m, const struct attack_cells *c,
			int by);
/* A column that is shown, the chosen one if it is. */
void attack_matrix_settle(struct attack_matrix *m,
			  const struct attack_cells *c);
/* How many are not shown. */
unsigned attack_matrix_hidden(const struct attack_matrix *m,
			      const struct attack_cells *c);
/* How many of those that are shown `cols` columns have no room for. */
void attack_matrix_beyond(const struct attack_matrix *m,
			  const struct attack_cells *cells, int cols,
			  size_t *left, size_t *right);

void attack_matrix_draw(const struct attack_matrix *m,
			const struct attack_cells *cells,
			const struct list *list, const struct desk *d,
			struct canvas *c, const struct drawing *how);

#endif /* TRAWL_ATTACK_MATRIX_H */
