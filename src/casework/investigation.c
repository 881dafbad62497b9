/* SPDX-License-Identifier: MIT */
#include "casework/investigation.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/free_memory.h"
#include "base/mem.h"
#include "base/tasks.h"
#include "casework/load_cache.h"
#include "detect/correlate.h"
#include "detect/detector.h"
#include "detect/indicator_watch.h"
#include "detect/lineage_rules.h"
#include "identity/fact.h"
#include "store/builder.h"
#include "store/rest_pack.h"
#include "store/whereabouts.h"

enum {
	FIRST_SNAPSHOT_MS = 150, /* after the start */
	SNAPSHOT_MS = 500,       /* between two of them, at least */
	TOLD_MS = 250,           /* between two signs of progress */
};

struct investigation {
	struct investigation_options options;
	struct load_terms terms;
	struct limits limits;
	struct ruleset *rules;
	struct detector *detector;
	struct indicators *indicators; /* NULL: no list was given */
	struct indicator_watch *watch; /* likewise */
	struct facts facts;
	struct site site; /* as its file says */
	struct geo *geo;
	struct ingest *ingest;
	struct load_cache *cache; /* NULL: loads are not kept */
	uint64_t free_bytes;      /* of memory, before the load */
	/* What keeps a load that was waited for. */
	pthread_t keeper;
	struct snapshot *kept; /* NULL: nobody does */
	/* Of a load on a thread of its own. */
	pthread_t thread;
	pthread_t before; /* whose work that thread goes on with */
	bool started;
	atomic_bool cancelled;
	int news[2];          /* a pipe */
	pthread_mutex_t lock; /* of what follows */
	struct snapshot *latest;
	struct ingest_progress progress;
	bool loading;
	struct err failed;
	/* The loading thread's own. */
	uint64_t version;
	int64_t begun, published, told; /* monotonic, ms */
	uint32_t published_rows;
};

/* Making snapshots -------------------------------------------------------- */

/* Without a site file the accounts that delivered are the responder's own. */
static void find_site(struct snapshot *s, const struct site *given)
{
	site_init_copy(&s->site, given);
	for (uint32_t v = 1; v < s->store->values[EVENT_ACCOUNT]; v++)
		site_deliver(&s->site, store_value(s->store, EVENT_ACCOUNT, v));
}

/* A snapshot whose graph is being made. */
struct making {
	struct investigation *inv;
	struct snapshot *snapshot;
	const row_id *row_of;
	enum publish_mode mode;
	struct task_aside aside;
};

static void make_lineage(void *context)
{
	struct making *m = context;
	const struct store *s = m->snapshot->store;
	struct facts *facts = &m->inv->facts;

	m->snapshot->lineage = m->mode == PUBLISH_LAST ?
				       lineage_build_last(s, facts, m->row_of) :
				       lineage_build(s, facts, m->row_of);
}

static const struct lineage *await_lineage(void *context)
{
	struct making *m = context;

	task_aside_wait(&m->aside);
	return m->snapshot->lineage;
}

static struct snapshot *snapshot_new(struct investigation *inv)
{
	struct snapshot *s = mem_zero(1, sizeof(*s));

	atomic_init(&s->holders, 1);
	s->version = ++inv->version;
	s->threads = ingest_threads(inv->ingest);
	return s;
}

/* What is made of the matches. */
struct folding_up {
	const struct investigation *inv;
	struct snapshot *snapshot;
};

static void mark(void *context)
{
	struct folding_up *x = context;
	struct snapshot *s = x->snapshot;

	alerts_mark(&s->marks, x->inv->rules, s->store, &s->matches, NULL);
}

static void fold(const struct investigation *inv, struct snapshot *s)
{
	struct folding_up x = { inv, s };
	struct task_aside marking;

	task_aside_begin(&marking, s->threads, mark, &x);
	alerts_fold(&s->alerts, inv->rules, s->store, &s->matches, NULL,
		    s->threads);
	scores_find(&s->scores, &s->alerts, s->store, s->lineage);
	alerts_rank(&s->alerts, &s->scores);
	task_aside_wait(&marking);
	snapshot_begin_kin(s);
}

static struct load_noted noted_of(struct investigation *inv)
{
	return (struct load_noted){ inv->detector, &inv->facts, inv->watch };
}

static struct snapshot *publish(struct investigation *inv,
				enum publish_mode mode)
{
	struct store_builder *b = ingest_builder(inv->ingest);
	uint32_t arrivals = builder_rows(b);
	struct snapshot *s = snapshot_new(inv);
	const struct captures *captures;
	struct lineage_asked asked;
	struct making making;
	row_id *row_of;

	s->store = builder_publish(b, mode, &row_of);
	if (mode == PUBLISH_LAST && inv->cache) {
		struct load_noted noted = noted_of(inv);

		load_cache_begin(inv->cache, b, s->store, row_of, arrivals,
				 &noted, &inv->cancelled);
	}
	store_locate(s->store, inv->geo);
	find_site(s, &inv->site);
	making = (struct making){
		.inv = inv, .snapshot = s, .row_of = row_of, .mode = mode
	};
	task_aside_begin(&making.aside, s->threads, make_lineage, &making);
	detector_matches(inv->detector, row_of, arrivals, &s->matches);
	if (mode == PUBLISH_LAST)
		detector_forget(inv->detector);
	captures = detector_captures(inv->detector);
	asked = (struct lineage_asked){ s->store, &s->site,   await_lineage,
					&making,  s->threads, captures };
	s->left_out = lineage_rules_apply(inv->rules, &asked, &s->matches);
	if (!inv->watch) {
		free(row_of);
		row_of = NULL;
	}
	s->left_out += captures->lost +
		       correlations_apply(inv->rules, s->store, s->lineage,
					  captures, s->threads, &s->matches);
	if (inv->watch)
		indicator_watch_matches(inv->watch, row_of, arrivals,
					&s->matches);
	fold(inv, s);
	s->gave_up = detector_counts(inv->detector).gave_up;
	free(row_of);
	return s;
}

/* A load that was done before, or NULL: then what is left of it to be done is
 * what the builder does not have. */
static struct snapshot *restore(struct investigation *inv)
{
	struct store_builder *b = ingest_builder(inv->ingest);
	struct load_noted noted = noted_of(inv);
	enum load_kept kept;
	struct snapshot *s;

	if (!inv->cache)
		return NULL;
	s = snapshot_new(inv);
	kept = load_cache_restore(inv->cache, b, inv->rules, &noted, s);
	if (kept != KEPT_ALL) {
		if (kept == KEPT_FILES)
			ingest_count_kept(inv->ingest);
		free(s);
		inv->version--;
		return NULL;
	}
	s->restored = true;
	store_locate(s->store, inv->geo);
	find_site(s, &inv->site);
	fold(inv, s);
	return s;
}

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

/* All that a load takes, and that another one needs anew. */
static enum err_code prepare(struct investigation *inv, struct err *err)
{
	const struct investigation_options *o = &inv->options;
	struct ingest_options load = { .path = o->path,
				       .path_n = o->path_n,
				       .threads = o->threads,
				       .limits = o->limits,
				       .days = o->days };
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

static void forget_load(struct investigation *inv)
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
		rc = prepare(inv, err);
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
	forget_load(inv);
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
	struct snapshot *s = restore(inv);

	if (s)
		return s;
	if (!ingest_run(inv->ingest, tick, context))
		builder_mark_partial(ingest_builder(inv->ingest));
	s = publish(inv, PUBLISH_LAST);
	keep(inv, s);
	return s;
}

/* On a thread ------------------------------------------------------------- */

static void tell(struct investigation *inv)
{
	ssize_t n;

	do {
		n = write(inv->news[1], "", 1);
	} while (n < 0 && errno == EINTR);
	inv->told = clock_ms();
}

static void replace_latest(struct investigation *inv, struct snapshot *s)
{
	struct snapshot *before;

	pthread_mutex_lock(&inv->lock);
	before = inv->latest;
	inv->latest = s;
	pthread_mutex_unlock(&inv->lock);
	snapshot_release(before);
}

/*
 * Rows should be seen soon, and the load should not suffer: a snapshot costs
 * in proportion to the rows, so each waits until they have doubled, and when
 * most of the files are read the last one is near.
 */
static bool snapshot_is_due(const struct investigation *inv, int64_t now)
{
	uint32_t rows = builder_rows(ingest_builder(inv->ingest));
	const struct ingest_progress *p = &inv->progress;

	if (rows == 0 || now - inv->begun < FIRST_SNAPSHOT_MS)
		return false;
	if (inv->published_rows == 0)
		return true;
	return rows / 2 >= inv->published_rows &&
	       now - inv->published >= SNAPSHOT_MS &&
	       p->bytes < p->bytes_total / 10 * 7;
}

static bool load_tick(void *context, const struct ingest_progress *progress)
{
	struct investigation *inv = context;
	int64_t now = clock_ms();

	pthread_mutex_lock(&inv->lock);
	inv->progress = *progress;
	pthread_mutex_unlock(&inv->lock);
	if (snapshot_is_due(inv, now)) {
		inv->published_rows = builder_rows(ingest_builder(inv->ingest));
		replace_latest(inv, publish(inv, PUBLISH_INTERIM));
		inv->published = clock_ms();
		tell(inv);
	} else if (now - inv->told >= TOLD_MS) {
		tell(inv);
	}
	return !atomic_load(&inv->cancelled);
}

/* As if all files had been read. */
static void tell_restored(struct investigation *inv, const struct store *s)
{
	pthread_mutex_lock(&inv->lock);
	inv->progress.files = inv->progress.files_total = s->files->n;
	inv->progress.bytes = 0;
	for (uint32_t f = 0; f < s->files->n; f++)
		inv->progress.bytes += s->files->entry[f].bytes;
	inv->progress.bytes_total = inv->progress.bytes;
	inv->progress.content_bytes = s->counts.content_bytes;
	inv->progress.records = s->counts.records;
	inv->progress.rejected = s->counts.rejected;
	inv->progress.skips = s->skips.n + s->skips.unlisted;
	pthread_mutex_unlock(&inv->lock);
}

static void end_loading(struct investigation *inv, const struct err *failed)
{
	pthread_mutex_lock(&inv->lock);
	if (failed)
		inv->failed = *failed;
	inv->loading = false;
	pthread_mutex_unlock(&inv->lock);
	tell(inv);
}

/* It is shown, and then kept. */
static void hand_out(struct investigation *inv, struct snapshot *s)
{
	/* One holder more, as long as it is being kept. */
	replace_latest(inv, snapshot_hold(s));
	end_loading(inv, NULL);
	if (!s->restored && inv->cache)
		load_cache_save(inv->cache, s);
	snapshot_release(s);
}

static void *load_thread(void *argument)
{
	struct investigation *inv = argument;
	struct err err = ERR_INIT;
	enum err_code rc = investigation_find(inv, load_tick, inv, &err);
	struct snapshot *s;

	if (rc != ERR_OK && rc != ERR_CANCELLED) {
		end_loading(inv, &err);
		return NULL;
	}
	s = rc ? NULL : restore(inv);
	if (s) {
		tell_restored(inv, s->store);
	} else {
		if (rc || !ingest_run(inv->ingest, load_tick, inv))
			builder_mark_partial(ingest_builder(inv->ingest));
		s = publish(inv, PUBLISH_LAST);
	}
	hand_out(inv, s);
	return NULL;
}

/* Once more ----------------------------------------------------------------- */

/* No rows are shown before all are there: those that are shown are more. */
static bool renew_tick(void *context, const struct ingest_progress *progress)
{
	struct investigation *inv = context;

	pthread_mutex_lock(&inv->lock);
	inv->progress = *progress;
	pthread_mutex_unlock(&inv->lock);
	if (clock_ms() - inv->told >= TOLD_MS)
		tell(inv);
	return !atomic_load(&inv->cancelled);
}

static void *renew_thread(void *argument)
{
	struct investigation *inv = argument;
	const struct store *shown;
	struct err err = ERR_INIT;
	struct snapshot *s;
	enum err_code rc;

	/* The thread of before may still be keeping its load. */
	pthread_join(inv->before, NULL);
	shown = inv->latest->store;
	forget_load(inv);
	rc = prepare(inv, &err);
	if (rc == ERR_OK)
		rc = investigation_find(inv, renew_tick, inv, &err);
	if (rc) {
		end_loading(inv, rc == ERR_CANCELLED ? NULL : &err);
		return NULL;
	}
	if (!shown->partial &&
	    files_same(shown->files, investigation_files(inv))) {
		end_loading(inv, NULL);
		return NULL;
	}
	s = restore(inv);
	if (s) {
		tell_restored(inv, s->store);
	} else if (ingest_run(inv->ingest, renew_tick, inv)) {
		s = publish(inv, PUBLISH_LAST);
	} else {
		end_loading(inv, NULL);
		return NULL;
	}
	hand_out(inv, s);
	return NULL;
}

bool investigation_renew(struct investigation *inv)
{
	bool may;

	pthread_mutex_lock(&inv->lock);
	may = inv->started && !inv->loading && inv->latest;
	if (may) {
		inv->loading = true;
		/* What was cut short is kept by nobody, so a thread that may
		 * still be about to keep it does not. */
		atomic_store(&inv->cancelled, false);
		inv->failed = (struct err)ERR_INIT;
	}
	pthread_mutex_unlock(&inv->lock);
	if (!may)
		return false;
	inv->begun = clock_ms();
	inv->before = inv->thread;
	if (pthread_create(&inv->thread, NULL, renew_thread, inv) == 0)
		return true;
	inv->thread = inv->before;
	pthread_mutex_lock(&inv->lock);
	inv->loading = false;
	pthread_mutex_unlock(&inv->lock);
	return false;
}

enum err_code investigation_start(struct investigation *inv, struct err *err)
{
	if (pipe(inv->news) != 0)
		return err_errno(err, "no pipe to the loading thread");
	for (int i = 0; i < 2; i++) {
		fcntl(inv->news[i], F_SETFL, O_NONBLOCK);
		fcntl(inv->news[i], F_SETFD, FD_CLOEXEC);
	}
	inv->begun = clock_ms();
	inv->loading = true;
	errno = pthread_create(&inv->thread, NULL, load_thread, inv);
	if (errno)
		return err_errno(err, "no thread to load on");
	inv->started = true;
	return ERR_OK;
}

void investigation_cancel(struct investigation *inv)
{
	atomic_store(&inv->cancelled, true);
}

enum err_code investigation_watch(const struct investigation *inv,
				  struct watch **out, struct err *err)
{
	const struct watch_terms terms = { .path = inv->options.path,
					   .path_n = inv->options.path_n,
					   .days = inv->options.days };

	return watch_new(out, &terms, err);
}

int investigation_fd(const struct investigation *inv)
{
	return inv->news[0];
}

void investigation_poll(struct investigation *inv,
			struct investigation_state *state)
{
	char waste[64];

	while (inv->news[0] >= 0 &&
	       read(inv->news[0], waste, sizeof(waste)) > 0)
		;
	pthread_mutex_lock(&inv->lock);
	state->progress = inv->progress;
	state->loading = inv->loading;
	state->failed = inv->failed;
	state->elapsed_ms = inv->begun ? clock_ms() - inv->begun : 0;
	state->version = inv->latest ? inv->latest->version : 0;
	pthread_mutex_unlock(&inv->lock);
}

struct snapshot *investigation_latest(struct investigation *inv)
{
	struct snapshot *s;

	pthread_mutex_lock(&inv->lock);
	s = inv->latest;
	if (s)
		snapshot_hold(s);
	pthread_mutex_unlock(&inv->lock);
	return s;
}
