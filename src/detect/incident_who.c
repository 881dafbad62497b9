/* SPDX-License-Identifier: MIT */
/* Whose an event is, as incidents are formed. */
#include "detect/incident_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "identity/climb.h"
#include "model/identity.h"

bool incident_is_service(const struct lineage *l, node_id node)
{
	return l->node[node].kind == NODE_PRINCIPAL &&
	       strcmp(principal_kind(lineage_text(l, node)), "service") == 0;
}

static bool is_role(const struct lineage *l, node_id node)
{
	return strcmp(principal_kind(lineage_text(l, node)), "role") == 0;
}

struct finding {
	const struct lineage *l;
	struct climb climb;
	node_id *below; /* by node: the last one before a service */
	node_id *path;
	size_t path_cap;
	node_id *unissued; /* by value of EVENT_ACTOR: the first session */
};

/* A service stands behind a session of its role, but many have the service. */
static node_id below_service(struct finding *f, node_id node)
{
	size_t n = 0;
	node_id found = NODE_NONE;

	for (node_id at = node; !found;) {
		const struct lineage_edge *e = climb_parent(&f->climb, at);
		node_id up = e ? lineage_other_end(e, at) : NODE_NONE;

		if (f->below[at])
			found = f->below[at];
		else if (!up || incident_is_service(f->l, up))
			found = at;
		f->path = mem_grow(f->path, &f->path_cap, n + 1,
				   sizeof(*f->path));
		f->path[n++] = at;
		at = up;
	}
	while (n-- > 0)
		f->below[f->path[n]] = found;
	return found;
}

/*
 * Of one whose origin is a session or key, since the evidence does not have
 * what issued it: the user that it is of. A role is many people's; there the
 * sessions of one name are one, as they are one actor.
 */
static node_id without_issuer(struct finding *f, node_id top)
{
	const struct lineage *l = f->l;
	node_id principal = lineage_leads_to(l, top, EDGE_SESSION_OF);
	row_id row = l->node[top].first;
	uint32_t actor;

	if (principal && !is_role(l, principal))
		return principal;
	if (row == ROW_NONE)
		return top;
	actor = store_value_at(l->store, EVENT_ACTOR, row);
	if (!actor)
		return top;
	if (!f->unissued[actor])
		f->unissued[actor] = top;
	return f->unissued[actor];
}

static node_id who_is(struct finding *f, node_id node)
{
	const struct lineage *l = f->l;
	node_id top = climb_origin(&f->climb, node), principal;

	if (top != node && incident_is_service(l, top)) {
		top = below_service(f, node);
		/* A role that a service takes for itself. */
		principal = lineage_leads_to(l, top, EDGE_SESSION_OF);
		if (principal)
			return principal;
	}
	if (l->node[top].kind == NODE_SESSION || l->node[top].kind == NODE_KEY)
		return without_issuer(f, top);
	return top;
}

/* Callers without a name are one where their address is. */
static bool is_nobody(const struct lineage *l, node_id node)
{
	return l->node[node].kind == NODE_PRINCIPAL &&
	       principal_is_nobody(lineage_text(l, node));
}

static void find_places(struct incident_map *m, const struct marks *marks)
{
	const struct lineage *l = m->lineage;
	struct strbuf id;

	m->place = mem_zero((size_t)l->store->values[EVENT_IP] + 1,
			    sizeof(*m->place));
	strbuf_init(&id);
	for (size_t i = 0; i < marks->n; i++) {
		row_id row = marks->mark[i].row;
		uint32_t ip = store_value_at(l->store, EVENT_IP, row);

		if (!ip || m->place[ip] ||
		    (kind_is_call(l->store->kind[row]) &&
		     !is_nobody(l, m->who[l->acting[row]])))
			continue;
		strbuf_clear(&id);
		strbuf_adds(&id, "IP:");
		strbuf_add(&id, store_value(l->store, EVENT_IP, ip));
		m->place[ip] = lineage_node(l, strbuf_str(&id));
	}
	strbuf_release(&id);
}

/* Rows that are no calls --------------------------------------------------- */

static int compare_beside(const void *x, const void *y)
{
	const struct incident_beside *a = x, *b = y;

	return a->row < b->row ? -1 : a->row > b->row;
}

static struct incident_beside *find_beside(const struct incident_map *m,
					   row_id row)
{
	const struct incident_beside key = { .row = row };

	return m->beside_n ? bsearch(&key, m->beside, m->beside_n, sizeof(key),
				     compare_beside) :
			     NULL;
}

/* A finding says more by a key than by a machine, by that than by a role. A
 * scan of a server is not of the server's incident. */
static unsigned tells(const struct lineage *l, node_id node)
{
	switch (l->node[node].kind) {
	case NODE_KEY:
	case NODE_SESSION:
		return 3;
	case NODE_COMPUTE:
		return 2;
	default:
		return is_role(l, node) ? 0 : 1;
	}
}

/* Each row has at first the node that it names, then whose that is. */
static void find_named(struct incident_map *m)
{
	const struct lineage *l = m->lineage;

	for (node_id n = 1; n < l->node_n; n++)
		for (uint32_t i = l->on_start[n]; i < l->on_start[n + 1]; i++) {
			struct incident_beside *b;

			if (!kind_tells_whom(l->store->kind[l->on[i]]))
				continue;
			b = find_beside(m, l->on[i]);
			if (b && (!b->who || tells(l, n) > tells(l, b->who)))
				b->who = n;
		}
	for (size_t i = 0; i < m->beside_n; i++)
		m->beside[i].who = m->who[m->beside[i].who];
}

static void list_beside(struct incident_map *m, const struct marks *marks)
{
	const struct store *s = m->lineage->store;
	size_t cap = 0;

	for (size_t i = 0; i < marks->n; i++) {
		row_id row = marks->mark[i].row;

		if (kind_is_call(s->kind[row]) ||
		    (m->beside_n && m->beside[m->beside_n - 1].row == row))
			continue;
		m->beside = mem_grow(m->beside, &cap, m->beside_n + 1,
				     sizeof(*m->beside));
		m->beside[m->beside_n++] =
			(struct incident_beside){ row, NODE_NONE };
	}
	if (!m->beside_n)
		return;
	find_named(m);
	for (size_t i = 0; i < m->beside_n; i++) {
		struct incident_beside *b = &m->beside[i];

		if (!b->who)
			b->who = m->place[store_value_at(s, EVENT_IP, b->row)];
	}
}

void incident_find_who(struct incident_map *m, const struct marks *marks)
{
	const struct lineage *l = m->lineage;
	struct finding f = { .l = l };

	climb_init(&f.climb, l);
	f.below = mem_zero(l->node_n, sizeof(*f.below));
	f.unissued = mem_zero((size_t)l->store->values[EVENT_ACTOR] + 1,
			      sizeof(*f.unissued));
	m->who = mem_zero(l->node_n, sizeof(*m->who));
	for (node_id n = 1; n < l->node_n; n++)
		m->who[n] = who_is(&f, n);
	find_places(m, marks);
	list_beside(m, marks);
	climb_release(&f.climb);
	free(f.below);
	free(f.unissued);
	free(f.path);
}

node_id incident_identity(const struct incident_map *m, row_id row)
{
	const struct lineage *l = m->lineage;
	node_id who = m->who[l->acting[row]];
	uint32_t ip = store_value_at(l->store, EVENT_IP, row);
	const struct incident_beside *b;

	if (!kind_is_call(l->store->kind[row])) {
		b = find_beside(m, row);
		return b ? b->who : NODE_NONE;
	}
	return who && ip && m->place[ip] && is_nobody(l, who) ? m->place[ip] :
								who;
}
