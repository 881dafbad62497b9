/* SPDX-License-Identifier: MIT */
/*
 * chosen.h - the rows and alerts that an analyst has selected
 *
 * Events of the timeline, by row, and alerts, by rule and fold. What is
 * selected stays when filters hide it, for it was chosen by hand; commands act
 * on what is selected and in sight.
 *
 * Layer: ui, no terminal. Threads: one.
 */
#ifndef TRAWL_CHOSEN_H
#define TRAWL_CHOSEN_H

#include "detect/alert.h"
#include "store/store.h"

struct chosen_alert {
	rule_index rule;
	struct str fold; /* owned */
};

struct chosen {
	struct rowset rows;
	struct chosen_alert *alert;
	size_t n, cap;
	/* A range is being drawn in the list of a pane since it was at this
	 * place. */
	bool ranging;
	bool range_of_alerts;
	size_t anchor;
};

void chosen_init(struct chosen *p);
void chosen_release(struct chosen *p);
void chosen_clear(struct chosen *p);
static inline bool chosen_any(const struct chosen *p)
{
	return p->rows.n || p->n;
}

/* All of them, or, when they are selected already, none of them. */
void chosen_toggle_rows(struct chosen *p, const struct rowset *rows);
/* All of some rows. */
void chosen_set_rows(struct chosen *p, const struct rowset *rows);
bool chosen_has_alert(const struct chosen *p, const struct alert *a);
void chosen_set_alert(struct chosen *p, const struct alert *a, bool picked);

/* Is place `i` of a list in the range that is being drawn there? */
bool chosen_in_range(const struct chosen *p, bool alerts, size_t i,
		     size_t cursor);

/* The same events as rows of another store; those that went away go. */
void chosen_move(struct chosen *p, const struct store *from,
		 const struct store *to);

#endif /* TRAWL_CHOSEN_H */
