/* SPDX-License-Identifier: MIT */
/*
 * said.h - the texts of the fields of a case: star, label, note, disposition
 *
 * Layer: query, inside.
 */
#ifndef TRAWL_QUERY_SAID_H
#define TRAWL_QUERY_SAID_H

#include "model/field.h"
#include "store/marks.h"

/* The texts that such a field has at a row, in *out, which grows as it has to;
 * `m` may be NULL. Returns how many. */
size_t said_texts(enum field_kind kind, const struct marks *m, row_id row,
		  struct str **out, size_t *cap);

#endif /* TRAWL_QUERY_SAID_H */
