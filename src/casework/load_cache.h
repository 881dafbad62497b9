/* SPDX-License-Identifier: MIT */
/*
 * load_cache.h - loads that need not be done again
 *
 * What a load came to - rows, strings, the graph, what rules found - is kept
 * in the user's cache folder and taken from there when the same files are
 * opened again: files of the same paths, sizes, times and numbers, whose first
 * and last bytes are the same (of packed files the last, their checksum); with the same rules, lists, site and limits, by
 * the same program. One thing that differs, and everything is loaded anew.
 *
 * A load of few events is not kept, since that would not save anybody time;
 * neither is one of files that changed a moment ago, when a second change
 * could leave the same times, nor one of pipes and archives.
 *
 * Layer: casework. Threads: one at a time.
 */
#ifndef TRAWL_LOAD_CACHE_H
#define TRAWL_LOAD_CACHE_H

#include "base/pack.h"
#include "casework/investigation.h"

struct load_cache;

/* Begins for a load with these options and rules, before its files are looked
 * for, `geo` for where addresses are looked up; NULL when nothing can be
 * kept: options->cache is NULL, or there is no folder, ... */
struct load_cache *load_cache_new(const struct investigation_options *options,
				  const struct ruleset *rules,
				  struct hash128 geo);
void load_cache_free(struct load_cache *c);

/*
 * The files were found, nothing was read. When the load is kept, fills in
 * store, graph and matches, and what was told of them, and returns true;
 * else the snapshot and the builder are as before.
 */
bool load_cache_restore(struct load_cache *c, struct store_builder *b,
			const struct ruleset *rules, unsigned threads,
			struct snapshot *s);

/* Keeps a load that was done, when the files are what they were before it.
 * `stop` ends it early; may be NULL. The snapshot is held by the caller. */
void load_cache_save(struct load_cache *c, const struct snapshot *s,
		     const atomic_bool *stop);

/*
 * What a pack of a load holds, without the files that it is of: for tests that
 * spoil it. False: builder and snapshot are as before.
 */
void load_parts_save(const struct snapshot *s, struct pack_writer *w);
bool load_parts_restore(struct snapshot *s, struct store_builder *b,
			const struct ruleset *rules, size_t max_record,
			unsigned threads, struct pack *p);

#endif /* TRAWL_LOAD_CACHE_H */
