/* SPDX-License-Identifier: MIT */
/* The order of the store, and copies of one event as one. */
#include "store/builder_private.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/sort.h"

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

/* How good a copy is: a record as it was delivered, one that something carries
 * whole, one out of a form that lacks something; better than all what adds what
 * was missing in it. */
static unsigned copy_rank(uint32_t flags)
{
	if (flags & EVENT_PARTIAL)
		return 0;
	if (flags & EVENT_UPDATES)
		return 3;
	return flags & EVENT_CARRIED ? 1 : 2;
}

static bool is_finding(uint8_t kind)
{
	return kind == KIND_GUARDDUTY || kind == KIND_SECURITYHUB;
}

/* Two copies of one event: the better one stays, of equals the longer one,
 * where it stands. */
static void merge_copies(struct dedupe *d, uint32_t slot, uint32_t at)
{
	const struct arrivals *r = &d->b->rows;
	uint32_t stays = d->slots[slot], goes = at;
	unsigned copies = d->copies[stays];
	uint32_t a = d->order[at], b = d->order[stays];
	unsigned rank = copy_rank(r->flags[a]), other = copy_rank(r->flags[b]);
	bool better = rank > other;

	/* A finding is exported again as it goes on: files and records are in
	 * order of time then, and the last one says most. */
	if (rank == other)
		better = is_finding(r->kind[a]) || r->length[a] > r->length[b];
	if (better) {
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

/* Slots and ids lie anywhere: they are asked for a while before they are looked
 * at; first the id, then the slot that it leads to. */
static void prefetch(const struct dedupe *d, uint32_t at, uint32_t n)
{
	enum { AHEAD = 8 };
	const struct event_id *id = d->b->rows.id;

	if (at + 3 * AHEAD >= n)
		return;
	__builtin_prefetch(&id[d->order[at + 3 * AHEAD]]);
	__builtin_prefetch(
		&d->b->rows.column[EVENT_ACCOUNT][d->order[at + AHEAD]]);
	__builtin_prefetch(&d->slots[store_id_slot(
		d->b->shared->key, &id[d->order[at + 2 * AHEAD]], d->mask)]);
}

void dedupe_init(struct dedupe *d, const struct store_builder *b)
{
	uint32_t *order = sorted_order(b);
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

		prefetch(d, at, n);
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

row_id dedupe_close(struct dedupe *d, row_id *row_of)
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
