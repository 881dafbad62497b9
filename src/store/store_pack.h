/* SPDX-License-Identifier: MIT */
/*
 * store_pack.h - a finished store in a pack, and out of it
 *
 * What is saved: rows, strings, the order of ids, what reading found out about
 * the files, what was skipped. Posting lists are made again, but for those of
 * access keys. A pack names files by their number, so it belongs to a builder
 * that has found the same files: whoever opens one sees to that.
 *
 * Everything is checked that is used as an index or a length later on; times
 * are in order, lists ascend. What is wrong in it makes wrong answers, never a
 * step beside an array.
 *
 * Layer: store. Threads: one, which starts some.
 */
#ifndef TRAWL_STORE_PACK_H
#define TRAWL_STORE_PACK_H

#include "base/pack.h"
#include "store/builder.h"

/* Numbers of sections: what is below this is the store's. */
enum { STORE_SECTIONS_END = 100 };

/* Can another process have these rows? Not those of pipes and members of
 * archives, which lie in a file of this one, nor of a load that was cut short. */
bool store_can_be_saved(const struct store *s);
void store_save(const struct store *s, struct pack_writer *w);

/*
 * The store of a pack, as if the builder, to which nothing was appended, had
 * published it; NULL when it is none: then the builder is as before. Records
 * are at most `max_record` bytes long.
 */
struct store *store_restore(struct store_builder *b, struct pack *p,
			    size_t max_record, unsigned threads);

/* Takes a restored store back, which nobody else holds: the builder is as it
 * was before. */
void store_undo(struct store_builder *b, struct store *s);

#endif /* TRAWL_STORE_PACK_H */
