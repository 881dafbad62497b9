/* SPDX-License-Identifier: MIT */
#include "base/percent.h"

/* One round; false when there was nothing to undo. */
static bool decode_once(struct arena *arena, struct str *text)
{
	size_t first = str_find_char(*text, '%', 0), n = 0;
	bool undone = false;
	char *to;

	if (first == SIZE_MAX)
		return false;
	to = arena_alloc(arena, text->n);
	for (size_t i = 0; i < text->n; i++) {
		int high = -1, low = -1;

		if (text->p[i] == '%' && i + 2 < text->n) {
			high = str_hex(text->p[i + 1]);
			low = str_hex(text->p[i + 2]);
		}
		if (high < 0 || low < 0) {
			to[n++] = text->p[i];
			continue;
		}
		to[n++] = (char)(high << 4 | low);
		i += 2;
		undone = true;
	}
	if (undone)
		*text = (struct str){ to, n };
	return undone;
}

struct str percent_decode(struct arena *arena, struct str text, int rounds)
{
	while (rounds-- > 0 && decode_once(arena, &text))
		;
	return text;
}
