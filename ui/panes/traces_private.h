/* SPDX-License-Identifier: MIT */
/*
 * traces_private.h - the state of a view of traces
 *
 * traces_find.c asks, on a thread; traces.c is the view; traces_draw.c draws.
 *
 * Layer: ui, inside.
 */
#ifndef TRAWL_UI_TRACES_PRIVATE_H
#define TRAWL_UI_TRACES_PRIVATE_H

#include "base/job.h"
#include "casework/investigation.h"
#include "casework/lasting.h"
#include "casework/touched.h"
#include "identity/reach_lines.h"
#include "ui/panes/traces.h"

enum { TRACES_FOOT = 2 }; /* rows below the list */

/* What is asked, and the answer; the job's while it runs. */
struct traces_find {
	struct snapshot *snap; /* held */
	const struct limits *limits;
	enum traces_kind kind;
	enum traces_of of;
	node_id node;
	row_id row;
	int64_t since, until; /* TIME_NONE: no bounds */
	/* The answer. */
	bool nobody;        /* there is no such incident */
	struct rowset rows; /* that were asked */
	struct lasting_list lasting;
	struct touched_data touched;
	struct reach reach;
	struct reach_lines lines;
	size_t still; /* things that are still there */
};

/* As a job runs. */
void traces_find(void *context, const atomic_bool *stop);
void traces_find_release(struct traces_find *f);
size_t traces_count(const struct traces_find *f);

struct traces_view {
	struct list list;
	struct strbuf of; /* id of the node, for the next snapshot */
	struct traces_find find;
	struct job job;
	bool running, has;
	uint32_t *place; /* of the list's lines among the answer, once `has` */
	size_t order;    /* of the kind's orders, 0: as they were found */
	bool reversed;
	enum traces_of asked; /* of whom it is now */
	row_id row;           /* the anchor of an incident */
	struct strbuf lacks;  /* what data events the evidence lacks */
};

/* traces_sort.c: orders the lines anew, as the view says. */
void traces_sort(struct traces_view *v, const struct desk *d);
/* Their names, NULL at the end; the first is how they were found. */
const char *const *traces_orders(enum traces_kind kind);

/* Adds what a line says in full, raw. */
void traces_tell(const struct traces_view *v, const struct desk *d, size_t i,
		 struct strbuf *out);
void traces_draw(const void *state, const struct desk *d, struct canvas *c,
		 const struct drawing *how);

/* What a line of the list is, of things and of data. */
static inline const struct lasting *traces_lasting(const struct traces_view *v,
						   size_t line)
{
	return &v->find.lasting.lasting[v->place[line]];
}

static inline const struct touched *traces_touched(const struct traces_view *v,
						   size_t line)
{
	return &v->find.touched.touched[v->place[line]];
}

/* The line of what was reached. */
static inline const struct reached *traces_reached(const struct traces_find *f,
						   size_t i)
{
	return &f->reach.at[f->lines.line[i].at];
}

#endif /* TRAWL_UI_TRACES_PRIVATE_H */
