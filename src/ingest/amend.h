/* SPDX-License-Identifier: MIT */
/*
 * amend.h - addenda are applied to their events
 *
 * An addendum may come before its event, in another file, and be read by
 * another thread: so it is applied when all files have been read. Each event
 * that has one is put together (ingest/addendum.h), seen by the visitors like
 * any other, and appended as one copy more, which the store takes for the best.
 * What the visitors noted of the copies goes with these. A load without addenda
 * pays a look at a column. Addenda that change nothing, since there are too
 * many of one event or what comes of them is no record, are listed as skips.
 *
 * Layer: ingest. Threads: the appending one, when the workers have ended.
 */
#ifndef TRAWL_AMEND_H
#define TRAWL_AMEND_H

#include "ingest/ingest.h"

/* Of a load that was cut short no more events than that are amended: whoever
 * ended it wants to go on. */
enum { AMEND_WHEN_CUT = 10000 };

/* `worker` is the number of one that has ended; `cut`: the load was cut
 * short. */
void amend_events(struct store_builder *b, const struct ingest_options *options,
		  unsigned worker, bool cut);

#endif /* TRAWL_AMEND_H */
