/* SPDX-License-Identifier: MIT */
#include "query/presence.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "query/matcher_private.h"

enum { STEP_MS = 100 };

struct presence {
	const struct str *path;
	size_t n;
	bool *there; /* of all; written by flush */
};

/* One thread's part. */
struct presence_worker {
	const struct presence *p;
	struct match_scratch *scratch;
	bool *there;
	size_t missing;
};

static void *worker_new(void *context)
{
	const struct presence *p = context;
	struct presence_worker *w = mem_zero(1, sizeof(*w));

	w->p = p;
	w->scratch = match_scratch_new();
	w->there = mem_zero(p->n + 1, sizeof(*w->there));
	w->missing = p->n;
	return w;
}

static void worker_free(void *worker)
{
	struct presence_worker *w = worker;

	match_scratch_free(w->scratch);
	free(w->there);
	free(w);
}

/* Nothing is left to be found. */
static bool wants(void *worker, row_id row, struct str raw)
{
	const struct presence_worker *w = worker;

	(void)row;
	(void)raw;
	return w->missing > 0;
}

static bool leads_here(void *context, const struct json *v)
{
	(void)context;
	(void)v;
	return true;
}

static void see(void *worker, row_id row, const struct event *e)
{
	struct presence_worker *w = worker;

	(void)row;
	match_begin(w->scratch, e);
	for (size_t i = 0; i < w->p->n; i++) {
		if (w->there[i] || !record_walk(e->record, w->p->path[i],
						leads_here, NULL, w->scratch))
			continue;
		w->there[i] = true;
		w->missing--;
	}
}

/* What one thread has found, others need not look for. */
static void flush(void *context, void *worker)
{
	struct presence *p = context;
	struct presence_worker *w = worker;

	w->missing = p->n;
	for (size_t i = 0; i < p->n; i++) {
		p->there[i] |= w->there[i];
		w->there[i] = p->there[i];
		w->missing -= p->there[i];
	}
}

void presence_find(const struct store *s, const struct rowset *rows,
		   const struct str *path, size_t n,
		   const struct scan_options *options, bool *there,
		   struct scan_state *state)
{
	struct presence p = { path, n, there };
	struct scan_visitor visitor = { &p,    worker_new, worker_free,
					wants, see,        flush };
	struct scan *scan;

	/* From then on the threads write to it. */
	memset(there, 0, n * sizeof(*there));
	scan = scan_new(s, rows, &visitor, options);
	while (!scan_step(scan, STEP_MS))
		continue;
	scan_state(scan, state);
	scan_free(scan);
}
