/* SPDX-License-Identifier: MIT */
/*
 * JSON: the first byte of the input says how many levels are allowed, the
 * rest is a text and whatever follows it.
 *
 * What json_plain makes of any bytes is what json_scan and cJSON make of
 * them; what those make of them can be printed and read again.
 */
#include "fuzz_help.h"

#include <stdio.h>

#include "../unit/json_agree.h"

static void print_and_read(struct json_readers *r, struct str text)
{
	struct err err = ERR_INIT;
	const struct json *v;
	struct strbuf out;

	if (json_scan(&r->scan, text, true, &r->clean) != JSON_OK)
		return;
	v = json_parse(&r->arena, strbuf_str(&r->clean), &err);
	check(v != NULL);
	strbuf_init(&out);
	json_print(&out, v);
	check(json_scan(&r->scan, strbuf_str(&out), true, NULL) == JSON_OK);
	check(r->scan.end == out.n);
	strbuf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct json_readers r;
	const char *what;
	struct str text;

	if (size < 2)
		return 0;
	json_init();
	json_readers_init(&r);
	text = (struct str){ (const char *)data + 1, size - 1 };
	what = json_readers_differ(&r, text, data[0] % 130u);
	if (what)
		fprintf(stderr, "%s\n", what);
	check(!what);
	r.scan.max_depth = data[0] % 130u;
	print_and_read(&r, text);
	json_readers_release(&r);
	return 0;
}
