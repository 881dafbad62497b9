/* SPDX-License-Identifier: MIT */
#include "ingest/amend.h"

#include "ingest/addendum.h"
#include "ingest/reader.h"

struct amending {
	struct store_builder *builder;
	const struct ingest_options *options;
	void *visitor[INGEST_VISITORS];
	struct string_tables tables;
	struct amend_plan plan;
	struct reader *reader;
	struct value_reader value;
	struct arena texts, arena;
	struct strbuf record;
	unsigned worker;
	unsigned told;
};

/* Hands the event over as a batch of its own: there are few. */
static void append(struct amending *a, const struct amend_group *g,
		   const struct event *e)
{
	const struct amend_part *at = &a->plan.part[g->part];
	struct record_place place = { at->file, at->record, at->offset,
				      at->length };
	const struct ingest_visitor *v = a->options->visitor;
	struct batch batch;
	uint32_t row, first;

	batch_init(&batch, a->worker);
	for (size_t i = 0; i < a->options->visitor_n; i++)
		if (v[i].begin)
			v[i].begin(a->visitor[i]);
	row = batch_add(&batch, &a->tables, e, place, strbuf_str(&a->record));
	for (size_t i = 0; i < a->options->visitor_n; i++)
		v[i].see(a->visitor[i], e, row);
	batch_seal(&batch, &a->tables);
	first = builder_append(a->builder, &batch, &a->tables);
	for (size_t i = 0; i < a->options->visitor_n; i++) {
		void *part = v[i].take(a->visitor[i]);

		if (part)
			v[i].merge(v[i].context, part, first);
	}
	builder_amended(a->builder, first + row, &a->plan, g);
	batch_release(&batch);
}

static const char too_many[] = "an addition to an event that has too many",
		  no_record[] = "an addition that makes no record of its event";

/* Says of an addendum that it changed nothing. Their number is what somebody
 * who can write logs likes. */
static void tell(struct amending *a, const struct amend_part *part,
		 const char *reason)
{
	if (a->told++ < SKIPS_PER_FILE)
		builder_skip(a->builder, (struct skip){ .file = part->file,
							.record = part->record,
							.offset = part->offset,
							.reason = reason });
}

/* What cannot be read any more leaves the event as it is. */
static void amend(struct amending *a, const struct amend_group *g)
{
	const struct amend_part *part = &a->plan.part[g->part];
	struct str text[AMEND_ADDENDA + 1];
	struct event e;
	struct err err;

	arena_reset(&a->texts);
	arena_reset(&a->arena);
	for (uint32_t i = 0; i < g->n; i++) {
		if (reader_part(a->reader, &part[i], &g->id, &text[i], &err)) {
			tell(a, &part[1], no_record);
			return;
		}
		text[i] = arena_dup(&a->texts, text[i]);
	}
	if (addendum_apply(&e, text, g->n, part->flags, &a->value, &a->arena,
			   &a->record))
		append(a, g, &e);
	else
		tell(a, &part[1], no_record);
}

void amend_events(struct store_builder *b, const struct ingest_options *options,
		  unsigned worker, bool cut)
{
	struct amending a = { .builder = b,
			      .options = options,
			      .worker = worker };

	/* A load that was kept may have said so. */
	builder_drop_skips(b, too_many);
	builder_drop_skips(b, no_record);
	builder_plan_amendments(b, &a.plan);
	for (size_t i = 0; i < a.plan.left_n; i++)
		tell(&a, &a.plan.left[i], too_many);
	if (!a.plan.n || (cut && a.plan.n > AMEND_WHEN_CUT)) {
		amend_plan_release(&a.plan);
		return;
	}
	/* That worker's tables are gone. */
	builder_forget_tables(b, worker);
	string_tables_init(&a.tables);
	arena_init(&a.texts);
	arena_init(&a.arena);
	strbuf_init(&a.record);
	value_reader_init(&a.value, &options->limits);
	a.reader = reader_new_early(builder_files(b), builder_strings(b),
				    &options->limits);
	for (size_t i = 0; i < options->visitor_n; i++)
		a.visitor[i] = options->visitor[i].worker_new(
			options->visitor[i].context);
	for (size_t i = 0; i < a.plan.n; i++)
		amend(&a, &a.plan.group[i]);
	for (size_t i = 0; i < options->visitor_n; i++)
		options->visitor[i].worker_free(a.visitor[i]);
	reader_free(a.reader);
	value_reader_release(&a.value);
	strbuf_release(&a.record);
	arena_release(&a.arena);
	arena_release(&a.texts);
	string_tables_release(&a.tables);
	amend_plan_release(&a.plan);
}
