/* SPDX-License-Identifier: MIT */
/*
 * Filters: the first line of the input is one, the rest is a record.
 *
 * Whatever the bytes, reading ends in one of three ways; a tree that was read
 * is printed, read again and is the same; it is tested on the record and
 * answered with and without completion at every few bytes.
 */
#include "fuzz_help.h"

#include "base/json.h"
#include "query/complete.h"
#include "query/matcher.h"
#include "query/need.h"
#include "query/parse.h"
#include "query/print.h"

/* The input's record, or one of our own. */
static const struct json *record_of(struct arena *a, struct str *text)
{
	struct err err = ERR_INIT;
	const struct json *v = json_read(a, *text, &err);

	if (v && v->kind == JSON_OBJECT)
		return v;
	*text = STR_NULL;
	return json_read(a,
			 STR("{\"eventName\":\"a\",\"requestParameters\":"
			     "{\"b\":[1,\"{\\\"c\\\":2}\",null]}}"),
			 &err);
}

/* What a load would note of these bytes. */
static unsigned notes_of(struct str raw)
{
	struct json_scan scan;
	unsigned notes = 0;

	json_scan_init(&scan, SIZE_MAX, 100);
	if (json_scan(&scan, str_trim(raw), true, NULL) == JSON_OK)
		notes = scan.notes;
	json_scan_release(&scan);
	return notes;
}

/* Are all tests of the record, none of what a store knows? */
static bool asks_records(const struct expr *e)
{
	if (e->kind == EXPR_TEST)
		return e->test.field.kind == FIELD_PATH ||
		       e->test.field.kind == FIELD_ANY ||
		       e->test.field.kind == FIELD_RESOURCE;
	for (size_t i = 0; i < e->member_n; i++)
		if (!asks_records(e->member[i]))
			return false;
	return true;
}

static void test(const struct expr *e, const struct event *event,
		 struct str raw)
{
	struct match_scratch *s = match_scratch_new();
	struct err err = ERR_INIT;
	struct match_row row = { NULL, NULL, 0, NULL };
	struct need_bytes *need;
	enum answer bytes;
	struct matcher *m;
	bool holds;

	/* What could be read can be prepared. */
	if (matcher_new(&m, e, &err) != ERR_OK)
		abort();
	need = need_bytes_new(m);
	holds = matcher_test(m, event, NULL, s);
	/* A record that matches has what is said to be needed, if no store
	 * has a say. */
	if (holds && need && raw.n && asks_records(e))
		check(need_bytes_in(need, raw, event->flags));
	/* What its bytes say is what its tree says. */
	bytes = raw.n ? matcher_raw(m, raw, event->flags, &row, s) :
			ANSWER_UNSURE;
	check(bytes == ANSWER_UNSURE || (bytes == ANSWER_YES) == holds);
	need_bytes_free(need);
	matcher_free(m);
	match_scratch_free(s);
}

static void complete(struct str text, struct arena *a)
{
	struct completions *c = malloc(sizeof(*c));

	for (size_t at = 0; c && at <= text.n; at += 1 + text.n / 8) {
		query_complete(text, at, NULL, NULL, a, c);
		check(c->from <= c->to && c->to == at);
	}
	free(c);
}

static void parse(struct str filter, const struct event *event, struct str raw,
		  struct arena *a)
{
	struct query_error error;
	const struct expr *e, *again;
	struct strbuf text;

	if (query_parse(filter, NULL, a, &e, &error) != QUERY_OK) {
		check(error.offset + error.length <= filter.n);
		check(error.column >= 1);
		return;
	}
	strbuf_init(&text);
	query_print(&text, e);
	/* Quotes and escapes make it longer than what was read. */
	if (text.n <= QUERY_MAX_TEXT) {
		if (query_parse(strbuf_str(&text), NULL, a, &again, &error) !=
		    QUERY_OK)
			abort();
		check(expr_equal(e, again));
	}
	strbuf_release(&text);
	test(e, event, raw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size }, filter;
	const struct json *record;
	struct event event;
	struct arena a;

	json_init();
	arena_init(&a);
	if (!str_next(&rest, '\n', &filter))
		filter = STR_NULL;
	record = record_of(&a, &rest);
	event_extract(&event, record, notes_of(rest), &a);
	parse(filter, &event, rest, &a);
	complete(filter, &a);
	arena_release(&a);
	return 0;
}
