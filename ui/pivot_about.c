/* SPDX-License-Identifier: MIT */
/* From an Insight or a finding to the calls that it is about. */
#include "casework/about.h"
#include "ingest/reader.h"
#include "ui/app_private.h"

bool app_about(struct app *a, struct strbuf *filter)
{
	const struct desk *d = a->desk;
	struct reader *r;
	const struct event *e;
	struct err err;
	bool known = false;

	if (!d->snap || d->selected == ROW_NONE ||
	    !kind_tells_of_calls(d->snap->store->kind[d->selected]))
		return false;
	r = reader_new(d->snap->store, investigation_limits(d->inv));
	if (reader_event(r, d->selected, &e, &err) == ERR_OK)
		known = about_filter(e, filter);
	reader_free(r);
	return known;
}

void app_pivot_about(struct app *a)
{
	struct desk *d = a->desk;
	struct strbuf filter;
	struct err err;

	strbuf_init(&filter);
	if (!app_about(a, &filter)) {
		app_say(a, "only Insights and findings are about calls");
	} else {
		app_remember(a);
		desk_set_scope(d, (struct scope)SCOPE_INIT);
		desk_set_window(d, TIME_NONE, TIME_NONE);
		if (desk_set_filter(d, strbuf_str(&filter), &err))
			app_say(a, "%s", err.msg);
		app_focus(a, PANE_TIMELINE);
	}
	strbuf_release(&filter);
}
