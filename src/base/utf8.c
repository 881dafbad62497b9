/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

static bool continues(struct str s, size_t at)
{
	return at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80;
}

size_t utf8_decode(struct str s, size_t at, uint32_t *cp)
{
	unsigned char c = (unsigned char)s.p[at];
	uint32_t value, least;
	size_t more;

	if (c < 0x80) {
		*cp = c;
		return 1;
	}
	*cp = UTF8_INVALID;
	if (c >= 0xc2 && c <= 0xdf) {
		value = c & 0x1fu;
		least = 0x80;
		more = 1;
	} else if ((c & 0xf0) == 0xe0) {
		value = c & 0x0fu;
		least = 0x800;
		more = 2;
	} else if (c >= 0xf0 && c <= 0xf4) {
		value = c & 0x07u;
		least = 0x10000;
		more = 3;
	} else {
		return 1;
	}
	for (size_t i = 1; i <= more; i++) {
		if (!continues(s, at + i))
			return 1;
		value = value << 6 | ((unsigned char)s.p[at + i] & 0x3fu);
	}
	if (value < least || value > 0x10ffff ||
	    (value >= 0xd800 && value <= 0xdfff))
		return 1;
	*cp = value;
	return more + 1;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | (cp >> 18 & 0x07));
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

bool utf8_valid(struct str s)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t cp;

		if ((unsigned char)s.p[i] < 0x80) {
			i++;
			continue;
		}
		i += utf8_decode(s, i, &cp);
		if (cp == UTF8_INVALID)
			return false;
	}
	return true;
}

bool utf8_surrogate(struct str s, size_t at, uint32_t *cp)
{
	unsigned char b;

	if (at + 2 >= s.n || (unsigned char)s.p[at] != 0xed)
		return false;
	b = (unsigned char)s.p[at + 1];
	if (b < 0xa0 || b > 0xbf || !continues(s, at + 2))
		return false;
	*cp = 0xd000u | (uint32_t)(b & 0x3f) << 6 |
	      ((unsigned char)s.p[at + 2] & 0x3fu);
	return true;
}
