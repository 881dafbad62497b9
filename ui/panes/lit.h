/* SPDX-License-Identifier: MIT */
/*
 * lit.h - the values of a record by which its rules matched
 *
 * Layer: ui, no terminal.
 */
#ifndef TRAWL_LIT_H
#define TRAWL_LIT_H

#include "base/intern.h"
#include "ui/desk.h"

struct lit {
	struct intern pairs; /* path, NUL, value */
	struct strbuf key;   /* being made */
};

void lit_init(struct lit *l);
void lit_release(struct lit *l);
/* Of an event: what its alerts' rules test and find, in parts that they meet.
 * What was there before goes. */
void lit_gather(struct lit *l, const struct desk *d, row_id row,
		const struct event *e);
/* Is a value at a path, arrays without numbers, one of them? Paths are
 * compared in any case, as rules do. */
bool lit_has(struct lit *l, struct str path, struct str value);

#endif /* TRAWL_LIT_H */
