/* SPDX-License-Identifier: MIT */
/*
 * rows.h - what batch commands list, in every format
 *
 * A command names its columns and fills a row of cells; this writes the row
 * as a line of a table, a JSON object or a CSV line. Tables are for people:
 * every cell passes safetext, whether the output is a terminal or a file that
 * will be shown on one. JSON is ASCII-safe by its writer. CSV is RFC 4180, its
 * cells guarded against spreadsheets that run formulas.
 *
 * Layer: cli. Threads: one.
 */
#ifndef TRAWL_ROWS_H
#define TRAWL_ROWS_H

#include "cli/output.h"
#include "model/level.h"

enum cell_kind {
	CELL_NONE, /* absent: no key in JSON, nothing in CSV */
	CELL_NULL, /* null in JSON */
	CELL_TEXT,
	CELL_NUMBER,
	CELL_TIME,
	CELL_BOOL,
	CELL_LIST, /* of texts; joined by ';' in CSV, by ', ' in tables */
};

/* How a cell of a table looks where colours are shown. */
enum tone {
	TONE_PLAIN,
	TONE_WARNING,
	TONE_ALARM,
	TONE_TITLE,
};

struct cell {
	enum cell_kind kind;
	enum tone tone;
	struct str text;
	uint64_t number;
	int64_t time;
	const struct str *item;
	size_t n;
};

struct cell cell_text(struct str s); /* CELL_NONE when empty */
struct cell cell_number(uint64_t v);
struct cell cell_time(int64_t t); /* CELL_NULL for TIME_NONE */
struct cell cell_bool(bool v);
struct cell cell_list(const struct str *item, size_t n);
/* Text that stands for a level, in the tone of that level. */
struct cell cell_level(struct str s, enum level level);

struct column {
	const char *name; /* the key in JSON and CSV, the title in a table */
	size_t width;     /* of a table; 0: as wide as its widest cell */
	bool right;       /* align to the right */
	bool middle;      /* cut long cells in the middle, not at the end */
	bool whole;       /* not cut to fit a terminal, like numbers */
};

struct table_cell {
	struct safetext text;
	enum tone tone;
};

struct rows {
	struct output *out;
	const struct column *column;
	size_t n;
	enum format format;
	const struct time_zone *zone; /* of times in tables */
	bool begun;
	struct arena arena;         /* cells of a table that waits */
	struct table_cell *waiting; /* row after row */
	size_t waiting_n, waiting_cap;
};

/* The columns must outlive it. Zone NULL is UTC. */
void rows_begin(struct rows *r, struct output *out, enum format format,
		const struct column *column, size_t n,
		const struct time_zone *zone);
void rows_add(struct rows *r, const struct cell *cell);
/* A row that has these cells, each by the name of a column, and no others. */
struct named_cell {
	const char *name;
	struct cell cell;
};
void rows_add_named(struct rows *r, const struct named_cell *has, size_t n);
void rows_end(struct rows *r);

#endif /* TRAWL_ROWS_H */
