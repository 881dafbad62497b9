/* SPDX-License-Identifier: MIT */
/* What somebody left, as views over the panes. */
#include <stdlib.h>

#include "base/mem.h"
#include "model/identity.h"
#include "query/print.h"
#include "ui/app.h"
#include "ui/panes/profile.h"
#include "ui/picks.h"
#include "ui/panes/traces_private.h"

/* Life --------------------------------------------------------------------- */

static void drop(struct traces_view *v)
{
	free(v->place);
	v->place = NULL;
	if (!v->find.snap)
		return;
	job_wait(&v->job);
	traces_find_release(&v->find);
	v->running = v->has = false;
}

/* What data events are missing, beside a list of data. */
static void note_lacks(struct traces_view *v, struct desk *d)
{
	struct coverage_question q = COVERAGE_QUESTION_INIT;
	const struct store *s = d->snap->store;
	const struct coverage *c = desk_coverage(d);
	uint8_t *seen = mem_zero(s->values[EVENT_ACCOUNT], 1);

	strbuf_clear(&v->lacks);
	for (size_t i = 0; i < v->find.rows.n; i++)
		seen[store_value_at(s, EVENT_ACCOUNT, v->find.rows.row[i])] = 1;
	q.data = true;
	for (uint32_t a = 1; a < s->values[EVENT_ACCOUNT] && !v->lacks.n; a++) {
		q.account = store_value(s, EVENT_ACCOUNT, a);
		if (seen[a] && !coverage_has_data(c, q.account, STR_NULL))
			coverage_none(c, &q, &d->zone, &v->lacks);
	}
	free(seen);
}

static void finish(struct traces_view *v, struct desk *d)
{
	job_wait(&v->job);
	v->running = false;
	v->has = true;
	if (v->find.kind == TRACES_DATA)
		note_lacks(v, d);
	traces_sort(v, d);
	list_set_count(&v->list, traces_count(&v->find));
}

static void start(struct traces_view *v, struct desk *d)
{
	enum traces_kind kind = v->find.kind;
	node_id node = v->of.n ? lineage_node(d->snap->lineage,
					      strbuf_str(&v->of)) :
				 NODE_NONE;

	drop(v);
	list_set_count(&v->list, 0);
	strbuf_clear(&v->lacks);
	v->find = (struct traces_find){
		.snap = snapshot_hold(d->snap),
		.limits = investigation_limits(d->inv),
		.kind = kind,
		.of = v->asked,
		.node = node,
		.row = v->row,
		.since = d->now.since,
		.until = d->now.until,
		.rows = ROWSET_INIT,
	};
	v->running = true;
	job_begin(&v->job, traces_find, &v->find);
}

struct traces_view *traces_view_new(struct desk *d, enum traces_kind kind,
				    enum traces_of of, node_id node, row_id row)
{
	struct traces_view *v = mem_zero(1, sizeof(*v));

	strbuf_init(&v->of);
	strbuf_init(&v->lacks);
	if (node)
		strbuf_add(&v->of, lineage_id(d->snap->lineage, node));
	v->find.kind = kind;
	v->asked = of;
	v->row = row;
	start(v, d);
	return v;
}

static void traces_close(void *state)
{
	struct traces_view *v = state;

	drop(v);
	strbuf_release(&v->of);
	strbuf_release(&v->lacks);
	free(v);
}

/* A row is one of its snapshot: in a newer one an incident is asked for
 * again. Another window is another question. */
static void traces_refresh(void *state, struct desk *d)
{
	struct traces_view *v = state;

	if (!v->find.snap ||
	    (v->find.snap == d->snap && v->find.since == d->now.since &&
	     v->find.until == d->now.until))
		return;
	if (v->find.snap != d->snap)
		v->row = d->selected;
	start(v, d);
}

static bool traces_busy(const void *state)
{
	return ((const struct traces_view *)state)->running;
}

static void traces_step(void *state, struct desk *d, unsigned ms)
{
	struct traces_view *v = state;

	if (v->running && job_ended(&v->job, ms))
		finish(v, d);
}

static int traces_resized(void *state, int rows, int cols)
{
	(void)state;
	(void)cols;
	/* The heading, and what is told below. */
	return rows - 1 - TRACES_FOOT;
}

/* Title -------------------------------------------------------------------- */

/* Adds whose they are: "user eve", "everybody". */
static void add_whose(const struct traces_view *v, struct strbuf *out)
{
	const struct traces_find *f = &v->find;

	if (f->of == TRACES_EVERYBODY)
		strbuf_adds(out, "everybody");
	else if (f->of == TRACES_INCIDENT)
		strbuf_adds(out, "the incident");
	else if (f->node)
		node_describe(f->snap->lineage, f->node, out);
}

static void traces_title(const void *state, const struct desk *d,
			 struct arena *arena, struct safetext *left,
			 struct safetext *right)
{
	static const char *const titles[] = { "persist] made or changed by ",
					      "data] data touched by ",
					      "reach] what came of " };
	const struct traces_view *v = state;
	struct strbuf whose;

	(void)d;
	strbuf_init(&whose);
	strbuf_adds(&whose, titles[v->find.kind]);
	add_whose(v, &whose);
	if (v->find.since != TIME_NONE || v->find.until != TIME_NONE)
		strbuf_adds(&whose, ", in the window");
	if (v->has && v->find.kind == TRACES_PERSIST)
		strbuf_addf(&whose, ": %zu, %zu still there", v->find.lasting.n,
			    v->find.still);
	*left = safe_text(arena, strbuf_str(&whose), SAFE_LIST);
	strbuf_release(&whose);
	*right = safe_join(arena,
			   safe_format(arena, "s:%s%s ",
				       traces_orders(v->find.kind)[v->order],
				       v->reversed ? " rev" : ""),
			   list_position(&v->list, arena));
}

/* Commands ----------------------------------------------------------------- */

static const struct lasting *lasting_at(const struct traces_view *v)
{
	return v->has && v->find.kind == TRACES_PERSIST &&
			       v->list.cursor < v->find.lasting.n ?
		       traces_lasting(v, v->list.cursor) :
		       NULL;
}

/* The event that made it, and the one that took it away. */
static void drill_lasting(struct app *app, const struct lasting *x)
{
	const struct store *s = app_desk(app)->snap->store;
	struct strbuf ids, label;

	strbuf_init(&ids);
	strbuf_init(&label);
	store_id_text(s, x->row, &ids);
	if (x->gone != ROW_NONE) {
		strbuf_addc(&ids, ' ');
		store_id_text(s, x->gone, &ids);
	}
	strbuf_addf(&label, "%s ", x->what);
	strbuf_add(&label, x->name);
	app_drill(app, scope_make(SCOPE_EVENTS, strbuf_str(&ids), STR_NULL,
				  STR_NULL, strbuf_str(&label)));
	strbuf_release(&ids);
	strbuf_release(&label);
}

/* All calls of that actor about the thing, as a filter. */
static void drill_touched(struct app *app, const struct touched *t)
{
	struct desk *d = app_desk(app);
	struct strbuf filter;
	struct err err;

	strbuf_init(&filter);
	if (str_eq(t->service, STR("s3access"))) {
		strbuf_adds(&filter, "kind:s3access and ");
		if (principal_is_nobody(t->actor))
			strbuf_adds(&filter, "not requester:*");
		else
			query_term(&filter, STR("requester"), t->actor);
	} else {
		query_term(&filter, STR("actor"), t->actor);
	}
	strbuf_adds(&filter, " and ");
	if (t->resource.n && str_eq(t->service, STR("s3access")))
		query_term(&filter, STR("bucket"), t->resource);
	else if (t->resource.n)
		query_term(&filter, STR("resource"), t->resource);
	else
		query_term(&filter, STR("service"), t->service);
	app_remember(app);
	desk_set_scope(d, (struct scope)SCOPE_INIT);
	if (desk_set_filter(d, strbuf_str(&filter), &err))
		app_say(app, "%s", err.msg);
	app_focus(app, PANE_TIMELINE);
	strbuf_release(&filter);
}

static void drill_reached(const struct traces_view *v, struct app *app,
			  const struct reached *at)
{
	const struct lineage *l = v->find.snap->lineage;
	struct strbuf label;

	strbuf_init(&label);
	node_describe(l, at->node, &label);
	app_drill(app, scope_make(SCOPE_NODE, lineage_id(l, at->node), STR_NULL,
				  STR_NULL, strbuf_str(&label)));
	strbuf_release(&label);
}

static void drill(struct traces_view *v, struct app *app)
{
	size_t i = v->list.cursor;

	if (!v->has || i >= traces_count(&v->find))
		return;
	if (v->find.kind == TRACES_PERSIST)
		drill_lasting(app, traces_lasting(v, i));
	else if (v->find.kind == TRACES_DATA)
		drill_touched(app, traces_touched(v, i));
	else
		drill_reached(v, app, traces_reached(&v->find, i));
}

/* The identity, its incident, everybody, and round again. */
static void turn(struct traces_view *v, struct desk *d)
{
	v->asked = v->asked == TRACES_IDENTITY ? TRACES_INCIDENT :
		   v->asked == TRACES_INCIDENT && v->find.kind != TRACES_REACH ?
						 TRACES_EVERYBODY :
		   v->of.n ? TRACES_IDENTITY :
			     TRACES_INCIDENT;
	if (v->asked == TRACES_INCIDENT)
		v->row = d->selected;
	start(v, d);
}

static void show_profile(const struct traces_view *v, struct app *app)
{
	const struct lasting *x = lasting_at(v);
	node_id node = x ? x->node : NODE_NONE;

	if (v->has && v->find.kind == TRACES_REACH &&
	    v->list.cursor < v->find.lines.n)
		node = traces_reached(&v->find, v->list.cursor)->node;
	if (node)
		profile_go(app, v->find.snap->lineage, node, PROFILE_TOP);
	else
		app_say(app, "the row names no identity");
}

/* The next order, or the one that is named. */
static void change_order(struct traces_view *v, struct app *app,
			 struct str name, bool reverse)
{
	const char *const *orders = traces_orders(v->find.kind);
	size_t order = 0;

	if (!v->has || !orders[1]) {
		app_say(app, !v->has ? "records are being read" :
				       "what came of an identity is a tree, in "
				       "order of time");
		return;
	}
	while (name.n && orders[order] &&
	       !str_eq_fold(name, str_of(orders[order])))
		order++;
	if (!orders[order]) {
		app_say(app, "%.*s is no order of these", STR_ARG(name));
		return;
	}
	if (reverse)
		v->reversed = !v->reversed;
	else
		v->order = name.n               ? order :
			   orders[v->order + 1] ? v->order + 1 :
						  0;
	traces_sort(v, app_desk(app));
	list_first(&v->list);
}

static bool traces_command(void *state, struct app *app,
			   enum screen_command cmd, struct str argument)
{
	struct traces_view *v = state;

	switch (cmd) {
	case DO_DRILL:
		drill(v, app);
		return true;
	case DO_REPRESENT:
		turn(v, app_desk(app));
		return true;
	case DO_PANE_PROFILE:
		show_profile(v, app);
		return true;
	case DO_SORT:
	case DO_REVERSE:
		change_order(v, app, argument, cmd == DO_REVERSE);
		return true;
	default:
		return false;
	}
}

static node_id traces_identity(const void *state, const struct desk *d)
{
	const struct traces_view *v = state;

	return v->find.snap == d->snap ? v->find.node : NODE_NONE;
}

static bool is_current(const struct traces_view *v, const struct desk *d)
{
	return v->has && v->find.snap == d->snap &&
	       v->list.cursor < traces_count(&v->find);
}

/* The call that made it; of data, and of what came of an identity, the first
 * one. */
static row_id traces_event(const void *state, const struct desk *d, size_t *of)
{
	const struct traces_view *v = state;
	size_t at = v->list.cursor;

	if (!is_current(v, d))
		return ROW_NONE;
	if (v->find.kind == TRACES_PERSIST)
		return traces_lasting(v, at)->row;
	if (v->find.kind == TRACES_DATA) {
		*of = traces_touched(v, at)->events;
		return traces_touched(v, at)->first;
	}
	*of = v->find.lines.line[at].events;
	return d->snap->lineage->node[traces_reached(&v->find, at)->node].first;
}

static void traces_picks(const void *state, const struct desk *d,
			 struct picks *out)
{
	const struct traces_view *v = state;
	size_t at = v->list.cursor;
	const struct touched *t;

	if (!is_current(v, d))
		return;
	if (v->find.kind == TRACES_PERSIST) {
		if (traces_lasting(v, at)->node)
			picks_node(out, d->snap->lineage,
				   traces_lasting(v, at)->node);
		picks_add(out, 'r', "resource", traces_lasting(v, at)->name);
		picks_event(out, d, traces_lasting(v, at)->row);
	} else if (v->find.kind == TRACES_DATA) {
		t = traces_touched(v, at);
		picks_add(out, 'r', "resource", t->resource);
		picks_add(out, 'n', "actor", t->actor);
		picks_add(out, 'v', "service", t->service);
		picks_add(out, 'c', "account", t->account);
	} else {
		picks_node(out, d->snap->lineage,
			   traces_reached(&v->find, at)->node);
	}
}

static struct list *traces_list(void *state)
{
	return &((struct traces_view *)state)->list;
}

static void traces_row_text(const void *state, const struct desk *d, size_t row,
			    struct strbuf *out)
{
	const struct traces_view *v = state;

	if (v->has && row < traces_count(&v->find))
		traces_tell(v, d, row, out);
}

const struct pane_class overlay_traces = {
	.name = "Traces",
	.context = IN_TRACES,
	.close = traces_close,
	.refresh = traces_refresh,
	.title = traces_title,
	.draw = traces_draw,
	.command = traces_command,
	.list = traces_list,
	.identity = traces_identity,
	.resized = traces_resized,
	.row_text = traces_row_text,
	.picks = traces_picks,
	.event = traces_event,
	.busy = traces_busy,
	.step = traces_step,
};
