/* SPDX-License-Identifier: MIT */
#include "base/intern.h"

#include <stdlib.h>

#include "base/mem.h"

enum { FIRST_CHUNK = 64, FIRST_SLOTS = 128 };

/* Chunk k holds ids [64 * (2^k - 1), 64 * (2^(k+1) - 1)). */
static unsigned chunk_of(uint32_t id)
{
	uint32_t v = id / FIRST_CHUNK + 1;
	unsigned k = 0;

	while (v >>= 1)
		k++;
	return k;
}

static uint32_t chunk_start(unsigned k)
{
	return FIRST_CHUNK * ((1u << k) - 1);
}

void intern_init(struct intern *t)
{
	*t = (struct intern){ .key = hash_key_new(),
			      .slot_mask = FIRST_SLOTS - 1 };
	arena_init(&t->bytes);
	t->slots = mem_zero(FIRST_SLOTS, sizeof(*t->slots));
	intern_add(t, STR(""));
}

void intern_release(struct intern *t)
{
	arena_release(&t->bytes);
	for (unsigned k = 0; k < INTERN_CHUNKS; k++)
		free(t->chunk[k]);
	free(t->slots);
	*t = (struct intern){ .count = 0 };
}

struct str intern_text(const struct intern *t, uint32_t id)
{
	unsigned k = chunk_of(id);

	return t->chunk[k][id - chunk_start(k)];
}

/* The slot that holds `s`, or the free one where it belongs. */
static uint32_t slot_for(const struct intern *t, struct str s)
{
	uint32_t at = (uint32_t)hash_str(t->key, s) & t->slot_mask;

	while (t->slots[at] && !str_eq(intern_text(t, t->slots[at] - 1), s))
		at = (at + 1) & t->slot_mask;
	return at;
}

uint32_t intern_find(const struct intern *t, struct str s)
{
	uint32_t v = t->slots[slot_for(t, s)];

	return v ? v - 1 : INTERN_NONE;
}

static void rehash(struct intern *t)
{
	uint32_t n = (t->slot_mask + 1) * 2;

	free(t->slots);
	t->slots = mem_zero(n, sizeof(*t->slots));
	t->slot_mask = n - 1;
	for (uint32_t id = 0; id < t->count; id++)
		t->slots[slot_for(t, intern_text(t, id))] = id + 1;
}

uint32_t intern_add(struct intern *t, struct str s)
{
	uint32_t at = slot_for(t, s);
	unsigned k;

	if (t->slots[at])
		return t->slots[at] - 1;
	if ((uint64_t)t->count * 3 >= (uint64_t)t->slot_mask * 2) {
		rehash(t);
		at = slot_for(t, s);
	}
	k = chunk_of(t->count);
	if (!t->chunk[k])
		t->chunk[k] = mem_zero((size_t)FIRST_CHUNK << k,
				       sizeof(*t->chunk[k]));
	t->chunk[k][t->count - chunk_start(k)] = arena_dup(&t->bytes, s);
	t->slots[at] = t->count + 1;
	return t->count++;
}

size_t intern_memory(const struct intern *t)
{
	size_t chunks = t->count ? chunk_of(t->count - 1) + 1 : 0;

	return t->bytes.used +
	       (((size_t)FIRST_CHUNK << chunks) - FIRST_CHUNK) *
		       sizeof(struct str) +
	       ((size_t)t->slot_mask + 1) * sizeof(*t->slots);
}
