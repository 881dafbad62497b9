/* SPDX-License-Identifier: MIT */
#include "ingest/value.h"

#include "base/json_plain.h"

void value_reader_init(struct value_reader *r, const struct limits *limits)
{
	json_scan_init(&r->scan, limits->max_record, limits->max_depth);
	strbuf_init(&r->clean);
	r->careful = false;
	r->notes = 0;
	r->end = 0;
}

void value_reader_release(struct value_reader *r)
{
	json_scan_release(&r->scan);
	strbuf_release(&r->clean);
}

const struct json *value_read(struct value_reader *r, struct arena *arena,
			      struct str text)
{
	const struct json *v;
	struct err err;

	r->notes = 0;
	if (!r->careful && text.n && text.p[0] == '{' &&
	    json_plain(arena, str_sub(text, 0, r->scan.max_bytes),
		       r->scan.max_depth, &v, &r->end) == JSON_OK)
		return v;
	if (json_scan(&r->scan, text, true, &r->clean) != JSON_OK) {
		if (!r->scan.reason)
			r->scan.reason = "longer than the limit for one record";
		return NULL;
	}
	r->notes = r->scan.notes;
	r->end = r->scan.end;
	v = json_parse(arena, strbuf_str(&r->clean), &err);
	if (!v)
		r->scan.reason = "refused by the JSON parser";
	return v;
}
