/* SPDX-License-Identifier: MIT */
#include "detect/incident.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "detect/incident_private.h"
#include "model/addr.h"

enum {
	TACTIC_POINTS = 2,
	TACTIC_POINTS_MAX = 12,
	ACCOUNT_POINTS = 2,
	ACCOUNT_POINTS_MAX = 6,
	POINTS_MAX = 100,
	HINTS_MORE = 8
};

static const char *const why_texts[] = {
#define X(code, text) (text),
	INCIDENT_WHYS(X)
#undef X
};

const char *incident_why_text(enum incident_why why)
{
	return why_texts[why];
}

/* Those who raised alerts --------------------------------------------------- */

static uint32_t number_of(struct suspects_now *x, node_id who)
{
	if (!x->number[who]) {
		x->node[x->n] = who;
		x->number[who] = x->n++;
	}
	return x->number[who];
}

static int compare_places(const void *a, const void *b)
{
	const struct alarming_place *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->level < y->level) - (x->level > y->level);
}

/* One of a kind, with its highest level. */
static void sort_places(struct suspects_now *x)
{
	size_t n = 0;

	if (x->place_n)
		qsort(x->place, x->place_n, sizeof(*x->place), compare_places);
	for (size_t i = 0; i < x->place_n; i++)
		if (!n || x->place[n - 1].key != x->place[i].key)
			x->place[n++] = x->place[i];
	x->place_n = n;
}

static void add_place(struct suspects_now *x, uint32_t number, uint32_t ip,
		      uint32_t level)
{
	struct alarming_place now = { (uint64_t)number << 32 | ip, level };

	if (!ip)
		return;
	/* Runs of one are most of them. */
	if (x->place_n && x->place[x->place_n - 1].key == now.key) {
		if (x->place[x->place_n - 1].level < level)
			x->place[x->place_n - 1].level = level;
		return;
	}
	x->place = mem_grow(x->place, &x->place_cap, x->place_n + 1,
			    sizeof(*x->place));
	x->place[x->place_n++] = now;
}

static void find_activity(struct suspects_now *x)
{
	const struct lineage *l = x->l;

	for (uint32_t i = 0; i < x->n; i++)
		x->first[i] = TIME_NONE;
	for (node_id n = 1; n < l->node_n; n++) {
		uint32_t number = x->number[x->map->who[n]];
		int64_t t = lineage_first(l, n);

		if (number && t != TIME_NONE &&
		    (x->first[number] == TIME_NONE || t < x->first[number]))
			x->first[number] = t;
	}
}

static void find_suspects(struct suspects_now *x)
{
	const struct store *s = x->l->store;

	x->number = mem_zero(x->l->node_n, sizeof(*x->number));
	x->node = mem_zero((size_t)x->l->node_n + 1, sizeof(*x->node));
	x->n = 1;
	for (size_t i = 0; i < x->marks->n; i++) {
		const struct mark *mark = &x->marks->mark[i];
		node_id who = incident_identity(x->map, mark->row);

		if (who)
			add_place(x, number_of(x, who),
				  store_value_at(s, EVENT_IP, mark->row),
				  mark->level);
	}
	sort_places(x);
	x->first = mem_alloc(x->n * sizeof(*x->first));
	x->last = mem_alloc(x->n * sizeof(*x->last));
	for (uint32_t i = 0; i < x->n; i++)
		x->last[i] = INT64_MIN;
	for (size_t i = 0; i < x->marks->n; i++) {
		row_id row = x->marks->mark[i].row;
		node_id who = incident_identity(x->map, row);

		/* Rows are in order of time; those without one come last. */
		if (who && row < s->timed)
			x->last[x->number[who]] = s->time[row];
	}
	find_activity(x);
}

/* Groups ------------------------------------------------------------------- */

static uint32_t top_of(uint32_t *parent, uint32_t n)
{
	while (parent[n] != n) {
		parent[n] = parent[parent[n]];
		n = parent[n];
	}
	return n;
}

/* The links without which an incident would fall apart, the strongest ones,
 * and a few hints more, which tell what came before what; returns how many. */
static size_t unite(const struct suspects_now *x, uint32_t *parent,
		    struct incident_link *link, size_t n)
{
	uint8_t *hints = mem_zero(x->n, sizeof(*hints));
	size_t kept = 0;

	for (uint32_t i = 0; i < x->n; i++)
		parent[i] = i;
	for (size_t i = 0; i < n; i++) {
		uint32_t a = top_of(parent, x->number[link[i].of]);
		uint32_t b = top_of(parent, x->number[link[i].with]);

		if (a == b &&
		    (link[i].why != INCIDENT_HINT || hints[a] == HINTS_MORE))
			continue;
		hints[a] = (uint8_t)(hints[a] + (a == b));
		/* Numbers go by time: the first one stands for all. */
		parent[a < b ? b : a] = a < b ? a : b;
		link[kept++] = link[i];
	}
	free(hints);
	return kept;
}

static void number_groups(const struct suspects_now *x, uint32_t *parent)
{
	struct incident_map *m = x->map;

	m->group = mem_zero(x->l->node_n, sizeof(*m->group));
	for (uint32_t i = 1; i < x->n; i++) {
		node_id top = x->node[top_of(parent, i)];

		if (!m->group[top])
			m->group[top] = ++m->group_n;
		m->group[x->node[i]] = m->group[top];
	}
}

static void keep_links(struct incident_map *m, const struct incident_link *link,
		       size_t n)
{
	int64_t *key = mem_alloc((n + 1) * sizeof(*key));
	uint32_t *order = mem_alloc((n + 1) * sizeof(*order));

	m->link = mem_alloc((n + 1) * sizeof(*m->link));
	m->link_start = mem_zero((size_t)m->group_n + 2,
				 sizeof(*m->link_start));
	for (size_t i = 0; i < n; i++) {
		key[i] = m->group[link[i].of];
		m->link_start[key[i] + 1]++;
	}
	for (uint32_t g = 0; g <= m->group_n; g++)
		m->link_start[g + 1] += m->link_start[g];
	sort_by_key(order, key, n);
	for (size_t i = 0; i < n; i++)
		m->link[i] = link[order[i]];
	free(key);
	free(order);
}

void incident_map_make(struct incident_map *out, const struct lineage *l,
		       const struct marks *marks, const struct site *site)
{
	struct suspects_now x = { .l = l, .marks = marks, .map = out };
	struct incident_link *link;
	uint32_t *parent;
	size_t n;

	*out = (struct incident_map){ .lineage = l };
	incident_find_who(out, marks);
	find_suspects(&x);
	n = incident_find_links(&x, site, &link);
	parent = mem_alloc(x.n * sizeof(*parent));
	n = unite(&x, parent, link, n);
	number_groups(&x, parent);
	keep_links(out, link, n);
	free(parent);
	free(link);
	free(x.number);
	free(x.node);
	free(x.first);
	free(x.last);
	free(x.place);
}

void incident_map_release(struct incident_map *m)
{
	free(m->who);
	free(m->place);
	free(m->beside);
	free(m->group);
	free(m->link);
	free(m->link_start);
	*m = (struct incident_map){ .lineage = NULL };
}

/* Forming ------------------------------------------------------------------- */

/* An event of an alert. */
struct part {
	uint32_t group, alert;
	row_id row;
};

/* Values met in the incident at hand, by column. */
struct met {
	uint32_t *stamp;
	uint32_t *value; /* in the order in which they came */
	size_t n, cap;
};

struct forming {
	const struct incident_map *m;
	const struct alerts *alerts;
	const struct store *s;
	struct incidents *out;
	struct part *part;
	size_t n;
	struct met actors, accounts, addresses, people;
	uint64_t *from; /* by EVENT_IP: the weight of what came from there */
	struct row_accounts account_of;
	uint32_t *alert_stamp;
	struct incident_alert *alert; /* of the incident at hand, by number */
	uint32_t now;                 /* its stamp */
};

static void list_parts(struct forming *f)
{
	const struct incident_map *m = f->m;
	size_t n = 0;
	struct part *part;
	int64_t *key;
	uint32_t *order;

	for (size_t i = 0; i < f->alerts->n; i++)
		n += f->alerts->alert[i].own.n;
	part = mem_alloc((n + 1) * sizeof(*part));
	f->part = mem_alloc((n + 1) * sizeof(*f->part));
	key = mem_alloc((n + 1) * sizeof(*key));
	order = mem_alloc((n + 1) * sizeof(*order));
	for (uint32_t i = 0; i < f->alerts->n; i++)
		for (size_t k = 0; k < f->alerts->alert[i].own.n; k++) {
			row_id row = f->alerts->alert[i].own.row[k];
			node_id who = incident_identity(m, row);

			if (!who || !m->group[who])
				continue;
			key[f->n] = (int64_t)m->group[who] << 32 | row;
			part[f->n++] = (struct part){ m->group[who], i, row };
		}
	sort_by_key(order, key, f->n);
	for (size_t i = 0; i < f->n; i++)
		f->part[i] = part[order[i]];
	free(part);
	free(key);
	free(order);
}

static void met_init(struct met *m, size_t values)
{
	*m = (struct met){ .stamp = mem_zero(values + 1, sizeof(uint32_t)) };
}

static void met_release(struct met *m)
{
	free(m->stamp);
	free(m->value);
}

static void meet(struct met *m, uint32_t value, uint32_t now)
{
	if (!value || m->stamp[value] == now)
		return;
	m->stamp[value] = now;
	m->value = mem_grow(m->value, &m->cap, m->n + 1, sizeof(*m->value));
	m->value[m->n++] = value;
}

static struct alert_values keep_met(struct met *m, struct arena *a)
{
	uint32_t *value = arena_alloc(a, (m->n + 1) * sizeof(*value));
	struct alert_values kept = { value, m->n };

	for (size_t i = 0; i < m->n; i++)
		value[i] = m->value[i];
	m->n = 0;
	return kept;
}

static void see_tactics(struct incident *x, tactic_set *seen, tactic_set now)
{
	for (int t = 0; t < TACTIC_COUNT; t++)
		if (now & ~*seen & TACTIC_BIT(t))
			x->tactic[x->tactic_n++] = (enum attack_tactic)t;
	*seen |= now;
}

/* What only informs is part of the incident and no step of its chain, unless
 * there is nothing else. */
static bool is_step(const struct forming *f, const struct incident *x,
		    const struct part *p)
{
	return x->level == LEVEL_INFORMATIONAL ||
	       f->alerts->alert[p->alert].level > LEVEL_INFORMATIONAL;
}

/* An alert's tactics are reached when it is told. */
static void find_tactics(const struct forming *f, struct incident *x,
			 const struct part *part, size_t n)
{
	tactic_set seen = 0;

	for (size_t i = 0; i < n; i++) {
		const struct alert *al = &f->alerts->alert[part[i].alert];

		if (part[i].row >= al->told && is_step(f, x, &part[i]))
			see_tactics(x, &seen, al->rule->tactics);
	}
}

/* From its first step to its last. */
static void find_span(const struct forming *f, struct incident *x,
		      const struct part *part, size_t n)
{
	bool begun = false;

	x->first = x->last = TIME_NONE;
	for (size_t i = 0; i < n; i++) {
		row_id row = part[i].row;

		if (!is_step(f, x, &part[i]))
			continue;
		if (!begun)
			x->first_row = row;
		begun = true;
		if (row >= f->s->timed)
			continue;
		if (x->first == TIME_NONE)
			x->first = f->s->time[row];
		x->last = f->s->time[row];
	}
}

static bool is_place(const struct store *s, uint32_t ip)
{
	enum addr_class class = addr_class(store_value(s, EVENT_IP, ip));

	return class == ADDR_PUBLIC || class == ADDR_PRIVATE;
}

/* Four of a level weigh as much as one of the next. */
static uint64_t weight_of(enum level level)
{
	return (uint64_t)1 << 2 * level;
}

/* What weighs most comes first: whose address it is, a reader takes from the
 * first one that he sees. */
static int compare_from(uint32_t a, uint32_t b, const void *context)
{
	const uint64_t *from = context;

	return from[a] > from[b] ? -1 : from[a] < from[b];
}

static void see_part(struct forming *f, struct incident *x,
		     const struct part *p, uint32_t *alert, size_t *alert_n)
{
	const struct store *s = f->s;
	const struct alert *al = &f->alerts->alert[p->alert];
	uint32_t ip = store_value_at(s, EVENT_IP, p->row);

	meet(&f->accounts, row_account(&f->account_of, p->row), f->now);
	if (f->addresses.stamp[ip] != f->now && is_place(s, ip)) {
		meet(&f->addresses, ip, f->now);
		f->from[ip] = 0;
	}
	f->from[ip] += weight_of(al->level);
	if (f->alert_stamp[p->alert] != f->now) {
		f->alert_stamp[p->alert] = f->now;
		f->alert[p->alert] = (struct incident_alert){ p->alert, p->row,
							      0 };
		alert[(*alert_n)++] = p->alert;
		if (al->level > x->level)
			x->level = al->level;
		if (al->score.total > x->score)
			x->score = al->score.total;
	}
	f->alert[p->alert].events++;
}

static void see_who(struct forming *f, const struct part *p)
{
	meet(&f->actors,
	     store_value_at(f->s, EVENT_ACTOR,
			    lineage_own_row(f->m->lineage, p->row)),
	     f->now);
	meet(&f->people, incident_identity(f->m, p->row), f->now);
}

/* In order, from its first step on: whoever had only been told of before that
 * comes last. */
static void see_all(struct forming *f, const struct incident *x,
		    const struct part *part, size_t n)
{
	size_t first = 0;

	while (first < n && !is_step(f, x, &part[first]))
		first++;
	for (size_t i = first; i < n; i++)
		see_who(f, &part[i]);
	for (size_t i = 0; i < first; i++)
		see_who(f, &part[i]);
}

static int compare_numbers(uint32_t a, uint32_t b, const void *context)
{
	(void)context;
	return a < b ? -1 : a > b;
}

static unsigned points(size_t n, unsigned each, unsigned most)
{
	size_t sum = n > 1 ? (n - 1) * each : 0;

	return sum < most ? (unsigned)sum : most;
}

static void form_one(struct forming *f, const struct part *part, size_t n)
{
	struct arena *a = &f->out->arena;
	struct incident *x = &f->out->incident[f->out->n++];
	row_id *row = arena_alloc(a, n * sizeof(*row));
	uint32_t *alert = mem_alloc(n * sizeof(*alert));
	struct incident_alert *kept;
	uint32_t group = part->group;

	*x = (struct incident){ .first_row = ROW_NONE };
	f->now++;
	for (size_t i = 0; i < n; i++) {
		see_part(f, x, &part[i], alert, &x->alert_n);
		if (i && part[i].row == part[i - 1].row)
			continue;
		row[x->rows.n++] = part[i].row;
	}
	see_all(f, x, part, n);
	find_span(f, x, part, n);
	find_tactics(f, x, part, n);
	x->rows.row = row;
	sort_u32(alert, x->alert_n, compare_numbers, NULL);
	kept = arena_alloc(a, x->alert_n * sizeof(*kept));
	for (size_t i = 0; i < x->alert_n; i++)
		kept[i] = f->alert[alert[i]];
	free(alert);
	x->alert = kept;
	x->identity_n = f->people.n;
	x->identity = keep_met(&f->people, a).value;
	x->actors = keep_met(&f->actors, a);
	x->accounts = keep_met(&f->accounts, a);
	sort_u32(f->addresses.value, f->addresses.n, compare_from, f->from);
	x->addresses = keep_met(&f->addresses, a);
	x->score += points(x->tactic_n, TACTIC_POINTS, TACTIC_POINTS_MAX) +
		    points(x->accounts.n, ACCOUNT_POINTS, ACCOUNT_POINTS_MAX);
	if (x->score > POINTS_MAX)
		x->score = POINTS_MAX;
	x->link = f->m->link + f->m->link_start[group];
	x->link_n = f->m->link_start[group + 1] - f->m->link_start[group];
}

static int compare_incidents(const void *x, const void *y)
{
	const struct incident *a = x, *b = y;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->first_row < b->first_row ? -1 : a->first_row > b->first_row;
}

void incidents_form(struct incidents *out, const struct incident_map *m,
		    const struct alerts *alerts, const struct store *s)
{
	struct forming f = { .m = m, .alerts = alerts, .s = s, .out = out };

	*out = (struct incidents){ .n = 0 };
	arena_init(&out->arena);
	list_parts(&f);
	out->incident =
		mem_alloc(((size_t)m->group_n + 1) * sizeof(*out->incident));
	met_init(&f.actors, s->values[EVENT_ACTOR]);
	row_accounts_init(&f.account_of, s);
	met_init(&f.accounts, row_accounts_count(s));
	met_init(&f.addresses, s->values[EVENT_IP]);
	met_init(&f.people, m->lineage->node_n);
	f.from = mem_zero((size_t)s->values[EVENT_IP] + 1, sizeof(*f.from));
	f.alert_stamp = mem_zero(alerts->n + 1, sizeof(*f.alert_stamp));
	f.alert = mem_alloc((alerts->n + 1) * sizeof(*f.alert));
	for (size_t from = 0, to; from < f.n; from = to) {
		for (to = from;
		     to < f.n && f.part[to].group == f.part[from].group;)
			to++;
		form_one(&f, f.part + from, to - from);
	}
	if (out->n)
		qsort(out->incident, out->n, sizeof(*out->incident),
		      compare_incidents);
	met_release(&f.actors);
	met_release(&f.accounts);
	row_accounts_release(&f.account_of);
	met_release(&f.addresses);
	met_release(&f.people);
	free(f.from);
	free(f.alert_stamp);
	free(f.alert);
	free(f.part);
}

void incidents_release(struct incidents *x)
{
	free(x->incident);
	arena_release(&x->arena);
	*x = (struct incidents){ .n = 0 };
}

/* Words --------------------------------------------------------------------- */

enum certainty incident_link_certainty(const struct incident_link *link)
{
	return link->why == INCIDENT_HINT ?
		       HINT :
		       (enum certainty)link->edge->certainty;
}

void incident_link_describe(const struct incident_map *m,
			    const struct incident_link *link,
			    struct strbuf *out)
{
	const struct lineage *l = m->lineage;

	node_describe(l, link->edge->from, out);
	strbuf_addc(out, ' ');
	strbuf_adds(out, edge_kind_verb(link->edge->kind));
	strbuf_addc(out, ' ');
	node_describe(l, link->edge->to, out);
	strbuf_adds(out, "; ");
	strbuf_adds(out, incident_why_text(link->why));
	if (link->why == INCIDENT_HINT) {
		strbuf_addc(out, ' ');
		strbuf_add(out, store_text(l->store, EVENT_IP, link->row));
	}
}
