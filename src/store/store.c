/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/timefmt.h"
#include "store/builder.h"
#include "store/store_private.h"
#include "store/whereabouts.h"

/* Life cycle -------------------------------------------------------------- */

void store_shared_drop(struct store_shared *shared)
{
	if (atomic_fetch_sub(&shared->holders, 1) != 1)
		return;
	string_tables_release(&shared->strings);
	files_release(&shared->files);
	arena_release(&shared->reasons);
	free(shared);
}

struct store_box *store_box_new(struct store_shared *shared)
{
	struct store_box *box = mem_zero(1, sizeof(*box));

	box->shared = shared;
	atomic_fetch_add(&shared->holders, 1);
	box->store.strings = &shared->strings;
	box->store.files = &shared->files;
	return box;
}

void store_release(struct store *s)
{
	struct store_box *box = (struct store_box *)s;

	if (!s)
		return;
	free(s->time);
	free(s->id);
	uints_free(&s->file);
	uints_free(&s->record);
	uints_free(&s->offset);
	uints_free(&s->length);
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++) {
		uints_free(&s->column[c]);
		postings_release(&s->postings[c]);
	}
	free(s->flags);
	free(s->kind);
	free(s->copies);
	free(s->slots);
	amendments_release(&s->amended);
	skips_release(&s->skips);
	whereabouts_free(s->whereabouts);
	store_shared_drop(box->shared);
	free(box);
}

/* Values ------------------------------------------------------------------ */

struct str store_value(const struct store *s, enum event_column c,
		       uint32_t value)
{
	return intern_text(&s->strings->column[c], value);
}

struct str store_text(const struct store *s, enum event_column c, row_id row)
{
	return store_value(s, c, store_value_at(s, c, row));
}

bool store_is_indexed(const struct store *s, enum event_column c)
{
	return s->postings[c].start != NULL;
}

struct rowset store_rows(const struct store *s, enum event_column c,
			 uint32_t value)
{
	assert(store_is_indexed(s, c));
	return postings_rows(&s->postings[c], value);
}

uint32_t store_find_value(const struct store *s, enum event_column c,
			  struct str text)
{
	for (uint32_t v = 1; v < s->values[c]; v++)
		if (str_eq(store_value(s, c, v), text))
			return v;
	return 0;
}

/* Rows -------------------------------------------------------------------- */

row_id store_seek_time(const struct store *s, int64_t t)
{
	row_id low = 0, high = s->n;

	while (low < high) {
		row_id mid = low + (high - low) / 2;

		if (s->time[mid] < t)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

uint32_t store_id_slot(struct hash_key key, const struct event_id *id,
		       uint32_t mask)
{
	struct str bytes = { (const char *)id, sizeof(*id) };

	return (uint32_t)hash_str(key, bytes) & mask;
}

static struct hash_key slot_key(const struct store *s)
{
	return ((const struct store_box *)s)->shared->key;
}

int event_id_compare(const struct string_tables *strings, struct event_id a,
		     struct event_id b)
{
	if (a.hi == EVENT_ID_TEXT && b.hi == EVENT_ID_TEXT && a.lo != b.lo)
		return str_cmp(intern_text(&strings->ids, (uint32_t)a.lo),
			       intern_text(&strings->ids, (uint32_t)b.lo));
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo < b.lo ? -1 : a.lo > b.lo;
}

void store_id_text(const struct store *s, row_id row, struct strbuf *out)
{
	struct event_id id = s->id[row];

	if (s->flags[row] & EVENT_NO_ID)
		strbuf_addf(out, "h:%016" PRIx64 "%016" PRIx64, id.hi, id.lo);
	else if (id.hi == EVENT_ID_TEXT)
		strbuf_add(out, intern_text(&s->strings->ids, (uint32_t)id.lo));
	else
		strbuf_addf(out,
			    "%08" PRIx64 "-%04" PRIx64 "-%04" PRIx64
			    "-%04" PRIx64 "-%012" PRIx64,
			    id.hi >> 32, id.hi >> 16 & 0xffff, id.hi & 0xffff,
			    id.lo >> 48, id.lo & 0xffffffffffffu);
}

static bool parse_hash(struct str text, struct event_id *id)
{
	uint64_t half[2] = { 0, 0 };

	if (text.n != 34 || !str_starts(text, STR("h:")))
		return false;
	for (size_t i = 0; i < 32; i++) {
		int v = str_hex(text.p[i + 2]);

		if (v < 0)
			return false;
		half[i / 16] = half[i / 16] << 4 | (uint64_t)v;
	}
	*id = (struct event_id){ half[0], half[1] };
	return true;
}

static bool has_id(const struct store *s, row_id r, struct event_id id,
		   bool by_hash)
{
	return s->id[r].hi == id.hi && s->id[r].lo == id.lo &&
	       !!(s->flags[r] & EVENT_NO_ID) == by_hash;
}

/* Ids that the slots do not find: of records without one, and odd texts. */
static row_id find_by_text(const struct store *s, struct str text, row_id from)
{
	struct event_id id;
	bool by_hash = parse_hash(text, &id);

	for (row_id r = from; r < s->n; r++) {
		if (by_hash && has_id(s, r, id, true))
			return r;
		if (s->id[r].hi == EVENT_ID_TEXT &&
		    !(s->flags[r] & EVENT_NO_ID) &&
		    str_eq(intern_text(&s->strings->ids, (uint32_t)s->id[r].lo),
			   text))
			return r;
	}
	return ROW_NONE;
}

row_id store_find_id(const struct store *s, struct str text, row_id after)
{
	struct event_id id;
	row_id best = ROW_NONE;

	if (s->n == 0)
		return ROW_NONE;
	if (!event_id_pack(text, &id))
		return find_by_text(s, text, after == ROW_NONE ? 0 : after + 1);
	for (uint32_t at = store_id_slot(slot_key(s), &id, s->slot_mask);
	     s->slots[at] != ROW_NONE; at = (at + 1) & s->slot_mask) {
		row_id r = s->slots[at];

		if (has_id(s, r, id, false) &&
		    (after == ROW_NONE || r > after) && r < best)
			best = r;
	}
	return best;
}

struct store_place store_place(const struct store *s, row_id row)
{
	return (struct store_place){ store_file(s, row),
				     uints_get_u32(&s->record, row),
				     uints_get(&s->offset, row),
				     uints_get_u32(&s->length, row) };
}

const char *store_path(const struct store *s, row_id row)
{
	return s->files->entry[store_file(s, row)].path;
}

bool store_span(const struct store *s, int64_t *first, int64_t *last)
{
	if (s->timed == 0)
		return false;
	*first = s->time[0];
	*last = s->time[s->timed - 1];
	return true;
}

size_t store_memory(const struct store *s)
{
	size_t row = sizeof(*s->time) + sizeof(*s->id) + s->file.width +
		     s->record.width + s->offset.width + s->length.width +
		     sizeof(*s->flags) + sizeof(*s->kind) + sizeof(*s->copies);
	size_t bytes = ((size_t)s->slot_mask + 1) * sizeof(*s->slots);

	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		row += s->column[c].width;
	bytes += row * s->n;
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		if (s->postings[c].start)
			bytes += s->postings[c].start[s->values[c]] *
					 sizeof(row_id) +
				 ((size_t)s->values[c] + 1) * sizeof(uint32_t);
	return bytes;
}
