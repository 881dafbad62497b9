/* SPDX-License-Identifier: MIT */
#include "ingest/ingest.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/queue.h"
#include "ingest/archive.h"
#include "ingest/envelope.h"
#include "ingest/source.h"
#include "ingest/unwrap.h"
#include "ingest/value.h"
#include "ingest/walk.h"

enum {
	BATCH_ROWS = 512,         /* rows that are worth handing over */
	LARGE_TABLES = 512 << 10, /* bytes of strings that begin to be slow */
	LARGE_GZIP = 4 << 20, /* bytes on disk that are worth access points */
	MAX_THREADS = 256,
	TICK_MS = 100,
};

/* What a worker has to say about a file that it has read. */
struct file_report {
	file_id file;
	struct file_entry result; /* only what reading finds out */
	bool unreadable;          /* could not be opened */
};

/* A batch and what goes with it. */
struct delivery {
	struct batch batch;
	struct string_tables *tables; /* of the batch */
	bool own_tables;              /* they go with it */
	void *part[INGEST_VISITORS];
	struct file_report *report;
	size_t report_n, report_cap;
};

struct worker {
	struct ingest *in;
	unsigned number;
	pthread_t thread;
	struct string_tables *tables;
	void *visitor[INGEST_VISITORS];
	struct arena arena;
	struct envelope *envelope;
	struct unwrapper *unwrapper;
	struct value_reader reader;  /* of what was unwrapped */
	uint64_t more;               /* records of the file beyond its items */
	struct delivery *delivery;   /* being filled */
	struct ingest_progress told; /* of the file, in in's counters */
};

struct ingest {
	struct ingest_options options;
	struct store_builder *builder;
	struct worker *worker;
	unsigned workers;
	struct queue queue; /* of deliveries; a NULL-free stream */
	atomic_uint next_file;
	atomic_uint running;
	atomic_bool cancelled;
	/* What the workers are at, between their reports. */
	atomic_uint_fast64_t bytes, content, records, rejected;
	struct ingest_progress progress;
};

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
	builder_counts(in->builder)->other_days = terms.left_out;
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

uint64_t ingest_seconds_left(const struct ingest_progress *p,
			     int64_t elapsed_ms)
{
	if (!p->bytes || p->bytes >= p->bytes_total)
		return 0;
	return (uint64_t)((double)elapsed_ms *
			  (double)(p->bytes_total - p->bytes) /
			  (double)p->bytes / 1000);
}

/* Workers ----------------------------------------------------------------- */

static struct delivery *delivery_new(unsigned worker)
{
	struct delivery *d = mem_zero(1, sizeof(*d));

	batch_init(&d->batch, worker);
	return d;
}

static struct string_tables *tables_new(void)
{
	struct string_tables *t = mem_alloc(sizeof(*t));

	string_tables_init(t);
	return t;
}

static void tables_free(struct string_tables *t)
{
	string_tables_release(t);
	free(t);
}

static void delivery_free(struct delivery *d)
{
	if (d->own_tables)
		tables_free(d->tables);
	batch_release(&d->batch);
	free(d->report);
	free(d);
}

static void drop_parts(struct ingest *in, struct delivery *d)
{
	for (size_t v = 0; v < in->options.visitor_n; v++)
		if (d->part[v])
			in->options.visitor[v].drop(d->part[v]);
	for (size_t i = 0; i < d->report_n; i++)
		gz_points_release(&d->report[i].result.points);
}

/* Hands over what has been gathered; false when the load was cancelled. */
static bool deliver(struct worker *w)
{
	struct ingest *in = w->in;
	struct delivery *d = w->delivery;

	for (size_t v = 0; v < in->options.visitor_n; v++)
		d->part[v] = in->options.visitor[v].take(w->visitor[v]);
	batch_seal(&d->batch, w->tables);
	d->tables = w->tables;
	d->own_tables = string_tables_memory(w->tables) > LARGE_TABLES;
	if (d->own_tables)
		w->tables = tables_new();
	if (!queue_push(&in->queue, d)) {
		drop_parts(in, d);
		delivery_free(d);
		w->delivery = delivery_new(w->number);
		return false;
	}
	w->delivery = delivery_new(w->number);
	return true;
}

/* Brings the shared counters up to where this worker is in its file. */
static void tell_progress(struct worker *w, const struct source *source,
			  const struct file_report *report)
{
	struct ingest_progress now = {
		.bytes = source_consumed(source),
		.content_bytes = source_offset(source),
		.records = report->result.records,
		.rejected = report->result.rejected,
	};
	struct ingest *in = w->in;

	atomic_fetch_add(&in->bytes, now.bytes - w->told.bytes);
	atomic_fetch_add(&in->content,
			 now.content_bytes - w->told.content_bytes);
	atomic_fetch_add(&in->records, now.records - w->told.records);
	atomic_fetch_add(&in->rejected, now.rejected - w->told.rejected);
	w->told = now;
}

/* A file in a folder that is no log of any kind is nothing lost. */
static bool is_foreign(const struct worker *w, const struct file_report *report)
{
	const struct files *files = builder_files(w->in->builder);

	return report->result.format == FILE_UNKNOWN && !report->unreadable &&
	       !files->entry[report->file].named;
}

static void note_skip(struct worker *w, struct file_report *report,
		      const struct envelope_item *item, uint64_t *listed)
{
	struct batch *b = &w->delivery->batch;

	if (item->number)
		report->result.rejected++;
	if ((*listed)++ >= SKIPS_PER_FILE) {
		b->unlisted++;
		report->result.unlisted++;
		return;
	}
	skips_add(&b->skips, (struct skip){ .file = report->file,
					    .record = item->number,
					    .offset = item->offset,
					    .reason = item->reason,
					    .foreign = item->foreign ||
						       is_foreign(w, report) });
}

/* A row of an event and whoever wants to see it. */
static void take_event(struct worker *w, file_id file, const struct event *e,
		       const struct envelope_item *item, struct str text)
{
	struct ingest *in = w->in;
	struct record_place place = { file, (uint32_t)(item->number + w->more),
				      item->offset, (uint32_t)item->raw.n };
	uint32_t row;

	row = batch_add(&w->delivery->batch, w->tables, e, place, text);
	for (size_t v = 0; v < in->options.visitor_n; v++)
		in->options.visitor[v].see(w->visitor[v], e, row);
}

/* One of the records that an item carries, or why there is none. */
static void take_found(struct worker *w, struct file_report *report,
		       const struct envelope_item *item,
		       const struct unwrapped *found, uint64_t *listed)
{
	struct envelope_item skip = { .kind = ITEM_SKIP,
				      .number = item->number + w->more,
				      .offset = item->offset,
				      .reason = found->skip,
				      .foreign = found->foreign };
	struct event e;

	if (!found->skip && unwrapped_event(&e, found, &w->reader, &w->arena)) {
		if (report->result.form == FORM_RECORD)
			report->result.form = found->form;
		take_event(w, report->file, &e, item, found->text);
		return;
	}
	if (!skip.reason)
		skip.reason = w->reader.scan.reason;
	note_skip(w, report, &skip, listed);
}

/* All that an item carries; false when it is nothing that is known. */
static bool take_carried(struct worker *w, struct file_report *report,
			 const struct envelope_item *item, uint64_t *listed)
{
	const struct unwrapped *found;
	size_t n;

	found = item->line ?
			unwrap_line(w->unwrapper, item->raw, item->header, &n) :
			unwrap(w->unwrapper, item->value, &n);
	for (size_t i = 0; i < n; i++) {
		if (i)
			w->more++;
		arena_reset(&w->arena);
		take_found(w, report, item, &found[i], listed);
	}
	if (n)
		report->result.records += n - 1;
	return n != 0;
}

/* One item: a record, or what carries some. False when it is neither. */
static bool take_item(struct worker *w, struct file_report *report,
		      const struct envelope_item *item, uint64_t *listed)
{
	bool object = !item->line && item->value->kind == JSON_OBJECT;
	struct event e;

	/* What a delivery file holds is a record, whatever it looks like. */
	if (object && !item->row &&
	    (item->delivered || event_marks(item->value))) {
		event_extract(&e, item->value, item->notes, &w->arena);
		if (is_plain_event(&e) ||
		    !take_carried(w, report, item, listed))
			take_event(w, report->file, &e, item, item->raw);
		return true;
	}
	return take_carried(w, report, item, listed);
}

static void read_records(struct worker *w, struct source *source,
			 struct file_report *report)
{
	struct envelope_item item;
	uint64_t listed = 0;

	envelope_start(w->envelope, source);
	w->more = 0;
	for (;;) {
		enum file_format format;

		envelope_next(w->envelope, &item);
		if (item.kind == ITEM_END)
			break;
		if (item.number)
			report->result.records++;
		format = envelope_format(w->envelope);
		if (item.kind == ITEM_RECORD &&
		    !take_item(w, report, &item, &listed)) {
			item.kind = ITEM_SKIP;
			item.reason = "not a CloudTrail record";
		}
		report->result.format = format;
		if (item.kind == ITEM_SKIP) {
			item.number += item.number ? w->more : 0;
			note_skip(w, report, &item, &listed);
		}
		if (w->delivery->batch.n >= BATCH_ROWS) {
			tell_progress(w, source, report);
			if (!deliver(w))
				break;
		}
		if (atomic_load_explicit(&w->in->cancelled,
					 memory_order_relaxed))
			break;
	}
	report->result.format = envelope_format(w->envelope);
	tell_progress(w, source, report);
	w->told = (struct ingest_progress){ .files = 0 };
}

static void read_file(struct worker *w, file_id file)
{
	const struct file_entry *e =
		&builder_files(w->in->builder)->entry[file];
	struct file_report report = { .file = file };
	struct envelope_item failed = { .kind = ITEM_SKIP };
	struct delivery *d;
	struct source *source;
	struct err err;
	bool large = e->bytes >= LARGE_GZIP;
	uint64_t listed = 0;

	if (e->refused || e->kept)
		return;
	for (size_t v = 0; v < w->in->options.visitor_n; v++)
		if (w->in->options.visitor[v].begin)
			w->in->options.visitor[v].begin(w->visitor[v]);
	if (source_open(&source, e->path, e->fd, file_part_of(e),
			&w->in->options.limits,
			large ? &report.result.points : NULL, &err)) {
		failed.reason = "the file cannot be opened";
		report.result.format = FILE_UNKNOWN;
		report.unreadable = true;
		note_skip(w, &report, &failed, &listed);
	} else {
		read_records(w, source, &report);
		report.result.gzip = source_is_gzip(source);
		report.result.members = source_members(source);
		report.result.content_bytes = source_offset(source);
		source_close(source);
	}
	d = w->delivery;
	d->report = mem_grow(d->report, &d->report_cap, d->report_n + 1,
			     sizeof(*d->report));
	d->report[d->report_n++] = report;
}

static void *work(void *argument)
{
	struct worker *w = argument;
	struct ingest *in = w->in;
	uint32_t files = builder_files(in->builder)->n;

	for (;;) {
		uint32_t file = atomic_fetch_add(&in->next_file, 1);

		if (file >= files || atomic_load(&in->cancelled))
			break;
		read_file(w, file);
		/* Small files gather into one batch, but not for ever: the
		 * first rows should be seen soon. */
		if (w->delivery->batch.n >= BATCH_ROWS / 2 ||
		    w->delivery->report_n >= 64)
			if (!deliver(w))
				break;
	}
	deliver(w);
	if (atomic_fetch_sub(&in->running, 1) == 1)
		queue_close(&in->queue);
	return NULL;
}

static void worker_init(struct worker *w, struct ingest *in, unsigned number)
{
	*w = (struct worker){ .in = in, .number = number };
	w->tables = tables_new();
	arena_init(&w->arena);
	w->envelope = envelope_new(&in->options.limits, &w->arena);
	w->unwrapper = unwrapper_new(&in->options.limits);
	value_reader_init(&w->reader, &in->options.limits);
	w->delivery = delivery_new(number);
	for (size_t v = 0; v < in->options.visitor_n; v++)
		w->visitor[v] = in->options.visitor[v].worker_new(
			in->options.visitor[v].context);
}

static void worker_release(struct worker *w)
{
	for (size_t v = 0; v < w->in->options.visitor_n; v++)
		w->in->options.visitor[v].worker_free(w->visitor[v]);
	delivery_free(w->delivery);
	envelope_free(w->envelope);
	unwrapper_free(w->unwrapper);
	value_reader_release(&w->reader);
	arena_release(&w->arena);
	tables_free(w->tables);
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
	atomic_store(&in->cancelled, true);
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
		if (pthread_create(&w->thread, NULL, work, w) == 0)
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
			drop_parts(in, d);
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
	free(in->worker);
	in->worker = NULL;
	queue_release(&in->queue);
	return going;
}
