/* SPDX-License-Identifier: MIT */
/* The order of the store, and copies of one event as one. */
#include "store/builder_private.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"
#include "base/tasks.h"

/* Of an arrival ------------------------------------------------------------ */

static uint32_t account_of(const struct arrivals *r, uint32_t i)
{
	return uints_get_u32(&r->column[EVENT_ACCOUNT], i);
}

static file_id file_of(const struct arrivals *r, uint32_t i)
{
	return uints_get_u32(&r->file, i);
}

static uint32_t record_of(const struct arrivals *r, uint32_t i)
{
	return uints_get_u32(&r->record, i);
}

static uint32_t length_of(const struct arrivals *r, uint32_t i)
{
	return uints_get_u32(&r->length, i);
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
	if (account_of(r, x) != account_of(r, y))
		return str_cmp(intern_text(&strings->column[EVENT_ACCOUNT],
					   account_of(r, x)),
			       intern_text(&strings->column[EVENT_ACCOUNT],
					   account_of(r, y)));
	if (file_of(r, x) != file_of(r, y)) {
		d = strcmp(file[file_of(r, x)].path, file[file_of(r, y)].path);
		if (d)
			return d;
		return file_of(r, x) < file_of(r, y) ? -1 : 1;
	}
	return record_of(r, x) < record_of(r, y) ?
		       -1 :
		       record_of(r, x) > record_of(r, y);
}

/* A share of the positions; the work on a store is cut into so many. */
enum { SHARES = 8 };

static uint32_t share_begin(uint32_t n, size_t share)
{
	return (uint32_t)((uint64_t)n * share / SHARES);
}

struct run_sorting {
	struct dedupe *d;
	uint32_t border[SHARES + 1]; /* no run goes across one */
};

/* Equal times are short runs: the exact order is decided there. */
static void sort_runs(void *context, size_t share, unsigned worker)
{
	const struct run_sorting *w = context;
	const struct dedupe *d = w->d;
	const int64_t *time = d->b->rows.time;
	uint32_t end = w->border[share + 1];

	(void)worker;
	for (uint32_t from = w->border[share], to; from < end; from = to) {
		for (to = from + 1;
		     to < end && time[d->order[to]] == time[d->order[from]];
		     to++)
			;
		if (to - from > 1)
			sort_u32(d->order + from, to - from, compare_rows,
				 d->b);
	}
}

/* Numbers of arrival in the order of the store. */
static void sort_arrivals(struct dedupe *d)
{
	const int64_t *time = d->b->rows.time;
	uint32_t n = d->b->rows.n;
	struct run_sorting w = { .d = d };

	sort_by_key(d->order, time, n);
	for (size_t share = 0; share <= SHARES; share++) {
		uint32_t at = share_begin(n, share);

		while (at && at < n &&
		       time[d->order[at]] == time[d->order[at - 1]])
			at++;
		w.border[share] = at;
	}
	tasks_run(d->b->workers, SHARES, sort_runs, &w);
}

/* Duplicates -------------------------------------------------------------- */

/* Accounts that may share one eventID; a real event has one or two. */
enum { MAX_NAMESAKES = 256 };
#define SLOT_NONE   UINT32_MAX
#define SLOT_BEYOND (UINT32_MAX - 1)

static bool same_event(const struct dedupe *d, uint32_t kept, uint32_t a,
		       uint32_t b)
{
	const struct arrivals *r = &d->b->rows;
	const struct file_entry *file = d->b->shared->files.entry;
	uint32_t account = d->account[kept];
	uint32_t other = account_of(r, b);

	if (r->id[a].hi != r->id[b].hi || r->id[a].lo != r->id[b].lo ||
	    (r->flags[a] ^ r->flags[b]) & EVENT_NO_ID)
		return false;
	if (r->flags[a] & EVENT_NO_ID)
		/* Without an id two equal records may be one delivered twice
		 * or two events; only the file can tell: equal bytes at one
		 * place in two files of one name are one delivery, copied. */
		return length_of(r, a) == length_of(r, b) &&
		       record_of(r, a) == record_of(r, b) &&
		       file_of(r, a) != file_of(r, b) &&
		       strcmp(file_base_name(file[file_of(r, a)].path),
			      file_base_name(file[file_of(r, b)].path)) == 0;
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
		const char *path =
			shared->files.entry[file_of(r, arrival)].path;

		id.lo += record_of(r, arrival);
		id.hi ^= hash_str(shared->key, str_of(file_base_name(path)));
	}
	return store_id_slot(shared->key, &id, d->mask);
}

/*
 * The slot of the kept copy of the event at `at`, or a free one. SLOT_NONE
 * when so many accounts claim this id that the search ends without an answer,
 * SLOT_BEYOND when it would have to go on at `end`.
 */
static uint32_t find_slot(const struct dedupe *d, uint32_t at, uint32_t end)
{
	const struct event_id *id = d->b->rows.id;
	uint32_t arrival = d->order[at], first = d->first[at];
	uint32_t slot = first, other, kept;
	unsigned namesakes = 0;

	for (;;) {
		kept = d->slots[slot];
		if (kept == ROW_NONE)
			return slot;
		/* Most that stand in the way began elsewhere. */
		if (d->first[kept] == first) {
			other = d->order[kept];
			if (same_event(d, kept, other, arrival))
				return slot;
			if (id[other].hi == id[arrival].hi &&
			    id[other].lo == id[arrival].lo &&
			    ++namesakes == MAX_NAMESAKES)
				return SLOT_NONE;
		}
		slot = (slot + 1) & d->mask;
		if (slot == end)
			return SLOT_BEYOND;
	}
}

/* How good a copy is: a record as it was delivered, one that something carries
 * whole, one out of a form that lacks something; better than all the event with
 * what was added to it, worse than all the addition alone. */
static unsigned copy_rank(uint32_t flags)
{
	if (flags & EVENT_AMENDED)
		return 4;
	if (flags & EVENT_UPDATES)
		return 0;
	if (flags & EVENT_PARTIAL)
		return 1;
	return flags & EVENT_CARRIED ? 2 : 3;
}

static bool is_finding(uint8_t kind)
{
	return kind == KIND_GUARDDUTY || kind == KIND_SECURITYHUB;
}

bool copy_is_better(const struct arrivals *r, uint32_t a, uint32_t b)
{
	unsigned rank = copy_rank(r->flags[a]), other = copy_rank(r->flags[b]);

	if (rank != other)
		return rank > other;
	/* A finding is exported again as it goes on: files and records are in
	 * order of time then, and the last one says most. */
	return is_finding(r->kind[a]) || length_of(r, a) > length_of(r, b);
}

/* Two copies of one event: the better one stays, of equals the longer one,
 * where it stands. */
static void merge_copies(struct dedupe *d, uint32_t slot, uint32_t at)
{
	const struct arrivals *r = &d->b->rows;
	uint32_t stays = d->slots[slot], goes = at;
	unsigned copies = (unsigned)d->copies[stays] + d->copies[at];

	if (copy_is_better(r, d->order[at], d->order[stays])) {
		goes = stays;
		stays = at;
	}
	d->slots[slot] = stays;
	d->merged[goes] = stays;
	d->copies[stays] = (uint8_t)(copies < UINT8_MAX ? copies : UINT8_MAX);
	if (!d->account[stays])
		d->account[stays] = d->account[goes];
}

/* Where each event is to be looked for. Ids lie anywhere: they are asked for a
 * while before they are looked at. */
static void find_first(void *context, size_t share, unsigned worker)
{
	enum { AHEAD = 16 };
	struct dedupe *d = context;
	const struct arrivals *r = &d->b->rows;
	uint32_t end = share_begin(r->n, share + 1);

	(void)worker;
	for (uint32_t at = share_begin(r->n, share); at < end; at++) {
		if (at + AHEAD < end) {
			uint32_t next = d->order[at + AHEAD];

			__builtin_prefetch(&r->id[next]);
			__builtin_prefetch(&r->flags[next]);
			uints_ask(&r->column[EVENT_ACCOUNT], next);
		}
		d->merged[at] = at;
		/* What was put together was not delivered. */
		d->copies[at] = !(r->flags[d->order[at]] & EVENT_AMENDED);
		d->account[at] = account_of(r, d->order[at]);
		d->first[at] = first_slot(d, d->order[at]);
	}
}

/* Puts one event into its slot; false when that lies beyond `end`. */
static bool enter(struct dedupe *d, uint32_t at, uint32_t end,
		  uint64_t *dropped)
{
	uint32_t slot = find_slot(d, at, end);

	if (slot == SLOT_BEYOND)
		return false;
	if (slot == SLOT_NONE)
		return true;
	if (d->slots[slot] == ROW_NONE) {
		d->slots[slot] = at;
		return true;
	}
	merge_copies(d, slot, at);
	++*dropped;
	return true;
}

/*
 * The table is filled in shares, too. All copies of an event begin at one slot,
 * so they are of one share, and come in their order there. What finds no place
 * before the end of its share comes after all the others: from its slot to that
 * end every place was taken when it came, and remains so, hence whatever else
 * has its id either stands there already or is late as well.
 */
struct late {
	uint32_t *at; /* ascending */
	size_t n, cap;
	uint64_t dropped;
};

struct filling {
	struct dedupe *d;
	struct late late[SHARES];
};

static void fill_share(void *context, size_t share, unsigned worker)
{
	struct filling *f = context;
	struct late *late = &f->late[share];
	struct dedupe *d = f->d;
	uint32_t size = (d->mask + 1) / SHARES;
	uint32_t from = size * (uint32_t)share, end = (from + size) & d->mask;
	uint32_t n = d->b->rows.n;

	(void)worker;
	memset(d->slots + from, 0xff, size * sizeof(*d->slots));
	for (uint32_t at = 0; at < n; at++) {
		if (d->first[at] - from >= size ||
		    enter(d, at, end, &late->dropped))
			continue;
		late->at = mem_grow(late->at, &late->cap, late->n + 1,
				    sizeof(*late->at));
		late->at[late->n++] = at;
	}
}

static void fill_slots(struct dedupe *d)
{
	struct filling f = { .d = d };

	tasks_run(d->b->workers, SHARES, fill_share, &f);
	for (size_t share = 0; share < SHARES; share++) {
		struct late *late = &f.late[share];

		/* Slots are fewer than what has to find one: no end is met. */
		for (size_t i = 0; i < late->n; i++)
			enter(d, late->at[i], UINT32_MAX, &late->dropped);
		free(late->at);
		d->dropped += late->dropped;
	}
}

void dedupe_init(struct dedupe *d, const struct store_builder *b)
{
	size_t slots = 64, n = (size_t)b->rows.n;

	while (slots < n * 3 / 2)
		slots *= 2;
	*d = (struct dedupe){ .b = b, .mask = (uint32_t)(slots - 1) };
	d->order = mem_alloc((n + 1) * sizeof(*d->order));
	sort_arrivals(d);
	d->merged = mem_alloc((n + 1) * sizeof(*d->merged));
	d->copies = mem_alloc(n + 1);
	d->account = mem_alloc((n + 1) * sizeof(*d->account));
	d->first = mem_alloc((n + 1) * sizeof(*d->first));
	d->slots = mem_alloc(slots * sizeof(*d->slots));
	tasks_run(b->workers, SHARES, find_first, d);
	fill_slots(d);
	free(d->first);
	d->first = NULL;
}

/* Row ids for what has been positions. */
struct closing {
	struct dedupe *d;
	row_id *row_of;
};

static void name_rows(void *context, size_t share, unsigned worker)
{
	const struct closing *c = context;
	struct dedupe *d = c->d;
	uint32_t n = d->b->rows.n, size = (d->mask + 1) / SHARES;
	uint32_t end = share_begin(n, share + 1);

	(void)worker;
	for (uint32_t at = share_begin(n, share); at < end; at++)
		c->row_of[d->order[at]] = d->merged[at];
	for (uint32_t s = size * (uint32_t)share; s < size * (share + 1); s++)
		if (d->slots[s] != ROW_NONE)
			d->slots[s] = d->merged[d->slots[s]];
}

row_id dedupe_close(struct dedupe *d, row_id *row_of)
{
	struct closing c = { d, row_of };
	uint32_t n = d->b->rows.n;
	row_id kept = 0;

	/* merged[] turns into position -> row for the kept ones. */
	for (uint32_t at = 0; at < n; at++)
		d->merged[at] = d->merged[at] == at ? kept++ : ROW_NONE;
	tasks_run(d->b->workers, SHARES, name_rows, &c);
	for (uint32_t at = 0; at < n; at++) {
		row_id row = d->merged[at];

		if (row == ROW_NONE)
			continue;
		d->order[row] = d->order[at];
		d->copies[row] = d->copies[at];
		d->account[row] = d->account[at];
	}
	free(d->merged);
	return kept;
}
