/* SPDX-License-Identifier: MIT */
#include "store/builder_private.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/tasks.h"
#include "base/timefmt.h"
#include "store/rest_pack.h"

/* Columns of few values are walked: a byte or two for each row. */
static const enum event_column indexed[] = {
	EVENT_NAME,    EVENT_PRINCIPAL, EVENT_ACTOR, EVENT_IP,
	EVENT_SESSION, EVENT_KEY,       EVENT_ERROR,
};

/* Life cycle -------------------------------------------------------------- */

struct store_builder *builder_new(struct files *files, unsigned workers)
{
	struct store_builder *b = mem_zero(1, sizeof(*b));

	b->shared = mem_zero(1, sizeof(*b->shared));
	atomic_init(&b->shared->holders, 1);
	string_tables_init(&b->shared->strings);
	b->shared->key = hash_key_new();
	arena_init(&b->shared->reasons);
	b->shared->files = *files;
	files_init(files);
	b->workers = workers;
	b->of_worker = mem_zero((size_t)workers + 1, sizeof(*b->of_worker));
	skips_init(&b->skips);
	b->counts.files_total = b->shared->files.n;
	return b;
}

void builder_take_files(struct store_builder *b, struct files *files)
{
	files_release(&b->shared->files);
	b->shared->files = *files;
	files_init(files);
	b->counts.files_total = b->shared->files.n;
}

void arrivals_free(struct arrivals *r)
{
	free(r->time);
	free(r->id);
#define FREE(field) uints_free(&r->field);
	EACH_NARROW(FREE)
#undef FREE
	free(r->flags);
	free(r->kind);
	*r = (struct arrivals){ .n = 0 };
}

void builder_free(struct store_builder *b)
{
	if (!b)
		return;
	arrivals_free(&b->rows);
	amended_release(&b->amended);
	rest_drop(b);
	for (unsigned w = 0; w <= b->workers; w++) {
		for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
			free(b->of_worker[w].column[c]);
		free(b->of_worker[w].ids);
	}
	free(b->of_worker);
	free(b->more);
	skips_release(&b->skips);
	store_shared_drop(b->shared);
	free(b);
}

struct files *builder_files(struct store_builder *b)
{
	return &b->shared->files;
}

const struct string_tables *builder_strings(const struct store_builder *b)
{
	return &b->shared->strings;
}

struct store_counts *builder_counts(struct store_builder *b)
{
	return &b->counts;
}

void builder_skip(struct store_builder *b, struct skip skip)
{
	skips_add(&b->skips, skip);
}

void builder_drop_skips(struct store_builder *b, const char *reason)
{
	skips_drop(&b->skips, reason);
}

uint64_t builder_skips(const struct store_builder *b)
{
	return b->skips.n + b->skips.unlisted;
}

void builder_mark_partial(struct store_builder *b)
{
	b->partial = true;
}

uint32_t builder_rows(const struct store_builder *b)
{
	return b->rows.n;
}

/* Appending --------------------------------------------------------------- */

/* Brings one translation up to `count` strings. */
static void translate(uint32_t **map, size_t *cap, uint32_t *n, uint32_t count,
		      const struct intern *from, struct intern *to)
{
	if (*n >= count)
		return;
	*map = mem_grow(*map, cap, count, sizeof(**map));
	for (; *n < count; (*n)++)
		(*map)[*n] = intern_add(to, intern_text(from, *n));
}

void arrivals_reserve(struct arrivals *r, size_t need)
{
	size_t cap = r->cap ? r->cap : 4096;

	if (need <= r->cap)
		return;
	while (cap < need)
		cap += cap / 2;
	r->time = mem_resize(r->time, cap, sizeof(*r->time));
	r->id = mem_resize(r->id, cap, sizeof(*r->id));
#define RESIZE(field) uints_resize(&r->field, cap);
	EACH_NARROW(RESIZE)
#undef RESIZE
	r->flags = mem_resize(r->flags, cap, sizeof(*r->flags));
	r->kind = mem_resize(r->kind, cap, sizeof(*r->kind));
	r->cap = cap;
}

/* Makes the columns as wide as a batch's rows need them. */
static void fit_rows(struct arrivals *r, const struct batch *batch,
		     const struct string_tables *strings)
{
	uint64_t file = 0, record = 0, offset = 0, length = 0;

#define MOST(field) \
	field = batch->row[i].field > field ? batch->row[i].field : field
	for (size_t i = 0; i < batch->n; i++) {
		MOST(file);
		MOST(record);
		MOST(offset);
		MOST(length);
	}
#undef MOST
	uints_fit(&r->file, r->cap, r->n, file);
	uints_fit(&r->record, r->cap, r->n, record);
	uints_fit(&r->offset, r->cap, r->n, offset);
	uints_fit(&r->length, r->cap, r->n, length);
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		uints_fit(&r->column[c], r->cap, r->n,
			  strings->column[c].count);
}

static void append_row(struct arrivals *r, const struct batch_row *row,
		       const struct translation *t)
{
	uint32_t i = r->n++;

	r->time[i] = row->time;
	r->id[i] = row->id;
	if (row->id.hi == EVENT_ID_TEXT && !(row->flags & EVENT_NO_ID))
		r->id[i].lo = t->ids[row->id.lo];
	uints_put(&r->file, i, row->file);
	uints_put(&r->record, i, row->record);
	uints_put(&r->offset, i, row->offset);
	uints_put(&r->length, i, row->length);
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		uints_put(&r->column[c], i, t->column[c][row->column[c]]);
	r->flags[i] = row->flags;
	r->kind[i] = row->kind;
}

uint32_t builder_append(struct store_builder *b, const struct batch *batch,
			const struct string_tables *tables)
{
	struct translation *t = &b->of_worker[batch->worker];
	struct string_tables *strings = &b->shared->strings;
	uint32_t first = b->rows.n;

	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		translate(&t->column[c], &t->column_cap[c], &t->column_n[c],
			  batch->strings[c], &tables->column[c],
			  &strings->column[c]);
	translate(&t->ids, &t->ids_cap, &t->ids_n, batch->id_strings,
		  &tables->ids, &strings->ids);
	arrivals_reserve(&b->rows, (size_t)first + batch->n);
	fit_rows(&b->rows, batch, strings);
	for (size_t i = 0; i < batch->n; i++)
		append_row(&b->rows, &batch->row[i], t);
	for (size_t i = 0; i < batch->more_n; i++) {
		b->more = mem_grow(b->more, &b->more_cap, b->more_n + 1,
				   sizeof(*b->more));
		b->more[b->more_n++] = (struct batch_key){
			first + batch->more[i].row,
			t->column[EVENT_KEY][batch->more[i].key]
		};
	}
	for (size_t i = 0; i < batch->skips.n; i++)
		skips_add(&b->skips, batch->skips.skip[i]);
	b->skips.unlisted += batch->unlisted;
	return first;
}

void builder_forget_tables(struct store_builder *b, unsigned worker)
{
	struct translation *t = &b->of_worker[worker];

	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		t->column_n[c] = 0;
	t->ids_n = 0;
}

/* Publishing -------------------------------------------------------------- */

/* A column on its way from the order of arrival to that of the store. */
struct gathering {
	void *from, *to;
	size_t size;
};

struct gather_work {
	struct gathering item[EVENT_COLUMN_COUNT + 8];
	size_t n;
	const uint32_t *order;
	row_id rows;
	bool take; /* `from` is freed as soon as it is not needed */
};

static void gather(void *context, size_t task, unsigned worker)
{
	struct gather_work *w = context;
	struct gathering *g = &w->item[task];
	const uint32_t *order = w->order;
	const char *from = g->from;
	char *to = mem_alloc((size_t)w->rows * g->size);

	(void)worker;
	switch (g->size) {
	case 1:
		for (row_id r = 0; r < w->rows; r++)
			to[r] = from[order[r]];
		break;
	case 2:
		for (row_id r = 0; r < w->rows; r++)
			memcpy(to + (size_t)r * 2, from + (size_t)order[r] * 2,
			       2);
		break;
	case 4:
		for (row_id r = 0; r < w->rows; r++)
			memcpy(to + (size_t)r * 4, from + (size_t)order[r] * 4,
			       4);
		break;
	case 8:
		for (row_id r = 0; r < w->rows; r++)
			memcpy(to + (size_t)r * 8, from + (size_t)order[r] * 8,
			       8);
		break;
	default:
		for (row_id r = 0; r < w->rows; r++)
			memcpy(to + r * g->size, from + order[r] * g->size,
			       g->size);
	}
	if (w->take)
		free(g->from);
	g->to = to;
}

static void gather_all(struct store *s, struct arrivals *r,
		       const uint32_t *order, bool take, unsigned threads)
{
	struct gather_work w = { .order = order, .rows = s->n, .take = take };
	size_t at = 0;

/* The largest first: two columns are there twice at a time. */
#define EACH_WIDE(X) \
	X(id)        \
	X(time)      \
	X(flags)     \
	X(kind)
#define BEGIN(field) \
	w.item[w.n++] = (struct gathering){ r->field, NULL, sizeof(*r->field) };
#define BEGIN_NARROW(field) \
	w.item[w.n++] = (struct gathering){ r->field.at, NULL, r->field.width };
#define END(field)                  \
	s->field = w.item[at++].to; \
	if (take)                   \
		r->field = NULL;
#define END_NARROW(field)                                             \
	s->field = (struct uints){ w.item[at++].to, r->field.width }; \
	if (take)                                                     \
		r->field = (struct uints){ NULL, 0 };
	EACH_WIDE(BEGIN)
	EACH_NARROW(BEGIN_NARROW)
	tasks_run(threads, w.n, gather, &w);
	EACH_WIDE(END)
	EACH_NARROW(END_NARROW)
#undef END_NARROW
#undef END
#undef BEGIN_NARROW
#undef BEGIN
#undef EACH_WIDE
	if (take) {
		r->n = 0;
		r->cap = 0;
	}
}

static int compare_key_rows(uint32_t x, uint32_t y, const void *context)
{
	const row_id *row = context;

	return row[x] < row[y] ? -1 : row[x] > row[y];
}

/* Keys that rows issue or name, beside the one that each uses. */
static void index_keys(struct store *s, const struct store_builder *b,
		       const row_id *row_of)
{
	uint32_t *order = mem_alloc((b->more_n + 1) * sizeof(*order));
	row_id *row = mem_alloc((b->more_n + 1) * sizeof(*row));
	row_id *sorted;
	uint32_t *key;
	size_t n = 0;

	for (size_t i = 0; i < b->more_n; i++) {
		row[i] = row_of[b->more[i].row];
		if (row[i] != ROW_NONE)
			order[n++] = (uint32_t)i;
	}
	sort_u32(order, n, compare_key_rows, row);
	sorted = mem_alloc((n + 1) * sizeof(*sorted));
	key = mem_alloc((n + 1) * sizeof(*key));
	for (size_t i = 0; i < n; i++) {
		sorted[i] = row[order[i]];
		key[i] = b->more[order[i]].key;
	}
	free(order);
	free(row);
	postings_make(&s->postings[EVENT_KEY], &s->column[EVENT_KEY], s->n,
		      s->values[EVENT_KEY],
		      &(struct more_values){ sorted, key, n });
	free(sorted);
	free(key);
}

bool builder_indexes(enum event_column c)
{
	for (size_t i = 0; i < ARRAY_SIZE(indexed); i++)
		if (indexed[i] == c)
			return true;
	return false;
}

void builder_index(struct store *s, enum event_column c)
{
	postings_make(&s->postings[c], &s->column[c], s->n, s->values[c], NULL);
}

struct postings_work {
	struct store *store;
	const struct store_builder *builder;
	const row_id *row_of;
};

static void postings_task(void *context, size_t task, unsigned worker)
{
	const struct postings_work *w = context;

	(void)worker;
	if (indexed[task] == EVENT_KEY)
		index_keys(w->store, w->builder, w->row_of);
	else
		builder_index(w->store, indexed[task]);
}

static void build_all_postings(struct store *s, const struct store_builder *b,
			       const row_id *row_of)
{
	struct postings_work w = { s, b, row_of };

	tasks_run(b->workers, ARRAY_SIZE(indexed), postings_task, &w);
}

static void copy_skips(struct store_builder *b, struct skips *to, bool take)
{
	if (take) {
		*to = b->skips;
		skips_init(&b->skips);
	} else {
		skips_init(to);
		for (size_t i = 0; i < b->skips.n; i++)
			skips_add(to, b->skips.skip[i]);
		to->unlisted = b->skips.unlisted;
	}
	skips_sort(to);
}

struct store *builder_publish(struct store_builder *b, enum publish_mode mode,
			      row_id **row_of)
{
	struct store *s = &store_box_new(b->shared)->store;
	struct dedupe d;
	bool take = mode == PUBLISH_LAST;

	*row_of = mem_alloc(((size_t)b->rows.n + 1) * sizeof(**row_of));
	dedupe_init(&d, b);
	s->n = dedupe_close(&d, *row_of);
	s->slots = d.slots;
	s->slot_mask = d.mask;
	if (take && b->keeps_rest)
		builder_note_rest(b, &d, *row_of, s->n);
	gather_all(s, &b->rows, d.order, take, b->workers);
	/* A copy that did not say its account may have learnt it. */
	for (row_id r = 0; r < s->n; r++)
		uints_put(&s->column[EVENT_ACCOUNT], r, d.account[r]);
	s->copies = mem_resize(d.copies, s->n ? s->n : 1, 1);
	free(d.order);
	free(d.account);
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		s->values[c] = s->strings->column[c].count;
	s->odd_ids = s->strings->ids.count;
	build_all_postings(s, b, *row_of);
	if (take && !b->keeps_rest)
		b->more_n = 0;
	s->timed = s->n;
	while (s->timed && s->time[s->timed - 1] == TIME_NONE)
		s->timed--;
	copy_skips(b, &s->skips, take);
	s->counts = b->counts;
	/* Nor was that found in a file: it is no duplicate. */
	s->counts.duplicates = d.dropped < b->amended.n ?
				       0 :
				       d.dropped - b->amended.n;
	amended_publish(&b->amended, *row_of, &s->amended);
	if (take)
		amended_release(&b->amended);
	s->complete = take;
	s->partial = b->partial;
	return s;
}
