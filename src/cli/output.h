/* SPDX-License-Identifier: MIT */
/*
 * output.h - what batch commands write, in every format
 *
 * A command names its columns and fills a row of cells; this writes the row
 * as a line of a table, a JSON object or a CSV line. Tables are for people:
 * every cell passes safetext, whether the output is a terminal or a file that
 * will be shown on one. JSON is ASCII-safe by its writer. CSV is RFC 4180, its
 * cells guarded against spreadsheets that run formulas.
 *
 * Layer: cli. Threads: one.
 */
#ifndef TRAWL_OUTPUT_H
#define TRAWL_OUTPUT_H

#include <stdio.h>

#include "base/arena.h"
#include "base/json_writer.h"
#include "base/safetext.h"
#include "base/timefmt.h"
#include "cli/options.h"
#include "model/level.h"
#include "store/files.h"

struct output {
	FILE *file; /* NULL: not open */
	bool own_file;
	const char *made; /* the file of --output when it was not there */
	bool terminal;
	size_t columns;     /* of the terminal; SIZE_MAX: of no terminal */
	bool color;         /* escape sequences are allowed */
	struct strbuf line; /* being written */
	struct arena arena; /* of one row */
	bool csv_raw;       /* no quote before formulas */
	const struct text_filter *filter; /* of data; NULL: as it is */
	int failed; /* errno of the first write that failed, or 0 */
};

/* Standard output, or the file of --output. ERR_IO: also when the file is
 * there and --force is not. */
ATTR_NODISCARD enum err_code output_open(struct output *out,
					 const struct options *o,
					 FILE *standard, struct err *err);
/* Lets go of an output without which the command came to nothing: a file that
 * was made goes, one that was there stays as it was if nothing was written. */
void output_discard(struct output *out);
/* Is it this file? */
bool output_is_file(const struct output *out, uint64_t device, uint64_t inode);
/* The evidence is never written to, not even with --force: ERR_USAGE when it is
 * one of these files. */
ATTR_NODISCARD enum err_code output_spares(const struct output *out,
					   const struct options *o,
					   const struct files *files,
					   struct err *err);
/* Flushes. ERR_IO when anything could not be written. */
ATTR_NODISCARD enum err_code output_close(struct output *out, struct err *err);

/* Text for people; output_format takes no data, output_text makes it safe. */
void output_format(struct output *out, const char *fmt, ...) ATTR_PRINTF(2, 3);
void output_text(struct output *out, struct str text);
void output_safe(struct output *out, struct safetext text);
/* Writes out->line and a line's end, and empties it; for JSON. */
void output_line(struct output *out);
/* A writer of JSON into out->line, whose texts are shown as data is. */
void output_json(struct output *out, struct json_writer *w);
/* What is written already: a page, whose data is safe. */
void output_page(struct output *out, struct str page);

/* Messages on standard error: "trawl: TEXT". The text may quote data. */
void message(FILE *file, const char *fmt, ...) ATTR_PRINTF(2, 3);

/* Rows -------------------------------------------------------------------- */

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
void rows_end(struct rows *r);

#endif /* TRAWL_OUTPUT_H */
