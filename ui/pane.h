/* SPDX-License-Identifier: MIT */
/*
 * pane.h - what every pane and overlay is made of
 *
 * A pane is a constant struct of functions and a state of its own. Movement,
 * search, the bar and the place in the history are the same for all, over the
 * pane's list; what a command means in a pane is the pane's. A command that it
 * does not know it passes on (false) and the program's own meaning runs.
 *
 * draw is pure: the same state, desk and size give the same cells. It reads
 * no record and changes nothing.
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_PANE_H
#define TRAWL_PANE_H

#include "command/screen_command.h"
#include "ui/desk.h"
#include "ui/term/canvas.h"
#include "ui/term/list.h"

struct app;
struct picks;

enum { PANE_WIDE = 160 };

/* How to draw, beside where. */
struct drawing {
	bool focused;
	enum safe_mode mode; /* of text that is shown in full */
	struct arena *arena; /* of this frame */
	struct str searched; /* to be lit; empty: nothing */
};

struct pane_class {
	const char *name;
	uint32_t context; /* one of enum screen_context */
	void *(*open)(void);
	void (*close)(void *state);
	/* The desk's version is another than the last time. */
	void (*refresh)(void *state, struct desk *d);
	/* The two texts of its bar. */
	void (*title)(const void *state, const struct desk *d,
		      struct arena *arena, struct safetext *left,
		      struct safetext *right);
	/* Without bar or frame. */
	void (*draw)(const void *state, const struct desk *d, struct canvas *c,
		     const struct drawing *how);
	/* `argument` is what was typed behind its name, or empty. */
	bool (*command)(void *state, struct app *app, enum screen_command cmd,
			struct str argument);
	struct list *(*list)(void *state);
	/* Whether it has the focus; before it is resized. May be NULL. */
	void (*focused)(void *state, bool focused);
	/* It has another size. Returns how many rows of the list fit; NULL:
	 * as many as there are. */
	int (*resized)(void *state, int rows, int cols);
	/* Shows what is folded, before a search: what is there must be found.
	 * May be NULL. */
	void (*reveal)(void *state, struct desk *d);
	/* The plain text of a row, for search. */
	void (*row_text)(const void *state, const struct desk *d, size_t row,
			 struct strbuf *out);
	/* The values that the line under the cursor has, the one that it is
	 * about first. NULL: those of the selected event. */
	void (*picks)(const void *state, const struct desk *d,
		      struct picks *out);
	/* The cursor moved: the desk may have to know. May be NULL. */
	void (*moved)(void *state, struct desk *d);
	/* It has the focus: what its cursor stands on and what the desk has
	 * selected become one, for keys act on the selection. May be NULL. */
	void (*agree)(void *state, struct desk *d);
	/* The event that the line under its cursor is about, or the first of
	 * `of` that it stands for; ROW_NONE: none. NULL: the selected one. */
	row_id (*event)(const void *state, const struct desk *d, size_t *of);
	/* The identity that its cursor stands on, NODE_NONE: none but that of
	 * the selected event. May be NULL. */
	node_id (*identity)(const void *state, const struct desk *d);
	/* Is there work left that would take too long for a key? A slice of
	 * about `ms` milliseconds of it. May be NULL. */
	bool (*busy)(const void *state);
	void (*step)(void *state, struct desk *d, unsigned ms);
	/* A command comes: what its cursor needs of that work has to be there
	 * now. May be NULL. */
	void (*ready)(void *state, struct desk *d);
	/* Where in it the analyst is, as text for the history. May be NULL. */
	void (*save)(const void *state, const struct desk *d,
		     struct strbuf *out);
	void (*restore)(void *state, struct desk *d, struct str saved);
	/* After that: the first line to show, as soon as its lines are there.
	 * NULL: they are. */
	void (*show_from)(void *state, size_t top);
};

struct pane {
	const struct pane_class *class;
	void *state;
	uint64_t seen; /* the desk's version that it shows */
	bool wide;     /* drawn as if it had PANE_WIDE columns, */
	int left;      /* of which it shows those from here on */
};

extern const struct pane_class pane_alerts, pane_timeline, pane_attack,
	pane_lineage, pane_detail, pane_profile;

/* Does the pane of the alerts show incidents? */
bool alerts_shows_incidents(const struct pane *alerts);

/* Common pieces ----------------------------------------------------------- */

/* "L", "M" ... and its style. */
enum style_role level_style(enum level level);
struct safetext level_text(enum level level);

/* Draws a row's cursor bar in column 0, and gives the row its style when it
 * is the cursor's. Call after the row was drawn. */
void draw_cursor(struct canvas *c, int row, bool is_cursor, bool focused);

/* Lights what was searched for in a row that was drawn. */
void draw_matches(struct canvas *c, int row, struct str searched);

/* Lights what is on a list of indicators in all rows that were drawn. `x` may
 * be NULL. */
void draw_indicators(struct canvas *c, const struct indicators *x);

/* Text of a log for a list cell, at most `width` columns, cut at the end or,
 * for names whose end tells them apart, in the middle. */
struct safetext list_cell(const struct canvas *c, struct arena *a,
			  struct str raw, int width, enum safe_elide how);

/* Where a list has no rows: that it has none, and below what the evidence
 * lacks that may be why (desk_none), wrapped. */
void draw_none(struct canvas *c, struct safetext none, struct str why,
	       struct arena *a);

/* "[3/214]" */
struct safetext list_position(const struct list *l, struct arena *a);

/* A clock time in the desk's zone, with the date when it differs from that of
 * `before` (TIME_NONE: always); or how far it is from the desk's relative_to.
 * Eight columns, with dates fourteen. */
struct safetext time_cell(const struct desk *d, int64_t t, int64_t before,
			  bool dates, struct arena *a);
/* Does the evidence span more than a day of the zone, so that times need
 * dates? */
bool desk_spans_days(const struct desk *d);
/* "-12,034 reads -3,021 services  ": what toggles hide, or nothing. */
struct safetext desk_hidden_text(const struct desk *d, struct arena *a);
/* Marks below the begin of buckets that are drawn from column `col` on, as
 * many as have room, with the date where that changes. */
void draw_time_axis(struct canvas *c, int row, int col,
		    const struct histogram *h, const struct desk *d,
		    struct arena *a);
/* Are two times of one day of the zone? */
bool time_same_day(int64_t x, int64_t y, const struct time_zone *zone);

#endif /* TRAWL_PANE_H */
