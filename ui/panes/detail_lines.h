/* SPDX-License-Identifier: MIT */
/*
 * detail_lines.h - what the detail pane shows of an event, line by line
 *
 * A line is a member of the record, some of its bytes, or what is said about
 * the event: an alert, a note, where it stands in its file.
 *
 * Ownership: texts are the arena's of the lines, and go with the next clear;
 * those of raw and hex lines are views of the bytes that were handed in. Cost:
 * linear in the record. Layer: ui, no terminal.
 */
#ifndef TRAWL_DETAIL_LINES_H
#define TRAWL_DETAIL_LINES_H

#include "base/arena.h"
#include "base/intern.h"
#include "base/json.h"
#include "ui/pane.h"

struct detail_line {
	struct str key;   /* empty in an array: then the number */
	struct str value; /* of a scalar; for others "{3}", "[2]" */
	struct str path;  /* of what folds its own; of a scalar that a filter
			     can name that of what it is in */
	struct str right; /* of a heading, at the end of its line */
	struct str whole; /* what Enter shows instead of the value, or empty */
	size_t offset;    /* of a hex line, in the record */
	unsigned depth;
	bool scalar, null, named, in_array, folds, folded;
	bool heading; /* an alert */
	bool told;    /* by the program or the analyst, not by the record */
	bool tail;    /* its end says as much as its beginning */
	bool hex;
	bool lit;  /* by this value a rule matched */
	int level; /* of an alert that is told; -1 else */
};

struct detail_lines {
	struct detail_line *line;
	size_t n, cap;
	struct arena arena;
	struct intern folded;   /* paths that were folded by hand */
	struct intern unfolded; /* and unfolded */
	bool brief;
};

void detail_lines_init(struct detail_lines *l);
void detail_lines_release(struct detail_lines *l);
/* Forgets the lines, not what was folded. */
void detail_lines_clear(struct detail_lines *l);

/* Alerts of an event, and what the case says of it. Where few lines are seen,
 * `brief`, each alert has one, and of the record what the lists do not say
 * comes first. */
void detail_lines_said(struct detail_lines *l, const struct desk *d, row_id row,
		       bool brief);
/* The record as a tree; below a value that hides characters, which. */
void detail_lines_record(struct detail_lines *l, const struct json *record);
/* Its bytes, `width` of them a line. */
void detail_lines_raw(struct detail_lines *l, struct str bytes, size_t width);
void detail_lines_hex(struct detail_lines *l, struct str bytes, size_t width);
/* Where it stands, and what it came in. */
void detail_lines_source(struct detail_lines *l, const struct desk *d,
			 row_id row);

/* Adds "00001f  7b 22 ...  {"..." of a hex line. */
void detail_hex_text(const struct detail_line *line, size_t width,
		     struct strbuf *out);

/* A part that folds is folded or unfolded from the next time on. */
void detail_lines_fold(struct detail_lines *l, struct str path, bool folded);

#endif /* TRAWL_DETAIL_LINES_H */
