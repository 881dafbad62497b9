/* SPDX-License-Identifier: MIT */
/* trawl events: the timeline. */
#include "cli/cli.h"
#include "cli/events_about.h"
#include "cli/session.h"
#include "model/identity.h"
#include "store/whereabouts.h"

enum { AROUND_MS = 15 * 60 * 1000 };

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
};

static const struct column table_columns[] = {
	{ .name = "time", .whole = true, .width = 19 },
	{ .name = "", .width = 1 },
	{ .name = "service", .width = 14 },
	{ .name = "event", .width = 28 },
	{ .name = "actor", .width = 34, .middle = true },
	{ .name = "address", .width = 15, .middle = true },
	{ .name = "region", .width = 14 },
	{ .name = "", .width = 1 },
	{ .name = "outcome" },
};

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
	cell[n++] = cell_text(store_text(
		s,
		kind_is_cloudtrail(s->kind[row]) ? EVENT_ACCOUNT : EVENT_CALLER,
		row));
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
	cell[n++] = cell_number(s->record[row]);
	cell[n++] = cell_number(s->offset[row]);
	for (size_t i = 0; i < ARRAY_SIZE(of_address); i++)
		cell[n++] = cell_text(store_whereabouts_shown(
			s, of_address[i], s->column[EVENT_IP][row]));
	rows_add(rows, cell);
	strbuf_release(&id);
}

static void add_line(struct rows *rows, const struct snapshot *snap, row_id row,
		     row_id anchor, struct arena *a)
{
	const struct store *s = snap->store;
	enum event_outcome outcome = store_outcome(s, row);
	int mark = marks_level(&snap->marks, row);
	enum level level = mark < 0 ? LEVEL_INFORMATIONAL : (enum level)mark;
	char letter[2] = { mark < 0 ? '\0' : level_letter(level) };
	struct str error = store_text(s, EVENT_ERROR, row);
	const struct cell cell[] = {
		cell_time(s->time[row]),
		cell_text(row == anchor ? STR(">") : STR_NULL),
		cell_text(event_service(store_text(s, EVENT_SOURCE, row))),
		cell_text(store_text(s, EVENT_NAME, row)),
		cell_text(actor_label(store_text(s, EVENT_ACTOR, row), a)),
		cell_text(store_text(s, EVENT_IP, row)),
		cell_text(store_text(s, EVENT_REGION, row)),
		cell_level(str_of(letter), level),
		cell_text(outcome == OUTCOME_OK ? STR_NULL :
			  error.n               ? error :
				    str_of(event_outcome_name(outcome))),
	};

	rows_add(rows, cell);
}

/* The rows around one event, whatever the filter says. */
static enum err_code around(struct session *s, row_id *anchor, struct err *err)
{
	const struct store *store = s->snap->store;
	int64_t t;

	*anchor = store_find_id(store, str_of(s->o->around), ROW_NONE);
	if (*anchor == ROW_NONE)
		return err_set(err, ERR_USAGE, "no event has the id %s",
			       s->o->around);
	t = store->time[*anchor];
	rowset_clear(&s->rows);
	if (t == TIME_NONE)
		rowset_add(&s->rows, *anchor);
	else
		rowset_add_range(&s->rows,
				 store_seek_time(store, t - AROUND_MS),
				 store_seek_time(store, t + AROUND_MS + 1));
	return ERR_OK;
}

int cli_events(const struct options *o, FILE *out, FILE *err_file)
{
	bool table = o->format == FORMAT_TABLE;
	row_id anchor = ROW_NONE;
	struct session s;
	struct rows rows;
	struct arena arena;
	struct err err;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (o->around && around(&s, &anchor, &err))
		return session_fail(&s, &err);
	if (o->about && events_about(&s, &err))
		return session_fail(&s, &err);
	arena_init(&arena);
	if (table)
		rows_begin(&rows, &s.out, o->format, table_columns,
			   ARRAY_SIZE(table_columns), &o->zone);
	else
		rows_begin(&rows, &s.out, o->format, columns,
			   ARRAY_SIZE(columns), NULL);
	for (size_t i = 0; i < s.rows.n && i < o->limit; i++) {
		if (table)
			add_line(&rows, s.snap, s.rows.row[i], anchor, &arena);
		else
			add_event(&rows, s.snap, s.rows.row[i], &arena);
		arena_reset(&arena);
	}
	rows_end(&rows);
	arena_release(&arena);
	if (!s.rows.n)
		session_tell_none_left(&s);
	return session_close(&s);
}
