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

void arena_take(struct arena *a, struct arena *from)
{
	struct arena_block *b = from->first;

	if (!b)
		return;
	while (b->next)
		b = b->next;
	/* In front of the block in use. */
	b->next = a->first;
	a->first = from->first;
	if (!a->last)
		a->last = from->last;
	a->used += from->used;
	arena_init(from);
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

static bool has_room(const struct arena_block *b, size_t from, size_t bytes)
{
	return from <= b->size && b->size - from >= bytes;
}

/* The next `bytes` bytes from a multiple of `align` on. */
static inline void *take(struct arena *a, size_t bytes, size_t align)
{
	struct arena_block *b = a->last;
	size_t from = b ? (b->used + align - 1) / align * align : 0;

	while (b && !has_room(b, from, bytes) && b->next) {
		b = b->next;
		a->last = b;
		from = 0;
	}
	if (!b || !has_room(b, from, bytes)) {
		size_t size = b ? b->size * 2 : FIRST_BLOCK;
		struct arena_block *fresh;

		if (size > LARGEST_BLOCK)
			size = LARGEST_BLOCK;
		if (size < bytes)
			size = bytes;
		fresh = block_new(size);
		if (b)
			b->next = fresh;
		else
			a->first = fresh;
		a->last = b = fresh;
		from = 0;
	}
	a->used += bytes;
	b->used = from + bytes;
	return b->bytes + from;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	return take(a, bytes, alignof(max_align_t));
}

struct str arena_text(struct arena *a, struct str s)
{
	char *p = take(a, s.n + 1, 1);

	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return (struct str){ p, s.n };
}

void *arena_zero(struct arena *a, size_t bytes)
{
	void *p = arena_alloc(a, bytes);

	memset(p, 0, bytes);
	return p;
}

struct str arena_dup(struct arena *a, struct str s)
{
	return arena_join_all(a, &s, 1);
}

struct str arena_join(struct arena *a, struct str x, struct str y)
{
	const struct str part[] = { x, y };

	return arena_join_all(a, part, 2);
}

struct str arena_join_all(struct arena *a, const struct str *part, size_t n)
{
	size_t length = 0, at = 0;
	char *p;

	for (size_t i = 0; i < n; i++)
		length += part[i].n;
	p = arena_alloc(a, length + 1);
	for (size_t i = 0; i < n; i++) {
		if (part[i].n)
			memcpy(p + at, part[i].p, part[i].n);
		at += part[i].n;
	}
	p[length] = '\0';
	return (struct str){ p, length };
}
