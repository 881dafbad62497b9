/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include <stdlib.h>

static bool eq_fold_n(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i] && str_lower(a[i]) != str_lower(b[i]))
			return false;
	return true;
}

bool str_eq_fold(struct str a, struct str b)
{
	return a.n == b.n && eq_fold_n(a.p, b.p, a.n);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n ? memcmp(a.p, b.p, n) : 0;

	if (d)
		return d;
	return a.n < b.n ? -1 : a.n > b.n;
}

int str_cmp_fold(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++) {
		unsigned char x = (unsigned char)str_lower(a.p[i]);
		unsigned char y = (unsigned char)str_lower(b.p[i]);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n &&
	       (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

bool str_starts_fold(struct str s, struct str prefix)
{
	return s.n >= prefix.n && eq_fold_n(s.p, prefix.p, prefix.n);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

bool str_ends_fold(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       str_eq_fold(str_from(s, s.n - suffix.n), suffix);
}

size_t str_find_char(struct str s, char c, size_t from)
{
	const char *hit;

	if (from >= s.n)
		return SIZE_MAX;
	hit = memchr(s.p + from, c, s.n - from);
	return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

size_t str_find_last(struct str s, char c)
{
	for (size_t i = s.n; i-- > 0;)
		if (s.p[i] == c)
			return i;
	return SIZE_MAX;
}

size_t str_find(struct str s, struct str needle, size_t from)
{
	if (needle.n == 0)
		return from <= s.n ? from : SIZE_MAX;
	/* Written so that no sum can wrap: `from` may be SIZE_MAX. */
	while (needle.n <= s.n && from <= s.n - needle.n) {
		from = str_find_char(s, needle.p[0], from);
		if (from == SIZE_MAX || from > s.n - needle.n)
			return SIZE_MAX;
		if (memcmp(s.p + from, needle.p, needle.n) == 0)
			return from;
		from++;
	}
	return SIZE_MAX;
}

size_t str_find_fold(struct str s, struct str needle, size_t from)
{
	char first;

	if (needle.n == 0)
		return from <= s.n ? from : SIZE_MAX;
	if (needle.n > s.n)
		return SIZE_MAX;
	first = str_lower(needle.p[0]);
	for (; from <= s.n - needle.n; from++)
		if (str_lower(s.p[from]) == first &&
		    eq_fold_n(s.p + from, needle.p, needle.n))
			return from;
	return SIZE_MAX;
}

struct str str_from(struct str s, size_t from)
{
	if (from >= s.n)
		return (struct str){ s.p ? s.p + s.n : NULL, 0 };
	return (struct str){ s.p + from, s.n - from };
}

struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to < s.n)
		s.n = to;
	return str_from(s, from);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_chomp(struct str line)
{
	while (line.n &&
	       (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
		line.n--;
	return line;
}

bool str_next(struct str *rest, char sep, struct str *field)
{
	size_t at;

	if (rest->p == NULL || rest->n == 0)
		return false;
	at = str_find_char(*rest, sep, 0);
	if (at == SIZE_MAX) {
		*field = *rest;
		*rest = STR_NULL;
		return true;
	}
	*field = str_sub(*rest, 0, at);
	*rest = str_from(*rest, at + 1);
	return true;
}

bool str_all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

bool str_all_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (str_hex(s.p[i]) < 0 || str_lower(s.p[i]) != s.p[i])
			return false;
	return s.n > 0;
}

bool str_is_uuid(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : str_hex(s.p[i]) < 0)
			return false;
	}
	return true;
}

bool str_to_u64(struct str s, uint64_t *value)
{
	uint64_t v = 0;

	if (!str_all_digits(s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit = (uint64_t)(s.p[i] - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*value = v;
	return true;
}

bool str_to_double(struct str s, double *value)
{
	char buf[64];
	char *end;

	/* strtod alone would also take "inf", "nan" and hexadecimal. */
	if (s.n == 0 || s.n >= sizeof(buf))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("0123456789+-.eE", s.p[i]) || s.p[i] == '\0')
			return false;
	memcpy(buf, s.p, s.n);
	buf[s.n] = '\0';
	*value = strtod(buf, &end);
	return *end == '\0';
}

bool str_glob(struct str s, struct str pattern, bool fold)
{
	size_t i = 0, j = 0;
	size_t star = SIZE_MAX, mark = 0;

	while (i < s.n) {
		size_t step = 1, eaten = 1;
		bool hit = false;

		if (j < pattern.n) {
			char c = pattern.p[j];

			if (c == '*') {
				star = j++;
				mark = i;
				continue;
			}
			if (c == '?') {
				hit = true;
				while (i + eaten < s.n &&
				       (s.p[i + eaten] & 0xc0) == 0x80)
					eaten++;
			} else {
				if (c == '\\' && j + 1 < pattern.n) {
					c = pattern.p[j + 1];
					step = 2;
				}
				hit = s.p[i] == c ||
				      (fold &&
				       str_lower(s.p[i]) == str_lower(c));
			}
		}
		if (hit) {
			i += eaten;
			j += step;
		} else if (star != SIZE_MAX) {
			/* Let the last star swallow one byte more. */
			j = star + 1;
			i = ++mark;
		} else {
			return false;
		}
	}
	while (j < pattern.n && pattern.p[j] == '*')
		j++;
	return j == pattern.n;
}

size_t str_distance(struct str a, struct str b)
{
	enum { MAX = 40 };
	size_t row[MAX + 1];

	if (a.n > MAX || b.n > MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t above = row[j];
			bool same = str_lower(a.p[i - 1]) ==
				    str_lower(b.p[j - 1]);
			size_t best = diagonal + (same ? 0 : 1);

			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[b.n];
}
