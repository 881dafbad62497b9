/* SPDX-License-Identifier: MIT */
#include "detect/detector.h"

#include <stdlib.h>

#include "base/intern_pack.h"
#include "base/mem.h"
#include "detect/noted_pack.h"

/* What one batch's events matched, by rows of the batch; on its way to the
 * appending thread. */
struct part {
	struct rule_match *noted;
	size_t n, cap;
	struct captures captures;
	struct detector_counts counts;
};

struct detector {
	const struct ruleset *rules;
	struct rule_match *noted; /* `row` is a number of arrival */
	size_t n, cap;
	struct captures captures;
	struct detector_counts counts;
};

/* A loading thread's state. */
struct detector_worker {
	const struct ruleset *rules;
	struct rule_scratch scratch;
	struct part *part;
	uint64_t tried, gave_up; /* already in a part */
};

struct detector *detector_new(const struct ruleset *rs)
{
	struct detector *d = mem_zero(1, sizeof(*d));

	d->rules = rs;
	captures_init(&d->captures);
	return d;
}

void detector_free(struct detector *d)
{
	if (!d)
		return;
	free(d->noted);
	captures_release(&d->captures);
	free(d);
}

const struct captures *detector_captures(const struct detector *d)
{
	return &d->captures;
}

struct detector_counts detector_counts(const struct detector *d)
{
	return d->counts;
}

/* The visitor ------------------------------------------------------------- */

static void *worker_new(void *context)
{
	struct detector *d = context;
	struct detector_worker *w = mem_zero(1, sizeof(*w));

	w->rules = d->rules;
	rule_scratch_init(&w->scratch, d->rules);
	return w;
}

static void part_free(void *part)
{
	struct part *p = part;

	if (!p)
		return;
	free(p->noted);
	captures_release(&p->captures);
	free(p);
}

static void worker_free(void *worker)
{
	struct detector_worker *w = worker;

	rule_scratch_release(&w->scratch);
	part_free(w->part);
	free(w);
}

static uint32_t capture(struct detector_worker *w, const struct ruleset_rule *r,
			const struct event *e)
{
	if (!r->capture_n)
		return 0;
	return captures_add(&w->part->captures, e, r->capture, r->capture_n,
			    w->scratch.match);
}

static void see(void *worker, const struct event *e, uint32_t row)
{
	struct detector_worker *w = worker;
	struct part *p;

	if (!w->part) {
		w->part = mem_zero(1, sizeof(*w->part));
		captures_init(&w->part->captures);
	}
	p = w->part;
	p->counts.events++;
	ruleset_match(w->rules, e, &w->scratch);
	for (size_t i = 0; i < w->scratch.hit_n; i++) {
		rule_index rule = w->scratch.hit[i];

		p->noted = mem_grow(p->noted, &p->cap, p->n + 1,
				    sizeof(*p->noted));
		p->noted[p->n++] = rule_match_of(
			row, rule, capture(w, ruleset_at(w->rules, rule), e),
			0);
	}
}

static void *take(void *worker)
{
	struct detector_worker *w = worker;
	struct part *p = w->part;
	uint64_t gave_up = match_scratch_gave_up(w->scratch.match);

	if (!p)
		return NULL;
	p->counts.tried = w->scratch.tried - w->tried;
	p->counts.gave_up = gave_up - w->gave_up;
	p->counts.matches = p->n;
	w->tried = w->scratch.tried;
	w->gave_up = gave_up;
	w->part = NULL;
	return p;
}

static void merge(void *context, void *part, uint32_t first)
{
	struct detector *d = context;
	struct part *p = part;
	uint32_t base = captures_move(&d->captures, &p->captures);

	d->noted = mem_grow(d->noted, &d->cap, d->n + p->n, sizeof(*d->noted));
	for (size_t i = 0; i < p->n; i++) {
		struct rule_match x = p->noted[i];

		x.row += first;
		if (x.note)
			x.note = base == UINT32_MAX ? 0 : x.note + base;
		d->noted[d->n++] = x;
	}
	d->counts.events += p->counts.events;
	d->counts.tried += p->counts.tried;
	d->counts.matches += p->counts.matches;
	d->counts.gave_up += p->counts.gave_up;
	part_free(p);
}

struct ingest_visitor detector_visitor(struct detector *d)
{
	return (struct ingest_visitor){ .context = d,
					.worker_new = worker_new,
					.worker_free = worker_free,
					.see = see,
					.take = take,
					.merge = merge,
					.drop = part_free };
}

/* Matches ----------------------------------------------------------------- */

/* From arrivals to rows, in order; what is no row falls out. */
static void place(struct rule_match *m, size_t n, const row_id *row_of,
		  uint32_t arrivals, struct rule_matches *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct rule_match x = m[i];

		if (x.row >= arrivals || row_of[x.row] == ROW_NONE)
			continue;
		x.row = row_of[x.row];
		m[kept++] = x;
	}
	/* Each once: no two arrivals became the same row. There are at most as
	 * many rows as arrivals. */
	rule_matches_place(m, kept, arrivals);
	*out = (struct rule_matches){ .match = m, .n = kept };
}

void detector_matches(const struct detector *d, const row_id *row_of,
		      uint32_t arrivals, struct rule_matches *out)
{
	place(mem_dup(d->noted, d->n * sizeof(*d->noted)), d->n, row_of,
	      arrivals, out);
}

/* Nothing is noted of matches. */
static void forget(struct detector *d)
{
	d->noted = NULL;
	d->n = d->cap = 0;
}

void detector_last_matches(struct detector *d, const row_id *row_of,
			   uint32_t arrivals, struct rule_matches *out)
{
	place(d->noted, d->n, row_of, arrivals, out);
	out->match = mem_resize(out->match, out->n + 1, sizeof(*out->match));
	forget(d);
}

/* In a pack --------------------------------------------------------------- */

enum {
	SAVED_NOTED = DETECTOR_LATER, /* struct saved_noted */
	SAVED_CAPTURES,               /* numbers */
	SAVED_VALUES,                 /* strings, two */
	SAVED_ALL = SAVED_VALUES + 2,
};

_Static_assert((int)SAVED_ALL <= (int)WATCH_LATER, "numbers are free");

/* As a struct rule_match, all of whose bytes say something. */
struct saved_noted {
	uint32_t where;
	rule_index rule;
	uint32_t captured; /* what was noted with it, or 0 */
};

bool detector_can_be_saved(const struct detector *d, uint64_t *bytes)
{
	*bytes = d->n * sizeof(struct saved_noted) +
		 d->captures.n * sizeof(*d->captures.data) + d->captures.bytes +
		 (uint64_t)d->captures.values.count * 4;
	return !d->captures.lost && !d->counts.gave_up;
}

void detector_save(const struct detector *d, const uint32_t *number,
		   struct pack_writer *w)
{
	pack_begin(w, SAVED_NOTED);
	for (size_t i = 0; i < d->n; i++) {
		struct saved_noted x = { number[d->noted[i].row],
					 d->noted[i].rule, d->noted[i].note };

		pack_add(w, &x, sizeof(x));
	}
	pack_array(w, SAVED_CAPTURES, d->captures.data, d->captures.n,
		   sizeof(*d->captures.data));
	intern_save(&d->captures.values, w, SAVED_VALUES);
}

void detector_reset(struct detector *d)
{
	free(d->noted);
	forget(d);
	captures_release(&d->captures);
	captures_init(&d->captures);
	d->counts = (struct detector_counts){ 0 };
}

/* One that a rule noted which runs, with as many fields as it captures. */
static bool put_back(struct detector *d, struct saved_noted x, uint32_t arrival,
		     const struct captures *from, uint32_t *map)
{
	const struct ruleset_rule *r;

	if (x.rule >= ruleset_count(d->rules))
		return false;
	r = ruleset_at(d->rules, x.rule);
	if (!r->matcher)
		return false;
	/* A note of a rule that notes nothing would be read as one's words. */
	if ((x.captured != 0) != (r->capture_n != 0))
		return false;
	if (x.captured)
		x.captured = captures_copy(&d->captures, from, x.captured,
					   r->capture_n, map);
	if (r->capture_n && !x.captured)
		return false;
	d->noted = mem_grow(d->noted, &d->cap, d->n + 1, sizeof(*d->noted));
	d->noted[d->n++] = rule_match_of(arrival, x.rule, x.captured, 0);
	return true;
}

static bool put_all_back(struct detector *d, const struct saved_noted *x,
			 size_t n, const struct rest_arrived *arrived,
			 const struct captures *from)
{
	uint32_t *map = mem_zero(from->values.count, sizeof(*map));
	bool ok = true;

	for (size_t i = 0; ok && i < n; i++) {
		ok = x[i].where < arrived->n;
		if (ok && arrived->of[x[i].where] != ROW_NONE)
			ok = put_back(d, x[i], arrived->of[x[i].where], from,
				      map);
	}
	free(map);
	return ok;
}

bool detector_restore(struct detector *d, const struct rest_arrived *arrived,
		      struct pack *p)
{
	size_t n;
	struct saved_noted *x = pack_take(p, SAVED_NOTED, sizeof(*x), &n);
	struct captures from;
	bool ok;

	captures_init(&from);
	from.data = pack_take(p, SAVED_CAPTURES, sizeof(*from.data), &from.n);
	ok = x && from.data && intern_restore(&from.values, p, SAVED_VALUES) &&
	     put_all_back(d, x, n, arrived, &from);
	captures_release(&from);
	free(x);
	if (!ok)
		detector_reset(d);
	return ok;
}
