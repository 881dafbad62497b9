/* SPDX-License-Identifier: MIT */
#include "raw.h"

#include <stdlib.h>
#include <string.h>

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/unicode.h"
#include "base/utf8.h"

/* Without parameters: allowed as they are. */
static const char *const plain_names[] = {
	"home",  "clear", "el",    "el1",  "ed",    "cr",    "ht",   "cbt",
	"cuu1",  "cud1",  "cuf1",  "cub1", "ind",   "ri",    "il1",  "dl1",
	"ich1",  "dch1",  "smir",  "rmir", "smcup", "rmcup", "smkx", "rmkx",
	"civis", "cnorm", "cvvis", "bold", "dim",   "rev",   "smul", "rmul",
	"smso",  "rmso",  "sgr0",  "op",   "oc",    "enacs", "smam", "rmam",
	"BE",    "BD",    "is2",   "rs2",  "sc",    "rc",
};

/* With one or two numbers. */
static const char *const number_names[] = {
	"cup", "hpa", "vpa", "cuu", "cud", "cuf",  "cub", "csr",
	"ech", "ich", "dch", "il",  "dl",  "indn", "rin",
};

struct raw_term {
	char **plain; /* every sequence that takes no number of the screen */
	size_t n, cap;
	bool sgr[100]; /* numbers that its attributes and colours are made of */
	struct strbuf buffer;
};

/* Capabilities ----------------------------------------------------------- */

static const char *capability(const char *name)
{
	const char *text = tigetstr(name);

	return text == (const char *)-1 ? NULL : text;
}

static void add_unpadded(struct strbuf *b, const char *text)
{
	for (; text && *text; text++) {
		if (text[0] == '$' && text[1] == '<') {
			text = strchr(text, '>');
			if (!text)
				return;
		} else {
			strbuf_addc(b, *text);
		}
	}
}

static void allow(struct raw_term *t, const char *text)
{
	if (!text || !*text)
		return;
	strbuf_clear(&t->buffer);
	add_unpadded(&t->buffer, text);
	if (!t->buffer.n)
		return;
	t->plain = mem_grow(t->plain, &t->cap, t->n + 1, sizeof(*t->plain));
	t->plain[t->n++] = mem_strdup(t->buffer.p);
}

/* Bytes of "\e[", parameters, final byte; 0 when it is not of that shape. */
static size_t csi_length(struct str s)
{
	size_t i = 2;

	if (s.n < 3 || s.p[0] != '\x1b' || s.p[1] != '[')
		return 0;
	while (i < s.n && (unsigned char)s.p[i] >= 0x20 &&
	       (unsigned char)s.p[i] < 0x40)
		i++;
	return i < s.n ? i + 1 : 0;
}

/* The numbers between "\e[" and "m", each of which switches one thing; false
 * for another sequence. `all`: what each has to be among, or NULL. */
static bool each_sgr(struct str s, bool *found, const bool *all)
{
	unsigned number = 0;

	if (s.n < 3 || s.p[0] != '\x1b' || s.p[1] != '[' || s.p[s.n - 1] != 'm')
		return false;
	for (size_t i = 2; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9') {
			number = number * 10 + (unsigned)(s.p[i] - '0');
		} else if (i + 1 < s.n && s.p[i] != ';') {
			return false;
		} else {
			if (all && !all[number])
				return false;
			if (found)
				found[number] = true;
			number = 0;
		}
		if (number >= 100)
			return false;
	}
	return true;
}

static char *expand(const char *text, long a, long b)
{
	return tparm(text, a, b, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
}

/* All that "sgr" can be asked for: nine switches, of which the last is the
 * line-drawing set. */
static void allow_attributes(struct raw_term *t)
{
	const char *sgr = capability("sgr");

	for (int i = 0; sgr && i < 512; i++)
		allow(t, tparm(sgr, (long)(i & 1), (long)(i >> 1 & 1),
			       (long)(i >> 2 & 1), (long)(i >> 3 & 1),
			       (long)(i >> 4 & 1), (long)(i >> 5 & 1),
			       (long)(i >> 6 & 1), (long)(i >> 7 & 1),
			       (long)(i >> 8 & 1)));
}

static void allow_colors(struct raw_term *t)
{
	static const char *const names[] = { "setaf", "setab", "setf", "setb" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (long color = 0; capability(names[i]) && color < 16;
		     color++)
			allow(t, expand(capability(names[i]), color, 0));
}

struct raw_term *raw_open(const char *term)
{
	struct raw_term *t;
	int error;

	if (setupterm(term, 1, &error) == ERR)
		return NULL;
	t = mem_zero(1, sizeof(*t));
	strbuf_init(&t->buffer);
	for (size_t i = 0; i < ARRAY_SIZE(plain_names); i++)
		allow(t, capability(plain_names[i]));
	/* Whether it tells of a mouse. */
	for (long on = 0; on < 2 && capability("XM"); on++)
		allow(t, expand(capability("XM"), on, 0));
	allow_attributes(t);
	allow_colors(t);
	/* "AX" says that these two are known; curses knows them by heart. */
	if (tigetflag("AX") == 1) {
		allow(t, "\x1b[39m");
		allow(t, "\x1b[49m");
	}
	allow(t, "\r");
	allow(t, "\n");
	/* What switches one thing each may be written in one sequence. */
	for (size_t i = 0; i < t->n; i++)
		for (struct str s = str_of(t->plain[i]); s.n;
		     s = str_from(s, 1))
			each_sgr(str_sub(s, 0, csi_length(s)), t->sgr, NULL);
	return t;
}

void raw_close(struct raw_term *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->n; i++)
		free(t->plain[i]);
	free(t->plain);
	strbuf_release(&t->buffer);
	free(t);
	del_curterm(cur_term);
}

struct str raw_capability(struct raw_term *t, const char *name)
{
	strbuf_clear(&t->buffer);
	add_unpadded(&t->buffer, capability(name));
	return strbuf_str(&t->buffer);
}

/* Checking --------------------------------------------------------------- */

/* Bytes of the longest sequence without numbers that s begins with. */
static size_t match_plain(const struct raw_term *t, struct str s)
{
	size_t longest = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct str p = str_of(t->plain[i]);

		if (p.n > longest && str_starts(s, p))
			longest = p.n;
	}
	return longest;
}

/* The numbers in a text, and those beside them: terminals count from 1. */
static size_t numbers_in(struct str s, long *out, size_t max)
{
	size_t n = 0;

	out[n++] = 0;
	for (size_t i = 0; i < s.n && n + 3 <= max; i++) {
		long value = 0;

		if (s.p[i] < '0' || s.p[i] > '9')
			continue;
		while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9' &&
		       value < 100000)
			value = value * 10 + (s.p[i++] - '0');
		out[n++] = value - 1;
		out[n++] = value;
		out[n++] = value + 1;
	}
	return n;
}

static bool ends_as(struct raw_term *t, const char *text, struct str sequence)
{
	strbuf_clear(&t->buffer);
	add_unpadded(&t->buffer, text);
	return str_eq(strbuf_str(&t->buffer), sequence);
}

static bool produces(struct raw_term *t, const char *text, struct str sequence)
{
	long number[16];
	size_t n = numbers_in(sequence, number, ARRAY_SIZE(number));

	for (size_t i = 0; text && i < n; i++)
		for (size_t j = 0; j < n; j++)
			if (ends_as(t, expand(text, number[i], number[j]),
				    sequence))
				return true;
	return false;
}

/* "rep" writes the character itself before the sequence. */
static bool repeats(struct raw_term *t, struct str sequence)
{
	const char *rep = capability("rep");
	long number[16];
	size_t n = numbers_in(sequence, number, ARRAY_SIZE(number));

	for (size_t i = 0; rep && i < n; i++) {
		strbuf_clear(&t->buffer);
		add_unpadded(&t->buffer, expand(rep, 'x', number[i]));
		if (str_eq(str_from(strbuf_str(&t->buffer), 1), sequence))
			return true;
	}
	return false;
}

/* Bytes of a sequence with numbers that the terminal knows, else 0. */
static size_t match_numbers(struct raw_term *t, struct str s)
{
	size_t n = csi_length(s);
	struct str sequence = str_sub(s, 0, n);

	if (!n)
		return 0;
	if (each_sgr(sequence, NULL, t->sgr))
		return n;
	for (size_t i = 0; i < ARRAY_SIZE(number_names); i++) {
		const char *text = capability(number_names[i]);

		/* The padding may come behind it; the last byte comes before
		 * that, and tells most of them apart. */
		if (text && strchr(text, sequence.p[n - 1]) &&
		    produces(t, text, sequence))
			return n;
	}
	return repeats(t, sequence) ? n : 0;
}

bool raw_find_sync(struct str bytes, size_t from, size_t *at, size_t *n,
		   uint64_t *number)
{
	const struct str head = STR("\x1b]2;sync:");
	const struct str tail = STR("\x1b\\");
	size_t end;

	*at = str_find(bytes, head, from);
	if (*at == SIZE_MAX)
		return false;
	end = str_find(bytes, tail, *at + head.n);
	if (end == SIZE_MAX ||
	    !str_to_u64(str_sub(bytes, *at + head.n, end), number))
		return false;
	*n = end + tail.n - *at;
	return true;
}

/* What no terminal's description has: the mark that this driver waits for,
 * and text for the clipboard, of which all bytes are checked. */
static size_t match_own(struct str s)
{
	const struct str clipboard = STR("\x1b]52;c;");
	uint64_t number;
	size_t at, n;

	if (str_starts(s, STR(RAW_FRAME_MARK)))
		return sizeof(RAW_FRAME_MARK) - 1;
	if (raw_find_sync(s, 0, &at, &n, &number) && at == 0)
		return n;
	if (!str_starts(s, clipboard))
		return 0;
	n = clipboard.n;
	while (n < s.n &&
	       (strchr("+/=", s.p[n]) || (s.p[n] >= '0' && s.p[n] <= '9') ||
		(s.p[n] >= 'A' && s.p[n] <= 'Z') ||
		(s.p[n] >= 'a' && s.p[n] <= 'z')))
		n++;
	return str_starts(str_from(s, n), STR("\x1b\\")) ? n + 2 : 0;
}

static size_t match_control(struct raw_term *t, struct str s)
{
	size_t n = match_plain(t, s);

	if (!n)
		n = match_numbers(t, s);
	return n ? n : match_own(s);
}

static bool complain(struct strbuf *why, struct str bytes, size_t at,
		     const char *what)
{
	strbuf_addf(why, "byte %zu: %s: ", at, what);
	raw_escape_tail(str_sub(bytes, at, at + 24), 24, why);
	return false;
}

bool raw_check(struct raw_term *t, struct str bytes, bool ascii,
	       struct strbuf *why)
{
	size_t n;

	for (size_t at = 0; at < bytes.n; at += n) {
		unsigned char c = (unsigned char)bytes.p[at];
		uint32_t cp;

		n = 1;
		if (c < 0x20 || c == 0x7f) {
			n = match_control(t, str_from(bytes, at));
			if (!n)
				return complain(why, bytes, at,
						"no sequence of this terminal");
			continue;
		}
		if (c < 0x7f)
			continue;
		if (ascii)
			return complain(why, bytes, at, "not ASCII");
		n = utf8_decode(bytes, at, &cp);
		if (cp == UTF8_INVALID)
			return complain(why, bytes, at, "not UTF-8");
		switch (unicode_class(cp)) {
		case UNICODE_CONTROL:
			return complain(why, bytes, at, "a C1 control");
		case UNICODE_BIDI:
			return complain(why, bytes, at,
					"a bidirectional control");
		case UNICODE_HIDDEN:
			return complain(why, bytes, at, "invisible");
		case UNICODE_PLAIN:
		case UNICODE_WIDE:
		case UNICODE_COMBINING:
		case UNICODE_RTL:
			break;
		}
	}
	return true;
}

static size_t find_last(struct str s, struct str needle)
{
	size_t found = SIZE_MAX;

	for (size_t at = str_find(s, needle, 0); at != SIZE_MAX;
	     at = str_find(s, needle, at + 1))
		found = at;
	return found;
}

bool raw_is_on(struct raw_term *t, struct str bytes, const char *on,
	       const char *off)
{
	size_t on_at, off_at;
	struct str text = raw_capability(t, on);

	on_at = text.n ? find_last(bytes, text) : SIZE_MAX;
	text = raw_capability(t, off);
	off_at = text.n ? find_last(bytes, text) : SIZE_MAX;
	return on_at != SIZE_MAX && (off_at == SIZE_MAX || off_at < on_at);
}

void raw_escape_tail(struct str bytes, size_t most, struct strbuf *out)
{
	bytes = str_from(bytes, bytes.n > most ? bytes.n - most : 0);
	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];

		if (c == 0x1b)
			strbuf_adds(out, "\\e");
		else if (c >= 0x20 && c < 0x7f)
			strbuf_addc(out, (char)c);
		else
			strbuf_addf(out, "\\x%02x", c);
	}
}
