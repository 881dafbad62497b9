/* SPDX-License-Identifier: MIT */
/* trawl profile: one identity, address, key, user agent, API or resource in a
 * page. */
#include "cli/cli.h"
#include "cli/graph.h"
#include "cli/session.h"
#include "cli/rows.h"

#include "base/attr.h"
#include "casework/profile.h"
#include "identity/question.h"
#include "query/run.h"

enum { CARD_LINES = 10 };

struct view {
	struct session *s;
	struct entity entity;
	struct profile profile;
};

static const struct store *store_of(const struct view *v)
{
	return v->s->snap->store;
}

/* JSON -------------------------------------------------------------------- */

static void json_value(struct json_writer *w, const struct view *v,
		       enum profile_card_kind card,
		       const struct profile_value *x)
{
	const struct store *s = store_of(v);

	json_begin_object(w);
	json_pair(w, profile_card_value(card), x->text);
	if (card == CARD_CALLS)
		json_pair(w, "eventSource",
			  store_value(s, EVENT_SOURCE, x->source));
	json_pair_uint(w, "events", x->events);
	if (card != CARD_RESOURCES) {
		json_pair_uint(w, "denied", x->denied);
		json_pair_uint(w, "failed", x->failed);
	}
	json_pair_time(w, "first", s->time[x->first]);
	json_pair_time(w, "last", s->time[x->last]);
	if (card != CARD_RESOURCES && card != CARD_WHO)
		json_pair_uint(w, "principals", x->principals);
	if (v->profile.baseline.known && card != CARD_RESOURCES) {
		json_key(w, "new");
		json_bool(w, x->novelty == NOVELTY_TO_ALL);
		json_key(w, "newToIt");
		json_bool(w, x->novelty != NOVELTY_NONE);
	}
	if (x->level >= 0)
		json_pair(w, "level", str_of(level_name((enum level)x->level)));
	json_end_object(w);
}

static void json_alerts(struct json_writer *w, const struct view *v)
{
	const struct profile *p = &v->profile;

	json_key(w, "alerts");
	json_begin_array(w);
	for (size_t i = 0; i < p->alert_n; i++) {
		const struct alert *al =
			&v->s->snap->alerts.alert[p->alert[i].alert];

		json_begin_object(w);
		json_pair(w, "ruleId", al->rule->id);
		json_pair(w, "title", al->rule->title);
		json_pair(w, "level", str_of(level_name(al->level)));
		json_pair_uint(w, "count", p->alert[i].events);
		json_pair_time(w, "firstSeen",
			       store_of(v)->time[p->alert[i].first]);
		json_end_object(w);
	}
	json_end_array(w);
}

static void json_baseline(struct json_writer *w, const struct view *v)
{
	const struct profile_baseline *b = &v->profile.baseline;

	json_key(w, "baseline");
	if (!b->known) {
		json_null(w);
		return;
	}
	json_begin_object(w);
	json_pair_time(w, "first", b->first);
	json_pair_time(w, "until", b->since);
	json_pair_uint(w, "events", b->events);
	json_end_object(w);
}

static void json_origin(struct json_writer *w, const struct view *v)
{
	const struct lineage *l = v->s->snap->lineage;
	struct origin o;

	if (v->entity.kind != ENTITY_NODE)
		return;
	origin_of(&o, l, v->entity.node);
	json_key(w, "chain");
	json_begin_array(w);
	for (uint32_t i = 0; i < o.n; i++)
		json_string(w, lineage_id(l, o.step[i].node));
	json_end_array(w);
	json_pair(w, "certainty", str_of(certainty_name(o.certainty)));
	graph_json_break_glass(w, v->s, v->entity.node);
	origin_release(&o);
}

static void write_json(const struct view *v)
{
	const struct profile *p = &v->profile;
	const struct store *s = store_of(v);
	struct strbuf label;
	struct json_writer w;

	strbuf_init(&label);
	entity_describe(&v->entity, v->s->snap, &label);
	json_writer_init(&w, &v->s->out.line);
	json_begin_object(&w);
	json_pair(&w, "entity", strbuf_str(&v->entity.name));
	json_pair(&w, "kind",
		  str_of(entity_word(&v->entity, v->s->snap->lineage)));
	json_pair(&w, "label", strbuf_str(&label));
	json_origin(&w, v);
	json_pair_uint(&w, "events", p->rows.n);
	json_pair_uint(&w, "denied", p->denied);
	json_pair_uint(&w, "failed", p->failed);
	json_pair_time(&w, "first",
		       p->rows.n ? s->time[p->rows.row[0]] : TIME_NONE);
	json_pair_time(&w, "last",
		       p->rows.n ? s->time[p->rows.row[p->rows.n - 1]] :
				   TIME_NONE);
	json_pair_uint(&w, "principalsInEvidence", p->principals);
	json_baseline(&w, v);
	json_alerts(&w, v);
	for (int i = 0; i < CARD_COUNT; i++) {
		enum profile_card_kind card = (enum profile_card_kind)i;

		json_key(&w, profile_card_list(card));
		json_begin_array(&w);
		for (size_t k = 0; k < p->card[i].n; k++)
			json_value(&w, v, card, &p->card[i].value[k]);
		json_end_array(&w);
	}
	if (p->unread)
		json_pair_uint(&w, "unread", p->unread);
	json_end_object(&w);
	output_line(&v->s->out);
	strbuf_release(&label);
}

/* The page ---------------------------------------------------------------- */

static void title(const struct view *v, const char *text)
{
	output_format(&v->s->out, "\n%s\n", text);
	for (size_t i = 0; text[i]; i++)
		output_format(&v->s->out, "-");
	output_format(&v->s->out, "\n");
}

static void write_card(const struct view *v, enum profile_card_kind card)
{
	static const struct column columns[] = {
		{ .name = "value", .width = 56, .middle = true },
		{ .name = "events", .right = true },
		{ .name = "denied", .right = true },
		{ .name = "failed", .right = true },
		{ .name = "first", .whole = true },
		{ .name = "used by" },
		{ .name = "" },
	};
	const struct profile_card *c = &v->profile.card[card];
	const struct store *s = store_of(v);
	struct strbuf text, share;
	struct rows rows;

	title(v, profile_card_title(card));
	strbuf_init(&text);
	strbuf_init(&share);
	rows_begin(&rows, &v->s->out, FORMAT_TABLE, columns,
		   ARRAY_SIZE(columns), &v->s->o->zone);
	for (size_t i = 0; i < c->n && i < CARD_LINES; i++) {
		const struct profile_value *x = &c->value[i];

		strbuf_clear(&text);
		strbuf_clear(&share);
		if (card == CARD_CALLS) {
			strbuf_add(&text, event_service(store_value(
						  s, EVENT_SOURCE, x->source)));
			strbuf_addc(&text, ' ');
		}
		strbuf_add(&text, x->text);
		if (x->principals)
			strbuf_addf(&share, "%u/%u", x->principals,
				    v->profile.principals);
		{
			const struct cell cell[] = {
				cell_text(strbuf_str(&text)),
				cell_number(x->events),
				cell_number(x->denied),
				cell_number(x->failed),
				cell_time(s->time[x->first]),
				cell_text(strbuf_str(&share)),
				cell_text(str_of(novelty_text(x->novelty))),
			};

			rows_add(&rows, cell);
		}
	}
	rows_end(&rows);
	if (c->n > CARD_LINES)
		output_format(&v->s->out, "  and %zu more: --format json\n",
			      c->n - CARD_LINES);
	strbuf_release(&text);
	strbuf_release(&share);
}

static void write_alerts(const struct view *v)
{
	static const struct column columns[] = {
		{ .name = "level" },
		{ .name = "first", .whole = true },
		{ .name = "events", .right = true },
		{ .name = "alert" },
	};
	const struct profile *p = &v->profile;
	struct rows rows;

	title(v, "alerts");
	rows_begin(&rows, &v->s->out, FORMAT_TABLE, columns,
		   ARRAY_SIZE(columns), &v->s->o->zone);
	for (size_t i = 0; i < p->alert_n; i++) {
		const struct alert *al =
			&v->s->snap->alerts.alert[p->alert[i].alert];
		const struct cell cell[] = {
			cell_level(str_of(level_name(al->level)), al->level),
			cell_time(store_of(v)->time[p->alert[i].first]),
			cell_number(p->alert[i].events),
			cell_text(al->rule->title),
		};

		rows_add(&rows, cell);
	}
	rows_end(&rows);
}

static void write_head(const struct view *v)
{
	const struct profile *p = &v->profile;
	const struct store *s = store_of(v);
	const struct time_zone *zone = &v->s->o->zone;
	struct strbuf text;

	strbuf_init(&text);
	entity_describe(&v->entity, v->s->snap, &text);
	strbuf_addf(&text, ": %zu events, %zu ok, %u denied, %u failed",
		    p->rows.n, p->rows.n - p->denied - p->failed, p->denied,
		    p->failed);
	output_text(&v->s->out, strbuf_str(&text));
	strbuf_clear(&text);
	output_format(&v->s->out, "\n");
	if (v->entity.kind == ENTITY_NODE &&
	    graph_tell_break_glass(v->s, v->entity.node, &text)) {
		output_text(&v->s->out, strbuf_str(&text));
		strbuf_clear(&text);
		output_format(&v->s->out, "\n");
	}
	if (p->rows.n) {
		strbuf_adds(&text, "first ");
		time_format(&text, s->time[p->rows.row[0]], TIME_DATETIME,
			    zone);
		strbuf_adds(&text, "  last ");
		time_format(&text, s->time[p->rows.row[p->rows.n - 1]],
			    TIME_DATETIME, zone);
	}
	output_text(&v->s->out, strbuf_str(&text));
	output_format(&v->s->out, "\n");
	strbuf_clear(&text);
	profile_baseline_describe(p, &text);
	output_text(&v->s->out, strbuf_str(&text));
	output_format(&v->s->out, "\n");
	strbuf_release(&text);
}

static void write_page(const struct view *v)
{
	write_head(v);
	if (v->profile.alert_n)
		write_alerts(v);
	for (int i = 0; i < CARD_COUNT; i++) {
		enum profile_card_kind card = (enum profile_card_kind)i;

		if (v->profile.card[i].n &&
		    !profile_card_is_own(card, &v->entity, v->s->snap->lineage))
			write_card(v, card);
	}
	if (v->profile.unread)
		output_format(&v->s->out, "\n%zu records could not be read\n",
			      v->profile.unread);
}

/* ------------------------------------------------------------------------- */

static enum err_code find_rows(struct view *v, const struct scan_options *scan,
			       struct rowset *out, struct err *err)
{
	const struct snapshot *snap = v->s->snap;
	struct plan *plan;
	enum err_code rc;

	if (v->entity.kind != ENTITY_RESOURCE) {
		entity_rows(&v->entity, snap, out);
		return ERR_OK;
	}
	rc = entity_plan(&v->entity, &plan, err);
	if (rc)
		return rc;
	rc = query_rows(plan, snap->store, &snap->marks, scan, NULL, NULL, out,
			NULL, err);
	plan_free(plan);
	if (rc == ERR_OK && !out->n)
		rc = err_set(err, ERR_USAGE,
			     "%s: nothing in the evidence is called that",
			     v->s->o->subject);
	return rc;
}

/* Those that --filter and the times leave, and those before the times, which
 * they are compared with whatever the filter says. */
static void keep_rows(const struct session *s, const struct rowset *rows,
		      struct rowset *out)
{
	row_id from = s->o->since == TIME_NONE ?
			      0 :
			      store_seek_time(s->snap->store, s->o->since);

	for (size_t i = 0; i < rows->n; i++)
		if (rows->row[i] < from || rowset_has(&s->rows, rows->row[i]))
			rowset_add(out, rows->row[i]);
}

int cli_profile(const struct options *o, FILE *out, FILE *err_file)
{
	const struct scan_options scan = { .threads = o->threads ? o->threads :
								   2,
					   .limits = &o->limits };
	struct rowset rows = ROWSET_INIT, kept = ROWSET_INIT;
	struct session s;
	struct view v = { .s = &s };
	struct err err;
	enum err_code rc;

	if (session_open(&s, o, out, err_file, &err))
		return cli_fail(err_file, &err);
	entity_init(&v.entity);
	rc = entity_find(&v.entity, s.snap, str_of(o->subject), &err);
	if (rc == ERR_OK)
		rc = find_rows(&v, &scan, &rows, &err);
	if (rc) {
		entity_release(&v.entity);
		rowset_release(&rows);
		return session_fail(&s, &err);
	}
	keep_rows(&s, &rows, &kept);
	profile_make(&v.profile, s.snap, &kept, o->since, o->until, NULL);
	profile_deepen(&v.profile, s.snap, &scan, NULL);
	if (o->format == FORMAT_JSON)
		write_json(&v);
	else
		write_page(&v);
	profile_release(&v.profile);
	entity_release(&v.entity);
	rowset_release(&rows);
	rowset_release(&kept);
	return session_close(&s);
}
