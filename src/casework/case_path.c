/* SPDX-License-Identifier: MIT */
#include "casework/case_path.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/xdg.h"

/* Letters that are plain in any shell. */
static void add_plain(struct strbuf *out, struct str s)
{
	enum { LONGEST = 60 };

	for (size_t i = 0; i < s.n && i < LONGEST; i++) {
		char c = s.p[i];
		bool plain = (str_lower(c) >= 'a' && str_lower(c) <= 'z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '_' ||
			     (c == '.' && i);

		strbuf_addc(out, plain ? c : '_');
	}
}

bool case_default_path(struct strbuf *out, const char *evidence)
{
	char *real = realpath(evidence, NULL);
	struct str whole = str_of(real ? real : evidence);
	size_t slash = str_find_last(whole, '/');
	struct strbuf name;
	bool known;

	strbuf_init(&name);
	strbuf_adds(&name, "cases/");
	add_plain(&name,
		  slash == SIZE_MAX ? whole : str_from(whole, slash + 1));
	/* Two folders of one name are two cases. */
	strbuf_addf(&name, "-%08" PRIx32 ".case",
		    (uint32_t)(hash_content(whole).lo & UINT32_MAX));
	known = xdg_path(out, XDG_DATA, name.p);
	strbuf_release(&name);
	free(real);
	return known;
}
