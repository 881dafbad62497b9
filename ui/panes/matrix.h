/* SPDX-License-Identifier: MIT */
/*
 * matrix.h - the services and accounts in which one identity acted
 *
 * The lineage pane shows it in place of its tree. Rows are services, columns
 * accounts; each cell counts events, and denied or failed ones, tells the worst
 * alert on them, and opens them. The rows move with the pane's list, the column is the matrix' own.
 *
 * Layer: ui, no terminal. A matrix belongs to one snapshot.
 */
#ifndef TRAWL_MATRIX_H
#define TRAWL_MATRIX_H

#include "identity/walk.h"
#include "ui/pane.h"

enum { MATRIX_ACCOUNTS = 64 };

struct matrix {
	struct walk walk; /* member[0] is whose matrix it is */
	int *level;       /* worst alert of each of its cells */
	uint32_t account[MATRIX_ACCOUNTS]; /* values of the column */
	uint32_t *source;
	size_t account_n, source_n;
	size_t column; /* the chosen account */
};

/* Overwrites it but for the chosen column, which stays if it can. */
void matrix_make(struct matrix *m, const struct lineage *l,
		 const struct marks *marks, node_id node);
void matrix_release(struct matrix *m);

/* Adds the name of a row's service. */
void matrix_row_text(const struct matrix *m, const struct store *s, size_t row,
		     struct strbuf *out);
/* One column to the left or the right. */
void matrix_move(struct matrix *m, int by);

/* Accounts in the first row of the canvas, then services. */
void matrix_draw(const struct matrix *m, const struct list *list,
		 const struct desk *d, struct canvas *c,
		 const struct drawing *how);
/* First and last time of the chosen cell, and all that it counts. */
void matrix_draw_times(const struct matrix *m, const struct list *list,
		       const struct desk *d, struct canvas *c, int row,
		       struct arena *a);

/* The service of a row and the chosen account. */
void matrix_picks(const struct matrix *m, const struct store *s, size_t row,
		  struct picks *out);

/* The scope of the chosen cell, or SCOPE_ALL when nothing was done there. */
struct scope matrix_scope(const struct matrix *m, const struct lineage *l,
			  size_t row);

#endif /* TRAWL_MATRIX_H */
