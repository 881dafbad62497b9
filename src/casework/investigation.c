/* SPDX-License-Identifier: MIT */
#include "casework/investigation_private.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/free_memory.h"
#include "base/mem.h"
#include "model/geo.h"
#include "store/rest_pack.h"

/* Life cycle -------------------------------------------------------------- */

static enum err_code read_rules(struct investigation *inv,
				const struct investigation_options *options,
				struct err *err)
{
	inv->rules = ruleset_new();
	if (options->placeholders) {
		enum err_code rc = ruleset_placeholders(
			inv->rules, options->placeholders, err);

		if (rc)
			return rc;
	}
	if (!options->no_builtin_rules)
		ruleset_add_builtin(inv->rules);
	for (size_t i = 0; i < options->rules_n; i++) {
		enum err_code rc = ruleset_add_path(inv->rules,
						    options->rules[i], err);

		if (rc)
			return rc;
	}
	if (options->ioc_n)
		indicator_rules_add(inv->rules);
	ruleset_seal(inv->rules);
	return ERR_OK;
}

static enum err_code read_lists(struct investigation *inv,
				const struct investigation_options *options,
				struct err *err)
{
	if (!options->ioc_n)
		return ERR_OK;
	inv->indicators = indicators_new();
	for (size_t i = 0; i < options->ioc_n; i++) {
		enum err_code rc = indicators_read_file(inv->indicators,
							options->ioc[i], err);

		if (rc)
			return rc;
	}
	return ERR_OK;
}

static enum err_code read_site(struct investigation *inv, const char *path,
			       struct hash128 *digest, struct err *err)
{
	struct strbuf text;
	enum err_code rc;

	if (!path)
		return ERR_OK;
	strbuf_init(&text);
	rc = file_read(&text, path, SITE_FILE_MAX, err);
	*digest = hash_content(strbuf_str(&text));
	if (rc == ERR_OK)
		rc = site_read(&inv->site, strbuf_str(&text), path, err);
	if (rc == ERR_OK)
		rc = geo_add_site(inv->geo, &inv->site, path, err);
	strbuf_release(&text);
	return rc;
}

/* Files given by option before those of the site file. */
static enum err_code read_geo(struct investigation *inv,
			      const struct investigation_options *options,
			      struct err *err)
{
	enum err_code rc = ERR_OK;

	for (size_t i = 0; i < options->geoip_n && rc == ERR_OK; i++)
		rc = geo_add_database(inv->geo, options->geoip[i], err);
	if (rc == ERR_OK && options->ip_ranges)
		rc = geo_add_ranges(inv->geo, options->ip_ranges, err);
	return rc;
}

enum err_code investigation_prepare(struct investigation *inv, struct err *err)
{
	const struct investigation_options *o = &inv->options;
	struct ingest_options load = { .path = o->path,
				       .path_n = o->path_n,
				       .threads = o->threads,
				       .limits = o->limits,
				       .days = o->days,
				       .names = o->names };
	enum err_code rc;

	if (inv->indicators)
		inv->watch = indicator_watch_new(inv->indicators, inv->rules);
	inv->detector = detector_new(inv->rules);
	load.visitor[load.visitor_n++] = detector_visitor(inv->detector);
	load.visitor[load.visitor_n++] = fact_visitor(&inv->facts);
	if (inv->watch)
		load.visitor[load.visitor_n++] =
			indicator_watch_visitor(inv->watch);
	rc = ingest_new(&inv->ingest, &load, err);
	/* Before the cache begins to take some of it. */
	inv->free_bytes = free_memory();
	if (rc == ERR_OK)
		inv->cache = load_cache_new(o, &inv->terms,
					    ingest_threads(inv->ingest));
	if (inv->cache) {
		builder_keep_rest(ingest_builder(inv->ingest));
		facts_keep_witnesses(&inv->facts);
	}
	return rc;
}

void investigation_forget_load(struct investigation *inv)
{
	load_cache_free(inv->cache);
	inv->cache = NULL;
	ingest_free(inv->ingest);
	inv->ingest = NULL;
	if (inv->detector)
		detector_free(inv->detector);
	inv->detector = NULL;
	indicator_watch_free(inv->watch);
	inv->watch = NULL;
	facts_release(&inv->facts);
	facts_init(&inv->facts);
}

enum err_code investigation_new(struct investigation **out,
				const struct investigation_options *options,
				struct err *err)
{
	struct investigation *inv = mem_zero(1, sizeof(*inv));
	enum err_code rc;

	inv->news[0] = inv->news[1] = -1;
	inv->options = *options;
	inv->limits = options->limits;
	pthread_mutex_init(&inv->lock, NULL);
	arena_init(&inv->paths);
	facts_init(&inv->facts);
	site_init(&inv->site);
	inv->geo = geo_new();
	rc = read_rules(inv, options, err);
	if (rc == ERR_OK)
		rc = read_geo(inv, options, err);
	if (rc == ERR_OK)
		rc = read_site(inv, options->site, &inv->terms.site, err);
	if (rc == ERR_OK)
		rc = read_lists(inv, options, err);
	inv->terms.rules = inv->rules;
	inv->terms.lists = inv->indicators;
	inv->terms.geo = geo_digest(inv->geo);
	if (rc == ERR_OK)
		rc = investigation_prepare(inv, err);
	if (rc) {
		investigation_free(inv);
		return rc;
	}
	*out = inv;
	return ERR_OK;
}

void investigation_free(struct investigation *inv)
{
	if (!inv)
		return;
	if (inv->started) {
		investigation_cancel(inv);
		pthread_join(inv->thread, NULL);
	}
	if (inv->kept) {
		pthread_join(inv->keeper, NULL);
		snapshot_release(inv->kept);
	}
	investigation_forget_load(inv);
	if (inv->news[0] >= 0) {
		close(inv->news[0]);
		close(inv->news[1]);
	}
	snapshot_release(inv->latest);
	facts_release(&inv->facts);
	site_release(&inv->site);
	geo_free(inv->geo);
	indicators_free(inv->indicators);
	ruleset_free(inv->rules);
	arena_release(&inv->paths);
	pthread_mutex_destroy(&inv->lock);
	free(inv);
}

const struct ruleset *investigation_rules(const struct investigation *inv)
{
	return inv->rules;
}

const struct indicators *investigation_indicators(
	const struct investigation *inv)
{
	return inv->indicators;
}

const struct limits *investigation_limits(const struct investigation *inv)
{
	return &inv->limits;
}

const char *const *investigation_paths(const struct investigation *inv,
				       size_t *n)
{
	*n = inv->options.path_n;
	return inv->options.path;
}

const struct files *investigation_files(const struct investigation *inv)
{
	return builder_files(ingest_builder(inv->ingest));
}

static void add_gigabytes(struct strbuf *out, uint64_t bytes)
{
	strbuf_addf(out, "%.1f GB", (double)bytes / 1e9);
}

/* Better now than in the middle of a load. */
static enum err_code check_memory(const struct investigation *inv,
				  struct err *err)
{
	struct ingest_estimate need = ingest_estimate(inv->ingest);
	uint64_t free_bytes = inv->free_bytes;
	struct strbuf text;

	if (inv->options.force || !free_bytes || need.memory <= free_bytes)
		return ERR_OK;
	strbuf_init(&text);
	strbuf_adds(&text, "about ");
	strbuf_add_count(&text, need.events);
	strbuf_adds(&text, " events would take about ");
	add_gigabytes(&text, need.memory);
	strbuf_adds(&text, " of memory, and ");
	add_gigabytes(&text, free_bytes);
	strbuf_adds(&text, " are free; --days reads some days of S3's folders "
			   "alone, --force loads it all the same");
	err_set(err, ERR_LIMIT, "%s", text.p);
	strbuf_release(&text);
	return ERR_LIMIT;
}

enum err_code investigation_find(struct investigation *inv, ingest_tick tick,
				 void *context, struct err *err)
{
	enum err_code rc = ingest_find(inv->ingest, tick, context, err);

	return rc ? rc : check_memory(inv, err);
}

static void *keep_thread(void *argument)
{
	struct investigation *inv = argument;

	load_cache_save(inv->cache, inv->kept);
	return NULL;
}

/* Beside what the caller does with the snapshot. */
static void keep(struct investigation *inv, struct snapshot *s)
{
	if (!inv->cache)
		return;
	inv->kept = snapshot_hold(s);
	if (pthread_create(&inv->keeper, NULL, keep_thread, inv) == 0)
		return;
	snapshot_release(s);
	inv->kept = NULL;
}

struct snapshot *investigation_load(struct investigation *inv, ingest_tick tick,
				    void *context)
{
	struct snapshot *s = investigation_restore(inv);

	if (s)
		return s;
	if (!ingest_run(inv->ingest, tick, context))
		builder_mark_partial(ingest_builder(inv->ingest));
	s = investigation_publish(inv, PUBLISH_LAST);
	keep(inv, s);
	return s;
}
