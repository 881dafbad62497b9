/* SPDX-License-Identifier: MIT */
/*
 * From what lies beside the calls to these: from an Insight or a finding to the
 * calls that it is about, from a request, a flow or a finding to the machine or
 * identity that it names.
 */
#include "casework/about.h"
#include "ingest/reader.h"
#include "ui/app_private.h"

/* Its record is read while somebody waits. */
static bool may_tell(const struct store *s, row_id row)
{
	return kind_tells_of_calls(s->kind[row]) ||
	       s->kind[row] == KIND_NETWORK;
}

bool app_about(struct app *a, struct strbuf *filter)
{
	const struct desk *d = a->desk;
	struct reader *r;
	const struct event *e;
	struct err err;
	bool known = false;

	if (!d->snap || d->selected == ROW_NONE ||
	    !may_tell(d->snap->store, d->selected))
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
		app_say(a, "it tells of no other calls");
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

node_id app_named(const struct app *a)
{
	const struct desk *d = a->desk;

	if (!d->snap || d->selected == ROW_NONE ||
	    kind_is_call(d->snap->store->kind[d->selected]))
		return NODE_NONE;
	return lineage_named(d->snap->lineage, d->selected);
}

void app_pivot_named(struct app *a)
{
	node_id node = app_named(a);
	const struct lineage *l;
	struct strbuf label;
	struct err err;

	if (!node) {
		app_say(a, "the row names nobody that is known");
		return;
	}
	l = a->desk->snap->lineage;
	strbuf_init(&label);
	node_describe(l, node, &label);
	/* What found the row does not find the calls. */
	app_remember(a);
	if (desk_set_filter(a->desk, STR_NULL, &err))
		app_say(a, "%s", err.msg);
	desk_set_scope(a->desk,
		       scope_make(SCOPE_NODE, lineage_id(l, node), STR_NULL,
				  STR_NULL, strbuf_str(&label)));
	app_focus(a, PANE_TIMELINE);
	strbuf_release(&label);
}
