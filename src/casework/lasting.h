/* SPDX-License-Identifier: MIT */
/*
 * lasting.h - what somebody made or changed that stays
 *
 * What kept.h reads from records, together with what only the graph of
 * identities knows: each thing with the identity that it is, where it is one,
 * and with the event that ended it. Of one identity, of several, or of
 * everybody.
 *
 * Layer: casework. Cost: as kept_of, and the edges of the identities. Threads:
 * any.
 */
#ifndef TRAWL_LASTING_H
#define TRAWL_LASTING_H

#include "casework/kept.h"
#include "identity/lineage.h"

struct lasting {
	row_id row, gone; /* as in kept.h */
	const char *what;
	struct str name;
	node_id node; /* of the graph, or NODE_NONE */
};

struct lasting_list {
	struct kept_list kept;   /* owns the names */
	struct lasting *lasting; /* by row */
	size_t n;
};

/* By those rows; `member` are the nodes that acted in them, NULL: anybody. The
 * lineage must outlive it. `stop` as in kept_of. */
void lasting_of(struct lasting_list *out, const struct lineage *l,
		const struct rowset *rows, const node_id *member, size_t n,
		const struct scan_options *options, const atomic_bool *stop);
void lasting_release(struct lasting_list *list);

#endif /* TRAWL_LASTING_H */
