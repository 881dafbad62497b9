/* SPDX-License-Identifier: MIT */
/*
 * load_cache.h - loads that need not be done again
 *
 * What a load came to - rows, strings, the graph, what rules found - is kept
 * in the user's cache folder and taken from there when the same files are
 * opened again (load_files.h), with the same rules, lists, site and limits, by
 * the same program. When some of the files are others, the rows of those that
 * are not are taken from there, with what was noted of them, as if they had
 * just been read; the others are read, and order, copies, graph and alerts are
 * made anew.
 *
 * A load of few events is not kept, since that would not save anybody time;
 * neither is one of pipes and archives. Files that changed a moment ago are
 * read again.
 *
 * Order of use: new, restore, begin, save, free. Layer: casework. Threads: one
 * at a time, which starts some.
 */
#ifndef TRAWL_LOAD_CACHE_H
#define TRAWL_LOAD_CACHE_H

#include "casework/investigation.h"
#include "casework/load_parts.h"

struct load_cache;

/* What was read for a load, beside its options: as it was read, whatever has
 * become of the files since. */
struct load_terms {
	const struct ruleset *rules;
	const struct indicators *lists; /* NULL: none */
	struct hash128 site;            /* of the bytes of the site file */
	struct hash128 geo;             /* of the databases of addresses */
};

/*
 * Begins for a load on these terms, before its files are looked for: what was
 * kept is read beside that, on a thread of its own. NULL when nothing can be
 * kept: options->cache is NULL, or there is no folder, ...
 */
struct load_cache *load_cache_new(const struct investigation_options *options,
				  const struct load_terms *terms,
				  unsigned threads);
void load_cache_free(struct load_cache *c);

enum load_kept {
	KEPT_NOTHING, /* snapshot and builder are as before */
	KEPT_FILES,   /* the builder has the rows of some files; the others
			 are to be read */
	KEPT_ALL,     /* the snapshot has store, graph and matches */
};

/* The files were found, nothing was read. Once. */
enum load_kept load_cache_restore(struct load_cache *c, struct store_builder *b,
				  const struct ruleset *rules,
				  struct load_noted *noted, struct snapshot *s);

/*
 * A load was done and its last store made, of which nothing was spent yet:
 * begins to keep it, when it is worth that. `stop` ends that early, now or in
 * load_cache_save; may be NULL.
 */
void load_cache_begin(struct load_cache *c, struct store_builder *b,
		      const struct store *s, const row_id *row_of,
		      uint32_t arrivals, const struct load_noted *noted,
		      const atomic_bool *stop);
/* Keeps what was begun. The snapshot, of that store, is held by the caller. */
void load_cache_save(struct load_cache *c, const struct snapshot *s);

#endif /* TRAWL_LOAD_CACHE_H */
