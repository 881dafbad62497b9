/* SPDX-License-Identifier: MIT */
/* From the selected event to what it shares a value with; and the texts that can be opened over the panes. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "detect/explain.h"
#include "ingest/reader.h"
#include "model/identity.h"
#include "query/print.h"
#include "store/files.h"
#include "ui/app_private.h"
#include "ui/keymap.h"
#include "ui/panes/lanes.h"
#include "ui/panes/text.h"

/* Pivots ------------------------------------------------------------------ */

static const struct pivot {
	char key;
	const char *name;  /* for :pivot and for guides */
	const char *field; /* of the filter */
	enum event_column column;
} pivots[] = {
	{ 'i', "identity", "principal", EVENT_PRINCIPAL },
	{ 'n', "actor", "actor", EVENT_ACTOR },
	{ 's', "session", "session", EVENT_SESSION },
	{ 'k', "key", "key", EVENT_KEY },
	{ 'a', "address", "ip", EVENT_IP },
	{ 'u', "agent", "userAgent", EVENT_AGENT },
	{ 'e', "event", "eventName", EVENT_NAME },
	{ 'v', "service", "eventSource", EVENT_SOURCE },
	{ 'c', "account", "account", EVENT_ACCOUNT },
	{ 'g', "region", "awsRegion", EVENT_REGION },
	{ 'x', "error", "errorCode", EVENT_ERROR },
};

static const struct pivot *find_pivot(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(pivots); i++)
		if (str_eq(name, str_of(pivots[i].name)) ||
		    str_eq(name, str_of(pivots[i].field)))
			return &pivots[i];
	return NULL;
}

/* The filter becomes the one term; the window of time stays. */
bool app_pivot(struct app *a, struct str name)
{
	const struct pivot *p = find_pivot(name);
	struct desk *d = a->desk;
	struct strbuf term;
	struct str value;
	struct err err;

	if (str_eq(name, STR("about"))) {
		app_pivot_about(a);
		return true;
	}
	if (str_eq(name, STR("named"))) {
		app_pivot_named(a);
		return true;
	}
	if (!p)
		return app_pivot_record(a, name);
	if (!d->snap || d->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return true;
	}
	value = store_text(d->snap->store, p->column, d->selected);
	if (!value.n) {
		app_say(a, "the event has no %s", p->name);
		return true;
	}
	strbuf_init(&term);
	query_term(&term, str_of(p->field), value);
	app_remember(a);
	desk_set_scope(d, (struct scope)SCOPE_INIT);
	if (desk_set_filter(d, strbuf_str(&term), &err))
		app_say(a, "%s", err.msg);
	app_focus(a, PANE_TIMELINE);
	strbuf_release(&term);
	return true;
}

static void run_pivot(struct app *a, struct str name)
{
	app_pivot(a, name);
}

/* Events that share a value, for the menu: all of the evidence. */
static uint64_t count_sharing(const struct store *s, const struct pivot *p,
			      row_id row)
{
	uint32_t value = store_value_at(s, p->column, row);
	uint64_t n = 0;

	if (store_is_indexed(s, p->column))
		return store_rows(s, p->column, value).n;
	for (row_id r = 0; r < s->n; r++)
		n += store_value_at(s, p->column, r) == value;
	return n;
}

static bool first_indicator(void *context, uint32_t indicator, size_t from,
			    size_t to)
{
	uint32_t *found = context;

	(void)from;
	(void)to;
	*found = indicator;
	return false;
}

/* By which line of a list a value is known. */
static void add_indicator(struct strbuf *label, const struct indicators *x,
			  const struct pivot *p, struct str value)
{
	uint32_t found = INDICATOR_NONE;
	const struct indicator *i;

	if (!x)
		return;
	if (p->column == EVENT_AGENT)
		found = indicators_agent(x, value);
	else
		indicators_in(x, value, first_indicator, &found);
	if (found == INDICATOR_NONE)
		return;
	i = indicators_at(x, found);
	strbuf_addf(label, "  indicator: %s:%u: ", file_base_name(i->path),
		    i->number);
	strbuf_add(label, i->line);
}

void app_open_pivots(struct app *a)
{
	const struct desk *d = a->desk;
	const struct store *s;
	struct strbuf label;
	struct menu *m;

	if (!d->snap || d->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	s = d->snap->store;
	m = menu_new("p] all events with the same");
	strbuf_init(&label);
	for (size_t i = 0; i < ARRAY_SIZE(pivots); i++) {
		const struct pivot *p = &pivots[i];
		struct str value = store_text(s, p->column, d->selected);

		if (!value.n)
			continue;
		strbuf_clear(&label);
		strbuf_addf(&label, "%-9s %8" PRIu64 " ev  ", p->name,
			    count_sharing(s, p, d->selected));
		strbuf_add(&label, value);
		add_indicator(&label, investigation_indicators(d->inv), p,
			      value);
		menu_add(m, p->key, strbuf_str(&label), run_pivot,
			 str_of(p->name));
	}
	app_add_record_pivots(a, m);
	strbuf_clear(&label);
	if (app_named(a)) {
		strbuf_adds(&label, "named     what was done by ");
		node_describe(d->snap->lineage, app_named(a), &label);
		menu_add(m, 'm', strbuf_str(&label), run_pivot, STR("named"));
		strbuf_clear(&label);
	}
	strbuf_adds(&label, "about     the calls that it tells of: ");
	if (app_about(a, &label))
		menu_add(m, 'o', strbuf_str(&label), run_pivot, STR("about"));
	strbuf_release(&label);
	app_open(a, &overlay_menu, m);
}

/* Why ---------------------------------------------------------------------- */

struct why_view {
	struct text_view *text;
	const struct ruleset *rules;
	const struct rule_matches *matches;
	const struct event *event;
	struct match_row where;
	bool any; /* something stands above */
};

static void add_explanation(struct why_view *v, const struct ruleset_rule *r)
{
	struct explanation x;
	struct strbuf text;
	struct str rest, line;
	bool first = true;

	strbuf_init(&text);
	explain_rule(&x, r, v->event, &v->where);
	explain_after(&x, v->rules, v->matches, v->event, &v->where);
	explanation_describe(&x, &text);
	rest = strbuf_str(&text);
	while (str_next(&rest, '\n', &line)) {
		if (first && v->any)
			text_view_add(v->text, NULL, STR_NULL);
		text_view_add(v->text, NULL, line);
		first = false;
		v->any = true;
	}
	explanation_release(&x);
	strbuf_release(&text);
}

static size_t add_explanations(struct why_view *v, const struct ruleset *rules,
			       struct str name)
{
	size_t n, told = 0;
	const struct mark *mark = marks_of(v->where.marks, v->where.row, &n);
	rule_index i;

	for (size_t k = 0; !name.n && k < n; k++, told++)
		add_explanation(v, ruleset_at(rules, mark[k].label));
	for (i = name.n ? ruleset_find(rules, name, UINT32_MAX) : UINT32_MAX;
	     i != UINT32_MAX; i = ruleset_find(rules, name, i), told++)
		add_explanation(v, ruleset_at(rules, i));
	return told;
}

void app_open_why(struct app *a, struct str name)
{
	const struct desk *d = a->desk;
	struct why_view v = { .event = NULL };
	struct reader *r;
	struct err err;

	if (!d->snap || d->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return;
	}
	r = reader_new(d->snap->store, investigation_limits(d->inv));
	v.rules = investigation_rules(d->inv);
	v.matches = &d->snap->matches;
	v.where = (struct match_row){ .store = d->snap->store,
				      .marks = &d->snap->marks,
				      .row = d->selected };
	if (reader_event(r, d->selected, &v.event, &err)) {
		app_say(a, "%s", err.msg);
		reader_free(r);
		return;
	}
	v.text = text_view_new("W] why the event is alerted, or is not");
	if (add_explanations(&v, investigation_rules(d->inv), name)) {
		app_open(a, &overlay_text, v.text);
	} else {
		overlay_text.close(v.text);
		if (name.n)
			app_say(a, "no rule has the id or title %.*s",
				STR_ARG(name));
		else
			app_say(a, "no alert is on this event; :why RULE tells "
				   "of a rule that is silent");
	}
	reader_free(r);
}

/* Values ------------------------------------------------------------------ */

void app_open_values(struct app *a, struct str field)
{
	struct values_view *v;
	struct err err;

	if (!a->desk->snap) {
		app_say(a, "nothing is loaded yet");
		return;
	}
	v = values_view_new(a->desk, field.n ? field : STR("eventName"), &err);
	if (v)
		app_open(a, &overlay_values, v);
	else
		app_say(a, "%s", err.msg);
}

void app_open_lanes(struct app *a, struct str field)
{
	struct lanes_view *v;
	struct err err;

	if (!a->desk->snap) {
		app_say(a, "nothing is loaded yet");
		return;
	}
	v = lanes_view_new(a->desk, field, &err);
	if (v)
		app_open(a, &overlay_lanes, v);
	else
		app_say(a, "%s", err.msg);
}

void app_open_coverage(struct app *a)
{
	app_open(a, &overlay_coverage, coverage_view_new());
}

/* Texts ------------------------------------------------------------------- */

void app_open_errors(struct app *a)
{
	struct text_view *v = text_view_new("!] skipped while loading");
	const struct store *s;
	struct strbuf line;

	if (!a->desk->snap) {
		text_view_add(v, NULL, STR("nothing is loaded yet"));
		app_open(a, &overlay_text, v);
		return;
	}
	s = a->desk->snap->store;
	strbuf_init(&line);
	for (size_t i = 0; i < s->skips.n; i++) {
		const struct skip *k = &s->skips.skip[i];

		strbuf_clear(&line);
		strbuf_adds(&line, s->files->entry[k->file].path);
		if (k->record)
			strbuf_addf(&line,
				    "  record %" PRIu64 " at byte %" PRIu64,
				    k->record, k->offset);
		strbuf_addf(&line, ": %s", k->reason);
		text_view_add(v, NULL, strbuf_str(&line));
	}
	if (s->skips.unlisted) {
		strbuf_clear(&line);
		strbuf_addf(&line, "and %" PRIu64 " more", s->skips.unlisted);
		text_view_add(v, NULL, strbuf_str(&line));
	}
	if (!s->skips.n)
		text_view_add(v, NULL, STR("nothing was skipped"));
	if (a->desk->snap->gave_up) {
		strbuf_clear(&line);
		strbuf_addf(&line,
			    "%" PRIu64 " times a regular expression of a rule "
			    "was given up: it takes too long, so there may be "
			    "alerts that are not shown",
			    a->desk->snap->gave_up);
		text_view_add(v, NULL, strbuf_str(&line));
	}
	if (a->desk->snap->left_out) {
		strbuf_clear(&line);
		strbuf_addf(&line,
			    "%" PRIu64 " events were too many for "
			    "correlations, so there may be alerts that are "
			    "not shown",
			    a->desk->snap->left_out);
		text_view_add(v, NULL, strbuf_str(&line));
	}
	strbuf_release(&line);
	app_open(a, &overlay_text, v);
}

void app_open_text(struct app *a, const char *title, struct str text)
{
	struct text_view *v = text_view_new(title);

	text_view_add(v, NULL, text);
	app_open(a, &overlay_text, v);
}
