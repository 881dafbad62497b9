/* SPDX-License-Identifier: MIT */
/* What hangs below a node of the graph, and what it hangs below. */
#include "identity/tree_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/timefmt.h"
#include "model/addr.h"
#include "model/identity.h"

enum {
	/* Clocks of the log count seconds: what made a thing may come a moment
	 * after its first trace. */
	CLOCK_SLACK_MS = 2000,
	/* Whoever made a thing longer before it was used only built it. */
	BUILT_MS = 24 * 60 * 60 * 1000,
};

node_id tree_principal(const struct lineage *l, node_id session)
{
	return lineage_leads_to(l, session, EDGE_SESSION_OF);
}

bool tree_is_service(const struct lineage *l, node_id node)
{
	return l->node[node].kind == NODE_PRINCIPAL &&
	       strcmp(principal_kind(lineage_text(l, node)), "service") == 0;
}

bool tree_is_address(const struct store *s, uint32_t value)
{
	enum addr_class class = addr_class(store_value(s, EVENT_IP, value));

	return class == ADDR_PUBLIC || class == ADDR_PRIVATE;
}

uint32_t tree_edge_ip(const struct lineage *l, const struct lineage_edge *e)
{
	uint32_t value = store_value_at(l->store, EVENT_IP,
					lineage_evidence(l, e, 0));

	return tree_is_address(l->store, value) ? value : TREE_ELSEWHERE;
}

row_id tree_since(const struct lineage *l, enum tree_verb verb,
		  const struct lineage_edge *e, row_id since)
{
	int64_t at = e ? lineage_edge_time(l, e) : TIME_NONE;
	row_id taken;

	if ((verb != VERB_CONTROLS && verb != VERB_PASSED) || at == TIME_NONE)
		return since;
	taken = store_seek_time(l->store, at);
	return taken > since ? taken : since;
}

bool tree_lives(const struct lineage *l, node_id node,
		const struct lineage_edge *e, row_id since)
{
	int64_t at;

	if (!since ||
	    (l->node[node].last != ROW_NONE && l->node[node].last >= since))
		return true;
	at = since < l->store->n ? l->store->time[since] : TIME_NONE;
	for (unsigned i = 0; i < e->evidence_n; i++) {
		row_id row = lineage_evidence(l, e, i);
		int64_t t = l->store->time[row];

		if (row >= since || (at != TIME_NONE && t != TIME_NONE &&
				     t >= at - CLOCK_SLACK_MS))
			return true;
	}
	return false;
}

static bool is_forward_access(const struct lineage *l, node_id node)
{
	return l->node[node].kind == NODE_SESSION &&
	       l->node[node].session_kind == SESSION_FAS;
}

node_id tree_stand_in(const struct lineage *l, node_id node)
{
	const struct lineage_edge *up = lineage_parent(l, node);

	/* A key that acts by itself, in a session that several opened, keeps
	 * a line of its own. */
	if (up && up->kind == EDGE_HAS_KEY && !l->node[node].events)
		node = up->from;
	if (is_forward_access(l, node) && tree_principal(l, node))
		node = tree_principal(l, node);
	return node;
}

/* Climbing ---------------------------------------------------------------- */

/* Was the key's owner made by that node too? Then it shows below its owner. */
static bool owner_came_along(const struct lineage *l, node_id key, node_id by)
{
	const struct lineage_edge *owns, *made;

	if (l->node[key].kind != NODE_KEY)
		return false;
	for (uint32_t i = 0; (owns = lineage_in(l, key, i)); i++) {
		if (owns->kind != EDGE_OWNS)
			continue;
		for (uint32_t j = 0; (made = lineage_in(l, owns->from, j)); j++)
			if (made->kind == EDGE_CREATED && made->from == by)
				return true;
	}
	return false;
}

static bool is_before(const struct lineage *l, const struct lineage_edge *e,
		      int64_t at)
{
	return at == TIME_NONE ||
	       lineage_edge_time(l, e) <= at + CLOCK_SLACK_MS;
}

/* A builder of long ago has nothing to do with what happens now. */
static bool is_recent(const struct lineage *l, const struct lineage_edge *e,
		      int64_t at)
{
	return at == TIME_NONE || (is_before(l, e, at) &&
				   lineage_edge_time(l, e) >= at - BUILT_MS);
}

/* Somebody else made the key for its owner, to use it. */
static const struct lineage_edge *made_for(const struct lineage *l, node_id key,
					   int64_t at)
{
	const struct lineage_edge *e;
	enum certainty certainty;

	if (l->node[key].kind != NODE_KEY)
		return NULL;
	e = lineage_first_in(l, key, EDGE_CREATED);
	if (!e || !is_recent(l, e, at) || owner_came_along(l, key, e->from) ||
	    lineage_origin(l, e->from, &certainty) ==
		    lineage_origin(l, key, &certainty))
		return NULL;
	return e;
}

const struct lineage_edge *tree_climb(const struct lineage *l, node_id node,
				      int64_t at)
{
	const struct lineage_edge *e = made_for(l, node, at);

	if (!e)
		e = lineage_parent(l, node);
	if (e)
		return e;
	e = lineage_first_in(l, node, EDGE_CREATED);
	if (e && is_recent(l, e, at))
		return e;
	if (l->node[node].kind != NODE_COMPUTE || at == TIME_NONE)
		return NULL;
	e = lineage_first_in(l, node, EDGE_CONTROLS);
	if (!e || !is_before(l, e, at))
		e = lineage_first_in(l, node, EDGE_PASSED_ROLE);
	return e && is_recent(l, e, at) ? e : NULL;
}

/* Gathering --------------------------------------------------------------- */

struct gathering {
	const struct lineage *l;
	node_id node;
	const struct tree_wish *wish;
	struct tree_seeds *out;
};

/* Did the line begin with its edge, or is that only how the one belongs to
 * the other? */
static bool starts_by(enum tree_verb verb)
{
	return verb != VERB_NONE && verb != VERB_RUNS_AS;
}

static void add(struct gathering *g, node_id node, const struct lineage_edge *e,
		enum tree_verb verb, bool leaf)
{
	struct tree_seeds *s = g->out;

	if (g->wish->ip != TREE_ANYWHERE &&
	    tree_edge_ip(g->l, e) != g->wish->ip)
		return;
	/* Who else made it or took it over is told whenever that was. */
	if (!leaf && !tree_lives(g->l, starts_by(verb) ? NODE_NONE : node, e,
				 g->wish->since))
		return;
	s->seed = mem_grow(s->seed, &s->cap, s->n + 1, sizeof(*s->seed));
	s->seed[s->n++] = (struct tree_seed){ node, e,
					      lineage_edge_time(g->l, e), verb,
					      leaf };
}

static bool has_edge(const struct lineage *l, node_id from, node_id to,
		     enum edge_kind kind)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_in(l, to, i)); i++)
		if (e->kind == kind && e->from == from)
			return true;
	return false;
}

/* A session that runs on a machine shows below that, not below the service
 * that handed the role out. */
static bool runs_elsewhere(const struct lineage *l,
			   const struct lineage_edge *issued)
{
	const struct lineage_edge *up = lineage_parent(l, issued->to);

	return up && up->kind == EDGE_RUNS_AS;
}

/* One edge that leaves the node. */
static void see_out(struct gathering *g, const struct lineage_edge *e)
{
	const struct lineage *l = g->l;

	switch ((enum edge_kind)e->kind) {
	case EDGE_OWNS:
		add(g, e->to, e, VERB_NONE, false);
		break;
	case EDGE_ISSUED:
		if (!runs_elsewhere(l, e))
			add(g, e->to, e, VERB_BECAME, false);
		break;
	case EDGE_HAS_KEY:
		if (l->node[e->to].events && lineage_parent(l, e->to) == e)
			add(g, e->to, e, VERB_NONE, false);
		break;
	case EDGE_RUNS_AS:
		add(g, e->to, e, VERB_RUNS_AS, false);
		break;
	case EDGE_CREATED:
		if (!owner_came_along(l, e->to, g->node))
			add(g, e->to, e, VERB_MADE, false);
		break;
	case EDGE_CONTROLS:
		if (!has_edge(l, g->node, e->to, EDGE_CREATED))
			add(g, e->to, e, VERB_CONTROLS, false);
		break;
	case EDGE_PASSED_ROLE:
		if (!has_edge(l, g->node, e->to, EDGE_CREATED) &&
		    !has_edge(l, g->node, e->to, EDGE_CONTROLS))
			add(g, e->to, e, VERB_PASSED, false);
		break;
	case EDGE_TRUSTS:
		add(g, e->to, e, VERB_TRUSTS, true);
		break;
	case EDGE_GRANTS:
		add(g, e->to, e, VERB_LETS_IN, true);
		break;
	case EDGE_EXPOSED_BY:
		if (g->wish->hints)
			add(g, e->to, e, VERB_MAY_HAVE_READ, false);
		break;
	/* Who shares an address is told where the address is. */
	case EDGE_SAME_SOURCE:
		if (g->wish->hints && g->wish->ip != TREE_ANYWHERE)
			add(g, e->to, e, VERB_SHARES_SOURCE, true);
		break;
	default:
		break;
	}
}

/* One edge that arrives at the node. */
static void see_in(struct gathering *g, const struct lineage_edge *e)
{
	const struct lineage_edge *up;

	switch ((enum edge_kind)e->kind) {
	case EDGE_SESSION_OF:
		if (is_forward_access(g->l, e->from))
			break;
		up = lineage_parent(g->l, e->from);
		if (!up || (g->wish->users && up->kind != EDGE_SESSION_OF &&
			    !has_edge(g->l, g->node, e->from, EDGE_ISSUED)))
			add(g, e->from, e, VERB_NONE, false);
		break;
	case EDGE_ON_BEHALF_OF:
		if (lineage_parent(g->l, e->from) == e)
			add(g, e->from, e, VERB_BECAME, false);
		break;
	case EDGE_CREATED:
		if (e->from != g->wish->above &&
		    !owner_came_along(g->l, g->node, e->from))
			add(g, e->from, e, VERB_MADE_BY, true);
		break;
	case EDGE_CONTROLS:
		if (e->from != g->wish->above)
			add(g, e->from, e, VERB_CONTROLLED_BY, true);
		break;
	case EDGE_EXPOSED_BY:
		if (g->wish->hints && e->from != g->wish->above)
			add(g, e->from, e, VERB_MAY_BE_READ_BY, true);
		break;
	case EDGE_SAME_SOURCE:
		if (g->wish->hints && g->wish->ip != TREE_ANYWHERE)
			add(g, e->from, e, VERB_SHARES_SOURCE, true);
		break;
	default:
		break;
	}
}

void tree_gather(const struct lineage *l, node_id node,
		 const struct tree_wish *wish, struct tree_seeds *out)
{
	struct gathering g = { l, node, wish, out };
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		see_out(&g, e);
	for (uint32_t i = 0; (e = lineage_in(l, node, i)); i++)
		see_in(&g, e);
}

bool tree_may_gather(const struct tree_index *x, node_id node, bool hints)
{
	const struct lineage *l = x->l;
	struct tree_seeds one = { NULL, 0, 0 };
	const struct tree_wish wish = { .hints = hints, .above = node };
	struct gathering g = { l, node, &wish, &one };
	const struct lineage_edge *e;
	uint32_t addresses = 0;

	for (uint32_t i = 0; (e = lineage_out(l, node, i)) && !one.n; i++) {
		addresses += e->kind == EDGE_USED_FROM;
		see_out(&g, e);
	}
	for (uint32_t i = 0; (e = lineage_in(l, node, i)) && !one.n; i++)
		see_in(&g, e);
	free(one.seed);
	return one.n || addresses > 1;
}

/* What counts as the node's own ------------------------------------------- */

static void add_member(struct tree_nodes *out, node_id node)
{
	out->node = mem_grow(out->node, &out->cap, out->n + 1,
			     sizeof(*out->node));
	out->node[out->n++] = node;
}

/* Keys that act by themselves in a session that several opened. */
static void add_keys(const struct lineage *l, node_id session,
		     struct tree_nodes *out)
{
	const struct lineage_edge *e;

	for (uint32_t i = 0; (e = lineage_out(l, session, i)); i++)
		if (e->kind == EDGE_HAS_KEY && l->node[e->to].events)
			add_member(out, e->to);
}

void tree_members(const struct lineage *l, node_id node, struct tree_nodes *out)
{
	enum lineage_kind kind = (enum lineage_kind)l->node[node].kind;
	const struct lineage_edge *e;

	add_member(out, node);
	for (uint32_t i = 0; (e = lineage_out(l, node, i)); i++)
		if ((kind == NODE_PRINCIPAL && e->kind == EDGE_OWNS) ||
		    (kind == NODE_COMPUTE && e->kind == EDGE_RUNS_AS)) {
			add_member(out, e->to);
			add_keys(l, e->to, out);
		}
	for (uint32_t i = 0;
	     kind == NODE_PRINCIPAL && (e = lineage_in(l, node, i)); i++)
		if (e->kind == EDGE_SESSION_OF) {
			add_member(out, e->from);
			add_keys(l, e->from, out);
		}
}
