/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/mem.h"

enum {
	FIRST_BLOCK = 4096,
	LARGEST_BLOCK = 1 << 20,
	KEPT = 4 << 20, /* over a reset */
};

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *a)
{
	*a = (struct arena){ NULL, NULL, 0 };
}

void arena_release(struct arena *a)
{
	struct arena_block *b = a->first;

	while (b) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
	arena_init(a);
}

void arena_reset(struct arena *a)
{
	struct arena_block **at = &a->first;
	size_t kept = 0;

	while (*at) {
		struct arena_block *b = *at;

		if (b->size > KEPT - kept) {
			*at = b->next;
			free(b);
		} else {
			kept += b->size;
			b->used = 0;
			at = &b->next;
		}
	}
	a->last = a->first;
	a->used = 0;
}

size_t arena_memory(const struct arena *a)
{
	size_t bytes = 0;

	for (const struct arena_block *b = a->first; b; b = b->next)
		bytes += sizeof(*b) + b->size;
	return bytes;
}

static struct arena_block *block_new(size_t size)
{
	struct arena_block *b = mem_alloc(sizeof(*b) + size);

	*b = (struct arena_block){ .size = size };
	return b;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	size_t align = alignof(max_align_t);
	size_t need = (bytes + align - 1) / align * align;
	struct arena_block *b = a->last;

	while (b && b->size - b->used < need) {
		if (!b->next)
			break;
		b = b->next;
		a->last = b;
	}
	if (!b || b->size - b->used < need) {
		size_t size = b ? b->size * 2 : FIRST_BLOCK;
		struct arena_block *fresh;

		if (size > LARGEST_BLOCK)
			size = LARGEST_BLOCK;
		if (size < need)
			size = need;
		fresh = block_new(size);
		if (b)
			b->next = fresh;
		else
			a->first = fresh;
		a->last = b = fresh;
	}
	a->used += need;
	b->used += need;
	return b->bytes + b->used - need;
}

void *arena_zero(struct arena *a, size_t bytes)
{
	void *p = arena_alloc(a, bytes);

	memset(p, 0, bytes);
	return p;
}

struct str arena_dup(struct arena *a, struct str s)
{
	return arena_join(a, s, STR_NULL);
}

struct str arena_join(struct arena *a, struct str x, struct str y)
{
	char *p = arena_alloc(a, x.n + y.n + 1);

	if (x.n)
		memcpy(p, x.p, x.n);
	if (y.n)
		memcpy(p + x.n, y.p, y.n);
	p[x.n + y.n] = '\0';
	return (struct str){ p, x.n + y.n };
}
