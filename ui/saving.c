/* SPDX-License-Identifier: MIT */
#include "ui/saving.h"

#include "ui/app_private.h"

/* What was narrowed to, in words for the report. */
static void describe_selection(const struct desk *d, struct strbuf *out)
{
	if (d->now.filter.n) {
		strbuf_adds(out, "match ");
		strbuf_add(out, d->now.filter);
	}
	if (d->now.since != TIME_NONE) {
		strbuf_adds(out,
			    out->n ? ", are at or after " : "are at or after ");
		time_format(out, d->now.since, TIME_ISO, NULL);
	}
	if (d->now.until != TIME_NONE) {
		strbuf_adds(out, out->n ? ", are before " : "are before ");
		time_format(out, d->now.until, TIME_ISO, NULL);
	}
}

void app_save(struct app *a, const struct saving_wish *wish)
{
	const struct desk *d = a->desk;
	struct writing_terms terms = {
		.format = wish->format,
		.report = wish->report,
		.incident = wish->incident,
		.event = wish->event,
		.path = wish->path,
		.force = wish->force,
		.command = wish->command,
		.zone = &d->zone,
		.snap = d->snap,
		.muted = d->muted_alerts.n,
		.rows = &d->rows,
		.case_file = d->case_file,
		.limits = investigation_limits(d->inv),
	};
	struct strbuf selection;
	struct err err;

	if (!d->snap || d->load.loading) {
		app_say(a, "the load is not at its end, and a part would be "
			   "written; ^C ends it");
		return;
	}
	if (a->writing) {
		app_say(a, "%s is being written; ^C ends that",
			writing_path(a->writing));
		return;
	}
	strbuf_init(&selection);
	describe_selection(d, &selection);
	terms.selection = strbuf_str(&selection);
	desk_all_alerts(d, &terms.alerts);
	a->writing = writing_begin(&terms, &err);
	strbuf_release(&selection);
	if (a->writing)
		app_say(a, "writing %s", writing_path(a->writing));
	else
		app_say(a, "%s", err.msg);
}

static void end(struct app *a)
{
	struct strbuf said;
	struct err err;

	strbuf_init(&said);
	if (writing_end(a->writing, &said, &err))
		app_say(a, "%s", err.msg);
	else
		app_say(a, "%s", said.p);
	strbuf_release(&said);
	a->writing = NULL;
}

void saving_poll(struct app *a)
{
	if (a->writing && writing_done(a->writing))
		end(a);
}

bool saving_interrupt(struct app *a)
{
	if (!a->writing)
		return false;
	writing_stop(a->writing);
	return true;
}

void saving_end(struct app *a)
{
	if (saving_interrupt(a))
		end(a);
}
