/* SPDX-License-Identifier: MIT */
#include "ui/term/input.h"

#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/mem.h"
#include "base/unicode.h"
#include "base/utf8.h"

#define ESC '\x1b'

/* Takes the place of a key while text is being pasted; never goes out. */
#define KEYC_PASTE_START (KEYC_HANGUP + 1)

/* What terminals of the ANSI family send, whatever their description says:
 * cursor keys in both modes, editing keys, function keys. */
static const struct {
	const char *bytes;
	key_code key;
} known[] = {
	{ "\x1b[A", KEYC_UP },        { "\x1b[B", KEYC_DOWN },
	{ "\x1b[C", KEYC_RIGHT },     { "\x1b[D", KEYC_LEFT },
	{ "\x1bOA", KEYC_UP },        { "\x1bOB", KEYC_DOWN },
	{ "\x1bOC", KEYC_RIGHT },     { "\x1bOD", KEYC_LEFT },
	{ "\x1b[H", KEYC_HOME },      { "\x1b[F", KEYC_END },
	{ "\x1bOH", KEYC_HOME },      { "\x1bOF", KEYC_END },
	{ "\x1b[1~", KEYC_HOME },     { "\x1b[4~", KEYC_END },
	{ "\x1b[7~", KEYC_HOME },     { "\x1b[8~", KEYC_END },
	{ "\x1b[2~", KEYC_INSERT },   { "\x1b[3~", KEYC_DELETE },
	{ "\x1b[5~", KEYC_PGUP },     { "\x1b[6~", KEYC_PGDN },
	{ "\x1b[Z", KEYC_BACKTAB },   { "\x1bOM", KEYC_ENTER },
	{ "\x1bOP", KEYC_F1 },        { "\x1bOQ", KEYC_F1 + 1 },
	{ "\x1bOR", KEYC_F1 + 2 },    { "\x1bOS", KEYC_F1 + 3 },
	{ "\x1b[11~", KEYC_F1 },      { "\x1b[12~", KEYC_F1 + 1 },
	{ "\x1b[13~", KEYC_F1 + 2 },  { "\x1b[14~", KEYC_F1 + 3 },
	{ "\x1b[15~", KEYC_F1 + 4 },  { "\x1b[17~", KEYC_F1 + 5 },
	{ "\x1b[18~", KEYC_F1 + 6 },  { "\x1b[19~", KEYC_F1 + 7 },
	{ "\x1b[20~", KEYC_F1 + 8 },  { "\x1b[21~", KEYC_F1 + 9 },
	{ "\x1b[23~", KEYC_F1 + 10 }, { "\x1b[24~", KEYC_F1 + 11 },
	{ "\x1b[[A", KEYC_F1 },       { "\x1b[[B", KEYC_F1 + 1 },
	{ "\x1b[[C", KEYC_F1 + 2 },   { "\x1b[[D", KEYC_F1 + 3 },
	{ "\x1b[[E", KEYC_F1 + 4 },
};

/* Setting up ------------------------------------------------------------ */

void input_init(struct input *in)
{
	*in = (struct input){ .esc_delay = INPUT_ESC_DELAY };
	strbuf_init(&in->bytes);
	strbuf_init_max(&in->paste, INPUT_PASTE_MAX);
}

void input_release(struct input *in)
{
	free(in->bound);
	strbuf_release(&in->bytes);
	strbuf_release(&in->paste);
	*in = (struct input){ .bound = NULL };
}

void input_set_esc_delay(struct input *in, unsigned ms)
{
	in->esc_delay = ms;
}

void input_set_mouse(struct input *in, bool on)
{
	in->mouse = on;
}

void input_bind(struct input *in, const char *sequence, key_code key)
{
	size_t n = sequence ? strlen(sequence) : 0;
	struct input_sequence *s;

	if (n < 2 || n > INPUT_SEQUENCE_MAX || sequence[0] != ESC)
		return;
	for (size_t i = 0; i < in->bound_n; i++)
		if (in->bound[i].n == n &&
		    memcmp(in->bound[i].bytes, sequence, n) == 0)
			return;
	in->bound = mem_grow(in->bound, &in->bound_cap, in->bound_n + 1,
			     sizeof(*in->bound));
	s = &in->bound[in->bound_n++];
	memcpy(s->bytes, sequence, n);
	s->n = (uint8_t)n;
	s->key = key;
}

void input_bind_paste(struct input *in, const char *start, const char *end)
{
	if (!start || !end || !*end || strlen(end) >= sizeof(in->paste_end))
		return;
	input_bind(in, start, KEYC_PASTE_START);
	memcpy(in->paste_end, end, strlen(end) + 1);
}

/* Bytes ----------------------------------------------------------------- */

static struct str pending(const struct input *in)
{
	return str_from(strbuf_str(&in->bytes), in->at);
}

static void take(struct input *in, size_t n)
{
	in->at += n;
	in->ghost = false;
	if (in->at == in->bytes.n) {
		strbuf_clear(&in->bytes);
		in->at = 0;
	}
}

void input_feed(struct input *in, const char *p, size_t n, uint64_t now)
{
	static const char esc = ESC;

	if (!n)
		return;
	if (in->after_esc && !pending(in).n && (*p == '[' || *p == 'O') &&
	    now - in->esc_ms <= INPUT_TAIL_MS) {
		/* The tail of what the Esc began: put its head back. */
		strbuf_add(&in->bytes, (struct str){ &esc, 1 });
		in->ghost = true;
	}
	in->after_esc = false;
	in->last_ms = now;
	if (in->at) {
		memmove(in->bytes.p, in->bytes.p + in->at,
			in->bytes.n - in->at);
		strbuf_truncate(&in->bytes, in->bytes.n - in->at);
		in->at = 0;
	}
	strbuf_add(&in->bytes, (struct str){ p, n });
}

/* Sequences ------------------------------------------------------------- */

enum shape {
	SHAPE_KEY,     /* stands for a key */
	SHAPE_UNKNOWN, /* a whole sequence that stands for none */
	SHAPE_PARTIAL, /* may become one of these */
	SHAPE_NONE,    /* Esc, and something else */
};

static void try_sequence(struct str s, const char *bytes, size_t n,
			 key_code key, size_t *length, key_code *found,
			 bool *partial)
{
	if (s.n < n) {
		if (memcmp(s.p, bytes, s.n) == 0)
			*partial = true;
	} else if (n > *length && memcmp(s.p, bytes, n) == 0) {
		*length = n;
		*found = key;
	}
}

/* The longest sequence that s begins with. */
static enum shape match(const struct input *in, struct str s, size_t *length,
			key_code *key)
{
	bool partial = false;

	*length = 0;
	for (size_t i = 0; i < in->bound_n; i++)
		try_sequence(s, in->bound[i].bytes, in->bound[i].n,
			     in->bound[i].key, length, key, &partial);
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		try_sequence(s, known[i].bytes, strlen(known[i].bytes),
			     known[i].key, length, key, &partial);
	if (*length)
		return SHAPE_KEY;
	return partial ? SHAPE_PARTIAL : SHAPE_NONE;
}

/* "\e[", parameters, one final byte; or "\eO", digits, one final byte. */
static enum shape csi(struct str s, size_t *length)
{
	size_t i = 2;

	while (i < s.n && i < INPUT_SEQUENCE_MAX &&
	       (unsigned char)s.p[i] >= 0x20 && (unsigned char)s.p[i] < 0x40)
		i++;
	if (i == s.n && i < INPUT_SEQUENCE_MAX)
		return SHAPE_PARTIAL;
	/* "[" or "O" and at once a control key: all three were typed. */
	if (i == 2 && (unsigned char)s.p[i] < 0x20 && s.p[i] != ESC)
		return SHAPE_NONE;
	/* A byte that has no place here ends it, and is looked at by itself. */
	*length = i;
	if (i < s.n && (unsigned char)s.p[i] >= 0x40 &&
	    (unsigned char)s.p[i] < 0x7f)
		*length = i + 1;
	return SHAPE_UNKNOWN;
}

/* "\e]" or "\eP", text, and BEL or "\e\\": an answer to a question that some
 * other program asked. */
static enum shape answer(struct str s, size_t *length)
{
	if (s.n == 2)
		return SHAPE_PARTIAL;
	if (s.p[1] == ']' ? !(s.p[2] >= '0' && s.p[2] <= '9') :
			    !strchr("0123456789$+>!", s.p[2]))
		return SHAPE_NONE;
	for (size_t i = 3; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '\a' || (c == '\\' && s.p[i - 1] == ESC)) {
			*length = i + 1;
			return SHAPE_UNKNOWN;
		}
		if ((c < 0x20 && c != ESC) || i > 4096)
			return SHAPE_NONE;
	}
	return SHAPE_PARTIAL;
}

/* What a report says: bits 2 to 4 of the button are Shift, Alt and Control. */
static enum shape mouse_act(struct input *in, unsigned button, int row, int col,
			    bool released, key_code *key)
{
	static const struct {
		unsigned button;
		enum mouse_act act;
	} acts[] = { { 0, MOUSE_CLICK },
		     { 64, MOUSE_WHEEL_UP },
		     { 65, MOUSE_WHEEL_DOWN } };

	for (size_t i = 0; i < ARRAY_SIZE(acts) && !released; i++)
		if (acts[i].button == (button & ~28u) && row >= 0 && col >= 0) {
			in->clicked = (struct mouse){ acts[i].act, row, col };
			*key = KEYC_MOUSE;
			return SHAPE_KEY;
		}
	return SHAPE_UNKNOWN;
}

/* "\e[M", the button and 32, column and 33, row and 33. */
static enum shape old_report(struct input *in, struct str s, size_t *length,
			     key_code *key)
{
	const unsigned char *b = (const unsigned char *)s.p;

	if (s.n < 6)
		return SHAPE_PARTIAL;
	*length = 6;
	return mouse_act(in, (b[3] - 32u) & 0xff, b[5] - 33, b[4] - 33,
			 (b[3] & 3) == 3, key);
}

/* "\e[<", button, column and row from 1, "M" or for a release "m". */
static enum shape report(struct input *in, struct str s, size_t *length,
			 key_code *key)
{
	unsigned n[3] = { 0 };
	size_t i = 3, field = 0;

	for (; i < s.n && i < INPUT_SEQUENCE_MAX; i++) {
		if (s.p[i] == ';' && field < 2)
			field++;
		else if (s.p[i] >= '0' && s.p[i] <= '9' && n[field] < 10000)
			n[field] = n[field] * 10 + (unsigned)(s.p[i] - '0');
		else
			break;
	}
	if (i == s.n && i < INPUT_SEQUENCE_MAX)
		return SHAPE_PARTIAL;
	if (i == INPUT_SEQUENCE_MAX || field < 2 ||
	    (s.p[i] != 'M' && s.p[i] != 'm'))
		return SHAPE_NONE;
	*length = i + 1;
	return mouse_act(in, n[0], (int)n[2] - 1, (int)n[1] - 1, s.p[i] == 'm',
			 key);
}

/* What the pending bytes, which begin with Esc, are. */
static enum shape look(struct input *in, struct str s, size_t *length,
		       key_code *key)
{
	enum shape shape;

	if (s.n == 1)
		return SHAPE_PARTIAL;
	if (in->mouse && s.n > 2 && s.p[1] == '[' && s.p[2] == 'M')
		return old_report(in, s, length, key);
	if (in->mouse && s.n > 2 && s.p[1] == '[' && s.p[2] == '<') {
		shape = report(in, s, length, key);
		if (shape != SHAPE_NONE)
			return shape;
	}
	shape = match(in, s, length, key);
	if (shape != SHAPE_NONE)
		return shape;
	switch (s.p[1]) {
	case '[':
	case 'O':
		return csi(s, length);
	case ']':
	case 'P':
		return answer(s, length);
	default:
		return SHAPE_NONE;
	}
}

/* When a sequence that is not complete stops being waited for. */
static uint64_t patience(const struct input *in)
{
	uint64_t until = in->last_ms + in->esc_delay;

	if (in->ghost && in->esc_ms + INPUT_TAIL_MS > until)
		until = in->esc_ms + INPUT_TAIL_MS;
	return until;
}

/* The bytes begin with an Esc. False: no key yet, or nothing came of it; the
 * caller sees which by whether there is still something pending. */
static bool next_escape(struct input *in, uint64_t now, key_code *key)
{
	struct str s = pending(in);
	size_t length = 0;
	enum shape shape = look(in, s, &length, key);

	if (shape == SHAPE_KEY || shape == SHAPE_UNKNOWN) {
		take(in, length);
		return shape == SHAPE_KEY;
	}
	if (shape == SHAPE_PARTIAL && now < patience(in))
		return false;
	if (in->ghost) {
		/* The Esc is out. One character was typed; more is debris. */
		bool typed = shape == SHAPE_NONE || s.n == 2;

		*key = (key_code)s.p[1];
		take(in, typed ? 2 : s.n);
		return typed;
	}
	if (shape == SHAPE_PARTIAL && s.n > 3 && s.p[1] != '[' &&
	    s.p[1] != 'O') {
		take(in, s.n); /* an answer that broke off */
		return false;
	}
	*key = KEYC_ESC;
	in->esc_ms = now;
	if (s.n == 1) {
		take(in, 1);
		in->after_esc = true;
	} else if (shape == SHAPE_PARTIAL && (s.p[1] == '[' || s.p[1] == 'O')) {
		in->ghost = true;
	} else {
		take(in, 1);
	}
	return true;
}

/* Characters ------------------------------------------------------------ */

static key_code control_key(unsigned char c)
{
	switch (c) {
	case '\0':
		return KEYC_NONE;
	case '\t':
		return KEYC_TAB;
	case '\r':
	case '\n':
		return KEYC_ENTER;
	case '\b':
	case 0x7f:
		return KEYC_BACKSPACE;
	default:
		return c;
	}
}

/* Bytes that a character takes which begins with c. */
static size_t utf8_length(unsigned char c)
{
	if (c >= 0xf0 && c <= 0xf4)
		return 4;
	if (c >= 0xe0 && c < 0xf0)
		return 3;
	return c >= 0xc2 && c < 0xe0 ? 2 : 1;
}

/* A character, or nothing for a byte that is part of none. */
static bool next_character(struct input *in, uint64_t now, key_code *key)
{
	struct str s = pending(in);
	unsigned char c = (unsigned char)s.p[0];
	uint32_t cp;
	size_t n;

	if (c < 0x20 || c == 0x7f) {
		take(in, 1);
		*key = control_key(c);
		return *key != KEYC_NONE;
	}
	n = utf8_decode(s, 0, &cp);
	if (cp == UTF8_INVALID && s.n < utf8_length(c) &&
	    now < in->last_ms + in->esc_delay)
		return false;
	take(in, n);
	*key = cp;
	return cp != UTF8_INVALID && unicode_class(cp) != UNICODE_CONTROL;
}

/* True while an unfinished character may still be finished. */
static bool waits_for_character(const struct input *in)
{
	struct str s = pending(in);
	uint32_t cp;

	if (!s.n || (unsigned char)s.p[0] < 0x80)
		return false;
	utf8_decode(s, 0, &cp);
	return cp == UTF8_INVALID && s.n < utf8_length((unsigned char)s.p[0]);
}

/* Paste ----------------------------------------------------------------- */

/* Moves what is certainly pasted text to `paste`; true at its end. */
static bool next_paste(struct input *in, uint64_t now)
{
	struct str s = pending(in), end = str_of(in->paste_end);
	size_t at = str_find(s, end, 0), keep = 0;

	if (at != SIZE_MAX) {
		strbuf_add(&in->paste, str_sub(s, 0, at));
		take(in, at + end.n);
		return true;
	}
	if (now >= in->last_ms + INPUT_PASTE_MS) {
		strbuf_add(&in->paste, s);
		take(in, s.n);
		return true;
	}
	/* The end mark may be cut in two; its first part stays pending. */
	for (keep = s.n < end.n - 1 ? s.n : end.n - 1; keep; keep--)
		if (memcmp(s.p + s.n - keep, end.p, keep) == 0)
			break;
	strbuf_add(&in->paste, str_sub(s, 0, s.n - keep));
	take(in, s.n - keep);
	return false;
}

bool input_next(struct input *in, uint64_t now, key_code *key, struct str *text)
{
	*text = STR_NULL;
	for (;;) {
		size_t before = pending(in).n;
		bool found;

		if (in->pasting) {
			if (!next_paste(in, now))
				return false;
			in->pasting = false;
			*key = KEYC_PASTE;
			*text = strbuf_str(&in->paste);
			return true;
		}
		if (!before)
			return false;
		if (pending(in).p[0] == ESC)
			found = next_escape(in, now, key);
		else
			found = next_character(in, now, key);
		if (found && *key == KEYC_PASTE_START) {
			strbuf_clear(&in->paste);
			in->pasting = true;
			continue;
		}
		if (found)
			return true;
		if (pending(in).n == before)
			return false;
	}
}

int input_wait(const struct input *in, uint64_t now)
{
	struct str s = pending(in);
	uint64_t until;

	if (in->pasting)
		until = in->last_ms + INPUT_PASTE_MS;
	else if (s.n && s.p[0] == ESC)
		until = patience(in);
	else if (waits_for_character(in))
		until = in->last_ms + in->esc_delay;
	else
		return s.n ? 0 : -1;
	return until > now ? (int)(until - now) : 0;
}
