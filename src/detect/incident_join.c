/* SPDX-License-Identifier: MIT */
/* Which of those who raised alerts are one incident. */
#include "detect/incident_private.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/timefmt.h"
#include "model/addr.h"

enum {
	SLACK_MS = 2 * 1000, /* events of one second, and clocks */
	DAY_MS = 24 * 60 * 60 * 1000,
	ROLE_PEOPLE = 4,    /* that raise alerts in a role; more share it */
	PIPELINE_THINGS = 8 /* made in silence, by what is a pipeline */
};

struct joining {
	const struct suspects_now *x;
	const struct lineage *l;
	struct incident_link *link;
	size_t n, cap;
	/* Things that somebody made or changed, by number: their count, as far
	 * as no alert tells of it. */
	uint32_t *silent;
	/* Of the node at hand, by whoever acted on it: the first of its edges
	 * in `edge`, + 1; and the next of the same. */
	uint32_t *head;
	struct made {
		const struct lineage_edge *edge;
		uint32_t next;
	} * made;
	size_t made_n, made_cap;
	/* By number: the last node that it made something silently, and the
	 * last that an alert told of. */
	node_id *made_last, *told_last;
	uint32_t *maker; /* numbers that have to do with the node at hand */
	size_t maker_n, maker_cap;
};

static bool makes(enum edge_kind kind)
{
	return kind == EDGE_CREATED || kind == EDGE_PASSED_ROLE ||
	       kind == EDGE_CONTROLS || kind == EDGE_MODIFIED_AUTH;
}

/* To make something is what pipelines do, and rules tell it in passing. */
static bool raised_alert(const struct joining *j, enum edge_kind kind,
			 row_id row)
{
	int least = kind == EDGE_CREATED || kind == EDGE_PASSED_ROLE ?
			    LEVEL_HIGH :
			    LEVEL_MEDIUM;

	return marks_level(j->x->marks, row) >= least;
}

static void add_link(struct joining *j, node_id of, node_id with,
		     const struct lineage_edge *e, row_id row,
		     enum incident_why why)
{
	j->link = mem_grow(j->link, &j->cap, j->n + 1, sizeof(*j->link));
	j->link[j->n++] = (struct incident_link){ of, with, e, row, why };
}

/* Those whom a node concerns ----------------------------------------------- */

struct people {
	node_id who[ROLE_PEOPLE];
	size_t n;
	bool more;
};

static void add_person(const struct joining *j, struct people *p, node_id who)
{
	if (!j->x->number[who])
		return;
	for (size_t i = 0; i < p->n; i++)
		if (p->who[i] == who)
			return;
	if (p->n == ROLE_PEOPLE)
		p->more = true;
	else
		p->who[p->n++] = who;
}

/* Of those who raised alerts: the identity that a node is, or, for a role,
 * those who had sessions of it. */
static void find_people(const struct joining *j, node_id node, struct people *p)
{
	const struct incident_map *m = j->x->map;
	const struct lineage_edge *e;

	*p = (struct people){ .n = 0 };
	add_person(j, p, m->who[node]);
	for (uint32_t i = 0; !p->more && (e = lineage_in(j->l, node, i)); i++)
		if (e->kind == EDGE_SESSION_OF)
			add_person(j, p, m->who[e->from]);
	if (p->more)
		p->n = 0;
}

/* Events that made something ----------------------------------------------- */

static void join_by(struct joining *j, const struct people *p, node_id of,
		    const struct lineage_edge *e, row_id row, bool alerted)
{
	const struct suspects_now *x = j->x;
	int64_t t = j->l->store->time[row];

	if (t == TIME_NONE)
		return;
	for (size_t i = 0; i < p->n; i++) {
		uint32_t with = x->number[p->who[i]];
		int64_t first = x->first[with];

		if (p->who[i] == of)
			continue;
		if (alerted && x->last[with] >= t - SLACK_MS)
			add_link(j, of, p->who[i], e, row, INCIDENT_ALERTED);
		else if (first != TIME_NONE && t >= first - DAY_MS &&
			 t <= first + SLACK_MS)
			add_link(j, of, p->who[i], e, row, INCIDENT_DAY);
	}
}

/* One event of an edge to the node at hand. */
static void see_event(struct joining *j, const struct people *p,
		      const struct lineage_edge *e, row_id row)
{
	node_id of = j->x->map->who[e->from];
	uint32_t number = j->x->number[of];
	bool alerted = raised_alert(j, e->kind, row);

	if (alerted)
		j->told_last[number] = e->to;
	join_by(j, p, of, e, row, alerted);
}

static void see_edge(struct joining *j, const struct people *p,
		     const struct lineage_edge *e)
{
	node_id of = j->x->map->who[e->from];
	uint32_t number = j->x->number[of];

	/* Those who raised nothing join nobody, and services neither. */
	if (!makes(e->kind) || !number || incident_is_service(j->l, of))
		return;
	if (j->made_last[number] != e->to) {
		j->made_last[number] = e->to;
		j->maker = mem_grow(j->maker, &j->maker_cap, j->maker_n + 1,
				    sizeof(*j->maker));
		j->maker[j->maker_n++] = number;
	}
	for (unsigned i = 0; i < e->evidence_n; i++)
		see_event(j, p, e, lineage_evidence(j->l, e, i));
	if (!p->n)
		return;
	j->made = mem_grow(j->made, &j->made_cap, j->made_n + 1,
			   sizeof(*j->made));
	j->made[j->made_n] = (struct made){ e, j->head[e->from] };
	j->head[e->from] = (uint32_t)++j->made_n;
}

/* An edge's evidence is its earliest events: the same deed done again, as the
 * rows show that name the node. */
static void see_again(struct joining *j, const struct people *p, node_id node)
{
	const struct store *s = j->l->store;
	uint32_t n;
	const row_id *on = lineage_on(j->l, node, &n);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t at = j->head[j->l->acting[on[i]]];

		if (!at || store_outcome(s, on[i]) != OUTCOME_OK)
			continue;
		for (; at; at = j->made[at - 1].next) {
			const struct lineage_edge *e = j->made[at - 1].edge;

			if (store_value_at(s, EVENT_NAME, on[i]) ==
			    store_value_at(s, EVENT_NAME,
					   lineage_evidence(j->l, e, 0)))
				see_event(j, p, e, on[i]);
		}
	}
}

static void see_node(struct joining *j, node_id node)
{
	const struct lineage_edge *e;
	struct people people;
	bool asked = false;

	j->made_n = 0;
	j->maker_n = 0;
	for (uint32_t i = 0; (e = lineage_in(j->l, node, i)); i++) {
		if (!makes(e->kind))
			continue;
		if (!asked)
			find_people(j, node, &people);
		asked = true;
		see_edge(j, &people, e);
	}
	if (j->made_n)
		see_again(j, &people, node);
	for (size_t i = 0; i < j->made_n; i++)
		j->head[j->made[i].edge->from] = 0;
	for (size_t i = 0; i < j->maker_n; i++)
		j->silent[j->maker[i]] += j->told_last[j->maker[i]] != node;
}

/* Hints --------------------------------------------------------------------- */

/* The highest level of alerts by somebody from an address; -1 for none. */
static int level_from(const struct suspects_now *x, node_id who, uint32_t ip)
{
	uint64_t key = (uint64_t)x->number[who] << 32 | ip;
	size_t low = 0, high = x->place_n;

	if (!x->number[who])
		return -1;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (x->place[mid].key < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low < x->place_n && x->place[low].key == key ?
		       (int)x->place[low].level :
		       -1;
}

/* An attacker's address: both sides raised alerts from it, one of them a grave
 * one, where nothing but address and tool speaks for it both. */
static void see_hint(struct joining *j, const struct lineage_edge *e,
		     const struct site *site)
{
	const struct store *s = j->l->store;
	row_id a = lineage_evidence(j->l, e, 0);
	row_id b = lineage_evidence(j->l, e, e->evidence_n - 1u);
	uint32_t ip = store_value_at(s, EVENT_IP, b);
	node_id of = incident_identity(j->x->map, a);
	node_id with = incident_identity(j->x->map, b);
	int x = level_from(j->x, of, ip), y = level_from(j->x, with, ip);
	int least = x < y ? x : y, most = x > y ? x : y;

	if (of == with || !ip || store_value_at(s, EVENT_IP, a) != ip ||
	    least < (e->kind == EDGE_EXPOSED_BY ? LEVEL_LOW : LEVEL_MEDIUM) ||
	    most < LEVEL_MEDIUM ||
	    (site && site_network_of(site, store_value(s, EVENT_IP, ip))))
		return;
	add_link(j, of, with, e, b, INCIDENT_HINT);
}

/* Addresses ----------------------------------------------------------------- */

/* Those who raised grave alerts from an address, where something that is no
 * call raised one as well. Of many it is no attacker's address. */
static void see_place(struct joining *j, node_id place, const struct site *site)
{
	const struct lineage *l = j->l;
	struct people people = { .n = 0 };
	const struct lineage_edge *e;
	uint32_t ip = store_find_value(l->store, EVENT_IP,
				       lineage_text(l, place));

	if (level_from(j->x, place, ip) < LEVEL_MEDIUM ||
	    (site && site_network_of(site, lineage_text(l, place))))
		return;
	for (uint32_t i = 0; (e = lineage_in(l, place, i)); i++)
		if (e->kind == EDGE_USED_FROM &&
		    level_from(j->x, j->x->map->who[e->from], ip) >=
			    LEVEL_MEDIUM)
			add_person(j, &people, j->x->map->who[e->from]);
	if (people.more)
		return;
	for (uint32_t i = 0; (e = lineage_in(l, place, i)); i++) {
		node_id with = j->x->map->who[e->from];

		for (size_t k = 0; k < people.n; k++)
			if (e->kind == EDGE_USED_FROM && people.who[k] == with)
				add_link(j, place, with, e,
					 lineage_evidence(l, e, 0),
					 INCIDENT_HINT);
	}
}

static void see_places(struct joining *j, const struct site *site)
{
	const struct incident_map *m = j->x->map;
	node_id last = NODE_NONE;

	for (size_t i = 0; i < m->beside_n; i++) {
		node_id who = m->beside[i].who;

		if (who == last || j->l->node[who].kind != NODE_IP ||
		    j->head[who])
			continue;
		last = who;
		j->head[who] = 1; /* seen */
		see_place(j, who, site);
	}
}

/* All of them -------------------------------------------------------------- */

static int compare_links(uint32_t x, uint32_t y, const void *context)
{
	const struct joining *j = context;
	const struct incident_link *a = &j->link[x], *b = &j->link[y];

	if (a->why != b->why)
		return a->why < b->why ? -1 : 1;
	/* Of hints, who may have read a key says more than a place shared. */
	if (a->why == INCIDENT_HINT && a->edge->kind != b->edge->kind)
		return a->edge->kind == EDGE_EXPOSED_BY ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->edge < b->edge ? -1 : a->edge > b->edge;
}

static int compare_pairs(uint32_t x, uint32_t y, const void *context)
{
	const struct joining *j = context;
	const struct incident_link *a = &j->link[x], *b = &j->link[y];

	if (a->of != b->of)
		return a->of < b->of ? -1 : 1;
	if (a->with != b->with)
		return a->with < b->with ? -1 : 1;
	return compare_links(x, y, context);
}

static bool is_pipeline(const struct joining *j, node_id who)
{
	return j->silent[j->x->number[who]] >= PIPELINE_THINGS;
}

/* Of each two the strongest; nothing through a pipeline. `order` has them pair by
 * pair, and is then what is left. */
static size_t choose_links(const struct joining *j, uint32_t *order)
{
	const struct incident_link *last = NULL;
	size_t n = 0;

	for (size_t i = 0; i < j->n; i++) {
		const struct incident_link *now = &j->link[order[i]];

		if ((now->why != INCIDENT_HINT && is_pipeline(j, now->of)) ||
		    (last && last->of == now->of && last->with == now->with))
			continue;
		last = now;
		order[n++] = order[i];
	}
	sort_u32(order, n, compare_links, j);
	return n;
}

size_t incident_find_links(const struct suspects_now *x,
			   const struct site *site, struct incident_link **out)
{
	const struct lineage *l = x->l;
	struct joining j = { .x = x, .l = l };
	uint32_t *order;
	size_t n;

	j.silent = mem_zero((size_t)x->n + 1, sizeof(*j.silent));
	j.made_last = mem_zero((size_t)x->n + 1, sizeof(*j.made_last));
	j.told_last = mem_zero((size_t)x->n + 1, sizeof(*j.told_last));
	j.head = mem_zero(l->node_n, sizeof(*j.head));
	for (node_id node = 1; node < l->node_n; node++)
		see_node(&j, node);
	for (uint32_t i = 0; i < l->edge_n; i++)
		if (l->edge[i].kind == EDGE_EXPOSED_BY ||
		    l->edge[i].kind == EDGE_SAME_SOURCE)
			see_hint(&j, &l->edge[i], site);
	see_places(&j, site);
	order = sort_order(j.n, compare_pairs, &j);
	n = choose_links(&j, order);
	*out = mem_alloc((n + 1) * sizeof(**out));
	for (size_t i = 0; i < n; i++)
		(*out)[i] = j.link[order[i]];
	free(order);
	free(j.silent);
	free(j.made_last);
	free(j.told_last);
	free(j.head);
	free(j.made);
	free(j.maker);
	free(j.link);
	return n;
}
