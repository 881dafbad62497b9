/* SPDX-License-Identifier: MIT */
#include "base/base64.h"

#include <stdint.h>

/* The value of a digit, or -1. */
static int digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	if (c == '/' || c == '_')
		return 63;
	return -1;
}

bool base64_decode(struct arena *a, struct str text, struct str *out)
{
	char *to = arena_alloc(a, text.n / 4 * 3 + 3);
	size_t n = 0, at = 0;
	unsigned have = 0; /* bits in `bits` */
	uint32_t bits = 0;

	*out = STR_NULL;
	for (; at < text.n && text.p[at] != '='; at++) {
		int d;

		if (text.p[at] == '\n' || text.p[at] == '\r')
			continue;
		d = digit(text.p[at]);
		if (d < 0)
			return false;
		bits = bits << 6 | (uint32_t)d;
		have += 6;
		if (have >= 8) {
			have -= 8;
			to[n++] = (char)(bits >> have & 0xff);
		}
	}
	for (; at < text.n; at++)
		if (text.p[at] != '=' && text.p[at] != '\n' &&
		    text.p[at] != '\r')
			return false;
	/* One digit alone is no byte. */
	if (have == 6)
		return false;
	*out = (struct str){ to, n };
	return true;
}
