/* SPDX-License-Identifier: MIT */
#include "cli/events_about.h"

#include "casework/about.h"
#include "ingest/reader.h"
#include "query/parse.h"
#include "query/run.h"

/* What the event says, as a filter. */
static enum err_code read_about(struct session *s, struct strbuf *filter,
				struct err *err)
{
	const struct store *store = s->snap->store;
	const char *id = s->o->about;
	row_id row = store_find_id(store, str_of(id), ROW_NONE);
	struct reader *reader;
	const struct event *e;
	enum err_code rc;

	if (row == ROW_NONE)
		return err_set(err, ERR_USAGE, "no event has the id %s", id);
	reader = reader_new(store, &s->o->limits);
	rc = reader_event(reader, row, &e, err);
	if (rc == ERR_OK && !about_filter(e, filter))
		rc = err_set(
			err, ERR_USAGE,
			"%s tells of no other calls: it is no Insight, no "
			"finding and nothing that went through an endpoint",
			id);
	reader_free(reader);
	return rc;
}

static enum err_code keep_rows(struct session *s, struct str filter,
			       struct err *err)
{
	const struct scan_options scan = { .limits = &s->o->limits,
					   .threads = s->o->threads };
	const struct expr *tree;
	struct plan *plan = NULL;
	struct rowset rows = ROWSET_INIT, both = ROWSET_INIT;
	struct query_progress progress = { .found = 0 };
	struct arena arena;
	enum err_code rc;

	arena_init(&arena);
	rc = query_read(filter, NULL, &arena, &tree, err);
	if (rc == ERR_OK)
		rc = plan_new(&plan, tree, err);
	if (rc == ERR_OK)
		rc = query_rows(plan, s->snap->store, &s->snap->marks, &scan,
				NULL, NULL, &rows, &progress, err);
	if (rc == ERR_OK) {
		rowset_intersect(&both, &s->rows, &rows);
		rowset_release(&s->rows);
		s->rows = both;
		case_evidence_keep(&s->evidence, plan, TIME_NONE, TIME_NONE);
		if (progress.scan.unread)
			s->status = EXIT_SKIPPED;
	}
	rowset_release(&rows);
	plan_free(plan);
	arena_release(&arena);
	return rc;
}

enum err_code events_about(struct session *s, struct err *err)
{
	struct strbuf filter;
	enum err_code rc;

	strbuf_init(&filter);
	rc = read_about(s, &filter, err);
	if (rc == ERR_OK)
		rc = keep_rows(s, strbuf_str(&filter), err);
	if (rc == ERR_OK && s->o->verbose)
		message(s->err, "--filter '%.*s'",
			STR_ARG(strbuf_str(&filter)));
	strbuf_release(&filter);
	return rc;
}
