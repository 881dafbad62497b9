/* SPDX-License-Identifier: MIT */
#include "base/intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_CHUNK = 64, FIRST_SLOTS = 128 };

/* Chunk k holds ids [64 * (2^k - 1), 64 * (2^(k+1) - 1)). */
static unsigned chunk_of(uint32_t id)
{
	return 31 - (unsigned)__builtin_clz(id / FIRST_CHUNK + 1);
}

static uint32_t chunk_start(unsigned k)
{
	return FIRST_CHUNK * ((1u << k) - 1);
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

static uint32_t hash_of(const struct intern *t, struct str s)
{
	return (uint32_t)(hash_str(t->key, s) >> 32);
}

/* The slot that holds `s`, or the free one where it belongs. */
static struct intern_slot *slot_for(const struct intern *t, struct str s,
				    uint32_t hash)
{
	uint32_t at = hash & t->slot_mask;
	struct intern_slot *slot;

	for (; (slot = &t->slots[at])->id; at = (at + 1) & t->slot_mask)
		if (slot->hash == hash &&
		    str_eq(intern_text(t, slot->id - 1), s))
			break;
	return slot;
}

uint32_t intern_find(const struct intern *t, struct str s)
{
	uint32_t id = slot_for(t, s, hash_of(t, s))->id;

	return id ? id - 1 : INTERN_NONE;
}

static void rehash(struct intern *t)
{
	struct intern_slot *old = t->slots;
	uint32_t old_mask = t->slot_mask;

	t->slot_mask = old_mask * 2 + 1;
	t->slots = mem_zero((size_t)t->slot_mask + 1, sizeof(*t->slots));
	for (size_t i = 0; i <= old_mask; i++) {
		uint32_t at = old[i].hash & t->slot_mask;

		if (!old[i].id)
			continue;
		while (t->slots[at].id)
			at = (at + 1) & t->slot_mask;
		t->slots[at] = old[i];
	}
	free(old);
}

static uint32_t add_new(struct intern *t, struct str s, uint32_t hash,
			struct intern_slot *slot)
{
	unsigned k = chunk_of(t->count);

	if ((uint64_t)t->count * 3 >= (uint64_t)t->slot_mask * 2) {
		rehash(t);
		slot = slot_for(t, s, hash);
	}
	if (!t->chunk[k])
		t->chunk[k] = mem_zero((size_t)FIRST_CHUNK << k,
				       sizeof(*t->chunk[k]));
	t->chunk[k][t->count - chunk_start(k)] = arena_text(&t->bytes, s);
	*slot = (struct intern_slot){ t->count + 1, hash };
	return t->count++;
}

void intern_init(struct intern *t)
{
	*t = (struct intern){ .key = hash_key_new(),
			      .slot_mask = FIRST_SLOTS - 1 };
	arena_init(&t->bytes);
	t->slots = mem_zero(FIRST_SLOTS, sizeof(*t->slots));
	add_new(t, STR(""), hash_of(t, STR("")),
		slot_for(t, STR(""), hash_of(t, STR(""))));
}

/* The first and last bytes of a string, all of them when it has at most
 * GLANCE of them. */
enum { GLANCE = 16 };

static void glance(struct str s, uint64_t *first, uint64_t *last)
{
	*first = *last = 0;
	if (s.n >= 8) {
		memcpy(first, s.p, 8);
		memcpy(last, s.p + s.n - 8, 8);
	} else if (s.n >= 4) {
		memcpy(first, s.p, 4);
		memcpy(last, s.p + s.n - 4, 4);
	} else {
		for (size_t i = 0; i < s.n; i++)
			*last = *last << 8 | (unsigned char)s.p[i];
	}
}

/*
 * Where a string that was added a moment ago would be. Anyone can make strings
 * for which it is the same place: then nothing is saved.
 */
static uint32_t place_of(uint64_t first, uint64_t last, size_t n)
{
	first = (first ^ n) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(((first ^ last) * 0xd6e8feb86659fd93u) >> 57);
}

_Static_assert(INTERN_RECENT == 1 << (64 - 57), "as many as there are places");

uint32_t intern_add(struct intern *t, struct str s)
{
	struct intern_recent *recent;
	struct intern_slot *slot;
	uint64_t first, last;
	uint32_t hash, id;

	if (!s.n)
		return 0;
	glance(s, &first, &last);
	recent = &t->recent[place_of(first, last, s.n)];
	if (recent->n == s.n && recent->first == first &&
	    recent->last == last &&
	    (s.n <= GLANCE ||
	     memcmp(recent->p + 8, s.p + 8, s.n - GLANCE) == 0))
		return recent->id;
	hash = hash_of(t, s);
	slot = slot_for(t, s, hash);
	id = slot->id ? slot->id - 1 : add_new(t, s, hash, slot);
	*recent = (struct intern_recent){ first, last, intern_text(t, id).p,
					  (uint32_t)s.n, id };
	return id;
}

size_t intern_memory(const struct intern *t)
{
	size_t chunks = t->count ? chunk_of(t->count - 1) + 1 : 0;

	return t->bytes.used +
	       (((size_t)FIRST_CHUNK << chunks) - FIRST_CHUNK) *
		       sizeof(struct str) +
	       ((size_t)t->slot_mask + 1) * sizeof(*t->slots);
}
