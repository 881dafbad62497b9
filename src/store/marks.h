/* SPDX-License-Identifier: MIT */
/*
 * marks.h - what higher layers have to say about rows
 *
 * Alerts are found above the store, but filters and panes ask for them by
 * row: detect writes marks, query and the panes read them. A mark ties a row
 * to a label, here an alerting rule; its level may differ from the label's,
 * since a call that was denied counts less. What an analyst said of rows goes
 * with them.
 *
 * Cost: the marks of a row O(log n); 8 bytes a mark.
 *
 * Layer: store. Ownership: the labels' texts belong to whoever made them and
 * outlive the marks. Threads: any number may read.
 */
#ifndef TRAWL_MARKS_H
#define TRAWL_MARKS_H

#include <stddef.h>

#include "model/attack.h"
#include "model/level.h"
#include "store/kin.h"
#include "store/rowset.h"
#include "store/said.h"

struct mark_label {
	struct str id; /* of the rule */
	struct str title;
	tactic_set tactics;
	const struct technique_id *technique;
	size_t technique_n;
};

struct mark {
	row_id row;
	uint32_t label : 24;
	uint32_t level : 8; /* enum level */
};

struct marks {
	struct mark_label *label;
	size_t label_n;
	struct mark *mark; /* by row, then label */
	size_t n;
	/* What an analyst has said of rows, and decided of marks, or NULL;
	 * theirs who put it here. */
	const struct said_rows *said;
	const struct judged_rows *judged;
	struct kin *kin; /* origins and incidents, or NULL; theirs likewise */
};

/* Takes the label and mark arrays over; sorts the marks. */
void marks_init(struct marks *m, struct mark_label *label, size_t label_n,
		struct mark *mark, size_t n);
void marks_release(struct marks *m);

/* The first mark of a row, and how many; NULL when it has none. */
const struct mark *marks_of(const struct marks *m, row_id row, size_t *n);
/* The distinct dispositions of a row's marks; returns how many. */
size_t marks_dispositions(const struct marks *m, row_id row,
			  enum disposition out[DISPOSITION_COUNT]);
/* The highest level of a row's marks; -1 when it has none. */
int marks_level(const struct marks *m, row_id row);

#endif /* TRAWL_MARKS_H */
