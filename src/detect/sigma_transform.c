/* SPDX-License-Identifier: MIT */
#include "detect/sigma_transform.h"

#include "base/attr.h"
#include "base/utf8.h"

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

static struct str utf16(struct arena *a, struct str s, bool big, bool mark)
{
	char *out = arena_alloc(a, s.n * 2 + 4);
	size_t n = 0;

	for (size_t i = mark ? SIZE_MAX : 0; i == SIZE_MAX || i < s.n;) {
		uint32_t unit[2], cp = 0xfeff;
		size_t units = 1;

		if (i == SIZE_MAX) {
			i = 0;
		} else {
			size_t used = utf8_decode(s, i, &cp);

			if (cp == UTF8_INVALID)
				cp = (unsigned char)s.p[i];
			i += used;
		}
		unit[0] = cp;
		if (cp > 0xffff) {
			unit[0] = 0xd800 + ((cp - 0x10000) >> 10);
			unit[1] = 0xdc00 + ((cp - 0x10000) & 0x3ff);
			units = 2;
		}
		for (size_t k = 0; k < units; k++) {
			char high = (char)(unit[k] >> 8 & 0xff);
			char low = (char)(unit[k] & 0xff);

			out[n++] = big ? high : low;
			out[n++] = big ? low : high;
		}
	}
	return (struct str){ out, n };
}

static bool is_word(struct str s, size_t at)
{
	char c = at < s.n ? str_lower(s.p[at]) : ' ';

	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* The first dash at or after `from` that begins an option. */
static size_t find_dash(struct str s, size_t from)
{
	for (size_t i = from; i < s.n; i++)
		if ((s.p[i] == '-' || s.p[i] == '/') && is_word(s, i + 1) &&
		    (i == 0 || !is_word(s, i - 1)))
			return i;
	return SIZE_MAX;
}

static bool windash(struct arena *a, struct str s, struct transformed *out)
{
	static const char *const dashes[] = { "-", "/", "\xe2\x80\x93",
					      "\xe2\x80\x94", "\xe2\x80\x95" };
	/* Values from `begin` on come of s; `done` bytes of them are settled
	 * but for what dashes of more than one byte add. */
	size_t begin = out->n, at;

	if (out->n == TRANSFORM_VALUES)
		return false;
	out->text[out->n++] = s;
	for (at = find_dash(s, 0); at != SIZE_MAX; at = find_dash(s, at + 1)) {
		size_t tail = s.n - at, end = out->n;

		for (size_t i = begin; i < end; i++) {
			struct str v = out->text[i];
			struct str head = str_sub(v, 0, v.n - tail);
			struct str rest = str_from(v, v.n - tail + 1);

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

static bool transform_one(struct arena *a, enum sigma_transform how,
			  struct str s, struct transformed *out)
{
	if (how == TRANSFORM_WINDASH)
		return windash(a, s, out);
	if (out->n + 3 > TRANSFORM_VALUES)
		return false;
	switch (how) {
	case TRANSFORM_BASE64:
		out->text[out->n++] = base64_whole(a, s);
		break;
	case TRANSFORM_BASE64OFFSET:
		for (size_t skip = 0; skip < 3; skip++)
			out->text[out->n++] = base64(a, s, skip);
		break;
	default:
		out->text[out->n++] = utf16(a, s, how == TRANSFORM_UTF16BE,
					    how == TRANSFORM_UTF16);
	}
	return true;
}

bool sigma_transform(struct arena *a, enum sigma_transform how,
		     struct transformed *values)
{
	struct transformed out = { .n = 0 };

	for (size_t i = 0; i < values->n; i++)
		if (!transform_one(a, how, values->text[i], &out))
			return false;
	*values = out;
	return true;
}
