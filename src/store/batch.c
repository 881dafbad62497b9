/* SPDX-License-Identifier: MIT */
#include "store/batch.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

void string_tables_init(struct string_tables *t)
{
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		intern_init(&t->column[c]);
	intern_init(&t->ids);
}

void string_tables_release(struct string_tables *t)
{
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		intern_release(&t->column[c]);
	intern_release(&t->ids);
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool event_id_pack(struct str text, struct event_id *id)
{
	uint64_t half[2] = { 0, 0 };
	size_t digits = 0;

	if (text.n != 36)
		return false;
	for (size_t i = 0; i < 36; i++) {
		int v;

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text.p[i] != '-')
				return false;
			continue;
		}
		v = hex_value(text.p[i]);
		if (v < 0)
			return false;
		half[digits / 16] = half[digits / 16] << 4 | (uint64_t)v;
		digits++;
	}
	*id = (struct event_id){ half[0], half[1] };
	return id->hi != EVENT_ID_TEXT;
}

void batch_init(struct batch *b, unsigned worker)
{
	*b = (struct batch){ .worker = worker };
	skips_init(&b->skips);
}

void batch_release(struct batch *b)
{
	free(b->row);
	free(b->more);
	skips_release(&b->skips);
}

static struct event_id id_of(const struct event *e, struct string_tables *t,
			     struct str raw)
{
	struct event_id id;
	struct hash128 h;

	if (e->flags & EVENT_NO_ID) {
		h = hash_content(raw);
		return (struct event_id){ h.hi, h.lo };
	}
	if (event_id_pack(e->id, &id))
		return id;
	return (struct event_id){ EVENT_ID_TEXT, intern_add(&t->ids, e->id) };
}

uint32_t batch_add(struct batch *b, struct string_tables *tables,
		   const struct event *e, struct record_place place,
		   struct str raw)
{
	struct batch_row *row;

	b->row = mem_grow(b->row, &b->cap, b->n + 1, sizeof(*b->row));
	row = &b->row[b->n];
	row->time = e->time;
	row->id = id_of(e, tables, raw);
	row->offset = place.offset;
	row->length = place.length;
	row->record = place.record;
	row->file = place.file;
	row->flags = e->flags;
	row->kind = (uint8_t)e->kind;
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		row->column[c] = intern_add(&tables->column[c], e->column[c]);
	for (unsigned i = 0; i < e->more_key_count; i++) {
		b->more = mem_grow(b->more, &b->more_cap, b->more_n + 1,
				   sizeof(*b->more));
		b->more[b->more_n++] = (struct batch_key){
			(uint32_t)b->n,
			intern_add(&tables->column[EVENT_KEY], e->more_keys[i])
		};
	}
	return (uint32_t)b->n++;
}

void batch_seal(struct batch *b, const struct string_tables *tables)
{
	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		b->strings[c] = tables->column[c].count;
	b->id_strings = tables->ids.count;
}
