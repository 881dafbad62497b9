/* SPDX-License-Identifier: MIT */
/*
 * lanes_private.h - what counting, drawing and driving of lanes share
 *
 * Layer: ui, inside.
 */
#ifndef TRAWL_UI_LANES_PRIVATE_H
#define TRAWL_UI_LANES_PRIVATE_H

#include "ui/histogram.h"
#include "ui/panes/lanes.h"

/* What lanes can be: name, column, field of the filter. */
#define LANE_KINDS(X)                                     \
	X("principal", EVENT_PRINCIPAL, "principal")      \
	X("session", EVENT_SESSION, "session")            \
	X("address", EVENT_IP, "ip")                      \
	X("API", EVENT_NAME, "eventName")                 \
	X("account", EVENT_ACCOUNT, "recipientAccountId") \
	X("region", EVENT_REGION, "region")

struct lane_kind {
	const char *name;
	enum event_column column;
	const char *field;
};

enum { LANE_KIND_COUNT = 6 };
extern const struct lane_kind lane_kinds[LANE_KIND_COUNT];

struct lane {
	uint32_t value; /* 0: events that have none */
	uint32_t events;
	uint32_t alerted; /* alerts on them */
	int level;        /* of the worst, or -1 */
	row_id first, last;
};

struct lane_cell {
	uint32_t events;
	int level;
};

enum lane_order { LANES_SEVERITY, LANES_COUNT, LANES_FIRST, LANE_ORDERS };

#define NO_BUCKET SIZE_MAX

struct lanes_view {
	const struct desk *d;
	size_t kind; /* of lane_kinds */
	enum lane_order order;
	bool reversed;
	struct list list;
	bool keeps;         /* there is one: */
	struct strbuf kept; /* value of the cursor's lane */
	size_t bucket;      /* chosen in it, or NO_BUCKET: all of it */
	int64_t bucket_at;  /* when that begins */
	int cols;

	/* Of the desk's rows_version; 0 lanes before. */
	struct lane *lane;
	size_t n;
	uint64_t counted;
	size_t counted_kind;

	/* The lanes in sight. */
	struct histogram frame; /* of all events */
	struct lane_cell *cell; /* frame.n of each lane in sight */
	uint32_t *slot;         /* by value: lane in sight + 1, or 0 */
	size_t top, shown;      /* which lanes these are */
	bool filled;
};

/* How a line is divided. */
struct lane_layout {
	int label, count; /* widths; the letter takes two columns before */
	int cells;        /* first column of the cells */
	int room;         /* for cells */
};

struct lane_layout lanes_lay_out(int cols);

/* Counts anew what is no longer right, and fills the cells in sight. */
void lanes_update(struct lanes_view *v);
void lanes_sort(struct lanes_view *v);
/* The cursor is to be on the lane of the event that is selected. */
void lanes_keep_selected(struct lanes_view *v);
void lanes_release(struct lanes_view *v);
struct str lane_text(const struct lanes_view *v, const struct lane *l);
/* For people. */
struct str lane_label(const struct lanes_view *v, const struct lane *l,
		      struct arena *a);
/* The lane under the cursor, or NULL. */
const struct lane *lanes_selected(const struct lanes_view *v);
/* Of a lane in sight, or NULL. */
const struct lane_cell *lanes_cells(const struct lanes_view *v, size_t lane);

void lanes_draw(const void *state, const struct desk *d, struct canvas *c,
		const struct drawing *how);

#endif /* TRAWL_UI_LANES_PRIVATE_H */
