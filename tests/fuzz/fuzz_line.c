/* SPDX-License-Identifier: MIT */
/*
 * Lines of logs: the input is a header (a line, or an empty one) and a line
 * behind it.
 *
 * A line is of no log, or becomes a record: JSON that can be read, with the
 * line in it, the same each time.
 */
#include "fuzz_help.h"

#include "base/json.h"
#include "ingest/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size }, header, line;
	size_t end = str_find_char(text, '\n', 0);
	struct strbuf out, again;
	const struct json *v;
	struct arena arena;
	enum form form;
	struct err err;

	if (end == SIZE_MAX)
		return 0;
	json_init();
	arena_init(&arena);
	strbuf_init(&out);
	strbuf_init(&again);
	header = line_header(text);
	line = str_chomp(str_from(text, end + 1));
	form = line_read(line, header, &arena, &out);
	check(line_read(line, header, &arena, &again) == form);
	if (form != FORM_RECORD) {
		check(str_eq(strbuf_str(&out), strbuf_str(&again)));
		v = json_read(&arena, strbuf_str(&out), &err);
		check(v && json_member(v, STR("message")) &&
		      json_member(v, STR("eventName")) &&
		      json_member(v, STR("eventTime")));
		check(form_kind(form) != KIND_CLOUDTRAIL);
	}
	strbuf_release(&again);
	strbuf_release(&out);
	arena_release(&arena);
	return 0;
}
