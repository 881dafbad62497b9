/* SPDX-License-Identifier: MIT */
/*
 * facts_pack.h - what was noted of who became whom, in a pack, and out of it
 *
 * Of all that arrived, under the numbers of store/rest_pack.h, so that the
 * graph can be made anew when some of the files are others. The sections are
 * read later.
 *
 * Layer: identity. Threads: one.
 */
#ifndef TRAWL_FACTS_PACK_H
#define TRAWL_FACTS_PACK_H

#include "identity/fact.h"
#include "store/rest_pack.h"

/* Numbers of sections. */
enum { FACTS_LATER = STORE_LATER_END + 10, FACTS_LATER_END = FACTS_LATER + 15 };

/* Facts that were gathered with their witnesses. */
void facts_save(const struct facts *f, const uint32_t *number,
		struct pack_writer *w);
/* Bytes that it takes. */
uint64_t facts_bytes(const struct facts *f);

/*
 * What was noted of the events that arrived, into facts of which there are none
 * yet. False when the pack has none: then there are none.
 */
bool facts_restore(struct facts *f, const struct rest_arrived *arrived,
		   struct pack *p);
/* As before the first event. */
void facts_reset(struct facts *f);

#endif /* TRAWL_FACTS_PACK_H */
