/* SPDX-License-Identifier: MIT */
#include "keys.h"

#include <stdio.h>

#include "base/attr.h"
#include "base/utf8.h"
#include "command/key.h"

static const struct {
	key_code key;
	const char *name;  /* of the capability */
	const char *bytes; /* where the terminal has none */
} special[] = {
	{ KEYC_UP, "kcuu1", "\x1b[A" },
	{ KEYC_DOWN, "kcud1", "\x1b[B" },
	{ KEYC_RIGHT, "kcuf1", "\x1b[C" },
	{ KEYC_LEFT, "kcub1", "\x1b[D" },
	{ KEYC_HOME, "khome", "\x1b[H" },
	{ KEYC_END, "kend", "\x1b[F" },
	{ KEYC_PGUP, "kpp", "\x1b[5~" },
	{ KEYC_PGDN, "knp", "\x1b[6~" },
	{ KEYC_BACKTAB, "kcbt", "\x1b[Z" },
	{ KEYC_DELETE, "kdch1", "\x1b[3~" },
	{ KEYC_INSERT, "kich1", "\x1b[2~" },
	{ KEYC_TAB, "", "\t" },
	{ KEYC_ENTER, "", "\r" },
	{ KEYC_ESC, "", "\x1b" },
	{ KEYC_BACKSPACE, "", "\x7f" },
};

static bool add_key(struct raw_term *t, key_code key, struct strbuf *out)
{
	char name[8];

	for (size_t i = 0; i < ARRAY_SIZE(special); i++) {
		struct str bytes;

		if (special[i].key != key)
			continue;
		bytes = t ? raw_capability(t, special[i].name) : STR_NULL;
		strbuf_add(out, bytes.n ? bytes : str_of(special[i].bytes));
		return true;
	}
	if (key >= KEYC_F1 && key <= KEYC_F20) {
		struct str bytes;

		snprintf(name, sizeof(name), "kf%u",
			 (unsigned)(key - KEYC_F1) + 1);
		bytes = t ? raw_capability(t, name) : STR_NULL;
		strbuf_add(out, bytes);
		return bytes.n > 0;
	}
	if (key < 0x110000) {
		char bytes[4];

		strbuf_add(out, (struct str){ bytes, utf8_encode(key, bytes) });
		return true;
	}
	return false;
}

/* What stands between angle brackets: a name, and a count behind a star. */
static bool add_name(struct raw_term *t, struct str name, struct strbuf *out)
{
	size_t star = str_find_last(name, '*');
	uint64_t times = 1;
	key_code key;

	if (star != SIZE_MAX && star > 0 &&
	    str_to_u64(str_from(name, star + 1), &times))
		name = str_sub(name, 0, star);
	if (!key_parse(name, &key))
		return false;
	while (times--)
		if (!add_key(t, key, out))
			return false;
	return true;
}

bool keys_to_bytes(struct raw_term *t, struct str keys, struct strbuf *out,
		   struct strbuf *why)
{
	for (size_t i = 0; i < keys.n;) {
		size_t end = i + 1;
		bool known = true;

		if (keys.p[i] == '<') {
			/* At least one character, so that <<> and <>> work. */
			end = str_find_char(keys, '>', i + 2);
			known = end != SIZE_MAX &&
				add_name(t, str_sub(keys, i + 1, end), out);
			end++;
		} else if (keys.p[i] == '^' && i + 1 < keys.n) {
			end = i + 2;
			known = add_name(t, str_sub(keys, i, end), out);
		} else {
			strbuf_addc(out, keys.p[i]);
		}
		if (!known) {
			strbuf_addf(why, "no such key at \"%.*s\"",
				    STR_ARG(str_from(keys, i)));
			return false;
		}
		i = end;
	}
	return true;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = str_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void keys_unescape(struct str text, struct strbuf *out)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c != '\\' || i + 1 == text.n) {
			strbuf_addc(out, c);
			continue;
		}
		c = text.p[++i];
		if (c == 'x' && i + 2 < text.n && hex(text.p[i + 1]) >= 0 &&
		    hex(text.p[i + 2]) >= 0) {
			strbuf_addc(out, (char)(hex(text.p[i + 1]) * 16 +
						hex(text.p[i + 2])));
			i += 2;
		} else {
			strbuf_addc(out, c == 'e' ? '\x1b' :
					 c == 'n' ? '\n' :
					 c == 'r' ? '\r' :
					 c == 't' ? '\t' :
						    c);
		}
	}
}
