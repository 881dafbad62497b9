/* SPDX-License-Identifier: MIT */
/* What Timesketch imports. */
#include "cli/event_rows_private.h"

#include "model/identity.h"

/* The first three are what it asks for. */
static const struct column columns[] = {
	{ .name = "message" },
	{ .name = "datetime" },
	{ .name = "timestamp_desc" },
	{ .name = "tag" },
	{ .name = "eventID" },
	{ .name = "eventName" },
	{ .name = "eventSource" },
	{ .name = "awsRegion" },
	{ .name = "recipientAccountId" },
	{ .name = "sourceIPAddress" },
	{ .name = "userAgent" },
	{ .name = "errorCode" },
	{ .name = "outcome" },
	{ .name = "actor" },
	{ .name = "principal" },
	{ .name = "accessKeyId" },
	{ .name = "kind" },
	{ .name = "level" },
	{ .name = "alerts" },
	{ .name = "notes" },
	{ .name = "file" },
	{ .name = "record" },
};

/* "AttachUserPolicy of iam by user eve from 203.0.113.66: AccessDenied". What
 * kind of name it is stands before a user's, which may be any word: else none
 * could tell that it is one, and hide it. */
static struct str message_of(const struct store *s, row_id row, struct arena *a)
{
	struct str service = event_service(store_text(s, EVENT_SOURCE, row));
	struct str actor = store_text(s, EVENT_ACTOR, row);
	struct str from = store_text(s, EVENT_IP, row);
	struct str error = store_text(s, EVENT_ERROR, row);
	struct strbuf text;
	struct str out;

	strbuf_init(&text);
	strbuf_add(&text, store_text(s, EVENT_NAME, row));
	if (service.n) {
		strbuf_adds(&text, " of ");
		strbuf_add(&text, service);
	}
	if (actor.n) {
		strbuf_adds(&text, " by ");
		if (str_eq(str_of(principal_kind(actor)), STR("user")))
			strbuf_adds(&text, "user ");
		strbuf_add(&text, actor_label(actor, a));
	}
	if (from.n) {
		strbuf_adds(&text, " from ");
		strbuf_add(&text, from);
	}
	if (error.n) {
		strbuf_adds(&text, ": ");
		strbuf_add(&text, error);
	}
	out = arena_dup(a, strbuf_str(&text));
	strbuf_release(&text);
	return out;
}

/* It splits a text at commas, and reads JSON: so a list is JSON in CSV too. */
static struct cell json_list(const struct cell *list, struct arena *a)
{
	struct json_writer w;
	struct strbuf text;
	struct cell out;

	strbuf_init(&text);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	for (size_t i = 0; i < list->n; i++)
		json_string(&w, list->item[i]);
	json_end_array(&w);
	out = cell_text(arena_dup(a, strbuf_str(&text)));
	strbuf_release(&text);
	return out;
}

static void add_event(struct rows *rows, const struct snapshot *snap,
		      row_id row, struct arena *a)
{
	const struct store *s = snap->store;
	struct cell tags = event_tags_cell(snap, row, a);
	struct strbuf id;
	struct cell cell[ARRAY_SIZE(columns)];
	size_t n = 0;

	strbuf_init(&id);
	store_id_text(s, row, &id);
	cell[n++] = cell_text(message_of(s, row, a));
	cell[n++] = cell_time(s->time[row]);
	cell[n++] = cell_text(STR("Event Time"));
	cell[n++] = rows->format == FORMAT_CSV ? json_list(&tags, a) : tags;
	cell[n++] = cell_text(strbuf_str(&id));
	cell[n++] = cell_text(store_text(s, EVENT_NAME, row));
	cell[n++] = cell_text(store_text(s, EVENT_SOURCE, row));
	cell[n++] = cell_text(store_text(s, EVENT_REGION, row));
	cell[n++] = event_account_cell(s, row);
	cell[n++] = cell_text(store_text(s, EVENT_IP, row));
	cell[n++] = cell_text(store_text(s, EVENT_AGENT, row));
	cell[n++] = cell_text(store_text(s, EVENT_ERROR, row));
	cell[n++] =
		cell_text(str_of(event_outcome_name(store_outcome(s, row))));
	cell[n++] = cell_text(actor_label(store_text(s, EVENT_ACTOR, row), a));
	cell[n++] = event_node_cell(s, EVENT_PRINCIPAL, row, "P:", a);
	cell[n++] = cell_text(store_text(s, EVENT_KEY, row));
	cell[n++] = event_kind_cell(s, row);
	cell[n++] = event_level_cell(snap, row);
	cell[n++] = event_alerts_cell(snap, row, a);
	cell[n++] = event_said_cell(&snap->marks, row, SAID_NOTE, a);
	cell[n++] = cell_text(str_of(store_path(s, row)));
	cell[n++] = cell_number(store_place(s, row).record);
	rows_add(rows, cell);
	strbuf_release(&id);
}

/* "curl 169.254.169.254, seen in web1:.bash_history" */
static void add_evidence(struct rows *rows, const struct evidence_line *e,
			 struct arena *a)
{
	struct cell none = cell_list(NULL, 0);
	struct str message = e->what;

	if (e->where.n)
		message = arena_join_all(
			a,
			(struct str[]){ e->what, STR(", seen in "), e->where },
			3);
	const struct named_cell has[] = {
		{ "message", cell_text(message) },
		{ "datetime", cell_time(e->event.time) },
		{ "timestamp_desc", cell_text(STR("Event Time")) },
		{ "tag",
		  rows->format == FORMAT_CSV ? json_list(&none, a) : none },
		{ "eventID", cell_text(e->event.id) },
		{ "eventName", cell_text(e->what) },
		{ "kind", cell_text(str_of(event_kind_name(KIND_EVIDENCE))) },
	};

	rows_add_named(rows, has, ARRAY_SIZE(has));
}

const struct event_rows_form event_timesketch = {
	.column = columns,
	.column_n = ARRAY_SIZE(columns),
	.add = add_event,
	.add_evidence = add_evidence,
};
