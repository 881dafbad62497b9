/* SPDX-License-Identifier: MIT */
/*
 * Rule files: YAML to rules to matchers, run on a few records, correlated and
 * examined. Each condition that compiles prints, and reads again as the same.
 */
#include "fuzz_help.h"

#include "base/json.h"
#include "detect/correlate.h"
#include "detect/rule_check.h"
#include "query/parse.h"
#include "query/print.h"
#include "store/builder.h"

static const char *const records[] = {
	"{}",
	"{\"eventName\":\"StopLogging\",\"errorCode\":null,\"userIdentity\":"
	"{\"arn\":\"arn:aws:iam::111122223333:user/a\"}}",
	"{\"eventName\":[\"a\",1],\"requestParameters\":{\"a\":[1,{\"b\":"
	"\"{\\\"c\\\":[2]}\"}],\"a.b\":\"x\\u0000y\"},\"sourceIPAddress\":"
	"\"10.0.0.1\"}",
	"{\"eventName\":\"StopLogging\",\"eventTime\":\"2026-01-09T00:00:00Z\","
	"\"sourceIPAddress\":\"10.0.0.1\",\"requestParameters\":{\"a\":1}}",
	"{\"eventName\":\"StopLogging\",\"eventTime\":\"2026-01-09T00:00:05Z\","
	"\"sourceIPAddress\":\"10.0.0.1\",\"requestParameters\":{\"a\":\"2\"}}",
	"{\"eventName\":\"a\",\"eventTime\":\"2026-01-09T00:00:07Z\","
	"\"sourceIPAddress\":\"10.0.0.1\",\"errorCode\":\"AccessDenied\"}",
	"{\"eventName\":\"a\",\"eventTime\":\"2026-01-09T00:10:00Z\","
	"\"sourceIPAddress\":\"10.0.0.2\",\"requestParameters\":{\"a\":[3,4]}}",
	"{\"eventName\":\"b\",\"eventTime\":\"2026-01-09T00:10:00Z\","
	"\"userIdentity\":{\"type\":\"Root\"},\"requestParameters\":null}",
};

enum { RECORDS = ARRAY_SIZE(records) };

/* The records as events of a store, for all runs. */
static struct world {
	struct arena arena;
	struct event event[RECORDS];
	struct store_builder *builder;
	struct store *store;
	row_id *row_of;
} world;

static void world_free(void)
{
	store_release(world.store);
	builder_free(world.builder);
	free(world.row_of);
	arena_release(&world.arena);
}

static void world_make(void)
{
	struct string_tables tables;
	struct files files;
	struct batch batch;

	json_init();
	arena_init(&world.arena);
	files_init(&files);
	files_add(&files, "fuzz.json", 1);
	string_tables_init(&tables);
	batch_init(&batch, 0);
	for (uint32_t i = 0; i < RECORDS; i++) {
		struct str raw = str_of(records[i]);
		struct err err = ERR_INIT;

		event_extract(&world.event[i],
			      json_read(&world.arena, raw, &err), 0,
			      &world.arena);
		batch_add(&batch, &tables, &world.event[i],
			  (struct record_place){ 0, i + 1, 0, (uint32_t)raw.n },
			  raw);
	}
	batch_seal(&batch, &tables);
	world.builder = builder_new(&files, 1);
	builder_append(world.builder, &batch, &tables);
	world.store = builder_publish(world.builder, PUBLISH_LAST,
				      &world.row_of);
	batch_release(&batch);
	string_tables_release(&tables);
	files_release(&files);
	atexit(world_free);
}

/* What is not tested because of how an event looks does not match either. */
static void run(const struct ruleset *rs)
{
	struct rule_scratch s;

	rule_scratch_init(&s, rs);
	for (size_t i = 0; i < (size_t)RECORDS * 2; i++) {
		const struct event *e = &world.event[i % RECORDS];

		ruleset_match(rs, e, &s);
		for (rule_index r = 0; r < ruleset_count(rs); r++) {
			const struct ruleset_rule *x = ruleset_at(rs, r);
			bool hit = false;

			for (size_t k = 0; k < s.hit_n; k++)
				hit |= s.hit[k] == r;
			if (x->matcher && x->rule.cloudtrail &&
			    x->rule.outcomes == 7)
				check(hit == matcher_test(x->matcher, e, NULL,
							  s.match));
		}
	}
	rule_scratch_release(&s);
}

static void correlate(const struct ruleset *rs)
{
	struct detector *d = detector_new(rs);
	struct ingest_visitor v = detector_visitor(d);
	void *worker = v.worker_new(v.context);
	struct rule_matches m;

	for (uint32_t i = 0; i < RECORDS; i++)
		v.see(worker, &world.event[i], i);
	v.merge(v.context, v.take(worker), 0);
	v.worker_free(worker);
	detector_matches(d, world.row_of, RECORDS, &m);
	correlations_apply(rs, world.store, NULL, detector_captures(d), 1, &m);
	for (size_t i = 0; m.episodes && i < m.episodes->n; i++) {
		const struct episode *e = &m.episodes->item[i];

		check(e->n > 0);
		for (size_t k = 0; k < e->n; k++)
			check(e->row[k] < world.store->n &&
			      (k == 0 || e->row[k - 1] < e->row[k]));
	}
	rule_matches_release(&m);
	detector_free(d);
}

/* A rule may say what the filter language has other words for. */
static void print(const struct ruleset *rs)
{
	struct strbuf text;
	struct arena a;

	arena_init(&a);
	strbuf_init(&text);
	for (rule_index r = 0; r < ruleset_count(rs); r++) {
		const struct ruleset_rule *x = ruleset_at(rs, r);
		struct query_error error;
		const struct expr *e;

		if (!x->matcher)
			continue;
		strbuf_clear(&text);
		query_print(&text, x->sigma.condition);
		if (text.n < QUERY_MAX_TEXT)
			(void)query_parse(strbuf_str(&text), NULL, &a, &e,
					  &error);
	}
	strbuf_release(&text);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ruleset *rs = ruleset_new();

	if (!world.store)
		world_make();
	ruleset_add_text(rs, "fuzz.yml",
			 (struct str){ (const char *)data, size }, true);
	ruleset_seal(rs);
	run(rs);
	correlate(rs);
	print(rs);
	rules_check(rs);
	ruleset_free(rs);
	return 0;
}
