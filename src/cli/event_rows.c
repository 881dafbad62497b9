/* SPDX-License-Identifier: MIT */
#include "cli/event_rows_private.h"

#include <string.h>

#include "model/identity.h"
#include "store/whereabouts.h"

enum { ASKED_EVERY = 256 };

/* Columns as keys -------------------------------------------------------------- */

/* The keys of the machine formats: a contract, see trawl-output. */
static const struct column columns[] = {
	{ .name = "eventTime" },
	{ .name = "eventID" },
	{ .name = "eventName" },
	{ .name = "eventSource" },
	{ .name = "awsRegion" },
	{ .name = "recipientAccountId" },
	{ .name = "sourceIPAddress" },
	{ .name = "userAgent" },
	{ .name = "errorCode" },
	{ .name = "outcome" },
	{ .name = "readOnly" },
	{ .name = "principal" },
	{ .name = "session" },
	{ .name = "actor" },
	{ .name = "accessKeyId" },
	{ .name = "kind" },
	{ .name = "level" },
	{ .name = "copies" },
	{ .name = "partial" },
	{ .name = "file" },
	{ .name = "record" },
	{ .name = "offset" },
	{ .name = "country" },
	{ .name = "asn" },
	{ .name = "aws" },
	{ .name = "star" },
	{ .name = "labels" },
	{ .name = "notes" },
	{ .name = "dispositions" },
	{ .name = "amended" },
	{ .name = "where" },
	{ .name = "author" },
};

static struct cell read_only_cell(const struct store *s, row_id row)
{
	if (s->flags[row] & (EVENT_READ | EVENT_WRITE))
		return cell_bool(s->flags[row] & EVENT_READ);
	return cell_text(STR_NULL);
}

static void add_event(struct rows *rows, const struct snapshot *snap,
		      row_id row, struct arena *a)
{
	const struct store *s = snap->store;
	struct str actor = store_text(s, EVENT_ACTOR, row);
	static const enum field_kind of_address[] = { FIELD_COUNTRY, FIELD_ASN,
						      FIELD_AWS };
	enum event_outcome outcome = store_outcome(s, row);
	struct strbuf id;
	struct cell cell[ARRAY_SIZE(columns)];
	size_t n = 0;

	strbuf_init(&id);
	store_id_text(s, row, &id);
	cell[n++] = cell_time(s->time[row]);
	cell[n++] = cell_text(strbuf_str(&id));
	cell[n++] = cell_text(store_text(s, EVENT_NAME, row));
	cell[n++] = cell_text(store_text(s, EVENT_SOURCE, row));
	cell[n++] = cell_text(store_text(s, EVENT_REGION, row));
	cell[n++] = event_account_cell(s, row);
	cell[n++] = cell_text(store_text(s, EVENT_IP, row));
	cell[n++] = cell_text(store_text(s, EVENT_AGENT, row));
	cell[n++] = cell_text(store_text(s, EVENT_ERROR, row));
	cell[n++] = cell_text(str_of(event_outcome_name(outcome)));
	cell[n++] = read_only_cell(s, row);
	cell[n++] = event_node_cell(s, EVENT_PRINCIPAL, row, "P:", a);
	cell[n++] = event_node_cell(s, EVENT_SESSION, row, "S:", a);
	cell[n++] = cell_text(actor_label(actor, a));
	cell[n++] = cell_text(store_text(s, EVENT_KEY, row));
	cell[n++] = event_kind_cell(s, row);
	cell[n++] = event_level_cell(snap, row);
	cell[n++] = cell_number(s->copies[row]);
	cell[n++] = cell_bool(s->flags[row] & EVENT_PARTIAL);
	cell[n++] = cell_text(str_of(store_path(s, row)));
	cell[n++] = cell_number(store_place(s, row).record);
	cell[n++] = cell_number(store_place(s, row).offset);
	for (size_t i = 0; i < ARRAY_SIZE(of_address); i++)
		cell[n++] = cell_text(store_whereabouts_shown(
			s, of_address[i], store_value_at(s, EVENT_IP, row)));
	cell[n++] = event_is_starred(&snap->marks, row) ? cell_bool(true) :
							  cell_text(STR_NULL);
	cell[n++] = event_said_cell(&snap->marks, row, SAID_LABEL, a);
	cell[n++] = event_said_cell(&snap->marks, row, SAID_NOTE, a);
	cell[n++] = event_decided_cell(&snap->marks, row, a);
	cell[n++] = cell_bool(s->flags[row] & EVENT_AMENDED);
	cell[n++] = cell_text(STR_NULL); /* of evidence alone */
	cell[n++] = cell_text(STR_NULL);
	rows_add(rows, cell);
	strbuf_release(&id);
}

/* A line of the case's evidence has what all rows have, and where and who. */
static void add_evidence(struct rows *rows, const struct evidence_line *e,
			 struct arena *a)
{
	const struct named_cell has[] = {
		{ "eventTime", cell_time(e->event.time) },
		{ "eventID", cell_text(e->event.id) },
		{ "eventName", cell_text(e->what) },
		{ "kind", cell_text(str_of(event_kind_name(KIND_EVIDENCE))) },
		{ "where", cell_text(e->where) },
		{ "author", cell_text(e->author) },
	};

	(void)a;
	rows_add_named(rows, has, ARRAY_SIZE(has));
}

static const struct event_rows_form as_keys = {
	.column = columns,
	.column_n = ARRAY_SIZE(columns),
	.add = add_event,
	.add_evidence = add_evidence,
};

bool event_rows_go_on(const struct event_rows_terms *t, size_t i)
{
	return i < t->limit &&
	       (i % ASKED_EVERY || !t->going || t->going(t->context));
}

struct evidence_merge event_rows_merge(const struct rowset *rows,
				       const struct event_rows_terms *t)
{
	return (struct evidence_merge){ t->snap->store, rows, t->evidence, 0,
					0 };
}

static bool ends(const char *path, const char *suffix)
{
	return path && str_ends(str_of(path), str_of(suffix));
}

enum err_code event_rows_check(enum format format, const char *path,
			       struct err *err)
{
	if (format != FORMAT_TIMESKETCH || !path || strcmp(path, "-") == 0 ||
	    ends(path, ".csv") || ends(path, ".jsonl"))
		return ERR_OK;
	return err_set(err, ERR_USAGE,
		       "%s: Timesketch takes files whose names end in .csv or "
		       ".jsonl",
		       path);
}

size_t event_rows_write(struct output *out, const struct rowset *rows,
			const struct event_rows_terms *t)
{
	bool timesketch = t->format == FORMAT_TIMESKETCH;
	const struct event_rows_form *form = timesketch ? &event_timesketch :
							  &as_keys;
	enum format format = !timesketch           ? t->format :
			     ends(t->path, ".csv") ? FORMAT_CSV :
						     FORMAT_JSONL;
	struct evidence_merge m = event_rows_merge(rows, t);
	const struct evidence_line *line;
	struct arena arena;
	struct rows r;
	row_id row;

	if (t->format == FORMAT_RECORDS)
		return event_records_write(out, rows, t);
	arena_init(&arena);
	rows_begin(&r, out, format, form->column, form->column_n, NULL);
	for (size_t i = 0;
	     event_rows_go_on(t, i) && evidence_next(&m, &row, &line); i++) {
		if (line)
			form->add_evidence(&r, line, &arena);
		else
			form->add(&r, t->snap, row, &arena);
		arena_reset(&arena);
	}
	rows_end(&r);
	arena_release(&arena);
	return 0;
}
