/* SPDX-License-Identifier: MIT */
/*
 * What tells of calls: the input is one JSON value, a finding, an Insight, an
 * entry of a log that came as JSON, an item of AWS Config.
 *
 * Whatever is in it becomes an event or is refused with a reason. The filter
 * that leads from it to the calls can be read, and has as many terms whatever
 * its texts hold: none of them can add to it. What an Insight says is in it.
 */
#include "fuzz_help.h"

#include "casework/about.h"
#include "ingest/unwrap.h"
#include "model/insight.h"
#include "query/parse.h"

static const struct limits small = FUZZ_LIMITS;

/* An Insight's, which has the most: kind, name, source, region, account, code
 * or outcome, identities in parentheses, two times. */
enum { MOST_TERMS = 9 };

static void check_filter(const struct event *e, struct arena *arena)
{
	struct query_terms terms;
	struct query_error error;
	const struct expr *expr;
	struct strbuf text;

	strbuf_init(&text);
	if (about_filter(e, &text)) {
		check(text.n > 0);
		if (text.n <= QUERY_MAX_TEXT) {
			check(query_parse(strbuf_str(&text), NULL, arena, &expr,
					  &error) == QUERY_OK);
			check(query_split(strbuf_str(&text), arena, &terms));
			check(terms.n && terms.n <= MOST_TERMS &&
			      !terms.either);
		}
	} else {
		check(text.n == 0);
	}
	strbuf_release(&text);
}

static void check_values(const struct insight_values *v)
{
	check(v->n <= INSIGHT_VALUES);
	for (size_t i = 1; i < v->n; i++)
		check(!(v->value[i].then > v->value[i - 1].then));
}

static void check_insight(const struct event *e)
{
	struct insight i;
	struct strbuf text;

	if (!insight_read(&i, e))
		return;
	check(e->kind == KIND_INSIGHT && i.name.n);
	check_values(&i.identities);
	check_values(&i.agents);
	check_values(&i.codes);
	strbuf_init(&text);
	insight_tell_rates(&i, &text);
	for (size_t at = 0; at < text.n; at++)
		check(text.p[at] >= ' ' && text.p[at] <= '~');
	strbuf_release(&text);
}

static void check_event(const struct event *e, struct arena *arena)
{
	check((e->flags >> EVENT_SEVERITY_SHIFT & 7) <= 5);
	if (!kind_is_call(e->kind))
		check(!e->column[EVENT_PRINCIPAL].n &&
		      !e->column[EVENT_SESSION].n && !e->column[EVENT_KEY].n);
	check_filter(e, arena);
	check_insight(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct value_reader reader, inner;
	const struct unwrapped *found;
	struct arena arena, records;
	struct unwrapper *u;
	const struct json *v;
	struct event e;
	size_t n;

	json_init();
	arena_init(&arena);
	arena_init(&records);
	value_reader_init(&reader, &small);
	value_reader_init(&inner, &small);
	u = unwrapper_new(&small);
	v = size && data[0] == '{' ? value_read(&reader, &arena, text) : NULL;
	if (v && v->kind == JSON_OBJECT) {
		event_extract(&e, v, reader.notes, &records);
		check_event(&e, &records);
		found = unwrap(u, v, &n);
		for (size_t i = 0; i < n; i++) {
			check(found[i].skip || found[i].text.n);
			arena_reset(&records);
			if (!found[i].skip &&
			    unwrapped_event(&e, &found[i], &inner, &records))
				check_event(&e, &records);
		}
	}
	unwrapper_free(u);
	value_reader_release(&inner);
	value_reader_release(&reader);
	arena_release(&records);
	arena_release(&arena);
	return 0;
}
