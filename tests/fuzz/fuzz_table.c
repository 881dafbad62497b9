/* SPDX-License-Identifier: MIT */
/*
 * Tables of events: the input is a CSV file, whatever its cells hold.
 *
 * Its rows cover it without a gap; each becomes an object with the header's
 * names and no text that is not in the row; what is put together of that is a
 * record that can be read, the same each time.
 */
#include "fuzz_help.h"

#include "ingest/columns.h"
#include "ingest/table.h"
#include "ingest/unwrap.h"

static const struct limits small = FUZZ_LIMITS;

struct tables {
	struct unwrapper *once, *again;
	struct value_reader reader;
	struct arena arena, records;
	struct str header;
	uint32_t columns;
};

/* A cell is what lies between two separators, or less: its quotes go. */
static void check_cells(const struct json *object, const struct tables *t,
			struct str row)
{
	size_t all = 0;

	check(object->kind == JSON_OBJECT && object->n == t->columns);
	for (const struct json *m = object->child; m; m = m->next) {
		check(m->kind == JSON_STRING);
		all += m->text.n;
	}
	check(all <= row.n);
}

static void take_row(struct tables *t, struct str row)
{
	const struct unwrapped *x, *y;
	const struct json *object;
	struct event e;
	size_t n, m;

	arena_reset(&t->arena);
	object = table_value(&t->arena, t->header, row);
	check_cells(object, t, row);
	x = unwrap(t->once, object, &n);
	y = unwrap(t->again, object, &m);
	check(n == m);
	for (size_t i = 0; i < n; i++) {
		check(x[i].skip == y[i].skip && x[i].form == y[i].form &&
		      str_eq(x[i].text, y[i].text));
		if (x[i].skip)
			continue;
		check(x[i].text.n <= small.max_record);
		arena_reset(&t->records);
		if (unwrapped_event(&e, &x[i], &t->reader, &t->records))
			check(((e.flags & EVENT_PARTIAL) != 0) >=
			      (form_lacks(x[i].form) != NULL));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct tables t = { .header = STR_NULL };
	size_t end;

	json_init();
	arena_init(&t.arena);
	arena_init(&t.records);
	if (table_header(text, &t.arena, &t.header)) {
		t.once = unwrapper_new(&small);
		t.again = unwrapper_new(&small);
		value_reader_init(&t.reader, &small);
		t.columns = table_value(&t.arena, t.header, STR_NULL)->n;
		check(t.columns && t.columns <= TABLE_MOST_COLUMNS);
		while (text.n) {
			end = table_row_end(text, true);
			/* What ends in the text ends there whatever follows. */
			if (table_row_end(text, false) != SIZE_MAX)
				check(table_row_end(text, false) == end);
			if (end == SIZE_MAX)
				break;
			check(end && end <= text.n);
			take_row(&t, str_sub(text, 0, end));
			text = str_from(text, end);
		}
		value_reader_release(&t.reader);
		unwrapper_free(t.again);
		unwrapper_free(t.once);
	}
	arena_release(&t.records);
	arena_release(&t.arena);
	return 0;
}
