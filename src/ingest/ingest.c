/* SPDX-License-Identifier: MIT */
#include "ingest/ingest_private.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "ingest/amend.h"
#include "ingest/archive.h"
#include "ingest/walk.h"

enum { MAX_THREADS = 256, TICK_MS = 100 };

/* Files ------------------------------------------------------------------- */

static unsigned thread_count(unsigned asked)
{
	long n = asked ? (long)asked : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > MAX_THREADS ? MAX_THREADS : (unsigned)n;
}

/* What the walk found and refused is listed like anything else. */
static void note_refused(struct ingest *in)
{
	const struct files *files = builder_files(in->builder);

	for (uint32_t f = 0; f < files->n; f++) {
		const struct file_entry *e = &files->entry[f];

		in->progress.bytes_total += e->bytes;
		if (!e->refused)
			continue;
		builder_skip(in->builder,
			     (struct skip){ .file = f,
					    .reason = e->refused,
					    .foreign = e->foreign });
		builder_counts(in->builder)->files_skipped++;
		in->progress.files++;
		in->progress.skips++;
	}
}

void ingest_count_kept(struct ingest *in)
{
	const struct files *files = builder_files(in->builder);

	for (uint32_t f = 0; f < files->n; f++) {
		const struct file_entry *e = &files->entry[f];

		if (!e->kept)
			continue;
		in->progress.files++;
		atomic_fetch_add(&in->bytes, e->bytes);
		atomic_fetch_add(&in->content, e->content_bytes);
		atomic_fetch_add(&in->records, e->records);
		atomic_fetch_add(&in->rejected, e->rejected);
	}
	in->progress.skips = builder_skips(in->builder);
}

enum err_code ingest_new(struct ingest **out,
			 const struct ingest_options *options, struct err *err)
{
	struct ingest *in;
	struct files none;

	for (size_t i = 0; i < options->path_n; i++) {
		enum err_code rc = walk_check(options->path[i], err);

		if (rc)
			return rc;
	}
	in = mem_zero(1, sizeof(*in));
	in->options = *options;
	in->workers = thread_count(options->threads);
	files_init(&none);
	in->builder = builder_new(&none, in->workers);
	pthread_mutex_init(&in->lock, NULL);
	pthread_cond_init(&in->more, NULL);
	*out = in;
	return ERR_OK;
}

/* While the files are looked for. */
struct finding {
	struct ingest *in;
	ingest_tick tick;
	void *context;
};

static bool found_some(void *context, uint32_t found)
{
	struct finding *f = context;

	f->in->progress.files_total = found;
	return !f->tick || f->tick(f->context, &f->in->progress);
}

enum err_code ingest_find(struct ingest *in, ingest_tick tick, void *context,
			  struct err *err)
{
	struct finding f = { .in = in, .tick = tick, .context = context };
	struct walk_terms terms = { .days = in->options.days,
				    .names = in->options.names,
				    .going = found_some,
				    .context = &f };
	enum err_code rc = ERR_OK;
	struct files files;

	files_init(&files);
	for (size_t i = 0; i < in->options.path_n && rc == ERR_OK; i++)
		rc = walk_path(&files, in->options.path[i], &terms, err);
	if (rc) {
		files_release(&files);
		return rc;
	}
	if (!archives_open(&files, &in->options.limits, found_some, &f)) {
		files_release(&files);
		return err_set(err, ERR_CANCELLED, "stopped");
	}
	walk_finish(&files);
	in->progress.files_total = files.n;
	builder_take_files(in->builder, &files);
	builder_counts(in->builder)->left_out = terms.left_out;
	note_refused(in);
	return ERR_OK;
}

/* Events of a file, more rather than fewer: packed, those of busy trails take
 * 100 bytes and more; plain, seldom less than 900. */
enum { PACKED_EVENT = 120, PLAIN_EVENT = 900 };

/* See the table in ARCHITECTURE.md; strings that repeat seldom are in it. */
enum { MEMORY_EVENT = 165, MEMORY_BASE = 100 << 20 };

struct ingest_estimate ingest_estimate(const struct ingest *in)
{
	const struct files *files = builder_files(in->builder);
	struct ingest_estimate e = { 0, MEMORY_BASE };

	for (uint32_t f = 0; f < files->n; f++) {
		const struct file_entry *x = &files->entry[f];

		if (!x->refused)
			e.events += x->bytes /
				    (str_ends(str_of(x->path), STR(".gz")) ?
					     PACKED_EVENT :
					     PLAIN_EVENT);
	}
	e.memory += e.events * MEMORY_EVENT;
	return e;
}

void ingest_free(struct ingest *in)
{
	if (!in)
		return;
	builder_free(in->builder);
	pthread_cond_destroy(&in->more);
	pthread_mutex_destroy(&in->lock);
	free(in);
}

struct store_builder *ingest_builder(struct ingest *in)
{
	return in->builder;
}

unsigned ingest_threads(const struct ingest *in)
{
	return in->workers;
}

/* Before, what was waited for is mostly the folders. */
enum { PER_MILLE_READ = 5 };

bool ingest_seconds_left(const struct ingest_progress *p, int64_t elapsed_ms,
			 uint64_t *seconds)
{
	*seconds = 0;
	if (!p->bytes || p->bytes < p->bytes_total / 1000 * PER_MILLE_READ)
		return false;
	if (p->bytes < p->bytes_total)
		*seconds = (uint64_t)((double)elapsed_ms *
				      (double)(p->bytes_total - p->bytes) /
				      (double)p->bytes / 1000);
	return true;
}

/* Appending --------------------------------------------------------------- */

static void take_report(struct ingest *in, const struct file_report *report)
{
	struct file_entry *e = &builder_files(in->builder)->entry[report->file];
	struct store_counts *counts = builder_counts(in->builder);

	e->gzip = report->result.gzip;
	e->format = report->result.format;
	e->form = report->result.form;
	e->members = report->result.members;
	e->records = report->result.records;
	e->rejected = report->result.rejected;
	e->unlisted = report->result.unlisted;
	e->content_bytes = report->result.content_bytes;
	e->points = report->result.points;
	counts->records += e->records;
	counts->rejected += e->rejected;
	counts->content_bytes += e->content_bytes;
	if (file_says_nothing(e))
		counts->files_skipped++;
	else
		counts->files_read++;
	in->progress.files++;
}

static void append(struct ingest *in, struct delivery *d)
{
	uint32_t first = builder_append(in->builder, &d->batch, d->tables);

	if (d->own_tables)
		builder_forget_tables(in->builder, d->batch.worker);
	for (size_t v = 0; v < in->options.visitor_n; v++)
		if (d->part[v])
			in->options.visitor[v].merge(
				in->options.visitor[v].context, d->part[v],
				first);
	for (size_t i = 0; i < d->report_n; i++)
		take_report(in, &d->report[i]);
	in->progress.skips += d->batch.skips.n + d->batch.unlisted;
}

static void update_progress(struct ingest *in)
{
	in->progress.bytes = atomic_load(&in->bytes);
	in->progress.content_bytes = atomic_load(&in->content);
	in->progress.records = atomic_load(&in->records);
	in->progress.rejected = atomic_load(&in->rejected);
}

static void cancel(struct ingest *in)
{
	pthread_mutex_lock(&in->lock);
	atomic_store(&in->cancelled, true);
	pthread_cond_broadcast(&in->more);
	pthread_mutex_unlock(&in->lock);
	queue_close(&in->queue);
}

/*
 * Starts the workers; returns how many. Where the system allows fewer than
 * were asked for, these do the work; it takes one.
 */
static unsigned start_workers(struct ingest *in)
{
	unsigned n;

	in->worker = mem_zero(in->workers, sizeof(*in->worker));
	queue_init(&in->queue, (size_t)in->workers * 4);
	/* One more than there are, so that none is the last to end before
	 * all have begun. */
	atomic_store(&in->running, 1);
	for (n = 0; n < in->workers; n++) {
		struct worker *w = &in->worker[n];

		worker_init(w, in, n);
		atomic_fetch_add(&in->running, 1);
		if (pthread_create(&w->thread, NULL, worker_run, w) == 0)
			continue;
		atomic_fetch_sub(&in->running, 1);
		worker_release(w);
		if (n == 0)
			abort();
		break;
	}
	if (atomic_fetch_sub(&in->running, 1) == 1)
		queue_close(&in->queue);
	return n;
}

bool ingest_run(struct ingest *in, ingest_tick tick, void *context)
{
	struct delivery *d;
	bool going = true;

	unsigned started = start_workers(in);

	for (;;) {
		bool waited = queue_pop_for(&in->queue, TICK_MS, (void **)&d);

		if (waited && !d)
			break;
		if (d && going)
			append(in, d);
		else if (d)
			delivery_drop_parts(in, d);
		if (d)
			delivery_free(d);
		update_progress(in);
		if (going && tick && !tick(context, &in->progress)) {
			going = false;
			cancel(in);
		}
	}
	for (unsigned i = 0; i < started; i++) {
		pthread_join(in->worker[i].thread, NULL);
		worker_release(&in->worker[i]);
	}
	pieces_free_all(in);
	free(in->worker);
	in->worker = NULL;
	queue_release(&in->queue);
	amend_events(in->builder, &in->options, 0, !going);
	return going;
}
