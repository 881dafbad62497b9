/* SPDX-License-Identifier: MIT */
#include "query/run.h"

#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "query/need.h"

enum { TOLD_MS = 50 };

static const struct timespec a_moment = { .tv_nsec = 1000000 };

struct query_run {
	const struct plan *plan;
	const struct store *store;
	const struct marks *marks;
	struct scan_options options;
	bool waits; /* for what another thread finds out of the rows */
	struct plan_answer answer;
	struct need_bytes *need; /* or NULL */
	struct scan *scan;       /* NULL: no record has to be read */
	struct rowset rows;
	struct rowset spare; /* of the last union */
	bool finished;
	/* Written by flush, read under the scan's lock. */
	row_id *fresh;
	size_t fresh_n, fresh_cap;
	uint64_t gave_up;
};

/* One thread's part. */
struct run_worker {
	const struct query_run *run;
	struct match_scratch *scratch;
	row_id *hit;
	size_t n, cap;
	uint64_t gave_up; /* already handed over */
};

static void *worker_new(void *context)
{
	struct run_worker *w = mem_zero(1, sizeof(*w));

	w->run = context;
	w->scratch = match_scratch_new();
	return w;
}

static void worker_free(void *worker)
{
	struct run_worker *w = worker;

	match_scratch_free(w->scratch);
	free(w->hit);
	free(w);
}

static void add_hit(struct run_worker *w, row_id row)
{
	w->hit = mem_grow(w->hit, &w->cap, w->n + 1, sizeof(*w->hit));
	w->hit[w->n++] = row;
}

static struct match_row row_of(const struct run_worker *w, row_id row)
{
	return (struct match_row){ w->run->store, w->run->marks, row,
				   w->run->answer.known };
}

/* Most records are decided by their bytes; the rest are parsed. */
static bool wants(void *worker, row_id row, struct str raw)
{
	struct run_worker *w = worker;
	const struct query_run *r = w->run;
	struct match_row known = row_of(w, row);
	uint32_t flags = r->store->flags[row];
	enum answer result;

	if (r->need && !need_bytes_in(r->need, raw, flags))
		return false;
	result = matcher_raw(plan_matcher(r->plan), raw, flags, &known,
			     w->scratch);
	if (result == ANSWER_YES)
		add_hit(w, row);
	return result == ANSWER_UNSURE;
}

static void see(void *worker, row_id row, const struct event *e)
{
	struct run_worker *w = worker;
	struct match_row known = row_of(w, row);

	if (matcher_test(plan_matcher(w->run->plan), e, &known, w->scratch))
		add_hit(w, row);
}

static void flush(void *context, void *worker)
{
	struct query_run *r = context;
	struct run_worker *w = worker;
	uint64_t gave_up = match_scratch_gave_up(w->scratch);

	r->gave_up += gave_up - w->gave_up;
	w->gave_up = gave_up;
	if (w->n == 0)
		return;
	r->fresh = mem_grow(r->fresh, &r->fresh_cap, r->fresh_n + w->n,
			    sizeof(*r->fresh));
	memcpy(r->fresh + r->fresh_n, w->hit, w->n * sizeof(*w->hit));
	r->fresh_n += w->n;
	w->n = 0;
}

/* What the store knows; the records of the rest are still to be read. */
static void ask(struct query_run *r)
{
	struct scan_visitor visitor = { r,     worker_new, worker_free,
					wants, see,        flush };

	plan_ask(r->plan, r->store, r->marks, &r->answer);
	r->rows = r->answer.sure;
	r->answer.sure = (struct rowset)ROWSET_INIT;
	r->finished = r->answer.maybe.n == 0;
	if (r->finished)
		return;
	r->need = need_bytes_new(plan_matcher(r->plan));
	r->scan = scan_new(r->store, &r->answer.maybe, &visitor, &r->options);
}

struct query_run *query_run_new(const struct plan *p, const struct store *s,
				const struct marks *marks,
				const struct scan_options *options)
{
	struct query_run *r = mem_zero(1, sizeof(*r));

	r->plan = p;
	r->store = s;
	r->marks = marks;
	r->options = *options;
	r->waits = plan_asks_kin(p) && marks && kin_is_coming(marks->kin);
	if (!r->waits)
		ask(r);
	return r;
}

void query_run_free(struct query_run *r)
{
	if (!r)
		return;
	scan_free(r->scan);
	need_bytes_free(r->need);
	plan_answer_release(&r->answer);
	rowset_release(&r->rows);
	rowset_release(&r->spare);
	free(r->fresh);
	free(r);
}

static int compare_rows(const void *x, const void *y)
{
	const row_id *a = x, *b = y;

	return *a < *b ? -1 : *a > *b;
}

static void take_fresh(struct query_run *r)
{
	struct rowset fresh, swap;

	scan_lock(r->scan);
	if (r->fresh_n) {
		qsort(r->fresh, r->fresh_n, sizeof(*r->fresh), compare_rows);
		fresh = rowset_view(r->fresh, r->fresh_n);
		rowset_union(&r->spare, &r->rows, &fresh);
		swap = r->rows;
		r->rows = r->spare;
		r->spare = swap;
		r->fresh_n = 0;
	}
	scan_unlock(r->scan);
}

bool query_run_finished(const struct query_run *r)
{
	return r->finished;
}

bool query_run_step(struct query_run *r, unsigned ms)
{
	while (r->waits && kin_is_coming(r->marks->kin)) {
		if (!ms--)
			return false;
		nanosleep(&a_moment, NULL);
	}
	if (r->waits)
		ask(r);
	r->waits = false;
	if (r->finished)
		return true;
	r->finished = scan_step(r->scan, ms);
	take_fresh(r);
	return r->finished;
}

const struct rowset *query_run_rows(const struct query_run *r)
{
	return &r->rows;
}

void query_run_progress(struct query_run *r, struct query_progress *out)
{
	*out = (struct query_progress){ .found = r->rows.n };
	if (!r->scan)
		return;
	scan_state(r->scan, &out->scan);
	scan_lock(r->scan);
	out->gave_up = r->gave_up;
	scan_unlock(r->scan);
}

enum err_code query_rows(const struct plan *p, const struct store *s,
			 const struct marks *marks,
			 const struct scan_options *options, query_told told,
			 void *context, struct rowset *out,
			 struct query_progress *progress, struct err *err)
{
	struct query_run *r = query_run_new(p, s, marks, options);
	struct query_progress now;
	enum err_code rc = ERR_OK;
	bool finished;

	do {
		finished = query_run_step(r, TOLD_MS);
		query_run_progress(r, &now);
		if (told && !finished && !told(context, &now, &r->rows)) {
			rc = err_set(err, ERR_CANCELLED, "%s",
				     err_text(ERR_CANCELLED));
			break;
		}
	} while (!finished);
	rowset_copy(out, &r->rows);
	if (progress)
		*progress = now;
	query_run_free(r);
	return rc;
}
