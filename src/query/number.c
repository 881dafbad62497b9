/* SPDX-License-Identifier: MIT */
#include "query/number.h"

/* Exponents beyond it are all the same: larger than any text is long. */
#define EXPONENT_MAX ((int64_t)1 << 60)

/* Reads "e-12" at *at, or nothing. */
static bool read_exponent(struct str s, size_t *at, int64_t *exponent)
{
	bool negative = false;
	size_t digits;
	int64_t v = 0;

	*exponent = 0;
	if (*at >= s.n || str_lower(s.p[*at]) != 'e')
		return true;
	++*at;
	if (*at < s.n && (s.p[*at] == '+' || s.p[*at] == '-'))
		negative = s.p[(*at)++] == '-';
	for (digits = *at; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9';
	     ++*at)
		if (v < EXPONENT_MAX / 16)
			v = v * 10 + (s.p[*at] - '0');
		else
			v = EXPONENT_MAX;
	*exponent = negative ? -v : v;
	return *at > digits;
}

bool number_parse(struct str s, struct number *out)
{
	size_t at = 0, first = SIZE_MAX, digits = 0, point = SIZE_MAX;
	int64_t exponent, places;
	bool negative = false;

	*out = (struct number){ .sign = 0 };
	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		negative = s.p[at++] == '-';
	for (; at < s.n; at++) {
		char c = s.p[at];

		if (c == '.' && point == SIZE_MAX) {
			point = at;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		digits++;
		if (c != '0' && first == SIZE_MAX)
			first = at;
	}
	if (digits == 0)
		return false;
	if (point == SIZE_MAX)
		point = at;
	out->digits = first == SIZE_MAX ? STR_NULL : str_sub(s, first, at);
	if (!read_exponent(s, &at, &exponent) || at != s.n)
		return false;
	if (first == SIZE_MAX)
		return true;
	out->sign = negative ? -1 : 1;
	places = first < point ? (int64_t)(point - first) :
				 -(int64_t)(first - point - 1);
	out->magnitude = places + exponent;
	return true;
}

/* The digit at *at, stepping over a point; '0' behind the end. */
static char next_digit(struct str s, size_t *at)
{
	if (*at < s.n && s.p[*at] == '.')
		++*at;
	return *at < s.n ? s.p[(*at)++] : '0';
}

static int compare_size(const struct number *a, const struct number *b)
{
	size_t i = 0, j = 0;

	if (a->magnitude != b->magnitude)
		return a->magnitude < b->magnitude ? -1 : 1;
	while (i < a->digits.n || j < b->digits.n) {
		char x = next_digit(a->digits, &i);
		char y = next_digit(b->digits, &j);

		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

int number_compare(const struct number *a, const struct number *b)
{
	if (a->sign != b->sign)
		return a->sign < b->sign ? -1 : 1;
	return a->sign * compare_size(a, b);
}
