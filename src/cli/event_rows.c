/* SPDX-License-Identifier: MIT */
#include "cli/event_rows.h"
#include "cli/rows.h"

#include <string.h>

#include "ingest/reader.h"
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

/* Which column of a list has a name; it has one. */
static size_t column_named(const struct column *list, const char *name)
{
	size_t i = 0;

	while (strcmp(list[i].name, name) != 0)
		i++;
	return i;
}

static struct cell level_cell(const struct snapshot *snap, row_id row)
{
	int level = marks_level(&snap->marks, row);

	return level < 0 ? cell_text(STR_NULL) :
			   cell_text(str_of(level_name((enum level)level)));
}

static struct cell read_only_cell(const struct store *s, row_id row)
{
	if (s->flags[row] & (EVENT_READ | EVENT_WRITE))
		return cell_bool(s->flags[row] & EVENT_READ);
	return cell_text(STR_NULL);
}

static struct str prefixed(struct arena *a, const char *prefix, struct str text)
{
	return text.n ? arena_join(a, str_of(prefix), text) : STR_NULL;
}

static struct str account_of(const struct store *s, row_id row)
{
	return store_text(s,
			  kind_is_cloudtrail(s->kind[row]) ? EVENT_ACCOUNT :
							     EVENT_CALLER,
			  row);
}

/* What the case says --------------------------------------------------------- */

/* What is told in a list of a row: rules, or what an analyst said. */
struct told {
	struct str *item;
	size_t n, cap;
};

static void tell(struct told *t, struct str text)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->item[i], text))
			return;
	if (text.n && t->n < t->cap)
		t->item[t->n++] = text;
}

static struct told told_new(struct arena *a)
{
	enum { MOST = 64 };

	return (struct told){ arena_alloc(a, MOST * sizeof(struct str)), 0,
			      MOST };
}

static void tell_said(struct told *t, const struct marks *m, row_id row,
		      enum said_kind kind)
{
	size_t n;
	const struct said *said = said_of(m->said, row, kind, &n);

	for (size_t i = 0; said && i < n; i++)
		tell(t, said[i].text);
}

static bool is_starred(const struct marks *m, row_id row)
{
	return said_of(m->said, row, SAID_STAR, &(size_t){ 0 }) != NULL;
}

static struct cell said_cell(const struct marks *m, row_id row,
			     enum said_kind kind, struct arena *a)
{
	struct told t = told_new(a);

	tell_said(&t, m, row, kind);
	return t.n ? cell_list(t.item, t.n) : cell_text(STR_NULL);
}

/* What was decided of the row's alerts. */
static struct cell decided_cell(const struct marks *m, row_id row,
				struct arena *a)
{
	enum disposition all[DISPOSITION_COUNT];
	size_t n = marks_dispositions(m, row, all);
	struct told t = told_new(a);

	for (size_t i = 0; i < n; i++)
		if (all[i] != DISPOSITION_NEW)
			tell(&t, str_of(disposition_name(all[i])));
	return t.n ? cell_list(t.item, t.n) : cell_text(STR_NULL);
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
	cell[n++] = cell_text(account_of(s, row));
	cell[n++] = cell_text(store_text(s, EVENT_IP, row));
	cell[n++] = cell_text(store_text(s, EVENT_AGENT, row));
	cell[n++] = cell_text(store_text(s, EVENT_ERROR, row));
	cell[n++] = cell_text(str_of(event_outcome_name(outcome)));
	cell[n++] = read_only_cell(s, row);
	cell[n++] = cell_text(
		prefixed(a, "P:", store_text(s, EVENT_PRINCIPAL, row)));
	cell[n++] =
		cell_text(prefixed(a, "S:", store_text(s, EVENT_SESSION, row)));
	cell[n++] = cell_text(actor_label(actor, a));
	cell[n++] = cell_text(store_text(s, EVENT_KEY, row));
	cell[n++] = cell_text(
		str_of(event_kind_name((enum event_kind)s->kind[row])));
	cell[n++] = level_cell(snap, row);
	cell[n++] = cell_number(s->copies[row]);
	cell[n++] = cell_bool(s->flags[row] & EVENT_PARTIAL);
	cell[n++] = cell_text(str_of(store_path(s, row)));
	cell[n++] = cell_number(store_place(s, row).record);
	cell[n++] = cell_number(store_place(s, row).offset);
	for (size_t i = 0; i < ARRAY_SIZE(of_address); i++)
		cell[n++] = cell_text(store_whereabouts_shown(
			s, of_address[i], store_value_at(s, EVENT_IP, row)));
	cell[n++] = is_starred(&snap->marks, row) ? cell_bool(true) :
						    cell_text(STR_NULL);
	cell[n++] = said_cell(&snap->marks, row, SAID_LABEL, a);
	cell[n++] = said_cell(&snap->marks, row, SAID_NOTE, a);
	cell[n++] = decided_cell(&snap->marks, row, a);
	cell[n++] = cell_bool(s->flags[row] & EVENT_AMENDED);
	cell[n++] = cell_text(STR_NULL); /* of evidence alone */
	cell[n++] = cell_text(STR_NULL);
	rows_add(rows, cell);
	strbuf_release(&id);
}

/* A line of the case's evidence has what all rows have, and where and who. */
static void add_evidence(struct rows *rows, const struct evidence_line *e)
{
	struct cell cell[ARRAY_SIZE(columns)];
	const struct {
		const char *name;
		struct cell cell;
	} has[] = {
		{ "eventTime", cell_time(e->event.time) },
		{ "eventID", cell_text(e->event.id) },
		{ "eventName", cell_text(e->what) },
		{ "kind", cell_text(str_of(event_kind_name(KIND_EVIDENCE))) },
		{ "where", cell_text(e->where) },
		{ "author", cell_text(e->author) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cell); i++)
		cell[i] = cell_text(STR_NULL);
	for (size_t i = 0; i < ARRAY_SIZE(has); i++)
		cell[column_named(columns, has[i].name)] = has[i].cell;
	rows_add(rows, cell);
}

/* Timesketch ------------------------------------------------------------------ */

/* The first three are what it asks for. */
static const struct column timesketch_columns[] = {
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

/* "AttachUserPolicy of iam by eve from 203.0.113.66: AccessDenied" */
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

/* Labels of the case, "star", and the techniques of the alerts. */
static struct cell tags_cell(const struct snapshot *snap, row_id row,
			     struct arena *a)
{
	struct told t = told_new(a);
	size_t n;
	const struct mark *mark = marks_of(&snap->marks, row, &n);

	tell_said(&t, &snap->marks, row, SAID_LABEL);
	if (is_starred(&snap->marks, row))
		tell(&t, STR("star"));
	for (size_t i = 0; mark && i < n; i++) {
		const struct mark_label *label =
			&snap->marks.label[mark[i].label];

		for (size_t k = 0; k < label->technique_n; k++)
			tell(&t, str_of(label->technique[k].text));
	}
	return cell_list(t.item, t.n);
}

static struct cell alerts_cell(const struct snapshot *snap, row_id row,
			       struct arena *a)
{
	struct told t = told_new(a);
	size_t n;
	const struct mark *mark = marks_of(&snap->marks, row, &n);

	for (size_t i = 0; mark && i < n; i++)
		tell(&t, snap->marks.label[mark[i].label].title);
	return t.n ? cell_list(t.item, t.n) : cell_text(STR_NULL);
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

static void add_timesketch(struct rows *rows, const struct snapshot *snap,
			   row_id row, struct arena *a)
{
	const struct store *s = snap->store;
	struct cell tags = tags_cell(snap, row, a);
	struct strbuf id;
	struct cell cell[ARRAY_SIZE(timesketch_columns)];
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
	cell[n++] = cell_text(account_of(s, row));
	cell[n++] = cell_text(store_text(s, EVENT_IP, row));
	cell[n++] = cell_text(store_text(s, EVENT_AGENT, row));
	cell[n++] = cell_text(store_text(s, EVENT_ERROR, row));
	cell[n++] =
		cell_text(str_of(event_outcome_name(store_outcome(s, row))));
	cell[n++] = cell_text(actor_label(store_text(s, EVENT_ACTOR, row), a));
	cell[n++] = cell_text(
		prefixed(a, "P:", store_text(s, EVENT_PRINCIPAL, row)));
	cell[n++] = cell_text(store_text(s, EVENT_KEY, row));
	cell[n++] = cell_text(
		str_of(event_kind_name((enum event_kind)s->kind[row])));
	cell[n++] = level_cell(snap, row);
	cell[n++] = alerts_cell(snap, row, a);
	cell[n++] = said_cell(&snap->marks, row, SAID_NOTE, a);
	cell[n++] = cell_text(str_of(store_path(s, row)));
	cell[n++] = cell_number(store_place(s, row).record);
	rows_add(rows, cell);
	strbuf_release(&id);
}

/* "curl 169.254.169.254, seen in web1:.bash_history" */
static void add_timesketch_evidence(struct rows *rows,
				    const struct evidence_line *e,
				    struct arena *a)
{
	struct cell cell[ARRAY_SIZE(timesketch_columns)];
	struct cell none = cell_list(NULL, 0);
	struct str message = e->what;

	if (e->where.n)
		message = arena_join_all(
			a,
			(struct str[]){ e->what, STR(", seen in "), e->where },
			3);
	const struct {
		const char *name;
		struct cell cell;
	} has[] = {
		{ "message", cell_text(message) },
		{ "datetime", cell_time(e->event.time) },
		{ "timestamp_desc", cell_text(STR("Event Time")) },
		{ "tag",
		  rows->format == FORMAT_CSV ? json_list(&none, a) : none },
		{ "eventID", cell_text(e->event.id) },
		{ "eventName", cell_text(e->what) },
		{ "kind", cell_text(str_of(event_kind_name(KIND_EVIDENCE))) },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cell); i++)
		cell[i] = cell_text(STR_NULL);
	for (size_t i = 0; i < ARRAY_SIZE(has); i++)
		cell[column_named(timesketch_columns, has[i].name)] =
			has[i].cell;
	rows_add(rows, cell);
}

/* Records as they lie there ---------------------------------------------------- */

static void json_list_of(struct json_writer *w, const char *key,
			 const struct cell *list)
{
	if (!list->n)
		return;
	json_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < list->n; i++)
		json_string(w, list->item[i]);
	json_end_array(w);
}

/* One line: where a record has line ends these stand between its values, for
 * JSON has none in texts, and blanks take their place. */
static bool on_one_line(struct strbuf *out, struct str record)
{
	bool changed = false;

	for (size_t i = 0; i < record.n; i++) {
		bool end = record.p[i] == '\n' || record.p[i] == '\r';

		strbuf_addc(out, end ? ' ' : record.p[i]);
		changed |= end;
	}
	return changed;
}

/* Is it what lies in the file, and not what was made of it: of a log's line, of
 * a row of a table, of what something else carries? */
static bool lies_there(const struct store *s, row_id row)
{
	switch (s->files->entry[store_file(s, row)].format) {
	case FILE_RECORDS:
	case FILE_OBJECT:
	case FILE_ARRAY:
	case FILE_LINES:
		return !(s->flags[row] & (EVENT_CARRIED | EVENT_AMENDED));
	default:
		return false;
	}
}

/* Where the addenda lie that were put into it. */
static void write_addenda(struct json_writer *w, const struct store *s,
			  row_id row)
{
	size_t n;
	const struct amend_part *part = amendments_find(&s->amended, row, &n);

	if (!part)
		return;
	json_key(w, "addenda");
	json_begin_array(w);
	for (size_t i = 1; i < n; i++) {
		json_begin_object(w);
		json_pair(w, "file",
			  str_of(s->files->entry[part[i].file].path));
		json_pair_uint(w, "record", part[i].record);
		json_pair_uint(w, "offset", part[i].offset);
		json_end_object(w);
	}
	json_end_array(w);
}

static bool is_json(struct str record, struct arena *a)
{
	struct err err;

	return record.n && record.p[0] == '{' && json_read(a, record, &err);
}

static struct str safe_bytes(struct arena *a, struct str text)
{
	struct safetext safe = safe_text(a, text, SAFE_ASCII);

	return (struct str){ safe.p, safe.n };
}

static void write_record(struct output *out, const struct snapshot *snap,
			 row_id row, struct str record, struct arena *a)
{
	const struct store *s = snap->store;
	struct cell alerts = alerts_cell(snap, row, a);
	struct cell notes = said_cell(&snap->marks, row, SAID_NOTE, a);
	struct cell labels = said_cell(&snap->marks, row, SAID_LABEL, a);
	struct cell decided = decided_cell(&snap->marks, row, a);
	struct cell tags = tags_cell(snap, row, a);
	int level = marks_level(&snap->marks, row);
	struct strbuf text;
	struct json_writer w;
	bool changed = false, json = is_json(record, a);

	strbuf_init(&text);
	store_id_text(s, row, &text);
	output_json(out, &w);
	json_begin_object(&w);
	json_key(&w, "trawl");
	json_begin_object(&w);
	json_pair(&w, "eventID", strbuf_str(&text));
	json_pair_time(&w, "eventTime", s->time[row]);
	json_pair(&w, "kind",
		  str_of(event_kind_name((enum event_kind)s->kind[row])));
	if (level >= 0)
		json_pair(&w, "level", str_of(level_name((enum level)level)));
	json_list_of(&w, "alerts", &alerts);
	json_list_of(&w, "tags", &tags);
	if (is_starred(&snap->marks, row)) {
		json_key(&w, "star");
		json_bool(&w, true);
	}
	json_list_of(&w, "labels", &labels);
	json_list_of(&w, "notes", &notes);
	json_list_of(&w, "dispositions", &decided);
	json_pair(&w, "file", str_of(store_path(s, row)));
	json_pair_uint(&w, "record", store_place(s, row).record);
	json_pair_uint(&w, "offset", store_place(s, row).offset);
	json_pair_uint(&w, "copies", s->copies[row]);
	write_addenda(&w, s, row);
	strbuf_clear(&text);
	if (json)
		changed = on_one_line(&text, record);
	json_key(&w, "original");
	json_bool(&w, json && !changed && lies_there(s, row));
	json_end_object(&w);
	json_key(&w, "record");
	if (json && out->terminal) /* its bytes could act there */
		json_raw(&w, safe_bytes(a, strbuf_str(&text)));
	else if (json)
		json_raw(&w, strbuf_str(&text));
	else
		json_string(&w, record);
	json_end_object(&w);
	output_line(out);
	strbuf_release(&text);
}

/* What the case says of it is all that there is. */
static void write_evidence(struct output *out, const struct evidence_line *e)
{
	struct json_writer w;

	output_json(out, &w);
	json_begin_object(&w);
	json_key(&w, "trawl");
	json_begin_object(&w);
	json_pair(&w, "eventID", e->event.id);
	json_pair_time(&w, "eventTime", e->event.time);
	json_pair(&w, "kind", str_of(event_kind_name(KIND_EVIDENCE)));
	json_key(&w, "original");
	json_bool(&w, false);
	json_end_object(&w);
	json_key(&w, "record");
	json_begin_object(&w);
	json_pair(&w, "eventName", e->what);
	json_pair(&w, "where", e->where);
	json_pair(&w, "author", e->author);
	if (e->noted != TIME_NONE)
		json_pair_time(&w, "noted", e->noted);
	json_end_object(&w);
	json_end_object(&w);
	output_line(out);
}

static bool goes_on(const struct event_rows_terms *t, size_t i)
{
	return i < t->limit &&
	       (i % ASKED_EVERY || !t->going || t->going(t->context));
}

static struct evidence_merge merge_of(const struct rowset *rows,
				      const struct event_rows_terms *t)
{
	return (struct evidence_merge){ t->snap->store, rows, t->evidence, 0,
					0 };
}

static size_t write_records(struct output *out, const struct rowset *rows,
			    const struct event_rows_terms *t)
{
	struct reader *reader = reader_new(t->snap->store, t->limits);
	struct evidence_merge m = merge_of(rows, t);
	const struct evidence_line *line;
	struct arena arena;
	size_t unread = 0;
	row_id row;

	arena_init(&arena);
	for (size_t i = 0; goes_on(t, i) && evidence_next(&m, &row, &line);
	     i++) {
		struct str record;
		struct err err;

		if (line) {
			write_evidence(out, line);
			continue;
		}
		if (reader_raw(reader, row, &record, &err)) {
			unread++;
			continue;
		}
		write_record(out, t->snap, row, record, &arena);
		arena_reset(&arena);
	}
	arena_release(&arena);
	reader_free(reader);
	return unread;
}

/* All of them ------------------------------------------------------------------ */

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
	enum format form = !timesketch           ? t->format :
			   ends(t->path, ".csv") ? FORMAT_CSV :
						   FORMAT_JSONL;
	struct evidence_merge m = merge_of(rows, t);
	const struct evidence_line *line;
	struct arena arena;
	struct rows r;
	row_id row;

	if (t->format == FORMAT_RECORDS)
		return write_records(out, rows, t);
	arena_init(&arena);
	if (timesketch)
		rows_begin(&r, out, form, timesketch_columns,
			   ARRAY_SIZE(timesketch_columns), NULL);
	else
		rows_begin(&r, out, form, columns, ARRAY_SIZE(columns), NULL);
	for (size_t i = 0; goes_on(t, i) && evidence_next(&m, &row, &line);
	     i++) {
		if (line && timesketch)
			add_timesketch_evidence(&r, line, &arena);
		else if (line)
			add_evidence(&r, line);
		else if (timesketch)
			add_timesketch(&r, t->snap, row, &arena);
		else
			add_event(&r, t->snap, row, &arena);
		arena_reset(&arena);
	}
	rows_end(&r);
	arena_release(&arena);
	return 0;
}
