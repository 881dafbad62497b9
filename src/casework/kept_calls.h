/* SPDX-License-Identifier: MIT */
/*
 * kept_calls.h - which calls leave something behind, and which undo them
 *
 * Paths begin at the record. The first names the thing, the second (or NULL) a
 * part of it; of the call that undoes it likewise. ARNs and names of one thing
 * meet in their last part. A call that is undone by one of its own name and has
 * parts gives when it has the first part, and takes back when it has the
 * other's. In order of services.
 *
 * Layer: casework, inside.
 */
#ifndef TRAWL_KEPT_CALLS_H
#define TRAWL_KEPT_CALLS_H

#include "casework/calls.h"

struct kept_call {
	struct call_name name;
	const char *what;
	const char *path[2];
	const char *undone_by; /* or NULL: nothing does */
	const char *undone_path[2];
	/* What takes the first path's thing away, and this with it; or NULL. */
	const char *gone_with;
	const char *gone_path;
};

extern const struct kept_call kept_calls[];
extern const size_t kept_calls_n;

/* What makes a thing that a call of the table, of the same service, takes away
 * for good: of whoever made it themselves that is no loss. */
struct kept_maker {
	struct call_name name;
	const char *path;
	const char *lost_by;
};

extern const struct kept_maker kept_makers[];
extern const size_t kept_makers_n;

#endif /* TRAWL_KEPT_CALLS_H */
