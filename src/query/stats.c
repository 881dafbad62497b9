/* SPDX-License-Identifier: MIT */
#include "query/stats.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/arn.h"
#include "query/matcher_private.h"
#include "query/need.h"
#include "query/parse.h"
#include "query/stats_private.h"
#include "query/raw.h"

/* Longer values are cut. */
enum { VALUE_MAX = 4096, STEP_MS = 50 };
/* Rows that the store is asked about at once; values sorted at once, and those
 * between two looks at whether to stop. */
enum { SLICE_ROWS = 20000, SLICE_VALUES = 4096 };

struct stats_run {
	const struct store *store;
	struct expr_field field;
	struct arena arena; /* of the field's path */
	struct tally tally; /* under the scan's lock */
	const struct marks *marks;
	struct rowset asked;     /* rows to ask the store about */
	size_t rows, told;       /* of these so many were */
	struct need_bytes *need; /* or NULL */
	struct scan *scan;       /* or NULL */
};

/* Orders ------------------------------------------------------------------ */

static int by_text(const struct stat_value *a, const struct stat_value *b)
{
	return str_cmp(a->text, b->text);
}

static int by_top(const void *x, const void *y)
{
	const struct stat_value *a = x, *b = y;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return by_text(a, b);
}

static int by_rare(const void *x, const void *y)
{
	const struct stat_value *a = x, *b = y;

	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	if (a->principals != b->principals)
		return a->principals < b->principals ? -1 : 1;
	if (a->first != b->first)
		return a->first > b->first ? -1 : 1;
	return by_text(a, b);
}

static int by_first(const void *x, const void *y)
{
	const struct stat_value *a = x, *b = y;

	if (a->first != b->first)
		return a->first > b->first ? -1 : 1;
	return by_text(a, b);
}

typedef int (*value_compare)(const void *, const void *);

static const value_compare compare[] = {
	[STATS_TOP] = by_top,
	[STATS_RARE] = by_rare,
	[STATS_FIRST] = by_first,
};

void stats_sort(struct stats *s, enum stats_order order)
{
	if (s->n)
		qsort(s->value, s->n, sizeof(*s->value), compare[order]);
}

/* Values [a, b) and [b, end) are in order; both go to `to` in order. False when
 * it was stopped. */
static bool merge(struct stat_value *to, const struct stat_value *v, size_t a,
		  size_t b, size_t end, value_compare by,
		  const atomic_bool *stop)
{
	size_t i = a, k = b;

	for (size_t at = a; at < end; at++) {
		bool first = i < b && (k == end || by(&v[i], &v[k]) <= 0);

		to[at] = first ? v[i++] : v[k++];
		if (at % SLICE_VALUES == 0 && atomic_load(stop))
			return false;
	}
	return true;
}

void stats_sort_until(struct stats *s, enum stats_order order,
		      const atomic_bool *stop)
{
	struct stat_value *spare = mem_alloc((s->n + 1) * sizeof(*spare));
	size_t n = s->n;
	bool go_on = !atomic_load(stop);

	for (size_t i = 0; go_on && i < n; i += SLICE_VALUES) {
		qsort(s->value + i, n - i < SLICE_VALUES ? n - i : SLICE_VALUES,
		      sizeof(*spare), compare[order]);
		go_on = !atomic_load(stop);
	}
	for (size_t run = SLICE_VALUES; go_on && run < n; run *= 2) {
		for (size_t i = 0; go_on && i < n; i += 2 * run)
			go_on = merge(spare, s->value, i,
				      n - i < run ? n : i + run,
				      n - i < 2 * run ? n : i + 2 * run,
				      compare[order], stop);
		if (go_on) {
			struct stat_value *sorted = spare;

			spare = s->value;
			s->value = sorted;
		}
	}
	free(spare);
}

void stats_note_new(struct stats *s, const struct stats *before)
{
	bool had_empty = false; /* which every table has */
	struct intern had;

	intern_init(&had);
	for (size_t i = 0; i < before->n; i++) {
		intern_add(&had, before->value[i].text);
		had_empty = had_empty || !before->value[i].text.n;
	}
	for (size_t i = 0; i < s->n; i++) {
		struct stat_value *v = &s->value[i];

		v->is_new = v->text.n ?
				    intern_find(&had, v->text) == INTERN_NONE :
				    !had_empty;
	}
	s->compared = true;
	intern_release(&had);
}

void stats_release(struct stats *s)
{
	free(s->value);
	arena_release(&s->arena);
	*s = (struct stats){ .n = 0 };
}

/* Values out of records --------------------------------------------------- */

/* One thread's part: a tally that is emptied at each flush. */
struct stats_worker {
	const struct stats_run *run;
	struct match_scratch *scratch;
	struct tally tally;
	row_id row; /* of the record that is looked at */
};

static void *worker_new(void *context)
{
	struct stats_worker *w = mem_zero(1, sizeof(*w));

	w->run = context;
	w->scratch = match_scratch_new();
	tally_init(&w->tally);
	return w;
}

static void worker_free(void *worker)
{
	struct stats_worker *w = worker;

	match_scratch_free(w->scratch);
	tally_release(&w->tally);
	free(w);
}

static void add_value(struct stats_worker *w, const struct json *v)
{
	struct str text = v->text;

	if (v->kind == JSON_NULL)
		return;
	if (v->kind == JSON_OBJECT) {
		strbuf_clear(&w->scratch->json);
		json_print(&w->scratch->json, v);
		text = strbuf_str(&w->scratch->json);
	}
	tally_add(&w->tally, str_sub(text, 0, VALUE_MAX), w->row);
}

/* Scalars and objects, through arrays. */
static bool leaf_value(void *worker, const struct json *v)
{
	if (v->kind == JSON_ARRAY)
		for (const struct json *m = v->child; m; m = m->next)
			leaf_value(worker, m);
	else
		add_value(worker, v);
	return false;
}

/* In a request: ARNs, and what a key calls a name, an id or an ARN. */
static bool leaf_resource(void *worker, const struct json *v)
{
	struct stats_worker *w = worker;
	struct arn arn;

	for (const struct json *m = v->child; m; m = m->next)
		leaf_resource(worker, m);
	if (v->kind == JSON_STRING && v->text.n &&
	    (arn_parse(v->text, &arn) || str_ends_fold(v->key, STR("name")) ||
	     str_ends_fold(v->key, STR("id")) ||
	     str_ends_fold(v->key, STR("arn"))))
		tally_add(&w->tally, str_sub(v->text, 0, VALUE_MAX), w->row);
	return false;
}

/* A plain value out of the bytes; what has to be decoded is left to `see`. */
static enum answer raw_value(void *worker, const struct raw_value *v)
{
	struct stats_worker *w = worker;

	if (v->kind == JSON_ARRAY)
		return raw_members(v->text, raw_value, w);
	if (v->kind == JSON_OBJECT || v->escaped)
		return ANSWER_UNSURE;
	if (v->kind != JSON_NULL)
		tally_add(&w->tally, str_sub(v->text, 0, VALUE_MAX), w->row);
	return ANSWER_NO;
}

static bool wants(void *worker, row_id row, struct str raw)
{
	struct stats_worker *w = worker;
	const struct stats_run *r = w->run;
	uint32_t flags = r->store->flags[row];

	if (r->need && !need_bytes_in(r->need, raw, flags))
		return false;
	if (r->field.kind != FIELD_PATH ||
	    flags & (EVENT_HAS_CONTROL | EVENT_HAS_NONASCII |
		     EVENT_HAS_TRUNCATED))
		return true;
	/* What is found in both ways is counted once. */
	w->row = row;
	return raw_walk(raw, r->field.path, raw_value, w) != ANSWER_NO;
}

static void see(void *worker, row_id row, const struct event *e)
{
	struct stats_worker *w = worker;

	embedded_reset(&w->scratch->embedded);
	w->row = row;
	if (w->run->field.kind == FIELD_PATH) {
		record_walk(e->record, w->run->field.path, leaf_value, w,
			    w->scratch);
		return;
	}
	record_walk(e->record, STR("resources.ARN"), leaf_value, w, w->scratch);
	record_walk(e->record, STR("requestParameters"), leaf_resource, w,
		    w->scratch);
}

static void flush(void *context, void *worker)
{
	struct stats_run *r = context;
	struct stats_worker *w = worker;

	for (size_t i = 0; i < w->tally.n; i++)
		tally_add(&r->tally,
			  intern_text(&w->tally.values, w->tally.pair[i].value),
			  w->tally.pair[i].row);
	tally_release(&w->tally);
	tally_init(&w->tally);
}

/* Runs -------------------------------------------------------------------- */

enum err_code stats_run_new(struct stats_run **out, const struct store *s,
			    const struct marks *marks, struct str field,
			    const struct rowset *rows,
			    const struct scan_options *options, struct err *err)
{
	struct stats_run *r = mem_zero(1, sizeof(*r));
	struct scan_visitor visitor = { r,     worker_new, worker_free,
					wants, see,        flush };

	if (!query_field(field, &r->field) || r->field.kind == FIELD_ANY) {
		const char *near = field_nearest(field);

		free(r);
		return err_set(err, ERR_USAGE,
			       near ? "unknown field \"%.*s\"; did you mean "
				      "\"%s\"?" :
				      "unknown field \"%.*s\"%s",
			       STR_ARG(str_sub(field, 0, 100)),
			       near ? near : "");
	}
	arena_init(&r->arena);
	r->field.path = arena_dup(&r->arena, r->field.path);
	r->store = s;
	r->rows = rows->n;
	tally_init(&r->tally);
	*out = r;
	r->marks = marks;
	if (field_class(r->field.kind) != CLASS_RECORD) {
		rowset_copy(&r->asked, rows);
		return ERR_OK;
	}
	if (r->field.kind == FIELD_PATH)
		r->need = need_bytes_of_path(r->field.path);
	r->scan = scan_new(s, rows, &visitor, options);
	return ERR_OK;
}

void stats_run_free(struct stats_run *r)
{
	if (!r)
		return;
	scan_free(r->scan);
	need_bytes_free(r->need);
	tally_release(&r->tally);
	rowset_release(&r->asked);
	arena_release(&r->arena);
	free(r);
}

bool stats_run_reads(const struct stats_run *r)
{
	return r->scan != NULL;
}

bool stats_run_step(struct stats_run *r, unsigned ms)
{
	int64_t begun = clock_ms();

	if (r->scan)
		return scan_step(r->scan, ms);
	while (r->told < r->rows) {
		size_t n = r->rows - r->told;
		struct rowset part;

		if (n > SLICE_ROWS && tally_takes_parts(&r->field))
			n = SLICE_ROWS;
		part = rowset_view(&r->asked.row[r->told], n);
		tally_from_store(&r->tally, r->store, r->marks, &r->field,
				 &part);
		r->told += n;
		if (clock_ms() - begun >= ms)
			break;
	}
	return r->told == r->rows;
}

void stats_run_state(struct stats_run *r, struct scan_state *out)
{
	*out = (struct scan_state){ .total = r->rows, .done = r->told };
	if (r->scan)
		scan_state(r->scan, out);
}

void stats_run_count(struct stats_run *r, struct stats *out,
		     const atomic_bool *stop)
{
	struct scan_state state;

	stats_run_state(r, &state);
	if (r->scan)
		scan_lock(r->scan);
	tally_count(&r->tally, r->store, state.done - state.unread, out, stop);
	if (r->scan)
		scan_unlock(r->scan);
	out->unread = state.unread;
}

void stats_run_take(struct stats_run *r, struct stats *out)
{
	stats_run_count(r, out, NULL);
	stats_sort(out, STATS_TOP);
}

enum err_code stats_of(struct stats *out, const struct store *s,
		       const struct marks *marks, struct str field,
		       const struct rowset *rows,
		       const struct scan_options *options, struct err *err)
{
	struct stats_run *r;
	enum err_code rc = stats_run_new(&r, s, marks, field, rows, options,
					 err);

	if (rc != ERR_OK)
		return rc;
	while (!stats_run_step(r, STEP_MS))
		;
	stats_run_take(r, out);
	stats_run_free(r);
	return ERR_OK;
}
