/* SPDX-License-Identifier: MIT */
/*
 * noted_pack.h - what rules and lists noted of events, in a pack, and out
 *
 * Of all that arrived, under the numbers of store/rest_pack.h: from it the
 * matches of another store are made, some of whose files are the same. The
 * sections are read later.
 *
 * Layer: detect. Threads: one.
 */
#ifndef TRAWL_NOTED_PACK_H
#define TRAWL_NOTED_PACK_H

#include "detect/detector.h"
#include "detect/indicator_watch.h"
#include "store/rest_pack.h"

/* Numbers of sections. */
enum {
	DETECTOR_LATER = STORE_LATER_END,
	WATCH_LATER = DETECTOR_LATER + 5,
	NOTED_LATER_END = WATCH_LATER + 5,
};

/* All that was noted, in the numbers of a pack: of a detector that was not
 * told to forget. */
void detector_save(const struct detector *d, const uint32_t *number,
		   struct pack_writer *w);
/*
 * What was noted of the events that arrived, as if they had just been seen.
 * False when it is none of these rules': then nothing is noted. The detector
 * had seen nothing.
 */
bool detector_restore(struct detector *d, const struct rest_arrived *arrived,
		      struct pack *p);
/* As before the first event. */
void detector_reset(struct detector *d);
/* Can what was noted be put to other events? Not what had no room, nor when a
 * regex gave up: how often is not known by event. Bytes that it takes. */
bool detector_can_be_saved(const struct detector *d, uint64_t *bytes);

void indicator_watch_save(const struct indicator_watch *w,
			  const uint32_t *number, struct pack_writer *pack);
bool indicator_watch_restore(struct indicator_watch *w,
			     const struct rest_arrived *arrived,
			     struct pack *p);
uint64_t indicator_watch_bytes(const struct indicator_watch *w);

#endif /* TRAWL_NOTED_PACK_H */
