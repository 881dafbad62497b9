/* SPDX-License-Identifier: MIT */
#include "model/imds.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/attr.h"
#include "base/percent.h"

enum { DECODED_TIMES = 3, LONGEST_HOST = 128, PARTS = 4 };

struct str imds_decode(struct arena *arena, struct str text)
{
	return percent_decode(arena, text, DECODED_TIMES);
}

/* Addresses ---------------------------------------------------------------- */

/* A number as inet_aton(3) takes it: 0x in hexadecimal, a zero first in octal,
 * else decimal. */
static bool take_number(struct str *s, uint32_t *out)
{
	unsigned base = 10;
	uint64_t v = 0;
	size_t i = 0;

	if (s->n > 1 && s->p[0] == '0' && str_lower(s->p[1]) == 'x') {
		base = 16;
		i = 2;
	} else if (s->n && s->p[0] == '0') {
		base = 8;
	}
	if (i >= s->n || str_hex(s->p[i]) < 0)
		return false;
	for (; i < s->n; i++) {
		int digit = str_hex(s->p[i]);

		if (digit < 0 || (unsigned)digit >= base)
			break;
		v = v * base + (unsigned)digit;
		/* Some take what overflows for what is left of it. */
		v &= 0xffffffffffu;
	}
	*s = str_from(*s, i);
	*out = (uint32_t)v;
	return true;
}

/* Four parts or fewer, of which the last fills what is left. */
static bool parse_quad(struct str s, uint32_t *out)
{
	uint32_t part[PARTS], v = 0;
	unsigned n = 0;

	for (;;) {
		if (n == PARTS || !take_number(&s, &part[n++]))
			return false;
		if (!s.n || (s.n == 1 && s.p[0] == '.'))
			break;
		if (s.p[0] != '.')
			return false;
		s = str_from(s, 1);
	}
	for (unsigned i = 0; i + 1 < n; i++)
		v |= (part[i] & 0xff) << (24 - 8 * i);
	if (n > 1)
		part[n - 1] &= 0xffffffffu >> (8 * (n - 1));
	*out = v | part[n - 1];
	return true;
}

static const char *of_quad(uint32_t address)
{
	switch (address) {
	case 0xa9fea9fe:
		return "169.254.169.254";
	case 0xa9feaa02:
		return "169.254.170.2";
	case 0xa9feaa17:
		return "169.254.170.23";
	default:
		return NULL;
	}
}

static const char *of_ipv6(struct str s)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const unsigned char nat64[12] = { 0, 0x64, 0xff, 0x9b };
	static const unsigned char empty[12] = { 0 };
	static const unsigned char ec2[14] = { 0xfd, 0, 0x0e, 0xc2 };
	char text[LONGEST_HOST];
	unsigned char a[16];
	uint32_t quad;

	if (s.n >= sizeof(text))
		return NULL;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (inet_pton(AF_INET6, text, a) != 1)
		return NULL;
	if (memcmp(a, ec2, sizeof(ec2)) == 0)
		return a[14] == 0x02 && a[15] == 0x54 ? "fd00:ec2::254" :
		       a[14] == 0x00 && a[15] == 0x23 ? "fd00:ec2::23" :
							NULL;
	quad = (uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 |
	       (uint32_t)a[14] << 8 | a[15];
	if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0 ||
	    memcmp(a, empty, 12) == 0)
		return of_quad(quad);
	return NULL;
}

/* Names that lead there: EC2's own, and those of services that answer with the
 * address that stands in the name. */
static const char *of_name(struct str s)
{
	static const char *const mirrors[] = { "nip.io", "sslip.io", "xip.io" };
	char dots[] = "169.254.169.254";

	if (str_eq_fold(s, STR("instance-data")) ||
	    str_eq_fold(s, STR("instance-data.ec2.internal")))
		return "169.254.169.254";
	for (size_t i = 0; i < ARRAY_SIZE(mirrors); i++) {
		if (!str_ends_fold(s, str_of(mirrors[i])))
			continue;
		if (str_find(s, str_of(dots), 0) != SIZE_MAX ||
		    str_find(s, STR("169-254-169-254"), 0) != SIZE_MAX ||
		    str_find_fold(s, STR("a9fea9fe"), 0) != SIZE_MAX)
			return "169.254.169.254";
	}
	return NULL;
}

/* Hosts -------------------------------------------------------------------- */

static bool in_host(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '.' || c == '-';
}

/* Full-width and circled digits are digits to some libraries: U+FF10.. and
 * U+2460.., and the full stops U+3002, U+FF0E, U+FF61. Returns the bytes
 * passed, or 0. */
static size_t plain_of(struct str s, char *out)
{
	const unsigned char *b = (const unsigned char *)s.p;

	if (s.n < 3)
		return 0;
	if (b[0] == 0xef && b[1] == 0xbc && b[2] >= 0x90 && b[2] <= 0x99)
		*out = (char)('0' + b[2] - 0x90);
	else if (b[0] == 0xe2 && b[1] == 0x91 && b[2] >= 0xa0 && b[2] <= 0xa8)
		*out = (char)('1' + b[2] - 0xa0);
	else if (b[0] == 0xe2 && b[1] == 0x93 && b[2] == 0xaa)
		*out = '0';
	else if ((b[0] == 0xe3 && b[1] == 0x80 && b[2] == 0x82) ||
		 (b[0] == 0xef && b[1] == 0xbc && b[2] == 0x8e) ||
		 (b[0] == 0xef && b[1] == 0xbd && b[2] == 0xa1))
		*out = '.';
	else
		return 0;
	return 3;
}

/* A host at the beginning of a text, spelled with plain digits; returns the
 * bytes that it takes there. */
static size_t take_host(struct str text, char *host, size_t *n)
{
	size_t at = 0;

	*n = 0;
	while (at < text.n) {
		size_t wide = 0;
		char c = text.p[at];

		if (!in_host(c)) {
			wide = plain_of(str_from(text, at), &c);
			if (!wide)
				break;
		}
		at += wide ? wide : 1;
		if (*n < LONGEST_HOST)
			host[(*n)++] = c;
		else
			*n = LONGEST_HOST + 1;
	}
	if (*n > LONGEST_HOST)
		*n = 0;
	return at;
}

const char *imds_named(struct str text)
{
	char host[LONGEST_HOST + 1];
	const char *found = NULL;
	uint32_t quad;

	for (size_t at = 0; at < text.n && !found;) {
		struct str rest = str_from(text, at);
		size_t n, taken;

		if (rest.p[0] == '[') {
			size_t end = str_find_char(
				str_sub(rest, 0, LONGEST_HOST), ']', 0);

			if (end != SIZE_MAX)
				found = of_ipv6(str_sub(rest, 1, end));
			at++;
			continue;
		}
		taken = take_host(rest, host, &n);
		if (n >= 8) { /* the shortest spelling is one number */
			struct str s = { host, n };

			found = parse_quad(s, &quad) ? of_quad(quad) : NULL;
			if (!found)
				found = of_name(s);
		}
		at += taken ? taken : 1;
	}
	return found;
}
