/* SPDX-License-Identifier: MIT */
/* Places in the case: where the analyst stood comes back at the next session,
 * and the way there. What is read may have been written by anybody. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/mem.h"
#include "casework/case_inputs.h"
#include "query/parse.h"
#include "ui/app_private.h"

enum {
	KEEP_MS = 2000,        /* at most so often */
	KEPT_PLACES = 40,      /* of the history */
	KEPT_MAX = 256 * 1024, /* bytes; more, and the history stays behind */
};

/* Writing ------------------------------------------------------------------ */

static void write_narrowing(struct json_writer *w, const struct narrowing *n)
{
	json_key(w, "filters");
	json_begin_array(w);
	for (size_t i = 0; i < n->filters.n; i++) {
		json_begin_object(w);
		json_pair(w, "filter", n->filters.term[i].text);
		json_key(w, "off");
		json_bool(w, n->filters.term[i].off);
		json_end_object(w);
	}
	json_end_array(w);
	json_key(w, "filtersOff");
	json_bool(w, n->filters.off);
	if (n->since != TIME_NONE)
		json_pair_time(w, "since", n->since);
	if (n->until != TIME_NONE)
		json_pair_time(w, "until", n->until);
	json_pair_uint(w, "tacticsHidden", n->hidden);
	json_pair_uint(w, "toggles", n->toggles);
	json_key(w, "techniquesHidden");
	json_begin_array(w);
	for (size_t i = 0; i < n->hidden_n; i++)
		json_string(w, str_of(n->hidden_technique[i].text));
	json_end_array(w);
}

/* A rule is named by its number inside, which another session does not know. */
static void write_scope(struct json_writer *w, const struct scope *s,
			const struct ruleset *rules)
{
	uint64_t number;

	json_key(w, "scope");
	json_begin_object(w);
	json_pair_uint(w, "kind", s->kind);
	json_pair(w, "label", s->label);
	if (s->since != TIME_NONE)
		json_pair_time(w, "since", s->since);
	if (s->kind == SCOPE_ALERT && str_to_u64(s->text[0], &number) &&
	    number < ruleset_count(rules)) {
		const struct rule *r =
			&ruleset_at(rules, (rule_index)number)->rule;

		json_pair(w, "rule", r->id.n ? r->id : r->title);
	}
	json_key(w, "texts");
	json_begin_array(w);
	for (int i = 0; i < SCOPE_TEXTS; i++)
		json_string(w, s->text[i]);
	json_end_array(w);
	json_end_object(w);
}

static void write_place(struct json_writer *w, const struct place *p,
			const struct ruleset *rules)
{
	json_pair_uint(w, "focus", p->focus);
	json_key(w, "zoomed");
	json_bool(w, p->zoomed);
	write_narrowing(w, &p->narrowing);
	write_scope(w, &p->scope, rules);
	json_pair(w, "eventID", strbuf_str(&p->event));
	if (p->evidence.n)
		json_pair(w, "evidence", strbuf_str(&p->evidence));
	json_key(w, "panes");
	json_begin_array(w);
	for (int i = 0; i < PANE_COUNT; i++) {
		json_begin_object(w);
		json_pair(w, "saved", strbuf_str(&p->saved[i]));
		json_pair_uint(w, "top", p->top[i]);
		json_end_object(w);
	}
	json_end_array(w);
}

/* How it looks, which is one thing for all places. */
static void write_look(struct json_writer *w, const struct desk *d)
{
	struct strbuf text;

	strbuf_init(&text);
	columns_text(&d->columns, &text);
	json_key(w, "look");
	json_begin_object(w);
	json_pair(w, "columns", strbuf_str(&text));
	json_key(w, "wide");
	json_bool(w, d->columns.wide);
	json_pair(w, "histogram", str_of(histogram_scale_name(d->histogram)));
	json_pair(w, "attack", str_of(attack_version_name(d->attack)));
	json_pair(w, "alertsBy", str_of(alert_by_name(d->order.by)));
	json_key(w, "alertsReversed");
	json_bool(w, d->order.reversed);
	json_key(w, "mutedShown");
	json_bool(w, d->show_muted);
	json_end_object(w);
	strbuf_release(&text);
}

static void write_all(const struct app *a, size_t places, struct strbuf *out)
{
	const struct ruleset *rules = investigation_rules(a->desk->inv);
	const struct history *h = &a->history;
	size_t first = h->at > places ? h->at - places : 0;
	struct json_writer w;
	struct place here;

	place_take(&here, a);
	strbuf_clear(out);
	json_writer_init(&w, out);
	json_begin_object(&w);
	json_pair(&w, "entry", STR("place"));
	json_pair(&w, "author", case_author(a->desk->case_file));
	write_place(&w, &here, rules);
	write_look(&w, a->desk);
	json_key(&w, "before");
	json_begin_array(&w);
	for (size_t i = first; i < h->at; i++) {
		json_begin_object(&w);
		write_place(&w, &h->place[i], rules);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_end_object(&w);
	place_release(&here);
}

void app_keep_place(struct app *a)
{
	struct desk *d = a->desk;
	struct strbuf text;
	struct err err;

	a->place_due = 0;
	if (!d->case_file || !d->snap || !d->touched || a->place_pending)
		return;
	strbuf_init(&text);
	write_all(a, KEPT_PLACES, &text);
	if (text.n > KEPT_MAX)
		write_all(a, 0, &text);
	/* Nobody said it: what cannot be written is no trouble of theirs. */
	if (case_set_place(d->case_file, strbuf_str(&text), &err))
		a->place_due = INT64_MAX;
	strbuf_release(&text);
}

void app_place_changed(struct app *a)
{
	if (!a->place_due)
		a->place_due = clock_ms() + KEEP_MS;
}

int app_place_delay(const struct app *a)
{
	int64_t left = a->place_due - clock_ms();

	if (!a->place_due || a->place_due == INT64_MAX || !a->desk->case_file)
		return -1;
	return left > 0 ? (int)left : 0;
}

/* Reading ------------------------------------------------------------------ */

static uint64_t number_at(const struct json *v, const char *key, uint64_t most)
{
	uint64_t n = 0;

	return str_to_u64(json_text_at(v, key), &n) && n <= most ? n : 0;
}

static int64_t time_at(const struct json *v, const char *key)
{
	static const struct time_zone utc = TIME_ZONE_UTC;

	return time_parse(json_text_at(v, key), &utc);
}

static bool is_filter(const struct desk *d, struct str text)
{
	const struct expr *expr;
	struct arena arena;
	struct err err;
	bool is;

	arena_init(&arena);
	is = query_read(text, &d->zone, &arena, &expr, &err) == ERR_OK;
	arena_release(&arena);
	return is;
}

static void read_narrowing(const struct desk *d, const struct json *v,
			   struct narrowing *out)
{
	const struct json *list = json_member(v, STR("filters"));
	struct strbuf text;

	*out = (struct narrowing){
		.since = time_at(v, "since"),
		.until = time_at(v, "until"),
		.hidden = (tactic_set)number_at(
			v, "tacticsHidden", ((uint64_t)1 << TACTIC_COUNT) - 1),
		.toggles = (unsigned)number_at(
			v, "toggles", ((uint64_t)1 << TOGGLE_COUNT) - 1)
	};
	for (const struct json *m = list ? list->child : NULL; m; m = m->next) {
		struct str filter = json_text_at(m, "filter");
		size_t before = out->filters.n;

		if (!filter.n || !is_filter(d, filter))
			continue;
		filters_add(&out->filters, filter);
		if (out->filters.n > before &&
		    str_eq(json_text_at(m, "off"), STR("true")))
			out->filters.term[out->filters.n - 1].off = true;
	}
	out->filters.off = out->filters.n &&
			   str_eq(json_text_at(v, "filtersOff"), STR("true"));
	list = json_member(v, STR("techniquesHidden"));
	for (const struct json *m = list ? list->child : NULL;
	     m && out->hidden_n < HIDDEN_TECHNIQUES; m = m->next)
		if (attack_technique_id(m->text,
					&out->hidden_technique[out->hidden_n]))
			out->hidden_n++;
	strbuf_init(&text);
	if (!out->filters.off)
		filters_join(&out->filters, &text);
	if (text.n && is_filter(d, strbuf_str(&text)))
		out->filter = (struct str){ mem_dup(text.p, text.n), text.n };
	strbuf_release(&text);
}

/* Everything, when what it was about is not there. */
static struct scope read_scope(const struct json *v,
			       const struct ruleset *rules)
{
	const struct json *s = json_member(v, STR("scope"));
	const struct json *list = json_member(s, STR("texts"));
	struct str text[SCOPE_TEXTS] = { STR_NULL };
	uint64_t kind = number_at(s, "kind", SCOPE_AROUND);
	struct scope out;
	char number[16];
	int i = 0;

	for (const struct json *m = list ? list->child : NULL;
	     m && i < SCOPE_TEXTS; m = m->next)
		text[i++] = m->text;
	if (kind == SCOPE_ALERT) {
		struct str name = json_text_at(s, "rule");
		rule_index r = name.n ? ruleset_find(rules, name, UINT32_MAX) :
					UINT32_MAX;

		if (r == UINT32_MAX)
			return (struct scope)SCOPE_INIT;
		snprintf(number, sizeof(number), "%lu", (unsigned long)r);
		text[0] = str_of(number);
	}
	out = scope_make((enum scope_kind)kind, text[0], text[1], text[2],
			 json_text_at(s, "label"));
	out.since = time_at(s, "since");
	return out;
}

static void read_place(const struct app *a, const struct json *v,
		       struct place *out)
{
	const struct json *list = json_member(v, STR("panes"));
	int i = 0;

	*out = (struct place){
		.focus = (enum pane_id)number_at(v, "focus", PANE_COUNT - 1),
		.zoomed = str_eq(json_text_at(v, "zoomed"), STR("true")),
		.scope = read_scope(v, investigation_rules(a->desk->inv))
	};
	read_narrowing(a->desk, v, &out->narrowing);
	strbuf_init(&out->event);
	out->row = ROW_NONE;
	strbuf_add(&out->event, json_text_at(v, "eventID"));
	strbuf_init(&out->evidence);
	strbuf_add(&out->evidence, json_text_at(v, "evidence"));
	for (i = 0; i < PANE_COUNT; i++)
		strbuf_init(&out->saved[i]);
	i = 0;
	for (const struct json *m = list ? list->child : NULL;
	     m && i < PANE_COUNT; m = m->next, i++) {
		strbuf_add(&out->saved[i], json_text_at(m, "saved"));
		out->top[i] = (size_t)number_at(m, "top", UINT32_MAX);
	}
}

static bool true_at(const struct json *v, const char *key)
{
	return str_eq(json_text_at(v, key), STR("true"));
}

/* What is no column, no scale and no order leaves things as they are. */
static void read_look(struct desk *d, const struct json *v)
{
	struct str columns = json_text_at(v, "columns");
	enum alert_by by = d->order.by;
	struct err err;

	if (!v)
		return;
	/* Where none were chosen those of the configuration stand. */
	if (!str_eq(columns, STR("auto")) &&
	    columns_parse(&d->columns, columns, &err))
		d->columns.n = 0;
	d->columns.wide = true_at(v, "wide");
	(void)histogram_scale_parse(json_text_at(v, "histogram"),
				    &d->histogram);
	(void)attack_version_parse(json_text_at(v, "attack"), &d->attack);
	if (alert_by_parse(json_text_at(v, "alertsBy"), &by))
		desk_order_alerts(d, by, true_at(v, "alertsReversed"));
	desk_show_muted(d, true_at(v, "mutedShown"));
	d->version++;
}

/* Where the analyst goes on, when they did not go anywhere else yet. */
static void restore(struct app *a)
{
	struct desk *d = a->desk;
	const struct json *v, *list;
	struct arena arena;
	struct place here;
	struct err err;

	if (!a->place_pending || !d->snap || d->load.loading)
		return;
	a->place_pending = false;
	arena_init(&arena);
	v = json_read(&arena, case_place(d->case_file), &err);
	list = v && !a->history.n ? json_member(v, STR("before")) : NULL;
	for (const struct json *m = list ? list->child : NULL;
	     m && a->history.n < KEPT_PLACES; m = m->next)
		if (m->kind == JSON_OBJECT) {
			read_place(a, m, &here);
			history_add(&a->history, here);
		}
	if (v && !d->touched && !desk_is_narrowed(d)) {
		read_look(d, json_member(v, STR("look")));
		read_place(a, v, &here);
		/* Before: nothing else is selected in its place. */
		d->touched = true;
		place_restore(a, &here);
		place_release(&here);
		if (!a->message.n)
			app_say(a, "as you left it; [ goes back through the "
				   "places before, X drops all filters");
	}
	arena_release(&arena);
}

static void compare_inputs(struct app *a)
{
	const struct desk *d = a->desk;
	struct strbuf text;

	if (!a->inputs_pending || !d->snap || d->load.loading)
		return;
	a->inputs_pending = false;
	strbuf_init(&text);
	if (d->case_file && !d->load.failed.code)
		case_inputs_compare(d->case_file, d->snap->store->files, &text);
	if (text.n)
		app_say(a, "%s", text.p);
	strbuf_release(&text);
}

void app_restore_place(struct app *a)
{
	restore(a);
	compare_inputs(a);
}
