/* SPDX-License-Identifier: MIT */
/*
 * columns.h - columns of query results and exports as fields of records
 *
 * The console, CloudTrail Lake, Athena and whatever turns their tables into
 * JSON spell CloudTrail's names in ways of their own: "Event name",
 * "eventname", "eventName". Structures are texts, {type=IAMUser, arn=...},
 * whose values are not quoted and may hold commas: they are read by the names
 * that CloudTrail knows.
 *
 * Layer: ingest. Threads: any.
 */
#ifndef TRAWL_COLUMNS_H
#define TRAWL_COLUMNS_H

#include "ingest/draft.h"

/* Do an object's keys name columns of CloudTrail's events? */
bool columns_known(const struct json *object);

/* The column that holds the whole record, or NULL. */
const struct json *columns_whole(const struct json *object);

/* Puts the value of a column where it belongs; one that is not known is left
 * out. */
void columns_put(struct draft *d, struct str name, const struct json *value);

#endif /* TRAWL_COLUMNS_H */
