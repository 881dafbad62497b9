/* SPDX-License-Identifier: MIT */
/*
 * str.h - borrowed text with a length
 *
 * A struct str points into memory that somebody else owns; it may hold any
 * byte, NUL included, and ends where n says. Text out of a log is always a
 * struct str: a zero-terminated string would let an embedded NUL hide the
 * rest. "Fold" means ASCII case is ignored, which is what Sigma and the
 * filter language ask for (bytes above 0x7f compare as they are).
 *
 * Layer: base. Threads: any; these functions keep nothing.
 */
#ifndef TRAWL_STR_H
#define TRAWL_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p; /* not terminated; may be NULL when n is 0 */
	size_t n;      /* bytes */
};

#define STR_NULL     ((struct str){ NULL, 0 })
#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
/* For printf's "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct str str_of(const char *s)
{
	return (struct str){ s, s ? strlen(s) : 0 };
}

static inline char str_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* The value of a hexadecimal digit of either case, or -1. */
static inline int str_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = str_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Most comparisons fail by length: here, so that these cost no call. */
static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_fold(struct str a, struct str b);
/* <0, 0, >0 in byte order; a prefix sorts before what it begins. */
int str_cmp(struct str a, struct str b);
int str_cmp_fold(struct str a, struct str b);

bool str_starts(struct str s, struct str prefix);
bool str_starts_fold(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_ends_fold(struct str s, struct str suffix);

/* Offset of the first occurrence at or after `from`, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle, size_t from);
size_t str_find_fold(struct str s, struct str needle, size_t from);
size_t str_find_char(struct str s, char c, size_t from);
/* Offset of the last occurrence of c, or SIZE_MAX. */
size_t str_find_last(struct str s, char c);

/* The part from `from` on, or between two offsets; offsets are clamped. */
struct str str_from(struct str s, size_t from);
struct str str_sub(struct str s, size_t from, size_t to);
/* Without ASCII blanks (space, tab, CR, LF) at both ends. */
struct str str_trim(struct str s);
/* Without the CR and LF at its end. */
struct str str_chomp(struct str line);

/*
 * Cuts the next field that ends at `sep` (or at the end) off *rest; false when
 * nothing is left. "a,,b" gives "a", "", "b"; "" gives nothing.
 */
bool str_next(struct str *rest, char sep, struct str *field);

/* Decimal digits only, whole string, no overflow. */
bool str_to_u64(struct str s, uint64_t *value);
/* A JSON-like number (sign, digits, fraction, exponent), whole string. */
bool str_to_double(struct str s, double *value);
bool str_all_digits(struct str s);
/* Hexadecimal digits in lower case, as AWS writes its ids; one at least. */
bool str_all_hex(struct str s);
/* 8-4-4-4-12 hexadecimal digits of either case, whole string. */
bool str_is_uuid(struct str s);

/*
 * Wildcard match of the whole of s: `*` any run, `?` any one character, `\`
 * takes the meaning of the next character away. O(n * m) at worst, no recursion.
 */
bool str_glob(struct str s, struct str pattern, bool fold);

/* Number of single-character edits between two short names, for hints. */
size_t str_distance(struct str a, struct str b);

#endif /* TRAWL_STR_H */
