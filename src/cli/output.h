/* SPDX-License-Identifier: MIT */
/*
 * output.h - where batch commands write to, and how text gets there
 *
 * Standard output or the file of --output; what of the evidence goes there
 * passes safetext or the writer of JSON. Rows of cells, in every format, are in
 * rows.h.
 *
 * Layer: cli. Threads: one.
 */
#ifndef TRAWL_OUTPUT_H
#define TRAWL_OUTPUT_H

#include <stdio.h>

#include "base/arena.h"
#include "base/json_writer.h"
#include "base/safetext.h"
#include "cli/options.h"
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
/* What is safe as it is: words of the program, a page. */
void output_put(struct output *out, struct str s);

/* Messages on standard error: "trawl: TEXT". The text may quote data. */
void message(FILE *file, const char *fmt, ...) ATTR_PRINTF(2, 3);

#endif /* TRAWL_OUTPUT_H */
