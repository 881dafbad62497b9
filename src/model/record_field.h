/* SPDX-License-Identifier: MIT */
/*
 * record_field.h - the fields of records, and what each of them says
 *
 * CloudTrail's own names, with the parts of them that an analyst asks about,
 * and the fields of rows that are no calls: access logs, flows, findings. A
 * filter may name any of them, and whatever lies below them.
 *
 * Layer: model. Threads: any; constant data.
 */
#ifndef TRAWL_RECORD_FIELD_H
#define TRAWL_RECORD_FIELD_H

#include "base/str.h"

struct record_field {
	const char *name; /* a path from the top of the record */
	const char *help; /* sentences */
};

/* Each ends with an entry whose name is NULL. */
extern const struct record_field cloudtrail_fields[];
extern const struct record_field beside_fields[];

/* The entry of that path (case is ignored) in either table, else the first of
 * CloudTrail's whose last parts are these, or NULL. */
const struct record_field *record_field_find(struct str path);

#endif /* TRAWL_RECORD_FIELD_H */
