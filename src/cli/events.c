/* SPDX-License-Identifier: MIT */
/* trawl events: the timeline. */
#include "cli/cli.h"
#include "cli/event_rows.h"
#include "cli/events_about.h"
#include "cli/session.h"
#include "model/identity.h"

enum { AROUND_MS = 15 * 60 * 1000 };

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

static void write_lines(struct session *s, row_id anchor)
{
	struct arena arena;
	struct rows rows;

	arena_init(&arena);
	rows_begin(&rows, &s->out, FORMAT_TABLE, table_columns,
		   ARRAY_SIZE(table_columns), &s->o->zone);
	for (size_t i = 0; i < s->rows.n && i < s->o->limit; i++) {
		add_line(&rows, s->snap, s->rows.row[i], anchor, &arena);
		arena_reset(&arena);
	}
	rows_end(&rows);
	arena_release(&arena);
}

int cli_events(const struct options *o, FILE *out, FILE *err_file)
{
	row_id anchor = ROW_NONE;
	struct session s;
	struct err err;

	if (event_rows_check(o->format, o->output, &err))
		return cli_fail(err_file, &err);
	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	if (o->around && around(&s, &anchor, &err))
		return session_fail(&s, &err);
	if (o->about && events_about(&s, &err))
		return session_fail(&s, &err);
	if (o->format == FORMAT_TABLE) {
		write_lines(&s, anchor);
	} else {
		const struct event_rows_terms terms = {
			.snap = s.snap,
			.format = o->format,
			.limits = &o->limits,
			.path = o->output,
			.limit = o->limit,
		};
		size_t unread = event_rows_write(&s.out, &s.rows, &terms);

		if (unread) {
			s.status = EXIT_SKIPPED;
			message(err_file, "%zu records could not be read again",
				unread);
		}
	}
	if (!s.rows.n)
		session_tell_none_left(&s);
	return session_close(&s);
}
