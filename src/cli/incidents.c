/* SPDX-License-Identifier: MIT */
/* trawl alerts --incidents: the alerts that are one story together. */
#include "cli/incidents.h"

#include "cli/graph.h"
#include "cli/rows.h"
#include "detect/incident.h"
#include "model/identity.h"

static const struct column columns[] = {
	{ .name = "incident" },  { .name = "score" },
	{ .name = "level" },     { .name = "tactics" },
	{ .name = "actors" },    { .name = "identities" },
	{ .name = "accounts" },  { .name = "sourceIPs" },
	{ .name = "firstSeen" }, { .name = "lastSeen" },
	{ .name = "events" },    { .name = "alerts" },
	{ .name = "links" },
};

struct printing {
	struct session *session;
	const struct incident_map *map;
	const struct store *store;
	struct arena *arena;
	struct strbuf text;
};

/* Lists -------------------------------------------------------------------- */

static struct cell values_cell(struct printing *p, enum event_column c,
			       const struct alert_values *v)
{
	struct str *item = arena_alloc(p->arena, (v->n + 1) * sizeof(*item));
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++) {
		size_t k = 0;

		item[n] = c == EVENT_ACCOUNT ?
				  row_account_text(p->store, v->value[i]) :
				  store_value(p->store, c, v->value[i]);
		if (c == EVENT_ACTOR)
			item[n] = actor_label(item[n], p->arena);
		/* Sessions of one name in two accounts are told once. */
		while (k < n && !str_eq(item[k], item[n]))
			k++;
		n += k == n;
	}
	return cell_list(item, n);
}

static struct cell tactics_cell(struct printing *p, const struct incident *x)
{
	struct str *item = arena_alloc(p->arena, TACTIC_COUNT * sizeof(*item));

	for (size_t i = 0; i < x->tactic_n; i++)
		item[i] = str_of(attack_tactic_name(x->tactic[i]));
	return cell_list(item, x->tactic_n);
}

static struct cell people_cell(struct printing *p, const struct incident *x)
{
	struct str *item = arena_alloc(p->arena,
				       (x->identity_n + 1) * sizeof(*item));

	for (size_t i = 0; i < x->identity_n; i++)
		item[i] = lineage_id(p->map->lineage, x->identity[i]);
	return cell_list(item, x->identity_n);
}

static const struct alert *alert_of(const struct printing *p,
				    const struct incident_alert *a)
{
	return &p->session->alerts.alert[a->alert];
}

static struct cell alerts_cell(struct printing *p, const struct incident *x)
{
	struct str *item = arena_alloc(p->arena,
				       (x->alert_n + 1) * sizeof(*item));

	for (size_t i = 0; i < x->alert_n; i++)
		item[i] = alert_of(p, &x->alert[i])->rule->title;
	return cell_list(item, x->alert_n);
}

/* "hint: session ... may have read key ...; ..." */
static struct str link_text(struct printing *p,
			    const struct incident_link *link)
{
	strbuf_clear(&p->text);
	strbuf_addf(&p->text,
		    "%s: ", certainty_name(incident_link_certainty(link)));
	incident_link_describe(p->map, link, &p->text);
	return arena_dup(p->arena, strbuf_str(&p->text));
}

static struct cell links_cell(struct printing *p, const struct incident *x)
{
	struct str *item = arena_alloc(p->arena,
				       (x->link_n + 1) * sizeof(*item));

	for (size_t i = 0; i < x->link_n; i++)
		item[i] = link_text(p, &x->link[i]);
	return cell_list(item, x->link_n);
}

static struct str id_of(struct printing *p, row_id row)
{
	strbuf_clear(&p->text);
	store_id_text(p->store, row, &p->text);
	return arena_dup(p->arena, strbuf_str(&p->text));
}

static void add_row(struct printing *p, struct rows *rows,
		    const struct incident *x)
{
	const struct cell cell[ARRAY_SIZE(columns)] = {
		cell_text(id_of(p, x->first_row)),
		cell_number(x->score),
		cell_level(str_of(level_name(x->level)), x->level),
		tactics_cell(p, x),
		values_cell(p, EVENT_ACTOR, &x->actors),
		people_cell(p, x),
		values_cell(p, EVENT_ACCOUNT, &x->accounts),
		values_cell(p, EVENT_IP, &x->addresses),
		cell_time(x->first),
		cell_time(x->last),
		cell_number(x->rows.n),
		alerts_cell(p, x),
		links_cell(p, x),
	};

	rows_add(rows, cell);
}

/* JSON --------------------------------------------------------------------- */

static void json_list(struct json_writer *w, const char *key,
		      const struct cell *list)
{
	json_key(w, key);
	json_begin_array(w);
	for (size_t i = 0; i < list->n; i++)
		json_string(w, list->item[i]);
	json_end_array(w);
}

static void json_alerts(struct printing *p, struct json_writer *w,
			const struct incident *x)
{
	json_key(w, "alerts");
	json_begin_array(w);
	for (size_t i = 0; i < x->alert_n; i++) {
		const struct incident_alert *part = &x->alert[i];
		const struct alert *al = alert_of(p, part);

		json_begin_object(w);
		json_pair(w, "ruleId", al->rule->id);
		json_pair(w, "title", al->rule->title);
		json_pair(w, "level", str_of(level_name(al->level)));
		json_pair(w, "actor", actor_label(al->actor_text, p->arena));
		json_pair_uint(w, "events", part->events);
		json_pair_time(w, "firstSeen", p->store->time[part->first]);
		json_pair(w, "firstEventID", id_of(p, part->first));
		json_end_object(w);
	}
	json_end_array(w);
}

static void json_links(struct printing *p, struct json_writer *w,
		       const struct incident *x)
{
	const struct lineage *l = p->map->lineage;

	json_key(w, "links");
	json_begin_array(w);
	for (size_t i = 0; i < x->link_n; i++) {
		const struct incident_link *link = &x->link[i];
		const struct lineage_edge *e = link->edge;

		json_begin_object(w);
		json_pair(w, "kind", str_of(edge_kind_name(e->kind)));
		json_pair(w, "from", lineage_id(l, e->from));
		json_pair(w, "to", lineage_id(l, e->to));
		json_pair(
			w, "certainty",
			str_of(certainty_name(incident_link_certainty(link))));
		graph_json_event(w, "eventID", l, link->row);
		json_pair_time(w, "time", p->store->time[link->row]);
		json_pair(w, "why", str_of(incident_why_text(link->why)));
		json_key(w, "identities");
		json_begin_array(w);
		json_string(w, lineage_id(l, link->of));
		json_string(w, lineage_id(l, link->with));
		json_end_array(w);
		json_end_object(w);
	}
	json_end_array(w);
}

static void write_json(struct printing *p, const struct incident *x)
{
	const struct cell tactics = tactics_cell(p, x);
	const struct cell actors = values_cell(p, EVENT_ACTOR, &x->actors);
	const struct cell people = people_cell(p, x);
	const struct cell accounts = values_cell(p, EVENT_ACCOUNT,
						 &x->accounts);
	const struct cell places = values_cell(p, EVENT_IP, &x->addresses);
	struct json_writer w;

	output_json(&p->session->out, &w);
	json_begin_object(&w);
	json_pair(&w, "incident", id_of(p, x->first_row));
	json_pair_uint(&w, "score", x->score);
	json_pair(&w, "level", str_of(level_name(x->level)));
	json_list(&w, "tactics", &tactics);
	json_list(&w, "actors", &actors);
	json_list(&w, "identities", &people);
	json_list(&w, "accounts", &accounts);
	json_list(&w, "sourceIPs", &places);
	json_pair_time(&w, "firstSeen", x->first);
	json_pair_time(&w, "lastSeen", x->last);
	json_alerts(p, &w, x);
	json_links(p, &w, x);
	json_key(&w, "eventIDs");
	json_begin_array(&w);
	for (size_t i = 0; i < x->rows.n; i++)
		json_string(&w, id_of(p, x->rows.row[i]));
	json_end_array(&w);
	json_end_object(&w);
	output_line(&p->session->out);
}

/* For people --------------------------------------------------------------- */

/* "3 accounts", in `text`. */
static void add_count(struct strbuf *text, size_t n, const char *one)
{
	strbuf_addf(text, "%zu %s%s", n, one, n == 1 ? "" : "s");
}

/* The first `most`, and how many more there are. */
static void add_some(struct strbuf *text, const char *title,
		     const struct cell *list, const char *between, size_t most)
{
	if (!list->n)
		return;
	strbuf_adds(text, title);
	for (size_t i = 0; i < list->n && i < most; i++) {
		if (i)
			strbuf_adds(text, between);
		strbuf_add(text, list->item[i]);
	}
	if (list->n > most)
		strbuf_addf(text, " and %zu more", list->n - most);
}

static void add_list(struct strbuf *text, const char *title,
		     const struct cell *list, const char *between)
{
	add_some(text, title, list, between, SIZE_MAX);
}

static void write_line(struct printing *p)
{
	output_text(&p->session->out, strbuf_str(&p->text));
	output_format(&p->session->out, "\n");
	strbuf_clear(&p->text);
}

/* A block an incident: what it weighs and when; who; the tactics in order of
 * time; what holds it together. */
static void write_block(struct printing *p, const struct incident *x)
{
	const struct time_zone *zone = &p->session->o->zone;
	const struct cell actors = values_cell(p, EVENT_ACTOR, &x->actors);
	const struct cell accounts = values_cell(p, EVENT_ACCOUNT,
						 &x->accounts);
	const struct cell places = values_cell(p, EVENT_IP, &x->addresses);
	struct str id = id_of(p, x->first_row);

	strbuf_clear(&p->text);
	strbuf_addf(&p->text, "%-13s %3u  ", level_name(x->level), x->score);
	time_format(&p->text, x->first, TIME_DATETIME, zone);
	strbuf_adds(&p->text, " -> ");
	time_format(&p->text, x->last, TIME_DATETIME, zone);
	strbuf_adds(&p->text, "  ");
	add_count(&p->text, x->alert_n, "alert");
	strbuf_adds(&p->text, ", ");
	add_count(&p->text, x->rows.n, "event");
	strbuf_adds(&p->text, "  ");
	strbuf_add(&p->text, id);
	write_line(p);
	add_list(&p->text, "    ", &actors, " > ");
	write_line(p);
	strbuf_adds(&p->text, "    ");
	for (size_t i = 0; i < x->tactic_n; i++)
		strbuf_addf(&p->text, "%s%s", i ? " > " : "",
			    attack_tactic_short(x->tactic[i]));
	add_list(&p->text, "    accounts ", &accounts, ", ");
	add_list(&p->text, "    from ", &places, ", ");
	write_line(p);
	for (size_t i = 0; i < x->link_n; i++) {
		struct str link = link_text(p, &x->link[i]);

		strbuf_clear(&p->text);
		strbuf_adds(&p->text, "    joined, ");
		strbuf_add(&p->text, link);
		write_line(p);
	}
}

/* All of them -------------------------------------------------------------- */

static void write_all(struct printing *p, const struct incidents *all, size_t n)
{
	struct output *out = &p->session->out;
	bool document = p->session->o->format == FORMAT_JSON;

	if (document)
		output_format(out, "[\n");
	for (size_t i = 0; i < n; i++) {
		if (p->session->o->format == FORMAT_TABLE)
			write_block(p, &all->incident[i]);
		else
			write_json(p, &all->incident[i]);
		if (document && i + 1 < n)
			output_format(out, ",\n");
		arena_reset(p->arena);
	}
	if (document)
		output_format(out, "]\n");
}

static void write_rows(struct printing *p, const struct incidents *all,
		       size_t n)
{
	const struct options *o = p->session->o;
	struct rows rows;

	rows_begin(&rows, &p->session->out, o->format, columns,
		   ARRAY_SIZE(columns), &o->zone);
	for (size_t i = 0; i < n; i++) {
		add_row(p, &rows, &all->incident[i]);
		arena_reset(p->arena);
	}
	rows_end(&rows);
}

enum { BRIEF_ACTORS = 3 };

/* "  H  85  2026-10-03 06:06:40 -> 2026-10-03 06:35:02  12 alerts", and below
 * "InAc > Exec", "by web > ann > bob and 4 more" */
static void write_brief(struct printing *p, const struct incident *x)
{
	const struct time_zone *zone = &p->session->o->zone;
	const struct cell actors = values_cell(p, EVENT_ACTOR, &x->actors);

	strbuf_clear(&p->text);
	strbuf_addf(&p->text, "  %c %3u  ", level_letter(x->level), x->score);
	time_format(&p->text, x->first, TIME_DATETIME, zone);
	strbuf_adds(&p->text, " -> ");
	time_format(&p->text, x->last, TIME_DATETIME, zone);
	strbuf_adds(&p->text, "  ");
	add_count(&p->text, x->alert_n, "alert");
	write_line(p);
	for (size_t i = 0; i < x->tactic_n; i++)
		strbuf_addf(&p->text, "%s%s", i ? " > " : "          ",
			    attack_tactic_short(x->tactic[i]));
	if (x->tactic_n)
		write_line(p);
	add_some(&p->text, "          by ", &actors, " > ", BRIEF_ACTORS);
	if (actors.n)
		write_line(p);
}

size_t incidents_brief(struct session *s, size_t most)
{
	const struct snapshot *snap = s->snap;
	struct incident_map map;
	struct incidents all;
	struct arena arena;
	struct printing p = { s, &map, snap->store, &arena, { 0 } };
	size_t n;

	incident_map_make(&map, snap->lineage, &snap->marks, &snap->site);
	incidents_form(&all, &map, &s->alerts, snap->store);
	arena_init(&arena);
	strbuf_init(&p.text);
	n = all.n;
	for (size_t i = 0; i < n && i < most; i++) {
		write_brief(&p, &all.incident[i]);
		arena_reset(&arena);
	}
	strbuf_release(&p.text);
	arena_release(&arena);
	incidents_release(&all);
	incident_map_release(&map);
	return n;
}

void incidents_print(struct session *s)
{
	const struct snapshot *snap = s->snap;
	struct incident_map map;
	struct incidents all;
	struct arena arena;
	struct printing p = {
		.session = s,
		.map = &map,
		.store = snap->store,
		.arena = &arena,
	};
	size_t n;

	arena_init(&arena);
	strbuf_init(&p.text);
	incident_map_make(&map, snap->lineage, &snap->marks, &snap->site);
	incidents_form(&all, &map, &s->alerts, snap->store);
	n = all.n < s->o->limit ? all.n : s->o->limit;
	if (s->o->format == FORMAT_CSV)
		write_rows(&p, &all, n);
	else
		write_all(&p, &all, n);
	incidents_release(&all);
	incident_map_release(&map);
	strbuf_release(&p.text);
	arena_release(&arena);
}
