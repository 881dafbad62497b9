/* SPDX-License-Identifier: MIT */
/*
 * load_parts.h - what a pack of a load holds
 *
 * What the load came to - rows, strings, the graph, what rules found - and,
 * read only when it is needed, what its files held: all rows that arrived,
 * what rules and lists noted of each, facts. From that a load of other files
 * is made, as far as they are the same. Which they are is for load_cache.h to
 * say; here nobody looks at a file.
 *
 * Layer: casework. Threads: one, which starts some.
 */
#ifndef TRAWL_LOAD_PARTS_H
#define TRAWL_LOAD_PARTS_H

#include "base/pack.h"
#include "casework/investigation.h"
#include "detect/noted_pack.h"
#include "identity/facts_pack.h"

/* Sections of load_cache's own begin here. */
enum { PARTS_SECTIONS_END = 310 };

/* Who noted what while the events were loaded. */
struct load_noted {
	struct detector *detector;
	struct facts *facts;
	struct indicator_watch *watch; /* NULL: no list was given */
};

/* The end of a load. */
void load_parts_save(const struct snapshot *s, struct pack_writer *w);
/* Fills in store, graph and matches. False: builder and snapshot are as
 * before. */
bool load_parts_restore(struct snapshot *s, struct store_builder *b,
			const struct ruleset *rules, size_t max_record,
			unsigned threads, struct pack *p);

/* Can files be taken out of the load, one by one? Bytes that all would take. */
bool load_rest_can_be_saved(const struct store_builder *b,
			    const struct load_noted *noted, uint64_t *bytes);
/* What arrived, before any of it is spent: `row_of` is what builder_publish
 * gave for the store. */
void load_rest_save(struct store_builder *b, const struct store *s,
		    const row_id *row_of, uint32_t arrivals,
		    const struct load_noted *noted, struct pack_writer *w);
/*
 * Appends what some files hold: of[i] is what file i of the pack's n files is
 * now, or UINT32_MAX. The sections that are read later are read. False:
 * builder and noted are as before.
 */
bool load_rest_restore(struct store_builder *b, struct load_noted *noted,
		       const file_id *of, uint32_t n, size_t max_record,
		       unsigned threads, struct pack *p);

#endif /* TRAWL_LOAD_PARTS_H */
