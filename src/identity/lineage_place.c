/* SPDX-License-Identifier: MIT */
/*
 * Whom a row beside the calls names: the machine that had a private address or
 * an interface, the session in which S3 says that a request was made.
 */
#include "identity/lineage_place.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/sort.h"
#include "model/arn.h"

/* Of those who had one address so many are looked at: forged events could name
 * any number. */
enum { HOLDERS_MOST = 256 };

/* Machines --------------------------------------------------------------- */

static int compare_held(uint32_t x, uint32_t y, const void *context)
{
	const struct fact_link *const *link = context;
	const struct fact_link *a = link[x], *b = link[y];

	if (a->b != b->b)
		return a->b < b->b ? -1 : 1;
	if (a->first != b->first)
		return a->first < b->first ? -1 : 1;
	return a->a < b->a ? -1 : a->a > b->a;
}

void places_make(struct machine_places *p, struct lineage_maker *m)
{
	const struct facts *f = m->facts;
	const struct fact_link **link;

	*p = (struct machine_places){ .m = m };
	for (size_t i = 0; i < f->link_n; i++)
		p->n += f->link[i].kind == LINK_PLACE;
	link = mem_alloc((p->n + 1) * sizeof(*link));
	p->n = 0;
	for (size_t i = 0; i < f->link_n; i++)
		if (f->link[i].kind == LINK_PLACE)
			link[p->n++] = &f->link[i];
	sort_items(link, p->n, sizeof(*link), compare_held, link);
	p->held = link;
}

void places_release(struct machine_places *p)
{
	free(p->held);
}

/* The first of those who had that place. */
static size_t first_held(const struct machine_places *p, uint32_t place)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->held[mid]->b < place)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static node_id machine_node(struct lineage_maker *m, struct str text)
{
	uint32_t n = intern_find(&m->instances, text);

	if (n == INTERN_NONE || n >= m->place_n)
		return NODE_NONE;
	return maker_find(m, NODE_COMPUTE,
			  intern_text(&m->l->texts, m->place[n]));
}

/*
 * Addresses inside are given again, and two networks may have the same one:
 * who had it by then, if that is one machine; before anybody is known to, the
 * only one that is known at all.
 */
static node_id holder(const struct machine_places *p, struct str account,
		      struct str place, int64_t time)
{
	const struct intern *strings = &p->m->facts->strings;
	uint32_t number = intern_find(strings, place), by = 0, ever = 0;
	bool several = false, several_by = false;
	unsigned left = HOLDERS_MOST;

	if (number == INTERN_NONE)
		return NODE_NONE;
	for (size_t i = first_held(p, number);
	     i < p->n && p->held[i]->b == number; i++) {
		const struct fact_link *h = p->held[i];
		struct str who = intern_text(strings, h->a);

		if (!left--)
			return NODE_NONE;
		if (account.n && !str_eq(str_sub(who, 0, 12), account))
			continue;
		several |= ever && ever != h->a;
		ever = h->a;
		if (h->first != UINT32_MAX && (int64_t)h->first * 1000 > time)
			continue;
		several_by |= by && by != h->a;
		by = h->a;
	}
	if (by ? several_by : several || !ever)
		return NODE_NONE;
	return machine_node(p->m, intern_text(strings, by ? by : ever));
}

node_id places_machine(const struct machine_places *p, struct str text,
		       row_id row)
{
	int64_t time = p->m->s->time[row];
	size_t slash = str_find_char(text, '/', 0);

	if (!str_starts(text, STR("@")))
		return holder(p, STR_NULL, text, time);
	return holder(p, str_sub(text, 1, slash), str_from(text, slash + 1),
		      time);
}

/* Requesters --------------------------------------------------------------- */

static bool has_expired(const struct lineage_maker *m, node_id session,
			int64_t time)
{
	const struct session_attributes *a =
		&m->l->session[m->l->node[session].session];

	return a->expires && (int64_t)a->expires * 1000 < time;
}

node_id places_session(struct lineage_maker *m, struct str text, row_id row)
{
	int64_t time = m->s->time[row];
	struct str account, role, name, arn, pid;
	node_id principal, session;

	if (!arn_assumed_role(text, &account, &role, &name))
		return NODE_NONE;
	arn = maker_join3(m, STR("r"), account, STR("/"));
	principal = alias_find(m, arena_join(&m->arena, arn, role), row);
	if (!principal)
		return NODE_NONE;
	pid = alias_id_of(m, lineage_text(m->l, principal), time);
	if (!pid.n)
		return NODE_NONE;
	pid = maker_join3(m, pid, STR(":"), name);
	session = maker_session_before(m, pid, maker_time_text(m, time), true);
	return session && !has_expired(m, session, time) ? session : NODE_NONE;
}
