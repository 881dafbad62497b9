/* SPDX-License-Identifier: MIT */
#include "store/builder.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "store/store_private.h"

/* How the ids of one worker's tables translate into the store's. */
struct translation {
	uint32_t *column[EVENT_COLUMN_COUNT];
	size_t column_cap[EVENT_COLUMN_COUNT];
	uint32_t column_n[EVENT_COLUMN_COUNT];
	uint32_t *ids;
	size_t ids_cap;
	uint32_t ids_n;
};

/* Rows in the order of their arrival, as columns. */
struct arrivals {
	uint32_t n;
	size_t cap;
	int64_t *time;
	struct event_id *id;
	uint32_t *file;
	uint32_t *record;
	uint64_t *offset;
	uint32_t *length;
	uint32_t *column[EVENT_COLUMN_COUNT];
	uint32_t *flags;
	uint8_t *kind;
};

struct store_builder {
	struct store_shared *shared;
	struct arrivals rows;
	struct translation *of_worker;
	unsigned workers;
	struct batch_key *more; /* row is a number of arrival */
	size_t more_n, more_cap;
	struct skips skips;
	struct store_counts counts;
	bool partial;
};

static const enum event_column indexed[] = {
	EVENT_NAME,      EVENT_SOURCE, EVENT_REGION, EVENT_ACCOUNT,
	EVENT_PRINCIPAL, EVENT_ACTOR,  EVENT_IP,     EVENT_SESSION,
	EVENT_KEY,       EVENT_ERROR,
};

/* Life cycle -------------------------------------------------------------- */

struct store_builder *builder_new(struct files *files, unsigned workers)
{
	struct store_builder *b = mem_zero(1, sizeof(*b));

	b->shared = mem_zero(1, sizeof(*b->shared));
	atomic_init(&b->shared->holders, 1);
	string_tables_init(&b->shared->strings);
	b->shared->key = hash_key_new();
	b->shared->files = *files;
	files_init(files);
	b->workers = workers;
	b->of_worker = mem_zero(workers, sizeof(*b->of_worker));
	skips_init(&b->skips);
	b->counts.files_total = b->shared->files.n;
	return b;
}

static void arrivals_free(struct arrivals *r)
{
	free(r->time);
	free(r->id);
	free(r->file);
	free(r->record);
	free(r->offset);
	free(r->length);
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		free(r->column[c]);
	free(r->flags);
	free(r->kind);
	*r = (struct arrivals){ .n = 0 };
}

void builder_free(struct store_builder *b)
{
	if (!b)
		return;
	arrivals_free(&b->rows);
	for (unsigned w = 0; w < b->workers; w++) {
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

struct store_counts *builder_counts(struct store_builder *b)
{
	return &b->counts;
}

void builder_skip(struct store_builder *b, struct skip skip)
{
	skips_add(&b->skips, skip);
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

static void reserve(struct arrivals *r, size_t need)
{
	size_t cap = r->cap ? r->cap : 4096;

	if (need <= r->cap)
		return;
	while (cap < need)
		cap += cap / 2;
	r->time = mem_resize(r->time, cap, sizeof(*r->time));
	r->id = mem_resize(r->id, cap, sizeof(*r->id));
	r->file = mem_resize(r->file, cap, sizeof(*r->file));
	r->record = mem_resize(r->record, cap, sizeof(*r->record));
	r->offset = mem_resize(r->offset, cap, sizeof(*r->offset));
	r->length = mem_resize(r->length, cap, sizeof(*r->length));
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		r->column[c] = mem_resize(r->column[c], cap,
					  sizeof(*r->column[c]));
	r->flags = mem_resize(r->flags, cap, sizeof(*r->flags));
	r->kind = mem_resize(r->kind, cap, sizeof(*r->kind));
	r->cap = cap;
}

static void append_row(struct arrivals *r, const struct batch_row *row,
		       const struct translation *t)
{
	uint32_t i = r->n++;

	r->time[i] = row->time;
	r->id[i] = row->id;
	if (row->id.hi == EVENT_ID_TEXT && !(row->flags & EVENT_NO_ID))
		r->id[i].lo = t->ids[row->id.lo];
	r->file[i] = row->file;
	r->record[i] = row->record;
	r->offset[i] = row->offset;
	r->length[i] = row->length;
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		r->column[c][i] = t->column[c][row->column[c]];
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
	reserve(&b->rows, (size_t)first + batch->n);
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

/* Sorting ----------------------------------------------------------------- */

static int compare_rows(uint32_t x, uint32_t y, const void *context)
{
	const struct store_builder *b = context;
	const struct arrivals *r = &b->rows;
	const struct string_tables *strings = &b->shared->strings;
	const struct file_entry *file = b->shared->files.entry;
	int d;

	if (r->time[x] != r->time[y])
		return r->time[x] < r->time[y] ? -1 : 1;
	d = event_id_compare(strings, r->id[x], r->id[y]);
	if (d)
		return d;
	if (r->column[EVENT_ACCOUNT][x] != r->column[EVENT_ACCOUNT][y])
		return str_cmp(intern_text(&strings->column[EVENT_ACCOUNT],
					   r->column[EVENT_ACCOUNT][x]),
			       intern_text(&strings->column[EVENT_ACCOUNT],
					   r->column[EVENT_ACCOUNT][y]));
	if (r->file[x] != r->file[y]) {
		d = strcmp(file[r->file[x]].path, file[r->file[y]].path);
		if (d)
			return d;
		return r->file[x] < r->file[y] ? -1 : 1;
	}
	return r->record[x] < r->record[y] ? -1 : r->record[x] > r->record[y];
}

/* Numbers of arrival in the order of the store. */
static uint32_t *sorted_order(const struct store_builder *b)
{
	const struct arrivals *r = &b->rows;
	uint32_t *order = mem_alloc(((size_t)r->n + 1) * sizeof(*order));

	sort_by_key(order, r->time, r->n);
	/* Equal times are short runs: the exact order is decided there. */
	for (uint32_t from = 0, to; from < r->n; from = to) {
		for (to = from + 1;
		     to < r->n && r->time[order[to]] == r->time[order[from]];
		     to++)
			;
		if (to - from > 1)
			sort_u32(order + from, to - from, compare_rows, b);
	}
	return order;
}

/* Duplicates -------------------------------------------------------------- */

/* Accounts that may share one eventID; a real event has one or two. */
enum { MAX_NAMESAKES = 256 };
#define SLOT_NONE UINT32_MAX

/* Kept rows by id while duplicates are looked for. */
struct dedupe {
	const struct store_builder *b;
	uint32_t *order;   /* position -> number of arrival */
	uint32_t *merged;  /* position -> itself when kept, else another */
	uint8_t *copies;   /* of the event kept at a position */
	uint32_t *account; /* of the event kept at a position */
	row_id *slots;     /* positions by id */
	uint32_t mask;
	uint64_t dropped;
};

static bool same_event(const struct dedupe *d, uint32_t kept, uint32_t a,
		       uint32_t b)
{
	const struct arrivals *r = &d->b->rows;
	const struct file_entry *file = d->b->shared->files.entry;
	uint32_t account = d->account[kept];
	uint32_t other = r->column[EVENT_ACCOUNT][b];

	if (r->id[a].hi != r->id[b].hi || r->id[a].lo != r->id[b].lo ||
	    (r->flags[a] ^ r->flags[b]) & EVENT_NO_ID)
		return false;
	if (r->flags[a] & EVENT_NO_ID)
		/* Without an id two equal records may be one delivered twice
		 * or two events; only the file can tell: equal bytes at one
		 * place in two files of one name are one delivery, copied. */
		return r->length[a] == r->length[b] &&
		       r->record[a] == r->record[b] &&
		       r->file[a] != r->file[b] &&
		       strcmp(file_base_name(file[r->file[a]].path),
			      file_base_name(file[r->file[b]].path)) == 0;
	return account == other || !account || !other;
}

/*
 * Records without an id are told apart by their number and file name too: a
 * file that repeats one record a million times, or a thousand files that
 * begin with the same one, would make one long chain otherwise.
 */
static uint32_t first_slot(const struct dedupe *d, uint32_t arrival)
{
	const struct arrivals *r = &d->b->rows;
	const struct store_shared *shared = d->b->shared;
	struct event_id id = r->id[arrival];

	if (r->flags[arrival] & EVENT_NO_ID) {
		const char *path = shared->files.entry[r->file[arrival]].path;

		id.lo += r->record[arrival];
		id.hi ^= hash_str(shared->key, str_of(file_base_name(path)));
	}
	return store_id_slot(shared->key, &id, d->mask);
}

/*
 * The slot of the kept copy of the event at `at`, or a free one; SLOT_NONE
 * when so many accounts claim this id that the search ends without an answer.
 */
static uint32_t find_slot(const struct dedupe *d, uint32_t at)
{
	const struct event_id *id = d->b->rows.id;
	uint32_t arrival = d->order[at];
	uint32_t slot = first_slot(d, arrival);
	unsigned namesakes = 0;

	for (; d->slots[slot] != ROW_NONE; slot = (slot + 1) & d->mask) {
		uint32_t other = d->order[d->slots[slot]];

		if (same_event(d, d->slots[slot], other, arrival))
			return slot;
		if (id[other].hi == id[arrival].hi &&
		    id[other].lo == id[arrival].lo &&
		    ++namesakes == MAX_NAMESAKES)
			return SLOT_NONE;
	}
	return slot;
}

/* Two copies of one event: the longer one stays, where it stands. */
static void merge_copies(struct dedupe *d, uint32_t slot, uint32_t at)
{
	const uint32_t *length = d->b->rows.length;
	uint32_t stays = d->slots[slot], goes = at;
	unsigned copies = d->copies[stays];

	if (length[d->order[at]] > length[d->order[stays]]) {
		goes = stays;
		stays = at;
	}
	d->slots[slot] = stays;
	d->merged[goes] = stays;
	d->copies[stays] = (uint8_t)(copies < UINT8_MAX ? copies + 1 : copies);
	if (!d->account[stays])
		d->account[stays] = d->account[goes];
	d->dropped++;
}

static void dedupe_init(struct dedupe *d, const struct store_builder *b,
			uint32_t *order)
{
	size_t slots = 64;
	uint32_t n = b->rows.n;

	while (slots < (size_t)n * 3 / 2)
		slots *= 2;
	*d = (struct dedupe){ .b = b,
			      .order = order,
			      .mask = (uint32_t)(slots - 1) };
	d->merged = mem_alloc(((size_t)n + 1) * sizeof(*d->merged));
	d->copies = mem_alloc((size_t)n + 1);
	d->account = mem_alloc(((size_t)n + 1) * sizeof(*d->account));
	d->slots = mem_alloc(slots * sizeof(*d->slots));
	memset(d->slots, 0xff, slots * sizeof(*d->slots));
	for (uint32_t at = 0; at < n; at++) {
		uint32_t slot;

		d->merged[at] = at;
		d->copies[at] = 1;
		d->account[at] = b->rows.column[EVENT_ACCOUNT][order[at]];
		slot = find_slot(d, at);
		if (slot == SLOT_NONE)
			continue;
		if (d->slots[slot] == ROW_NONE)
			d->slots[slot] = at;
		else
			merge_copies(d, slot, at);
	}
}

/*
 * Closes the gaps that dropped copies left: order[] and copies[] become dense,
 * slots name rows, row_of[] says where each arrival went. Returns the number
 * of rows.
 */
static row_id dedupe_close(struct dedupe *d, row_id *row_of)
{
	uint32_t n = d->b->rows.n;
	row_id kept = 0;

	/* merged[] turns into position -> row for the kept ones. */
	for (uint32_t at = 0; at < n; at++) {
		if (d->merged[at] != at) {
			row_of[d->order[at]] = ROW_NONE;
			continue;
		}
		row_of[d->order[at]] = kept;
		d->merged[at] = kept;
		d->order[kept] = d->order[at];
		d->copies[kept] = d->copies[at];
		d->account[kept] = d->account[at];
		kept++;
	}
	for (uint32_t s = 0; s <= d->mask; s++)
		if (d->slots[s] != ROW_NONE)
			d->slots[s] = d->merged[d->slots[s]];
	free(d->merged);
	return kept;
}

/* Publishing -------------------------------------------------------------- */

/* A column in the order of the store; frees the source when `take`. */
static void *gather(void **from, const uint32_t *order, row_id n, size_t size,
		    bool take)
{
	char *to = mem_alloc((size_t)n * size);
	const char *source = *from;

	switch (size) {
	case 1:
		for (row_id r = 0; r < n; r++)
			to[r] = source[order[r]];
		break;
	case 4:
		for (row_id r = 0; r < n; r++)
			memcpy(to + (size_t)r * 4,
			       source + (size_t)order[r] * 4, 4);
		break;
	case 8:
		for (row_id r = 0; r < n; r++)
			memcpy(to + (size_t)r * 8,
			       source + (size_t)order[r] * 8, 8);
		break;
	default:
		for (row_id r = 0; r < n; r++)
			memcpy(to + r * size, source + order[r] * size, size);
	}
	if (take) {
		free(*from);
		*from = NULL;
	}
	return to;
}

static void gather_all(struct store *s, struct arrivals *r,
		       const uint32_t *order, bool take)
{
	row_id n = s->n;

#define GATHER(field)                                                          \
	do {                                                                   \
		void *source = r->field;                                       \
		s->field = gather(&source, order, n, sizeof(*s->field), take); \
		r->field = source;                                             \
	} while (0)
	GATHER(time);
	GATHER(id);
	GATHER(file);
	GATHER(record);
	GATHER(offset);
	GATHER(length);
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		GATHER(column[c]);
	GATHER(flags);
	GATHER(kind);
#undef GATHER
	if (take) {
		r->n = 0;
		r->cap = 0;
	}
}

/* A key that a row issues or names, beside the one that it uses. */
struct more_keys {
	uint32_t *row; /* ascending */
	uint32_t *key;
	size_t n;
};

static int compare_key_rows(uint32_t x, uint32_t y, const void *context)
{
	const row_id *row = context;

	return row[x] < row[y] ? -1 : row[x] > row[y];
}

static struct more_keys sorted_more_keys(const struct store_builder *b,
					 const row_id *row_of)
{
	struct more_keys more = { NULL, NULL, 0 };
	uint32_t *order = mem_alloc((b->more_n + 1) * sizeof(*order));
	row_id *row = mem_alloc((b->more_n + 1) * sizeof(*row));

	for (size_t i = 0; i < b->more_n; i++) {
		row[i] = row_of[b->more[i].row];
		if (row[i] != ROW_NONE)
			order[more.n++] = (uint32_t)i;
	}
	sort_u32(order, more.n, compare_key_rows, row);
	more.row = mem_alloc((more.n + 1) * sizeof(*more.row));
	more.key = mem_alloc((more.n + 1) * sizeof(*more.key));
	for (size_t i = 0; i < more.n; i++) {
		more.row[i] = row[order[i]];
		more.key[i] = b->more[order[i]].key;
	}
	free(order);
	free(row);
	return more;
}

/* Counting sort of the rows by value; `more` adds rows beside the column's. */
static void build_postings(struct store *s, enum event_column c,
			   const struct more_keys *more)
{
	uint32_t values = s->values[c], sum = 0;
	struct postings *p = &s->postings[c];
	uint32_t *next;
	size_t m = 0;

	p->start = mem_zero((size_t)values + 1, sizeof(*p->start));
	for (row_id r = 0; r < s->n; r++)
		if (s->column[c][r])
			p->start[s->column[c][r]]++;
	for (size_t i = 0; i < more->n; i++)
		p->start[more->key[i]]++;
	for (uint32_t v = 0; v <= values; v++) {
		uint32_t count = p->start[v];

		p->start[v] = sum;
		sum += count;
	}
	p->row = mem_alloc(((size_t)sum + 1) * sizeof(*p->row));
	next = mem_dup(p->start, (size_t)values * sizeof(*next));
	for (row_id r = 0; r < s->n; r++) {
		if (s->column[c][r])
			p->row[next[s->column[c][r]]++] = r;
		for (; m < more->n && more->row[m] == r; m++)
			p->row[next[more->key[m]]++] = r;
	}
	free(next);
}

static void build_all_postings(struct store *s, const struct store_builder *b,
			       const row_id *row_of)
{
	const struct more_keys none = { NULL, NULL, 0 };
	struct more_keys more = sorted_more_keys(b, row_of);

	for (size_t i = 0; i < ARRAY_SIZE(indexed); i++)
		build_postings(s, indexed[i],
			       indexed[i] == EVENT_KEY ? &more : &none);
	free(more.row);
	free(more.key);
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
	struct store_box *box = mem_zero(1, sizeof(*box));
	struct store *s = &box->store;
	struct dedupe d;
	bool take = mode == PUBLISH_LAST;

	atomic_init(&box->holders, 1);
	box->shared = b->shared;
	atomic_fetch_add(&b->shared->holders, 1);
	*row_of = mem_alloc(((size_t)b->rows.n + 1) * sizeof(**row_of));
	dedupe_init(&d, b, sorted_order(b));
	s->n = dedupe_close(&d, *row_of);
	s->slots = d.slots;
	s->slot_mask = d.mask;
	gather_all(s, &b->rows, d.order, take);
	/* A copy that did not say its account may have learnt it. */
	memcpy(s->column[EVENT_ACCOUNT], d.account,
	       (size_t)s->n * sizeof(*d.account));
	s->copies = mem_resize(d.copies, s->n ? s->n : 1, 1);
	free(d.order);
	free(d.account);
	s->strings = &b->shared->strings;
	s->files = &b->shared->files;
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		s->values[c] = s->strings->column[c].count;
	build_all_postings(s, b, *row_of);
	if (take)
		b->more_n = 0;
	s->timed = s->n;
	while (s->timed && s->time[s->timed - 1] == TIME_NONE)
		s->timed--;
	copy_skips(b, &s->skips, take);
	s->counts = b->counts;
	s->counts.duplicates = d.dropped;
	s->complete = take;
	s->partial = b->partial;
	return s;
}
