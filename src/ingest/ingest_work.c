/* SPDX-License-Identifier: MIT */
/* What a worker does: the next file, from its bytes to rows in a batch. */
#include "ingest/ingest_private.h"

#include <stdlib.h>

#include "base/mem.h"

enum {
	BATCH_ROWS = 512,         /* rows that are worth handing over */
	LARGE_TABLES = 512 << 10, /* bytes of strings that begin to be slow */
	LARGE_GZIP = 4 << 20, /* bytes on disk that are worth access points */
};

struct delivery *delivery_new(unsigned worker)
{
	struct delivery *d = mem_zero(1, sizeof(*d));

	batch_init(&d->batch, worker);
	return d;
}

struct string_tables *worker_tables_new(void)
{
	struct string_tables *t = mem_alloc(sizeof(*t));

	string_tables_init(t);
	return t;
}

static void free_tables(struct string_tables *t)
{
	string_tables_release(t);
	free(t);
}

void delivery_free(struct delivery *d)
{
	if (d->own_tables)
		free_tables(d->tables);
	batch_release(&d->batch);
	free(d->report);
	free(d);
}

void delivery_drop_parts(struct ingest *in, struct delivery *d)
{
	for (size_t v = 0; v < in->options.visitor_n; v++)
		if (d->part[v])
			in->options.visitor[v].drop(d->part[v]);
	for (size_t i = 0; i < d->report_n; i++)
		gz_points_release(&d->report[i].result.points);
}

struct delivery *worker_gather(struct worker *w)
{
	struct ingest *in = w->in;
	struct delivery *d = w->delivery;

	for (size_t v = 0; v < in->options.visitor_n; v++)
		d->part[v] = in->options.visitor[v].take(w->visitor[v]);
	batch_seal(&d->batch, w->tables);
	d->tables = w->tables;
	return d;
}

/* Hands over what has been gathered; false when the load was cancelled. */
static bool deliver(struct worker *w)
{
	struct ingest *in = w->in;
	struct delivery *d = worker_gather(w);

	d->own_tables = string_tables_memory(w->tables) > LARGE_TABLES;
	if (d->own_tables)
		w->tables = worker_tables_new();
	if (!queue_push(&in->queue, d)) {
		delivery_drop_parts(in, d);
		delivery_free(d);
		w->delivery = delivery_new(w->number);
		return false;
	}
	w->delivery = delivery_new(w->number);
	return true;
}

bool worker_flush(struct worker *w)
{
	const struct delivery *d = w->delivery;

	if (!d->batch.n && !d->report_n && !d->batch.skips.n &&
	    !d->batch.unlisted)
		return true;
	return deliver(w);
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

static void note_skip(struct file_reading *r, const struct envelope_item *item)
{
	struct file_report *report = &r->report;
	struct batch *b = &r->worker->delivery->batch;

	if (item->number)
		report->result.rejected++;
	if (r->listed++ >= SKIPS_PER_FILE) {
		b->unlisted++;
		report->result.unlisted++;
		return;
	}
	skips_add(&b->skips,
		  (struct skip){ .file = report->file,
				 .record = item->number,
				 .offset = item->offset,
				 .reason = item->reason,
				 .foreign = item->foreign ||
					    is_foreign(r->worker, report) });
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
static void take_found(struct file_reading *r, const struct envelope_item *item,
		       const struct unwrapped *found)
{
	struct worker *w = r->worker;
	struct file_report *report = &r->report;
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
	note_skip(r, &skip);
}

/* All that an item carries; false when it is nothing that is known. */
static bool take_carried(struct file_reading *r,
			 const struct envelope_item *item)
{
	struct worker *w = r->worker;
	const struct unwrapped *found;
	size_t n;

	found = item->line ?
			unwrap_line(w->unwrapper, item->raw, item->header, &n) :
			unwrap(w->unwrapper, item->value, &n);
	for (size_t i = 0; i < n; i++) {
		if (i)
			w->more++;
		arena_reset(&w->arena);
		take_found(r, item, &found[i]);
	}
	if (n)
		r->report.result.records += n - 1;
	return n != 0;
}

/* One item: a record, or what carries some. False when it is neither. */
static bool take_item(struct file_reading *r, const struct envelope_item *item)
{
	struct worker *w = r->worker;
	bool object = !item->line && item->value->kind == JSON_OBJECT;
	struct event e;

	/* What a delivery file holds is a record, whatever it looks like. */
	if (object && !item->row &&
	    (item->delivered || event_marks(item->value))) {
		event_extract(&e, item->value, item->notes, &w->arena);
		if (is_plain_event(&e) || !take_carried(r, item))
			take_event(w, r->report.file, &e, item, item->raw);
		return true;
	}
	return take_carried(r, item);
}

void worker_take(struct file_reading *r, struct envelope_item *item)
{
	struct worker *w = r->worker;
	enum file_format format = envelope_format(w->envelope);

	if (item->number)
		r->report.result.records++;
	if (item->kind == ITEM_RECORD && !take_item(r, item)) {
		item->kind = ITEM_SKIP;
		item->reason = "not a CloudTrail record";
	}
	r->report.result.format = format;
	if (item->kind == ITEM_SKIP) {
		item->number += item->number ? w->more : 0;
		note_skip(r, item);
	}
}

static void read_records(struct file_reading *r, struct source *source)
{
	struct worker *w = r->worker;
	struct envelope_item item;

	envelope_start(w->envelope, source);
	w->more = 0;
	for (;;) {
		envelope_next(w->envelope, &item);
		if (item.kind == ITEM_END)
			break;
		worker_take(r, &item);
		if (w->delivery->batch.n >= BATCH_ROWS) {
			tell_progress(w, source, &r->report);
			if (!deliver(w))
				break;
		}
		if (atomic_load_explicit(&w->in->cancelled,
					 memory_order_relaxed))
			break;
	}
	r->report.result.format = envelope_format(w->envelope);
	tell_progress(w, source, &r->report);
	w->told = (struct ingest_progress){ .files = 0 };
}

void delivery_report(struct delivery *d, const struct file_report *report)
{
	d->report = mem_grow(d->report, &d->report_cap, d->report_n + 1,
			     sizeof(*d->report));
	d->report[d->report_n++] = *report;
}

static void read_file(struct worker *w, file_id file)
{
	const struct file_entry *e =
		&builder_files(w->in->builder)->entry[file];
	struct file_reading r = { .worker = w, .report = { .file = file } };
	struct file_entry *result = &r.report.result;
	struct envelope_item failed = { .kind = ITEM_SKIP };
	struct source *source;
	struct err err;
	bool large = e->bytes >= LARGE_GZIP;

	if (e->refused || e->kept)
		return;
	for (size_t v = 0; v < w->in->options.visitor_n; v++)
		if (w->in->options.visitor[v].begin)
			w->in->options.visitor[v].begin(w->visitor[v]);
	if (source_open(&source, e->path, e->fd, file_part_of(e),
			&w->in->options.limits, large ? &result->points : NULL,
			&err)) {
		failed.reason = "the file cannot be opened";
		result->format = FILE_UNKNOWN;
		r.report.unreadable = true;
		note_skip(&r, &failed);
	} else if (pieces_open(w, file, source)) {
		return;
	} else {
		read_records(&r, source);
		result->gzip = source_is_gzip(source);
		result->members = source_members(source);
		result->content_bytes = source_offset(source);
		source_close(source);
	}
	delivery_report(w->delivery, &r.report);
}

/* What to do next: a piece, or a file. */
struct work {
	struct piece *piece;
	file_id file;
};

/* False when nothing is left, and none will be. */
static bool next_work(struct worker *w, struct work *work)
{
	struct ingest *in = w->in;
	uint32_t files = builder_files(in->builder)->n;
	bool found = false, left = true, flushed = false;

	pthread_mutex_lock(&in->lock);
	while (!found && left && !atomic_load(&in->cancelled)) {
		work->piece = pieces_take(in);
		if (work->piece) {
			found = true;
		} else if (in->next_file < files) {
			work->file = in->next_file++;
			in->reading++;
			found = true;
		} else if (in->reading == 0 && !in->pieces) {
			left = false;
		} else if (!flushed) {
			/* Rows do not wait for what others have to end. */
			pthread_mutex_unlock(&in->lock);
			left = worker_flush(w);
			flushed = true;
			pthread_mutex_lock(&in->lock);
		} else {
			pthread_cond_wait(&in->more, &in->lock);
		}
	}
	pthread_mutex_unlock(&in->lock);
	return found;
}

static void end_file(struct ingest *in)
{
	pthread_mutex_lock(&in->lock);
	in->reading--;
	pthread_cond_broadcast(&in->more);
	pthread_mutex_unlock(&in->lock);
}

void *worker_run(void *worker)
{
	struct worker *w = worker;
	struct ingest *in = w->in;
	struct work work;

	while (next_work(w, &work)) {
		if (work.piece) {
			pieces_read(w, work.piece);
			continue;
		}
		read_file(w, work.file);
		end_file(in);
		/* Small files gather into one batch, but not for ever: the
		 * first rows should be seen soon. */
		if (w->delivery->batch.n >= BATCH_ROWS / 2 ||
		    w->delivery->report_n >= 64)
			if (!deliver(w))
				break;
	}
	worker_flush(w);
	if (atomic_fetch_sub(&in->running, 1) == 1)
		queue_close(&in->queue);
	return NULL;
}

void worker_init(struct worker *w, struct ingest *in, unsigned number)
{
	*w = (struct worker){ .in = in, .number = number };
	w->tables = worker_tables_new();
	arena_init(&w->arena);
	w->envelope = envelope_new(&in->options.limits, &w->arena);
	w->unwrapper = unwrapper_new(&in->options.limits);
	value_reader_init(&w->reader, &in->options.limits);
	w->delivery = delivery_new(number);
	for (size_t v = 0; v < in->options.visitor_n; v++)
		w->visitor[v] = in->options.visitor[v].worker_new(
			in->options.visitor[v].context);
}

void worker_release(struct worker *w)
{
	for (size_t v = 0; v < w->in->options.visitor_n; v++)
		w->in->options.visitor[v].worker_free(w->visitor[v]);
	delivery_free(w->delivery);
	envelope_free(w->envelope);
	unwrapper_free(w->unwrapper);
	value_reader_release(&w->reader);
	arena_release(&w->arena);
	free_tables(w->tables);
}
