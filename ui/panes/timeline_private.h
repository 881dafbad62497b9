/* SPDX-License-Identifier: MIT */
/*
 * timeline_private.h - what timeline.c and timeline_draw.c share
 *
 * Layer: ui/panes, inside.
 */
#ifndef TRAWL_TIMELINE_PRIVATE_H
#define TRAWL_TIMELINE_PRIVATE_H

#include "ui/lines.h"
#include "ui/pane.h"
#include "ui/term/list.h"

struct timeline_pane {
	struct list list; /* of lines */
	struct lines lines;
	struct strbuf unfolded; /* ids of lines.except, a blank behind each */
	row_id shown;           /* the selected row, as of the last refresh */
	size_t shown_evidence;  /* the line of evidence likewise */
	row_id anchor;          /* that all is around, or ROW_NONE */
	uint64_t made_of;      /* version of the snapshot that it is a row of */
	uint64_t rows_version; /* of the desk's rows that the lines are of */
	size_t cursor;         /* line before it was moved */
	int addresses;         /* columns of the longest address */
	size_t top; /* the first line, once they are made; SIZE_MAX: any */
};

/* timeline_draw.c */
void timeline_draw(const void *state, const struct desk *d, struct canvas *c,
		   const struct drawing *how);

#endif /* TRAWL_TIMELINE_PRIVATE_H */
