/* SPDX-License-Identifier: MIT */
/*
 * table.h - rows of text with a header: CSV and its kin
 *
 * RFC 4180: cells may be quoted, a quote inside is doubled, a quoted cell may
 * hold line ends. Cells are set apart by the comma, semicolon or tab that
 * follows the first name of the header.
 *
 * Layer: ingest. Memory: the arena given. Threads: any.
 */
#ifndef TRAWL_TABLE_H
#define TRAWL_TABLE_H

#include <stdbool.h>

#include "base/json.h"

enum {
	TABLE_LONGEST_HEADER = 16 * 1024,
	TABLE_MOST_COLUMNS = 256,
};

/* Where the row at text.p[0] ends: the offset behind its line end. SIZE_MAX
 * when it does not end in the text; with `last` it ends with the text unless
 * a quote is open. */
size_t table_row_end(struct str text, bool last);

/* The header at the beginning of a text that is one of CloudTrail's events,
 * without its line end; false when there is none. */
bool table_header(struct str text, struct arena *arena, struct str *header);

/* A row as an object: the header's names and the cells' texts. */
const struct json *table_value(struct arena *arena, struct str header,
			       struct str row);

#endif /* TRAWL_TABLE_H */
