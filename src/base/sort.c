/* SPDX-License-Identifier: MIT */
#include "base/sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { INSERTION = 12, RADIX_BITS = 11 };

static void insertion_sort(uint32_t *v, size_t n, sort_compare compare,
			   const void *context)
{
	for (size_t i = 1; i < n; i++) {
		uint32_t x = v[i];
		size_t j = i;

		for (; j && compare(v[j - 1], x, context) > 0; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

static void merge_sort(uint32_t *v, size_t n, uint32_t *scratch,
		       sort_compare compare, const void *context)
{
	size_t half = n / 2, i = 0, j = half, to = 0;

	if (n <= INSERTION) {
		insertion_sort(v, n, compare, context);
		return;
	}
	merge_sort(v, half, scratch, compare, context);
	merge_sort(v + half, n - half, scratch, compare, context);
	if (compare(v[half - 1], v[half], context) <= 0)
		return;
	/* Only the first half has to move out of the way. */
	memcpy(scratch, v, half * sizeof(*v));
	while (i < half && j < n)
		v[to++] = compare(scratch[i], v[j], context) <= 0 ?
				  scratch[i++] :
				  v[j++];
	memcpy(v + to, scratch + i, (half - i) * sizeof(*v));
}

void sort_u32(uint32_t *v, size_t n, sort_compare compare, const void *context)
{
	uint32_t *scratch;

	if (n < 2)
		return;
	scratch = mem_alloc(n / 2 * sizeof(*scratch));
	merge_sort(v, n, scratch, compare, context);
	free(scratch);
}

uint32_t *sort_order(size_t n, sort_compare compare, const void *context)
{
	uint32_t *order = mem_alloc((n + 1) * sizeof(*order));

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	sort_u32(order, n, compare, context);
	return order;
}

void sort_items(void *items, size_t n, size_t size, sort_compare compare,
		const void *context)
{
	uint32_t *order;
	char *sorted;

	if (n < 2)
		return;
	order = sort_order(n, compare, context);
	sorted = mem_alloc(n * size);
	for (size_t i = 0; i < n; i++)
		memcpy(sorted + i * size, (char *)items + order[i] * size,
		       size);
	memcpy(items, sorted, n * size);
	free(sorted);
	free(order);
}

/*
 * One half of the keys: each is put together with the number that it belongs
 * to, so that no pass has to look anything up. What lies in one bucket as a
 * whole is in order already.
 */
static void radix_half(uint64_t *item, uint64_t *spare, size_t n)
{
	enum { BUCKETS = 1 << RADIX_BITS };
	uint64_t *from = item, *to = spare, *swap;

	for (unsigned shift = 32; shift < 64; shift += RADIX_BITS) {
		size_t start[BUCKETS] = { 0 }, sum = 0;
		bool one = false;

		for (size_t i = 0; i < n; i++)
			start[from[i] >> shift & (BUCKETS - 1)]++;
		for (size_t b = 0; b < BUCKETS; b++) {
			size_t count = start[b];

			one |= count == n;
			start[b] = sum;
			sum += count;
		}
		if (one)
			continue;
		for (size_t i = 0; i < n; i++)
			to[start[from[i] >> shift & (BUCKETS - 1)]++] = from[i];
		swap = from;
		from = to;
		to = swap;
	}
	if (from != item)
		memcpy(item, from, n * sizeof(*item));
}

void sort_by_key(uint32_t *order, const int64_t *key, size_t n)
{
	uint64_t *item, *spare;
	uint64_t least = UINT64_MAX, most = 0;

	if (!n)
		return;
	/* Offset so that unsigned order is the order of the keys. */
	for (size_t i = 0; i < n; i++) {
		uint64_t k = (uint64_t)key[i] ^ (uint64_t)INT64_MIN;

		least = k < least ? k : least;
		most = k > most ? k : most;
		order[i] = (uint32_t)i;
	}
	item = mem_alloc(n * sizeof(*item));
	spare = mem_alloc(n * sizeof(*spare));
	for (unsigned half = 0; half < 64 && (most - least) >> half;
	     half += 32) {
		for (size_t i = 0; i < n; i++) {
			uint64_t k = ((uint64_t)key[order[i]] ^
				      (uint64_t)INT64_MIN) -
				     least;

			item[i] = k >> half << 32 | order[i];
		}
		radix_half(item, spare, n);
		for (size_t i = 0; i < n; i++)
			order[i] = (uint32_t)item[i];
	}
	free(item);
	free(spare);
}
