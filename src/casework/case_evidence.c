/* SPDX-License-Identifier: MIT */
#include "casework/case_evidence.h"

#include <stdlib.h>

#include "base/json_writer.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/timefmt.h"

void case_evidence_init(struct case_evidence *x)
{
	*x = (struct case_evidence){ .n = 0 };
	arena_init(&x->arena);
}

void case_evidence_release(struct case_evidence *x)
{
	free(x->line);
	arena_release(&x->arena);
}

/* Its record, as text. */
static void write_record(const struct case_item *item, struct strbuf *out)
{
	struct json_writer w;

	json_writer_init(&w, out);
	json_begin_object(&w);
	json_pair(&w, "eventID", item->id);
	if (item->event.time != TIME_NONE)
		json_pair_time(&w, "eventTime", item->event.time);
	json_pair(&w, "eventName", item->text);
	json_pair(&w, "where", item->name);
	json_pair(&w, "author", item->author);
	if (item->time != TIME_NONE)
		json_pair_time(&w, "noted", item->time);
	json_end_object(&w);
}

/* What the writer made can be read. */
static struct event event_of(const struct case_item *item, struct arena *a)
{
	static const struct limits limits = LIMITS_DEFAULT;
	struct strbuf text, clean;
	const struct json *record;
	struct json_scan scan;
	struct event e = { .time = TIME_NONE };
	struct err err;

	strbuf_init(&text);
	strbuf_init(&clean);
	json_scan_init(&scan, limits.max_record, limits.max_depth);
	write_record(item, &text);
	if (json_scan(&scan, strbuf_str(&text), true, &clean) == JSON_OK) {
		record = json_parse(a, arena_dup(a, strbuf_str(&clean)), &err);
		if (record) {
			event_extract(&e, record, scan.notes, a);
			event_of_kind(&e, KIND_EVIDENCE);
		}
	}
	json_scan_release(&scan);
	strbuf_release(&clean);
	strbuf_release(&text);
	return e;
}

static int by_time(const void *x, const void *y)
{
	const struct evidence_line *a = x, *b = y;

	/* TIME_NONE is greater than any time. */
	if (a->event.time != b->event.time)
		return a->event.time < b->event.time ? -1 : 1;
	return a->item < b->item ? -1 : a->item > b->item;
}

void case_evidence_make(struct case_evidence *x, const struct case_book *b)
{
	const struct case_list *l = case_book_list(b, CASE_EVIDENCE);

	free(x->line);
	x->line = mem_alloc((l->n + 1) * sizeof(*x->line));
	x->n = 0;
	arena_reset(&x->arena);
	for (size_t i = 0; i < l->n; i++) {
		const struct case_item *item = &l->item[i];

		x->line[x->n++] = (struct evidence_line){
			.event = event_of(item, &x->arena),
			.what = arena_dup(&x->arena, item->text),
			.where = arena_dup(&x->arena, item->name),
			.author = arena_dup(&x->arena, item->author),
			.item = i,
			.noted = item->time,
		};
	}
	if (x->n)
		qsort(x->line, x->n, sizeof(*x->line), by_time);
}

static bool in_span(int64_t t, int64_t since, int64_t until)
{
	/* What has no time lies in no span. */
	if (t == TIME_NONE)
		return since == TIME_NONE && until == TIME_NONE;
	return (since == TIME_NONE || t >= since) &&
	       (until == TIME_NONE || t < until);
}

void case_evidence_keep(struct case_evidence *x, const struct plan *filter,
			int64_t since, int64_t until)
{
	struct match_scratch *scratch = match_scratch_new();
	size_t kept = 0;

	for (size_t i = 0; i < x->n; i++) {
		const struct event *e = &x->line[i].event;

		if (in_span(e->time, since, until) &&
		    (!filter ||
		     matcher_test(plan_matcher(filter), e, NULL, scratch)))
			x->line[kept++] = x->line[i];
	}
	x->n = kept;
	match_scratch_free(scratch);
}

size_t case_evidence_count(const struct case_evidence *x,
			   const struct plan *filter)
{
	struct match_scratch *scratch = match_scratch_new();
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++)
		n += matcher_test(plan_matcher(filter), &x->line[i].event, NULL,
				  scratch);
	match_scratch_free(scratch);
	return n;
}

void case_evidence_copy(struct case_evidence *to,
			const struct case_evidence *from)
{
	free(to->line);
	to->line = mem_alloc((from->n + 1) * sizeof(*to->line));
	to->n = from->n;
	arena_reset(&to->arena);
	for (size_t i = 0; i < from->n; i++) {
		const struct evidence_line *l = &from->line[i];

		to->line[i] = (struct evidence_line){
			.event = { .id = arena_dup(&to->arena, l->event.id),
				   .time = l->event.time,
				   .kind = l->event.kind },
			.what = arena_dup(&to->arena, l->what),
			.where = arena_dup(&to->arena, l->where),
			.author = arena_dup(&to->arena, l->author),
			.item = l->item,
			.noted = l->noted,
		};
	}
}

size_t evidence_before(const struct case_evidence *x, size_t from, int64_t time)
{
	size_t n = from;

	while (n < x->n && x->line[n].event.time <= time)
		n++;
	return n - from;
}

bool evidence_next(struct evidence_merge *m, row_id *row,
		   const struct evidence_line **line)
{
	bool more = m->row < m->rows->n;
	int64_t time = more ? m->store->time[m->rows->row[m->row]] : TIME_NONE;

	*row = ROW_NONE;
	*line = NULL;
	if (m->evidence && m->line < m->evidence->n &&
	    m->evidence->line[m->line].event.time <= time) {
		*line = &m->evidence->line[m->line++];
		return true;
	}
	if (more)
		*row = m->rows->row[m->row++];
	return more;
}
