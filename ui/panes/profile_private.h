/* SPDX-License-Identifier: MIT */
/*
 * profile_private.h - the page of an identity: what it says, and its rows
 *
 * profile_page.c asks the questions, profile.c arranges the answers in rows,
 * profile_draw.c draws them.
 *
 * Layer: ui, inside.
 */
#ifndef TRAWL_PROFILE_PRIVATE_H
#define TRAWL_PROFILE_PRIVATE_H

#include "casework/investigation.h"
#include "identity/question.h"
#include "ui/pane.h"

/* Calls of one name: what it did, or what was done to it and by whom. */
struct page_call {
	uint32_t name, source; /* values of the columns */
	node_id by;            /* who did it to it; NODE_NONE: itself */
	uint32_t events, denied, failed;
	int level; /* worst alert, -1: none */
	row_id first;
	struct rowset rows; /* of what was done to it */
};

/* What a page says of a node. Points into the snapshot. */
struct page {
	node_id node;
	struct rowset rows; /* its own */
	uint32_t denied, failed;
	struct origin origin;
	struct page_call *did; /* worst alert first, then most events */
	size_t did_n;
	struct page_call *on; /* in order of time */
	size_t on_n;
	struct suspects suspects;
	struct revocation revocation;
};

void page_make(struct page *p, const struct snapshot *snap, node_id node);
void page_release(struct page *p);

/* The pane ---------------------------------------------------------------- */

enum { HEAD_ROWS = 3 }; /* lines that do not scroll */

enum part {
	PART_NONE, /* a blank, a heading */
	PART_DID,
	PART_ON,
	PART_SUSPECT, /* number among responsible, then built_by */
	PART_CREDENTIAL,
	PART_HOW,      /* words of advice: a slice of them */
	PART_NONE_WHY, /* a slice of why nothing may be there */
};

/* One row, of a column or of the page. */
struct profile_cell {
	enum part part;
	uint32_t number;
	const char *heading;
	struct str how;
};

struct profile_row {
	struct profile_cell cell[2]; /* [1] only where parts stand abreast */
	bool abreast;
};

struct profile_pane {
	struct list list;
	struct strbuf of; /* id of the node; empty: nobody was asked for */
	uint64_t made_of; /* the snapshot's version */
	struct page page;
	struct profile_row *row;
	size_t n, cap;
	size_t on, revoke; /* the rows where these begin */
	struct strbuf why; /* what the evidence lacks of it */
	int cols;
	int side; /* 0 or 1: the column of the cursor */
};

/* What stands where a part is empty. */
extern const char profile_nothing[];

static inline const struct suspect *profile_suspect(
	const struct profile_pane *p, uint32_t number)
{
	const struct suspects *s = &p->page.suspects;

	return number < s->responsible_n ?
		       &s->responsible[number] :
		       &s->built_by[number - s->responsible_n];
}

void profile_draw(const void *state, const struct desk *d, struct canvas *c,
		  const struct drawing *how);

#endif /* TRAWL_PROFILE_PRIVATE_H */
