/* SPDX-License-Identifier: MIT */
#include "cli/session_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "cli/cli.h"
#include "cli/handed_on.h"
#include "cli/progress.h"
#include "query/parse.h"
#include "query/run.h"

/* Progress ---------------------------------------------------------------- */

static bool progress_tick(void *context, const struct ingest_progress *in)
{
	struct progress *p = context;
	struct strbuf line;
	int64_t passed;
	uint64_t left;

	if (stop_number())
		return false;
	if (!progress_is_due(p))
		return true;
	passed = clock_ms() - p->begun;
	strbuf_init(&line);
	strbuf_addf(&line, "%" PRIu64 "/%" PRIu64 " files  ", in->files,
		    in->files_total);
	strbuf_add_count(&line, in->records);
	strbuf_addf(&line, " records  %" PRIu64 " MB/s",
		    in->content_bytes / 1000 / (uint64_t)(passed + 1));
	if (ingest_seconds_left(in, passed, &left))
		strbuf_addf(&line, "  %" PRIu64 "s left", left);
	if (in->skips)
		strbuf_addf(&line, "  %" PRIu64 " skipped", in->skips);
	progress_show(p, strbuf_str(&line));
	strbuf_release(&line);
	return true;
}

/* Rows -------------------------------------------------------------------- */

static enum err_code add_term(struct arena *a, const char *text,
			      struct str argument, const struct expr **list,
			      size_t *n, struct err *err)
{
	struct strbuf term;
	enum err_code rc;

	strbuf_init(&term);
	strbuf_adds(&term, text);
	strbuf_add(&term, argument);
	rc = query_read(strbuf_str(&term), NULL, a, &list[*n], err);
	strbuf_release(&term);
	if (rc == ERR_OK)
		(*n)++;
	return rc;
}

/* The filter and, for commands that list events, what was asked of alerts. */
static enum err_code read_filter(const struct session *s, struct arena *a,
				 const struct expr **out, struct err *err)
{
	const struct options *o = s->o;
	bool of_events = o->command == SUB_EVENTS || o->command == SUB_VALUES;
	const struct expr **list = arena_alloc(a, 4 * sizeof(*list));
	enum err_code rc;
	size_t n = 0;

	rc = query_read(o->filter, &o->zone, a, &list[n], err);
	if (rc)
		return err_wrap(err, "--filter");
	n++;
	if (of_events && o->has_min_level)
		rc = add_term(a, "level>=", str_of(level_name(o->min_level)),
			      list, &n, err);
	if (rc == ERR_OK && of_events && o->has_technique)
		rc = add_term(a, "technique:", str_of(o->technique.text), list,
			      &n, err);
	for (int t = 0; rc == ERR_OK && of_events && t < TACTIC_COUNT; t++) {
		/* "defense-evasion" names two: either will do. */
		if (o->tactics & TACTIC_BIT(t)) {
			struct strbuf text;

			strbuf_init(&text);
			for (int u = t; u < TACTIC_COUNT; u++)
				if (o->tactics & TACTIC_BIT(u))
					strbuf_addf(
						&text, "%stactic:%s",
						text.n ? " or " : "",
						attack_tactic_name(
							(enum attack_tactic)u));
			rc = add_term(a, "", strbuf_str(&text), list, &n, err);
			strbuf_release(&text);
			break;
		}
	}
	*out = expr_join(a, EXPR_AND, list, n);
	return rc;
}

/* Before the load, which may be long: a mistake is told at once. */
static enum err_code prepare_filter(struct session *s, struct err *err)
{
	const struct expr *filter = NULL;
	struct arena arena;
	enum err_code rc;

	arena_init(&arena);
	rc = read_filter(s, &arena, &filter, err);
	if (rc == ERR_OK)
		rc = plan_new(&s->filter, filter, err);
	arena_release(&arena);
	return rc;
}

static enum err_code find_rows(struct session *s, struct err *err)
{
	const struct options *o = s->o;
	const struct store *store = s->snap->store;
	row_id from = 0, to = store->n;
	struct scan_options scan = { o->threads ? o->threads : 2, &o->limits };
	struct rowset window = ROWSET_INIT, found = ROWSET_INIT;
	struct query_progress progress = { .found = 0 };
	enum err_code rc;

	/* What has no time lies in no span. */
	if (o->since != TIME_NONE || o->until != TIME_NONE) {
		to = store->timed;
		session_tell_untimed(s);
	}
	if (o->since != TIME_NONE)
		from = store_seek_time(store, o->since);
	if (o->until != TIME_NONE)
		to = store_seek_time(store, o->until);
	rowset_add_range(&window, from, to);
	rc = query_rows(s->filter, store, &s->snap->marks, &scan, NULL, NULL,
			&found, &progress, err);
	if (rc == ERR_OK) {
		rowset_intersect(&s->rows, &found, &window);
		session_tell_undecided(s, &progress);
	}
	s->all_rows = s->rows.n == store->n;
	rowset_release(&found);
	rowset_release(&window);
	case_evidence_keep(&s->evidence, s->filter, o->since, o->until);
	return rc;
}

/* Coverage ---------------------------------------------------------------- */

const struct coverage *session_coverage(struct session *s)
{
	const struct store *store = s->snap->store;
	struct rowset all = ROWSET_INIT;

	if (s->coverage)
		return s->coverage;
	rowset_add_range(&all, 0, store->n);
	s->coverage = coverage_new(store, &all, TIME_NONE, TIME_NONE);
	rowset_release(&all);
	return s->coverage;
}

static void tell_lack(void *context, struct str sentence)
{
	output_format(context, "  ");
	output_text(context, sentence);
	output_format(context, "\n");
}

void session_tell_lacks(struct session *s)
{
	coverage_lacks(session_coverage(s), tell_lack, &s->out);
}

void session_tell_none(struct session *s, const char *before,
		       const struct coverage_question *q)
{
	struct strbuf text;

	strbuf_init(&text);
	coverage_none(session_coverage(s), q, &s->o->zone, &text);
	output_format(&s->out, "%s", before);
	output_text(&s->out, strbuf_str(&text));
	output_format(&s->out, "\n");
	strbuf_release(&text);
}

void session_tell_none_left(struct session *s)
{
	struct coverage_question q = COVERAGE_QUESTION_INIT;
	const struct expr *filter;
	struct arena arena;
	struct strbuf text;
	struct err err;

	arena_init(&arena);
	/* It was read once, so it can be read again. */
	if (query_read(s->o->filter, &s->o->zone, &arena, &filter, &err) ==
	    ERR_OK)
		coverage_ask(&q, filter);
	if (s->o->since != TIME_NONE)
		q.since = s->o->since;
	if (s->o->until != TIME_NONE)
		q.until = s->o->until;
	if (s->o->format == FORMAT_TABLE) {
		session_tell_none(s, "none; ", &q);
	} else if (!s->o->quiet) {
		strbuf_init(&text);
		coverage_none(session_coverage(s), &q, &s->o->zone, &text);
		message(s->err, "none; %s", text.p);
		strbuf_release(&text);
	}
	arena_release(&arena);
}

/* Alerts ------------------------------------------------------------------ */

/* Do --min-level, --tactic and --technique ask for it? */
static bool wants_alert(const struct session *s, const struct alert *a)
{
	const struct options *o = s->o;

	if (o->has_min_level && a->level < o->min_level)
		return false;
	if (o->tactics && !(a->rule->tactics & o->tactics))
		return false;
	return !o->has_technique ||
	       rule_names_technique(a->rule, &o->technique);
}

static void keep_wanted(const struct session *s, struct alerts *a)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->n; i++)
		if (wants_alert(s, &a->alert[i]))
			a->alert[kept++] = a->alert[i];
	a->n = kept;
}

/* What a case says is in the marks of the rows. */
static void read_said(struct session *s)
{
	struct snapshot *silent = s->snap;

	case_book_update(&s->book, s->case_file);
	case_evidence_make(&s->evidence, &s->book);
	case_rows_put(&s->said, &s->book, s->snap, investigation_rules(s->inv));
	s->snap = snapshot_said(silent, s->said.said, s->said.judged);
	snapshot_release(silent);
}

/* Which matches the case mutes: unless they are asked for, rows have no marks
 * of them. */
static void read_mutes(struct session *s)
{
	struct snapshot *whole = s->snap;
	struct mutes mutes;

	mutes_init(&mutes);
	mutes_read(&mutes, s->case_file);
	s->muted = mem_alloc(s->snap->matches.n + 1);
	mutes_mark(&mutes, investigation_rules(s->inv), s->snap->store,
		   &s->snap->matches, s->muted);
	mutes_release(&mutes);
	s->snap = snapshot_heard(whole, investigation_rules(s->inv),
				 s->o->muted ? NULL : s->muted, UINT64_MAX);
	snapshot_release(whole);
}

static void read_case(struct session *s)
{
	if (!s->case_file)
		return;
	read_mutes(s);
	read_said(s);
}

static void find_alerts(struct session *s)
{
	/* An incident has what is muted in its place, or not at all. */
	bool together = s->o->muted && s->o->incidents;

	snapshot_alerts(s->snap, investigation_rules(s->inv), &s->rows,
			together ? NULL : s->muted, &s->alerts,
			s->muted && !together ? &s->muted_alerts : NULL);
	keep_wanted(s, &s->alerts);
	keep_wanted(s, &s->muted_alerts);
}

void session_fail_on(struct session *s)
{
	for (size_t i = 0; s->o->has_fail_on && i < s->alerts.n; i++)
		if (s->alerts.alert[i].level >= s->o->fail_on &&
		    s->status == EXIT_OK)
			s->status = EXIT_FINDINGS;
}

/* Opening and closing ----------------------------------------------------- */

static enum err_code open_all(struct session *s, FILE *out,
			      struct progress *progress, struct err *err)
{
	const struct options *o = s->o;
	struct investigation_options options = options_evidence(o);
	enum err_code rc = prepare_filter(s, err);

	if (rc == ERR_OK && o->case_path)
		rc = case_open(&s->case_file, o->case_path, CASE_READ, NULL,
			       err);
	if (rc == ERR_OK)
		rc = investigation_new(&s->inv, &options, err);
	if (rc == ERR_OK)
		rc = investigation_find(s->inv, progress_tick, progress, err);
	if (rc == ERR_OK)
		rc = output_open(&s->out, o, out, err);
	if (rc == ERR_OK)
		rc = output_spares(&s->out, o, investigation_files(s->inv),
				   err);
	return rc;
}

static void release(struct session *s)
{
	coverage_free(s->coverage);
	disguise_free(s->disguise);
	alerts_release(&s->alerts);
	alerts_release(&s->muted_alerts);
	free(s->muted);
	case_rows_release(&s->said);
	case_evidence_release(&s->evidence);
	case_book_release(&s->book);
	case_close(s->case_file);
	rowset_release(&s->rows);
	snapshot_release(s->snap);
	investigation_free(s->inv);
	plan_free(s->filter);
}

/* With --strict a result of less than all of the input is none. */
static enum err_code refuse_losses(const struct session *s, struct err *err)
{
	uint64_t lost = skips_lost(&s->snap->store->skips);

	if (!lost && s->status != EXIT_SKIPPED && s->snap->store->n)
		return ERR_OK;
	if (!s->o->quiet)
		session_tell_skips(s);
	if (!s->snap->store->n)
		return err_set(err, ERR_LOST,
			       "no event was found; with --strict nothing is "
			       "printed then");
	if (!lost)
		return err_set(err, ERR_LOST,
			       "some rules cannot run, or gave up; with "
			       "--strict nothing is printed then");
	return err_set(err, ERR_LOST,
		       "%" PRIu64 " files and records could not be read; with "
		       "--strict nothing is printed then",
		       lost);
}

enum err_code session_open(struct session *s, const struct options *o,
			   FILE *out, FILE *err_file, struct err *err)
{
	struct progress progress;
	struct stop stop;
	enum err_code rc;

	*s = (struct session){ .o = o, .err = err_file };
	case_book_init(&s->book);
	case_evidence_init(&s->evidence);
	s->said = (struct case_rows)CASE_ROWS_INIT;
	progress_begin(&progress, o, err_file);
	stop_catch(&stop);
	rc = open_all(s, out, &progress, err);
	if (rc == ERR_OK) {
		session_tell_rule_problems(s);
		s->snap = investigation_load(s->inv, progress_tick, &progress);
		progress_end(&progress);
	}
	s->stopped = stop_release(&stop);
	if (rc == ERR_OK) {
		session_tell_load(s);
		read_case(s);
		rc = find_rows(s, err);
	}
	if (rc == ERR_OK && o->strict)
		rc = refuse_losses(s, err);
	if (rc == ERR_OK)
		rc = handed_on_disguise(&s->disguise, &s->out, o, s->snap,
					o->path, o->path_n, err);
	if (rc) {
		output_discard(&s->out);
		release(s);
		return rc;
	}
	find_alerts(s);
	return ERR_OK;
}

int session_fail(struct session *s, const struct err *err)
{
	output_discard(&s->out);
	release(s);
	return cli_fail(s->err, err);
}

int session_close(struct session *s)
{
	struct err err;

	if (s->snap) {
		bool none = s->snap->store->n == 0;

		if (!s->o->quiet)
			session_tell_skips(s);
		session_tell_case(s);
		if (none && !s->o->quiet)
			message(s->err, "no CloudTrail event was found");
		if (none || skips_lost(&s->snap->store->skips))
			s->status = EXIT_SKIPPED;
		if (s->stopped)
			s->status = 128 + s->stopped;
	}
	/* Before the release, which waits until the load is kept. */
	if (output_close(&s->out, &err)) {
		message(s->err, "%s", err.msg);
		s->status = EXIT_USAGE;
	}
	release(s);
	return s->status;
}
