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

/* Whom a session or key is of: the user, root or role. */
static node_id principal_of(const struct lineage *l, node_id node)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		if (e->kind == EDGE_SESSION_OF)
			return e->to;
	return NODE_NONE;
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
	node_id principal = principal_of(l, top);
	row_id row = l->node[top].first;
	uint32_t actor;

	if (principal && !is_role(l, principal))
		return principal;
	if (row == ROW_NONE)
		return top;
	actor = l->store->column[EVENT_ACTOR][row];
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
		principal = principal_of(l, top);
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
	struct str text = lineage_text(l, node);

	return l->node[node].kind == NODE_PRINCIPAL &&
	       (str_eq(text, STR("anonymous")) || str_eq(text, STR("unknown")));
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
		uint32_t ip = l->store->column[EVENT_IP][row];

		if (!ip || m->place[ip] ||
		    !is_nobody(l, m->who[l->acting[row]]))
			continue;
		strbuf_clear(&id);
		strbuf_adds(&id, "IP:");
		strbuf_add(&id, store_value(l->store, EVENT_IP, ip));
		m->place[ip] = lineage_node(l, strbuf_str(&id));
	}
	strbuf_release(&id);
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
	climb_release(&f.climb);
	free(f.below);
	free(f.unissued);
	free(f.path);
}

node_id incident_identity(const struct incident_map *m, row_id row)
{
	const struct lineage *l = m->lineage;
	node_id who = m->who[l->acting[row]];
	uint32_t ip = l->store->column[EVENT_IP][row];

	return who && ip && m->place[ip] && is_nobody(l, who) ? m->place[ip] :
								who;
}
