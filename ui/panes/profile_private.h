/* SPDX-License-Identifier: MIT */
/*
 * profile_private.h - the page of an entity: what it says, and its rows
 *
 * profile_page.c asks the questions, at once or on a thread, profile_rows.c
 * arranges the answers in rows, profile_draw.c draws them, profile.c is the
 * pane.
 *
 * Layer: ui, inside.
 */
#ifndef TRAWL_PROFILE_PRIVATE_H
#define TRAWL_PROFILE_PRIVATE_H

#include "base/job.h"
#include "casework/profile.h"
#include "identity/break_glass.h"
#include "identity/question.h"
#include "ui/pane.h"
#include "ui/panes/profile.h"

/* Calls of one name that were done to an identity, and by whom. */
struct page_call {
	uint32_t name, source; /* values of the columns */
	node_id by;            /* who did it to it */
	uint32_t events, denied, failed;
	int level; /* worst alert, -1: none */
	row_id first;
	struct rowset rows;
};

/* What a page says of an entity. Points into the snapshot. */
struct page {
	struct entity entity; /* ENTITY_NONE: nothing was asked for */
	node_id node;         /* of the graph; else the rest is empty */
	bool has;             /* the profile is there */
	bool asked;           /* what follows it is there */
	struct profile profile;
	struct origin origin;
	/* The line of the site file that names what it came of, or NULL. */
	const struct site_entry *break_glass;
	struct page_call *on; /* in order of time */
	size_t on_n;
	struct suspects suspects;
	struct revocation revocation;
	node_id revoked; /* whose these are, where itself has none */
};

/* What is asked on a thread: the page's counts with all that takes longer, of
 * a resource also its rows. */
struct page_more {
	struct job job;
	bool running;
	struct snapshot *snap; /* held */
	const struct limits *limits;
	struct entity entity; /* its own */
	int64_t since, until;
	struct profile profile;
	bool asks;           /* what graph and store say is asked there, too */
	struct page answers; /* then: all but entity and profile */
};

void page_init(struct page *p);
/* Takes the entity over. What takes long is begun on a thread. */
void page_make(struct page *p, struct page_more *m, struct entity *e,
	       const struct desk *d);
/* Says nothing any more; what is being asked goes on. */
void page_forget(struct page *p);
/* Nobody wants what is being asked; true when it has ended, or was not. */
bool page_stop(struct page_more *m);
/* Is it all there? Waits for about `ms` milliseconds; true when the page has
 * changed. */
bool page_step(struct page *p, struct page_more *m, unsigned ms);
void page_release(struct page *p, struct page_more *m);

/* The pane ---------------------------------------------------------------- */

enum { HEAD_ROWS = 4, PROFILE_COLS = 3 }; /* lines that do not scroll */

enum part {
	PART_NONE,  /* a blank, a heading; number 1: of a card's columns */
	PART_VALUE, /* of a card */
	PART_MORE,  /* of a card, or of the alerts: how many more there are */
	PART_ALERT,
	PART_ON,
	PART_SUSPECT, /* number among responsible, then built_by */
	PART_CREDENTIAL,
	PART_HOW,      /* words of advice: a slice of them */
	PART_NONE_WHY, /* a slice of why nothing may be there */
};

/* One row of a column. */
struct profile_cell {
	enum part part;
	enum profile_card_kind card; /* CARD_COUNT: the alerts */
	uint32_t number;
	const char *heading;
	struct str how;
};

/* Columns stand abreast where there is room. */
struct profile_row {
	struct profile_cell cell[PROFILE_COLS];
	int n;
};

struct profile_pane {
	struct list list;
	struct strbuf of; /* name of the entity; empty: nobody was asked for */
	uint64_t made_of; /* the snapshot's version */
	int64_t since, until;    /* the window that it was made of */
	const struct lineage *l; /* of that snapshot */
	struct page page;
	struct page_more more;
	struct profile_row *row;
	size_t n, cap;
	size_t on, revoke; /* the rows where these begin */
	int on_side;
	uint32_t open;     /* a bit of each card that is shown whole */
	struct strbuf why; /* what the evidence lacks of it */
	int cols;
	int side; /* the column of the cursor */
	/* Row and first row of a place that was gone back to, for when all rows
	 * are there, unless the cursor has left `due_at`. SIZE_MAX: none. */
	size_t due_row, due_top, due_at;
	enum profile_part due_part; /* to go to, when it is there */
	bool renew; /* another page is due, when the thread has ended */
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

/* Puts what the page says into rows. */
void profile_arrange(struct profile_pane *p);

/* Turns to the lineage, where the page's events stand by address, key and
 * API. */
void profile_reroot(const struct profile_pane *p, struct app *app);

void profile_draw(const void *state, const struct desk *d, struct canvas *c,
		  const struct drawing *how);

#endif /* TRAWL_PROFILE_PRIVATE_H */
