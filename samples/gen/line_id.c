/* SPDX-License-Identifier: MIT */
#include "gen/line_id.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "ingest/line.h"

void line_id(struct str line, struct strbuf *out)
{
	struct strbuf record;
	struct arena arena;
	struct hash128 h;

	strbuf_init(&record);
	arena_init(&arena);
	if (line_read(line, STR_NULL, &arena, &record) != FORM_S3_ACCESS) {
		fprintf(stderr, "samplegen: no line of S3's access log\n");
		exit(1);
	}
	h = hash_content(strbuf_str(&record));
	strbuf_addf(out, "h:%016" PRIx64 "%016" PRIx64, h.hi, h.lo);
	arena_release(&arena);
	strbuf_release(&record);
}
