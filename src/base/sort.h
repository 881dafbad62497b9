/* SPDX-License-Identifier: MIT */
/*
 * sort.h - stable sorting of numbers that stand for something
 *
 * The C library's qsort takes no context and is not stable; these are both.
 * O(n log n), n / 2 extra words; a run that is already in order costs O(n).
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_SORT_H
#define TRAWL_SORT_H

#include <stddef.h>
#include <stdint.h>

/* <0, 0, >0, of what a and b stand for. */
typedef int (*sort_compare)(uint32_t a, uint32_t b, const void *context);

void sort_u32(uint32_t *v, size_t n, sort_compare compare, const void *context);
/* The numbers below n in that order; the caller frees them. */
uint32_t *sort_order(size_t n, sort_compare compare, const void *context);
/* Puts items of `size` bytes into the order of their numbers, which are those
 * that they had before. Takes as much memory again as the items. */
void sort_items(void *items, size_t n, size_t size, sort_compare compare,
		const void *context);

/*
 * Writes 0..n-1 to `order`, so that key[order[i]] ascends; equal keys keep
 * their order. O(n) by radix, two extra 64-bit words for each.
 */
void sort_by_key(uint32_t *order, const int64_t *key, size_t n);

#endif /* TRAWL_SORT_H */
