/* SPDX-License-Identifier: MIT */
/*
 * From the selected event to what names the same resource, or has the same
 * request's id: values that are no columns, so its record is read.
 */
#include "query/print.h"
#include "query/stats.h"
#include "ui/app_private.h"
#include "ui/panes/text.h"

/* Requests name few things; those of a long list are in the detail. */
enum { RESOURCES_SHOWN = 8 };

/* `q` closes the menu, as it closes all else: the request's id has `d`. */
static const struct record_pivot {
	char key;
	const char *name;
	const char *field;
	size_t most;
} record_pivots[] = {
	{ 'r', "resource", "resource", RESOURCES_SHOWN },
	{ 'd', "request", "requestID", 1 },
};

/* The values of a field of the selected event; the caller releases them. */
static bool read_values(const struct desk *d, const char *field,
			struct stats *out)
{
	const struct scan_options options = { 1, investigation_limits(d->inv) };
	struct rowset one = ROWSET_INIT;
	struct stats_run *run;
	struct err err;
	bool ok;

	rowset_add(&one, d->selected);
	ok = stats_run_new(&run, d->snap->store, NULL, str_of(field), &one,
			   &options, &err) == ERR_OK;
	if (ok) {
		while (!stats_run_step(run, 1000))
			;
		stats_run_take(run, out);
		stats_run_free(run);
	}
	rowset_release(&one);
	return ok;
}

static void go(struct app *a, struct str filter)
{
	struct desk *d = a->desk;
	struct err err;

	app_remember(a);
	desk_set_scope(d, (struct scope)SCOPE_INIT);
	if (desk_set_filter(d, filter, &err))
		app_say(a, "%s", err.msg);
	app_focus(a, PANE_TIMELINE);
}

/* The first has the pivot's letter, the others digits from 2. */
static void add_values(struct menu *m, const struct record_pivot *p,
		       const struct stats *values)
{
	struct strbuf filter, label;

	strbuf_init(&filter);
	strbuf_init(&label);
	for (size_t i = 0; i < values->n && i < p->most; i++) {
		struct str value = values->value[i].text;

		if (!value.n)
			continue;
		strbuf_clear(&filter);
		query_term(&filter, str_of(p->field), value);
		strbuf_clear(&label);
		strbuf_addf(&label, "%-9s %8s     ", i ? "" : p->name, "");
		strbuf_add(&label, value);
		menu_add(m, i ? (char)('1' + i) : p->key, strbuf_str(&label),
			 go, strbuf_str(&filter));
	}
	strbuf_release(&label);
	strbuf_release(&filter);
}

void app_add_record_pivots(const struct app *a, struct menu *m)
{
	struct stats values;

	for (size_t i = 0; i < ARRAY_SIZE(record_pivots); i++) {
		if (!read_values(a->desk, record_pivots[i].field, &values))
			continue;
		add_values(m, &record_pivots[i], &values);
		stats_release(&values);
	}
}

static const struct record_pivot *find(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(record_pivots); i++)
		if (str_eq(name, str_of(record_pivots[i].name)) ||
		    str_eq(name, str_of(record_pivots[i].field)))
			return &record_pivots[i];
	return NULL;
}

bool app_pivot_record(struct app *a, struct str name)
{
	const struct record_pivot *p = find(name);
	const struct desk *d = a->desk;
	struct strbuf filter;
	struct stats values;

	if (!p)
		return false;
	if (!d->snap || d->selected == ROW_NONE) {
		app_say(a, "no event is selected");
		return true;
	}
	if (!read_values(d, p->field, &values))
		return false;
	strbuf_init(&filter);
	if (values.n) {
		query_term(&filter, str_of(p->field), values.value[0].text);
		go(a, strbuf_str(&filter));
	} else {
		app_say(a, "the event has no %s", p->name);
	}
	strbuf_release(&filter);
	stats_release(&values);
	return true;
}
