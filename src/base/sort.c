/* SPDX-License-Identifier: MIT */
#include "base/sort.h"

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

void sort_by_key(uint32_t *order, const int64_t *key, size_t n)
{
	uint32_t *from = order, *to, *spare;
	uint64_t least, span = 0;

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	if (n < 2)
		return;
	/* Offset so that unsigned order is the order of the keys. */
	least = (uint64_t)key[0] ^ (uint64_t)INT64_MIN;
	for (size_t i = 1; i < n; i++) {
		uint64_t k = (uint64_t)key[i] ^ (uint64_t)INT64_MIN;

		if (k < least)
			least = k;
	}
	for (size_t i = 0; i < n; i++)
		span |= ((uint64_t)key[i] ^ (uint64_t)INT64_MIN) - least;
	spare = to = mem_alloc(n * sizeof(*to));
	for (unsigned shift = 0; shift < 64 && span >> shift;
	     shift += RADIX_BITS) {
		size_t count[(1 << RADIX_BITS) + 1] = { 0 };
		uint32_t *swap;

		for (size_t i = 0; i < n; i++) {
			uint64_t k = ((uint64_t)key[i] ^ (uint64_t)INT64_MIN) -
				     least;

			count[(k >> shift & ((1 << RADIX_BITS) - 1)) + 1]++;
		}
		for (size_t b = 1; b <= 1 << RADIX_BITS; b++)
			count[b] += count[b - 1];
		for (size_t i = 0; i < n; i++) {
			uint64_t k = ((uint64_t)key[from[i]] ^
				      (uint64_t)INT64_MIN) -
				     least;

			to[count[k >> shift & ((1 << RADIX_BITS) - 1)]++] =
				from[i];
		}
		swap = from;
		from = to;
		to = swap;
	}
	if (from != order)
		memcpy(order, from, n * sizeof(*order));
	free(spare);
}
