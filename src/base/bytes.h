/* SPDX-License-Identifier: MIT */
/*
 * bytes.h - long runs of bytes, many at a time
 *
 * Layer: base. Threads: any.
 */
#ifndef TRAWL_BYTES_H
#define TRAWL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* True for bytes of a JSON string that stand for themselves and that no
 * terminal acts on. */
static inline bool byte_is_quiet(unsigned char b)
{
	return b >= 0x20 && b < 0x7f && b != '"' && b != '\\';
}

/* Are all bytes of a word quiet? */
static inline bool bytes_word_quiet(uint64_t v)
{
	const uint64_t ones = 0x0101010101010101u, high = ones * 0x80;
	uint64_t quote = v ^ ones * '"';
	uint64_t slash = v ^ ones * '\\';
	uint64_t del = v ^ ones * 0x7f;

	/* The high bit of a byte that is above 7f, below 20, or 0 in one of the
	 * three; exact up to the first such byte. */
	return !((v | (v - ones * 0x20) | (quote - ones) | (slash - ones) |
		  (del - ones)) &
		 high);
}

/* Are n bytes, at most 16, all quiet? */
static inline bool bytes_few_quiet(const char *p, size_t n)
{
	uint64_t first = 0x2020202020202020u, last = first;

	if (n >= 8) {
		memcpy(&first, p, 8);
		memcpy(&last, p + n - 8, 8);
	} else if (n >= 4) {
		memcpy(&first, p, 4);
		memcpy(&last, p + n - 4, 4);
	} else {
		for (size_t i = 0; i < n; i++)
			last = last << 8 | (unsigned char)p[i];
	}
	return bytes_word_quiet(first) && bytes_word_quiet(last);
}

/* The first byte in [p, end) that is not quiet, or end. */
static inline const char *bytes_pass_quiet(const char *p, const char *end)
{
#ifdef __SSE2__
	while (end - p >= 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		/* As signed numbers, what is above 7f lies below 20. */
		__m128i quiet = _mm_cmpgt_epi8(v, _mm_set1_epi8(0x1f));
		__m128i loud = _mm_or_si128(
			_mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f)),
			_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
				     _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
		unsigned found = (unsigned)_mm_movemask_epi8(
			_mm_andnot_si128(loud, quiet));

		if (found != 0xffff)
			return p + __builtin_ctz(~found);
		p += 16;
	}
#else
	while (end - p >= 8) {
		uint64_t v;

		memcpy(&v, p, 8);
		if (!bytes_word_quiet(v))
			break;
		p += 8;
	}
#endif
	while (p < end && byte_is_quiet((unsigned char)*p))
		p++;
	return p;
}

#endif /* TRAWL_BYTES_H */
