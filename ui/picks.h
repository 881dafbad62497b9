/* SPDX-License-Identifier: MIT */
/*
 * picks.h - the values that `+` and `-` can keep or hide, of any pane
 *
 * A pane says which values the line under its cursor has; where it has one
 * alone that is taken at once, else one chooses, and sees how many of the
 * events shown each would keep.
 *
 * Texts borrow from what the pane shows. Layer: ui, no terminal.
 */
#ifndef TRAWL_PICKS_H
#define TRAWL_PICKS_H

#include "identity/lineage.h"
#include "ui/desk.h"

enum { PICKS_MOST = 24 };

struct pick {
	char key; /* in the menu; 0: none */
	const char *field;
	struct str value;
};

struct picks {
	struct arena *arena;
	struct pick item[PICKS_MOST];
	size_t n;
};

/* Adds one; what is empty, or is there already, is not added. A letter that is
 * taken goes to the first one. */
void picks_add(struct picks *p, char key, const char *field, struct str value);
/* The values of an event: its call, who, where from, what rules found. */
void picks_event(struct picks *p, const struct desk *d, row_id row);
/* The same of what is selected: of the event, or of a line of evidence. */
void picks_here(struct picks *p, const struct desk *d);
/* By who a node of the lineage is. */
void picks_node(struct picks *p, const struct lineage *l, node_id node);

/* How many of the events shown a filter finds; false when records would have
 * to be read for it. */
bool picks_count(const struct desk *d, struct str filter, size_t *n);

#endif /* TRAWL_PICKS_H */
