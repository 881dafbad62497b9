/* SPDX-License-Identifier: MIT */
#include "cli/writing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/event_rows.h"
#include "cli/handed_on.h"
#include "cli/navigator.h"
#include "cli/output.h"

/* What the thread works with is its own. */
struct writing {
	pthread_t thread;
	atomic_bool stop, done;
	struct snapshot *snap;
	struct options options; /* they point into the line */
	struct option_line line;
	const char *const *evidence;
	size_t evidence_n;
	struct alerts alerts;
	struct rowset rows;
	struct case_evidence among;
	struct case_book book;
	bool has_book;
	size_t muted, events, unread;
	struct strbuf path, command, selection;
	enum err_code rc;
	struct err err;
};

static void release(struct writing *w)
{
	alerts_release(&w->alerts);
	rowset_release(&w->rows);
	case_evidence_release(&w->among);
	case_book_release(&w->book);
	snapshot_release(w->snap);
	strbuf_release(&w->path);
	strbuf_release(&w->command);
	strbuf_release(&w->selection);
	options_release(&w->options);
	option_line_release(&w->line);
	free(w);
}

/* In the thread ---------------------------------------------------------------- */

static bool going(void *context)
{
	struct writing *w = context;

	return !atomic_load(&w->stop);
}

static bool going_on(void *context, uint64_t done, uint64_t all)
{
	(void)done;
	(void)all;
	return going(context);
}

static enum err_code make_report(struct writing *w, struct report *r,
				 const struct verify_keys *keys,
				 const struct coverage *coverage)
{
	const struct report_terms terms = {
		.snap = w->snap,
		.alerts = &w->alerts,
		.coverage = coverage,
		.limits = &w->options.limits,
		.threads = w->snap->threads,
		.incident = w->options.incident,
		.event = w->options.incident_of ?
				 str_of(w->options.incident_of) :
				 STR_NULL,
		.keys = w->options.public_keys_n ? keys : NULL,
		.going = going_on,
		.context = w,
	};

	return report_make(r, &terms, &w->err);
}

static enum err_code write_report(struct writing *w, struct output *out)
{
	struct rowset all = ROWSET_INIT;
	struct coverage *coverage;
	const struct report_style style = {
		.zone = &w->options.zone,
		.command = strbuf_str(&w->command),
		.selection = strbuf_str(&w->selection),
		.book = w->has_book ? &w->book : NULL,
		.muted = w->muted,
	};
	struct verify_keys keys;
	struct report r;
	enum err_code rc;

	verify_keys_init(&keys);
	rc = verify_keys_read_all(&keys, w->options.public_keys,
				  w->options.public_keys_n, &w->err);
	if (rc == ERR_OK) {
		rowset_add_range(&all, 0, w->snap->store->n);
		coverage = coverage_new(w->snap->store, &all, TIME_NONE,
					TIME_NONE);
		rc = make_report(w, &r, &keys, coverage);
		if (rc == ERR_OK)
			handed_on_report(out, &w->options, &r, &style);
		report_release(&r);
		coverage_free(coverage);
		rowset_release(&all);
	}
	verify_keys_release(&keys);
	return rc;
}

static enum err_code write_events(struct writing *w, struct output *out)
{
	const struct event_rows_terms terms = {
		.snap = w->snap,
		.format = w->options.format,
		.limits = &w->options.limits,
		.path = w->path.p,
		.limit = w->options.limit,
		.evidence = &w->among,
		.going = going,
		.context = w,
	};

	if (w->options.format == FORMAT_NAVIGATOR)
		navigator_write(out, &w->alerts, w->options.limit,
				strbuf_str(&w->selection));
	else
		w->unread = event_rows_write(out, &w->rows, &terms);
	return going(w) ? ERR_OK : err_set(&w->err, ERR_CANCELLED, "stopped");
}

/* The evidence is never written to, whatever was asked for. */
static enum err_code check_evidence(struct writing *w, const struct output *out)
{
	const struct files *files = w->snap->store->files;

	for (uint32_t i = 0; i < files->n; i++)
		if (output_is_file(out, files->entry[i].device,
				   files->entry[i].inode))
			return err_set(&w->err, ERR_USAGE,
				       "%s: is part of the evidence",
				       w->path.p);
	return ERR_OK;
}

static enum err_code write_it(struct writing *w, struct output *out)
{
	struct disguise *disguise = NULL;
	enum err_code rc = check_evidence(w, out);

	if (rc == ERR_OK)
		rc = handed_on_disguise(&disguise, out, &w->options, w->snap,
					w->evidence, w->evidence_n, &w->err);
	if (rc == ERR_OK)
		rc = w->options.command == SUB_REPORT ? write_report(w, out) :
							write_events(w, out);
	if (rc)
		output_discard(out);
	else
		rc = output_close(out, &w->err);
	disguise_free(disguise);
	return rc;
}

static void *work(void *context)
{
	struct writing *w = context;
	struct output out;

	if (!w->options.force && access(w->path.p, F_OK) == 0)
		w->rc = err_set(&w->err, ERR_IO,
				"%s: is there already; with ! behind the "
				"command it is overwritten",
				w->path.p);
	else
		w->rc = output_open(&out, &w->options, NULL, &w->err);
	if (w->rc == ERR_OK)
		w->rc = write_it(w, &out);
	atomic_store(&w->done, true);
	return NULL;
}

/* For the screen ---------------------------------------------------------------- */

static struct writing *writing_new(struct writing_terms *t)
{
	struct writing *w = mem_zero(1, sizeof(*w));

	strbuf_init(&w->path);
	strbuf_init(&w->command);
	strbuf_init(&w->selection);
	case_book_init(&w->book);
	strbuf_add(&w->path, t->path);
	strbuf_add(&w->command, t->command);
	strbuf_add(&w->selection, t->selection);
	w->snap = snapshot_hold(t->snap);
	w->options = t->options;
	w->line = t->line;
	w->options.output = w->path.p;
	w->options.zone = *t->zone;
	w->options.color = WHEN_NEVER;
	w->options.limits = *t->limits;
	w->options.threads = t->snap->threads;
	w->evidence = t->evidence;
	w->evidence_n = t->evidence_n;
	w->alerts = t->alerts;
	w->muted = t->muted;
	rowset_copy(&w->rows, t->rows);
	case_evidence_init(&w->among);
	if (t->among)
		case_evidence_copy(&w->among, t->among);
	w->events = w->rows.n + w->among.n;
	if (t->case_file) {
		case_book_update(&w->book, t->case_file);
		w->has_book = true;
	}
	return w;
}

struct writing *writing_begin(struct writing_terms *terms, struct err *err)
{
	struct writing *w = writing_new(terms);

	if (event_rows_check(w->options.format, w->path.p, err) == ERR_OK) {
		if (!pthread_create(&w->thread, NULL, work, w))
			return w;
		err_set(err, ERR_IO, "the system has no thread for this");
	}
	release(w);
	return NULL;
}

bool writing_done(const struct writing *w)
{
	return atomic_load(&w->done);
}

const char *writing_path(const struct writing *w)
{
	return w->path.p;
}

void writing_stop(struct writing *w)
{
	atomic_store(&w->stop, true);
}

/* What was written, and what of all there is that was. */
static void tell(const struct writing *w, struct strbuf *said)
{
	size_t n = w->events;

	if (w->options.command == SUB_REPORT)
		strbuf_adds(said, "report");
	else if (w->options.format == FORMAT_NAVIGATOR)
		strbuf_addf(said, "%zu alerts", w->alerts.n);
	else if (n > w->options.limit)
		n = (size_t)w->options.limit;
	if (!said->n)
		strbuf_addf(said, "%zu events", n - w->unread);
	strbuf_addf(said, " written to %s", w->path.p);
	if (w->unread)
		strbuf_addf(said, "; %zu could not be read", w->unread);
	if (w->selection.n) {
		strbuf_adds(said, "; only events that ");
		strbuf_add(said, strbuf_str(&w->selection));
	}
}

enum err_code writing_end(struct writing *w, struct strbuf *said,
			  struct err *err)
{
	enum err_code rc;

	pthread_join(w->thread, NULL);
	rc = w->rc;
	if (rc)
		*err = w->err;
	else
		tell(w, said);
	release(w);
	return rc;
}
