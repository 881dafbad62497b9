/* SPDX-License-Identifier: MIT */
/*
 * What is added to events later: the input's lines are an event and addenda to
 * it, all of them hostile.
 *
 * What comes of it is a record that can be read, no longer than one may be,
 * with the event's id, and the same each time; nothing comes of it where no
 * addendum is the event's. A field that no addendum speaks of stays as it was.
 * As deliveries they are planned in groups that keep to their limits, and each
 * group has the parts of one event.
 */
#include "fuzz_help.h"

#include "base/arena.h"
#include "ingest/addendum.h"
#include "store/amendment.h"
#include "store/builder.h"

static const struct limits small = FUZZ_LIMITS;

enum { MOST_TEXTS = AMEND_ADDENDA + 4 };

static size_t split(struct str text, struct str *out)
{
	size_t n = 0;

	while (n < MOST_TEXTS && str_next(&text, '\n', &out[n]))
		n++;
	return n;
}

/* No addendum has that word, however it is written. */
static bool is_unsaid(const struct str *text, size_t n, struct str word)
{
	for (size_t i = 1; i < n; i++)
		if (str_find(text[i], word, 0) != SIZE_MAX ||
		    str_find_char(text[i], '\\', 0) != SIZE_MAX)
			return false;
	return true;
}

/* As it is when it was printed and read: bytes that are no UTF-8 are marks
 * then. */
static void print_again(struct strbuf *out, const struct json *v)
{
	struct strbuf text;
	struct arena arena;
	struct err err;

	arena_init(&arena);
	strbuf_init(&text);
	strbuf_adds(&text, "[");
	json_print(&text, v);
	strbuf_adds(&text, "]");
	v = json_read(&arena, strbuf_str(&text), &err);
	check(v != NULL);
	json_print(out, v);
	strbuf_release(&text);
	arena_release(&arena);
}

static void check_same(const struct json *x, const struct json *y)
{
	struct strbuf a, b;

	check(!x == !y);
	if (!x)
		return;
	strbuf_init(&a);
	strbuf_init(&b);
	print_again(&a, x);
	print_again(&b, y);
	check(str_eq(strbuf_str(&a), strbuf_str(&b)));
	strbuf_release(&a);
	strbuf_release(&b);
}

static void check_record(const struct event *e, struct str record,
			 const struct str *text, size_t n,
			 struct value_reader *r)
{
	static const char *const fields[] = { "awsRegion", "userIdentity",
					      "eventName" };
	struct arena arena;
	const struct json *was;
	struct event before;

	check(record.n <= small.max_record && n > 1);
	check(e->flags & EVENT_AMENDED && !(e->flags & EVENT_NO_ID));
	arena_init(&arena);
	was = value_read(r, &arena, text[0]);
	check(was != NULL);
	event_extract(&before, was, r->notes, &arena);
	check(str_eq(before.id, e->id));
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (is_unsaid(text, n, str_of(fields[i])))
			check_same(json_member(was, str_of(fields[i])),
				   json_member(e->record, str_of(fields[i])));
	check(json_member(e->record, STR("addendum")) != NULL);
	arena_release(&arena);
}

static void check_texts(const struct str *text, size_t n)
{
	struct strbuf once, again;
	struct value_reader r;
	struct arena arena;
	struct event e, f;
	bool any;

	arena_init(&arena);
	strbuf_init(&once);
	strbuf_init(&again);
	value_reader_init(&r, &small);
	any = addendum_apply(&e, text, n, 0, &r, &arena, &once);
	check(any == addendum_apply(&f, text, n, 0, &r, &arena, &again));
	check(str_eq(strbuf_str(&once), strbuf_str(&again)));
	check(any == (once.n != 0));
	if (any)
		check_record(&e, strbuf_str(&once), text, n, &r);
	value_reader_release(&r);
	strbuf_release(&again);
	strbuf_release(&once);
	arena_release(&arena);
}

/* Deliveries ---------------------------------------------------------------- */

static void check_group(const struct amend_plan *plan,
			const struct amend_group *g)
{
	const struct amend_part *part = plan->part + g->part;

	check(g->n > 1 && g->n <= AMEND_ADDENDA + 1);
	check(g->part + g->n <= plan->part_n);
	for (uint32_t i = 1; i < g->n; i++)
		for (uint32_t k = 0; k < i; k++)
			check(part[i].offset != part[k].offset ||
			      part[i].nth != part[k].nth);
}

/* Each line arrives as a record of one file. */
static void check_plan(const struct str *text, size_t n)
{
	struct store_builder *b;
	struct files files;
	struct string_tables tables;
	struct amend_plan plan;
	struct value_reader r;
	struct arena arena;
	struct batch batch;
	struct event e;

	files_init(&files);
	files_add(&files, "a.jsonl", 0);
	b = builder_new(&files, 1);
	arena_init(&arena);
	string_tables_init(&tables);
	value_reader_init(&r, &small);
	batch_init(&batch, 0);
	for (size_t i = 0; i < n; i++) {
		struct record_place place = { 0, (uint32_t)i + 1, i * 1000,
					      (uint32_t)text[i].n };
		const struct json *v = text[i].n ?
					       value_read(&r, &arena, text[i]) :
					       NULL;

		if (!v || v->kind != JSON_OBJECT)
			continue;
		event_extract(&e, v, r.notes, &arena);
		batch_add(&batch, &tables, &e, place, text[i]);
	}
	batch_seal(&batch, &tables);
	builder_append(b, &batch, &tables);
	builder_plan_amendments(b, &plan);
	for (size_t i = 0; i < plan.n; i++)
		check_group(&plan, &plan.group[i]);
	check(plan.left_n <= n);
	amend_plan_release(&plan);
	batch_release(&batch);
	value_reader_release(&r);
	string_tables_release(&tables);
	arena_release(&arena);
	builder_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text[MOST_TEXTS];
	size_t n;

	json_init();
	n = split((struct str){ (const char *)data, size }, text);
	check_texts(text, n);
	check_plan(text, n);
	return 0;
}
