/* SPDX-License-Identifier: MIT */
#include "detect/sigma_transform.h"

#include "base/attr.h"
#include "base/utf8.h"
#include "query/pattern.h"

static const struct {
	const char *name;
	enum sigma_transform how;
} transforms[] = {
	{ "base64", TRANSFORM_BASE64 },
	{ "base64offset", TRANSFORM_BASE64OFFSET },
	{ "wide", TRANSFORM_UTF16LE },
	{ "utf16le", TRANSFORM_UTF16LE },
	{ "utf16be", TRANSFORM_UTF16BE },
	{ "utf16", TRANSFORM_UTF16 },
	{ "windash", TRANSFORM_WINDASH },
};

bool sigma_transform_find(struct str name, enum sigma_transform *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(transforms); i++)
		if (str_eq_fold(name, str_of(transforms[i].name))) {
			*out = transforms[i].how;
			return true;
		}
	return false;
}

/* `skip` bytes before s are unknown: the characters that they have a share in
 * are left out, and so are those that the bytes after s would change. */
static struct str base64(struct arena *a, struct str s, size_t skip)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789+/";
	size_t bytes = s.n + skip, n = 0, from, to;
	char *out = arena_alloc(a, bytes / 3 * 4 + 8);

	for (size_t i = 0; i < bytes; i += 3) {
		uint32_t v = 0;

		for (size_t k = 0; k < 3; k++) {
			size_t at = i + k;

			v <<= 8;
			if (at >= skip && at < bytes)
				v |= (unsigned char)s.p[at - skip];
		}
		for (unsigned k = 0; k < 4; k++)
			out[n++] = digits[v >> (18 - 6 * k) & 63];
	}
	from = skip == 0 ? 0 : skip + 1;
	to = n;
	if (bytes % 3)
		to -= 4 - bytes % 3;
	return str_sub((struct str){ out, n }, from, to);
}

/* As it is, padded. */
static struct str base64_whole(struct arena *a, struct str s)
{
	struct str text = base64(a, s, 0);

	/* What the cut took away is a last character and the padding. */
	if (s.n % 3 == 0)
		return text;
	text.n += 1;
	return arena_join(a, text, s.n % 3 == 1 ? STR("==") : STR("="));
}

struct units {
	char *out;
	size_t n;
	bool big;
};

static void add_unit(struct units *u, uint32_t unit)
{
	char high = (char)(unit >> 8 & 0xff), low = (char)(unit & 0xff);

	u->out[u->n++] = u->big ? high : low;
	u->out[u->n++] = u->big ? low : high;
}

static void add_character(struct units *u, uint32_t cp)
{
	if (cp > 0xffff) {
		add_unit(u, 0xd800 + ((cp - 0x10000) >> 10));
		add_unit(u, 0xdc00 + ((cp - 0x10000) & 0x3ff));
	} else {
		add_unit(u, cp);
	}
}

/* A text without wildcards. */
static struct str utf16_text(struct arena *a, struct str s, bool big)
{
	struct units u = { arena_alloc(a, s.n * 4 + 1), 0, big };

	for (size_t i = 0; i < s.n;) {
		uint32_t cp;
		size_t used = utf8_decode(s, i, &cp);

		add_character(&u,
			      cp == UTF8_INVALID ? (unsigned char)s.p[i] : cp);
		i += used;
	}
	return (struct str){ u.out, u.n };
}

/* A pattern; its wildcards stay what they are. */
static struct str utf16(struct arena *a, struct str s, bool big, bool mark)
{
	struct str out = mark ? STR("\xff\xfe") : STR_NULL;
	size_t from = 0;

	for (size_t i = 0; i <= s.n; i++) {
		bool end = i == s.n,
		     wild = !end && (s.p[i] == '*' || s.p[i] == '?');

		if (end || wild) {
			struct str run = pattern_text(a, str_sub(s, from, i));

			out = arena_join(
				a, out,
				pattern_of_text(a, utf16_text(a, run, big)));
		}
		if (wild)
			out = arena_join(a, out, str_sub(s, i, i + 1));
		if (wild)
			from = i + 1;
		if (!end && s.p[i] == '\\')
			i++; /* what it escapes is no wildcard */
	}
	return out;
}

static bool is_word(struct str s, size_t at)
{
	char c = at < s.n ? str_lower(s.p[at]) : ' ';

	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Bytes of a dash at a place, 0 for none: - / and the three of Unicode. */
static size_t dash_at(struct str s, size_t at)
{
	if (s.p[at] == '-' || s.p[at] == '/')
		return 1;
	if (at + 2 < s.n && s.p[at] == '\xe2' && s.p[at + 1] == '\x80' &&
	    s.p[at + 2] >= '\x93' && s.p[at + 2] <= '\x95')
		return 3;
	return 0;
}

/* The first dash at or after `from` that begins an option; *n bytes of it. */
static size_t find_dash(struct str s, size_t from, size_t *n)
{
	for (size_t i = from; i < s.n; i++) {
		*n = dash_at(s, i);
		if (*n && is_word(s, i + *n) && (i == 0 || !is_word(s, i - 1)))
			return i;
	}
	return SIZE_MAX;
}

static bool windash(struct arena *a, struct str s, struct transformed *out)
{
	static const char *const dashes[] = { "-", "/", "\xe2\x80\x93",
					      "\xe2\x80\x94", "\xe2\x80\x95" };
	/* Values from `begin` on come of s; what follows the dash in hand is
	 * the same in all of them. */
	size_t begin = out->n, n, at;

	if (out->n == TRANSFORM_VALUES)
		return false;
	out->text[out->n++] = s;
	for (at = find_dash(s, 0, &n); at != SIZE_MAX;
	     at = find_dash(s, at + n, &n)) {
		size_t tail = s.n - at, end = out->n;

		for (size_t i = begin; i < end; i++) {
			struct str v = out->text[i];
			struct str head = str_sub(v, 0, v.n - tail);
			struct str rest = str_from(v, v.n - tail + n);

			for (size_t d = 0; d < ARRAY_SIZE(dashes); d++) {
				struct str made = arena_join(
					a,
					arena_join(a, head, str_of(dashes[d])),
					rest);

				if (d > 0 && out->n == TRANSFORM_VALUES)
					return false;
				if (d == 0)
					out->text[i] = made;
				else
					out->text[out->n++] = made;
			}
		}
	}
	return true;
}

static void encode(struct arena *a, enum sigma_transform how, struct str s,
		   struct transformed *out)
{
	struct str text = pattern_text(a, s);

	switch (how) {
	case TRANSFORM_BASE64:
		out->text[out->n++] = base64_whole(a, text);
		break;
	case TRANSFORM_BASE64OFFSET:
		for (size_t skip = 0; skip < 3; skip++)
			out->text[out->n++] = base64(a, text, skip);
		break;
	default:
		out->text[out->n++] = utf16(a, s, how == TRANSFORM_UTF16BE,
					    how == TRANSFORM_UTF16);
	}
}

const char *sigma_transform(struct arena *a, enum sigma_transform how,
			    struct transformed *values)
{
	bool whole = how == TRANSFORM_BASE64 || how == TRANSFORM_BASE64OFFSET;
	struct transformed out = { .n = 0 };

	for (size_t i = 0; i < values->n; i++) {
		struct str s = values->text[i];

		if (whole && !pattern_is_literal(s))
			return "a value with wildcards cannot be encoded";
		if (how == TRANSFORM_WINDASH ? !windash(a, s, &out) :
					       out.n + 3 > TRANSFORM_VALUES)
			return "too many forms of one value";
		if (how != TRANSFORM_WINDASH)
			encode(a, how, s, &out);
	}
	*values = out;
	return NULL;
}
