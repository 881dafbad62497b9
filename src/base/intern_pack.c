/* SPDX-License-Identifier: MIT */
#include "base/intern_pack.h"

#include <stdlib.h>

void intern_save(const struct intern *t, struct pack_writer *w,
		 uint32_t section)
{
	pack_begin(w, section);
	for (uint32_t i = 1; i < t->count; i++) {
		uint32_t n = (uint32_t)intern_text(t, i).n;

		pack_add(w, &n, sizeof(n));
	}
	pack_begin(w, section + 1);
	for (uint32_t i = 1; i < t->count; i++) {
		struct str text = intern_text(t, i);

		pack_add(w, text.p, text.n);
	}
}

/* A text that is there already, or is empty, would get another id. */
static bool add_all(struct intern *t, const uint32_t *length, size_t n,
		    const char *bytes, size_t left)
{
	if (n >= INTERN_NONE - 1)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (length[i] > left ||
		    intern_add(t, (struct str){ bytes, length[i] }) != i + 1)
			return false;
		bytes += length[i];
		left -= length[i];
	}
	return left == 0;
}

bool intern_restore(struct intern *t, struct pack *p, uint32_t section)
{
	size_t n, bytes;
	uint32_t *length = pack_take(p, section, sizeof(*length), &n);
	char *text = pack_take(p, section + 1, 1, &bytes);
	bool ok = length && text && add_all(t, length, n, text, bytes);

	free(length);
	free(text);
	return ok;
}
