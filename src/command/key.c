/* SPDX-License-Identifier: MIT */
#include "command/key.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/unicode.h"
#include "base/utf8.h"

static const struct {
	key_code key;
	const char *name;  /* as written */
	const char *alias; /* read as well, or NULL */
} names[] = {
	{ ' ', "Space", "Spc" },
	{ KEYC_UP, "Up", NULL },
	{ KEYC_DOWN, "Down", NULL },
	{ KEYC_LEFT, "Left", NULL },
	{ KEYC_RIGHT, "Right", NULL },
	{ KEYC_HOME, "Home", NULL },
	{ KEYC_END, "End", NULL },
	{ KEYC_PGUP, "PgUp", "PageUp" },
	{ KEYC_PGDN, "PgDn", "PageDown" },
	{ KEYC_TAB, "Tab", "^I" },
	{ KEYC_BACKTAB, "S-Tab", "BackTab" },
	{ KEYC_ENTER, "Enter", "^M" },
	{ KEYC_ENTER, "Enter", "Return" },
	{ KEYC_ENTER, "Enter", "^J" },
	{ KEYC_ESC, "Esc", "^[" },
	{ KEYC_ESC, "Esc", "Escape" },
	{ KEYC_BACKSPACE, "Backspace", "^H" },
	{ KEYC_BACKSPACE, "Backspace", "^?" },
	{ KEYC_DELETE, "Delete", "Del" },
	{ KEYC_INSERT, "Insert", "Ins" },
};

/* The control codes that are keys of their own name. */
static bool is_named_control(key_code key)
{
	return key == KEYC_CTRL('h') || key == KEYC_CTRL('i') ||
	       key == KEYC_CTRL('j') || key == KEYC_CTRL('m') || key == 0x1b;
}

static bool is_control(key_code key)
{
	return key > 0 && key < 0x20 && !is_named_control(key);
}

uint32_t key_text(key_code key)
{
	if (key < 0x20 || key > 0x10ffff)
		return 0;
	switch (unicode_class(key)) {
	case UNICODE_PLAIN:
	case UNICODE_WIDE:
	case UNICODE_RTL:
	case UNICODE_COMBINING:
		return key;
	case UNICODE_CONTROL:
	case UNICODE_BIDI:
	case UNICODE_HIDDEN:
		break;
	}
	return 0;
}

/* A character that can be bound: one that can be seen by itself. */
static bool is_character(key_code key)
{
	return key_text(key) && unicode_class(key) != UNICODE_COMBINING;
}

static bool is_function(key_code key)
{
	return key >= KEYC_F1 && key <= KEYC_F20;
}

static const char *find_name(key_code key)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].key == key)
			return names[i].name;
	return NULL;
}

static bool parse_name(struct str name, key_code *key)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (str_eq_fold(name, str_of(names[i].name)) ||
		    (names[i].alias &&
		     str_eq_fold(name, str_of(names[i].alias)))) {
			*key = names[i].key;
			return true;
		}
	}
	return false;
}

static bool parse_function(struct str name, key_code *key)
{
	uint64_t n;

	if (name.n < 2 || str_lower(name.p[0]) != 'f' || name.p[1] == '0' ||
	    !str_to_u64(str_from(name, 1), &n) || n < 1 || n > 20)
		return false;
	*key = KEYC_F1 + (key_code)(n - 1);
	return true;
}

static bool parse_control(struct str name, key_code *key)
{
	char c;

	if (name.n != 2 || name.p[0] != '^')
		return false;
	c = str_lower(name.p[1]);
	if (!(c >= 'a' && c <= 'z') && !memchr("\\]^_", c, 4))
		return false;
	if (!is_control(KEYC_CTRL(c)))
		return false;
	*key = KEYC_CTRL(c);
	return true;
}

static bool parse_character(struct str name, key_code *key)
{
	uint32_t cp;

	if (!name.n || utf8_decode(name, 0, &cp) != name.n ||
	    cp == UTF8_INVALID || !is_character(cp))
		return false;
	*key = cp;
	return true;
}

bool key_parse(struct str name, key_code *key)
{
	return parse_character(name, key) || parse_name(name, key) ||
	       parse_control(name, key) || parse_function(name, key);
}

const char *key_print(key_code key, char out[KEY_NAME_MAX])
{
	const char *name = find_name(key);

	out[0] = '\0';
	if (name) {
		snprintf(out, KEY_NAME_MAX, "%s", name);
	} else if (is_control(key)) {
		snprintf(out, KEY_NAME_MAX, "^%c", (char)(key + 0x40));
	} else if (is_function(key)) {
		snprintf(out, KEY_NAME_MAX, "F%u",
			 (unsigned)(key - KEYC_F1 + 1));
	} else if (is_character(key)) {
		char bytes[4];
		size_t n = utf8_encode(key, bytes);

		memcpy(out, bytes, n);
		out[n] = '\0';
	}
	return out;
}
