/* SPDX-License-Identifier: MIT */
#include "detect/lineage_sample.h"

#include <stdlib.h>

#include "detect/correlate.h"
#include "detect/lineage_rules.h"
#include "identity/lineage.h"
#include "ingest/value.h"
#include "store/builder.h"
#include "store/whereabouts.h"

/* A load without files: what a loading thread would do with each record. */
struct world {
	struct facts facts;
	struct detector *detector;
	struct ingest_visitor visitor[2];
	void *worker[2];
	struct string_tables tables;
	struct batch batch;
	struct files files;
	struct arena arena; /* bytes of the record in hand */
};

static void world_begin(struct world *w, const struct ruleset *rs)
{
	facts_init(&w->facts);
	w->detector = detector_new(rs);
	w->visitor[0] = fact_visitor(&w->facts);
	w->visitor[1] = detector_visitor(w->detector);
	for (int v = 0; v < 2; v++)
		w->worker[v] = w->visitor[v].worker_new(w->visitor[v].context);
	string_tables_init(&w->tables);
	batch_init(&w->batch, 0);
	files_init(&w->files);
	arena_init(&w->arena);
}

static void add_event(struct world *w, const struct event *e,
		      struct record_place place, struct str raw)
{
	uint32_t where = batch_add(&w->batch, &w->tables, e, place, raw);

	for (int v = 0; v < 2; v++)
		w->visitor[v].see(w->worker[v], e, where);
}

/* The record stays where it is: in its own file. */
static bool add_row(struct world *w, const struct store *s,
		    struct reader *reader, row_id row)
{
	struct store_place at = store_place(s, row);
	struct record_place place = { 0, at.record, at.offset, at.length };
	const struct event *e;
	struct err err = ERR_INIT;
	struct str raw;

	if (reader_raw(reader, row, &raw, &err))
		return false;
	arena_reset(&w->arena);
	raw = arena_dup(&w->arena, raw);
	if (reader_event(reader, row, &e, &err))
		return false;
	place.file = files_add(&w->files, store_path(s, row), raw.n);
	add_event(w, e, place, raw);
	return true;
}

/* A record of no file: one after the other of a file that nobody opens. */
static void add_record(struct world *w, struct value_reader *reader,
		       struct str raw, file_id file)
{
	struct record_place place = { file, (uint32_t)w->batch.n + 1,
				      w->batch.n, (uint32_t)raw.n };
	const struct json *v;
	struct event e;

	arena_reset(&w->arena);
	raw = arena_dup(&w->arena, raw);
	v = value_read(reader, &w->arena, raw);
	if (!v)
		return;
	event_extract(&e, v, reader->notes, &w->arena);
	add_event(w, &e, place, raw);
}

/* The store of what was added, and where each record of it went. */
static struct store *world_publish(struct world *w, struct store_builder *b,
				   row_id **row_of)
{
	uint32_t first;

	batch_seal(&w->batch, &w->tables);
	first = builder_append(b, &w->batch, &w->tables);
	for (int v = 0; v < 2; v++) {
		void *part = w->visitor[v].take(w->worker[v]);

		if (part)
			w->visitor[v].merge(w->visitor[v].context, part, first);
	}
	return builder_publish(b, PUBLISH_LAST, row_of);
}

static void world_end(struct world *w)
{
	for (int v = 0; v < 2; v++)
		w->visitor[v].worker_free(w->worker[v]);
	batch_release(&w->batch);
	string_tables_release(&w->tables);
	detector_free(w->detector);
	facts_release(&w->facts);
	arena_release(&w->arena);
}

static const struct lineage *same_lineage(void *context)
{
	return context;
}

static bool fires_in(struct world *w, const struct ruleset *rs, rule_index rule,
		     const struct site *given, const struct geo *geo)
{
	struct store_builder *builder = builder_new(&w->files, 1);
	uint32_t arrivals = (uint32_t)w->batch.n;
	struct rule_matches matches;
	struct lineage_asked asked = { .graph = same_lineage, .threads = 1 };
	struct lineage *lineage;
	struct store *store;
	struct site site;
	row_id *row_of;
	bool fired = false;

	store = world_publish(w, builder, &row_of);
	if (geo)
		store_locate(store, geo);
	lineage = lineage_build(store, &w->facts, row_of);
	if (given)
		site_init_copy(&site, given);
	else
		site_init(&site);
	for (uint32_t v = 1; v < store->values[EVENT_ACCOUNT]; v++)
		site_deliver(&site, store_value(store, EVENT_ACCOUNT, v));
	detector_matches(w->detector, row_of, arrivals, &matches);
	asked.store = store;
	asked.site = &site;
	asked.context = lineage;
	asked.captures = detector_captures(w->detector);
	lineage_rules_apply(rs, &asked, &matches);
	correlations_apply(rs, store, lineage, detector_captures(w->detector),
			   1, &matches);
	for (size_t i = 0; i < matches.n; i++)
		fired |= matches.match[i].rule == rule;
	rule_matches_release(&matches);
	site_release(&site);
	lineage_free(lineage);
	store_release(store);
	builder_free(builder);
	free(row_of);
	return fired;
}

bool lineage_sample_fires(const struct ruleset *rs, rule_index rule,
			  const struct rule_sample *sample)
{
	bool readable = sample->row_n > 0, fired = false;
	struct world w;

	world_begin(&w, rs);
	for (size_t i = 0; i < sample->row_n && readable; i++)
		readable = add_row(&w, sample->store, sample->reader,
				   sample->row[i]);
	if (readable)
		fired = fires_in(&w, rs, rule, sample->site, sample->geo);
	else
		files_release(&w.files);
	world_end(&w);
	return fired;
}

bool lineage_records_fire(const struct ruleset *rs, rule_index rule,
			  const struct str *record, size_t n)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct value_reader reader;
	struct world w;
	file_id file;
	bool fired;

	world_begin(&w, rs);
	value_reader_init(&reader, &limits);
	file = files_add(&w.files, "samples", 0);
	for (size_t i = 0; i < n; i++)
		add_record(&w, &reader, record[i], file);
	fired = fires_in(&w, rs, rule, NULL, NULL);
	value_reader_release(&reader);
	world_end(&w);
	return fired;
}
