/* SPDX-License-Identifier: MIT */
#include "query/bits.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t words(row_id n)
{
	return ((size_t)n + 63) / 64;
}

/* Bits behind the last row stay 0, so counting needs no special case. */
static void trim(struct bits *b)
{
	if (b->n % 64)
		b->word[b->n / 64] &= ((uint64_t)1 << (b->n % 64)) - 1;
}

struct bits bits_new(row_id n, bool full)
{
	struct bits b = { mem_alloc((words(n) + 1) * sizeof(*b.word)), n };

	memset(b.word, full ? 0xff : 0, words(n) * sizeof(*b.word));
	trim(&b);
	return b;
}

struct bits bits_copy(const struct bits *b)
{
	return (struct bits){
		mem_dup(b->word, (words(b->n) + 1) * sizeof(*b->word)), b->n
	};
}

void bits_release(struct bits *b)
{
	free(b->word);
	*b = (struct bits)BITS_NONE;
}

void bits_set_range(struct bits *b, row_id from, row_id to)
{
	while (from < to && from % 64)
		bits_set(b, from++);
	for (; to - from >= 64 && from < to; from += 64)
		b->word[from / 64] = UINT64_MAX;
	while (from < to)
		bits_set(b, from++);
}

void bits_set_rows(struct bits *b, const struct rowset *rows)
{
	for (size_t i = 0; i < rows->n; i++)
		bits_set(b, rows->row[i]);
}

void bits_and(struct bits *a, const struct bits *b)
{
	for (size_t i = 0; i < words(a->n); i++)
		a->word[i] &= b->word[i];
}

void bits_or(struct bits *a, const struct bits *b)
{
	for (size_t i = 0; i < words(a->n); i++)
		a->word[i] |= b->word[i];
}

void bits_subtract(struct bits *a, const struct bits *b)
{
	for (size_t i = 0; i < words(a->n); i++)
		a->word[i] &= ~b->word[i];
}

void bits_invert(struct bits *a)
{
	for (size_t i = 0; i < words(a->n); i++)
		a->word[i] = ~a->word[i];
	trim(a);
}

bool bits_empty(const struct bits *b)
{
	for (size_t i = 0; i < words(b->n); i++)
		if (b->word[i])
			return false;
	return true;
}

/* How many bits are 1. */
static unsigned weight(uint64_t w)
{
	w -= w >> 1 & 0x5555555555555555u;
	w = (w & 0x3333333333333333u) + (w >> 2 & 0x3333333333333333u);
	w = (w + (w >> 4)) & 0x0f0f0f0f0f0f0f0fu;
	return (unsigned)(w * 0x0101010101010101u >> 56);
}

size_t bits_count(const struct bits *b)
{
	size_t n = 0;

	for (size_t i = 0; i < words(b->n); i++)
		n += weight(b->word[i]);
	return n;
}

void bits_to_rows(const struct bits *b, struct rowset *out)
{
	rowset_clear(out);
	for (size_t i = 0; i < words(b->n); i++) {
		row_id first = (row_id)(i * 64);

		if (b->word[i] == UINT64_MAX) {
			rowset_add_range(out, first, first + 64);
			continue;
		}
		for (uint64_t w = b->word[i]; w; w &= w - 1) {
			/* The weight of what lies below the lowest bit. */
			rowset_add(out, first + weight((w & -w) - 1));
		}
	}
}
