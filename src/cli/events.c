/* SPDX-License-Identifier: MIT */
/* trawl events: the timeline. */
#include "cli/cli.h"
#include "cli/event_rows.h"
#include "cli/events_about.h"
#include "cli/session.h"
#include "cli/rows.h"
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

/* Of a line of the case's evidence what, and where it was seen. */
static void add_evidence(struct rows *rows, const struct evidence_line *e)
{
	const struct cell cell[] = {
		cell_time(e->event.time),
		cell_text(STR_NULL),
		cell_text(str_of(event_kind_name(KIND_EVIDENCE))),
		cell_text(e->what),
		cell_text(e->where),
		cell_text(STR_NULL),
		cell_text(STR_NULL),
		cell_text(STR_NULL),
		cell_text(STR_NULL),
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
	case_evidence_make(&s->evidence, &s->book);
	if (t == TIME_NONE) {
		rowset_add(&s->rows, *anchor);
		s->evidence.n = 0;
		return ERR_OK;
	}
	case_evidence_keep(&s->evidence, NULL, t - AROUND_MS,
			   t + AROUND_MS + 1);
	rowset_add_range(&s->rows, store_seek_time(store, t - AROUND_MS),
			 store_seek_time(store, t + AROUND_MS + 1));
	return ERR_OK;
}

static void write_lines(struct session *s, row_id anchor)
{
	struct evidence_merge m = { s->snap->store, &s->rows, &s->evidence, 0,
				    0 };
	const struct evidence_line *line;
	struct arena arena;
	struct rows rows;
	row_id row;

	arena_init(&arena);
	rows_begin(&rows, &s->out, FORMAT_TABLE, table_columns,
		   ARRAY_SIZE(table_columns), &s->o->zone);
	for (size_t i = 0; i < s->o->limit && evidence_next(&m, &row, &line);
	     i++) {
		if (line)
			add_evidence(&rows, line);
		else
			add_line(&rows, s->snap, row, anchor, &arena);
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
			.evidence = &s.evidence,
		};
		size_t unread = event_rows_write(&s.out, &s.rows, &terms);

		if (unread) {
			s.status = EXIT_SKIPPED;
			message(err_file, "%zu records could not be read again",
				unread);
		}
	}
	if (!s.rows.n && !s.evidence.n)
		session_tell_none_left(&s);
	return session_close(&s);
}
