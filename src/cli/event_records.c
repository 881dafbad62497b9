/* SPDX-License-Identifier: MIT */
/* Records as they lie in their files, beside what is known of each. */
#include "cli/event_rows_private.h"

#include "ingest/reader.h"

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
	struct cell alerts = event_alerts_cell(snap, row, a);
	struct cell notes = event_said_cell(&snap->marks, row, SAID_NOTE, a);
	struct cell labels = event_said_cell(&snap->marks, row, SAID_LABEL, a);
	struct cell decided = event_decided_cell(&snap->marks, row, a);
	struct cell tags = event_tags_cell(snap, row, a);
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
	if (event_is_starred(&snap->marks, row)) {
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

size_t event_records_write(struct output *out, const struct rowset *rows,
			   const struct event_rows_terms *t)
{
	struct reader *reader = reader_new(t->snap->store, t->limits);
	struct evidence_merge m = event_rows_merge(rows, t);
	const struct evidence_line *line;
	struct arena arena;
	size_t unread = 0;
	row_id row;

	arena_init(&arena);
	for (size_t i = 0;
	     event_rows_go_on(t, i) && evidence_next(&m, &row, &line); i++) {
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
