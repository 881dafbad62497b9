/* SPDX-License-Identifier: MIT */
/*
 * lineage_pack.h - a graph of identities in a pack, and out of it
 *
 * Nodes, edges and rows are saved as they lie; every number in them is checked
 * when they come back, so that a wrong graph answers wrongly and no more.
 *
 * Layer: identity. Threads: one, which starts some.
 */
#ifndef TRAWL_LINEAGE_PACK_H
#define TRAWL_LINEAGE_PACK_H

#include "base/pack.h"
#include "identity/lineage.h"
#include "store/store_pack.h"

/* Numbers of sections: from the store's end to this. */
enum { LINEAGE_SECTIONS_END = 200 };

void lineage_save(const struct lineage *l, struct pack_writer *w);
/* The graph of a store that came out of the same pack; NULL when it is none.
 * The store must outlive it. */
struct lineage *lineage_restore(const struct store *s, struct pack *p,
				unsigned threads);

#endif /* TRAWL_LINEAGE_PACK_H */
