/* SPDX-License-Identifier: MIT */
/*
 * presence.h - which of some paths lead anywhere in a store's records
 *
 * Paths are those of matcher.h: through lists, and into texts that hold JSON.
 * What is there with the value null is there.
 *
 * Cost: every record is read once more; a path that was found is looked for no
 * further. Layer: query. Threads: it starts those that the options ask for.
 */
#ifndef TRAWL_PRESENCE_H
#define TRAWL_PRESENCE_H

#include "query/scan.h"

/*
 * Sets there[i] when a record of the rows has path i, else clears it. Records
 * that could not be read are no error: see `state`.
 */
void presence_find(const struct store *s, const struct rowset *rows,
		   const struct str *path, size_t n,
		   const struct scan_options *options, bool *there,
		   struct scan_state *state);

#endif /* TRAWL_PRESENCE_H */
