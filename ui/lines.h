/* SPDX-License-Identifier: MIT */
/*
 * lines.h - the timeline's rows as lines: events, folded runs, breaks, and
 * what a case has from elsewhere
 *
 * A run is three or more events, one behind the other, that nothing but their
 * time and their record tells apart: same call, service, caller, key, address,
 * region, account, outcome. It is one line until it is unfolded. A break is a
 * line of its own before an event: a gap, ten times what lies between events
 * on the whole and a minute at least; or the begin of a burst, minutes with
 * ten times the events of a minute on the whole and 30 at least; or both. A
 * run ends at a break. A line of evidence stands before the first event that is
 * not earlier, and before its break; a run ends there, too.
 *
 * What was unfolded is known by a row of the run, so it stays so when the rows
 * are others; lines_forget before rows of another snapshot.
 *
 * Lines of many rows are made a part at a time. Until all are there each event
 * is a line of its own (`plain`), without breaks and evidence.
 *
 * Cost: making them O(rows), four bytes a line; folding one run a move of the
 * lines behind it; the rest O(log n). Rows beyond 2^30 get no line.
 *
 * Layer: ui, no terminal. Threads: one.
 */
#ifndef TRAWL_LINES_H
#define TRAWL_LINES_H

#include "casework/case_evidence.h"
#include "store/marks.h"
#include "store/store.h"

enum { RUN_LEAST = 3 };

struct run {
	uint32_t from, n; /* positions in the rows */
	int level;        /* of the worst alert in it, or -1 */
};

struct line_break {
	uint32_t at;      /* before the event at this position */
	uint32_t burst_n; /* events of the burst that begins, or 0 */
	int64_t gap;      /* ms, 0: none; TIME_NONE: what follows has no time */
	int64_t burst_ms; /* how long it lasts */
};

/* What lines are made of, and how far that is. */
struct lines_making {
	const struct store *store;
	const struct marks *marks;
	const struct rowset *rows;
	const struct case_evidence *evidence; /* or NULL */
	row_id alone;
	size_t n, timed;          /* rows that get lines, that have a time */
	size_t minute;            /* where the next minute begins, of bursts */
	size_t often;             /* events of a minute of a burst */
	int64_t burst_end;        /* of the last minute of a burst */
	size_t at;                /* the next row */
	size_t run;               /* where the run began that it may be in */
	size_t mark;              /* marks of rows before the run */
	int64_t gap;              /* silence from there on is one */
	struct line_break *burst; /* those that were found, without gaps */
	size_t burst_n, burst_cap, burst_at;
	size_t line_n, seen_n; /* made so far */
};

/* Read by anyone, written by lines.c. */
struct lines {
	uint32_t *line; /* a position; LINE_BREAK: the break before it;
			   LINE_SEEN: a line of evidence before it */
	size_t n, cap;
	size_t rows; /* that it was made of */
	bool plain;  /* they are still being made */
	struct lines_making making;
	struct run *run;
	size_t run_n, run_cap;
	struct line_break *brk;
	size_t brk_n, brk_cap;
	uint32_t *seen; /* of each line of evidence the position behind it */
	size_t seen_n, seen_cap;
	bool unfolded; /* all, but for the exceptions; else the reverse */
	row_id *except;
	size_t except_n, except_cap; /* ascending */
};

#define LINE_BREAK 0x80000000u
#define LINE_SEEN  0x40000000u

enum line_kind { LINE_EVENT, LINE_RUN, LINE_GAP, LINE_EVIDENCE };

struct line {
	enum line_kind kind;
	size_t from;   /* position of the event, or of the run's first; of a
			  line of evidence that of the event behind it */
	size_t n;      /* events that it stands for; 0 of what is none */
	size_t seen;   /* of evidence which line of it that is */
	bool first_of; /* an event, the first of a run that is unfolded */
	int level;     /* of a run */
	const struct line_break *brk; /* of a break */
};

void lines_release(struct lines *l);
/* `alone` is in no run, or ROW_NONE; `evidence` stands among them, or NULL.
 * All stay as they are until lines_step has returned true. */
void lines_begin(struct lines *l, const struct store *s,
		 const struct marks *marks, const struct rowset *rows,
		 row_id alone, const struct case_evidence *evidence);
/* Goes on for about so many rows; true when the lines are made. */
bool lines_step(struct lines *l, size_t rows);
/* Both, to the end. */
void lines_make(struct lines *l, const struct store *s,
		const struct marks *marks, const struct rowset *rows,
		row_id alone, const struct case_evidence *evidence);
/* For rows of another snapshot, before lines_make: what is excepted has other
 * numbers there. */
void lines_forget(struct lines *l);
void lines_except(struct lines *l, row_id row);

/* Line `i` < n. */
struct line lines_at(const struct lines *l, size_t i);
/* The line of the event at a position, or of its run; n when there is none. */
size_t lines_find(const struct lines *l, size_t position);

/* The line of a line of evidence; n when there is none. */
size_t lines_find_evidence(const struct lines *l, size_t number);

/* Folds or unfolds the run that a line is about; false when there is none, or
 * when it is so already. `rows` are those that the lines were made of. */
bool lines_fold(struct lines *l, const struct rowset *rows, size_t i,
		bool fold);
/* Everything; the caller makes the lines anew. */
void lines_fold_all(struct lines *l, bool fold);

/* The event after the next break behind a position, or after the last break
 * before it, or position 0; SIZE_MAX when there is none. */
size_t lines_next_break(const struct lines *l, size_t position, bool forward);

#endif /* TRAWL_LINES_H */
