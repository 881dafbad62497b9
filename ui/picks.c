/* SPDX-License-Identifier: MIT */
#include "ui/picks.h"

#include "query/parse.h"
#include "query/print.h"
#include "ui/app_private.h"
#include "ui/panes/text.h"

void picks_add(struct picks *p, char key, const char *field, struct str value)
{
	if (!value.n || p->n == PICKS_MOST)
		return;
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(p->item[i].field, field) == 0 &&
		    str_eq(p->item[i].value, value))
			return;
		if (p->item[i].key == key)
			key = '\0';
	}
	p->item[p->n++] = (struct pick){ key, field, value };
}

/* Letters as in the menu of pivots. */
static const struct {
	char key;
	const char *field;
	enum event_column column;
} columns[] = {
	{ 'e', "eventName", EVENT_NAME },
	{ 'v', "eventSource", EVENT_SOURCE },
	{ 'n', "actor", EVENT_ACTOR },
	{ 'a', "ip", EVENT_IP },
	{ 'i', "principal", EVENT_PRINCIPAL },
	{ 's', "session", EVENT_SESSION },
	{ 'k', "key", EVENT_KEY },
	{ 'u', "userAgent", EVENT_AGENT },
	{ 'c', "account", EVENT_ACCOUNT },
	{ 'g', "awsRegion", EVENT_REGION },
	{ 'x', "errorCode", EVENT_ERROR },
};

static void add_alerts(struct picks *p, const struct marks *marks, row_id row)
{
	size_t n;
	const struct mark *m = marks_of(marks, row, &n);

	for (size_t i = 0; i < n; i++)
		picks_add(p, 'r', "rule", marks->label[m[i].label].title);
}

void picks_event(struct picks *p, const struct desk *d, row_id row)
{
	const struct store *s = d->snap->store;

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		picks_add(p, columns[i].key, columns[i].field,
			  store_text(s, columns[i].column, row));
	picks_add(p, 'o', "outcome",
		  str_of(event_outcome_name(store_outcome(s, row))));
	add_alerts(p, &d->snap->marks, row);
}

void picks_here(struct picks *p, const struct desk *d)
{
	const struct evidence_line *e = desk_evidence_here(d);

	if (e) {
		picks_add(p, 'e', "eventName", e->what);
		picks_add(p, 'm', "kind",
			  str_of(event_kind_name(KIND_EVIDENCE)));
		picks_add(p, 'w', "where", e->where);
	} else if (d->snap && d->selected != ROW_NONE) {
		picks_event(p, d, d->selected);
	}
}

void picks_node(struct picks *p, const struct lineage *l, node_id node)
{
	struct str id = lineage_id(l, node);

	switch (l->node[node].kind) {
	case NODE_PRINCIPAL:
		picks_add(p, 'i', "principal", str_from(id, 2));
		break;
	case NODE_KEY:
		picks_add(p, 'k', "key", str_from(id, 2));
		break;
	case NODE_SESSION:
		picks_add(p, 's', "session", str_from(id, 2));
		break;
	case NODE_IP:
		picks_add(p, 'a', "ip", str_from(id, 3));
		break;
	case NODE_ACCOUNT:
		picks_add(p, 'c', "account", str_from(id, 2));
		break;
	default:
		break;
	}
}

/* The menu ---------------------------------------------------------------- */

bool picks_count(const struct desk *d, struct str filter, size_t *n)
{
	const struct scan_options options = { 0, investigation_limits(d->inv) };
	struct query_run *run = NULL;
	struct plan *plan = NULL;
	const struct expr *expr;
	struct arena arena;
	struct err err;
	bool known = false;

	if (!d->snap)
		return false;
	arena_init(&arena);
	if (query_read(filter, &d->zone, &arena, &expr, &err) == ERR_OK &&
	    plan_new(&plan, expr, &err) == ERR_OK)
		run = query_run_new(plan, d->snap->store, &d->snap->marks,
				    &options);
	if (run && query_run_finished(run)) {
		struct rowset both = ROWSET_INIT;

		rowset_intersect(&both, query_run_rows(run), &d->rows);
		*n = both.n + case_evidence_count(&d->evidence, plan);
		known = true;
		rowset_release(&both);
	}
	query_run_free(run);
	plan_free(plan);
	arena_release(&arena);
	return known;
}

static void take(struct app *a, struct str filter, bool keep)
{
	struct err err;

	app_remember(a);
	if (desk_add_filter(a->desk, filter, keep, &err))
		app_say(a, "%s", err.msg);
}

static void run_keep(struct app *a, struct str filter)
{
	take(a, filter, true);
}

static void run_hide(struct app *a, struct str filter)
{
	take(a, filter, false);
}

static void open_menu(struct app *a, const struct picks *p, bool keep)
{
	struct menu *m = menu_new(keep ? "+] keep only events with" :
					 "-] hide events with");
	struct strbuf filter;

	strbuf_init(&filter);
	for (size_t i = 0; i < p->n; i++) {
		const struct pick *x = &p->item[i];

		strbuf_clear(&filter);
		query_term(&filter, str_of(x->field), x->value);
		menu_add_value(m, x->key, x->field, x->value,
			       keep ? run_keep : run_hide, strbuf_str(&filter));
	}
	/* The same key again takes what comes first. */
	menu_again(m, keep ? '+' : '-');
	strbuf_release(&filter);
	app_open(a, &overlay_menu, m);
}

void app_pick(struct app *a, bool keep)
{
	const struct desk *d = a->desk;
	const struct pane *pane = app_active(a);
	struct picks p = { .n = 0 };
	struct arena arena;

	arena_init(&arena);
	p.arena = &arena;
	if (pane->class->picks)
		pane->class->picks(pane->state, d, &p);
	else
		picks_here(&p, d);
	if (p.n == 1) {
		struct strbuf filter;

		strbuf_init(&filter);
		query_term(&filter, str_of(p.item[0].field), p.item[0].value);
		take(a, strbuf_str(&filter), keep);
		strbuf_release(&filter);
	} else if (p.n) {
		open_menu(a, &p, keep);
	} else {
		app_say(a, "nothing under the cursor can be filtered by");
	}
	arena_release(&arena);
}
