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

size_t string_tables_memory(const struct string_tables *t)
{
	size_t bytes = intern_memory(&t->ids);

	for (size_t c = 0; c < EVENT_COLUMN_COUNT; c++)
		bytes += intern_memory(&t->column[c]);
	return bytes;
}

/* Eight lower-case hexadecimal digits, all at once. */
static bool hex8(const char *p, uint64_t *value)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t text = 0, digits, letters;

	for (size_t i = 0; i < 8; i++)
		text = text << 8 | (unsigned char)p[i];
	/* Letters have bit 6; the last four bits of 'a' are 1. */
	digits = (text & ones * 15) + (text >> 6 & ones) * 9;
	letters = (digits + ones * 6) >> 4 & ones;
	/* What these digits are written as is what was there. */
	if (digits & ones * 0xf0 ||
	    digits + ones * '0' + letters * ('a' - '0' - 10) != text)
		return false;
	digits = (digits | digits >> 4) & 0x00ff00ff00ff00ffu;
	digits = (digits | digits >> 8) & 0x0000ffff0000ffffu;
	*value = (digits | digits >> 16) & 0xffffffffu;
	return true;
}

bool event_id_pack(struct str text, struct event_id *id)
{
	const char *p = text.p;
	uint64_t part[4];
	char digits[32];

	if (text.n != 36 || p[8] != '-' || p[13] != '-' || p[18] != '-' ||
	    p[23] != '-')
		return false;
	memcpy(digits, p, 8);
	memcpy(digits + 8, p + 9, 4);
	memcpy(digits + 12, p + 14, 4);
	memcpy(digits + 16, p + 19, 4);
	memcpy(digits + 20, p + 24, 12);
	for (size_t i = 0; i < 4; i++)
		if (!hex8(digits + 8 * i, &part[i]))
			return false;
	*id = (struct event_id){ part[0] << 32 | part[1],
				 part[2] << 32 | part[3] };
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
