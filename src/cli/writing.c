/* SPDX-License-Identifier: MIT */
#include "cli/writing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "casework/report_page.h"
#include "cli/event_rows.h"
#include "cli/navigator.h"
#include "cli/output.h"

/* What the thread works with is its own. */
struct writing {
	pthread_t thread;
	atomic_bool stop, done;
	struct snapshot *snap;
	struct options options; /* of the output */
	struct alerts alerts;
	struct rowset rows;
	struct case_book book;
	bool has_book, report;
	size_t muted, events, unread;
	struct strbuf path, command, selection, event;
	enum err_code rc;
	struct err err;
};

static void release(struct writing *w)
{
	alerts_release(&w->alerts);
	rowset_release(&w->rows);
	case_book_release(&w->book);
	snapshot_release(w->snap);
	strbuf_release(&w->path);
	strbuf_release(&w->command);
	strbuf_release(&w->selection);
	strbuf_release(&w->event);
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

static enum err_code write_report(struct writing *w, struct output *out)
{
	struct rowset all = ROWSET_INIT;
	struct coverage *coverage;
	struct report_terms terms = {
		.snap = w->snap,
		.alerts = &w->alerts,
		.limits = &w->options.limits,
		.threads = w->snap->threads,
		.incident = w->options.incident,
		.event = strbuf_str(&w->event),
		.going = going_on,
		.context = w,
	};
	const struct report_style style = {
		.zone = &w->options.zone,
		.command = strbuf_str(&w->command),
		.selection = strbuf_str(&w->selection),
		.book = w->has_book ? &w->book : NULL,
		.muted = w->muted,
	};
	struct strbuf page;
	struct report r;
	enum err_code rc;

	rowset_add_range(&all, 0, w->snap->store->n);
	coverage = coverage_new(w->snap->store, &all, TIME_NONE, TIME_NONE);
	terms.coverage = coverage;
	rc = report_make(&r, &terms, &w->err);
	strbuf_init(&page);
	if (rc == ERR_OK && w->options.format == FORMAT_JSON)
		report_json(&r, &style, &page);
	else if (rc == ERR_OK)
		report_page(&r, &style,
			    w->options.format == FORMAT_HTML ?
				    DOCUMENT_HTML :
				    DOCUMENT_MARKDOWN,
			    &page);
	if (rc == ERR_OK)
		output_page(out, strbuf_str(&page));
	strbuf_release(&page);
	report_release(&r);
	coverage_free(coverage);
	rowset_release(&all);
	return rc;
}

static enum err_code write_events(struct writing *w, struct output *out)
{
	const struct event_rows_terms terms = {
		.snap = w->snap,
		.format = w->options.format,
		.limits = &w->options.limits,
		.path = w->path.p,
		.limit = UINT64_MAX,
		.going = going,
		.context = w,
	};

	if (w->options.format == FORMAT_NAVIGATOR)
		navigator_write(out, &w->alerts, SIZE_MAX);
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
	if (w->rc == ERR_OK) {
		w->rc = check_evidence(w, &out);
		if (w->rc == ERR_OK)
			w->rc = w->report ? write_report(w, &out) :
					    write_events(w, &out);
		if (w->rc)
			output_discard(&out);
		else
			w->rc = output_close(&out, &w->err);
	}
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
	strbuf_init(&w->event);
	case_book_init(&w->book);
	strbuf_add(&w->path, t->path);
	strbuf_add(&w->command, t->command);
	strbuf_add(&w->selection, t->selection);
	strbuf_add(&w->event, t->event);
	w->snap = snapshot_hold(t->snap);
	w->report = t->report;
	w->options = (struct options){
		.output = w->path.p,
		.force = t->force,
		.format = t->format,
		.incident = t->incident,
		.zone = *t->zone,
		.color = COLOR_NEVER,
		.limits = *t->limits,
	};
	w->alerts = t->alerts;
	w->muted = t->muted;
	rowset_copy(&w->rows, t->rows);
	w->events = w->rows.n;
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

enum err_code writing_end(struct writing *w, struct strbuf *said,
			  struct err *err)
{
	enum err_code rc;

	pthread_join(w->thread, NULL);
	rc = w->rc;
	if (rc)
		*err = w->err;
	else if (w->report)
		strbuf_addf(said, "report written to %s", w->path.p);
	else if (w->options.format == FORMAT_NAVIGATOR)
		strbuf_addf(said, "%zu alerts written to %s", w->alerts.n,
			    w->path.p);
	else
		strbuf_addf(said, "%zu events written to %s",
			    w->events - w->unread, w->path.p);
	if (!rc && w->unread)
		strbuf_addf(said, "; %zu could not be read", w->unread);
	release(w);
	return rc;
}
