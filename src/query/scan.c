/* SPDX-License-Identifier: MIT */
#include "query/scan.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/sort.h"
#include "ingest/reader.h"

/*
 * Rows that one worker takes at a time: of many small files together, of a
 * large file as much as lies between two access points. What a worker found
 * is handed over more often.
 */
enum { CHUNK_ROWS = 64, FLUSH_ROWS = 512, CLOCK_ROWS = 16, FEW_ROWS = 32 };
enum { STOP_ROWS = 16384 };
enum { FINISH_MS = 50 };
#define CHUNK_BYTES ((uint64_t)GZ_POINT_SPACING)

struct scan_worker {
	struct scan *scan;
	struct reader *reader;
	void *state;
	pthread_t thread;
	/* Since the last flush. */
	size_t done, unread;
	row_id why_row;
	struct err why;
};

struct scan {
	const struct store *store;
	struct scan_visitor visitor;
	row_id *order; /* ascending; then as they lie in the files */
	size_t n;
	pthread_mutex_t ordering; /* for what follows, until `ordered` */
	bool ordered;
	size_t *chunk; /* where each begins, and n behind the last */
	size_t chunk_n, chunk_cap;
	struct scan_worker *worker;
	size_t worker_n;
	bool threaded;
	size_t at; /* without threads: the next row */

	pthread_mutex_t lock; /* for what follows */
	pthread_cond_t changed;
	size_t next;   /* the next chunk */
	size_t active; /* workers that are not at their end */
	struct scan_state state;
	row_id why_row;
	atomic_bool stop;
};

/* Order ------------------------------------------------------------------- */

/* Rows of one file by offset. Mostly few, and nearly in order. */
static void order_file(const struct scan *s, row_id *row, size_t n)
{
	const struct uints *offset = &s->store->offset;
	int64_t *key;
	uint32_t *by_offset;
	row_id *to;

	if (n <= FEW_ROWS) {
		for (size_t i = 1; i < n; i++) {
			row_id moved = row[i];
			size_t k = i;

			for (; k && uints_get(offset, row[k - 1]) >
					    uints_get(offset, moved);
			     k--)
				row[k] = row[k - 1];
			row[k] = moved;
		}
		return;
	}
	key = mem_alloc(n * sizeof(*key));
	by_offset = mem_alloc(n * sizeof(*by_offset));
	to = mem_alloc(n * sizeof(*to));
	for (size_t i = 0; i < n; i++)
		key[i] = (int64_t)uints_get(offset, row[i]);
	sort_by_key(by_offset, key, n);
	for (size_t i = 0; i < n; i++)
		to[i] = row[by_offset[i]];
	memcpy(row, to, n * sizeof(*row));
	free(key);
	free(by_offset);
	free(to);
}

/* Whoever frees a scan waits for it. */
static bool stops_at(const struct scan *s, size_t row)
{
	return row % STOP_ROWS == 0 && atomic_load(&s->stop);
}

/* By file, then offset. Some milliseconds for a million rows; false when the
 * scan was stopped meanwhile. */
static bool order_rows(struct scan *s)
{
	uint32_t files = s->store->files->n;
	size_t *start = mem_zero((size_t)files + 2, sizeof(*start));
	row_id *by_file = mem_alloc((s->n + 1) * sizeof(*by_file));

	for (size_t i = 0; i < s->n && !stops_at(s, i); i++)
		start[store_file(s->store, s->order[i]) + 2]++;
	for (size_t f = 2; f < (size_t)files + 2; f++)
		start[f] += start[f - 1];
	for (size_t i = 0; i < s->n && !stops_at(s, i); i++)
		by_file[start[store_file(s->store, s->order[i]) + 1]++] =
			s->order[i];
	free(s->order);
	s->order = by_file;
	for (uint32_t f = 0; f < files && !atomic_load(&s->stop); f++)
		order_file(s, by_file + start[f], start[f + 1] - start[f]);
	free(start);
	return !atomic_load(&s->stop);
}

static void add_chunk(struct scan *s, size_t at)
{
	s->chunk = mem_grow(s->chunk, &s->chunk_cap, s->chunk_n + 1,
			    sizeof(*s->chunk));
	s->chunk[s->chunk_n++] = at;
}

static void cut_chunks(struct scan *s)
{
	const struct store *store = s->store;
	size_t from = 0;

	add_chunk(s, 0);
	for (size_t i = 1; i < s->n && !stops_at(s, i); i++) {
		row_id row = s->order[i], first = s->order[from];
		bool other = store_file(store, row) !=
			     store_file(store, s->order[i - 1]);

		if (other ? i - from < CHUNK_ROWS :
			    store_file(store, row) !=
					    store_file(store, first) ||
				    store_place(store, row).offset -
						    store_place(store, first)
							    .offset <
					    CHUNK_BYTES)
			continue;
		add_chunk(s, i);
		from = i;
	}
	add_chunk(s, s->n);
	s->chunk_n--;
}

/* Work -------------------------------------------------------------------- */

/* Whoever comes first puts the rows in order; nobody works before. */
static void order(struct scan *s)
{
	pthread_mutex_lock(&s->ordering);
	if (!s->ordered && s->n && order_rows(s))
		cut_chunks(s);
	s->ordered = true;
	pthread_mutex_unlock(&s->ordering);
}

static void see_row(struct scan_worker *w, row_id row)
{
	const struct scan_visitor *v = &w->scan->visitor;
	struct err err = ERR_INIT;
	const struct event *e;
	enum err_code rc = ERR_OK;
	struct str raw;

	w->done++;
	if (v->wants) {
		rc = reader_raw(w->reader, row, &raw, &err);
		if (rc == ERR_OK && !v->wants(w->state, row, raw))
			return;
	}
	if (rc == ERR_OK)
		rc = reader_event(w->reader, row, &e, &err);
	if (rc == ERR_OK) {
		v->see(w->state, row, e);
		return;
	}
	if (w->unread++ == 0 || row < w->why_row) {
		w->why = err;
		w->why_row = row;
	}
}

/* Under the lock, or without threads. */
static void flush(struct scan_worker *w)
{
	struct scan *s = w->scan;

	s->visitor.flush(s->visitor.context, w->state);
	if (w->unread && (s->state.unread == 0 || w->why_row < s->why_row)) {
		s->state.why = w->why;
		s->why_row = w->why_row;
	}
	s->state.done += w->done;
	s->state.unread += w->unread;
	w->done = w->unread = 0;
}

static void locked_flush(struct scan_worker *w)
{
	pthread_mutex_lock(&w->scan->lock);
	flush(w);
	pthread_mutex_unlock(&w->scan->lock);
}

static bool take_chunk(struct scan *s, size_t *from, size_t *to)
{
	bool more;

	pthread_mutex_lock(&s->lock);
	more = s->next < s->chunk_n && !atomic_load(&s->stop);
	if (more) {
		*from = s->chunk[s->next];
		*to = s->chunk[s->next + 1];
		s->next++;
	}
	pthread_mutex_unlock(&s->lock);
	return more;
}

static void *work(void *arg)
{
	struct scan_worker *w = arg;
	struct scan *s = w->scan;
	size_t from, to;

	order(s);
	while (take_chunk(s, &from, &to))
		for (; from < to && !atomic_load(&s->stop); from++) {
			see_row(w, s->order[from]);
			if (w->done >= FLUSH_ROWS)
				locked_flush(w);
		}
	pthread_mutex_lock(&s->lock);
	flush(w);
	s->active--;
	pthread_cond_broadcast(&s->changed);
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* Life cycle -------------------------------------------------------------- */

static void start_workers(struct scan *s, unsigned threads,
			  const struct limits *limits)
{
	size_t n = threads ? threads : 1;

	if (n > s->n / CHUNK_ROWS + (s->n != 0))
		n = s->n / CHUNK_ROWS + (s->n != 0);
	free(s->worker);
	s->worker = mem_zero(n + 1, sizeof(*s->worker));
	for (; s->worker_n < n; s->worker_n++) {
		struct scan_worker *w = &s->worker[s->worker_n];

		w->scan = s;
		w->reader = reader_new(s->store, limits);
		w->state = s->visitor.worker_new(s->visitor.context);
	}
	s->threaded = threads > 0;
	for (size_t i = 0; s->threaded && i < n; i++) {
		s->active++;
		if (pthread_create(&s->worker[i].thread, NULL, work,
				   &s->worker[i]) == 0)
			continue;
		/* Those that run will do; without any, the caller does. */
		s->active--;
		for (size_t j = i; j < n; j++) {
			reader_free(s->worker[j].reader);
			s->visitor.worker_free(s->worker[j].state);
		}
		s->worker_n = i;
		break;
	}
}

struct scan *scan_new(const struct store *store, const struct rowset *rows,
		      const struct scan_visitor *visitor,
		      const struct scan_options *options)
{
	static const struct limits defaults = LIMITS_DEFAULT;
	struct scan *s = mem_zero(1, sizeof(*s));
	pthread_condattr_t attr;

	s->store = store;
	s->visitor = *visitor;
	s->n = rows->n;
	s->order = mem_alloc((s->n + 1) * sizeof(*s->order));
	if (s->n)
		memcpy(s->order, rows->row, s->n * sizeof(*s->order));
	s->state.total = s->n;
	pthread_mutex_init(&s->lock, NULL);
	pthread_mutex_init(&s->ordering, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->changed, &attr);
	pthread_condattr_destroy(&attr);
	atomic_init(&s->stop, false);
	/* Workers wait until all of them have been made. */
	pthread_mutex_lock(&s->lock);
	start_workers(s, options->threads,
		      options->limits ? options->limits : &defaults);
	if (s->threaded && s->worker_n == 0 && s->n)
		start_workers(s, 0,
			      options->limits ? options->limits : &defaults);
	pthread_mutex_unlock(&s->lock);
	return s;
}

void scan_free(struct scan *s)
{
	if (!s)
		return;
	atomic_store(&s->stop, true);
	for (size_t i = 0; i < s->worker_n; i++) {
		if (s->threaded)
			pthread_join(s->worker[i].thread, NULL);
		reader_free(s->worker[i].reader);
		s->visitor.worker_free(s->worker[i].state);
	}
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
	pthread_mutex_destroy(&s->ordering);
	free(s->worker);
	free(s->order);
	free(s->chunk);
	free(s);
}

/* Steps ------------------------------------------------------------------- */

static struct timespec deadline(unsigned ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += (long)(ms % 1000) * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

static bool is_past(const struct timespec *t)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec != t->tv_sec ? now.tv_sec > t->tv_sec :
					 now.tv_nsec >= t->tv_nsec;
}

bool scan_step(struct scan *s, unsigned ms)
{
	struct timespec until = deadline(ms);
	bool finished;

	if (!s->threaded) {
		size_t from = s->at;

		order(s);
		while (s->at < s->n) {
			see_row(&s->worker[0], s->order[s->at++]);
			if ((s->at - from) % CLOCK_ROWS == 0 && is_past(&until))
				break;
		}
		if (s->worker_n)
			flush(&s->worker[0]);
		return s->at == s->n;
	}
	pthread_mutex_lock(&s->lock);
	while (s->active &&
	       pthread_cond_timedwait(&s->changed, &s->lock, &until) == 0)
		;
	finished = s->active == 0;
	pthread_mutex_unlock(&s->lock);
	return finished;
}

void scan_finish(struct scan *s, const atomic_bool *stop)
{
	while (!scan_step(s, FINISH_MS) && !(stop && atomic_load(stop)))
		;
}

void scan_lock(struct scan *s)
{
	pthread_mutex_lock(&s->lock);
}

void scan_unlock(struct scan *s)
{
	pthread_mutex_unlock(&s->lock);
}

void scan_state(struct scan *s, struct scan_state *out)
{
	pthread_mutex_lock(&s->lock);
	*out = s->state;
	pthread_mutex_unlock(&s->lock);
}

/* Alone ------------------------------------------------------------------- */

static void *same_worker(void *context)
{
	return context;
}

static void keep_worker(void *worker)
{
	(void)worker;
}

static void hand_over_nothing(void *context, void *worker)
{
	(void)context;
	(void)worker;
}

void scan_alone(const struct store *store, const struct rowset *rows,
		const struct limits *limits,
		void (*see)(void *context, row_id row, const struct event *e),
		void *context, const atomic_bool *stop, struct scan_state *out)
{
	const struct scan_visitor visitor = { .context = context,
					      .worker_new = same_worker,
					      .worker_free = keep_worker,
					      .see = see,
					      .flush = hand_over_nothing };
	const struct scan_options alone = { .limits = limits };
	struct scan *s = scan_new(store, rows, &visitor, &alone);

	scan_finish(s, stop);
	scan_state(s, out);
	scan_free(s);
}
