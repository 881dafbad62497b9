/* SPDX-License-Identifier: MIT */
/*
 * uints.h - many unsigned integers, each in as few bytes as the largest needs
 *
 * An array whose items are one, two, four or eight bytes wide. Columns of
 * events are mostly small numbers: there are fewer regions than 256, however
 * many events. Room for a number is made before it is put (uints_fit), so
 * that putting and getting are a step each.
 *
 * Cost: get and put O(1); making it wider copies all, at most three times in
 * its life. Ownership: the holder frees with uints_free.
 *
 * Layer: base. Threads: any number may get; otherwise one at a time.
 */
#ifndef TRAWL_UINTS_H
#define TRAWL_UINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uints {
	void *at;
	uint8_t width; /* bytes: 1, 2, 4, 8; 0: never fitted, holds nothing */
};

/* Bytes that a number up to `most` needs. */
unsigned uints_width(uint64_t most);
/* Makes room for `cap` numbers; those that were there stay. */
void uints_resize(struct uints *u, size_t cap);
/* From here on numbers up to `most` can be put; the array has room for `cap`
 * and holds n. */
void uints_fit(struct uints *u, size_t cap, size_t n, uint64_t most);
void uints_free(struct uints *u);
/* The largest of the first n; 0 of none. */
uint64_t uints_most(const struct uints *u, size_t n);

static inline uint64_t uints_get(const struct uints *u, size_t i)
{
	switch (u->width) {
	case 1:
		return ((const uint8_t *)u->at)[i];
	case 2:
		return ((const uint16_t *)u->at)[i];
	case 4:
		return ((const uint32_t *)u->at)[i];
	default:
		return ((const uint64_t *)u->at)[i];
	}
}

/* Of what was fitted for no more than UINT32_MAX. */
static inline uint32_t uints_get_u32(const struct uints *u, size_t i)
{
	return (uint32_t)uints_get(u, i);
}

/* It will be looked at before long. */
static inline void uints_ask(const struct uints *u, size_t i)
{
	__builtin_prefetch((const char *)u->at + i * u->width);
}

/* `v` is not larger than what it was fitted for. */
static inline void uints_put(struct uints *u, size_t i, uint64_t v)
{
	switch (u->width) {
	case 1:
		((uint8_t *)u->at)[i] = (uint8_t)v;
		break;
	case 2:
		((uint16_t *)u->at)[i] = (uint16_t)v;
		break;
	case 4:
		((uint32_t *)u->at)[i] = (uint32_t)v;
		break;
	default:
		((uint64_t *)u->at)[i] = v;
	}
}

#endif /* TRAWL_UINTS_H */
