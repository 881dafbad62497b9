/* SPDX-License-Identifier: MIT */
/*
 * Values: the input is a JSON value that may carry records, be a finding, a
 * request or an item, or a row of a table behind its header.
 *
 * What is found in it is a record that can be read, with the kind of its form,
 * and the same each time; what is skipped has a reason.
 */
#include "fuzz_help.h"

#include "ingest/table.h"
#include "ingest/unwrap.h"

static const struct limits small = FUZZ_LIMITS;

/* A row, where there is a header; else a value of JSON, or NULL. */
static const struct json *value_of(struct arena *arena, struct value_reader *r,
				   struct str text)
{
	struct str header, row;
	size_t at;

	if (text.n && text.p[0] != '{' && text.p[0] != '[') {
		if (!table_header(text, arena, &header))
			return NULL;
		at = table_row_end(text, true);
		row = str_from(text, at);
		at = table_row_end(row, true);
		return at == SIZE_MAX ?
			       NULL :
			       table_value(arena, header, str_sub(row, 0, at));
	}
	return value_read(r, arena, text);
}

static void look_at(const struct unwrapped *found, struct value_reader *r,
		    struct arena *arena)
{
	struct event e;

	if (found->skip) {
		check(found->skip[0] != '\0');
		return;
	}
	check(found->text.n <= small.max_record);
	if (!unwrapped_event(&e, found, r, arena))
		return;
	check(e.flags & EVENT_CARRIED);
	if (form_kind(found->form) == KIND_CLOUDTRAIL)
		return;
	check(e.kind == form_kind(found->form));
	check(!e.column[EVENT_PRINCIPAL].n && !e.column[EVENT_KEY].n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct unwrapper *once = unwrapper_new(&small);
	struct unwrapper *again = unwrapper_new(&small);
	const struct unwrapped *x, *y;
	struct value_reader reader;
	struct arena arena, other;
	const struct json *v;
	size_t n, m;

	json_init();
	arena_init(&arena);
	arena_init(&other);
	value_reader_init(&reader, &small);
	v = value_of(&arena, &reader, (struct str){ (const char *)data, size });
	if (v) {
		x = unwrap(once, v, &n);
		y = unwrap(again, v, &m);
		check(n == m);
		for (size_t i = 0; i < n; i++) {
			check(x[i].skip == y[i].skip);
			check(x[i].form == y[i].form);
			check(str_eq(x[i].text, y[i].text));
			arena_reset(&other);
			look_at(&x[i], &reader, &other);
		}
	}
	value_reader_release(&reader);
	arena_release(&other);
	arena_release(&arena);
	unwrapper_free(once);
	unwrapper_free(again);
	return 0;
}
